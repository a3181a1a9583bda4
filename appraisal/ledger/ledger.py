"""The ledger (台账): history in, results out. `open_ledger` is the only door.

    with open_ledger(url) as ledger:
        with ledger.writing() as books:      # one transaction: all of it, or none
            books.months.record(result, making)
        with ledger.reading() as books:      # a consistent look; writing raises
            history = books.past.before(group, period)

SQLAlchemy is imported only when a ledger is opened.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from types import TracebackType
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from appraisal.ledger.books import Books


class Ledger:
    """An open ledger. `warnings` are Chinese sentences for the administrator.

    Every method raises LedgerError where the database is locked, damaged or out of reach.
    """

    warnings: tuple[str, ...]

    def writing(self) -> AbstractContextManager[Books]:
        """One transaction, alone in writing: committed at the end, rolled back by any exception."""
        raise NotImplementedError

    def reading(self) -> AbstractContextManager[Books]:
        """A consistent view of what was last committed."""
        raise NotImplementedError

    def close(self) -> None:
        raise NotImplementedError

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()


def open_ledger(url: str) -> Ledger:
    """The ledger at the SQLAlchemy URL (SQLite or PostgreSQL), brought to this version's tables.

    A SQLite file is made where there is none, and backed up beside itself before its tables
    change. Raises LedgerError.
    """
    raise NotImplementedError
