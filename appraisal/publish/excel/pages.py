"""Sheets wider than a page: their heading, and breaks where a reader expects them, no smaller than need be."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations, pairwise

from xlsxwriter.worksheet import Worksheet

from appraisal.publish.excel import styles
from appraisal.publish.excel.book import Book
from appraisal.publish.month import Month
from appraisal.publish.result.layout import LivingSheet

_LANDSCAPE_PIXELS = 1020
"""What fits between the margins of an A4 page lying on its side, at 96 pixels to the inch."""


_LANDSCAPE_POINTS = 495
"""Its height between the margins, in points."""


_LEGIBLE = 0.56
"""Print no smaller than so, as long as there is a place to break."""


_SAVES_A_PAGE = 0.87
"""So much smaller still, where that spares a page with a line or two."""


_CHARACTER_PIXELS = 8.5
"""The width of a character where our font is missing and a wider one stands in; else a little less."""


def print_across(
    sheet: Worksheet, widths: Sequence[float], breaks: Sequence[int], *, height: float | None = None
) -> None:
    """As many pages to the right as it takes to be legible; the first two columns stand on all.

    Pages end after some of the columns `breaks` (columns count from 1).
    `widths` are those of the printed columns. `height`, in points, is of what should end on a page.
    Follows `print_on_a4`.
    """
    sheet.repeat_columns(0, 1)
    used = _fewest(widths, breaks)
    if not used and height is None:
        return  # as wide as the page, as `print_on_a4` has it
    edges = [2, *used, len(widths)]
    identity = _pixels(widths[:2])
    widest = max(identity + _pixels(widths[first:last]) for first, last in pairwise(edges))
    scale = max(10, min(100, 100 * _LANDSCAPE_PIXELS // widest))
    if height is not None:
        fitting = int(100 * _LANDSCAPE_POINTS / height)
        scale = fitting if scale * _SAVES_A_PAGE <= fitting < scale else scale
    sheet.set_print_scale(scale)
    sheet.set_v_pagebreaks(used)


def _fewest(widths: Sequence[float], breaks: Sequence[int]) -> list[int]:
    """As few of the breaks as make every page legible, or all; of equally few those with the narrowest pages."""
    identity = _pixels(widths[:2])

    def widest(used: tuple[int, ...]) -> int:
        return max(
            identity + _pixels(widths[first:last]) for first, last in pairwise([2, *used, len(widths)])
        )

    for few in range(len(breaks)):
        best = min(combinations(breaks, few), key=widest)
        if widest(best) * _LEGIBLE <= _LANDSCAPE_PIXELS:
            return list(best)
    return list(breaks)


def _pixels(widths: Sequence[float]) -> int:
    return sum(int(width * _CHARACTER_PIXELS + 6) for width in widths)


def heading(sheet: LivingSheet, book: Book, month: Month, title: str, note: str) -> None:
    """The title over the columns that stand on every page, so that no page cuts it; the note beside."""
    sheet.text(1, 1, title, styles.title(book))
    sheet.text(2, 1, f"{month.result.group} {month.result.period.in_words}", styles.note(book))
    sheet.text(2, 3, note, styles.note(book))
