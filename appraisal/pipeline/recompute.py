"""When a month changes, the months after it look back on it: those that change too are made anew."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace

from appraisal.errors import Signal
from appraisal.findings.finding import Finding, finding
from appraisal.ledger.ledger import Transaction
from appraisal.ledger.records import GroupMonth, MonthState, Revision, RevisionKind
from appraisal.period import Period
from appraisal.pipeline.appraise import Appraised, Order
from appraisal.pipeline.placing import note_placed
from appraisal.pipeline.revisions import MonthMaker
from appraisal.pipeline.sources import Completed, Sources
from appraisal.scheme.forms.hr_acts import ActKind
from appraisal.workspace.files import reason_of
from appraisal.workspace.names import month_folder


@dataclass(frozen=True, slots=True)
class Remade:
    """A month that was made anew: its new revision, and where its papers lie."""

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


class Stuck(Signal):
    """A month should be made anew and cannot be now: a Chinese clause that says why, and the finding."""

    def __init__(self, clause: str, told: Finding) -> None:
        super().__init__(clause, told)
        self.clause = clause
        self.told = told

    def __str__(self) -> str:
        return self.clause


@dataclass(frozen=True, slots=True)
class LaterMonths:
    """Follows a change of one month through the months after it, in order of time.

    The change notes itself in the ledger (`unfollowed`) in its own transaction; the note goes when
    every later month says what it should. So whatever stops us, a later pass goes on here.
    """

    maker: MonthMaker
    sources: Sources

    def catch_up(self) -> list[str]:
        """Follow what an earlier pass left undone; what came of it, in Chinese clauses."""
        with self.maker.ledger.reading() as books:
            left = books.pending_recalculations.all()
        return [
            f"{group} {clause}" for group, period in left for clause in self.follow(group, period).in_words
        ]

    def follow(self, group: str, period: Period) -> Followed:
        """Make anew every later month of the group whose papers come out different now."""
        with self.maker.ledger.reading() as books:
            periods = books.months.periods_after(group, period)
            is_noted = (group, period) in books.pending_recalculations.all()
        remade: list[Remade] = []
        for later in periods:
            try:
                one = self._follow_into(group, later)
            except Stuck as stuck:
                return Followed(tuple(remade), f"{later} 本应随之重算，但{stuck}")
            remade += [one] if one else []
        if is_noted:
            with self.maker.ledger.writing() as books:
                books.pending_recalculations.done(group, period)
        return Followed(tuple(remade))

    def _follow_into(self, group: str, period: Period) -> Remade | None:
        month, current = self.current(group, period)
        completed = self.sources.of_revision(month, current)
        if completed is None or completed.reading.submission is None:
            return None  # the rules or the roster have changed since: the month stands
        return self.remake(month, current, completed, RevisionKind.RECOMPUTED)

    def current(self, group: str, period: Period) -> tuple[GroupMonth, Revision]:
        """A month that is in force, and its revision."""
        with self.maker.ledger.reading() as books:
            current = books.months.current(group, period)
        assert current is not None
        return current

    def remake(
        self, month: GroupMonth, current: Revision, completed: Completed, kind: RevisionKind
    ) -> Remade | None:
        """The month's next revision, if its papers come out different now; None if not. Raises Stuck."""
        group, period = month.group, month.period
        with self.maker.ledger.reading() as books:
            placed = books.placed.under(month_folder(group, period))
            number = books.months.next_revision(group, period)
            same = order_again(books, completed, month, current)
        if not _differs(self._made(same), placed, month_folder(group, period)):
            return None
        if month.state is MonthState.CLOSED:
            raise Stuck("已经关账，请人事重新开放后再运行一次", finding("period.closed", period=period))
        order = replace(
            same,
            revision=number,
            kind=kind,
            replaces=current.number,
            former=None,
            document_number=month.document_number,
        )
        appraised = self._made(order)
        assert appraised.result is not None
        try:
            outbox, paths = self.maker.outboxes.place(order, appraised)
        except OSError as error:
            reason = reason_of(error)
            told = finding("submission.not_placed", reason=reason)
            raise Stuck(f"没能写入输出文件夹（{reason}），下次自动再试", told) from None
        with self.maker.ledger.writing() as books:
            books.months.record(appraised.result, self.maker.making(books, order, appraised))
            if kind is not RevisionKind.RECOMPUTED:  # else whoever follows goes on by itself
                books.pending_recalculations.note(group, period)
            books.pending_hr_folders.note(period)
            note_placed(books, outbox)
        return Remade(period, number, tuple(f"outbox/{path}" for path in paths))

    def _made(self, order: Order) -> Appraised:
        (_, appraised), *_ = self.maker.make([order])
        if isinstance(appraised, str):
            reference = self.maker.keep_trace(order.submission.sha256, appraised)
            told = finding("submission.failed", reference=reference)
            raise Stuck(f"处理时出现内部错误，请把编号 {reference} 告诉管理员", told)
        return appraised


def order_again(books: Transaction, completed: Completed, month: GroupMonth, current: Revision) -> Order:
    """The order that made the month's current revision: its date, its number, and what it corrected."""
    former, number = None, month.document_number
    if current.making.kind is RevisionKind.CORRECTION:
        former = books.months.result(month.group, month.period, current.number - 1)
        number = _number_of_correction(books, current)
    assert completed.reading.submission is not None
    return Order(
        completed.reading.submission,
        current.number,
        current.issued,
        current.making.kind,
        current.making.reason,
        former=former,
        document_number=number,
        own_forms=completed.own_forms,
    )


def _number_of_correction(books: Transaction, current: Revision) -> str | None:
    """A 更正通报 bears the number that HR gave when agreeing to it, not that of the first notice."""
    acts = books.acts.find(group=current.group, period=current.period)
    agreed = [act for act in acts if act.kind is ActKind.APPROVE_CORRECTION and act.on == current.issued]
    return agreed[-1].document_number if agreed else None


def _differs(appraised: Appraised, placed: dict[str, str], folder: str) -> bool:
    """Whether any paper has other bytes than the one that we placed."""
    if appraised.result is None:
        return False  # the rules or the roster have changed since: the issued month stands
    return any(
        placed.get(f"{folder}/{name}") not in {None, hashlib.sha256(content).hexdigest()}
        for name, content in appraised.documents.items()
    )
