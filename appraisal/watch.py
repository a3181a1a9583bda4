"""The same pass again and again: events only wake it, a periodic look decides.

One process holds the workspace, keeps its ledger and workers open, and looks at the inbox whenever
something stirs there, and every few seconds in any case: file events do not cross network shares.
"""

from __future__ import annotations

import json
import logging
import stat
import threading
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer

from appraisal.files import REAL_FILES, Files, reason_of
from appraisal.intake.settle import Entry, Listing, Settling, State, list_inbox
from appraisal.ledger.errors import LedgerError
from appraisal.lock import WorkspaceInUseError
from appraisal.log import log_report, now_written
from appraisal.passes import Desk, open_desk
from appraisal.set_up import SETUP_ERRORS, Setup, load_setup
from appraisal.verdicts import PassReport, Status
from appraisal.workspace import Workspace, WorkspaceError

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds: between looks when nothing stirs, while something settles, before a failed file's next try."""

    rescan: float = 5.0
    settling: float = 0.25
    failed: float = 60.0


@dataclass
class Health:
    """What `state/health.json` says: whether passes go on, and what is stuck."""

    started: str
    last_pass: str = ""
    passes: int = 0
    files: int = 0
    queue: int = 0
    failures: int = 0
    outage: str | None = None
    """What keeps it from looking, or from finishing a pass; None while all goes well."""
    setup: str | None = None
    """What is wrong with a changed set-up that was not taken over."""


@dataclass
class Watcher:
    """Looks, and takes what lies ready, until it is told to halt.

    What cannot be used at the start is raised; after that nothing but a halt ends it: a ledger that
    is locked, a set-up that somebody broke, an inbox that is gone are told once, and it goes on.
    """

    workspace: Workspace
    today: Callable[[], date]
    tell: Callable[[PassReport], None]
    ledger_url: str | None = None
    scheduler: str | None = None
    pace: Pace = field(default_factory=Pace)
    files: Files = REAL_FILES
    _wake: threading.Event = field(default_factory=threading.Event)
    _stop: threading.Event = field(default_factory=threading.Event)
    _failed: dict[Entry, float] = field(default_factory=dict)
    _inbox: tuple[int, int] | None = None
    """Which folder the inbox is (device and number): a share that dropped out leaves another one."""
    _left: frozenset[Path] = frozenset()
    """What lay in the inbox after the last look and was not ours to remove."""

    def halt(self) -> None:
        """Stop after the pass that is under way; may be called from a signal handler."""
        self._stop.set()
        self._wake.set()

    def run(self) -> None:
        """Until halted. Raises what `load_setup` and `open_desk` raise, at the start only."""
        health = Health(now_written())
        version = self._set_up_version()
        setup = load_setup(self.workspace, files=self.files)
        observer = self._observer()
        try:
            while not self._stop.is_set():
                try:
                    with open_desk(
                        self.workspace,
                        setup,
                        today=self.today(),
                        ledger_url=self.ledger_url,
                        scheduler=self.scheduler,
                        files=self.files,
                    ) as desk:
                        self._watch(desk, health, version)
                except (LedgerError, WorkspaceInUseError, WorkspaceError, OSError) as error:
                    if not health.passes:
                        raise
                    self._outage(health, _sentence(error))
                    self._wake.clear()
                    self._stop.wait(self.pace.failed)
                version, setup = self._changed_setup(version, setup, health)
        finally:
            if observer is not None:
                observer.stop()
                observer.join()

    def _changed_setup(self, version: _Version, setup: Setup, health: Health) -> tuple[_Version, Setup]:
        """The set-up as it is now; the one that we have where somebody broke it."""
        now = self._set_up_version()
        if now == version:
            return version, setup
        try:
            setup = load_setup(self.workspace, files=self.files)
        except SETUP_ERRORS as error:
            health.setup = f"{_sentence(error)}改好之前沿用原来的设置。"
            _log.error("set-up cannot be used", extra={"kind": type(error).__name__})
            self.tell(PassReport([], warnings=[health.setup]))
        else:
            health.setup = None
            _log.info("set-up loaded")
        return now, setup

    def _watch(self, desk: Desk, health: Health, version: _Version) -> None:
        """With one set-up and one day: a change of either opens the desk anew."""
        settling = Settling(clock=time.monotonic)
        self._keep_up(desk)
        while not self._stop.is_set() and self.today() == desk.today and self._set_up_version() == version:
            self._wake.clear()
            if self._stop.is_set():
                break
            stirring = self._look(desk, settling, health)
            pause = self.pace.settling if stirring else self.pace.rescan
            self._wake.wait(min(pause, settling.seconds_left))

    def _keep_up(self, desk: Desk) -> None:
        """What a new day changes in HR's folder, though nothing is dropped."""
        try:
            warnings = desk.hr.renew()
        except Exception as error:  # noqa: BLE001 - a fault of ours here must not end the watch
            warnings = [self._trouble(desk, error)]
        if warnings:
            self.tell(PassReport([], warnings=warnings))

    def _look(self, desk: Desk, settling: Settling, health: Health) -> bool:
        """One look at the inbox and what follows from it; whether something there is still settling."""
        try:
            listing = list_inbox(self.workspace.inbox)
            status = self.workspace.inbox.stat()
        except OSError as error:
            self._outage(health, f"收件夹打不开（{reason_of(error)}），等它恢复。")
            return False
        if self._has_dropped_out(listing, (status.st_dev, status.st_ino)):
            self._outage(health, "收件夹突然全空了，可能是共享盘断开，等它恢复。")
            return False
        looked = settling.look(listing)
        ready = [entry for entry, state in looked if state not in _NOT_NOW and self._may_try(entry)]
        waiting = [entry for entry, state in looked if state in {State.WAITING, State.IN_USE}]
        if ready:
            try:
                self._take(desk, ready, health)
            except Exception as error:  # noqa: BLE001 - one bad hour of ours must not end the watch
                self._failed.update(dict.fromkeys(ready, time.monotonic()))
                health.failures = len(self._failed)
                self._outage(health, self._trouble(desk, error))
                return False
        health.outage = None
        self._left = frozenset(
            entry.path
            for entry, state in looked
            if entry not in ready and (entry.is_folder or state is not State.IGNORED)
        )
        health.last_pass, health.passes, health.queue = now_written(), health.passes + 1, len(waiting)
        self._write_health(health)
        return bool(waiting)

    def _has_dropped_out(self, listing: Listing, inbox: tuple[int, int]) -> bool:
        """Whether the inbox is suddenly empty though nobody emptied it file by file."""
        if listing.is_empty and (self._left or self._inbox not in {None, inbox}):
            return True
        self._inbox = inbox
        return False

    def _take(self, desk: Desk, ready: Sequence[Entry], health: Health) -> None:
        conductor = desk.conductor(lambda _done, _of, _what: None)
        reports, later = conductor.take([entry.path for entry in ready])
        by_name = {entry.path.relative_to(self.workspace.inbox).as_posix(): entry for entry in ready}
        for report in reports:
            log_report(report)
            if report.status is Status.FAILED:
                self._failed[by_name[report.file]] = time.monotonic()
        health.files += len(reports)
        health.failures = len(self._failed)
        self.tell(PassReport(reports, not_ready=later, warnings=(*desk.ledger.warnings, *conductor.warnings)))

    def _trouble(self, desk: Desk, error: Exception) -> str:
        """What to tell people of a pass that broke off; the files lie where they lay."""
        if isinstance(error, LedgerError | OSError):
            return _sentence(error)
        reference = desk.maker.keep_trace(f"{time.time_ns():x}", traceback.format_exc())
        return f"处理时出现内部错误（编号 {reference}），文件仍在收件夹，稍后再试。请把编号告诉管理员。"

    def _may_try(self, entry: Entry) -> bool:
        """A file that failed is left alone for a while, unless it has changed since."""
        since = self._failed.get(entry)
        if since is None or time.monotonic() - since >= self.pace.failed:
            self._failed.pop(entry, None)
            return True
        return False

    def _outage(self, health: Health, sentence: str) -> None:
        if health.outage != sentence:
            _log.error("outage", extra={"outage": sentence})
            self.tell(PassReport([], warnings=[sentence]))
        health.outage = sentence
        self._write_health(health)

    def _write_health(self, health: Health) -> None:
        text = json.dumps(health.__dict__, ensure_ascii=False, indent=1)
        try:
            self.files.write(self.workspace.state / "health.json", text.encode(), private=True)
        except OSError as error:
            _log.warning("health file: %s", error.strerror)

    def _set_up_version(self) -> _Version:
        """Names, sizes and times of the files that the set-up is read from."""
        root = self.workspace.root
        single = (root / "settings.toml", root / "roster.xlsx", root / "roster.csv")
        folders = (self.workspace.own_or_shipped("rules"), self.workspace.own_or_shipped("templates"))
        files = (*single, *(path for folder in folders for path in sorted(folder.glob("*"))))
        return tuple(version for path in files if (version := _version_of(path)) is not None)

    def _observer(self) -> Observer | None:  # type: ignore[valid-type]
        """Something that wakes us at a file event; None where the system offers nothing."""
        observer = Observer()
        try:
            observer.schedule(_Waker(self._wake), str(self.workspace.made().inbox), recursive=True)
            observer.start()
        except OSError as error:
            _log.warning("no file events, polling only: %s", error.strerror)
            return None
        return observer


_Version = tuple[tuple[str, int, int], ...]


def _version_of(path: Path) -> tuple[str, int, int] | None:
    """Name, size and time of a plain file; None where there is none (any more)."""
    try:
        status = path.stat()
    except OSError:
        return None
    return (str(path), status.st_size, status.st_mtime_ns) if stat.S_ISREG(status.st_mode) else None


def _sentence(error: Exception) -> str:
    """What to tell people of an error that is no fault of ours."""
    if isinstance(error, OSError):
        return f"读写文件时出错：{reason_of(error)}。请检查磁盘空间和文件夹权限。"
    return str(error)


_NOT_NOW = frozenset({State.WAITING, State.IN_USE, State.IGNORED})


class _Waker(FileSystemEventHandler):
    def __init__(self, wake: threading.Event) -> None:
        self._wake = wake

    def on_any_event(self, event: FileSystemEvent) -> None:
        if event.event_type in {"created", "modified", "moved", "closed"}:
            self._wake.set()
