"""HR's acts (人事办理): each changes the months it is about and stands in the ledger for good."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from appraisal.ledger.errors import ActRefused
from appraisal.ledger.months import Months
from appraisal.ledger.outcome_changes import (
    Posting,
    decided,
    needs_decision,
    stands,
    taken_back,
    updated_outcomes,
)
from appraisal.ledger.outcomes import Outcomes
from appraisal.ledger.pending import Corrections
from appraisal.ledger.plans import Plans
from appraisal.ledger.records import Act, GroupMonth, KeptOutcome, MoneyLine, MonthState, WaitingCorrection
from appraisal.ledger.tables import EVERY_GROUP, acts, closings, months
from appraisal.period import Period
from appraisal.scheme.forms.hr_acts import ActKind
from appraisal.scoring.result_json import Inputs
from appraisal.scoring.results import GroupResult


class Acts:
    """Every method records the act it is given; ActRefused says why it cannot be done."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._months = Months(connection)
        self._outcomes = Outcomes(connection)
        self._corrections = Corrections(connection)

    def issue(self, act: Act, result: GroupResult, inputs: Inputs) -> tuple[MoneyLine, ...]:
        """下发: the current revision, as made once more with the date of issue, takes effect.

        `result`, made from `inputs`, takes the place of the current revision's; gives the money lines written.
        """
        month = self._month(act)
        if month.is_issued:
            raise ActRefused(f"{act.month_in_words} 已于 {month.issued_on} 下发，不用再办。")
        if result.revision != month.revision:
            raise ValueError(f"revision {result.revision} is not the current one")
        group, period = result.group, result.period
        self._months.replace_result(result, inputs)
        former = self._outcomes.of_month(group, period)
        self._outcomes.put(updated_outcomes(result, former, is_issued=False), instead_of=former)
        self._set_month(act, state=MonthState.ISSUED, issued_on=act.on, document_number=act.document_number)
        self._record(act, ActKind.ISSUE)
        return self._settle(act, month, "下发前的记录冲回")

    def withdraw(self, act: Act) -> tuple[MoneyLine, ...]:
        """撤回: the month no longer counts anywhere; gives the reversals written."""
        month = self._month(act)
        if self._months.is_closed(month.group, month.period):
            raise ActRefused(f"{act.month_in_words} 已经关账，请先重新开放，再办撤回。")
        former = self._outcomes.of_month(month.group, month.period)
        self._outcomes.put((taken_back(one, month.revision) for one in former), instead_of=former)
        Plans(self._connection).forget_papers(month.group, month.period)
        self._corrections.drop(month.group, month.period)
        self._set_month(act, state=MonthState.WITHDRAWN, issued_on=None, document_number=None)
        self._record(act, ActKind.WITHDRAW)
        return self._settle(act, month, f"撤回：{act.reason}")

    def decide(self, act: Act) -> tuple[MoneyLine, ...]:
        """裁定: ends a held outcome, or answers a prompt to consider a transfer; gives the lines written."""
        month = self._month(act)
        outcome = self._outcome(act)
        if not stands(outcome):
            raise ActRefused(
                f"{act.month_in_words} {act.staff} 的这一项在现在的第{month.revision}版里已经不成立，不能裁定。"
            )
        if act.decision is None or not needs_decision(outcome):
            raise ActRefused(f"{act.month_in_words} {act.staff} 的这一项不是待研究事项，不需要裁定。")
        others = self._outcomes.of_month(month.group, month.period)
        now = [decided(one, act.decision) if one.key == outcome.key else one for one in others]
        self._outcomes.put(now, instead_of=others)
        self._record(act, ActKind.DECIDE)
        return self._settle(act, month, f"裁定：{act.reason}") if month.is_issued else ()

    def approve_correction(self, act: Act) -> WaitingCorrection:
        """同意更正: gives the correction that waited; the caller makes the revision in the same unit."""
        month = self._month(act)
        correction = self._corrections.get(month.group, month.period)
        if correction is None:
            raise ActRefused(f"{act.month_in_words} 没有等待同意的更正报送。")
        self._corrections.drop(month.group, month.period)
        self._record(act, ActKind.APPROVE_CORRECTION)
        return correction

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
            self._record(act, act.kind)

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

    def _outcome(self, act: Act) -> KeptOutcome:
        assert act.group is not None
        for one in self._outcomes.of_month(act.group, act.period):
            if (one.key.staff, one.key.type) == (act.staff, act.outcome):
                return one
        raise ActRefused(f"{act.month_in_words} 的结果里，{act.staff} 没有这一项，请核对工号和裁定事项。")

    def _settle(self, act: Act, month: GroupMonth, why: str) -> tuple[MoneyLine, ...]:
        posting = Posting(on=act.on, revision=month.revision, why=why)
        return self._outcomes.settle(month.group, month.period, posting)

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
        self._connection.execute(
            insert(acts).values(
                kind=act.kind,
                period=act.period,
                group_name=act.group,
                acted_on=act.on,
                acted_by=act.by,
                reason=act.reason,
                document_number=act.document_number,
                staff=act.staff,
                type=act.outcome,
                decision=act.decision,
            )
        )


def _act(row: Row[Any]) -> Act:
    return Act(
        kind=row.kind,
        period=row.period,
        group=row.group_name,
        on=row.acted_on,
        by=row.acted_by,
        reason=row.reason,
        document_number=row.document_number,
        staff=row.staff,
        outcome=row.type,
        decision=row.decision,
    )
