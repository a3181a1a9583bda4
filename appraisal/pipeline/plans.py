"""整改方案 that come back: submitted, returned with the cell that lacks something, or agreed to by the manager."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from appraisal.findings.finding import Finding, has_errors
from appraisal.intake.plan_form import PlanReading
from appraisal.ledger.ledger import Transaction
from appraisal.ledger.records import MonthState, PlanState
from appraisal.pipeline.context import RunContext
from appraisal.pipeline.dropped_file import DroppedFile
from appraisal.pipeline.reply import give_back, reply
from appraisal.pipeline.reports import FileReport, Status
from appraisal.validation.other_forms import PlanOnRecord, check_plan


def plan_on_record(transaction: Transaction, reading: PlanReading) -> PlanOnRecord:
    """What the ledger says of the person's plan, for `check_plan`."""
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
    )


def keep_plan(
    transaction: Transaction, reading: PlanReading, about: Sequence[Finding], *, sha256: str, today: date
) -> PlanState | None:
    """Write into the ledger what became of the plan: its new state.

    `about` is what `check_plan` found. Where that has an error the plan is not the person's to give:
    nothing is written, and the state is None. Otherwise what the paper lacks sends it back.
    """
    if reading.group is None or reading.period is None or reading.staff is None or has_errors(about):
        return None
    plan = transaction.plans.get(reading.group, reading.period, reading.staff)
    if plan is None:
        return None
    if has_errors(reading.findings):
        transaction.plans.returned(plan, today, sha256, reading.goals)
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
        reply(context, dropped, FileReport(dropped.name, Status.UNCHANGED, group, period))
        return
    about = check_plan(
        reading,
        record,
        roster=context.setup.roster,
        folder_group=dropped.folder_group,
        today=context.today,
    )
    dropped.add(*about)

    def keep(transaction: Transaction) -> None:
        keep_plan(transaction, reading, about, sha256=sha256, today=context.today)

    if dropped.is_faulty:
        # Written first: until its papers are placed the file stays in the inbox, and it is done again.
        with context.ledger.writing() as transaction:
            keep(transaction)
        give_back(context, dropped)
        return
    note = _NOTES[PlanState.ACCEPTED if reading.is_agreed else PlanState.SUBMITTED]
    report = FileReport(dropped.name, Status.ACCEPTED, group, period, None, dropped.findings, note=note)
    reply(context, dropped, report, change=keep)
