"""Files that we placed in the outbox, so that one with other bytes is known not to be ours."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy import Connection, bindparam, delete, insert, select

from appraisal.ledger.tables import placed_files

_AFTER_SLASH = chr(ord("/") + 1)


class PlacedFiles:
    """Paths relative to the outbox, with `/`, to the sha256 of the bytes that we wrote there."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def wrote(self, files: Mapping[str, str]) -> None:
        """The files, path → sha256, stand there now."""
        self.forget(files)
        rows = [{"path": path, "sha256": sha256} for path, sha256 in files.items()]
        if rows:
            self._connection.execute(insert(placed_files), rows)

    def forget(self, paths: Iterable[str]) -> None:
        """The files are no longer ours to replace: moved away or removed."""
        rows = [{"gone": path} for path in paths]
        if rows:
            self._connection.execute(
                delete(placed_files).where(placed_files.c.path == bindparam("gone")), rows
            )

    def sha256_of(self, path: str) -> str | None:
        """What we wrote there last; None where we never did."""
        found: str | None = self._connection.scalar(
            select(placed_files.c.sha256).where(placed_files.c.path == path)
        )
        return found

    def under(self, folder: str) -> dict[str, str]:
        """All our files in the folder and below, by path."""
        path = placed_files.c.path
        inside = (path > f"{folder}/") & (path < f"{folder}{_AFTER_SLASH}")
        rows = self._connection.execute(select(path, placed_files.c.sha256).where(inside).order_by(path))
        return {row.path: row.sha256 for row in rows}
