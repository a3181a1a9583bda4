"""The conductor: one pass from inbox to outbox.

Read (one killable task per file) → decide → appraise (chunks, by one executor, months in order) →
place → ledger → clear the inbox. Only the conductor touches inbox, outbox and ledger. A step may be
interrupted at any instant: the next pass does it again and ends in the same place.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path

from appraisal.appraise import Appraised
from appraisal.files import Files, reason_of
from appraisal.findings import Finding, finding, has_errors
from appraisal.intake.archive import Claimed, TryAgainLater, claim, remove_claimed
from appraisal.intake.ordering import in_reading_order
from appraisal.intake.sandbox import Stopped
from appraisal.intake.submission import Submission
from appraisal.intake.submissions import Reading
from appraisal.kept_submissions import KeptSubmissions
from appraisal.later_months import LaterMonths
from appraisal.ledger.books import Books
from appraisal.ledger.ledger import Ledger
from appraisal.ledger.records import (
    Dropped,
    MonthState,
    RevisionKind,
    Step,
    Verdict,
    WaitingCorrection,
)
from appraisal.month_making import MonthMaker, Order, note_placed
from appraisal.placing import Outbox
from appraisal.publish.file_names import original_name, receipt_name, returned_stem, safe_file_name
from appraisal.publish.returned import returned_html, returned_json
from appraisal.reception import NEW_MONTH, Decision, KnownMonth, Reception, finding_of, receive
from appraisal.scheme.forms import CORRECTION_REASON
from appraisal.scheme.period import Period
from appraisal.scoring.results import GroupResult
from appraisal.settings import Receipts
from appraisal.validation.context import check_context
from appraisal.verdicts import FileReport, Status
from appraisal.workspace import Setup, Workspace

RETURNED = "退回"

Progress = Callable[[int, int, str], None]


@dataclass
class Case:
    """One dropped file on its way through the pass. `id` is its claim in the ledger's journal."""

    path: Path
    name: str
    folder_group: str | None
    claimed: Claimed
    id: int
    reading: Reading | None = None
    decision: Decision | None = None
    findings: tuple[Finding, ...] = ()
    report: FileReport | None = None

    @property
    def submission(self) -> Submission:
        """The well-read workbook; only asked for where there is one."""
        assert self.reading is not None
        assert self.reading.submission is not None
        return self.reading.submission

    @property
    def is_readable(self) -> bool:
        return (
            self.reading is not None and self.reading.submission is not None and not has_errors(self.findings)
        )

    @property
    def draft(self) -> Submission | None:
        """The typed tables of a workbook that comes back all the same; None where there are none."""
        return self.reading.draft if self.reading is not None and not self.is_readable else None


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
    later: LaterMonths
    files: Files
    progress: Progress = lambda _done, _of, _what: None
    warnings: list[str] = field(default_factory=list)

    def take(self, ready: Sequence[Path]) -> tuple[list[FileReport], list[str]]:
        """Take the files that lie ready: their reports in order, and the names to try again later.

        The same bytes under two names are taken one after the other, so that the second is judged
        by what became of the first.
        """
        self._close_vanished()
        self.warnings += (f"{clause}。" for clause in self.later.catch_up())
        cases, later, refused = self._claim(ready)
        open_cases = [case for case in cases if case.report is None]
        firsts = {case.claimed.sha256: case for case in reversed(open_cases)}
        twins = [case for case in open_cases if firsts[case.claimed.sha256] is not case]
        self._take([case for case in open_cases if firsts[case.claimed.sha256] is case])
        for twin in twins:
            self._take([twin])
        return [*(case.report for case in cases if case.report is not None), *refused], later

    def _take(self, cases: Sequence[Case]) -> None:
        self._read(cases)
        self._check(cases)
        refused = [case for case in cases if case.report is None and not case.is_readable]
        self._look_for_more(refused)
        for case in refused:
            self._return(case)
        self._appraise([case for case in cases if case.report is None])

    # ------------------------------------------------------------------------- read and decide

    def _close_vanished(self) -> None:
        """Claims of an interrupted pass whose files have left the inbox need nothing more."""
        with self.ledger.writing() as books:
            for one in books.journal.unfinished():
                if not (self.workspace.inbox / one.dropped.file).exists():
                    verdict = one.verdict or Verdict("ignored")
                    books.journal.advance(one.id, Step.CLEARED, verdict)

    def _finish_interrupted(self, case: Case, verdict: Verdict) -> None:
        """The file was done with but for emptying the inbox: tell its verdict again, and empty it."""
        case.report = FileReport(
            case.name,
            Status(verdict.status),
            verdict.group,
            verdict.period,
            verdict.revision,
            verdict.findings,
            verdict.outputs,
        )
        self._clear_inbox(case)

    def _claim(self, ready: Sequence[Path]) -> tuple[list[Case], list[str], list[FileReport]]:
        """What could be archived, the names to try again later, and what the archive would not take."""
        cases: list[Case] = []
        later: list[str] = []
        refused: list[FileReport] = []
        for path in ready:
            inside = path.relative_to(self.workspace.inbox)
            group = inside.parts[0] if len(inside.parts) > 1 else None
            try:
                claimed = claim(path, self.workspace.archive, self.files)
            except TryAgainLater:
                later.append(inside.as_posix())
                continue
            except OSError as error:  # the archive's fault: the file stays where it is
                told = finding("submission.not_archived", reason=reason_of(error))
                refused.append(FileReport(inside.as_posix(), Status.FAILED, findings=(told,)))
                continue
            dropped = Dropped(claimed.sha256, inside.as_posix(), group, claimed.size, claimed.mtime_ns)
            with self.ledger.writing() as books:
                journal = books.journal.receive(dropped, self.now)
                books.journal.advance(journal.id, Step.ARCHIVED)
            case = Case(path, inside.as_posix(), group, claimed, journal.id)
            if journal.verdict is not None and journal.step is Step.PLACED:
                self._finish_interrupted(case, journal.verdict)
            cases.append(case)
        return cases, later, refused

    def _read(self, cases: Sequence[Case]) -> None:
        files = [
            (case.claimed.archived, original_name(case.path.name), case.claimed.sha256) for case in cases
        ]
        started = [self.kept.submit(*file) for file in files]
        for done, (case, file, future) in enumerate(zip(cases, files, started, strict=True), start=1):
            try:
                case.reading = self.kept.result(*file, future)
                case.findings = case.reading.findings
            except Stopped as stopped:
                told = finding_of(stopped)
                if told is None:
                    self._fail(case, str(stopped))
                else:
                    case.findings = (told,)
            self.progress(done, len(cases), "读取和核对")

    def _check(self, cases: Sequence[Case]) -> None:
        """What the workbook's own cells cannot show: roster, folder, calendar, the month's state."""
        for case in cases:
            if case.is_readable:
                about = check_context(
                    case.submission,
                    roster=self.setup.roster,
                    folder_group=case.folder_group,
                    today=self.today,
                    rulebook=self.setup.rulebook,
                )
                case.findings = (*case.findings, *about)
        self._refuse_rivals([case for case in cases if case.is_readable])
        for case in cases:
            if case.is_readable:
                with self.ledger.reading() as books:
                    month = _known_month(books, case.submission.group, case.submission.period)
                case.decision = receive(case.submission, month)
                if case.decision.finding is not None:
                    case.findings = (*case.findings, case.decision.finding)

    def _look_for_more(self, refused: Sequence[Case]) -> None:
        """A workbook with a wrong cell comes back anyway: say everything else that is wrong with it."""
        faulty = [(case, case.draft) for case in refused if case.draft is not None]
        found = self.maker.validate([draft for _, draft in faulty])
        for (case, draft), findings in zip(faulty, found, strict=True):
            sheets = (table.sheet for table in draft.tables.values())
            case.findings = in_reading_order((*case.findings, *findings), sheets)

    def _refuse_rivals(self, cases: Sequence[Case]) -> None:
        """Two different files for one group and month in one pass: nobody can know which is meant."""
        by_month: dict[tuple[str, Period], list[Case]] = defaultdict(list)
        for case in cases:
            by_month[case.submission.group, case.submission.period].append(case)
        for (group, period), rivals in by_month.items():
            if len(rivals) > 1:
                names = "、".join(case.name for case in rivals)
                refused = finding("submission.two_for_one_period", group=group, period=period, files=names)
                for case in rivals:
                    case.findings = (*case.findings, refused)

    # ------------------------------------------------------------------------------- appraise

    def _appraise(self, cases: Sequence[Case]) -> None:
        accepted = []
        for case in cases:
            assert case.decision is not None
            if case.decision.reception is Reception.ACCEPT:
                accepted.append(case)
            elif case.decision.reception is Reception.WAIT:
                self._wait(case)
            else:
                self._unchanged(case)
        # A month's history is what the months before it came to: so months go in their order.
        for period in sorted({case.submission.period for case in accepted}):
            month = [case for case in accepted if case.submission.period == period]
            month.sort(key=lambda case: (case.submission.scheme, case.submission.version))
            cases_by_file = {case.claimed.sha256: case for case in month}
            made = self.maker.make(self._order(case) for case in month)
            for done, (order, appraised) in enumerate(made, start=1):
                self._finish(cases_by_file[order.submission.sha256], order, appraised)
                self.progress(done, len(month), f"计算 {period}")

    def _order(self, case: Case) -> Order:
        assert case.decision is not None
        assert case.decision.revision is not None
        revision, replaces = case.decision.revision, case.decision.replaces
        kind = RevisionKind.FIRST if revision == 1 else RevisionKind.REPLACEMENT
        return Order(case.submission, revision, self.today, kind, replaces=replaces)

    # --------------------------------------------------------------------------------- finish

    def _finish(self, case: Case, order: Order, appraised: Appraised | str) -> None:
        if isinstance(appraised, str):
            self._fail(case, appraised)
            return
        case.findings = (*case.findings, *appraised.findings)
        if appraised.result is None:
            self._return(case)
        else:
            self._accept(case, order, appraised, appraised.result)

    def _accept(self, case: Case, order: Order, appraised: Appraised, result: GroupResult) -> None:
        try:
            outbox, paths = self.maker.place(order, appraised, claim=case.id)
            outbox.clear(f"{safe_file_name(result.group)}/{RETURNED}")
        except OSError as error:
            self._not_placed(case, error)
            return
        case.report = FileReport(
            case.name,
            Status.ACCEPTED,
            result.group,
            result.period,
            result.revision,
            case.findings,
            tuple(f"outbox/{path}" for path in paths),
        )
        with self.ledger.writing() as books:
            books.months.record(result, self.maker.making(books, order, appraised))
            books.unfollowed.note(result.group, result.period)
            self._placed(books, case, outbox)
        followed = self.later.follow(result.group, result.period)
        if followed.in_words:
            case.report = replace(case.report, note=f"{'；'.join(followed.in_words)}。")
        self._clear_inbox(case)

    def _return(self, case: Case) -> None:
        """The manager's own file with its cells marked, and a list that says what to fix first."""
        group = case.reading.group if case.reading else None
        period = case.reading.period if case.reading else None
        unknown = group is None or any(one.code.startswith("group.") for one in case.findings)
        group_folder = RETURNED if unknown or group is None else safe_file_name(group)
        folder = RETURNED if group_folder == RETURNED else f"{group_folder}/{RETURNED}"
        outbox = self.maker.outbox(group_folder, claim=case.id)
        original = original_name(case.path.name)
        page = returned_html(
            original, case.findings, group=group, period=period, templates=self.setup.templates
        )
        documents = {
            ".html": page.encode(),
            ".json": returned_json(original, case.findings, group=group, period=period),
        }
        if any(one.sheet for one in case.findings):
            marked = self.kept.marked(case.claimed.archived, case.findings)
            documents = {".xlsx": marked, **documents} if marked is not None else documents
        try:
            stem = outbox.free_name(folder, returned_stem(original), ".html")
            paths = outbox.place(folder, {f"{stem}{end}": content for end, content in documents.items()}, 1)
            self.files.sync(self.workspace.outbox / path for path in paths)
        except OSError as error:
            self._not_placed(case, error)
            return
        outputs = tuple(f"outbox/{path}" for path in paths)
        case.report = FileReport(case.name, Status.RETURNED, group, period, None, case.findings, outputs)
        with self.ledger.writing() as books:
            self._placed(books, case, outbox)
        self._clear_inbox(case)

    def _unchanged(self, case: Case) -> None:
        assert case.decision is not None
        submission = case.submission
        case.report = FileReport(
            case.name, Status.UNCHANGED, submission.group, submission.period, case.decision.revision
        )
        with self.ledger.writing() as books:
            self._placed(books, case, None)
        self._clear_inbox(case)

    def _wait(self, case: Case) -> None:
        submission = case.submission
        case.report = FileReport(
            case.name,
            Status.WAITING,
            submission.group,
            submission.period,
            note="请人事办理“同意更正”后生效。",
        )
        correction = WaitingCorrection(
            submission.group,
            submission.period,
            submission.sha256,
            case.name,
            str(submission.labels[CORRECTION_REASON]),
            self.today,
        )
        with self.ledger.writing() as books:
            books.corrections.wait(correction)
            self._placed(books, case, None)
        self._clear_inbox(case)

    def _not_placed(self, case: Case, error: OSError) -> None:
        """The input stays where it is, and the next pass tries again."""
        case.findings = (*case.findings, finding("submission.not_placed", reason=reason_of(error)))
        self._failed(case)

    def _fail(self, case: Case, trace: str) -> None:
        """A mistake of ours: the trace is for the administrator, the number for everybody else."""
        reference = self.maker.keep_trace(case.claimed.sha256, trace)
        case.findings = (*case.findings, finding("submission.failed", reference=reference))
        self._failed(case)

    def _failed(self, case: Case) -> None:
        case.report = FileReport(case.name, Status.FAILED, findings=case.findings)
        self._write_receipt(case)

    # ------------------------------------------------------------------------- books and inbox

    def _placed(self, books: Books, case: Case, outbox: Outbox | None) -> None:
        """In the same transaction as the result: what lies in the outbox, and how far the file has come."""
        if outbox is not None:
            note_placed(books, outbox)
        report = case.report
        assert report is not None
        verdict = Verdict(
            report.status.value, report.group, report.period, report.revision, report.findings, report.outputs
        )
        books.journal.advance(case.id, Step.PLACED, verdict)

    def _clear_inbox(self, case: Case) -> None:
        self._write_receipt(case)
        if remove_claimed(case.path, case.claimed, self.files):
            with self.ledger.writing() as books:
                books.journal.advance(case.id, Step.CLEARED)

    def _write_receipt(self, case: Case) -> None:
        """Two lines beside the dropped file: what became of it, and where to look."""
        assert case.report is not None
        receipts = self.setup.settings.receipts
        if receipts is Receipts.OFF:
            return
        where = case.report.outputs[0] if case.report.outputs else "没有新的文件。"
        text = f"{self.today} {case.report.in_words()}\n详见：{where}\n"
        root = self.workspace.inbox if receipts is Receipts.INBOX else self.workspace.outbox / "回执"
        folder = (root / case.name).parent
        with suppress(OSError):  # an inbox that we may only read: the verdict stands all the same
            name = receipt_name(case.path.name)
            self.files.write(folder / name, text.encode("utf-8-sig", "backslashreplace"))


def _known_month(books: Books, group: str, period: Period) -> KnownMonth:
    month = books.months.get(group, period)
    is_closed = books.months.is_closed(group, period)
    if month is None:
        return replace(NEW_MONTH, is_closed=is_closed)
    revisions = books.months.revisions(group, period)
    in_force = month.state is not MonthState.WITHDRAWN
    current = next((one for one in revisions if in_force and one.number == month.revision), None)
    return KnownMonth(
        current=None if current is None else current.number,
        current_sha256=None if current is None else current.making.submission,
        earlier={one.making.submission: one.number for one in revisions if one is not current},
        issued_on=month.issued_on if in_force else None,
        is_closed=is_closed,
    )
