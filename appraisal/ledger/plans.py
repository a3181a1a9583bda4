"""Rectification plans (整改方案): who owes one, by when, and how far it has come."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection

from appraisal.ledger.records import Plan
from appraisal.scheme.period import Period


class Plans:
    """Plans that rectification outcomes in force ask for."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of_month(self, group: str, period: Period) -> tuple[Plan, ...]:
        raise NotImplementedError

    def of_period(self, period: Period) -> tuple[Plan, ...]:
        raise NotImplementedError

    def get(self, group: str, period: Period, staff: str) -> Plan | None:
        """The plan that the person owes; None where none is asked for."""
        raise NotImplementedError

    def owed(self) -> tuple[Plan, ...]:
        """Plans of issued months still expected or returned, by deadline; `is_overdue` tells which are late."""
        raise NotImplementedError

    def submitted(self, plan: Plan, on: date, sha256: str) -> None:
        """A complete plan has come."""
        raise NotImplementedError

    def returned(self, plan: Plan, on: date, sha256: str) -> None:
        """The plan that came is incomplete, or the manager wants more."""
        raise NotImplementedError

    def accepted(self, plan: Plan, on: date, sha256: str) -> None:
        """The manager has agreed to the plan."""
        raise NotImplementedError
