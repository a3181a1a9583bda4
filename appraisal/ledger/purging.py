"""Forgetting: whatever the ledger holds about months before a given one, and by which hashes it is archived.

That a month was there stays, so that nobody hands it in again, and the figures that kept months look back on,
without names, reasons or papers: these months show a trend, count how often somebody was last, and ask again for a
plan that never came. They could not be made again, nor verified, without them.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Table, and_, delete, func, insert, or_, select

from appraisal.ledger.database import Repository, of_month
from appraisal.ledger.history import LOOKS_BACK, PastMonths
from appraisal.ledger.journal import PlacedFiles
from appraisal.ledger.pending import PendingHrFolders
from appraisal.ledger.plans_and_appeals import REMINDED
from appraisal.ledger.records import MonthState, PlanState, RevisionKind
from appraisal.ledger.tables import (
    claims,
    documents,
    intended_files,
    metadata,
    money_lines,
    months,
    outcomes,
    placed_files,
    plan_papers,
    plan_steps,
    results,
    revisions,
)
from appraisal.period import Period
from appraisal.scheme.model.outcome_rules import OutcomeType
from appraisal.scoring.results import OutcomeState
from appraisal.workspace.names import PAYMENTS, PERSONS, YEARS


@dataclass(frozen=True, slots=True)
class Forgettable:
    """What is to go: group months, hashes of archived files that no later month needs, placed papers, dropped files.

    `paid_in` are the months in which something about them was paid: the lists of those go too.
    """

    months: tuple[tuple[str, Period], ...]
    sha256s: frozenset[str]
    papers: tuple[str, ...]
    claims: frozenset[int]
    paid_in: tuple[Period, ...]

    @property
    def years(self) -> tuple[int, ...]:
        """Whose workbooks name people of these months."""
        return tuple(sorted({period.year for _, period in self.months}))


class Purging(Repository):
    """Every table that speaks of a period is looked through, so that none is forgotten."""

    def before(self, period: Period) -> Forgettable:
        """What there is about months before `period`; files of no known month count by their day."""
        gone, kept = self._hashes(period)
        rows = self._connection.execute(
            select(months.c.group_name, months.c.period)
            .where(months.c.period < period)
            .where(months.c.state != MonthState.PURGED)
        )
        outputs = self._connection.scalars(select(claims.c.outputs).where(_is_old(claims, period)))
        papers = (path for written in outputs if written for path in json.loads(written))
        return Forgettable(
            months=tuple(sorted((row.group_name, row.period) for row in rows)),
            sha256s=frozenset(gone - kept - {""}),
            papers=tuple(sorted({str(path) for path in papers})),
            claims=frozenset(self._connection.scalars(select(claims.c.id).where(_is_old(claims, period)))),
            paid_in=self._paid_in(period),
        )

    def forget(self, period: Period) -> None:
        """Delete it all, with the documents (rosters …) that only those months were made with.

        What stays is a line for each month and, where kept months look back on it, its figures without names.
        """
        figures = PastFigures(self._connection).before(period)
        old = self.before(period)
        returned = {path.removeprefix("outbox/") for path in old.papers}
        PlacedFiles(self._connection).forget(
            path
            for path in self._placed()
            if path in returned
            or _is_old_paper(path, period)
            or is_payment_list(path, old.paid_in)
            or (old.months and path.startswith(f"{PERSONS}/"))
            or any(path.startswith(f"{YEARS}/{year}") for year in old.years)
        )
        self._renew_payment_lists(period, old.paid_in)
        self._renew_year(period, old.years)
        for table in reversed(metadata.sorted_tables):
            if "period" in table.c:
                self._connection.execute(delete(table).where(_is_old(table, period)))
        used = {
            sha256
            for text in self._connection.scalars(select(revisions.c.documents))
            for sha256 in json.loads(text).values()
        }
        self._connection.execute(delete(documents).where(documents.c.sha256.not_in(sorted(used))))
        for table, rows in figures.items():
            if rows:
                self._connection.execute(insert(table), rows)

    def _paid_in(self, period: Period) -> tuple[Period, ...]:
        paid_in = money_lines.c.paid_in
        query = select(paid_in).distinct().where(money_lines.c.period < period).order_by(paid_in)
        return tuple(self._connection.scalars(query))

    def _renew_payment_lists(self, period: Period, paid_in: Sequence[Period]) -> None:
        """What is left of the lists that go is written anew by the next pass."""
        left = money_lines.c.period >= period
        query = select(money_lines.c.period).distinct().where(left, money_lines.c.paid_in.in_(paid_in))
        for month in self._connection.scalars(query).all():
            PendingHrFolders(self._connection).note(month)

    def _renew_year(self, period: Period, years: Sequence[int]) -> None:
        """The months of the year that stay have its workbook written anew by the next pass."""
        this_year = (months.c.period >= period) & (months.c.period <= Period(period.year, 12))
        left = self._connection.scalars(select(months.c.period).distinct().where(this_year)).all()
        for month in left if period.year in years else ():
            PendingHrFolders(self._connection).note(month)

    def _placed(self) -> list[str]:
        paths = [self._connection.scalars(select(table.c.path)) for table in (placed_files, intended_files)]
        return sorted({path for found in paths for path in found})

    def _hashes(self, period: Period) -> tuple[set[str], set[str]]:
        """Hashes that months before and months from `period` on speak of."""
        gone: set[str] = set()
        kept: set[str] = set()
        for table, column in _hash_columns():
            old = _is_old(table, period)
            gone |= set(self._connection.scalars(select(column).where(old)))
            kept |= set(self._connection.scalars(select(column).where(~old)))
        return gone, kept


def _hash_columns() -> Iterator[tuple[Table, ColumnElement[Any]]]:
    for table in metadata.sorted_tables:
        if "period" in table.c:
            yield from ((table, table.c[name]) for name in ("sha256", "submission") if name in table.c)


def _is_old_paper(path: str, period: Period) -> bool:
    """Whether it lies in the folder of a month before: `旗舰店/2026-11/…`."""
    try:
        return Period.parse(path.split("/")[1]) < period
    except (ValueError, IndexError):
        return False


def is_payment_list(path: str, paid_in: Collection[Period]) -> bool:
    """Whether it is the list of one of these months of payment, whatever was added to its name."""
    folder, _, name = path.rpartition("/")
    return folder == PAYMENTS and any(name.startswith(str(month)) for month in paid_in)


def _is_old(table: Table, period: Period) -> ColumnElement[bool]:
    old = table.c.period < period
    if table is not claims:
        return old
    day = period.first_day
    start = datetime(day.year, day.month, day.day).astimezone()
    return or_(
        and_(table.c.period.is_not(None), old),
        and_(table.c.period.is_(None), table.c.received_at < start),
    )


SOMEBODY = "#"
"""What the ids of people begin with who are in no kept month: their scores are part of the group's average."""

_Values = dict[str, Any]


class PastFigures(Repository):
    """What is to stay of months that go: that each was there, and what kept months look back on."""

    def before(self, period: Period) -> dict[Table, list[_Values]]:
        """Rows to be written once everything about these months is deleted, each table's after those it refers to."""
        first, people = self._first_kept(period), self._people_kept(period)
        rows: dict[Table, list[_Values]] = {
            table: [] for table in (months, revisions, results, outcomes, plan_papers, plan_steps)
        }
        for month in self._connection.execute(select(months).where(months.c.period < period)).all():
            group = month.group_name
            for table, row in self._of_month(month, first.get(group), people[group]):
                rows[table].append(row)
        self._end_streaks(rows[results], period)
        return rows

    def _of_month(
        self, month: Row[Any], first: Period | None, people: Collection[str]
    ) -> Iterator[tuple[Table, _Values]]:
        """`first` is the group's first month that is kept, `people` are those of its kept months."""
        this = {"group_name": month.group_name, "period": month.period}
        stays = {"state": MonthState.PURGED, "revision": month.revision, "issued_on": month.issued_on}
        yield months, this | stays
        if month.state is MonthState.WITHDRAWN or first is None:
            return
        if month.period >= first.shifted(-LOOKS_BACK):
            yield from self._results(this, month.revision, people)
        if month.period >= first.shifted(-REMINDED) and month.issued_on is not None:
            yield from self._plans(this, month.revision, people)

    def _first_kept(self, period: Period) -> dict[str, Period]:
        """Each group's first month that is kept."""
        found = select(months.c.group_name, func.min(months.c.period)).where(months.c.period >= period)
        return dict(self._connection.execute(found.group_by(months.c.group_name)).all())

    def _people_kept(self, period: Period) -> Mapping[str, set[str]]:
        """Who is in some kept month of each group."""
        people: defaultdict[str, set[str]] = defaultdict(set)
        found = select(results.c.group_name, results.c.staff).where(results.c.period >= period).distinct()
        for group, staff in self._connection.execute(found):
            people[group].add(staff)
        return people

    def _results(
        self, month: _Values, number: int, people: Collection[str]
    ) -> Iterator[tuple[Table, _Values]]:
        of_revision = _is_of(revisions, month) & (revisions.c.number == number)
        ranked = self._connection.scalar(select(revisions.c.ranked_count).where(of_revision))
        if ranked is None:  # beyond the reach of the months that were kept before
            return
        yield revisions, {**month, "number": number, **_NOTHING_ELSE, "ranked_count": ranked}
        persons = select(results).where(_is_of(results, month), results.c.revision == number)
        for place, person in enumerate(self._connection.execute(persons).all(), start=1):
            yield (
                results,
                {
                    **month,
                    "revision": number,
                    "staff": person.staff if person.staff in people else f"{SOMEBODY}{place}",
                    "name": "",
                    "rank": person.rank,
                    "final": person.final,
                    "was_sole_last": person.was_sole_last,
                },
            )

    def _plans(self, month: _Values, number: int, people: Collection[str]) -> Iterator[tuple[Table, _Values]]:
        """The deadlines of plans, the day on which one came, and when it was judged."""
        came = select(plan_papers).where(_is_of(plan_papers, month))
        days = {row.staff: row.submitted_on for row in self._connection.execute(came)}
        asked = (outcomes.c.type == OutcomeType.RECTIFICATION) & (outcomes.c.state == OutcomeState.DUE)
        due = select(outcomes.c.staff, outcomes.c.due).where(_is_of(outcomes, month), asked)
        plan = {"type": OutcomeType.RECTIFICATION, "part": 1, "revision": number, "state": OutcomeState.DUE}
        plan |= {"reason": "", "capped_by_payroll": False}
        for staff, day in self._connection.execute(due).all():
            if staff in people:
                yield outcomes, {**month, "staff": staff, **plan, "due": day}
            if staff in people and staff in days:
                paper = {
                    "state": PlanState.ACCEPTED,
                    "submitted_on": days[staff],
                    "sha256": "",
                    "promises": "{}",
                }
                yield plan_papers, {**month, "staff": staff, **paper}
        steps = select(plan_steps.c.staff, plan_steps.c.state, plan_steps.c.day).order_by(plan_steps.c.id)
        for staff, state, day in self._connection.execute(steps.where(_is_of(plan_steps, month))).all():
            if staff in people:
                yield plan_steps, {**month, "staff": staff, "state": state, "day": day}

    def _end_streaks(self, rows: list[_Values], period: Period) -> None:
        """What HR decided about somebody's streak goes with the acts: the months before it count no more."""
        begun = PastMonths(self._connection).streaks_from({row["group_name"] for row in rows}, period)
        for row in rows:
            first = begun.get(row["group_name"], {}).get(row["staff"])
            if first is not None and row["period"] < first:
                row["was_sole_last"] = False


def _is_of(table: Table, month: Mapping[str, Any]) -> ColumnElement[bool]:
    return of_month(table, month["group_name"], month["period"])


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
