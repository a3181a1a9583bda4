"""What a careful reader would find wrong in a scheme whose parts are each well-formed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from appraisal.scheme.consistency_of_parts import (
    problems_of_forms,
    problems_of_grades,
    problems_of_overrides,
    problems_of_small_sample,
    problems_of_weights,
)
from appraisal.scheme.consistency_of_ranges import problems_of_ranges
from appraisal.scheme.forms import ENGINE_COLUMNS
from appraisal.scheme.formula import denominator_of, group_names_in, is_comparison, names_in, parse
from appraisal.scheme.methods import METHODS
from appraisal.scheme.methods.method import Problem
from appraisal.scheme.model import (
    DataField,
    FieldType,
    Indicator,
    OutcomeRule,
    OutcomeType,
    Scheme,
    Section,
)
from appraisal.scheme.names import doubled_columns, doubled_names, indicator_paths
from appraisal.scheme.spelling import did_you_mean
from appraisal.scheme.units import Unit, plain

Path_ = tuple[str | int, ...]


def inconsistencies(scheme: Scheme) -> Iterator[Problem]:
    """Every mistake between the parts: names, sums, bands, formulas, outcomes that contradict."""
    yield from doubled_names(scheme)
    yield from doubled_columns(scheme)
    yield from _indicators(scheme)
    yield from _checks(scheme)
    yield from _reviewers(scheme)
    yield from _ranking(scheme)
    for at, rule in enumerate(scheme.outcomes.rules):
        yield from _outcome(rule, ("outcomes", "rules", at), scheme)
    yield from _contradicting_outcomes(scheme)
    yield from problems_of_forms(scheme)
    yield from problems_of_weights(scheme)
    yield from problems_of_overrides(scheme)
    yield from problems_of_grades(scheme)
    yield from problems_of_ranges(scheme)


def _indicators(scheme: Scheme) -> Iterator[Problem]:
    for at, section in enumerate(scheme.sections):
        yield from _section(section, ("sections", at), depth=1)
    for path, indicator in indicator_paths(scheme):
        given = [key for key in METHODS if getattr(indicator, key) is not None]
        if len(given) != 1:
            methods = "、".join(METHODS)
            wrong = f"写了不止一种（{'、'.join(given)}）" if given else "没有写"
            yield Problem(path, f"指标“{indicator.name}”的计分方法{wrong}，请在 {methods} 中写一种")
            continue
        yield from _indicator(indicator, path, scheme)


def _section(section: Section, path: Path_, depth: int) -> Iterator[Problem]:
    if not section.all_indicators:
        yield Problem(path, f"类别“{section.name}”里没有指标")
    if depth > 2:
        yield Problem(path, "类别最多分两层")
    if depth <= 2:
        for at, inner in enumerate(section.sections):
            yield from _section(inner, (*path, "sections", at), depth + 1)


def _indicator(indicator: Indicator, path: Path_, scheme: Scheme) -> Iterator[Problem]:
    if indicator.counts is not bool(indicator.points):
        yield _points_or_none(indicator, path)
        return
    method = indicator.method
    for problem in method.problems(indicator.measure):
        yield Problem((*path, method.key, *problem.path), problem.sentence)
    if indicator.target is not None and (indicator.unit is Unit.PERCENT) is not indicator.target.endswith(
        "%"
    ):
        yield Problem((*path, "target"), "目标值的写法要与单位一致：百分比带“%”，其他不带")
    if not indicator.is_judged:
        yield from _computed(indicator, path, scheme)
        return
    for key in ("value", "unit", "decimals", "min_denominator", "small_sample"):
        if getattr(indicator, key) is not None:
            yield Problem((*path, key), f"“{indicator.name}”由考核人评分，不需要“{key}”")


def _computed(indicator: Indicator, path: Path_, scheme: Scheme) -> Iterator[Problem]:
    if indicator.expression is None:
        yield Problem(path, f"“{indicator.name}”没有写 value，不知道数值从哪里来")
        return
    if indicator.unit is None:
        yield Problem(path, f"“{indicator.name}”没有写 unit（单位），可选：{'、'.join(Unit)}")
    if is_comparison(indicator.expression):
        yield Problem((*path, "value"), "数值的公式不能是比较式")
    of_group = [field.name for field in scheme.group_fields]
    columns = [field.name for field in scheme.fields]
    yield from _unknown_names(indicator.value or "", (*path, "value"), columns, of_group)
    if indicator.min_denominator is not None and denominator_of(indicator.expression) is None:
        yield Problem((*path, "min_denominator"), "公式不是除法，没有分母可比")
    if indicator.small_sample is not None:
        yield from problems_of_small_sample(indicator, path)
        yield from _unknown_names(
            indicator.small_sample.value, (*path, "small_sample", "value"), columns, of_group
        )


def _points_or_none(indicator: Indicator, path: Path_) -> Problem:
    if indicator.counts:
        return Problem(path, f"“{indicator.name}”没有写 points（标准分）")
    title = indicator.method.title
    return Problem((*path, "points"), f"“{indicator.name}”是{title}，不占标准分，请不要写 points")


def _unknown_names(
    formula: str, path: Path_, columns: Sequence[str], single: Sequence[str] = ()
) -> Iterator[Problem]:
    """Names that are neither a column nor a single figure; a sum and its like want a column."""
    tree = parse(formula)
    known = [*columns, *single]
    for name in names_in(tree):
        if name not in known:
            yield Problem(path, f"公式里的“{name}”不是已定义的字段{did_you_mean(name, known)}")
    for name in group_names_in(tree):
        if name in single:
            yield Problem(path, f"“{name}”每组只有一个数，不能再求合计或平均")


def _checks(scheme: Scheme) -> Iterator[Problem]:
    for table_name, table in scheme.tables.items():
        columns = [field.name for field in table.fields]
        of_group = [field.name for field in table.group_fields]
        for at, check in enumerate(table.checks):
            path: Path_ = ("tables", table_name, "checks", at, "that")
            if not is_comparison(parse(check.that)):
                yield Problem(path, "核对应写成比较式，例如 付款人数 <= 下单人数")
            yield from _unknown_names(check.that, path, columns, of_group)
        for kind in ("fields", "group_fields"):
            for at, field in enumerate(getattr(table, kind)):
                if field.between is not None and field.between[0] > field.between[1]:
                    yield Problem(("tables", table_name, kind, at, "between"), "最小值大于最大值")
                if field.weighted_by is not None:
                    path = ("tables", table_name, kind, at, "weighted_by")
                    yield from _weight_of_rows(field, path, scheme)


def _weight_of_rows(field: DataField, path: Path_, scheme: Scheme) -> Iterator[Problem]:
    """`weighted_by` merges the rows of an average by the figures of a column that can be added up."""
    added_up = {FieldType.COUNT, FieldType.MONEY}
    if field in scheme.group_fields:
        yield Problem(path, f"“{field.name}”每组只有一个数，没有几行可合并")
    elif field.type in added_up:
        yield Problem(path, f"“{field.name}”是整数或金额，几行直接相加，不用加权")
    weights = [one.name for one in scheme.fields if one.type in added_up]
    if field.weighted_by not in weights:
        near = did_you_mean(field.weighted_by or "", weights)
        yield Problem(path, f"“{field.weighted_by}”不是已定义的整数或金额字段{near}")


def _reviewers(scheme: Scheme) -> Iterator[Problem]:
    total = sum((one.weight for one in scheme.reviewers), Decimal(0))
    if total != 1:
        yield Problem(("reviewers",), f"考核人权重合计 {plain(total * 100)}%，应为 100%")
    names = [one.name for one in scheme.reviewers]
    by_name = {one.name: one for one in scheme.reviewers}
    for at, one in enumerate(scheme.reviewers):
        if one.if_absent is None:
            continue
        path: Path_ = ("reviewers", at, "if_absent")
        if one.if_absent == one.name or one.if_absent not in names:
            others = [name for name in names if name != one.name]
            yield Problem(path, f"“{one.if_absent}”不是另一位考核人{did_you_mean(one.if_absent, others)}")
        elif by_name[one.if_absent].if_absent is not None:
            yield Problem(path, f"“{one.if_absent}”自己也可以缺评，代替不了“{one.name}”")


def _ranking(scheme: Scheme) -> Iterator[Problem]:
    names = [one.name for one in scheme.counted]
    for at, name in enumerate(scheme.ranking.break_by):
        if name not in names:
            yield Problem(("ranking", "break_by", at), f"“{name}”不是已定义的指标{did_you_mean(name, names)}")
    if scheme.ranking.minimum_points > 100:
        yield Problem(("ranking", "minimum_points"), "超过了全部标准分，谁都不能参与排名")


def _outcome(rule: OutcomeRule, path: Path_, scheme: Scheme) -> Iterator[Problem]:
    yield from _outcome_money(rule, path, scheme)
    if rule.do is OutcomeType.RECTIFICATION and rule.within is None:
        yield Problem(path, "rectification 要写 within（期限），例如 7 days")
    if rule.do is not OutcomeType.RECTIFICATION and rule.within is not None:
        yield Problem((*path, "within"), f"{rule.do.value} 没有期限，只有 rectification 才写“within”")
    if rule.do is OutcomeType.CONSIDER_TRANSFER and rule.months_running is None:
        yield Problem((*path, "when"), "consider_transfer 要与“last 3 months running”这样的连续月份配合")
    if rule.months_running is not None and rule.do is not OutcomeType.CONSIDER_TRANSFER:
        yield Problem((*path, "do"), "连续末位只能是提示（consider_transfer），不能直接动钱或下结论")
    for key in ("only_if", "unless"):
        formula = getattr(rule, key)
        if formula is not None:
            if not is_comparison(parse(formula)):
                yield Problem((*path, key), "应写成比较式，例如 final >= 60")
            yield from _unknown_names(formula, (*path, key), (), ["final"])


def _outcome_money(rule: OutcomeRule, path: Path_, scheme: Scheme) -> Iterator[Problem]:
    moves_money = rule.do in {OutcomeType.REWARD, OutcomeType.DEDUCT}
    if moves_money and rule.amount is None:
        yield Problem(path, f"{rule.do.value} 要写 amount（金额）")
    if not moves_money and rule.amount is not None:
        yield Problem((*path, "amount"), f"{rule.do.value} 不涉及金额")
    if rule.from_ is not None and rule.do is not OutcomeType.DEDUCT:
        yield Problem((*path, "from"), "只有 deduct 才有“from”")
    sources = [*ENGINE_COLUMNS, *(field.name for field in scheme.fields)]
    if rule.from_ is not None and rule.from_ not in sources:
        near = did_you_mean(rule.from_, sources)
        yield Problem((*path, "from"), f"“{rule.from_}”不是已定义的字段{near}")


def _contradicting_outcomes(scheme: Scheme) -> Iterator[Problem]:
    rules = scheme.outcomes.rules
    seen: dict[tuple[str, OutcomeType], int] = {}
    for at, rule in enumerate(rules):
        key = (rule.when, rule.do)
        if key in seen:
            yield Problem(
                ("outcomes", "rules", at), f"与第{seen[key] + 1}条重复（{rule.when} → {rule.do.value}）"
            )
        seen.setdefault(key, at)
        if rule.when == "first" and rule.do in {OutcomeType.DEDUCT, OutcomeType.RECTIFICATION}:
            yield Problem(("outcomes", "rules", at, "do"), "第一名不能扣减或整改")
        if rule.do is OutcomeType.REWARD and rule.when != "first" and rule.grade is None:
            yield Problem(("outcomes", "rules", at, "when"), "奖励只能给第一名（first）或某个等级（grade A）")
    yield from _two_plans(rules)
    lowest = max((rule.lowest_places or 0 for rule in rules), default=0)
    if lowest and scheme.outcomes.minimum <= lowest:
        yield Problem(
            ("outcomes", "minimum"),
            f"只有 {scheme.outcomes.minimum} 人时，第一名也会落入后{lowest}名；请至少写 {lowest + 1}",
        )


def _two_plans(rules: Sequence[OutcomeRule]) -> Iterator[Problem]:
    """Two rules that ask the last place for a rectification plan, each with its own deadline."""
    by_place = [
        at
        for at, rule in enumerate(rules)
        if rule.do is OutcomeType.RECTIFICATION and (rule.when == "last" or rule.lowest_places)
    ]
    for at in by_place[1:]:
        if rules[at].when != rules[by_place[0]].when:
            yield Problem(
                ("outcomes", "rules", at),
                f"与第{by_place[0] + 1}条都要最后一名整改，同一个人会收到两份整改方案；请只写一条",
            )
