"""A worksheet whose cells recalculate: formulas are written as they stand, whole columns at once.

Rows and columns count from 1 here, as in the formulas themselves.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from xlsxwriter.format import Format

from appraisal.publish.quick_sheet import QuickSheet, Shown
from appraisal.publish.sheets import Book

PROTECTION = {"autofilter": True, "format_columns": True, "format_rows": True}
"""Sheets that only compute are protected without a password, so that nobody types over a formula."""

_GREEN_TRIANGLES = ("number_stored_as_text", "formula_differs", "formula_range", "formula_unlocked")
"""Hints that Excel would draw into cells that are as they should be: 工号 007 is a text."""


class LivingSheet(QuickSheet):
    """Cells, columns of cells and merged cells, addressed as people do."""

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


def living_sheet(book: Book, name: str) -> LivingSheet:
    """A new sheet of the workbook, without grid lines: it is made to be read."""
    sheet = book.sheet_of(LivingSheet, name)
    sheet.hide_gridlines(2)
    sheet.ignore_errors(dict.fromkeys(_GREEN_TRIANGLES, "A1:XFD1048576"))
    return sheet
