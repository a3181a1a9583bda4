"""A dropped file on its way through a pass, whichever of our forms it is, and what is decided about a month's submission."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from pathlib import Path

from appraisal.findings.finding import Finding, finding, has_errors
from appraisal.intake.acknowledgements import RegisterReading, ScanReading
from appraisal.intake.form import SUBMISSION
from appraisal.intake.hr_acts import ActsReading
from appraisal.intake.plans_and_appeals import AppealReading, InterviewReading, PlanReading
from appraisal.intake.read_any import Paper
from appraisal.intake.roster_file import RosterReading
from appraisal.intake.self_assessment import SelfReading
from appraisal.intake.submission import CellValue, Reading, Submission
from appraisal.ledger.records import Claim
from appraisal.period import Period
from appraisal.pipeline.reports import FileReport, Status
from appraisal.processes.packing import unpacked_value
from appraisal.scheme.forms import acknowledgement, hr_acts, personal, self_assessment
from appraisal.scheme.forms.submission import CORRECTION, CORRECTION_REASON, SUBMISSION_KIND
from appraisal.workspace.archive import ArchivedCopy
from appraisal.workspace.paths import sha256_of

_FORMS: Mapping[type[Paper], str] = {
    Reading: SUBMISSION,
    SelfReading: self_assessment.META_KIND,
    PlanReading: personal.PLAN,
    InterviewReading: personal.INTERVIEW,
    AppealReading: personal.APPEAL,
    RegisterReading: acknowledgement.ACKNOWLEDGEMENTS,
    ScanReading: acknowledgement.SCAN,
    ActsReading: hr_acts.META_KIND,
    RosterReading: "roster",
}
"""What the ledger calls each of our forms: as their hidden sheets do."""


_OF_MANY = Reading | ActsReading | RosterReading | RegisterReading | ScanReading


def group_and_month(paper: Paper) -> tuple[str | None, Period | None]:
    """Whose it is and of when, as far as that could be read; HR's sheet and a roster are about many."""
    return (None, None) if isinstance(paper, ActsReading | RosterReading) else (paper.group, paper.period)


@dataclass
class DroppedFile:
    """One dropped file, and what has become of it so far: the one record of a pass that changes.

    `name` is its path under the inbox, `folder_group` the name of the folder of the inbox that it lay in,
    `is_from_hr` whether that is HR's own, `id` its claim in the ledger's journal, 0 until it is entered,
    `is_answered` whether an earlier pass has told its people all and could not remove it. `known_month` is what the
    ledger knew of its month when it was decided about, `told` what its answer says besides; `came_back` are the claims
    of files returned before whose papers go once it is accepted. It is done with as soon as it has a `report`.

    What it says is None until it is read, and packed then, so that memory does not grow with the inbox: `kind` is
    which of our forms it is; `group`, `period` and `staff` whose it is as far as that could be read, where it is not
    about many; `standard` the scheme and version by which a manager's workbook was read well.
    """

    path: Path
    name: str
    folder_group: str | None
    copy: ArchivedCopy
    is_from_hr: bool = False
    id: int = 0
    is_answered: bool = False
    known_month: KnownMonth | None = None
    decision: NextStep | Finding | None = None
    findings: tuple[Finding, ...] = ()
    told: tuple[str, ...] = ()
    came_back: tuple[Claim, ...] = ()
    report: FileReport | None = None
    kind: type[Paper] | None = None
    group: str | None = None
    period: Period | None = None
    staff: str | None = None
    standard: tuple[str, int] | None = None
    _packed: bytes | None = None

    def take(self, packed: bytes) -> None:
        """What was read of it; the findings of the reading are its findings."""
        paper: Paper = unpacked_value(packed)
        submission = paper.submission if isinstance(paper, Reading) else None
        self._packed, self.kind, self.findings = packed, type(paper), paper.findings
        self.group, self.period = group_and_month(paper)
        self.staff = None if isinstance(paper, _OF_MANY) else paper.staff
        self.standard = None if submission is None else (submission.scheme, submission.version)

    def add(self, *findings: Finding) -> None:
        """What else is to be told of it."""
        self.findings = (*self.findings, *findings)

    def report_as(
        self,
        status: Status,
        note: str = "",
        *,
        revision: int | None = None,
        outputs: tuple[str, ...] = (),
    ) -> FileReport:
        """What becomes of it, with all that was found."""
        return FileReport(
            file=self.name,
            status=status,
            group=self.group,
            period=self.period,
            revision=revision,
            findings=self.findings,
            outputs=outputs,
            note=note,
        )

    @property
    def is_open(self) -> bool:
        return self.report is None and not self.is_answered

    @property
    def managers_group(self) -> str | None:
        """The group whose manager alone may drop there; None in HR's folder and in the inbox itself."""
        return None if self.is_from_hr else self.folder_group

    @property
    def is_faulty(self) -> bool:
        return has_errors(self.findings)

    @property
    def form(self) -> str | None:
        """Which of our forms it is in a word, for the ledger."""
        return None if self.kind is None else _FORMS[self.kind]

    @property
    def paper(self) -> Paper | None:
        return None if self._packed is None else unpacked_value(self._packed)

    @property
    def reading(self) -> Reading | None:
        """What was read of a manager's workbook, or of a file that is none of our forms."""
        paper = self.paper if self.kind is Reading else None
        return paper if isinstance(paper, Reading) else None

    @property
    def submission(self) -> Submission:
        """The well-read workbook; only asked for where there is one."""
        assert self.reading is not None
        assert self.reading.submission is not None
        return self.reading.submission

    @property
    def is_readable(self) -> bool:
        """Whether it is a manager's workbook in which nothing has been found wrong so far."""
        return self.standard is not None and not self.is_faulty

    @property
    def draft(self) -> Submission | None:
        """The typed tables of a workbook that comes back all the same; None where there are none."""
        return None if self.is_readable or self.reading is None else self.reading.draft

    @property
    def month(self) -> tuple[str, Period]:
        """Group and month of a well-read workbook."""
        assert self.group is not None
        assert self.period is not None
        return self.group, self.period


class NextStep(StrEnum):
    """What becomes of a well-read workbook: appraise it; unchanged, nothing to do; wait until HR decides."""

    APPRAISE = "appraise"
    UNCHANGED = "unchanged"
    WAIT = "wait"


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


def decision_on(submission: Submission, month: KnownMonth) -> NextStep | Finding:
    """What becomes of the submission, by it and its month alone; a finding says why it goes back."""
    if month.is_purged:
        return finding("period.purged", period=submission.period)
    if submission.sha256 == month.current_sha256 or _says_the_same(submission, month):
        return NextStep.UNCHANGED
    if month.is_superseded(submission.sha256):
        return finding("submission.duplicate", revision=month.earlier[submission.sha256])
    if month.is_closed:
        return finding("period.closed", period=submission.period)
    if month.issued_on is None:
        return NextStep.APPRAISE
    labels = submission.labels
    if labels.get(SUBMISSION_KIND) == CORRECTION and labels.get(CORRECTION_REASON):
        return NextStep.WAIT
    return finding("period.issued", period=submission.period, date=month.issued_on)


def _says_the_same(submission: Submission, month: KnownMonth) -> bool:
    """Saved again, by whatever program, without a change."""
    return month.current_content is not None and month.current_content == sha256_of(fingerprint(submission))


def fingerprint(submission: Submission) -> bytes:
    """Equal for two submissions that say the same; it tells nothing of anybody."""
    content = {
        "about": [submission.scheme, submission.version, submission.group, str(submission.period)],
        "labels": _said(submission.labels),
        "tables": {
            name: [_said(row.values) for row in table.rows] for name, table in submission.tables.items()
        },
    }
    return sha256_of(json.dumps(content, sort_keys=True).encode()).encode()


def _said(values: Mapping[str, CellValue]) -> dict[str, str]:
    return {name: _in_text(value) for name, value in values.items() if value is not None}


def _in_text(value: CellValue) -> str:
    """1200 and 1200.0 say the same; a number and a text do not."""
    text = f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)
    return f"{type(value).__name__} {text}"
