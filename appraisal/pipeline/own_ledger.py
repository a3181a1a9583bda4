"""Whether a ledger is the one that the workspace works with, and as new: else months would be paid twice.

Ledger and workspace each bear a mark (`workspace/ledger_mark.py`). The ledger is always first to count a
pass, so that a mark ahead of it means that the ledger was put back or made anew.
"""

from __future__ import annotations

from appraisal.ledger.errors import LedgerError
from appraisal.ledger.ledger import Ledger
from appraisal.workspace.files import Files
from appraisal.workspace.ledger_mark import LedgerMark, read_marks, write_marks
from appraisal.workspace.paths import PROGRAM, Workspace


class NotOurLedgerError(LedgerError):
    """The ledger is gone, older than the papers, or another workspace's; one Chinese sentence with the next step."""


_RESTORE = f"没有更新的备份时，执行 {PROGRAM} restore，由存档和已发布的结果补回台账；在此以前什么都不会处理。"

GONE = (
    f"台账是空的，而这个工作区已经有存档或发布过的结果：台账被删除或换掉了。请换回原来的台账文件。{_RESTORE}"
)

BEHIND = f"台账比已发布的结果旧：它是以前的备份，继续使用会重复发放。请换上最新的台账文件。{_RESTORE}"

ANOTHERS = (
    "这个台账不是本工作区一直在用的那一个。每个工作区要用自己的台账，请核对 --ledger。"
    f"确是本工作区的台账（换过机器，或台账标记丢了）时，执行 {PROGRAM} restore 认领；在此以前什么都不会处理。"
)


def check_ledger(workspace: Workspace, ledger: Ledger) -> None:
    """Raises NotOurLedgerError. Cheap: two small files are read, and one row."""
    if (wrong := what_is_wrong(workspace, ledger)) is not None:
        raise NotOurLedgerError(wrong)


def what_is_wrong(workspace: Workspace, ledger: Ledger) -> str | None:
    """The Chinese sentence; None where the ledger is ours and as new as the papers."""
    with ledger.reading() as books:
        own = books.identity.mark()
        is_empty = own.passes == 0 and not books.months.periods()
    marks = read_marks(workspace)
    if not marks:
        if own.passes:
            return ANOTHERS
        return GONE if is_empty and has_worked(workspace) else None
    if any(mark.ledger != own.ledger for mark in marks):
        return GONE if is_empty else ANOTHERS
    return BEHIND if own.passes < max(mark.passes for mark in marks) else None


def has_worked(workspace: Workspace) -> bool:
    """Whether anything was ever archived or published here."""
    kept = any(workspace.archive.iterdir()) if workspace.archive.is_dir() else False
    return kept or any(True for _ in workspace.outbox.glob("*/*/result.json"))


def count_pass(workspace: Workspace, ledger: Ledger, files: Files) -> None:
    """From now on a copy of the ledger that was made before is too old for this workspace."""
    if not read_marks(workspace):  # an interruption further down must leave the ledger known as ours
        with ledger.reading() as books:
            write_marks(workspace, LedgerMark(books.identity.mark().ledger, 0), files)
    with ledger.writing() as books:
        mark = books.identity.count_pass()
    write_marks(workspace, mark, files)
