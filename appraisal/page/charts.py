"""The charts of the pages, as SVG: pygal draws, the pages' style sheet colours.

Nothing of a chart can run or be fetched: pygal's script, and its comments with today's date, are taken out.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from decimal import Decimal
from functools import cache
from types import ModuleType
from typing import Any

from markupsafe import Markup

from appraisal.page.month_page import MonthFigures
from appraisal.publish.excel.charts import axis_around

_NOT_NEEDED = re.compile(
    r"<script.*?</script>|<!--.*?-->|<desc.*?</desc>|<title>Pygal</title>"
    r'|<g transform="[^"]*" class="plot tooltip-overlay">.*?<g class="text"/></g></g>',
    re.DOTALL,
)
"""What runs, what bears today's date, and what only the script would show."""

_CHART_OPTIONS = {
    "js": [],
    "disable_xml_declaration": True,
    "pretty_print": False,
    "margin": 6,
    "show_dots": True,
    "dots_size": 3,
    "legend_at_bottom": True,
    "legend_at_bottom_columns": 3,
    "legend_box_size": 10,
    "explicit_size": False,
}

_THICK, _THIN = {"width": 3}, {"width": 2}
_DASHED, _DOTTED = {"width": 1, "dasharray": "4, 3"}, {"width": 1, "dasharray": "1, 3"}
"""A line is told by its look: the legend bears its sign, as grey is all that some see and all that is printed."""


def trend_chart(trend: Sequence[MonthFigures]) -> Markup:
    """The group's average, highest and lowest, month by month; the axis shows the movement."""
    pygal = _pygal()
    trend = _from_the_first_known(trend)
    figures = [value for month in trend for value in (month.highest, month.lowest) if value is not None]
    chart = pygal.Line(**_options(260), range=_range(figures))
    chart.x_labels = [f"{month.period.month}月" for month in trend]
    chart.add("━ 组平均", [_number(month.average) for month in trend], stroke_style=_THICK)
    chart.add("┄ 最高", [_number(month.highest) for month in trend], stroke_style=_DASHED)
    chart.add("┈ 最低", [_number(month.lowest) for month in trend], stroke_style=_DOTTED)
    return _drawn(chart, "trend")


def personal_chart(
    months: Sequence[str], lines: Sequence[tuple[str, Sequence[Decimal | int | None]]]
) -> Markup:
    """One person's line before the lines of the group, by their names; the axis shows the movement."""
    pygal = _pygal()
    figures = [Decimal(value) for _, line in lines for value in line if value is not None]
    wide = {"legend_at_bottom_columns": len(lines), "margin_right": 24}
    chart = pygal.Line(**_options(260) | wide, range=_range(figures))
    chart.x_labels = months
    looks = [("━", _THICK), ("─", _THIN), ("┄", _DASHED), ("┄", _DASHED)]
    for (name, line), (sign, look) in zip(lines, looks, strict=True):
        chart.add(f"{sign} {name}", [*map(_number, line)], stroke_style=look)
    return _drawn(chart, "personal")


def distribution_chart(bands: Sequence[tuple[str, int]]) -> Markup:
    """How many people's final scores lie in each band."""
    pygal = _pygal()
    chart = pygal.Bar(
        **_options(220),
        show_legend=False,
        print_values=True,
        print_values_position="top",
        value_formatter=lambda value: f"{value:g}" if value else "",
        show_y_labels=False,
    )
    chart.x_labels = [band for band, _ in bands]
    chart.add("人数", [people for _, people in bands])
    return _drawn(chart, "spread")


def bands_of(finals: Sequence[Decimal]) -> list[tuple[str, int]]:
    """Five points a band, from the lowest score's to the highest's; at most ten bands, the first one open."""
    if not finals:
        return []
    first = max(int(min(finals)) // 5 * 5, int(max(finals)) // 5 * 5 - 45)
    bands = []
    for low in range(first, int(max(finals)) // 5 * 5 + 5, 5):
        people = sum((final >= low or low == first) and final < low + 5 for final in finals)
        open_below = low == first and min(finals) < low
        bands.append((f"{low + 5}以下" if open_below else f"{low}–{low + 5}", people))
    return bands


@cache
def _pygal() -> ModuleType:
    """The library, loaded where something is drawn (60 ms), without the hook it leaves in everybody's imports."""
    import pygal  # noqa: PLC0415 - as above

    sys.meta_path[:] = [finder for finder in sys.meta_path if type(finder).__name__ != "PluginImportFixer"]
    return pygal  # type: ignore[no-any-return]


_FEWEST_MONTHS = 6


def _from_the_first_known(trend: Sequence[MonthFigures]) -> Sequence[MonthFigures]:
    """A shop's first months do not stand at the end of an empty year."""
    first = next((index for index, month in enumerate(trend) if month.average is not None), len(trend))
    return trend[min(first, len(trend) - _FEWEST_MONTHS) :]


def _range(figures: Sequence[Decimal]) -> tuple[float, float] | None:
    if not figures:
        return None
    low, high = axis_around(figures)
    return float(low), float(high)


def _options(height: int) -> dict[str, Any]:
    style = _pygal().style.Style(
        background="transparent",
        plot_background="transparent",
        foreground="var(--ink)",
        foreground_strong="var(--ink)",
        foreground_subtle="var(--line)",
        colors=("var(--accent)", *["var(--quiet)"] * 3),
        font_family="inherit",
        label_font_size=14,
        major_label_font_size=14,
        legend_font_size=14,
        value_font_size=14,
        value_colors=("var(--ink)",),
        transition="0s",
    )
    return {**_CHART_OPTIONS, "style": style, "width": 720, "height": height, "no_data_text": "没有数据"}


def _number(value: Decimal | int | None) -> float | None:
    return None if value is None else float(value)


def _drawn(chart: Any, name: str) -> Markup:
    chart.uuid = name  # one made by lot would be other bytes every time
    return Markup(_NOT_NEEDED.sub("", chart.render(is_unicode=True)))  # noqa: S704 - pygal escapes its texts
