"""The conductor: one pass from inbox to outbox.

Read (one killable task per file) → decide → appraise (chunks, by one executor, months in order) →
place → ledger → clear the inbox. Only the conductor and its desks touch inbox, outbox and ledger. A
step may be interrupted at any instant: the next pass does it again and ends in the same place.

People's own forms are kept before the managers' workbooks, which take them in; HR's acts come last, so
that a month may be dropped and issued in one pass.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path

from appraisal.findings.finding import finding
from appraisal.intake.form import in_reading_order
from appraisal.intake.hr_acts import ActsReading
from appraisal.intake.plan_form import PlanReading
from appraisal.intake.self_assessment import SelfReading
from appraisal.intake.submission_reader import Reading
from appraisal.ledger.ledger import Ledger, Transaction
from appraisal.ledger.records import Dropped, FileResult, Step
from appraisal.period import Period
from appraisal.pipeline.decision import KnownMonth, finding_of, receive
from appraisal.pipeline.dropped_file import DroppedFile, sealed
from appraisal.pipeline.hr_acts import ActsDesk
from appraisal.pipeline.plans import PlansDesk
from appraisal.pipeline.reading import KeptSubmissions
from appraisal.pipeline.recompute import LaterMonths
from appraisal.pipeline.reply import Answers
from appraisal.pipeline.reports import FileReport, Status
from appraisal.pipeline.revisions import MonthMaker
from appraisal.pipeline.self_assessments import OwnFormsDesk
from appraisal.pipeline.setup import Setup
from appraisal.pipeline.sources import Sources
from appraisal.pipeline.workbooks import MonthsDesk, Progress, came_back_without_group
from appraisal.processes.sandbox import Stopped
from appraisal.scoring.deadlines import is_arranged
from appraisal.text import one_line
from appraisal.validation.context import check_context
from appraisal.workspace.archive import TryAgainLater, claim
from appraisal.workspace.files import Files, reason_of
from appraisal.workspace.names import original_name
from appraisal.workspace.paths import Workspace

AT_ONCE = 32
"""Files that are entered into the journal in one transaction, or looked through for more in one go."""


@dataclass
class Conductor:
    """Everything a pass works with, handed in: nothing here reads a clock or opens a ledger."""

    workspace: Workspace
    setup: Setup
    ledger: Ledger
    now: datetime
    today: date
    maker: MonthMaker
    kept: KeptSubmissions
    sources: Sources
    later: LaterMonths
    answers: Answers
    months: MonthsDesk
    own_forms: OwnFormsDesk
    plans: PlansDesk
    acts: ActsDesk
    files: Files
    progress: Progress = lambda _done, _of, _what: None
    warnings: list[str] = field(default_factory=list)

    def take(self, ready: Sequence[Path]) -> tuple[list[FileReport], list[str]]:
        """Take the files that lie ready: their reports in order, and the names to try again later.

        What HR's folder says of it is left to `HrDesk.renew`, which nobody at the inbox waits for.

        The same bytes under two names are taken one after the other, so that the second is judged
        by what became of the first.
        """
        self._close_vanished()
        self.warnings += (f"{clause}。" for clause in self.later.catch_up())
        with self.ledger.reading() as books:
            self.months = replace(self.months, came_back=came_back_without_group(books))
        cases, later, refused = self._claim(ready)
        open_cases = [case for case in cases if case.is_open]
        firsts = {case.claimed.sha256: case for case in reversed(open_cases)}
        twins = [case for case in open_cases if firsts[case.claimed.sha256] is not case]
        self._take([case for case in open_cases if firsts[case.claimed.sha256] is case])
        for twin in twins:
            self._take([twin])
        return [*(case.report for case in cases if case.report is not None), *refused], later

    def _take(self, cases: Sequence[DroppedFile]) -> None:
        self._read(cases)
        read = [case for case in cases if case.is_open]
        own_forms = [case for case in read if case.kind is SelfReading]
        plans = [case for case in read if case.kind is PlanReading]
        acts = [case for case in read if case.kind is ActsReading]
        self.own_forms.keep(own_forms)
        self._take_workbooks([case for case in read if case.kind in {Reading, None}])
        self.own_forms.put_in(own_forms)
        for case in plans:
            with self.answers.alone_with(case):
                self.plans.take(case)
        for case in acts:
            with self.answers.alone_with(case):
                self.acts.take(case)

    def _take_workbooks(self, cases: Sequence[DroppedFile]) -> None:
        self._check(cases)
        refused = [case for case in cases if case.is_open and not case.is_readable]
        self._look_for_more(refused)
        for case in refused:
            with self.answers.alone_with(case):
                self.answers.give_back(case)
        self.months.take([case for case in cases if case.is_open])

    # ------------------------------------------------------------------------- read and decide

    def _close_vanished(self) -> None:
        """Claims of an interrupted pass whose files have left the inbox need nothing more."""
        with self.ledger.writing() as books:
            for one in books.journal.unfinished():
                if not (self.workspace.inbox / one.dropped.file).exists():
                    verdict = one.result or FileResult("ignored")
                    books.journal.advance(one.id, Step.CLEARED, verdict)

    def _claim(self, ready: Sequence[Path]) -> tuple[list[DroppedFile], list[str], list[FileReport]]:
        """What could be archived, the names to try again later, and what the archive would not take."""
        cases: list[DroppedFile] = []
        later: list[str] = []
        refused: list[FileReport] = []
        for path in ready:
            inside = path.relative_to(self.workspace.inbox)
            group = one_line(inside.parts[0]) if len(inside.parts) > 1 else None
            try:
                claimed = claim(path, self.workspace.inbox, self.workspace.archive, self.files)
            except TryAgainLater:
                later.append(inside.as_posix())
                continue
            except OSError as error:  # the archive's fault: the file stays where it is
                told = finding("submission.not_archived", reason=reason_of(error))
                refused.append(FileReport(inside.as_posix(), Status.FAILED, findings=(told,)))
                continue
            cases.append(DroppedFile(path, inside.as_posix(), group, claimed))
        for start in range(0, len(cases), AT_ONCE):
            self._enter(cases[start : start + AT_ONCE])
        return cases, later, refused

    def _enter(self, cases: Sequence[DroppedFile]) -> None:
        """Into the journal: what is archived. What an interrupted pass was done with is told again."""
        with self.ledger.writing() as books:
            entered = []
            for case in cases:
                taken = case.claimed
                dropped = Dropped(taken.sha256, case.name, case.folder_group, taken.size, taken.mtime_ns)
                entered.append(books.journal.receive(dropped, self.now))
                case.id = entered[-1].id
                books.journal.advance(case.id, Step.ARCHIVED)
        for case, journal in zip(cases, entered, strict=True):
            if journal.result is not None and journal.step is Step.PLACED:
                self.answers.again(case, journal.result)

    def _read(self, cases: Sequence[DroppedFile]) -> None:
        files = [
            (case.claimed.archived, original_name(case.path.name), case.claimed.sha256) for case in cases
        ]
        started = [self.kept.submit(*file) for file in files]
        is_arranged(self.today)  # loads the calendar meanwhile, which every month needs
        for done, (case, file, future) in enumerate(zip(cases, files, started, strict=True), start=1):
            try:
                case.sealed = self.kept.result(*file, future)
                case.findings = case.sealed.findings
            except Stopped as stopped:
                told = finding_of(stopped)
                if told is None:
                    self.answers.fail(case, str(stopped))
                else:
                    case.findings = (told,)
            self.progress(done, len(cases), "读取和核对")

    def _check(self, cases: Sequence[DroppedFile]) -> None:
        """What the workbook's own cells cannot show: roster, folder, calendar, the month's state."""
        with self.ledger.reading() as books:
            for case in cases:
                with self.answers.alone_with(case):
                    self._check_one(case, books)
                    if case.is_readable:  # decided while it is open, though it may yet have a rival
                        case.decision = receive(case.submission, _known_month(books, *case.month))
        decided = [case for case in cases if case.is_open and case.is_readable]
        self._refuse_rivals(decided)
        for case in decided:
            if not case.is_faulty and case.decision is not None and case.decision.finding is not None:
                case.findings = (*case.findings, case.decision.finding)

    def _check_one(self, case: DroppedFile, books: Transaction) -> None:
        self._take_in_own_forms(case, books)
        if case.is_readable:
            about = check_context(
                case.submission,
                roster=self.setup.roster,
                folder_group=case.folder_group,
                today=self.today,
                rulebook=self.setup.rulebook,
            )
            case.findings = (*case.findings, *about)

    def _take_in_own_forms(self, case: DroppedFile, books: Transaction) -> None:
        """What its people said of themselves, put into the workbook; what is wrong then is told."""
        reading = case.reading
        if reading is not None:
            completed = self.sources.complete(reading, books)
            if completed.reading is not reading:
                case.sealed = sealed(completed.reading)
                case.findings = case.sealed.findings
            case.own_forms = completed.own_forms

    def _look_for_more(self, refused: Sequence[DroppedFile]) -> None:
        """A workbook with a wrong cell comes back anyway: say everything else that is wrong with it."""
        for start in range(0, len(refused), AT_ONCE):
            faulty = [(case, draft) for case in refused[start : start + AT_ONCE] if (draft := case.draft)]
            found = self.maker.validate([draft for _, draft in faulty])
            for (case, draft), findings in zip(faulty, found, strict=True):
                sheets = (table.sheet for table in draft.tables.values())
                case.findings = in_reading_order((*case.findings, *findings), sheets)

    def _refuse_rivals(self, cases: Sequence[DroppedFile]) -> None:
        """Two different files for one group and month in one pass: nobody can know which is meant."""
        by_month: dict[tuple[str, Period], list[DroppedFile]] = defaultdict(list)
        for case in cases:
            by_month[case.month].append(case)
        for (group, period), rivals in by_month.items():
            if len(rivals) > 1:
                names = "、".join(case.name for case in rivals)
                refused = finding("submission.two_for_one_period", group=group, period=period, files=names)
                for case in rivals:
                    case.findings = (*case.findings, refused)


def _known_month(books: Transaction, group: str, period: Period) -> KnownMonth:
    is_closed = books.months.is_closed(group, period)
    in_force = books.months.current(group, period)
    submissions = {one.making.submission: one.number for one in books.months.revisions(group, period)}
    if in_force is None:
        return KnownMonth(None, None, submissions, is_closed=is_closed)
    month, current = in_force
    earlier = {sha256: number for sha256, number in submissions.items() if number != current.number}
    return KnownMonth(
        current.number, current.making.submission, earlier, issued_on=month.issued_on, is_closed=is_closed
    )
