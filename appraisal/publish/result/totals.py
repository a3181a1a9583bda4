"""分项得分 around its points: the three header rows (类别, 指标, the full points as numbers to compute with), living formulas from
points to totals (who carries what, weights, 加减分, 单项否决); and 结果运用 as issued, which no trial moves."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from appraisal.publish.excel import styles, theme
from appraisal.publish.excel.book import Book, print_on_a4, set_widths
from appraisal.publish.month import Month
from appraisal.publish.result.layout import HEADER, OUTCOMES, Column, Layout, LivingSheet, living_sheet
from appraisal.publish.wording import OUTCOME_NAMES, STATE_NAMES, deadline, is_waived
from appraisal.scheme.forms.submission import REVIEW_ABSENT
from appraisal.scheme.formula.excel import NOT_APPLICABLE
from appraisal.scheme.methods.method import Effect
from appraisal.scheme.model.indicator import Indicator
from appraisal.scheme.model.outcome_rules import Reviewer
from appraisal.scheme.model.scheme import Part, Scheme
from appraisal.scheme.model.units import POINT_DECIMALS, Unit, number_text
from appraisal.scoring.results import Outcome, signed

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


_HEADERS = ("事项", "金额（元）", "期限", "依据（条款）", "说明", "状态")
"""Behind name and id."""

_WIDTHS = (9, 10, 12, 11, 24, 40, 25, 8)

_FIRST = 5


def write_outcomes(book: Book, month: Month) -> None:
    """One line per outcome, or the sentence that says why there is none; below, what HR should know."""
    result = month.result
    sheet = living_sheet(book, OUTCOMES)
    set_widths(sheet, _WIDTHS)
    headers = (month.form.name_title, month.form.id_title, *_HEADERS)
    wide = len(headers)
    sheet.text(1, 1, f"{result.group}　{result.period.in_words}　结果运用", styles.title(book))
    sheet.text(2, 1, "以下按正式发布的结果列出，不随试算变动。提成调整由财务按制度办理。", styles.note(book))
    sheet.set_row(0, 30)
    sheet.set_default_row(theme.ROW_HEIGHT)
    row = _FIRST
    if result.outcomes:
        for column, header in enumerate(headers, 1):
            sheet.text(_FIRST - 1, column, header, styles.header(book))
        names = {one.id: result.name_of(one.id) for one in result.staff}
        for row, outcome in enumerate(result.outcomes, _FIRST):
            _line(sheet, book, row, names[outcome.staff], outcome, is_draft=month.is_draft)
        row += 1
    else:
        sheet.block(4, 1, 4, wide, result.no_outcomes or "本月没有结果运用事项。", styles.body(book))
    for at, warning in enumerate(result.warnings):
        sheet.block(row + 1 + at, 1, row + 1 + at, wide, f"请注意：{warning}", book.style(text_wrap=True))
    sheet.freeze_panes(_FIRST - 1, 0)
    print_on_a4(
        sheet,
        title=f"{result.group} {result.period} {OUTCOMES}",
        landscape=True,
        repeat=(_FIRST - 2, _FIRST - 2),
    )


def _line(sheet: LivingSheet, book: Book, row: int, name: str, outcome: Outcome, *, is_draft: bool) -> None:
    wrapped = styles.body(book, text_wrap=True)
    due = "—" if outcome.due is None else f"{deadline(outcome.due, is_draft=is_draft)}前"
    sheet.text(row, 1, name, styles.body(book, bold=True, text_wrap=True))
    sheet.text(row, 2, outcome.staff, styles.body(book, shrink=True))
    sheet.text(row, 3, OUTCOME_NAMES[outcome.type], wrapped)
    if outcome.amount is None:
        sheet.text(row, 4, "—", styles.number(book))
    else:
        number = styles.number(book, '+#,##0.00;"−"#,##0.00;0.00')
        sheet.number(row, 4, signed(outcome.type, outcome.amount), number)
    sheet.text(row, 5, due, styles.centred(book, text_wrap=True))
    sheet.text(row, 6, outcome.clause or "—", wrapped)
    sheet.text(row, 7, outcome.reason, wrapped)
    state = "不执行" if is_waived(outcome) else STATE_NAMES[outcome.state]
    sheet.text(row, 8, state, styles.centred(book, bold=True))
    sheet.set_row(row - 1, 2 * theme.ROW_HEIGHT)


def part_formula(layout: Layout, reviewer: Reviewer, part: Part) -> str:
    """100 × points earned ÷ points possible of one part, in one row of 分项得分."""
    cells = ",".join(layout.points.points[one.name][reviewer.name].here for one in part.indicators)
    exact = f"100*SUM({cells})/{_possible(layout, part)}"
    return f'IFERROR(ROUND({exact},{POINT_DECIMALS}),"{NOT_APPLICABLE}")'


def total_formula(scheme: Scheme, layout: Layout, reviewer: Reviewer) -> str:
    """A reviewer's total; where the stand-in's total counts for an absent reviewer, that one."""
    points = layout.points
    parts = list(points.parts[reviewer.name].values())
    if scheme.is_uniform:
        [part] = scheme.parts(reviewer.name)
        cells = ",".join(points.points[one.name][reviewer.name].here for one in part.indicators)
        return (
            f"=IF({points.possible.here}>0,"
            f'ROUND(100*SUM({cells})/{points.possible.here},{POINT_DECIMALS}),"{NOT_APPLICABLE}")'
        )
    if parts:
        row, weights = (
            f"{parts[0].here}:{parts[-1].here}",
            f"{parts[0].at(HEADER)}:{parts[-1].at(HEADER)}",
        )
        exact = f'SUMPRODUCT({weights},{row})/SUMIF({row},">=0",{weights})'
        own = f'IF(COUNT({row})>0,ROUND({exact},{POINT_DECIMALS}),"{NOT_APPLICABLE}")'
    else:
        own = part_formula(layout, reviewer, scheme.parts(reviewer.name)[0])
    if not scheme.stands_in_whole(reviewer) or reviewer.if_absent is None:
        return f"={own}"
    return f"=IF({_absent(layout, reviewer)},{points.totals[reviewer.if_absent].here},{own})"


def possible_formula(scheme: Scheme, layout: Layout) -> str:
    """How many of the 100 points could be judged, where reviewers carry different parts."""
    shares = {one.name: _share(scheme, layout, one) for one in scheme.reviewers}
    terms = []
    for one in scheme.reviewers:
        share = shares[one.name]
        if scheme.stands_in_whole(one) and one.if_absent is not None:
            share = f"IF({_absent(layout, one)},{shares[one.if_absent]},{share})"
        terms.append(f"{layout.points.totals[one.name].at(HEADER)}*{share}")
    return f"=ROUND({'+'.join(terms)},{POINT_DECIMALS})"


def weighted_formula(scheme: Scheme, layout: Layout) -> str:
    """Σ weight × total, from the totals as printed; who has no weight may have no total."""
    totals = layout.points.totals
    together = f"SUMPRODUCT({_list(layout, HEADER)},{_list(layout, None)})"
    needed = [totals[one.name].here for one in scheme.reviewers if one.weight]
    counted = f"{needed[0]}:{needed[-1]}" if _stand_together(scheme, layout) else ",".join(needed)
    if not _stand_together(scheme, layout):
        each = (f"{one.at(HEADER)}*N({one.here})" for one in totals.values())
        together = "+".join(each)
    return f'=IF(COUNT({counted})={len(needed)},ROUND({together},{POINT_DECIMALS}),"{NOT_APPLICABLE}")'


def final_formula(scheme: Scheme, layout: Layout) -> str:
    """The weighted total, with 加减分 on top, never under 0 and never over a 单项否决 that holds."""
    weighted = layout.points.weighted
    if weighted is None:
        return weighted_formula(scheme, layout)
    adds, limits = [], []
    for one in scheme.outside:
        columns = layout.points.points[one.name]
        if one.method.effect is Effect.LIMITS:
            limits.append(next(iter(columns.values())).here)
        else:
            adds.append(f"IFERROR(ROUND({weighed(scheme, layout, one)},{POINT_DECIMALS}),0)")
    text = f"MAX(0,{'+'.join([weighted.here, *adds])})"
    text = f"MIN({','.join([text, *limits])})" if limits else text
    return f'=IF(ISNUMBER({weighted.here}),ROUND({text},{POINT_DECIMALS}),"{NOT_APPLICABLE}")'


def weighed(scheme: Scheme, layout: Layout, indicator: Indicator) -> str:
    """An indicator's points by the weights of those who give them; an error where there are none."""
    columns, totals = layout.points.points[indicator.name], layout.points.totals
    first = next(iter(columns.values()))
    if not indicator.is_judged or len(columns) == 1:
        return f"{first.fixed}+0"
    text = "+".join(f"{totals[name].at(HEADER)}*{column.fixed}" for name, column in columns.items())
    if len(columns) == len(scheme.reviewers):
        return text
    return f"({text})/({'+'.join(totals[name].at(HEADER) for name in columns)})"


def _possible(layout: Layout, part: Part) -> str:
    """The full points of a part's indicators that apply, which stand as numbers in the header."""
    terms = []
    for one in part.indicators:
        last = columns_of(layout, one)[-1]
        terms.append(f"ISNUMBER({last.here})*{last.at(HEADER)}")
    return f"({'+'.join(terms)})"


def _share(scheme: Scheme, layout: Layout, reviewer: Reviewer) -> str:
    terms = []
    for part in scheme.parts(reviewer.name):
        full = "+".join(columns_of(layout, one)[-1].at(HEADER) for one in part.indicators)
        column = layout.points.parts[reviewer.name].get(part.name)
        weight = "100" if column is None else f"100*{column.at(HEADER)}"
        terms.append(f"{weight}*{_possible(layout, part)}/({full})")
    return f"({'+'.join(terms)})"


def _absent(layout: Layout, reviewer: Reviewer) -> str:
    return f'{layout.data.statuses[reviewer.name].there}="{REVIEW_ABSENT}"'


def _stand_together(scheme: Scheme, layout: Layout) -> bool:
    """Whether the totals stand in neighbouring columns and all are needed."""
    numbers: Sequence[int] = [one.number for one in layout.points.totals.values()]
    neighbours = numbers == list(range(numbers[0], numbers[0] + len(numbers)))
    return neighbours and all(one.weight for one in scheme.reviewers)


def _list(layout: Layout, row: int | None) -> str:
    totals = list(layout.points.totals.values())
    if row is None:
        return f"{totals[0].here}:{totals[-1].here}"
    return f"{totals[0].at(row)}:{totals[-1].at(row)}"
