"""What would be wrong with 类别 and indicators, their tables of data, months of their own, and who judges what."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import combinations

from appraisal.period import Period
from appraisal.scheme.checks.names import indicator_paths, is_sound, section_paths, unknown_names
from appraisal.scheme.formula.parse import denominator_of, is_comparison, parse
from appraisal.scheme.methods import METHODS, ScoringMethod
from appraisal.scheme.methods.method import Effect, Place, Problem
from appraisal.scheme.model.indicator import Indicator, IndicatorOverrideDefinition, Override, methods_given
from appraisal.scheme.model.outcome_rules import Reviewer
from appraisal.scheme.model.scheme import Scheme, Section
from appraisal.scheme.model.tables import DataField, FieldType
from appraisal.scheme.model.units import Unit, number_text, percent_text
from appraisal.text import did_you_mean


def problems_of_indicators(scheme: Scheme) -> Iterator[Problem]:
    """Each 类别 and indicator by itself: one method, a unit that fits, formulas over known fields."""
    for place, section in section_paths(scheme):
        depth = len(place) // 2
        if depth <= 3 and not section.all_indicators:
            yield Problem(place, f"类别“{section.name}”里没有指标")
        if depth == 3:
            yield Problem(place, "类别最多分两层")
    for place, indicator in indicator_paths(scheme):
        if wrong := _not_one(methods_given(indicator)):
            methods = "、".join(METHODS)
            yield Problem(place, f"指标“{indicator.name}”的计分方法{wrong}，请在 {methods} 中写一种")
        else:
            yield from _indicator(indicator, place, scheme)


def _not_one(methods: Sequence[ScoringMethod]) -> str:
    """What is wrong where not exactly one method is given; nothing where one is."""
    if len(methods) == 1:
        return ""
    return f"写了不止一种（{'、'.join(method.key for method in methods)}）" if methods else "没有写"


def _indicator(indicator: Indicator, place: Place, scheme: Scheme) -> Iterator[Problem]:
    if indicator.counts and not indicator.points:
        yield Problem(place, f"“{indicator.name}”没有写 points（标准分）")
    elif indicator.points and not indicator.counts:
        title = indicator.method.title
        yield Problem((*place, "points"), f"“{indicator.name}”是{title}，不占标准分，请不要写 points")
    else:
        yield from _parameters(indicator, place)
        yield from _target(indicator, place)
        if indicator.is_judged:
            for key in ("value", "unit", "decimals", "min_denominator", "small_sample"):
                if getattr(indicator, key) is not None:
                    yield Problem((*place, key), f"“{indicator.name}”由考核人评分，不需要“{key}”")
        else:
            yield from _computed(indicator, place, scheme)


def _parameters(indicator: Indicator, place: Place) -> Iterator[Problem]:
    method = indicator.method
    for problem in method.problems(indicator.measure):
        yield Problem((*place, method.key, *problem.path), problem.sentence)


def _target(indicator: Indicator, place: Place) -> Iterator[Problem]:
    target = indicator.target
    if target is not None and (indicator.unit is Unit.PERCENT) is not target.endswith("%"):
        yield Problem((*place, "target"), "目标值的写法要与单位一致：百分比带“%”，其他不带")


def _computed(indicator: Indicator, place: Place, scheme: Scheme) -> Iterator[Problem]:
    if indicator.value is None or indicator.expression is None:
        yield Problem(place, f"“{indicator.name}”没有写 value，不知道数值从哪里来")
        return
    if indicator.unit is None:
        yield Problem(place, f"“{indicator.name}”没有写 unit（单位），可选：{'、'.join(Unit)}")
    if is_comparison(indicator.expression):
        yield Problem((*place, "value"), "数值的公式不能是比较式")
    of_group = [field.name for field in scheme.group_fields]
    columns = [field.name for field in scheme.fields]
    yield from unknown_names(indicator.value, (*place, "value"), columns, of_group)
    is_divided = denominator_of(indicator.expression) is not None
    if indicator.min_denominator is not None and not is_divided:
        yield Problem((*place, "min_denominator"), "公式不是除法，没有分母可比")
    few, place = indicator.small_sample, (*place, "small_sample")
    if few is None:
        return
    if not is_divided:
        yield Problem(place, "公式不是除法，没有分母可比")
    if indicator.min_denominator is not None:
        yield Problem(
            place, "small_sample 与 min_denominator 只能写一个：样本少时不是改按次数计分，就是不适用"
        )
    yield from _method_by_count(indicator, methods_given(few), place)
    yield from unknown_names(few.value, (*place, "value"), columns, of_group)


def _method_by_count(
    indicator: Indicator, methods: Sequence[ScoringMethod], place: Place
) -> Iterator[Problem]:
    if wrong := _not_one(methods):
        yield Problem(place, f"“{indicator.name}”样本少时的计分方法{wrong}")
        return
    [method] = methods
    if method.by_reviewers or method.effect is not Effect.EARNS:
        yield Problem((*place, method.key), f"样本少时不能用{method.title}，请写 bands、deduct 或 linear")
    elif indicator.by_count is not None:
        yield from _parameters(indicator.by_count, place)


def problems_of_overrides(scheme: Scheme) -> Iterator[Problem]:
    """Months that overlap or run backwards, unknown indicators, and methods that do not fit."""
    indicators = {indicator.name: indicator for indicator in scheme.indicators if is_sound(indicator)}
    for index, override in enumerate(scheme.overrides):
        place: Place = ("overrides", index)
        yield from _months(override, place, scheme)
        for name, change in override.indicators.items():
            here = (*place, "indicators", name)
            if name in indicators:
                yield from _changed(indicators[name], change, override, here)
            else:
                yield Problem(here, f"“{name}”不是已定义的指标{did_you_mean(name, list(indicators))}")
    for (_, first), (later, second) in combinations(enumerate(scheme.overrides), 2):
        if _months_of(first) & _months_of(second):
            yield Problem(("overrides", later), f"与“{first.name}”的月份重叠")


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
        yield from _parameters(applied, place)
        yield from _target(applied, place)


def problems_of_tables(scheme: Scheme) -> Iterator[Problem]:
    """Each check, and each field by itself."""
    for table_name, table in scheme.tables.items():
        columns = [field.name for field in table.fields]
        of_group = [field.name for field in table.group_fields]
        for index, check in enumerate(table.checks):
            place: Place = ("tables", table_name, "checks", index, "that")
            if not is_comparison(parse(check.that)):
                yield Problem(place, "核对应写成比较式，例如 付款人数 <= 下单人数")
            yield from unknown_names(check.that, place, columns, of_group)
        for kind in ("fields", "group_fields"):
            for index, field in enumerate(getattr(table, kind)):
                yield from _field(field, ("tables", table_name, kind, index), scheme)


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
    weights = [column.name for column in scheme.fields if column.type in added_up]
    if field.weighted_by not in weights:
        near = did_you_mean(field.weighted_by or "", weights)
        yield Problem(place, f"“{field.weighted_by}”不是已定义的整数或金额字段{near}")


def problems_of_reviewers(scheme: Scheme) -> Iterator[Problem]:
    """Weights that do not sum to 100 %, and stand-ins that nobody is."""
    total = sum((reviewer.weight for reviewer in scheme.reviewers), Decimal(0))
    if total != 1:
        yield Problem(("reviewers",), f"考核人权重合计 {percent_text(total)}，应为 100%")
    names = [reviewer.name for reviewer in scheme.reviewers]
    by_name = {reviewer.name: reviewer for reviewer in scheme.reviewers}
    for index, reviewer in enumerate(scheme.reviewers):
        if reviewer.if_absent is None:
            continue
        place: Place = ("reviewers", index, "if_absent")
        if reviewer.if_absent == reviewer.name or reviewer.if_absent not in names:
            others = [name for name in names if name != reviewer.name]
            yield Problem(
                place, f"“{reviewer.if_absent}”不是另一位考核人{did_you_mean(reviewer.if_absent, others)}"
            )
        elif by_name[reviewer.if_absent].if_absent is not None:
            yield Problem(place, f"“{reviewer.if_absent}”自己也可以缺评，代替不了“{reviewer.name}”")


def problems_of_forms(scheme: Scheme) -> Iterator[Problem]:
    """Who judges what: unknown names, indicators that nobody's weight carries, reviewers with nothing."""
    names = [reviewer.name for reviewer in scheme.reviewers]
    named = [(place, section.by) for place, section in section_paths(scheme)]
    named += [(place, indicator.by) for place, indicator in indicator_paths(scheme)]
    for place, by in named:
        for index, name in enumerate(by):
            if name not in names:
                yield Problem((*place, "by", index), f"“{name}”不是已定义的考核人{did_you_mean(name, names)}")
    for place, indicator in indicator_paths(scheme):
        if not is_sound(indicator):
            continue
        if not sum(reviewer.weight for reviewer in scheme.carriers(indicator.name)):
            yield Problem(place, f"评“{indicator.name}”的考核人权重都是0，这一项永远不计入综合得分")
    for index, reviewer in enumerate(scheme.reviewers):
        carried = [
            indicator for indicator in scheme.indicators if reviewer in scheme.carriers(indicator.name)
        ]
        if not any(is_sound(indicator) and indicator.counts for indicator in carried):
            yield Problem(("reviewers", index), f"“{reviewer.name}”没有一项要评的指标")
        elif all(map(is_sound, scheme.indicators)):
            yield from _absence(scheme, reviewer, ("reviewers", index, "if_absent"))


def _absence(scheme: Scheme, reviewer: Reviewer, place: Place) -> Iterator[Problem]:
    """A stand-in gives either every mark or, where the two share none with anybody, the whole total."""
    if reviewer.if_absent not in {other.name for other in scheme.reviewers}:
        return
    theirs = {indicator.name for indicator in scheme.judged_by(reviewer.if_absent)}
    own = {indicator.name for indicator in scheme.judged_by(reviewer.name)}
    if own <= theirs:
        return
    for name in own:
        if name in theirs or len(scheme.carriers(name)) > 1:
            others = "、".join(sorted(own - theirs))
            yield Problem(place, f"“{reviewer.if_absent}”不评“{others}”，代替不了“{reviewer.name}”")
            return


def problems_of_weights(scheme: Scheme) -> Iterator[Problem]:
    """Points that do not sum to 100, and weights of 类别 that do not sum to 100 % for each reviewer."""
    if any(not is_sound(indicator) for indicator in scheme.indicators):
        return
    if not scheme.is_weighted:
        if scheme.full_points != 100:
            yield Problem(
                ("sections",), f"各指标标准分合计 {number_text(scheme.full_points)} 分，应为 100 分"
            )
        return
    for index, section in enumerate(scheme.sections):
        yield from _weighted_section(section, ("sections", index))
    for index, reviewer in enumerate(scheme.reviewers):
        total = sum((part.weight for part in scheme.parts(reviewer.name)), Decimal(0))
        if scheme.parts(reviewer.name) and total != 1:
            yield Problem(
                ("reviewers", index),
                f"“{reviewer.name}”所评各类别的权重合计 {percent_text(total)}，应为 100%",
            )


def _weighted_section(section: Section, place: Place) -> Iterator[Problem]:
    counted = [indicator for indicator in section.all_indicators if indicator.counts]
    full = sum((indicator.points for indicator in counted), Decimal(0))
    for index, inner in enumerate(section.sections):
        if inner.weight is not None:
            yield Problem((*place, "sections", index, "weight"), "类别权重只写在最外层")
    if not counted:
        if section.weight is not None:
            yield Problem((*place, "weight"), f"“{section.name}”里的指标都不占标准分，没有权重可言")
    elif not section.weight:
        yield Problem(place, f"类别“{section.name}”没有写 weight（权重）；一类写了，就每类都要写")
    elif full != 100:
        yield Problem(
            place, f"类别“{section.name}”的标准分合计 {number_text(full)} 分；写了权重的类别，每类应为 100 分"
        )
