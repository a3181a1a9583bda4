"""What is wrong with a submission that its own cells cannot show: the roster, the folder, the calendar."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from appraisal.findings import Finding, finding
from appraisal.intake.ordering import in_reading_order
from appraisal.intake.plain import key
from appraisal.intake.staff import RESERVED_GROUPS, Roster, StaffMember
from appraisal.intake.submission import Submission, Table
from appraisal.scheme.forms import GROUP, PERIOD, STAFF_ID, STAFF_NAME, submission_form
from appraisal.scheme.period import Period
from appraisal.scheme.rulebook import Rulebook
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
        findings += _scheme(submission, roster, rulebook)
        findings += _people(submission, submission.tables[form.main.name], roster)
    findings += oddities(submission, scheme, form)
    return in_reading_order(findings, (one.sheet for one in submission.tables.values()))


def _group(submission: Submission, roster: Roster | None, folder_group: str | None) -> Iterator[Finding]:
    sheet, cell = submission.label_cells[GROUP]
    group = submission.group
    if group in RESERVED_GROUPS:
        yield finding("group.reserved", sheet=sheet, cell=cell, group=group)
    elif roster is not None and group not in roster.groups:
        known = "、".join(roster.groups)
        yield finding("group.unknown", sheet=sheet, cell=cell, group=group, known=known)
    if folder_group is not None and group != folder_group:
        yield finding("group.wrong_folder", sheet=sheet, cell=cell, group=group, folder=folder_group)


def _period(submission: Submission, today: date) -> Iterator[Finding]:
    sheet, cell = submission.label_cells[PERIOD]
    period = submission.period
    if today < period.first_day:
        yield finding("period.future", sheet=sheet, cell=cell, period=period)
    elif today <= period.last_day:
        yield finding("period.unfinished", sheet=sheet, cell=cell, period=period)


def _scheme(submission: Submission, roster: Roster, rulebook: Rulebook) -> Iterator[Finding]:
    expected = roster.scheme_of(submission.group)
    if expected is not None and expected != submission.scheme:
        yield finding(
            "scheme.mismatch",
            group=submission.group,
            expected=_name(expected, rulebook),
            scheme=_name(submission.scheme, rulebook),
        )


def _name(scheme_id: str, rulebook: Rulebook) -> str:
    scheme = rulebook.latest(scheme_id)
    return scheme_id if scheme is None else scheme.name


# ------------------------------------------------------------------------------------------- people


def _people(submission: Submission, table: Table, roster: Roster) -> Iterator[Finding]:
    """The main sheet's people held against the roster of the group in that month."""
    for row in table.rows:
        identity, name = row.values[STAFF_ID], row.values[STAFF_NAME]
        if not isinstance(identity, str):
            continue  # only in a draft: the reading has told it
        place = _Cell(table.sheet, table.cell(row, STAFF_ID))
        latest = roster.find(identity)
        if latest is None:
            yield place.finding("staff.unknown", id=identity, name=name or "")
            continue
        if isinstance(name, str) and key(name) != key(latest.name):
            place_of_name = _Cell(table.sheet, table.cell(row, STAFF_NAME))
            yield place_of_name.finding("staff.name_mismatch", id=identity, expected=latest.name, name=name)
        present = [one for one in roster.records_of(identity) if one.is_there_in(submission.period)]
        if all(one.group != submission.group for one in present):
            yield _elsewhere(present, latest, submission.period, place)
    listed = {row.values[STAFF_ID] for row in table.rows}
    for member in roster.members_of(submission.group, submission.period):
        if member.id not in listed:
            missing = {"name": member.name, "id": member.id, "table": table.sheet}
            yield finding("staff.missing", sheet=table.sheet, **missing)


@dataclass(frozen=True, slots=True)
class _Cell:
    """A place that findings are about."""

    sheet: str
    cell: str

    def finding(self, code: str, **gaps: object) -> Finding:
        return finding(code, sheet=self.sheet, cell=self.cell, **gaps)


def _elsewhere(present: list[StaffMember], latest: StaffMember, period: Period, place: _Cell) -> Finding:
    """Why someone whom the roster knows is not of this group in this month."""
    who = {"name": latest.name, "id": latest.id}
    if present:
        return place.finding("staff.two_groups", **who, group=present[0].group)
    if latest.first_day > period.last_day:
        return place.finding("staff.not_yet", **who, date=latest.first_day, period=period)
    return place.finding("staff.left", **who, date=latest.last_day, period=period)
