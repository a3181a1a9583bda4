"""Months that changed and whose later months must still be looked through: they look back on them."""

from __future__ import annotations

from sqlalchemy import Connection, delete, exists, insert, select

from appraisal.ledger.tables import months, of_month, unfollowed_months
from appraisal.period import Period


class Unfollowed:
    """Noted together with the change itself, so that an interruption in between loses nothing."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def note(self, group: str, period: Period) -> bool:
        """The month changes in this unit; whether there is anything to follow: the group's later months."""
        later = exists().where((months.c.group_name == group) & (months.c.period > period))
        if not self._connection.scalar(select(later)):
            return False
        self.done(group, period)
        self._connection.execute(insert(unfollowed_months).values(group_name=group, period=period))
        return True

    def done(self, group: str, period: Period) -> None:
        """Every later month says what it should."""
        self._connection.execute(delete(unfollowed_months).where(of_month(unfollowed_months, group, period)))

    def all(self) -> tuple[tuple[str, Period], ...]:
        """Groups and months, the earlier ones first."""
        query = select(unfollowed_months).order_by(unfollowed_months.c.period, unfollowed_months.c.group_name)
        return tuple((row.group_name, row.period) for row in self._connection.execute(query))
