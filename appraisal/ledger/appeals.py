"""Appeals (申诉) against issued months: one of each person and revision, until when it is answered, and how."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, delete, insert, or_, select, update

from appraisal.intake.hr_acts import Act
from appraisal.ledger.columns import as_record, as_row
from appraisal.ledger.errors import ActRefused
from appraisal.ledger.records import Appeal, AppealState, MonthState
from appraisal.ledger.tables import Repository, appeals, months, of_month, results, same_month
from appraisal.period import Period
from appraisal.scheme.forms.hr_acts import AppealDecision

_DECIDED = {
    AppealDecision.MAINTAIN: AppealState.MAINTAINED,
    AppealDecision.CORRECT: AppealState.CORRECTED,
}

_WAITS = or_(
    appeals.c.state == AppealState.RECEIVED,
    and_(appeals.c.state == AppealState.CORRECTED, appeals.c.decided_at_revision == months.c.revision),
)


class Appeals(Repository):
    """The register."""

    def get(self, group: str, period: Period, staff: str, revision: int) -> Appeal | None:
        """The person's appeal against the revision."""
        found = self._appeals(_of_person(group, period, staff) & (appeals.c.revision == revision))
        return found[0] if found else None

    def of_person(self, staff: str) -> tuple[Appeal, ...]:
        """Of every month and group, in order of time."""
        return self._appeals(appeals.c.staff == staff)

    def of_month(self, group: str, period: Period) -> tuple[Appeal, ...]:
        """By person and revision."""
        return self._appeals(of_month(appeals, group, period))

    def known_in(self, period: Period) -> tuple[Appeal, ...]:
        """The period's, and those of other periods that still wait."""
        return self._appeals((appeals.c.period == period) | _WAITS)

    def waiting(self) -> tuple[Appeal, ...]:
        """Those that wait for HR's answer, or for the correction that it promised."""
        return self._appeals(_WAITS)

    def put(self, appeal: Appeal) -> None:
        """Enter it in the place of what was known of it."""
        this = _of_person(appeal.group, appeal.period, appeal.staff)
        self._connection.execute(delete(appeals).where(this, appeals.c.revision == appeal.revision))
        values = as_row(appeal) | {"items": json.dumps(dict(appeal.items), ensure_ascii=False)}
        known = {name: value for name, value in values.items() if name in appeals.c}
        self._connection.execute(insert(appeals).values(**known))

    def meant(self, act: Act) -> Appeal:
        """The one that HR decides about: by its revision, which may be left out where one waits. Raises ActRefused."""
        assert act.group is not None
        assert act.staff is not None
        where = f"{act.month_in_words} {act.staff}"
        whole = [
            appeal
            for appeal in self._appeals(_of_person(act.group, act.period, act.staff))
            if appeal.complete_on is not None and appeal.state is not AppealState.ENDED
        ]
        named = [appeal for appeal in whole if act.item in {None, appeal.revision}]
        if not named:
            which = "" if act.item is None else f"对第{act.item}版"
            raise ActRefused(f"{where} 没有{which}可以答复的申诉，请核对工号和申诉登记。")
        meant = [appeal for appeal in named if appeal.is_open] or named[-1:]
        if len(meant) > 1:
            numbers = "、".join(str(appeal.revision) for appeal in meant)
            raise ActRefused(f"{where} 有{len(meant)}份申诉等待答复。请在编号里写明是对第几版的：{numbers}。")
        (appeal,) = meant
        if act.on < (appeal.complete_on or appeal.came_on):
            raise ActRefused(
                f"{where} 的申诉 {appeal.complete_on} 才收到，答复的日期不能早于这一天。请核对日期。"
            )
        return appeal

    def decided(self, appeal: Appeal, act: Act) -> None:
        """HR's answer; a later one takes the place of a former."""
        assert act.answer is not None
        this = _of_person(appeal.group, appeal.period, appeal.staff)
        self._connection.execute(
            update(appeals)
            .where(this, appeals.c.revision == appeal.revision)
            .values(state=_DECIDED[act.answer], decided_on=act.on, decided_at_revision=appeal.revision_now)
        )

    def end(self, group: str, period: Period) -> None:
        """The month was withdrawn: what was not answered need not be."""
        waits = appeals.c.state.in_([AppealState.RECEIVED, AppealState.RETURNED])
        this = of_month(appeals, group, period)
        self._connection.execute(update(appeals).where(this, waits).values(state=AppealState.ENDED))

    def _appeals(self, which: ColumnElement[bool]) -> tuple[Appeal, ...]:
        order = (appeals.c.period, appeals.c.group_name, appeals.c.staff, appeals.c.revision)
        return tuple(_appeal(row) for row in self._connection.execute(_KNOWN.where(which).order_by(*order)))


def _of_person(group: str, period: Period, staff: str) -> ColumnElement[bool]:
    return of_month(appeals, group, period) & (appeals.c.staff == staff)


_KNOWN = (
    select(appeals, results.c.name, months.c.revision.label("revision_now"))
    .join_from(appeals, months, same_month(appeals, months))
    .outerjoin(
        results,
        and_(
            same_month(appeals, results),
            results.c.revision == appeals.c.revision,
            results.c.staff == appeals.c.staff,
        ),
    )
    .where(months.c.state != MonthState.PURGED)
)


def _appeal(row: Row[Any]) -> Appeal:
    return as_record(Appeal, row, items=json.loads(row.items), name=row.name or "")
