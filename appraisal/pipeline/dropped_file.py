"""A dropped file on its way through a pass, whichever of our forms it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from appraisal.findings.finding import Finding, has_errors
from appraisal.intake.acknowledgements import RegisterReading, ScanReading
from appraisal.intake.appeal_form import AppealReading
from appraisal.intake.form import SUBMISSION
from appraisal.intake.hr_acts import ActsReading
from appraisal.intake.interview_form import InterviewReading
from appraisal.intake.plan_form import PlanReading
from appraisal.intake.read_any import Paper
from appraisal.intake.roster_file import RosterReading
from appraisal.intake.self_assessment import SelfReading
from appraisal.intake.submission import Submission
from appraisal.intake.submission_reader import Reading
from appraisal.ledger.records import Claim
from appraisal.period import Period
from appraisal.pipeline.decision import Decision
from appraisal.pipeline.reports import FileReport
from appraisal.processes.packing import compacted, restored
from appraisal.scheme.forms import acknowledgement, appeal, hr_acts, interview, plan, self_assessment
from appraisal.workspace.archive import Claimed

_FORMS: Mapping[type[Paper], str] = {
    Reading: SUBMISSION,
    SelfReading: self_assessment.META_KIND,
    PlanReading: plan.PLAN,
    InterviewReading: interview.INTERVIEW,
    AppealReading: appeal.APPEAL,
    RegisterReading: acknowledgement.ACKNOWLEDGEMENTS,
    ScanReading: acknowledgement.SCAN,
    ActsReading: hr_acts.META_KIND,
    RosterReading: "roster",
}
"""What the ledger calls each of our forms: as their hidden sheets do."""


@dataclass(frozen=True, slots=True)
class PackedPaper:
    """What was read of a file, packed until its turn comes, with what it is about written outside.

    `group`, `period` and `staff` are whose it is as far as that could be read; HR's sheet is about many, a
    manager's workbook about many people. `standard` is the
    scheme and version by which a manager's workbook was read well; None for all else.
    """

    kind: type[Paper]
    group: str | None
    period: Period | None
    staff: str | None
    standard: tuple[str, int] | None
    findings: tuple[Finding, ...]
    content: bytes

    @property
    def paper(self) -> Paper:
        """The paper itself."""
        paper: Paper = restored(self.content)
        return paper


_OF_MANY = Reading | ActsReading | RosterReading | RegisterReading | ScanReading


def pack(paper: Paper) -> PackedPaper:
    """The paper, packed."""
    group, period = (
        (None, None) if isinstance(paper, ActsReading | RosterReading) else (paper.group, paper.period)
    )
    submission = paper.submission if isinstance(paper, Reading) else None
    standard = None if submission is None else (submission.scheme, submission.version)
    staff = None if isinstance(paper, _OF_MANY) else paper.staff
    return PackedPaper(type(paper), group, period, staff, standard, paper.findings, compacted(paper))


@dataclass
class DroppedFile:
    """One dropped file, and what has become of it so far: the one record of a pass that changes.

    `name` is its path under the inbox, `folder_group` the name of the folder of the inbox that it lay in,
    `is_from_hr` whether that is HR's own, `id` its claim in the ledger's journal, 0 until it is entered,
    `is_answered` whether an earlier pass has told its people all and could not remove it. `packed` is None until it
    is read, `told` is what its answer says besides; `came_back` are the claims of files returned before whose
    papers go once it is accepted. It is done with as soon as it has a `report`.
    """

    path: Path
    name: str
    folder_group: str | None
    claimed: Claimed
    is_from_hr: bool = False
    id: int = 0
    is_answered: bool = False
    packed: PackedPaper | None = None
    decision: Decision | None = None
    findings: tuple[Finding, ...] = ()
    own_forms: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    came_back: tuple[Claim, ...] = ()
    report: FileReport | None = None

    def take(self, packed: PackedPaper) -> None:
        """What was read of it; the findings of the reading are its findings."""
        self.packed, self.findings = packed, packed.findings

    def add(self, *findings: Finding) -> None:
        """What else is to be told of it."""
        self.findings = (*self.findings, *findings)

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
    def kind(self) -> type[Paper] | None:
        """Which of our forms it is."""
        return None if self.packed is None else self.packed.kind

    @property
    def form(self) -> str | None:
        """The same as a word, for the ledger."""
        return None if self.kind is None else _FORMS[self.kind]

    @property
    def staff(self) -> str | None:
        """The one person whose form it is."""
        return None if self.packed is None else self.packed.staff

    @property
    def paper(self) -> Paper | None:
        return None if self.packed is None else self.packed.paper

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
        return self.packed is not None and self.packed.standard is not None and not self.is_faulty

    @property
    def draft(self) -> Submission | None:
        """The typed tables of a workbook that comes back all the same; None where there are none."""
        return None if self.is_readable or self.reading is None else self.reading.draft

    @property
    def group(self) -> str | None:
        """Whose it is, as far as that could be read; HR's sheet is about many."""
        return None if self.packed is None else self.packed.group

    @property
    def period(self) -> Period | None:
        """Its month, as far as that could be read."""
        return None if self.packed is None else self.packed.period

    @property
    def month(self) -> tuple[str, Period]:
        """Group and month of a well-read workbook."""
        assert self.group is not None
        assert self.period is not None
        return self.group, self.period
