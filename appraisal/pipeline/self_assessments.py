"""自评表 dropped by the people themselves: kept until the manager's workbook takes them in.

Either may come first. A form that comes after the workbook, and before the notice is issued, makes the
month's next revision; after that it waits for a correction. None is ever lost.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from appraisal.findings.finding import Finding, finding
from appraisal.intake.self_assessment import SelfReading
from appraisal.ledger.records import GroupMonth, KeptSelfForm, MonthState, Revision, RevisionKind
from appraisal.period import Period
from appraisal.pipeline.dropped_file import DroppedFile
from appraisal.pipeline.recompute import LaterMonths, Stuck
from appraisal.pipeline.reply import Answers, Returned
from appraisal.pipeline.reports import FileReport, Status
from appraisal.pipeline.revisions import OWN_FORM
from appraisal.pipeline.setup import Setup
from appraisal.pipeline.sources import Completed, Sources
from appraisal.validation.other_forms import check_self
from appraisal.workspace.names import RETURNED, safe_file_name
from appraisal.workspace.outbox import Outbox
from appraisal.workspace.settings import SelfFormPolicy

_KEPT = {Status.ACCEPTED.value, Status.WAITING.value}


@dataclass(frozen=True, slots=True)
class OwnFormsDesk:
    """Takes the cases whose paper is a self-assessment."""

    answers: Answers
    sources: Sources
    later: LaterMonths
    setup: Setup
    today: date

    def keep(self, cases: Sequence[DroppedFile]) -> None:
        """Before the managers' workbooks: check the forms, keep the good ones, give the others back."""
        for case in cases:
            with self.answers.alone_with(case):
                case.findings = (*case.findings, *self._check(case))
        checked = [case for case in cases if case.is_open]
        self._refuse_rivals([case for case in checked if not case.is_faulty])
        for case in checked:
            with self.answers.alone_with(case):
                self._keep(case)

    def _keep(self, case: DroppedFile) -> None:
        if case.is_faulty:
            self.answers.give_back(case)
        elif self._is_known(case):
            self.answers.give(case, FileReport(case.name, Status.UNCHANGED, case.group, case.period))
        else:
            with self.answers.ledger.writing() as books:
                books.self_forms.keep(self._form(case))

    def put_in(self, cases: Sequence[DroppedFile]) -> None:
        """After the managers' workbooks: what became of the forms that were kept in this pass."""
        by_month: dict[tuple[str, Period], list[DroppedFile]] = defaultdict(list)
        for case in cases:
            if case.is_open:
                form = self._form(case)
                by_month[form.group, form.period].append(case)
        for (group, period), same in by_month.items():
            with self.answers.alone_with(*same):
                self._put_into(group, period, same)

    # ------------------------------------------------------------------------------- one form alone

    def _check(self, case: DroppedFile) -> tuple[Finding, ...]:
        if self.setup.settings.self_forms is SelfFormPolicy.OFF:
            return (finding("self.not_used"),)
        reading = _reading(case)
        found = check_self(
            reading,
            roster=self.setup.roster,
            folder_group=case.folder_group,
            today=self.today,
            rulebook=self.setup.rulebook,
        )
        return (*found, *self._about_its_month(case, reading))

    def _about_its_month(self, case: DroppedFile, reading: SelfReading) -> tuple[Finding, ...]:
        group, period = reading.group, reading.period
        if group is None or period is None:
            return ()
        with self.answers.ledger.reading() as books:
            latest = {one.sha256 for one in books.self_forms.of_month(group, period)}
            ever = {one.sha256 for one in books.self_forms.ever(group, period)}
            is_closed = books.months.is_closed(group, period)
        if case.claimed.sha256 in latest:
            return ()
        if case.claimed.sha256 in ever:
            return (finding("self.superseded"),)
        return (finding("period.closed", period=period),) if is_closed else ()

    def _refuse_rivals(self, cases: Sequence[DroppedFile]) -> None:
        """Two different forms of one person and month in one pass: nobody can know which is meant."""
        by_person: dict[tuple[str | None, Period | None, str | None], list[DroppedFile]] = defaultdict(list)
        for case in cases:
            reading = _reading(case)
            by_person[reading.group, reading.period, reading.staff].append(case)
        for (_, period, staff), rivals in by_person.items():
            if len(rivals) > 1:
                names = "、".join(case.name for case in rivals)
                name = _reading(rivals[0]).name or ""
                told = finding("self.two_at_once", id=staff, name=name, period=period, files=names)
                for case in rivals:
                    case.findings = (*case.findings, told)

    def _is_known(self, case: DroppedFile) -> bool:
        """Whether an earlier file with the same bytes was kept."""
        with self.answers.ledger.reading() as books:
            claims = books.journal.claims_of(case.claimed.sha256)
        return any(
            one.id != case.id and one.result is not None and one.result.status in _KEPT for one in claims
        )

    def _form(self, case: DroppedFile) -> KeptSelfForm:
        reading = _reading(case)
        assert reading.group is not None
        assert reading.period is not None
        assert reading.staff is not None
        return KeptSelfForm(
            reading.group, reading.period, reading.staff, case.claimed.sha256, reading.values, self.today
        )

    # --------------------------------------------------------------------------- a month's new forms

    def _put_into(self, group: str, period: Period, cases: Sequence[DroppedFile]) -> None:
        with self.answers.ledger.reading() as books:
            month = books.months.get(group, period)
        if month is None or month.state is MonthState.WITHDRAWN:
            self._wait(cases, "等店长的上报表到了一起计算。")
        elif month.is_issued:
            self._wait(cases, f"通报已于 {month.issued_on} 下发，等店长作更正报送时一起计算。")
        else:
            self._renew(month, cases)

    def _renew(self, month: GroupMonth, cases: Sequence[DroppedFile]) -> None:
        """The workbook was there first: the month becomes its next revision, if the forms change anything."""
        month, current = self.later.current(month.group, month.period)
        completed = self.sources.of_revision(month, current)
        if completed is None or completed.reading.submission is None:
            self._ask_the_manager(month, current, completed, cases)
            return
        used = {one.sha256 for one in current.making.inputs.files if one.role == OWN_FORM}
        revision, note = current.number, "与上报表里录入的一致，不用改动。"
        if set(completed.own_forms) != used:
            try:
                remade = self.later.remake(month, current, completed, RevisionKind.REPLACEMENT)
            except Stuck as stuck:
                for case in cases:
                    self.answers.failed(case, stuck.told)
                return
            if remade is not None:
                followed = self.later.follow(month.group, month.period)
                revision = remade.revision
                note = f"{'；'.join(('自评已计入', *followed.in_words))}。"
        for case in cases:
            status = FileReport(
                case.name, Status.ACCEPTED, month.group, month.period, revision, case.findings, note=note
            )
            self.answers.give(case, status)

    def _ask_the_manager(
        self, month: GroupMonth, current: Revision, completed: Completed | None, cases: Sequence[DroppedFile]
    ) -> None:
        """The forms and the workbook contradict each other: the workbook goes back to the manager."""
        archived = self.answers.kept.archived(current.making.submission)
        note = "与店长在上报表里录入的不同，已请店长核对。"
        if completed is None or archived is None:
            self._wait(cases, "存档的上报表读不出来，等店长重新报送。")
            return
        with self.answers.ledger.reading() as books:
            dropped = books.journal.claims_of(current.making.submission)[-1].dropped
        returned = Returned(
            dropped.file,
            archived,
            completed.reading.findings,
            month.group,
            month.period,
            cases[0].id,
        )
        try:
            outbox, outputs = self.answers.put_returned(returned, f"{safe_file_name(month.group)}/{RETURNED}")
        except OSError as error:
            for case in cases:
                self.answers.not_placed(case, error)
            return
        self._wait(cases, note, outbox, outputs)

    def _wait(
        self,
        cases: Sequence[DroppedFile],
        note: str,
        outbox: Outbox | None = None,
        outputs: tuple[str, ...] = (),
    ) -> None:
        for case in cases:
            form = self._form(case)
            report = FileReport(
                case.name, Status.WAITING, form.group, form.period, None, case.findings, outputs, note
            )
            self.answers.give(case, report, outbox=outbox)


def _reading(case: DroppedFile) -> SelfReading:
    assert isinstance(case.paper, SelfReading)
    return case.paper
