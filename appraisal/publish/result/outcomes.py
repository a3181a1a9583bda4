"""结果运用: what follows from the result as issued; no trial moves it."""

from __future__ import annotations

from appraisal.publish.excel import styles, theme
from appraisal.publish.excel.book import Book, BulkWorksheet, set_widths
from appraisal.publish.excel.pages import print_on_a4
from appraisal.publish.month import Month
from appraisal.publish.result.layout import OUTCOMES
from appraisal.publish.wording import OUTCOME_NAMES, STATE_NAMES, deadline, is_waived
from appraisal.scoring.results import Outcome, signed

_HEADERS = ("事项", "金额（元）", "期限", "依据（条款）", "说明", "状态")
"""Behind name and id."""

_WIDTHS = (9, 10, 12, 11, 24, 40, 25, 8)

_FIRST = 5


def write_outcomes(book: Book, month: Month) -> None:
    """One line per outcome, or the sentence that says why there is none; below, what HR should know."""
    result = month.result
    sheet = book.formula_sheet(OUTCOMES)
    set_widths(sheet, _WIDTHS)
    headers = (month.form.name_title, month.form.id_title, *_HEADERS)
    wide = len(headers)
    sheet.text(1, 1, f"{result.group}　{result.period.in_words}　结果运用", styles.title(book))
    sheet.text(
        2, 1, "以下按正式发布的结果列出，不随试算变动。提成调整由财务按制度办理。", styles.small_print(book)
    )
    sheet.set_row(0, 30)
    sheet.set_default_row(theme.ROW_HEIGHT)
    row = _FIRST
    if result.outcomes:
        for column, header in enumerate(headers, 1):
            sheet.text(_FIRST - 1, column, header, styles.header(book))
        for row, outcome in enumerate(result.outcomes, _FIRST):
            _line(sheet, book, row, result.name_of(outcome.staff), outcome, is_draft=month.is_draft)
        row += 1
    else:
        sheet.block(4, 1, 4, wide, result.no_outcomes or "本月没有结果运用事项。", styles.body(book))
    for index, warning in enumerate(result.warnings):
        sheet.block(
            row + 1 + index, 1, row + 1 + index, wide, f"请注意：{warning}", book.style(text_wrap=True)
        )
    sheet.freeze_panes(_FIRST - 1, 0)
    print_on_a4(
        sheet,
        title=f"{result.group} {result.period} {OUTCOMES}",
        landscape=True,
        repeat=(_FIRST - 2, _FIRST - 2),
    )


def _line(sheet: BulkWorksheet, book: Book, row: int, name: str, outcome: Outcome, *, is_draft: bool) -> None:
    wrapped = styles.body(book, text_wrap=True)
    due = "—" if outcome.due is None else f"{deadline(outcome.due, is_draft=is_draft)}前"
    if is_draft:  # with 暂定 it takes two lines; the bracket stays whole
        due = due.replace("（", "\n（")
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
