"""What earlier months came to, as the ledger tells it; empty where there is none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from appraisal.period import Period


class PersonMonth(NamedTuple):
    """One person's earlier month. `rank` and `final` are None where there was none.

    `was_sole_last` is the streak's fact: the one last place of a month to which outcomes applied. A tuple, for
    every group takes a year of everybody's with it wherever it is appraised.
    """

    period: Period
    rank: int | None
    ranked_count: int
    final: Decimal | None
    was_sole_last: bool


@dataclass(frozen=True, slots=True)
class History:
    """Months before the one appraised: each person's in order of time, and the group's averages.

    `streak_from` maps a person to the first month that may count for a streak, after HR decided.
    """

    people: Mapping[str, tuple[PersonMonth, ...]] = field(default_factory=dict)
    group_averages: Mapping[Period, Decimal] = field(default_factory=dict)
    streak_from: Mapping[str, Period] = field(default_factory=dict)

    def month_of(self, staff: str, period: Period) -> PersonMonth | None:
        return next((one for one in self.people.get(staff, ()) if one.period == period), None)
