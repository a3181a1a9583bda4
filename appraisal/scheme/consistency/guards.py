"""For which final scores a rule of 结果运用 applies: its grade, only_if and unless together.

Judged by trying: every whole score there can be, and those around each number that the rules name.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from functools import reduce

from appraisal.scheme.consistency.soundness import Place
from appraisal.scheme.formula import (
    Arithmetic,
    Comparison,
    Expression,
    FirstPresent,
    Negative,
    Number,
    evaluate,
    is_comparison,
    names_in,
    parse,
)
from appraisal.scheme.methods.adjust import Adjust
from appraisal.scheme.methods.method import Problem
from appraisal.scheme.model import Scheme
from appraisal.scheme.outcome_rules import OutcomeRule
from appraisal.scheme.units import POINT_DECIMALS, plain

_STEP = Decimal(1).scaleb(-POINT_DECIMALS)


def highest_final(scheme: Scheme) -> Decimal:
    """100, and what may be added to it."""
    methods = (getattr(one, Adjust.key) for one in scheme.indicators)
    return reduce(lambda high, one: high + one.most, filter(None, methods), Decimal(100))


def finals_met(rule: OutcomeRule, scheme: Scheme) -> frozenset[Decimal]:
    """Of the scores that are tried, those to which the rule applies; all where a guard cannot be judged."""
    tried = _tried(scheme)
    grade = {one for one in tried if (found := scheme.grade_of(one)) and found.name == rule.grade}
    met = grade if rule.grade is not None else tried
    if rule.only_if is not None and _is_judged(rule.only_if):
        met = met & _holding(rule.only_if, tried)
    if rule.unless is not None and _is_judged(rule.unless):
        met = met - _holding(rule.unless, tried)
    return frozenset(met)


def problems_of_guards(rule: OutcomeRule, place: Place, scheme: Scheme) -> Iterator[Problem]:
    """Guards that hold for no score, or for every one."""
    tried = _tried(scheme)
    between = f"综合得分在 0 到 {plain(highest_final(scheme))} 之间，"
    never = {"only_if": "这个条件永远不成立，这一条永远用不上", "unless": "这个除外条件永远不成立，等于没写"}
    always = {"only_if": "这个条件总是成立，等于没写", "unless": "这个除外条件总是成立，这一条永远用不上"}
    told = False
    for key in ("only_if", "unless"):
        formula = getattr(rule, key)
        if formula is None or not _is_judged(formula):
            continue
        holding = _holding(formula, tried)
        if not holding or holding == tried:
            told = True
            yield Problem((*place, key), between + (always if holding else never)[key])
    if not told and not finals_met(rule, scheme) and (rule.grade is None or _is_known(rule, scheme)):
        yield Problem(place, f"{between}没有哪个得分同时符合等级、only_if 和 unless，这一条永远用不上")


def _is_known(rule: OutcomeRule, scheme: Scheme) -> bool:
    return rule.grade in {one.name for one in scheme.grades}


def _is_judged(formula: str) -> bool:
    """A comparison about the final score alone; anything else is told elsewhere."""
    tree = parse(formula)
    return is_comparison(tree) and set(names_in(tree)) <= {"final"}


def _holding(formula: str, finals: frozenset[Decimal]) -> frozenset[Decimal]:
    column = sorted(finals)
    held = evaluate(parse(formula), {"final": column}, len(column))
    return frozenset(one for one, holds in zip(column, held, strict=True) if holds)


def _tried(scheme: Scheme) -> frozenset[Decimal]:
    high = highest_final(scheme)
    named = [one.from_ for one in scheme.grades if one.from_ is not None]
    for rule in scheme.outcomes.rules:
        for formula in filter(None, (rule.only_if, rule.unless)):
            named += _numbers(parse(formula))
    around = {number + off for number in named for off in (-_STEP, Decimal(0), _STEP)}
    return frozenset(one for one in {*map(Decimal, range(int(high) + 1)), high, *around} if 0 <= one <= high)


def _numbers(tree: Expression) -> Iterator[Decimal]:
    match tree:
        case Number(value):
            yield value
        case Negative(inner):
            yield from _numbers(inner)
        case Arithmetic(_, left, right) | Comparison(_, left, right) | FirstPresent(left, right):
            yield from _numbers(left)
            yield from _numbers(right)
        case _:
            return
