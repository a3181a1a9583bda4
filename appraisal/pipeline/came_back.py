"""What earlier passes gave back, and which of it a dropped file puts right once it is accepted.

A file is put right by the same form about the same group, month and person, wherever either was dropped; by one of
the same name, unless what could be read of it speaks against that; and by the month's 上报表 if it lies in the group's
退回 folder and may have been one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence

from appraisal.intake.form import SUBMISSION
from appraisal.ledger.ledger import Transaction
from appraisal.ledger.records import Claim, FileResult
from appraisal.period import Period
from appraisal.pipeline.context import RunContext
from appraisal.pipeline.dropped_file import DroppedFile
from appraisal.pipeline.placing import open_outbox
from appraisal.pipeline.receipts import remove_receipts
from appraisal.workspace.names import original_name, returned_folder
from appraisal.workspace.outbox import Outbox


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
                returned = transaction.journal.returned(dropped.period)
                by_period[dropped.period] = [one for one in returned if one.id not in this_pass]
            dropped.came_back = tuple(
                claim
                for claim in by_period[dropped.period]
                if is_put_right(context, transaction, claim, dropped)
            )


def is_put_right(context: RunContext, transaction: Transaction, claim: Claim, dropped: DroppedFile) -> bool:
    """Whether the file that was returned is the one that was dropped, or a former one of it."""
    told = claim.result
    if told is None:
        return False
    mine = (dropped.form, dropped.group, dropped.period, dropped.staff)
    if (told.kind, told.group, told.period, told.staff) == mine:
        return True
    group = next(
        (one for one in (told.group, claim.dropped.folder) if _is_known(context, transaction, one)), None
    )
    fits = (
        told.kind in {None, SUBMISSION, dropped.form}  # what could not be opened is taken for a 上报表
        and group in {None, dropped.group}
        and told.period in {None, dropped.period}
        and told.staff in {None, dropped.staff}
    )
    return fits and (_name(claim.dropped.file) == _name(dropped.name) or _is_workbooks(told, dropped))


def _is_workbooks(told: FileResult, dropped: DroppedFile) -> bool:
    """Whether a month's workbook was dropped, and what came back lies where those of its group do."""
    if dropped.form != SUBMISSION or dropped.group is None:
        return False
    folder = f"outbox/{returned_folder(dropped.group)}/"
    return any(path.startswith(folder) for path in told.outputs)


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
    outputs = (path for one in put_right if one.result is not None for path in one.result.outputs)
    by_folder: defaultdict[str, list[str]] = defaultdict(list)
    for path in (one.removeprefix("outbox/") for one in outputs):
        by_folder[path.rpartition("/")[0]].append(path)
    outboxes = []
    for folder, paths in by_folder.items():
        outbox = open_outbox(context, folder)
        outbox.drop(paths)
        outboxes.append(outbox)
    remove_receipts(
        context.workspace, context.ledger, context.files, of=frozenset(one.id for one in put_right)
    )
    return outboxes
