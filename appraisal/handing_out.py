"""Blank workbooks to hand out: whose people, which month, under which name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from appraisal.publish.blank_workbook import blank_file_name, blank_workbook
from appraisal.scheme.model import Scheme
from appraisal.scheme.period import Period
from appraisal.scheme.rulebook import Rulebook
from appraisal.scheme.spelling import did_you_mean
from appraisal.scoring.deadlines import is_working_day
from appraisal.settings import Settings
from appraisal.workspace import Setup

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
        near = did_you_mean(scheme_id, rulebook.ids)
        raise HandingOutError(f"没有考核方案“{scheme_id}”{near}现有方案：{'、'.join(rulebook.ids)}。")
    return scheme


def blank_for(
    scheme_id: str, setup: Setup, *, group: str | None, period: Period | None, today: date
) -> Blank:
    """The blank of a scheme; with a group, of its people of the roster, for `period` or the usual month."""
    scheme = scheme_named(scheme_id, setup.rulebook)
    if group is None:
        content = blank_workbook(
            scheme, group=None, period=None, staff=(), settings=setup.settings, handin=None
        )
        return Blank(blank_file_name(scheme, None, None), content)
    month = period or _usual_month(today)
    in_force = setup.rulebook.in_force(scheme_id, month)
    if in_force is None:
        raise HandingOutError(f"方案“{scheme_id}”在 {month} 还没有生效，自 {scheme.first_period} 起考核。")
    staff: tuple[tuple[str, str], ...] = ()
    if setup.roster is not None:
        if group not in setup.roster.groups:
            known = "、".join(setup.roster.groups)
            raise HandingOutError(
                f"花名册里没有考核组“{group}”{did_you_mean(group, setup.roster.groups)}现有：{known}。"
            )
        staff = tuple((one.id, one.name) for one in setup.roster.members_of(group, month))
    content = blank_workbook(
        in_force,
        group=group,
        period=month,
        staff=staff,
        settings=setup.settings,
        handin=hand_in_by(month, setup.settings),
    )
    return Blank(blank_file_name(in_force, group, month), content)


def hand_in_by(period: Period, settings: Settings) -> date:
    """报送截止: the setting's day of the next month, moved to a working day."""
    following = period.shifted(1)
    day = date(following.year, following.month, min(settings.handin_day, following.last_day.day))
    while not is_working_day(day, settings.extra_holidays):
        day = date.fromordinal(day.toordinal() + 1)
    return day


def _usual_month(today: date) -> Period:
    return Period.of(today) if today.day >= SECOND_HALF else Period.of(today).shifted(-1)
