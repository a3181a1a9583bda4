"""What is wrong with a submission that its own cells cannot show: the roster, the folder, the calendar."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from appraisal.findings.finding import Finding, finding
from appraisal.intake.form import in_reading_order
from appraisal.intake.roster import Roster
from appraisal.intake.submission import Submission
from appraisal.scheme.forms.submission import (
    GROUP,
    PERIOD,
    STAFF_ID,
    STAFF_NAME,
    SubmissionForm,
    submission_form,
)
from appraisal.scheme.rulebook import Rulebook
from appraisal.validation.belonging import Named, Place, group_findings, person_findings, scheme_findings
from appraisal.validation.oddities import oddities


def check_context(
    submission: Submission,
    *,
    roster: Roster | None,
    folder_group: str | None,
    today: date,
    rulebook: Rulebook,
) -> tuple[Finding, ...]:
    """Errors and warnings, in the order of the workbook.

    `folder_group` is the group whose folder of the inbox the file lay in, None for the inbox itself.
    Without a roster the workbook's own people count. A draft (`Reading.draft`) with blank cells is
    looked through as far as it goes.
    """
    scheme = rulebook.in_force(submission.scheme, submission.period)
    if scheme is None:
        raise ValueError(f"no version of {submission.scheme} is in force in {submission.period}")
    form = submission_form(scheme)
    findings = [*_group(submission, roster, folder_group), *_period(submission, today)]
    if roster is not None and submission.group in roster.groups:
        findings += scheme_findings(submission.group, submission.scheme, roster=roster, rulebook=rulebook)
        findings += _people(submission, form, roster)
    findings += oddities(submission, scheme, form)
    return in_reading_order(findings, (one.sheet for one in submission.tables.values()))


def _group(submission: Submission, roster: Roster | None, folder_group: str | None) -> Iterator[Finding]:
    place = Place(*submission.label_cells[GROUP])
    yield from group_findings(submission.group, place, roster=roster, folder_group=folder_group)


def _period(submission: Submission, today: date) -> Iterator[Finding]:
    sheet, cell = submission.label_cells[PERIOD]
    period = submission.period
    if today < period.first_day:
        yield finding("period.future", sheet=sheet, cell=cell, period=period)
    elif today <= period.last_day:
        yield finding("period.unfinished", sheet=sheet, cell=cell, period=period)


# ------------------------------------------------------------------------------------------- people


def _people(submission: Submission, form: SubmissionForm, roster: Roster) -> Iterator[Finding]:
    """The main sheet's people held against the roster of the group in that month."""
    table = submission.tables[form.main.name]
    for row in table.rows:
        identity, name = row.values[STAFF_ID], row.values[STAFF_NAME]
        if not isinstance(identity, str):
            continue  # only in a draft: the reading has told it
        person = Named(
            identity,
            name if isinstance(name, str) else None,
            Place(table.sheet, table.cell(row, STAFF_ID)),
            Place(table.sheet, table.cell(row, STAFF_NAME)),
            form.id_title,
            form.name_title,
        )
        group, period = submission.group, submission.period
        yield from person_findings(person, group=group, period=period, roster=roster)
    listed = {row.values[STAFF_ID] for row in table.rows}
    for member in roster.members_of(submission.group, submission.period):
        if member.id not in listed:
            missing = {"name": member.name, "id": member.id, "table": table.sheet}
            yield finding("staff.missing", sheet=table.sheet, **missing)
