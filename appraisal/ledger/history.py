"""What earlier months came to, always by the revisions in force: streaks, trends, summaries."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection

from appraisal.ledger.records import PersonResult, PersonSummary
from appraisal.scheme.period import Period
from appraisal.scoring.history import History


class PastMonths:
    """Looks back over current revisions of months that are not withdrawn."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def before(self, group: str, period: Period, months: int = 12) -> History:
        """The group's `months` calendar months before `period`; the same in whatever order they came.

        A person's `streak_from` is the month after the last one before `period` on which HR
        decided about consider_transfer.
        """
        raise NotImplementedError

    def of_person(self, staff: str) -> tuple[PersonResult, ...]:
        """One person's months in every group, in order of time."""
        raise NotImplementedError

    def summary(self, periods: Iterable[Period]) -> tuple[PersonSummary, ...]:
        """Per group and person, over the given periods (a quarter, a year)."""
        raise NotImplementedError
