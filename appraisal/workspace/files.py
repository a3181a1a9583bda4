"""The one door through which files of the inbox, the outbox and the state are changed; and opening a file that lies
in a shared folder, where anything may lie under any name.

Every write goes to a temporary file in the target's own folder and is renamed into place, so
that a reader never sees half a document. Tests hand in a door that stops before or after any one
change.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import secrets
import stat
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path
from typing import Protocol

from appraisal.workspace.system import LONGEST_PATH, open_for_reading, remove_file, sync_folder

_SYNCED_TOGETHER = 8
"""A month has forty papers; a disk that is asked for several at once writes them in one go."""

_TEMPORARY = re.compile(r"\.[0-9a-f]{16}\.tmp")


class Files(Protocol):
    """What the program may do to files."""

    def write(self, path: Path, content: bytes, *, private: bool = False) -> None:
        """Put `content` at `path` at once, replacing what is there; folders are made.

        What is `private` nobody else may read where modes exist; all else has the folder's own rights.
        """

    def store(self, path: Path, chunks: Iterable[bytes]) -> None:
        """Write a file that nobody else may read, and return when its bytes are safely on disk."""

    def move(self, source: Path, target: Path) -> None:
        """Rename within one file system; `target`'s folder is made."""

    def remove(self, path: Path, *, inside: Path | None = None) -> None:
        """Delete a file; one that is gone already is no error.

        Where others may write, `inside` is the folder that is ours: from there down no folder may be a link.
        """

    def remove_empty(self, gone: Iterable[Path], root: Path) -> None:
        """Delete the folders below `root` that files which are gone have left empty."""

    def sync(self, paths: Iterable[Path]) -> None:
        """Return when the files and their folders are safely on disk."""


class RealFiles:
    """Files of this machine. OSErrors are the caller's to handle."""

    longest: int | None = LONGEST_PATH
    """Characters of a path. Windows says of a longer one only that it is not there."""

    def write(self, path: Path, content: bytes, *, private: bool = False) -> None:
        self._must_fit(path)
        temporary = temporary_beside(path)
        try:
            try:
                handle = _created(temporary, 0o600 if private else 0o666)
            except FileNotFoundError:  # most papers have company in their folder
                path.parent.mkdir(parents=True, exist_ok=True, mode=0o700 if private else 0o777)
                handle = _created(temporary, 0o600 if private else 0o666)
            with os.fdopen(handle, "wb") as file:
                file.write(content)
            temporary.replace(path)
        except BaseException:
            with contextlib.suppress(OSError):
                temporary.unlink()
            raise

    def store(self, path: Path, chunks: Iterable[bytes]) -> None:
        with os.fdopen(_created(path, 0o600), "wb") as file:
            for chunk in chunks:
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())

    def move(self, source: Path, target: Path) -> None:
        self._must_fit(target)
        target.parent.mkdir(parents=True, exist_ok=True)
        source.replace(target)

    def remove(self, path: Path, *, inside: Path | None = None) -> None:
        with contextlib.suppress(FileNotFoundError):
            if inside is None:
                path.unlink()
            elif ".." in path.parts or not path.is_relative_to(inside):
                raise OSError(errno.EXDEV, "leads elsewhere", str(path))
            else:
                remove_file(path, inside)

    def remove_empty(self, gone: Iterable[Path], root: Path) -> None:
        folders = {parent for path in gone for parent in path.parents if root in parent.parents}
        for folder in sorted(folders, key=lambda folder: -len(folder.parts)):
            with contextlib.suppress(OSError):  # something stands in it, or it is a link
                folder.rmdir()

    def sync(self, paths: Iterable[Path]) -> None:
        every = sorted(set(paths))
        shares = [every[start::_SYNCED_TOGETHER] for start in range(min(_SYNCED_TOGETHER, len(every)))]
        with ThreadPoolExecutor(_SYNCED_TOGETHER) as together:
            list(together.map(_sync_each, shares))
        for folder in sorted({path.parent for path in every}):
            sync_folder(folder)

    def _must_fit(self, path: Path) -> None:
        if self.longest is not None and len(str(path)) > self.longest:
            raise OSError(errno.ENAMETOOLONG, os.strerror(errno.ENAMETOOLONG), str(path))


REAL_FILES = RealFiles()


def temporary_beside(path: Path) -> Path:
    """A name in the same folder for what becomes `path`: short, as that may be as long as the system allows."""
    return path.parent / f".{secrets.token_hex(8)}.tmp"


def has_leftovers(folder: Path) -> bool:
    """Whether a program that died left a temporary file in the folder itself."""
    return any(_TEMPORARY.fullmatch(path.name) for path in folder.iterdir())


def sweep(folder: Path, files: Files) -> None:
    """Remove the temporary files that a program left in the folder, and below it, when it died."""
    for where, _, names in os.walk(folder):
        for name in names:
            if _TEMPORARY.fullmatch(name):
                with contextlib.suppress(OSError):  # somebody has it open: the next sweep
                    files.remove(Path(where, name))


def reason_of(error: OSError) -> str:
    """Why the system would not do it, in a Chinese clause; its own words where we have none."""
    if error.errno in _REASONS:
        return _REASONS[error.errno]
    return error.strerror or type(error).__name__


_NO_RIGHT = "没有写入权限，或文件正被别的程序打开"
_REASONS = {
    errno.ENOSPC: "磁盘已满",
    errno.EDQUOT: "磁盘配额已用完",
    errno.EFBIG: "文件超过了系统允许的大小",
    errno.EMFILE: "同时打开的文件太多，系统的上限（ulimit -n）要调高",
    errno.ENFILE: "同时打开的文件太多，系统的上限要调高",
    errno.ENOMEM: "内存不够",
    errno.EROFS: "磁盘是只读的",
    errno.EACCES: _NO_RIGHT,
    errno.EPERM: _NO_RIGHT,
    errno.EBUSY: _NO_RIGHT,
    errno.ENAMETOOLONG: "文件名或路径太长",
    errno.ENOTDIR: "应是文件夹的地方放着文件",
    errno.EISDIR: "应是文件的地方放着文件夹",
    errno.ENOENT: "文件或文件夹不存在，或网络盘断开了",
    errno.EEXIST: "那里已经有同名的文件",
    errno.EIO: "磁盘出错",
    errno.EINVAL: "那里放着的不是普通文件",
    errno.ELOOP: "那里放着的是链接",
    errno.EXDEV: "文件夹被链接到了别处",
}


def _created(path: Path, mode: int) -> int:
    """A descriptor of a new file; one that is there already, or a link, is an error."""
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), mode)


def _sync_each(paths: Iterable[Path]) -> None:
    for path in paths:
        handle = os.open(path, os.O_RDWR)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


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


def read_dropped(path: Path, inside: Path | None = None) -> bytes:
    """The bytes of a plain file, opened as `open_dropped` does."""
    with os.fdopen(open_dropped(path, inside), "rb") as file:
        return file.read()


def read_setup_file(path: Path) -> bytes:
    """The bytes of a file of the set-up, behind links too. OSError at once for a pipe, which might never end."""
    return read_dropped(path.resolve())


def write_new(path: Path, content: bytes) -> Path:
    """Writes `content` as `path`, or as `…_2` beside it where something else stands there; where it went.

    Nothing is overwritten and no link is followed: a workbook of that name may be filled already. The same
    content that is there already stays as it is.
    """
    for target in _beside(path):
        try:
            with target.open("xb") as new:
                new.write(content)
        except FileExistsError:
            if not _holds(target, content):
                continue
        return target
    raise AssertionError


def free_path(path: Path) -> Path:
    """The path, or the first `…_2` beside it where nothing stands: an earlier original is never lost."""
    return next(free for free in _beside(path) if not free.exists())


def _beside(path: Path) -> Iterator[Path]:
    """The path itself, then `…_2`, `…_3` and so on in its folder."""
    yield path
    yield from (path.with_stem(f"{path.stem}_{turn}") for turn in count(2))


def _holds(path: Path, content: bytes) -> bool:
    try:
        with os.fdopen(open_dropped(path), "rb") as there:
            return there.read(len(content) + 1) == content
    except OSError:
        return False
