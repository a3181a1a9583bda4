"""Papers besides the manager's workbook, as people fill them: our blanks with values typed in.

filled_self({"报表整体质量": None})             KF001's self-assessment of 2026-11, one mark left out
filled_plan(rows={"咨询转化率": {"改进措施": None}})   KF011's plan of 2026-11, one cell left out
filled_acts(ISSUE, DECIDE | {"工号": 7})        HR's sheet, one row for each act
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

from appraisal.publish.forms.for_hr import acts_workbook
from appraisal.publish.forms.personal import plan_workbook
from appraisal.publish.forms.self_assessment import self_workbook
from appraisal.scheme.forms import personal
from appraisal.scheme.forms.acknowledgement import register_form
from appraisal.scheme.forms.hr_acts import ACTS_SHEET, hr_acts_form
from appraisal.scheme.forms.self_assessment import SELF_SHEET, self_form
from appraisal.scheme.forms.submission import STAFF_ID
from appraisal.xlsx.grid import RawWorkbook
from appraisal.xlsx.reader import read_workbook
from tests.builders.months import COMPANY, month
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


# --------------------------------------------------------------------------------------- 整改方案

ROW: Mapping[str, Any] = {
    personal.CAUSE: "客观：大促三天同时接待超过60人，后半场回复慢",
    personal.ACTION: "每天16点清一次未回复，每周五复盘五条丢单对话",
    personal.DONE_BY: date(2026, 12, 31),
    personal.SUPPORT: None,
}
SIGNED: Mapping[str, Any] = {personal.SIGNED_BY: "马梦瑶", personal.SIGNED_ON: date(2026, 12, 8)}
GOALS = {"咨询转化率": "48%", "平均响应时间": "35秒", "订单总金额": "90%", "退款比例": "6%"}
"""下月目标值 of what KF011 is weak in."""


@cache
def plan_blank() -> bytes:
    """The plan of 马梦瑶 (KF011), last in the builders' month."""
    return plan_workbook(month(), "KF011")


def filled_plan(
    foot: Mapping[str, Any] = {}, *, rows: Mapping[str, Mapping[str, Any]] = {}, data: bytes | None = None
) -> bytes:
    """The plan filled in, saved by openpyxl: `foot` by label, `rows` by indicator and column, over the usual."""
    book = opened(data or plan_blank())
    for name, value in (SIGNED | foot).items():
        plan_value(book, name).value = value
    columns, indicators = plan_table(book)
    for name, row in indicators.items():
        usual = {**ROW, personal.NEXT_GOAL: GOALS.get(name)}
        for column, value in (usual | rows.get(name, {})).items():
            book[personal.PLAN_SHEET].cell(row, columns[column]).value = value
    return saved(book)


def plan_value(book: Any, name: str) -> Any:
    """The cell beside a label of the plan."""
    return label_cell(book[personal.PLAN_SHEET], name).offset(column=1)


def plan_table(book: Any) -> tuple[dict[str, int], dict[str, int]]:
    """The column of each header, and the row of each indicator."""
    sheet = book[personal.PLAN_SHEET]
    header = header_cells(sheet, personal.PLAN_FORM)
    columns = {name: cell.column for name, cell in header.items()}
    first, end = header[personal.INDICATOR].row + 1, label_cell(sheet, personal.SIGNED_BY).row
    names = {sheet.cell(row, 1).value: row for row in range(first, end)}
    return columns, {name: row for name, row in names.items() if name}


def plan_place(indicator: str, column: str) -> str:
    """Where a cell of the table stands: `整改方案!F9`."""
    book = opened(plan_blank())
    columns, rows = plan_table(book)
    return (
        f"{personal.PLAN_SHEET}!{book[personal.PLAN_SHEET].cell(rows[indicator], columns[column]).coordinate}"
    )


# ------------------------------------------------------------------------------------------ 申诉表

APPEALED: Mapping[str, Any] = {
    personal.WANTED: "38秒",
    personal.GROUNDS: "11月11日系统故障两小时，有工单 GZ1107",
}


def filled_appeal(
    data: bytes,
    signed_by: str | None,
    *,
    rows: Mapping[str, Mapping[str, Any]] | None = None,
    request: str | None = None,
) -> bytes:
    """A person's form with what is objected to typed in by item and column, saved by openpyxl."""
    book = opened(data)
    sheet = book[personal.APPEAL_SHEET]
    label_cell(sheet, personal.SIGNED_BY).offset(column=1).value = signed_by
    label_cell(sheet, personal.SIGNED_ON).offset(column=1).value = date(2026, 12, 9)
    label_cell(sheet, personal.REQUEST).offset(column=1).value = request
    columns = header_cells(sheet, personal.APPEAL_FORM)
    for name, row in ({"平均响应时间": APPEALED} if rows is None else rows).items():
        for column, value in row.items():
            sheet.cell(label_cell(sheet, name).row, columns[column].column).value = value
    return saved(book)


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
    columns = header_cells(book[ACTS_SHEET], hr_acts_form().main)
    for number, row in enumerate(rows, first_white_row()):
        for name, value in row.items():
            book[ACTS_SHEET].cell(number, columns[name].column).value = value
    return saved(book)


@cache
def first_white_row() -> int:
    """The first row below the examples."""
    cells = opened(acts_workbook())[ACTS_SHEET]
    header = header_cells(cells, hr_acts_form().main)["事项"]
    return next(row for row in range(header.row + 1, 99) if cells.cell(row, header.column).value is None)


def acts_place(column: str, row: int = 0) -> str:
    """Where a column's cell of the n-th typed row stands: `人事办理单!C15`."""
    cells = opened(acts_workbook())[ACTS_SHEET]
    letter = header_cells(cells, hr_acts_form().main)[column].column_letter
    return f"{ACTS_SHEET}!{letter}{first_white_row() + row}"


def filled_register(data: bytes, entries: Mapping[tuple[str, str], Mapping[str, Any]]) -> bytes:
    """The register with values typed into the rows of a person and paper, saved by openpyxl."""
    book = opened(data)
    sheet = book.worksheets[0]
    columns = {name: cell.column for name, cell in header_cells(sheet, register_form().main).items()}
    rows = {
        (sheet.cell(row, columns[STAFF_ID]).value, sheet.cell(row, columns["材料"]).value): row
        for row in range(sheet.max_row, 0, -1)
    }
    for key, values in entries.items():
        for name, value in values.items():
            sheet.cell(rows[key], columns[name]).value = value
    return saved(book)
