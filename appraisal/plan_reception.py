"""What is to become of a plan that came back, given what the ledger knows of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from appraisal.findings.finding import Finding, has_errors
from appraisal.intake.plan_form import PlanReading
from appraisal.ledger.records import MonthState, PlanState
from appraisal.ledger.transaction import Transaction
from appraisal.validation.other_forms import PlanOnRecord


def plan_on_record(books: Transaction, reading: PlanReading) -> PlanOnRecord:
    """What the ledger says of the person's plan, for `check_plan`."""
    group, period, staff = reading.group, reading.period, reading.staff
    if group is None or period is None or staff is None:
        return PlanOnRecord()
    month = books.months.get(group, period)
    plan = books.plans.get(group, period, staff)
    if plan is None:
        return PlanOnRecord(is_withdrawn=month is not None and month.state is MonthState.WITHDRAWN)
    return PlanOnRecord(
        due=plan.due,
        is_issued=plan.is_issued,
        submitted_on=plan.submitted_on,
        accepted_on=plan.judged_on if plan.state is PlanState.ACCEPTED else None,
    )


def keep_plan(
    books: Transaction, reading: PlanReading, about: Sequence[Finding], *, sha256: str, today: date
) -> PlanState | None:
    """Write into the ledger what became of the plan: its new state.

    `about` is what `check_plan` found. Where that has an error the plan is not the person's to give:
    nothing is written, and the state is None. Otherwise what the paper lacks sends it back.
    """
    if reading.group is None or reading.period is None or reading.staff is None or has_errors(about):
        return None
    plan = books.plans.get(reading.group, reading.period, reading.staff)
    if plan is None:
        return None
    if has_errors(reading.findings):
        books.plans.returned(plan, today, sha256, reading.promises)
        return PlanState.RETURNED
    if reading.is_agreed:
        books.plans.accepted(plan, today, sha256, reading.promises)
        return PlanState.ACCEPTED
    books.plans.submitted(plan, today, sha256, reading.promises)
    return PlanState.SUBMITTED
