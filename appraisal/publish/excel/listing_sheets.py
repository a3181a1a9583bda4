"""The sheets that lists stand on, one alone or several under one another, and the workbook of them.

Of several, one keeps its widths nearly, and its columns end where those of the others do wherever that serves: what is between
takes several columns of the sheet, as cells that are joined.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from itertools import pairwise
from math import inf

from appraisal.publish.excel import styles
from appraisal.publish.excel.book import Book, BulkWorksheet, set_widths
from appraisal.publish.excel.listing import ListSheet, Place, heights_of, write_list
from appraisal.publish.excel.pages import page_of, print_on_a4, widen_paper

_LEAST, _MOST = 0.8, 2.0
"""How much narrower and wider than it asks for a column may be."""

_GAP = 15.0
"""Points between two lists: an empty row, as high as programs make it."""

_SHRINKS = (1.0, 1.05, 1.1, 1.15, 1.2)
"""So much more than a page holds is printed smaller, where that saves a page."""

_SMALLEST = 60
"""Percent: lists that would print smaller do not share a page."""

_LONG = 60
"""A list of more rows takes pages of its own."""


def write_listing(book: Book, listing: ListSheet) -> BulkWorksheet:
    """The list on a sheet of its own, behind those there are; rows and columns as `listing` says."""
    sheet = book.formula_sheet(listing.name)
    widths = [column.width for column in listing.columns]
    set_widths(sheet, widths)
    write_list(sheet, book, listing)
    sheet.freeze_panes(listing.header_row, listing.frozen)
    print_on_a4(
        sheet,
        title=listing.title,
        landscape=listing.landscape,
        repeat=(listing.header_row - 1, listing.header_row - 1),
        one_page=listing.one_page,
    )
    printed = len(widths) - listing.unprinted
    if listing.landscape:
        widen_paper(sheet, widths[:printed])
    if listing.unprinted:
        sheet.print_area(0, 0, listing.end - 1, printed - 1)
    return sheet


def stacked(listings: Sequence[ListSheet], sheet: str) -> tuple[list[ListSheet], list[float]]:
    """The lists in their places on the sheet, each below the one before; and the widths of the sheet's columns."""
    edges: set[float] = {0.0}
    ends = []
    kept = 0.0
    for listing in listings:
        ends.append((0.0, *_ends([column.width for column in listing.columns], edges, kept)))
        edges.update(ends[-1])
        kept = max(kept, ends[-1][-1] if listing.keeps_columns else 0.0)
    every = sorted(edges)
    number = {edge: index for index, edge in enumerate(every, 1)}
    placed: list[ListSheet] = []
    row = 1
    for listing, its in zip(listings, ends, strict=True):
        columns = [
            replace(column, width=end - begin)
            for column, (begin, end) in zip(listing.columns, pairwise(its), strict=True)
        ]
        place = Place(sheet, row, [number[edge] for edge in its])
        placed.append(replace(listing, table=replace(listing.table, columns=columns), place=place))
        row = placed[-1].end + listing.room + 2
    return placed, [end - begin for begin, end in pairwise(every)]


def _ends(widths: Sequence[float], edges: Collection[float], kept: float) -> tuple[float, ...]:
    """Where columns of about these widths end: at edges that are there, unless that stretches them too much.

    Up to `kept` at no others.
    """

    @cache
    def best(index: int, begin: float) -> tuple[float, tuple[float, ...]]:
        if index == len(widths):
            return 0.0, ()
        wide = widths[index]
        there = [edge for edge in edges if edge >= begin + _LEAST * wide]
        ends = [edge for edge in there if edge <= begin + _MOST * wide]
        ends.append(begin + wide if begin + wide >= kept else min(there))
        ways = []
        for end in ends:
            cost, others = best(index + 1, end)
            ways.append((cost + abs(end - begin - wide) / wide + (end not in edges), (end, *others)))
        return min(ways)

    return best(0, 0.0)[1]


def listings_workbook(listings: Iterable[ListSheet], created: date) -> bytes:
    """A workbook of these lists: each below the one before while both stand on one page, else on a sheet of its own.

    The empty ones are a line each on the first sheet; the same values give the same bytes.
    """
    first, *others = listings
    empty = [f"{listing.name}：{listing.empty}" for listing in others if not listing.rows]
    sheets = [[first]]
    for listing in others:
        if listing.rows and fit_on_a_page(
            [*sheets[-1], listing], lines=len(empty) if sheets[-1][0] is first else 0
        ):
            sheets[-1].append(listing)
        elif listing.rows:
            sheets.append([listing])
    book = Book()
    for lists in sheets:
        placed: Sequence[ListSheet] = lists
        if len(lists) == 1:
            sheet = write_listing(book, lists[0])
        else:
            sheet, placed = write_stack(book, lists, lists[0].name)
        if lists[0] is not first:
            continue
        row = placed[-1].end
        for line in empty:
            row += 2
            sheet.text(row, 1, line, styles.small_print(book))
        if first.unprinted:
            last = max(listing.begins[-1 - listing.unprinted] for listing in placed) - 1
            sheet.print_area(0, 0, row - 1, last - 1)
    return book.finished(created=created)


def write_stack(
    book: Book, listings: Sequence[ListSheet], name: str
) -> tuple[BulkWorksheet, Sequence[ListSheet]]:
    """The lists on a new sheet, in their places: on one page or on as few as they take, none begun at the foot of one."""
    placed, widths = stacked(listings, name)
    sheet = book.formula_sheet(name)
    set_widths(sheet, widths)
    for listing in placed:
        write_list(sheet, book, listing)
    landscape = _is_wide(listings)
    scale, room = page_of(widths, landscape=landscape)
    is_one_page = sum(map(_height, placed)) <= room * _SHRINKS[-1]
    print_on_a4(sheet, title=placed[0].title, landscape=landscape, one_page=is_one_page)
    if not is_one_page:
        breaks = {by: list(_breaks(placed, room * by)) for by in _SHRINKS}
        least = min(breaks, key=lambda by: (len(breaks[by]), by))
        sheet.set_print_scale(int(scale / least))
        sheet.set_h_pagebreaks(breaks[least])
    return sheet, placed


def _breaks(placed: Sequence[ListSheet], room: float) -> Iterator[int]:
    """The rows above which a page ends: a list that fits on a page stands on one, any other begins one."""
    used = 0.0
    for listing in placed:
        height = _height(listing)
        if used and used + height > room:
            yield listing.row - 1
            used = 0.0
        used = (used + height) % room


def fit_on_a_page(listings: Sequence[ListSheet], *, lines: int = 0) -> bool:
    """Whether they stand on one page, with so many lines besides."""
    if any(len(listing.rows) > _LONG for listing in listings):
        return False
    placed, widths = stacked(listings, "")
    scale, room = page_of(widths, landscape=_is_wide(listings))
    shrinks = (sum(map(_height, placed)) + lines * 2 * _GAP) / room if room else inf
    return shrinks <= _SHRINKS[-1] and scale / max(1, shrinks) >= _SMALLEST


def _is_wide(listings: Iterable[ListSheet]) -> bool:
    return any(listing.landscape for listing in listings)


def _height(listing: ListSheet) -> float:
    """In points, with the room and the gap below it."""
    return sum(heights_of(listing)) + listing.room * _GAP + _GAP
