"""Where points were lost: one person's weaknesses, which the plan asks about, and the group's, which the notice names without persons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from appraisal.publish.month import Month
from appraisal.scheme.forms import plan
from appraisal.scheme.model.indicator import Indicator
from appraisal.scheme.model.units import Unit, number_text, round_half_up
from appraisal.scoring.results import IndicatorResult

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
        plan.filled_in_key(column, number): text
        for number, weakness in enumerate(weak_indicators(month, staff_id), 1)
        for column, text in (
            (plan.INDICATOR, weakness.indicator.name),
            (plan.GOAL, weakness.goal_in_print),
            (plan.ACTUAL, weakness.value_in_print),
            (plan.GAP, weakness.gap_in_print),
            (plan.LOST, weakness.lost_in_print),
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


_MOST = 3


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
        for number, weakness in enumerate(chosen[:_MOST], 1)
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
