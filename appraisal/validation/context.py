"""Whether a group and a person belong where a paper says: held against roster, folder and rules.

What is wrong with a submission that its own cells cannot show: the roster, the folder, the calendar. And
what may be right but seldom is: warnings that make a person look once more before money moves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from appraisal.findings.finding import Finding, finding
from appraisal.intake.form import in_reading_order
from appraisal.intake.roster import Roster, StaffMember, part_of_month
from appraisal.intake.submission import CellValue, Submission
from appraisal.period import Period
from appraisal.scheme.forms.cells import Role, SheetForm
from appraisal.scheme.forms.submission import (
    COMPLETE_FROM,
    EXPORTED_ON,
    GROUP,
    MANAGER,
    PARTICIPATES,
    PARTICIPATION,
    PERIOD,
    STAFF_ID,
    STAFF_NAME,
    SubmissionForm,
    submission_form,
)
from appraisal.scheme.formula.parse import divisors_in, names_in
from appraisal.scheme.model.scheme import Scheme
from appraisal.scheme.rulebook import Rulebook
from appraisal.text import key, unusual_characters
from appraisal.workspace.names import reserved_name_like
from appraisal.workspace.settings import MovedStaff


@dataclass(frozen=True, slots=True)
class CellPlace:
    """A cell that findings are about; None where the paper has lost it."""

    sheet: str
    cell: str | None

    def finding(self, code: str, **gaps: object) -> Finding:
        return finding(code, sheet=self.sheet, cell=self.cell, **gaps)


@dataclass(frozen=True, slots=True)
class NamedPerson:
    """A person as a paper names them, and where. `name` is None where it is blank.

    `whose` and `called` are what the paper calls the id and the name.
    """

    id: str
    name: str | None
    place: CellPlace
    place_of_name: CellPlace
    whose: str = STAFF_ID
    called: str = STAFF_NAME


def group_findings(
    group: str, place: CellPlace, *, roster: Roster | None, folder_group: str | None
) -> Iterator[Finding]:
    """`folder_group` is the group whose folder of the inbox the file lay in, None for the inbox itself.

    Letter case, width and spaces make no other group: folders cannot be told apart by them everywhere.
    """
    if reserved_name_like(group):
        yield place.finding("group.reserved", group=group)
    elif roster is not None and group not in roster.groups:
        yield place.finding(
            "group.unknown", group=group, odd=unusual_characters(group), known="、".join(roster.groups)
        )
    if folder_group is not None and key(group) != key(folder_group):
        yield place.finding("group.wrong_folder", group=group, folder=folder_group)


def scheme_findings(group: str, scheme: str, *, roster: Roster, rulebook: Rulebook) -> Iterator[Finding]:
    """Whether the group is appraised by this scheme (an id)."""
    expected = roster.scheme_of(group)
    if expected is not None and expected != scheme:
        names = {"expected": _name(expected, rulebook), "scheme": _name(scheme, rulebook)}
        yield finding("scheme.mismatch", group=group, **names)


def _name(scheme_id: str, rulebook: Rulebook) -> str:
    scheme = rulebook.latest(scheme_id)
    return scheme_id if scheme is None else scheme.name


def person_findings(person: NamedPerson, *, group: str, period: Period, roster: Roster) -> Iterator[Finding]:
    """Whether the roster knows the person by that name, in that group and month."""
    latest = roster.find(person.id)
    if latest is None:
        gaps = {"whose": person.whose, "id": person.id, "name": person.name or ""}
        yield person.place.finding("staff.unknown", **gaps, odd=unusual_characters(person.id))
        return
    if person.name is not None and key(person.name) != key(latest.name):
        titles = {"whose": person.whose, "called": person.called}
        gaps = {"id": person.id, "expected": latest.name, "name": person.name}
        odd = unusual_characters(person.name, latest.name)
        yield person.place_of_name.finding("staff.name_mismatch", **titles, **gaps, odd=odd)
    present = [record for record in roster.records_of(person.id) if record.is_there_in(period)]
    if all(record.group != group for record in present):
        yield _elsewhere(present, latest, period, person.place)


def _elsewhere(present: list[StaffMember], latest: StaffMember, period: Period, place: CellPlace) -> Finding:
    """Why someone whom the roster knows is not of this group in this month."""
    who = {"name": latest.name, "id": latest.id}
    if present:
        return place.finding("staff.two_groups", **who, group=present[0].group)
    if latest.first_day > period.last_day:
        return place.finding("staff.not_yet", **who, date=latest.first_day, period=period)
    return place.finding("staff.left", **who, date=latest.last_day, period=period)


def check_context(
    submission: Submission,
    *,
    roster: Roster | None,
    folder_group: str | None,
    today: date,
    rulebook: Rulebook,
    moved: MovedStaff,
) -> tuple[Finding, ...]:
    """Errors and warnings, in the order of the workbook.

    `folder_group` is the group whose folder of the inbox the file lay in, None for the inbox itself.
    `moved` says which group appraises who changed groups in the month. Without a roster the workbook's own
    people count. A draft (`Reading.draft`) with blank cells is looked through as far as it goes.
    """
    scheme = rulebook.in_force(submission.scheme, submission.period)
    if scheme is None:
        raise ValueError(f"no version of {submission.scheme} is in force in {submission.period}")
    form = submission_form(scheme)
    findings = [
        *group_findings(
            submission.group,
            CellPlace(*submission.label_cells[GROUP]),
            roster=roster,
            folder_group=folder_group,
        ),
        *_period(submission, today),
        *_exported(submission, today),
    ]
    if roster is not None and submission.group in roster.groups:
        findings += scheme_findings(submission.group, submission.scheme, roster=roster, rulebook=rulebook)
        findings += _people(submission, form, roster)
        findings += _part_of_month(submission, scheme, roster, moved)
    findings += _nothing_but_zeros(submission, scheme, form)
    findings += _marked_by_one_hand(submission, scheme, form)
    findings += _manager_among_the_staff(submission, form)
    return in_reading_order(findings, (table.sheet for table in submission.tables.values()))


def _period(submission: Submission, today: date) -> Iterator[Finding]:
    period = submission.period
    if today < period.first_day:
        yield submission.finding("period.future", PERIOD, period=period)
    elif today <= period.last_day:
        yield submission.finding("period.unfinished", PERIOD, period=period)


def _exported(submission: Submission, today: date) -> Iterator[Finding]:
    """The day of the export: not to come, and not before a month's figures are complete."""
    exported, period = submission.labels.get(EXPORTED_ON), submission.period
    if not isinstance(exported, date):
        return
    if exported > today:
        gaps = {"name": EXPORTED_ON, "date": exported, "today": today}
        yield submission.finding("data.exported_later", EXPORTED_ON, **gaps)
    following = period.shifted(1)
    if exported < date(following.year, following.month, COMPLETE_FROM):
        yield submission.finding("data.exported_early", EXPORTED_ON, date=exported, period=period)


def _people(submission: Submission, form: SubmissionForm, roster: Roster) -> Iterator[Finding]:
    """The main sheet's people held against the roster of the group in that month."""
    table = submission.tables[form.main.name]
    for row in table.rows:
        identity, name = row.values[STAFF_ID], row.values[STAFF_NAME]
        if not isinstance(identity, str):
            continue  # only in a draft: the reading has told it
        person = NamedPerson(
            id=identity,
            name=name if isinstance(name, str) else None,
            place=CellPlace(table.sheet, table.cell(row, STAFF_ID)),
            place_of_name=CellPlace(table.sheet, table.cell(row, STAFF_NAME)),
            whose=form.id_title,
            called=form.name_title,
        )
        group, period = submission.group, submission.period
        yield from person_findings(person, group=group, period=period, roster=roster)
    listed = {row.values[STAFF_ID] for row in table.rows}
    for member in roster.members_of(submission.group, submission.period):
        if member.id not in listed:
            missing = {"name": member.name, "id": member.id, "table": table.sheet}
            yield finding("staff.missing", sheet=table.sheet, **missing)


def _part_of_month(
    submission: Submission, scheme: Scheme, roster: Roster, moved: MovedStaff
) -> Iterator[Finding]:
    """Who takes part though the roster says that they left, came or moved in the month."""
    group, period = submission.group, submission.period
    table = submission.tables[submission_form(scheme).main.name]
    for row in table.rows:
        identity = row.values[STAFF_ID]
        if not isinstance(identity, str) or row.values.get(PARTICIPATION) != PARTICIPATES:
            continue
        part = part_of_month(identity, group, period, roster=roster, moved=moved)
        if part is None:
            continue
        gaps = {"name": row.values[STAFF_NAME] or "", "id": identity, "told": part.told}
        gaps |= {"column": PARTICIPATION, "expected": part.of_a_row(scheme)}
        if part.appraised_in is None:
            yield table.finding("staff.part_of_month", row, PARTICIPATION, **gaps)
        else:
            elsewhere = {"period": period, "group": part.appraised_in}
            yield table.finding("staff.appraised_elsewhere", row, PARTICIPATION, **gaps, **elsewhere)


ENOUGH_PEOPLE = 4
"""With fewer people the same figure for all of them is no wonder."""


def _nothing_but_zeros(submission: Submission, scheme: Scheme, form: SubmissionForm) -> Iterator[Finding]:
    """Only of fields that an indicator divides by: no complaints is good news, no inquiries is no news."""
    divided_by = {
        name
        for indicator in scheme.indicators
        if indicator.expression is not None
        for divisor in divisors_in(indicator.expression)
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
                yield table.finding("data.zero_for_unknown", filled[0], column.name, name=column.name)


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
    people = {
        row.values[STAFF_ID]: {mark.name: row.values[mark.name] for mark in sheet.marks}
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
            yield table.finding("data.manager_listed", row, STAFF_NAME, name=manager)
