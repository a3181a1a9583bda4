"""Which ledger this is, and how many passes have written to it: what the marks in the workspace are held against."""

from __future__ import annotations

from sqlalchemy import Connection, select, update

from appraisal.ledger.tables import identity
from appraisal.workspace.ledger_mark import LedgerMark


class Identity:
    """One row, made with the tables; a new ledger has seen no pass."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def mark(self) -> LedgerMark:
        """As it stands in this transaction."""
        return LedgerMark(*self._connection.execute(select(identity)).one())

    def count_pass(self, *, after: int = 0) -> LedgerMark:
        """One pass more, and more than `after`."""
        passes = max(self.mark().passes, after) + 1
        self._connection.execute(update(identity).values(passes=passes))
        return self.mark()
