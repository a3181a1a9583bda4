"""What waits for somebody or something to be done.

Corrections wait for HR's consent, self-assessments for the manager's workbook, HR's folder (人事) to be
written again, and months to be recomputed because a month they look back on has changed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Row, delete, exists, insert, select, true, update

from appraisal.intake.hr_acts import Act
from appraisal.intake.submission import CellValue
from appraisal.ledger.database import Repository, as_record, as_row, of_month
from appraisal.ledger.errors import ActRefused
from appraisal.ledger.records import KeptSelfForm, WaitingCorrection
from appraisal.ledger.tables import (
    hr_folders_day,
    hr_folders_to_renew,
    months,
    pending_recalculations,
    self_forms,
    waiting_corrections,
)
from appraisal.period import Period


class Corrections(Repository):
    """What waits for 同意更正, each under a number of its own: a later one never takes the place of what HR saw."""

    def wait(self, correction: WaitingCorrection) -> None:
        """Twice is as good as once."""
        waiting = self.of_month(correction.group, correction.period)
        if correction.sha256 in {other.sha256 for other in waiting}:
            return
        self._connection.execute(insert(waiting_corrections).values(**as_row(correction)))

    def of_month(self, group: str, period: Period) -> tuple[WaitingCorrection, ...]:
        """By number, which is the order in which they came."""
        return self._corrections(of_month(waiting_corrections, group, period))

    def meant(self, act: Act) -> WaitingCorrection:
        """The one that HR saw: by its number, which may be left out where one waits and HR's lists show it."""
        assert act.group is not None
        waiting = self.of_month(act.group, act.period)
        meant = [correction for correction in waiting if act.item in {None, correction.number}]
        there = "；".join(
            f"编号{correction.number}，{correction.received_on}收到，{correction.reason}"
            for correction in waiting
        )
        if not waiting:
            raise ActRefused(f"{act.month_in_words} 没有等待同意的更正报送。")
        if not meant:
            raise ActRefused(
                f"{act.month_in_words} 没有编号{act.item}的更正在等待同意。等待中的是：{there}。请核对编号。"
            )
        if act.item is None and len(meant) > 1:
            raise ActRefused(
                f"{act.month_in_words} 有{len(meant)}份更正在等待同意：{there}。请写明同意的是哪一个编号。"
            )
        (correction,) = meant
        if act.item is None and not correction.is_listed:
            raise ActRefused(
                f"{act.month_in_words} 的更正刚刚收到（{there}），名单上还没有。请看过未报送名单后再办，并写明编号。"
            )
        if act.on < correction.received_on:
            raise ActRefused(
                f"这份更正于 {correction.received_on} 收到，同意更正的日期不能早于这一天。请核对日期。"
            )
        return correction

    def all(self) -> tuple[WaitingCorrection, ...]:
        """By period, group and number."""
        return self._corrections(true())

    def listed(self, corrections: Iterable[WaitingCorrection]) -> None:
        """HR's lists show them now."""
        numbers = [correction.number for correction in corrections]
        these = waiting_corrections.c.number.in_(numbers)
        self._connection.execute(update(waiting_corrections).where(these).values(is_listed=True))

    def previewed(self, correction: WaitingCorrection, preview: str) -> None:
        """What it would change is known now."""
        this = waiting_corrections.c.number == correction.number
        self._connection.execute(update(waiting_corrections).where(this).values(preview=preview))

    def answered(self, correction: WaitingCorrection) -> None:
        """HR agreed to it: it waits no more, nor do those that it came after."""
        table = waiting_corrections
        this = of_month(table, correction.group, correction.period)
        self._connection.execute(delete(table).where(this, table.c.number <= correction.number))

    def drop(self, group: str, period: Period) -> None:
        """None waits any more: the month was withdrawn."""
        table = waiting_corrections
        self._connection.execute(delete(table).where(of_month(table, group, period)))

    def _corrections(self, which: ColumnElement[bool]) -> tuple[WaitingCorrection, ...]:
        table = waiting_corrections
        order = (table.c.period, table.c.group_name, table.c.number)
        rows = self._connection.execute(select(table).where(which).order_by(*order))
        return tuple(WaitingCorrection(*row) for row in rows)


class KeptSelfForms(Repository):
    """What people said of their own months; a later form takes the place of the former, which stays."""

    def keep(self, form: KeptSelfForm) -> None:
        """From now on this is what the person says; twice is as good as once."""
        if form.sha256 in {other.sha256 for other in self.of_month(form.group, form.period)}:
            return
        values = as_row(form, values="entries") | {"entries": _written(form.values)}
        self._connection.execute(insert(self_forms).values(**values))

    def of_month(self, group: str, period: Period) -> tuple[KeptSelfForm, ...]:
        """Each person's latest form, by staff id."""
        latest = {form.staff: form for form in self.ever(group, period)}
        return tuple(latest[staff] for staff in sorted(latest))

    def ever(self, group: str, period: Period) -> tuple[KeptSelfForm, ...]:
        """Every form that was kept for the month, former ones included, in the order in which they came."""
        this = of_month(self_forms, group, period)
        rows = self._connection.execute(select(self_forms).where(this).order_by(self_forms.c.id))
        return tuple(_self_form(row) for row in rows)


def _self_form(row: Row[Any]) -> KeptSelfForm:
    values = {name: _value(entry) for name, entry in json.loads(row.entries).items()}
    return as_record(KeptSelfForm, row, values=values)


def _written(values: Mapping[str, CellValue]) -> str:
    """Text and blanks as they are, other values as `{type: text}`."""
    entries = {
        name: value if value is None or isinstance(value, str) else {type(value).__name__: str(value)}
        for name, value in values.items()
    }
    return json.dumps(entries, ensure_ascii=False)


_READERS: Mapping[str, Callable[[str], CellValue]] = {
    "Decimal": Decimal,
    "date": date.fromisoformat,
    "Period": Period.parse,
}


def _value(entry: str | dict[str, str] | None) -> CellValue:
    if entry is None or isinstance(entry, str):
        return entry
    ((kind, text),) = entry.items()
    return _READERS[kind](text)


class PendingHrFolders(Repository):
    """Noted together with the change itself, so that an interruption in between loses nothing."""

    def note(self, period: Period) -> None:
        """Something about the period changes in this unit."""
        self.renewed([period])
        self._connection.execute(insert(hr_folders_to_renew).values(period=period))

    def noted(self) -> tuple[Period, ...]:
        """In order of time."""
        column = hr_folders_to_renew.c.period
        return tuple(self._connection.scalars(select(column).order_by(column)))

    def renewed(self, periods: Iterable[Period]) -> None:
        """What the folders say is what the ledger says."""
        column = hr_folders_to_renew.c.period
        self._connection.execute(delete(hr_folders_to_renew).where(column.in_(list(periods))))

    def last_day(self) -> date | None:
        """The day on which the folders were last looked through; None where they never were."""
        day: date | None = self._connection.scalar(select(hr_folders_day.c.looked_through_on))
        return day

    def is_new_day(self, today: date) -> bool:
        """Whether the folders were last looked through before `today`, or never."""
        last = self.last_day()
        return last is None or last < today

    def looked_through(self, today: date) -> None:
        """What a new day changes in them has been written."""
        self._connection.execute(delete(hr_folders_day))
        self._connection.execute(insert(hr_folders_day).values(looked_through_on=today))


class PendingRecalculations(Repository):
    """Noted together with the change itself, so that an interruption in between loses nothing."""

    def note(self, group: str, period: Period) -> bool:
        """The month changes in this unit; whether there is anything to follow: the group's later months."""
        later = exists().where((months.c.group_name == group) & (months.c.period > period))
        if not self._connection.scalar(select(later)):
            return False
        self._connection.execute(
            delete(pending_recalculations).where(of_month(pending_recalculations, group, period))
        )
        self._connection.execute(insert(pending_recalculations).values(group_name=group, period=period))
        return True

    def done_from(self, group: str, period: Period) -> None:
        """Every month of the group after this one says what it should."""
        table = pending_recalculations
        since = (table.c.group_name == group) & (table.c.period >= period)
        self._connection.execute(delete(table).where(since))

    def all(self) -> tuple[tuple[str, Period], ...]:
        """Groups and months, the earlier ones first."""
        query = select(pending_recalculations).order_by(
            pending_recalculations.c.period, pending_recalculations.c.group_name
        )
        return tuple((row.group_name, row.period) for row in self._connection.execute(query))
