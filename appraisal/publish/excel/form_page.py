"""A page that people fill in, written from top to bottom; how a cell to fill looks and what it says; copies of forms.

XlsxWriter takes 2 to 3 ms for one page, nearly all of it for what never changes: styles, widths,
validations, compressing. So a form that differs from person to person by a few texts is written once a
process with a stand-in for each, and a copy is its parts with the texts in their places.

Only a text that XlsxWriter would put into the file as it is gets a stand-in. Any other (it would be
escaped, marked as quoted, cut, or left out) stands in the form itself, which then serves that text alone:
how a text is written is decided in one place.
"""

from __future__ import annotations

import io
import re
import secrets
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, partial
from math import ceil
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from appraisal.publish.excel import theme
from appraisal.publish.excel.book import Book, set_widths, write_across
from appraisal.publish.excel.formula_injection import is_like_formula
from appraisal.publish.excel.package import packed
from appraisal.publish.excel.pages import print_on_a4
from appraisal.publish.excel.styles import LABEL, STILL_ALLOWED, Style
from appraisal.scheme.forms.cells import Cell, CellType
from appraisal.scheme.model.units import number_text

Texts = Mapping[str, Any]
"""What a form says, by names that its writer knows. A number is part of the form."""

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
        for index, cell in enumerate(cells):
            label, columns = places[index % len(places)]
            row = self.row - 1 if index % len(places) else self.next_row(height)
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


CellRange = tuple[int, int, int, int]
"""First row, first column, last row, last column, from 0."""

_NUMBER_FORMATS = {
    CellType.TEXT: "@",
    CellType.IDENTITY: "@",
    CellType.CHOICE: "@",
    CellType.PERIOD: "@",  # or Excel turns 2026-11 into the 1st of November
    CellType.DATE: "yyyy-mm-dd",
    CellType.COUNT: "#,##0",
    CellType.MONEY: "#,##0.00",
    CellType.PERCENT: "0.00%",
}
_LONGEST_TITLE = 32
_LONGEST_MESSAGE = 255
"""Excel's limits for the messages of a cell."""


def cell_style(book: Book, cell: Cell, *, locked: bool, align: str | None = None) -> Format:
    """White and open where people write, grey and locked where the system has written.

    Numbers stand on the right, longer texts on the left, all else in the middle, or as `align` says.
    """
    is_text = cell.type is CellType.TEXT
    return book.style(
        num_format=_NUMBER_FORMATS.get(cell.type, "General"),
        align=align or ("right" if cell.type.is_number else "left" if is_text else "center"),
        text_wrap=is_text,
        border=1,
        border_color=theme.hexed(theme.GREY),
        bg_color=theme.hexed(theme.GREY_FAINT if locked else theme.INPUT),
        locked=locked,
    )


def guide(sheet: Worksheet, cells: CellRange, cell: Cell, *, source: str | None = None) -> None:
    """Gives the cells their drop-down or range, a message when selected and one when the entry is wrong.

    `source` is where the drop-down's choices stand, where they are not the cell's own.
    """
    rule = {"validate": "list", "source": source} if source else _rule(cell)
    if not rule and not cell.hint:
        return
    rule = rule or {"validate": "any"}
    if cell.hint:
        rule["input_title"] = cell.title[:_LONGEST_TITLE]
        rule["input_message"] = cell.hint[:_LONGEST_MESSAGE]
    rule["error_title"] = "请核对这一格"
    rule["error_message"] = "请从下拉选项中选择。" if source else _wrong(cell)[:_LONGEST_MESSAGE]
    sheet.data_validation(*cells, rule)


def _rule(cell: Cell) -> dict[str, Any]:
    if cell.choices:
        return {"validate": "list", "source": list(cell.choices)}
    if cell.type is CellType.DATE:
        return {"validate": "date", "criteria": ">=", "value": date(2000, 1, 1)}
    if not cell.type.is_number or cell.low is None:
        return {}
    kind = "integer" if cell.decimals == 0 else "decimal"
    if cell.high is None:
        return {"validate": kind, "criteria": ">=", "value": float(cell.low)}
    return {
        "validate": kind,
        "criteria": "between",
        "minimum": float(cell.low),
        "maximum": float(cell.high),
    }


def _wrong(cell: Cell) -> str:
    """What Excel says when the entry does not fit."""
    if cell.choices:
        return f"“{cell.title}”请从下拉选项中选择：{'、'.join(cell.choices)}。"
    if cell.type is CellType.DATE:
        return f"“{cell.title}”请填日期，例如 2026-12-05。"
    number = "整数" if cell.decimals == 0 else "数字"
    low = number_text(cell.low) if cell.low is not None else "0"
    reach = f"不小于 {low}" if cell.high is None else f"在 {low} 到 {number_text(cell.high)} 之间"
    return f"“{cell.title}”应为{number}，{reach}。{cell.hint}"


Writer = Callable[[Book, Texts], None]
"""A module's function that puts texts, each as a whole, into cells and headers.

Its form follows from which names there are and which texts are empty: it looks at no text otherwise.
"""

_AS_IT_IS = re.compile(r"(?!\s)(?!.*_x)[^\x00-\x1f&<>\ud800-\udfff\ufffe\uffff]{1,100}(?<!\s)")
"""No mark-up, no control character or `_x0001_` that stands for one, no space at an end; and so short that a
header has room for it."""

_MARK = secrets.token_hex(16)
"""Nobody can have typed it."""

_STAND_IN = re.compile(f"{_MARK}([0-9]+);".encode())


def filled_copy(write: Writer, texts: Texts, *, created: date, is_draft: bool = False) -> bytes:
    """The workbook that `new_workbook` gives, to whoever reads it; a text may be stored twice in it."""
    shape = tuple((name, _shown(place, text)) for place, (name, text) in enumerate(texts.items()))
    return _form(write, shape, created, is_draft=is_draft).copy(list(texts.values()))


def new_workbook(write: Writer, texts: Texts, *, created: date, is_draft: bool = False) -> bytes:
    """The workbook with these texts, written by `write`."""
    book = Book(is_draft=is_draft)
    write(book, texts)
    return book.finished(created=created)


def _shown(place: int, text: object) -> object:
    """What the form shows for the text at this place among all: a stand-in, or itself."""
    if isinstance(text, str) and _AS_IT_IS.fullmatch(text) and not is_like_formula(text):
        return f"{_MARK}{place};"
    return text


@dataclass(frozen=True, slots=True)
class _Form:
    """A written form: the parts without texts, packed, and the others in pieces around the texts' places."""

    same: bytes
    others: Mapping[str, tuple[Sequence[bytes], Sequence[int]]]
    created: date

    def copy(self, texts: Sequence[Any]) -> bytes:
        """The form with these texts in the places of their stand-ins."""
        parts = {}
        for name, (pieces, places) in self.others.items():
            filled = list(pieces)
            filled[1::2] = [texts[place].encode() for place in places]
            parts[name] = partial(io.BytesIO, b"".join(filled))
        return packed(parts, created=self.created, behind=self.same)


@lru_cache(maxsize=32)
def _form(write: Writer, shape: tuple[tuple[str, Any], ...], created: date, *, is_draft: bool) -> _Form:
    """The form of this shape, the same object within a process."""
    same, others = {}, {}
    with zipfile.ZipFile(
        io.BytesIO(new_workbook(write, dict(shape), created=created, is_draft=is_draft))
    ) as package:
        for name in package.namelist():
            part = package.read(name)
            pieces = _STAND_IN.split(part)
            if len(pieces) == 1:
                same[name] = partial(io.BytesIO, part)
            else:
                others[name] = (pieces, [int(place) for place in pieces[1::2]])
    return _Form(packed(same, created=created), others, created)
