"""What lies in the inbox, in which folders, and what of it is nobody's submission.

An inbox that is no longer the folder that it was (a shared drive has dropped out) is not taken for an empty one.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

_IGNORED = ((".", "~$"), (".tmp", ".crdownload", ".part", ".回执.txt"), {"thumbs.db", "desktop.ini"})
"""How names of nobody's submissions begin, how they end, and what they are, in small letters."""

DEEPEST = 4
"""Levels of folders in an inbox: `旗舰店/2026/2026-11/更正` is as far down as anyone keeps a month."""

_SYSTEM_FOLDERS = frozenset(
    {
        "#recycle", "@recycle", "$recycle.bin", "#snapshot", "~snapshot", "@eadir", "__macosx",
        "@recently-snapshot", "lost+found", "system volume information",
    }
)  # fmt: skip
"""Recycle bins, snapshots and indexes that network drives and systems lay into shared folders: what people deleted
or replaced must not be handed in by them."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One name in an inbox as one look saw it: size in bytes, time of last change in nanoseconds."""

    path: Path
    size: int
    mtime_ns: int
    is_file: bool
    """A plain file; links, pipes and devices are not, and are never opened."""
    is_folder: bool = False
    ctime_ns: int = 0
    """When the entry itself last changed: unlike `mtime_ns` no copying program can set it back."""


class Unseen(StrEnum):
    """Why something in an inbox is not looked into."""

    NO_FILE = "no_file"
    """A link, a pipe, a device."""
    CLOSED = "closed"
    """We may not look at it."""
    TOO_DEEP = "too_deep"
    """A folder further down than `DEEPEST`."""


@dataclass(frozen=True, slots=True)
class InboxListing:
    """What one look found. An inbox may hold thousands of receipts: of those only the names are read."""

    entries: tuple[Entry, ...]
    ignored: tuple[tuple[Path, str], ...]
    """Folder and name of each file whose name alone says that it is nobody's submission."""

    unseen: tuple[tuple[Path, Unseen], ...] = ()
    """What may hold something that somebody handed in and was not looked into."""

    @property
    def is_empty(self) -> bool:
        return not self.entries and not self.ignored


def list_inbox(inbox: Path) -> InboxListing:
    """What lies in the inbox and in its folders, `DEEPEST` levels down, in the order of names.

    The first level are the groups' folders; below them people keep order as they like. Links are listed
    and never followed; what vanishes meanwhile is left out.
    """
    entries: list[Entry] = []
    ignored: list[tuple[Path, str]] = []
    unseen: list[tuple[Path, Unseen]] = []
    entries += _list_folder(inbox, ignored, unseen)
    folders = [(entry.path, 1) for entry in entries if entry.is_folder]
    while folders:
        folder, level = folders.pop()
        if folder.name.startswith(".") or folder.name.casefold() in _SYSTEM_FOLDERS:
            continue
        if level > DEEPEST:
            unseen.append((folder, Unseen.TOO_DEEP))
            continue
        try:
            found = list(_list_folder(folder, ignored, unseen))
        except FileNotFoundError:
            continue  # vanished between the listing and the look
        except OSError:
            unseen.append((folder, Unseen.CLOSED))
            continue
        entries += found
        folders += [(entry.path, level + 1) for entry in found if entry.is_folder]
    unseen += [(entry.path, Unseen.NO_FILE) for entry in entries if not (entry.is_file or entry.is_folder)]
    in_order = tuple(sorted(entries, key=lambda entry: os.fsencode(entry.path)))
    return InboxListing(
        in_order, tuple(ignored), tuple(sorted(unseen, key=lambda item: os.fsencode(item[0])))
    )


def is_ignored(name: str) -> bool:
    """Whether a file of this name is nobody's submission: owner files, leftovers, our receipts."""
    begins, ends, names = _IGNORED
    name = name.casefold()
    return name.startswith(begins) or name.endswith(ends) or name in names


def is_gone(path: Path) -> bool:
    """Whether nothing lies there; what lies in a folder that we may not look into may still be there."""
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False
    return False


def _list_folder(
    folder: Path, ignored: list[tuple[Path, str]], unseen: list[tuple[Path, Unseen]]
) -> Iterator[Entry]:
    """Its entries, in no order; what is ignored by name goes into `ignored`, what we may not look at into `unseen`."""
    with os.scandir(folder) as found:
        for entry in found:
            if is_ignored(entry.name) and not entry.is_dir(follow_symlinks=False):
                ignored.append((folder, entry.name))
                continue
            try:
                status = entry.stat(follow_symlinks=False)
            except FileNotFoundError:
                continue  # vanished between the listing and the look
            except OSError:
                unseen.append((folder / entry.name, Unseen.CLOSED))
                continue
            yield Entry(
                path=folder / entry.name,
                size=status.st_size,
                mtime_ns=status.st_mtime_ns,
                ctime_ns=status.st_ctime_ns,
                is_file=stat.S_ISREG(status.st_mode),
                is_folder=stat.S_ISDIR(status.st_mode),
            )


BELIEVED_AFTER = 60.0
"""Seconds for which the same folder must stay empty until it is taken for emptied by people."""


@dataclass
class InboxRoot:
    """What is known of the inbox from one look to the next.

    A share that dropped out leaves an empty folder, mostly another one: of that nothing is believed
    until something lies in it.
    """

    is_left_with_things: bool = False
    """Whether something lay there after the last look that was not ours to remove."""
    _folder: tuple[int, int] | None = None
    """Device and number of the folder."""
    _empty_since: float | None = None

    def has_dropped_out(self, folder: tuple[int, int], now: float, *, is_empty: bool) -> bool:
        """Whether it is suddenly empty though nobody emptied it file by file; `now` by a clock that never jumps."""
        is_same = self._folder in {None, folder}
        if not is_empty or (is_same and not self.is_left_with_things):
            self._folder, self._empty_since = folder, None
            return False
        if self._empty_since is None:
            self._empty_since = now
        return not (is_same and now - self._empty_since >= BELIEVED_AFTER)
