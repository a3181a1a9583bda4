"""The journal of dropped files: each claim's steps, so that a restart goes on where it was stopped."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from appraisal.ledger.records import Claim, Dropped, Step, Verdict


class Journal:
    """One line per claim of a dropped file."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def receive(self, dropped: Dropped, at: datetime) -> Claim:
        """The unfinished claim of the same bytes under the same name, or else a new one."""
        raise NotImplementedError

    def advance(self, claim: int, step: Step, verdict: Verdict | None = None) -> None:
        """Say that the claim has come to `step`; a verdict replaces the former one.

        Twice is as good as once, and a claim that is already further stays as it is.
        """
        raise NotImplementedError

    def claim(self, claim: int) -> Claim | None:
        raise NotImplementedError

    def unfinished(self) -> tuple[Claim, ...]:
        """Claims that are not yet CLEARED, in the order in which they were received."""
        raise NotImplementedError

    def claims_of(self, sha256: str) -> tuple[Claim, ...]:
        """Every claim of the same bytes, in the order in which they were received."""
        raise NotImplementedError
