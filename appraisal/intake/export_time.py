"""What an export says of its time: the month it is of, another one, or only some of its days."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from appraisal.findings.finding import Finding, finding
from appraisal.period import Period
from appraisal.xlsx.grid import RawCell, cell_name

_DAY = r"(20\d\d)[-/.年](\d{1,2})[-/.月](\d{1,2})日?"
_RANGE = re.compile(rf"{_DAY}\s*(?:至|到|~|～|-|—|–)+\s*{_DAY}")
_MONTH = re.compile(r"(20\d\d)年(\d{1,2})月(?!\d)")


def wrong_titles(
    sheet: str, rows: Mapping[int, Mapping[int, RawCell]], header_row: int, period: Period
) -> Iterator[Finding]:
    """Titles above the header that name a month or a stretch of days outside the month."""
    for number in (one for one in rows if one < header_row):
        for column, cell in rows[number].items():
            yield from wrong_stretch(sheet, cell_name(number, column), str(cell.value), period)


def wrong_days(sheet: str, days: Iterable[date], period: Period) -> Iterator[Finding]:
    """Daily rows that begin after the month's first day or end before its last."""
    told = sorted(set(days))
    if len(told) > 1 and (told[0], told[-1]) != (period.first_day, period.last_day):
        yield finding("export.part_of_month", sheet=sheet, seen=f"{told[0]} 至 {told[-1]}", period=period)


def wrong_stretch(sheet: str, place: str, text: str, period: Period) -> Iterator[Finding]:
    """What a text says of its time that is not the month: another one, or only a part of it."""
    months = {(int(part[0]), int(part[1])) for part in _stretches(text)}
    seen = text.strip()
    if months and months != {(period.year, period.month)}:
        yield finding("export.other_month", sheet=sheet, cell=place, seen=seen, period=period)
    elif (match := _RANGE.search(text)) and (int(match[3]), int(match[6])) != (1, period.last_day.day):
        yield finding("export.part_of_month", sheet=sheet, cell=place, seen=seen, period=period)


def _stretches(text: str) -> Iterator[tuple[str, str]]:
    for match in _RANGE.finditer(text):
        yield match[1], match[2]
        yield match[4], match[5]
    if not _RANGE.search(text):
        yield from ((match[1], match[2]) for match in _MONTH.finditer(text) if not _is_day(text, match))


def _is_day(text: str, match: re.Match[str]) -> bool:
    return re.match(r"\d{1,2}日", text[match.end() :]) is not None
