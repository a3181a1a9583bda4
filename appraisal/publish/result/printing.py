"""Sheets wider than a page: broken where a reader expects it, and no smaller than need be."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from xlsxwriter.worksheet import Worksheet

from appraisal.publish.month import Month
from appraisal.publish.result import styles
from appraisal.publish.result.living_sheet import LivingSheet
from appraisal.publish.sheets import Book

_LANDSCAPE_PIXELS = 1020
"""What fits between the margins of an A4 page lying on its side, at 96 pixels to the inch."""

_LEGIBLE = 0.6
"""Print no smaller than so, as long as there is a place to break."""

_CHARACTER_PIXELS = 8.5
"""The width of a character where our font is missing and a wider one stands in; else a little less."""


def heading(sheet: LivingSheet, book: Book, month: Month, title: str, note: str) -> None:
    """The title over the columns that stand on every page, so that no page cuts it; the note beside."""
    sheet.text(1, 1, title, styles.title(book))
    sheet.text(2, 1, f"{month.result.group} {month.result.period.in_words}", styles.note(book))
    sheet.text(2, 3, note, styles.note(book))


def print_across(sheet: Worksheet, widths: Sequence[float], breaks: Sequence[int]) -> None:
    """One page more to the right after each column of `breaks`; the first two columns stand on all.

    A sheet that stays legible on one page is not broken. `widths` are those of the printed columns; columns count from 1. Follows `print_on_a4`.
    """
    if _pixels(widths) * _LEGIBLE <= _LANDSCAPE_PIXELS:
        breaks = []
    edges = [2, *breaks, len(widths)]
    identity = _pixels(widths[:2])
    widest = max(identity + _pixels(widths[first:last]) for first, last in pairwise(edges))
    sheet.set_print_scale(max(10, min(100, 100 * _LANDSCAPE_PIXELS // widest)))
    sheet.set_v_pagebreaks(list(breaks))
    sheet.repeat_columns(0, 1)


def _pixels(widths: Sequence[float]) -> int:
    return sum(int(width * _CHARACTER_PIXELS + 6) for width in widths)
