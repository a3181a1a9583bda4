"""Blank workbooks to hand out: whose people, which month, under which name.

Next month's blank (下月空白表), begun with what seldom changes from one month to the next."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal

from appraisal.errors import AppraisalError
from appraisal.intake.roster import Roster, part_of_month
from appraisal.intake.submission import Submission
from appraisal.period import Period
from appraisal.pipeline.appraise import BegunBlank, begun_blank
from appraisal.pipeline.setup import Setup
from appraisal.publish.blank.workbook import NOTHING_KNOWN, Known, blank_file_name, blank_workbook
from appraisal.publish.forms.self_assessment import self_file_name, self_workbook
from appraisal.scheme.forms.self_assessment import self_reviewer
from appraisal.scheme.forms.submission import (
    EXPLANATION,
    HAS_LEFT,
    MANAGER,
    PARTICIPATION,
    STAFF_ID,
    STAFF_NAME,
)
from appraisal.scheme.model.scheme import Scheme
from appraisal.scheme.rulebook import Rulebook
from appraisal.scoring.deadlines import hand_in_by, self_forms_by
from appraisal.text import did_you_mean
from appraisal.workspace.names import safe_file_name


class BlankError(AppraisalError):
    """No blank can be made for what was asked; one Chinese sentence and the next step."""


Carried = Callable[[str, Period], Known]
"""What a group's blank of a month takes from the months before it."""


@dataclass(frozen=True, slots=True)
class Blank:
    name: str
    content: bytes


def latest_scheme(scheme_id: str, rulebook: Rulebook) -> Scheme:
    """The latest version of a scheme. BlankError names the nearest where there is none."""
    scheme = rulebook.latest(scheme_id)
    if scheme is None:
        near = did_you_mean(scheme_id, rulebook.ids) or "。"
        raise BlankError(f"没有考核方案“{scheme_id}”{near}现有方案：{'、'.join(rulebook.ids)}。")
    return scheme


def blank_for(
    scheme_id: str, setup: Setup, *, group: str, period: Period, known: Known = NOTHING_KNOWN
) -> Blank:
    """The group's blank of the period, with its people of the roster and what is `known` filled in."""
    scheme = scheme_in_force(scheme_id, setup, period)
    _must_be_the_groups(scheme_id, group, setup)
    begun = _begun(scheme, setup, group=group, period=period, known=known)
    ((name, content),) = begun_blank(begun, setup.settings).items()
    return Blank(name, content)


def blanks_asked_for(
    setup: Setup,
    month: Period,
    *,
    scheme: str | None,
    group: str | None,
    every: bool,
    own: bool,
    carried: Carried,
) -> tuple[Blank, ...]:
    """The blanks (`own`: the self-assessments) of a group, of `every` group of the roster, or of a scheme alone.

    Everybody's self-assessments have a folder for each group.

    `carried` says what a group's blank takes from the months before. Raises BlankError.
    """
    roster = setup.roster
    if every:
        if roster is None or scheme or group:
            raise BlankError("--all 按花名册给每个考核组各出一份：要有 roster.xlsx，不用写方案和考核组。")
        groups = [
            (group, roster.scheme_of(group) or "")
            for group in roster.groups
            if roster.members_of(group, month)
        ]
        if own:
            groups = [pair for pair in groups if self_reviewer(latest_scheme(pair[1], setup.rulebook))]
    else:
        given = scheme or (roster.scheme_of(group) if roster and group else None)
        if given is None:
            raise BlankError(
                f"请写明考核方案的代号，或用 --group 写明花名册里的考核组。现有方案：{'、'.join(setup.rulebook.ids)}。"
            )
        if group is None:
            if own:
                raise BlankError("自评表每人一份，请用 --group 写明考核组，或用 --all 给全部考核组。")
            return (_bare_blank(given, setup),)
        groups = [(group, given)]
    if own:
        return tuple(
            replace(blank, name=f"{safe_file_name(whose)}/{blank.name}") if every else blank
            for whose, scheme in groups
            for blank in self_blanks_for(scheme, setup, group=whose, period=month)
        )
    return tuple(
        blank_for(scheme, setup, group=whose, period=month, known=carried(whose, month))
        for whose, scheme in groups
    )


def _bare_blank(scheme_id: str, setup: Setup) -> Blank:
    """Of nobody's month."""
    scheme, settings = latest_scheme(scheme_id, setup.rulebook), setup.settings
    content = blank_workbook(scheme, group=None, period=None, staff=(), settings=settings, handin=None)
    return Blank(blank_file_name(scheme, None, None), content)


def self_blanks_for(scheme_id: str, setup: Setup, *, group: str, period: Period) -> tuple[Blank, ...]:
    """A self-assessment for each of the group's people of the roster, due before the manager's workbook."""
    _must_be_the_groups(scheme_id, group, setup)
    scheme = scheme_in_force(scheme_id, setup, period)
    if self_reviewer(scheme) is None:
        raise BlankError(f"方案“{scheme_id}”里没有由本人评的考核人，不用自评表。")
    if setup.roster is None:
        raise BlankError("自评表每人一份，要先有花名册：请在工作区里放入 roster.xlsx。")
    due = self_forms_by(period, setup.settings)
    return tuple(
        Blank(
            self_file_name(period, staff_id, name),
            self_workbook(
                scheme,
                group=group,
                period=period,
                staff_id=staff_id,
                name=name,
                settings=setup.settings,
                due=due,
            ),
        )
        for staff_id, name in members(group, period, setup.roster)
    )


def _begun(scheme: Scheme, setup: Setup, *, group: str, period: Period, known: Known) -> BegunBlank:
    """With the people of the roster, and `known` filled in. BlankError for a group that nobody knows."""
    return BegunBlank(
        group,
        period,
        scheme,
        staff=members(group, period, setup.roster) if setup.roster else (),
        handin=hand_in_by(period, setup.settings),
        known=known.with_cells(of_part_of_month(group, period, scheme, setup)),
    )


def _must_be_the_groups(scheme_id: str, group: str, setup: Setup) -> None:
    """BlankError for another scheme than the roster gives the group: its workbook would be returned."""
    given = setup.roster.scheme_of(group) if setup.roster else None
    if given is not None and given != scheme_id:
        raise BlankError(
            f"花名册里“{group}”的考核方案是 {given}，不是 {scheme_id}。请改用 {given}，或先改花名册。"
        )


def scheme_in_force(scheme_id: str, setup: Setup, month: Period) -> Scheme:
    """The version of a scheme by which the month is scored.

    Raises BlankError where there is no such scheme, and where the month is before its first one.
    """
    scheme = latest_scheme(scheme_id, setup.rulebook).scheme
    in_force = setup.rulebook.in_force(scheme, month)
    if in_force is None:
        first = min(version.first_period for version in setup.rulebook.versions_of(scheme))
        raise BlankError(f"方案“{scheme}”在 {month} 还没有生效，自 {first} 起考核。")
    return in_force


def members(group: str, month: Period, roster: Roster) -> tuple[tuple[str, str], ...]:
    """Id and name of whoever is in the group in the month. BlankError for a group that nobody knows."""
    if group not in roster.groups:
        near = did_you_mean(group, roster.groups) or "。"
        raise BlankError(f"花名册里没有考核组“{group}”{near}现有：{'、'.join(roster.groups)}。")
    return tuple((member.id, member.name) for member in roster.members_of(group, month))


def of_part_of_month(group: str, month: Period, scheme: Scheme, setup: Setup) -> dict[str, dict[str, str]]:
    """参评情况 and 情况说明 of whoever, by the roster's dates, is not to be appraised in the group in the month."""
    cells: dict[str, dict[str, str]] = {}
    if setup.roster is None:
        return cells
    for member in setup.roster.members_of(group, month):
        part = part_of_month(member.id, group, month, roster=setup.roster, moved=setup.settings.moved_staff)
        if part is not None:
            participation = part.of_a_row(scheme)
            cells[member.id] = {PARTICIPATION: participation, EXPLANATION: f"花名册：{part.told}"}
    return cells


NEXT_MONTH_FOLDER = "下月空白表"
"""The folder in the group's own that it lies in."""

_MONTH = re.compile(r"_(\d{4}-\d{2})_")


def next_month_blank(submission: Submission, scheme: Scheme, setup: Setup) -> BegunBlank | None:
    """What the blank of the month after `submission` begins with: its people, 店长, the figures carried over.

    The people are those of the roster; without one, those of the submission who have not left. None
    where the roster does not know the group any more.
    """
    following = submission.period.shifted(1)
    try:
        in_force = scheme_of_group(submission.group, submission.scheme, following, setup)
        known = carried_figures(submission, scheme)
        begun = _begun(in_force, setup, group=submission.group, period=following, known=known)
        return begun if setup.roster else replace(begun, staff=_present(submission))
    except BlankError:
        return None


def scheme_of_group(group: str, former: str, month: Period, setup: Setup) -> Scheme:
    """What the roster gives the group; without one, what it was scored by. BlankError as below."""
    return scheme_in_force((setup.roster and setup.roster.scheme_of(group)) or former, setup, month)


def begins_with(group: str, former: str, month: Period, setup: Setup) -> str:
    """A fingerprint of all that the group's next blank takes from the set-up; empty where it makes none."""
    try:
        scheme = scheme_of_group(group, former, month, setup)
        people = members(group, month, setup.roster) if setup.roster else ()
        part = of_part_of_month(group, month, scheme, setup)
    except BlankError:
        return ""
    text = setup.rulebook.text_of(scheme).decode("utf-8", "replace")
    said = (text, people, part, hand_in_by(month, setup.settings), repr(setup.settings))
    return hashlib.sha256(repr(said).encode("utf-8", "surrogatepass")).hexdigest()


def _present(submission: Submission) -> tuple[tuple[str, str], ...]:
    main = next(table for table in submission.tables.values() if PARTICIPATION in table.columns)
    present = [row.values for row in main.rows if row.values[PARTICIPATION] != HAS_LEFT]
    return tuple((str(values[STAFF_ID]), str(values[STAFF_NAME])) for values in present)


def carried_figures(submission: Submission, scheme: Scheme) -> Known:
    """店长 and what the scheme carries over."""
    carried = {field.name for field in (*scheme.fields, *scheme.group_fields) if field.carried}
    figures: dict[str, dict[str, Decimal]] = {}
    for table in submission.tables.values():
        for row in table.rows:
            own = {name: value for name, value in row.values.items() if name in carried}
            figures.setdefault(str(row.values[STAFF_ID]), {}).update(
                (name, value) for name, value in own.items() if isinstance(value, Decimal)
            )
    labels = {
        name: value
        for name, value in submission.labels.items()
        if (name == MANAGER or name in carried) and isinstance(value, str | Decimal)
    }
    return Known(figures, labels)


def blank_month(name: str) -> Period | None:
    """The month that a file in the folder is for, by its name (`旗舰店_2026-12_考核上报表.xlsx`), if it says so."""
    found = _MONTH.findall(name)
    try:
        return Period.parse(found[-1]) if found else None
    except ValueError:
        return None
