"""The same pass again and again: events only wake it, a periodic look decides.

One process holds the workspace, keeps its ledger and workers open, and looks at the inbox whenever
something stirs there, and every few seconds in any case: file events do not cross network shares.
"""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer

from appraisal.files import REAL_FILES
from appraisal.intake.settle import Entry, Settling, State, list_inbox
from appraisal.passes import Desk, open_desk
from appraisal.verdicts import FileReport, PassReport, Status
from appraisal.workspace import Workspace, load_setup

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


@dataclass
class Watcher:
    """Looks, and takes what lies ready, until it is told to halt."""

    workspace: Workspace
    today: Callable[[], date]
    tell: Callable[[PassReport], None]
    ledger_url: str | None = None
    pace: Pace = field(default_factory=Pace)
    _wake: threading.Event = field(default_factory=threading.Event)
    _stop: threading.Event = field(default_factory=threading.Event)
    _seen_any: bool = False
    _failed: dict[Entry, float] = field(default_factory=dict)

    def halt(self) -> None:
        """Stop after the pass that is under way; may be called from a signal handler."""
        self._stop.set()
        self._wake.set()

    def run(self) -> None:
        """Until halted: set-up errors are raised at the start and reported later."""
        health = Health(_now())
        observer = self._observer()
        try:
            while not self._stop.is_set():
                setup, version = load_setup(self.workspace), self._set_up_version()
                with open_desk(self.workspace, setup, today=self.today(), ledger_url=self.ledger_url) as desk:
                    self._watch(desk, health, version)
        finally:
            if observer is not None:
                observer.stop()
                observer.join()

    def _watch(self, desk: Desk, health: Health, version: object) -> None:
        """With one set-up and one day: a change of either opens the desk anew."""
        settling = Settling(clock=time.monotonic)
        day = desk.today
        while not self._stop.is_set() and self.today() == day and self._set_up_version() == version:
            self._wake.clear()
            if self._stop.is_set():
                break
            stirring = self._look(desk, settling, health)
            self._wake.wait(self.pace.settling if stirring else self.pace.rescan)

    def _look(self, desk: Desk, settling: Settling, health: Health) -> bool:
        """One look at the inbox and what follows from it; whether something there is still settling."""
        try:
            entries = list_inbox(self.workspace.inbox)
        except OSError as error:
            self._outage(health, f"收件夹打不开（{error.strerror}），等它恢复。")
            return False
        if self._seen_any and not entries:
            self._outage(health, "收件夹突然全空了，可能是共享盘断开。")
        else:
            health.outage = None
        self._seen_any = self._seen_any or bool(entries)
        looked = settling.look(entries)
        ready = [entry for entry, state in looked if state not in _NOT_NOW and self._may_try(entry)]
        waiting = [entry for entry, state in looked if state in {State.WAITING, State.IN_USE}]
        if ready:
            self._take(desk, ready, health)
        health.last_pass, health.passes, health.queue = _now(), health.passes + 1, len(waiting)
        self._write_health(health)
        return bool(waiting)

    def _take(self, desk: Desk, ready: Sequence[Entry], health: Health) -> None:
        reports, later = desk.conductor(lambda _done, _of, _what: None).take([entry.path for entry in ready])
        by_name = {entry.path.relative_to(self.workspace.inbox).as_posix(): entry for entry in ready}
        for report in reports:
            _log_report(report)
            if report.status is Status.FAILED:
                self._failed[by_name[report.file]] = time.monotonic()
        health.files += len(reports)
        health.failures = len(self._failed)
        self.tell(PassReport(reports, not_ready=later, warnings=desk.ledger.warnings))

    def _may_try(self, entry: Entry) -> bool:
        """A file that failed is left alone for a while, unless it has changed since."""
        since = self._failed.get(entry)
        if since is None or time.monotonic() - since >= self.pace.failed:
            self._failed.pop(entry, None)
            return True
        return False

    def _outage(self, health: Health, sentence: str) -> None:
        if health.outage != sentence:
            _log.error("inbox outage", extra={"outage": sentence})
            self.tell(PassReport([], warnings=[sentence]))
        health.outage = sentence
        self._write_health(health)

    def _write_health(self, health: Health) -> None:
        text = json.dumps(health.__dict__, ensure_ascii=False, indent=1)
        try:
            REAL_FILES.write(self.workspace.state / "health.json", text.encode())
        except OSError as error:
            _log.warning("health file: %s", error.strerror)

    def _set_up_version(self) -> tuple[tuple[str, int, int], ...]:
        """Names, sizes and times of the files that the set-up is read from."""
        root = self.workspace.root
        single = (root / "settings.toml", root / "roster.xlsx", root / "roster.csv")
        folders = (self.workspace.own_or_shipped("rules"), self.workspace.own_or_shipped("templates"))
        files = [path for path in single if path.is_file()]
        files += [path for folder in folders for path in sorted(folder.glob("*")) if path.is_file()]
        return tuple((str(path), path.stat().st_size, path.stat().st_mtime_ns) for path in files)

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


_NOT_NOW = frozenset({State.WAITING, State.IN_USE, State.IGNORED})


class _Waker(FileSystemEventHandler):
    def __init__(self, wake: threading.Event) -> None:
        self._wake = wake

    def on_any_event(self, event: FileSystemEvent) -> None:
        if event.event_type in {"created", "modified", "moved", "closed"}:
            self._wake.set()


def _log_report(report: FileReport) -> None:
    """Names and scores stay out of the log: which month, what verdict, which kinds of finding."""
    _log.info(
        "file",
        extra={
            "status": report.status.value,
            "period": None if report.period is None else str(report.period),
            "revision": report.revision,
            "findings": sorted({one.code for one in report.findings}),
        },
    )


def _now() -> str:
    return datetime.now().astimezone().isoformat(timespec="seconds")


class JsonLines(logging.Formatter):
    """One JSON object a line: time, level, message, and what the call added."""

    _OWN = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime"}

    def format(self, record: logging.LogRecord) -> str:
        told = {"time": _now(), "level": record.levelname, "message": record.getMessage()}
        told |= {key: value for key, value in record.__dict__.items() if key not in self._OWN}
        return json.dumps(told, ensure_ascii=False, default=str)


def log_to(folder: Path) -> None:
    """Write the log as JSON lines to `folder/pipeline.log`, ten files of a megabyte at the most."""
    from logging.handlers import RotatingFileHandler  # noqa: PLC0415 - only watch keeps a log

    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    handler = RotatingFileHandler(
        folder / "pipeline.log", maxBytes=1_000_000, backupCount=9, encoding="utf-8"
    )
    handler.setFormatter(JsonLines())
    logging.getLogger("appraisal").addHandler(handler)
    logging.getLogger("appraisal").setLevel(logging.INFO)
