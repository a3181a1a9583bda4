"""Which indicators the notice names as the group's problems: figures, no persons, no adjectives."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from appraisal.publish.month import Month
from appraisal.scheme.model import Indicator, Scheme
from appraisal.scheme.units import in_print, plain, round_half_up
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
    found = [one for indicator in month.scheme.indicators if (one := _weakness(month, indicator))]
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


def _weakness(month: Month, indicator: Indicator) -> _Weakness | None:
    """None where there is no target, nobody has the value, or everybody reaches the target."""
    target = indicator.target_value
    results = [one.indicators[indicator.name] for one in month.result.ranked]
    applicable = [one for one in results if one.applicable and not one.by_count] if indicator.counts else []
    if target is None or not applicable:
        return None
    values = [_measured(one, indicator, month.scheme) for one in applicable]
    people = sum(_misses(value, target, indicator) for value in values)
    if not people:
        return None
    mean = round_half_up(sum(values, Decimal(0)) / len(values), indicator.measure.decimals)
    earned = sum((_weighted(one, indicator, month.scheme) for one in applicable), Decimal(0)) / len(
        applicable
    )
    return _Weakness(indicator, mean, target, people, indicator.points - earned)


def _measured(result: IndicatorResult, indicator: Indicator, scheme: Scheme) -> Decimal:
    """The value as printed; of a judged indicator, the marks weighted over the reviewers."""
    return _weighted(result, indicator, scheme) if result.value is None else result.value


def _weighted(result: IndicatorResult, indicator: Indicator, scheme: Scheme) -> Decimal:
    return round_half_up(scheme.weigh(indicator.name, result.points), 2)


def _misses(value: Decimal, target: Decimal, indicator: Indicator) -> bool:
    return value < target if indicator.method.higher_is_better else value > target


def _in_print(value: Decimal, indicator: Indicator) -> str:
    if indicator.is_judged:
        return f"{plain(value)}分"
    return in_print(value, indicator.measure.unit, indicator.measure.decimals)
