"""Ledgers that stand in front of a real one: what a test wants to count or to spoil goes through them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

from appraisal.ledger.ledger import Ledger, Transaction


class LedgerInFront(Ledger):
    """Passes everything on to `real`."""

    def __init__(self, real: Ledger) -> None:
        self.real = real
        self.warnings = real.warnings

    def writing(self) -> AbstractContextManager[Transaction]:
        return self.real.writing()

    def reading(self) -> AbstractContextManager[Transaction]:
        return self.real.reading()

    def rehearsing(self) -> AbstractContextManager[Transaction]:
        return self.real.rehearsing()

    def reclaim_space(self) -> None:
        self.real.reclaim_space()

    def close(self) -> None:
        self.real.close()


class CountedRehearsals(LedgerInFront):
    """Counts the transactions in which something is only tried."""

    rehearsals = 0

    @contextmanager
    def rehearsing(self) -> Iterator[Transaction]:
        self.rehearsals += 1
        with self.real.rehearsing() as transaction:
            yield transaction
