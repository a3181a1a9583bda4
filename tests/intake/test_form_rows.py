"""Which rows of a form are people, and what each of their cells was taken as."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from appraisal.intake.roster import Roster, StaffMember
from appraisal.intake.submission import Reading
from appraisal.intake.submission_reader import read_submission
from appraisal.xlsx.grid import CellProblem, RawCell, RawWorkbook, TextStyle, column_name
from tests.builders.raw_edits import changed, moved, sheet_of, told
from tests.builders.submissions import FILE, SHA256, raw_workbook, rulebook, submission

EXPECTED = submission().tables["考核数据"].rows


def read(raw: RawWorkbook) -> Reading:
    return read_submission(raw, file=FILE, sha256=SHA256, rulebook=rulebook(), roster=None)


@pytest.mark.parametrize(
    "row",
    [
        {"A21": "合计", "F21": 15000},
        {"B21": "平均值", "F21": 1250.5},
        {"A21": "全店汇总值", "F21": 15000},
        {"A21": "同行同层优秀", "F21": 900},
        {"A21": 12, "B21": "合计：", "F21": 15000},
        {"C21": "总计", "F21": 15000},
        {"A21": "工号", "B21": "姓名", "F21": "接待人数"},
        {"A21": "注：数据取自赤兔，导出于12月6日。"},
        {"A22": "制表人：", "B22": None},
        {"B22": "制表", "D22": "审核"},
        {"C21": "参评", "J21": " "},
        {"A21": "  ", "F21": "\u3000"},
        {"V21": 0, "W21": "0 就是齐了"},
    ],
)
def test_rows_that_are_no_people_are_left_out(row):
    """Totals, repeated heads, notes, prepared empty rows, the form's own counters."""
    reading = read(changed(raw_workbook(), "考核数据", row))
    assert reading.findings == ()
    assert reading.submission is not None
    assert reading.submission.tables["考核数据"].rows == EXPECTED


def test_the_grey_line_below_the_head_is_left_out_even_if_someone_wrote_into_it():
    """It names the fields in common software."""
    reading = read(changed(raw_workbook(), "考核数据", {"A8": "KF000", "V8": 3}))
    assert reading.submission is not None
    assert reading.submission.tables["考核数据"].rows == EXPECTED


def test_empty_rows_between_people_are_left_out():
    """The rows keep their own numbers."""
    raw = raw_workbook(staff=3)
    cells = sheet_of(raw, "自评").cells
    spread = {(row + (row > 6), column): cell for (row, column), cell in cells.items()}
    reading = read(changed(raw, "自评", cells=spread))
    assert reading.submission is not None
    assert [row.number for row in reading.submission.tables["自评"].rows] == [6, 8, 9]


@pytest.mark.parametrize("value", [5, "5", "5人", RawCell("#N/A", problem=CellProblem.ERROR_VALUE)])
def test_a_row_with_figures_and_no_id_is_told(value):
    """Somebody was meant; skipping the row would lose a person."""
    reading = read(changed(raw_workbook(), "考核数据", {"B21": "新来的", "K21": value}))
    assert told(reading.findings) == [("row.without_id", "考核数据!A21")]


def test_a_name_with_a_status_and_no_id_is_told():
    """Someone on probation has no figures and is somebody all the same."""
    reading = read(changed(raw_workbook(), "考核数据", {"B21": "新来的", "C21": "试用期"}))
    assert told(reading.findings) == [("row.without_id", "考核数据!A21")]


def test_hidden_rows_count_and_are_told():
    """A filter left on hides rows; they are still handed in."""
    reading = read(changed(raw_workbook(), "考核数据", hidden_rows=frozenset({9, 11, 40})))
    assert told(reading.findings) == [("row.hidden", "考核数据")]
    assert "9、11 行" in reading.findings[0].message
    assert reading.submission is not None


def test_hidden_columns_count_and_are_told_with_their_blank_cells():
    """Somebody hid them to see the rest; nobody would find the blank one."""
    reading = read(changed(raw_workbook(), "考核数据", {"K9": None}, hidden_columns=frozenset({11, 40})))
    assert told(reading.findings) == [("column.hidden", "考核数据"), ("cell.missing", "考核数据!K9")]
    assert "K列“付款人数”被隐藏了，但仍然计入考核；其中 K9是空白的" in reading.findings[0].message


def test_a_cell_that_is_struck_out_counts_and_is_told():
    """The person may mean it away; nobody can know."""
    reading = read(changed(raw_workbook(), "考核数据", {"K9": RawCell(95, text_style=TextStyle.STRUCK)}))
    assert told(reading.findings) == [("cell.struck", "考核数据!K9")]
    assert "95" in reading.findings[0].message
    assert reading.submission is not None


def test_a_row_that_is_struck_out_counts_and_is_told_once():
    """With the cell at which it begins."""
    raw = raw_workbook()
    struck = {
        f"{column_name(column)}{row}": replace(cell, text_style=TextStyle.STRUCK)
        for (row, column), cell in sheet_of(raw, "考核数据").cells.items()
        if row == 9
    }
    reading = read(changed(raw, "考核数据", struck))
    assert told(reading.findings) == [("row.struck", "考核数据!A9")]
    assert reading.submission is not None


def test_words_struck_out_in_a_text_are_told():
    """They would be printed with the rest."""
    remark = RawCell("表现好待改进", text_style=TextStyle.PARTLY_STRUCK)
    reading = read(changed(raw_workbook(), "考核数据", {"T9": remark}))
    assert told(reading.findings) == [("cell.partly_struck", "考核数据!T9")]


@pytest.mark.parametrize(("merged", "where"), [("F9:F10", "F9"), ("F9:G9", "F9"), ("E9:K12", "E9")])
def test_merged_cells_over_figures_are_told(merged, where):
    """Whose number is it?"""
    reading = read(changed(raw_workbook(), "考核数据", merged=(merged,)))
    assert told(reading.findings) == [("cell.merged", f"考核数据!{where}")]


@pytest.mark.parametrize("merged", ["G8:G9", "A10:B10"])
def test_what_lies_below_another_cell_is_told(merged):
    """Of a merged area only its first cell is seen: the grey line, or a column of the shop's own."""
    raw = changed(moved(raw_workbook(), "考核数据", right=1), "考核数据", merged=(merged,))
    assert told(read(raw).findings) == [("cell.merged", f"考核数据!{merged.partition(':')[0]}")]


@pytest.mark.parametrize("merged", ["A1:T1", "A6:E6", "A21:B21", "V9:V20", "T9:V9", "A22:T22"])
def test_merged_cells_elsewhere_do_not_matter(merged):
    """Titles, bands, a totals row, columns of the shop's own."""
    raw = changed(raw_workbook(), "考核数据", {"A21": "合计"}, merged=(merged,))
    assert read(raw).submission is not None


# -------------------------------------------------------------------------------------------- cells


def test_every_faulty_cell_of_the_workbook_is_told_at_once():
    """In the order of the workbook, each with its place; there is no submission then."""
    raw = raw_workbook(
        cells={
            ("考核数据", "KF002", "付款人数"): "延迟统计",
            ("考核数据", "KF004", "参评情况"): "参与",
            ("考核数据", "KF001", "平均响应时间"): RawCell("#DIV/0!", problem=CellProblem.ERROR_VALUE),
            ("自评", "KF003", "报表整体质量"): "优",
            ("店长评分", "KF001", "工作能力"): "很好",
            ("抽访记录", "KF001", "抽访日期"): "上周",
        },
        labels={"导出日期": "下月"},
    )
    reading = read(raw)
    assert told(reading.findings) == [
        ("cell.not_a_date", "考核数据!H3"),
        ("cell.error_value", "考核数据!I9"),
        ("cell.not_a_number", "考核数据!K10"),
        ("cell.not_a_choice", "考核数据!C12"),
        ("cell.not_a_number", "自评!G8"),
        ("cell.not_a_choice", "店长评分!G6"),
        ("cell.not_a_date", "抽访记录!A6"),
    ]
    assert reading.submission is None
    assert (reading.group, str(reading.period)) == ("旗舰店", "2026-11")


def test_what_was_taken_differently_is_listed():
    """Typed and taken stand side by side; plain numbers and unchanged text are not listed."""
    raw = raw_workbook(
        cells={
            ("考核数据", "KF001", "付款人数"): "４３２人",
            ("考核数据", "KF001", "平均响应时间"): 28.000000000000004,
            ("考核数据", "KF001", "订单总金额"): "8.64万",
            ("考核数据", "KF001", "下单人数"): "480",
            ("考核数据", "KF002", "姓名"): "王 敏",
        },
        labels={"导出日期": "2026年12月6日"},
    )
    reading = read(raw)
    assert reading.submission is not None
    assert [(one.cell, one.typed, one.taken) for one in reading.submission.tidied] == [
        ("H3", "2026年12月6日", "2026-12-06"),
        ("K9", "４３２人", "432"),
        ("N9", "8.64万", "86400"),
        ("B10", "王 敏", "王敏"),
    ]


def test_a_header_in_minutes_makes_seconds_of_a_column_and_lists_it():
    """拼多多 exports minutes."""
    raw = changed(
        raw_workbook(cells={("考核数据", "KF001", "平均响应时间"): 0.5}),
        "考核数据",
        {"I7": "平均响应时间（分钟）"},
    )
    reading = read(raw)
    assert reading.submission is not None
    assert reading.submission.tables["考核数据"].rows[0].values["平均响应时间"] == Decimal(30)
    assert ("I9", "0.5", "30") in [(one.cell, one.typed, one.taken) for one in reading.submission.tidied]


def test_an_account_is_its_owner_on_every_sheet():
    """The manager pasted the software's own names; the roster knows whose they are."""
    member = StaffMember(
        "KF001", "张三", "旗舰店", "online-shop", date(2020, 1, 1), accounts=("旗舰店:小三",)
    )
    cells = {
        (sheet, "KF001", "工号"): "旗舰店:小三" for sheet in ("考核数据", "自评", "店长评分", "抽访记录")
    }
    raw = raw_workbook(staff=1, interviews=1, cells=cells)
    reading = read_submission(raw, file=FILE, sha256=SHA256, rulebook=rulebook(), roster=Roster((member,)))
    assert reading.submission is not None
    assert {row.values["工号"] for table in reading.submission.tables.values() for row in table.rows} == {
        "KF001"
    }


def test_a_number_as_id_is_the_same_person_on_every_sheet():
    """007 as text on one sheet and 7 as a number on another are one person; that is listed."""
    options = {"staff": 4, "interviews": 0}
    raw = raw_workbook(
        cells={
            ("考核数据", "KF001", "工号"): "007",
            ("自评", "KF001", "工号"): 7,
            ("店长评分", "KF001", "工号"): "７",
        },
        **options,
    )
    reading = read(raw)
    assert reading.submission is not None
    assert reading.submission.tables["店长评分"].rows[0].values["工号"] == "007"
    assert [(one.sheet, one.typed, one.taken) for one in reading.submission.tidied] == [
        ("自评", "7", "007"),
        ("店长评分", "７", "007"),
    ]
