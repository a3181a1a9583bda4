"""What would be wrong with months of their own.

What would be wrong with the tables of data: checks, ranges, what averages are weighed by."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from appraisal.period import Period
from appraisal.scheme.checks.names import Place, is_sound, unknown_names
from appraisal.scheme.formula.parse import is_comparison, parse
from appraisal.scheme.methods.method import Problem
from appraisal.scheme.model.indicator import Indicator, IndicatorOverrideDefinition, Override, methods_given
from appraisal.scheme.model.scheme import Scheme
from appraisal.scheme.model.tables import DataField, FieldType
from appraisal.scheme.model.units import Unit
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


def problems_of_tables(scheme: Scheme) -> Iterator[Problem]:
    """Each check, and each field by itself."""
    for table_name, table in scheme.tables.items():
        columns = [field.name for field in table.fields]
        of_group = [field.name for field in table.group_fields]
        for at, check in enumerate(table.checks):
            place: Place = ("tables", table_name, "checks", at, "that")
            if not is_comparison(parse(check.that)):
                yield Problem(place, "核对应写成比较式，例如 付款人数 <= 下单人数")
            yield from unknown_names(check.that, place, columns, of_group)
        for kind in ("fields", "group_fields"):
            for at, field in enumerate(getattr(table, kind)):
                yield from _field(field, ("tables", table_name, kind, at), scheme)


def _field(field: DataField, place: Place, scheme: Scheme) -> Iterator[Problem]:
    low, high = field.between or (0, None)
    if high is not None and low > high:
        yield Problem((*place, "between"), "最小值大于最大值")
    elif field.example is not None and (field.example < low or (high is not None and field.example > high)):
        yield Problem((*place, "example"), "示例超出了允许的范围")
    if field.weighted_by is not None:
        yield from _weight_of_rows(field, (*place, "weighted_by"), scheme)


def _weight_of_rows(field: DataField, place: Place, scheme: Scheme) -> Iterator[Problem]:
    """`weighted_by` merges the rows of an average by the figures of a column that can be added up."""
    added_up = {FieldType.COUNT, FieldType.MONEY}
    if field in scheme.group_fields:
        yield Problem(place, f"“{field.name}”每组只有一个数，没有几行可合并")
    elif field.type in added_up:
        yield Problem(place, f"“{field.name}”是整数或金额，几行直接相加，不用加权")
    weights = [one.name for one in scheme.fields if one.type in added_up]
    if field.weighted_by not in weights:
        near = did_you_mean(field.weighted_by or "", weights)
        yield Problem(place, f"“{field.weighted_by}”不是已定义的整数或金额字段{near}")
