"""Where the staff's figures stand in an export of shop software: header rows, columns, units.

The header may have up to three rows (`询单` over `人数`), titles above it, and any other columns beside.
A column is a field's when its own word, or its words joined from above, are the field's name or alias.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from appraisal.findings import Finding, finding
from appraisal.intake.cells import header_factor
from appraisal.intake.grid import RawSheet, cell_name, column_name, range_bounds
from appraisal.intake.headers import read_header
from appraisal.intake.layout import Rows, rows_of
from appraisal.scheme.forms import ENGINE_COLUMNS, Cell, CellType, Role, SubmissionForm
from appraisal.scheme.period import Period

HEADER_WITHIN = 30
_LEVELS = 3

WHO = ("account", "name", "id")
_WORDS: Mapping[str, tuple[str, ...]] = {
    "account": (
        "账号", "客服账号", "子账号", "旺旺", "旺旺号", "旺旺账号", "旺旺昵称", "旺旺id", "客服旺旺", "客服",
        "客服昵称", "客服名称", "客服id", "客服pin", "京东账号", "登录账号", "员工账号", "昵称", "客服子账号",
    ),
    "name": ("姓名", "员工姓名", "客服姓名", "真实姓名"),
    "id": ("工号", "员工编号", "客服工号"),
    "day": ("日期", "统计日期", "数据日期", "统计时间", "时间", "日", "统计周期"),
}  # fmt: skip
_KEYS = {word: kind for kind, words in _WORDS.items() for word in words}


@dataclass(frozen=True, slots=True)
class ExportColumn:
    """A column with a field's figures: what it is, where, under which words, in which unit."""

    cell: Cell
    at: int
    header: str
    factor: Decimal | None
    unit_is_written: bool

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


def find_table(raw: RawSheet, fields: Sequence[Cell], period: Period) -> ExportTable | None:
    """The table on a sheet; None where no row names both people and figures."""
    rows = rows_of(raw)
    vocabulary: dict[str, list[Cell]] = {}
    for cell in fields:
        for name in cell.names:
            known = vocabulary.setdefault(read_header(name).word, [])
            known.extend([cell] if cell not in known else [])
    best: tuple[int, int, dict[int, list[str]]] = (0, 0, {})
    for number in list(rows)[:HEADER_WITHIN]:
        words = _words(rows, raw, number)
        keys = sum(bool(_key(words[at])) for at in words)
        found = sum(any(word in vocabulary for word in words[at]) for at in words)
        if keys and found and keys + found > best[0]:
            best = (keys + found, number, words)
    _, header_row, words = best
    if not header_row:
        return None
    return _table(raw, rows, header_row, words, vocabulary, period)


def _words(rows: Rows, raw: RawSheet, bottom: int) -> dict[int, list[str]]:
    """What each column is called in a header that ends in row `bottom`: alone, and joined from above."""
    covered = {
        (row, column): (bounds[0], bounds[1])
        for name in raw.merged
        if (bounds := range_bounds(name)) and bounds[2] <= bottom and bounds[3] - bounds[1] < 100
        for row in range(bounds[0], bounds[2] + 1)
        for column in range(bounds[1], bounds[3] + 1)
    }

    def text(row: int, column: int) -> str:
        row, column = covered.get((row, column), (row, column))
        cell = rows.get(row, {}).get(column)
        return cell.value if cell is not None and isinstance(cell.value, str) else ""

    told: dict[int, list[str]] = {}
    last = max(rows[bottom], default=0)
    for column in range(1, last + 1):
        levels = [text(row, column) for row in range(bottom, max(0, bottom - _LEVELS), -1)]
        levels = list(dict.fromkeys(level for level in levels if level))
        if text(bottom, column):
            words = [read_header(level).word for level in levels]
            told[column] = ["".join(reversed(words[: count + 1])) for count in range(len(words))]
    return told


def _key(words: Sequence[str]) -> str | None:
    return _KEYS.get(words[0]) if words else None


def _table(
    raw: RawSheet,
    rows: Rows,
    header_row: int,
    words: Mapping[int, list[str]],
    vocabulary: Mapping[str, list[Cell]],
    period: Period,
) -> ExportTable:
    keys: dict[str, int] = {}
    columns: list[ExportColumn] = []
    unused: list[str] = []
    findings = list(_other_months(raw, rows, header_row, period))
    for at, column in words.items():
        shown = _shown(raw, rows, header_row, at)
        meant = list(dict.fromkeys(cell for word in column for cell in vocabulary.get(word, [])))
        if len(meant) > 1:
            found = "、".join(cell.name for cell in meant)
            place = cell_name(header_row, at)
            findings.append(
                finding("export.two_fields", sheet=raw.name, cell=place, header=shown, found=found)
            )
        elif meant:
            unit = read_header(shown).unit
            factor = header_factor(meant[0], unit)
            written = unit is not None and meant[0].type is CellType.DURATION
            columns.append(ExportColumn(meant[0], at, shown, factor, written))
        elif (key := _key(column)) is not None and key not in keys:
            keys[key] = at
        else:
            unused.append(shown)
    return ExportTable(raw, rows, header_row, keys, tuple(columns), tuple(unused), tuple(findings))


def _shown(raw: RawSheet, rows: Rows, row: int, column: int) -> str:
    cell = rows.get(row, {}).get(column)
    if cell is None:
        bounds = next(
            (one for name in raw.merged if (one := range_bounds(name)) and _in(one, row, column)), None
        )
        cell = None if bounds is None else rows.get(bounds[0], {}).get(bounds[1])
    return "" if cell is None else str(cell.value).strip()


def _in(bounds: tuple[int, int, int, int], row: int, column: int) -> bool:
    return bounds[0] <= row <= bounds[2] and bounds[1] <= column <= bounds[3]


_DAY = r"(20\d\d)[-/.年](\d{1,2})[-/.月](\d{1,2})日?"
_RANGE = re.compile(rf"{_DAY}\s*(?:至|到|~|～|-|—|–)+\s*{_DAY}")
_MONTH = re.compile(r"(20\d\d)年(\d{1,2})月(?!\d)")


def _other_months(raw: RawSheet, rows: Rows, header_row: int, period: Period) -> Iterator[Finding]:
    """Titles above the header that name a month or a stretch of days outside the month."""
    for number in (one for one in rows if one < header_row):
        for column, cell in rows[number].items():
            yield from wrong_stretch(raw.name, cell_name(number, column), str(cell.value), period)


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
