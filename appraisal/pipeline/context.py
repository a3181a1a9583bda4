"""Opening a workspace for work: the lock, the ledger, the worker pools; then one pass, or one act of HR."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from appraisal.ledger.ledger import Ledger, open_ledger
from appraisal.ledger.records import Act
from appraisal.pipeline.acts import Done, Office
from appraisal.pipeline.hr_acts import ActsDesk
from appraisal.pipeline.hr_folder import HrDesk
from appraisal.pipeline.plans import PlansDesk
from appraisal.pipeline.reading import KeptSubmissions
from appraisal.pipeline.recompute import LaterMonths
from appraisal.pipeline.reply import Answers
from appraisal.pipeline.reports import PassReport
from appraisal.pipeline.revisions import MonthMaker
from appraisal.pipeline.run import Conductor
from appraisal.pipeline.self_assessments import OwnFormsDesk
from appraisal.pipeline.setup import Setup
from appraisal.pipeline.sources import Sources
from appraisal.pipeline.warm_up import warm_up
from appraisal.pipeline.workbooks import MonthsDesk, Progress
from appraisal.processes.executors import executor_for
from appraisal.processes.sandbox import Sandbox
from appraisal.text import printable
from appraisal.workspace.files import REAL_FILES, Files, sweep
from appraisal.workspace.inbox import PATIENCE, Entry, FileState, InboxListing, Settling, Unseen, list_inbox
from appraisal.workspace.lock import alone
from appraisal.workspace.paths import Workspace


@dataclass(frozen=True, slots=True)
class Desk:
    """A workspace open for work, with everything that is used on it."""

    workspace: Workspace
    setup: Setup
    ledger: Ledger
    sandbox: Sandbox
    files: Files
    today: date
    executor: Executor | None

    @property
    def maker(self) -> MonthMaker:
        return MonthMaker(self.workspace, self.setup, self.ledger, self.files, self.today, self.executor)

    @property
    def kept(self) -> KeptSubmissions:
        return KeptSubmissions(self.workspace, self.setup, self.sandbox)

    @property
    def sources(self) -> Sources:
        return Sources(self.kept, self.setup, self.ledger)

    @property
    def later(self) -> LaterMonths:
        return LaterMonths(self.maker, self.sources)

    @property
    def office(self) -> Office:
        return Office(self.maker, self.sources, self.later)

    @property
    def hr(self) -> HrDesk:
        return HrDesk(self.maker)

    @property
    def answers(self) -> Answers:
        return Answers(self.workspace, self.setup, self.ledger, self.files, self.today, self.maker, self.kept)

    def conductor(self, progress: Progress) -> Conductor:
        return Conductor(
            self.workspace,
            self.setup,
            self.ledger,
            datetime.now().astimezone(),
            self.today,
            self.maker,
            self.kept,
            self.sources,
            self.later,
            self.answers,
            MonthsDesk(self.ledger, self.maker, self.later, self.answers, self.today, progress),
            OwnFormsDesk(self.answers, self.sources, self.later, self.setup, self.today),
            PlansDesk(self.answers, self.setup, self.today),
            ActsDesk(self.answers, self.office, self.setup, self.today),
            self.files,
            progress,
        )


@contextmanager
def open_desk(  # noqa: PLR0913 - as below
    workspace: Workspace,
    setup: Setup,
    *,
    today: date,
    ledger_url: str | None = None,
    scheduler: str | None = None,
    expected: int = 0,
    ahead: Executor | None = None,
    files: Files = REAL_FILES,
) -> Iterator[Desk]:
    """The workspace, alone, with `expected` files to come; appraised on the cluster of `scheduler` if given,
    else by what was started `ahead` for them.

    Raises WorkspaceInUseError, LedgerError, SchedulerError. `files` is the only door to inbox, outbox and state; tests hand in one that fails.
    """
    workspace.made()
    now = datetime.now().astimezone()
    with (
        alone(workspace.state, now, files) as was_left,
        open_ledger(ledger_url or workspace.default_ledger) as ledger,
        Sandbox(workers=1 if expected == 1 else 2) as sandbox,
        executor_for(expected, scheduler, ahead, warm_up=warm_up) as executor,
    ):
        if was_left:
            clean_up(workspace, files)
        yield Desk(workspace, setup, ledger, sandbox, files, today, executor)


def clean_up(workspace: Workspace, files: Files) -> None:
    """Remove what a program that died here left half written."""
    for folder in (workspace.state, workspace.outbox, workspace.inbox):
        sweep(folder, files)


def missing_inbox(workspace: Workspace) -> str | None:
    """What to tell of an inbox that is gone from a workspace that was at work before: perhaps a lost share."""
    if workspace.inbox.is_dir() or not (workspace.state / "pipeline.lock").exists():
        return None
    return f"收件夹 {workspace.inbox} 原来不在，已重新建立。它如果在共享盘上，请检查共享盘是否连着：店长放的文件可能还在那边。"


_WHY_UNSEEN = {
    Unseen.NO_FILE: "是链接或特殊文件，没有处理。请把文件本身放进来。",
    Unseen.CLOSED: "打不开，里面的文件没有看。请检查文件夹的权限。",
    Unseen.TOO_DEEP: "放得太深，里面的文件没有看。请放在本组的文件夹里。",
}


def told_unseen(listing: InboxListing, inbox: Path) -> tuple[str, ...]:
    """What to tell of things in the inbox that are not looked into, though somebody may have meant to hand them in."""
    return tuple(
        f"收件夹里的“{printable(path.relative_to(inbox).as_posix())}”{_WHY_UNSEEN[why]}"
        for path, why in listing.unseen
    )


def run_once(  # noqa: PLR0913 - each is an option by itself, given by name
    workspace: Workspace,
    setup: Setup,
    *,
    today: date,
    ledger_url: str | None = None,
    scheduler: str | None = None,
    progress: Progress = lambda _done, _of, _what: None,
    clock: Callable[[], float] = time.monotonic,
    wall_clock: Callable[[], float] = time.time,
    wait: Callable[[float], None] = time.sleep,
    ahead: Executor | None = None,
    files: Files = REAL_FILES,
) -> PassReport:
    """Look at the inbox (twice, where something is still arriving), and take what lies ready."""
    lost = missing_inbox(workspace)
    workspace.made()
    settling = Settling(clock=clock, wall_clock=wall_clock)
    listing = list_inbox(workspace.inbox)
    looked = settling.observe(listing)
    if any(state is FileState.WAITING for _, state in looked):
        wait(PATIENCE.still)
        listing = list_inbox(workspace.inbox)
        looked = settling.observe(listing)
    ready = [
        entry.path
        for entry, state in looked
        if state in {FileState.READY, FileState.EMPTY, FileState.INCOMPLETE}
    ]
    not_ready = _names(looked, workspace, {FileState.WAITING, FileState.IN_USE})
    with open_desk(
        workspace,
        setup,
        today=today,
        ledger_url=ledger_url,
        scheduler=scheduler,
        expected=len(ready),
        ahead=ahead,
        files=files,
    ) as desk:
        conductor = desk.conductor(progress)
        reports, later = conductor.take(ready)
        unseen = told_unseen(listing, workspace.inbox)
        warnings = (
            *([lost] if lost else ()),
            *unseen,
            *desk.ledger.warnings,
            *conductor.warnings,
            *desk.hr.renew(),
        )
    ignored = len(listing.ignored) + sum(
        state is FileState.IGNORED and not entry.is_folder for entry, state in looked
    )
    return PassReport(reports, ignored, (*not_ready, *later), warnings)


def perform(
    workspace: Workspace,
    setup: Setup,
    act: Act,
    *,
    today: date,
    ledger_url: str | None = None,
    files: Files = REAL_FILES,
) -> Done:
    """One act of HR. Raises ActRefused where it does not fit the state of the month."""
    with open_desk(workspace, setup, today=today, ledger_url=ledger_url, files=files) as desk:
        done = desk.office.perform(act)
        return replace(done, warnings=(*desk.ledger.warnings, *desk.hr.renew()))


def _names(
    looked: tuple[tuple[Entry, FileState], ...], workspace: Workspace, states: set[FileState]
) -> tuple[str, ...]:
    return tuple(
        entry.path.relative_to(workspace.inbox).as_posix() for entry, state in looked if state in states
    )
