"""Where an export of shop software holds its figures: its header, its columns with their units, how it writes times.

The header may have up to three rows (`询单` over `人数`), titles above it, and any other columns beside. A column is a
field's when its own word, or its words joined from above, are the field's name or alias, or when the person who
imports has chosen it for the field. Its unit is what is said nearest: in its header's brackets, in a row of units
below, in a line above. One column has one notation of times (`1:23`): minutes and seconds where the header says so,
or where some cell read as hours and minutes would be beyond what its field allows; anything else is not for us to
decide.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import time, timedelta
from decimal import Decimal
from enum import Enum, auto
from types import MappingProxyType

from appraisal.findings.finding import Finding, finding
from appraisal.intake.cells import typed_value
from appraisal.intake.layout import read_header
from appraisal.intake.units import ColumnUnit, ColumnUnits, column_factor
from appraisal.scheme.forms.cells import Cell, CellType, Role
from appraisal.scheme.forms.submission import COMMISSION, ENGINE_COLUMNS, SubmissionForm
from appraisal.text import key
from appraisal.xlsx.grid import RawCell, RawSheet, Rows, cell_name, column_name, rows_of

SUMMED = frozenset({CellType.COUNT, CellType.MONEY})
"""What rows of the same person add up."""

WHO = ("account", "name", "id")
_WORDS: Mapping[str, tuple[str, ...]] = {
    "account": (
        "账号", "客服账号", "子账号", "旺旺", "旺旺号", "旺旺账号", "旺旺昵称", "旺旺id", "客服旺旺", "客服",
        "客服昵称", "客服名称", "客服id", "客服pin", "京东账号", "登录账号", "员工账号", "昵称", "客服子账号",
    ),
    "name": ("姓名", "员工姓名", "客服姓名", "真实姓名", "班组", "班组名称"),
    "id": ("工号", "员工编号", "客服工号", "班组编号"),
    "day": ("日期", "统计日期", "数据日期", "统计时间", "时间", "日", "统计周期"),
}  # fmt: skip
_KEYS = {word: kind for kind, words in _WORDS.items() for word in words}

Chosen = Mapping[str, str]
"""By field, the header or the letters of the column that it is to be taken from."""

NOTHING_CHOSEN: Chosen = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class HeaderColumn:
    """A column as its header shows it, with its words: the lowest row's own, then joined with those above.

    `brackets` are what stands in brackets in any of its rows, the lowest first.
    """

    at: int
    shown: str
    words: tuple[str, ...]
    brackets: tuple[str, ...]

    @property
    def letters(self) -> str:
        return column_name(self.at)

    @property
    def in_words(self) -> str:
        """`C列“询单人数”`."""
        return f"{self.letters}列“{self.shown}”"

    @property
    def says_who_or_when(self) -> str | None:
        """account, name, id or day; None for a column of anything else."""
        return _KEYS.get(self.words[0]) if self.words else None


@dataclass(frozen=True, slots=True)
class FieldWords:
    """The fields by every word that they go by, those chosen for an import included."""

    fields: Mapping[str, Cell]
    by_word: Mapping[str, tuple[Cell, ...]]
    chosen: Chosen

    def know(self, column: HeaderColumn) -> bool:
        return any(word in self.by_word for word in column.words)

    def meant_by(self, header: Sequence[HeaderColumn]) -> dict[int, list[Cell]]:
        """The fields that each column may be. One chosen for a field is that field's alone, and its only one."""
        chosen = self.chosen_in(header)
        meant = {
            column.at: list(
                dict.fromkeys(cell for word in column.words for cell in self.by_word.get(word, ()))
            )
            for column in header
        }
        for name, places in chosen.items():
            meant = {column: [cell for cell in cells if cell.name != name] for column, cells in meant.items()}
            meant |= {column: [self.fields[name]] for column in places}
        return meant

    def chosen_in(self, header: Sequence[HeaderColumn]) -> dict[str, list[int]]:
        """By field, where the columns stand that somebody chose for it; only fields whose columns this header has."""
        found = {name: _chosen(header, choice) for name, choice in self.chosen.items()}
        return {name: [column.at for column in columns] for name, columns in found.items() if columns}


def field_words(fields: Iterable[Cell], chosen: Chosen) -> FieldWords:
    """The words of the fields: names, aliases, and what was chosen."""
    by_name = {cell.name: cell for cell in fields}
    words: dict[str, dict[str, Cell]] = {}
    for cell in by_name.values():
        for name in (*cell.names, *([chosen[cell.name]] if cell.name in chosen else [])):
            words.setdefault(read_header(name).word, {})[cell.name] = cell
    by_word = {word: tuple(cells.values()) for word, cells in words.items()}
    return FieldWords(by_name, by_word, chosen)


def _chosen(header: Sequence[HeaderColumn], choice: str) -> list[HeaderColumn]:
    """The columns that were chosen: by the header as it stands there, else by its words, else by letters."""
    word, letters = read_header(choice).word, key(choice).removesuffix("列").upper()
    return (
        [column for column in header if key(column.shown) == key(choice)]
        or [column for column in header if word in column.words]
        or [column for column in header if column.letters == letters]
    )


def header_ending_in(bottom: int, rows: Rows, raw: RawSheet) -> list[HeaderColumn]:
    """The columns of a header whose lowest row is `bottom`; merged cells count for all that they cover."""
    covered = {
        (row, column): (bounds[0], bounds[1])
        for bounds in raw.merged_bounds
        if bounds[2] <= bottom and bounds[3] - bounds[1] < 100
        for row in range(bounds[0], bounds[2] + 1)
        for column in range(bounds[1], bounds[3] + 1)
    }

    def text(row: int, column: int) -> str:
        row, column = covered.get((row, column), (row, column))
        cell = rows.get(row, {}).get(column)
        return cell.value if cell is not None and isinstance(cell.value, str) else ""

    header: list[HeaderColumn] = []
    for column in range(1, max(rows[bottom], default=0) + 1):
        levels = (text(row, column) for row in range(bottom, max(0, bottom - 3), -1))
        if text(bottom, column):
            read = [read_header(level) for level in dict.fromkeys(filter(None, levels))]
            words = [part.word for part in read]
            joined = tuple("".join(reversed(words[: count + 1])) for count in range(len(words)))
            brackets = tuple(bracket for part in read for bracket in part.brackets)
            header.append(HeaderColumn(column, text(bottom, column).strip(), joined, brackets))
    return header


HEADER_WITHIN = 30


@dataclass(frozen=True, slots=True)
class ExportColumn:
    """A column with a field's figures: under which header, of which field, in which unit."""

    header: HeaderColumn
    cell: Cell
    factor: Decimal | None
    has_unit: bool
    is_chosen: bool

    @property
    def at(self) -> int:
        return self.header.at


@dataclass(frozen=True, slots=True)
class ExportTable:
    """A sheet of an export, found. `keys` are the columns by what they say: account, name, id, day."""

    raw: RawSheet
    rows: Rows
    """The cells by row; an account, name, id or day that is merged over several rows stands in each of them."""
    header_row: int
    header: tuple[HeaderColumn, ...]
    unit_row: int | None
    """A row of units below the header, which is nobody's."""
    keys: Mapping[str, int]
    columns: tuple[ExportColumn, ...]
    unused: tuple[str, ...]
    findings: tuple[Finding, ...]
    is_text: bool
    """A text table: what stands right of the header's last column was torn from its own."""


def fields_of(form: SubmissionForm) -> tuple[Cell, ...]:
    """What shop software can tell of each person: the numbers that the scheme itself asks for, and 当月提成."""
    return tuple(
        cell
        for sheet in form.sheets
        if sheet.role is Role.DATA
        for cell in sheet.columns
        if cell.type.is_number and (cell.name not in ENGINE_COLUMNS or cell.name == COMMISSION)
    )


def find_table(raw: RawSheet, fields: Sequence[Cell], chosen: Chosen, *, is_text: bool) -> ExportTable | None:
    """The table on a sheet; None where no row names both people and figures."""
    rows, words = rows_of(raw), field_words(fields, chosen)
    header_row, header = _best_header(raw, rows, words)
    if not header_row:
        return None
    keys_at: dict[str, int] = {}
    taken: dict[HeaderColumn, Cell] = {}
    unused: list[str] = []
    findings: list[Finding] = []
    meant_by = words.meant_by(header)
    for column in header:
        meant, who_or_when = meant_by[column.at], column.says_who_or_when
        if len(meant) > 1:
            found = "、".join(cell.name for cell in meant)
            place = cell_name(header_row, column.at)
            findings.append(
                finding("export.two_fields", sheet=raw.name, cell=place, header=column.shown, found=found)
            )
        elif meant:
            taken[column] = meant[0]
        elif who_or_when is not None and who_or_when not in keys_at:
            keys_at[who_or_when] = column.at
        else:
            unused.append(column.shown)
    units = ColumnUnits(rows, header_row, {column.at: cell for column, cell in taken.items()})
    columns = []
    chosen_in = words.chosen_in(header)
    for column, cell in taken.items():
        unit = units.of(cell, column.at, column.brackets)
        factor, is_chosen = column_factor(cell, unit.factor), column.at in chosen_in.get(cell.name, ())
        has_unit = unit.factor is not None
        columns.append(ExportColumn(column, cell, factor, has_unit=has_unit, is_chosen=is_chosen))
        findings += _unit_findings(unit, raw.name, cell_name(header_row, column.at), columns[-1])
    return ExportTable(
        raw=raw,
        rows=_with_merged_keys(rows, raw, header_row, frozenset(keys_at.values())),
        header_row=header_row,
        header=tuple(header),
        unit_row=units.row,
        keys=keys_at,
        columns=tuple(columns),
        unused=tuple(unused),
        findings=(*findings, *_merged_figures(raw, rows, header_row, columns)),
        is_text=is_text,
    )


def _best_header(raw: RawSheet, rows: Rows, words: FieldWords) -> tuple[int, list[HeaderColumn]]:
    """The row that names people and most of the figures, and its columns; row 0 where none does."""
    best: tuple[int, int, list[HeaderColumn]] = (0, 0, [])
    for number in list(rows)[:HEADER_WITHIN]:
        header = header_ending_in(number, rows, raw)
        keys = sum(column.says_who_or_when in WHO for column in header)
        known = sum(words.know(column) for column in header)
        if keys and known and keys + known > best[0]:
            best = (keys + known, number, header)
    _, row, columns = best
    return row, columns


_UNIT_KINDS = {
    "header.unit_unclear": "export.unit_unclear",
    "header.units_differ": "export.units_differ",
    "header.qualified": "export.qualified",
}
"""What is asked of a header in a form, as it is asked of one in an export."""


def _unit_findings(unit: ColumnUnit, sheet: str, place: str, column: ExportColumn) -> Iterator[Finding]:
    own = {bracket for name in column.cell.names for bracket in read_header(name).brackets}
    is_meant_so = column.is_chosen or own.issuperset(column.header.brackets)
    for fault in unit.faults:
        if fault.code != "header.qualified" or not is_meant_so:
            yield finding(_UNIT_KINDS[fault.code], sheet=sheet, cell=place, **fault.gaps)


def _with_merged_keys(rows: Rows, raw: RawSheet, header_row: int, keys: frozenset[int]) -> Rows:
    """What is merged over several rows of a key column counts for all of them; what lies below it is not seen."""
    filled = {number: dict(cells) for number, cells in rows.items()}
    numbers = list(filled)
    for top, left, bottom, right in _merged_below(raw, header_row):
        covered = [column for column in keys if left <= column <= right]
        for number in numbers[bisect_left(numbers, top) : bisect_right(numbers, bottom)] if covered else ():
            for column in covered:
                seen = filled.get(top, {}).get(column) if column == left else None
                if seen is not None:
                    filled[number][column] = seen
                else:
                    filled[number].pop(column, None)
    return filled


def _merged_figures(
    raw: RawSheet, rows: Rows, header_row: int, columns: Sequence[ExportColumn]
) -> Iterator[Finding]:
    """A figure over several rows or columns is nobody's own; one below another cell is not seen."""
    numbers = list(rows)
    for top, left, bottom, right in _merged_below(raw, header_row):
        figures = (
            typed_value(rows[number][column.at], column.cell, column.factor)
            for column in columns
            if left <= column.at <= right
            for number in numbers[bisect_left(numbers, top) : bisect_right(numbers, bottom)]
            if column.at in rows[number]
        )
        if (top, left) != (bottom, right) and any(isinstance(figure, Decimal) for figure in figures):
            area = f"{cell_name(top, left)}:{cell_name(bottom, right)}"
            yield finding("cell.merged", sheet=raw.name, cell=cell_name(top, left), seen=area)


def _merged_below(raw: RawSheet, header_row: int) -> Iterator[tuple[int, int, int, int]]:
    return (bounds for bounds in raw.merged_bounds if bounds[0] > header_row)


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
    if any(bracket.removeprefix("单位").lstrip(":") in _WRITTEN for bracket in column.header.brackets):
        return ClockReading.MINUTES
    high = column.cell.high
    as_hours = [typed_value(RawCell(f"{hours}小时{minutes}分"), column.cell) for hours, minutes in parts]
    beyond = any(isinstance(value, Decimal) and high is not None and value > high for value in as_hours)
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
