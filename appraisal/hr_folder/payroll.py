"""What 奖励与提成调整明细 lists: the ledger's money lines, and what is still to be issued or decided."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from appraisal.hr_folder.facts import Names, PeriodFacts
from appraisal.ledger.records import KeptOutcome, MoneyLine, OutcomeKey
from appraisal.publish.hr.grades import GradeLine
from appraisal.publish.hr.payroll import LineState, Payroll, PayrollLine
from appraisal.scheme.model.outcome_rules import OutcomeType
from appraisal.scoring.results import OutcomeState

_MONEY = (OutcomeType.REWARD, OutcomeType.DEDUCT)


def payroll_of(facts: PeriodFacts, grades: Iterable[GradeLine]) -> Payroll:
    """Every line of the appraised period; beside them, what other periods move in the same months."""
    books, period = facts.books, facts.period
    months = (*facts.months, *facts.withdrawn)
    lines = books.outcomes.lines_of_months([one.group for one in months], period)
    paid_in = sorted({period.shifted(1), *(line.paid_in for line in lines)})
    elsewhere = [
        line for month in paid_in for line in books.outcomes.lines_paid_in(month) if line.key.period != period
    ]
    outcomes = {one.key: one for one in facts.outcomes if one.key.type in _MONEY}
    issued = {one.group for one in months if one.is_issued}
    names = Names(books)
    order = {group: at for at, group in enumerate(facts.in_order(one.group for one in months))}
    told = sorted(_of_period(lines, outcomes, issued, names), key=lambda one: order[one.group])
    return Payroll(
        period=period,
        lines=tuple(told),
        elsewhere=tuple(line for one in _by_key(elsewhere).values() for line in _written(one, None, names)),
        grades=tuple(grades),
    )


def _by_key(lines: Iterable[MoneyLine]) -> dict[OutcomeKey, list[MoneyLine]]:
    found: defaultdict[OutcomeKey, list[MoneyLine]] = defaultdict(list)
    for line in lines:
        found[line.key].append(line)
    return found


def _of_period(
    lines: Iterable[MoneyLine],
    outcomes: Mapping[OutcomeKey, KeptOutcome],
    issued: Collection[str],
    names: Names,
) -> Iterator[PayrollLine]:
    """By person and type: the lines written, then the outcome where they do not say it yet."""
    by_key = _by_key(lines)
    for key in sorted({*by_key, *outcomes}):
        written, outcome = by_key.get(key, []), outcomes.get(key)
        yield from _written(written, outcome, names)
        if outcome is not None and not _is_settled(outcome, written):
            yield _unsettled(outcome, names, is_issued=key.group in issued)


def _is_settled(outcome: KeptOutcome, written: Sequence[MoneyLine]) -> bool:
    """Whether the lines say how the outcome stands: the last one holds, or takes back what was reversed."""
    if not written:
        return False
    if outcome.state is OutcomeState.DUE:
        return written[-1].reverses is None
    return outcome.state is OutcomeState.REVERSED


def _written(lines: Sequence[MoneyLine], outcome: KeptOutcome | None, names: Names) -> Iterator[PayrollLine]:
    taken_back = {line.reverses for line in lines}
    for line in lines:
        if line.reverses is not None:
            state = LineState.REVERSAL
        else:
            state = LineState.TAKEN_BACK if line.sequence in taken_back else LineState.IN_FORCE
        yield PayrollLine(
            key=str(line.key),
            sequence=line.sequence,
            period=line.key.period,
            group=line.key.group,
            staff=line.key.staff,
            name=names.of(line.key),
            type=line.key.type,
            amount=line.amount,
            reason=line.reason,
            clause=outcome.clause if outcome else None,
            state=state,
            revision=line.revision,
            paid_in=line.paid_in,
            recorded_on=line.recorded_on,
        )


def _unsettled(outcome: KeptOutcome, names: Names, *, is_issued: bool) -> PayrollLine:
    """An outcome without a line that holds: not issued, held, or never in force."""
    in_force = LineState.IN_FORCE if is_issued else LineState.NOT_ISSUED
    states = {OutcomeState.DUE: in_force, OutcomeState.HOLD: LineState.HELD}
    sign = -1 if outcome.key.type is OutcomeType.DEDUCT else 1
    return PayrollLine(
        key=str(outcome.key),
        sequence=None,
        period=outcome.key.period,
        group=outcome.key.group,
        staff=outcome.key.staff,
        name=names.of(outcome.key),
        type=outcome.key.type,
        amount=sign * (outcome.amount or Decimal(0)),
        reason=outcome.reason,
        clause=outcome.clause,
        state=states.get(outcome.state, LineState.TAKEN_BACK),
        revision=outcome.revision,
        paid_in=None,
        recorded_on=None,
    )
