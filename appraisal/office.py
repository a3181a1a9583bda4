"""HR's acts (人事办理), carried out: papers made again, the ledger written, later months followed.

An act that does not fit the state of the month raises ActRefused before anything is changed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from appraisal.appraise import Appraised
from appraisal.intake.submission import Submission
from appraisal.kept_submissions import KeptSubmissions
from appraisal.later_months import NOTHING_FOLLOWED, Followed, LaterMonths
from appraisal.ledger.errors import ActRefused
from appraisal.ledger.records import Act, ActKind, GroupMonth, MoneyLine, MonthState, Revision, RevisionKind
from appraisal.month_making import MonthMaker, Order, month_folder, note_placed
from appraisal.publish.file_names import safe_file_name
from appraisal.scheme.model import OutcomeType


@dataclass(frozen=True, slots=True)
class Done:
    """What an act did: papers written (paths in the workspace), money lines, later months made anew."""

    act: Act
    outputs: tuple[str, ...] = ()
    lines: tuple[MoneyLine, ...] = ()
    followed: Followed = NOTHING_FOLLOWED
    revision: int | None = None

    def in_words(self) -> str:
        """One Chinese line for the console and the receipt."""
        names = _NAMES[self.act.kind]
        parts = [f"{names}：{self.act.group or '全部考核组'} {self.act.period}，已办理"]
        if self.lines:
            parts.append(f"记入{len(self.lines)}条奖励与提成调整")
        parts += self.followed.in_words
        return "；".join(parts) + "。"


_NAMES = {
    ActKind.ISSUE: "下发",
    ActKind.APPROVE_CORRECTION: "同意更正",
    ActKind.CLOSE: "关账",
    ActKind.REOPEN: "重新开放",
    ActKind.WITHDRAW: "撤回",
    ActKind.DECIDE: "裁定",
}


@dataclass(frozen=True, slots=True)
class Office:
    """Carries out one act at a time."""

    maker: MonthMaker
    kept: KeptSubmissions
    later: LaterMonths

    def perform(self, act: Act) -> Done:
        """Carry the act out. Raises ActRefused with one Chinese sentence."""
        match act.kind:
            case ActKind.ISSUE:
                return self._issue(act)
            case ActKind.APPROVE_CORRECTION:
                return self._correct(act)
            case ActKind.WITHDRAW:
                return self._withdraw(act)
            case ActKind.DECIDE:
                return self._decide(act)
            case ActKind.CLOSE | ActKind.REOPEN:
                with self.maker.ledger.writing() as books:
                    (books.acts.close if act.kind is ActKind.CLOSE else books.acts.reopen)(act)
                return Done(act)

    def _issue(self, act: Act) -> Done:
        """The current revision once more, bearing HR's date and number: its deadlines follow from them."""
        month, current = self._current(act)
        if month.is_issued:
            raise ActRefused(f"{month.group} {month.period} 已于 {month.issued_on} 下发，不用再办。")
        order = Order(
            self._submission(current.making.submission),
            current.number,
            act.on,
            current.making.kind,
            current.making.reason,
            document_number=act.document_number,
        )
        appraised = self._made(order)
        assert appraised.result is not None
        outbox, paths = self.maker.place(order, appraised)
        with self.maker.ledger.writing() as books:
            lines = books.acts.issue(act, appraised.result)
            note_placed(books, outbox)
        return Done(act, _outputs(paths), lines, revision=current.number)

    def _correct(self, act: Act) -> Done:
        """The waiting correction becomes a revision with a 更正通报; money is settled by the difference."""
        month, current = self._current(act)
        with self.maker.ledger.reading() as books:
            waiting = books.corrections.get(month.group, month.period)
            former = books.months.result(month.group, month.period)
            number = books.months.next_revision(month.group, month.period)
        if waiting is None:
            raise ActRefused(f"{month.group} {month.period} 没有等待同意的更正报送。")
        order = Order(
            self._submission(waiting.sha256),
            number,
            act.on,
            RevisionKind.CORRECTION,
            waiting.reason,
            replaces=current.number,
            former=former,
            document_number=act.document_number,
        )
        appraised = self._made(order)
        assert appraised.result is not None
        outbox, paths = self.maker.place(order, appraised)
        with self.maker.ledger.writing() as books:
            books.acts.approve_correction(act)
            books.unfollowed.note(month.group, month.period)
            lines = books.months.record(appraised.result, self.maker.making(books, order, appraised))
            note_placed(books, outbox)
        followed = self.later.follow(month.group, month.period)
        return Done(act, _outputs(paths), lines, followed, number)

    def _withdraw(self, act: Act) -> Done:
        month, current = self._current(act)
        outbox = self.maker.outbox(safe_file_name(month.group))
        with self.maker.ledger.writing() as books:
            lines = books.acts.withdraw(act)  # first of all: it may be refused
            books.unfollowed.note(month.group, month.period)
            outbox.retire(month_folder(month.group, month.period), current.number)
            note_placed(books, outbox)
        return Done(act, lines=lines, followed=self.later.follow(month.group, month.period))

    def _decide(self, act: Act) -> Done:
        month, _ = self._current(act)
        with self.maker.ledger.writing() as books:
            lines = books.acts.decide(act)
            if act.outcome is not OutcomeType.CONSIDER_TRANSFER:
                return Done(act, lines=lines)
            books.unfollowed.note(month.group, month.period)  # the streak begins anew after a decision
        return Done(act, lines=lines, followed=self.later.follow(month.group, month.period))

    def _current(self, act: Act) -> tuple[GroupMonth, Revision]:
        assert act.group is not None
        with self.maker.ledger.reading() as books:
            month = books.months.get(act.group, act.period)
            if month is None or month.state is MonthState.WITHDRAWN:
                raise ActRefused(f"{act.group} {act.period} 没有有效的考核结果，请核对考核组和考核月份。")
            revisions = books.months.revisions(act.group, act.period)
        return month, next(one for one in revisions if one.number == month.revision)

    def _submission(self, sha256: str) -> Submission:
        submission = self.kept.read(sha256)
        if submission is None:
            raise ActRefused(
                "存档的上报表按现在的规则和花名册读不通，请先用 check 检查，或恢复当时的规则文件。"
            )
        return submission

    def _made(self, order: Order) -> Appraised:
        (_, appraised), *_ = self.maker.make([order])
        if isinstance(appraised, str):
            raise RuntimeError(appraised)
        if appraised.result is None:
            first = next(one for one in appraised.findings if one.is_error)
            raise ActRefused(
                f"存档的上报表按现在的规则有问题（{first.place} {first.message}），请恢复当时的规则文件。"
            )
        return appraised


def _outputs(paths: Sequence[str]) -> tuple[str, ...]:
    return tuple(f"outbox/{path}" for path in paths)
