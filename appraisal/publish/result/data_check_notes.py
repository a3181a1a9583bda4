"""数据核对说明: what was taken differently from how it was typed, what is doubtful, what was not judged."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from appraisal.publish.excel import styles, theme
from appraisal.publish.excel.book import Book, BulkWorksheet, set_widths
from appraisal.publish.excel.pages import print_on_a4
from appraisal.publish.month import Month
from appraisal.publish.result.layout import DATA_CHECK_NOTES
from appraisal.scheme.forms.submission import INTERVIEWS, STAFF_ID
from appraisal.scheme.model.units import number_text

_WIDTHS = (12, 10, 28, 28, 14)
_COLUMNS = ((1, 1), (2, 2), (3, 3), (4, len(_WIDTHS)))
"""Of a line of four texts: the last takes the rest of the width."""
_INTERVIEW_SCORE = "服务评分"


def write_data_check_notes(book: Book, month: Month) -> None:
    """Four short tables one below the other; each says so where there is nothing."""
    result = month.result
    sheet = book.formula_sheet(DATA_CHECK_NOTES)
    set_widths(sheet, _WIDTHS)
    sheet.text(1, 1, f"{result.group}　{result.period.in_words}　数据核对说明", styles.title(book))
    sheet.set_default_row(theme.ROW_HEIGHT)
    sheet.set_row(0, 30)
    sheet.text(
        2,
        1,
        "上报表原件已存档；这里列出读取时的整理、需要留意之处和没有计分的指标。",
        styles.small_print(book),
    )
    form, read = month.form, month.submission
    tidied = [(change.sheet, change.cell, change.typed, change.taken) for change in read.tidied]
    doubtful = [
        (finding.sheet or "—", finding.cell or "—", finding.message, finding.remedy)
        for finding in read.warnings
    ]
    row = 4
    for title, headers, lines in (
        ("一、读取时整理的内容", ("工作表", "单元格", "填写", "取为"), tidied),
        ("二、需要留意", ("工作表", "单元格", "情况", "建议"), doubtful),
        (
            "三、不适用（不计分）的指标",
            (form.name_title, form.id_title, "指标", "原因"),
            list(_not_applicable(month)),
        ),
    ):
        row = _part(sheet, book, row, title, headers, lines)
    _interviews(sheet, book, row, month)
    print_on_a4(sheet, title=f"{result.group} {result.period} {DATA_CHECK_NOTES}")


def _part(
    sheet: BulkWorksheet,
    book: Book,
    row: int,
    title: str,
    headers: Sequence[str],
    lines: Sequence[Sequence[str]],
) -> int:
    """One table; gives the row of the next one."""
    sheet.block(row, 1, row, len(_WIDTHS), title, styles.heading(book))
    if not lines:
        sheet.text(row + 1, 1, "没有。", book.style())
        return row + 3
    for row_number, line in enumerate((headers, *lines), row + 1):
        style = styles.header(book) if line is headers else styles.body(book, text_wrap=True)
        for (first, last), text in zip(_COLUMNS, line, strict=True):
            sheet.block(row_number, first, row_number, last, text, style)
    return row + 3 + len(lines)


def _not_applicable(month: Month) -> Iterator[tuple[str, str, str, str]]:
    for person in month.result.staff:
        reasons = {
            name: result.reason or "" for name, result in person.indicators.items() if not result.applicable
        }
        if len(reasons) == len(person.indicators) and len(set(reasons.values())) == 1:
            yield person.name, person.id, "全部指标", next(iter(reasons.values()))
        else:
            for indicator, reason in reasons.items():
                yield person.name, person.id, indicator, reason


def _interviews(sheet: BulkWorksheet, book: Book, row: int, month: Month) -> None:
    """How often each person's customers were asked and how they marked; evidence, not points."""
    marks = _marks(month)
    sheet.block(row, 1, row, len(_WIDTHS), "四、抽访情况（仅作佐证，不直接计分）", styles.heading(book))
    if not marks:
        sheet.text(row + 1, 1, "本月没有抽访记录。", book.style())
        return
    headers = (month.form.name_title, month.form.id_title, "抽访次数", "服务评分（逐次）", "平均")
    for column, header in enumerate(headers, 1):
        sheet.text(row + 1, column, header, styles.header(book))
    first = row + 2
    names = {person.id: person.name for person in month.result.staff}
    for row_number, (staff, given) in enumerate(marks.items(), first):
        scored = [mark for mark in given if mark is not None]
        sheet.text(row_number, 1, names.get(staff, "—"), styles.body(book, bold=True))
        sheet.text(row_number, 2, staff, styles.body(book))
        sheet.number(row_number, 3, len(given), styles.centred(book))
        marked = "、".join(map(number_text, scored)) or "—"
        sheet.text(row_number, 4, marked, styles.centred(book, text_wrap=True))
        average = sum(scored, Decimal(0)) / len(scored) if scored else None
        sheet.values(row_number, 5, [average], styles.centred(book, num_format="0.0"))
    below = first + len(marks)
    sheet.block(below, 1, below, 2, "合计", styles.foot(book, align="left"))
    total = sum(len(given) for given in marks.values())
    sheet.formula(below, 3, f"=SUM(C{first}:C{below - 1})", styles.foot(book, "0", align="center"), total)
    for column in (4, 5):
        sheet.blank(below, column, styles.foot(book))


def _marks(month: Month) -> dict[str, list[Decimal | None]]:
    """By staff id, the marks of each interview; None where the customer gave none."""
    table = month.submission.tables.get(INTERVIEWS)
    marks: dict[str, list[Decimal | None]] = {}
    for row in table.rows if table is not None else ():
        mark = row.values.get(_INTERVIEW_SCORE)
        marks.setdefault(str(row.values.get(STAFF_ID)), []).append(
            mark if isinstance(mark, Decimal) else None
        )
    return marks
