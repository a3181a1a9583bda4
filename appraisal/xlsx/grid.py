"""A workbook as plain values: what the safe reader found, before anyone knows which form it is.

Rows and columns count from 1, as people do. Everything pickles, so a grid can leave the sandbox.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache

RawValue = str | int | float | bool | datetime | date | time | timedelta | None


class CellProblem(StrEnum):
    """Why a cell's value must not be used as it stands."""

    ERROR_VALUE = "error_value"
    """An Excel error; the value is its text, like `#N/A`."""
    FORMULA_WITHOUT_VALUE = "formula_without_value"
    """A formula that no program has calculated yet; the value is None."""
    DUPLICATE = "duplicate"
    """The file gives this cell twice, differently; the value is None."""
    NO_NUMBER = "no_number"
    """Stored as a number and none (NaN, beyond what a computer holds); like the next three, the value
    is a short printable extract, for showing only."""
    NO_DAY = "no_day"
    """Stored as a date or time that no calendar has."""
    TOO_LONG = "too_long"
    """A text longer than a sheet may hold."""
    UNREADABLE = "unreadable"
    """A text with control marks or broken characters, or a value where none may stand."""
    PICTURE = "picture"
    """A picture placed in the cell; the value is what stands in its place."""
    STALE = "stale"
    """A formula whose stored value is another than its own figures give; the value says both."""
    UNCHECKED = "unchecked"
    """A formula of which the file itself says that it was not calculated anew; the value is the stored one."""


class TextStyle(StrEnum):
    """How a cell's text is formatted, as far as that can change what it says."""

    NORMAL = "normal"
    STRUCK = "struck"
    """Struck out as a whole."""
    PARTLY_STRUCK = "partly_struck"
    PARTLY_RAISED = "partly_raised"
    """A part is super- or subscript."""
    MIXED_SIZES = "mixed_sizes"


@dataclass(frozen=True, slots=True)
class RawCell:
    """One cell that holds something.

    Numbers come as int or float as stored (45.3% is 0.453 with number format `0.0%`); numbers with
    a date format come as date, datetime, time (under one day) or timedelta (`[h]:mm`).
    """

    value: RawValue
    number_format: str = "General"
    problem: CellProblem | None = None
    is_formula: bool = False
    text_style: TextStyle = TextStyle.NORMAL


class SheetState(StrEnum):
    """Whether people see the sheet's tab; `veryHidden` cannot be shown from the menu."""

    VISIBLE = "visible"
    HIDDEN = "hidden"
    VERY_HIDDEN = "veryHidden"


@dataclass(frozen=True, slots=True)
class RawSheet:
    """One worksheet.

    `cells` has only cells that hold something, keyed by (row, column). `hidden_rows` and
    `hidden_columns` are those among them that are hidden, filtered away, or without height or width.
    `merged` are ranges as written, like `A1:C1`.
    """

    name: str
    cells: Mapping[tuple[int, int], RawCell]
    state: SheetState = SheetState.VISIBLE
    hidden_rows: frozenset[int] = frozenset()
    merged: tuple[str, ...] = ()
    hidden_columns: frozenset[int] = frozenset()

    @property
    def max_row(self) -> int:
        """The last row that holds something; 0 for an empty sheet. Counted anew at each call."""
        return max((row for row, _ in self.cells), default=0)

    @property
    def merged_bounds(self) -> list[tuple[int, int, int, int]]:
        """(first row, first column, last row, last column) of what is merged."""
        return [bounds for name in self.merged if (bounds := range_bounds(name))]


Rows = Mapping[int, Mapping[int, RawCell]]
"""Cells by row, then by column."""


def rows_of(raw: RawSheet) -> Rows:
    """The sheet's cells by row, then by column; rows in order."""
    rows: defaultdict[int, dict[int, RawCell]] = defaultdict(dict)
    for (row, column), cell in raw.cells.items():
        rows[row][column] = cell
    return {row: rows[row] for row in sorted(rows)}


@dataclass(frozen=True, slots=True)
class RawWorkbook:
    """All worksheets in the order of their tabs, hidden ones included; never none."""

    sheets: tuple[RawSheet, ...]


_CELL_NAME = re.compile(r"\$?([A-Za-z]{1,3})\$?([1-9][0-9]{0,6})")
LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
"""The size of an Excel sheet (ECMA-376): no cell name means anything beyond it."""


@lru_cache(maxsize=LAST_COLUMN)
def column_name(column: int) -> str:
    """The letters of a column counted from 1: 1 is `A`, 28 is `AB`."""
    letters = ""
    while column > 0:
        column, letter = divmod(column - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return letters


def cell_name(row: int, column: int) -> str:
    """How people call the cell: row 7, column 3 is `C7`."""
    return f"{column_name(column)}{row}"


@lru_cache(maxsize=8192)
def cell_position(name: str) -> tuple[int, int] | None:
    """(row, column) of a name like `C7`; None if no Excel sheet has such a cell."""
    found = _CELL_NAME.fullmatch(name)
    if not found:
        return None
    row, column = int(found[2]), _column_number(found[1])
    return (row, column) if row <= LAST_ROW and column <= LAST_COLUMN else None


@lru_cache(maxsize=1024)
def _column_number(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def range_bounds(name: str) -> tuple[int, int, int, int] | None:
    """(first row, first column, last row, last column) of `A1:C3` or `A1`; None if it is no range."""
    first, _, last = name.partition(":")
    start, end = cell_position(first), cell_position(last or first)
    if start is None or end is None:
        return None
    rows, columns = sorted((start[0], end[0])), sorted((start[1], end[1]))
    return rows[0], columns[0], rows[1], columns[1]
