"""What becomes of a month's outcomes and money when a revision takes the place of the former one. Pure.

Money is settled once: a line is never changed. What no longer holds is taken back by a reversal of its
own, and what holds instead is written anew, so that payroll can follow every yuan. After any number of
settlements the lines of a key alternate between an original and its reversal, and their sum is what is due.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import count

from appraisal.intake.hr_acts import Act
from appraisal.ledger.errors import ActRefused
from appraisal.ledger.records import KeptOutcome, MoneyLine, OutcomeKey
from appraisal.period import Period
from appraisal.scheme.forms.hr_acts import DECISION_NAMES, ActKind, OutcomeDecision
from appraisal.scheme.model.outcome_rules import OutcomeType
from appraisal.scoring.outcomes import WAITS_FOR_HR, places_of_tie, tie_of
from appraisal.scoring.results import GroupResult, Outcome, OutcomeState, signed


@dataclass(frozen=True, slots=True)
class Due:
    """What an outcome in force moves: signed, not 0, and why."""

    amount: Decimal
    reason: str
    capped_by_payroll: bool = False


@dataclass(frozen=True, slots=True)
class Posting:
    """What settles: the day on which it is entered, the revision in force, why former lines are taken back, the month of payment."""

    on: date
    revision: int
    why: str
    paid_in: Period


def settle(
    recorded: Sequence[MoneyLine], wanted: Mapping[OutcomeKey, Due], posting: Posting
) -> tuple[MoneyLine, ...]:
    """The lines to add to `recorded` so that each key comes to what is wanted; keys not wanted to 0.

    `recorded` holds every line of the keys concerned. Once the lines are added, settling again adds
    nothing.
    """
    last = {line.key: line for line in sorted(recorded, key=lambda line: line.sequence)}
    lines: list[MoneyLine] = []
    for key in sorted({*last, *wanted}):
        lines += _settle_one(key, last.get(key), wanted.get(key), posting)
    return tuple(lines)


def _settle_one(
    key: OutcomeKey, last: MoneyLine | None, due: Due | None, posting: Posting
) -> list[MoneyLine]:
    """The reversal of the line that stands, then the new line; nothing where they are alike."""
    standing = last if last is not None and last.reverses is None else None
    if (standing and standing.amount) == (due and due.amount):
        return []
    lines = []
    sequence = last.sequence if last is not None else 0
    if standing is not None:
        sequence += 1
        reversal = Due(-standing.amount, posting.why, standing.capped_by_payroll)
        lines.append(_line(key, sequence, reversal, posting, reverses=standing.sequence))
    if due is not None:
        lines.append(_line(key, sequence + 1, due, posting, reverses=None))
    return lines


def _line(key: OutcomeKey, sequence: int, due: Due, posting: Posting, *, reverses: int | None) -> MoneyLine:
    return MoneyLine(
        key=key,
        sequence=sequence,
        amount=due.amount,
        reverses=reverses,
        revision=posting.revision,
        reason=due.reason,
        recorded_on=posting.on,
        paid_in=posting.paid_in,
        capped_by_payroll=due.capped_by_payroll,
    )


def updated_outcomes(
    result: GroupResult, former: Iterable[KeptOutcome], *, is_issued: bool
) -> tuple[KeptOutcome, ...]:
    """The outcomes of `result`, with what HR decided and what the notice promised before.

    Money stays apart, rule by rule; what asks no money is one outcome for each person and type.

    A decision on `former` counts on while its outcome stays the same, a tie between the same people. In an issued month an outcome
    that no longer holds stays in the list as reversed, and a deadline that moved says so; the
    outcomes of a draft simply replace each other.
    """
    before = {outcome.key: outcome for outcome in former}
    now = _by_key([_kept(result, outcome) for outcome in result.outcomes], before)
    stand = [
        _carried_on(
            outcome,
            before.get(outcome.key),
            is_same_tie=_who_is_tied(outcome, now.values()) == _who_is_tied(outcome, before.values()),
            is_issued=is_issued,
        )
        for outcome in now.values()
    ]
    gone = [outcome for outcome in before.values() if is_issued and outcome.key not in now]
    return (*stand, *(taken_back(outcome, result.revision) for outcome in gone))


def decided(outcome: KeptOutcome, decision: OutcomeDecision) -> KeptOutcome:
    """As HR decided: in force, or reversed."""
    state = OutcomeState.DUE if decision is OutcomeDecision.APPLY else OutcomeState.REVERSED
    return replace(outcome, state=state, decision=decision)


def _who_is_tied(outcome: KeptOutcome, everyones: Iterable[KeptOutcome]) -> set[str]:
    """The people of `everyones` who share the outcome's place; nobody where it is not shared."""
    tie = tie_of(outcome.reason)
    asked = (outcome.key.type, outcome.clause, tie)
    return {
        other.key.staff
        for other in everyones
        if tie is not None and stands(other) and (other.key.type, other.clause, tie_of(other.reason)) == asked
    }


def must_have_a_place(
    act: Act, outcome: KeptOutcome, everyones: Sequence[KeptOutcome], result: GroupResult | None
) -> None:
    """Of those who share a place no more are paid than the rule has places. Raises ActRefused."""
    tie = tie_of(outcome.reason)
    if tie is None or result is None:
        return
    applied = [other for other in everyones if other.decision is OutcomeDecision.APPLY]
    taken = _who_is_tied(outcome, applied) - {outcome.key.staff}
    if len(taken) >= places_of_tie(tie, outcome.key.staff, result.staff):
        names = "、".join(f"{person.id} {person.name}" for person in result.staff if person.id in taken)
        raise ActRefused(
            f"{act.month_in_words} 并列的这一名次按方案只有{len(taken)}人，已裁定 {names} 执行，"
            f"不能再裁定 {outcome.key.staff} 执行。要改的，请先裁定前面的人不执行，并写明原因。"
        )


def decisions_on(outcome: KeptOutcome, acts: Iterable[Act]) -> list[Act]:
    """HR's decisions about it, in their order; the last one counts."""
    key = outcome.key
    return [
        act
        for act in acts
        if act.kind is ActKind.DECIDE
        and (act.staff, act.outcome) == (key.staff, key.type)
        and act.item in {None, key.part}
    ]


def ground_of(outcome: KeptOutcome, acts: Iterable[Act]) -> str:
    """Why it is carried out or not: the rule's reason and, where HR decided, its decision with who made it."""
    made = decisions_on(outcome, acts)
    if outcome.decision is None or not made:
        return outcome.reason
    act = made[-1]
    because = f"：{act.reason}" if act.reason.strip() else ""
    tied = outcome.reason.replace(WAITS_FOR_HR, "")
    who = f"{act.by}，" if act.by.strip() else ""
    return f"{tied}；裁定{DECISION_NAMES[outcome.decision]}{because}（{who}{act.on}）"


def as_outcome(kept: KeptOutcome) -> Outcome:
    """As papers print it."""
    return Outcome(
        staff=kept.key.staff,
        type=kept.key.type,
        amount=kept.amount,
        due=kept.due,
        state=kept.state,
        reason=kept.reason,
        clause=kept.clause,
        capped_by_payroll=kept.capped_by_payroll,
    )


def as_decided(result: GroupResult, former: Sequence[KeptOutcome], acts: Sequence[Act]) -> GroupResult:
    """The result as its papers tell it since HR decided: money that was held is carried out, or not.

    `former` are the month's outcomes as they stand, `acts` what HR did.
    """
    made: dict[_Told, tuple[OutcomeState, date]] = {
        (outcome.key.staff, outcome.key.type, outcome.amount, outcome.reason): (
            outcome.state,
            decisions[-1].on,
        )
        for outcome in updated_outcomes(result, former, is_issued=False)
        if outcome.decision is not None
        and outcome.amount is not None
        and (decisions := decisions_on(outcome, acts))
    }
    outcomes = tuple(
        _as_told(outcome, made.get((outcome.staff, outcome.type, outcome.amount, outcome.reason)))
        for outcome in result.outcomes
    )
    return result if outcomes == result.outcomes else replace(result, outcomes=outcomes)


_Told = tuple[str, OutcomeType, Decimal | None, str]


def _as_told(outcome: Outcome, decision: tuple[OutcomeState, date] | None) -> Outcome:
    if decision is None or outcome.state is not OutcomeState.HOLD:
        return outcome
    state, day = decision
    reason = outcome.reason.replace(WAITS_FOR_HR, f"；{day}研究决定")
    return replace(outcome, state=state, reason=reason, decided_on=day)


def stands(outcome: KeptOutcome) -> bool:
    """Whether the revision in force says it, though HR may have waived it. What was taken back stands no more."""
    return outcome.state is not OutcomeState.REVERSED or outcome.decision is not None


def needs_decision(outcome: KeptOutcome) -> bool:
    """Whether HR has a say: a held outcome, a prompt to consider a transfer, or one decided before."""
    return (
        outcome.state is OutcomeState.HOLD
        or outcome.decision is not None
        or (outcome.key.type is OutcomeType.CONSIDER_TRANSFER and outcome.state is OutcomeState.DUE)
    )


def is_open(outcome: KeptOutcome) -> bool:
    """Whether HR has still to decide: money that is held, or a prompt that nobody has answered."""
    return needs_decision(outcome) and outcome.decision is None


def money_due(outcomes: Iterable[KeptOutcome], acts: Sequence[Act] = ()) -> Mapping[OutcomeKey, Due]:
    """What the outcomes in force move, signed as the person feels it; `acts` give what HR decided its ground."""
    due = {}
    for outcome in outcomes:
        if outcome.state is OutcomeState.DUE and outcome.amount:
            amount = signed(outcome.key.type, outcome.amount)
            due[outcome.key] = Due(amount, ground_of(outcome, acts), outcome.capped_by_payroll)
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


def _by_key(
    outcomes: Iterable[KeptOutcome], before: Mapping[OutcomeKey, KeptOutcome]
) -> dict[OutcomeKey, KeptOutcome]:
    """Each under its key. The parts of a person's money keep their numbers where they stay the same."""
    now: dict[OutcomeKey, KeptOutcome] = {}
    still_open: list[KeptOutcome] = []
    for outcome in outcomes:
        if outcome.amount is None:
            now[outcome.key] = _together(now[outcome.key], outcome) if outcome.key in now else outcome
        elif same := next(
            (key for key, former in before.items() if _is_part(key, former, outcome, now)), None
        ):
            now[same] = replace(outcome, key=same)
        else:
            still_open.append(outcome)
    for outcome in still_open:
        key = next(key for part in count(1) if (key := replace(outcome.key, part=part)) not in now)
        now[key] = replace(outcome, key=key)
    return now


def _is_part(
    key: OutcomeKey, former: KeptOutcome, outcome: KeptOutcome, taken: Collection[OutcomeKey]
) -> bool:
    return replace(key, part=1) == outcome.key and key not in taken and _same(former, outcome)


def _together(outcome: KeptOutcome, other: KeptOutcome) -> KeptOutcome:
    """Two rules that ask the same of one person: one plan by the earlier day, one prompt."""
    return replace(
        outcome,
        due=min((each.due for each in (outcome, other) if each.due is not None), default=None),
        reason=f"{outcome.reason}；{other.reason}",
        clause="；".join(each.clause for each in (outcome, other) if each.clause) or None,
    )


def _carried_on(
    new: KeptOutcome, former: KeptOutcome | None, *, is_same_tie: bool, is_issued: bool
) -> KeptOutcome:
    if former is None:
        return new
    if former.decision and is_same_tie and _same(new, former) and needs_decision(new):
        new = decided(new, former.decision)
    if is_issued and former.state is not OutcomeState.REVERSED:
        moved = former.due is not None and new.due != former.due
        new = replace(new, due_moved_by=new.revision if moved else former.due_moved_by)
    return new


def _same(outcome: KeptOutcome, other: KeptOutcome) -> bool:
    """Whether a decision on the one is a decision on the other: the same money for the same reason."""
    return (outcome.amount, outcome.reason) == (other.amount, other.reason)


def taken_back(outcome: KeptOutcome, revision: int) -> KeptOutcome:
    """No revision in force says it any more: what HR decided about it falls with it."""
    if not stands(outcome):
        return outcome
    return replace(outcome, state=OutcomeState.REVERSED, decision=None, revision=revision)
