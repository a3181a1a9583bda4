"""Our marks in a manager's workbook: colour and comment on its cells, the list in front, and how they come off again.

What a marked cell looked like before is kept as the style of a cell on the hidden sheet `_退回`, where
it survives Excel, WPS and LibreOffice. Comments of other people stay below ours."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from math import ceil
from typing import Literal

from openpyxl import Workbook
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from appraisal.findings.finding import Finding, has_errors
from appraisal.publish.excel import theme
from appraisal.xlsx.grid import cell_position

LIST_SHEET = "退回说明"
STYLES_SHEET = "_退回"
AUTHOR = "考核上报提示"

_FIRST_LINES = {True: "【请改正】", False: "【请核对】"}
_THEIRS = "\n——原有批注——\n"
_COMMENT_WIDTH, _LINE_HEIGHT, _MARKS_PER_LINE = 300, 19, 40
_COLOURS = {True: theme.WRONG_LIGHT, False: theme.DOUBT_LIGHT}
_OF_A_PERSON = ("staff.", "row.without_id", "row.not_in_data")
"""What is wrong with who stands in a row, not with one figure: id and name, which the form locks, open."""


def mark_findings(book: Workbook, findings: Sequence[Finding]) -> None:
    """Colours and comments every cell that a finding names, and opens it where it is locked."""
    former = book.create_sheet(STYLES_SHEET)
    former.sheet_state = "veryHidden"
    sheets = {sheet.title: sheet for sheet in book.worksheets}
    by_cell: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        if (place := _place_of(sheets, finding)) is not None:
            by_cell.setdefault(place, []).append(finding)
    for (title, address), found in by_cell.items():
        sheet = sheets[title]
        cell = sheet[address]
        is_error = has_errors(found)
        for locked in _locked_by_form(sheet, cell, found) if is_error else ():
            _keep_style(former, sheet, locked)
            locked.protection = Protection(locked=False)
        _keep_style(former, sheet, cell)
        cell.fill = PatternFill("solid", start_color=_COLOURS[is_error], end_color=_COLOURS[is_error])
        cell.comment = _comment(found, cell.comment)


def is_marked(book: Workbook) -> bool:
    """Whether an earlier return has left its sheets in it."""
    return LIST_SHEET in book.sheetnames or STYLES_SHEET in book.sheetnames


def remove_marks(book: Workbook) -> None:
    """Takes off whatever an earlier return put on; without one nothing changes."""
    former = _kept_styles(book)
    for name in (LIST_SHEET, STYLES_SHEET):
        if name in book.sheetnames and len(book.sheetnames) > 1:
            del book[name]
    for sheet in book.worksheets:
        # Only cells that are there: going by rows would make a cell for every place up to the last one.
        for cell in list(sheet._cells.values()):  # noqa: SLF001
            if isinstance(cell, Cell):
                _unmark(cell, former.get((sheet.title, cell.coordinate)))


def copy_style(source: Cell | MergedCell, target: Cell | MergedCell, *parts: str) -> None:
    """Gives a cell the named parts (`fill`, `protection` …) of another cell's style."""
    for part in parts:
        setattr(target, part, copy(getattr(source, part)))


def _place_of(sheets: Mapping[str, Worksheet], finding: Finding) -> tuple[str, str] | None:
    """(sheet, cell) to mark, of merged cells the one that shows; None where there is no such cell."""
    title, address = finding.sheet or "", finding.cell or ""
    if title not in sheets or cell_position(address) is None:
        return None
    merged = next((area for area in sheets[title].merged_cells.ranges if address in area), None)
    return title, address if merged is None else merged.start_cell.coordinate


def _locked_by_form(sheet: Worksheet, cell: Cell, findings: Iterable[Finding]) -> list[Cell]:
    """Cells that must open so that the error can be put right: what the form has filled in for people."""
    of_a_person = any(finding.code.startswith(_OF_A_PERSON) for finding in findings)
    cells = sheet[cell.row] if of_a_person else (cell,)
    return [
        candidate
        for candidate in cells
        if isinstance(candidate, Cell)
        and candidate.value is not None
        and candidate.data_type != "f"
        and candidate.protection.locked
    ]


def _keep_style(former: Worksheet, sheet: Worksheet, cell: Cell) -> None:
    kept = former.cell(former.max_row + 1, 3, "原样")
    copy_style(cell, kept, "fill", "protection")
    for column, text in enumerate((sheet.title, cell.coordinate), 1):
        former.cell(kept.row, column, text).data_type = "s"


def _kept_styles(book: Workbook) -> dict[tuple[str, str], Cell]:
    """The first style that was kept of each cell."""
    styles: dict[tuple[str, str], Cell] = {}
    if STYLES_SHEET in book.sheetnames:
        for sheet, cell, style in book[STYLES_SHEET].iter_rows(min_row=2, max_col=3):
            if isinstance(style, Cell):
                styles.setdefault((str(sheet.value), str(cell.value)), style)
    return styles


def _unmark(cell: Cell, former: Cell | None) -> None:
    comment = cell.comment
    is_ours = comment is not None and (
        comment.author == AUTHOR or comment.text.startswith(tuple(_FIRST_LINES.values()))
    )
    # The legend of the form shows our colours for good: it is locked, never listed, and has no comment.
    if former is not None or is_ours or not cell.protection.locked:
        _clear_colour(cell, former)
    if former is not None:
        copy_style(former, cell, "protection")
    if comment is not None:
        _, _, theirs = comment.text.partition(_THEIRS) if is_ours else ("", "", comment.text)
        cell.comment = _sized(theirs, "" if is_ours else comment.author) if theirs else None


def _clear_colour(cell: Cell, former: Cell | None) -> None:
    if cell.fill.fill_type == "solid" and cell.fill.start_color.rgb in _OUR_COLOURS:
        cell.fill = PatternFill()
        if former is not None:
            copy_style(former, cell, "fill")


_OUR_COLOURS = frozenset(alpha + colour for colour in _COLOURS.values() for alpha in ("00", "FF"))


def _comment(findings: Sequence[Finding], existing: Comment | None) -> Comment:
    """All that is to be said of one cell, errors first."""
    ordered = sorted(findings, key=lambda finding: not finding.is_error)
    lines = [f"{finding.message}{finding.remedy}" for finding in ordered]
    if len(lines) > 1:
        lines = [f"{number}. {line}" for number, line in enumerate(lines, 1)]
    text = literal("\n".join((_FIRST_LINES[has_errors(findings)], *lines)))
    if existing is not None:
        text += f"{_THEIRS}{existing.text}"
    return _sized(text, AUTHOR)


def _sized(text: str, author: str) -> Comment:
    """A comment as large as its text; openpyxl forgets how large it was."""
    rows = sum(1 + int(theme.text_width(line)) // _MARKS_PER_LINE for line in text.split("\n"))
    return Comment(text, author, height=_LINE_HEIGHT * (rows + 1), width=_COMMENT_WIDTH)


_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


def literal(text: str) -> str:
    """A text as a cell or comment must hold it, lest `_x0041_` in it be read as the letter A."""
    return _ESCAPE.sub("_x005F_", text)


# ------------------------------------------------------------------------------ the list in front

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
    errors = sum(finding.is_error for finding in findings)
    _write_head(sheet, errors, len(findings) - errors)
    header = sheet.max_row + 2
    for column, text in enumerate(_HEADERS, 1):
        _boxed(sheet.cell(header, column, text), bold=True, colour=theme.ACCENT_LIGHT)
    sheet.row_dimensions[header].height = 24
    for row, finding in enumerate(findings[:MOST_LISTED], header + 1):
        _write_finding(book, sheet, row, finding, row - header)
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


def _write_finding(book: Workbook, sheet: Worksheet, row: int, finding: Finding, number: int) -> None:
    requirement = "必须改正" if finding.is_error else "请核对"
    colour = theme.WRONG_LIGHT if finding.is_error else theme.DOUBT_LIGHT
    values: tuple[int | str, ...] = (
        number,
        requirement,
        finding.place or "整份文件",
        finding.message,
        finding.remedy,
    )
    lines = 1
    for column, value in enumerate(values, 1):
        cell = sheet.cell(row, column, literal(value) if isinstance(value, str) else value)
        cell.data_type = "n" if column == 1 else "s"  # a message may begin with what someone typed
        _boxed(cell, colour=colour if column == 2 else None, is_text=column > 2)
        lines = max(lines, ceil(theme.text_width(str(value)) / (_WIDTHS[column - 1] * 1.05)))
    sheet.row_dimensions[row].height = 6 + 15 * lines
    if finding.sheet in book.sheetnames:
        place = sheet.cell(row, 3)
        name = (finding.sheet or "").replace("'", "''")
        place.hyperlink = Hyperlink(ref=place.coordinate, location=f"'{name}'!{finding.cell or 'A1'}")
        place.font = _font(color=theme.ACCENT, is_link=True)


def _boxed(cell: Cell | MergedCell, *, colour: str | None, bold: bool = False, is_text: bool = False) -> None:
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
