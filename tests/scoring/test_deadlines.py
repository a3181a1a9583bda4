"""Deadlines: the issue day does not count, and a last day off moves to the next working day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appraisal.period import Period
from appraisal.scoring.deadlines import (
    appeals_by,
    due_date,
    is_working_day,
    self_forms_by,
    working_days_after,
)
from appraisal.workspace.settings import Settings

DAYS_KNOWN = st.dates(min_value=date(2024, 1, 1), max_value=date(2026, 11, 30))


def day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("issued", "due", "why"),
    [
        ("2024-07-05", "2024-07-12", "an ordinary Friday to the next"),
        ("2024-09-24", "2024-10-08", "the seventh day is National Day; its holiday ends on the 7th"),
        ("2025-01-22", "2025-02-05", "the seventh day is Spring Festival; it ends on 4 February"),
        ("2026-09-24", "2026-10-08", "National Day again, with its bridge days"),
        ("2026-12-03", "2026-12-10", "Thursday to Thursday"),
        ("2024-09-07", "2024-09-14", "a Saturday that is a make-up working day"),
        ("2024-06-28", "2024-07-05", "over the end of a month"),
        ("2024-12-25", "2025-01-02", "New Year's Day falls on the seventh day"),
    ],
)
def test_a_week_after_the_issue(issued: str, due: str, why: str) -> None:
    """Checked against the State Council's arrangements."""
    deadline = due_date(day(issued), 7)
    assert (deadline.day, deadline.warning) == (day(due), None), why


@given(DAYS_KNOWN, st.integers(min_value=1, max_value=60))
def test_a_deadline_is_the_first_working_day_not_before_the_last_natural_one(issued: date, days: int) -> None:
    """Never earlier than promised, never a day off, never later than needed."""
    deadline = due_date(issued, days).day
    last = issued + timedelta(days=days)
    assert deadline >= last
    assert is_working_day(deadline)
    assert not any(is_working_day(last + timedelta(days=n)) for n in range((deadline - last).days))


def test_a_companys_own_days_off_count_too() -> None:
    """`extra_holidays` of the settings."""
    off = [day("2026-12-10"), day("2026-12-11")]
    assert due_date(day("2026-12-03"), 7, off).day == day("2026-12-14")
    assert not is_working_day(day("2026-12-10"), off)


def test_a_year_whose_arrangement_is_not_known_warns() -> None:
    """The date is still given, by weekends and fixed holidays, and HR is asked to look."""
    deadline = due_date(day("2035-03-01"), 7)
    assert deadline.day == day("2035-03-08")
    assert deadline.warning == (
        "2035年的放假安排尚未收录，期限 2035-03-08 按周末和固定节日推算，请人事核对后再下发。"
    )


def test_working_days_skip_weekends_and_holidays() -> None:
    """Three working days for an objection: Friday to Wednesday; over National Day to the 10th."""
    assert working_days_after(day("2026-12-04"), 3).day == day("2026-12-09")
    assert working_days_after(day("2024-09-30"), 3).day == day("2024-10-10")
    added = Settings(appeal_days=2, extra_holidays=(day("2026-12-07"),))
    assert appeals_by(day("2026-12-04"), added) == day("2026-12-09"), "the workspace's own days"


@pytest.mark.parametrize(
    ("month", "due"), [((2026, 11), "2026-12-04"), ((2026, 9), "2026-10-08"), ((2025, 4), "2025-05-06")]
)
def test_self_forms_are_due_before_the_managers_and_after_the_month(month: tuple[int, int], due: str) -> None:
    """After the holidays of May and October there is no working day between."""
    assert self_forms_by(Period(*month), Settings()) == day(due)


@given(DAYS_KNOWN, st.integers(min_value=1, max_value=15))
def test_so_many_working_days_lie_in_between(start: date, days: int) -> None:
    """Counting them gives the number asked for; the start does not count."""
    end = working_days_after(start, days).day
    span = [start + timedelta(days=n) for n in range(1, (end - start).days + 1)]
    assert sum(map(is_working_day, span)) == days
    assert is_working_day(end)
