"""How charts look, and one of scores over months.

Its lines can be told apart in black and white, on an axis that shows the movement.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import ceil, floor
from typing import Any

from xlsxwriter.chart import Chart

from appraisal.publish.excel import theme
from appraisal.publish.excel.book import Book

CHART_FONT = {"name": theme.SHEET_FONT, "size": theme.NOTE_SIZE, "color": theme.hexed(theme.INK)}

CHART_QUIET = {"name": theme.SHEET_FONT, "size": 8, "color": theme.hexed(theme.GREY_DARK)}


def frame_chart(chart: Chart, title: str) -> None:
    """Title and frame."""
    font = {"name": theme.SHEET_FONT, "size": 11, "bold": True, "color": theme.hexed(theme.INK)}
    chart.set_title({"name": title, "name_font": font, "overlay": False})
    chart.set_chartarea({"border": {"none": True}})


def axis(**options: Any) -> dict[str, Any]:
    """An axis in grey without ticks, with `options` of XlsxWriter's over it."""
    return {
        "line": {"color": theme.hexed(theme.GREY)},
        "major_tick_mark": "none",
        "minor_tick_mark": "none",
    } | options


def figure_axis(low: int, high: int, **options: Any) -> dict[str, Any]:
    """An axis from one figure to another, no line itself, with faint lines across the chart."""
    across = {"visible": True, "line": {"color": theme.hexed(theme.GREY_LIGHT), "width": 0.75}}
    ends = {"min": low, "max": high}
    return axis(**ends, num_font=CHART_QUIET, major_gridlines=across, line={"none": True}, **options)


_MARKERS = ("circle", "square", "triangle", "diamond", "x", "plus", "short_dash", "star")
_DASHES = ("solid", "dash", "round_dot", "dash_dot")
MOST_LINES = len(_MARKERS)

_LABELS = {"value": True, "position": "above", "num_format": "0.00", "font": CHART_QUIET}


@dataclass(frozen=True, slots=True)
class ScoreLine:
    """`months` and `values` are ranges as a formula names them. The main line is drawn strong, with its figures.

    An empty cell is a gap; a text would be drawn as 0.
    """

    name: str
    months: str
    values: str
    is_main: bool = False


def axis_around(figures: Collection[Decimal | int]) -> tuple[int, int]:
    """Where an axis of scores begins and ends: fives around the figures, so that a few points' movement is seen."""
    if not figures:
        return 0, 100
    low, high = floor((min(figures) - 1) / 5) * 5, ceil((max(figures) + 1) / 5) * 5
    if max(figures) <= 100:
        high = min(high, 100)
    return max(min(low, high - 10), 0), max(high, 10)


def score_chart(
    book: Book, title: str, lines: Sequence[ScoreLine], figures: Collection[Decimal | int]
) -> Chart:
    """The lines; `figures` are all that they show."""
    chart = book.workbook.add_chart({"type": "line"})
    quiet = 0
    for index, line in enumerate(lines):
        colour = {"color": theme.hexed(theme.ACCENT if line.is_main else theme.GREY_DARK)}
        marker = {"type": _MARKERS[index % MOST_LINES], "size": 6, "fill": colour, "border": colour}
        quiet += not line.is_main
        look = (
            {"width": 2.5} if line.is_main else {"width": 1, "dash_type": _DASHES[(quiet - 1) % len(_DASHES)]}
        )
        chart.add_series(
            {
                "name": line.name,
                "categories": f"={line.months}",
                "values": f"={line.values}",
                "line": colour | look,
                "marker": marker,
                **({"data_labels": _LABELS} if line.is_main else {}),
            }
        )
    low, high = axis_around(figures)
    frame_chart(chart, title)
    chart.set_x_axis(axis(num_font=CHART_FONT))
    chart.set_y_axis(figure_axis(low, high))
    chart.set_legend({"position": "bottom", "font": CHART_FONT})
    chart.show_blanks_as("gap")
    return chart
