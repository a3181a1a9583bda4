"""When a file in a shared folder has arrived: two looks apart it is whole.

Times of last change say little there (copy tools keep the old one, clocks differ, some lie in the
future), so what counts is that nothing changed between two looks, timed by a clock that never jumps.
`Settling` holds no path open and reads no clock of its own; it can be tested to the second.
"""

from __future__ import annotations

import math
import os
import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from appraisal.workspace.files import open_dropped
from appraisal.workspace.inbox import Entry, InboxListing, Unseen, is_ignored, list_inbox
from appraisal.xlsx.container import LONGEST_END, ends_like_a_zip

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
    settling = settling or Settling(clock=time.monotonic, wall_clock=time.time)
    listing = list_inbox(inbox)
    looked = settling.observe(listing)
    if any(state.is_waiting and state is not FileState.IN_USE for _, state in looked):
        wait(STILL)
        listing = list_inbox(inbox)
        looked = settling.observe(listing)
    return _state_of(inbox, listing, looked, settling)


def observe_inbox_once(inbox: Path) -> InboxState:
    """A look that waits for nothing: for whoever only asks how it stands."""
    settling = Settling(clock=time.monotonic, wall_clock=time.time)
    listing = list_inbox(inbox)
    return _state_of(inbox, listing, settling.observe(listing), settling)


def _state_of(
    inbox: Path, listing: InboxListing, looked: Sequence[tuple[Entry, FileState]], settling: Settling
) -> InboxState:
    ignored = sum(state is FileState.IGNORED and not entry.is_folder for entry, state in looked)
    return InboxState(
        ready=tuple(
            entry.path for entry, state in looked if not (state.is_waiting or state is FileState.IGNORED)
        ),
        not_ready=not_ready_in(inbox, looked, settling),
        ignored=len(listing.ignored) + ignored,
        unseen=listing.unseen,
    )
