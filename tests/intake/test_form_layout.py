"""Where everything on a form stands, whatever people did around it."""

from __future__ import annotations

from typing import Any

import pytest

from appraisal.intake.submission import Reading
from appraisal.intake.submission_reader import read_submission
from appraisal.xlsx.grid import RawCell, RawSheet, RawWorkbook, SheetState
from tests.builders.raw_edits import added, changed, moved, reordered, sheet_of, told, without
from tests.builders.submissions import FILE, SHA256, raw_workbook, rulebook, submission


def read(raw: RawWorkbook) -> Reading:
    return read_submission(raw, file=FILE, sha256=SHA256, rulebook=rulebook(), roster=None)


def values(reading: Reading) -> dict[str, list[Any]]:
    assert reading.submission is not None, reading.findings
    return {name: [row.values for row in table.rows] for name, table in reading.submission.tables.items()}


EXPECTED = {name: [row.values for row in table.rows] for name, table in submission().tables.items()}


def test_a_filled_form_is_read_as_it_was_meant():
    """Every table, label, place and nothing to remark."""
    reading = read(raw_workbook())
    assert reading.findings == ()
    assert reading.submission == submission()
    assert (reading.group, str(reading.period), reading.scheme) == ("旗舰店", "2026-11", "online-shop")


def test_people_who_do_not_take_part_and_absent_reviewers_are_read_too():
    """Blank data and blank marks are None, not 0."""
    options = {"statuses": {"KF012": "试用期"}, "absent": {"KF003"}, "labels": {"店铺客单价": None}}
    assert read(raw_workbook(**options)).submission == submission(**options)


@pytest.mark.parametrize(("down", "right"), [(1, 0), (7, 0), (0, 1), (3, 2)])
@pytest.mark.parametrize("sheet", ["考核数据", "自评", "抽访记录"])
def test_rows_and_columns_put_in_before_change_nothing(sheet, down, right):
    """Titles and notes above, a numbering column to the left."""
    assert values(read(moved(raw_workbook(), sheet, down=down, right=right))) == EXPECTED


def test_the_order_of_columns_is_free():
    """Columns are known by their headers."""
    raw = reordered(raw_workbook(), "考核数据", list(range(20, 0, -1)), from_row=6)
    assert values(read(raw)) == EXPECTED


def test_the_order_of_sheets_and_further_sheets_are_free():
    """Sheet1 with leftovers does not matter."""
    raw = raw_workbook()
    leftovers = RawSheet("Sheet1", {(1, 1): RawCell("工号"), (2, 1): RawCell("KF001")})
    assert values(read(RawWorkbook((leftovers, *reversed(raw.sheets))))) == EXPECTED


def test_further_columns_are_free():
    """A column of the shop's own is not read."""
    raw = changed(raw_workbook(), "考核数据", {"V7": "备注2", "V9": 5, "W12": "看这里"})
    assert values(read(raw)) == EXPECTED


@pytest.mark.parametrize(
    "written",
    [
        "询单→最终付款人数",
        "付款人数（人）",
        "付款\n人数",
        " 付款人数 ",
        "付款人数：",
        "*付款人数",
        "付款 人数",
        "最终付款人数(必填)",
    ],
)
def test_a_header_is_known_by_name_and_alias(written):
    """Brackets, line breaks, spaces, stars and colons around it do not matter."""
    assert values(read(changed(raw_workbook(), "考核数据", {"K7": written}))) == EXPECTED


def test_a_column_under_its_own_name_wins_over_an_alias():
    """A pasted export may carry 销售额 beside 订单总金额."""
    raw = changed(raw_workbook(), "考核数据", {"V7": "销售额", "V9": 1})
    assert values(read(raw)) == EXPECTED


def test_a_two_row_head_merged_downwards_is_one_head():
    """工号 and 姓名 over two rows, the figures below their band."""
    raw = changed(
        raw_workbook(),
        "考核数据",
        {"A6": "工号", "B6": "姓名", "A7": None, "B7": None},
        merged=("A6:A7", "B6:B7"),
    )
    assert values(read(raw)) == EXPECTED


def test_a_missing_column_is_named():
    """The sheet is named; other sheets are read on."""
    reading = read(changed(raw_workbook(), "考核数据", {"K7": "付钱的人"}))
    assert told(reading.findings) == [("header.missing", "考核数据")]
    assert "付款人数" in reading.findings[0].message


def test_a_column_that_nobody_must_fill_may_be_missing():
    """Attendance is optional, so is its column."""
    reading = read(changed(raw_workbook(), "考核数据", {"D7": None, "E7": None}))
    assert reading.submission is not None
    assert reading.submission.tables["考核数据"].rows[0].values["应出勤天数"] is None


def test_a_column_twice_is_told_with_both_places():
    """Nobody can know which one is meant."""
    reading = read(changed(raw_workbook(), "考核数据", {"V7": "付款人数", "V9": 1}))
    assert told(reading.findings) == [("header.duplicate", "考核数据!V7")]
    assert "K7、V7" in reading.findings[0].message


def test_a_sheet_without_its_head_is_told_once():
    """Not one finding per column."""
    raw = changed(raw_workbook(), "自评", {f"{letter}4": None for letter in "ABCDEFGH"})
    assert told(read(raw).findings) == [("header.none", "自评")]


def test_a_missing_sheet_is_told_with_those_that_are_there():
    """The person sees which sheets were found."""
    reading = read(without(raw_workbook(), "店长评分"))
    assert told(reading.findings) == [("sheet.missing", "")]
    assert "店长评分" in reading.findings[0].message
    assert "考核数据、自评" in reading.findings[0].message


def test_the_interview_sheet_may_be_missing():
    """It is evidence only."""
    reading = read(without(raw_workbook(), "抽访记录"))
    assert reading.submission is not None
    assert "抽访记录" not in reading.submission.tables


@pytest.mark.parametrize("name", [" 考核数据", "考核 数据", "考核数据\u200b"])
def test_a_sheet_is_known_by_its_name_without_spaces(name):
    """Spaces in the name of a tab are invisible."""
    assert values(read(changed(raw_workbook(), "考核数据", name=name))) == EXPECTED


def test_a_renamed_sheet_is_known_by_its_headers():
    """自评 and 店长评分 have columns in common; each finds its own."""
    raw = changed(raw_workbook(), "自评", name="Sheet2")
    raw = changed(raw, "店长评分", name="Sheet3")
    assert values(read(raw)) == EXPECTED


def test_two_sheets_that_could_be_meant_are_told():
    """Two renamed sheets fit 店长评分 alike."""
    raw = raw_workbook()
    raw = changed(raw, "店长评分", name="甲")
    raw = added(raw, RawSheet("乙", sheet_of(raw, "甲").cells))
    reading = read(raw)
    assert told(reading.findings) == [("sheet.duplicate", "")]
    assert "甲、乙" in reading.findings[0].message


@pytest.mark.parametrize("name", ["考核数据 (2)", "考核数据副本", "考核数据 - 副本", "考核数据 "])
def test_a_filled_copy_beside_a_sheet_is_told(name):
    """Excel names a copy 考核数据 (2); the person may have gone on in it."""
    raw = raw_workbook()
    reading = read(added(raw, RawSheet(name, sheet_of(raw, "考核数据").cells)))
    assert told(reading.findings) == [("sheet.duplicate", "")]


def test_a_hidden_sheet_is_read_and_told():
    """What nobody sees must not count silently."""
    reading = read(changed(raw_workbook(), "店长评分", state=SheetState.HIDDEN))
    assert told(reading.findings) == [("sheet.hidden", "店长评分")]
    assert values(reading) == EXPECTED
    assert reading.submission is not None
    assert reading.submission.warnings == reading.findings


# -------------------------------------------------------------------------------------------- labels


def label(reading: Reading, name: str) -> Any:
    assert reading.submission is not None, reading.findings
    return reading.submission.labels[name]


def test_a_label_with_a_colon_and_its_value_further_right():
    """The value is the next filled cell in the row."""
    raw = changed(raw_workbook(), "考核数据", {"A3": "店长：", "B3": None, "C3": "黄店长"})
    assert label(read(raw), "店长") == "黄店长"


def test_a_label_merged_over_columns():
    """The value stands right of the merged range."""
    raw = changed(raw_workbook(), "考核数据", {"B3": None, "C3": "黄店长"}, merged=("A3:B3",))
    assert label(read(raw), "店长") == "黄店长"


def test_label_and_value_in_one_cell():
    """`店长：黄店长` says both."""
    raw = changed(raw_workbook(), "考核数据", {"A3": "店长：黄店长", "B3": None})
    assert label(read(raw), "店长") == "黄店长"


@pytest.mark.parametrize("neighbour", ["（必填）", "※ 填表的店长姓名", "填表的店长姓名"])
def test_a_blank_value_is_not_the_remark_beside_it(neighbour):
    """Nor the next label's text."""
    reading = read(changed(raw_workbook(), "考核数据", {"B3": None, "C3": neighbour}))
    assert told(reading.findings) == [("cell.missing", "考核数据!B3")]


def test_an_optional_label_may_be_blank_or_missing():
    """店铺客单价 is worked out from the group then."""
    for cells in ({"H4": None}, {"G4": None, "H4": None}):
        assert label(read(changed(raw_workbook(), "考核数据", cells)), "店铺客单价") is None


def test_a_label_that_is_needed_and_missing_is_told_without_a_cell():
    """There is no cell to point at."""
    reading = read(changed(raw_workbook(), "考核数据", {"A3": None, "B3": None}))
    assert told(reading.findings) == [("cell.missing", "考核数据")]


@pytest.mark.parametrize(
    ("cells", "code"), [({"B2": None}, "group.missing"), ({"E2": "11月"}, "period.missing")]
)
def test_group_and_month_have_findings_of_their_own(cells, code):
    """They decide where everything goes."""
    reading = read(changed(raw_workbook(), "考核数据", cells))
    assert told(reading.findings) == [(code, f"考核数据!{next(iter(cells))}")]
    assert reading.submission is None


def test_a_unit_beside_a_label_counts():
    """店铺客单价（万元） makes 万元 of the number, and that is listed."""
    reading = read(changed(raw_workbook(), "考核数据", {"G4": "店铺客单价（万元）", "H4": 0.019}))
    assert label(reading, "店铺客单价") == 190
    assert reading.submission is not None
    assert [(one.cell, one.typed, one.taken) for one in reading.submission.tidied] == [("H4", "0.019", "190")]
