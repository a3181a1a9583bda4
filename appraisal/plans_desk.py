"""整改方案 that come back: submitted, returned with the cell that lacks something, or agreed to by the manager."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from appraisal.answers import Answers
from appraisal.cases import Case
from appraisal.intake.plan_form import PlanReading
from appraisal.ledger.records import PlanState
from appraisal.ledger.transaction import Transaction
from appraisal.plan_reception import keep_plan, plan_on_record
from appraisal.set_up import Setup
from appraisal.validation.other_forms import check_plan
from appraisal.verdicts import FileReport, Status

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

    def take(self, case: Case) -> None:
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
