"""Making one revision of a group's month: appraise it, place its papers, write it into the ledger.

The same path serves a manager's first submission, a correction, a month that HR issues, and a later
month whose history changed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from appraisal import __version__
from appraisal.appraise import Appraised, Context, Task, appraise
from appraisal.files import Files
from appraisal.findings import Finding
from appraisal.intake.submission import Submission
from appraisal.ledger.books import Books
from appraisal.ledger.ledger import Ledger
from appraisal.ledger.records import Making, RevisionKind, Step
from appraisal.placing import Outbox
from appraisal.publish.file_names import safe_file_name
from appraisal.publish.month import OverduePlan
from appraisal.scheme.model import Scheme
from appraisal.scheme.period import Period
from appraisal.scoring.outcomes import Issue
from appraisal.scoring.result_json import InputFile, Inputs
from appraisal.scoring.results import GroupResult
from appraisal.validation.tables import validate_chunk
from appraisal.workspace import Setup, Workspace, sha256_of

CHUNK = 16
"""Submissions validated together; pandera costs the same for one as for many."""


@dataclass(frozen=True, slots=True)
class Order:
    """A revision to be made: from which submission, under which number, bearing which date.

    `replaces` is the revision whose papers make room; None for a first one, and for one that is only
    made again (下发). `former` is the issued result that a correction corrects.
    """

    submission: Submission
    revision: int
    issued: date
    kind: RevisionKind
    reason: str | None = None
    replaces: int | None = None
    former: GroupResult | None = None
    document_number: str | None = None


@dataclass
class MonthMaker:
    """Appraises orders and keeps what they came to; everything it works with is handed in."""

    workspace: Workspace
    setup: Setup
    ledger: Ledger
    files: Files
    today: date
    executor: Executor | None = None

    def make(self, orders: Sequence[Order]) -> Iterator[tuple[Order, Appraised | str]]:
        """Each order with what it came to, or with the trace of a failure of ours.

        Orders of one call are of one period: history is read once, before any of them is kept.
        """
        chunks = [
            (chunk, [self._task(order, scheme) for order in chunk], self._context(scheme))
            for scheme, same in self._by_scheme(orders)
            for chunk in _chunks(same)
        ]
        if self.executor is None:
            for chunk, tasks, context in chunks:
                yield from zip(chunk, appraise(tasks, context), strict=True)
            return
        futures = [self.executor.submit(appraise, tasks, context) for _, tasks, context in chunks]
        for (chunk, _, _), future in zip(chunks, futures, strict=True):
            yield from zip(chunk, future.result(), strict=True)

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

    def _by_scheme(self, orders: Sequence[Order]) -> Iterator[tuple[Scheme, list[Order]]]:
        by_version: dict[tuple[str, int], list[Order]] = defaultdict(list)
        for order in orders:
            by_version[order.submission.scheme, order.submission.version].append(order)
        for same in by_version.values():
            yield self.scheme_of(same[0].submission), same

    def scheme_of(self, submission: Submission) -> Scheme:
        scheme = self.setup.rulebook.in_force(submission.scheme, submission.period)
        assert scheme is not None  # the submission was read by it
        return scheme

    def _task(self, order: Order, scheme: Scheme) -> Task:
        submission, settings, roster = order.submission, self.setup.settings, self.setup.roster
        with self.ledger.reading() as books:
            history = books.past.before(submission.group, submission.period)
            overdue = books.plans.overdue_on(order.issued, submission.group, before=submission.period)
        members = roster.members_of(submission.group, submission.period) if roster else ()
        return Task(
            submission=submission,
            history=history,
            issue=Issue(order.issued, order.revision, settings.extra_holidays, settings.trial),
            inputs=Inputs(
                files=(InputFile("manager", submission.sha256),),
                rules_sha256=sha256_of(self.setup.rulebook.text_of(scheme)),
                program=__version__,
            ),
            posts={one.id: one.post for one in members if one.post},
            former=order.former,
            document_number=order.document_number,
            overdue=tuple(OverduePlan(one.period, one.staff, one.due) for one in overdue),
        )

    def place(
        self, order: Order, appraised: Appraised, *, claim: int | None = None
    ) -> tuple[Outbox, list[str]]:
        """Put the papers into the month's folder, the former revision's out of the way; OSError if not.

        `claim` is the dropped file's in the journal, if the month is made from one that is dropped now.
        """
        submission = order.submission
        folder = month_folder(submission.group, submission.period)
        outbox = self.outbox(safe_file_name(submission.group), claim=claim)
        if order.replaces is not None:
            outbox.retire(folder, order.replaces)
        paths = outbox.place(folder, appraised.documents, order.revision)
        outbox.drop_leftovers(folder)
        self.files.sync(self.workspace.outbox / path for path in paths)
        return outbox, paths

    def outbox(self, folder: str, *, claim: int | None = None) -> Outbox:
        """The outbox, knowing what we placed, or began to place, in `folder` (below the outbox)."""

        def intend(files: Mapping[str, str]) -> None:
            with self.ledger.writing() as books:
                books.placed.intend(files)
                if claim is not None:
                    books.journal.advance(claim, Step.COMPUTED)

        with self.ledger.reading() as books:
            placed, intended = books.placed.under(folder), books.placed.intended(folder)
        return Outbox(self.workspace.outbox, self.files, placed, intended, intend)

    def keep_trace(self, submission: str, trace: str) -> str:
        """Keep the trace of a failure of ours for the administrator; the number to ask for it by.

        `submission` is the hash of the workbook that it happened with.
        """
        reference = submission[:8]
        with suppress(OSError):  # a full disk must not hide what has happened
            errors = self.workspace.state / "errors"
            content = trace.encode("utf-8", "backslashreplace")
            self.files.write(errors / f"{reference}.log", content, private=True)
        return reference

    def making(self, books: Books, order: Order, appraised: Appraised) -> Making:
        """How the revision came about; what it was made with is kept in the ledger by hash."""
        submission = order.submission
        rules = books.documents.keep("rules", self.setup.rulebook.text_of(self.scheme_of(submission)))
        kept = {kind: books.documents.keep(kind, content) for kind, content in self.setup.sources.items()}
        return Making(
            order.kind,
            self.today,
            submission.sha256,
            appraised.inputs,
            {"rules": rules, **kept},
            order.reason,
        )


def month_folder(group: str, period: Period) -> str:
    """The month's folder below the outbox."""
    return f"{safe_file_name(group)}/{period}"


def note_placed(books: Books, outbox: Outbox) -> None:
    """Write into the ledger what the outbox now holds of ours."""
    books.placed.wrote({path: digest for path, digest in outbox.changed.items() if digest is not None})
    books.placed.forget(path for path, digest in outbox.changed.items() if digest is None)


def _chunks(orders: Sequence[Order]) -> Iterator[Sequence[Order]]:
    for start in range(0, len(orders), CHUNK):
        yield orders[start : start + CHUNK]
