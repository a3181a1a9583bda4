"""What would be wrong with what follows (结果运用): money, plans, guards, rules that contradict."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

from appraisal.scheme.consistency.guards import finals_met, problems_of_guards
from appraisal.scheme.consistency.soundness import Place, unknown_names
from appraisal.scheme.data_fields import FieldType
from appraisal.scheme.forms import COMMISSION
from appraisal.scheme.formula import is_comparison, parse
from appraisal.scheme.methods.method import Problem
from appraisal.scheme.model import Scheme
from appraisal.scheme.outcome_rules import OutcomeRule, OutcomeType
from appraisal.text import did_you_mean


def problems_of_outcomes(scheme: Scheme) -> Iterator[Problem]:
    """Each rule by itself, then the rules beside each other."""
    for at, rule in enumerate(scheme.outcomes.rules):
        yield from _outcome(rule, ("outcomes", "rules", at), scheme)
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
    yield from problems_of_guards(rule, place, scheme)


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


def _two_prompts(rules: Sequence[OutcomeRule]) -> Iterator[Problem]:
    """Whoever is last for four months has been last for three."""
    prompts = [at for at, rule in enumerate(rules) if rule.months_running is not None]
    for at in prompts[1:]:
        yield Problem(
            ("outcomes", "rules", at),
            f"与第{prompts[0] + 1}条都是连续末位，同一个人会提请两次；请只写月数最少的一条",
        )


_AGAINST = {OutcomeType.DEDUCT: "扣减", OutcomeType.RECTIFICATION: "整改"}


def _grades_against_each_other(scheme: Scheme) -> Iterator[Problem]:
    """A grade that is rewarded and punished at once, or one that is rewarded below one that is not."""
    order = [one.name for one in scheme.grades]
    of_grades = [(at, rule) for at, rule in enumerate(scheme.outcomes.rules) if rule.grade in order]
    for (one, first), (other, second) in combinations(of_grades, 2):
        good, bad = (first, second) if first.do is OutcomeType.REWARD else (second, first)
        if good.do is not OutcomeType.REWARD or bad.do not in _AGAINST:
            continue
        place: Place = ("outcomes", "rules", other)
        against = _AGAINST[bad.do]
        if good.grade == bad.grade and finals_met(good, scheme) & finals_met(bad, scheme):
            yield Problem(place, f"与第{one + 1}条矛盾：等级为{good.grade}的人又奖励又{against}")
        elif order.index(good.grade or "") > order.index(bad.grade or ""):
            yield Problem(place, f"与第{one + 1}条矛盾：{bad.grade}级{against}，更低的{good.grade}级反而奖励")
