"""What waiting corrections would change, worked out by agreeing to them in a rehearsal: nothing is entered.

Each is rehearsed once, and again only when its month has moved on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from appraisal.hr.corrections import CorrectionPreview, PersonChange, StandsAt, preview_of
from appraisal.ledger.errors import ActRefused
from appraisal.ledger.ledger import Transaction
from appraisal.ledger.outcome_changes import as_outcome
from appraisal.ledger.records import Act, KeptOutcome, WaitingCorrection
from appraisal.period import Period
from appraisal.pipeline.context import RunContext
from appraisal.pipeline.hr_act_effects import effect_of
from appraisal.publish.wording import NOT_RANKED, outcomes_in_brief
from appraisal.scheme.forms.hr_acts import ActKind
from appraisal.scheme.model.outcome_rules import OutcomeType
from appraisal.scoring.final_score import counted_last, months_last
from appraisal.scoring.results import OutcomeState, StaffResult


def preview_corrections(context: RunContext) -> None:
    """Work out those that are new or whose month has moved on, and have HR's lists written with them."""
    with context.ledger.reading() as transaction:
        waiting = [(one, _month_as_it_stands(transaction, one)) for one in transaction.corrections.all()]
    for correction, made_of in waiting:
        known = preview_of(correction)
        if known is None or known.made_of != made_of:
            preview = _rehearsed(context, correction, made_of)
            with context.ledger.writing() as transaction:
                transaction.corrections.previewed(correction, preview.as_text())
                transaction.pending_hr_folders.note(correction.period)


def _month_as_it_stands(transaction: Transaction, correction: WaitingCorrection) -> str:
    """It becomes another with every revision, act and self-assessment."""
    group, period = correction.group, correction.period
    revision = len(transaction.months.revisions(group, period))
    acts = len(transaction.acts.find(group=group, period=period))
    return f"{revision}.{acts}.{len(transaction.self_forms.ever(group, period))}"


def _rehearsed(context: RunContext, correction: WaitingCorrection, made_of: str) -> CorrectionPreview:
    group, period = correction.group, correction.period
    day = max(context.today, correction.received_on)
    act = Act(ActKind.APPROVE_CORRECTION, period, group, day, "", "", item=correction.number)
    with context.ledger.rehearsing() as transaction:
        later = tuple(map(str, transaction.months.periods_after(group, period)))
        before = _everybody(transaction, group, period)
        try:
            effect_of(context, act, transaction).write(transaction)
        except ActRefused as refused:
            return CorrectionPreview(made_of, obstacle=str(refused))
        after = _everybody(transaction, group, period)
    changes = tuple(
        PersonChange(staff, (before.get(staff) or after[staff]).name, *both)
        for staff in {**after, **before}
        if len(set(both := (_of(before, staff), _of(after, staff)))) > 1
    )
    return CorrectionPreview(made_of, changes, len({**after, **before}) - len(changes), later)


@dataclass(frozen=True, slots=True)
class _Stands:
    name: str
    standing: StandsAt


_ABSENT = StandsAt(score="不在名单", rank="不在名单")


def _of(people: Mapping[str, _Stands], staff: str) -> StandsAt:
    return people[staff].standing if staff in people else _ABSENT


def _everybody(transaction: Transaction, group: str, period: Period) -> dict[str, _Stands]:
    """As the month stands in the ledger, by staff id in the order of its places."""
    result = transaction.months.result(group, period)
    assert result is not None
    history = transaction.past.before(group, period)
    follows: dict[str, list[KeptOutcome]] = {}
    for one in transaction.outcomes.of_month(group, period):
        if one.state is not OutcomeState.REVERSED:
            follows.setdefault(one.key.staff, []).append(one)
    last = counted_last(result)

    def standing(person: StaffResult) -> StandsAt:
        return StandsAt(
            score="" if person.final is None else str(person.final),
            rank=NOT_RANKED if person.rank is None else f"第{person.rank}名",
            money=_in_brief(follows.get(person.id, ()), OutcomeType.REWARD, OutcomeType.DEDUCT),
            streak=f"{months_last(person.id, period, history)}个月" if person is last else "",
            plan=_in_brief(follows.get(person.id, ()), OutcomeType.RECTIFICATION),
        )

    return {one.id: _Stands(one.name, standing(one)) for one in (*result.ranked, *result.not_ranked)}


def _in_brief(outcomes: Sequence[KeptOutcome], *wanted: OutcomeType) -> str:
    return outcomes_in_brief(as_outcome(one) for one in outcomes if one.key.type in wanted)
