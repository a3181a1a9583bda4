"""Sheets wider than a page: their heading, and breaks where a reader expects them, no smaller than need be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

from xlsxwriter.worksheet import Worksheet

from appraisal.publish.excel import styles
from appraisal.publish.excel.book import Book
from appraisal.publish.month import Month
from appraisal.publish.result.layout import LivingSheet


@dataclass(frozen=True, slots=True)
class _Paper:
    """Lying on its side, or upright: Excel's number, what fits between the margins across, in pixels, and down, in points.

    `legible` is how small it prints as long as there is larger paper or a place to break.
    """

    number: int
    across: int
    down: int
    legible: float


_A4, _A3 = _Paper(9, 1020, 495, 0.56), _Paper(8, 1485, 745, 0.5)
_A4_UPRIGHT = _Paper(9, 692, 740, 0.56)


_SAVES_A_PAGE = 0.87
"""So much smaller still, where that spares a page with a line or two."""


_CHARACTER_PIXELS = 8.5
"""The width of a character where our font is missing and a wider one stands in; else a little less."""


def print_across(
    sheet: Worksheet,
    widths: Sequence[float],
    breaks: Sequence[int],
    *,
    height: float | None = None,
    or_on_a3: bool = False,
) -> None:
    """On A4; where that is not legible on A3, if it may be; else on as many pages to the right as it takes.

    The first two columns stand on all. Pages end after some of the columns `breaks` (columns count from 1).
    `widths` are those of the printed columns. `height`, in points, is of what should end on a page.
    Follows `print_on_a4`.
    """
    sheet.repeat_columns(0, 1)
    is_wide = _pixels(widths) * _A4.legible > _A4.across
    paper = _A3 if or_on_a3 and is_wide else _A4
    sheet.set_paper(paper.number)
    used = _fewest(widths, breaks, paper)
    edges = [2, *used, len(widths)]
    identity = _pixels(widths[:2])
    widest = max(identity + _pixels(widths[first:last]) for first, last in pairwise(edges))
    scale = max(10, min(100, 100 * paper.across // widest))
    fitting = scale if height is None else int(100 * paper.down / height)
    saves_a_page = scale * _SAVES_A_PAGE <= fitting < scale
    if not used and not saves_a_page:
        return  # as wide as the page, as `print_on_a4` has it
    sheet.set_print_scale(fitting if saves_a_page else scale)
    sheet.set_v_pagebreaks(used)


def fits_on_a3(sheet: Worksheet, widths: Sequence[float], height: float) -> bool:
    """The whole sheet on one page of A3, where that is legible; else nothing is done. `height` is in points."""
    if max(_pixels(widths) / _A3.across, height / _A3.down) * _A3.legible > 1:
        return False
    sheet.set_paper(_A3.number)
    sheet.fit_to_pages(1, 1)
    return True


def page_of(widths: Sequence[float], *, landscape: bool) -> tuple[int, float]:
    """How large A4 prints a sheet as wide as the page, in percent, and the points of height that then stand on a page.

    0 points where it would not be legible.
    """
    paper = _A4 if landscape else _A4_UPRIGHT
    scale = min(1.0, paper.across / _pixels(widths))
    return int(100 * scale), paper.down / scale if scale >= paper.legible else 0.0


def _fewest(widths: Sequence[float], breaks: Sequence[int], paper: _Paper) -> list[int]:
    """As few of the breaks as make every page legible, or all; of equally few those with the narrowest pages."""
    identity = _pixels(widths[:2])

    def widest(used: tuple[int, ...]) -> int:
        return max(
            identity + _pixels(widths[first:last]) for first, last in pairwise([2, *used, len(widths)])
        )

    for few in range(len(breaks)):
        best = min(combinations(breaks, few), key=widest)
        if widest(best) * paper.legible <= paper.across:
            return list(best)
    return list(breaks)


def _pixels(widths: Sequence[float]) -> int:
    return sum(int(width * _CHARACTER_PIXELS + 6) for width in widths)


def heading(sheet: LivingSheet, book: Book, month: Month, title: str, note: str) -> None:
    """The title over the columns that stand on every page, so that no page cuts it; the note beside."""
    sheet.text(1, 1, title, styles.title(book))
    sheet.text(2, 1, f"{month.result.group} {month.result.period.in_words}", styles.note(book))
    sheet.text(2, 3, note, styles.note(book))
