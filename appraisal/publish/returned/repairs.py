"""What openpyxl does to a workbook that other programs, or the people who wrote it, would not forgive."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable

_TEXTS = re.compile(r"xl/(sharedstrings|worksheets/[^/]+)\.xml", re.IGNORECASE)
_TEXT = re.compile(rb"<((?:\w+:)?(?:si|is))>.*?</\1>", re.DOTALL)
_ESCAPED_LINE, _SHIELDED_LINE = b"x005F_", b"xx005F_005F_"
_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")

_STYLES = re.compile(r"xl/styles\.xml", re.IGNORECASE)
_FONT = re.compile(rb"<font>(.*?)</font>", re.DOTALL)
_PART_OF_FONT = re.compile(rb"<(\w+)(?:\s[^>]*)?/>")
_FONT_ORDER = tuple(
    b"b i strike condense extend outline shadow u vertAlign sz color name family charset scheme".split()
)
"""As ISO/IEC 29500 lists them; Excel itself takes any order, stricter readers only this one."""


def literal(text: str) -> str:
    """A text as a cell or comment must hold it, lest `_x0041_` in it be read as the letter A."""
    return _ESCAPE.sub("_x005F_", text)


def texts_shielded(workbook: bytes) -> bytes:
    """The workbook with its escaped texts so written that openpyxl keeps the escape.

    It removes `x005F_` on reading and does not put it back on writing, so that a text `_x0041_` would
    come back as A. What it removes is therefore written twice, one in the other.
    """

    def shielded(part: bytes) -> bytes:
        return _TEXT.sub(lambda text: text[0].replace(_ESCAPED_LINE, _SHIELDED_LINE), part)

    return _with_parts(workbook, _TEXTS, _ESCAPED_LINE, shielded)


def with_fonts_in_order(workbook: bytes) -> bytes:
    """The workbook as openpyxl wrote it, what makes up each font in the standard's order."""

    def ordered(part: bytes) -> bytes:
        return _FONT.sub(lambda font: b"<font>" + _in_order(font[1]) + b"</font>", part)

    return _with_parts(workbook, _STYLES, b"<font>", ordered)


def _in_order(font: bytes) -> bytes:
    parts = sorted(_PART_OF_FONT.finditer(font), key=lambda part: _FONT_ORDER.index(part[1]))
    return b"".join(part[0] for part in parts)


def _with_parts(
    workbook: bytes, names: re.Pattern[str], holding: bytes, changed: Callable[[bytes], bytes]
) -> bytes:
    """The package with some of its parts changed; as it is where none of them holds what it is about."""
    with zipfile.ZipFile(io.BytesIO(workbook)) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    told = {name: part for name, part in parts.items() if names.fullmatch(name) and holding in part}
    if not told:
        return workbook
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as target:
        for name, part in parts.items():
            target.writestr(name, changed(part) if name in told else part)
    return out.getvalue()
