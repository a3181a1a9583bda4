"""The native charts of the result workbook: one accent colour, greys, legible without colour."""

from __future__ import annotations

from decimal import Decimal
from math import ceil

from xlsxwriter import Workbook
from xlsxwriter.chart import Chart

from appraisal.publish import look
from appraisal.publish.chart_styles import FONT, GRID, NO_LINE, QUIET, axis, dress
from appraisal.publish.result.layout import FIRST_RANKED, HEADER, POINTS, RANKING, TREND, Layout
from appraisal.scheme.model.scheme import Scheme


def highest_final(scheme: Scheme) -> int:
    """Where scales of the final score end: at 100, or at the next ten above what 加减分 can make of it."""
    added = sum(one.method.marking(one.measure).high for one in scheme.outside if one.is_judged)
    return 10 * ceil((100 + added) / 10)


def ranking_chart(workbook: Workbook, scheme: Scheme, layout: Layout, people: int) -> Chart:
    """The scores of the first `people` places, highest first, as 综合排名 shows them."""
    chart = workbook.add_chart({"type": "column"})
    last = FIRST_RANKED + people - 2
    names, finals = layout.ranked_names.number - 1, layout.ranked_finals.number - 1
    chart.add_series(
        {
            "name": "综合得分",
            "categories": [RANKING, FIRST_RANKED - 1, names, last, names],
            "values": [RANKING, FIRST_RANKED - 1, finals, last, finals],
            "fill": {"color": look.hexed(look.ACCENT)},
            "gap": 60,
            **({"data_labels": {"value": True, "font": QUIET, "num_format": "0.00"}} if people <= 15 else {}),
        }
    )
    dress(chart, "综合得分（按名次）")
    chart.set_x_axis(axis(num_font=QUIET | ({"rotation": 271} if people > 15 else {})))
    top = highest_final(scheme)
    chart.set_y_axis(axis(min=0, max=top, num_font=QUIET, major_gridlines=GRID, line=NO_LINE))
    chart.set_legend({"none": True})
    return chart


def category_chart(workbook: Workbook, layout: Layout) -> Chart:
    """The group's average by 类别 against the full points: the two header and foot rows of 分项得分."""
    chart = workbook.add_chart({"type": "bar"})
    first, last = (
        layout.points.categories[0].column.number - 1,
        layout.points.categories[-1].column.number - 1,
    )
    names = [POINTS, HEADER - 2, first, HEADER - 2, last]
    for name, row, colour in (
        ("标准分", HEADER - 1, look.GREY_LIGHT),
        ("组平均", layout.below - 1, look.ACCENT),
    ):
        chart.add_series(
            {
                "name": name,
                "categories": names,
                "values": [POINTS, row, first, row, last],
                "fill": {"color": look.hexed(colour)},
                "border": {"color": look.hexed(look.GREY)},
                "gap": 50,
                "data_labels": {"value": True, "font": QUIET, "num_format": "0.0#"},
            }
        )
    dress(chart, "各类别组平均与标准分")
    chart.set_y_axis(axis(reverse=True, num_font=FONT))
    room = max(one.full for one in layout.points.categories) * Decimal("1.2")  # for the labels
    chart.set_x_axis(axis(min=0, max=float(room), visible=False, major_gridlines={"visible": False}))
    chart.set_legend({"position": "bottom", "font": FONT})
    return chart


def trend_chart(workbook: Workbook, scheme: Scheme, layout: Layout) -> Chart:
    """The group's average, month by month, on the whole scale: a tenth of a point is no slump."""
    chart = workbook.add_chart({"type": "line"})
    columns = list(layout.trend.scores.values())
    first, last = columns[0].number - 1, columns[-1].number - 1
    chart.add_series(
        {
            "name": "组平均",
            "categories": [TREND, HEADER - 1, first, HEADER - 1, last],
            "values": [TREND, layout.below - 1, first, layout.below - 1, last],
            "line": {"color": look.hexed(look.ACCENT), "width": 2.25},
            "marker": {
                "type": "circle",
                "size": 6,
                "fill": {"color": look.hexed(look.ACCENT)},
                "border": {"color": look.hexed(look.ACCENT)},
            },
            "data_labels": {"value": True, "position": "above", "font": FONT, "num_format": "0.00"},
        }
    )
    dress(chart, "组平均得分走势")
    chart.set_x_axis(axis(num_font=FONT))
    scale = {"min": 0, "max": highest_final(scheme), "major_unit": 20}
    chart.set_y_axis(axis(**scale, num_font=QUIET, major_gridlines=GRID, line=NO_LINE))
    chart.set_legend({"none": True})
    chart.set_size({"width": 960, "height": 280})
    return chart
