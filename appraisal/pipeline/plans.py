"""整改方案 and 面谈记录 that come back: filed in the month's folder, or returned with the cell that lacks something."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from appraisal.findings.finding import Finding, has_errors
from appraisal.intake.plans_and_appeals import InterviewReading, PlanReading
from appraisal.ledger.ledger import Transaction
from appraisal.ledger.records import MonthState, PlanState, Talk
from appraisal.pipeline.context import RunContext
from appraisal.pipeline.dropped_file import DroppedFile
from appraisal.pipeline.placing import MARKS, SUBMITTED, note_placed, open_outbox, surroundings
from appraisal.pipeline.reply import file_away, give_back, reply_unchanged
from appraisal.pipeline.reports import Status
from appraisal.pipeline.revisions import papers_as_published
from appraisal.pipeline.setup import PastSetupError
from appraisal.scheme.forms.personal import INTERVIEW_SHEET, PLAN_SHEET, paper_name
from appraisal.validation.other_forms import PlanOnRecord, check_plan, check_talk
from appraisal.workspace.names import month_folder, safe_file_name


def plan_on_record(transaction: Transaction, reading: PlanReading | InterviewReading) -> PlanOnRecord:
    """What the ledger says of the person's plan, for `check_plan` and `check_talk`."""
    group, period, staff = reading.group, reading.period, reading.staff
    if group is None or period is None or staff is None:
        return PlanOnRecord()
    month = transaction.months.get(group, period)
    plan = transaction.plans.get(group, period, staff)
    if plan is None:
        return PlanOnRecord(is_withdrawn=month is not None and month.state is MonthState.WITHDRAWN)
    return PlanOnRecord(
        due=plan.due,
        is_issued=plan.is_issued,
        submitted_on=plan.submitted_on,
        accepted_on=plan.judged_on if plan.state is PlanState.ACCEPTED else None,
        waits_since=plan.complete_on if plan.state is PlanState.SUBMITTED else None,
    )


def keep_plan(
    transaction: Transaction, reading: PlanReading, about: Sequence[Finding], *, sha256: str, today: date
) -> PlanState | None:
    """Write into the ledger what became of the plan: its new state.

    `about` is what `check_plan` found. Where that has an error the plan is not the person's to give:
    nothing is written, and the state is None. Nor where a plan that has been taken would be undone by a copy that
    lacks something: only the manager's word sends that one back. Otherwise what the paper lacks does.
    """
    if reading.group is None or reading.period is None or reading.staff is None or has_errors(about):
        return None
    plan = transaction.plans.get(reading.group, reading.period, reading.staff)
    if plan is None or (reading.is_mistaken and plan.state in MARKS):
        return None
    if has_errors(reading.findings):
        transaction.plans.returned(plan, today, sha256, reading.goals, is_judged=reading.is_more_wanted)
        return PlanState.RETURNED
    if reading.is_agreed:
        transaction.plans.accepted(plan, today, sha256, reading.goals)
        return PlanState.ACCEPTED
    transaction.plans.submitted(plan, today, sha256, reading.goals)
    return PlanState.SUBMITTED


_NOTES = {
    PlanState.SUBMITTED: "整改方案已收下，等店长审核。",
    PlanState.ACCEPTED: "整改方案店长已同意。",
}


def take_plan(context: RunContext, dropped: DroppedFile) -> None:
    """Hold the plan against the ledger, and write there how far it has come."""
    reading = dropped.paper
    assert isinstance(reading, PlanReading)
    group, period, staff, sha256 = reading.group, reading.period, reading.staff, dropped.claimed.sha256
    with context.ledger.reading() as transaction:
        record = plan_on_record(transaction, reading)
        plan = transaction.plans.get(group, period, staff) if group and period and staff else None
    if plan is not None and plan.sha256 == sha256 and plan.state in _NOTES:
        reply_unchanged(context, dropped)
        return
    about = check_plan(reading, record, surroundings(context, dropped))
    dropped.add(*about)

    def keep(transaction: Transaction) -> PlanState | None:
        return keep_plan(transaction, reading, about, sha256=sha256, today=context.today)

    if dropped.is_faulty:
        # Written first: until its papers are placed the file stays in the inbox, and it is done again.
        with context.ledger.writing() as transaction:
            is_returned = keep(transaction) is PlanState.RETURNED
        if is_returned:
            _take_away(context, dropped, reading)
        give_back(context, dropped)
        return
    state = PlanState.ACCEPTED if reading.is_agreed else PlanState.SUBMITTED
    _file(context, dropped, reading, MARKS[state], note=_NOTES[state], keep=keep)


def take_talk(context: RunContext, dropped: DroppedFile) -> None:
    """File the record of a talk, and write into the ledger that it has come."""
    reading = dropped.paper
    assert isinstance(reading, InterviewReading)
    with context.ledger.reading() as transaction:
        record = plan_on_record(transaction, reading)
        talks = (
            transaction.plans.talks_of(reading.group, reading.period)
            if reading.group and reading.period
            else {}
        )
    former = talks.get(reading.staff or "")
    if former is not None and former.sha256 == dropped.claimed.sha256:
        reply_unchanged(context, dropped)
        return
    about = check_talk(reading, record, surroundings(context, dropped))
    dropped.add(*about)
    if dropped.is_faulty:
        give_back(context, dropped)
        return
    group, period = dropped.month
    assert reading.staff is not None
    assert reading.held_on is not None
    talk = Talk(
        group=group,
        period=period,
        staff=reading.staff,
        held_on=reading.held_on,
        received_on=context.today,
        sha256=dropped.claimed.sha256,
    )
    note = "面谈记录已收下。"
    _file(context, dropped, reading, SUBMITTED, note=note, keep=lambda on: on.plans.talked(talk))


# --------------------------------------------------------------------------- in the month's folder


def _file(
    context: RunContext,
    dropped: DroppedFile,
    reading: PlanReading | InterviewReading,
    mark: str,
    *,
    note: str,
    keep: Callable[[Transaction], object],
) -> None:
    """The filled form into the month's folder instead of the empty one, and its state into the ledger."""
    names = _names(context, dropped, reading)
    instead_of = [name for other, name in names.items() if other != mark]
    report = dropped.report_as(Status.ACCEPTED, note)
    file_away(context, dropped, report, names[mark], instead_of=instead_of, change=keep)


def _take_away(context: RunContext, dropped: DroppedFile, reading: PlanReading) -> None:
    """A plan that goes back lies in the month's folder no more; an empty form does again."""
    folder, names = month_folder(*dropped.month), _names(context, dropped, reading)
    outbox = open_outbox(context, safe_file_name(dropped.month[0]))
    filed = [f"{folder}/{name}" for mark, name in names.items() if mark]
    outbox.drop(filed, or_like=dropped.claimed.archived.read_bytes())
    outbox.place(folder, _empty_form(context, dropped, names[""]))
    with context.ledger.writing() as transaction:
        note_placed(transaction, outbox)


def _empty_form(context: RunContext, dropped: DroppedFile, name: str) -> dict[str, bytes]:
    """As it was published; nothing where the month cannot be made again."""
    with context.ledger.reading() as transaction:
        in_force = transaction.months.current(*dropped.month)
        if in_force is None:
            return {}
        try:
            recorded = context.as_recorded(in_force[1], transaction)
        except PastSetupError:
            return {}
        documents = papers_as_published(recorded, transaction, *in_force)
    return {name: documents[name]} if name in documents else {}


def _names(
    context: RunContext, dropped: DroppedFile, reading: PlanReading | InterviewReading
) -> dict[str, str]:
    """What the form is called in the month's folder, by its mark; the empty one has none."""
    assert reading.staff is not None
    with context.ledger.reading() as transaction:
        plan = transaction.plans.get(*dropped.month, reading.staff)
    assert plan is not None
    sheet = PLAN_SHEET if isinstance(reading, PlanReading) else INTERVIEW_SHEET
    return {mark: paper_name(plan.staff, plan.name, sheet, mark) for mark in ("", *MARKS.values())}
