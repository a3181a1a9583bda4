"""What goes into the ledger (台账) and comes out of it: plain values, nothing of the database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from enum import IntEnum, StrEnum

from appraisal.findings.finding import Finding
from appraisal.intake.submission import CellValue
from appraisal.period import Period
from appraisal.scheme.forms.hr_acts import OutcomeDecision
from appraisal.scheme.model.outcome_rules import OutcomeType
from appraisal.scoring.results import Inputs, OutcomeState, PersonMonth


class Step(IntEnum):
    """How far a dropped file has come, in this order."""

    RECEIVED = 0
    ARCHIVED = 1
    COMPUTED = 2
    PLACED = 3
    ANSWERED = 4
    """Its people were told, and the file could not be removed from the inbox."""
    CLEARED = 5


@dataclass(frozen=True, slots=True)
class InboxFile:
    """A file as it lay in the inbox.

    `file` is its path under the inbox with `/`, `folder` the managers' folder that gives it its authority (None
    where it lay in the inbox itself), `mtime_ns` its last change.
    """

    sha256: str
    file: str
    folder: str | None
    size: int
    mtime_ns: int


@dataclass(frozen=True, slots=True)
class FileResult:
    """What became of a dropped file.

    `status` is accepted, unchanged, returned, waiting, failed or ignored; `outputs` are the paths that were written,
    `kind` and `staff` which form it was and whose (None where not read, or not one person's), `note` what people are told.
    """

    status: str
    group: str | None = None
    period: Period | None = None
    revision: int | None = None
    findings: tuple[Finding, ...] = ()
    outputs: tuple[str, ...] = ()
    kind: str | None = None
    staff: str | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Claim:
    """One line of the journal. `result` is None until the file has been judged."""

    id: int
    dropped: InboxFile
    received_at: datetime
    step: Step
    result: FileResult | None


class MonthState(StrEnum):
    """open 未下发, issued 已下发, closed 已关账, withdrawn 已撤回, purged 已清除: nothing is told of it any more."""

    OPEN = "open"
    ISSUED = "issued"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"
    PURGED = "purged"


@dataclass(frozen=True, slots=True)
class GroupMonth:
    """A group's month; `issued_on` and `document_number` are those of the first notice, None before it was issued."""

    group: str
    period: Period
    state: MonthState
    revision: int
    issued_on: date | None
    document_number: str | None

    @property
    def is_issued(self) -> bool:
        return self.issued_on is not None


class RevisionKind(StrEnum):
    """first 首次, replacement 下发前重报, correction 更正, recomputed 因以前月份变动重算."""

    FIRST = "first"
    REPLACEMENT = "replacement"
    CORRECTION = "correction"
    RECOMPUTED = "recomputed"


@dataclass(frozen=True, slots=True)
class Provenance:
    """How a revision came about.

    `submission` is the sha256 of the manager's workbook. `documents` names by kind (`rules`, `roster` …) the hashes of
    what it was made with. `reason` is why it took the place of an issued revision, None where it did not.
    `made_on` is `history.UNKNOWN_DAY` where nothing proves it any more.
    """

    kind: RevisionKind
    made_on: date
    submission: str
    inputs: Inputs
    documents: Mapping[str, str] = field(default_factory=dict)
    reason: str | None = None

    @property
    def corrects_issued(self) -> bool:
        """Whether its notice is a 更正通报: people have read another one."""
        follows_another = self.kind is RevisionKind.RECOMPUTED and self.reason is not None
        return follows_another or self.kind is RevisionKind.CORRECTION


@dataclass(frozen=True, slots=True)
class Revision:
    """One revision (版次) of a group's month. `issued` is the date that its notice bears."""

    group: str
    period: Period
    number: int
    scheme: str
    version: int
    issued: date
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class PersonResult:
    """One person's month in its current revision; `edition_reason` is why that took an issued one's place."""

    group: str
    period: Period
    revision: int
    staff: str
    name: str
    rank: int | None
    ranked_count: int
    final: Decimal | None
    reason: str | None
    was_sole_last: bool
    edition_reason: str | None = None

    @property
    def month(self) -> PersonMonth:
        """As later months look back on it."""
        return PersonMonth(
            period=self.period,
            rank=self.rank,
            ranked_count=self.ranked_count,
            final=self.final,
            was_sole_last=self.was_sole_last,
        )


@dataclass(frozen=True, slots=True)
class PersonSummary:
    """A person's quarter or year in one group.

    `average` is the mean of the finals of the ranked months (2 decimals, None without one); `firsts` counts first
    places, shared ones too, `lasts` the months as the one last place.
    """

    group: str
    staff: str
    name: str
    months_ranked: int
    average: Decimal | None
    firsts: int
    lasts: int


@dataclass(frozen=True, order=True, slots=True)
class OutcomeKey:
    """The stable key of an outcome. The group belongs to it: without a roster ids are the group's own.

    `part` counts from 1 where several rules move money of one type for one person.
    """

    group: str
    period: Period
    staff: str
    type: OutcomeType
    part: int = 1

    def __str__(self) -> str:
        part = f"/{self.part}" if self.part > 1 else ""
        return f"{self.period}/{self.group}/{self.staff}/{self.type.value}{part}"


@dataclass(frozen=True, slots=True)
class KeptOutcome:
    """An outcome as it stands now. `decision` is HR's, None where none was made or needed.

    `due_moved_by` is the revision that gave an issued deadline another day, None if none did.
    """

    key: OutcomeKey
    revision: int
    state: OutcomeState
    amount: Decimal | None
    due: date | None
    reason: str
    clause: str | None
    capped_by_payroll: bool
    decision: OutcomeDecision | None
    due_moved_by: int | None


@dataclass(frozen=True, slots=True)
class MoneyLine:
    """One line of 奖励与提成调整: never changed once written.

    `amount` is signed as the person feels it: a reward is positive, a deduction negative, and a reversal the opposite
    of line `reverses` of the same key. `sequence` counts from 1 per key. `paid_in` is the month of payment.
    """

    key: OutcomeKey
    sequence: int
    amount: Decimal
    reverses: int | None
    revision: int
    reason: str
    recorded_on: date
    paid_in: Period
    capped_by_payroll: bool


class PlanState(StrEnum):
    """expected 待提交, submitted 已提交, returned 退回补充, accepted 已通过."""

    EXPECTED = "expected"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    ACCEPTED = "accepted"


@dataclass(frozen=True, slots=True)
class Plan:
    """A rectification plan (整改方案) that an outcome in force asks for.

    `sha256` is the plan workbook received last, `submitted_on` the day of the first one, `complete_on` that of the
    last one that lacked nothing, `judged_on` the day on which the manager returned or accepted it: a returned one
    without it was incomplete when it came. Before its month `is_issued` the deadline may still move. `goals` are 下月目标值 by indicator in the paper received last; `talked_on` is the day of the talk.
    """

    group: str
    period: Period
    staff: str
    name: str
    due: date
    due_moved_by: int | None
    is_issued: bool
    state: PlanState
    submitted_on: date | None
    judged_on: date | None
    sha256: str | None
    goals: Mapping[str, str] = field(default_factory=dict)
    complete_on: date | None = None
    talked_on: date | None = None

    def is_overdue(self, today: date) -> bool:
        """Whether the person still owes a plan although the deadline has passed."""
        return self.state in {PlanState.EXPECTED, PlanState.RETURNED} and self.due < today


@dataclass(frozen=True, slots=True)
class Talk:
    """The record (面谈记录) of the talk with a person who owes a plan, as received last."""

    group: str
    period: Period
    staff: str
    held_on: date
    received_on: date
    sha256: str


@dataclass(frozen=True, slots=True)
class WaitingCorrection:
    """A correction of an issued month that waits for 同意更正; `sha256` finds it in the archive.

    HR names it by `number`. `is_listed`: HR's lists have shown it. `preview` is what it would change, by `hr.corrections`.
    """

    group: str
    period: Period
    number: int
    sha256: str
    file: str
    reason: str
    received_on: date
    is_listed: bool = False
    preview: str | None = None


@dataclass(frozen=True, slots=True)
class KeptSelfForm:
    """A person's own self-assessment (自评), kept so that every revision of the month can take it."""

    group: str
    period: Period
    staff: str
    sha256: str
    values: Mapping[str, CellValue]
    received_on: date


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
