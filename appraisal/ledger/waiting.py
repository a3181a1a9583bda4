"""What waits for somebody: corrections for HR's consent, self-assessments for the manager's workbook."""

from __future__ import annotations

from sqlalchemy import Connection

from appraisal.ledger.records import SelfForm, WaitingCorrection
from appraisal.scheme.period import Period


class Corrections:
    """At most one waiting correction per month: a later one takes the place of the former."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def wait(self, correction: WaitingCorrection) -> None:
        raise NotImplementedError

    def get(self, group: str, period: Period) -> WaitingCorrection | None:
        raise NotImplementedError

    def all(self) -> tuple[WaitingCorrection, ...]:
        """By period and group."""
        raise NotImplementedError

    def drop(self, group: str, period: Period) -> None:
        """HR did not agree, or the month was withdrawn."""
        raise NotImplementedError


class SelfForms:
    """Each person's latest self-assessment of a month."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def keep(self, form: SelfForm) -> None:
        raise NotImplementedError

    def of_month(self, group: str, period: Period) -> tuple[SelfForm, ...]:
        """By staff id."""
        raise NotImplementedError
