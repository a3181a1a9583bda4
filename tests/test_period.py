"""考核月份: written YYYY-MM, counted over year-ends."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appraisal.period import Period

PERIODS = st.builds(Period, st.integers(2000, 2100), st.integers(1, 12))


@given(PERIODS)
def test_what_is_printed_reads_back(period: Period) -> None:
    """`2026-11` is November 2026."""
    assert Period.parse(str(period)) == period


@pytest.mark.parametrize(
    "text", ["2026-13", "2026-0", "2026-1", "202611", "2026-11-01", "", "十一月", "0000-01"]
)
def test_anything_else_is_refused(text: str) -> None:
    """ValueError, for the reader of forms to turn into a finding."""
    with pytest.raises(ValueError, match="not a"):
        Period.parse(text)


@given(PERIODS, st.integers(-200, 200))
def test_shifting_there_and_back_is_home(period: Period, months: int) -> None:
    """Over year-ends, both ways."""
    assert period.shifted(months).shifted(-months) == period


@given(PERIODS)
def test_months_follow_without_a_gap(period: Period) -> None:
    """The day after the last is the first of the next; order in time is order as text."""
    following = period.shifted(1)
    assert (following.first_day - period.last_day).days == 1
    assert period < following
    assert str(period) < str(following)


def test_december_is_followed_by_january() -> None:
    """And told in words."""
    assert Period(2026, 12).shifted(1) == Period(2027, 1)
    assert Period.of(date(2026, 11, 30)).in_words == "2026年11月"
