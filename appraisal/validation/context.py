"""Whether a group and a person belong where a paper says: held against roster, folder and rules.

What is wrong with a submission that its own cells cannot show: the roster, the folder, the calendar."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from appraisal.findings.finding import Finding, finding
from appraisal.intake.form import in_reading_order
from appraisal.intake.part_of_month import part_of_month
from appraisal.intake.roster import Roster, StaffMember
from appraisal.intake.submission import Submission
from appraisal.period import Period
from appraisal.scheme.forms.submission import (
    EXPORTED_ON,
    GROUP,
    PARTICIPATES,
    PARTICIPATION,
    PERIOD,
    STAFF_ID,
    STAFF_NAME,
    SubmissionForm,
    submission_form,
)
from appraisal.scheme.model.scheme import Scheme
from appraisal.scheme.rulebook import Rulebook
from appraisal.text import key, odd_characters
from appraisal.validation.plausibility import plausibility_warnings
from appraisal.workspace.authority import reserved_name_like
from appraisal.workspace.settings import MovedStaff


@dataclass(frozen=True, slots=True)
class CellPlace:
    """A cell that findings are about; None where the paper has lost it."""

    sheet: str
    cell: str | None

    def finding(self, code: str, **gaps: object) -> Finding:
        return finding(code, sheet=self.sheet, cell=self.cell, **gaps)


@dataclass(frozen=True, slots=True)
class Named:
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
            "group.unknown", group=group, odd=odd_characters(group), known="、".join(roster.groups)
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


def person_findings(person: Named, *, group: str, period: Period, roster: Roster) -> Iterator[Finding]:
    """Whether the roster knows the person by that name, in that group and month."""
    latest = roster.find(person.id)
    if latest is None:
        gaps = {"whose": person.whose, "id": person.id, "name": person.name or ""}
        yield person.place.finding("staff.unknown", **gaps, odd=odd_characters(person.id))
        return
    if person.name is not None and key(person.name) != key(latest.name):
        titles = {"whose": person.whose, "called": person.called}
        gaps = {"id": person.id, "expected": latest.name, "name": person.name}
        odd = odd_characters(person.name, latest.name)
        yield person.place_of_name.finding("staff.name_mismatch", **titles, **gaps, odd=odd)
    present = [one for one in roster.records_of(person.id) if one.is_there_in(period)]
    if all(one.group != group for one in present):
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
    moved: MovedStaff = MovedStaff.LAST_DAY,
) -> tuple[Finding, ...]:
    """Errors and warnings, in the order of the workbook.

    `folder_group` is the group whose folder of the inbox the file lay in, None for the inbox itself.
    `moved` says which group appraises who changed groups in the month. Without a roster the workbook's own people count. A draft (`Reading.draft`) with blank cells is
    looked through as far as it goes.
    """
    scheme = rulebook.in_force(submission.scheme, submission.period)
    if scheme is None:
        raise ValueError(f"no version of {submission.scheme} is in force in {submission.period}")
    form = submission_form(scheme)
    findings = [*_group(submission, roster, folder_group), *_period(submission, today)]
    findings += _exported_later(submission, today)
    if roster is not None and submission.group in roster.groups:
        findings += scheme_findings(submission.group, submission.scheme, roster=roster, rulebook=rulebook)
        findings += _people(submission, form, roster)
        findings += _part_of_month(submission, scheme, roster, moved)
    findings += plausibility_warnings(submission, scheme, form)
    return in_reading_order(findings, (one.sheet for one in submission.tables.values()))


def _group(submission: Submission, roster: Roster | None, folder_group: str | None) -> Iterator[Finding]:
    place = CellPlace(*submission.label_cells[GROUP])
    yield from group_findings(submission.group, place, roster=roster, folder_group=folder_group)


def _period(submission: Submission, today: date) -> Iterator[Finding]:
    sheet, cell = submission.label_cells[PERIOD]
    period = submission.period
    if today < period.first_day:
        yield finding("period.future", sheet=sheet, cell=cell, period=period)
    elif today <= period.last_day:
        yield finding("period.unfinished", sheet=sheet, cell=cell, period=period)


def _exported_later(submission: Submission, today: date) -> Iterator[Finding]:
    exported = submission.labels.get(EXPORTED_ON)
    if isinstance(exported, date) and exported > today:
        sheet, cell = submission.label_cells[EXPORTED_ON]
        gaps = {"name": EXPORTED_ON, "date": exported, "today": today}
        yield finding("data.exported_later", sheet=sheet, cell=cell, **gaps)


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
            CellPlace(table.sheet, table.cell(row, STAFF_ID)),
            CellPlace(table.sheet, table.cell(row, STAFF_NAME)),
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
        place = CellPlace(table.sheet, table.cell(row, PARTICIPATION))
        gaps = {"name": row.values[STAFF_NAME] or "", "id": identity, "told": part.told}
        gaps |= {"column": PARTICIPATION, "expected": part.of_a_row(scheme)}
        if part.appraised_in is None:
            yield place.finding("staff.part_of_month", **gaps)
        else:
            elsewhere = {"period": period, "group": part.appraised_in}
            yield place.finding("staff.appraised_elsewhere", **gaps, **elsewhere)
