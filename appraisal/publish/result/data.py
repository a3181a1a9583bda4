"""考核数据: the figures and marks as read, without 当月提成. Every other sheet computes from here."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from itertools import groupby

from xlsxwriter.format import Format

from appraisal.intake.submission import CellValue, Row
from appraisal.publish import look
from appraisal.publish.month import Month
from appraisal.publish.result import styles
from appraisal.publish.result.layout import DATA, FIRST, HEADER, Layout
from appraisal.publish.result.living_sheet import LivingSheet, living_sheet
from appraisal.publish.sheets import Book, print_on_a4
from appraisal.scheme.forms import STAFF_ID, Cell, CellType, Role, SheetForm
from appraisal.scheme.period import Period
from appraisal.scheme.units import plain

_WIDEST = 26


def write_data(book: Book, month: Month, layout: Layout) -> None:
    """One row per person in the workbook's order; marks stand beside the figures."""
    sheet = living_sheet(book, DATA)
    result = month.result
    sheet.text(1, 1, f"{result.group}　{result.period.in_words}　考核数据", styles.title(book))
    sheet.set_row(0, 30)
    sheet.text(2, 1, _origin(month), styles.note(book))
    _group_fields(sheet, book, month)
    rows = {form.name: _by_staff(month, form) for form in month.form.sheets}
    nobody: Mapping[str, CellValue] = {}
    for form, cell, column in layout.data.columns:
        of_sheet = rows[form.name]
        values = [
            (of_sheet[one.id].values if one.id in of_sheet else nobody).get(cell.name) for one in result.staff
        ]
        style = _style(book, cell, values)
        sheet.values(FIRST, column.number, [_plain(value) for value in values], style)
        sheet.text(HEADER, column.number, cell.header, styles.subheader(book))
        sheet.set_column(column.number - 1, column.number - 1, _width(cell))
    _bands(sheet, book, month, layout)
    sheet.set_row(HEADER - 1, 30)
    sheet.freeze_panes(FIRST - 1, 2)
    sheet.autofilter(HEADER - 1, 0, layout.last - 1, len(layout.data.columns) - 1)
    print_on_a4(
        sheet, title=f"{result.group} {result.period} {DATA}", landscape=True, repeat=(HEADER - 2, HEADER - 1)
    )


def _by_staff(month: Month, form: SheetForm) -> dict[str, Row]:
    table = month.submission.tables.get(form.name)
    if table is None or form.role is Role.INTERVIEWS:
        return {}
    return {str(row.values.get(STAFF_ID)): row for row in table.rows}


def _origin(month: Month) -> str:
    """Whose figures these are and where they came from: the labelled cells in one line."""
    group_fields = {field.name for field in month.scheme.group_fields}
    labels = month.submission.labels
    told = [
        f"{cell.name}：{_plain(labels[cell.name])}"
        for cell in month.form.main.labels
        if cell.name not in group_fields and labels.get(cell.name) is not None
    ]
    return "　　".join(told)


def _plain(value: CellValue) -> Decimal | str | None:
    return str(value) if isinstance(value, date | Period) else value


def _group_fields(sheet: LivingSheet, book: Book, month: Month) -> None:
    """The figures that the whole group shares, each beside its name in row 3."""
    form_cells = {cell.name: cell for form in month.form.sheets for cell in form.labels}
    for at, field in enumerate(month.scheme.group_fields):
        cell, value = form_cells[field.name], month.submission.labels.get(field.name)
        sheet.block(3, 1 + 3 * at, 3, 2 + 3 * at, cell.header, styles.subheader(book, bold=True))
        sheet.values(3, 3 + 3 * at, [value], _style(book, cell, [value]))


_FIXED = {
    CellType.COUNT: "#,##0",
    CellType.MONEY: "#,##0.00",
    CellType.PERCENT: "0.00%",
    CellType.MARK: "0.0",
}


def _style(book: Book, cell: Cell, values: list[CellValue]) -> Format:
    """Numbers at the right, with as many decimals as the column's finest number."""
    if not cell.type.is_number:
        return styles.body(book, text_wrap=False)
    finest = max(
        (-int(one.normalize().as_tuple().exponent) for one in values if isinstance(one, Decimal)), default=0
    )
    return styles.number(book, _FIXED.get(cell.type) or "#,##0" + ("." + "0" * finest if finest > 0 else ""))


def _width(cell: Cell) -> float:
    if cell.type is CellType.TEXT and cell.name != "姓名":
        return _WIDEST
    return max(9.5, look.text_width(cell.name) + 2)


def _bands(sheet: LivingSheet, book: Book, month: Month, layout: Layout) -> None:
    """Above the headers: the coloured bands of the form, and whose marks these are."""
    weights = {one.sheet_name: f"（{plain(one.weight * 100)}%）" for one in month.scheme.reviewers}

    def band(at: int) -> str:
        form, cell, _ = layout.data.columns[at]
        return f"{form.name}{weights[form.name]}" if form.name in weights else cell.band or "其他"

    for title, inside in groupby(range(len(layout.data.columns)), key=band):
        columns = [layout.data.columns[at][2].number for at in inside]
        sheet.block(HEADER - 1, columns[0], HEADER - 1, columns[-1], title, styles.header(book))
