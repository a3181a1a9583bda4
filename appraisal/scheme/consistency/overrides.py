"""What would be wrong with months of their own."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from appraisal.period import Period
from appraisal.scheme.consistency.soundness import Place, is_sound
from appraisal.scheme.indicator import Indicator, IndicatorOverrideDefinition, Override, methods_given
from appraisal.scheme.methods.method import Problem
from appraisal.scheme.model import Scheme
from appraisal.scheme.units import Unit
from appraisal.text import did_you_mean


def problems_of_overrides(scheme: Scheme) -> Iterator[Problem]:
    """Months that overlap or run backwards, unknown indicators, and methods that do not fit."""
    indicators = {one.name: one for one in scheme.indicators if is_sound(one)}
    for at, override in enumerate(scheme.overrides):
        place: Place = ("overrides", at)
        yield from _months(override, place, scheme)
        for name, change in override.indicators.items():
            here = (*place, "indicators", name)
            if name in indicators:
                yield from _changed(indicators[name], change, override, here)
            else:
                yield Problem(here, f"“{name}”不是已定义的指标{did_you_mean(name, list(indicators))}")
    for (_, one), (later, other) in combinations(enumerate(scheme.overrides), 2):
        if _months_of(one) & _months_of(other):
            yield Problem(("overrides", later), f"与“{one.name}”的月份重叠")


def _months(override: Override, place: Place, scheme: Scheme) -> Iterator[Problem]:
    if Period.parse(override.from_) > Period.parse(override.until):
        yield Problem((*place, "until"), f"结束的月份（{override.until}）早于开始的月份（{override.from_}）")
    elif Period.parse(override.until) < scheme.first_period:
        yield Problem((*place, "until"), f"本版从 {scheme.first_period} 起考核，这一条永远用不上")


def _months_of(override: Override) -> set[int]:
    first, last = (Period.parse(month) for month in (override.from_, override.until))
    return set(range(first.year * 12 + first.month, last.year * 12 + last.month + 1))


def _changed(
    indicator: Indicator, change: IndicatorOverrideDefinition, override: Override, place: Place
) -> Iterator[Problem]:
    methods = methods_given(change)
    applied = override.applied_to(indicator)
    if indicator.is_judged:
        yield Problem(place, f"“{indicator.name}”由考核人评分，没有可另行规定的分档")
    elif len(methods) > 1 or any(method.by_reviewers for method in methods):
        yield Problem(place, "计分方法只能写一种按数据计算的")
    elif not methods and change.target is None and change.min_denominator is None:
        yield Problem(place, "什么也没有改")
    elif applied == indicator:
        yield Problem(place, "与平时一样，什么也没有改")
    else:
        method = applied.method
        for problem in method.problems(applied.measure):
            yield Problem((*place, method.key, *problem.path), problem.sentence)
        target = applied.target
        if target is not None and (applied.unit is Unit.PERCENT) is not target.endswith("%"):
            yield Problem((*place, "target"), "目标值的写法要与单位一致：百分比带“%”，其他不带")
