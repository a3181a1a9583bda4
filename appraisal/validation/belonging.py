"""Whether a group and a person belong where a paper says: held against roster, folder and rules."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from appraisal.findings.finding import Finding, finding
from appraisal.intake.roster import RESERVED_GROUPS, Roster, StaffMember
from appraisal.period import Period
from appraisal.scheme.forms.submission import STAFF_ID, STAFF_NAME
from appraisal.scheme.rulebook import Rulebook
from appraisal.text import key


@dataclass(frozen=True, slots=True)
class Place:
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
    place: Place
    place_of_name: Place
    whose: str = STAFF_ID
    called: str = STAFF_NAME


def group_findings(
    group: str, place: Place, *, roster: Roster | None, folder_group: str | None
) -> Iterator[Finding]:
    """`folder_group` is the group whose folder of the inbox the file lay in, None for the inbox itself.

    Letter case, width and spaces make no other group: folders cannot be told apart by them everywhere.
    """
    if group in RESERVED_GROUPS:
        yield place.finding("group.reserved", group=group)
    elif roster is not None and group not in roster.groups:
        yield place.finding("group.unknown", group=group, known="、".join(roster.groups))
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
        yield person.place.finding("staff.unknown", whose=person.whose, id=person.id, name=person.name or "")
        return
    if person.name is not None and key(person.name) != key(latest.name):
        titles = {"whose": person.whose, "called": person.called}
        gaps = {"id": person.id, "expected": latest.name, "name": person.name}
        yield person.place_of_name.finding("staff.name_mismatch", **titles, **gaps)
    present = [one for one in roster.records_of(person.id) if one.is_there_in(period)]
    if all(one.group != group for one in present):
        yield _elsewhere(present, latest, period, person.place)


def _elsewhere(present: list[StaffMember], latest: StaffMember, period: Period, place: Place) -> Finding:
    """Why someone whom the roster knows is not of this group in this month."""
    who = {"name": latest.name, "id": latest.id}
    if present:
        return place.finding("staff.two_groups", **who, group=present[0].group)
    if latest.first_day > period.last_day:
        return place.finding("staff.not_yet", **who, date=latest.first_day, period=period)
    return place.finding("staff.left", **who, date=latest.last_day, period=period)
