"""When a month changes, the months after it look back on it: those that change too are made anew."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace

from appraisal.appraise import Appraised
from appraisal.files import reason_of
from appraisal.intake.submission import Submission
from appraisal.kept_submissions import KeptSubmissions
from appraisal.ledger.records import GroupMonth, MonthState, Revision, RevisionKind
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
class Followed:
    """The later months that were made anew, in order of time; `stuck` says why it ended before the last."""

    remade: tuple[Remade, ...] = ()
    stuck: str = ""

    @property
    def in_words(self) -> tuple[str, ...]:
        """Chinese clauses, one per month."""
        return (*map(str, self.remade), *([self.stuck] if self.stuck else []))


NOTHING_FOLLOWED = Followed()


class _Stuck(Exception):  # noqa: N818 - nothing is broken: it goes on another time
    """A later month should be made anew and cannot be now."""


@dataclass(frozen=True, slots=True)
class LaterMonths:
    """Follows a change of one month through the months after it, in order of time.

    The change notes itself in the ledger (`unfollowed`) in its own transaction; the note goes when
    every later month says what it should. So whatever stops us, a later pass goes on here.
    """

    maker: MonthMaker
    kept: KeptSubmissions

    def catch_up(self) -> list[str]:
        """Follow what an earlier pass left undone; what came of it, in Chinese clauses."""
        with self.maker.ledger.reading() as books:
            left = books.unfollowed.all()
        return [
            f"{group} {clause}" for group, period in left for clause in self.follow(group, period).in_words
        ]

    def follow(self, group: str, period: Period) -> Followed:
        """Make anew every later month of the group whose papers come out different now."""
        with self.maker.ledger.reading() as books:
            periods = books.months.periods_after(group, period)
            is_noted = (group, period) in books.unfollowed.all()
        remade: list[Remade] = []
        for later in periods:
            try:
                remade += self._remake(group, later)
            except _Stuck as stuck:
                return Followed(tuple(remade), f"{later} 本应随之重算，但{stuck}")
        if is_noted:
            with self.maker.ledger.writing() as books:
                books.unfollowed.done(group, period)
        return Followed(tuple(remade))

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
        if month.state is MonthState.CLOSED:
            raise _Stuck("已经关账，请人事重新开放后再运行一次")
        order = replace(same, revision=number, kind=RevisionKind.RECOMPUTED, replaces=current.number)
        appraised = self._made(order)
        assert appraised.result is not None
        try:
            outbox, paths = self.maker.place(order, appraised)
        except OSError as error:
            raise _Stuck(f"没能写入输出文件夹（{reason_of(error)}），下次自动再试") from None
        with self.maker.ledger.writing() as books:
            books.months.record(appraised.result, self.maker.making(books, order, appraised))
            note_placed(books, outbox)
        yield Remade(period, number, tuple(f"outbox/{path}" for path in paths))

    def _made(self, order: Order) -> Appraised:
        (_, appraised), *_ = self.maker.make([order])
        if isinstance(appraised, str):
            reference = self.maker.keep_trace(order.submission.sha256, appraised)
            raise _Stuck(f"处理时出现内部错误，请把编号 {reference} 告诉管理员")
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
