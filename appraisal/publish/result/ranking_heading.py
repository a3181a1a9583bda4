"""Above the table of 综合排名: whose result this is, whether it still is as published, six key figures."""

from __future__ import annotations

from collections.abc import Sequence

from xlsxwriter.format import Format

from appraisal.publish.excel import styles, theme
from appraisal.publish.excel.book import Book
from appraisal.publish.excel.worksheet import Shown
from appraisal.publish.month import Month
from appraisal.publish.result.figures import NO_RANK, or_text
from appraisal.publish.result.layout import FIRST_RANKED, Layout, LivingSheet
from appraisal.publish.wording import compared_places, issue_date
from appraisal.scheme.model.scheme import Scheme
from appraisal.scheme.model.units import number_text

AS_PUBLISHED = "与正式发布结果一致"
CHANGED = "标准已改动，仅供试算，不得作为依据"


def write_heading(
    sheet: LivingSheet, book: Book, month: Month, layout: Layout, widths: Sequence[float]
) -> None:
    """Rows 1 to 7, over columns of these widths."""
    _title(sheet, book, month, layout, len(widths))
    _key_figures(sheet, book, month, layout, widths)


def _title(sheet: LivingSheet, book: Book, month: Month, layout: Layout, wide: int) -> None:
    result = month.result
    trial = "（试运行）" if result.is_trial else ""
    sheet.block(
        1, 1, 1, wide, f"{result.group}　{result.period.in_words}绩效考核结果{trial}", styles.title(book)
    )
    sheet.set_row(0, 30)
    revision = f"第{result.revision}版" + ("·更正" if month.former is not None else "")
    issued = issue_date(month, with_weekday=True)
    facts = (
        f"考核组：{result.group}　　考核月份：{result.period}　　{revision}　　"
        f"下发日期：{issued}　　方案：{month.scheme.name}（第{month.scheme.version}版）"
    )
    sheet.block(2, 1, 2, wide, facts, styles.note(book, shrink=True))
    check = f'=IF({layout.is_as_published},"{AS_PUBLISHED}","{CHANGED}")'
    sheet.text(3, 1, "核对", styles.note(book))
    state = styles.note(book, bold=True)
    sheet.block(3, 2, 3, wide, "", state)
    sheet.formula(3, 2, check, state, AS_PUBLISHED)
    warning = book.style(font_color=theme.hexed(theme.WRONG), bg_color=theme.hexed(theme.WRONG_LIGHT))
    sheet.conditional_format(
        2,
        1,
        2,
        wide - 1,
        {"type": "formula", "criteria": f'=LEFT($B$3,2)="{CHANGED[:2]}"', "format": warning},
    )


def _key_figures(
    sheet: LivingSheet, book: Book, month: Month, layout: Layout, widths: Sequence[float]
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
    for (first, last), (label, formula, value, shown) in zip(shared(widths, 6), figures, strict=True):
        sheet.block(4, first, 4, last, label, styles.card_label(book))
        style = styles.card(book, shown)
        sheet.block(5, first, 5, last, "", style)
        sheet.formula(5, first, formula, style, value)
    sheet.set_row(4, 27)
    style = styles.note(book, text_wrap=True)
    sheet.block(6, 1, 6, len(widths), "", style)
    made = _how_it_is_made(month, layout, style)
    sheet.formula(6, 1, *made)
    sheet.set_row(5, 15 + 13 * (theme.text_width(made[-1]) // sum(widths)))
    sheet.set_row(6, 6)
    sheet.set_row(FIRST_RANKED - 2, theme.HEADER_HEIGHT)


def shared(widths: Sequence[float], parts: int) -> list[tuple[int, int]]:
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


def _how_it_is_made(month: Month, layout: Layout, style: Format) -> tuple[str, Format, str]:
    """综合得分＝自评合计×30%＋店长合计×70%, with the weights as they stand on 评分标准."""
    scheme, weights = month.scheme, layout.standard.weights
    counted = [one for one in scheme.reviewers if one.weight]
    parts = [f'"{one.name}合计×"&{weights[one.name]}*100&"%"' for one in counted]
    words = [f"{one.name}合计×{number_text(one.weight * 100)}%" for one in counted]
    compared = compared_places(month)
    rest = f"{_what_differs(scheme)}{f'{compared}。' if compared else ''}"
    formula = '="综合得分＝"&' + '&"＋"&'.join(parts) + f'&"{rest}"'
    return formula, style, f"综合得分＝{'＋'.join(words)}{rest}"


def _what_differs(scheme: Scheme) -> str:
    """In which indicators the reviewers differ, and what acts on the final score itself."""
    counted = [one for one in scheme.counted if one.is_judged]
    judged = "、".join(one.name for one in counted)
    acts = "".join(f"，再计{one.name}" for one in scheme.outside)
    if not scheme.is_uniform:
        return f"{acts}。各考核人所评的内容和权重见“分项得分”。"
    if judged and len(scheme.reviewers) > 1 and any(not one.is_judged for one in scheme.counted):
        return f"{acts}。数据指标各考核人相同，差别只在{judged}。"
    return f"{acts}。"
