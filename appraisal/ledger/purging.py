"""Forgetting: whatever the ledger holds about months before a given one, and by which hashes it is archived.

That a month was there stays, so that nobody hands it in again, and the figures that kept months look back on.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, and_, delete, or_, select

from appraisal.ledger.journal import PlacedFiles
from appraisal.ledger.past_figures import figures_before
from appraisal.ledger.records import MonthState
from appraisal.ledger.tables import (
    claims,
    documents,
    intended_files,
    metadata,
    months,
    placed_files,
    revisions,
)
from appraisal.period import Period


@dataclass(frozen=True, slots=True)
class Forgettable:
    """What is to go: group months, hashes of archived files that no later month needs, placed papers."""

    months: tuple[tuple[str, Period], ...]
    sha256s: frozenset[str]
    papers: tuple[str, ...]


class Purging:
    """Every table that speaks of a period is looked through, so that none is forgotten."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

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
        )

    def forget(self, period: Period) -> None:
        """Delete it all, with the documents (rosters …) that only those months were made with.

        What stays is a line for each month and, where kept months look back on it, its figures without names.
        """
        figures = figures_before(self._connection, period)
        returned = {path.removeprefix("outbox/") for path in self.before(period).papers}
        PlacedFiles(self._connection).forget(
            path for path in self._placed() if path in returned or _is_old_paper(path, period)
        )
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
