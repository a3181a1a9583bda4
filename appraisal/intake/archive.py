"""Every dropped file, byte for byte, in the archive before anything else is done with it.

From then on only the copy is read: what lies in the shared folder may change at any moment.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from appraisal.intake.dropped_file import open_dropped

_CHUNK = 1 << 20
_LONGEST_ENDING = 8


class TryAgainLater(Exception):  # noqa: N818 - says what to do
    """The dropped file cannot be taken now: gone, locked, still changing, or no plain file."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(path, why)
        self.path = path
        self.why = why

    def __str__(self) -> str:
        return f"{self.path}: {self.why}; it is tried again in the next pass"


@dataclass(frozen=True, slots=True)
class Claimed:
    """A dropped file as it was taken: size in bytes, time of its last change in nanoseconds."""

    sha256: str
    archived: Path
    size: int
    mtime_ns: int


def claim(path: Path, archive_folder: Path) -> Claimed:
    """Copy the dropped file into the archive, durably, as `<sha256>.<ending>`.

    The same bytes twice are kept once. Raises `TryAgainLater` for anything amiss with the dropped
    file, and OSError for anything amiss with the archive (a full disk, say), which needs a person.
    """
    _make_private(archive_folder)
    source = _open(path)
    try:
        before = os.fstat(source)
        handle, name = tempfile.mkstemp(dir=archive_folder, prefix=".claim-")  # made 0600
        copy = Path(name)
        try:
            sha256 = _copy(source, handle, path)
            after = os.fstat(source)
            if _version(after) != _version(before):
                raise TryAgainLater(path, "changed while it was copied")
            archived = archive_folder / f"{sha256}{_ending(path)}"
            if not _is_kept(archived, after.st_size):
                copy.replace(archived)
        finally:
            copy.unlink(missing_ok=True)
    finally:
        os.close(source)
    _sync_folder(archive_folder)
    return Claimed(sha256, archived, after.st_size, after.st_mtime_ns)


def remove_claimed(path: Path, claimed: Claimed) -> bool:
    """Remove the dropped file if it is still the one that was claimed; whether it is gone now.

    A file that changed since is a new submission and stays; one that is open in another program
    (Windows) stays too, and is found unchanged in the next pass.
    """
    try:
        now = path.lstat()
        if (now.st_size, now.st_mtime_ns) != (claimed.size, claimed.mtime_ns):
            return False
        path.unlink()
    except FileNotFoundError:
        return True
    except OSError:
        return False
    return True


def _open(path: Path) -> int:
    try:
        return open_dropped(path)
    except OSError as error:
        raise TryAgainLater(path, error.strerror or "cannot be opened") from error


def _copy(source: int, target: int, path: Path) -> str:
    digest = hashlib.sha256()
    with os.fdopen(target, "wb") as copy:
        while chunk := _read(source, path):
            digest.update(chunk)
            copy.write(chunk)
        copy.flush()
        os.fsync(copy.fileno())
    return digest.hexdigest()


def _read(source: int, path: Path) -> bytes:
    try:
        return os.read(source, _CHUNK)
    except OSError as error:
        raise TryAgainLater(path, error.strerror or "cannot be read") from error


def _is_kept(archived: Path, size: int) -> bool:
    """Whether the archive has these bytes already; what is there may be open, and Windows would mind."""
    return archived.is_file() and archived.stat().st_size == size


def _version(status: os.stat_result) -> tuple[int, int]:
    return status.st_size, status.st_mtime_ns


def _ending(path: Path) -> str:
    """The file's ending if it is a plain one: names come from outside, and `.回执` or `.x y` do not serve."""
    ending = path.suffix.lower()
    plain = ending.isascii() and ending[1:].isalnum() and len(ending) <= _LONGEST_ENDING
    return ending if plain else ".bin"


def _make_private(folder: Path) -> None:
    """Scores are personal data: the folder is for this user alone (Windows: its own rights hold)."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if os.name == "posix":
        folder.chmod(0o700)


def _sync_folder(folder: Path) -> None:
    """Make the new name survive a power cut; Windows has no such call and does so by itself."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
