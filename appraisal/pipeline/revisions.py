"""Making one revision of a group's month: what it is made from, appraised, and how it came about.

The same path serves a manager's first submission, a correction, a month that HR issues, and a later
month whose history changed.
"""

from __future__ import annotations

import traceback
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from datetime import date
from itertools import groupby, islice

from appraisal import __version__
from appraisal.findings.finding import Finding
from appraisal.intake.submission import Submission
from appraisal.ledger.ledger import Ledger, Transaction
from appraisal.ledger.records import Making
from appraisal.pipeline.appraise import Appraised, Context, Order, Task, appraise
from appraisal.pipeline.blanks import next_blank
from appraisal.pipeline.placing import Outboxes
from appraisal.pipeline.repeated_data import FIGURES, keep_figures
from appraisal.pipeline.setup import Setup
from appraisal.processes.executors import in_flight, outcome
from appraisal.publish.month import OverduePlan
from appraisal.scheme.model.scheme import Scheme
from appraisal.scoring.outcomes import Issue
from appraisal.scoring.result_json import InputFile, Inputs
from appraisal.scoring.results import History
from appraisal.validation.tables import validate_chunk
from appraisal.workspace.files import Files
from appraisal.workspace.paths import Workspace, sha256_of

OWN_FORM = "self"
"""The role of a person's own form among the files that a revision is made from."""

CHUNK = 16
"""Submissions validated together; pandera costs the same for one as for many."""


@dataclass
class _Chunk:
    """Orders that are appraised together, and the result to come where an executor is at it."""

    orders: list[Order]
    tasks: list[Task]
    context: Context
    future: Future[list[Appraised | str]] | None = None


@dataclass
class MonthMaker:
    """Appraises orders and keeps what they came to; everything it works with is handed in."""

    workspace: Workspace
    setup: Setup
    ledger: Ledger
    files: Files
    today: date
    executor: Executor | None = None

    @property
    def outboxes(self) -> Outboxes:
        """Where what is made is placed."""
        return Outboxes(self.workspace, self.ledger, self.files)

    def make(
        self, orders: Iterable[Order], books: Transaction | None = None
    ) -> Iterator[tuple[Order, Appraised | str]]:
        """Each order with what it came to, or with the trace of a failure of ours, in order.

        Orders of one call are of one period, and those of one scheme follow each other. They are
        asked for as they are needed, and only a few chunks are under way, so that a pass over any
        number of workbooks takes the memory of some. `books` are those of a transaction under way,
        whose changes count already.
        """
        started = (self._started(orders_of_chunk, books) for orders_of_chunk in self._chunks(orders))
        for chunk in in_flight(started, self.executor):
            yield from self._finished(chunk)

    def _chunks(self, orders: Iterable[Order]) -> Iterator[list[Order]]:
        """Neighbours by one standard: the scheme's version, in a month of its own the month's too."""

        def standard(order: Order) -> tuple[str, int, str | None]:
            scheme = self.scheme_of(order.submission)
            override = scheme.override_in(order.submission.period)
            return scheme.scheme, scheme.version, override.from_ if override else None

        for _, same in groupby(orders, standard):
            while chunk := list(islice(same, CHUNK)):
                yield chunk

    def _started(self, orders: list[Order], books: Transaction | None) -> _Chunk:
        scheme = self.scheme_of(orders[0].submission)
        with nullcontext(books) if books else self.ledger.reading() as open_books:
            groups = [order.submission.group for order in orders]
            histories = open_books.past.before_each(groups, orders[0].submission.period)
            tasks = [self._task(order, scheme, histories, open_books) for order in orders]
        chunk = _Chunk(orders, tasks, self._context(scheme))
        if self.executor is not None:
            chunk.future = self.executor.submit(appraise, tasks, chunk.context)
        return chunk

    def _finished(self, chunk: _Chunk) -> Iterator[tuple[Order, Appraised | str]]:
        tasks, context, executor = chunk.tasks, chunk.context, self.executor
        if executor is None or chunk.future is None:
            appraised = appraise(tasks, context)
        else:
            # Where a whole chunk is lost, one group at a time tells whose month it was, if any's.
            appraised = outcome(
                chunk.future, again=lambda: [self._alone(executor, task, context) for task in tasks]
            )
        yield from zip(chunk.orders, appraised, strict=True)

    @staticmethod
    def _alone(executor: Executor, task: Task, context: Context) -> Appraised | str:
        try:
            return executor.submit(appraise, [task], context).result()[0]
        except Exception:  # noqa: BLE001 - each executor has its own words for a worker that died
            return traceback.format_exc()

    def validate(self, drafts: Sequence[Submission]) -> list[tuple[Finding, ...]]:
        """What breaks the rules of its scheme, for each draft, in order."""
        found: dict[int, tuple[Finding, ...]] = {}
        by_version: dict[tuple[str, int], list[int]] = defaultdict(list)
        for at, draft in enumerate(drafts):
            by_version[draft.scheme, draft.version].append(at)
        for places in by_version.values():
            same = [drafts[at] for at in places]
            found.update(zip(places, validate_chunk(same, self.scheme_of(same[0])), strict=True))
        return [found[at] for at in range(len(drafts))]

    def _context(self, scheme: Scheme) -> Context:
        return Context(scheme, self.setup.settings, self.setup.templates)

    def scheme_of(self, submission: Submission) -> Scheme:
        scheme = self.setup.rulebook.in_force(submission.scheme, submission.period)
        assert scheme is not None  # the submission was read by it
        return scheme

    def _task(
        self, order: Order, scheme: Scheme, histories: Mapping[str, History], books: Transaction
    ) -> Task:
        submission, settings, roster = order.submission, self.setup.settings, self.setup.roster
        overdue = books.plans.overdue_on(order.issued, submission.group, before=submission.period)
        is_latest = not books.months.periods_after(submission.group, submission.period)
        members = roster.members_of(submission.group, submission.period) if roster else ()
        return Task(
            submission=submission,
            history=histories[submission.group],
            issue=Issue(order.issued, order.revision, settings.extra_holidays, settings.trial),
            inputs=Inputs(
                files=(
                    InputFile("manager", submission.sha256),
                    *(InputFile(OWN_FORM, sha256) for sha256 in order.own_forms),
                ),
                rules_sha256=sha256_of(self.setup.rulebook.text_of(scheme)),
                program=__version__,
            ),
            posts={one.id: one.post for one in members if one.post},
            former=order.former,
            document_number=order.document_number,
            overdue=tuple(OverduePlan(one.period, one.staff, one.due) for one in overdue),
            next_blank=next_blank(submission, scheme, self.setup) if is_latest else None,
        )

    def keep_trace(self, submission: str, trace: str) -> str:
        """Keep the trace of a failure of ours for the administrator; the number to ask for it by.

        `submission` is the hash of the workbook that it happened with.
        """
        return keep_trace(self.workspace, self.files, submission[:8], trace)

    def making(self, books: Transaction, order: Order, appraised: Appraised) -> Making:
        """How the revision came about; what it was made with is kept in the ledger by hash."""
        submission, scheme = order.submission, self.scheme_of(order.submission)
        rules = books.documents.keep("rules", self.setup.rulebook.text_of(scheme))
        figures = keep_figures(books, submission, scheme)
        kept = {kind: books.documents.keep(kind, content) for kind, content in self.setup.sources.items()}
        return Making(
            order.kind,
            self.today,
            submission.sha256,
            appraised.inputs,
            {"rules": rules, FIGURES: figures, **kept},
            order.reason,
        )


def keep_trace(workspace: Workspace, files: Files, reference: str, trace: str) -> str:
    """Keep what went wrong with us in `state/errors`; gives the reference back, which is its name there."""
    with suppress(OSError):  # a full disk must not hide what has happened
        content = trace.encode("utf-8", "backslashreplace")
        files.write(workspace.state / "errors" / f"{reference}.log", content, private=True)
    return reference
