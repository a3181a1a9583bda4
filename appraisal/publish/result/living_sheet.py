"""A worksheet whose cells recalculate: formulas are written as they stand, whole columns at once.

Rows and columns count from 1 here, as in the formulas themselves.

XlsxWriter looks through the text of every formula for functions that are newer than Excel 2007
(29 patterns a cell, three quarters of the time of a whole workbook), and keeps every text until the
end. Our formulas use no such function, which a test proves: so this class, passed to
`add_worksheet`, keeps one text a column and puts the row's number into it while writing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any
from xml.sax.saxutils import escape

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_rowcol_to_cell_fast
from xlsxwriter.worksheet import CellNumberTuple, Worksheet

from appraisal.publish.sheets import Book

ROW = "{row}"
"""Stands for the row's number in the formula of a whole column."""

ABOVE = "{above}"
"""Stands for the number of the row above."""

PROTECTION = {"autofilter": True, "format_columns": True, "format_rows": True}
"""Sheets that only compute are protected without a password, so that nobody types over a formula."""

_GREEN_TRIANGLES = ("number_stored_as_text", "formula_differs", "formula_range", "formula_unlocked")
"""Hints that Excel would draw into cells that are as they should be: 工号 007 is a text."""

Shown = Decimal | int | float | str
"""What a formula came to: its cached value."""


class Formula:
    """A formula cell: the escaped text around the row's number, what it looks like and comes to.

    XlsxWriter reads `value` for the data that charts carry, from cells of classes of this name.
    """

    __slots__ = ("format", "pieces", "value")

    def __init__(self, pieces: Sequence[str], cell_format: Format, value: Shown) -> None:
        self.pieces = pieces
        self.format = cell_format
        self.value = value


class LivingSheet(Worksheet):  # type: ignore[misc]
    """Cells, columns of cells and merged cells, addressed as people do."""

    def _write_cell(self, row: int, col: int, cell: Any) -> None:
        """XlsxWriter's innermost step, called once a cell when the workbook is closed."""
        if cell.__class__ is not Formula:
            super()._write_cell(row, col, cell)
            return
        value, kind = cell.value, ""
        if isinstance(value, str):
            value, kind = escape(value), ' t="str"'
        at, style = xl_rowcol_to_cell_fast(row, col), cell.format._get_xf_index()  # noqa: SLF001
        text = str(row + 1).join(cell.pieces)
        self.fh.write(f'<c r="{at}" s="{style}"{kind}><f>{text}</f><v>{value}</v></c>')

    def _calculate_spans(self) -> None:
        """Leaves out the hint how far each row reaches: nobody needs it, and it costs a pass."""
        self.row_spans: dict[int, str] = {}

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
        text = escape(template.removeprefix("="))
        pieces = text.split(ROW)
        for row, value in enumerate(values, first_row):
            if ABOVE in template:
                pieces = text.replace(ABOVE, str(row - 1)).split(ROW)
            self.table[row - 1][column - 1] = Formula(pieces, style, value)
        self._check_dimensions(first_row - 1, column - 1)
        self._check_dimensions(first_row + len(values) - 2, column - 1)

    def values(self, first_row: int, column: int, values: Iterable[object], style: Format) -> None:
        """Plain values down a column: numbers as numbers, None as an empty cell, all else as text."""
        at = column - 1
        for row, value in enumerate(values, first_row - 1):
            self._check_dimensions(row, at)
            if isinstance(value, Decimal | int):
                self.table[row][at] = CellNumberTuple(float(value), style)
            elif value is None:
                self._write_blank(row, at, None, style)
            else:
                self._write_string(row, at, str(value), style)

    def block(self, row: int, column: int, to_row: int, to_column: int, text: str, style: Format) -> None:
        """A text over several cells; over one cell where the corners are the same."""
        if (row, column) == (to_row, to_column):
            self.text(row, column, text, style)
        else:
            self.merge_range(row - 1, column - 1, to_row - 1, to_column - 1, "", style)
            self.text(row, column, text, style)


def living_sheet(book: Book, name: str) -> LivingSheet:
    """A new sheet of the workbook, without grid lines: it is made to be read."""
    sheet: LivingSheet = book.workbook.add_worksheet(name, worksheet_class=LivingSheet)
    sheet.hide_gridlines(2)
    sheet.ignore_errors(dict.fromkeys(_GREEN_TRIANGLES, "A1:XFD1048576"))
    return sheet
