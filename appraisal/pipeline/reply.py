"""What a dropped file gets: its result in the ledger, a receipt, and an empty place in the inbox.

What changes because of the file and what became of it are written in one transaction, before the
inbox is emptied: an interruption in between tells the same result again.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from appraisal.findings.finding import Finding, finding
from appraisal.ledger.errors import LedgerError
from appraisal.ledger.ledger import Transaction
from appraisal.ledger.records import FileResult, Step
from appraisal.period import Period
from appraisal.pipeline.appraise import Failed
from appraisal.pipeline.context import RunContext
from appraisal.pipeline.dropped_file import DroppedFile
from appraisal.pipeline.log import keep_trace
from appraisal.pipeline.placing import file_paper, note_placed, open_outbox
from appraisal.pipeline.reading import marked_copy
from appraisal.pipeline.reports import FileReport, Status
from appraisal.pipeline.returned_files import original_path, remove_what_came_back, write_receipt
from appraisal.pipeline.setup import Setup
from appraisal.publish.returned.page import ReturnedCopy, returned_html, returned_json
from appraisal.publish.templates.engine import TemplateError
from appraisal.text import key, printable
from appraisal.workspace.archive import is_unchanged, remove_unchanged
from appraisal.workspace.files import reason_of
from appraisal.workspace.names import (
    HR_FOLDER,
    RETURNED,
    month_folder,
    returned_folder,
    returned_stem,
    safe_file_name,
)
from appraisal.workspace.outbox import Outbox


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


# -------------------------------------------------------------------------------- done with a file


def reply(
    context: RunContext,
    dropped: DroppedFile,
    report: FileReport,
    *,
    outbox: Outbox | None = None,
    change: Callable[[Transaction], object] = lambda _transaction: None,
) -> None:
    """The file is done with: `change` and the result in one transaction, then the inbox is emptied."""
    try:
        put_right = [] if report.status in _TO_BE_DONE else remove_what_came_back(context, dropped.came_back)
    except OSError as error:
        not_placed(context, dropped, error)
        return
    dropped.report = report
    with context.ledger.writing() as transaction:
        change(transaction)
        note_result(transaction, dropped, report, outbox)
        for emptied in put_right:
            note_placed(transaction, emptied)
    clear_inbox(context, dropped)


_TO_BE_DONE = {Status.RETURNED, Status.FAILED}


def reply_unchanged(context: RunContext, dropped: DroppedFile, note: str = "") -> None:
    """The very same was handed in and answered before."""
    report = FileReport(dropped.name, Status.UNCHANGED, dropped.group, dropped.period, note=note)
    reply(context, dropped, report)


def was_taken_before(context: RunContext, dropped: DroppedFile, *statuses: Status) -> bool:
    """Whether an earlier file with the same bytes ended so."""
    with context.ledger.reading() as transaction:
        claims = transaction.journal.claims_of(dropped.copy.sha256)
    return any(
        claim.id != dropped.id and claim.result and claim.result.status in statuses for claim in claims
    )


def file_away(
    context: RunContext,
    dropped: DroppedFile,
    report: FileReport,
    name: str,
    *,
    instead_of: Sequence[str],
    change: Callable[[Transaction], object],
) -> None:
    """The dropped file by `name` into the folder of the report's month, in the place of others; then as `reply`."""
    assert report.group is not None
    assert report.period is not None
    outbox = open_outbox(context, safe_file_name(report.group), claim=dropped.id)
    folder, archived = month_folder(report.group, report.period), dropped.copy.path
    try:
        path = file_paper(context, outbox, folder=folder, name=name, archived=archived, instead_of=instead_of)
    except OSError as error:
        not_placed(context, dropped, error)
        return
    reply(context, dropped, replace(report, outputs=(f"outbox/{path}",)), outbox=outbox, change=change)


def note_result(
    transaction: Transaction, dropped: DroppedFile, report: FileReport, outbox: Outbox | None = None
) -> None:
    """Write into the ledger what became of the file, and what lies in the outbox because of it."""
    if outbox is not None:
        is_returned = report.status is Status.RETURNED
        note_placed(transaction, outbox, returned=dropped.id if is_returned else None)
    if report.period is not None and report.status is not Status.UNCHANGED:
        transaction.pending_hr_folders.note(report.period)
    result = FileResult(
        status=report.status.value,
        group=report.group,
        period=report.period,
        revision=report.revision,
        findings=report.findings,
        outputs=report.outputs,
        kind=dropped.form,
        staff=dropped.staff,
        note=report.note,
    )
    transaction.journal.advance(dropped.id, Step.PLACED, result)


def reply_again(context: RunContext, dropped: DroppedFile, result: FileResult) -> None:
    """The file was done with but for emptying the inbox: tell its result once more, and empty it."""
    dropped.report = FileReport(
        file=dropped.name,
        status=Status(result.status),
        group=result.group,
        period=result.period,
        revision=result.revision,
        findings=result.findings,
        outputs=result.outputs,
        note=result.note,
    )
    clear_inbox(context, dropped)


def clear_inbox(context: RunContext, *dropped_files: DroppedFile) -> None:
    """Take the files out of the inbox, with receipts in their place. One that cannot be removed is told once."""
    for dropped in dropped_files:
        _write_receipt(context, dropped)
    for dropped in _remove(context, dropped_files):
        assert dropped.report is not None
        dropped.report = replace(dropped.report, note=f"{dropped.report.note}{_NOT_REMOVED}")


_NOT_REMOVED = "原文件没能从收件夹移走（正被打开，或没有权限），系统不会再处理它，可以自行删除。"


def remove_answered(context: RunContext, dropped_files: Sequence[DroppedFile]) -> None:
    """Files that an earlier pass answered and could not remove: nothing is said of them again."""
    _remove(context, dropped_files)


def _remove(context: RunContext, dropped_files: Sequence[DroppedFile]) -> list[DroppedFile]:
    """Remove the files from the inbox; those that are still there as they were."""
    inbox, files = context.workspace.inbox, context.files
    gone = [
        dropped for dropped in dropped_files if remove_unchanged(dropped.path, inbox, dropped.copy, files)
    ]
    left = [dropped for dropped in dropped_files if is_unchanged(dropped.path, dropped.copy)]
    for dropped in left:
        dropped.is_answered = True
    if gone or left:
        with context.ledger.writing() as transaction:
            transaction.journal.advance_all([dropped.id for dropped in gone], Step.CLEARED)
            transaction.journal.advance_all([dropped.id for dropped in left], Step.ANSWERED)
    return left


def _write_receipt(context: RunContext, dropped: DroppedFile) -> None:
    """Two lines beside the dropped file: what became of it, and where to look."""
    assert dropped.report is not None
    write_receipt(context, dropped.name, f"{context.today} {dropped.report.receipt()}\n")


# ------------------------------------------------------------------------------ a file that goes back


def give_back(context: RunContext, dropped: DroppedFile, folder: str | None = None) -> None:
    """The dropped file itself with its cells marked, and a list that says what to fix first.

    `folder`, below the outbox, is where its people look; None: the 退回 folder of its group.
    """
    archived, findings = dropped.copy.path, dropped.findings
    returned = Returned(
        file=dropped.name,
        archived=archived,
        findings=findings,
        group=dropped.group,
        period=dropped.period,
        claim=dropped.id,
    )
    try:
        outbox, outputs = put_returned(context, returned, folder or _folder_of(dropped, context.setup))
    except OSError as error:
        not_placed(context, dropped, error)
        return
    reply(context, dropped, dropped.report_as(Status.RETURNED, outputs=outputs), outbox=outbox)


def put_returned(context: RunContext, returned: Returned, folder: str) -> tuple[Outbox, tuple[str, ...]]:
    """Place a returned file's papers; the outbox to be noted, and their paths in the workspace."""
    outbox = open_outbox(context, folder, claim=returned.claim)
    file = original_path(returned.file)
    original = printable(file.name)
    with context.ledger.reading() as transaction:
        owners = transaction.journal.owners_of_returned(folder)
    others = {path for path, claim in owners.items() if original_path(claim.dropped.file) != file}
    findings, group, period = returned.findings, returned.group, returned.period
    copy, workbook = _copy_of(context, returned)
    page = returned_html(
        original,
        findings,
        group=group,
        period=period,
        sha256=returned.archived.stem,
        copy=copy,
        templates=context.setup.templates,
    )
    documents = {
        ".html": page.encode(),
        ".json": returned_json(original, findings, group=group, period=period),
    }
    if workbook is not None:  # people are sent to the first: to the list where the workbook does not show it
        ahead = copy is ReturnedCopy.MARKED
        documents = {".xlsx": workbook} | documents if ahead else documents | {".xlsx": workbook}
    stem = outbox.free_name(folder, returned_stem(original), others)
    paths = outbox.place(folder, {f"{stem}{end}": content for end, content in documents.items()})
    context.files.sync(context.workspace.outbox / path for path in paths)
    return outbox, tuple(f"outbox/{path}" for path in paths)


def _copy_of(context: RunContext, returned: Returned) -> tuple[ReturnedCopy, bytes | None]:
    """The manager's own workbook to be put right: marked, or as it came where marking would lose something.

    Nothing for what was not read to its end: the next reader might see something else in it, and what
    is harmful must not come out of here into a folder that people trust.
    """
    codes = {problem.code for problem in returned.findings}
    if any(code.startswith(("workbook.", "export.", "scan.")) for code in codes):
        return ReturnedCopy.NONE, None
    is_clear = any(problem.sheet for problem in returned.findings) and "cell.duplicate" not in codes
    with_marks = marked_copy(context, returned.archived, returned.findings) if is_clear else None
    if with_marks is None:
        return ReturnedCopy.UNMARKED, returned.archived.read_bytes()
    return ReturnedCopy.MARKED, with_marks


def _folder_of(dropped: DroppedFile, setup: Setup) -> str:
    """Where its people look: the folder of its group, told by the file itself or by where it lay."""
    if any(problem.code.startswith("group.") for problem in dropped.findings):
        return RETURNED
    group = dropped.group or _group_of_folder(dropped, setup)
    if group is None or safe_file_name(group) in {RETURNED, HR_FOLDER}:
        return RETURNED
    return returned_folder(group)


def _group_of_folder(dropped: DroppedFile, setup: Setup) -> str | None:
    if setup.roster is None or dropped.folder_group is None:
        return dropped.folder_group
    folder = key(dropped.folder_group)
    return next((group for group in setup.roster.groups if key(group) == folder), None)


# ------------------------------------------------------------------------------ nobody's fault there


def not_placed(context: RunContext, dropped: DroppedFile, error: OSError) -> None:
    """The input stays where it is, and the next pass tries again."""
    failed(context, dropped, finding("submission.not_placed", reason=reason_of(error)))


def not_made(context: RunContext, dropped: DroppedFile, why: Failed) -> None:
    """Whose template it is, the finding says; what else it may be is a mistake of ours."""
    if why.template:
        failed(context, dropped, finding("submission.template", sentence=why.template))
    else:
        fail(context, dropped, why.trace)


def fail(context: RunContext, dropped: DroppedFile, trace: str) -> None:
    """A mistake of ours: the trace is for the administrator, the number for everybody else."""
    reference = dropped.copy.sha256[:8]
    keep_trace(context.workspace, context.files, reference, trace)
    failed(context, dropped, finding("submission.failed", reference=reference))


def failed(context: RunContext, dropped: DroppedFile, problem: Finding) -> None:
    """Something that is nobody's fault at the inbox: the file stays there."""
    dropped.add(problem)
    dropped.report = FileReport(dropped.name, Status.FAILED, findings=dropped.findings)
    _write_receipt(context, dropped)


@contextmanager
def isolate_failure(context: RunContext, *dropped_files: DroppedFile) -> Iterator[None]:
    """A mistake of ours with these files costs the others nothing; what the system refuses stops the pass."""
    try:
        yield
    except (OSError, LedgerError):
        raise
    except TemplateError as error:
        for dropped in dropped_files:
            not_made(context, dropped, Failed("", str(error)))
    except Exception:  # noqa: BLE001 - the one place of a pass where it does not matter whose mistake it is
        for dropped in dropped_files:
            fail(context, dropped, traceback.format_exc())
