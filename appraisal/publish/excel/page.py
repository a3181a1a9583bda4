"""A form of one page, written from top to bottom: lines, labelled cells, tables.

Rows and columns count from 0, as XlsxWriter counts them.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

from appraisal.publish.excel import theme
from appraisal.publish.excel.book import Book, Texts, print_on_a4, set_widths, write_across
from appraisal.publish.excel.input_cells import cell_style, guide
from appraisal.publish.excel.styles import LABEL, STILL_ALLOWED, Style
from appraisal.scheme.forms.cells import Cell

LINE_HEIGHT = 15
"""Of a line of text, in points."""

Columns = tuple[int, int]
"""First and last column of a cell."""


class FormPage:
    """A new sheet of `book`; `row` is the row to be written next, and every step moves it on."""

    def __init__(self, book: Book, name: str, widths: Sequence[float]) -> None:
        self.book = book
        self.sheet = book.sheet(name)
        self.widths = widths
        self.row = 0
        set_widths(self.sheet, widths)
        self.sheet.hide_gridlines(2)

    def next_row(self, height: float | None = None) -> int:
        """The row to write now, of this height or of the sheet's own."""
        if height is not None:
            self.sheet.set_row(self.row, height)
        self.row += 1
        return self.row - 1

    def gap(self, height: float = 8) -> None:
        """An empty row."""
        self.next_row(height)

    def line(self, text: str, style: Style, height: float | None = None) -> None:
        """A text in the first column, which runs on over the empty cells beside it."""
        self.put(self.next_row(height), (0, 0), text, style)

    def paragraph(self, text: str, style: Style, height: float | None = None) -> None:
        """A text over the whole page; without a height as many lines as it takes."""
        if height is None:
            height = 4 + self.height_of(text, size=style.get("font_size", theme.BODY_SIZE))
        self.put(self.next_row(height), self.from_column(0), text, style)

    def height_of(self, text: str, column: int = 0, *, size: int = theme.BODY_SIZE) -> float:
        """The height of a wrapped text from this column to the last, in type of this size."""
        width = theme.text_width(text) * size / theme.BODY_SIZE
        return LINE_HEIGHT * ceil(width / sum(self.widths[column:]))

    def from_column(self, column: int) -> Columns:
        """From this column to the last."""
        return column, len(self.widths) - 1

    def put(self, row: int, columns: Columns, text: str, style: Style) -> None:
        """A text in a cell, or in several as one."""
        write_across(self.sheet, (row, *columns), text, self.book.style(**style))

    def headers(self, row: int, texts: Sequence[str], style: Style) -> None:
        """One text to a column, from the first on."""
        self.sheet.write_row(row, 0, texts, self.book.style(**style))

    def labelled(
        self, cells: Sequence[Cell], known: Texts, *, height: float, places: Sequence[tuple[int, Columns]]
    ) -> None:
        """Each cell behind its label; `places` are those of a row: the label's column, and the cell's."""
        for at, cell in enumerate(cells):
            label, columns = places[at % len(places)]
            row = self.row - 1 if at % len(places) else self.next_row(height)
            self.put(row, (label, label), cell.header, LABEL)
            align = "center" if cell.type.is_number else "left"
            self.field(row, columns, cell, known.get(cell.name), align=align)

    def field(
        self, row: int, columns: Columns, cell: Cell, value: str | None, *, align: str | None = None
    ) -> None:
        """What is known, locked; where nothing is (None), an open cell that says what belongs into it."""
        style = cell_style(self.book, cell, locked=value is not None, align=align)
        write_across(self.sheet, (row, *columns), value or "", style)
        if value is None:
            guide(self.sheet, (row, columns[0], row, columns[0]), cell)

    def finish(self, header: str, *, landscape: bool = False) -> None:
        """Protected but for the open cells, and printed on one page of A4 with `header` above."""
        self.sheet.protect("", STILL_ALLOWED)
        print_on_a4(self.sheet, title=header, landscape=landscape, one_page=True)
