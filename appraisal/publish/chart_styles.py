"""How our charts look: one accent colour, greys, legible without colour."""

from __future__ import annotations

from typing import Any

from xlsxwriter.chart import Chart

from appraisal.publish import look

FONT = {"name": look.SHEET_FONT, "size": look.NOTE_SIZE, "color": look.hexed(look.INK)}
QUIET = {"name": look.SHEET_FONT, "size": 8, "color": look.hexed(look.GREY_DARK)}
GRID = {"visible": True, "line": {"color": look.hexed(look.GREY_LIGHT), "width": 0.75}}
NO_LINE = {"none": True}


def dress(chart: Chart, title: str) -> None:
    """Title and frame."""
    font = {"name": look.SHEET_FONT, "size": 11, "bold": True, "color": look.hexed(look.INK)}
    chart.set_title({"name": title, "name_font": font, "overlay": False})
    chart.set_chartarea({"border": {"none": True}})


def axis(**options: Any) -> dict[str, Any]:
    """An axis in grey without ticks, with `options` of XlsxWriter's over it."""
    return {
        "line": {"color": look.hexed(look.GREY)},
        "major_tick_mark": "none",
        "minor_tick_mark": "none",
    } | options
