"""What may be right but seldom is: warnings that make a person look once more before money moves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal

from appraisal.findings.finding import Finding, finding
from appraisal.intake.submission import CellValue, Submission
from appraisal.scheme.forms.cells import CellType, Role, SheetForm
from appraisal.scheme.forms.submission import EXPORTED_ON, MANAGER, STAFF_ID, STAFF_NAME, SubmissionForm
from appraisal.scheme.formula.parse import divisors_in, names_in
from appraisal.scheme.model.scheme import Scheme
from appraisal.text import key

ENOUGH_PEOPLE = 4
"""With fewer people the same figure for all of them is no wonder."""

COMPLETE_FROM = 5
"""The day of the next month from which software has counted the last payments (1 + 4 days' lag)."""


def plausibility_warnings(submission: Submission, scheme: Scheme, form: SubmissionForm) -> Iterator[Finding]:
    """Warnings about a submission that is valid as it stands."""
    yield from _exported_early(submission)
    yield from _nothing_but_zeros(submission, scheme, form)
    yield from _marked_by_one_hand(submission, scheme, form)
    yield from _manager_among_the_staff(submission, form)


def _exported_early(submission: Submission) -> Iterator[Finding]:
    exported = submission.labels.get(EXPORTED_ON)
    following = submission.period.shifted(1)
    if isinstance(exported, date) and exported < date(following.year, following.month, COMPLETE_FROM):
        sheet, cell = submission.label_cells[EXPORTED_ON]
        yield finding("data.exported_early", sheet=sheet, cell=cell, date=exported, period=submission.period)


def _nothing_but_zeros(submission: Submission, scheme: Scheme, form: SubmissionForm) -> Iterator[Finding]:
    """Only of fields that an indicator divides by: no complaints is good news, no inquiries is no news."""
    divided_by = {
        name
        for one in scheme.indicators
        if one.expression is not None
        for divisor in divisors_in(one.expression)
        for name in names_in(divisor)
    }
    for sheet in form.sheets:
        table = submission.tables.get(sheet.name)
        if sheet.role is not Role.DATA or table is None:
            continue
        for column in sheet.columns:
            filled = [row for row in table.rows if row.values[column.name] is not None]
            if column.name not in divided_by or len(filled) < ENOUGH_PEOPLE:
                continue
            if all(row.values[column.name] == 0 for row in filled):
                cell = table.cell(filled[0], column.name)
                yield finding("data.zero_for_unknown", sheet=table.sheet, cell=cell, name=column.name)


def _marked_by_one_hand(submission: Submission, scheme: Scheme, form: SubmissionForm) -> Iterator[Finding]:
    """A reviewer who may be absent, and the one who then stands in, gave everybody the same marks."""
    for reviewer in scheme.reviewers:
        if reviewer.if_absent is None:
            continue
        own = _marks(submission, form.review_sheet(reviewer.name))
        other = _marks(submission, form.review_sheet(reviewer.if_absent))
        both = own.keys() & other.keys()
        if len(both) >= ENOUGH_PEOPLE and all(own[person] == other[person] for person in both):
            names = "、".join(next(iter(own.values())))
            sheet = submission.tables[form.review_sheet(reviewer.name).name].sheet
            yield finding("data.self_marked_by_manager", sheet=sheet, name=names)


def _marks(submission: Submission, sheet: SheetForm) -> Mapping[CellValue, Mapping[str, CellValue]]:
    """Each person's marks on a sheet, of those who have them all."""
    table = submission.tables.get(sheet.name)
    names = [column.name for column in sheet.columns if column.type is CellType.MARK]
    people = {
        row.values[STAFF_ID]: {name: row.values[name] for name in names}
        for row in (table.rows if table else ())
    }
    return {
        person: marks
        for person, marks in people.items()
        if marks and all(isinstance(mark, Decimal) for mark in marks.values())
    }


def _manager_among_the_staff(submission: Submission, form: SubmissionForm) -> Iterator[Finding]:
    manager = submission.labels.get(MANAGER)
    table = submission.tables[form.main.name]
    for row in table.rows:
        if isinstance(manager, str) and key(manager) == key(str(row.values[STAFF_NAME])):
            cell = table.cell(row, STAFF_NAME)
            yield finding("data.manager_listed", sheet=table.sheet, cell=cell, name=manager)
