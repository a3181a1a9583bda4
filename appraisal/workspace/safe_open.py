"""Opening a file that lies in a shared folder, where anything may lie under any name."""

from __future__ import annotations

import errno
import os
import stat
from itertools import count
from pathlib import Path

from appraisal.workspace.system import open_for_reading


def open_dropped(path: Path, inside: Path | None = None) -> int:
    """A descriptor for reading the plain file `path`; the caller closes it.

    Never follows a link and never blocks. With `inside`, a folder above it, none of the folders between
    may be a link either: somebody could put one there after they were listed, to have read for them what
    they may not read. Raises OSError if it is gone, locked or no plain file.
    """
    handle = open_for_reading(path, inside)
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise OSError(errno.EINVAL, "is not a plain file")
    return handle


def read_plain(path: Path) -> bytes:
    """The bytes of a file of the set-up, behind links too. OSError at once for a pipe, which might never end."""
    with os.fdopen(open_dropped(path.resolve()), "rb") as file:
        return file.read()


def write_new(path: Path, content: bytes) -> Path:
    """Writes `content` as `path`, or as `…_2` beside it where something else stands there; where it went.

    Nothing is overwritten and no link is followed: a workbook of that name may be filled already. The same
    content that is there already stays as it is.
    """
    for turn in count(1):
        target = path if turn == 1 else path.with_name(f"{path.stem}_{turn}{path.suffix}")
        try:
            with target.open("xb") as new:
                new.write(content)
        except FileExistsError:
            if not _holds(target, content):
                continue
        return target
    raise AssertionError


def _holds(path: Path, content: bytes) -> bool:
    try:
        with os.fdopen(open_dropped(path), "rb") as there:
            return there.read(len(content) + 1) == content
    except OSError:
        return False
