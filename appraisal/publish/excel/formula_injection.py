"""Texts that must not run as formulas.

A name or a reason is typed by anybody; opened in Excel or WPS, `=HYPERLINK(…)` would be run (CWE-1236). Only texts are in
question: a negative number is a number.
"""

from __future__ import annotations

import unicodedata

_BEGINNINGS = frozenset("=+-@\t\r\n\0")

_IGNORED = frozenset({"Cf", "Zs", "Zl", "Zp"})
"""Marks that nobody sees before the first visible one: zero-width, BOM, spaces."""


def is_like_formula(text: str) -> bool:
    """Whether the text begins with `= + - @`, full-width ones too, or with a tab or line break."""
    for mark in text:
        if unicodedata.normalize("NFKC", mark)[:1] in _BEGINNINGS:
            return True
        if unicodedata.category(mark) not in _IGNORED:
            return False
    return False


def csv_text(text: str) -> str:
    """The text as a CSV file may hold it: with `'` before it where it begins like a formula."""
    return f"'{text}" if is_like_formula(text) else text
