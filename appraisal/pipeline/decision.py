"""What is to become of a well-read submission, given what the ledger knows of its month. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from appraisal.findings.finding import Finding, finding
from appraisal.intake.submission import Submission
from appraisal.processes.sandbox import Ending, Stopped
from appraisal.scheme.forms.submission import CORRECTION, CORRECTION_REASON, SUBMISSION_KIND


class Reception(StrEnum):
    """accept: appraise it; unchanged: nothing to do; wait: HR decides; refuse: it comes back."""

    ACCEPT = "accept"
    UNCHANGED = "unchanged"
    WAIT = "wait"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class KnownMonth:
    """What the ledger knows: the current revision and its bytes, earlier revisions, and its state.

    `issued_on` is None until HR issued the notice. A withdrawn month is open again: it has earlier revisions and no current one.
    """

    current: int | None
    current_sha256: str | None
    earlier: dict[str, int]
    issued_on: date | None = None
    is_closed: bool = False

    @property
    def next_revision(self) -> int:
        return max((self.current or 0, *self.earlier.values()), default=0) + 1


@dataclass(frozen=True, slots=True)
class Decision:
    """`revision` is the one that an accepted submission becomes, or the current one if unchanged.

    `replaces` is the current revision that an accepted one takes the place of.
    """

    reception: Reception
    revision: int | None
    finding: Finding | None = None
    replaces: int | None = None


def finding_of(stopped: Stopped) -> Finding | None:
    """What to tell the manager of a file that could not be read to its end; None if it was our mistake."""
    if stopped.ending in {Ending.TIMEOUT, Ending.MEMORY, Ending.KILLED}:
        return finding("workbook.timeout")
    if stopped.ending is Ending.DIED:
        return finding("workbook.corrupt", detail="打开时程序中断")
    return None


def receive(submission: Submission, month: KnownMonth) -> Decision:
    """The same decision whenever the same submission meets the same month."""
    if submission.sha256 == month.current_sha256:
        return Decision(Reception.UNCHANGED, month.current)
    if submission.sha256 in month.earlier:
        revision = month.earlier[submission.sha256]
        return _refused(finding("submission.duplicate", revision=revision))
    if month.is_closed:
        return _refused(finding("period.closed", period=submission.period))
    if month.issued_on is None:
        return Decision(Reception.ACCEPT, month.next_revision, replaces=month.current)
    labels = submission.labels
    if labels.get(SUBMISSION_KIND) == CORRECTION and labels.get(CORRECTION_REASON):
        return Decision(Reception.WAIT, None)
    return _refused(finding("period.issued", period=submission.period, date=month.issued_on))


def _refused(one: Finding) -> Decision:
    return Decision(Reception.REFUSE, None, one)
