"""A workspace open for work: what every step of the pipeline is given, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime

from appraisal.ledger.ledger import Ledger, open_ledger
from appraisal.pipeline.own_ledger import check_ledger, count_pass
from appraisal.pipeline.setup import Setup
from appraisal.processes.sandbox import Sandbox
from appraisal.workspace.files import REAL_FILES, Files, sweep
from appraisal.workspace.lock import alone
from appraisal.workspace.paths import Workspace


@dataclass(frozen=True, slots=True)
class RunContext:
    """A workspace open for work on one day. `executor` is where months are appraised; None: in this process.

    `files` is the only door to inbox, outbox and state.
    """

    workspace: Workspace
    setup: Setup
    ledger: Ledger
    files: Files
    sandbox: Sandbox
    executor: Executor | None
    today: date


@contextmanager
def open_context(
    workspace: Workspace,
    setup: Setup,
    *,
    today: date,
    ledger_url: str | None = None,
    executor: Executor | None = None,
    sandbox: Sandbox | None = None,
    files: Files = REAL_FILES,
) -> Iterator[RunContext]:
    """The workspace, alone; the caller's `executor` stays the caller's. Raises WorkspaceInUseError, LedgerError."""
    workspace.made()
    with (
        alone(workspace.state, datetime.now().astimezone(), files) as was_left,
        open_ledger(ledger_url or workspace.default_ledger) as ledger,
        sandbox or Sandbox() as readers,
    ):
        check_ledger(workspace, ledger)
        if was_left:
            _clean_up(workspace, files)
        count_pass(workspace, ledger, files)
        yield RunContext(workspace, setup, ledger, files, readers, executor, today)


def _clean_up(workspace: Workspace, files: Files) -> None:
    """Remove what a program that died here left half written."""
    for folder in (workspace.state, workspace.outbox, workspace.inbox):
        sweep(folder, files)
