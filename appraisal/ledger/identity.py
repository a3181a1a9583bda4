"""Which ledger this is, and how many passes have written to it: what the marks in the workspace are held against."""

from __future__ import annotations

from uuid import uuid4

from sqlalchemy import Connection, select, update

from appraisal.ledger.tables import identity
from appraisal.workspace.paths import LedgerMark


class Identity:
    """One row, made with the tables; a new ledger has seen no pass."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def mark(self) -> LedgerMark:
        """As it stands in this transaction."""
        return LedgerMark(*self._connection.execute(select(identity)).one())

    def count_pass(self) -> LedgerMark:
        """One pass more."""
        self._connection.execute(update(identity).values(passes=identity.c.passes + 1))
        return self.mark()

    def rename(self) -> LedgerMark:
        """A ledger of its own from now on: whoever worked with it under its former name is refused."""
        self._connection.execute(update(identity).values(id=uuid4().hex))
        return self.count_pass()
