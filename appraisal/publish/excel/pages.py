"""How sheets print: on which paper, how large, where pages break; and lists under one another on as few as they take.

A sheet wider than a page breaks where a reader expects it, and prints no smaller than need be. Of several lists, one keeps
its widths nearly, and its columns end where those of the others do wherever that serves: what is between takes several
columns of the sheet, as cells that are joined.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from itertools import combinations, pairwise
from math import ceil, inf

from xlsxwriter.worksheet import Worksheet

from appraisal.publish.excel import styles, theme
from appraisal.publish.excel.book import Book, BulkWorksheet, set_widths
from appraisal.publish.excel.listing import ListSheet, Place, heights_of, write_list


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


# ------------------------------------------------------------------- lists, alone or under one another

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
