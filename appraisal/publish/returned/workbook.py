"""A returned workbook: the manager's own, with its wrong cells marked and the list of them in front.

Where openpyxl would lose something that people put there and would miss, the original stays untouched.
What may go: stored values of formulas (any program computes them again), printer settings, the chain of
calculation.

The one module of the outgoing papers that opens a dropped file, and the one that needs openpyxl, which
takes as long to load as all that reading needs: it is imported only where a workbook is marked."""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Sequence
from datetime import date
from math import ceil
from typing import Literal

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from appraisal.findings.finding import Finding
from appraisal.publish.excel import theme
from appraisal.publish.excel.package import normalised
from appraisal.publish.returned.marks import (
    LIST_SHEET,
    copy_look,
    is_marked,
    literal,
    marked,
    texts_shielded,
    unmarked,
    with_fonts_in_order,
)
from appraisal.publish.returned.page import in_order_of_repair
from appraisal.xlsx.container import LIMITS, Refused, parse, unpack
from appraisal.xlsx.grid import range_bounds
from appraisal.xlsx.package import MAIN

_KEPT_PARTS = re.compile(
    r"\[content_types\]\.xml|_rels/\.rels|docprops/.*|customxml/.*"
    r"|xl/(workbook|sharedstrings|styles|calcchain)\.xml|xl/_rels/workbook\.xml\.rels|xl/theme/.*"
    r"|xl/worksheets/[^/]+\.xml|xl/worksheets/_rels/.*|xl/printersettings/.*"
    r"|xl/comments/?[^/]*\.xml|xl/drawings/[^/]*\.vml|xl/tables/[^/]+\.xml",
    re.IGNORECASE,
)
"""No pictures, charts, shapes, controls, sparklines' caches, threaded comments, pivots, cell images."""

_LOST_ELEMENTS = frozenset(
    f"{MAIN} {name}" for name in ("ext", "oleObjects", "controls", "drawing", "picture", "legacyDrawingHF")
)
"""`ext` holds sparklines, new data bars and drop-downs over other sheets."""

_EXCEL = "urn:schemas-microsoft-com:office:excel"

_CELL, _HYPERLINK, _MERGE, _VALUE, _INLINE = (
    f"{MAIN} {name}" for name in ("c", "hyperlink", "mergeCell", "v", "is")
)

_MOST_MERGED = 50_000
"""openpyxl makes a cell for every place below a merge: one over the whole sheet takes all memory there is."""


def would_lose(data: bytes) -> bool:
    """Whether the workbook in these bytes holds something that does not survive openpyxl."""
    try:
        parts = unpack(data, LIMITS)
        return any(_part_loses(name, part) for name, part in parts.items())
    except Refused:
        return True


def _part_loses(name: str, part: bytes) -> bool:
    if not _KEPT_PARTS.fullmatch(name):
        return True
    lowered = name.lower()
    if lowered.startswith("xl/worksheets/") and lowered.endswith(".xml"):
        return _sheet_loses(name, part)
    if lowered.endswith(".vml"):
        return _drawing_loses(name, part)
    return False


def _sheet_loses(name: str, part: bytes) -> bool:
    """Also where a link covers more than a cell, or an empty one: openpyxl puts its address in as text.

    And where so much is merged that openpyxl would not come to an end.
    """
    lost: list[str] = []
    filled: set[str] = set()
    at, merged = "", 0

    def start(element: str, attributes: dict[str, str]) -> None:
        nonlocal at, merged
        if element == _CELL:
            at = attributes.get("r", "")
            if "cm" in attributes or "vm" in attributes:
                lost.append(element)
        elif element in (_VALUE, _INLINE):
            filled.add(at)
        elif element in _LOST_ELEMENTS or (element == _HYPERLINK and attributes.get("ref") not in filled):
            lost.append(element)
        elif element == _MERGE:
            merged += _places(attributes.get("ref", ""))

    parse(name, part, start=start)
    return bool(lost) or merged > _MOST_MERGED


def _places(area: str) -> int:
    """How many cells a merge covers."""
    bounds = range_bounds(area)
    if bounds is None:
        return 0
    top, left, bottom, right = bounds
    return (bottom - top + 1) * (right - left + 1)


def _drawing_loses(name: str, part: bytes) -> bool:
    """Whether there is more in it than notes on cells: buttons, check boxes, pictures in headers."""
    others: list[str] = []

    def start(element: str, attributes: dict[str, str]) -> None:
        is_control = element == f"{_EXCEL} ClientData" and attributes.get("ObjectType") != "Note"
        if is_control or element.endswith(" imagedata"):
            others.append(element)

    parse(name, part, start=start)
    return bool(others)


_CREATED = date(2020, 1, 1)
"""Core properties must not tell when a file was returned, or two equal returns would differ."""


def returned_workbook(data: bytes, findings: Sequence[Finding]) -> bytes | None:
    """The manager's own workbook with every wrong cell coloured and commented, a list in front.

    Marks of an earlier return are taken off first; all else stays as it was, except that stored
    values of formulas go (they are computed anew on opening). None where openpyxl would lose something
    that people put there, or cannot open the file: then the original stays as it is, and the page tells
    all. Call it in the sandbox: it opens a dropped file.
    """
    book = _opened(data)
    if book is None:
        return None
    unmarked(book)
    ordered = in_order_of_repair(findings)
    marked(book, ordered)
    add_list(book, ordered)
    return _saved(book)


def without_marks(data: bytes) -> bytes | None:
    """The workbook as before it was returned; None where it was not, or cannot be opened without a loss.

    Call it in the sandbox: it opens a dropped file.
    """
    book = _opened(data)
    if book is None or not is_marked(book):
        return None
    unmarked(book)
    return _saved(book)


def _opened(data: bytes) -> Workbook | None:
    if would_lose(data):
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # it warns of what it drops, a date beyond its calendar too
            warnings.filterwarnings("ignore", "Workbook contains no default style")
            book = load_workbook(io.BytesIO(texts_shielded(data)), rich_text=True)
    except Exception:  # noqa: BLE001 - whatever openpyxl stumbles over, the original stays as it is
        return None
    _complete_merged_cells(book)
    return book


def _saved(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return normalised(with_fonts_in_order(out.getvalue()), created=_CREATED)


def _complete_merged_cells(book: Workbook) -> None:
    """Gives merged cells the look of the one that shows; openpyxl drops it, with it whether they are locked."""
    for sheet in book.worksheets:
        for area in sheet.merged_cells.ranges:
            first = sheet.cell(area.min_row, area.min_col)
            for row, column in list(area.cells)[1:]:
                copy_look(first, sheet.cell(row, column), *_LOOK)


_LOOK = ("font", "fill", "border", "alignment", "number_format", "protection")

MOST_LISTED = 300
"""More are not read; they are marked in their cells all the same."""

_WIDTHS = (6.0, 11.0, 18.0, 46.0, 46.0)
_HEADERS = ("序号", "要求", "位置（点击前往）", "问题", "怎么改")
_HOW = (
    "请直接在这份文件里改：红底的格必须改正，黄底的格请核对，没有错可以不改。",
    "改好后保存，把这一份放回共享文件夹；颜色、批注和本页会自动清除，文件名不用改。",
)
_LINE = Side("thin", color=theme.GREY)


def add_list(book: Workbook, findings: Sequence[Finding]) -> None:
    """Puts the sheet in front of all others; `findings` are in the order of repair."""
    sheet = book.create_sheet(LIST_SHEET, 0)
    errors = sum(one.is_error for one in findings)
    _write_head(sheet, errors, len(findings) - errors)
    header = sheet.max_row + 2
    for column, text in enumerate(_HEADERS, 1):
        _boxed(sheet.cell(header, column, text), bold=True, colour=theme.ACCENT_LIGHT)
    sheet.row_dimensions[header].height = 24
    for row, one in enumerate(findings[:MOST_LISTED], header + 1):
        _write_finding(book, sheet, row, one, row - header)
    if len(findings) > MOST_LISTED:
        rest = f"另有 {len(findings) - MOST_LISTED} 处没有列出，已在各表中标出。"
        sheet.cell(header + MOST_LISTED + 1, 1, rest).font = _font()
    _set_up(book, sheet, header)


def _write_head(sheet: Worksheet, errors: int, warnings: int) -> None:
    also = f"，另有 {warnings} 处请核对" if warnings else ""
    title = f"退回说明：有 {errors} 处必须改正{also}" if errors else f"退回说明：有 {warnings} 处请核对"
    sheet.cell(1, 1, title).font = _font(bold=True, size=theme.TITLE_SIZE, color=theme.ACCENT)
    sheet.row_dimensions[1].height = 32
    for row, text in enumerate(_HOW, 2):
        sheet.cell(row, 1, text).font = _font()
        sheet.row_dimensions[row].height = theme.ROW_HEIGHT


def _write_finding(book: Workbook, sheet: Worksheet, row: int, one: Finding, number: int) -> None:
    requirement = "必须改正" if one.is_error else "请核对"
    colour = theme.WRONG_LIGHT if one.is_error else theme.DOUBT_LIGHT
    values: tuple[int | str, ...] = (number, requirement, one.place or "整份文件", one.message, one.remedy)
    lines = 1
    for column, value in enumerate(values, 1):
        cell = sheet.cell(row, column, literal(value) if isinstance(value, str) else value)
        cell.data_type = "n" if column == 1 else "s"  # a message may begin with what someone typed
        _boxed(cell, colour=colour if column == 2 else None, is_text=column > 2)
        lines = max(lines, ceil(theme.text_width(str(value)) / (_WIDTHS[column - 1] * 1.05)))
    sheet.row_dimensions[row].height = 6 + 15 * lines
    if one.sheet in book.sheetnames:
        place = sheet.cell(row, 3)
        name = (one.sheet or "").replace("'", "''")
        place.hyperlink = Hyperlink(ref=place.coordinate, location=f"'{name}'!{one.cell or 'A1'}")
        place.font = _font(color=theme.ACCENT, is_link=True)


def _boxed(
    cell: Cell | MergedCell, *, bold: bool = False, colour: str | None = None, is_text: bool = False
) -> None:
    cell.font = _font(bold=bold)
    cell.border = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
    cell.alignment = Alignment(horizontal="left" if is_text else "center", vertical="center", wrap_text=True)
    if colour is not None:
        cell.fill = PatternFill("solid", start_color=colour, end_color=colour)


def _font(
    *, bold: bool = False, size: int = theme.BODY_SIZE, color: str = theme.INK, is_link: bool = False
) -> Font:
    underline: Literal["single"] | None = "single" if is_link else None
    return Font(name=theme.SHEET_FONT, bold=bold, size=size, color=color, underline=underline)


def _set_up(book: Workbook, sheet: Worksheet, header: int) -> None:
    """Widths, print set-up, and this sheet alone in front."""
    for column, width in zip("ABCDE", _WIDTHS, strict=True):
        sheet.column_dimensions[column].width = width
    sheet.sheet_view.showGridLines = False
    sheet.freeze_panes = f"A{header + 1}"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = f"{header}:{header}"
    if sheet.oddFooter is not None:
        sheet.oddFooter.center.text = "第 &P 页，共 &N 页"
    for other in book.worksheets:
        other.sheet_view.tabSelected = other is sheet
    book.active = 0
