"""How a cell to fill looks and what it says: its number format, its drop-down or range, its messages."""

from __future__ import annotations

from datetime import date
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from appraisal.publish.excel import theme
from appraisal.publish.excel.book import Book
from appraisal.scheme.forms.cells import Cell, CellType
from appraisal.scheme.model.units import number_text

CellRange = tuple[int, int, int, int]
"""First row, first column, last row, last column, from 0."""

_NUMBER_FORMATS = {
    CellType.TEXT: "@",
    CellType.IDENTITY: "@",
    CellType.CHOICE: "@",
    CellType.PERIOD: "@",  # or Excel turns 2026-11 into the 1st of November
    CellType.DATE: "yyyy-mm-dd",
    CellType.COUNT: "#,##0",
    CellType.MONEY: "#,##0.00",
    CellType.PERCENT: "0.00%",
}
_LONGEST_TITLE = 32
_LONGEST_MESSAGE = 255
"""Excel's limits for the messages of a cell."""


def cell_style(book: Book, cell: Cell, *, locked: bool, align: str | None = None) -> Format:
    """White and open where people write, grey and locked where the system has written.

    Numbers stand on the right, longer texts on the left, all else in the middle, or as `align` says.
    """
    is_text = cell.type is CellType.TEXT
    return book.style(
        num_format=_NUMBER_FORMATS.get(cell.type, "General"),
        align=align or ("right" if cell.type.is_number else "left" if is_text else "center"),
        text_wrap=is_text,
        border=1,
        border_color=theme.hexed(theme.GREY),
        bg_color=theme.hexed(theme.GREY_FAINT if locked else theme.INPUT),
        locked=locked,
    )


_NOT_LISTED = "请从下拉选项中选择。"


def guide(sheet: Worksheet, cells: CellRange, cell: Cell, *, source: str | None = None) -> None:
    """Gives the cells their drop-down or range, a message when selected and one when the entry is wrong.

    `source` is where the drop-down's choices stand, where they are not the cell's own.
    """
    rule = {"validate": "list", "source": source} if source else _rule(cell)
    if not rule and not cell.hint:
        return
    rule = rule or {"validate": "any"}
    if cell.hint:
        rule["input_title"] = cell.title[:_LONGEST_TITLE]
        rule["input_message"] = cell.hint[:_LONGEST_MESSAGE]
    rule["error_title"] = "请核对这一格"
    rule["error_message"] = _NOT_LISTED if source else _wrong(cell)[:_LONGEST_MESSAGE]
    sheet.data_validation(*cells, rule)


def _rule(cell: Cell) -> dict[str, Any]:
    if cell.choices:
        return {"validate": "list", "source": list(cell.choices)}
    if cell.type is CellType.DATE:
        return {"validate": "date", "criteria": ">=", "value": date(2000, 1, 1)}
    if not cell.type.is_number or cell.low is None:
        return {}
    kind = "integer" if cell.decimals == 0 else "decimal"
    if cell.high is None:
        return {"validate": kind, "criteria": ">=", "value": float(cell.low)}
    return {
        "validate": kind,
        "criteria": "between",
        "minimum": float(cell.low),
        "maximum": float(cell.high),
    }


def _wrong(cell: Cell) -> str:
    """What Excel says when the entry does not fit."""
    if cell.choices:
        return f"“{cell.title}”请从下拉选项中选择：{'、'.join(cell.choices)}。"
    if cell.type is CellType.DATE:
        return f"“{cell.title}”请填日期，例如 2026-12-05。"
    number = "整数" if cell.decimals == 0 else "数字"
    low = number_text(cell.low) if cell.low is not None else "0"
    reach = f"不小于 {low}" if cell.high is None else f"在 {low} 到 {number_text(cell.high)} 之间"
    return f"“{cell.title}”应为{number}，{reach}。{cell.hint}"
