"""The same pass again and again: events only wake it, a periodic look decides.

One process holds the workspace, keeps its ledger and workers open, and looks at the inbox whenever
something stirs there, and every few seconds in any case: file events do not cross network shares.
"""

from __future__ import annotations

import logging
import math
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer

from appraisal.errors import AppraisalError
from appraisal.ledger.ledger import open_ledger
from appraisal.pipeline.acts_for_watch import take_handed_acts
from appraisal.pipeline.after_a_pass import finish_pass
from appraisal.pipeline.context import RunContext, open_context
from appraisal.pipeline.log import Health, keep_mistake, log_report, now_written
from appraisal.pipeline.reports import BrokenOff, InboxNews, PassReport, Status, missing_inbox
from appraisal.pipeline.run import take_files
from appraisal.pipeline.setup import Setup, SetupVersion, load_setup, setup_version
from appraisal.pipeline.setup_changes import refuse_changed_rules
from appraisal.processes.executors import executor_for
from appraisal.workspace.files import REAL_FILES, Files, reason_of
from appraisal.workspace.inbox import Entry, FileState, InboxConnection, Settling, list_inbox
from appraisal.workspace.paths import Workspace

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds: between looks when nothing stirs, while something settles, before a failed file's next try.

    HR's folder is about every group and takes a while: it is made anew when nothing has come for `quiet`
    seconds, or has come again and again for `latest`, so that whoever drops the next file need not wait for it.
    """

    rescan: float = 5.0
    settling: float = 0.25
    failed: float = 60.0
    quiet: float = 3.0
    latest: float = 60.0


@dataclass(frozen=True, slots=True)
class _Failure:
    """Since when, and what to tell of it where a whole pass broke off."""

    since: float
    trouble: str = ""


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
    clock: Callable[[], float] = time.monotonic
    _wake: threading.Event = field(default_factory=threading.Event)
    _stop: threading.Event = field(default_factory=threading.Event)
    _settling: Settling = field(init=False)
    _told: InboxNews = field(init=False)
    _failed: dict[Entry, _Failure] = field(default_factory=dict)
    """Files that could not be done, or not removed, and are left alone for a while."""
    _connection: InboxConnection = field(default_factory=InboxConnection)
    _is_shaken: bool = False
    """Whether something broke that the open workspace may have been harmed by: it is opened anew."""
    _beaten: float = 0.0
    _since_hr: float | None = None
    """When the first file was taken that HR's folder does not tell of yet; None where it tells of all."""
    _stirred: float = 0.0
    """When a file was last taken, or still settling."""

    def __post_init__(self) -> None:
        self._settling = Settling(clock=self.clock)
        self._told = InboxNews(self.workspace.inbox)

    def halt(self) -> None:
        """Stop after the pass that is under way; may be called from a signal handler."""
        self._stop.set()
        self._wake.set()

    def run(self) -> None:
        """Until halted. Raises what `load_setup`, `executor_for` and `open_context` raise, at the start only."""
        health = Health(now_written())
        version = setup_version(self.workspace)
        setup = load_setup(self.workspace, files=self.files)
        if (lost := missing_inbox(self.workspace)) is not None:
            self._say(PassReport([], warnings=[lost]))
        has_started = False
        observer = self._observer()
        try:
            while not self._stop.is_set():
                try:
                    with (
                        executor_for(0, self.scheduler) as executor,
                        open_context(
                            self.workspace,
                            setup,
                            today=self.today(),
                            ledger=self.ledger_url,
                            executor=executor,
                            files=self.files,
                        ) as context,
                    ):
                        if not has_started:
                            refuse_changed_rules(setup.rulebook, context.ledger)
                        has_started = True
                        self._watch(context, health, version)
                except Exception as error:
                    if not has_started:
                        raise
                    self._outage(health, self._trouble(error))
                    self._wake.clear()
                    self._stop.wait(self.pace.failed)
                version, setup = self._changed_setup(version, setup, health)
        finally:
            if observer is not None:
                observer.stop()
                observer.join()
            if has_started:
                health.stopped = now_written()
                self._write_health(health)

    def _changed_setup(
        self, version: SetupVersion, setup: Setup, health: Health
    ) -> tuple[SetupVersion, Setup]:
        """The set-up as it is now; the one that we have where somebody broke it."""
        now = setup_version(self.workspace)
        if now == version:
            return version, setup
        try:
            changed = load_setup(self.workspace, files=self.files)
            with open_ledger(self.ledger_url or self.workspace.default_ledger) as ledger:
                refuse_changed_rules(changed.rulebook, ledger)
            setup = changed
        except Exception as error:  # noqa: BLE001 - whatever somebody did to it, the one that we have serves
            health.setup = f"{self._trouble(error)}改好之前沿用原来的设置。"
            _log.error("set-up cannot be used", extra={"kind": type(error).__name__})
            self._say(PassReport([], warnings=[health.setup]))
        else:
            if health.setup is not None:
                self._say(PassReport([], warnings=["设置已经改好，从现在起按新的设置处理。"]))
            health.setup = None
            _log.info("set-up loaded")
        return now, setup

    def _watch(self, context: RunContext, health: Health, version: SetupVersion) -> None:
        """With one set-up and one day: a change of either, or a mishap, opens the workspace anew."""
        self._is_shaken = False
        self._keep_up(context, health)
        while not self._is_to_leave(context, version):
            self._wake.clear()
            if self._stop.is_set():
                break
            stirring = self._take_what_came(context, health)
            self._is_shaken |= take_handed_acts(context, self.ledger_url, self._trouble)
            if stirring:
                self._stirred = self.clock()
            if self._hr_due() == 0:
                self._keep_up(context, health)
            pause = self.pace.settling if stirring else self.pace.rescan
            self._wake.wait(min(pause, self._settling.seconds_left, self._hr_due()))
        if self._since_hr is not None and not self._is_shaken:
            self._keep_up(context, health)

    def _hr_due(self) -> float:
        """Seconds until HR's folder is to be made anew; infinite where nothing has come since."""
        if self._since_hr is None:
            return math.inf
        due = min(self._stirred + self.pace.quiet, self._since_hr + self.pace.latest)
        return max(0.0, due - self.clock())

    def _is_to_leave(self, context: RunContext, version: SetupVersion) -> bool:
        is_same = self.today() == context.today and setup_version(self.workspace) == version
        return self._stop.is_set() or self._is_shaken or not is_same

    def _keep_up(self, context: RunContext, health: Health) -> None:
        """HR's folder made anew for what has come, and for what a new day changes though nothing came."""
        self._since_hr = None
        try:
            warnings = finish_pass(context)
        except Exception as error:  # noqa: BLE001 - a fault of ours here must not end the watch
            self._outage(health, self._trouble(error))
            return
        if warnings:
            self._say(PassReport([], warnings=warnings))

    def _take_what_came(self, context: RunContext, health: Health) -> bool:
        """One look at the inbox and what follows from it; whether something there is still settling."""
        try:
            listing = list_inbox(self.workspace.inbox)
            folder = self.workspace.inbox.stat()
        except OSError as error:
            self._outage(health, f"收件夹打不开（{reason_of(error)}），等它恢复。")
            return False
        is_empty = listing.is_empty
        if self._connection.has_dropped_out((folder.st_dev, folder.st_ino), self.clock(), is_empty=is_empty):
            self._outage(health, "收件夹突然全空了，可能是共享盘断开，等它恢复。")
            return False
        looked = self._settling.observe(listing)
        news = self._told.news(listing, looked, self._settling, context.now())
        if news is not None and not self._stop.is_set():
            for report in news.waiting:
                log_report(report)
            self._say(news)
        present = frozenset(listing.entries) if self._failed else frozenset()
        self._failed = {entry: failure for entry, failure in self._failed.items() if entry in present}
        waiting = [entry for entry, state in looked if state.is_waiting]
        ready = [entry for entry, state in looked if not (state.is_waiting or state is FileState.IGNORED)]
        for batch in self._batches(ready):
            self._try(context, batch, health)
        self._connection.is_left_with_things = any(
            entry not in ready and (entry.is_folder or state is not FileState.IGNORED)
            for entry, state in looked
        )
        health.queue, health.failures = len(waiting), len(self._failed)
        if trouble := "".join(dict.fromkeys(failure.trouble for failure in self._failed.values())):
            self._outage(health, trouble)
            return False
        health.outage = None
        health.last_pass, health.passes = now_written(), health.passes + 1
        self._write_health(health)
        return bool(waiting)

    def _batches(self, ready: Sequence[Entry]) -> list[list[Entry]]:
        """What is to be taken now: new files together; each that failed before, once it is due, alone.

        So one file that breaks every pass it is in does not keep the others waiting.
        """
        now = self.clock()
        failed = [entry for entry in ready if entry in self._failed]
        due = [entry for entry in failed if now - self._failed[entry].since >= self.pace.failed]
        new = [entry for entry in ready if entry not in self._failed]
        return [batch for batch in (new, *([entry] for entry in due)) if batch]

    def _try(self, context: RunContext, batch: Sequence[Entry], health: Health) -> None:
        """Take the files; where that breaks off they lie where they lay, and the workspace is opened anew."""
        for entry in batch:
            self._failed.pop(entry, None)
        try:
            self._take(context, batch, health)
        except Exception as error:  # noqa: BLE001 - one bad hour of ours must not end the watch
            self._is_shaken = True
            self._failed |= dict.fromkeys(batch, _Failure(self.clock(), self._trouble(error)))

    def _take(self, context: RunContext, ready: Sequence[Entry], health: Health) -> None:
        self._stirred = self.clock()
        self._since_hr = self._since_hr or self._stirred
        try:
            taken = take_files(
                context,
                [entry.path for entry in ready],
                progress=lambda _done, _of, _what: self._beat(health),
            )
        except BrokenOff as broken:
            self._say(PassReport(broken.reports))
            raise broken.cause from None
        by_name = {entry.path.relative_to(self.workspace.inbox).as_posix(): entry for entry in ready}
        for report in taken.reports:
            log_report(report)
            if report.status is Status.FAILED:
                self._failed[by_name[report.file]] = _Failure(self.clock())
        self._failed |= {by_name[name]: _Failure(self.clock()) for name in taken.left}
        health.files += len(taken.reports)
        warnings = (*context.ledger.warnings, *taken.warnings)
        self._say(PassReport(taken.reports, not_ready=taken.later, warnings=warnings))

    def _trouble(self, error: Exception) -> str:
        """What to tell people of something that broke off; what is our mistake is kept for the administrator."""
        if isinstance(error, OSError):
            return f"读写文件时出错：{reason_of(error)}。请检查磁盘空间和文件夹权限。"
        if isinstance(error, AppraisalError):
            return str(error)
        reference = keep_mistake(self.workspace, self.files)
        return f"处理时出现内部错误（编号 {reference}），稍后再试；收件夹里的文件都在。请把编号告诉管理员。"

    def _say(self, report: PassReport) -> None:
        """A terminal that is gone must not end the watch."""
        with suppress(OSError, ValueError):
            self.tell(report)

    def _outage(self, health: Health, sentence: str) -> None:
        """Told once. Whoever stops us by a signal to all our processes breaks off what they do: then no news."""
        if health.outage != sentence:
            _log.error("outage", extra={"outage": sentence})
            if not self._stop.is_set():
                self._say(PassReport([], warnings=[sentence]))
        health.outage = sentence
        self._write_health(health)

    def _beat(self, health: Health) -> None:
        """In a long pass too the health file says every few seconds that it goes on."""
        if self.clock() - self._beaten >= self.pace.rescan:
            self._write_health(health)

    def _write_health(self, health: Health) -> None:
        self._beaten = self.clock()
        try:
            health.write(self.workspace.state, self.files, datetime.now().astimezone())
        except OSError as error:
            _log.warning("health file: %s", error.strerror)

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


class _Waker(FileSystemEventHandler):
    def __init__(self, wake: threading.Event) -> None:
        self._wake = wake

    def on_any_event(self, event: FileSystemEvent) -> None:
        if event.event_type in {"created", "modified", "moved", "closed"}:
            self._wake.set()
