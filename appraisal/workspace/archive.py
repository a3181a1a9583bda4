"""Every dropped file, byte for byte, in the archive before anything else is done with it.

From then on only the copy is read: what lies in the shared folder may change at any moment.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from appraisal.errors import Signal
from appraisal.workspace.files import Files, open_dropped, temporary_beside
from appraisal.workspace.system import make_private

_CHUNK = 1 << 20
_LONGEST_ENDING = 8


class TryAgainLater(Signal):
    """The dropped file cannot be taken now: gone, locked, still changing, or no plain file."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(path, why)
        self.path = path
        self.why = why

    def __str__(self) -> str:
        return f"{self.path}: {self.why}; it is tried again in the next pass"


@dataclass(frozen=True, slots=True)
class ArchivedCopy:
    """The archived copy of a dropped file: its bytes by hash, where they are kept, and which version it was."""

    sha256: str
    path: Path
    size: int
    mtime_ns: int
    ctime_ns: int
    """When the entry itself last changed: a copying program that sets `mtime_ns` back cannot set this."""


def archive_file(path: Path, inbox: Path, archive_folder: Path, files: Files) -> ArchivedCopy:
    """Copy the dropped file, somewhere in the inbox, into the archive, durably, as `<sha256>.<ending>`.

    The same bytes twice are kept once. Raises `TryAgainLater` for anything amiss with the dropped
    file, and OSError for anything amiss with the archive (a full disk, say), which needs a person.
    """
    archive_folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    make_private(archive_folder)  # scores are personal data
    copy = temporary_beside(archive_folder / path.name)
    try:
        sha256, version = _copy(path, inbox, copy, files)
        archived = archive_folder / f"{sha256}{_ending(path)}"
        if archived.is_file() and archived.stat().st_size == version[0]:
            files.remove(copy)  # what is there may be open, and Windows would mind
        else:
            files.move(copy, archived)
    except BaseException:
        with contextlib.suppress(OSError):
            files.remove(copy)
        raise
    files.sync([archived])
    return ArchivedCopy(sha256, archived, *version)


def remove_unchanged(path: Path, inbox: Path, copy: ArchivedCopy, files: Files) -> bool:
    """Remove the dropped file if it is still the one that was archived; whether it is gone now.

    A file that changed since is a new submission and stays; one that is open in another program (Windows) stays
    too, and so does one in a folder that we may not change.
    """
    try:
        if is_unchanged(path, copy):
            files.remove(path, inside=inbox)
        return not os.path.lexists(path)
    except OSError:
        return False


def is_unchanged(path: Path, copy: ArchivedCopy) -> bool:
    """Whether the dropped file is still there, and the one that was archived."""
    try:
        return _version(path.lstat()) == (copy.size, copy.mtime_ns, copy.ctime_ns)
    except OSError:
        return False


def _copy(path: Path, inbox: Path, target: Path, files: Files) -> tuple[str, tuple[int, int, int]]:
    """The hash of what was copied, and the version of the file that it was."""
    with _later_if_refused(path):
        source = open_dropped(path, inbox)
    try:
        before = _version(os.fstat(source))
        digest = hashlib.sha256()
        files.store(target, _chunks(source, path, digest.update))
        if _version(os.fstat(source)) != before:
            raise TryAgainLater(path, "changed while it was copied")
    finally:
        os.close(source)
    return digest.hexdigest(), before


def _chunks(source: int, path: Path, each: Callable[[bytes], None]) -> Iterator[bytes]:
    while True:
        with _later_if_refused(path):
            chunk = os.read(source, _CHUNK)
        if not chunk:
            return
        each(chunk)
        yield chunk


@contextlib.contextmanager
def _later_if_refused(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise TryAgainLater(path, error.strerror or "cannot be read") from error


def _version(status: os.stat_result) -> tuple[int, int, int]:
    return status.st_size, status.st_mtime_ns, status.st_ctime_ns


def _ending(path: Path) -> str:
    """The file's ending if it is a plain one: names come from outside, and `.回执` or `.x y` do not serve."""
    ending = path.suffix.lower()
    plain = ending.isascii() and ending[1:].isalnum() and len(ending) <= _LONGEST_ENDING
    return ending if plain else ".bin"
