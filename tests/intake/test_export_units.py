"""The unit of a column of an export, wherever it is said, and what else a header says of the figures."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from openpyxl.styles import Font

from appraisal.intake.exports.rows import ExportReading, read_export
from appraisal.scheme.forms.submission import submission_form
from tests.builders.exports import Rows, csv_export, xlsx_export
from tests.builders.submissions import NOVEMBER, online_shop

FORM = submission_form(online_shop())
MONEY, TIME, COUNT = "客服销售额", "平均响应时间", "接待人数"


def read(path: Path, **chosen: str) -> ExportReading:
    return read_export(path, FORM, NOVEMBER, chosen)


def figure(reading: ExportReading) -> Decimal | None:
    """The one figure that was taken."""
    [row] = reading.rows
    return next(iter(row.figures.values()))


def told(reading: ExportReading) -> list[str]:
    return [one.code for one in reading.findings]


@pytest.mark.parametrize(
    ("header", "value", "taken"),
    [
        (f"{TIME}(单位：分钟)", "1.5", 90),
        (f"{TIME}（分钟/次）", "1.5", 90),
        (f"{TIME}[分钟]", "1.5", 90),
        (f"{TIME}（单位:秒）", "28", 28),
        (f"{TIME}（毫秒）", "28000", 28),
        (f"{MONEY}(单位:万元)", "8.64", 86400),
        (f"{MONEY}（万元，含税）", "8.64", 86400),
        (f"{MONEY}【千元】", "86.4", 86400),
        (f"{MONEY}（元/人）", "86400", 86400),
        (f"{COUNT}（百人）", "12", 1200),
        (f"{COUNT}（人）", "1,200", 1200),
        (f"{TIME}（单位：分钟）", "35秒", 35),
    ],
)
def test_a_unit_in_brackets_counts(tmp_path: Path, header: str, value: str, taken: int) -> None:
    """However it is wrapped; one typed in the cell comes before it."""
    reading = read(csv_export(tmp_path / "x.csv", [("客服昵称", header), ("小美", value)]))
    assert (figure(reading), told(reading)) == (taken, [])


@pytest.mark.parametrize(
    "header", [f"{MONEY}（美元）", f"{MONEY}(USD)", f"{MONEY}（w）", f"{COUNT}（k）", f"{TIME}（天）"]
)
def test_a_unit_that_cannot_be_converted_stops(tmp_path: Path, header: str) -> None:
    """Other currencies, letters for 万, days."""
    reading = read(csv_export(tmp_path / "x.csv", [("客服昵称", header), ("小美", "8")]))
    assert "export.unit_unclear" in told(reading)


@pytest.mark.parametrize("place", ["line", "two cells", "row", "upper header"])
def test_a_unit_beside_the_header_counts_for_the_columns_that_it_can_mean(tmp_path: Path, place: str) -> None:
    """In a line above, in a row below, in the upper row of the head; people are not money."""
    head, row = ("客服昵称", COUNT, MONEY, "个人月目标"), ("小美", "1200", "8.64", "9")
    rows: dict[str, Rows] = {
        "line": [("旗舰店客服绩效（单位：万元）",), head, row],
        "two cells": [("金额单位：", "万元"), head, row],
        "row": [head, ("单位", "人", "万元", "万元"), row],
        "upper header": [("", "接待", "金额（万元）", "金额（万元）"), head, row],
    }
    reading = read(csv_export(tmp_path / "x.csv", rows[place]))
    assert [*reading.rows[0].figures.values()] == [1200, 86400, 90000]
    assert told(reading) == []


def test_an_organisation_is_no_unit(tmp_path: Path) -> None:
    """单位 is also the word for a company."""
    rows = [("单位：万某电商有限公司",), ("客服昵称", MONEY), ("小美", "86400")]
    reading = read(csv_export(tmp_path / "x.csv", rows))
    assert (figure(reading), told(reading)) == (86400, [])


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([("单位：分",), ("客服昵称", TIME), ("小美", "8")], "export.unit_unclear"),
        ([("客服昵称", f"{MONEY}（元）"), ("", "万元"), ("小美", "8")], "export.units_differ"),
        ([("单位：万元",), ("客服昵称", f"{MONEY}（元）"), ("小美", "8")], "export.units_differ"),
    ],
)
def test_units_that_are_not_certain_stop(tmp_path: Path, rows: Rows, code: str) -> None:
    """分 may be minutes; two that differ are not chosen between."""
    assert code in told(read(csv_export(tmp_path / "x.csv", rows)))


@pytest.mark.parametrize(("header", "seen"), [(f"{COUNT}(售后)", "售后"), (f"{COUNT}（首次，人）", "首次")])
def test_a_qualifier_is_told(tmp_path: Path, header: str, seen: str) -> None:
    """It may name another figure; whoever has chosen the column knows."""
    path = csv_export(tmp_path / "x.csv", [("客服昵称", header), ("小美", "1200")])
    [found] = read(path).findings
    assert found.message == f"“接待人数”的表头里还写着“{seen}”，仍按“接待人数”填入。"
    assert (figure(read(path)), told(read(path, 接待人数=header))) == (1200, [])


def test_a_qualifier_beside_the_plain_name_stops(tmp_path: Path) -> None:
    """Either may be meant."""
    rows = [("客服昵称", COUNT, f"{COUNT}(售后)"), ("小美", "1200", "300")]
    assert "export.two_columns" in told(read(csv_export(tmp_path / "x.csv", rows)))


def test_the_same_digits_in_two_units_stop(tmp_path: Path) -> None:
    """8.64 元 and 8.64 万元."""
    rows = [("客服昵称", f"{MONEY}(元)", f"{MONEY}(万元)"), ("小美", "8.64", "8.64")]
    assert "export.two_columns" in told(read(csv_export(tmp_path / "x.csv", rows)))


def test_an_unknown_bracket_does_not_silence_the_question_of_the_unit(tmp_path: Path) -> None:
    """首次 is no unit of time."""
    reading = read(csv_export(tmp_path / "x.csv", [("客服昵称", f"{TIME}(首次)"), ("小美", "8")]))
    assert told(reading) == ["export.qualified", "export.unit_assumed"]


@pytest.mark.parametrize(
    ("number_format", "value", "taken", "code"),
    [
        ('0.0"分钟"', 1.5, 90, None),
        ("0", 1.5, Decimal("1.5"), None),
        ('0.0"次"', 1.5, None, "cell.not_a_number"),
    ],
)
def test_a_unit_printed_by_the_cells_format_counts(
    tmp_path: Path, number_format: str, value: float, taken: Decimal | None, code: str | None
) -> None:
    """As it does in a form."""
    path = xlsx_export(tmp_path / "x.xlsx", [("客服昵称", f"{TIME}（秒）"), ("小美", value)])
    book = openpyxl.load_workbook(path)
    book.active["B2"].number_format = number_format
    book.save(path)
    assert (figure(read(path)), told(read(path))) == (taken, [code] if code else [])


def test_an_id_is_what_people_see(tmp_path: Path) -> None:
    """The number 1 under `"KF"000` is KF001."""
    path = xlsx_export(tmp_path / "x.xlsx", [("工号", COUNT), (1, 1200)])
    book = openpyxl.load_workbook(path)
    book.active["A2"].number_format = '"KF"000'
    book.save(path)
    assert read(path).rows[0].who == {"id": "KF001"}


def test_hidden_columns_and_struck_rows_are_told(tmp_path: Path) -> None:
    """They count."""
    path = xlsx_export(tmp_path / "x.xlsx", [("客服昵称", COUNT), ("小美", 1200), ("阿强", 1100)])
    book = openpyxl.load_workbook(path)
    book.active.column_dimensions["B"].hidden = True
    book.active["A3"].font = Font(strike=True)
    book.save(path)
    reading = read(path)
    assert [row.figures[COUNT] for row in reading.rows] == [1200, 1100]
    assert [one.message for one in reading.findings] == [
        "B列“接待人数”被隐藏了，但仍然读入。",
        "第 3 行有划了删除线的内容，但仍然读入。",
    ]
