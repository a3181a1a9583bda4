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
            indicator.name: explain(month.figures, indicator, person.id, person.indicators[indicator.name])
            for _, _, indicator in self._leaves
        }
        earned = month.earned(person)
        self._weighted = {
            indicator.name: earned[indicator.name]
            for _, _, indicator in self._leaves
            if indicator.counts and indicator.name in earned
        }

    def computed(self) -> list[dict[str, str]]:
        """The indicators whose value comes from data, in the order of the scheme."""
        rows = []
        for top, inner, indicator in self._leaves:
            if indicator.is_judged:
                continue
            explanation = self._explained[indicator.name]
            applies = self._person.indicators[indicator.name].applicable
            rows.append(
                {
                    "类别": inner or top,
                    "指标": indicator.name,
                    "标准分": number_text(indicator.points) if indicator.counts else indicator.method.title,
                    "怎么算": explanation.how if applies else explanation.line_reached,
                    "所在档": explanation.line_reached if applies else "—",
                    "得分": self._earned(indicator),
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
        for top, inner, indicator in self._leaves:
            if not indicator.is_judged:
                continue
            result = self._person.indicators[indicator.name]
            marks = [f"{name}{self._told(name, indicator)}" for name in result.points]
            rows.append(
                {
                    "类别": inner or top,
                    "指标": indicator.name,
                    "标准分": number_text(indicator.points) if indicator.counts else indicator.method.title,
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
        own = [reviewer for reviewer in self._scheme.reviewers if reviewer.name not in whole]
        if self._scheme.is_weighted:
            lines = [line for reviewer in own for line in self._weighted_total(reviewer)]
        else:
            lines = ["；".join(self._total(reviewer) for reviewer in own)]
        lines += [
            f"{name}合计 ＝ {self._person.stood_in[name]}合计 ＝ {self._person.reviewers[name]}"
            for name in whole
        ]
        return [*lines, *self._final()]

    def _final(self) -> Iterator[str]:
        counted = [reviewer for reviewer in self._scheme.reviewers if reviewer.weight]
        score = self._score
        acts = [f"{name}{points:+.2f}".replace("-", "−") for name, points in score.added.items()]
        acts += [f"{name}：最高{limit:.2f}" for name, limit in score.limits.items()]
        if len(counted) > 1:
            parts = [
                f"{self._person.reviewers[reviewer.name]}×{percent_text(reviewer.weight)}"
                for reviewer in counted
            ]
            yield f"综合得分 ＝ {' ＋ '.join(parts)} ＝ {score.weighted}{self._then(acts)}"
        elif acts or len(self._scheme.reviewers) > 1:
            yield f"综合得分 ＝ {counted[0].name}合计 ＝ {score.weighted}{self._then(acts)}"
        for reviewer in self._scheme.reviewers:
            if not reviewer.weight:
                yield f"{reviewer.name}合计只供参考，不计入综合得分。"

    def _then(self, acts: list[str]) -> str:
        return f"；{'；'.join(acts)}，综合得分 ＝ {self._person.final}" if acts else ""

    def _weighted_total(self, reviewer: Reviewer) -> Iterator[str]:
        """`店长·工作绩效 ＝ 数据62.00 ＋ 评分15.00 ＝ 77.00`, then the total of such parts."""
        scores = self._score.parts[reviewer.name]
        parts = [part for part in self._scheme.parts(reviewer.name) if part.name in scores]
        yield "；".join(
            f"{reviewer.name}·{part.name} ＝ {self._sum(part, reviewer)} ＝ {scores[part.name]}"
            for part in parts
        )
        weighted = " ＋ ".join(f"{scores[part.name]}×{percent_text(part.weight)}" for part in parts)
        weight = sum((part.weight for part in parts), Decimal(0))
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
        applicable = [indicator for indicator in part.indicators if indicator.name in self._weighted]
        sums: dict[str, Decimal] = {}
        for indicator in applicable:
            kind = "评分" if indicator.is_judged else "数据"
            points = self._person.indicators[indicator.name].points[reviewer.name]
            sums[kind] = sums.get(kind, Decimal(0)) + points
        earned = " ＋ ".join(f"{kind}{points:.2f}" for kind, points in sums.items())
        possible = sum((indicator.points for indicator in applicable), Decimal(0))
        if possible != 100:
            earned = f"（{earned}）" if len(sums) > 1 else earned
            what = "可计分" if self._scheme.is_uniform else "适用标准分"
            earned = f"{earned} ÷ {what}{number_text(possible)} × 100"
        return earned

    def strength(self) -> str:
        """The indicator with the highest share of its full points, the weightier first; never the weakest one."""
        others = [indicator for indicator in self._counted if indicator is not self._weakest] or self._counted
        best = max(
            others,
            key=lambda indicator: (self._weighted[indicator.name] / indicator.points, indicator.points),
            default=None,
        )
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
        return [indicator for _, _, indicator in self._leaves if indicator.name in self._weighted]

    @cached_property
    def _weakest(self) -> Indicator | None:
        return max(
            self._counted,
            key=lambda indicator: indicator.points - self._weighted[indicator.name],
            default=None,
        )

    def _in_points(self, indicator: Indicator) -> str:
        points = number_text(self._weighted[indicator.name])
        return f"{indicator.name}，得{points}分（标准分{number_text(indicator.points)}分）"
