"""Papers that wait their turn in a pass: packed, with what they are about written outside."""

from __future__ import annotations

from dataclasses import dataclass

from appraisal.findings.finding import Finding
from appraisal.intake.hr_acts import ActsReading
from appraisal.intake.read_any import Paper
from appraisal.intake.submission_reader import Reading
from appraisal.period import Period
from appraisal.processes.packing import compacted, restored


@dataclass(frozen=True, slots=True)
class Sealed:
    """A paper, closed. `group` and `period` are whose it is as far as that could be read; HR's sheet is about many.

    `standard` is the scheme and version by which a manager's workbook was read well; None for all else.
    """

    kind: type[Paper]
    group: str | None
    period: Period | None
    standard: tuple[str, int] | None
    findings: tuple[Finding, ...]
    content: bytes

    @property
    def paper(self) -> Paper:
        """The paper itself."""
        paper: Paper = restored(self.content)
        return paper


def sealed(paper: Paper) -> Sealed:
    """The paper in its envelope."""
    group, period = (None, None) if isinstance(paper, ActsReading) else (paper.group, paper.period)
    submission = paper.submission if isinstance(paper, Reading) else None
    standard = None if submission is None else (submission.scheme, submission.version)
    return Sealed(type(paper), group, period, standard, paper.findings, compacted(paper))
