"""Files that we placed in the outbox, so that one with other bytes is known not to be ours."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from sqlalchemy import ColumnElement, Connection, Table, bindparam, delete, insert, select

from appraisal.ledger.tables import intended_files, placed_files

_AFTER_SLASH = chr(ord("/") + 1)


class PlacedFiles:
    """Paths relative to the outbox, with `/`, to the sha256 of the bytes that we wrote there."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def intend(self, files: Mapping[str, str]) -> None:
        """The files, path → sha256, are about to be written: such bytes are ours from now on."""
        rows = [{"path": path, "sha256": sha256} for path, sha256 in files.items()]
        if rows:
            column = intended_files.c
            same = (column.path == bindparam("at")) & (column.sha256 == bindparam("hash"))
            pairs = [{"at": path, "hash": sha256} for path, sha256 in files.items()]
            self._connection.execute(delete(intended_files).where(same), pairs)
            self._connection.execute(insert(intended_files), rows)

    def wrote(self, files: Mapping[str, str]) -> None:
        """The files, path → sha256, stand there now; nothing is intended for their paths any more."""
        self.forget(files)
        rows = [{"path": path, "sha256": sha256} for path, sha256 in files.items()]
        if rows:
            self._connection.execute(insert(placed_files), rows)

    def forget(self, paths: Iterable[str]) -> None:
        """The files are no longer ours to replace: moved away, removed or given up."""
        rows = [{"gone": path} for path in paths]
        for table in (placed_files, intended_files):
            if rows:
                self._connection.execute(delete(table).where(table.c.path == bindparam("gone")), rows)

    def under(self, folder: str) -> dict[str, str]:
        """All our files in the folder and below, by path."""
        path = placed_files.c.path
        query = select(path, placed_files.c.sha256).where(_inside(placed_files, folder)).order_by(path)
        return {row.path: row.sha256 for row in self._connection.execute(query)}

    def intended(self, folder: str) -> dict[str, set[str]]:
        """What an interrupted program may have written in the folder and below: path → hashes."""
        found: dict[str, set[str]] = defaultdict(set)
        for row in self._connection.execute(select(intended_files).where(_inside(intended_files, folder))):
            found[row.path].add(row.sha256)
        return dict(found)


def _inside(table: Table, folder: str) -> ColumnElement[bool]:
    path = table.c.path
    return (path > f"{folder}/") & (path < f"{folder}{_AFTER_SLASH}")
