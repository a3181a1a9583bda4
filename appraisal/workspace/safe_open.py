"""Opening a file that lies in a shared folder, where anything may lie under any name."""

from __future__ import annotations

import errno
import os
import stat
from itertools import count
from pathlib import Path

_FLAGS = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
_FLAGS |= getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
"""A link is not followed and a pipe without a writer does not block; Windows has neither flag."""


def open_dropped(path: Path, inside: Path | None = None) -> int:
    """A descriptor for reading the plain file `path`; the caller closes it.

    Never follows a link and never blocks. With `inside`, a folder above it, none of the folders between
    may be a link either: somebody could put one there after they were listed, to have read for them what
    they may not read. Raises OSError if it is gone, locked or no plain file.
    """
    if os.name == "nt" and path.is_symlink():
        raise OSError(errno.ELOOP, "is a link")
    handle = os.open(path, _FLAGS) if inside is None or os.name == "nt" else _step_by_step(path, inside)
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise OSError(errno.EINVAL, "is not a plain file")
    return handle


def read_plain(path: Path) -> bytes:
    """The bytes of a file of the set-up, behind links too. OSError at once for a pipe, which might never end."""
    with os.fdopen(open_dropped(path.resolve()), "rb") as file:
        return file.read()


def _step_by_step(path: Path, inside: Path) -> int:
    """Opens each folder from `inside` down to the file from the one above it."""
    folder = os.open(inside, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    *folders, name = path.relative_to(inside).parts
    for one in folders:
        try:
            below = os.open(one, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=folder)
        finally:
            os.close(folder)
        folder = below
    try:
        return os.open(name, _FLAGS, dir_fd=folder)
    finally:
        os.close(folder)


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
