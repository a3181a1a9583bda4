"""Checking and scoring workbooks without writing anything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from appraisal.errors import AppraisalError
from appraisal.findings.finding import Finding, finding, has_errors
from appraisal.intake.plan_form import PlanReading
from appraisal.intake.read_any import Paper
from appraisal.intake.self_assessment import SelfReading
from appraisal.intake.submission_reader import Reading
from appraisal.period import Period
from appraisal.pipeline import reader_process
from appraisal.pipeline.decision import finding_of
from appraisal.pipeline.reports import FileReport, Status
from appraisal.pipeline.setup import Setup
from appraisal.processes.sandbox import Sandbox, Stopped
from appraisal.scoring.outcomes import Issue
from appraisal.scoring.results import GroupResult, History
from appraisal.scoring.scoring import score_group
from appraisal.validation.context import check_context
from appraisal.validation.other_forms import check_acts, check_self
from appraisal.validation.tables import validate_chunk


class CheckError(AppraisalError):
    """There is nothing to check at a path; one Chinese sentence and the next step."""


@dataclass(frozen=True, slots=True)
class Checked:
    """One file's verdict, and its scores where nothing is wrong."""

    report: FileReport
    result: GroupResult | None


def check_files(files: Sequence[Path], setup: Setup, today: date) -> list[Checked]:
    """Each file on its own, in order; what is no workbook is a finding like any other.

    Raises CheckError, before anything is opened, for a path at which there is no file.
    """
    for path in files:
        if path.is_dir():
            raise CheckError(f"{path} 是文件夹。请写出里面的文件，例如 {path / '*.xlsx'}。")
        if not path.is_file():
            raise CheckError(f"没有 {path} 这个文件。请核对路径和文件名。")
    with Sandbox() as sandbox:
        by = reader_process.packed(setup.rulebook, setup.roster)
        futures = [sandbox.submit(reader_process.read_in_place, path, by) for path in files]
        checked = []
        for path, future in zip(files, futures, strict=True):
            try:
                paper = future.result()
            except Stopped as stopped:
                told = finding_of(stopped) or finding("submission.failed", reference=path.name)
                checked.append(Checked(FileReport(path.name, Status.FAILED, findings=(told,)), None))
            else:
                checked.append(_check(path, paper, setup, today))
    return checked


def _check(path: Path, paper: Paper, setup: Setup, today: date) -> Checked:
    """Of a person's form or HR's sheet there is nothing to score, only what is wrong with it."""
    if isinstance(paper, Reading):
        return _check_workbook(path, paper, setup, today)
    whose: tuple[str | None, Period | None] = (None, None)
    about: tuple[Finding, ...]
    if isinstance(paper, SelfReading):
        whose = paper.group, paper.period
        about = check_self(
            paper, roster=setup.roster, folder_group=None, today=today, rulebook=setup.rulebook
        )
    elif isinstance(paper, PlanReading):
        whose, about = (paper.group, paper.period), ()  # who owes it stands in the ledger
    else:
        about = check_acts(paper, roster=setup.roster, today=today)
    findings = (*paper.findings, *about)
    status = Status.RETURNED if has_errors(findings) else Status.ACCEPTED
    return Checked(FileReport(path.name, status, *whose, None, findings), None)


def _check_workbook(path: Path, reading: Reading, setup: Setup, today: date) -> Checked:
    findings: tuple[Finding, ...] = reading.findings
    result = None
    submission = reading.submission
    if submission is not None and not has_errors(findings):
        scheme = setup.rulebook.in_force(submission.scheme, submission.period)
        assert scheme is not None
        about = check_context(
            submission, roster=setup.roster, folder_group=None, today=today, rulebook=setup.rulebook
        )
        findings = (*findings, *about, *validate_chunk([submission], scheme)[0])
        if not has_errors(findings):
            issue = Issue(today, extra_holidays=setup.settings.extra_holidays, is_trial=setup.settings.trial)
            result = score_group(submission, scheme, History(), issue)
    status = Status.RETURNED if has_errors(findings) else Status.ACCEPTED
    report = FileReport(path.name, status, reading.group, reading.period, None, findings)
    return Checked(report, result)
