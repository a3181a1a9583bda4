"""Our marks on the cells of a manager's workbook: colour and comment, and how they come off again.

What a marked cell looked like before is kept as the style of a cell on the hidden sheet `_退回`, where
it survives Excel, WPS and LibreOffice. Comments of other people stay below ours."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import copy

from openpyxl import Workbook
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill, Protection
from openpyxl.worksheet.worksheet import Worksheet

from appraisal.findings.finding import Finding, has_errors
from appraisal.publish.excel import theme
from appraisal.xlsx.grid import cell_position

LIST_SHEET = "退回说明"
FORMER_LOOKS = "_退回"
AUTHOR = "考核上报提示"

_FIRST_LINES = {True: "【请改正】", False: "【请核对】"}
_THEIRS = "\n——原有批注——\n"
_COMMENT_WIDTH, _LINE_HEIGHT, _MARKS_PER_LINE = 300, 19, 40
_COLOURS = {True: theme.WRONG_LIGHT, False: theme.DOUBT_LIGHT}
_OF_A_PERSON = ("staff.", "row.without_id", "row.not_in_data")
"""What is wrong with who stands in a row, not with one figure: id and name, which the form locks, open."""


def marked(book: Workbook, findings: Sequence[Finding]) -> None:
    """Colours and comments every cell that a finding names, and opens it where it is locked."""
    former = book.create_sheet(FORMER_LOOKS)
    former.sheet_state = "veryHidden"
    sheets = {sheet.title: sheet for sheet in book.worksheets}
    by_cell: dict[tuple[str, str], list[Finding]] = {}
    for one in findings:
        if (place := _place_of(sheets, one)) is not None:
            by_cell.setdefault(place, []).append(one)
    for (title, at), found in by_cell.items():
        sheet = sheets[title]
        cell = sheet[at]
        is_error = has_errors(found)
        for locked in _locked_by_form(sheet, cell, found) if is_error else ():
            _keep_look(former, sheet, locked)
            locked.protection = Protection(locked=False)
        _keep_look(former, sheet, cell)
        cell.fill = PatternFill("solid", start_color=_COLOURS[is_error], end_color=_COLOURS[is_error])
        cell.comment = _comment(found, cell.comment)


def is_marked(book: Workbook) -> bool:
    """Whether an earlier return has left its sheets in it."""
    return LIST_SHEET in book.sheetnames or FORMER_LOOKS in book.sheetnames


def unmarked(book: Workbook) -> None:
    """Takes off whatever an earlier return put on; without one nothing changes."""
    former = _former_looks(book)
    for name in (LIST_SHEET, FORMER_LOOKS):
        if name in book.sheetnames and len(book.sheetnames) > 1:
            del book[name]
    for sheet in book.worksheets:
        # Only cells that are there: going by rows would make a cell for every place up to the last one.
        for cell in list(sheet._cells.values()):  # noqa: SLF001
            if isinstance(cell, Cell):
                _unmark(cell, former.get((sheet.title, cell.coordinate)))


def copy_look(source: Cell | MergedCell, target: Cell | MergedCell, *parts: str) -> None:
    """Gives a cell the named parts (`fill`, `protection` …) of another cell's look."""
    for part in parts:
        setattr(target, part, copy(getattr(source, part)))


def _place_of(sheets: Mapping[str, Worksheet], finding: Finding) -> tuple[str, str] | None:
    """(sheet, cell) to mark, of merged cells the one that shows; None where there is no such cell."""
    title, at = finding.sheet or "", finding.cell or ""
    if title not in sheets or cell_position(at) is None:
        return None
    merged = next((area for area in sheets[title].merged_cells.ranges if at in area), None)
    return title, at if merged is None else merged.start_cell.coordinate


def _locked_by_form(sheet: Worksheet, cell: Cell, findings: Iterable[Finding]) -> list[Cell]:
    """Cells that must open so that the error can be put right: what the form has filled in for people."""
    of_a_person = any(one.code.startswith(_OF_A_PERSON) for one in findings)
    cells = sheet[cell.row] if of_a_person else (cell,)
    return [
        one
        for one in cells
        if isinstance(one, Cell) and one.value is not None and one.data_type != "f" and one.protection.locked
    ]


def _keep_look(former: Worksheet, sheet: Worksheet, cell: Cell) -> None:
    kept = former.cell(former.max_row + 1, 3, "原样")
    copy_look(cell, kept, "fill", "protection")
    for column, text in enumerate((sheet.title, cell.coordinate), 1):
        former.cell(kept.row, column, text).data_type = "s"


def _former_looks(book: Workbook) -> dict[tuple[str, str], Cell]:
    """The first look that was kept of each cell."""
    looks: dict[tuple[str, str], Cell] = {}
    if FORMER_LOOKS in book.sheetnames:
        for sheet, cell, style in book[FORMER_LOOKS].iter_rows(min_row=2, max_col=3):
            if isinstance(style, Cell):
                looks.setdefault((str(sheet.value), str(cell.value)), style)
    return looks


def _unmark(cell: Cell, former: Cell | None) -> None:
    comment = cell.comment
    is_ours = comment is not None and (
        comment.author == AUTHOR or comment.text.startswith(tuple(_FIRST_LINES.values()))
    )
    # The legend of the form shows our colours for good: it is locked, never listed, and has no comment.
    if former is not None or is_ours or not cell.protection.locked:
        _clear_colour(cell, former)
    if former is not None:
        copy_look(former, cell, "protection")
    if comment is not None:
        _, _, theirs = comment.text.partition(_THEIRS) if is_ours else ("", "", comment.text)
        cell.comment = _sized(theirs, "" if is_ours else comment.author) if theirs else None


def _clear_colour(cell: Cell, former: Cell | None) -> None:
    if cell.fill.fill_type == "solid" and cell.fill.start_color.rgb in _OUR_COLOURS:
        cell.fill = PatternFill()
        if former is not None:
            copy_look(former, cell, "fill")


_OUR_COLOURS = frozenset(alpha + colour for colour in _COLOURS.values() for alpha in ("00", "FF"))


def _comment(findings: Sequence[Finding], existing: Comment | None) -> Comment:
    """All that is to be said of one cell, errors first."""
    ordered = sorted(findings, key=lambda one: not one.is_error)
    lines = [f"{one.message}{one.remedy}" for one in ordered]
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


_TEXTS = re.compile(r"xl/(sharedstrings|worksheets/[^/]+)\.xml", re.IGNORECASE)
_TEXT = re.compile(rb"<((?:\w+:)?(?:si|is))>.*?</\1>", re.DOTALL)
_ESCAPED_LINE, _SHIELDED_LINE = b"x005F_", b"xx005F_005F_"
_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")

_STYLES = re.compile(r"xl/styles\.xml", re.IGNORECASE)
_FONT = re.compile(rb"<font>(.*?)</font>", re.DOTALL)
_PART_OF_FONT = re.compile(rb"<(\w+)(?:\s[^>]*)?/>")
_FONT_ORDER = tuple(
    b"b i strike condense extend outline shadow u vertAlign sz color name family charset scheme".split()
)
"""As ISO/IEC 29500 lists them; Excel itself takes any order, stricter readers only this one."""


def literal(text: str) -> str:
    """A text as a cell or comment must hold it, lest `_x0041_` in it be read as the letter A."""
    return _ESCAPE.sub("_x005F_", text)


def texts_shielded(workbook: bytes) -> bytes:
    """The workbook with its escaped texts so written that openpyxl keeps the escape.

    It removes `x005F_` on reading and does not put it back on writing, so that a text `_x0041_` would
    come back as A. What it removes is therefore written twice, one in the other.
    """

    def shielded(part: bytes) -> bytes:
        return _TEXT.sub(lambda text: text[0].replace(_ESCAPED_LINE, _SHIELDED_LINE), part)

    return _with_parts(workbook, _TEXTS, _ESCAPED_LINE, shielded)


def with_fonts_in_order(workbook: bytes) -> bytes:
    """The workbook as openpyxl wrote it, what makes up each font in the standard's order."""

    def ordered(part: bytes) -> bytes:
        return _FONT.sub(lambda font: b"<font>" + _in_order(font[1]) + b"</font>", part)

    return _with_parts(workbook, _STYLES, b"<font>", ordered)


def _in_order(font: bytes) -> bytes:
    parts = sorted(_PART_OF_FONT.finditer(font), key=lambda part: _FONT_ORDER.index(part[1]))
    return b"".join(part[0] for part in parts)


def _with_parts(
    workbook: bytes, names: re.Pattern[str], holding: bytes, changed: Callable[[bytes], bytes]
) -> bytes:
    """The package with some of its parts changed; as it is where none of them holds what it is about."""
    with zipfile.ZipFile(io.BytesIO(workbook)) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    told = {name: part for name, part in parts.items() if names.fullmatch(name) and holding in part}
    if not told:
        return workbook
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as target:
        for name, part in parts.items():
            target.writestr(name, changed(part) if name in told else part)
    return out.getvalue()
