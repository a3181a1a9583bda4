"""The worksheet class that all our workbooks are written with, and texts that must not run as formulas.

A name or a reason is typed by anybody; opened in Excel or WPS, `=HYPERLINK(…)` would be run (CWE-1236).
Only texts are in question: a negative number is a number.

XlsxWriter looks through the text of every formula for functions that are newer than Excel 2007 (29
patterns a cell), keeps every text until the end, and writes each cell through half a dozen calls. Our
formulas use no such function, which a test proves. So this class, passed to `add_worksheet`, keeps one
text for a whole column of formulas, and puts a row's cells together as one text. Whatever kind of cell
it does not know goes XlsxWriter's own way.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from functools import cache
from typing import Any
from xml.sax.saxutils import escape

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import CellBlankTuple, CellNumberTuple, CellStringTuple, Worksheet

_BEGINNINGS = frozenset("=+-@\t\r\n\0")

_IGNORED = frozenset({"Cf", "Zs", "Zl", "Zp"})
"""Marks that nobody sees before the first visible one: zero-width, BOM, spaces."""


def is_like_formula(text: str) -> bool:
    """Whether the text begins with `= + - @`, full-width ones too, or with a tab or line break."""
    for mark in text:
        if unicodedata.normalize("NFKC", mark)[:1] in _BEGINNINGS:
            return True
        if unicodedata.category(mark) not in _IGNORED:
            return False
    return False


def csv_text(text: str) -> str:
    """The text as a CSV file may hold it: with `'` before it where it begins like a formula."""
    return f"'{text}" if is_like_formula(text) else text


ROW = "{row}"
"""Stands for the row's number (from 1) in the formula of a whole column."""

ABOVE = "{above}"
"""Stands for the number of the row above."""

Shown = Decimal | int | float | str
"""What a formula came to: its cached value."""


class _Text:
    """A column's formula: the escaped text around the row's number, and what it looks like."""

    __slots__ = ("format", "looks_above", "pieces")

    def __init__(self, template: str, cell_format: Format) -> None:
        self.pieces = escape(template.removeprefix("=")).split(ROW)
        self.format = cell_format
        self.looks_above = ABOVE in template


class Formula:
    """A formula cell: its column's text, and what it comes to in this row.

    XlsxWriter reads `value` for the data that charts carry, from cells of classes of this name.
    """

    __slots__ = ("text", "value")

    def __init__(self, text: _Text, value: Shown) -> None:
        self.text = text
        self.value = value


class BulkWorksheet(Worksheet):  # type: ignore[misc]
    """XlsxWriter's worksheet, which also takes whole columns and rows of values and formulas at once.

    Rows and columns count from 0 in XlsxWriter's own methods and in those named `write_…`; in the others from 1, as
    people and formulas count.
    """

    quoted: Callable[[Format | None], Format]
    """The same look for a text that begins like a formula: it stays a text when somebody edits its cell."""

    mark: str
    """What stands before the title, in the first cell: whether the sheet is a draft. Empty where it is none."""

    def write_formulas(
        self, row: int, column: int, template: str, style: Format, values: Sequence[Shown]
    ) -> None:
        """One formula down a column, from `row` on, with `{row}` and `{above}` filled in; what it comes to."""
        text = _Text(template, style)
        for row_number, value in enumerate(values, row):
            self.table[row_number][column] = Formula(text, value)
        self._reach(row, column, len(values))

    def write_values(self, row: int, column: int, values: Sequence[object], style: Format) -> None:
        """Plain values down a column: numbers as numbers, None as an empty cell, all else as text."""
        table, blank = self.table, CellBlankTuple(style)
        for row_number, value in enumerate(values, row):
            if value is None:
                table[row_number][column] = blank
            elif isinstance(value, Decimal | int):
                table[row_number][column] = CellNumberTuple(float(value), style)
            else:
                self._write_string(row_number, column, str(value), style)
        self._reach(row, column, len(values))

    def write_cells(self, row: int, cells: Sequence[tuple[int, str | Decimal | int | None, Format]]) -> None:
        """Plain values along a row, each with its column: the same kinds of cells."""
        table = self.table[row]
        for column, value, style in cells:
            if isinstance(value, str):
                self._write_string(row, column, value, style)
            elif value is None:
                table[column] = CellBlankTuple(style)
            else:
                table[column] = CellNumberTuple(float(value), style)
        for column, _, _ in (*cells[:1], *cells[-1:]):
            self._reach(row, column, 1)

    def text(self, row: int, column: int, text: str, style: Format) -> None:
        """A text, whatever it looks like: `=1+1` stays those four characters."""
        self.write_string(row - 1, column - 1, text, style)

    def number(self, row: int, column: int, number: Decimal | int, style: Format) -> None:
        self.write_number(row - 1, column - 1, float(number), style)

    def blank(self, row: int, column: int, style: Format) -> None:
        self.write_blank(row - 1, column - 1, None, style)

    def formula(self, row: int, column: int, formula: str, style: Format, value: Shown) -> None:
        """A formula with its `=`, and what it comes to."""
        self.formulas(row, column, formula, style, (value,))

    def formulas(
        self, first_row: int, column: int, template: str, style: Format, values: Sequence[Shown]
    ) -> None:
        """One formula down a column, from `first_row` on, with `{row}` and `{above}` filled in."""
        self.write_formulas(first_row - 1, column - 1, template, style, values)

    def values(self, first_row: int, column: int, values: Iterable[object], style: Format) -> None:
        """Plain values down a column: numbers as numbers, None as an empty cell, all else as text."""
        self.write_values(first_row - 1, column - 1, list(values), style)

    def block(self, row: int, column: int, to_row: int, to_column: int, text: str, style: Format) -> None:
        """A text over several cells; over one cell where the corners are the same."""
        if (row, column) != (to_row, to_column):
            self.merge_range(row - 1, column - 1, to_row - 1, to_column - 1, text, style)
        if not text or (row, column) == (to_row, to_column):
            self.text(row, column, text, style)

    def _write_string(self, row: int, col: int, string: str, cell_format: Format | None = None) -> int:
        """XlsxWriter's step that every text goes through."""
        if self.mark and row == col == 0:
            string = f"{self.mark}　{string}"
        style = self.quoted(cell_format) if is_like_formula(string) else cell_format
        written: int = super()._write_string(row, col, string, style)
        return written

    def _reach(self, row: int, column: int, count: int) -> None:
        """The sheet is as large as this column, at least."""
        if count:
            self._check_dimensions(row, column)
            self._check_dimensions(row + count - 1, column)

    def _write_rows(self) -> None:
        """XlsxWriter's step that writes all cells when the workbook is closed.

        Leaves out the hint how far each row reaches: nobody needs it, and it costs a pass. A row that is
        written is let go: a finished workbook is full of references in circles, which only the collector
        undoes, and it should have little to look through.
        """
        table, known = self.table, self.row_info
        for row in sorted(table.keys() | known.keys()):
            cells = table.pop(row, None)
            if cells:
                self._write_row(row, None, known.get(row))
                self._write_cells(row, cells)
                self.fh.write("</row>")
            elif row in known:
                self._write_empty_row(row, None, known[row])

    def _write_cells(self, row: int, cells: dict[int, Any]) -> None:
        number = str(row + 1)
        written: list[str] = []
        for column in sorted(cells):
            cell = cells[column]
            kind = cell.__class__
            if kind is Formula:
                written.append(_formula(cell, column, row))
            elif cell.format is None or kind not in _VALUE_CELLS:
                self.fh.write("".join(written))
                written.clear()
                self._write_cell(row, column, cell)
            else:
                start = f'<c r="{_letters(column)}{number}" s="{cell.format._get_xf_index()}"'  # noqa: SLF001
                if kind is CellBlankTuple:
                    written.append(f"{start}/>")
                elif kind is CellStringTuple:
                    written.append(f'{start} t="s"><v>{cell.string}</v></c>')
                else:
                    written.append(f"{start}><v>{cell.number:.16G}</v></c>")
        self.fh.write("".join(written))

    def _prepare_formula(self, formula: str, _expand_future_functions: bool = False) -> str:  # noqa: FBT001, FBT002 - as there
        """A formula as it stands in the file: none of ours uses a function that XlsxWriter would rename."""
        return formula.removeprefix("=")


_VALUE_CELLS = {CellBlankTuple, CellNumberTuple, CellStringTuple}


def _formula(cell: Formula, column: int, row: int) -> str:
    shared, value, kind = cell.text, cell.value, ""
    number = str(row + 1)
    text = number.join(shared.pieces)
    if shared.looks_above:
        text = text.replace(ABOVE, str(row))
    if isinstance(value, str):
        value, kind = escape(value), ' t="str"'
    style = shared.format._get_xf_index()  # noqa: SLF001
    return f'<c r="{_letters(column)}{number}" s="{style}"{kind}><f>{text}</f><v>{value}</v></c>'


@cache
def _letters(column: int) -> str:
    return str(xl_col_to_name(column))
