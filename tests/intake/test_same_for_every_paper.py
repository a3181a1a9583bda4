"""One place decides what a cell says: the same of every paper, and of a file of every program that writes it."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from openpyxl.styles import Font

from appraisal.intake.cells import typed_value
from appraisal.intake.hr_acts import read_acts
from appraisal.intake.plans_and_appeals import number_of, read_plan
from appraisal.intake.roster_file import load_roster
from appraisal.intake.self_assessment import read_self
from appraisal.intake.submission import Fault
from appraisal.scheme.forms import personal
from appraisal.scheme.forms.cells import Cell
from appraisal.xlsx.grid import TextStyle
from tests.builders.other_forms import (
    DECIDE,
    filled_acts,
    filled_plan,
    filled_self,
    plan_table,
    raw_of,
    self_value,
)
from tests.builders.raw_edits import told
from tests.builders.submissions import online_shop, rulebook
from tests.builders.workbooks import opened, saved
from tests.intake.builders import header_factor
from tests.intake.test_cells_formats import IDENTITY
from tests.intake.test_cells_numbers import COUNT, DURATION, MONEY
from tests.libreoffice import recalculated


def by_xlsxwriter(cells: list[tuple[Any, str, bool]]) -> bytes:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    sheet = book.add_worksheet()
    for at, (value, code, is_struck) in enumerate(cells):
        sheet.write(at, 0, value, book.add_format({"num_format": code, "font_strikeout": is_struck}))
    bold, struck = book.add_format({"bold": True}), book.add_format({"font_strikeout": True})
    sheet.write_rich_string(len(cells), 0, struck, "3", bold, "2")
    sheet.set_column(1, 2, None, None, {"hidden": True})
    sheet.write(0, 1, 5)
    book.close()
    return target.getvalue()


def by_openpyxl(cells: list[tuple[Any, str, bool]]) -> bytes:
    from openpyxl.cell.rich_text import CellRichText, TextBlock  # noqa: PLC0415
    from openpyxl.cell.text import InlineFont  # noqa: PLC0415

    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row, (value, code, is_struck) in enumerate(cells, 1):
        cell = sheet.cell(row, 1)
        cell.value, cell.number_format, cell.font = value, code, Font(strike=is_struck)
    rich = CellRichText(TextBlock(InlineFont(strike=True), "3"), TextBlock(InlineFont(b=True), "2"))
    sheet.cell(len(cells) + 1, 1).value = rich
    sheet.column_dimensions["B"].hidden = True
    sheet["B1"] = 5
    return saved(book)


def by_libreoffice(cells: list[tuple[Any, str, bool]]) -> bytes:
    return recalculated(by_xlsxwriter(cells))


@pytest.mark.parametrize(
    "written", [by_xlsxwriter, by_openpyxl, pytest.param(by_libreoffice, marks=pytest.mark.libreoffice)]
)
def test_every_writer_says_the_same(written: Callable[[list[tuple[Any, str, bool]]], bytes]):
    """LibreOffice writes codes, fonts and hidden columns in ways of its own."""
    expected: list[tuple[Any, str, Cell, Any]] = [
        (1.5, '0.0"分钟"', DURATION, Decimal(90)),
        (8.64, '0.00"万元"', MONEY, Decimal(86400)),
        (86400, '0"."0,"万元"', MONEY, Decimal(86400)),
        (86400, "[$¥-804]#,##0.00", MONEY, Decimal(86400)),
        (0.05, "0%", MONEY, "cell.not_a_number"),
        (86400, "[$$-409]#,##0.00", MONEY, "cell.not_a_number"),
        (1, '"KF"000', IDENTITY, "KF001"),
        (timedelta(seconds=86428) / timedelta(days=1), "h:mm:ss", DURATION, "cell.shown_otherwise"),
        (1200, '#,##0"人"', COUNT, Decimal(1200)),
    ]
    raw = raw_of(written([(value, code, False) for value, code, _, _ in expected] + [(7, "0", True)]))
    cells = raw.sheets[0].cells
    for row, (_, _, cell, wanted) in enumerate(expected, 1):
        value = typed_value(cells[row, 1], cell, header_factor(cell, None))
        assert (value.code if isinstance(value, Fault) else value) == wanted, cells[row, 1]
    assert cells[len(expected) + 1, 1].text_style is TextStyle.STRUCK
    assert cells[len(expected) + 2, 1].text_style is TextStyle.PARTLY_STRUCK
    assert raw.sheets[0].hidden_columns == frozenset({2})


def test_a_self_assessment_is_read_so():
    """A mark under a percent is asked for, an id as it is seen is the person's."""
    book = opened(filled_self())
    cell = self_value(book, "报表整体质量")
    cell.value, cell.number_format = 0.5, "0%"
    reading = read_self(raw_of(saved(book)), rulebook=rulebook(), roster=None)
    assert [one.code for one in reading.findings] == ["cell.not_a_number"]
    assert "50%" in reading.findings[0].message


def test_a_plan_is_read_so():
    """A goal under `0.0"分钟"` is in minutes."""
    book = opened(filled_plan())
    columns, rows = plan_table(book)
    cell = book[personal.PLAN_SHEET].cell(rows["平均响应时间"], columns[personal.NEXT_GOAL])
    cell.value, cell.number_format = 0.5, '0.0"分钟"'
    reading = read_plan(raw_of(saved(book)), rulebook=rulebook(), roster=None)
    assert reading.findings == ()
    indicator = next(one for one in online_shop().indicators if one.name == "平均响应时间")
    assert number_of(reading.goals["平均响应时间"], indicator) == 30


def test_a_struck_out_line_of_a_plan_is_told():
    """It is handed in all the same."""
    book = opened(filled_plan())
    columns, rows = plan_table(book)
    book[personal.PLAN_SHEET].cell(rows["退款比例"], columns[personal.ACTION]).font = Font(strike=True)
    reading = read_plan(raw_of(saved(book)), rulebook=rulebook(), roster=None)
    assert [one.code for one in reading.findings] == ["cell.struck"]


def test_the_roster_is_read_so(tmp_path: Path):
    """KF001 is who people see."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["工号", "姓名", "考核组", "考核方案", "入职日期"])
    sheet.append([1, "张三", "旗舰店", "online-shop", "2020-01-01"])
    sheet["A2"].number_format = '"KF"000'
    (tmp_path / "roster.xlsx").write_bytes(saved(book))
    roster = load_roster(tmp_path)
    assert roster is not None
    assert [one.id for one in roster.members] == ["KF001"]


def test_acts_of_hr_are_read_so():
    """A decision about somebody whose id the sheet prints."""

    book = opened(filled_acts(DECIDE))
    sheet = book.worksheets[0]
    *_, cell = (one for row in sheet.iter_rows() for one in row if one.value == DECIDE["工号"])
    cell.value, cell.number_format = 11, '"KF"000'
    reading = read_acts(raw_of(saved(book)), roster=None)
    assert told(reading.findings) == []
    assert [one.act.staff for one in reading.acts] == ["KF011"]
