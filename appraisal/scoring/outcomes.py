"""What follows from the places (结果运用): money, rectification, the prompt to consider a transfer."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from appraisal.period import Period
from appraisal.scheme.formula.parse import evaluate, parse
from appraisal.scheme.formula.printing import guard_in_words
from appraisal.scheme.model.outcome_rules import OutcomeRule, OutcomeType
from appraisal.scheme.model.scheme import Scheme
from appraisal.scheme.model.units import money, round_half_up
from appraisal.scoring.deadlines import due_date
from appraisal.scoring.final_score import last_placed, months_last, sole_last
from appraisal.scoring.results import NOTHING_LEFT, History, Outcome, OutcomeState, StaffResult

Commissions = Mapping[str, Mapping[str, Decimal | None]]
"""By staff id: the figures that a deduction may be taken from (当月提成), None where unknown."""


@dataclass(frozen=True, slots=True)
class GroupOutcomes:
    """What follows, or why nothing does; warnings are sentences for HR."""

    outcomes: tuple[Outcome, ...]
    none_because: str | None
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Issue:
    """What is decided outside the figures: the paper's revision and date, days off, 试运行.

    `promised_deadlines` are those, by person, of the issued notice that this one follows: they stand.
    """

    issued: date
    revision: int = 1
    extra_holidays: tuple[date, ...] = ()
    is_trial: bool = False
    promised_deadlines: Mapping[str, date] = field(default_factory=dict)


def outcomes_of_group(
    staff: Sequence[StaffResult],
    scheme: Scheme,
    *,
    period: Period,
    history: History,
    issue: Issue,
    commissions: Commissions,
) -> GroupOutcomes:
    """Every outcome, in the order of the rules and, within a rule, of the places."""
    ranked = sorted((person for person in staff if person.ranked), key=lambda person: -_final(person))
    because = _why_none(ranked, scheme, is_trial=issue.is_trial)
    if because is not None:
        return GroupOutcomes((), because, ())
    outcomes: list[Outcome] = []
    warnings: list[str] = []
    taken: defaultdict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for rule in _rules_that_apply(scheme, ranked):
        meant = _people(rule, ranked, scheme, period, history)
        spared = {person.id: warning for person in meant if (warning := _spared(person, rule))}
        people = [person for person in meant if person.id not in spared]
        warnings += spared.values()
        if rule.do is OutcomeType.CONSIDER_TRANSFER:
            outcomes += [_prompt(person, rule, period) for person in people]
        elif rule.do is OutcomeType.RECTIFICATION:
            assert rule.days is not None
            deadline = due_date(issue.issued, rule.days, issue.extra_holidays)
            anew = [person for person in people if person.id not in issue.promised_deadlines]
            warnings += [deadline.warning] if deadline.warning and anew else []
            due = {person.id: issue.promised_deadlines.get(person.id, deadline.day) for person in people}
            outcomes += [_no_money(person, rule, rule.condition, due[person.id]) for person in people]
        else:
            held = _held(rule, meant)  # before a guard: who of a tie the rule means is open all the same
            outcomes += [_money(person, rule, held, commissions[person.id], taken) for person in people]
    return GroupOutcomes(tuple(outcomes), None, tuple(dict.fromkeys(warnings)))


def _final(person: StaffResult) -> Decimal:
    assert person.final is not None
    return person.final


def _why_none(ranked: Sequence[StaffResult], scheme: Scheme, *, is_trial: bool) -> str | None:
    minimum = scheme.outcomes.minimum
    if is_trial:
        return "试运行期间只计分、不执行结果运用。"
    if len(ranked) < minimum:
        return f"本月参与排名{len(ranked)}人，少于{minimum}人，按方案不执行结果运用。"
    if not _rules_that_apply(scheme, ranked) and scheme.outcomes.rules:
        return "本月参与排名人员综合得分全部相同，并列同一名次，不执行结果运用。"
    return None


def _rules_that_apply(scheme: Scheme, ranked: Sequence[StaffResult]) -> list[OutcomeRule]:
    """All rules; where everybody shares one place, only those that ask for a grade and not for a place."""
    all_level = len({person.final for person in ranked}) == 1
    return [rule for rule in scheme.outcomes.rules if rule.grade is not None or not all_level]


def _spared(person: StaffResult, rule: OutcomeRule) -> str | None:
    """For HR: a guard of the rule file kept the rule from this person; None where none did."""
    if rule.only_if is not None and not _holds(rule.only_if, person):
        formula, otherwise = rule.only_if, "不满足"
    elif rule.unless is not None and _holds(rule.unless, person):
        formula, otherwise = rule.unless, "符合除外条件"
    else:
        return None
    condition = guard_in_words(formula)
    return (
        f"{person.name}{rule.condition}，综合得分{person.final}，{otherwise}“{condition}”，这一条没有执行。"
    )


def _people(
    rule: OutcomeRule, ranked: Sequence[StaffResult], scheme: Scheme, period: Period, history: History
) -> list[StaffResult]:
    """Whom the rule means. `ranked` runs from the highest final to the lowest, two or more finals."""
    if rule.grade is not None:
        grades = {person.id: scheme.grade_of(person.final) for person in ranked}
        return [person for person in ranked if (grade := grades[person.id]) and grade.name == rule.grade]
    if rule.when == "first":
        return [person for person in ranked if person.rank == 1]
    if rule.when == "last":
        return last_placed(ranked)
    if rule.lowest_places is not None:
        cut = _final(ranked[-min(rule.lowest_places, len(ranked))])
        return [person for person in ranked if _final(person) <= cut and _final(person) != _final(ranked[0])]
    assert rule.months_running is not None
    last = sole_last(ranked)
    if last is None or months_last(last.id, period, history) < rule.months_running:
        return []
    return [last]


def _holds(formula: str, person: StaffResult) -> bool:
    return evaluate(parse(formula), {"final": [person.final]}, 1) == [1]


def _prompt(person: StaffResult, rule: OutcomeRule, period: Period) -> Outcome:
    assert rule.months_running is not None
    months = "、".join(str(period.shifted(-back)) for back in reversed(range(rule.months_running)))
    return _no_money(person, rule, f"{months}{rule.condition}")


def _no_money(person: StaffResult, rule: OutcomeRule, reason: str, due: date | None = None) -> Outcome:
    return Outcome(
        staff=person.id,
        type=rule.do,
        amount=None,
        due=due,
        state=OutcomeState.DUE,
        reason=reason,
        clause=rule.clause,
    )


def _held(rule: OutcomeRule, people: Sequence[StaffResult]) -> frozenset[str]:
    """Who waits for HR: those tied at the cut, where more people stand there than the rule means."""
    if rule.grade is not None or rule.if_tied == "each" or len(people) <= (rule.lowest_places or 1):
        return frozenset()
    cut = max(_final(person) for person in people)
    return frozenset(person.id for person in people if _final(person) == cut)


WAITS_FOR_HR = "，待研究确定"


def tie_of(reason: str) -> str | None:
    """What the reasons of those who share a place say alike; None where the place is nobody else's."""
    alike, is_shared, _ = reason.partition(WAITS_FOR_HR)
    return alike if is_shared else None


def places_of_tie(tie: str, person: str, staff: Sequence[StaffResult]) -> int:
    """How many of those who share the person's place the rule means: as many as it names, less who stands below."""
    lowest = re.search(r"后(\d+)名", tie)
    if lowest is None:
        return 1
    finals = {person.id: person.final for person in staff if person.final is not None and person.ranked}
    return int(lowest[1]) - sum(final < finals[person] for final in finals.values())


def _money(
    person: StaffResult,
    rule: OutcomeRule,
    held: Collection[str],
    sources: Mapping[str, Decimal | None],
    taken: defaultdict[tuple[str, str], Decimal],
) -> Outcome:
    """The reward or deduction. What is `taken` from a source is not there any more for the rules after it."""
    assert rule.amount is not None
    amount, reason, capped = round_half_up(rule.amount, 2), rule.condition, False
    state = OutcomeState.HOLD if person.id in held else OutcomeState.DUE
    if state is OutcomeState.HOLD:
        reason = f"{len(held)}人并列{rule.condition}{WAITS_FOR_HR}"
    if rule.from_ is not None:
        known, before = sources.get(rule.from_), taken[person.id, rule.from_]
        if known is None:
            capped = True
            reason += "；由财务按实际提成核定"
        elif known - before < amount:
            amount = round_half_up(known - before, 2)
            limit = (
                f"以{rule.from_}{'的余额' if before else ''}{money(amount)}为限" if amount else NOTHING_LEFT
            )
            reason += f"；{limit}"
        taken[person.id, rule.from_] += amount
    return Outcome(
        staff=person.id,
        type=rule.do,
        amount=amount,
        due=None,
        state=state,
        reason=reason,
        clause=rule.clause,
        capped_by_payroll=capped,
    )
