"""HR's acts (人事办理), carried out: papers made again, the ledger written, later months followed.

Acts that belong together are carried out whole or not at all, in their order: they are rehearsed in a
transaction that is taken back, then their papers are placed, then they are written in one transaction.
An interruption before its end has changed nothing but papers that the next try writes again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from appraisal.errors import Signal
from appraisal.ledger.errors import ActRefused
from appraisal.ledger.ledger import Transaction
from appraisal.ledger.records import Act, GroupMonth, MoneyLine, Revision, RevisionKind
from appraisal.period import Period
from appraisal.pipeline.appraise import Appraised, Order
from appraisal.pipeline.placing import note_placed
from appraisal.pipeline.recompute import NOTHING_FOLLOWED, Followed, LaterMonths
from appraisal.pipeline.revisions import MonthMaker
from appraisal.pipeline.sources import Completed, Sources
from appraisal.scheme.forms.hr_acts import ACT_NAMES, ActKind
from appraisal.scheme.model.outcome_rules import OutcomeType
from appraisal.workspace.names import month_folder, safe_file_name
from appraisal.workspace.outbox import Outbox


@dataclass(frozen=True, slots=True)
class Done:
    """What an act did: papers written (paths in the workspace), money lines, later months made anew.

    `warnings` are Chinese sentences about what went amiss beside it.
    """

    act: Act
    outputs: tuple[str, ...] = ()
    lines: tuple[MoneyLine, ...] = ()
    followed: Followed = NOTHING_FOLLOWED
    revision: int | None = None
    warnings: tuple[str, ...] = ()

    def in_words(self) -> str:
        """One Chinese line for the console and the receipt."""
        parts = [f"{ACT_NAMES[self.act.kind]}：{self.act.month_in_words}，已办理"]
        if self.lines:
            parts.append(f"记入{len(self.lines)}条奖励与提成调整")
        parts += self.followed.in_words
        return "；".join(parts) + "。"


Beside = Callable[[Transaction, Sequence[Done]], None]
"""What is written in the same transaction as the acts."""


class ActsRefused(Signal):
    """Acts that do not fit the state of their months, by their place: Chinese sentences; nothing was done."""

    def __init__(self, sentences: Mapping[int, str]) -> None:
        super().__init__(sentences)
        self.sentences = sentences


@dataclass(frozen=True, slots=True)
class _Work:
    """What an act comes to: what it writes, and the papers that it makes or takes away."""

    act: Act
    write: Callable[[Transaction], tuple[MoneyLine, ...]]
    made: tuple[Order, Appraised] | None = None
    retires: int | None = None
    changes_later: bool = False

    @property
    def month(self) -> tuple[str, Period]:
        assert self.act.group is not None
        return self.act.group, self.act.period


@dataclass(frozen=True, slots=True)
class Office:
    """Carries out acts on groups' months."""

    maker: MonthMaker
    sources: Sources
    later: LaterMonths

    def perform(self, act: Act) -> Done:
        """Carry one act out. Raises ActRefused with one Chinese sentence, OSError if papers cannot be placed."""
        try:
            (done,) = self.carry_out([act])
        except ActsRefused as refused:
            raise ActRefused(refused.sentences[0]) from None
        return done

    def carry_out(
        self, acts: Sequence[Act], *, claim: int | None = None, beside: Beside = lambda _books, _done: None
    ) -> tuple[Done, ...]:
        """Carry all of them out, or none. Raises ActsRefused, and OSError if papers cannot be placed.

        `claim` is HR's sheet in the journal, `beside` what is written along with the acts.
        """
        works = self._rehearsed(acts)
        outboxes: dict[str, Outbox] = {}
        outputs = [self._place(work, outboxes, claim) for work in works]
        with self.maker.ledger.writing() as books:
            done = []
            for work, paths in zip(works, outputs, strict=True):
                lines = self._write(work, books)
                revision = work.made[0].revision if work.made else None
                done.append(Done(work.act, paths, lines, revision=revision))
            for outbox in outboxes.values():
                note_placed(books, outbox)
            beside(books, done)
        return tuple(self._followed(work, one) for work, one in zip(works, done, strict=True))

    def _rehearsed(self, acts: Sequence[Act]) -> list[_Work]:
        works: list[_Work] = []
        refused: dict[int, str] = {}
        with self.maker.ledger.rehearsing() as books:
            for at, act in enumerate(acts):
                try:
                    with books.attempt():
                        work = self._work(act, books)
                        self._write(work, books)
                        works.append(work)
                except ActRefused as refusal:
                    refused[at] = str(refusal)
        if refused:
            raise ActsRefused(refused)
        return works

    def _place(self, work: _Work, outboxes: dict[str, Outbox], claim: int | None) -> tuple[str, ...]:
        if work.made is None and work.retires is None:
            return ()
        group, period = work.month
        folder = safe_file_name(group)
        if folder not in outboxes:
            outboxes[folder] = self.maker.outboxes.of(folder, claim=claim)
        if work.retires is not None:
            outboxes[folder].retire(month_folder(group, period), work.retires)
        if work.made is None:
            return ()
        return tuple(
            f"outbox/{path}" for path in self.maker.outboxes.place_into(outboxes[folder], *work.made)
        )

    def _write(self, work: _Work, books: Transaction) -> tuple[MoneyLine, ...]:
        lines = work.write(books)
        books.pending_hr_folders.note(work.act.period)
        if work.changes_later:
            books.pending_recalculations.note(*work.month)
        return lines

    def _followed(self, work: _Work, done: Done) -> Done:
        return replace(done, followed=self.later.follow(*work.month)) if work.changes_later else done

    # ------------------------------------------------------------------------------- what each comes to

    def _work(self, act: Act, books: Transaction) -> _Work:
        match act.kind:
            case ActKind.ISSUE:
                return self._issue(act, books)
            case ActKind.APPROVE_CORRECTION:
                return self._correct(act, books)
            case ActKind.WITHDRAW:
                _, current = _current(act, books)
                return _Work(
                    act, lambda on: on.acts.withdraw(act), retires=current.number, changes_later=True
                )
            case ActKind.DECIDE:
                _current(act, books)
                # After a decision on a transfer the streak begins anew.
                is_about_streak = act.outcome is OutcomeType.CONSIDER_TRANSFER
                return _Work(act, lambda on: on.acts.decide(act), changes_later=is_about_streak)
            case ActKind.CLOSE:
                return _Work(act, _closing(act))
            case ActKind.REOPEN:
                return _Work(act, _closing(act))

    def _issue(self, act: Act, books: Transaction) -> _Work:
        """The current revision once more, bearing HR's date and number: its deadlines follow from them."""
        month, current = _current(act, books)
        if month.is_issued:
            raise ActRefused(f"{month.group} {month.period} 已于 {month.issued_on} 下发，不用再办。")
        completed = self.sources.of_revision(month, current)
        order = self._order(completed, current.number, act, current.making.kind, current.making.reason)
        made = self._made(order, books)
        assert made.result is not None
        result = made.result
        return _Work(act, lambda on: on.acts.issue(act, result), (order, made))

    def _correct(self, act: Act, books: Transaction) -> _Work:
        """The waiting correction becomes a revision with a 更正通报; money is settled by the difference."""
        month, current = _current(act, books)
        waiting = books.corrections.get(month.group, month.period)
        if waiting is None:
            raise ActRefused(f"{month.group} {month.period} 没有等待同意的更正报送。")
        number = books.months.next_revision(month.group, month.period)
        completed = self.sources.archived(waiting.sha256)
        order = replace(
            self._order(completed, number, act, RevisionKind.CORRECTION, waiting.reason),
            replaces=current.number,
            former=books.months.result(month.group, month.period),
        )
        made = self._made(order, books)
        assert made.result is not None
        result = made.result

        def write(on: Transaction) -> tuple[MoneyLine, ...]:
            on.acts.approve_correction(act)
            return on.months.record(result, self.maker.making(on, order, made))

        return _Work(act, write, (order, made), changes_later=True)

    def _order(
        self, completed: Completed | None, number: int, act: Act, kind: RevisionKind, reason: str | None
    ) -> Order:
        if completed is None or completed.reading.submission is None:
            errors = [one for one in completed.reading.findings if one.is_error] if completed else []
            why = f"（{errors[0].place} {errors[0].message}）" if errors else ""
            raise ActRefused(
                f"存档的上报表按现在的规则、花名册和自评表读不通{why}，请先请店长改正后重新报送，或恢复当时的规则文件。"
            )
        return Order(
            completed.reading.submission,
            number,
            act.on,
            kind,
            reason,
            document_number=act.document_number,
            own_forms=completed.own_forms,
        )

    def _made(self, order: Order, books: Transaction) -> Appraised:
        (_, appraised), *_ = self.maker.make([order], books)
        if isinstance(appraised, str):
            raise RuntimeError(appraised)
        if appraised.result is None:
            first = next(one for one in appraised.findings if one.is_error)
            raise ActRefused(
                f"存档的上报表按现在的规则有问题（{first.place} {first.message}），请恢复当时的规则文件。"
            )
        return appraised


def _current(act: Act, books: Transaction) -> tuple[GroupMonth, Revision]:
    assert act.group is not None
    current = books.months.current(act.group, act.period)
    if current is None:
        raise ActRefused(f"{act.group} {act.period} 没有有效的考核结果，请核对考核组和考核月份。")
    return current


def _closing(act: Act) -> Callable[[Transaction], tuple[MoneyLine, ...]]:
    """Closing and reopening move no money."""

    def write(on: Transaction) -> tuple[MoneyLine, ...]:
        (on.acts.close if act.kind is ActKind.CLOSE else on.acts.reopen)(act)
        return ()

    return write
