"""退回说明: the first sheet of a returned workbook, which says what to put right and leads to each cell."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from typing import Literal

from openpyxl import Workbook
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from appraisal.findings.finding import Finding
from appraisal.publish.excel import theme
from appraisal.publish.returned.marks import LIST_SHEET
from appraisal.publish.returned.repairs import literal

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
