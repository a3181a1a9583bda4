"""The looks that our forms share, as XlsxWriter properties for `Book.style`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from appraisal.publish import look

Style = Mapping[str, Any]

STILL_ALLOWED = {"format_columns": True, "format_rows": True}
"""On a protected sheet people may widen what they cannot read; sorting one sheet is how rows slip."""

QUIET: Style = {"font_color": look.hexed(look.GREY_DARK)}
TITLE: Style = {"bold": True, "font_size": look.TITLE_SIZE, "font_color": look.hexed(look.ACCENT)}
LABEL: Style = {**QUIET, "align": "right", "indent": 1, "font_size": look.NOTE_SIZE}
BOXED: Style = {"border": 1, "border_color": look.hexed(look.GREY)}
BAND: Style = {
    **BOXED,
    "bold": True,
    "align": "center",
    "bg_color": look.hexed(look.ACCENT_LIGHT),
    "font_color": look.hexed(look.ACCENT),
}
HEADER: Style = {
    **BOXED,
    "bold": True,
    "align": "center",
    "text_wrap": True,
    "bg_color": look.hexed(look.ACCENT),
    "font_color": look.hexed(look.WHITE),
}
