"""Periods about which something changed since HR's folder (人事) was written."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, delete, insert, select

from appraisal.ledger.tables import hr_folders_to_renew
from appraisal.scheme.period import Period


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
