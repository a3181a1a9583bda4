"""A workspace open for work: the one thing that every step is given; with a ledger that is its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime

from appraisal.hr.facts import PeriodFacts
from appraisal.ledger.errors import LedgerError
from appraisal.ledger.ledger import Ledger, Transaction, open_ledger
from appraisal.ledger.records import Revision
from appraisal.period import Period
from appraisal.pipeline.setup import PastSetups, Setup, is_made_with
from appraisal.processes.sandbox import Sandbox
from appraisal.workspace.files import REAL_FILES, Files, sweep
from appraisal.workspace.lock import workspace_lock
from appraisal.workspace.notify_settings import secret
from appraisal.workspace.paths import PROGRAM, LedgerMark, Workspace, read_marks, write_marks


def _now() -> datetime:
    return datetime.now().astimezone()


@dataclass(frozen=True, kw_only=True)
class Tools:
    """What is open of a workspace on one day: a context without a set-up, for what must work where that is broken.

    `files` is the only door to inbox, outbox and state. `executor` is where months are appraised; None: in this process.
    `now` is the clock, `secret` finds a password by its name.
    """

    workspace: Workspace
    ledger: Ledger
    files: Files
    sandbox: Sandbox
    executor: Executor | None
    today: date
    past_setups: PastSetups = field(default_factory=PastSetups)
    now: Callable[[], datetime] = _now
    secret: Callable[[str], str | None] = secret

    def with_setup(self, setup: Setup) -> RunContext:
        """The context of everything that is read and made with this set-up."""
        tools = {tool.name: getattr(self, tool.name) for tool in fields(Tools)}
        return RunContext(setup=setup, **tools)

    def with_setup_of(self, revision: Revision, transaction: Transaction) -> RunContext:
        """These tools with the set-up that the ledger keeps of the revision. Raises PastSetupError."""
        return self.with_setup(self.past_setups.of(revision, transaction))


@dataclass(frozen=True, kw_only=True)
class RunContext(Tools):
    """The tools and the set-up that revisions are read and made with: the workspace's, or that of a former revision."""

    setup: Setup
    _own_setup: Setup | None = None

    @property
    def setup_now(self) -> Setup:
        """The workspace's set-up of today, whatever is being made: what is handed out for months to come."""
        return self._own_setup or self.setup

    def as_recorded(self, revision: Revision, transaction: Transaction) -> RunContext:
        """With the set-up that the revision was made with: today's where it is the same. Raises PastSetupError."""
        if is_made_with(revision, self.setup_now):
            return replace(self, setup=self.setup_now)
        return replace(self.with_setup_of(revision, transaction), _own_setup=self.setup_now)

    def facts(self, transaction: Transaction, period: Period) -> PeriodFacts:
        """What HR's documents may know of the period today."""
        return PeriodFacts(
            transaction=transaction,
            period=period,
            today=self.today,
            roster=self.setup.roster,
            settings=self.setup.settings,
        )


@contextmanager
def open_tools(
    workspace: Workspace,
    *,
    today: date,
    ledger: Ledger | str | None = None,
    executor: Executor | None = None,
    sandbox: Sandbox | None = None,
    files: Files = REAL_FILES,
) -> Iterator[Tools]:
    """Beside a pass too: nothing is locked or written. Raises LedgerError.

    `ledger` is one that is open, or the URL of another than the workspace's own. It is closed in the end, and so is
    the `sandbox`; the caller's `executor` stays the caller's.
    """
    with _opened(ledger or workspace.default_ledger) as books, sandbox or Sandbox() as readers:
        yield Tools(
            workspace=workspace,
            ledger=books,
            files=files,
            sandbox=readers,
            executor=executor,
            today=today,
        )


@contextmanager
def open_context(
    workspace: Workspace,
    setup: Setup,
    *,
    today: date,
    ledger: Ledger | str | None = None,
    executor: Executor | None = None,
    sandbox: Sandbox | None = None,
    files: Files = REAL_FILES,
) -> Iterator[RunContext]:
    """The workspace for a pass, alone. Raises WorkspaceInUseError, LedgerError."""
    workspace.made()
    with (
        workspace_lock(workspace.state, _now(), files) as was_left,
        open_tools(
            workspace, today=today, ledger=ledger, executor=executor, sandbox=sandbox, files=files
        ) as tools,
    ):
        check_ledger(workspace, tools.ledger)
        if was_left:  # what a program that died here left half written
            for folder in (workspace.state, workspace.outbox, workspace.inbox):
                sweep(folder, files)
        count_pass(tools)
        yield tools.with_setup(setup)


def _opened(ledger: Ledger | str) -> Ledger:
    return open_ledger(ledger) if isinstance(ledger, str) else ledger


class NotOurLedgerError(LedgerError):
    """The ledger is gone, older than the papers, or another workspace's; one Chinese sentence with the next step."""


_RESTORE = f"没有更新的备份时，执行 {PROGRAM} restore，由存档和已发布的结果补回台账；在此以前什么都不会处理。"

GONE = (
    f"台账是空的，而这个工作区已经有存档或发布过的结果：台账被删除或换掉了。请换回原来的台账文件。{_RESTORE}"
)

BEHIND = f"台账比已发布的结果旧：它是以前的备份，继续使用会重复发放。请换上最新的台账文件。{_RESTORE}"

ANOTHERS = (
    "这个台账不是本工作区一直在用的那一个。每个工作区要用自己的台账，请核对 --ledger。"
    f"确是本工作区的台账（换过机器，或台账标记丢了）时，执行 {PROGRAM} restore 认领；在此以前什么都不会处理。"
)


def check_ledger(workspace: Workspace, ledger: Ledger) -> None:
    """Raises NotOurLedgerError. Cheap: two small files are read, and one row."""
    if (wrong := what_is_wrong(workspace, ledger)) is not None:
        raise NotOurLedgerError(wrong)


def what_is_wrong(workspace: Workspace, ledger: Ledger) -> str | None:
    """The Chinese sentence; None where the ledger is ours and as new as the papers."""
    with ledger.reading() as books:
        own = books.identity.mark()
        is_empty = own.passes == 0 and not books.months.periods()
    marks = read_marks(workspace)
    if not marks:
        if own.passes:
            return ANOTHERS
        return GONE if is_empty and has_worked(workspace) else None
    if any(mark.ledger != own.ledger for mark in marks):
        return GONE if is_empty else ANOTHERS
    return BEHIND if own.passes < max(mark.passes for mark in marks) else None


def has_worked(workspace: Workspace) -> bool:
    """Whether anything was ever archived or published here."""
    kept = any(workspace.archive.iterdir()) if workspace.archive.is_dir() else False
    return kept or any(True for _ in workspace.outbox.glob("*/*/result.json"))


def count_pass(tools: Tools) -> None:
    """From now on a copy of the ledger that was made before is too old for this workspace."""
    workspace, ledger = tools.workspace, tools.ledger
    if not read_marks(workspace):  # an interruption further down must leave the ledger known as ours
        with ledger.reading() as books:
            write_marks(workspace, LedgerMark(books.identity.mark().ledger, 0), tools.files)
    with ledger.writing() as books:
        mark = books.identity.count_pass()
    write_marks(workspace, mark, tools.files)
