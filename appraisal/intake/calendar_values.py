"""Typed days and months: `2026-12-05`, `2026年11月`, `2026.11`, `202611`, a date cell."""

from __future__ import annotations

import re
from datetime import date, datetime

from appraisal.period import Period
from appraisal.text import key
from appraisal.xlsx.grid import CellValue

_DAY = re.compile(
    r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?(?:t?[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?)?"
)
_DAY_DIGITS = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_MONTH = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})(?:月份?)?")
_MONTH_DIGITS = re.compile(r"([0-9]{4})([0-9]{2})")
_EARLIEST, _LATEST = 2000, 2099


def read_day(value: CellValue) -> date | None:
    """The day that a cell says; None if it is none, or none for certain (a bare serial number)."""
    if isinstance(value, datetime):
        return _sensible(value.date())
    if isinstance(value, date):
        return _sensible(value)
    text = _digits(value)
    match = text and (_DAY.fullmatch(text) or _DAY_DIGITS.fullmatch(text))
    if not match:
        return None
    try:
        return _sensible(date(int(match[1]), int(match[2]), int(match[3])))
    except ValueError:
        return None


def read_month(value: CellValue) -> Period | None:
    """The month that a cell says; None if it is none for certain.

    The number 2026.1 is refused: it may be October, typed as 2026.10 and shortened by Excel.
    """
    day = read_day(value)
    if day is not None:
        return Period.of(day)
    text = _digits(value)
    match = text and (_MONTH.fullmatch(text) or _MONTH_DIGITS.fullmatch(text))
    if not match or (isinstance(value, float) and len(match[2]) == 1):
        return None
    year, month = int(match[1]), int(match[2])
    return Period(year, month) if _EARLIEST <= year <= _LATEST and 1 <= month <= 12 else None


def _digits(value: CellValue) -> str | None:
    if isinstance(value, str):
        return key(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return f"{value:.15g}"


def _sensible(day: date) -> date | None:
    return day if _EARLIEST <= day.year <= _LATEST else None
