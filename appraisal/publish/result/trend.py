"""近月走势: each person's score and rank of the last months, with a sparkline; the group's average."""

from __future__ import annotations

from xlsxwriter import Workbook
from xlsxwriter.chart import Chart

from appraisal.period import Period
from appraisal.publish.excel import styles, theme
from appraisal.publish.excel.book import Book, BulkWorksheet, set_widths
from appraisal.publish.excel.charts import CHART_FONT, axis, figure_axis, frame_chart
from appraisal.publish.excel.pages import print_on_a4
from appraisal.publish.month import Month
from appraisal.publish.result.formulas import NO_RANK, or_text
from appraisal.publish.result.layout import (
    FIRST,
    HEADER,
    ON_ONE_PAGE,
    PROTECTION,
    TREND,
    Layout,
    highest_final,
    identity,
)
from appraisal.xlsx.grid import column_name


def write_trend(book: Book, month: Month, layout: Layout) -> None:
    """Earlier months as they were issued; the appraised month is read from 分项得分.

    Where a month is missing the cell is empty, so that lines have a gap there and no zero.
    """
    sheet = book.formula_sheet(TREND)
    trend = layout.trend
    first = "" if len(trend.months) == 1 else f"{trend.months[0].in_words}至"
    title = f"{month.result.group}　{first}{month.result.period.in_words}　近月走势"
    sheet.text(1, 1, title, styles.title(book))
    first_time = "本月是本组首次考核，下月起显示走势。"
    note = "往月为当时正式发布的结果，本月为公式。" if len(trend.months) > 1 else first_time
    sheet.text(2, 1, note, styles.small_print(book))
    who = identity(sheet, book, month)
    for period in trend.months[:-1]:
        _earlier(sheet, book, month, layout, period)
    _this_month(sheet, book, month, layout)
    _headers(sheet, book, month, layout)
    _averages(sheet, book, month, layout)
    if trend.sparkline is not None:
        _lines(sheet, layout, trend.sparkline)
    _set_up(sheet, book, month, layout, who)


def _earlier(sheet: BulkWorksheet, book: Book, month: Month, layout: Layout, period: Period) -> None:
    months = [month.history.month_of(person.id, period) for person in month.result.staff]
    finals = [None if past is None else past.final for past in months]
    ranks = [None if past is None else past.rank for past in months]
    sheet.values(FIRST, layout.trend.scores[period].number, finals, styles.number(book))
    sheet.values(FIRST, layout.trend.ranks[period].number, ranks, styles.centred(book))


def _this_month(sheet: BulkWorksheet, book: Book, month: Month, layout: Layout) -> None:
    period, staff, points = month.result.period, month.result.staff, layout.points
    finals = or_text(person.final for person in staff)
    ranks = or_text((person.rank for person in staff), NO_RANK)
    score, rank = layout.trend.scores[period], layout.trend.ranks[period]
    sheet.formulas(FIRST, score.number, f"={points.final.there}", styles.number(book, bold=True), finals)
    sheet.formulas(FIRST, rank.number, f"={points.rank.there}", styles.centred(book, bold=True), ranks)


def _headers(sheet: BulkWorksheet, book: Book, month: Month, layout: Layout) -> None:
    trend, top = layout.trend, HEADER - 1
    sheet.block(top, 1, HEADER, 1, month.form.id_title, styles.header(book))
    sheet.block(top, 2, HEADER, 2, month.form.name_title, styles.header(book))
    for title, columns in (("综合得分", trend.scores), ("名次", trend.ranks)):
        numbers = [column.number for column in columns.values()]
        sheet.block(top, numbers[0], top, numbers[-1], title, styles.header(book))
        for period, column in columns.items():
            sheet.text(HEADER, column.number, f"{period.month}月", styles.subheader(book))
    if trend.sparkline is not None:
        sheet.block(top, trend.sparkline, HEADER, trend.sparkline, "得分走势", styles.header(book))


def _averages(sheet: BulkWorksheet, book: Book, month: Month, layout: Layout) -> None:
    row, trend = layout.below, layout.trend
    people = styles.foot(book, f'0"{month.scheme.people}"', align="center")
    last = trend.ranks[trend.months[-1]].number
    for column in range(1, last + 1):
        sheet.blank(row, column, styles.foot(book))
    sheet.block(row, 1, row, 2, "组平均、参评", styles.foot(book, align="left"))
    for period in trend.months[:-1]:
        average = month.history.group_averages.get(period)
        sheet.values(row, trend.scores[period].number, [average], styles.foot(book))
        count = month.history.ranked_in(period)
        sheet.values(row, trend.ranks[period].number, [count], people)
    [now] = or_text([month.average], NO_RANK)
    sheet.formula(row, trend.scores[month.result.period].number, f"={layout.average}", styles.foot(book), now)
    ranked = f"={layout.points.counted.at_there(row)}"
    sheet.formula(row, trend.ranks[month.result.period].number, ranked, people, len(month.result.ranked))


def _lines(sheet: BulkWorksheet, layout: Layout, place: int) -> None:
    """One sparkline a person, all on the same scale, the appraised month in the full colour.

    Columns, because LibreOffice prints line sparklines as bare points.
    """
    columns = list(layout.trend.scores.values())
    rows = range(FIRST, layout.last + 1)
    sheet.add_sparkline(
        FIRST - 1,
        place - 1,
        {
            "location": [f"{column_name(place)}{row}" for row in rows],
            "range": [f"{TREND}!{columns[0].letters}{row}:{columns[-1].letters}{row}" for row in rows],
            "type": "column",
            "min": 0,
            "max": highest_final(layout.scheme),
            "series_color": theme.hexed(theme.BAR),
            "last_point": True,
            "last_color": theme.hexed(theme.ACCENT),
        },
    )


def _trend_chart(workbook: Workbook, layout: Layout) -> Chart:
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
    frame_chart(chart, "组平均得分走势")
    chart.set_x_axis(axis(num_font=CHART_FONT))
    chart.set_y_axis(figure_axis(0, highest_final(layout.scheme), major_unit=20))
    chart.set_legend({"none": True})
    return chart


def _set_up(sheet: BulkWorksheet, book: Book, month: Month, layout: Layout, who: list[float]) -> None:
    trend = layout.trend
    last = trend.ranks[trend.months[-1]].number
    if trend.sparkline is None:
        set_widths(sheet, [20] * last)
    else:
        own = {trend.sparkline: 14.0} | {column.number: 4.7 for column in trend.ranks.values()}
        widths = [*who, *(own.get(number, 5.5) for number in range(3, last + 1))]
        set_widths(sheet, widths)
        chart = _trend_chart(book.workbook, layout)
        chart.set_size({"width": max(480, int(sum(widths) * 7) + 5 * last), "height": 280})
        sheet.insert_chart(layout.below + 1, 0, chart)
    sheet.set_row(0, 30)
    sheet.set_default_row(theme.ROW_HEIGHT)
    sheet.freeze_panes(FIRST - 1, 2)
    sheet.protect("", PROTECTION)
    title = f"{month.result.group} {month.result.period} {TREND}"
    one_page = len(month.result.staff) <= ON_ONE_PAGE
    print_on_a4(sheet, title=title, repeat=(HEADER - 2, HEADER - 1), one_page=one_page)
