"""Workbooks as we write them: safe switches, formats, widths, the hidden sheet; and how their sheets print.

One wider than a page breaks where a reader expects it, and prints no smaller than need be.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from itertools import combinations, pairwise
from math import ceil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.packager import Packager
from xlsxwriter.sharedstrings import SharedStrings
from xlsxwriter.worksheet import Worksheet

from appraisal.publish.documents import DRAFT, Part, packed
from appraisal.publish.excel import theme
from appraisal.publish.excel.worksheet import BulkWorksheet
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


@dataclass(frozen=True, slots=True)
class _Paper:
    """Lying on its side, or upright: Excel's number, what fits between narrow margins across, in pixels, and down, in points."""

    number: int
    across: int
    down: int


_A4, _A3, _A4_UPRIGHT = _Paper(9, 1068, 495), _Paper(8, 1535, 745), _Paper(9, 740, 740)
_MARGIN, _USUAL_MARGINS = 0.25, 48
"""At the left and right of a wide sheet, in inches (a printer asks for 0.17); what the usual ones take more, in pixels."""

_LEGIBLE = 0.8
"""What is made to be read prints no smaller than in 8 points, if that can be helped."""

_HARDLY_LEGIBLE = 0.56
"""The same of what is used on the screen: forms, lists."""

_HEADERS = 100
"""About the height of what is repeated on every page, in points."""

_LONGEST_TITLE = 100
"""Of a page, in characters: a header has room for 255, its font and colour among them."""

_CHARACTER_PIXELS = 8.5
"""The width of a character where our font is missing and a wider one stands in; else a little less."""


@dataclass(frozen=True, slots=True)
class _Pages:
    """How a sheet is laid out on one kind of paper: the breaks that are used, its scale, its number of pages."""

    paper: _Paper
    used: list[int]
    scale: float
    count: int


def print_on_a4(
    sheet: BulkWorksheet,
    *,
    title: str,
    landscape: bool = False,
    repeat: tuple[int, int] | None = None,
    one_page: bool = False,
) -> None:
    """A4, as wide as the page, `title` above and page numbers below.

    `repeat` are the first and last row (from 0) that stand on top of every page; `one_page` shrinks
    the height to one page as well.
    """
    sheet.set_paper(_A4.number)
    if landscape:
        sheet.set_landscape()
    sheet.fit_to_pages(1, 1 if one_page else 0)
    sheet.set_margins(left=0.5, right=0.5, top=0.7, bottom=0.6)
    sheet.center_horizontally()
    font = f'&"{theme.SHEET_FONT},Regular"&{theme.NOTE_SIZE}'
    colour = f"&K{theme.GREY_DARK}"
    # After each `&` the colour again: XlsxWriter would take the `&G` of P&G for a picture's place, and leave
    # out a header without the picture.
    shown = title[:_LONGEST_TITLE].replace("&", f"&&{colour}")
    mark = f'&L&"{theme.SHEET_FONT},Bold"&{theme.BODY_SIZE}&K{theme.WRONG}{sheet.mark}' if sheet.mark else ""
    sheet.set_header(f"{mark}&R{font}{colour}{shown}", {"margin": 0.3})
    sheet.set_footer(f"&C{font}{colour}第 &P 页，共 &N 页", {"margin": 0.3})
    if repeat is not None:
        sheet.repeat_rows(*repeat)


def print_across(
    sheet: Worksheet, widths: Sequence[float], breaks: Sequence[int], height: float, *, is_form: bool = False
) -> bool:
    """On as few pages of A4 or A3 as are legible, a form on A4; gives whether that is one page.

    Pages end after some of the columns `breaks` (columns count from 1), and the first two columns stand on all.
    `widths` are those of the printed columns; `height`, in points, is of all printed rows. Follows `print_on_a4`.
    """
    legible, papers = (_HARDLY_LEGIBLE, [_A4]) if is_form else (_LEGIBLE, [_A4, _A3])
    choices = [_laid_out(paper, widths, breaks, height, legible) for paper in papers]
    best = min(choices, key=lambda choice: (choice.scale < legible, choice.count))
    sheet.set_paper(best.paper.number)
    sheet.set_margins(left=_MARGIN, right=_MARGIN, top=0.7, bottom=0.6)
    if best.used:
        sheet.repeat_columns(0, 1)
        sheet.set_v_pagebreaks(best.used)
        sheet.set_print_scale(max(10, int(100 * best.scale)))
    elif best.count == 1:
        sheet.fit_to_pages(1, 1)
    return best.count == 1


def _laid_out(
    paper: _Paper, widths: Sequence[float], breaks: Sequence[int], height: float, legible: float
) -> _Pages:
    """As large as the widest page allows; smaller, but legible, where that saves a page."""
    used = _fewest(widths, breaks, paper.across / legible)
    scale = min(1, paper.across / _widest(widths, used))
    smallest = min(scale, _LEGIBLE)
    down = ceil(smallest * (height - _HEADERS) / (paper.down - smallest * _HEADERS))
    return _Pages(paper, used, min(scale, down * paper.down / height), (len(used) + 1) * down)


def widen_paper(sheet: Worksheet, widths: Sequence[float]) -> None:
    """A3 where the sheet would not be legible on A4, as wide as the page. Follows `print_on_a4`."""
    if page_of(widths, landscape=True)[1] == 0:
        sheet.set_paper(_A3.number)


def page_of(widths: Sequence[float], *, landscape: bool) -> tuple[int, float]:
    """How large A4 prints a sheet as wide as the page, in percent, and the points of height that then stand on a page.

    0 points where it would not be legible.
    """
    paper = _A4 if landscape else _A4_UPRIGHT
    scale = min(1.0, (paper.across - _USUAL_MARGINS) / _pixels(widths))
    return int(100 * scale), paper.down / scale if scale >= _HARDLY_LEGIBLE else 0.0


def _fewest(widths: Sequence[float], breaks: Sequence[int], room: float) -> list[int]:
    """As few of the breaks as leave every page in the room, or all; of equally few those with the narrowest pages."""
    for few in range(len(breaks)):
        best = min(combinations(breaks, few), key=lambda used: _widest(widths, used))
        if _widest(widths, best) <= room:
            return list(best)
    return list(breaks)


def _widest(widths: Sequence[float], used: Sequence[int]) -> int:
    """The widest page, with the first two columns."""
    edges = pairwise([2, *used, len(widths)])
    return _pixels(widths[:2]) + max(_pixels(widths[first:last]) for first, last in edges)


def _pixels(widths: Sequence[float]) -> int:
    return sum(int(width * _CHARACTER_PIXELS + 6) for width in widths)
