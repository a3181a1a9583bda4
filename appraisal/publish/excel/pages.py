"""How sheets print: on which paper, how large, where pages break.

A sheet wider than a page breaks where a reader expects it, and prints no smaller than need be.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from math import ceil

from xlsxwriter.worksheet import Worksheet

from appraisal.publish.excel import theme
from appraisal.publish.excel.book import BulkWorksheet


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
"""What is used on the screen, forms and lists, prints no smaller than in this part of its size, if that can be helped."""

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
