"""Real workbooks for tests: our blanks, and the same filled as a manager would.

blank(people=3)                                   our blank for 旗舰店, 2026-11, KF001 … KF003
filled_workbook(cells={("自评", "KF002", "自评情况"): None})   the month of `submissions.filled`, typed in
"""

from __future__ import annotations

import io
import warnings
from copy import copy
from datetime import date
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from openpyxl.cell.cell import Cell
from openpyxl.worksheet.merge import MergedCellRange
from openpyxl.worksheet.worksheet import Worksheet

from appraisal.period import Period
from appraisal.publish.blank.workbook import blank_workbook
from appraisal.scheme.forms.cells import SheetForm
from appraisal.scheme.forms.submission import STAFF_ID
from appraisal.scheme.model.scheme import Scheme
from appraisal.workspace.settings import Settings
from tests.builders.submissions import NOVEMBER, filled, online_shop, staff_id, staff_name


def blank(*, scheme: Scheme | None = None, people: int = 12, **options: Any) -> bytes:
    """Our blank for the first `people` of the builders' group, or with other arguments."""
    arguments: dict[str, Any] = {
        "group": "旗舰店",
        "period": NOVEMBER,
        "staff": [(staff_id(number), staff_name(number)) for number in range(1, people + 1)],
        "settings": Settings(),
        "handin": date(2026, 12, 7),
    }
    return blank_workbook(scheme or online_shop(), **(arguments | options))


def filled_workbook(*, staff: int = 12, **options: Any) -> bytes:
    """Our blank with the month of `submissions.filled(**options)` typed into it and saved by openpyxl."""
    month = filled(staff=staff, **options)
    form = month.form
    book = opened(
        blank(
            scheme=options.get("scheme"),
            people=staff,
            group=options.get("group", "旗舰店"),
            period=options.get("period", NOVEMBER),
        )
    )
    for sheet in form.sheets:
        cells = book[sheet.name]
        for label in sheet.labels:
            value = month.labels.get(label.name)
            if not label.prefilled and value is not None:
                found = label_cell(cells, label.header)
                cells.cell(found.row, found.column + 1).value = typed(value)
        fill_rows(cells, sheet, month.rows[sheet.name])
    return saved(book)


def fill_rows(cells: Worksheet, sheet: SheetForm, rows: list[dict[str, Any]]) -> None:
    """Types rows from the first one on, below the headers."""
    columns = header_cells(cells, sheet)
    first = first_row(cells, sheet)
    for number, row in enumerate(rows, first):
        for name, value in row.items():
            cells.cell(number, columns[name].column).value = typed(value)


def typed(value: Any) -> Any:
    """A builder's value as openpyxl takes it."""
    return str(value) if isinstance(value, Period) else float(value) if isinstance(value, Decimal) else value


def header_cells(cells: Worksheet, sheet: SheetForm) -> dict[str, Cell]:
    """The header cell of every column, by the column's name."""
    names = {column.header: column.name for column in sheet.columns}
    for row in cells.iter_rows():
        found = {names[text]: cell for cell in row if (text := said(cell)) in names}
        if len(found) == len(names):
            return found
    raise AssertionError(f"no header row on {cells.title}")


def first_row(cells: Worksheet, sheet: SheetForm) -> int:
    """The first row in which a person stands, or may be typed."""
    header = header_cells(cells, sheet)[STAFF_ID]
    has_source_line = any(column.source for column in sheet.columns)
    return int(header.row) + (2 if has_source_line else 1)


def label_cell(cells: Worksheet, label: str) -> Cell:
    return next(cell for row in cells.iter_rows() for cell in row if said(cell) == label)


def said(cell: Any) -> str:
    """A cell's text on one line."""
    return str(cell.value or "").replace("\n", "")


def opened(data: bytes, **options: Any) -> openpyxl.Workbook:
    """The workbook by openpyxl; `options` are for its `load_workbook`. Borders inside merged cells, half of the time, are left out."""
    with warnings.catch_warnings(), pytest.MonkeyPatch.context() as patch:
        warnings.simplefilter("ignore")  # openpyxl tells that it leaves sparklines and data bars out
        patch.setattr(MergedCellRange, "format", _lock_as_the_first)
        return openpyxl.load_workbook(io.BytesIO(data), **options)


def _lock_as_the_first(merged: MergedCellRange) -> None:
    """What else `format` does."""
    protection = copy(merged.start_cell.protection)
    for place in merged.cells:
        merged.ws._cells[place].protection = protection


def saved(book: openpyxl.Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
