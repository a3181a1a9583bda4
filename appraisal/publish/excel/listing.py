"""A list on a sheet: title, notes, one header row, rows, living totals; alone on it, to filter and sort as well."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import Enum, auto
from itertools import pairwise
from typing import Any, Generic, Protocol, TypeVar

from xlsxwriter.format import Format

from appraisal.publish.excel import styles, theme
from appraisal.publish.excel.book import Book, BulkWorksheet
from appraisal.publish.excel.formula_injection import csv_text
from appraisal.xlsx.grid import column_name

NOTHING = "—"
"""Stands where a number or a date is not known; missing is never 0."""

_LINE_HEIGHT = 15


class Shown(Enum):
    """How the values of a column look."""

    TEXT = auto()
    NAME = auto()
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
_WRAPPED = {Shown.WRAPPED: theme.NOTE_SIZE, Shown.NAME: theme.BODY_SIZE}
_CENTRED = {Shown.CENTRED, Shown.COUNT, Shown.PLACES, Shown.DAY, Shown.DEADLINE}


@dataclass(frozen=True, slots=True)
class ColumnFormat:
    """A column's header, its width in characters, and how its values are shown."""

    header: str
    width: float
    shown: Shown = Shown.TEXT


@dataclass(frozen=True, slots=True)
class Computed:
    """A formula over the columns by their headers, and what it comes to.

    In a row `{应参评}` is the cell of that row; in the totals it is the whole column.
    """

    formula: str
    value: Decimal | int | str


Value = str | int | Decimal | date | Computed | None
Record_contra = TypeVar("Record_contra", contravariant=True)


@dataclass(frozen=True, slots=True)
class ListColumn(Generic[Record_contra]):
    """A column of a list of records: its header, what stands in the row of each, its width, and how that looks."""

    header: str
    value: Callable[[Record_contra], Value]
    width: float
    shown: Shown = Shown.TEXT


Columns = Sequence[ListColumn[Record_contra]]


class _OfPerson(Protocol):
    @property
    def group(self) -> str: ...
    @property
    def staff(self) -> str: ...
    @property
    def name(self) -> str: ...


WHO: Columns[_OfPerson] = (
    ListColumn("考核组", lambda person: person.group, 16, Shown.STRONG),
    ListColumn("工号", lambda person: person.staff, 11),
    ListColumn("姓名", lambda person: person.name, 11, Shown.NAME),
)
"""How a list of people begins."""


@dataclass(frozen=True, slots=True)
class ListTable:
    """What a list says: a value in each row for each of the columns."""

    columns: Sequence[ColumnFormat]
    rows: Sequence[Sequence[Value]]


def listed(records: Iterable[Record_contra], columns: Columns[Record_contra]) -> ListTable:
    """The records as rows of values: another process can write them, as the columns' functions stay here."""
    formats = [ColumnFormat(column.header, column.width, column.shown) for column in columns]
    return ListTable(formats, [[column.value(record) for column in columns] for record in records])


@dataclass(frozen=True, slots=True)
class Place:
    """Where a list stands on a sheet that it shares: its row, and where its columns begin and the last ends (from 1)."""

    sheet: str
    row: int
    columns: Sequence[int]


@dataclass(frozen=True, slots=True)
class ListSheet:
    """One list. `lead` is what it comes to, `notes` how to read it, both a line each.

    `title` stands over a list that begins a sheet, its name over any other. `totals` are by header; `empty` is the
    sentence that stands there without any row. The numbers of the column `urgent` are shown in red: what they count
    has to be put right. The last `unprinted` columns are for programs and whoever looks things up: they are not
    printed. `room` are the rows left free below it for a chart. With `keeps_columns` each of its columns is one column of
    the sheet, so that charts and other lists can refer to it. Without a `place` it has a sheet of its own.
    """

    name: str
    table: ListTable
    title: str = ""
    lead: Sequence[str] = ()
    notes: Sequence[str] = ()
    totals: Mapping[str, Value] = field(default_factory=dict)
    empty: str = "没有记录。"
    frozen: int = 0
    landscape: bool = True
    one_page: bool = False
    urgent: str | None = None
    unprinted: int = 0
    room: int = 0
    keeps_columns: bool = False
    place: Place | None = None

    @property
    def columns(self) -> Sequence[ColumnFormat]:
        return self.table.columns

    @property
    def rows(self) -> Sequence[Sequence[Value]]:
        return self.table.rows

    @property
    def sheet(self) -> str:
        return self.place.sheet if self.place else self.name

    @property
    def row(self) -> int:
        return self.place.row if self.place else 1

    @property
    def header_row(self) -> int:
        return self.row + 1 + len(self.lead) + len(self.notes)

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

    @property
    def begins(self) -> Sequence[int]:
        """The columns of the sheet (from 1) in which its own begin; then the one behind it."""
        return self.place.columns if self.place else range(1, len(self.columns) + 2)

    @property
    def joined(self) -> list[tuple[int, int, int]]:
        """Its columns (from 0) that take several of the sheet: with the first and last of them."""
        spans = enumerate(pairwise(self.begins))
        return [(index, first, behind - 1) for index, (first, behind) in spans if first < behind - 1]

    def all_of(self, header: str) -> str:
        """The column from the first row to the last, as a formula of any sheet names it."""
        letters = self.letters_of(header)
        return f"'{self.sheet}'!${letters}${self.first_row}:${letters}${self.last_row}"

    def letters_of(self, header: str) -> str:
        return column_name(self.column_of(header))

    def column_of(self, header: str) -> int:
        """The sheet's column in which it begins, from 1."""
        return next(
            begin for begin, column in zip(self.begins, self.columns, strict=False) if column.header == header
        )


def as_csv(table: ListTable) -> bytes:
    """The table for a program: UTF-8 with its mark, dates and months as ISO writes them."""
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(column.header for column in table.columns)
    for row in table.rows:
        writer.writerow(csv_text(value) if isinstance(value, str) else value for value in row)
    return written.getvalue().encode("utf-8-sig", "backslashreplace")


def write_list(sheet: BulkWorksheet, book: Book, listing: ListSheet) -> None:
    """The list in its place; with the filter of the sheet where the list begins it and takes a column for each."""
    for row, height in enumerate(heights_of(listing), listing.row):
        sheet.set_row(row - 1, height)
    if listing.row == 1:
        sheet.text(1, 1, listing.title or listing.name, styles.title(book))
    else:
        heading = book.style(bold=True, font_size=theme.HEADING_SIZE)
        sheet.text(listing.row, 1, listing.name, heading)
    texts = [(line, book.style(text_wrap=True)) for line in listing.lead]
    texts += [(line, styles.small_print(book, text_wrap=True)) for line in listing.notes]
    for row, (line, style) in enumerate(texts, listing.row + 1):
        sheet.block(row, 1, row, listing.begins[-1] - 1, line, style)
    _write_table(sheet, book, listing)
    if listing.urgent:
        _mark_urgent(sheet, book, listing, listing.urgent)


def heights_of(listing: ListSheet) -> list[float]:
    """Of its rows in points, from the title to the last; programs do not work them out themselves on opening."""
    wide = sum(column.width for column in listing.columns)
    lines = [
        _LINE_HEIGHT * math.ceil(theme.text_width(line) / wide) + 3
        for line in (*listing.lead, *listing.notes)
    ]
    rooms = {index: _room(column) for index, column in enumerate(listing.columns) if column.shown in _WRAPPED}
    rows = [_height(rooms, values) for values in listing.rows] or [theme.ROW_HEIGHT]
    totals = [theme.ROW_HEIGHT] * bool(listing.totals)
    return [30 if listing.row == 1 else 24, *lines, theme.HEADER_HEIGHT, *rows, *totals]


def _write_table(sheet: BulkWorksheet, book: Book, listing: ListSheet) -> None:
    header = styles.header(book)
    _join(sheet, listing, listing.header_row, [header] * len(listing.columns))
    for number, column in zip(listing.begins, listing.columns, strict=False):
        sheet.text(listing.header_row, number, column.header, header)
    if not listing.rows:
        sheet.text(listing.first_row, 1, listing.empty, styles.small_print(book))
        return
    style_of = {column.shown: _style(book, column.shown) for column in listing.columns}
    formats = [style_of[column.shown] for column in listing.columns]
    columns = [
        (first, style, column.shown in _FORMATS)
        for first, style, column in zip(listing.begins, formats, listing.columns, strict=False)
    ]
    letters = {column.header: listing.letters_of(column.header) for column in listing.columns}
    for row, values in enumerate(listing.rows, listing.first_row):
        _join(sheet, listing, row, formats)
        _write_row(sheet, letters, row, zip(values, columns, strict=True))
    if listing.row == 1 and not listing.joined:
        sheet.autofilter(listing.header_row - 1, 0, listing.last_row - 1, len(listing.columns) - 1)
    if listing.totals:
        _write_totals(sheet, book, listing)


def _join(sheet: BulkWorksheet, listing: ListSheet, row: int, formats: Sequence[Format]) -> None:
    """The cells of each column that takes several of the sheet's; what stands in it comes afterwards."""
    for index, first, last in listing.joined:
        sheet.block(row, first, row, last, "", formats[index])


def _write_totals(sheet: BulkWorksheet, book: Book, listing: ListSheet) -> None:
    row = listing.end
    ranges = {column.header: listing.all_of(column.header).split("!")[1] for column in listing.columns}
    formats = [
        styles.foot(book, _FORMATS.get(column.shown, "General"), **_alignment(column.shown))
        for column in listing.columns
    ]
    _join(sheet, listing, row, formats)
    for number, column, style in zip(listing.begins, listing.columns, formats, strict=False):
        value = listing.totals.get(column.header)
        if isinstance(value, Computed):
            sheet.formula(row, number, value.formula.format_map(ranges), style, value.value)
        elif isinstance(value, str):
            sheet.text(row, number, value, style)
        else:
            sheet.blank(row, number, style)


def _mark_urgent(sheet: BulkWorksheet, book: Book, listing: ListSheet, header: str) -> None:
    column = listing.column_of(header) - 1
    first = f"${listing.letters_of(header)}{listing.first_row}"
    red = book.style(bold=True, font_color=theme.hexed(theme.WRONG))
    rule = {"type": "formula", "criteria": f"=ISNUMBER({first})", "format": red}
    sheet.conditional_format(listing.first_row - 1, column, listing.last_row - 1, column, rule)


def _write_row(
    sheet: BulkWorksheet,
    letters: Mapping[str, str],
    row: int,
    cells: Iterable[tuple[Value, tuple[int, Format, bool]]],
) -> None:
    """Each value in its column and style, with whether it should be a figure: one that is not known shows as such."""
    plain: list[tuple[int, str | Decimal | int | None, Format]] = []
    in_row: dict[str, str] = {}
    for value, (number, style, is_figure) in cells:
        if isinstance(value, str):
            plain.append((number - 1, _storable(value) or None, style))
        elif value is None:
            plain.append((number - 1, NOTHING if is_figure else None, style))
        elif isinstance(value, Computed):
            in_row = in_row or {header: f"${column}{row}" for header, column in letters.items()}
            sheet.formula(row, number, value.formula.format_map(in_row), style, value.value)
        elif isinstance(value, date):
            sheet.write_datetime(row - 1, number - 1, value, style)
        else:
            plain.append((number - 1, value, style))
    sheet.write_cells(row - 1, plain)


def _storable(text: str) -> str:
    """Names of dropped files may hold lone surrogates, which no document takes."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _style(book: Book, shown: Shown) -> Format:
    """The cell format of a column's values."""
    properties = _alignment(shown)
    if shown in _WRAPPED:
        properties |= {"text_wrap": True, "font_size": _WRAPPED[shown]}
    if shown in {Shown.TEXT, Shown.STRONG, Shown.CENTRED}:
        properties |= {"shrink": True, "bold": shown is Shown.STRONG}
    if shown in _FORMATS:
        properties["num_format"] = _FORMATS[shown]
    return styles.body(book, **properties)


def _alignment(shown: Shown) -> dict[str, Any]:
    if shown in _CENTRED:
        return {"align": "center"}
    return {"align": "right" if shown in _FORMATS else "left", "indent": 1}


def _height(rooms: Mapping[int, float], values: Sequence[Value]) -> float:
    """High enough for the cell that takes most lines; `rooms` are the columns that wrap, by number from 0."""
    lines = [
        sum(max(1, math.ceil(theme.text_width(part) / room)) for part in value.split("\n"))
        for index, room in rooms.items()
        if isinstance(value := values[index], str) and value
    ]
    return max(theme.ROW_HEIGHT, _LINE_HEIGHT * max(lines, default=1) + 5)


def _room(column: ColumnFormat) -> float:
    """How much of its type fits into a line of the column, its inset taken off."""
    return (column.width - 2) * theme.BODY_SIZE / _WRAPPED[column.shown]
