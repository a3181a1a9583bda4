"""Deadlines in natural and working days, by China's official calendar.

The day of issue does not count, and a last day that is not a working day moves to the next one
(民法典 201, 203). Weekends, bridge days and make-up working days come from the `holidays`
library; a workspace adds its own days off."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

import holidays

from appraisal.period import Period
from appraisal.workspace.settings import Settings

_DAY = timedelta(days=1)


@cache
def _calendar() -> holidays.HolidayBase:
    return holidays.country_holidays("CN")


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last day, and a Chinese warning where that year's arrangement is not yet published."""

    day: date
    warning: str | None


def is_working_day(day: date, extra_holidays: Collection[date] = ()) -> bool:
    return day not in extra_holidays and _calendar().is_working_day(day)


def due_date(issued: date, days: int, extra_holidays: Collection[date] = ()) -> Deadline:
    """The end of `days` natural days after `issued`, moved to a working day."""
    day = _working_day(issued + days * _DAY, extra_holidays)
    return Deadline(day, _warning(day))


def working_days_after(start: date, days: int, extra_holidays: Collection[date] = ()) -> Deadline:
    """The `days`-th working day after `start`, not counting `start` itself."""
    day = start
    for _ in range(days):
        day = _working_day(day + _DAY, extra_holidays)
    return Deadline(day, _warning(day))


def _working_day(day: date, extra_holidays: Collection[date], step: timedelta = _DAY) -> date:
    """The day itself, else the next one `step` by `step`."""
    while not is_working_day(day, extra_holidays):
        day += step
    return day


def is_arranged(day: date) -> bool:
    """Whether the official arrangement of the day's year is known here."""
    return day.year in _calendar().special_public_holidays


def _warning(day: date) -> str | None:
    if is_arranged(day):
        return None
    return f"{day.year}年的放假安排尚未收录，期限 {day} 按周末和固定节日推算，请人事核对后再下发。"


ANSWER_DAYS = 5
"""Working days in which an appeal is answered, as the notice says."""

SECOND_HALF = 16
"""From this day of a month on a blank is for the month itself, before it for the month that ended."""


def hand_in_by(period: Period, settings: Settings) -> date:
    """报送截止: the setting's day of the next month, moved to a working day."""
    following = period.shifted(1)
    day = date(following.year, following.month, min(settings.handin_day, following.last_day.day))
    return _working_day(day, settings.extra_holidays)


def self_forms_by(period: Period, settings: Settings) -> date:
    """The last day for people's self-assessments: a working day before 报送截止, so that the manager has them in time.

    Never in the month itself, which is not over: after the holidays of May and October it is that day.
    """
    due = hand_in_by(period, settings)
    day = _working_day(due - _DAY, settings.extra_holidays, -_DAY)
    return day if day > period.last_day else due


def appeals_by(issued: date, settings: Settings) -> date:
    """The last day to object to a result, counted from its issue."""
    return working_days_after(issued, settings.appeal_days, settings.extra_holidays).day


def usual_month(today: date) -> Period:
    """The month that people are busy with on that day."""
    return Period.of(today) if today.day >= SECOND_HALF else Period.of(today).shifted(-1)
