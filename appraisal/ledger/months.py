"""Groups' months and their revisions: what is in force, and what was."""

from __future__ import annotations

from sqlalchemy import Connection

from appraisal.ledger.records import GroupMonth, Making, MoneyLine, Revision
from appraisal.scheme.period import Period
from appraisal.scoring.results import GroupResult


class Months:
    """The months of every group, by (group, period)."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, group: str, period: Period) -> GroupMonth | None:
        """The group's month; None where no revision was ever recorded."""
        raise NotImplementedError

    def of_period(self, period: Period) -> tuple[GroupMonth, ...]:
        """All groups' months of a period by group, withdrawn ones included."""
        raise NotImplementedError

    def of_group(self, group: str) -> tuple[GroupMonth, ...]:
        """The group's months in order of time, withdrawn ones included."""
        raise NotImplementedError

    def groups_handed_in(self, period: Period) -> tuple[str, ...]:
        """The groups that have a month in force, sorted."""
        raise NotImplementedError

    def periods_after(self, group: str, period: Period) -> tuple[Period, ...]:
        """The group's later months in force, which look back on this one."""
        raise NotImplementedError

    def is_closed(self, group: str, period: Period) -> bool:
        """Whether HR has closed the period for this group, whether or not it handed in."""
        raise NotImplementedError

    def next_revision(self, group: str, period: Period) -> int:
        """The number that the next revision bears, from 1."""
        raise NotImplementedError

    def revisions(self, group: str, period: Period) -> tuple[Revision, ...]:
        """Every revision by number, former ones included."""
        raise NotImplementedError

    def revisions_from(self, submission: str) -> tuple[Revision, ...]:
        """Every revision made from the manager's workbook with this sha256."""
        raise NotImplementedError

    def result(self, group: str, period: Period, revision: int | None = None) -> GroupResult | None:
        """The whole result of a revision (default: the current one); None where there is none."""
        raise NotImplementedError

    def record(self, result: GroupResult, making: Making) -> tuple[MoneyLine, ...]:
        """Make `result` the month's current revision, with its people, outcomes and plans.

        `result.revision` must be `next_revision`. An issued month stays issued, and the money lines
        that the change calls for are written and given back; a withdrawn one is open again.
        Raises ActRefused for a closed month.
        """
        raise NotImplementedError
