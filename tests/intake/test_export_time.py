"""Of what month an export is, wherever it says so: its file's name, its sheet's name, titles, headers, days."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from appraisal.intake.exports.rows import read_export
from appraisal.scheme.forms.submission import submission_form
from tests.builders.exports import csv_export, xlsx_export
from tests.builders.submissions import NOVEMBER, online_shop

FORM = submission_form(online_shop())
HEAD, ROW = ("客服昵称", "接待人数"), ("小美", 10)

ANOTHER_MONTH = [
    "【生意参谋平台】客服绩效_2026-10-01_2026-10-31",
    "客服绩效20261001-20261031",
    "客服绩效_20261001_20261031",
    "2026.10.01~2026.10.31",
    "2026年10月1日-31日",
    "2026年10月1日至10月31日",
    "2026/10/01 00:00:00 至 2026/10/31 23:59:59",
    "旗舰店2026年10月客服月报",
    "2026-10 客服绩效",
    "客服绩效202610",
    "客服绩效2025年11月",
    "10月客服绩效",
    "客服数据（10月份）",
    "客服数据10.1-10.31",
    "10月-11月客服绩效",
    "2026-11-01_2026-12-31",
]
THE_MONTH = [
    "客服绩效_2026-11-01_2026-11-30",
    "客服绩效2026年11月",
    "11月客服绩效",
    "202611",
    "2026年11月1日-30日",
    "客服数据11.1-11.30",
]
NO_MONTH = [
    "客服绩效_20261206",
    "客服绩效_2026-12-06_10-21-33",
    "客服绩效-20261206102133",
    "客服绩效2026-12-06 (1)",
    "12月6日导出",
    "客服绩效（12月导出）",
    "导出时间：2026年12月",
    "近3月客服绩效",
    "客服绩效3个月",
    "订单202699",
    "权重1.5-2.5",
]
PART = ["客服绩效_2026-11-01_2026-11-15", "客服绩效20261110-20261130", "2026年11月1日-15日"]
SAID = [
    *((text, "export.other_month") for text in ANOTHER_MONTH),
    *((text, "export.part_of_month") for text in PART),
    *((text, None) for text in (*THE_MONTH, *NO_MONTH)),
]


def told(path: Path) -> list[str]:
    return [one.code for one in read_export(path, FORM, NOVEMBER).findings]


@pytest.mark.parametrize(("text", "code"), SAID)
def test_what_a_title_says_of_the_month(tmp_path: Path, text: str, code: str | None) -> None:
    """A single day is the day of the download."""
    assert told(csv_export(tmp_path / "x.csv", [(text,), HEAD, ROW])) == ([code] if code else [])


@pytest.mark.parametrize(("text", "code"), [(one, code) for one, code in SAID if not {"/", ":"} & {*one}])
def test_what_the_files_name_says_of_the_month(tmp_path: Path, text: str, code: str | None) -> None:
    """Told once, though a text table's sheet bears the same name."""
    assert told(csv_export(tmp_path / f"{text}.csv", [HEAD, ROW])) == ([code] if code else [])


@pytest.mark.parametrize("name", ["2026-10", "10月", "客服20261001-20261031"])
def test_what_the_sheets_name_says_of_the_month(tmp_path: Path, name: str) -> None:
    """Where only the sheet of the wrong month was saved."""
    path = xlsx_export(tmp_path / "x.xlsx", [HEAD, ROW])
    book = openpyxl.load_workbook(path)
    book.active.title = name
    book.save(path)
    assert told(path) == ["export.other_month"]


def test_a_header_of_another_month(tmp_path: Path) -> None:
    """Of a column that is taken."""
    assert told(csv_export(tmp_path / "x.csv", [("客服昵称", "接待人数(10月)"), ROW]))[:1] == [
        "export.other_month"
    ]


def test_a_note_may_name_any_month(tmp_path: Path) -> None:
    """A sentence is no title."""
    note = "说明：数据于次月5日更新完毕，其中2月因天数少按实际天数统计，3月起恢复按自然月统计，退款按申请日期计算。"
    assert told(csv_export(tmp_path / "x.csv", [(note,), HEAD, ROW])) == []


@pytest.mark.parametrize(
    ("day", "code"),
    [
        ("2026-11-01", None),
        ("2026-11-01 周日", None),
        ("2026/11/1（星期日）", None),
        ("20261101", None),
        ("2026年11月", None),
        ("11月", None),
        ("整月", None),
        ("2026-10-31", "export.other_month"),
        ("10月", "export.other_month"),
        ("10月31日", "export.day_unclear"),
        ("10/31", "export.day_unclear"),
        ("近30天", "export.day_unclear"),
        ("2026年第44周", "export.day_unclear"),
    ],
)
def test_what_the_column_of_days_says(tmp_path: Path, day: str, code: str | None) -> None:
    """A day without a year may be of any."""
    rows = [("日期", *HEAD), (day, *ROW)]
    for path in (csv_export(tmp_path / "x.csv", rows), xlsx_export(tmp_path / "x.xlsx", rows)):
        assert told(path) == ([code] if code else [])
