"""Living formulas from points to totals (who carries what, weights, 加减分, 单项否决); and 结果运用 as issued, which no trial moves."""

from __future__ import annotations

from collections.abc import Sequence

from appraisal.publish.excel import styles, theme
from appraisal.publish.excel.book import Book, print_on_a4, set_widths
from appraisal.publish.month import Month
from appraisal.publish.result.layout import HEADER, OUTCOMES, Layout, LivingSheet, living_sheet
from appraisal.publish.result.points_headers import columns_of
from appraisal.publish.wording import OUTCOME_NAMES, STATE_NAMES, deadline, is_waived
from appraisal.scheme.forms.submission import REVIEW_ABSENT
from appraisal.scheme.formula.excel import NOT_APPLICABLE
from appraisal.scheme.methods.method import Effect
from appraisal.scheme.model.indicator import Indicator
from appraisal.scheme.model.outcome_rules import Reviewer
from appraisal.scheme.model.scheme import Part, Scheme
from appraisal.scheme.model.units import POINT_DECIMALS
from appraisal.scoring.results import Outcome, signed

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
