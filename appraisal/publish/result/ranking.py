"""综合排名: the sheet that people look at first.

One page: whose result this is, whether it still is as published, key figures, everybody's place, two charts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from xlsxwriter import Workbook
from xlsxwriter.chart import Chart
from xlsxwriter.format import Format

from appraisal.publish.excel import styles, theme
from appraisal.publish.excel.book import ABOVE, ROW, Book, BulkWorksheet, Shown
from appraisal.publish.excel.charts import CHART_FONT, CHART_QUIET, axis, figure_axis, frame_chart
from appraisal.publish.excel.pages import print_on_a4
from appraisal.publish.month import Month
from appraisal.publish.result.formulas import NO_RANK, Figures, how_it_is_made, or_text
from appraisal.publish.result.layout import (
    FIRST_RANKED,
    HEADER,
    ON_ONE_PAGE,
    POINTS,
    PROTECTION,
    RANKING,
    Column,
    Layout,
    highest_final,
)
from appraisal.publish.result.workings import outcome_cell_text, remark_cell_text
from appraisal.publish.wording import issue_date
from appraisal.scoring.results import StaffResult

_TRIAL = "试算"
_AS_PUBLISHED = "与正式发布结果一致"
_CHANGED = "标准已改动，仅供试算，不得作为依据"

_ROW_HEIGHT, _TWO_LINES = 24, 29
_ONE_LINE = 18
"""A text up to so many characters stands on one line."""
_WIDE, _FEW = 120, 15
"""A table so wide, of so few people, prints larger on a page lying on its side."""
_CHART_ROWS = 12


@dataclass(frozen=True, slots=True)
class _Shown:
    """One column of the table: header, width, formula, what it comes to in the order of the places."""

    header: str
    width: float
    template: str
    values: Sequence[Shown]
    style: Format


def write_ranking(book: Book, month: Month, layout: Layout, figures: Figures) -> None:
    """The sorted table, read from 分项得分 through the order that the workings give."""
    sheet = book.formula_sheet(RANKING)
    sheet.set_default_row(_ROW_HEIGHT)
    columns = _columns(book, month, layout, figures)
    for number, column in enumerate(columns, 1):
        sheet.set_column(number - 1, number - 1, column.width)
        sheet.text(FIRST_RANKED - 1, number, column.header, styles.header(book))
        sheet.formulas(FIRST_RANKED, number, column.template, column.style, column.values)
    for row in range(layout.ranks.first, layout.ranks.last + 1) if len(figures.listed) <= _FEW else ():
        sheet.set_row(row - 1, _TWO_LINES)
    lines, rows = layout.lines, {person.id: row for row, person in enumerate(month.result.staff, 1)}
    line = f"=MATCH(ROWS({lines.so_far}),{layout.points.order.all_there},0)"
    sheet.formulas(
        FIRST_RANKED,
        lines.number,
        line,
        styles.small_print(book),
        [rows[person.id] for person in figures.listed],
    )
    sheet.set_column(lines.number - 1, lines.number - 1, None, None, {"hidden": True})
    wide, widths = len(columns), [column.width for column in columns]
    _title(sheet, book, month, layout, wide)
    _key_figures(sheet, book, month, layout, widths)
    _emphasis(sheet, book, layout, wide)
    end = _charts(sheet, book, month, layout, widths)
    _signatures(sheet, book, end, widths, month.scheme.superior)
    _set_up(sheet, month, end, widths)


def _columns(book: Book, month: Month, layout: Layout, figures: Figures) -> list[_Shown]:
    points, people = layout.points, figures.listed
    number, shrunk = styles.number(book), styles.body(book, shrink=True)
    name = styles.body(book, bold=True, text_wrap=True)
    ids, names = [person.id for person in people], [person.name for person in people]
    for_names, for_ids = styles.width_for(names, 7, 10), styles.width_for(ids, 6, 10)
    size = theme.BODY_SIZE if len(people) <= _FEW else theme.NOTE_SIZE
    small = styles.body(book, font_size=size, text_wrap=True, locked=False)

    def score(header: str, column: Column, values: Iterable[Decimal | None]) -> _Shown:
        width = max(6.2, theme.text_width(header) / 2 + 1.5)
        return _Shown(header, width, f"={_of_person(layout, column)}", or_text(values), style=number)

    ranks = or_text((person.rank for person in people), NO_RANK)
    rank = _rank_formula(layout, _of_person(layout, points.place))
    final = score("综合得分", points.final, (person.final for person in people))
    follows = [outcome_cell_text(month, person.id) for person in people]
    remarks = [remark_cell_text(month, person) for person in people]
    outcome = f'=IF({layout.is_as_published},{_of_person(layout, points.outcome)}&"","{_TRIAL}")'
    return [
        _Shown("名次", 5, rank, ranks, style=styles.centred(book, bold=True)),
        _Shown(month.form.name_title, for_names, f"={_of_person(layout, points.name)}", names, style=name),
        _Shown(month.form.id_title, for_ids, f"={_of_person(layout, points.staff_id)}", ids, style=shrunk),
        replace(final, width=9, style=styles.number(book, bold=True)),
        *(
            score(f"{reviewer}\n合计", column, (person.reviewers[reviewer] for person in people))
            for reviewer, column in points.totals.items()
        ),
        *(
            score(section, subtotal.column, (person.sections.get(section) for person in people))
            for section, subtotal in points.sections.items()
        ),
        *_grades(book, month, layout, people),
        _rank_change(book, month, layout, people),
        _Shown("结果", _room_for(follows, 30), outcome, follows, style=small),
        _Shown("备注", _room_for(remarks, 24), f"={_of_person(layout, points.remark)}", remarks, style=small),
    ]


def _of_person(layout: Layout, column: Column) -> str:
    """What the column of another sheet says of the person who stands in this row."""
    return f"INDEX({column.all_there},{layout.lines.fixed})"


def _room_for(texts: Sequence[str], most: float) -> float:
    """The width of a column of texts on two lines."""
    longest = max(map(theme.text_width, texts), default=0)
    return min(most, max(12, longest + 1 if longest <= _ONE_LINE else longest / 2 + 2))


def _rank_formula(layout: Layout, place: str) -> str:
    """The place; where places are dense, one more than above wherever a new score begins."""
    if layout.scheme.ranking.ties != "dense":
        return f"={place}"
    above = f"{layout.ranks.letters}{ABOVE}"
    return f'=IF(ISNUMBER({place}),N({above})+({place}=ROWS({layout.lines.so_far})),"{NO_RANK}")'


def _grades(book: Book, month: Month, layout: Layout, people: Sequence[StaffResult]) -> Iterator[_Shown]:
    """等级 and 绩效系数, where the scheme has grades."""
    column = layout.points.grade
    if column is None:
        return
    scheme = month.scheme
    grades = [scheme.grade_of(person.final) if person.ranked else None for person in people]
    here = _of_person(layout, column)
    names: list[Shown] = [NO_RANK if grade is None else grade.name for grade in grades]
    yield _Shown("等级", 7, f"={here}", names, style=styles.centred(book, bold=True))
    factor = f'"{NO_RANK}"'
    for grade in scheme.grades if scheme.grades[0].factor is not None else ():
        factor = f'IF({here}="{grade.name}",{layout.standard.grades[grade.name].points},{factor})'
    factors = or_text((None if grade is None else grade.factor for grade in grades), NO_RANK)
    yield _Shown("绩效\n系数", 7, f"={factor}", factors, style=styles.centred(book, num_format="0.0#"))


def _rank_change(book: Book, month: Month, layout: Layout, people: Sequence[StaffResult]) -> _Shown:
    """Places gained since last month as `places_gained` counts them; the number shows as ↑2, ↓1 or 持平."""
    template = f'="{NO_RANK}"'
    before = layout.trend.ranks.get(month.result.period.shifted(-1))
    if before is not None:
        earlier = _of_person(layout, before)
        rank, now = layout.ranks.fixed, layout.points.counted.at_there(layout.below)
        then = before.at_there(layout.below)
        template = (
            f"=IF(AND(COUNT({rank},{earlier})=2,MIN({now},{then})>1),"
            f'ROUND(1+({earlier}-1)*({now}-1)/({then}-1),0)-{rank},"{NO_RANK}")'
        )
    changes = [None if before is None else month.rank_change(person) for person in people]
    style = styles.centred(book, num_format='"↑"0;"↓"0;"持平"')
    return _Shown("较上月\n名次", 6.5, template, or_text(changes, NO_RANK), style=style)


def _title(sheet: BulkWorksheet, book: Book, month: Month, layout: Layout, wide: int) -> None:
    """Whose result this is, and whether it still is as published."""
    result = month.result
    trial = "（试运行）" if result.is_trial else ""
    title = f"{result.group}　{result.period.in_words}绩效考核结果{trial}"
    sheet.block(1, 1, 1, wide, title, styles.title(book))
    sheet.set_row(0, 30)
    revision = f"第{result.revision}版" + ("·更正" if month.former is not None else "")
    issued = issue_date(month, with_weekday=True)
    facts = (
        f"考核组：{result.group}　　考核月份：{result.period}　　{revision}　　"
        f"下发日期：{issued}　　方案：{month.scheme.name}（第{month.scheme.version}版）"
    )
    sheet.block(2, 1, 2, wide, facts, styles.small_print(book, shrink=True))
    check = f'=IF({layout.is_as_published},"{_AS_PUBLISHED}","{_CHANGED}")'
    sheet.text(3, 1, "核对", styles.small_print(book))
    state = styles.small_print(book, bold=True)
    sheet.block(3, 2, 3, wide, "", state)
    sheet.formula(3, 2, check, state, _AS_PUBLISHED)
    warning = book.style(font_color=theme.hexed(theme.WRONG), bg_color=theme.hexed(theme.WRONG_LIGHT))
    is_changed = f'=LEFT($B$3,2)="{_CHANGED[:2]}"'
    rule = {"type": "formula", "criteria": is_changed, "format": warning}
    sheet.conditional_format(2, 1, 2, wide - 1, rule)


def _key_figures(
    sheet: BulkWorksheet, book: Book, month: Month, layout: Layout, widths: Sequence[float]
) -> None:
    """Six figures in a row, and under them how the score is made."""
    counted = layout.points.counted.all_there
    finals = month.result.finals
    ranked = layout.points.counted.at_there(layout.below)
    people = f'0"{month.scheme.people}"'

    def over_ranked(function: str) -> str:
        return f'=IF({ranked}>0,ROUND({function}({counted}),2),"{NO_RANK}")'

    [average] = or_text([month.average], NO_RANK)
    figures: list[tuple[str, str, Shown, str]] = [
        ("应参评", f"=ROWS({layout.points.staff_id.all_there})", len(month.result.staff), people),
        ("实际参评", f"={ranked}", len(finals), people),
        ("平均得分", f"={layout.average}", average, styles.TWO_DECIMALS),
        ("最高", over_ranked("MAX"), max(finals, default=NO_RANK), styles.TWO_DECIMALS),
        ("最低", over_ranked("MIN"), min(finals, default=NO_RANK), styles.TWO_DECIMALS),
        ("平均与上月比", *_against_last_month(month, layout), '+0.00;"−"0.00;0.00'),
    ]
    for (first, last), (label, formula, value, shown) in zip(_shared(widths, 6), figures, strict=True):
        sheet.block(4, first, 4, last, label, styles.card_label(book))
        style = styles.card(book, shown)
        sheet.block(5, first, 5, last, "", style)
        sheet.formula(5, first, formula, style, value)
    sheet.set_row(4, 27)
    style = styles.small_print(book, text_wrap=True)
    sheet.block(6, 1, 6, len(widths), "", style)
    formula, words = how_it_is_made(month, layout)
    sheet.formula(6, 1, formula, style, words)
    sheet.set_row(5, 15 + 13 * (theme.text_width(words) // sum(widths)))
    sheet.set_row(6, 6)
    sheet.set_row(FIRST_RANKED - 2, theme.HEADER_HEIGHT)


def _shared(widths: Sequence[float], parts: int) -> list[tuple[int, int]]:
    """First and last column of each of `parts` neighbours that share the width about equally."""
    spans, first, total = [], 1, sum(widths)
    for part in range(1, parts + 1):
        last, latest = first, len(widths) - (parts - part)
        while last < latest and sum(widths[:last]) + widths[last] / 2 < total * part / parts:
            last += 1
        spans.append((first, latest if part == parts else last))
        first = last + 1
    return spans


def _against_last_month(month: Month, layout: Layout) -> tuple[str, Shown]:
    """The average less last month's, which stands under the people on 近月走势."""
    last_month = month.result.period.shifted(-1)
    before = month.history.group_averages.get(last_month)
    column = layout.trend.scores.get(last_month)
    if before is None or column is None:
        return f'="{NO_RANK}"', NO_RANK
    now, then = layout.average, column.at_there(layout.below)
    value = NO_RANK if month.average is None else month.average - before
    return f'=IF(COUNT({now},{then})=2,ROUND({now}-{then},2),"{NO_RANK}")', value


def _emphasis(sheet: BulkWorksheet, book: Book, layout: Layout, wide: int) -> None:
    """Data bars on the score; those who are not ranked in grey, under a line of their own."""
    finals, rank = layout.ranked_finals, layout.ranks.fixed.replace(ROW, str(FIRST_RANKED))
    bar = {
        "type": "data_bar",
        "data_bar_2010": True,
        "bar_solid": True,
        "bar_color": theme.hexed(theme.BAR),
        "bar_border_color": theme.hexed(theme.BAR),
        "min_type": "num",
        "min_value": 0,
        "max_type": "num",
        "max_value": highest_final(layout.scheme),
    }
    first, last, column = FIRST_RANKED - 1, finals.last - 1, finals.number - 1
    sheet.conditional_format(first, column, last, column, bar)
    grey = book.style(font_color=theme.hexed(theme.GREY_DARK), bg_color=theme.hexed(theme.GREY_FAINT))
    unranked = {"type": "formula", "criteria": f"=NOT(ISNUMBER({rank}))", "format": grey}
    sheet.conditional_format(first, 0, last, wide - 1, unranked)


def _charts(sheet: BulkWorksheet, book: Book, month: Month, layout: Layout, widths: Sequence[float]) -> int:
    """Both charts side by side under the table, as wide as it; gives the first row below them."""
    first = layout.last_ranked + 2
    height = _CHART_ROWS * _ROW_HEIGHT * 4 // 3
    pixels = [int(width * 7 + 0.5) + 5 for width in widths]  # as XlsxWriter counts them
    ranked = min(len(month.result.ranked), ON_ONE_PAGE)
    border = _shared(widths, 5)[2][1] if ranked else 0
    if ranked:
        chart = _ranking_chart(book.workbook, month, layout, ranked)
        chart.set_size({"width": sum(pixels[:border]) - 8, "height": height})
        sheet.insert_chart(first - 1, 0, chart, {"object_position": 1})
    chart = _category_chart(book.workbook, layout)
    chart.set_size({"width": sum(pixels[border:]), "height": height})
    sheet.insert_chart(first - 1, border, chart, {"object_position": 1})
    return first + _CHART_ROWS + 1


def _ranking_chart(workbook: Workbook, month: Month, layout: Layout, people: int) -> Chart:
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
    frame_chart(chart, "综合得分（按名次）")
    chart.set_x_axis(axis(num_font=CHART_QUIET | ({"rotation": 271} if people > 15 else {})))
    chart.set_y_axis(figure_axis(0, highest_final(month.scheme)))
    chart.set_legend({"none": True})
    return chart


def _category_chart(workbook: Workbook, layout: Layout) -> Chart:
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
    frame_chart(chart, "各类别组平均与标准分")
    chart.set_y_axis(axis(reverse=True, num_font=CHART_FONT))
    room = max(category.full for category in layout.points.categories) * Decimal("1.2")  # for the labels
    chart.set_x_axis(axis(min=0, max=float(room), visible=False, major_gridlines={"visible": False}))
    chart.set_legend({"position": "bottom", "font": CHART_FONT})
    return chart


def _signatures(sheet: BulkWorksheet, book: Book, row: int, widths: Sequence[float], superior: str) -> None:
    for (first, last), who in zip(_shared(widths, 4), ("制表", superior, "人事", "批准"), strict=True):
        sheet.block(row, first, row, last, f"{who}：＿＿＿＿＿＿＿＿", book.style())


def _set_up(sheet: BulkWorksheet, month: Month, end: int, widths: Sequence[float]) -> None:
    result = month.result
    sheet.freeze_panes(FIRST_RANKED - 1, 2)
    sheet.protect("", PROTECTION)
    print_on_a4(
        sheet,
        title=f"{result.group} {result.period} 第{result.revision}版",
        repeat=(FIRST_RANKED - 2, FIRST_RANKED - 2),
        landscape=sum(widths) > _WIDE and len(result.staff) <= _FEW,
        one_page=len(result.staff) <= ON_ONE_PAGE,
    )
    sheet.set_margins(left=0.35, right=0.35, top=0.7, bottom=0.6)
    sheet.print_area(0, 0, end - 1, len(widths) - 1)
