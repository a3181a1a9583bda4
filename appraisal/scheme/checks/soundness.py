"""What a careful reader would find wrong in a scheme whose parts are each well-formed, or would ask about."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from appraisal.scheme.checks.indicators import (
    problems_of_forms,
    problems_of_indicators,
    problems_of_overrides,
    problems_of_reviewers,
    problems_of_tables,
    problems_of_weights,
)
from appraisal.scheme.checks.names import doubled_columns, doubled_names
from appraisal.scheme.checks.outcomes import (
    finals_met,
    problems_of_grades,
    problems_of_outcomes,
    problems_of_ranking,
    said_otherwise,
)
from appraisal.scheme.checks.ranges import problems_of_ranges
from appraisal.scheme.methods.method import Place, Problem
from appraisal.scheme.model.outcome_rules import OutcomeRule, OutcomeType
from appraisal.scheme.model.scheme import Scheme

_AGAINST = {OutcomeType.DEDUCT: "扣减", OutcomeType.RECTIFICATION: "整改"}


def doubts(scheme: Scheme) -> Iterator[Problem]:
    """Deductions without a limit, clauses that say something else than their rule, rules that may meet in one person.

    Nothing is refused for it.
    """
    rules = scheme.outcomes.rules
    for at, rule in enumerate(rules):
        if rule.do is OutcomeType.DEDUCT and rule.from_ is None:
            yield Problem(_place(at), "没有写 from（例如 当月提成），扣减没有上限，可能扣到提成以外的工资")
        for said in said_otherwise(rule):
            yield Problem((*_place(at), "clause"), f"{said}；两处应当一致，请改其中一处")
    for (one, first), (other, second) in combinations(enumerate(rules), 2):
        sentence = _meeting(first, second, scheme) or _meeting(second, first, scheme)
        if sentence is not None:
            yield Problem(_place(other), f"与第{one + 1}条可能落到同一个人身上：{sentence}")
    kinds = {(rule.when, rule.do) for rule in rules}
    both = {("first", OutcomeType.REWARD), ("last", OutcomeType.DEDUCT)} <= kinds
    if both and scheme.outcomes.minimum <= 2:
        yield Problem(("outcomes", "minimum"), "只有两个人参加排名时，也会奖一个、扣一个")


def _place(at: int) -> Place:
    return "outcomes", "rules", at


def _meeting(good: OutcomeRule, bad: OutcomeRule, scheme: Scheme) -> str | None:
    """What one person may get of both, a place by the one and a grade by the other; None where none can."""
    if (good.grade is None) is (bad.grade is None) or not finals_met(good, scheme) & finals_met(bad, scheme):
        return None
    if good.do is OutcomeType.REWARD and bad.do in _AGAINST:
        return f"又奖励又{_AGAINST[bad.do]}；不是这个意思的，请用 only_if 或 unless 分开"
    if good.do is bad.do is OutcomeType.RECTIFICATION and good.grade is None:
        return "整改方案只交一份，按较早的期限；不是这个意思的，请只写一条"
    return None


__all__ = ["doubts", "inconsistencies"]


def inconsistencies(scheme: Scheme) -> Iterator[Problem]:
    """Every mistake between the parts: names, sums, bands, formulas, outcomes that contradict."""
    yield from doubled_names(scheme)
    yield from doubled_columns(scheme)
    yield from problems_of_indicators(scheme)
    yield from problems_of_tables(scheme)
    yield from problems_of_reviewers(scheme)
    yield from problems_of_forms(scheme)
    yield from problems_of_weights(scheme)
    yield from problems_of_overrides(scheme)
    yield from problems_of_ranking(scheme)
    yield from problems_of_grades(scheme)
    yield from problems_of_outcomes(scheme)
    yield from problems_of_ranges(scheme)
