"""评分标准: what is judged by which numbers, and the rules that no number says, as sentences.

Its cells feed every formula; the light ones may be tried out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import groupby

from appraisal.publish.excel import styles, theme
from appraisal.publish.excel.book import Book, BulkWorksheet, set_widths
from appraisal.publish.excel.pages import print_across, print_on_a4
from appraisal.publish.month import Month
from appraisal.publish.result.layout import (
    FIRST_BAND,
    FIRST_INDICATOR,
    FULL_COLUMN,
    MINIMUM_COLUMN,
    STANDARD,
    Layout,
)
from appraisal.publish.wording import HELD, OUTCOME_NAMES, month_standard
from appraisal.scheme.describe.explain_parts import breakers_in_words, possible_in_words
from appraisal.scheme.formula.parse import denominator_of
from appraisal.scheme.formula.printing import guard_in_words, in_words
from appraisal.scheme.methods.method import StandardRow
from appraisal.scheme.model.indicator import Indicator
from appraisal.scheme.model.outcome_rules import OutcomeRule, OutcomeType, Reviewer
from appraisal.scheme.model.scheme import Scheme
from appraisal.scheme.model.units import excel_format, money
from appraisal.xlsx.grid import column_name

_WIDTHS = (5, 11, 15, 8, 48, 9)
_BAND_WIDTH = 10.5
_NOTE = (
    "浅色格（标准分、阈值、得分、权重、下限）是全部公式的依据，可以改动试算；改动后“综合排名”会注明仅供试算。"
)
_ABOUT_BANDS = "分档：上行为条件（自左至右先符合者为准），下行为得分"
_ROW_HEIGHT = 17
_FIRST_ROWS = (30, _ROW_HEIGHT, _ROW_HEIGHT, theme.HEADER_HEIGHT)
"""The heights above the first indicator."""


def write_standard(book: Book, month: Month, layout: Layout) -> None:
    """Two rows per indicator: thresholds above, their points below; then weights, ranking, outcomes."""
    scheme, standard = month.scheme, layout.standard
    sheet = book.formula_sheet(STANDARD)
    last = FIRST_BAND + standard.bands + 1
    widths = [*_WIDTHS, *[_BAND_WIDTH] * standard.bands, 16, 14]
    set_widths(sheet, widths)
    override = scheme.override_in(month.result.period)
    only = "" if override is None else f"，{month_standard(override).rstrip('。')}"
    sheet.text(1, 1, f"{scheme.name}　评分标准（第{scheme.version}版{only}）", styles.title(book))
    sheet.set_row(0, _FIRST_ROWS[0])
    sheet.text(2, 1, _NOTE, styles.small_print(book))
    _headers(sheet, book, last)
    for number, indicator in enumerate(scheme.indicators, 1):
        row = standard.rows[indicator.name]
        sheet.block(row, 1, row + _rows(indicator) - 1, 1, str(number), styles.centred(book))
        _indicator(sheet, book, row, scheme, indicator, last)
    _categories(sheet, book, scheme)
    _total(sheet, book, scheme, standard.total, last)
    _reviewers(sheet, book, scheme, standard.first_reviewer, last)
    if standard.sections:
        _section_weights(sheet, book, scheme, standard.first_section, last)
    if scheme.grades:
        _grades(sheet, book, scheme, standard.first_grade, last)
    _rules(sheet, book, scheme, standard.rules, last)
    sheet.set_default_row(_ROW_HEIGHT)
    sheet.freeze_panes(FIRST_INDICATOR - 1, 3)
    print_on_a4(sheet, title=f"{scheme.name} 评分标准", landscape=True)
    rows = standard.rules + len(list(_rules_in_words(scheme)))
    height = sum(_FIRST_ROWS) + (rows - len(_FIRST_ROWS)) * _ROW_HEIGHT
    if not print_across(sheet, widths, [], height):
        sheet.set_h_pagebreaks([standard.first_reviewer - 3])


def _headers(sheet: BulkWorksheet, book: Book, last: int) -> None:
    row, style = FIRST_INDICATOR - 1, styles.header(book)
    for column, header in enumerate(("序号", "类别", "指标", "标准分", "考核内容与计算方法", "样本下限"), 1):
        sheet.text(row, column, header, style)
    sheet.block(row, FIRST_BAND, row, last - 2, _ABOUT_BANDS, style)
    sheet.text(row, last - 1, "数据来源", style)
    sheet.text(row, last, "评分", style)
    sheet.set_row(row - 1, theme.HEADER_HEIGHT)


def _categories(sheet: BulkWorksheet, book: Book, scheme: Scheme) -> None:
    row = FIRST_INDICATOR
    for (section, inner), leaves in groupby(scheme.leaves(), key=lambda leaf: leaf[:2]):
        rows = sum(_rows(leaf[2]) for leaf in leaves)
        name = f"{section}\n{inner}" if inner else section
        sheet.block(row, 2, row + rows - 1, 2, name, styles.centred(book, text_wrap=True))
        row += rows


def _total(sheet: BulkWorksheet, book: Book, scheme: Scheme, row: int, last: int) -> None:
    sheet.block(row, 1, row, 3, "标准分合计", styles.foot(book, align="left"))
    letters = column_name(FULL_COLUMN)
    total = f"=SUM({letters}{FIRST_INDICATOR}:{letters}{row - 1})"
    sheet.formula(row, FULL_COLUMN, total, styles.foot(book, "General", align="center"), scheme.full_points)
    for column in range(FULL_COLUMN + 1, last + 1):
        sheet.blank(row, column, styles.foot(book))


def _rows(indicator: Indicator) -> int:
    return 2 if indicator.by_count is None else 4


def _indicator(
    sheet: BulkWorksheet, book: Book, row: int, scheme: Scheme, indicator: Indicator, last: int
) -> None:
    below = row + _rows(indicator) - 1
    sheet.block(row, 3, below, 3, indicator.name, styles.body(book, bold=True, text_wrap=True))
    if indicator.counts:
        sheet.block(row, FULL_COLUMN, below, FULL_COLUMN, "", styles.adjustable(book, "General"))
        sheet.number(row, FULL_COLUMN, indicator.points, styles.adjustable(book, "General"))
    else:
        title = styles.centred(book)
        sheet.block(row, FULL_COLUMN, below, FULL_COLUMN, indicator.method.title, title)
    wrapped = styles.body(book, text_wrap=True)
    sheet.block(row, 5, row + 1, 5, _meaning(indicator), wrapped)
    _minimum(sheet, book, row, indicator.min_denominator)
    lines = indicator.method.standard(indicator.measure)
    if indicator.is_judged:
        anchors = "；".join(line.words for line in lines)
        sheet.block(row, FIRST_BAND, row + 1, last - 2, anchors, wrapped)
    else:
        _bands(sheet, book, row, indicator, lines, last)
    few = indicator.by_count
    if few is not None and indicator.small_sample is not None:
        sheet.block(row + 2, 5, row + 3, 5, _when_few(indicator), wrapped)
        _minimum(sheet, book, row + 2, indicator.small_sample.under)
        _bands(sheet, book, row + 2, few, few.method.standard(few.measure), last)
    sheet.block(row, last - 1, below, last - 1, indicator.source or "—", wrapped)
    small = styles.centred(book, text_wrap=True)
    sheet.block(row, last, below, last, _judged_by(scheme, indicator), small)


def _minimum(sheet: BulkWorksheet, book: Book, row: int, minimum: Decimal | None) -> None:
    if minimum is None:
        sheet.block(row, MINIMUM_COLUMN, row + 1, MINIMUM_COLUMN, "—", styles.centred(book))
    else:
        style = styles.adjustable(book, "General")
        sheet.block(row, MINIMUM_COLUMN, row + 1, MINIMUM_COLUMN, "", style)
        sheet.number(row, MINIMUM_COLUMN, minimum, style)


def _when_few(indicator: Indicator) -> str:
    few, tree = indicator.by_count, indicator.expression
    assert few is not None
    assert few.expression is not None
    assert tree is not None
    divisor = denominator_of(tree)
    assert divisor is not None
    return f"{in_words(divisor)}少于右边的数时，改按次数：{in_words(few.expression)}"


def _judged_by(scheme: Scheme, indicator: Indicator) -> str:
    carriers = scheme.carriers(indicator.name)
    everyone = len(carriers) == len(scheme.reviewers)
    names = (
        "各考核人" if everyone and len(carriers) > 1 else "、".join(reviewer.name for reviewer in carriers)
    )
    if indicator.is_judged:
        return "各考核人评分" if everyone else f"{names}评分"
    return "按数据计分" if everyone or not indicator.counts else f"按数据计分（{names}）"


def _meaning(indicator: Indicator) -> str:
    if indicator.expression is None:
        return indicator.meaning
    return f"{indicator.meaning}＝{in_words(indicator.expression)}"


def _bands(
    sheet: BulkWorksheet,
    book: Book,
    row: int,
    indicator: Indicator,
    lines: tuple[StandardRow, ...],
    last: int,
) -> None:
    """The sign stands in the number format, so that the cell holds the threshold alone and stays live."""
    for column, line in enumerate(lines, FIRST_BAND):
        if line.threshold is None:
            sheet.text(row, column, line.words, styles.centred(book, text_wrap=True))
        else:
            style = styles.adjustable(book, _condition_format(indicator, line))
            sheet.number(row, column, line.threshold, style)
        if line.points is not None:
            sheet.number(
                row + 1, column, line.points, styles.adjustable(book, styles.POINTS_SHOWN, bold=True)
            )
    unused = FIRST_BAND + len(lines)
    if unused < last - 1:
        sheet.block(row, unused, row + 1, last - 2, "", styles.body(book))


def _condition_format(indicator: Indicator, line: StandardRow) -> str:
    """`"≥"0.00%`: the words before the threshold, then the threshold as it is printed everywhere."""
    assert line.threshold is not None
    measure = indicator.measure
    before = line.words.partition(measure.shown(line.threshold))[0]
    shown = excel_format(measure.unit, measure.decimals)
    positive = f'"{before}"{shown}'
    return positive if line.threshold >= 0 else f'{positive};"{before}-"{shown}'  # else −≥5.00%


def _table_head(
    sheet: BulkWorksheet, book: Book, row: int, last: int, title: str, headers: Mapping[tuple[int, int], str]
) -> None:
    """Above a table whose lines begin at `row`: its heading, and its headers by their first and last column."""
    sheet.block(row - 2, 1, row - 2, last, title, styles.heading(book))
    for (first, to), header in headers.items():
        sheet.block(row - 1, first, row - 1, to, header, styles.header(book))


def _reviewers(sheet: BulkWorksheet, book: Book, scheme: Scheme, row: int, last: int) -> None:
    headers = {(1, 3): "考核人", (4, 4): "权重", (5, 5): "考核重点", (6, last): "缺评时"}
    _table_head(sheet, book, row, last, "考核人与权重", headers)
    for row_number, reviewer in enumerate(scheme.reviewers, row):
        sheet.block(row_number, 1, row_number, 3, reviewer.name, styles.body(book, bold=True))
        style = styles.adjustable(book, styles.percent(reviewer.weight))
        sheet.number(row_number, FULL_COLUMN, reviewer.weight, style)
        sheet.text(row_number, 5, reviewer.focus, styles.body(book, text_wrap=True))
        sheet.block(row_number, 6, row_number, last, _when_absent(reviewer), styles.body(book))
    below, column = row + len(scheme.reviewers), column_name(FULL_COLUMN)
    sheet.block(below, 1, below, 3, "权重合计", styles.foot(book, align="left"))
    total = styles.foot(book, styles.percent(Decimal(1)), align="center")
    sheet.formula(below, FULL_COLUMN, f"=SUM({column}{row}:{column}{below - 1})", total, 1)
    sheet.block(below, 5, below, last, "应为100%", styles.foot(book, align="left"))


def _when_absent(reviewer: Reviewer) -> str:
    if reviewer.if_absent is None:
        return "必须评分"
    return f"逾期未评的，按{reviewer.if_absent}评分计，并在各处注明"


def _section_weights(sheet: BulkWorksheet, book: Book, scheme: Scheme, row: int, last: int) -> None:
    """The weight of each 类别 in a reviewer's total, which the totals compute with."""
    headers = {(1, 3): "类别", (4, 4): "权重", (5, last): "谁评"}
    _table_head(sheet, book, row, last, "类别权重", headers)
    weights = {
        section.name: section.weight for section in scheme.counted_sections if section.weight is not None
    }
    for row_number, (name, weight) in enumerate(weights.items(), row):
        carriers = [
            reviewer.name
            for reviewer in scheme.reviewers
            if name in {part.name for part in scheme.parts(reviewer.name)}
        ]
        sheet.block(row_number, 1, row_number, 3, name, styles.body(book, bold=True))
        sheet.number(row_number, FULL_COLUMN, weight, styles.adjustable(book, styles.percent(weight)))
        sheet.block(
            row_number, 5, row_number, last, f"{'、'.join(carriers)}；本类满分100分", styles.body(book)
        )


def _grades(sheet: BulkWorksheet, book: Book, scheme: Scheme, row: int, last: int) -> None:
    """From which score on each grade begins, and its factor."""
    headers = {(1, 3): "等级", (4, 4): "起点", (5, 5): "说明", (6, 6): "绩效系数"}
    _table_head(sheet, book, row, last, "等级", headers)
    for row_number, grade in enumerate(scheme.grades, row):
        sheet.block(row_number, 1, row_number, 3, grade.name, styles.body(book, bold=True))
        if grade.from_ is None:
            sheet.text(row_number, FULL_COLUMN, "其他", styles.centred(book))
        else:
            sheet.number(row_number, FULL_COLUMN, grade.from_, styles.adjustable(book, '"≥"General'))
        words = "综合得分达到起点的，取最高一级" if grade.from_ is not None else "没有达到以上各级的"
        sheet.text(row_number, 5, words, styles.body(book))
        if grade.factor is None:
            sheet.text(row_number, MINIMUM_COLUMN, "—", styles.centred(book))
        else:
            sheet.number(row_number, MINIMUM_COLUMN, grade.factor, styles.adjustable(book, "0.0#"))


def _rules(sheet: BulkWorksheet, book: Book, scheme: Scheme, row: int, last: int) -> None:
    sheet.block(row - 1, 1, row - 1, last, "计分、排名与结果运用", styles.heading(book))
    sheet.block(row, 1, row, 3, "参与排名的最低可计分", styles.body(book, bold=True))
    least = styles.adjustable(book, styles.POINTS_SHOWN)
    sheet.number(row, FULL_COLUMN, scheme.ranking.minimum_points, least)
    wrapped = styles.body(book, text_wrap=True)
    words = f"{possible_in_words(scheme)}少于此数的，只计分、不参与排名。"
    sheet.block(row, 5, row, last, words, wrapped)
    for row_number, (name, words) in enumerate(_rules_in_words(scheme), row + 1):
        sheet.block(row_number, 1, row_number, 3, name, styles.body(book, bold=True))
        sheet.block(row_number, FULL_COLUMN, row_number, last, words, wrapped)


def _rules_in_words(scheme: Scheme) -> Iterator[tuple[str, str]]:
    """Each rule's name, and what it says."""
    yield "考核人合计", "100 × 得分之和 ÷ 可计分指标标准分之和，保留2位小数（四舍五入）。"
    yield "综合得分", "各考核人合计按权重相加，保留2位小数；名次按综合得分排列。"
    yield "不适用", "分母为0、没有数据或样本少于下限的指标不计分，也不计入标准分；不适用不等于0分。"
    yield "不参与排名", "参评情况不是“参评”的、可计分指标不足的，只列明原因。"
    ties = "1、2、2、4" if scheme.ranking.ties == "competition" else "1、2、2、3"
    broken = breakers_in_words(scheme)
    order = f"同分的依次比较{broken}，仍相同的并列" if broken else "综合得分相同的并列同一名次"
    yield "并列", f"{order}（{ties}）。"
    for rule in scheme.outcomes.rules:
        yield "结果运用", _outcome(rule)
    yield "人数与并列", _numbers_and_ties(scheme)


def _numbers_and_ties(scheme: Scheme) -> str:
    """A grade asks for a score and not for a place: neither ties nor a level month matter to it."""
    few = f"参与排名少于{scheme.outcomes.minimum}人"
    by_place = [rule for rule in scheme.outcomes.rules if rule.grade is None]
    if not by_place:
        never = f"{few}的月份，不执行结果运用；" if scheme.outcomes.minimum > 1 else ""
        return f"{never}等级只看综合得分，不论名次。"
    others = len(by_place) < len(scheme.outcomes.rules)
    exempt = "（按等级的规定照常）" if others else ""
    return (
        f"{few}，或全部同分的月份，不执行结果运用{exempt}；"
        f"涉及金额的名次并列时{HELD}，另有约定的除外；后几名包括并列者，不含第一名。"
    )


def _outcome(rule: OutcomeRule) -> str:
    """The clause as the scheme words it, else in our own words; and when it does not apply."""
    words = rule.clause or f"{rule.condition}，{_what(rule)}"
    if rule.only_if is not None:
        words += f"；只在{guard_in_words(rule.only_if)}时适用"
    if rule.unless is not None:
        words += f"；{guard_in_words(rule.unless)}时不适用"
    return f"{words}{'；并列的每人照办' if rule.if_tied == 'each' else ''}。"


def _what(rule: OutcomeRule) -> str:
    match rule.do:
        case OutcomeType.REWARD if rule.amount is not None:
            return f"奖励{money(rule.amount)}"
        case OutcomeType.DEDUCT if rule.amount is not None:
            return f"{rule.from_ or '提成'}减少{money(rule.amount)}"
        case OutcomeType.RECTIFICATION:
            return f"通报下发后{rule.days}日内提交整改方案，遇休息日顺延"
        case _:
            return OUTCOME_NAMES[rule.do]
