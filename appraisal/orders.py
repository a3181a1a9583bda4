"""What is to be made of a group's month, and what was made."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from appraisal.appraise import Appraised
from appraisal.intake.submission import Submission
from appraisal.ledger.records import RevisionKind
from appraisal.scoring.results import GroupResult


@dataclass(frozen=True, slots=True)
class Order:
    """A revision to be made: from which submission, under which number, bearing which date.

    `replaces` is the revision whose papers make room; None for a first one, and for one that is only
    made again (下发). `former` is the issued result that a correction corrects. `own_forms` are the
    people's own self-assessments (sha256) that went into the submission.
    """

    submission: Submission
    revision: int
    issued: date
    kind: RevisionKind
    reason: str | None = None
    replaces: int | None = None
    former: GroupResult | None = None
    document_number: str | None = None
    own_forms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Made:
    """A revision that is appraised and not yet placed; `claim` is the dropped file's in the journal."""

    order: Order
    appraised: Appraised
    claim: int

    @property
    def group(self) -> str:
        return self.order.submission.group
