"""Receipts: a few lines beside each dropped file, the newest of its name, until nobody needs them any more."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from pathlib import Path, PurePath

from appraisal.ledger.ledger import Ledger
from appraisal.pipeline.context import RunContext
from appraisal.workspace.files import Files
from appraisal.workspace.names import RECEIPTS, original_name, receipt_name
from appraisal.workspace.paths import Workspace
from appraisal.workspace.settings import Receipts


def unmarked(file: str) -> PurePath:
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


def remove_receipts(workspace: Workspace, ledger: Ledger, files: Files, *, of: Collection[int]) -> None:
    """Take away the receipts of these claims of the journal, but for names that a later file bears."""
    if not of:
        return
    with ledger.reading() as transaction:
        dropped = transaction.journal.files_since(min(of))
    last = {unmarked(file): claim for claim, file in dropped}
    for file in (str(file) for file, claim in last.items() if claim in of):
        for root in (workspace.inbox, workspace.outbox / RECEIPTS):
            with suppress(OSError):
                files.remove(_receipt(root, file))
        files.remove_empty([_receipt(workspace.outbox / RECEIPTS, file)], workspace.outbox)


def _receipt(root: Path, file: str) -> Path:
    beside = root / unmarked(file)
    return beside.with_name(receipt_name(beside.name))
