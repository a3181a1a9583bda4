"""Blank workbooks to hand out: whose people, which month, under which name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from appraisal.intake.roster import Roster
from appraisal.period import Period
from appraisal.publish.blank.layout import NOTHING_KNOWN, Known
from appraisal.publish.blank.workbook import blank_file_name, blank_workbook
from appraisal.publish.forms.self_assessment import self_file_name, self_workbook
from appraisal.scheme.forms.self_assessment import self_reviewer
from appraisal.scheme.model.scheme import Scheme
from appraisal.scheme.rulebook import Rulebook
from appraisal.scoring.deadlines import is_working_day
from appraisal.set_up import Setup
from appraisal.text import did_you_mean
from appraisal.workspace.settings import Settings

SECOND_HALF = 16
"""From this day of a month on a blank is for the month itself, before it for the month that ended."""


class HandingOutError(Exception):
    """No blank can be made for what was asked; one Chinese sentence and the next step."""


@dataclass(frozen=True, slots=True)
class Blank:
    name: str
    content: bytes


def scheme_named(scheme_id: str, rulebook: Rulebook) -> Scheme:
    """The latest version of a scheme. HandingOutError names the nearest where there is none."""
    scheme = rulebook.latest(scheme_id)
    if scheme is None:
        near = did_you_mean(scheme_id, rulebook.ids) or "。"
        raise HandingOutError(f"没有考核方案“{scheme_id}”{near}现有方案：{'、'.join(rulebook.ids)}。")
    return scheme


def blank_for(
    scheme_id: str,
    setup: Setup,
    *,
    group: str | None,
    period: Period | None,
    today: date,
    known: Known = NOTHING_KNOWN,
) -> Blank:
    """The blank of a scheme; with a group, of its people of the roster, for `period` or the usual month.

    `known` is filled in already.
    """
    scheme = scheme_named(scheme_id, setup.rulebook)
    if group is None:
        content = blank_workbook(
            scheme, group=None, period=None, staff=(), settings=setup.settings, handin=None
        )
        return Blank(blank_file_name(scheme, None, None), content)
    month = period or usual_month(today)
    in_force = scheme_in_force(scheme, setup, month)
    content = blank_workbook(
        in_force,
        group=group,
        period=month,
        staff=members(group, month, setup.roster) if setup.roster else (),
        settings=setup.settings,
        handin=hand_in_by(month, setup.settings),
        known=known,
    )
    return Blank(blank_file_name(in_force, group, month), content)


def self_blanks_for(
    scheme_id: str, setup: Setup, *, group: str, period: Period | None, today: date
) -> tuple[Blank, ...]:
    """A self-assessment for each of the group's people of the roster, for `period` or the usual month.

    They are due a working day before the manager's workbook.
    """
    month = period or usual_month(today)
    scheme = scheme_in_force(scheme_named(scheme_id, setup.rulebook), setup, month)
    if self_reviewer(scheme) is None:
        raise HandingOutError(f"方案“{scheme_id}”里没有由本人评的考核人，不用自评表。")
    if setup.roster is None:
        raise HandingOutError("自评表每人一份，要先有花名册：请在工作区里放入 roster.xlsx。")
    due = _working_day_before(hand_in_by(month, setup.settings), setup.settings)
    return tuple(
        Blank(
            self_file_name(month, staff_id, name),
            self_workbook(
                scheme,
                group=group,
                period=month,
                staff_id=staff_id,
                name=name,
                settings=setup.settings,
                due=due,
            ),
        )
        for staff_id, name in members(group, month, setup.roster)
    )


def scheme_in_force(scheme: Scheme, setup: Setup, month: Period) -> Scheme:
    """The version of a scheme by which the month is scored. HandingOutError before its first month."""
    in_force = setup.rulebook.in_force(scheme.scheme, month)
    if in_force is None:
        first = min(one.first_period for one in setup.rulebook.versions_of(scheme.scheme))
        raise HandingOutError(f"方案“{scheme.scheme}”在 {month} 还没有生效，自 {first} 起考核。")
    return in_force


def members(group: str, month: Period, roster: Roster) -> tuple[tuple[str, str], ...]:
    """Id and name of whoever is in the group in the month. HandingOutError for a group that nobody knows."""
    if group not in roster.groups:
        near = did_you_mean(group, roster.groups) or "。"
        raise HandingOutError(f"花名册里没有考核组“{group}”{near}现有：{'、'.join(roster.groups)}。")
    return tuple((one.id, one.name) for one in roster.members_of(group, month))


def hand_in_by(period: Period, settings: Settings) -> date:
    """报送截止: the setting's day of the next month, moved to a working day."""
    following = period.shifted(1)
    day = date(following.year, following.month, min(settings.handin_day, following.last_day.day))
    while not is_working_day(day, settings.extra_holidays):
        day = date.fromordinal(day.toordinal() + 1)
    return day


def _working_day_before(day: date, settings: Settings) -> date:
    day = date.fromordinal(day.toordinal() - 1)
    while not is_working_day(day, settings.extra_holidays):
        day = date.fromordinal(day.toordinal() - 1)
    return day


def usual_month(today: date) -> Period:
    """The month that people are busy with on that day."""
    return Period.of(today) if today.day >= SECOND_HALF else Period.of(today).shifted(-1)
