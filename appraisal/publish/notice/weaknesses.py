"""Which indicators the notice names as the group's problems: figures, no persons, no adjectives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from appraisal.publish.month import Month
from appraisal.scheme.model.indicator import Indicator
from appraisal.scheme.model.units import in_print, number_text, round_half_up
from appraisal.scoring.results import IndicatorResult

_MOST = 3


@dataclass(frozen=True, slots=True)
class _Weakness:
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
    scored = [(one.indicators, month.earned(one)) for one in month.result.ranked]
    found = [one for indicator in month.scheme.indicators if (one := _weakness(scored, indicator))]
    found.sort(key=lambda one: -one.lost)
    chosen = [one for one in found if _misses(one.mean, one.target, one.indicator)] or found
    return [
        {
            "序号": at,
            "指标": one.indicator.name,
            "组均值": _in_print(one.mean, one.indicator),
            "目标": _in_print(one.target, one.indicator),
            "未达标人数": one.people,
        }
        for at, one in enumerate(chosen[:_MOST], 1)
    ]


def _weakness(
    scored: Sequence[tuple[Mapping[str, IndicatorResult], Mapping[str, Decimal]]], indicator: Indicator
) -> _Weakness | None:
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
    return _Weakness(indicator, mean, target, people, indicator.points - mean_points)


def _misses(value: Decimal, target: Decimal, indicator: Indicator) -> bool:
    return value < target if indicator.method.higher_is_better else value > target


def _in_print(value: Decimal, indicator: Indicator) -> str:
    if indicator.is_judged:
        return f"{number_text(value)}分"
    return in_print(value, indicator.measure.unit, indicator.measure.decimals)
