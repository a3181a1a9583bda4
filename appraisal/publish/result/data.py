"""考核数据: the figures and marks as read, without 当月提成. Every other sheet computes from here."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import groupby

from xlsxwriter.format import Format

from appraisal.intake.submission import CellValue
from appraisal.period import Period
from appraisal.publish.excel import styles, theme
from appraisal.publish.excel.book import Book, BulkWorksheet, set_widths
from appraisal.publish.excel.pages import print_across, print_on_a4
from appraisal.publish.month import Month
from appraisal.publish.result.formulas import NO_RANK
from appraisal.publish.result.layout import DATA, FIRST, HEADER, Layout, write_heading
from appraisal.scheme.forms.cells import Cell, CellType, Role
from appraisal.scheme.forms.submission import GROUP, PERIOD, STAFF_ID, STAFF_NAME
from appraisal.scheme.formula.parse import GROUP_FUNCTIONS, evaluate
from appraisal.scheme.model.units import Unit, excel_format, percent_text

_TITLES = {name: f"全组{words}" for name, words in GROUP_FUNCTIONS.items()}
"""What the row under the table is called, by function."""

_FUNCTIONS = {"sum": "SUM", "mean": "AVERAGE", "min": "MIN", "max": "MAX"}

_NARROWEST = 4.3  # two characters of a header
_WIDEST = {STAFF_ID: 9, STAFF_NAME: 9, CellType.CHOICE: 7}
_MOST_LINES = 20
"""Of a long text, which the row grows with."""
Fields = Mapping[str, Sequence[Decimal | None]]


def write_data(book: Book, month: Month, layout: Layout) -> None:
    """One row per person in the workbook's order; marks stand beside the figures."""
    sheet = book.formula_sheet(DATA)
    write_heading(sheet, book, month, DATA, _origin(month))
    columns = _columns(month, layout)
    widths = []
    for (_, cell, column), values in zip(layout.data.columns, columns, strict=True):
        sheet.values(FIRST, column.number, [_in_cell(value) for value in values], _style(book, cell, values))
        sheet.text(HEADER, column.number, _header(cell), styles.subheader(book))
        widths.append(_width(cell, values))
    _group_fields(sheet, book, month, widths)
    fields = {
        cell.name: [value if isinstance(value, Decimal) else None for value in values]
        for (_, cell, column), values in zip(layout.data.columns, columns, strict=True)
        if cell.name in layout.data.fields
    }
    _bands(sheet, book, month, layout)
    _over_the_group(sheet, book, layout, fields, widths)
    _has_data(sheet, book, layout, fields)
    heads = max(
        1 + math.ceil(theme.text_width(cell.name) / width)
        for (_, cell, _), width in zip(layout.data.columns, widths, strict=True)
    )
    sheet.set_row(HEADER - 1, 14 * heads)
    texts = [index for index, (_, cell, _) in enumerate(layout.data.columns) if not cell.type.is_number]
    room = _make_room(sheet, [columns[index] for index in texts], [widths[index] for index in texts])
    _set_up(sheet, month, layout, widths, 14 * heads + room)


def _header(cell: Cell) -> str:
    """The unit on a line of its own, in narrow brackets."""
    return cell.header.replace("（", "\n(").replace("）", ")")


def _columns(month: Month, layout: Layout) -> list[list[CellValue]]:
    """What stands in each column, person by person; None where a person is missing on a sheet."""
    return [
        [month.typed(form.name, person.id, cell.name) for person in month.result.staff]
        for form, cell, _ in layout.data.columns
    ]


def _set_up(
    sheet: BulkWorksheet, month: Month, layout: Layout, widths: Sequence[float], of_rows: float
) -> None:
    """`of_rows` is the height of the header's and the people's rows, in points."""
    set_widths(sheet, widths)
    sheet.set_row(0, 30)
    sheet.freeze_panes(FIRST - 1, 2)
    sheet.autofilter(HEADER - 1, 0, layout.last - 1, len(widths) - 1)
    title = f"{month.result.group} {month.result.period} {DATA}"
    print_on_a4(sheet, title=title, landscape=True, repeat=(HEADER - 2, HEADER - 1))
    last = layout.last + len(layout.data.functions)
    sheet.print_area(0, 0, last - 1, len(widths) - 1)
    bands = [form.name if form.role is Role.REVIEW else cell.band for form, cell, _ in layout.data.columns]
    ends = [index for index in range(3, len(bands)) if bands[index] != bands[index - 1]]
    others = last - len(month.result.staff) - 2
    height = of_rows + 30 + others * theme.ROW_HEIGHT
    print_across(sheet, widths, ends, height)


def _origin(month: Month) -> str:
    """Where the figures come from: the labelled cells in one line."""
    told_already = {GROUP, PERIOD, *(field.name for field in month.scheme.group_fields)}
    labels = month.submission.labels
    labelled = [
        f"{cell.name}：{_in_cell(labels[cell.name])}"
        for cell in month.form.main.labels
        if cell.name not in told_already and labels.get(cell.name) is not None
    ]
    return "　　".join(labelled)


def _in_cell(value: CellValue) -> Decimal | str | None:
    return str(value) if isinstance(value, date | Period) else value


def _group_fields(sheet: BulkWorksheet, book: Book, month: Month, widths: list[float]) -> None:
    """The figures that the whole group shares, each beside its name in row 3."""
    if month.scheme.group_fields:
        sheet.set_row(2, theme.HEADER_HEIGHT)
    form_cells = {cell.name: cell for form in month.form.sheets for cell in form.labels}
    for index, field in enumerate(month.scheme.group_fields):
        cell, value = form_cells[field.name], month.submission.labels.get(field.name)
        widths[4 + 3 * index] = max(widths[4 + 3 * index], _width(cell, [value]))
        sheet.block(3, 3 + 3 * index, 3, 4 + 3 * index, _header(cell), styles.subheader(book, bold=True))
        sheet.values(3, 5 + 3 * index, [value], _style(book, cell, [value]))


_FIXED = {CellType.COUNT: 0, CellType.MONEY: 2}


def _decimals(cell: Cell, values: Sequence[CellValue]) -> int:
    """As many as the type has, else as the column's finest number."""
    exponents = (number.normalize().as_tuple().exponent for number in values if isinstance(number, Decimal))
    if cell.type is CellType.MARK:
        return cell.decimals
    return _FIXED.get(
        cell.type, max((-int(exponent) for exponent in exponents if int(exponent) < 0), default=0)
    )


def _shown(cell: Cell, values: Sequence[CellValue]) -> str:
    """The number format of a column."""
    if cell.type is CellType.PERCENT:
        return excel_format(Unit.PERCENT)
    return excel_format(Unit.NUMBER, _decimals(cell, values))


def _style(book: Book, cell: Cell, values: Sequence[CellValue]) -> Format:
    if cell.type is CellType.CHOICE:
        return styles.centred(book, text_wrap=True)
    if cell.type is CellType.IDENTITY:
        return styles.body(book, shrink=True)
    if not cell.type.is_number:
        return styles.body(book, indent=1, text_wrap=True)
    return styles.number(book, _shown(cell, values))


def _width(cell: Cell, values: Sequence[CellValue]) -> float:
    """Room for the unit in the header and for the longest number; a text stands on ten lines."""
    if cell.type.is_number:
        unit = theme.text_width(cell.header.removeprefix(cell.name))
        numbers = [number for number in values if isinstance(number, Decimal)]
        return max(_NARROWEST, 0.65 * unit, styles.width_of(numbers, _shown(cell, values)))
    longest = max((theme.text_width(text) for text in values if isinstance(text, str)), default=0)
    most = _WIDEST.get(cell.name) or _WIDEST.get(cell.type) or max(11.4, min(longest / 10, 20))
    return max(_NARROWEST, min(longest + 0.5, most))


def _make_room(
    sheet: BulkWorksheet, columns: Sequence[Sequence[CellValue]], widths: Sequence[float]
) -> float:
    """Rows as high as their longest text takes lines; the height of all, in points."""
    height = 0.0
    for row, values in enumerate(zip(*columns, strict=True), FIRST - 1):
        lines = max(
            math.ceil(theme.text_width(text) / (width - 1.2))
            for text, width in zip(values, widths, strict=True)
            if isinstance(text, str)
        )
        room = 4 + 14 * min(lines, _MOST_LINES)
        if lines > 1:
            sheet.set_row(row, room)
        height += max(room, theme.ROW_HEIGHT)
    return height


def _bands(sheet: BulkWorksheet, book: Book, month: Month, layout: Layout) -> None:
    """Above the headers: the coloured bands of the form, and whose marks these are."""
    weights = {
        reviewer.sheet_name: f"（{percent_text(reviewer.weight)}）" for reviewer in month.scheme.reviewers
    }

    def band(index: int) -> str:
        form, cell, _ = layout.data.columns[index]
        return f"{form.name}{weights[form.name]}" if form.name in weights else cell.band or "其他"

    for title, inside in groupby(range(len(layout.data.columns)), key=band):
        columns = [layout.data.columns[index][2].number for index in inside]
        sheet.block(HEADER - 1, columns[0], HEADER - 1, columns[-1], title, styles.header(book))


def _over_the_group(
    sheet: BulkWorksheet, book: Book, layout: Layout, fields: Fields, widths: list[float]
) -> None:
    """Under the table: the figures over the group that values ask for, each computed here once."""
    for row, function in enumerate(layout.data.functions, layout.below):
        for column in range(1, len(layout.data.columns) + 1):
            sheet.blank(row, column, styles.foot(book))
        sheet.text(row, 1, _TITLES[function], styles.foot(book, align="left", shrink=False))
    cells = {cell.name: cell for _, cell, _ in layout.data.columns}
    for node, place, row in layout.data.totals.values():
        value = evaluate(node, fields, 1)[0]
        decimals = 2 if node.function == "mean" else _decimals(cells[node.name], fields[node.name])
        formula = f'=IF(COUNT({place.all_here})>0,{_FUNCTIONS[node.function]}({place.all_here}),"{NO_RANK}")'
        shown, number = NO_RANK if value is None else float(value), excel_format(Unit.NUMBER, decimals)
        sheet.formula(row, place.number, formula, styles.foot(book, number), shown)
        if value is not None:
            widths[place.number - 1] = max(widths[place.number - 1], styles.width_of([value], number))


def _has_data(sheet: BulkWorksheet, book: Book, layout: Layout, fields: Fields) -> None:
    """Beside the table: whether the person has any figure; who has none is not judged at all."""
    column, asked = layout.data.has_data, list(layout.data.fields.values())
    if column is None:
        return
    grey = styles.small_print(book, text_wrap=True)
    sheet.text(HEADER, column.number, "有无数据\n（核算用）", grey)
    present = [
        int(any(value is not None for value in person)) for person in zip(*fields.values(), strict=True)
    ]
    formula = f"=IF(COUNT({asked[0].here}:{asked[-1].here})>0,1,0)"
    sheet.formulas(FIRST, column.number, formula, grey, present)
