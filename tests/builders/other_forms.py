"""Papers besides the manager's workbook, as people fill them: our blanks with values typed in.

filled_self({"报表整体质量": None})             KF001's self-assessment of 2026-11, one mark left out
filled_acts(ISSUE, DECIDE | {"工号": 7})        HR's sheet, one row for each act
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

from appraisal.intake.grid import RawWorkbook
from appraisal.intake.reading import read_workbook
from appraisal.publish.acts_workbook import acts_workbook
from appraisal.publish.self_workbook import self_workbook
from appraisal.scheme.forms_acts import ACTS_SHEET, acts_form
from appraisal.scheme.forms_self import SELF_SHEET, self_form
from tests.builders.months import COMPANY
from tests.builders.submissions import NOVEMBER, online_shop
from tests.builders.workbooks import header_cells, label_cell, opened, saved


def raw_of(data: bytes) -> RawWorkbook:
    """The bytes as the safe reader sees them."""
    raw = read_workbook(data)
    assert isinstance(raw, RawWorkbook), raw
    return raw


# ------------------------------------------------------------------------------------------ 自评表

OWN: Mapping[str, Any] = {
    "工作任务完成情况": "完成本月目标，跟进大促售后",
    "报表上交及时性": 6,
    "报表数据真实性": 7.5,
    "报表整体质量": 5,
    "自评说明": None,
    "本人签名": "张三",
    "签名日期": date(2026, 12, 2),
}


def self_blank(**options: Any) -> bytes:
    """张三's (KF001) form for 旗舰店 in 2026-11, or with other arguments."""
    arguments: dict[str, Any] = {
        "group": "旗舰店",
        "period": NOVEMBER,
        "staff_id": "KF001",
        "name": "张三",
        "settings": COMPANY,
        "due": date(2026, 12, 4),
    }
    return self_workbook(online_shop(), **(arguments | options))


def self_value(book: Any, name: str) -> Any:
    """The cell beside a label of the form."""
    return label_cell(book[SELF_SHEET], _self_labels()[name]).offset(column=1)


def filled_self(values: Mapping[str, Any] = {}, **options: Any) -> bytes:
    """The form with OWN typed in, changed by `values`, saved by openpyxl."""
    book = opened(self_blank(**options))
    for name, value in {**OWN, **values}.items():
        self_value(book, name).value = value
    return saved(book)


@cache
def _self_labels() -> Mapping[str, str]:
    form = self_form(online_shop())
    assert form is not None
    return {cell.name: cell.header for cell in form.sheet.labels}


# --------------------------------------------------------------------------------------- 人事办理单

ISSUE: Mapping[str, Any] = {
    "考核组": "旗舰店",
    "考核月份": "2026-11",
    "事项": "下发",
    "文号": "人事〔2026〕12号",
    "日期": date(2026, 12, 3),
    "原因": "通报已经审定",
    "经办人": "刘芳",
}
DECIDE: Mapping[str, Any] = {
    **ISSUE, "事项": "裁定", "工号": "KF009", "裁定事项": "提成调整", "裁定结果": "不执行", "文号": None,
}  # fmt: skip


def filled_acts(*rows: Mapping[str, Any]) -> bytes:
    """The blank with the rows typed in from the first white row on, saved by openpyxl."""
    book = opened(acts_workbook())
    columns = header_cells(book[ACTS_SHEET], acts_form().main)
    for number, row in enumerate(rows, first_white_row()):
        for name, value in row.items():
            book[ACTS_SHEET].cell(number, columns[name].column).value = value
    return saved(book)


@cache
def first_white_row() -> int:
    """The first row below the examples."""
    cells = opened(acts_workbook())[ACTS_SHEET]
    header = header_cells(cells, acts_form().main)["事项"]
    return next(row for row in range(header.row + 1, 99) if cells.cell(row, header.column).value is None)


def acts_place(column: str, row: int = 0) -> str:
    """Where a column's cell of the n-th typed row stands: `人事办理单!C15`."""
    cells = opened(acts_workbook())[ACTS_SHEET]
    letter = header_cells(cells, acts_form().main)[column].column_letter
    return f"{ACTS_SHEET}!{letter}{first_white_row() + row}"
