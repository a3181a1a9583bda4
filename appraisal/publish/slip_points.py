"""Every point of one person explained: where it comes from, where it stands, what the next band takes."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from functools import cached_property

from appraisal.publish.month import Month
from appraisal.scheme.model.indicator import Indicator
from appraisal.scheme.model.outcome_rules import Reviewer
from appraisal.scheme.model.scheme import Part
from appraisal.scheme.model.units import number_text, percent_text
from appraisal.scoring.explanation import explain
from appraisal.scoring.final_score import whole_totals
from appraisal.scoring.results import StaffResult

_NOT_COUNTED = "不计分"


class PointsOfPerson:
    """The parts of a slip that are about points; all empty for a person without a score."""

    def __init__(self, month: Month, person: StaffResult) -> None:
        self._person = person
        self._figures = month.figures
        self._scheme = month.scheme
        scored = person.final is not None
        self._leaves = list(month.scheme.leaves()) if scored else []
        self._score = month.score_of(person)
        self._explained = {
            one.name: explain(month.figures, one, person.id, person.indicators[one.name])
            for _, _, one in self._leaves
        }
        earned = month.earned(person)
        self._weighted = {
            one.name: earned[one.name] for _, _, one in self._leaves if one.counts and one.name in earned
        }

    def computed(self) -> list[dict[str, str]]:
        """The indicators whose value comes from data, in the order of the scheme."""
        rows = []
        for top, inner, one in self._leaves:
            if one.is_judged:
                continue
            explanation = self._explained[one.name]
            applies = self._person.indicators[one.name].applicable
            rows.append(
                {
                    "类别": inner or top,
                    "指标": one.name,
                    "标准分": number_text(one.points) if one.counts else one.method.title,
                    "怎么算": explanation.how if applies else explanation.line_reached,
                    "所在档": explanation.line_reached if applies else "—",
                    "得分": self._earned(one),
                    "到下一档": explanation.next_step,
                }
            )
        return rows

    def _earned(self, indicator: Indicator) -> str:
        if indicator.name in self._weighted:
            return number_text(self._weighted[indicator.name])
        return _NOT_COUNTED if indicator.counts else "—"

    def judged(self) -> list[dict[str, str]]:
        """The indicators that reviewers mark, with each reviewer's mark."""
        rows = []
        for top, inner, one in self._leaves:
            if not one.is_judged:
                continue
            result = self._person.indicators[one.name]
            marks = [f"{name}{self._told(name, one)}" for name in result.points]
            rows.append(
                {
                    "类别": inner or top,
                    "指标": one.name,
                    "标准分": number_text(one.points) if one.counts else one.method.title,
                    "评分": "，".join(marks) or f"{_NOT_COUNTED}：{result.reason}",
                }
            )
        return rows

    def _told(self, reviewer: str, indicator: Indicator) -> str:
        """What the reviewer, or who stands in, gave."""
        by = self._person.stood_in.get(reviewer, reviewer)
        mark = self._figures.mark(by, indicator.name, self._person.id)
        assert mark is not None
        return indicator.method.mark_in_words(mark, indicator.measure)

    def calculation(self) -> list[str]:
        """From points to each reviewer's total, and from the totals to the final score."""
        if not self._leaves:
            return []
        whole = whole_totals(self._scheme, self._person.stood_in)
        own = [one for one in self._scheme.reviewers if one.name not in whole]
        if self._scheme.is_weighted:
            lines = [line for reviewer in own for line in self._weighted_total(reviewer)]
        else:
            lines = ["；".join(self._total(reviewer) for reviewer in own)]
        lines += [
            f"{one}合计 ＝ {self._person.stood_in[one]}合计 ＝ {self._person.reviewers[one]}" for one in whole
        ]
        return [*lines, *self._final()]

    def _final(self) -> Iterator[str]:
        counted = [one for one in self._scheme.reviewers if one.weight]
        score = self._score
        acts = [f"{name}{points:+.2f}".replace("-", "−") for name, points in score.added.items()]
        acts += [f"{name}：最高{limit:.2f}" for name, limit in score.limits.items()]
        if len(counted) > 1:
            parts = [f"{self._person.reviewers[one.name]}×{percent_text(one.weight)}" for one in counted]
            yield f"综合得分 ＝ {' ＋ '.join(parts)} ＝ {score.weighted}{self._then(acts)}"
        elif acts or len(self._scheme.reviewers) > 1:
            yield f"综合得分 ＝ {counted[0].name}合计 ＝ {score.weighted}{self._then(acts)}"
        for one in self._scheme.reviewers:
            if not one.weight:
                yield f"{one.name}合计只供参考，不计入综合得分。"

    def _then(self, acts: list[str]) -> str:
        return f"；{'；'.join(acts)}，综合得分 ＝ {self._person.final}" if acts else ""

    def _weighted_total(self, reviewer: Reviewer) -> Iterator[str]:
        """`店长·工作绩效 ＝ 数据62.00 ＋ 评分15.00 ＝ 77.00`, then the total of such parts."""
        scores = self._score.parts[reviewer.name]
        parts = [one for one in self._scheme.parts(reviewer.name) if one.name in scores]
        yield "；".join(
            f"{reviewer.name}·{one.name} ＝ {self._sum(one, reviewer)} ＝ {scores[one.name]}" for one in parts
        )
        weighted = " ＋ ".join(f"{scores[one.name]}×{percent_text(one.weight)}" for one in parts)
        weight = sum((one.weight for one in parts), Decimal(0))
        if weight != 1:
            weighted = f"（{weighted}） ÷ {percent_text(weight)}"
        yield f"{reviewer.name}合计 ＝ {weighted} ＝ {self._person.reviewers[reviewer.name]}"

    def _total(self, reviewer: Reviewer) -> str:
        """`自评合计 ＝ 数据62.00 ＋ 评分19.00 ＝ 81.00`."""
        [part] = self._scheme.parts(reviewer.name)
        return (
            f"{reviewer.name}合计 ＝ {self._sum(part, reviewer)} ＝ {self._person.reviewers[reviewer.name]}"
        )

    def _sum(self, part: Part, reviewer: Reviewer) -> str:
        """`数据62.00 ＋ 评分19.00`; scaled to 100 where something does not count."""
        applicable = [one for one in part.indicators if one.name in self._weighted]
        sums: dict[str, Decimal] = {}
        for one in applicable:
            kind = "评分" if one.is_judged else "数据"
            points = self._person.indicators[one.name].points[reviewer.name]
            sums[kind] = sums.get(kind, Decimal(0)) + points
        earned = " ＋ ".join(f"{kind}{points:.2f}" for kind, points in sums.items())
        possible = sum((one.points for one in applicable), Decimal(0))
        if possible != 100:
            earned = f"（{earned}）" if len(sums) > 1 else earned
            what = "可计分" if self._scheme.is_uniform else "适用标准分"
            earned = f"{earned} ÷ {what}{number_text(possible)} × 100"
        return earned

    def strength(self) -> str:
        """The indicator with the highest share of its full points, the weightier first; never the weakest one."""
        others = [one for one in self._counted if one is not self._weakest] or self._counted
        best = max(others, key=lambda one: (self._weighted[one.name] / one.points, one.points), default=None)
        return "" if best is None or not self._weighted[best.name] else f"{self._in_points(best)}。"

    def weakness(self) -> str:
        """The indicator that costs most points, and what the next band takes."""
        worst = self._weakest
        if worst is None:
            return ""
        if self._weighted[worst.name] == worst.points:
            return "各项都得了满分，请保持。"
        step = self._explained[worst.name].next_step
        return f"{self._in_points(worst)}{'；' if step else ''}{step}。"

    @cached_property
    def _counted(self) -> list[Indicator]:
        return [one for _, _, one in self._leaves if one.name in self._weighted]

    @cached_property
    def _weakest(self) -> Indicator | None:
        return max(self._counted, key=lambda one: one.points - self._weighted[one.name], default=None)

    def _in_points(self, indicator: Indicator) -> str:
        points = number_text(self._weighted[indicator.name])
        return f"{indicator.name}，得{points}分（标准分{number_text(indicator.points)}分）"
