"""A workspace open for work: what every step of the pipeline is given, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from appraisal.ledger.ledger import Ledger, Transaction, open_ledger
from appraisal.ledger.records import Revision
from appraisal.pipeline.own_ledger import check_ledger, count_pass
from appraisal.pipeline.past_setup import FormerSetups, is_made_with
from appraisal.pipeline.setup import Setup
from appraisal.processes.sandbox import Sandbox
from appraisal.workspace.files import REAL_FILES, Files, sweep
from appraisal.workspace.lock import alone
from appraisal.workspace.paths import Workspace


@dataclass(frozen=True, slots=True)
class RunContext:
    """A workspace open for work on one day. `executor` is where months are appraised; None: in this process.

    `files` is the only door to inbox, outbox and state. `setup` is what revisions are read and made with: the
    workspace's, or that of a former revision (`as_recorded`).
    """

    workspace: Workspace
    setup: Setup
    ledger: Ledger
    files: Files
    sandbox: Sandbox
    executor: Executor | None
    today: date
    former_setups: FormerSetups = field(default_factory=FormerSetups)
    _own_setup: Setup | None = None

    @property
    def setup_now(self) -> Setup:
        """The workspace's set-up of today, whatever is being made: what is handed out for months to come."""
        return self._own_setup or self.setup

    def as_recorded(self, revision: Revision, transaction: Transaction) -> RunContext:
        """The same with the set-up that the revision was made with. Raises what `FormerSetups.of` does."""
        if is_made_with(revision, self.setup_now):
            return replace(self, setup=self.setup_now)
        setup = self.former_setups.of(revision, transaction)
        return replace(self, setup=setup, _own_setup=self.setup_now)


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
