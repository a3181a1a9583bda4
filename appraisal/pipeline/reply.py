"""What a dropped file gets: its verdict in the ledger, a receipt, and an empty place in the inbox.

What changes because of the file and what became of it are written in one transaction, before the
inbox is emptied: an interruption in between tells the same verdict again."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path, PurePath

from appraisal.findings.finding import Finding, finding
from appraisal.ledger.errors import LedgerError
from appraisal.ledger.ledger import Ledger, Transaction
from appraisal.ledger.records import FileResult, Step
from appraisal.period import Period
from appraisal.pipeline.dropped_file import DroppedFile
from appraisal.pipeline.placing import note_placed
from appraisal.pipeline.reading import KeptSubmissions
from appraisal.pipeline.reports import WAITS_FOR_HR, FileReport, Status
from appraisal.pipeline.revisions import MonthMaker
from appraisal.pipeline.setup import Setup
from appraisal.publish.returned.page import returned_html, returned_json
from appraisal.text import key
from appraisal.workspace.archive import remove_claimed
from appraisal.workspace.files import Files, reason_of
from appraisal.workspace.names import (
    HR_FOLDER,
    RETURNED,
    original_name,
    receipt_name,
    returned_stem,
    safe_file_name,
)
from appraisal.workspace.outbox import Outbox
from appraisal.workspace.paths import Workspace
from appraisal.workspace.settings import Receipts


@dataclass(frozen=True, slots=True)
class Returned:
    """A file that goes back: its path under the inbox, where its bytes are kept, what is wrong with it.

    `claim` is the dropped file's in the journal because of which it goes back.
    """

    file: str
    archived: Path
    findings: tuple[Finding, ...]
    group: str | None
    period: Period | None
    claim: int


def unmarked(file: str) -> PurePath:
    """The path under the inbox of a dropped file, its name as it was before it ever came back."""
    path = PurePath(file)
    return path.with_name(original_name(path.name))


def nothing_more(_books: Transaction) -> None:
    """The verdict is all there is to write."""


@dataclass(frozen=True, slots=True)
class Answers:
    """Ends cases, one way or another."""

    workspace: Workspace
    setup: Setup
    ledger: Ledger
    files: Files
    today: date
    maker: MonthMaker
    kept: KeptSubmissions

    def give(
        self,
        case: DroppedFile,
        report: FileReport,
        *,
        outbox: Outbox | None = None,
        change: Callable[[Transaction], None] = nothing_more,
    ) -> None:
        """The file is done with: `change` and the verdict in one transaction, then the inbox is emptied."""
        case.report = report
        with self.ledger.writing() as books:
            change(books)
            self.note(books, case, report, outbox)
        self.clear_inbox(case)

    def note(
        self, books: Transaction, case: DroppedFile, report: FileReport, outbox: Outbox | None = None
    ) -> None:
        """Write into the ledger what became of the file, and what lies in the outbox because of it."""
        if outbox is not None:
            note_placed(books, outbox)
        if report.period is not None and report.status is not Status.UNCHANGED:
            books.pending_hr_folders.note(report.period)
        verdict = FileResult(
            report.status.value, report.group, report.period, report.revision, report.findings, report.outputs
        )
        books.journal.advance(case.id, Step.PLACED, verdict)

    def again(self, case: DroppedFile, verdict: FileResult) -> None:
        """The file was done with but for emptying the inbox: tell its verdict once more, and empty it."""
        case.report = FileReport(
            case.name,
            Status(verdict.status),
            verdict.group,
            verdict.period,
            verdict.revision,
            verdict.findings,
            verdict.outputs,
            WAITS_FOR_HR if verdict.status == Status.WAITING else "",
        )
        self.clear_inbox(case)

    def give_back(self, case: DroppedFile, folder: str | None = None) -> None:
        """The dropped file itself with its cells marked, and a list that says what to fix first.

        `folder`, below the outbox, is where its people look; None: the 退回 folder of its group.
        """
        returned = Returned(case.name, case.claimed.archived, case.findings, case.group, case.period, case.id)
        try:
            outbox, outputs = self.put_returned(returned, folder or self._folder_of(case))
        except OSError as error:
            self.not_placed(case, error)
            return
        report = FileReport(case.name, Status.RETURNED, case.group, case.period, None, case.findings, outputs)
        self.give(case, report, outbox=outbox)

    def put_returned(self, returned: Returned, folder: str) -> tuple[Outbox, tuple[str, ...]]:
        """Place a returned file's papers; the outbox to be noted, and their paths in the workspace."""
        outbox = self.maker.outboxes.of(folder, claim=returned.claim)
        dropped = unmarked(returned.file)
        original = dropped.name
        with self.ledger.reading() as books:
            owners = books.journal.owners_of_returned(folder)
        others = {path for path, claim in owners.items() if unmarked(claim.dropped.file) != dropped}
        findings, group, period = returned.findings, returned.group, returned.period
        page = returned_html(
            original,
            findings,
            group=group,
            period=period,
            sha256=returned.archived.stem,
            templates=self.setup.templates,
        )
        workbook = self._workbook_of(returned)
        documents = {
            **({} if workbook is None else {".xlsx": workbook}),
            ".html": page.encode(),
            ".json": returned_json(original, findings, group=group, period=period),
        }
        stem = outbox.free_name(folder, returned_stem(original), ".html", others)
        paths = outbox.place(folder, {f"{stem}{end}": content for end, content in documents.items()})
        self.files.sync(self.workspace.outbox / path for path in paths)
        return outbox, tuple(f"outbox/{path}" for path in paths)

    def _workbook_of(self, returned: Returned) -> bytes | None:
        """The manager's own workbook to be put right: marked, or as it came where marking would lose something.

        None for what was not read to its end: the next reader might see something else in it, and what
        is harmful must not come out of here into a folder that people trust.
        """
        codes = {one.code for one in returned.findings}
        if any(code.startswith(("workbook.", "export.")) for code in codes):
            return None
        is_clear = any(one.sheet for one in returned.findings) and "cell.duplicate" not in codes
        marked = self.kept.marked(returned.archived, returned.findings) if is_clear else None
        return returned.archived.read_bytes() if marked is None else marked

    def _folder_of(self, case: DroppedFile) -> str:
        """Where its people look: the folder of its group, told by the file itself or by where it lay."""
        if any(one.code.startswith("group.") for one in case.findings):
            return RETURNED
        group = case.group or self._group_of_folder(case)
        name = None if group is None else safe_file_name(group)
        return RETURNED if name in {None, RETURNED, HR_FOLDER} else f"{name}/{RETURNED}"

    def _group_of_folder(self, case: DroppedFile) -> str | None:
        roster = self.setup.roster
        if roster is None or case.folder_group is None:
            return case.folder_group
        folder = key(case.folder_group)
        return next((group for group in roster.groups if key(group) == folder), None)

    def not_placed(self, case: DroppedFile, error: OSError) -> None:
        """The input stays where it is, and the next pass tries again."""
        self.failed(case, finding("submission.not_placed", reason=reason_of(error)))

    def fail(self, case: DroppedFile, trace: str) -> None:
        """A mistake of ours: the trace is for the administrator, the number for everybody else."""
        reference = self.maker.keep_trace(case.claimed.sha256, trace)
        self.failed(case, finding("submission.failed", reference=reference))

    @contextmanager
    def alone_with(self, *cases: DroppedFile) -> Iterator[None]:
        """A mistake of ours with these files costs the others nothing; what the system refuses stops the pass."""
        try:
            yield
        except (OSError, LedgerError):
            raise
        except Exception:  # noqa: BLE001 - the one place of a pass where it does not matter whose mistake it is
            for case in cases:
                self.fail(case, traceback.format_exc())

    def failed(self, case: DroppedFile, told: Finding) -> None:
        """Something that is nobody's fault at the inbox: the file stays there."""
        case.findings = (*case.findings, told)
        case.report = FileReport(case.name, Status.FAILED, findings=case.findings)
        self._write_receipt(case.report, case)

    def clear_inbox(self, *cases: DroppedFile) -> None:
        """Take the files out of the inbox, with receipts in their place."""
        gone = []
        for case in cases:
            assert case.report is not None
            self._write_receipt(case.report, case)
            if remove_claimed(case.path, case.claimed, self.files):
                gone.append(case.id)
        if gone:
            with self.ledger.writing() as books:
                books.journal.advance_all(gone, Step.CLEARED)

    def _write_receipt(self, report: FileReport, case: DroppedFile) -> None:
        """Two lines beside the dropped file: what became of it, and where to look."""
        receipts = self.setup.settings.receipts
        if receipts is Receipts.OFF:
            return
        text = f"{self.today} {report.receipt()}\n"
        root = self.workspace.inbox if receipts is Receipts.INBOX else self.workspace.outbox / "回执"
        folder = (root / case.name).parent
        with suppress(OSError):  # an inbox that we may only read: the verdict stands all the same
            name = receipt_name(case.path.name)
            self.files.write(folder / name, text.encode("utf-8-sig", "backslashreplace"))
