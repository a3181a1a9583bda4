"""The unit of a column, wherever on the sheet it is said; and words in a header that make it another figure."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from appraisal.intake.submission import Reading
from appraisal.intake.submission_reader import read_submission
from appraisal.intake.units import said_unit, unit_lines
from appraisal.xlsx.grid import RawCell, RawWorkbook
from tests.builders.raw_edits import changed, told
from tests.builders.submissions import FILE, SHA256, raw_workbook, rulebook
from tests.intake.test_cells_numbers import COUNT, DURATION, MARK, MONEY, NUMBER, PERCENT

SHEET = "考核数据"
MONEY_HEADER, TIME_HEADER = "N7", "I7"


def read(raw: RawWorkbook) -> Reading:
    return read_submission(raw, file=FILE, sha256=SHA256, rulebook=rulebook(), roster=None)


def first_row(reading: Reading) -> Any:
    assert reading.draft is not None, reading.findings
    return reading.draft.tables[SHEET].rows[0].values


@pytest.mark.parametrize(
    ("bracket", "cell", "factor"),
    [
        ("单位：分钟", DURATION, 60),
        ("单位:分钟/次", DURATION, 60),
        ("分钟/次", DURATION, 60),
        ("秒/次", DURATION, 1),
        ("人均，分钟", DURATION, 60),
        ("ms", DURATION, "0.001"),
        ("单位：万元", MONEY, 10000),
        ("万元，含运费", MONEY, 10000),
        ("万元、不含税", MONEY, 10000),
        ("单位 千元", MONEY, 1000),
        ("百万元", MONEY, 1000000),
        ("元/人", MONEY, 1),
        ("人民币", MONEY, 1),
        ("万人次", COUNT, 10000),
        ("单位：人", COUNT, 1),
        ("%", PERCENT, "0.01"),
        ("必填", COUNT, None),
        ("分:秒", DURATION, None),
        ("百分制", NUMBER, None),
        ("0~6分", MARK, None),
        ("满分6分", MARK, None),
    ],
)
def test_a_bracket_is_searched_for_a_unit(bracket, cell, factor):
    """Whatever stands around it."""
    said = said_unit((bracket,), cell)
    assert said.factor == (None if factor is None else Decimal(factor))
    assert said.unclear is None


@pytest.mark.parametrize(
    ("brackets", "cell"),
    [
        (("美元",), MONEY),
        (("单位：万港币",), MONEY),
        (("$",), MONEY),
        (("k",), MONEY),
        (("w元",), MONEY),
        (("角",), MONEY),
        (("天",), DURATION),
        (("工作日",), DURATION),
        (("元或万元",), MONEY),
        (("秒", "分钟"), DURATION),
        (("‰",), PERCENT),
    ],
)
def test_a_unit_that_cannot_be_converted_is_asked_for(brackets, cell):
    """Another currency, two units, a slang for ten thousand."""
    assert said_unit(brackets, cell).unclear is not None


@pytest.mark.parametrize(
    ("place", "header", "name", "stored", "expected"),
    [
        (TIME_HEADER, "平均响应时间（单位：分钟）", "平均响应时间", 1.5, 90),
        (TIME_HEADER, "平均响应时间\n（分钟/次）", "平均响应时间", 1.5, 90),
        (TIME_HEADER, "平均响应时间【必填】（分钟）", "平均响应时间", 1.5, 90),
        (MONEY_HEADER, "订单总金额（单位：万元）", "订单总金额", 8.64, 86400),
    ],
)
def test_a_form_is_read_in_the_unit_of_its_header(place, header, name, stored, expected):
    """Every number of the column."""
    reading = read(changed(raw_workbook(), SHEET, {place: header, place.replace("7", "9"): stored}))
    assert first_row(reading)[name] == expected
    assert "header.qualified" not in [one.code for one in reading.findings]


@pytest.mark.parametrize(
    ("place", "header", "said"),
    [
        ("F7", "接待人数(售后)", "售后"),
        (TIME_HEADER, "平均响应时间（首次）（秒）", "首次"),
        (TIME_HEADER, "平均响应时间（首次，秒）", "首次"),
        (MONEY_HEADER, "订单总金额（元，含运费）", "含运费"),
    ],
)
def test_a_word_that_makes_another_figure_of_a_column_is_told(place, header, said):
    """It is taken, with a warning."""
    reading = read(changed(raw_workbook(), SHEET, {place: header}))
    assert told(reading.findings) == [("header.qualified", f"{SHEET}!{place}")]
    assert f"“{said}”" in reading.findings[0].message
    assert reading.submission is not None


def test_beside_the_plain_one_a_qualified_column_stops():
    """Nobody can know which is meant."""
    reading = read(changed(raw_workbook(), SHEET, {"V7": "接待人数(售后)", "V9": 1}))
    assert told(reading.findings) == [("header.duplicate", f"{SHEET}!V7")]


def test_a_unit_that_cannot_be_converted_is_asked_for_at_the_header():
    """Once, and not for each cell."""
    reading = read(changed(raw_workbook(), SHEET, {MONEY_HEADER: "订单总金额（美元）"}))
    assert told(reading.findings) == [("header.unit_unclear", f"{SHEET}!{MONEY_HEADER}")]
    assert reading.submission is None


# ------------------------------------------------------------- above the table and below the headers


def money_headers(raw: RawWorkbook) -> dict[str, str]:
    """The headers of 考核数据 in 元, without their unit."""
    sheet = next(one for one in raw.sheets if one.name == SHEET)
    return {
        f"{chr(64 + column)}{row}": str(cell.value).split("（")[0].strip()
        for (row, column), cell in sheet.cells.items()
        if row == 7 and "（元）" in str(cell.value)
    }


@pytest.mark.parametrize("line", ["单位：万元", "（单位：万元）", "金额单位:万元", "表一  单位：万元、秒"])
def test_a_line_above_the_table_counts_for_the_columns_it_can_mean(line):
    """Amounts, not people and not seconds."""
    raw = raw_workbook()
    plain = changed(raw, SHEET, money_headers(raw))
    before, after = first_row(read(plain)), first_row(read(changed(plain, SHEET, {"L1": line})))
    assert after["订单总金额"] == before["订单总金额"] * 10000
    assert {name for name in after if after[name] != before[name]} == {
        cell.split("（")[0] for cell in money_headers(raw).values()
    }


def test_a_line_that_differs_from_a_header_is_asked_about():
    """The header prints 元."""
    reading = read(changed(raw_workbook(), SHEET, {"L1": "单位：万元"}))
    assert {one.code for one in reading.findings} == {"header.units_differ"}
    assert reading.submission is None


@pytest.mark.parametrize(
    "line", ["单位：元", "单位：旗舰店", "单位：万象城有限公司", "填报单位：客服一组", "单位：人"]
)
def test_a_line_that_says_the_same_or_names_an_organisation_changes_nothing(line):
    """单位 is also a place of work."""
    assert read(changed(raw_workbook(), SHEET, {"L1": line})).findings == ()


def test_points_and_minutes_are_not_told_apart_by_a_line():
    """分 above a table may be either."""
    assert list(unit_lines(["单位：分"])) == ["分"]
    raw = changed(raw_workbook(), SHEET, {"I7": "平均响应时间", "L1": "单位：分"})
    assert ("header.unit_unclear", f"{SHEET}!I7") in told(read(raw).findings)


@pytest.mark.parametrize("lead", [None, "单位", RawCell("-")])
def test_a_row_of_units_below_the_headers_counts(lead):
    """And is nobody's."""
    raw = raw_workbook()
    down = {(row + (row > 7), column): cell for (row, column), cell in _cells(raw).items()}
    raw = changed(raw, SHEET, cells=down)
    raw = changed(raw, SHEET, {**money_headers(raw), "A8": lead, "N8": "万元", "I8": "(秒)", "F8": "人"})
    reading = read(raw)
    assert reading.draft is not None
    assert reading.draft.tables[SHEET].rows[0].number > 8
    assert first_row(reading)["订单总金额"] == first_row(read(raw_workbook()))["订单总金额"] * 10000


def _cells(raw: RawWorkbook) -> Any:
    return next(one for one in raw.sheets if one.name == SHEET).cells
