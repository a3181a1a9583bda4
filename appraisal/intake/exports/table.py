"""Where an export of shop software holds its figures, and of what time they are.

The header may have up to three rows (`询单` over `人数`), titles above it, and any other columns beside.
A column's unit comes from its header. One column has one notation of times (`1:23`): minutes and seconds
where the header says so, or where some cell read as hours and minutes would be beyond what its field
allows; anything else is not for us to decide.

The month, the software and the day it was made are known only as far as the export itself tells.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import Decimal
from enum import Enum, auto

from appraisal.findings.finding import Finding, finding
from appraisal.intake.cells import header_factor, typed_value
from appraisal.intake.exports.header import (
    NOTHING_CHOSEN,
    WHO,
    Chosen,
    HeaderColumn,
    field_words,
    header_ending_in,
)
from appraisal.intake.layout import Rows, read_header, rows_of
from appraisal.intake.values import read_day
from appraisal.period import Period
from appraisal.scheme.forms.cells import Cell, Role
from appraisal.scheme.forms.submission import ENGINE_COLUMNS, SubmissionForm
from appraisal.text import key
from appraisal.xlsx.grid import RawCell, RawSheet, cell_name, column_name

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


HEADER_WITHIN = 30


@dataclass(frozen=True, slots=True)
class ExportColumn:
    """A column with a field's figures: what it is, where, under which words, in which unit."""

    cell: Cell
    at: int
    header: str
    factor: Decimal | None
    unit: str | None
    """As written in the header's brackets."""
    is_chosen: bool = False

    @classmethod
    def of(cls, cell: Cell, column: HeaderColumn, *, is_chosen: bool) -> ExportColumn:
        unit = read_header(column.shown).unit
        return cls(cell, column.at, column.shown, header_factor(cell, unit), unit, is_chosen)

    @property
    def letters(self) -> str:
        return column_name(self.at)


@dataclass(frozen=True, slots=True)
class ExportTable:
    """A sheet of an export, found. `keys` are the columns by what they say: account, name, id, day."""

    raw: RawSheet
    rows: Rows
    header_row: int
    keys: Mapping[str, int]
    columns: tuple[ExportColumn, ...]
    unused: tuple[str, ...]
    findings: tuple[Finding, ...]


def fields_of(form: SubmissionForm) -> tuple[Cell, ...]:
    """What shop software can tell: the numbers that the scheme itself asks for each person."""
    return tuple(
        cell
        for sheet in form.sheets
        if sheet.role is Role.DATA
        for cell in sheet.columns
        if cell.type.is_number and cell.name not in ENGINE_COLUMNS
    )


def find_table(
    raw: RawSheet, fields: Sequence[Cell], period: Period, chosen: Chosen = NOTHING_CHOSEN
) -> ExportTable | None:
    """The table on a sheet; None where no row names both people and figures."""
    rows, words = rows_of(raw), field_words(fields, chosen)
    best: tuple[int, int, list[HeaderColumn]] = (0, 0, [])
    for number in list(rows)[:HEADER_WITHIN]:
        header = header_ending_in(number, rows, raw)
        keys = sum(column.says_who_or_when in WHO for column in header)
        known = sum(words.know(column) for column in header)
        if keys and known and keys + known > best[0]:
            best = (keys + known, number, header)
    _, header_row, header = best
    if not header_row:
        return None
    keys_at: dict[str, int] = {}
    columns: list[ExportColumn] = []
    unused: list[str] = []
    findings = list(wrong_titles(raw.name, rows, header_row, period))
    meant_by, chosen_in = words.meant_by(header), words.chosen_in(header)
    for column in header:
        meant, who_or_when = meant_by[column.at], column.says_who_or_when
        if len(meant) > 1:
            found = "、".join(cell.name for cell in meant)
            place = cell_name(header_row, column.at)
            findings.append(
                finding("export.two_fields", sheet=raw.name, cell=place, header=column.shown, found=found)
            )
        elif meant:
            is_chosen = column.at in chosen_in.get(meant[0].name, ())
            columns.append(ExportColumn.of(meant[0], column, is_chosen=is_chosen))
        elif who_or_when is not None and who_or_when not in keys_at:
            keys_at[who_or_when] = column.at
        else:
            unused.append(column.shown)
    return ExportTable(raw, rows, header_row, keys_at, tuple(columns), tuple(unused), tuple(findings))


_TWO_PARTS = re.compile(r"(\d{1,3}):([0-5]?\d)")


_WRITTEN = frozenset({"分:秒", "分秒", "mm:ss", "m:ss", "m:s"})


class ClockReading(Enum):
    """How the two-part times of a column are to be read."""

    NONE = auto()  # there are none
    MINUTES = auto()
    MINUTES_BY_RANGE = auto()
    UNCLEAR = auto()


def clock_reading(column: ExportColumn, cells: Iterable[RawCell]) -> ClockReading:
    """Of a column of durations, by its header and its people's cells."""
    parts = [found for raw in cells if (found := _two_parts(raw)) is not None]
    if not parts:
        return ClockReading.NONE
    if key(column.unit or "") in _WRITTEN:
        return ClockReading.MINUTES
    high = column.cell.high
    as_hours = [typed_value(RawCell(f"{one}小时{other}分"), column.cell) for one, other in parts]
    beyond = any(isinstance(one, Decimal) and high is not None and one > high for one in as_hours)
    return ClockReading.MINUTES_BY_RANGE if beyond else ClockReading.UNCLEAR


def in_minutes_and_seconds(raw: RawCell) -> RawCell | None:
    """The cell with its two-part time in words (`1分23秒`); None where it holds no such time."""
    parts = _two_parts(raw)
    return None if parts is None else RawCell(f"{parts[0]}分{parts[1]}秒")


def _two_parts(raw: RawCell) -> tuple[int, int] | None:
    """1 and 23 of `1:23`, typed, or made a time of day by Excel (shown without seconds)."""
    value = raw.value
    if isinstance(value, str):
        match = _TWO_PARTS.fullmatch(key(value))
        return (int(match[1]), int(match[2])) if match else None
    if isinstance(value, time):
        value = timedelta(hours=value.hour, minutes=value.minute, seconds=value.second)
    if not isinstance(value, timedelta) or "s" in raw.number_format.casefold():
        return None
    minutes, seconds = divmod(value.days * 86_400 + value.seconds, 60)
    return None if seconds else divmod(minutes, 60)


_NAMED_BY: Mapping[str, tuple[str, ...]] = {
    "赤兔": ("赤兔",),
    "生意参谋": ("生意参谋",),
    "京东客服管家": ("京东", "京麦", "咚咚", "客服pin"),
    "拼多多商家后台": ("拼多多", "多多客服", "pinduoduo"),
}
"""The software, as the form's 数据来源软件 offers it, by the words that give it away."""


_MADE = r"(?:导出|下载|生成|制表)(?:时间|日期|于)?"


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
