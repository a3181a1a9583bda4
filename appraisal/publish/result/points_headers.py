"""The three header rows of 分项得分: 类别, 指标, and the full points as numbers to compute with."""

from __future__ import annotations

from itertools import groupby

from appraisal.publish.excel import styles
from appraisal.publish.excel.book import Book
from appraisal.publish.month import Month
from appraisal.publish.result.layout import HEADER, Column, Layout, LivingSheet
from appraisal.scheme.model.indicator import Indicator
from appraisal.scheme.model.scheme import Scheme
from appraisal.scheme.model.units import Unit, number_text

_UNITS = {Unit.DURATION: "/秒", Unit.MONEY: "/元"}


def headers(sheet: LivingSheet, book: Book, month: Month, layout: Layout) -> None:
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
            sheet.block(
                middle,
                columns[0].number,
                middle,
                columns[-1].number,
                indicator.name,
                styles.subheader(book, bold=True),
            )
            _standard_points(sheet, book, layout, indicator)
    _sum_headers(sheet, book, scheme, layout)


def columns_of(layout: Layout, indicator: Indicator) -> list[Column]:
    points = list(layout.points.points[indicator.name].values())
    if indicator.is_judged:
        return points
    count = layout.points.counts.get(indicator.name)
    return [layout.points.values[indicator.name], *([] if count is None else [count]), points[0]]


def _standard_points(sheet: LivingSheet, book: Book, layout: Layout, indicator: Indicator) -> None:
    """The full points stand as a number in the last column of an indicator alone, so that SUMIF over
    the whole row counts them once.
    """
    full, points = layout.standard.full[indicator.name], layout.points.points[indicator.name]
    if not indicator.counts:
        _outside(sheet, book, layout, indicator)
        return
    *others, (name, last) = points.items() if indicator.is_judged else [("得分", next(iter(points.values())))]
    for other, column in others:
        sheet.formula(
            HEADER,
            column.number,
            f'="{other}/"&{full}',
            styles.subheader(book),
            f"{other}/{number_text(indicator.points)}",
        )
    if not indicator.is_judged:
        value = layout.points.values[indicator.name]
        sheet.text(
            HEADER, value.number, f"实际值{_UNITS.get(indicator.measure.unit, '')}", styles.subheader(book)
        )
        if (count := layout.points.counts.get(indicator.name)) is not None:
            sheet.text(HEADER, count.number, "次数", styles.subheader(book))
    style = styles.subheader(book, num_format=f'"{name}/"General')
    sheet.formula(HEADER, last.number, f"={full}", style, indicator.points)


def _outside(sheet: LivingSheet, book: Book, layout: Layout, indicator: Indicator) -> None:
    """What acts on the final score itself has no full points: texts alone, which no sum counts."""
    style = styles.subheader(book)
    if indicator.is_judged:
        for name, column in layout.points.points[indicator.name].items():
            sheet.text(HEADER, column.number, f"{name}（{indicator.method.title}）", style)
        return
    value, limit = columns_of(layout, indicator)
    sheet.text(HEADER, value.number, f"实际值{_UNITS.get(indicator.measure.unit, '')}", style)
    sheet.text(HEADER, limit.number, "得分上限", style)


def _sum_headers(sheet: LivingSheet, book: Book, scheme: Scheme, layout: Layout) -> None:
    points, top, middle = layout.points, HEADER - 2, HEADER - 1
    subtotals = points.subtotals
    sheet.block(
        top, subtotals[0].column.number, top, subtotals[-1].column.number, "类别小计", styles.header(book)
    )
    name, number = styles.subheader(book, bold=True), styles.subheader(book, num_format=styles.POINTS_SHOWN)
    for one in subtotals:
        full = ",".join(columns_of(layout, inside)[-1].at(HEADER) for inside in one.indicators)
        sheet.text(middle, one.column.number, one.name, name)
        sheet.formula(HEADER, one.column.number, f"=SUM({full})", number, one.full)
    first = points.subtotals[-1].column.number + 1
    sheet.block(top, first, top, points.possible.number, "合计与名次", styles.header(book))
    for reviewer in scheme.reviewers:
        for part in scheme.parts(reviewer.name):
            if (own := points.parts[reviewer.name].get(part.name)) is not None:
                share = styles.subheader(book, num_format=f'"占"{styles.percent(part.weight)}')
                sheet.text(middle, own.number, f"{reviewer.name}·{part.name}", name)
                sheet.formula(
                    HEADER, own.number, f"={layout.standard.sections[part.name]}", share, part.weight
                )
        column = points.totals[reviewer.name]
        weight = styles.subheader(book, num_format=f'"占"{styles.percent(reviewer.weight)}')
        sheet.text(middle, column.number, f"{reviewer.name}\n合计", name)
        sheet.formula(
            HEADER, column.number, f"={layout.standard.weights[reviewer.name]}", weight, reviewer.weight
        )
    last = [(points.final, "综合\n得分", "加权"), (points.rank, "名次", "由高到低")]
    if points.weighted is not None:
        last[0] = (points.final, "综合\n得分", "加减后")
        last.append((points.weighted, "加权合计", "加权"))
    if points.grade is not None:
        last.append((points.grade, "等级", "按得分"))
    for column, words, below in last:
        sheet.text(middle, column.number, words, name)
        sheet.text(HEADER, column.number, below, styles.subheader(book))
    least = styles.subheader(book, num_format='"≥"General"分"')
    sheet.text(middle, points.possible.number, "可计分", name)
    minimum = scheme.ranking.minimum_points
    sheet.formula(HEADER, points.possible.number, f"={layout.standard.minimum_points}", least, minimum)
