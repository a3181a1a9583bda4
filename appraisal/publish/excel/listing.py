"""A sheet that lists things: title, notes, one header row, rows, living totals; to filter, sort and print."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import Enum, auto

from xlsxwriter.format import Format

from appraisal.publish.excel import styles, theme
from appraisal.publish.excel.book import Book, print_on_a4
from appraisal.publish.excel.worksheet import csv_text
from appraisal.publish.result.layout import LivingSheet, living_sheet
from appraisal.xlsx.grid import column_name

NOTHING = "—"
"""Stands where a number or a date is not known; missing is never 0."""

_LINE_HEIGHT = 15


class Shown(Enum):
    """How the values of a column look."""

    TEXT = auto()
    STRONG = auto()
    CENTRED = auto()
    WRAPPED = auto()
    COUNT = auto()
    SCORE = auto()
    CHANGE = auto()
    PLACES = auto()
    MONEY = auto()
    DAY = auto()
    DEADLINE = auto()


_FORMATS = {
    Shown.COUNT: "0",
    Shown.SCORE: "0.00",
    Shown.CHANGE: "+0.00;−0.00;0.00",
    Shown.PLACES: '"↑"0;"↓"0;"持平"',
    Shown.MONEY: "+#,##0.00;−#,##0.00;0.00",
    Shown.DAY: "yyyy-mm-dd",
    Shown.DEADLINE: '[$-804]yyyy"年"m"月"d"日（"aaaa"）"',
}
_CENTRED = {Shown.CENTRED, Shown.COUNT, Shown.PLACES, Shown.DAY, Shown.DEADLINE}


@dataclass(frozen=True, slots=True)
class ListColumn:
    """Its header, its width in characters, and how its values look."""

    header: str
    width: float
    shown: Shown = Shown.TEXT


WHO = (ListColumn("考核组", 16, Shown.STRONG), ListColumn("工号", 11), ListColumn("姓名", 11))
"""How a list of people begins."""


@dataclass(frozen=True, slots=True)
class Computed:
    """A formula over the columns by their headers, and what it comes to.

    In a row `{应参评}` is the cell of that row; in the totals it is the whole column.
    """

    formula: str
    value: Decimal | int | str


Value = str | int | Decimal | date | Computed | None


@dataclass(frozen=True, slots=True)
class ListSheet:
    """One sheet. `lead` is what the list comes to, `notes` how to read it, both a line each.

    `totals` are by header; `empty` is the sentence that stands there without any row. The numbers of the
    column `urgent` are shown in red: what they count has to be put right. The last `unprinted` columns are for programs
    and whoever looks things up: they are not printed.
    """

    name: str
    title: str
    columns: Sequence[ListColumn]
    rows: Sequence[Sequence[Value]]
    lead: Sequence[str] = ()
    notes: Sequence[str] = ()
    totals: Mapping[str, Value] = field(default_factory=dict)
    empty: str = "没有记录。"
    frozen: int = 0
    landscape: bool = True
    one_page: bool = False
    urgent: str | None = None
    unprinted: int = 0

    @property
    def header_row(self) -> int:
        return 2 + len(self.lead) + len(self.notes)

    @property
    def first_row(self) -> int:
        return self.header_row + 1

    @property
    def last_row(self) -> int:
        return self.header_row + max(len(self.rows), 1)

    @property
    def end(self) -> int:
        """The last row that is written, totals included."""
        return self.last_row + bool(self.totals)

    def all_of(self, header: str) -> str:
        """The column from the first row to the last, as a formula of any sheet names it."""
        letters = self._letters(header)
        return f"'{self.name}'!${letters}${self.first_row}:${letters}${self.last_row}"

    def cell_of(self, header: str, row: int) -> str:
        return f"${self._letters(header)}{row}"

    def at(self, header: str) -> int:
        """The column's number from 0."""
        return next(at for at, one in enumerate(self.columns) if one.header == header)

    def _letters(self, header: str) -> str:
        return column_name(self.at(header) + 1)


def listings_workbook(listings: Iterable[ListSheet], created: date) -> bytes:
    """A workbook of these sheets, the empty ones a line each under the first; the same values give the same bytes."""
    book = Book()
    first, *others = listings
    sheet = write_listing(book, first)
    row = first.end
    for one in others:
        if one.rows:
            write_listing(book, one)
        else:
            row += 2
            sheet.text(row, 1, f"{one.name}：{one.empty}", styles.note(book))
    _print_without(sheet, first, row)
    return book.finished(created=created)


def _print_without(sheet: LivingSheet, listing: ListSheet, last_row: int) -> None:
    """Down to the row, all but the columns that are not printed."""
    if listing.unprinted:
        sheet.print_area(0, 0, last_row - 1, len(listing.columns) - listing.unprinted - 1)


def rows_as_csv(columns: Sequence[ListColumn], rows: Iterable[Sequence[Value]]) -> bytes:
    """The rows for a program: UTF-8 with its mark, dates and months as ISO writes them."""
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(column.header for column in columns)
    for row in rows:
        writer.writerow(csv_text(value) if isinstance(value, str) else value for value in row)
    return written.getvalue().encode("utf-8-sig", "backslashreplace")


def write_listing(book: Book, listing: ListSheet) -> LivingSheet:
    """The sheet, behind those there are; rows and columns as `listing` says."""
    sheet = living_sheet(book, listing.name)
    sheet.text(1, 1, listing.title, styles.title(book))
    sheet.set_row(0, 30)
    _write_lines(sheet, book, listing)
    _write_table(sheet, book, listing)
    sheet.freeze_panes(listing.header_row, listing.frozen)
    print_on_a4(
        sheet,
        title=listing.title,
        landscape=listing.landscape,
        repeat=(listing.header_row - 1, listing.header_row - 1),
        one_page=listing.one_page,
    )
    _print_without(sheet, listing, listing.end)
    if listing.urgent:
        _mark_urgent(sheet, book, listing, listing.urgent)
    return sheet


def _write_lines(sheet: LivingSheet, book: Book, listing: ListSheet) -> None:
    """Lead and notes, each over all columns."""
    wide = sum(column.width for column in listing.columns)
    told = [(line, book.style(text_wrap=True)) for line in listing.lead]
    told += [(line, styles.note(book, text_wrap=True)) for line in listing.notes]
    for row, (line, style) in enumerate(told, 2):
        sheet.block(row, 1, row, len(listing.columns), line, style)
        sheet.set_row(row - 1, _LINE_HEIGHT * math.ceil(theme.text_width(line) / wide) + 3)


def _write_table(sheet: LivingSheet, book: Book, listing: ListSheet) -> None:
    for number, column in enumerate(listing.columns, 1):
        sheet.set_column(number - 1, number - 1, column.width)
        sheet.text(listing.header_row, number, column.header, styles.header(book))
    sheet.set_row(listing.header_row - 1, theme.HEADER_HEIGHT)
    style_of = {column.shown: _style(book, column.shown) for column in listing.columns}
    looks = [(style_of[column.shown], column.shown in _FORMATS) for column in listing.columns]
    rooms = {at: _room(one) for at, one in enumerate(listing.columns) if one.shown is Shown.WRAPPED}
    letters = {column.header: column_name(at) for at, column in enumerate(listing.columns, 1)}
    for row, values in enumerate(listing.rows, listing.first_row):
        sheet.set_row(row - 1, _height(rooms, values))
        _write_row(sheet, letters, row, zip(values, looks, strict=True))
    if not listing.rows:
        sheet.text(listing.first_row, 1, listing.empty, styles.note(book))
        return
    sheet.autofilter(listing.header_row - 1, 0, listing.last_row - 1, len(listing.columns) - 1)
    if listing.totals:
        _write_totals(sheet, book, listing)


def _write_totals(sheet: LivingSheet, book: Book, listing: ListSheet) -> None:
    row = listing.end
    sheet.set_row(row - 1, theme.ROW_HEIGHT)
    ranges = {one.header: listing.all_of(one.header).split("!")[1] for one in listing.columns}
    for number, column in enumerate(listing.columns, 1):
        value = listing.totals.get(column.header)
        inset = {} if column.shown in _CENTRED else {"indent": 1}
        style = styles.foot(
            book, _FORMATS.get(column.shown, "General"), align=_alignment(column.shown), **inset
        )
        if isinstance(value, Computed):
            sheet.formula(row, number, value.formula.format_map(ranges), style, value.value)
        elif isinstance(value, str):
            sheet.text(row, number, value, style)
        else:
            sheet.blank(row, number, style)


def _mark_urgent(sheet: LivingSheet, book: Book, listing: ListSheet, header: str) -> None:
    column = listing.at(header)
    first = listing.cell_of(header, listing.first_row)
    red = book.style(bold=True, font_color=theme.hexed(theme.WRONG))
    rule = {"type": "formula", "criteria": f"=ISNUMBER({first})", "format": red}
    sheet.conditional_format(listing.first_row - 1, column, listing.last_row - 1, column, rule)


def _write_row(
    sheet: LivingSheet,
    letters: Mapping[str, str],
    row: int,
    cells: Iterable[tuple[Value, tuple[Format, bool]]],
) -> None:
    """Each value in its column's style, with whether it should be a figure: one that is not known shows as such."""
    plain: list[tuple[int, str | Decimal | int | None, Format]] = []
    in_row: dict[str, str] = {}
    for at, (value, (style, is_figure)) in enumerate(cells):
        if isinstance(value, str):
            plain.append((at, _storable(value) or None, style))
        elif value is None:
            plain.append((at, NOTHING if is_figure else None, style))
        elif isinstance(value, Computed):
            in_row = in_row or {header: f"${column}{row}" for header, column in letters.items()}
            sheet.formula(row, at + 1, value.formula.format_map(in_row), style, value.value)
        elif isinstance(value, date):
            sheet.write_datetime(row - 1, at, value, style)
        else:
            plain.append((at, value, style))
    sheet.write_cells(row - 1, plain)


def _storable(text: str) -> str:
    """Names of dropped files may hold lone surrogates, which no document takes."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _style(book: Book, shown: Shown) -> Format:
    """The cell format of a column's values."""
    properties: dict[str, object] = {"align": _alignment(shown)}
    if shown not in _CENTRED:
        properties["indent"] = 1
    if shown is Shown.WRAPPED:
        properties |= {"text_wrap": True, "font_size": theme.NOTE_SIZE}
    if shown in {Shown.TEXT, Shown.STRONG}:
        properties |= {"shrink": True, "bold": shown is Shown.STRONG}  # the longest names stay whole
    if shown in _FORMATS:
        properties["num_format"] = _FORMATS[shown]
    return styles.body(book, **properties)


def _alignment(shown: Shown) -> str:
    if shown in _CENTRED:
        return "center"
    return "right" if shown in _FORMATS else "left"


def _height(rooms: Mapping[int, float], values: Sequence[Value]) -> float:
    """High enough for the cell that takes most lines; programs do not work it out themselves on opening.

    `rooms` are the columns that wrap, by number from 0.
    """
    lines = [
        sum(max(1, math.ceil(theme.text_width(part) / room)) for part in value.split("\n"))
        for at, room in rooms.items()
        if isinstance(value := values[at], str) and value
    ]
    return max(theme.ROW_HEIGHT, _LINE_HEIGHT * max(lines, default=1) + 5)


def _room(column: ListColumn) -> float:
    """How much of the small type fits into a line of the column, its inset taken off."""
    return (column.width - 2) * theme.BODY_SIZE / theme.NOTE_SIZE
