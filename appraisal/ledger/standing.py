"""What stands of a month's outcomes once a revision takes the place of the former one. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from appraisal.ledger.records import Decision, KeptOutcome, OutcomeKey
from appraisal.ledger.settlement import Due
from appraisal.scheme.model.outcome_rules import OutcomeType
from appraisal.scoring.results import GroupResult, Outcome, OutcomeState


def standing(
    result: GroupResult, former: Iterable[KeptOutcome], *, is_issued: bool
) -> tuple[KeptOutcome, ...]:
    """The outcomes of `result`, with what HR decided and what the notice promised before.

    A decision on `former` counts on while its outcome stays the same. In an issued month an outcome
    that no longer holds stays in the list as reversed, and a deadline that moved says so; the
    outcomes of a draft simply replace each other.
    """
    before = {one.key: one for one in former}
    now: dict[OutcomeKey, KeptOutcome] = {}
    for outcome in result.outcomes:
        new = _kept(result, outcome)
        now[new.key] = _together(now[new.key], new) if new.key in now else new
    stand = [_carried_on(one, before.get(one.key), is_issued=is_issued) for one in now.values()]
    gone = [one for one in before.values() if is_issued and one.key not in now]
    return (*stand, *(_taken_back(one, result.revision) for one in gone))


def decided(outcome: KeptOutcome, decision: Decision) -> KeptOutcome:
    """As HR decided: in force, or reversed."""
    state = OutcomeState.DUE if decision is Decision.APPLY else OutcomeState.REVERSED
    return replace(outcome, state=state, decision=decision)


def needs_decision(outcome: KeptOutcome) -> bool:
    """Whether HR has a say: a held outcome, a prompt to consider a transfer, or one decided before."""
    return (
        outcome.state is OutcomeState.HOLD
        or outcome.decision is not None
        or (outcome.key.type is OutcomeType.CONSIDER_TRANSFER and outcome.state is OutcomeState.DUE)
    )


def money_due(outcomes: Iterable[KeptOutcome]) -> Mapping[OutcomeKey, Due]:
    """What the outcomes in force move, signed as the person feels it."""
    due = {}
    for one in outcomes:
        if one.state is OutcomeState.DUE and one.amount:
            sign = -1 if one.key.type is OutcomeType.DEDUCT else 1
            due[one.key] = Due(sign * one.amount, one.reason, one.capped_by_payroll)
    return due


def _kept(result: GroupResult, outcome: Outcome) -> KeptOutcome:
    return KeptOutcome(
        key=OutcomeKey(result.group, result.period, outcome.staff, outcome.type),
        revision=result.revision,
        state=outcome.state,
        amount=outcome.amount,
        due=outcome.due,
        reason=outcome.reason,
        clause=outcome.clause,
        capped_by_payroll=outcome.capped_by_payroll,
        decision=None,
        due_moved_by=None,
    )


def _together(one: KeptOutcome, other: KeptOutcome) -> KeptOutcome:
    """Two rules that ask the same of one person: money adds up, one held part holds all."""
    amounts = [each.amount for each in (one, other) if each.amount is not None]
    return replace(
        one,
        state=OutcomeState.HOLD if OutcomeState.HOLD in {one.state, other.state} else one.state,
        amount=sum(amounts, Decimal(0)) if amounts else None,
        due=min((each.due for each in (one, other) if each.due is not None), default=None),
        reason=f"{one.reason}；{other.reason}",
        clause="；".join(each.clause for each in (one, other) if each.clause) or None,
        capped_by_payroll=one.capped_by_payroll or other.capped_by_payroll,
    )


def _carried_on(new: KeptOutcome, former: KeptOutcome | None, *, is_issued: bool) -> KeptOutcome:
    if former is None:
        return new
    if former.decision and _same(new, former) and needs_decision(new):
        new = decided(new, former.decision)
    if is_issued and former.state is not OutcomeState.REVERSED:
        moved = former.due is not None and new.due != former.due
        new = replace(new, due_moved_by=new.revision if moved else former.due_moved_by)
    return new


def _same(one: KeptOutcome, other: KeptOutcome) -> bool:
    """Whether a decision on the one is a decision on the other: the same money for the same reason."""
    return (one.amount, one.reason) == (other.amount, other.reason)


def _taken_back(outcome: KeptOutcome, revision: int) -> KeptOutcome:
    if outcome.state is OutcomeState.REVERSED:
        return outcome
    return replace(outcome, state=OutcomeState.REVERSED, revision=revision)


def all_taken_back(outcomes: Sequence[KeptOutcome], revision: int) -> tuple[KeptOutcome, ...]:
    """As a withdrawn month leaves them: nothing holds, and no decision counts any more."""
    return tuple(replace(_taken_back(one, revision), decision=None) for one in outcomes)
