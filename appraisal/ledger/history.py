"""What earlier months came to, always by the revisions in force: streaks, trends, summaries.

Of months that are purged, figures are kept without names, reasons or papers: later months show a trend, count
how often somebody was last, and ask again for a plan that never came. They could not be made again, nor
verified, without these.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, func, insert, select

from appraisal.ledger.plans import REMINDED
from appraisal.ledger.records import MonthState, PersonResult, PersonSummary, PlanState, RevisionKind
from appraisal.ledger.tables import (
    Repository,
    at_a_time,
    months,
    of_month,
    outcomes,
    plan_papers,
    plan_steps,
    results,
    revisions,
    same_month,
)
from appraisal.period import Period
from appraisal.scheme.model.outcome_rules import OutcomeType
from appraisal.scoring.final_score import history_of, mean_final
from appraisal.scoring.results import History, OutcomeState

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

    def before(self, group: str, period: Period, months_back: int = LOOKS_BACK) -> History:
        """The group's `months_back` calendar months before `period`, in whatever order they came.

        A person's `streak_from` is the month after the last one before `period` on which HR
        decided about consider_transfer.
        """
        return self.before_each([group], period, months_back)[group]

    def before_each(
        self, groups: Collection[str], period: Period, months_back: int = LOOKS_BACK
    ) -> dict[str, History]:
        """The same of several groups, read together."""
        window = (months.c.period >= period.shifted(-months_back)) & (months.c.period < period)
        of_group: dict[str, list[PersonResult]] = {group: [] for group in groups}
        streaks: dict[str, dict[str, Period]] = {}
        for some in at_a_time(groups):
            for one in self._current(months.c.group_name.in_(some) & window):
                of_group[one.group].append(one)
            streaks |= self.streaks_from(some, period)
        return {
            group: history_of(((one.staff, one.month) for one in found), streaks.get(group))
            for group, found in of_group.items()
        }

    def of_person(self, staff: str) -> tuple[PersonResult, ...]:
        """One person's months in every group, in order of time; not those that are purged."""
        return self._current((results.c.staff == staff) & (months.c.state != MonthState.PURGED))

    def people(self) -> tuple[tuple[str, str, str], ...]:
        """Group, 工号 and name of everybody who was ever in a month in force; a person's latest name comes last."""
        one = _CURRENT.where(results.c.name != "").subquery().c
        who = (one.group_name, one.staff, one.name)
        found = select(*who).group_by(*who).order_by(func.max(one.period), *who)
        return tuple((row.group_name, row.staff, row.name) for row in self._connection.execute(found))

    def ranked_in(self, period: Period, staff: Iterable[str]) -> tuple[PersonResult, ...]:
        """Where these people are ranked in the period, in whatever group."""
        ranked = (months.c.period == period) & results.c.rank.is_not(None)
        some_at_a_time = at_a_time(staff)
        return tuple(
            one for some in some_at_a_time for one in self._current(ranked & results.c.staff.in_(some))
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
        for one in self.of_periods(periods):
            of_person[one.group, one.staff].append(one)
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
    finals = [one.final for one in months_of_person if one.rank is not None and one.final is not None]
    return PersonSummary(
        group=latest.group,
        staff=latest.staff,
        name=latest.name,
        months_ranked=len(finals),
        average=mean_final(finals),
        firsts=sum(one.rank == 1 for one in months_of_person),
        lasts=sum(one.was_sole_last for one in months_of_person),
    )


SOMEBODY = "#"
"""What the ids of people begin with who are in no kept month: their scores are part of the group's average."""

_Rows = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class PastFigures:
    """Rows to be written once everything about the old months is deleted, each table's after those it refers to."""

    rows: Mapping[Table, _Rows]

    def write(self, connection: Connection) -> None:
        for table, rows in self.rows.items():
            if rows:
                connection.execute(insert(table), rows)


def figures_before(connection: Connection, period: Period) -> PastFigures:
    """What is to stay of the months before `period`: that each was there, and what kept months look back on."""
    old = connection.execute(select(months).where(months.c.period < period)).all()
    reach, people = _first_kept(connection, period), _people_kept(connection, period)
    tables = (months, revisions, results, outcomes, plan_papers, plan_steps)
    rows: dict[Table, _Rows] = {table: [] for table in tables}
    for month in old:
        kept = {"group_name": month.group_name, "period": month.period}
        rows[months].append(
            {**kept, "state": MonthState.PURGED, "revision": month.revision, "issued_on": month.issued_on}
        )
        first = reach.get(month.group_name)
        if month.state is MonthState.WITHDRAWN or first is None:
            continue
        if month.period >= first.shifted(-LOOKS_BACK):
            _add_results(connection, rows, kept, month.revision, people[month.group_name])
        if month.period >= first.shifted(-REMINDED) and month.issued_on is not None:
            _add_plans(connection, rows, kept, month.revision, people[month.group_name])
    _end_streaks(rows[results], PastMonths(connection), period)
    return PastFigures(rows)


def _of(table: Table, kept: Mapping[str, Any]) -> ColumnElement[bool]:
    return of_month(table, kept["group_name"], kept["period"])


def _first_kept(connection: Connection, period: Period) -> dict[str, Period]:
    """Each group's first month that is kept."""
    found = select(months.c.group_name, months.c.period).where(months.c.period >= period)
    first: dict[str, Period] = {}
    for group, one in connection.execute(found.order_by(months.c.period)):
        first.setdefault(group, one)
    return first


def _people_kept(connection: Connection, period: Period) -> dict[str, set[str]]:
    """Who is in some kept month of each group."""
    people: defaultdict[str, set[str]] = defaultdict(set)
    found = select(results.c.group_name, results.c.staff).where(results.c.period >= period).distinct()
    for group, staff in connection.execute(found):
        people[group].add(staff)
    return people


def _add_results(
    connection: Connection,
    rows: Mapping[Table, _Rows],
    kept: Mapping[str, Any],
    number: int,
    people: Collection[str],
) -> None:
    this = _of(results, kept) & (results.c.revision == number)
    persons = connection.execute(select(results).where(this)).all()
    one_revision = _of(revisions, kept) & (revisions.c.number == number)
    ranked = connection.scalar(select(revisions.c.ranked_count).where(one_revision))
    if ranked is None:  # beyond the reach of the months that were kept before
        return
    rows[revisions].append({**kept, "number": number, **_NOTHING_ELSE, "ranked_count": ranked})
    for place, one in enumerate(persons, start=1):
        rows[results].append(
            {
                **kept,
                "revision": number,
                "staff": one.staff if one.staff in people else f"{SOMEBODY}{place}",
                "name": "",
                "rank": one.rank,
                "final": one.final,
                "was_sole_last": one.was_sole_last,
            }
        )


_NOTHING_ELSE = {
    "scheme": "",
    "version": 0,
    "issued": date.min,
    "kind": RevisionKind.FIRST,
    "made_on": date.min,
    "submission": "",
    "inputs": "{}",
    "documents": "{}",
    "result": b"",
}
"""How a revision was made, and all that it said."""


def _add_plans(
    connection: Connection,
    rows: Mapping[Table, _Rows],
    kept: Mapping[str, Any],
    number: int,
    people: Collection[str],
) -> None:
    """The deadlines of plans, the day on which one came, and when it was judged."""
    this = _of(outcomes, kept)
    asked = (outcomes.c.type == OutcomeType.RECTIFICATION) & (outcomes.c.state == OutcomeState.DUE)
    came = select(plan_papers).where(_of(plan_papers, kept))
    days = {row.staff: row.submitted_on for row in connection.execute(came)}
    for staff, due in connection.execute(select(outcomes.c.staff, outcomes.c.due).where(this, asked)):
        if staff not in people:
            continue
        whose = {**kept, "staff": staff}
        rows[outcomes].append(
            {
                **whose,
                "type": OutcomeType.RECTIFICATION,
                "part": 1,
                "revision": number,
                "state": OutcomeState.DUE,
                "due": due,
                "reason": "",
                "capped_by_payroll": False,
            }
        )
        if staff in days:
            rows[plan_papers].append(
                {
                    **whose,
                    "state": PlanState.ACCEPTED,
                    "submitted_on": days[staff],
                    "sha256": "",
                    "promises": "{}",
                }
            )
    steps = select(plan_steps.c.staff, plan_steps.c.state, plan_steps.c.day).order_by(plan_steps.c.id)
    rows[plan_steps] += [
        {**kept, "staff": staff, "state": state, "day": day}
        for staff, state, day in connection.execute(steps.where(_of(plan_steps, kept)))
        if staff in people
    ]


def _end_streaks(rows: _Rows, past: PastMonths, period: Period) -> None:
    """What HR decided about somebody's streak goes with the acts: the months before it count no more."""
    begun = past.streaks_from({one["group_name"] for one in rows}, period)
    for one in rows:
        first = begun.get(one["group_name"], {}).get(one["staff"])
        if first is not None and one["period"] < first:
            one["was_sole_last"] = False
