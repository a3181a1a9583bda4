"""Opening a file that lies in a shared folder, where anything may lie under any name."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

_FLAGS = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
_FLAGS |= getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
"""A link is not followed and a pipe without a writer does not block; Windows has neither flag."""


def open_dropped(path: Path) -> int:
    """A descriptor for reading the plain file `path`; the caller closes it.

    Never follows a link and never blocks. Raises OSError if it is gone, locked or no plain file.
    """
    if os.name == "nt" and path.is_symlink():
        raise OSError(errno.ELOOP, "is a link")
    handle = os.open(path, _FLAGS)
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise OSError(errno.EINVAL, "is not a plain file")
    return handle
