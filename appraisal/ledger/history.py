"""What earlier months came to, always by the revisions in force: streaks, trends, summaries.

Of months that are purged there are figures without names, which `purging` kept for the months that look back on them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, func, select

from appraisal.ledger.database import Repository, at_a_time, same_month
from appraisal.ledger.records import MonthState, PersonResult, PersonSummary
from appraisal.ledger.tables import months, outcomes, results, revisions
from appraisal.period import Period
from appraisal.scheme.model.outcome_rules import OutcomeType
from appraisal.scoring.final_score import history_of, mean_final
from appraisal.scoring.results import History

_CURRENT = (
    select(
        months.c.group_name,
        months.c.period,
        months.c.revision,
        results.c.staff,
        results.c.name,
        results.c.rank,
        revisions.c.ranked_count,
        results.c.final,
        results.c.reason,
        results.c.was_sole_last,
        revisions.c.reason.label("edition_reason"),
    )
    .join_from(
        months,
        revisions,
        same_month(revisions, months) & (revisions.c.number == months.c.revision),
    )
    .join(
        results,
        same_month(results, months) & (results.c.revision == months.c.revision),
    )
    .where(months.c.state != MonthState.WITHDRAWN)
    .order_by(months.c.period, months.c.group_name, results.c.staff)
)
"""Everybody's results in force, in the fields of PersonResult."""

_DECIDED = (
    select(outcomes.c.group_name, outcomes.c.staff, func.max(outcomes.c.period))
    .where(outcomes.c.type == OutcomeType.CONSIDER_TRANSFER, outcomes.c.decision.is_not(None))
    .group_by(outcomes.c.group_name, outcomes.c.staff)
    .order_by(outcomes.c.group_name, outcomes.c.staff)
)
"""The last month of each person about whom HR decided; a decision falls with the prompt that it answered."""

LOOKS_BACK = 12
"""So many calendar months before its own a month knows of."""

UNKNOWN_DAY = date.min
"""The day on which a revision was made, where a ledger was put back and no paper tells it."""


class PastMonths(Repository):
    """Looks back over current revisions of months that are not withdrawn."""

    def before(self, group: str, period: Period) -> History:
        """The group's `LOOKS_BACK` calendar months before `period`, in whatever order they came.

        A person's `streak_from` is the month after the last one before `period` on which HR
        decided about consider_transfer.
        """
        return self.before_each([group], period)[group]

    def before_each(self, groups: Collection[str], period: Period) -> dict[str, History]:
        """The history of each of the groups before `period`, read together."""
        window = (months.c.period >= period.shifted(-LOOKS_BACK)) & (months.c.period < period)
        of_group: dict[str, list[PersonResult]] = {group: [] for group in groups}
        streaks: dict[str, dict[str, Period]] = {}
        for some in at_a_time(groups):
            for result in self._current(months.c.group_name.in_(some) & window):
                of_group[result.group].append(result)
            streaks |= self.streaks_from(some, period)
        return {
            group: history_of(((result.staff, result.month) for result in found), streaks.get(group))
            for group, found in of_group.items()
        }

    def of_person(self, staff: str) -> tuple[PersonResult, ...]:
        """One person's months in every group, in order of time; not those that are purged."""
        return self._current((results.c.staff == staff) & (months.c.state != MonthState.PURGED))

    def people(self) -> tuple[tuple[str, str, str], ...]:
        """Group, 工号 and name of everybody who was ever in a month in force; a person's latest name comes last."""
        columns = _CURRENT.where(results.c.name != "").subquery().c
        who = (columns.group_name, columns.staff, columns.name)
        found = select(*who).group_by(*who).order_by(func.max(columns.period), *who)
        return tuple((row.group_name, row.staff, row.name) for row in self._connection.execute(found))

    def ranked_in(self, period: Period, staff: Iterable[str]) -> tuple[PersonResult, ...]:
        """Where these people are ranked in the period, in whatever group."""
        ranked = (months.c.period == period) & results.c.rank.is_not(None)
        some_at_a_time = at_a_time(staff)
        return tuple(
            result for some in some_at_a_time for result in self._current(ranked & results.c.staff.in_(some))
        )

    def of_periods(self, periods: Iterable[Period]) -> tuple[PersonResult, ...]:
        """Everybody's months in every group, by period, group and 工号."""
        return self._current(months.c.period.in_(list(periods)))

    def handed_in(self, periods: Iterable[Period]) -> dict[tuple[str, Period], date | None]:
        """The day on which the first workbook of each group's month was taken, whatever came of it later.

        None where nobody knows it any more.
        """
        first = (revisions.c.number == 1) & revisions.c.period.in_(list(periods))
        found = select(revisions.c.group_name, revisions.c.period, revisions.c.made_on).where(first)
        return {
            (row.group_name, row.period): None if row.made_on == UNKNOWN_DAY else row.made_on
            for row in self._connection.execute(found)
        }

    def summary(self, periods: Iterable[Period]) -> tuple[PersonSummary, ...]:
        """Per group and person, over the given periods (a quarter, a year).

        Purged months count for whoever is in a later one; else nobody knows the name any more.
        """
        of_person: defaultdict[tuple[str, str], list[PersonResult]] = defaultdict(list)
        for result in self.of_periods(periods):
            of_person[result.group, result.staff].append(result)
        return tuple(_summary(found) for _, found in sorted(of_person.items()) if found[-1].name)

    def _current(self, which: ColumnElement[bool]) -> tuple[PersonResult, ...]:
        rows: Iterable[Sequence[Any]] = self._connection.execute(_CURRENT.where(which))
        return tuple(PersonResult(*row) for row in rows)

    def streaks_from(self, groups: Collection[str], period: Period) -> dict[str, dict[str, Period]]:
        """By group and person, the first month that may count for a streak before `period`."""
        decided = _DECIDED.where(outcomes.c.group_name.in_(groups), outcomes.c.period < period)
        found: defaultdict[str, dict[str, Period]] = defaultdict(dict)
        for group, staff, last in self._connection.execute(decided):
            found[group][staff] = last.shifted(1)
        return found


def _summary(months_of_person: Sequence[PersonResult]) -> PersonSummary:
    latest = months_of_person[-1]
    finals = [
        result.final for result in months_of_person if result.rank is not None and result.final is not None
    ]
    return PersonSummary(
        group=latest.group,
        staff=latest.staff,
        name=latest.name,
        months_ranked=len(finals),
        average=mean_final(finals),
        firsts=sum(result.rank == 1 for result in months_of_person),
        lasts=sum(result.was_sole_last for result in months_of_person),
    )
