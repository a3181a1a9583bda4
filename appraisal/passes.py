"""One whole pass: the lock, the ledger, the worker pools and the look at the inbox around the conductor."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from datetime import date, datetime
from multiprocessing import get_context

from appraisal.batch import Conductor, Progress
from appraisal.files import RealFiles
from appraisal.intake.sandbox import Sandbox
from appraisal.intake.settle import PATIENCE, Entry, Settling, State, list_inbox
from appraisal.kept_submissions import KeptSubmissions
from appraisal.later_months import LaterMonths
from appraisal.ledger.ledger import open_ledger
from appraisal.lock import alone
from appraisal.month_making import MonthMaker
from appraisal.verdicts import PassReport
from appraisal.workspace import Setup, Workspace

WORTH_A_POOL = 8
"""From so many files on, worker processes are started to appraise them."""


def run_once(
    workspace: Workspace,
    setup: Setup,
    *,
    today: date,
    ledger_url: str | None = None,
    progress: Progress = lambda _done, _of, _what: None,
    wait: Callable[[float], None] = time.sleep,
) -> PassReport:
    """Look at the inbox (twice, where something is still arriving), and take what lies ready."""
    workspace.made()
    now = datetime.now().astimezone()
    settling = Settling(clock=time.monotonic, wall_clock=time.time)
    looked = settling.look(list_inbox(workspace.inbox))
    if any(state is State.WAITING for _, state in looked):
        wait(PATIENCE.still)
        looked = settling.look(list_inbox(workspace.inbox))
    ready = [entry.path for entry, state in looked if state in {State.READY, State.EMPTY, State.INCOMPLETE}]
    not_ready = _names(looked, workspace, {State.WAITING, State.IN_USE})
    with (
        alone(workspace.state, now),
        open_ledger(ledger_url or workspace.default_ledger) as ledger,
        Sandbox() as sandbox,
        _executor(len(ready)) as executor,
    ):
        files = RealFiles()
        maker = MonthMaker(workspace, setup, ledger, files, today, executor)
        kept = KeptSubmissions(workspace, setup, sandbox)
        conductor = Conductor(
            workspace,
            setup,
            ledger,
            sandbox,
            now,
            today,
            maker,
            kept,
            LaterMonths(maker, kept),
            files,
            progress,
        )
        reports, later = conductor.take(ready)
        warnings = ledger.warnings
    ignored = sum(state is State.IGNORED for _, state in looked)
    return PassReport(reports, ignored, (*not_ready, *later), warnings)


def _names(
    looked: tuple[tuple[Entry, State], ...], workspace: Workspace, states: set[State]
) -> tuple[str, ...]:
    return tuple(
        entry.path.relative_to(workspace.inbox).as_posix() for entry, state in looked if state in states
    )


@contextmanager
def _executor(files: int) -> Iterator[Executor | None]:
    """Worker processes where there is enough to share out; None means in this process."""
    if files < WORTH_A_POOL:
        yield None
        return
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        yield pool
