"""Forgetting: whatever the ledger holds about months before a given one, and by which hashes it is archived.

That a month was there stays, so that nobody hands it in again, and the figures that kept months look back on.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, delete, or_, select

from appraisal.ledger.history import figures_before
from appraisal.ledger.journal import PlacedFiles
from appraisal.ledger.pending import PendingHrFolders
from appraisal.ledger.records import MonthState
from appraisal.ledger.tables import (
    Repository,
    claims,
    documents,
    intended_files,
    metadata,
    money_lines,
    months,
    placed_files,
    revisions,
)
from appraisal.period import Period
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
        papers = (path for one in outputs if one for path in json.loads(one))
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
        figures = figures_before(self._connection, period)
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
        figures.write(self._connection)

    def _paid_in(self, period: Period) -> tuple[Period, ...]:
        paid_in = money_lines.c.paid_in
        query = select(paid_in).distinct().where(money_lines.c.period < period).order_by(paid_in)
        return tuple(self._connection.scalars(query))

    def _renew_payment_lists(self, period: Period, paid_in: Sequence[Period]) -> None:
        """What is left of the lists that go is written anew by the next pass."""
        left = money_lines.c.period >= period
        query = select(money_lines.c.period).distinct().where(left, money_lines.c.paid_in.in_(paid_in))
        for one in self._connection.scalars(query).all():
            PendingHrFolders(self._connection).note(one)

    def _renew_year(self, period: Period, years: Sequence[int]) -> None:
        """The months of the year that stay have its workbook written anew by the next pass."""
        this_year = (months.c.period >= period) & (months.c.period <= Period(period.year, 12))
        left = self._connection.scalars(select(months.c.period).distinct().where(this_year)).all()
        for one in left if period.year in years else ():
            PendingHrFolders(self._connection).note(one)

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
