"""The native charts of the result workbook: one accent colour, greys, legible without colour."""

from __future__ import annotations

from decimal import Decimal
from math import ceil

from xlsxwriter import Workbook
from xlsxwriter.chart import Chart

from appraisal.publish.excel import theme
from appraisal.publish.excel.styles import CHART_FONT, CHART_QUIET, axis, dress, figure_axis
from appraisal.publish.month import Month
from appraisal.publish.result.layout import FIRST_RANKED, HEADER, POINTS, RANKING, TREND, Layout
from appraisal.scheme.model.scheme import Scheme


def highest_final(scheme: Scheme) -> int:
    """Where scales of the final score end: at 100, or at the next ten above what 加减分 can make of it."""
    added = sum(
        indicator.method.marking(indicator.measure).high
        for indicator in scheme.outside
        if indicator.is_judged
    )
    return 10 * ceil((100 + added) / 10)


def ranking_chart(workbook: Workbook, month: Month, layout: Layout, people: int) -> Chart:
    """The scores of the first `people` places, highest first, as 综合排名 shows them; same names with their ids."""
    chart = workbook.add_chart({"type": "column"})
    last = FIRST_RANKED + people - 2
    names, finals = layout.ranked_names.number - 1, layout.ranked_finals.number - 1
    # The ids stand in the column beside.
    with_ids = len({person.name for person in month.result.staff}) < len(month.result.staff)
    chart.add_series(
        {
            "name": "综合得分",
            "categories": [RANKING, FIRST_RANKED - 1, names, last, names + with_ids],
            "values": [RANKING, FIRST_RANKED - 1, finals, last, finals],
            "fill": {"color": theme.hexed(theme.ACCENT)},
            "gap": 60,
            **(
                {"data_labels": {"value": True, "font": CHART_QUIET, "num_format": "0.00"}}
                if people <= 15
                else {}
            ),
        }
    )
    dress(chart, "综合得分（按名次）")
    chart.set_x_axis(axis(num_font=CHART_QUIET | ({"rotation": 271} if people > 15 else {})))
    chart.set_y_axis(figure_axis(0, highest_final(month.scheme)))
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
        ("标准分", HEADER - 1, theme.GREY_LIGHT),
        ("组平均", layout.below - 1, theme.ACCENT),
    ):
        chart.add_series(
            {
                "name": name,
                "categories": names,
                "values": [POINTS, row, first, row, last],
                "fill": {"color": theme.hexed(colour)},
                "border": {"color": theme.hexed(theme.GREY)},
                "gap": 50,
                "data_labels": {"value": True, "font": CHART_QUIET, "num_format": "0.0#"},
            }
        )
    dress(chart, "各类别组平均与标准分")
    chart.set_y_axis(axis(reverse=True, num_font=CHART_FONT))
    room = max(category.full for category in layout.points.categories) * Decimal("1.2")  # for the labels
    chart.set_x_axis(axis(min=0, max=float(room), visible=False, major_gridlines={"visible": False}))
    chart.set_legend({"position": "bottom", "font": CHART_FONT})
    return chart


def trend_chart(workbook: Workbook, layout: Layout) -> Chart:
    """The group's average, month by month, on the whole scale: a tenth of a point is no slump."""
    chart = workbook.add_chart({"type": "line"})
    columns = list(layout.trend.scores.values())
    first, last = columns[0].number - 1, columns[-1].number - 1
    chart.add_series(
        {
            "name": "组平均",
            "categories": [TREND, HEADER - 1, first, HEADER - 1, last],
            "values": [TREND, layout.below - 1, first, layout.below - 1, last],
            "line": {"color": theme.hexed(theme.ACCENT), "width": 2.25},
            "marker": {
                "type": "circle",
                "size": 6,
                "fill": {"color": theme.hexed(theme.ACCENT)},
                "border": {"color": theme.hexed(theme.ACCENT)},
            },
            "data_labels": {"value": True, "position": "above", "font": CHART_FONT, "num_format": "0.00"},
        }
    )
    dress(chart, "组平均得分走势")
    chart.set_x_axis(axis(num_font=CHART_FONT))
    chart.set_y_axis(figure_axis(0, highest_final(layout.scheme), major_unit=20))
    chart.set_legend({"none": True})
    return chart
