"""HR's acts (人事办理): each changes the months it is about and stands in the ledger for good."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from appraisal.intake.hr_acts import Act
from appraisal.ledger.database import Repository, as_row
from appraisal.ledger.errors import ActRefused
from appraisal.ledger.months import Months
from appraisal.ledger.outcome_changes import (
    Posting,
    decided,
    decisions_on,
    is_open,
    must_have_a_place,
    needs_decision,
    stands,
    taken_back,
    updated_outcomes,
)
from appraisal.ledger.outcomes import Outcomes
from appraisal.ledger.pending import Corrections
from appraisal.ledger.plans_and_appeals import Appeals, Plans
from appraisal.ledger.records import (
    GroupMonth,
    KeptOutcome,
    MoneyLine,
    MonthState,
    PlanState,
    WaitingCorrection,
)
from appraisal.ledger.tables import EVERY_GROUP, acts, closings, months
from appraisal.period import Period
from appraisal.scheme.forms.hr_acts import ACT_NAMES, DECISION_NAMES, ActKind, OutcomeDecision
from appraisal.scoring.results import GroupResult, Inputs


class Acts(Repository):
    """Every method records the act it is given; ActRefused says why it cannot be done.

    `today` is the day on which an act that moves money is entered, the act's own where it is left out:
    what is entered in a later month than it is dated is paid in the later one.
    """

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        self._months = Months(connection)
        self._outcomes = Outcomes(connection)
        self._corrections = Corrections(connection)
        self._appeals = Appeals(connection)

    def issue(
        self,
        act: Act,
        result: GroupResult,
        inputs: Inputs,
        documents: Mapping[str, str] | None = None,
        *,
        today: date | None = None,
    ) -> tuple[MoneyLine, ...]:
        """下发: the current revision, as made once more with the date of issue, takes effect. Gives the money lines written.

        `result`, made from `inputs` and from `documents` besides the revision's own, takes the place of the current
        revision's. 改下发日期 puts it in the place of one wrongly dated, as long as nothing has been settled since: where
        another month pays, the lines of the wrong one are taken back there.
        """
        month, is_again = self._month(act), act.kind is ActKind.REISSUE
        if is_again:
            self._must_be_unsettled(act, month, today or act.on)
        elif month.is_issued:
            raise ActRefused(
                f"{act.month_in_words} 已于 {month.issued_on} 下发，不用再办。"
                "日期或文号写错了的，请办“改下发日期”（issue --again）。"
            )
        if result.revision != month.revision:
            raise ValueError(f"revision {result.revision} is not the current one")
        self._months.replace_result(result, inputs, documents)
        former = self._outcomes.of_month(month.group, month.period)
        self._outcomes.put(updated_outcomes(result, former, is_issued=False), instead_of=former)
        self._set_month(act, state=MonthState.ISSUED, issued_on=act.on, document_number=act.document_number)
        self._record(act, ActKind.REISSUE if is_again else ActKind.ISSUE)
        why = "下发日期更改，冲回" if is_again else "下发前的记录冲回"
        posting = self._posting(act, month, why, today)
        back = self._outcomes.take_back_elsewhere(month.group, month.period, posting) if is_again else ()
        return (*back, *self._settle(act, month, why, today))

    def _must_be_unsettled(self, act: Act, month: GroupMonth, today: date) -> None:
        """Whoever has acted on the date, HR itself, a person or payroll, has a right to it. Raises ActRefused."""
        where = act.month_in_words
        if not month.is_issued:
            raise ActRefused(f"{where} 还没有下发，请办“下发”。")
        if month.state is MonthState.CLOSED:
            raise ActRefused(f"{where} 已经关账，请先重新开放，再改下发日期。")
        known = self.find(group=month.group, period=month.period)
        issued = max((index for index, entry in enumerate(known) if entry.kind in _ISSUING), default=-1)
        if done := [entry for entry in known[issued + 1 :] if entry.kind in _SETTLING]:
            what = ACT_NAMES[done[-1].kind]
            raise ActRefused(f"{where} 下发以后，{done[-1].on} 办过{what}，下发日期不能再改。")
        plans = Plans(self._connection).of_month(month.group, month.period)
        if handed_in := [
            f"{plan.name}（{plan.staff}）" for plan in plans if plan.state is not PlanState.EXPECTED
        ]:
            raise ActRefused(f"{where} 的整改方案已有人提交（{'、'.join(handed_in)}），下发日期不能再改。")
        if appealed := self._appeals.of_month(month.group, month.period):
            names = "、".join(f"{appeal.name}（{appeal.staff}）" for appeal in appealed)
            raise ActRefused(f"{where} 已有人申诉（{names}），下发日期不能再改。")
        for line in self._outcomes.lines_in_force(month.group, month.period):
            if line.paid_in < Period.of(today) or self._months.is_closed(month.group, line.paid_in):
                raise ActRefused(
                    f"{where} 的奖励与提成调整已列入 {line.paid_in} 发放，下发日期不能再改。有错的请办更正。"
                )

    def withdraw(self, act: Act, *, today: date | None = None) -> tuple[MoneyLine, ...]:
        """撤回: the month no longer counts anywhere; gives the reversals written."""
        month = self._month(act)
        if self._months.is_closed(month.group, month.period):
            raise ActRefused(f"{act.month_in_words} 已经关账，请先重新开放，再办撤回。")
        former = self._outcomes.of_month(month.group, month.period)
        self._outcomes.put((taken_back(outcome, month.revision) for outcome in former), instead_of=former)
        Plans(self._connection).forget_papers(month.group, month.period)
        self._corrections.drop(month.group, month.period)
        self._appeals.end(month.group, month.period)
        self._set_month(act, state=MonthState.WITHDRAWN, issued_on=None, document_number=None)
        self._record(act, ActKind.WITHDRAW)
        return self._settle(act, month, f"撤回：{act.reason}", today)

    def decide(self, act: Act, *, today: date | None = None) -> tuple[MoneyLine, ...]:
        """裁定: ends a held outcome, or answers a prompt to consider a transfer; gives the lines written."""
        month = self._month(act)
        outcome = self._outcome_meant(act)
        if not stands(outcome):
            raise ActRefused(
                f"{act.month_in_words} {act.staff} 的这一项在现在的第{month.revision}版里已经不成立，不能裁定。"
            )
        if act.decision is None or not needs_decision(outcome):
            raise ActRefused(f"{act.month_in_words} {act.staff} 的这一项不是待研究事项，不需要裁定。")
        former = decisions_on(outcome, self.find(group=month.group, period=month.period))
        # A decision that fell with the outcome that it was about may be given again.
        if outcome.decision is not None and former and replace(act, item=former[-1].item) == former[-1]:
            raise ActRefused(f"{act.month_in_words} {act.staff} 的这一项已经这样裁定，不用再办。")
        if outcome.decision is not None and former and not act.reason.strip():
            raise ActRefused(
                f"{act.month_in_words} {act.staff} 的这一项已于 {former[-1].on} 裁定"
                f"{DECISION_NAMES[outcome.decision]}；再次裁定要写明原因（--reason）。"
            )
        others = self._outcomes.of_month(month.group, month.period)
        if act.decision is OutcomeDecision.APPLY:
            result = self._months.result(month.group, month.period)
            must_have_a_place(act, outcome, others, result)
        alike = [other for other in others if replace(other.key, part=1) == replace(outcome.key, part=1)]
        now = [decided(other, act.decision) if other.key == outcome.key else other for other in others]
        self._outcomes.put(now, instead_of=others)
        self._record(act if len(alike) == 1 else replace(act, item=outcome.key.part), ActKind.DECIDE)
        why = f"裁定{DECISION_NAMES[act.decision]}：{act.reason}"
        return self._settle(act, month, why, today) if month.is_issued else ()

    def approve_correction(self, act: Act) -> WaitingCorrection:
        """同意更正: gives the correction that waited; the caller makes the revision in the same unit."""
        self._month(act)
        correction = self._corrections.meant(act)
        self._corrections.answered(correction)
        self._record(act, ActKind.APPROVE_CORRECTION)
        return correction

    def answer(self, act: Act) -> None:
        """申诉决定: ends an appeal; what is to be corrected is corrected by an act of its own."""
        self._month(act)
        appeal = self._appeals.meant(act)
        self._appeals.decided(appeal, act)
        self._record(replace(act, item=appeal.revision), ActKind.ANSWER)

    def rescore(self, act: Act) -> None:
        """重算: the caller makes the revision in the same unit."""
        self._month(act)
        self._record(act, ActKind.RESCORE)

    def close(self, act: Act) -> None:
        """关账: for one group, or for every group where `act.group` is None."""
        self._set_closed(act, closed=True)
        self._record(act, ActKind.CLOSE)

    def reopen(self, act: Act) -> None:
        """重新开放, for one group or for every group."""
        self._set_closed(act, closed=False)
        self._record(act, ActKind.REOPEN)

    def put_back(self, act: Act) -> None:
        """Enter an act that the papers prove, once; what it did is put back by itself."""
        if act not in self.find(group=act.group, period=act.period):
            self._enter(act)

    def find(self, *, group: str | None = None, period: Period | None = None) -> tuple[Act, ...]:
        """The acts on a group or a period or both, in the order in which they were recorded.

        Acts on every group belong to each of them.
        """
        query = select(acts).order_by(acts.c.id)
        if group is not None:
            query = query.where((acts.c.group_name == group) | acts.c.group_name.is_(None))
        if period is not None:
            query = query.where(acts.c.period == period)
        return tuple(_act(row) for row in self._connection.execute(query))

    def _month(self, act: Act) -> GroupMonth:
        month = self._months.get(act.group, act.period) if act.group else None
        if month is None or month.state is MonthState.WITHDRAWN:
            raise ActRefused(f"{act.month_in_words} 没有有效的考核结果，请核对考核组和考核月份。")
        return month

    def _outcome_meant(self, act: Act) -> KeptOutcome:
        """The part that `act` names; else the one that waits, the one that was decided, or any to say why not."""
        assert act.group is not None
        everyones = self._outcomes.of_month(act.group, act.period)
        mine = [
            outcome
            for outcome in everyones
            if (outcome.key.staff, outcome.key.type) == (act.staff, act.outcome)
        ]
        named = [outcome for outcome in mine if act.item in {None, outcome.key.part}]
        if not named:
            which = "" if act.item is None else f"（编号{act.item}）"
            raise ActRefused(
                f"{act.month_in_words} 的结果里，{act.staff} 没有这一项{which}，请核对工号和裁定事项。"
            )
        meant = (
            [outcome for outcome in named if is_open(outcome)]
            or [outcome for outcome in named if needs_decision(outcome)]
            or named
        )
        if len(meant) > 1:
            parts = "；".join(
                f"编号{outcome.key.part}，{outcome.amount}元，{outcome.reason}" for outcome in meant
            )
            raise ActRefused(
                f"{act.month_in_words} {act.staff} 有{len(meant)}项：{parts}。请写明裁定的是哪一个编号。"
            )
        return meant[0]

    def _settle(self, act: Act, month: GroupMonth, why: str, today: date | None) -> tuple[MoneyLine, ...]:
        acts = self.find(group=month.group, period=month.period)
        return self._outcomes.settle(month.group, month.period, self._posting(act, month, why, today), acts)

    def _posting(self, act: Act, month: GroupMonth, why: str, today: date | None) -> Posting:
        day = max(act.on, today or act.on)
        paid_in = self._months.month_of_payment(month.group, day)
        return Posting(on=day, revision=month.revision, why=why, paid_in=paid_in)

    def _set_month(self, act: Act, **values: Any) -> None:
        this = (months.c.group_name == act.group) & (months.c.period == act.period)
        self._connection.execute(update(months).where(this).values(**values))

    def _set_closed(self, act: Act, *, closed: bool) -> None:
        """A word on every group takes back what was said of single ones before."""
        this = closings.c.period == act.period
        if act.group is not None:
            this &= closings.c.group_name == act.group
        self._connection.execute(delete(closings).where(this))
        group = act.group or EVERY_GROUP
        row = insert(closings).values(period=act.period, group_name=group, closed=closed)
        self._connection.execute(row)

    def _record(self, act: Act, kind: ActKind) -> None:
        assert act.kind is kind
        self._must_be_in_order(act)
        self._enter(act)

    def _enter(self, act: Act) -> None:
        values = as_row(act, on="acted_on", by="acted_by", outcome="type")
        del values["is_forced"]
        self._connection.execute(insert(acts).values(**values))

    def _must_be_in_order(self, act: Act) -> None:
        """No act is dated before the one it follows; closing and reopening are apart from the others.

        Nothing follows a date of issue that was put right since.
        """
        is_closing = act.kind in _CLOSING
        known = (*self.find(group=act.group, period=act.period), act)
        right = max((index for index, entry in enumerate(known) if entry.kind is ActKind.REISSUE), default=0)
        former = [
            entry
            for index, entry in enumerate(known[:-1])
            if (entry.kind in _CLOSING) is is_closing and not (entry.kind in _ISSUING and index < right)
        ]
        last = max(former, key=lambda entry: entry.on, default=None)
        if last is not None and act.on < last.on:
            raise ActRefused(
                f"{act.month_in_words} 已于 {last.on} 办理{ACT_NAMES[last.kind]}，"
                f"{ACT_NAMES[act.kind]}的日期不能早于这一天。请核对日期。"
            )


_CLOSING = frozenset({ActKind.CLOSE, ActKind.REOPEN})
_ISSUING = frozenset({ActKind.ISSUE, ActKind.REISSUE})
_SETTLING = frozenset({ActKind.APPROVE_CORRECTION, ActKind.RESCORE, ActKind.DECIDE})


def _act(row: Sequence[Any]) -> Act:
    _number, kind, group, period, *rest = row
    return Act(kind, period, group, *rest)
