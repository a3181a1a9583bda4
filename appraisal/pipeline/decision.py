"""What is to become of a well-read submission, given what the ledger knows of its month. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from appraisal.findings.finding import Finding, finding
from appraisal.intake.submission import Submission
from appraisal.pipeline.kept_documents import fingerprint
from appraisal.scheme.forms.submission import CORRECTION, CORRECTION_REASON, SUBMISSION_KIND
from appraisal.workspace.paths import sha256_of


class NextStep(StrEnum):
    """appraise it; unchanged: nothing to do; wait: HR decides; give it back."""

    APPRAISE = "appraise"
    UNCHANGED = "unchanged"
    WAIT = "wait"
    GIVE_BACK = "give_back"


@dataclass(frozen=True, slots=True)
class KnownMonth:
    """What the ledger knows: the current revision, its bytes and content, earlier revisions, and its state.

    `current_content` is the hash of its fingerprint, None where the ledger kept none.
    `issued_on` is None until HR issued the notice. A withdrawn month is open again: it has earlier revisions and no current one.
    """

    current: int | None
    current_sha256: str | None
    earlier: dict[str, int]
    issued_on: date | None = None
    is_closed: bool = False
    is_purged: bool = False
    current_content: str | None = None

    @property
    def next_revision(self) -> int:
        return max((self.current or 0, *self.earlier.values()), default=0) + 1

    def is_superseded(self, sha256: str) -> bool:
        """Whether other figures took the place of these bytes. Those that were withdrawn may come again."""
        number = self.earlier.get(sha256)
        return number is not None and (self.current is not None or number + 1 < self.next_revision)


@dataclass(frozen=True, slots=True)
class Decision:
    """`revision` is the one that an appraised submission becomes, or the current one if unchanged.

    `replaces` is the current revision whose place it takes, `finding` says why it goes back.
    """

    step: NextStep
    revision: int | None
    finding: Finding | None = None
    replaces: int | None = None


def decide(submission: Submission, month: KnownMonth) -> Decision:
    """The same decision whenever the same submission meets the same month."""
    if month.is_purged:
        return _given_back(finding("period.purged", period=submission.period))
    if submission.sha256 == month.current_sha256 or _says_the_same(submission, month):
        return Decision(NextStep.UNCHANGED, month.current)
    if month.is_superseded(submission.sha256):
        return _given_back(finding("submission.duplicate", revision=month.earlier[submission.sha256]))
    if month.is_closed:
        return _given_back(finding("period.closed", period=submission.period))
    if month.issued_on is None:
        return Decision(NextStep.APPRAISE, month.next_revision, replaces=month.current)
    labels = submission.labels
    if labels.get(SUBMISSION_KIND) == CORRECTION and labels.get(CORRECTION_REASON):
        return Decision(NextStep.WAIT, None)
    return _given_back(finding("period.issued", period=submission.period, date=month.issued_on))


def _says_the_same(submission: Submission, month: KnownMonth) -> bool:
    """Saved again, by whatever program, without a change."""
    return month.current_content is not None and month.current_content == sha256_of(fingerprint(submission))


def _given_back(why: Finding) -> Decision:
    return Decision(NextStep.GIVE_BACK, None, why)
