"""What lies in the inbox, in which folders, and when a file in it has arrived: two looks apart it is whole.

An inbox that is no longer the folder that it was (a shared drive has dropped out) is not taken for an empty one.

Times of last change say little in a shared folder (copy tools keep the old one, clocks differ, some lie in the
future), so what counts is that nothing changed between two looks, timed by a clock that never jumps.
`Settling` holds no path open and reads no clock of its own; it can be tested to the second.
"""

from __future__ import annotations

import math
import os
import stat
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from appraisal.workspace.files import open_dropped
from appraisal.xlsx.container import LONGEST_END, ends_like_a_zip

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
class InboxConnection:
    """Whether the shared folder is still there, judged from one look at the inbox to the next.

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


_OWNERS = ("~$", ".~lock.")
"""How the names begin under which office programs note that they have a file open."""

_SMALLEST = 4
"""No format that we know is shorter."""


class FileState(StrEnum):
    """What is to be done with a file now."""

    READY = "ready"
    WAITING = "waiting"
    IN_USE = "in_use"
    """Waiting because somebody has it open: the owner file of Excel, WPS or LibreOffice lies beside."""
    LOOKS_EMPTY = "looks_empty"
    """Waiting because nothing is in it, or next to nothing."""
    LOOKS_INCOMPLETE = "looks_incomplete"
    """Waiting because its end is not there: it is still being copied, or the copy broke off."""
    EMPTY = "empty"
    """Still empty after all the patience: return it as `workbook.empty`."""
    INCOMPLETE = "incomplete"
    """Still broken off after all the patience: return it as `workbook.incomplete`."""
    IGNORED = "ignored"

    @property
    def is_waiting(self) -> bool:
        """Whether a later look decides."""
        return self in {
            FileState.WAITING,
            FileState.IN_USE,
            FileState.LOOKS_EMPTY,
            FileState.LOOKS_INCOMPLETE,
        }


class Content(StrEnum):
    """How much of a file is there, told by its first and last bytes."""

    WHOLE = "whole"
    EMPTY = "empty"
    BROKEN_OFF = "broken_off"


STILL = 2.0
"""Seconds for which a file must not have changed."""

_BROKEN = 300.0
"""Seconds after which one that stays broken comes back."""


class Settling:
    """Remembers how long each file of an inbox has stood still, from one look to the next.

    `clock` gives seconds and never jumps (`time.monotonic`). `wall_clock` (`time.time`) is given for
    a single pass, which cannot wait for every old file: one that was last changed long enough ago and
    is whole is ready at the first look.
    """

    def __init__(
        self,
        *,
        clock: Callable[[], float],
        wall_clock: Callable[[], float] | None = None,
    ) -> None:
        self._clock = clock
        self._wall_clock = wall_clock
        self._since: dict[Entry, float] = {}
        self._looked = -math.inf

    def observe(self, listing: InboxListing) -> tuple[tuple[Entry, FileState], ...]:
        """What is to be done with each of the entries that `list_inbox` found just now."""
        now = self._looked = self._clock()
        self._since = {
            entry: self._since.get(entry, now)
            for entry in listing.entries
            if entry.is_file and not is_ignored(entry.path.name)
        }
        owners = {
            (folder, owner)
            for folder, name in (listing.ignored if self._since else ())
            if (owner := name.casefold()).startswith(_OWNERS)
        }
        return tuple(
            (entry, self._state(entry, now, owners) if entry in self._since else FileState.IGNORED)
            for entry in listing.entries
        )

    @property
    def seconds_left(self) -> float:
        """From now until a file that the last look found too young is old enough; infinite where it found none."""
        ripe = (since + STILL for since in self._since.values())
        soonest = min((moment for moment in ripe if moment > self._looked), default=math.inf)
        return max(0.0, soonest - self._clock())

    def _state(self, entry: Entry, now: float, owners: Collection[tuple[Path, str]]) -> FileState:
        still, age = now - self._since[entry], self._since_ns(entry.mtime_ns)
        if max(still, age) < STILL:
            return FileState.WAITING
        if any((entry.path.parent, owner.casefold()) in owners for owner in _owner_files(entry.path.name)):
            return FileState.IN_USE
        try:
            content = content_of(entry.path)
        except OSError:
            return FileState.WAITING  # no permission, or gone: the next look tells
        if content is Content.WHOLE:
            return FileState.READY
        broken_for = max(still, self._since_ns(entry.ctime_ns))
        if still < STILL or broken_for < _BROKEN:
            return FileState.LOOKS_EMPTY if content is Content.EMPTY else FileState.LOOKS_INCOMPLETE
        return FileState.EMPTY if content is Content.EMPTY else FileState.INCOMPLETE

    def patience_left(self, entry: Entry) -> float:
        """Seconds from the last look until an entry that looks empty or incomplete comes back, if it stays so."""
        still = self._looked - self._since[entry]
        broken_for = max(still, self._since_ns(entry.ctime_ns))
        return max(0.0, STILL - still, _BROKEN - broken_for)

    def _since_ns(self, moment: int) -> float:
        """Seconds since a time of the file in a single pass; below zero if it lies in the future."""
        return self._wall_clock() - moment / 1e9 if self._wall_clock else 0.0


def content_of(path: Path) -> Content:
    """How much of a file is there; raises OSError if it cannot be opened. Never blocks."""
    handle = open_dropped(path)
    with os.fdopen(handle, "rb") as file:
        size = os.fstat(handle).st_size
        head = file.read(_SMALLEST)
        file.seek(max(0, size - LONGEST_END))
        tail = file.read(LONGEST_END)
    if len(head) < _SMALLEST:
        return Content.EMPTY
    is_zip, is_reserved = head == b"PK\x03\x04", head == bytes(_SMALLEST)  # room made, bytes to come
    return Content.BROKEN_OFF if is_reserved or (is_zip and not ends_like_a_zip(tail)) else Content.WHOLE


def _owner_files(name: str) -> tuple[str, ...]:
    """The names under which office programs note that they have `name` open (WPS and Word shorten)."""
    return f"~${name}", f"~${name[2:]}", f".~lock.{name}#"


@dataclass(frozen=True, slots=True)
class NotReady:
    """Why a file waits; one that looks empty or incomplete comes back in `seconds_left`, if it stays so."""

    state: FileState
    seconds_left: float


def not_ready_in(
    inbox: Path, looked: Iterable[tuple[Entry, FileState]], settling: Settling
) -> dict[str, NotReady]:
    """What waits of what was looked at, by its path under the inbox."""
    return {
        entry.path.relative_to(inbox).as_posix(): NotReady(state, settling.patience_left(entry))
        for entry, state in looked
        if state.is_waiting
    }


@dataclass(frozen=True, slots=True)
class InboxState:
    """What a single pass finds: what lies ready, what is not ready yet by its name, what is nobody's submission."""

    ready: tuple[Path, ...]
    not_ready: Mapping[str, NotReady]
    ignored: int
    unseen: tuple[tuple[Path, Unseen], ...]


def observe_inbox(
    inbox: Path, *, settling: Settling | None = None, wait: Callable[[float], None] = time.sleep
) -> InboxState:
    """A look at the inbox; a second one, after a moment, where something is still arriving."""
    settling = settling or _settling_in_one_pass()
    found = observe_inbox_once(inbox, settling)
    if any(waiting.state is not FileState.IN_USE for waiting in found.not_ready.values()):
        wait(STILL)
        found = observe_inbox_once(inbox, settling)
    return found


def observe_inbox_once(inbox: Path, settling: Settling | None = None) -> InboxState:
    """A look that waits for nothing: for whoever only asks how it stands."""
    settling = settling or _settling_in_one_pass()
    listing = list_inbox(inbox)
    looked = settling.observe(listing)
    ignored = sum(state is FileState.IGNORED and not entry.is_folder for entry, state in looked)
    return InboxState(
        ready=tuple(
            entry.path for entry, state in looked if not (state.is_waiting or state is FileState.IGNORED)
        ),
        not_ready=not_ready_in(inbox, looked, settling),
        ignored=len(listing.ignored) + ignored,
        unseen=listing.unseen,
    )


def _settling_in_one_pass() -> Settling:
    return Settling(clock=time.monotonic, wall_clock=time.time)
