"""Files opened: dropped ones, and those of the archive that a month was made from; always in the sandbox.

A month is made from its manager's workbook, with what people said of themselves put in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TypeVar

from appraisal.findings.finding import Finding, finding
from appraisal.intake.read_any import Paper
from appraisal.intake.self_assessment import with_self_forms
from appraisal.intake.submission import Reading, Row, Submission
from appraisal.ledger.ledger import Transaction
from appraisal.ledger.records import GroupMonth, KeptSelfForm, Revision
from appraisal.pipeline import reader_process
from appraisal.pipeline.context import RunContext
from appraisal.pipeline.setup import Setup
from appraisal.processes.packing import unpacked_value
from appraisal.processes.sandbox import Ending, Sandbox, Stopped
from appraisal.scheme.forms.self_assessment import self_sheet
from appraisal.scheme.forms.submission import STAFF_ID, submission_form
from appraisal.workspace.paths import Workspace
from appraisal.workspace.settings import SelfFormPolicy

Read = TypeVar("Read")

# --------------------------------------------------------------------------------------- one file


def start_reading(
    sandbox: Sandbox, setup: Setup, path: Path, *, file: str, sha256: str = ""
) -> Callable[[], bytes]:
    """Start reading the file; what is given waits for its paper, packed, and raises Stopped.

    `file` is the name it was dropped under, `sha256` that of an archived one.
    """

    def start() -> Future[bytes]:
        return sandbox.submit(reader_process.read, path, file, sha256, setup.reading_by)

    return partial(_patiently, start, start())


def read_again(context: RunContext, path: Path, sha256: str = "") -> Paper | None:
    """What stands on a file that was read before; None where it cannot be opened (any more)."""
    with suppress(Stopped):
        wait = start_reading(context.sandbox, context.setup, path, file=path.name, sha256=sha256)
        paper: Paper = unpacked_value(wait())
        return paper
    return None


def finding_of(stopped: Stopped) -> Finding | None:
    """What to tell the manager of a file that could not be read to its end; None if it was our mistake."""
    if stopped.ending in {Ending.TIMEOUT, Ending.MEMORY, Ending.KILLED}:
        return finding("workbook.timeout")
    if stopped.ending is Ending.DIED:
        return finding("workbook.corrupt", detail="打开时程序中断")
    return None


def marked_copy(context: RunContext, archived: Path, findings: Sequence[Finding]) -> bytes | None:
    """The file with its wrong cells marked; None where marking it would lose something of it."""
    with suppress(Stopped):
        return _patiently(lambda: context.sandbox.submit(reader_process.mark, archived, findings))
    return None


def as_filled_in(context: RunContext, archived: Path) -> bytes:
    """What is filed of the file: its own bytes, without the marks of an earlier return where it bears any."""
    unmarked = None
    if archived.suffix == ".xlsx":
        with suppress(Stopped):
            unmarked = _patiently(lambda: context.sandbox.submit(reader_process.unmark, archived))
    return unmarked or archived.read_bytes()


def _patiently(start: Callable[[], Future[Read]], started: Future[Read] | None = None) -> Read:
    """The task's result; one that was lost or killed through no fault of its own is begun again."""
    for _ in range(_TRIES - 1):
        try:
            return (started or start()).result()
        except Stopped as stopped:
            if not stopped.ending.is_from_outside:
                raise
            started = None
    return start().result()


_TRIES = 3
"""A pool that breaks may lose the same task twice: when a worker goes, and when the last one does."""

# ------------------------------------------------------------- a month's workbook, in the archive


def archived_file(workspace: Workspace, sha256: str) -> Path | None:
    """Where the bytes with this hash are kept."""
    return next(workspace.archive.glob(f"{sha256}.*"), None)


def with_latest_forms(reading: Reading, setup: Setup, transaction: Transaction) -> Reading:
    """The workbook with everybody's latest form of its month."""
    draft = reading.draft
    if draft is None:
        return reading
    return _with_forms(reading, setup, transaction.self_forms.of_month(draft.group, draft.period))


def read_with_latest_forms(context: RunContext, sha256: str) -> Reading | None:
    """The archived workbook with everybody's latest form; None where it is not there or cannot be opened any more."""
    reading = _read_archived(context, sha256)
    if reading is None:
        return None
    with context.ledger.reading() as transaction:
        return with_latest_forms(reading, context.setup, transaction)


def read_for_remake(context: RunContext, month: GroupMonth, revision: Revision) -> Reading | None:
    """The workbook of the month's current revision, when that is made again.

    Once a month is issued, forms that come later wait for a correction: it is made from those that it was made from.
    """
    if month.is_issued:
        return read_as_made(context, revision)
    return read_with_latest_forms(context, revision.provenance.submission)


def read_as_made(context: RunContext, revision: Revision) -> Reading | None:
    """The workbook with the forms that the revision was made from, whatever has come since.

    None where it is not in the archive or cannot be opened any more.
    """
    reading = _read_archived(context, revision.provenance.submission)
    if reading is None:
        return None
    used = revision.provenance.inputs.self_forms
    with context.ledger.reading() as transaction:
        ever = transaction.self_forms.ever(revision.group, revision.period)
    return _with_forms(reading, context.setup, [form for form in ever if form.sha256 in used])


def _read_archived(context: RunContext, sha256: str) -> Reading | None:
    """The manager's workbook with this hash; None where it cannot be opened (any more)."""
    path = archived_file(context.workspace, sha256)
    paper = None if path is None else read_again(context, path, sha256)
    return paper if isinstance(paper, Reading) else None


def _with_forms(reading: Reading, setup: Setup, forms: Iterable[KeptSelfForm]) -> Reading:
    by_staff = {form.staff: form for form in forms}
    is_required = setup.settings.self_forms is SelfFormPolicy.REQUIRED
    if reading.draft is None or not (by_staff or is_required):
        return reading
    said = {staff: form.values for staff, form in by_staff.items()}
    whole = with_self_forms(reading, said, rulebook=setup.rulebook, roster=setup.roster, required=is_required)
    assert whole.draft is not None
    before, after = _own_rows(reading.draft, setup), _own_rows(whole.draft, setup)
    there = sorted(by_staff.keys() & after.keys())
    counted = [staff for staff in there if is_required or before.get(staff) != after[staff]]
    return replace(
        whole, draft=replace(whole.draft, self_forms=tuple(by_staff[staff].sha256 for staff in counted))
    )


def _own_rows(draft: Submission, setup: Setup) -> dict[object, Row]:
    """By staff id, the rows of the sheet in which people assess themselves."""
    scheme = setup.rulebook.in_force(draft.scheme, draft.period)
    sheet = self_sheet(submission_form(scheme)) if scheme else None
    table = draft.tables.get(sheet.name) if sheet else None
    return {row.values[STAFF_ID]: row for row in (table.rows if table else ())}
