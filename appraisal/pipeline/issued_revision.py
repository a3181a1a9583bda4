"""The issued revision of a month that a paper is about, which came back from a person or the group."""

from __future__ import annotations

from dataclasses import dataclass

from appraisal.ledger.ledger import Transaction
from appraisal.ledger.records import GroupMonth, MonthState, Revision
from appraisal.period import Period
from appraisal.scoring.results import GroupResult


@dataclass(frozen=True, slots=True)
class IssuedRevision:
    """The month as it stands, and what was issued."""

    month: GroupMonth
    revision: Revision
    result: GroupResult

    @property
    def mark(self) -> str:
        """What tells its papers from those of the revision in force, in their names."""
        number = self.revision.number
        return "" if number == self.month.revision else f"_第{number}版"

    def name_of(self, staff: str) -> str | None:
        """What the person is called there; None who is not in it."""
        return next((one.name for one in self.result.staff if one.id == staff), None)


def issued_revision(
    transaction: Transaction, group: str | None, period: Period | None, number: int | None
) -> IssuedRevision | None:
    """The revision with the number, or the one in force where there is none; None where it was never issued."""
    month = transaction.months.get(group, period) if group and period else None
    if month is None or month.issued_on is None or month.state is MonthState.WITHDRAWN:
        return None
    number = number or month.revision
    known = transaction.months.revisions(month.group, month.period)
    revision = next((one for one in known if one.number == number), None)
    if revision is None or revision.issued < month.issued_on:
        return None
    result = transaction.months.result(month.group, month.period, number)
    assert result is not None
    return IssuedRevision(month, revision, result)
