"""What is to become of a plan that came back, given what the ledger knows of it.

整改方案 that come back: submitted, returned with the cell that lacks something, or agreed to by the manager."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from appraisal.findings.finding import Finding, has_errors
from appraisal.intake.plan_form import PlanReading
from appraisal.ledger.ledger import Transaction
from appraisal.ledger.records import MonthState, PlanState
from appraisal.pipeline.dropped_file import DroppedFile
from appraisal.pipeline.reply import Answers
from appraisal.pipeline.reports import FileReport, Status
from appraisal.pipeline.setup import Setup
from appraisal.validation.other_forms import PlanOnRecord, check_plan


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
        books.plans.returned(plan, today, sha256, reading.goals)
        return PlanState.RETURNED
    if reading.is_agreed:
        books.plans.accepted(plan, today, sha256, reading.goals)
        return PlanState.ACCEPTED
    books.plans.submitted(plan, today, sha256, reading.goals)
    return PlanState.SUBMITTED


_NOTES = {
    PlanState.SUBMITTED: "整改方案已收下，等店长审核。",
    PlanState.ACCEPTED: "整改方案店长已同意。",
}


@dataclass(frozen=True, slots=True)
class PlansDesk:
    """Takes the cases whose paper is a rectification plan."""

    answers: Answers
    setup: Setup
    today: date

    def take(self, case: DroppedFile) -> None:
        """Hold the plan against the ledger, and write there how far it has come."""
        reading = case.paper
        assert isinstance(reading, PlanReading)
        group, period, staff, sha256 = reading.group, reading.period, reading.staff, case.claimed.sha256
        with self.answers.ledger.reading() as books:
            record = plan_on_record(books, reading)
            plan = books.plans.get(group, period, staff) if group and period and staff else None
        if plan is not None and plan.sha256 == sha256 and plan.state in _NOTES:
            self.answers.give(case, FileReport(case.name, Status.UNCHANGED, group, period))
            return
        about = check_plan(
            reading,
            record,
            roster=self.setup.roster,
            folder_group=case.folder_group,
            today=self.today,
        )
        case.findings = (*case.findings, *about)
        if case.is_faulty:
            # Written first: until its papers are placed the file stays in the inbox, and it is done again.
            with self.answers.ledger.writing() as books:
                keep_plan(books, reading, about, sha256=sha256, today=self.today)
            self.answers.give_back(case)
            return
        state = PlanState.ACCEPTED if reading.is_agreed else PlanState.SUBMITTED
        report = FileReport(
            case.name, Status.ACCEPTED, group, period, None, case.findings, note=_NOTES[state]
        )

        def keep(books: Transaction) -> None:
            keep_plan(books, reading, about, sha256=sha256, today=self.today)

        self.answers.give(case, report, change=keep)
