"""Workbooks as we write them: safe switches, formats, column widths, cells over several columns, the hidden sheet."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.packager import Packager
from xlsxwriter.sharedstrings import SharedStrings
from xlsxwriter.worksheet import Worksheet

from appraisal.publish.draft import DRAFT
from appraisal.publish.excel import theme
from appraisal.publish.excel.package import Part, packed
from appraisal.publish.excel.worksheet import QuickSheet
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

    def sheet(self, name: str) -> QuickSheet:
        """A new worksheet behind those there are."""
        sheet: QuickSheet = self.workbook.add_worksheet(name, worksheet_class=QuickSheet)
        sheet.quoted = self._quoted
        # A sheet for the program (`_meta`) is read back by its labels.
        sheet.mark = DRAFT if self._is_draft and not name.startswith("_") else ""
        return sheet

    def living_sheet(self, name: str) -> QuickSheet:
        """The same for one that computes and is made to be read: without grid lines and Excel's hints."""
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
        for one in (*self.workbook.worksheets(), self.workbook.packager):
            vars(one).clear()
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
    """Where they stand, as a drop-down's source."""
    return f"={META}!$D$1:$D${count}"
