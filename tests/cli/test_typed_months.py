"""Months as people type them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
import typer

from appraisal.cli.options import common, period_of
from appraisal.period import Period


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    """5 January 2027."""
    common.today = date(2027, 1, 5)
    yield
    common.reset()


@pytest.mark.parametrize("typed", ["2026-11", "2026年11月", "2026/11", "２０２６－１１", "202611"])
def test_a_month_may_be_written_in_any_clear_way(typed: str) -> None:
    assert period_of(typed) == Period(2026, 11)


def test_a_month_without_its_year_is_the_latest_one_that_is_not_to_come() -> None:
    """Only in a question about the past; for an act the year is asked for."""
    assert period_of("11月", is_past=True) == Period(2026, 11)
    assert period_of("1月份", is_past=True) == Period(2027, 1)
    with pytest.raises(typer.BadParameter, match="请写上年份，例如 2026-11"):
        period_of("11月")


@pytest.mark.parametrize("typed", ["2026-11-05", "11", "13月", "2026-13", "九月", ""])
def test_what_is_no_month_for_certain_is_asked_for(typed: str) -> None:
    """A whole date least of all: it would be some month."""
    with pytest.raises(typer.BadParameter, match="考核月份应写成 2026-11 这样"):
        period_of(typed, is_past=True)
