"""Who was in a group for a part of the month only: why, and which group appraises them instead.

The roster's dates decide. Of the groups in which somebody was in one month, one appraises.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from appraisal.intake.roster import Roster, StaffMember
from appraisal.period import Period
from appraisal.scheme.forms.submission import HAS_LEFT, JOINED_IN_MONTH, MOVED_IN_MONTH, OF_TEAMS
from appraisal.scheme.model.scheme import Scheme
from appraisal.workspace.settings import MovedStaff


@dataclass(frozen=True, slots=True)
class PartOfMonth:
    """Why somebody is usually not appraised in a group in a month.

    `participation` is the 参评情况 that fits, `told` the dates in words; `appraised_in` is the other
    group that appraises them, None where there is none.
    """

    participation: str
    told: str
    appraised_in: str | None = None

    def of_a_row(self, scheme: Scheme) -> str:
        """The 参评情况 as the scheme's form offers it: of a person, or of a team."""
        return OF_TEAMS[self.participation] if scheme.rows_are else self.participation


def part_of_month(
    identity: str, group: str, period: Period, *, roster: Roster, moved: MovedStaff
) -> PartOfMonth | None:
    """None for who is to be appraised in this group, and for who is not in it in this month."""
    present = [one for one in roster.records_of(identity) if one.is_there_in(period)]
    here = [one for one in present if one.group == group]
    if not here:
        return None
    appraising = _appraising(present, period, moved)
    if appraising.group != group:
        return PartOfMonth(MOVED_IN_MONTH, _way(present), appraising.group)
    last = max(present, key=lambda one: one.first_day)
    if last.left is not None and last.left < period.last_day:
        return PartOfMonth(HAS_LEFT, f"{last.left} 离职")
    if last.joined > period.first_day:
        return PartOfMonth(JOINED_IN_MONTH, f"{last.joined} 入职")
    if last.group == group and last.last_day is not None and last.last_day < period.last_day:
        return PartOfMonth(MOVED_IN_MONTH, f"{last.last_day} 离开本组")
    return None


def _appraising(present: Sequence[StaffMember], period: Period, moved: MovedStaff) -> StaffMember:
    """The record of the group that appraises; of two that would do as well, the later one."""
    in_order = sorted(present, key=lambda one: one.first_day)
    if moved is MovedStaff.FIRST_DAY:
        return in_order[0]
    if moved is MovedStaff.LAST_DAY:
        return in_order[-1]
    days: dict[str, int] = {}
    for one in in_order:
        days[one.group] = days.get(one.group, 0) + _days_in(one, period)
    return max(reversed(in_order), key=lambda one: days[one.group])


def _days_in(one: StaffMember, period: Period) -> int:
    first, last = max(one.first_day, period.first_day), min(one.last_day or date.max, period.last_day)
    return (last - first).days + 1


def _way(present: Sequence[StaffMember]) -> str:
    """`2026-11-16 从“旗舰店”调到“二店”`, of somebody who was in more than one group."""
    in_order = sorted(present, key=lambda one: one.first_day)
    moves = [(old, new) for old, new in pairwise(in_order) if old.group != new.group]
    return "，".join(f"{new.first_day} 从“{old.group}”调到“{new.group}”" for old, new in moves)
