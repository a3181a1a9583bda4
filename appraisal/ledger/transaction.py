"""The ledger's books, opened within one transaction."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection

from appraisal.ledger.acts import Acts
from appraisal.ledger.documents import Documents
from appraisal.ledger.history import PastMonths
from appraisal.ledger.journal import Journal
from appraisal.ledger.months import Months
from appraisal.ledger.outcomes import Outcomes
from appraisal.ledger.pending import Corrections, KeptSelfForms, PendingHrFolders, PendingRecalculations
from appraisal.ledger.placed import PlacedFiles
from appraisal.ledger.plans import Plans
from appraisal.ledger.purging import Purging


class Transaction:
    """One book per subject; all see and change the same transaction."""

    def __init__(self, connection: Connection) -> None:
        self.documents = Documents(connection)
        self.journal = Journal(connection)
        self.months = Months(connection)
        self.pending_recalculations = PendingRecalculations(connection)
        self.past = PastMonths(connection)
        self.outcomes = Outcomes(connection)
        self.plans = Plans(connection)
        self.purging = Purging(connection)
        self.acts = Acts(connection)
        self.corrections = Corrections(connection)
        self.self_forms = KeptSelfForms(connection)
        self.placed = PlacedFiles(connection)
        self.pending_hr_folders = PendingHrFolders(connection)
        self._connection = connection

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """What is changed within is taken back where it raises; the rest of the unit stands."""
        self._connection.exec_driver_sql("SAVEPOINT attempt")
        try:
            yield
        except BaseException:
            self._connection.exec_driver_sql("ROLLBACK TO SAVEPOINT attempt")
            raise
        finally:
            self._connection.exec_driver_sql("RELEASE SAVEPOINT attempt")
