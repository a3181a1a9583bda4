"""What to tell of the inbox itself: an inbox that is gone, what is not looked into, what waits and for what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from appraisal.findings.finding import Finding, finding
from appraisal.pipeline.reports import PassReport
from appraisal.text import printable
from appraisal.workspace.arrival import FileState, NotReady, Settling, not_ready_in
from appraisal.workspace.inbox import Entry, InboxListing, Unseen
from appraisal.workspace.paths import Workspace


def missing_inbox(workspace: Workspace) -> str | None:
    """What to tell of an inbox that is gone from a workspace that was at work before: perhaps a lost share."""
    if workspace.inbox.is_dir() or not (workspace.state / "pipeline.lock").exists():
        return None
    return f"收件夹 {workspace.inbox} 原来不在，已重新建立。它如果在共享盘上，请检查共享盘是否连着：店长放的文件可能还在那边。"


_WHY_UNSEEN = {
    Unseen.NO_FILE: "是链接或特殊文件，没有处理。请把文件本身放进来。",
    Unseen.CLOSED: "打不开，没有看。请检查它和所在文件夹的权限。",
    Unseen.TOO_DEEP: "放得太深，里面的文件没有看。请放在本组的文件夹里。",
}


def told_unseen(unseen: Sequence[tuple[Path, Unseen]], inbox: Path) -> tuple[str, ...]:
    """What to tell of things in the inbox that are not looked into, though somebody may have meant to hand them in."""
    return tuple(
        f"收件夹里的“{printable(path.relative_to(inbox).as_posix())}”{_WHY_UNSEEN[why]}"
        for path, why in unseen
    )


_WHY_NOT_READY = {
    FileState.IN_USE: "file.in_use",
    FileState.LOOKS_EMPTY: "file.looks_empty",
    FileState.LOOKS_INCOMPLETE: "file.looks_incomplete",
}


def told_not_ready(not_ready: Mapping[str, NotReady], now: datetime) -> dict[str, Finding]:
    """Why each file waits, and until when one that looks broken off does."""
    return {
        name: finding(
            _WHY_NOT_READY.get(one.state, "file.arriving"),
            until=f"{now + timedelta(seconds=one.seconds_left):%H:%M}",
        )
        for name, one in not_ready.items()
    }


_BROKEN = frozenset({FileState.LOOKS_EMPTY, FileState.LOOKS_INCOMPLETE})


class InboxNews:
    """What a watch has to tell of the inbox from look to look, each thing once.

    Nobody need wait until a copy that looks broken off comes back to hear of it.
    """

    def __init__(self, inbox: Path) -> None:
        self._inbox = inbox
        self._unseen: frozenset[str] = frozenset()
        self._broken: frozenset[Entry] = frozenset()

    def news(
        self,
        listing: InboxListing,
        looked: Sequence[tuple[Entry, FileState]],
        settling: Settling,
        now: datetime,
    ) -> PassReport | None:
        """What is not looked into, and what looks broken off, that was not told before; None where nothing is new."""
        unseen = told_unseen(listing.unseen, self._inbox)
        broken = [(entry, state) for entry, state in looked if state in _BROKEN]
        warnings = [sentence for sentence in unseen if sentence not in self._unseen]
        fresh = [(entry, state) for entry, state in broken if entry not in self._broken]
        self._unseen, self._broken = frozenset(unseen), frozenset(entry for entry, _ in broken)
        if not (warnings or fresh):
            return None
        not_ready = not_ready_in(self._inbox, fresh, settling)
        return PassReport([], warnings=warnings, not_ready=told_not_ready(not_ready, now))
