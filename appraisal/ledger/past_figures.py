"""What kept months look back on in months that are purged: figures, without names, reasons or papers.

Later months show a trend, count how often somebody was last, and ask again for a plan that never came. They
could not be made again, nor verified, without these.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Table, insert, select

from appraisal.ledger.history import LOOKS_BACK, PastMonths
from appraisal.ledger.plans import REMINDED
from appraisal.ledger.records import MonthState, PlanState, RevisionKind
from appraisal.ledger.tables import months, outcomes, plan_papers, plan_steps, results, revisions
from appraisal.period import Period
from appraisal.scheme.model.outcome_rules import OutcomeType
from appraisal.scoring.results import OutcomeState

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
    this = (results.c.group_name == kept["group_name"]) & (results.c.period == kept["period"])
    persons = connection.execute(select(results).where(this, results.c.revision == number)).all()
    ranked = connection.scalar(
        select(revisions.c.ranked_count).where(
            revisions.c.group_name == kept["group_name"],
            revisions.c.period == kept["period"],
            revisions.c.number == number,
        )
    )
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
    this = (outcomes.c.group_name == kept["group_name"]) & (outcomes.c.period == kept["period"])
    asked = (outcomes.c.type == OutcomeType.RECTIFICATION) & (outcomes.c.state == OutcomeState.DUE)
    came = (plan_papers.c.group_name == kept["group_name"]) & (plan_papers.c.period == kept["period"])
    days = dict(_pairs(connection, came))
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
    of_month = (plan_steps.c.group_name == kept["group_name"]) & (plan_steps.c.period == kept["period"])
    rows[plan_steps] += [
        {**kept, "staff": staff, "state": state, "day": day}
        for staff, state, day in connection.execute(steps.where(of_month))
        if staff in people
    ]


def _pairs(connection: Connection, which: Any) -> Sequence[tuple[str, date]]:
    found = connection.execute(select(plan_papers.c.staff, plan_papers.c.submitted_on).where(which))
    return [(staff, day) for staff, day in found]


def _end_streaks(rows: _Rows, past: PastMonths, period: Period) -> None:
    """What HR decided about somebody's streak goes with the acts: the months before it count no more."""
    begun = past.streaks_from({one["group_name"] for one in rows}, period)
    for one in rows:
        first = begun.get(one["group_name"], {}).get(one["staff"])
        if first is not None and one["period"] < first:
            one["was_sole_last"] = False
