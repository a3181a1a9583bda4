"""Every point of one person explained: where it comes from, where it stands, what the next band takes."""

from __future__ import annotations

from decimal import Decimal

from appraisal.scheme.model import Indicator, Reviewer
from appraisal.scheme.units import plain, round_half_up
from appraisal.scoring.explanation import explain
from appraisal.scoring.results import StaffResult
from appraisal.scoring.scoring import GroupFigures

_NOT_COUNTED = "不计分"


class PointsOfPerson:
    """The parts of a slip that are about points; all empty for a person without a score."""

    def __init__(self, figures: GroupFigures, person: StaffResult) -> None:
        self._person = person
        self._scheme = figures.scheme
        scored = person.final is not None
        self._leaves = list(figures.scheme.leaves()) if scored else []
        self._explained = {
            one.name: explain(figures, one, person.id, person.indicators[one.name])
            for _, _, one in self._leaves
        }
        self._weighted = {
            one.name: self._weighted_points(one)
            for _, _, one in self._leaves
            if person.indicators[one.name].applicable
        }

    def _weighted_points(self, indicator: Indicator) -> Decimal:
        points = self._person.indicators[indicator.name].points
        return round_half_up(
            sum((one.weight * points[one.name] for one in self._scheme.reviewers), Decimal(0)), 2
        )

    def computed(self) -> list[dict[str, str]]:
        """The indicators whose value comes from data, in the order of the scheme."""
        rows = []
        for top, inner, one in self._leaves:
            if one.is_judged:
                continue
            explanation = self._explained[one.name]
            counts = one.name in self._weighted
            rows.append(
                {
                    "类别": inner or top,
                    "指标": one.name,
                    "标准分": plain(one.points),
                    "怎么算": explanation.how if counts else explanation.standing,
                    "所在档": explanation.standing if counts else "—",
                    "得分": plain(self._weighted[one.name]) if counts else _NOT_COUNTED,
                    "到下一档": explanation.next_step,
                }
            )
        return rows

    def judged(self) -> list[dict[str, str]]:
        """The indicators that reviewers mark, with each reviewer's mark."""
        rows = []
        for top, inner, one in self._leaves:
            if not one.is_judged:
                continue
            result = self._person.indicators[one.name]
            marks = [f"{name}{plain(points)}分" for name, points in result.points.items()]
            rows.append(
                {
                    "类别": inner or top,
                    "指标": one.name,
                    "标准分": plain(one.points),
                    "评分": "，".join(marks) or f"{_NOT_COUNTED}：{result.reason}",
                }
            )
        return rows

    def calculation(self) -> list[str]:
        """From points to each reviewer's total, and from the totals to the final score."""
        if not self._leaves:
            return []
        lines = ["；".join(self._total(reviewer) for reviewer in self._scheme.reviewers)]
        if len(self._scheme.reviewers) > 1:
            parts = [
                f"{self._person.reviewers[one.name]}×{plain(one.weight * 100)}%"
                for one in self._scheme.reviewers
            ]
            lines.append(f"综合得分 ＝ {' ＋ '.join(parts)} ＝ {self._person.final}")
        return lines

    def _total(self, reviewer: Reviewer) -> str:
        """`自评合计 ＝ 数据62.00 ＋ 评分19.00 ＝ 81.00`; scaled to 100 where something does not count."""
        applicable = [one for _, _, one in self._leaves if one.name in self._weighted]
        sums: dict[str, Decimal] = {}
        for one in applicable:
            kind = "评分" if one.is_judged else "数据"
            points = self._person.indicators[one.name].points[reviewer.name]
            sums[kind] = sums.get(kind, Decimal(0)) + points
        earned = " ＋ ".join(f"{kind}{points:.2f}" for kind, points in sums.items())
        possible = sum((one.points for one in applicable), Decimal(0))
        if possible != 100:
            earned = f"（{earned}）" if len(sums) > 1 else earned
            earned = f"{earned} ÷ 可计分{plain(possible)} × 100"
        return f"{reviewer.name}合计 ＝ {earned} ＝ {self._person.reviewers[reviewer.name]}"

    def strength(self) -> str:
        """The indicator with the highest share of its full points, the weightier first."""
        counted = [one for _, _, one in self._leaves if one.name in self._weighted]
        best = max(counted, key=lambda one: (self._weighted[one.name] / one.points, one.points), default=None)
        return "" if best is None or not self._weighted[best.name] else f"{self._in_points(best)}。"

    def weakness(self) -> str:
        """The indicator that costs most points, and what the next band takes."""
        counted = [one for _, _, one in self._leaves if one.name in self._weighted]
        worst = max(counted, key=lambda one: one.points - self._weighted[one.name], default=None)
        if worst is None:
            return ""
        if self._weighted[worst.name] == worst.points:
            return "各项都得了满分，请保持。"
        step = self._explained[worst.name].next_step
        return f"{self._in_points(worst)}{'；' if step else ''}{step}。"

    def _in_points(self, indicator: Indicator) -> str:
        points = plain(self._weighted[indicator.name])
        return f"{indicator.name}，得{points}分（标准分{plain(indicator.points)}分）"
