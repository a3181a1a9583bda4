"""What an export says of itself: of what time it is, which software made it, and on which day.

It is said in the file's name, the sheet's name, the titles above the header, the headers, and a column of
days. A single day in a name is the day of the download and says nothing of the month.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from appraisal.findings.finding import Finding, finding
from appraisal.intake.exports.table import ExportTable
from appraisal.intake.values import as_typed, read_day
from appraisal.period import Period
from appraisal.text import key
from appraisal.xlsx.grid import RawCell, RawSheet, cell_name

_MADE = r"(?:导出|下载|生成|制表)(?:时间|日期|于)?"

# ------------------------------------------------------------------------------- of what time it is

_EIGHT_DIGIT_DAY = re.compile(r"(?<!\d)(20\d\d)(0[1-9]|1[0-2])([0-3]\d)(?!\d)")
_DAY = r"(20\d\d)[-/._年](\d{1,2})[-/._月](\d{1,2})日?"
_CLOCK = r"(?:[ T]*\d{1,2}:\d{2}(?::\d{2})?)?"
_TO = r"(?:至|到|~|～|-|—|–|_)+"
_RANGE = re.compile(rf"{_DAY}{_CLOCK}\s*{_TO}\s*{_DAY}")
_RANGE_IN_A_YEAR = re.compile(
    rf"{_DAY}\s*[至到~～—–-]+\s*(?:(\d{{1,2}})[月.](\d{{1,2}})日?|(\d{{1,2}})日)(?![\d:.-])"
)
_MONTHS = (
    re.compile(r"(?<!\d)(?P<year>20\d\d)年(?P<month>\d{1,2})月(?!\s*\d)"),
    re.compile(r"(?<!\d)(?P<year>20\d\d)[-/._](?P<month>\d{1,2})(?![-/._年月\d])"),
    re.compile(r"(?<!\d)(?P<year>20\d\d)(?P<month>0[1-9]|1[0-2])(?!\d)"),
)
"""A whole month: 2026年10月, 2026-10, 202610."""
_MONTHS_WITHOUT_YEAR = (
    re.compile(r"(?<![\d年近前后第每满])(?P<month>\d{1,2})月(?!\s*\d|导出|下载|生成|制表)"),
    re.compile(r"(?<![\d.])(?P<month>\d{1,2})\.0?1\s*[-~～至到—–]+\s*(?P=month)\.(?:28|29|30|31)(?!\d)"),
)
"""10月, 10.1-10.31: taken for months in short texts only, not in sentences."""
_SHORT = 40
_MADE_IN = re.compile(rf"{_MADE}[:：]?\s*20\d\d[-/.年]\d{{1,2}}月?")


def wrong_time(table: ExportTable, period: Period) -> Iterator[Finding]:
    """What the sheet's name, titles and headers say of another month, or of a part of it."""
    sheet = table.raw.name
    if not table.is_text:  # else it bears the file's name
        yield from wrong_stretch(None, None, sheet, period)
    for number in (number for number in table.rows if number < table.header_row):
        for column, cell in table.rows[number].items():
            yield from wrong_stretch(sheet, cell_name(number, column), str(cell.value), period)
    for export_column in table.columns:
        yield from wrong_stretch(
            sheet, cell_name(table.header_row, export_column.at), export_column.header.shown, period
        )


def wrong_days(sheet: str, days: Iterable[date], period: Period) -> Iterator[Finding]:
    """Daily rows that begin after the month's first day or end before its last."""
    in_order = sorted(set(days))
    if len(in_order) > 1 and (in_order[0], in_order[-1]) != (period.first_day, period.last_day):
        yield finding(
            "export.part_of_month", sheet=sheet, seen=f"{in_order[0]} 至 {in_order[-1]}", period=period
        )


def wrong_stretch(sheet: str | None, place: str | None, text: str, period: Period) -> Iterator[Finding]:
    """What a text says of its time that is not the month: another one, or only a part of it."""
    seen = text.strip()
    text = _EIGHT_DIGIT_DAY.sub(r"\1-\2-\3", text)
    stretch = _stretch(text)
    months = {(day.year, day.month) for day in stretch} if stretch else _months(text, period.year)
    if months - {(period.year, period.month)}:
        yield finding("export.other_month", sheet=sheet, cell=place, seen=seen, period=period)
    elif stretch and stretch != (period.first_day, period.last_day):
        yield finding("export.part_of_month", sheet=sheet, cell=place, seen=seen, period=period)


_WEEKDAY = re.compile(r"[\s(（]*(?:周|星期)[一二三四五六日天][)）]?\s*$")


def read_time(sheet: str, place: str, raw: RawCell, period: Period) -> tuple[date | None, list[Finding]]:
    """The day that a row is of, None for the whole month; and what is wrong with the time it names.

    `11月1日` and `近30天` are asked about: they are no day for certain, and no month.
    """
    text = _WEEKDAY.sub("", as_typed(raw))
    day = read_day(text if isinstance(raw.value, str) else raw.value)
    if day is not None:
        is_other = Period.of(day) != period
        gaps = {"seen": day, "period": period}
        return day, [finding("export.other_month", sheet=sheet, cell=place, **gaps)] if is_other else []
    found = list(wrong_stretch(sheet, place, text, period))
    plain = _EIGHT_DIGIT_DAY.sub(r"\1-\2-\3", text)
    if re.search(r"\d", text) and not _stretch(plain) and not _months(plain, period.year):
        found.append(finding("export.day_unclear", sheet=sheet, cell=place, seen=text))
    return None, found


def _stretch(text: str) -> tuple[date, date] | None:
    """The first and the last day of `2026-10-01 至 2026-10-31`, `2026年10月1日-31日`."""
    if match := _RANGE.search(text):
        first, second = _day(*match.groups()[:3]), _day(*match.groups()[3:])
    elif match := _RANGE_IN_A_YEAR.search(text):
        year, month, day, last_month, last_day, only_day = match.groups()
        first, second = _day(year, month, day), _day(year, last_month or month, last_day or only_day)
    else:
        return None
    return (min(first, second), max(first, second)) if first and second else None


def _months(text: str, year: int) -> set[tuple[int, int]]:
    """The whole months that a text names; those without a year are of `year`. A single day is none."""
    text = _MADE_IN.sub("", text)
    found = {
        (int(match["year"]), int(match["month"])) for pattern in _MONTHS for match in pattern.finditer(text)
    }
    if len(text) <= _SHORT:
        found |= {
            (year, int(match["month"]))
            for pattern in _MONTHS_WITHOUT_YEAR
            for match in pattern.finditer(text)
        }
    return {(year, month) for year, month in found if 1 <= month <= 12}


def _day(year: str, month: str, day: str) -> date | None:
    return read_day(f"{year}-{month}-{day}")


# ------------------------------------------------------------------------- who made it, and when

_NAMED_BY: Mapping[str, tuple[str, ...]] = {
    "赤兔": ("赤兔",),
    "生意参谋": ("生意参谋",),
    "京东客服管家": ("京东", "京麦", "咚咚", "客服pin"),
    "拼多多商家后台": ("拼多多", "多多客服", "pinduoduo"),
}
"""The software, as the form's 数据来源软件 offers it, by the words that give it away."""

_MADE_ON = re.compile(rf"{_MADE}[:：]?\s*(20\d\d[-/.年]\d{{1,2}}[-/.月]\d{{1,2}}日?)")


@dataclass(frozen=True, slots=True)
class Origin:
    """None where the export does not say, or says more than one thing."""

    software: str | None = None
    made_on: date | None = None


UNKNOWN = Origin()


def origin_of(file: str, tables: list[ExportTable]) -> Origin:
    """By the file's name, its sheets' names, titles and headers; the day by words like 导出时间."""
    said = key("\n".join([file, *(text for table in tables for text in _texts_around(table))]))
    named = [software for software, words in _NAMED_BY.items() if any(word in said for word in words)]
    days = {day for table in tables for day in _days(table.raw)}
    return Origin(named[0] if len(named) == 1 else None, days.pop() if len(days) == 1 else None)


def _texts_around(table: ExportTable) -> Iterator[str]:
    yield table.raw.name
    for (row, _), cell in table.raw.cells.items():
        if row <= table.header_row and isinstance(cell.value, str):
            yield cell.value


def _days(raw: RawSheet) -> Iterator[date]:
    """`导出时间：2026-12-06 10:21`, in one cell or in two beside each other."""
    for (row, column), cell in raw.cells.items():
        if not isinstance(cell.value, str):
            continue
        beside = raw.cells.get((row, column + 1))
        if match := _MADE_ON.search(cell.value):
            day = read_day(match[1])
        elif beside is not None and re.fullmatch(_MADE, key(cell.value).strip(":")):
            day = read_day(beside.value)
        else:
            continue
        if day is not None:
            yield day
