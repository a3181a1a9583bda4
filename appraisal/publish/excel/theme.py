"""Colours, type and spacing of everything we hand out: workbooks, Word, HTML.

One accent colour, greys, and red only for what must be put right. Everything stays legible in
black and white: no meaning is carried by colour alone.
"""

from __future__ import annotations

from functools import lru_cache
from math import ceil

ACCENT = "1F5C7A"
ACCENT_LIGHT = "DCE9EF"
INK = "1F2933"
GREY_DARK = "52606D"
GREY = "9AA5B1"
GREY_LIGHT = "E4E7EB"
GREY_FAINT = "F5F7FA"
WHITE = "FFFFFF"
INPUT = "FFFFFF"
WRONG = "C62828"
WRONG_LIGHT = "FDE3E1"
DOUBT_LIGHT = "FFF3CD"
"""Behind a cell that is worth a second look, only in a returned workbook."""
BAR = "B5CEDA"
"""Data bars, pale enough for the number on top of them."""

SHEET_FONT = "Microsoft YaHei"
"""On every Windows and WPS machine; LibreOffice on Linux falls back to its CJK sans font."""

HTML_FONTS = '"Microsoft YaHei", "PingFang SC", "Noto Sans CJK SC", "Source Han Sans SC", sans-serif'
HTML_SERIF_FONTS = 'FangSong, STFangsong, "Noto Serif CJK SC", "Source Han Serif SC", serif'

TITLE_SIZE = 16
HEADING_SIZE = 12
BODY_SIZE = 10
NOTE_SIZE = 9

ROW_HEIGHT = 20
HEADER_HEIGHT = 32


def hexed(colour: str) -> str:
    """`#1F5C7A`, as XlsxWriter and CSS want it."""
    return f"#{colour}"


def name_height(name: str, width: float) -> float:
    """Of the row with this name in a column so wide, in points: a long name stands on several lines."""
    return max(ROW_HEIGHT, 3 + 13 * ceil(text_width(name) / (width - 1)))


@lru_cache(maxsize=4096)
def text_width(text: str) -> float:
    """Width of a text in worksheet character units: a Chinese character takes two."""
    return float(sum(2 if ord(mark) > 0x2E7F else 1 for mark in text))
