"""An appeal (申诉) as the ledger knows it: a plain value, nothing of the database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from appraisal.period import Period


class AppealState(StrEnum):
    """returned 退回补正, received 待答复, maintained 维持, corrected 更正, ended 因撤回终止."""

    RETURNED = "returned"
    RECEIVED = "received"
    MAINTAINED = "maintained"
    CORRECTED = "corrected"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Appeal:
    """What a person objected to in one revision of a month.

    `appeal_by` is the last day for it, `came_on` the day on which the form first came, `complete_on` that of the
    first one that lacked nothing, from which `answer_by` counts. `sha256` is the form received last, `items` are
    its grounds by item. `decided_at_revision` was in force when HR decided, `revision_now` is today.
    """

    group: str
    period: Period
    staff: str
    revision: int
    appeal_by: date
    state: AppealState
    came_on: date
    sha256: str
    items: Mapping[str, str]
    name: str = ""
    complete_on: date | None = None
    answer_by: date | None = None
    decided_on: date | None = None
    decided_at_revision: int | None = None
    revision_now: int | None = None

    def after(self, former: Appeal) -> Appeal:
        """With what stays of the form that came before: the days, and what it objected to once it was whole."""
        later = replace(self, came_on=former.came_on)
        if former.complete_on is None:
            return later
        return replace(
            later,
            complete_on=former.complete_on,
            answer_by=former.answer_by,
            items={**former.items, **self.items},
        )

    @property
    def is_late(self) -> bool:
        """Whether it came when the time for it was over; HR decides what that means."""
        return self.came_on > self.appeal_by

    @property
    def is_open(self) -> bool:
        """Whether HR owes an answer."""
        return self.state is AppealState.RECEIVED

    @property
    def waits_for_correction(self) -> bool:
        """Whether HR decided that the result is to be corrected, and no revision has followed."""
        return self.state is AppealState.CORRECTED and self.revision_now == self.decided_at_revision

    def is_overdue(self, today: date) -> bool:
        """Whether the answer is late."""
        return self.is_open and self.answer_by is not None and self.answer_by < today
