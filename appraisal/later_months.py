"""When a month changes, the months after it look back on it: those that change too are made anew."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace

from appraisal.appraise import Appraised
from appraisal.intake.submission import Submission
from appraisal.kept_submissions import KeptSubmissions
from appraisal.ledger.records import GroupMonth, Revision, RevisionKind
from appraisal.month_making import MonthMaker, Order, month_folder, note_placed
from appraisal.scheme.period import Period


@dataclass(frozen=True, slots=True)
class Remade:
    """A later month that was made anew: its new revision, and where its papers lie."""

    period: Period
    revision: int
    outputs: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.period} 随之重算为第{self.revision}版"


@dataclass(frozen=True, slots=True)
class LaterMonths:
    """Follows a change of one month through the months after it, in order of time."""

    maker: MonthMaker
    kept: KeptSubmissions

    def follow(self, group: str, period: Period) -> list[Remade]:
        """Make anew every later month of the group whose papers come out different now."""
        with self.maker.ledger.reading() as books:
            periods = books.months.periods_after(group, period)
        return [one for later in periods for one in self._remake(group, later)]

    def _remake(self, group: str, period: Period) -> Iterator[Remade]:
        with self.maker.ledger.reading() as books:
            month = books.months.get(group, period)
            assert month is not None
            current = next(
                one for one in books.months.revisions(group, period) if one.number == month.revision
            )
            placed = books.placed.under(month_folder(group, period))
            number = books.months.next_revision(group, period)
        submission = self.kept.read(current.making.submission)
        if submission is None:
            return
        same = _order(submission, month, current)
        if not _differs(self._made(same), placed, month_folder(group, period)):
            return
        order = replace(same, revision=number, kind=RevisionKind.RECOMPUTED, replaces=current.number)
        appraised = self._made(order)
        assert appraised.result is not None
        outbox, paths = self.maker.place(order, appraised)
        with self.maker.ledger.writing() as books:
            books.months.record(appraised.result, self.maker.making(books, order, appraised))
            note_placed(books, outbox)
        yield Remade(period, number, tuple(f"outbox/{path}" for path in paths))

    def _made(self, order: Order) -> Appraised:
        (_, appraised), *_ = self.maker.make([order])
        if isinstance(appraised, str):
            raise RuntimeError(appraised)
        return appraised


def _order(submission: Submission, month: GroupMonth, current: Revision) -> Order:
    """The current revision once more, under the date and number that it bears."""
    return Order(
        submission,
        current.number,
        current.issued,
        current.making.kind,
        current.making.reason,
        document_number=month.document_number,
    )


def _differs(appraised: Appraised, placed: dict[str, str], folder: str) -> bool:
    """Whether any paper has other bytes than the one that we placed."""
    if appraised.result is None:
        return False  # the rules or the roster have changed since: the issued month stands
    return any(
        placed.get(f"{folder}/{name}") not in {None, hashlib.sha256(content).hexdigest()}
        for name, content in appraised.documents.items()
    )
