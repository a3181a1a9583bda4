"""What would be wrong with ranking, grades and what follows (结果运用), and what one would ask about them.

For which final scores a rule applies (its grade, only_if and unless together) is judged by trying: every
whole score there can be, and those around each number that the rules name. A rule's 条款 is printed as the
ground of an outcome, and the rule moves the money; who changes one of them often forgets the other, so the
two are compared.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import combinations, pairwise

from appraisal.scheme.checks.indicators import unknown_names
from appraisal.scheme.forms.submission import COMMISSION
from appraisal.scheme.formula.parse import Number, evaluate, is_comparison, names_in, parse, walk
from appraisal.scheme.methods.adjust import Adjust
from appraisal.scheme.methods.method import Place, Problem
from appraisal.scheme.model.indicator import methods_given
from appraisal.scheme.model.outcome_rules import Grade, OutcomeRule, OutcomeType
from appraisal.scheme.model.scheme import Scheme
from appraisal.scheme.model.tables import FieldType
from appraisal.scheme.model.units import POINT_DECIMALS, number_text
from appraisal.text import did_you_mean

_STEP = Decimal(1).scaleb(-POINT_DECIMALS)


def _highest_final(scheme: Scheme) -> Decimal:
    """100, and what may be added to it."""
    methods = (method for indicator in scheme.indicators for method in methods_given(indicator))
    return sum((method.most for method in methods if isinstance(method, Adjust)), Decimal(100))


def _finals_met(rule: OutcomeRule, scheme: Scheme) -> frozenset[Decimal]:
    """Of the scores that are tried, those to which the rule applies; all where a guard cannot be judged."""
    tried = _tried(scheme)
    met = tried
    if rule.grade is not None:
        met = frozenset(
            final for final in tried if (met_by := scheme.grade_of(final)) and met_by.name == rule.grade
        )
    if rule.only_if is not None and _is_judged(rule.only_if):
        met &= _holding(rule.only_if, tried)
    if rule.unless is not None and _is_judged(rule.unless):
        met -= _holding(rule.unless, tried)
    return met


def _guards(rule: OutcomeRule, place: Place, scheme: Scheme) -> Iterator[Problem]:
    """Guards that hold for no score, or for every one."""
    tried = _tried(scheme)
    between = f"综合得分在 0 到 {number_text(_highest_final(scheme))} 之间，"
    never = {"only_if": "这个条件永远不成立，这一条永远用不上", "unless": "这个除外条件永远不成立，等于没写"}
    always = {"only_if": "这个条件总是成立，等于没写", "unless": "这个除外条件总是成立，这一条永远用不上"}
    is_told = False
    for key in ("only_if", "unless"):
        formula = getattr(rule, key)
        if formula is None or not _is_judged(formula):
            continue
        holding = _holding(formula, tried)
        if not holding or holding == tried:
            is_told = True
            yield Problem((*place, key), between + (always if holding else never)[key])
    is_known = rule.grade in {None, *(grade.name for grade in scheme.grades)}
    if not is_told and is_known and not _finals_met(rule, scheme):
        yield Problem(place, f"{between}没有哪个得分同时符合等级、only_if 和 unless，这一条永远用不上")


def _is_judged(formula: str) -> bool:
    """A comparison about the final score alone; anything else is told elsewhere."""
    tree = parse(formula)
    return is_comparison(tree) and set(names_in(tree)) <= {"final"}


def _holding(formula: str, finals: frozenset[Decimal]) -> frozenset[Decimal]:
    column = sorted(finals)
    held = evaluate(parse(formula), {"final": column}, len(column))
    return frozenset(final for final, holds in zip(column, held, strict=True) if holds)


def _tried(scheme: Scheme) -> frozenset[Decimal]:
    high = _highest_final(scheme)
    named = [grade.from_ for grade in scheme.grades if grade.from_ is not None]
    for rule in scheme.outcomes.rules:
        for formula in filter(None, (rule.only_if, rule.unless)):
            named += [node.value for node in walk(parse(formula)) if isinstance(node, Number)]
    around = {number + off for number in named for off in (-_STEP, Decimal(0), _STEP)}
    return frozenset(
        final for final in {*map(Decimal, range(int(high) + 1)), high, *around} if 0 <= final <= high
    )


def problems_of_ranking(scheme: Scheme) -> Iterator[Problem]:
    """Indicators that break ties but are none, and a threshold that nobody can pass."""
    by_name = {indicator.name: indicator for indicator in scheme.counted}
    breakers = scheme.ranking.break_by
    for index, name in enumerate(breakers):
        place: Place = ("ranking", "break_by", index)
        if name not in by_name:
            yield Problem(place, f"“{name}”不是已定义的指标{did_you_mean(name, by_name)}")
        elif by_name[name].small_sample is not None:
            yield Problem(place, f"“{name}”样本少时改按次数计，次数和比例不能比高低，不能用来定同分的次序")
        elif name in breakers[:index]:
            yield Problem(place, f"“{name}”写了两次")
    if scheme.ranking.minimum_points > 100:
        yield Problem(("ranking", "minimum_points"), "超过了全部标准分，谁都不能参与排名")


def problems_of_grades(scheme: Scheme) -> Iterator[Problem]:
    """Grades that can never be reached or leave scores without one; rules for grades that are not there."""
    grades = scheme.grades
    names = [grade.name for grade in grades]
    for index, grade in enumerate(grades):
        place: Place = ("grades", index)
        if grade.name in names[:index]:
            yield Problem((*place, "name"), f"等级“{grade.name}”重名了")
        if (grade.factor is None) is not (grades[0].factor is None):
            yield Problem(place, "绩效系数（factor）要写就每级都写")
        yield from _start(grade, place, scheme)
    for index, (higher, lower) in enumerate(pairwise(grades), 1):
        if higher.from_ is not None and lower.from_ is not None and lower.from_ >= higher.from_:
            yield Problem(("grades", index, "from"), "起点应逐级变低，否则这一级永远用不上")
        if higher.factor is not None and lower.factor is not None and lower.factor > higher.factor:
            yield Problem(("grades", index, "factor"), "绩效系数不能高于上一级")
    for index, rule in enumerate(scheme.outcomes.rules):
        if rule.grade is not None and rule.grade not in names:
            near = did_you_mean(rule.grade, names)
            yield Problem(("outcomes", "rules", index, "when"), f"“{rule.grade}”不是已定义的等级{near}")


def _start(grade: Grade, place: Place, scheme: Scheme) -> Iterator[Problem]:
    """From which score the grade begins: all but the lowest say so, and it can be reached."""
    is_lowest, highest = grade is scheme.grades[-1], _highest_final(scheme)
    if grade.from_ is None:
        if not is_lowest:
            yield Problem(place, f"等级“{grade.name}”没有写 from（从多少分起），只有最低一级不写")
    elif is_lowest:
        yield Problem((*place, "from"), "最低一级不写 from，否则有的得分没有等级")
    elif grade.from_ > highest:
        yield Problem((*place, "from"), f"综合得分最高 {number_text(highest)} 分，这一级永远用不上")
    elif grade.from_ == 0:
        yield Problem((*place, "from"), "从0分起，下面各级永远用不上")


def problems_of_outcomes(scheme: Scheme) -> Iterator[Problem]:
    """Each rule by itself, then the rules beside each other."""
    for index, rule in enumerate(scheme.outcomes.rules):
        yield from _outcome(rule, ("outcomes", "rules", index), scheme)
    yield from _contradicting_outcomes(scheme)


def _outcome(rule: OutcomeRule, place: Place, scheme: Scheme) -> Iterator[Problem]:
    yield from _outcome_money(rule, place, scheme)
    if rule.do is OutcomeType.RECTIFICATION and rule.within is None:
        yield Problem(place, "rectification 要写 within（期限），例如 7 days")
    if rule.do is not OutcomeType.RECTIFICATION and rule.within is not None:
        yield Problem((*place, "within"), f"{rule.do.value} 没有期限，只有 rectification 才写“within”")
    if rule.do is OutcomeType.CONSIDER_TRANSFER and rule.months_running is None:
        yield Problem((*place, "when"), "consider_transfer 要与“last 3 months running”这样的连续月份配合")
    if rule.months_running is not None and rule.do is not OutcomeType.CONSIDER_TRANSFER:
        yield Problem((*place, "do"), "连续末位只能是提示（consider_transfer），不能直接动钱或下结论")
    for key in ("only_if", "unless"):
        formula = getattr(rule, key)
        if formula is not None:
            if not is_comparison(parse(formula)):
                yield Problem((*place, key), "应写成比较式，例如 final >= 60")
            yield from unknown_names(formula, (*place, key), (), ["final"])
    yield from _guards(rule, place, scheme)


def _outcome_money(rule: OutcomeRule, place: Place, scheme: Scheme) -> Iterator[Problem]:
    moves_money = rule.do in {OutcomeType.REWARD, OutcomeType.DEDUCT}
    if moves_money and rule.amount is None:
        yield Problem(place, f"{rule.do.value} 要写 amount（金额）")
    if not moves_money and rule.amount is not None:
        yield Problem((*place, "amount"), f"{rule.do.value} 不涉及金额")
    if rule.from_ is not None and rule.do is not OutcomeType.DEDUCT:
        yield Problem((*place, "from"), "只有 deduct 才有“from”")
    sources = [COMMISSION, *(field.name for field in scheme.fields if field.type is FieldType.MONEY)]
    if rule.from_ is not None and rule.from_ not in sources:
        near = did_you_mean(rule.from_, sources)
        yield Problem((*place, "from"), f"“{rule.from_}”不是已定义的金额字段{near}")


def _contradicting_outcomes(scheme: Scheme) -> Iterator[Problem]:
    rules = scheme.outcomes.rules
    seen: dict[tuple[str, OutcomeType], int] = {}
    for index, rule in enumerate(rules):
        key = (rule.when, rule.do)
        if key in seen:
            yield Problem(
                ("outcomes", "rules", index), f"与第{seen[key] + 1}条重复（{rule.when} → {rule.do.value}）"
            )
        seen.setdefault(key, index)
        if rule.when == "first" and rule.do in {OutcomeType.DEDUCT, OutcomeType.RECTIFICATION}:
            yield Problem(("outcomes", "rules", index, "do"), "第一名不能扣减或整改")
        if rule.do is OutcomeType.REWARD and rule.when != "first" and rule.grade is None:
            yield Problem(
                ("outcomes", "rules", index, "when"), "奖励只能给第一名（first）或某个等级（grade A）"
            )
    yield from _two_plans(rules)
    yield from _two_prompts(rules)
    yield from _grades_against_each_other(scheme)
    lowest = max((rule.lowest_places or 0 for rule in rules), default=0)
    if lowest and scheme.outcomes.minimum <= lowest:
        yield Problem(
            ("outcomes", "minimum"),
            f"只有 {scheme.outcomes.minimum} 人时，第一名也会落入后{lowest}名；请至少写 {lowest + 1}",
        )


def _two_plans(rules: Sequence[OutcomeRule]) -> Iterator[Problem]:
    """Two rules that ask the last place for a rectification plan, each with its own deadline."""
    by_place = [
        index
        for index, rule in enumerate(rules)
        if rule.do is OutcomeType.RECTIFICATION and (rule.when == "last" or rule.lowest_places)
    ]
    for index in by_place[1:]:
        if rules[index].when != rules[by_place[0]].when:
            yield Problem(
                ("outcomes", "rules", index),
                f"与第{by_place[0] + 1}条都要最后一名整改，同一个人会收到两份整改方案；请只写一条",
            )


def _two_prompts(rules: Sequence[OutcomeRule]) -> Iterator[Problem]:
    """Whoever is last for four months has been last for three."""
    prompts = [index for index, rule in enumerate(rules) if rule.months_running is not None]
    for index in prompts[1:]:
        yield Problem(
            ("outcomes", "rules", index),
            f"与第{prompts[0] + 1}条都是连续末位，同一个人会提请两次；请只写月数最少的一条",
        )


_AGAINST = {OutcomeType.DEDUCT: "扣减", OutcomeType.RECTIFICATION: "整改"}


def _grades_against_each_other(scheme: Scheme) -> Iterator[Problem]:
    """A grade that is rewarded and punished at once, or one that is rewarded below one that is not."""
    order = [grade.name for grade in scheme.grades]
    of_grades = [(index, rule) for index, rule in enumerate(scheme.outcomes.rules) if rule.grade in order]
    for (earlier, first), (later, second) in combinations(of_grades, 2):
        good, bad = (first, second) if first.do is OutcomeType.REWARD else (second, first)
        if good.do is not OutcomeType.REWARD or bad.do not in _AGAINST:
            continue
        place: Place = ("outcomes", "rules", later)
        against = _AGAINST[bad.do]
        if good.grade == bad.grade and _finals_met(good, scheme) & _finals_met(bad, scheme):
            yield Problem(place, f"与第{earlier + 1}条矛盾：等级为{good.grade}的人又奖励又{against}")
        elif order.index(good.grade or "") > order.index(bad.grade or ""):
            yield Problem(
                place, f"与第{earlier + 1}条矛盾：{bad.grade}级{against}，更低的{good.grade}级反而奖励"
            )


def doubts(scheme: Scheme) -> Iterator[Problem]:
    """Deductions without a limit, clauses that say something else than their rule, rules that may meet in one person.

    Nothing is refused for it.
    """
    rules = scheme.outcomes.rules
    for index, rule in enumerate(rules):
        place: Place = ("outcomes", "rules", index)
        if rule.do is OutcomeType.DEDUCT and rule.from_ is None:
            yield Problem(place, "没有写 from（例如 当月提成），扣减没有上限，可能扣到提成以外的工资")
        for said in clause_contradictions(rule):
            yield Problem((*place, "clause"), f"{said}；两处应当一致，请改其中一处")
    for (earlier, first), (later, second) in combinations(enumerate(rules), 2):
        sentence = _meeting(first, second, scheme) or _meeting(second, first, scheme)
        if sentence is not None:
            yield Problem(
                ("outcomes", "rules", later), f"与第{earlier + 1}条可能落到同一个人身上：{sentence}"
            )
    kinds = {(rule.when, rule.do) for rule in rules}
    both = {("first", OutcomeType.REWARD), ("last", OutcomeType.DEDUCT)} <= kinds
    if both and scheme.outcomes.minimum <= 2:
        yield Problem(("outcomes", "minimum"), "只有两个人参加排名时，也会奖一个、扣一个")


def _meeting(good: OutcomeRule, bad: OutcomeRule, scheme: Scheme) -> str | None:
    """What one person may get of both, a place by the one and a grade by the other; None where none can."""
    one_by_grade = (good.grade is None) is not (bad.grade is None)
    if not one_by_grade or not _finals_met(good, scheme) & _finals_met(bad, scheme):
        return None
    if good.do is OutcomeType.REWARD and bad.do in _AGAINST:
        return f"又奖励又{_AGAINST[bad.do]}；不是这个意思的，请用 only_if 或 unless 分开"
    if good.do is bad.do is OutcomeType.RECTIFICATION and good.grade is None:
        return "整改方案只交一份，按较早的期限；不是这个意思的，请只写一条"
    return None


_NUMBER = r"([0-9]+(?:[,，][0-9]{3})*(?:\.[0-9]+)?|[零一二两三四五六七八九十百千]+)"
_MONEY = re.compile(rf"{_NUMBER}元")
_DAYS = re.compile(rf"{_NUMBER}个?(自然)?(工作)?([天日周])(?:以?内|之内)")
_PEOPLE = re.compile(rf"(?:后|末|倒数){_NUMBER}[名位]")
_MONTHS = re.compile(rf"连续{_NUMBER}个?月")

_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"两": 2}
_TENS = {"十": 10, "百": 100, "千": 1000}


def clause_contradictions(rule: OutcomeRule) -> Iterator[str]:
    """A sentence for each number that the clause gives and that is not the rule's; what it does not name is no contradiction."""
    clause = "".join((rule.clause or "").split())
    money = {_number(found) for found in _MONEY.findall(clause)}
    if rule.amount is not None and money and rule.amount not in money:
        yield f"条款写{_listed(money)}元，规则是 amount: {number_text(rule.amount)}"
    if rule.days is not None:
        yield from _other_days(clause, rule.days)
    for pattern, count, unit in (
        (_PEOPLE, rule.lowest_places, "名"),
        (_MONTHS, rule.months_running, "个月"),
    ):
        numbers = {_number(found) for found in pattern.findall(clause)}
        if count is not None and numbers and count not in numbers:
            yield f"条款写{_listed(numbers)}{unit}，规则是 when: {rule.when}"


def _other_days(clause: str, days: int) -> Iterator[str]:
    found = _DAYS.findall(clause)
    spans = {_number(number) * (7 if unit == "周" else 1) for number, _, _, unit in found}
    if spans and days not in spans:
        yield f"条款写{_listed(spans)}天，规则是 within: {days} days"
    elif any(working for _, _, working, _ in found):
        yield f"条款写的是工作日，规则的 within: {days} days 按自然日算"


def _listed(numbers: set[Decimal]) -> str:
    return "、".join(map(number_text, sorted(numbers)))


def _number(text: str) -> Decimal:
    """`1,000`, `88.5`, `一百二十`, `两`."""
    if text[0].isdecimal():
        return Decimal(text.replace(",", "").replace("，", ""))
    total, digit = 0, None
    for sign in text:
        if sign in _TENS:
            total += (1 if digit is None else digit) * _TENS[sign]
            digit = None
        else:
            digit = _DIGITS[sign]
    return Decimal(total + (digit or 0))
