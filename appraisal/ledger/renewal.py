"""Periods about which something changed since HR's folder (人事) was written, and the day it was written for."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy import Connection, delete, insert, select

from appraisal.ledger.tables import hr_folders_day, hr_folders_to_renew
from appraisal.period import Period


class HrFolders:
    """Noted together with the change itself, so that an interruption in between loses nothing."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

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

    def is_new_day(self, today: date) -> bool:
        """Whether the folders were never looked through on that day or a later one."""
        last = self._connection.scalar(select(hr_folders_day.c.looked_through_on))
        return last is None or last < today

    def looked_through(self, today: date) -> None:
        """What a new day changes in them has been written."""
        self._connection.execute(delete(hr_folders_day))
        self._connection.execute(insert(hr_folders_day).values(looked_through_on=today))
