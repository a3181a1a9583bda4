"""Workbooks as we write them: safe switches, formats, widths, the hidden sheet; and their worksheet class.

XlsxWriter looks through the text of every formula for functions that are newer than Excel 2007 (29
patterns a cell), keeps every text until the end, and writes each cell through half a dozen calls. Our
formulas use no such function, which a test proves. So our worksheet class keeps one text for a whole column of
formulas, and puts a row's cells together as one text. Whatever kind of cell it does not know goes XlsxWriter's own way.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any
from xml.sax.saxutils import escape

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.packager import Packager
from xlsxwriter.sharedstrings import SharedStrings
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import CellBlankTuple, CellNumberTuple, CellStringTuple, Worksheet

from appraisal.publish.draft import DRAFT
from appraisal.publish.excel import theme
from appraisal.publish.excel.formula_injection import is_like_formula
from appraisal.publish.excel.package import Part, packed
from appraisal.scheme.forms.submission import META

_GREEN_TRIANGLES = ("number_stored_as_text", "formula_differs", "formula_range", "formula_unlocked")
"""Hints that Excel would draw into cells that are as they should be: 工号 007 is a text."""

_SWITCHES = {
    "strings_to_formulas": False,  # a name like `=1+1` stays text
    "strings_to_urls": False,
    "strings_to_numbers": False,  # 工号 007 stays 007
    "nan_inf_to_errors": False,
    "default_format_properties": {
        "font_name": theme.SHEET_FONT,
        "font_size": theme.BODY_SIZE,
        "font_color": theme.hexed(theme.INK),
        "font_scheme": "none",  # or Excel takes the theme's font instead
        "valign": "vcenter",
    },
}


class _Texts(SharedStrings):  # type: ignore[misc]
    """The texts of all cells. What people typed is a text even where it looks like XlsxWriter's own mark-up."""

    def _xml_rich_si_element(self, string: str) -> None:
        """XlsxWriter's step for whatever begins with `<r>` and ends with `</r>`: it would go unescaped."""
        self._xml_si_element(string)


class _Parts(Packager):  # type: ignore[misc]
    """XlsxWriter's seam for whoever packs the parts otherwise: leaves it none, and keeps them for us.

    It would compress every part and stamp the clock on it; `packed` would have to undo both.
    """

    parts: dict[str, Part]

    def _create_package(self) -> list[object]:
        self.parts = {name: partial(_opened, part) for part, name, _ in super()._create_package()}
        return []

    def _write_shared_strings_file(self) -> None:
        """XlsxWriter's step, with our class."""
        if self.workbook.str_table.count:
            texts = _Texts()
            texts.string_table = self.workbook.str_table
            texts._set_xml_writer(self._filename("xl/sharedStrings.xml"))  # noqa: SLF001
            texts._assemble_xml_file()  # noqa: SLF001


class _Workbook(Workbook):  # type: ignore[misc]
    """Its own zip stays empty: the parts are in `packager`."""

    def __init__(self, options: Mapping[str, Any]) -> None:
        super().__init__(io.BytesIO(), options)
        self.packager = _Parts()

    def _get_packager(self) -> Packager:
        return self.packager


def _opened(part: io.StringIO | io.BytesIO | str) -> IO[bytes]:
    """A part as XlsxWriter leaves it: in memory, or the name of a temporary file."""
    if isinstance(part, str):
        return Path(part).open("rb")
    content = part.getvalue()
    return io.BytesIO(content if isinstance(content, bytes) else content.encode())


class Book:
    """A workbook in the making. Every text that is written stays text.

    `on_disk` keeps the sheets of a very large workbook in temporary files while they are put together. Each sheet
    of a draft says in its title and above every printed page that it is one.
    """

    def __init__(self, *, on_disk: bool = False, is_draft: bool = False) -> None:
        self._is_draft = is_draft
        self._folder = TemporaryDirectory() if on_disk else None
        where = {"tmpdir": self._folder.name} if self._folder else {"in_memory": True}
        self.workbook = _Workbook(_SWITCHES | where)
        self._formats: dict[frozenset[tuple[str, Any]], Format] = {}
        self._properties: dict[int, dict[str, Any]] = {}

    def sheet(self, name: str) -> BulkWorksheet:
        """A new worksheet behind those there are."""
        sheet: BulkWorksheet = self.workbook.add_worksheet(name, worksheet_class=BulkWorksheet)
        sheet.quoted = self._quoted
        # A sheet for the program (`_meta`) is read back by its labels.
        sheet.mark = DRAFT if self._is_draft and not name.startswith("_") else ""
        return sheet

    def formula_sheet(self, name: str) -> BulkWorksheet:
        """A new worksheet that people read and that computes: without grid lines and Excel's green triangles."""
        sheet = self.sheet(name)
        sheet.hide_gridlines(2)
        sheet.ignore_errors(dict.fromkeys(_GREEN_TRIANGLES, "A1:XFD1048576"))
        return sheet

    def style(self, **properties: Any) -> Format:
        """The cell format with these XlsxWriter properties over our font; each is made once."""
        key = frozenset(properties.items())
        if key not in self._formats:
            self._formats[key] = style = self.workbook.add_format(properties)
            self._properties[id(style)] = properties
        return self._formats[key]

    def _quoted(self, style: Format | None) -> Format:
        """The same look with the mark that Excel sets for a leading quote."""
        return self.style(**self._properties.get(id(style), {}), quote_prefix=True)

    def finished(self, *, created: date) -> bytes:
        """Closes the workbook and gives its bytes; the same content and day give the same bytes."""
        self.workbook.close()
        document = packed(self.workbook.packager.parts, created=created)
        self._let_go()
        if self._folder:
            self._folder.cleanup()
        return document

    def _let_go(self) -> None:
        """Drop what a finished workbook is made of: it refers to itself in circles, and would wait for the collector."""
        for piece in (*self.workbook.worksheets(), self.workbook.packager):
            vars(piece).clear()
        self.workbook.str_table = None


def set_widths(sheet: Worksheet, widths: Iterable[float]) -> None:
    """The widths of the columns from A on, in characters (a Chinese character takes two)."""
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)


def write_across(
    sheet: Worksheet, cells: tuple[int, int, int], text: str | float | Decimal | date, style: Format
) -> None:
    """Writes into a row from its first to its last column (row, first, last, from 0), as one cell."""
    row, first, last = cells
    if first == last:
        sheet.write(row, first, text, style)
    else:
        sheet.merge_range(row, first, row, last, text, style)


def write_meta(book: Book, pairs: Mapping[str, str | int], choices: Sequence[str] = ()) -> None:
    """The hidden sheet by which a workbook is recognised when it comes back: keys in A, values in B.

    `choices` stand in D, for a drop-down that Excel could not hold in itself (`meta_choices`).
    """
    sheet = book.sheet(META)
    sheet.write_column(0, 3, choices)
    for row, pair in enumerate(pairs.items()):
        sheet.write_row(row, 0, pair)
    sheet.very_hidden()


def meta_choices(count: int) -> str:
    """The `count` choices that stand on the hidden sheet, as the source of a drop-down."""
    return f"={META}!$D$1:$D${count}"


# --------------------------------------------------------------------------------------- the worksheet

ROW = "{row}"
"""Stands for the row's number (from 1) in the formula of a whole column."""

ABOVE = "{above}"
"""Stands for the number of the row above."""

Shown = Decimal | int | float | str
"""What a formula came to: its cached value."""


class _ColumnText:
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

    def __init__(self, text: _ColumnText, value: Shown) -> None:
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
        text = _ColumnText(template, style)
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
