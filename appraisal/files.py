"""The one door through which files of the shared folders are changed.

Every write goes to a temporary file in the target's own folder and is renamed into place, so
that a reader never sees half a document. Tests hand in a door that stops before or after any one
change.
"""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

TEMPORARY_SUFFIX = ".tmp"


class Files(Protocol):
    """What the conductor may do to files."""

    def write(self, path: Path, content: bytes) -> None:
        """Put `content` at `path` at once, replacing what is there; folders are made."""

    def move(self, source: Path, target: Path) -> None:
        """Rename within one file system; `target`'s folder is made."""

    def remove(self, path: Path) -> None:
        """Delete a file; one that is gone already is no error."""

    def sync(self, paths: Iterable[Path]) -> None:
        """Return when the files and their folders are safely on disk."""


class RealFiles:
    """Files of this machine. OSErrors are the caller's to handle."""

    def write(self, path: Path, content: bytes) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        # A short name of its own: the document's name may already be as long as the system allows.
        temporary = path.parent / f".{secrets.token_hex(8)}{TEMPORARY_SUFFIX}"
        try:
            temporary.write_bytes(content)
            temporary.replace(path)
        except BaseException:
            with contextlib.suppress(OSError):
                temporary.unlink()
            raise

    def move(self, source: Path, target: Path) -> None:
        target.parent.mkdir(parents=True, exist_ok=True)
        source.replace(target)

    def remove(self, path: Path) -> None:
        path.unlink(missing_ok=True)

    def sync(self, paths: Iterable[Path]) -> None:
        every = set(paths)
        for path in sorted(every):
            _sync(path, os.O_RDWR)
        if os.name == "posix":
            for folder in sorted({path.parent for path in every}):
                _sync(folder, os.O_RDONLY)


def _sync(path: Path, flags: int) -> None:
    handle = os.open(path, flags)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
