"""A person's points explained: where each comes from and what the next band takes, and where most were lost.

The slip tells all of it, the plan asks about a person's weaknesses; the notice names the group's, without persons.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from appraisal.publish.month import Month
from appraisal.scheme.forms import personal
from appraisal.scheme.model.indicator import Indicator
from appraisal.scheme.model.outcome_rules import Reviewer
from appraisal.scheme.model.scheme import Part
from appraisal.scheme.model.units import Unit, number_text, percent_text, round_half_up
from appraisal.scoring.explanation import explain
from appraisal.scoring.final_score import whole_totals
from appraisal.scoring.results import IndicatorResult, StaffResult

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


# -------------------------------------------------------------------------------- where most were lost

FEWEST, MOST = 2, 4
"""A plan about one thing looks away from the rest; about five it is not carried out."""

_ENOUGH = Decimal("0.75")
"""The share of all points lost from which on further indicators are left out."""


@dataclass(frozen=True, slots=True)
class Weakness:
    """An indicator in which a person lost points.

    `value` is as printed, of a judged indicator the marks weighted over the reviewers; `goal` is the
    next thing to reach: the target, for whom has reached it the best band; None where there is neither.
    """

    indicator: Indicator
    value: Decimal
    goal: Decimal | None
    lost: Decimal

    @property
    def goal_in_print(self) -> str:
        """`≥50.00%`, `≤30.0秒`, `5分`; a band's own words where it is one."""
        if self.goal is None:
            return "—"
        if self.indicator.is_judged:
            return f"{number_text(self.goal)}分"
        sign = "≥" if self.indicator.method.higher_is_better else "≤"
        bands = self.indicator.method.standard(self.indicator.measure)
        own = (band.words for band in bands if band.points and band.threshold == self.goal)
        return next(own, f"{sign}{_value_in_print(self.goal, self.indicator)}")

    @property
    def value_in_print(self) -> str:
        return _value_in_print(self.value, self.indicator)

    @property
    def gap_in_print(self) -> str:
        """`差5.00个百分点`, `差8.0秒`, `差0.7分`."""
        if self.goal is None:
            return "—"
        gap = abs(self.goal - self.value)
        if self.indicator.is_judged:
            return f"差{number_text(gap)}分"
        if self.indicator.measure.unit is Unit.PERCENT:
            shown = max(self.indicator.measure.decimals - 2, 0)
            return f"差{round_half_up(gap * 100, shown)}个百分点"
        return f"差{_value_in_print(gap, self.indicator)}"

    @property
    def lost_in_print(self) -> str:
        return f"{number_text(self.lost)}分"


def rows_in_print(month: Month, staff_id: str) -> dict[str, str]:
    """What forms say of the person's weakest indicators, cell by cell, by `filled_in_key`."""
    return {
        personal.filled_in_key(column, number): text
        for number, weakness in enumerate(weak_indicators(month, staff_id), 1)
        for column, text in (
            (personal.INDICATOR, weakness.indicator.name),
            (personal.GOAL, weakness.goal_in_print),
            (personal.ACTUAL, weakness.value_in_print),
            (personal.GAP, weakness.gap_in_print),
            (personal.LOST, weakness.lost_in_print),
        )
    }


def weak_indicators(month: Month, staff_id: str) -> tuple[Weakness, ...]:
    """The person's two to four weakest indicators, most points lost first; fewer where fewer lost any.

    They go on until three quarters of all points lost are named.
    """
    person = month.result.person(staff_id)
    earned = month.earned(person)
    found = [
        weakness
        for indicator in month.scheme.indicators
        if indicator.counts
        and indicator.name in earned
        and (weakness := _weakness(indicator, person.indicators[indicator.name], earned[indicator.name]))
        is not None
    ]
    found.sort(key=lambda weakness: (-weakness.lost, -weakness.lost / weakness.indicator.points))
    enough = _ENOUGH * sum((weakness.lost for weakness in found), Decimal(0))
    named = Decimal(0)
    for index, weak in enumerate(found[:MOST]):
        if index >= FEWEST and named >= enough:
            return tuple(found[:index])
        named += weak.lost
    return tuple(found[:MOST])


def _weakness(indicator: Indicator, result: IndicatorResult, points: Decimal) -> Weakness | None:
    """None where no points were lost."""
    if result.by_count and indicator.by_count is not None:
        indicator = indicator.by_count
    if points >= indicator.points:
        return None
    value = points if result.value is None else result.value
    best = indicator.points if indicator.is_judged else indicator.method.target
    goal = next(
        (target for target in (indicator.target_value, best) if _misses(value, target, indicator)), None
    )
    return Weakness(indicator, value, goal, indicator.points - points)


def _misses(value: Decimal, goal: Decimal | None, indicator: Indicator) -> bool:
    if goal is None:
        return False
    return value < goal if indicator.method.higher_is_better else value > goal


_MOST_OF_A_GROUP = 3


@dataclass(frozen=True, slots=True)
class _GroupWeakness:
    """An indicator that some of the ranked have below target; `lost` is the mean of points lost."""

    indicator: Indicator
    mean: Decimal
    target: Decimal
    people: int
    lost: Decimal


def group_weaknesses(month: Month) -> list[dict[str, Any]]:
    """At most three, worst first: 序号, 指标, 组均值, 目标, 未达标人数.

    The indicators whose mean misses the target, by points lost; where no mean does, those in which
    single people miss it.
    """
    scored = [(person.indicators, month.earned(person)) for person in month.result.ranked]
    found = [
        weakness for indicator in month.scheme.indicators if (weakness := _group_weakness(scored, indicator))
    ]
    found.sort(key=lambda weakness: -weakness.lost)
    chosen = [
        weakness for weakness in found if _misses(weakness.mean, weakness.target, weakness.indicator)
    ] or found
    return [
        {
            "序号": number,
            "指标": weakness.indicator.name,
            "组均值": _value_in_print(weakness.mean, weakness.indicator),
            "目标": _value_in_print(weakness.target, weakness.indicator),
            "未达标人数": weakness.people,
        }
        for number, weakness in enumerate(chosen[:_MOST_OF_A_GROUP], 1)
    ]


def _group_weakness(
    scored: Sequence[tuple[Mapping[str, IndicatorResult], Mapping[str, Decimal]]], indicator: Indicator
) -> _GroupWeakness | None:
    """Of people's results and points; None where there is no target, nobody has the value, or all reach it."""
    target = indicator.target_value
    if target is None or not indicator.counts:
        return None
    name = indicator.name
    applicable = [
        (result.value, points)
        for results, earned in scored
        if (points := earned.get(name)) is not None and not (result := results[name]).by_count
    ]
    if not applicable:
        return None
    # The value as printed; of a judged indicator, the marks weighted over the reviewers.
    values = [points if value is None else value for value, points in applicable]
    people = sum(_misses(value, target, indicator) for value in values)
    if not people:
        return None
    mean = round_half_up(sum(values, Decimal(0)) / len(values), indicator.measure.decimals)
    mean_points = sum((points for _, points in applicable), Decimal(0)) / len(applicable)
    return _GroupWeakness(
        indicator=indicator, mean=mean, target=target, people=people, lost=indicator.points - mean_points
    )


def _value_in_print(value: Decimal, indicator: Indicator) -> str:
    """`58.30%`, `31.2秒`; `4.3分` where it is judged."""
    if indicator.is_judged:
        return f"{number_text(value)}分"
    return indicator.measure.shown(value)
