"""What follows from the months (结果运用) as it stands now, and the money lines that it led to."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection

from appraisal.ledger.records import KeptOutcome, MoneyLine
from appraisal.scheme.period import Period
from appraisal.scoring.results import GroupResult


class Outcomes:
    """Outcomes by their stable key. Money lines are only ever added."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of_month(self, group: str, period: Period) -> tuple[KeptOutcome, ...]:
        """The month's outcomes, those taken back (reversed) included."""
        raise NotImplementedError

    def of_period(self, period: Period) -> tuple[KeptOutcome, ...]:
        raise NotImplementedError

    def lines_of_month(self, group: str, period: Period) -> tuple[MoneyLine, ...]:
        """The money lines of one appraised month, by key and sequence."""
        raise NotImplementedError

    def lines_paid_in(self, paid_in: Period) -> tuple[MoneyLine, ...]:
        """What payroll moves in a month of payment, whichever month it was earned in."""
        raise NotImplementedError

    def preview(self, result: GroupResult, on: date) -> tuple[MoneyLine, ...]:
        """The lines that recording `result` on that day would add to an issued month; writes nothing."""
        raise NotImplementedError
