"""The checks of a file that need no ledger: steps of every pass, and on their own the verb `check`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from appraisal.errors import AppraisalError
from appraisal.findings.finding import Finding, finding, has_errors
from appraisal.intake.form import in_reading_order
from appraisal.intake.hr_acts import ActsReading
from appraisal.intake.read_any import Paper
from appraisal.intake.self_assessment import SelfReading
from appraisal.intake.submission import Reading, Submission
from appraisal.period import Period
from appraisal.pipeline.appraise import score
from appraisal.pipeline.dropped_file import group_and_month
from appraisal.pipeline.reading import finding_of, start_reading
from appraisal.pipeline.reports import FileReport, Status
from appraisal.pipeline.revisions import scheme_of, validate
from appraisal.pipeline.setup import Setup
from appraisal.processes.packing import unpacked_value
from appraisal.processes.sandbox import Sandbox, Stopped
from appraisal.scoring.outcomes import Issue
from appraisal.scoring.results import GroupResult, History
from appraisal.validation.context import check_context
from appraisal.validation.other_forms import Surroundings, check_acts, check_self
from appraisal.validation.unusual_figures import EarlierMonth, unusual_figures
from appraisal.workspace.names import original_name
from appraisal.workspace.settings import SelfFormPolicy

# ------------------------------------------------------------------------------ steps of a pass too


def check_paper(
    paper: Paper, setup: Setup, *, folder_group: str | None = None, today: date
) -> tuple[Finding, ...]:
    """What a paper's own cells cannot show: roster, folder, calendar. Who owes a plan stands in the ledger."""
    rulebook, roster = setup.rulebook, setup.roster
    if isinstance(paper, Reading) and paper.submission is not None:
        return check_context(
            paper.submission,
            roster=roster,
            folder_group=folder_group,
            today=today,
            rulebook=rulebook,
            moved=setup.settings.moved_staff,
        )
    if isinstance(paper, SelfReading):
        if setup.settings.self_forms is SelfFormPolicy.OFF:
            return (finding("self.not_used"),)
        return check_self(paper, Surroundings(roster, folder_group, today), rulebook=rulebook)
    if isinstance(paper, ActsReading):
        holidays = setup.settings.extra_holidays
        return check_acts(paper, roster=roster, today=today, extra_holidays=holidays)
    return ()


def with_more_findings(
    setup: Setup, faulty: Sequence[tuple[Submission, Sequence[Finding]]]
) -> list[tuple[Finding, ...]]:
    """A workbook with a wrong cell comes back anyway: say everything else that is wrong with it.

    Each is a draft with what was found so far; its findings in the order in which they are read.
    """
    more = validate(setup, [draft for draft, _ in faulty])
    return [
        in_reading_order((*found, *others), (table.sheet for table in draft.tables.values()))
        for (draft, found), others in zip(faulty, more, strict=True)
    ]


def with_unusual_figures(
    setup: Setup,
    submission: Submission,
    findings: Sequence[Finding],
    earlier: Sequence[EarlierMonth] = (),
) -> tuple[Finding, ...]:
    """The findings with what is said of figures beside those of the months before; not of cells told already."""
    marked = {(problem.sheet, problem.cell) for problem in findings if problem.cell is not None}
    more = unusual_figures(submission, scheme_of(setup, submission), earlier)
    new = [problem for problem in more if (problem.sheet, problem.cell) not in marked]
    return in_reading_order((*findings, *new), (table.sheet for table in submission.tables.values()))


# -------------------------------------------------------------------------------- the verb `check`


class CheckError(AppraisalError):
    """There is nothing to check at a path; one Chinese sentence and the next step."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What would become of one file, and its scores where nothing is wrong."""

    report: FileReport
    result: GroupResult | None = None


def check_files(
    files: Sequence[Path], setup: Setup, today: date, *, sandbox: Sandbox | None = None
) -> list[Checked]:
    """Each file on its own, in order; what is no workbook is a finding like any other. Nothing is written.

    Raises CheckError, before anything is opened, for a path at which there is no file.
    """
    for path in files:
        if path.is_dir():
            raise CheckError(f"{path} 是文件夹。请写出里面的文件，例如 {path / '*.xlsx'}。")
        if not path.is_file():
            raise CheckError(f"没有 {path} 这个文件。请核对路径和文件名。")
    with sandbox or Sandbox() as readers:
        waiting = [start_reading(readers, setup, path, file=original_name(path.name)) for path in files]
        return [_checked(path, wait, setup, today) for path, wait in zip(files, waiting, strict=True)]


def _checked(path: Path, wait: Callable[[], bytes], setup: Setup, today: date) -> Checked:
    try:
        paper: Paper = unpacked_value(wait())
    except Stopped as stopped:
        problem = finding_of(stopped)
        if problem is not None:
            return Checked(_report(path, (problem,)))
        ours = finding("submission.failed", reference=path.name)
        return Checked(FileReport(path.name, Status.FAILED, findings=(ours,)))
    result, findings = None, paper.findings
    if not isinstance(paper, Reading) or (paper.submission is not None and not has_errors(findings)):
        findings = (*findings, *check_paper(paper, setup, today=today))
    if isinstance(paper, Reading):
        findings, result = _scored(paper, findings, setup, today)
    return Checked(_report(path, findings, *group_and_month(paper)), result)


def _scored(
    reading: Reading, findings: tuple[Finding, ...], setup: Setup, today: date
) -> tuple[tuple[Finding, ...], GroupResult | None]:
    submission = reading.submission
    if submission is None or has_errors(findings):
        draft = reading.draft
        if draft is None:
            return findings, None
        (findings,) = with_more_findings(setup, [(draft, findings)])
        return with_unusual_figures(setup, draft, findings), None
    found = validate(setup, [submission])[0]
    findings = with_unusual_figures(setup, submission, (*findings, *found))
    if has_errors(findings):
        return findings, None
    issue = Issue(today, extra_holidays=setup.settings.extra_holidays, is_trial=setup.settings.trial)
    _, result = score(submission, found, scheme_of(setup, submission), History(), issue)
    return findings, result


def _report(
    path: Path, findings: tuple[Finding, ...], group: str | None = None, period: Period | None = None
) -> FileReport:
    status = Status.RETURNED if has_errors(findings) else Status.ACCEPTED
    return FileReport(path.name, status, group, period, findings=findings)
