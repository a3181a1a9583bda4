"""The ledger's books, opened within one transaction."""

from __future__ import annotations

from sqlalchemy import Connection

from appraisal.ledger.acts import Acts
from appraisal.ledger.documents import Documents
from appraisal.ledger.history import PastMonths
from appraisal.ledger.journal import Journal
from appraisal.ledger.months import Months
from appraisal.ledger.outcomes import Outcomes
from appraisal.ledger.placed import PlacedFiles
from appraisal.ledger.plans import Plans
from appraisal.ledger.unfollowed import Unfollowed
from appraisal.ledger.waiting import Corrections, SelfForms


class Books:
    """One book per subject; all see and change the same transaction."""

    def __init__(self, connection: Connection) -> None:
        self.documents = Documents(connection)
        self.journal = Journal(connection)
        self.months = Months(connection)
        self.unfollowed = Unfollowed(connection)
        self.past = PastMonths(connection)
        self.outcomes = Outcomes(connection)
        self.plans = Plans(connection)
        self.acts = Acts(connection)
        self.corrections = Corrections(connection)
        self.self_forms = SelfForms(connection)
        self.placed = PlacedFiles(connection)
