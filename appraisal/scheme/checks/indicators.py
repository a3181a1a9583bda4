"""What would be wrong with names, 类别 and indicators, months of their own, and who judges what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import combinations

from appraisal.period import Period
from appraisal.scheme.forms.submission import (
    ENGINE_COLUMNS,
    EVIDENCE,
    INSTRUCTIONS,
    INTERVIEWS,
    META,
    STAFF_ID,
    STAFF_NAME,
    heading_labels,
    review_status_name,
    submission_form,
)
from appraisal.scheme.formula.parse import denominator_of, group_names_in, is_comparison, names_in, parse
from appraisal.scheme.methods import METHODS, ScoringMethod
from appraisal.scheme.methods.method import Effect, Place, Problem
from appraisal.scheme.model.indicator import Indicator, IndicatorOverrideDefinition, Override, methods_given
from appraisal.scheme.model.outcome_rules import Reviewer
from appraisal.scheme.model.scheme import Scheme, Section
from appraisal.scheme.model.units import Unit, number_text, percent_text
from appraisal.text import did_you_mean


def doubled_names(scheme: Scheme) -> Iterator[Problem]:
    """Fields, indicators, reviewers, sheets and sections that share a name or take one of ours."""
    fields: list[tuple[Place, str]] = [
        (("tables", table_name, kind, index, "name"), field.name)
        for table_name, table in scheme.tables.items()
        for kind in ("fields", "group_fields")
        for index, field in enumerate(getattr(table, kind))
    ]
    for path, name in fields:
        if name in ENGINE_COLUMNS:
            yield Problem(path, f"“{name}”是系统固有的列，请不要再定义")
    yield from _repeated("字段", fields)
    yield from _repeated(
        "指标", [((*path, "name"), indicator.name) for path, indicator in scheme.indicator_paths()]
    )
    yield from _repeated(
        "考核人",
        [(("reviewers", index, "name"), reviewer.name) for index, reviewer in enumerate(scheme.reviewers)],
    )
    sheets: list[tuple[Place, str]] = [(("tables", name), name) for name in scheme.tables]
    sheets += [
        (("reviewers", index, "sheet"), reviewer.sheet_name)
        for index, reviewer in enumerate(scheme.reviewers)
    ]
    yield from _repeated("工作表", sheets)
    for path, name in sheets:
        if name in {INSTRUCTIONS, INTERVIEWS, META}:
            yield Problem(path, f"工作表不能叫“{name}”，这个名称由系统使用")
    sections = [((*place, "name"), section.name) for place, section in scheme.section_paths()]
    for above in dict.fromkeys(place[:-2] for place, _ in sections):
        yield from _repeated("类别", [entry for entry in sections if entry[0][:-2] == above])


def doubled_columns(scheme: Scheme) -> Iterator[Problem]:
    """A sheet is read by its headers: no two columns or labels may answer to one name."""
    form = submission_form(scheme)
    labels = [name for cell in heading_labels(scheme) for name in (cell.name, cell.title)]
    for table_name, table in scheme.tables.items():
        fields = {field.name for field in table.fields}
        ours = {
            name for cell in form.sheet(table_name).columns for name in cell.names if cell.name not in fields
        }
        headers: list[tuple[Place, str]] = [((), name) for name in fields | ours]
        headers += [
            (("tables", table_name, "fields", index, "aliases", place), alias)
            for index, field in enumerate(table.fields)
            for place, alias in enumerate(field.aliases)
        ]
        yield from _repeated("列名或别名", headers)
        for index, field in enumerate(table.group_fields):
            if field.name in labels:
                path = ("tables", table_name, "group_fields", index, "name")
                yield Problem(path, f"“{field.name}”是表头上方固有的一格，请换个名称")
    for index, reviewer in enumerate(scheme.reviewers):
        sheet = form.sheet(reviewer.sheet_name)
        own = [STAFF_ID, STAFF_NAME, review_status_name(reviewer.name)]
        own += [cell.name for cell in sheet.columns if cell.name == EVIDENCE]
        columns: list[tuple[Place, str]] = [((), name) for name in own]
        marked = {indicator.name for indicator in scheme.judged_by(reviewer.name)}
        columns += [
            ((*path, "name"), indicator.name)
            for path, indicator in scheme.indicator_paths()
            if indicator.name in marked
        ]
        columns += [
            (("reviewers", index, "remarks", place, "name"), remark.name)
            for place, remark in enumerate(reviewer.remarks)
        ]
        yield from _repeated("评分表的栏目", columns)


def _repeated(kind: str, named: Iterable[tuple[Place, str]]) -> Iterator[Problem]:
    seen: Counter[str] = Counter()
    for path, name in named:
        seen[name] += 1
        if seen[name] == 2:
            yield Problem(path, f"{kind}“{name}”重名了")


def unknown_names(
    formula: str, place: Place, columns: Sequence[str], single: Sequence[str] = ()
) -> Iterator[Problem]:
    """Names that are neither a column nor a single figure; a sum and its like want a column."""
    tree = parse(formula)
    known = [*columns, *single]
    for name in names_in(tree):
        if name not in known:
            yield Problem(place, f"公式里的“{name}”不是已定义的字段{did_you_mean(name, known)}")
    for name in group_names_in(tree):
        if name in single:
            yield Problem(place, f"“{name}”每组只有一个数，不能再求合计或平均")


def problems_of_indicators(scheme: Scheme) -> Iterator[Problem]:
    """Each 类别 and indicator by itself: one method, a unit that fits, formulas over known fields."""
    for place, section in scheme.section_paths():
        depth = len(place) // 2
        if depth <= 3 and not section.all_indicators:
            yield Problem(place, f"类别“{section.name}”里没有指标")
        if depth == 3:
            yield Problem(place, "类别最多分两层")
    for place, indicator in scheme.indicator_paths():
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
    indicators = {indicator.name: indicator for indicator in scheme.indicators if indicator.is_sound}
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
    named = [(place, section.by) for place, section in scheme.section_paths()]
    named += [(place, indicator.by) for place, indicator in scheme.indicator_paths()]
    for place, by in named:
        for index, name in enumerate(by):
            if name not in names:
                yield Problem((*place, "by", index), f"“{name}”不是已定义的考核人{did_you_mean(name, names)}")
    for place, indicator in scheme.indicator_paths():
        if not indicator.is_sound:
            continue
        if not sum(reviewer.weight for reviewer in scheme.carriers(indicator.name)):
            yield Problem(place, f"评“{indicator.name}”的考核人权重都是0，这一项永远不计入综合得分")
    for index, reviewer in enumerate(scheme.reviewers):
        carried = [
            indicator for indicator in scheme.indicators if reviewer in scheme.carriers(indicator.name)
        ]
        if not any(indicator.is_sound and indicator.counts for indicator in carried):
            yield Problem(("reviewers", index), f"“{reviewer.name}”没有一项要评的指标")
        elif all(indicator.is_sound for indicator in scheme.indicators):
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
    if any(not indicator.is_sound for indicator in scheme.indicators):
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
