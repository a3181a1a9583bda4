"""What came back and goes once it is put right; and receipts: a few lines beside each dropped file, the newest of its
name, until nobody needs them any more.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from contextlib import suppress
from pathlib import Path, PurePath

from appraisal.intake.form import SUBMISSION
from appraisal.ledger.ledger import Transaction
from appraisal.ledger.records import Claim, FileResult
from appraisal.period import Period
from appraisal.pipeline.context import RunContext, Tools
from appraisal.pipeline.dropped_file import DroppedFile
from appraisal.pipeline.placing import open_outbox
from appraisal.workspace.names import RECEIPTS, original_name, receipt_name, returned_folder
from appraisal.workspace.outbox import Outbox
from appraisal.workspace.settings import Receipts


def note_what_came_back(
    context: RunContext, dropped_files: Sequence[DroppedFile], this_pass: Collection[int]
) -> None:
    """Tell each of the files, when they are read, what came back goes once it is accepted.

    `this_pass` are the claims of the pass: what it gives back itself is not put right by it.
    """
    by_period: dict[Period | None, list[Claim]] = {}
    with context.ledger.reading() as transaction:
        for dropped in dropped_files:
            if dropped.period not in by_period:
                returned = transaction.journal.returned(*([dropped.period] if dropped.period else []))
                by_period[dropped.period] = [claim for claim in returned if claim.id not in this_pass]
            dropped.came_back = tuple(
                claim
                for claim in by_period[dropped.period]
                if is_put_right(context, transaction, claim, dropped)
            )


def is_put_right(context: RunContext, transaction: Transaction, claim: Claim, dropped: DroppedFile) -> bool:
    """Whether the file that was returned is the one that was dropped, or a former one of it."""
    result = claim.result
    if result is None:
        return False
    mine = (dropped.form, dropped.group, dropped.period, dropped.staff)
    if (result.kind, result.group, result.period, result.staff) == mine:
        return True
    group = next(
        (group for group in (result.group, claim.dropped.folder) if _is_known(context, transaction, group)),
        None,
    )
    fits = (
        result.kind in {None, SUBMISSION, dropped.form}  # what could not be opened is taken for a 上报表
        and group in {None, dropped.group}
        and result.period in {None, dropped.period}
        and result.staff in {None, dropped.staff}
    )
    return fits and (_name(claim.dropped.file) == _name(dropped.name) or _is_workbooks(result, dropped))


def _is_workbooks(result: FileResult, dropped: DroppedFile) -> bool:
    """Whether a month's workbook was dropped, and what came back lies where those of its group do."""
    if dropped.form != SUBMISSION or dropped.group is None:
        return False
    folder = f"outbox/{returned_folder(dropped.group)}/"
    return any(path.startswith(folder) for path in result.outputs)


def _is_known(context: RunContext, transaction: Transaction, group: str | None) -> bool:
    if group is None:
        return False
    if context.setup.roster is not None:
        return group in context.setup.roster.groups
    return bool(transaction.months.of_group(group))


def _name(file: str) -> str:
    """Without its folders and our mark."""
    return original_name(file.rpartition("/")[2])


def remove_what_came_back(context: RunContext, put_right: Sequence[Claim]) -> list[Outbox]:
    """Take the papers away, but for what somebody changed, and the receipts that point there.

    The folders, to be noted. Raises OSError.
    """
    outputs = (path for claim in put_right if claim.result is not None for path in claim.result.outputs)
    by_folder: defaultdict[str, list[str]] = defaultdict(list)
    for path in (output.removeprefix("outbox/") for output in outputs):
        by_folder[path.rpartition("/")[0]].append(path)
    outboxes = []
    for folder, paths in by_folder.items():
        outbox = open_outbox(context, folder)
        outbox.drop(paths)
        outboxes.append(outbox)
    remove_receipts(context, of=frozenset(claim.id for claim in put_right))
    return outboxes


def original_path(file: str) -> PurePath:
    """The path under the inbox of a dropped file, its name as it was before it ever came back."""
    path = PurePath(file)
    return path.with_name(original_name(path.name))


def write_receipt(context: RunContext, file: str, text: str) -> None:
    """Put the text where people look who dropped the file, a path under the inbox.

    A file that came back and is dropped again has its receipt in the place of the former one.
    """
    receipts, workspace = context.setup.settings.receipts, context.workspace
    if receipts is Receipts.OFF:
        return
    root = workspace.inbox if receipts is Receipts.INBOX else workspace.outbox / RECEIPTS
    with suppress(OSError):  # an inbox that we may only read: the result stands all the same
        context.files.write(_receipt(root, file), text.encode("utf-8-sig", "backslashreplace"))


def remove_receipts(tools: Tools, *, of: Collection[int]) -> None:
    """Take away the receipts of these claims of the journal, but for names that a later file bears."""
    if not of:
        return
    workspace, files = tools.workspace, tools.files
    with tools.ledger.reading() as transaction:
        dropped = transaction.journal.files_since(min(of))
    last = {original_path(file): claim for claim, file in dropped}
    for file in (str(file) for file, claim in last.items() if claim in of):
        for root in (workspace.inbox, workspace.outbox / RECEIPTS):
            with suppress(OSError):
                files.remove(_receipt(root, file))
        files.remove_empty([_receipt(workspace.outbox / RECEIPTS, file)], workspace.outbox)


def _receipt(root: Path, file: str) -> Path:
    beside = root / original_path(file)
    return beside.with_name(receipt_name(beside.name))
