"""One pipeline per workspace: the second one says who is at work and leaves."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from appraisal.errors import AppraisalError
from appraisal.workspace.files import Files, has_leftovers
from appraisal.workspace.system import lock


class WorkspaceInUseError(AppraisalError):
    """Another pipeline works on the same workspace; one Chinese sentence that says which."""


@contextmanager
def workspace_lock(state: Path, now: datetime, files: Files) -> Iterator[bool]:
    """Hold the workspace while the block runs; gives whether the one before us died at its work.

    The system lets go of the workspace if we die; the note of who holds it stays behind then.
    Raises WorkspaceInUseError at once if somebody else holds it.
    """
    handle = os.open(state / "pipeline.lock", os.O_RDWR | os.O_CREAT, 0o600)
    holder = state / "pipeline.holder"
    try:
        if not lock(handle):
            raise WorkspaceInUseError(
                f"这个工作区正由另一个程序处理（{_read(holder)}）。请等它结束；它若是 watch，本次不必再运行。"
            )
        was_left = holder.exists() or has_leftovers(state)
        who = f"{socket.gethostname()} 进程{os.getpid()}，始于 {now:%Y-%m-%d %H:%M:%S}"
        files.write(holder, who.encode(), private=True)
        yield was_left
        files.remove(holder)
    finally:
        os.close(handle)


def _read(holder: Path) -> str:
    with suppress(OSError):
        return holder.read_text("utf-8", "replace")
    return "不知是谁"
