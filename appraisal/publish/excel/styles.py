"""How cells look, as XlsxWriter properties: one accent colour, greys, legible without colour."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from xlsxwriter.format import Format

from appraisal.publish.excel import theme
from appraisal.publish.excel.book import Book

Style = Mapping[str, Any]

STILL_ALLOWED = {"format_columns": True, "format_rows": True}
"""On a protected sheet people may widen what they cannot read; sorting one sheet is how rows slip."""

QUIET: Style = {"font_color": theme.hexed(theme.GREY_DARK)}

TITLE: Style = {"bold": True, "font_size": theme.TITLE_SIZE, "font_color": theme.hexed(theme.ACCENT)}

LABEL: Style = {**QUIET, "align": "right", "indent": 1, "font_size": theme.NOTE_SIZE}

BOXED: Style = {"border": 1, "border_color": theme.hexed(theme.GREY)}

BAND: Style = {
    **BOXED,
    "bold": True,
    "align": "center",
    "bg_color": theme.hexed(theme.ACCENT_LIGHT),
    "font_color": theme.hexed(theme.ACCENT),
}

HEADER: Style = {
    **BOXED,
    "bold": True,
    "align": "center",
    "text_wrap": True,
    "bg_color": theme.hexed(theme.ACCENT),
    "font_color": theme.hexed(theme.WHITE),
}

TWO_DECIMALS = "0.00"

POINTS_SHOWN = 'General"分"'

_LINE = {"bottom": 1, "bottom_color": theme.hexed(theme.GREY_LIGHT)}

_CENTRED = {"align": "center"}


def title(book: Book) -> Format:
    return book.style(bold=True, font_size=theme.TITLE_SIZE)


def small_print(book: Book, **more: Any) -> Format:
    """Small and grey: what a sheet is, and its workings, which are there to be followed, not to be read."""
    return book.style(font_size=theme.NOTE_SIZE, **QUIET, **more)


def heading(book: Book) -> Format:
    """The heading of a part of a sheet."""
    return book.style(
        bold=True, font_size=theme.HEADING_SIZE, bottom=2, bottom_color=theme.hexed(theme.ACCENT)
    )


def header(book: Book, **more: Any) -> Format:
    """A column header, white on the accent colour."""
    return book.style(
        bold=True,
        text_wrap=True,
        font_color=theme.hexed(theme.WHITE),
        bg_color=theme.hexed(theme.ACCENT),
        border=1,
        border_color=theme.hexed(theme.GREY_LIGHT),
        **(_CENTRED | more),
    )


def subheader(book: Book, **more: Any) -> Format:
    """A lower header row, dark on the accent's light shade."""
    return book.style(
        text_wrap=True,
        bg_color=theme.hexed(theme.ACCENT_LIGHT),
        border=1,
        border_color=theme.hexed(theme.GREY_LIGHT),
        **(_CENTRED | more),
    )


def body(book: Book, **more: Any) -> Format:
    return book.style(**(_LINE | more))


def centred(book: Book, **more: Any) -> Format:
    return body(book, **(_CENTRED | more))


def number(book: Book, shown: str = TWO_DECIMALS, **more: Any) -> Format:
    """A number at the right, or the text 不适用 in its place: smaller before it is cut."""
    return body(book, num_format=shown, align="right", shrink=True, **more)


def foot(book: Book, shown: str = TWO_DECIMALS, **more: Any) -> Format:
    """A cell of the row under the table: averages and sums."""
    return book.style(
        bold=True,
        num_format=shown,
        top=1,
        top_color=theme.hexed(theme.ACCENT),
        bg_color=theme.hexed(theme.GREY_FAINT),
        **({"align": "right", "shrink": True} | more),
    )


def adjustable(book: Book, shown: str, **more: Any) -> Format:
    """A number of the standard that people may change to see what would follow."""
    return book.style(
        num_format=shown,
        bg_color=theme.hexed(theme.ACCENT_LIGHT),
        border=1,
        border_color=theme.hexed(theme.WHITE),
        locked=False,
        **(_CENTRED | more),
    )


def card_label(book: Book) -> Format:
    """What a key figure is, above it."""
    edge = {"top": 2, "top_color": theme.hexed(theme.ACCENT)}
    return small_print(book, bg_color=theme.hexed(theme.GREY_FAINT), **edge, **_CENTRED)


def card(book: Book, shown: str) -> Format:
    """A key figure: smaller before it is cut."""
    return book.style(
        bold=True,
        font_size=14,
        num_format=shown,
        bg_color=theme.hexed(theme.GREY_FAINT),
        shrink=True,
        **_CENTRED,
    )


def percent(share: Decimal) -> str:
    """The number format that shows a share in full: 30% or 12.5%."""
    return "0%" if (share * 100) % 1 == 0 else "0.0#%"


_WIDTHS, _DIGIT, _TO_SPARE = {".": 0.6, ",": 0.6, "%": 1.7}, 1.1, 0.4
"""Of marks in bold, in characters; and what a column has beside the characters that its width names."""


def width_of(numbers: Collection[Decimal | Fraction], shown: str) -> float:
    """The narrowest column in which every number is seen in full, in bold too; `shown` is like `#,##0.00` or `0.0%`."""
    decimals = len(shown.partition(".")[2].rstrip("%"))
    text = f"{',' * (',' in shown)}.{decimals}{'%' if shown.endswith('%') else 'f'}"
    printed = [f"{float(number):{text}}" for number in (min(numbers), max(numbers))] if numbers else []
    return max(
        (sum(_WIDTHS.get(mark, _DIGIT) for mark in figure) - _TO_SPARE for figure in printed), default=0
    )


def width_for(texts: Collection[str], least: float, most: float) -> float:
    """The column width for the longest of short texts, such as names."""
    return min(most, max(least, *map(theme.text_width, texts), 0))
