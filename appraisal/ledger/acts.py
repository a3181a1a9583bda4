"""HR's acts (人事办理): each changes the months it is about and stands in the ledger for good."""

from __future__ import annotations

from sqlalchemy import Connection

from appraisal.ledger.records import Act, MoneyLine, WaitingCorrection
from appraisal.scheme.period import Period
from appraisal.scoring.results import GroupResult


class Acts:
    """Every method records the act it is given; ActRefused says why it cannot be done."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def issue(self, act: Act, result: GroupResult) -> tuple[MoneyLine, ...]:
        """下发: the current revision, as made once more with the date of issue, takes effect.

        `result` takes the place of the current revision's; gives the money lines written.
        """
        raise NotImplementedError

    def withdraw(self, act: Act) -> tuple[MoneyLine, ...]:
        """撤回: the month no longer counts anywhere; gives the reversals written."""
        raise NotImplementedError

    def decide(self, act: Act) -> tuple[MoneyLine, ...]:
        """裁定: ends a held outcome, or answers a prompt to consider a transfer; gives the lines written."""
        raise NotImplementedError

    def approve_correction(self, act: Act) -> WaitingCorrection:
        """同意更正: gives the correction that waited; the caller makes the revision in the same unit."""
        raise NotImplementedError

    def close(self, act: Act) -> None:
        """关账: for one group, or for every group where `act.group` is None."""
        raise NotImplementedError

    def reopen(self, act: Act) -> None:
        """重新开放, for one group or for every group."""
        raise NotImplementedError

    def find(self, *, group: str | None = None, period: Period | None = None) -> tuple[Act, ...]:
        """The acts on a month, a group or a period, in the order in which they were recorded."""
        raise NotImplementedError
