"""分项得分: every value and every point, subtotals, totals and ranks; at the right the workings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import groupby

from xlsxwriter.format import Format

from appraisal.publish.excel import styles, theme
from appraisal.publish.excel.book import ROW, Book, BulkWorksheet, Shown, set_widths
from appraisal.publish.excel.pages import print_across, print_on_a4
from appraisal.publish.month import Month
from appraisal.publish.result.formulas import (
    NO_RANK,
    Figures,
    Numbers,
    columns_of,
    final_formula,
    is_absent,
    is_small_sample,
    living_value_formula,
    lost_points,
    or_text,
    part_formula,
    points_formula,
    subtotal_formula,
    total_formula,
    weighted_formula,
)
from appraisal.publish.result.layout import (
    FIRST,
    HEADER,
    POINTS,
    PROTECTION,
    Column,
    Layout,
    identity,
    write_heading,
)
from appraisal.publish.result.workings import write_workings
from appraisal.scheme.formula.printing import NOT_APPLICABLE
from appraisal.scheme.methods.veto import NO_LIMIT
from appraisal.scheme.model.indicator import Indicator
from appraisal.scheme.model.units import POINT_DECIMALS, Unit, excel_format, number_text
from appraisal.scoring.results import IndicatorResult

BY_COUNT = "按次数"
"""Stands for the ratio of a small sample, which is scored by count."""

_NOTE = "实际值由“考核数据”算出，得分按“评分标准”算出，都是公式。灰底是本人失分最多的一项。"

_UNITS = {Unit.DURATION: "/秒", Unit.MONEY: "/元"}

_NARROWEST = 4.7  # 12.00 in bold; 不适用 prints a little smaller where our font is there


@dataclass(frozen=True, slots=True)
class _Filled:
    """One column: the formula of every row, what it comes to, and how the rows below average it."""

    column: Column
    template: str
    values: Sequence[Shown]
    style: Format
    average: Decimal | None
    shown: str
    decimals: int


def write_points(book: Book, month: Month, layout: Layout, figures: Figures) -> None:
    """The sheet; every other sheet reads scores and ranks from it."""
    sheet = book.formula_sheet(POINTS)
    write_heading(sheet, book, month, POINTS, _NOTE)
    who = identity(sheet, book, month)
    filled = [
        content
        for indicator in month.scheme.indicators
        for content in (_judged if indicator.is_judged else _computed)(
            month, layout, figures, indicator, book
        )
    ]
    filled += _sums(month, layout, figures, book)
    for content in filled:
        sheet.formulas(FIRST, content.column.number, content.template, content.style, content.values)
    _headers(sheet, book, month, layout)
    write_workings(sheet, book, month, layout, figures)
    _averages(sheet, book, layout, filled)
    _shade_weakest(sheet, book, layout)
    _set_up(sheet, month, layout, [*who, *_widths(month, layout, filled)])


def _computed(
    month: Month, layout: Layout, figures: Figures, indicator: Indicator, book: Book
) -> Iterator[_Filled]:
    """实际值 from 考核数据, 得分 from the value and the standard's cells."""
    measure, results = indicator.measure, [person.indicators[indicator.name] for person in month.result.staff]
    values = [None if result.by_count else result.value for result in results]
    shown = excel_format(measure.unit, measure.decimals)
    column = layout.points.values[indicator.name]
    quiet = styles.number(book, shown, **styles.QUIET)
    template = living_value_formula(layout, indicator)
    if indicator.by_count is not None:
        test = is_small_sample(layout, indicator)
        template = f'IF({test},"{BY_COUNT}",{template})'
    filled = _filled(column, f"={template}", values, figures, quiet, shown=shown, decimals=measure.decimals)
    pairs = zip(results, filled.values, strict=True)
    yield replace(filled, values=[BY_COUNT if result.by_count else value for result, value in pairs])
    points = next(iter(layout.points.points[indicator.name].values()))
    scored = points_formula(layout, indicator, column.here)
    if indicator.by_count is not None:
        yield from _counted(layout, figures, indicator, results, book)
        count = layout.points.counts[indicator.name].here
        by_count = points_formula(layout, indicator.by_count, count, layout.standard.small_lines)
        scored = f"IF(ISNUMBER({count}),{by_count},{scored})"
    if indicator.counts:
        yield _filled(points, f"={scored}", figures.weighted[indicator.name], figures, styles.number(book))
        return
    limits = [None if result.value is None else indicator.method.limit(result.value) for result in results]
    printed: list[Shown] = [
        NOT_APPLICABLE if result.value is None else NO_LIMIT if limit is None else limit
        for result, limit in zip(results, limits, strict=True)
    ]
    yield replace(_filled(points, f"={scored}", limits, figures, styles.number(book)), values=printed)


def _counted(
    layout: Layout, figures: Figures, indicator: Indicator, results: Sequence[IndicatorResult], book: Book
) -> Iterator[_Filled]:
    """What a small sample is scored by instead: the count, beside the ratio."""
    few = indicator.by_count
    assert few is not None
    formula = living_value_formula(layout, few)
    counts = [result.value if result.by_count else None for result in results]
    shown = excel_format(few.measure.unit, few.measure.decimals)
    template = f'=IF({is_small_sample(layout, indicator)},{formula},"{NO_RANK}")'
    quiet = styles.number(book, shown, **styles.QUIET)
    column = layout.points.counts[indicator.name]
    filled = _filled(column, template, counts, figures, quiet, shown="0.0", decimals=1)
    yield replace(filled, values=or_text(counts, NO_RANK))


def _judged(
    month: Month, layout: Layout, figures: Figures, indicator: Indicator, book: Book
) -> Iterator[_Filled]:
    """Each reviewer's mark; an absent one's is the stand-in's. All must be there, or none counts."""
    has_data = layout.data.has_data
    complete = [] if has_data is None else [f"{has_data.there}=1"]
    taken = {}
    for reviewer in month.scheme.carriers(indicator.name):
        mark = layout.data.marks[reviewer.name, indicator.name].there
        if reviewer.if_absent is None or month.scheme.stands_in_whole(reviewer):
            complete.append(f"ISNUMBER({mark})")
            taken[reviewer.name] = mark
        else:
            absent = is_absent(layout, reviewer)
            stand_in = layout.data.marks[reviewer.if_absent, indicator.name].there
            complete.append(f"OR({absent},ISNUMBER({mark}))")
            taken[reviewer.name] = f"IF({absent},{stand_in},{mark})"
    for name, column in layout.points.points[indicator.name].items():
        scored = points_formula(layout, indicator, taken[name])
        template = f'=IF(AND({",".join(complete)}),{scored},"{NOT_APPLICABLE}")'
        points = [person.indicators[indicator.name].points.get(name) for person in month.result.staff]
        yield _filled(column, template, points, figures, styles.number(book))


def _filled(
    column: Column,
    template: str,
    numbers: Numbers,
    figures: Figures,
    style: Format,
    *,
    shown: str = styles.TWO_DECIMALS,
    decimals: int = POINT_DECIMALS,
) -> _Filled:
    """A column of numbers, 不适用 where there is none."""
    average = figures.average(numbers, decimals)
    return _Filled(column, template, or_text(numbers), style, average=average, shown=shown, decimals=decimals)


def _sums(month: Month, layout: Layout, figures: Figures, book: Book) -> Iterator[_Filled]:
    """Subtotals by 类别, each reviewer's total, the final score and the rank."""
    points, staff = layout.points, month.result.staff
    plain_style, bold = styles.number(book), styles.number(book, bold=True)
    for subtotal in points.subtotals:
        sums = figures.subtotals[subtotal.column.number]
        yield _filled(subtotal.column, subtotal_formula(layout, subtotal), sums, figures, plain_style)
    for reviewer in month.scheme.reviewers:
        for part in month.scheme.parts(reviewer.name):
            if (column := points.parts[reviewer.name].get(part.name)) is not None:
                scores = [person.parts.get(reviewer.name, {}).get(part.name) for person in staff]
                template = f"={part_formula(layout, reviewer, part)}"
                yield _filled(column, template, scores, figures, plain_style)
        template = total_formula(layout, reviewer)
        totals = [person.reviewers[reviewer.name] for person in staff]
        yield _filled(points.totals[reviewer.name], template, totals, figures, plain_style)
    if points.weighted is not None:
        template = weighted_formula(layout)
        together = [month.score_of(person).weighted for person in staff]
        yield _filled(points.weighted, template, together, figures, plain_style)
    template = final_formula(layout)
    yield _filled(points.final, template, [person.final for person in staff], figures, bold)


def _averages(sheet: BulkWorksheet, book: Book, layout: Layout, filled: Sequence[_Filled]) -> None:
    """The row below: the mean over the ranked staff who have the number."""
    row, counted = layout.below, layout.points.counted
    sheet.block(row, 1, row, 2, "组平均（参与排名人员）", styles.foot(book, align="left", text_wrap=True))
    for content in filled:
        mean = f'AVERAGEIF({counted.all_here},">=0",{content.column.all_here})'
        formula = f'=IFERROR(ROUND({mean},{content.decimals}),"{NO_RANK}")'
        [average] = or_text([content.average], NO_RANK)
        sheet.formula(row, content.column.number, formula, styles.foot(book, content.shown), average)
    grade = [] if layout.points.grade is None else [layout.points.grade]
    for blank in (layout.points.rank, *grade, layout.points.possible):
        sheet.blank(row, blank.number, styles.foot(book))


def _headers(sheet: BulkWorksheet, book: Book, month: Month, layout: Layout) -> None:
    """类别, 指标, and 标准分 as numbers that the columns below compute with."""
    form, scheme = month.form, month.scheme
    top, middle = HEADER - 2, HEADER - 1
    sheet.block(top, 1, HEADER, 1, form.id_title, styles.header(book))
    sheet.block(top, 2, HEADER, 2, form.name_title, styles.header(book))
    for (section, inner), leaves in groupby(scheme.leaves(), key=lambda leaf: leaf[:2]):
        indicators = [leaf[2] for leaf in leaves]
        first, last = columns_of(layout, indicators[0])[0], columns_of(layout, indicators[-1])[-1]
        title = f"{section} · {inner}" if inner else section
        sheet.block(top, first.number, top, last.number, title, styles.header(book))
        for indicator in indicators:
            columns = columns_of(layout, indicator)
            name = styles.subheader(book, bold=True)
            sheet.block(middle, columns[0].number, middle, columns[-1].number, indicator.name, name)
            _standard_points(sheet, book, layout, indicator)
    _sum_headers(sheet, book, layout)


def _standard_points(sheet: BulkWorksheet, book: Book, layout: Layout, indicator: Indicator) -> None:
    """The full points stand as a number in the last column of an indicator alone, so that SUMIF over
    the whole row counts them once; of what acts on the final score itself there is none.
    """
    full, points = layout.standard.full[indicator.name], layout.points.points[indicator.name]
    plain = styles.subheader(book)
    if not indicator.is_judged:
        value = layout.points.values[indicator.name]
        sheet.text(HEADER, value.number, f"实际值{_UNITS.get(indicator.measure.unit, '')}", plain)
        if (count := layout.points.counts.get(indicator.name)) is not None:
            sheet.text(HEADER, count.number, "次数", plain)
    columns = list(points.items()) if indicator.is_judged else [("得分", next(iter(points.values())))]
    if not indicator.counts:
        for name, column in columns:
            limit = f"{name}（{indicator.method.title}）" if indicator.is_judged else "得分上限"
            sheet.text(HEADER, column.number, limit, plain)
        return
    *others, (name, last) = columns
    for other, column in others:
        shown = f"{other}/{number_text(indicator.points)}"
        sheet.formula(HEADER, column.number, f'="{other}/"&{full}', plain, shown)
    style = styles.subheader(book, num_format=f'"{name}/"General')
    sheet.formula(HEADER, last.number, f"={full}", style, indicator.points)


def _sum_headers(sheet: BulkWorksheet, book: Book, layout: Layout) -> None:
    scheme, points, standard, top = layout.scheme, layout.points, layout.standard, HEADER - 2
    name = styles.subheader(book, bold=True)

    def head(column: Column, words: str, formula: str, shown: str, value: Decimal) -> None:
        sheet.text(HEADER - 1, column.number, words, name)
        sheet.formula(HEADER, column.number, f"={formula}", styles.subheader(book, num_format=shown), value)

    first, end = points.subtotals[0].column.number, points.subtotals[-1].column.number
    sheet.block(top, first, top, end, "类别小计", styles.header(book))
    for subtotal in points.subtotals:
        full = ",".join(columns_of(layout, inside)[-1].at(HEADER) for inside in subtotal.indicators)
        head(subtotal.column, subtotal.name, f"SUM({full})", styles.POINTS_SHOWN, subtotal.full)
    sheet.block(top, end + 1, top, points.possible.number, "合计与名次", styles.header(book))
    for reviewer in scheme.reviewers:
        for part in scheme.parts(reviewer.name):
            if (own := points.parts[reviewer.name].get(part.name)) is not None:
                share, cell = f'"占"{styles.percent(part.weight)}', standard.sections[part.name]
                head(own, f"{reviewer.name}·{part.name}", cell, share, part.weight)
        share, cell = f'"占"{styles.percent(reviewer.weight)}', standard.weights[reviewer.name]
        head(points.totals[reviewer.name], f"{reviewer.name}\n合计", cell, share, reviewer.weight)
    last = [(points.final, "综合\n得分", "加权"), (points.rank, "名次", "由高到低")]
    if points.weighted is not None:
        last[0] = (points.final, "综合\n得分", "加减后")
        last.append((points.weighted, "加权合计", "加权"))
    if points.grade is not None:
        last.append((points.grade, "等级", "按得分"))
    for column, words, below in last:
        sheet.text(HEADER - 1, column.number, words, name)
        sheet.text(HEADER, column.number, below, styles.subheader(book))
    least = scheme.ranking.minimum_points
    head(points.possible, "可计分", standard.minimum_points, '"≥"General"分"', least)


def _shade_weakest(sheet: BulkWorksheet, book: Book, layout: Layout) -> None:
    """Each person's indicator that cost the most points, lightly: people see where to start."""
    shade = book.style(bg_color=theme.hexed(theme.GREY_LIGHT))
    most = layout.points.lost.fixed
    for indicator in layout.scheme.counted:
        columns = columns_of(layout, indicator)
        condition = f"=AND(ISNUMBER({columns[-1].fixed}),{most}>0,{lost_points(layout, indicator)}={most})"
        sheet.conditional_format(
            FIRST - 1,
            columns[0].number - 1,
            layout.last - 1,
            columns[-1].number - 1,
            {"type": "formula", "criteria": condition.replace(ROW, str(FIRST)), "format": shade},
        )


def _set_up(sheet: BulkWorksheet, month: Month, layout: Layout, widths: list[float]) -> None:
    wide = layout.points.possible.number
    _make_room(widths, layout)
    set_widths(sheet, widths)
    sheet.set_default_row(theme.ROW_HEIGHT)
    sheet.set_row(0, 30)
    for row in (HEADER - 2, HEADER - 1, layout.below - 1):
        sheet.set_row(row, theme.HEADER_HEIGHT)
    sheet.freeze_panes(FIRST - 1, 2)
    sheet.autofilter(HEADER - 1, 0, layout.last - 1, wide - 1)
    sheet.protect("", PROTECTION)
    title = f"{month.result.group} {month.result.period} {POINTS}"
    print_on_a4(sheet, title=title, landscape=True, repeat=(HEADER - 3, HEADER - 1))
    sheet.print_area(0, 0, layout.below - 1, wide - 1)
    height = 30 + (layout.below - 4) * theme.ROW_HEIGHT + 3 * theme.HEADER_HEIGHT
    print_across(sheet, widths[:wide], _part_ends(layout), height)


def _part_ends(layout: Layout) -> list[int]:
    """The last column of each 类别, where a page may end."""
    parts = groupby(layout.scheme.leaves(), key=lambda leaf: leaf[:2])
    last = [list(leaves)[-1][2] for _, leaves in parts]
    return [columns_of(layout, indicator)[-1].number for indicator in last]


def _make_room(widths: list[float], layout: Layout) -> None:
    """Widens the columns of a 类别 that is narrower than its name."""
    for (section, inner), leaves in groupby(layout.scheme.leaves(), key=lambda leaf: leaf[:2]):
        columns = [column.number - 1 for leaf in leaves for column in columns_of(layout, leaf[2])]
        title = theme.text_width(f"{section} · {inner}" if inner else section) + 2
        short = title - sum(widths[column] for column in columns)
        for column in columns if short > 0 else ():
            widths[column] += short / len(columns)


def _widths(month: Month, layout: Layout, filled: Sequence[_Filled]) -> list[float]:
    """Behind the names: no wider than numbers and lowest headers ask for, so that the sheet is legible on paper."""
    points = layout.points
    widths = [8.0] * points.remark.number
    for content in filled:
        numbers = [each for each in (*content.values, content.average) if isinstance(each, Decimal)]
        widths[content.column.number - 1] = max(_NARROWEST, styles.width_of(numbers, content.shown))
    for indicator in month.scheme.indicators:
        for name, column in points.points[indicator.name].items():
            head = f"{name if indicator.is_judged else '得分'}/{number_text(indicator.points)}"
            widths[column.number - 1] = max(widths[column.number - 1], 0.76 * theme.text_width(head))
    widths[points.rank.number - 1], widths[points.possible.number - 1] = 4.2, 5.2
    return widths[2:]
