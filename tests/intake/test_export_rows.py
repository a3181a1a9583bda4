"""Which rows of an export count, and for whom: merged accounts, pivot tables, totals, pages, hidden rows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from appraisal.intake.exports.rows import ExportReading, read_export
from appraisal.scheme.forms.submission import submission_form
from tests.builders.exports import Rows, csv_export, xlsx_export
from tests.builders.submissions import NOVEMBER, online_shop

FORM = submission_form(online_shop())
HEAD = ("客服昵称", "日期", "接待人数", "客服销售额(元)")


def read(path: Path) -> ExportReading:
    return read_export(path, FORM, NOVEMBER)


def counted(reading: ExportReading) -> list[tuple[str, Any]]:
    """Whose rows were taken, with 接待人数."""
    return [(row.shown, row.figures["接待人数"]) for row in reading.rows]


def told(reading: ExportReading) -> list[tuple[str, str | None]]:
    found = [(one.code, one.cell) for one in reading.findings]
    return [one for one in found if one[0] != "export.part_of_month"]


def days(account: str, count: int = 3) -> list[tuple[Any, ...]]:
    """The daily rows of a block that shows its account once."""
    return [(account if day == 1 else None, f"2026-11-{day:02}", 40, 100) for day in range(1, count + 1)]


TWO_BLOCKS: Rows = [HEAD, *days("旗舰店:小美"), *days("旗舰店:阿强")]


def test_an_account_merged_over_its_days_counts_for_all(tmp_path: Path) -> None:
    """As 生意参谋 and most report tools lay out days."""
    reading = read(xlsx_export(tmp_path / "x.xlsx", TWO_BLOCKS, merged=("A2:A4", "A5:A7")))
    assert counted(reading) == [("旗舰店:小美", 40)] * 3 + [("旗舰店:阿强", 40)] * 3
    assert told(reading) == []


def test_a_day_merged_over_its_people_counts_for_all(tmp_path: Path) -> None:
    """The other way round."""
    rows = [("日期", "客服昵称", "接待人数"), ("2026-11-01", "小美", 40), (None, "阿强", 50)]
    reading = read(xlsx_export(tmp_path / "x.xlsx", rows, merged=("A2:A3",)))
    assert [str(row.day) for row in reading.rows] == ["2026-11-01", "2026-11-01"]


@pytest.mark.parametrize("end", [(), [("总计", None, 240, 600)], [("旗舰店:阿强 汇总", None, 110, 300)]])
def test_rows_with_figures_and_nobody_stop(tmp_path: Path, end: Rows) -> None:
    """A pivot table shows the account on a block's first row; the others would be lost."""
    reading = read(xlsx_export(tmp_path / "x.xlsx", [*TWO_BLOCKS, *end]))
    [stopping] = [one for one in reading.findings if one.is_error]
    assert (stopping.code, stopping.cell) == ("export.row_without_person", "A3")
    assert stopping.message == "第 3、4、6、7 行有数据，却没有写是谁的。"
    assert "重复所有项目标签" in stopping.remedy


def pivot(mei: int = 120, qiang: int = 120) -> Rows:
    """As Excel lays a pivot table out, with a subtotal below each block."""
    first = [*days("旗舰店:小美"), ("旗舰店:小美 汇总", None, mei, 300)]
    second = [*days("旗舰店:阿强"), ("旗舰店:阿强 汇总", None, qiang, 300)]
    return [HEAD, *first, *second, ("总计", None, 240, 600)]


def test_rows_whose_subtotal_says_whose_they_are_are_taken(tmp_path: Path) -> None:
    """And told: nothing is guessed, every block adds up to its own subtotal."""
    reading = read(xlsx_export(tmp_path / "x.xlsx", pivot()))
    assert counted(reading) == [("旗舰店:小美", 40)] * 3 + [("旗舰店:阿强", 40)] * 3
    assert told(reading) == [("export.carried_down", "A3")]
    assert reading.findings[0].message.startswith("第 3、4、7、8 行")


def test_rows_of_a_block_that_does_not_add_up_stop(tmp_path: Path) -> None:
    """The other block is no proof of this one."""
    reading = read(xlsx_export(tmp_path / "x.xlsx", pivot(qiang=130)))
    [stopping] = [one for one in reading.findings if one.is_error]
    assert stopping.message == "第 7、8 行有数据，却没有写是谁的。"


def test_each_subtotal_is_compared(tmp_path: Path) -> None:
    """A day that somebody deleted shows in the subtotal of its block."""
    rows = [HEAD, ("小美", "2026-11-01", 40, 100), ("小美", "2026-11-02", 40, 100), ("小计", None, 80, 200),
            ("阿强", "2026-11-01", 40, 100), ("小计", None, 90, 100), ("人均", None, 1, 1)]  # fmt: skip
    reading = read(csv_export(tmp_path / "x.csv", rows))
    assert told(reading) == [("export.total_differs", "C6")]
    assert reading.findings[0].message == "“接待人数”各行相加是 40，导出里的小计是 90。"


def test_subtotals_within_subtotals_are_compared_with_their_own_rows(tmp_path: Path) -> None:
    """Of a person over their shops, each shop with a subtotal of its own."""
    rows = [HEAD, ("小美", "2026-11-01", 40, 100), ("2026-11-01 汇总", None, 40, 100),
            ("小美", "2026-11-02", 50, 100), ("2026-11-02 汇总", None, 50, 100), ("小美 汇总", None, 90, 200)]  # fmt: skip
    assert told(read(csv_export(tmp_path / "x.csv", rows))) == []


@pytest.mark.parametrize(
    "summary",
    ["旗舰店:小美 汇总", "旗舰店:小美汇总", "旗舰店:小美-小计", "旗舰店:小美 Total", "2026-11-01 合计", "小计", "同行均值", "Average"],
)  # fmt: skip
def test_summaries_are_nobodys(tmp_path: Path, summary: str) -> None:
    """Of a person, of a day, of peers; in the words of Excel, WPS and Google Sheets."""
    rows = [HEAD, ("旗舰店:小美", "2026-11-01", 40, 100), (summary, None, 40, 100)]
    for path in (xlsx_export(tmp_path / "x.xlsx", rows), csv_export(tmp_path / "x.csv", rows)):
        assert (counted(read(path)), told(read(path))) == ([("旗舰店:小美", 40)], [])


def test_a_name_that_only_ends_so_is_a_person(tmp_path: Path) -> None:
    """No 李 stands in the table."""
    assert counted(read(csv_export(tmp_path / "x.csv", [HEAD, ("李汇总", "", 40, 100)]))) == [("李汇总", 40)]


@pytest.mark.parametrize("word", ["合计", "总计", "汇总", "本店合计", "Grand Total", "总和"])
@pytest.mark.parametrize("total", [80, 120, 40])
def test_the_grand_total_is_compared(tmp_path: Path, word: str, total: int) -> None:
    """Too little has been lost, too much counted twice."""
    rows = [HEAD, ("小美", "", 40, 100), ("阿强", "", 40, 100), (word, "", total, 200)]
    expected = [("export.total_differs", "C4")] if total != 80 else []
    assert told(read(csv_export(tmp_path / "x.csv", rows))) == expected


def test_a_total_may_say_so_in_any_column(tmp_path: Path) -> None:
    """The account is blank there."""
    rows = [("部门", "客服昵称", "接待人数"), ("售前", "小美", 40), ("合计", "", 40)]
    assert told(read(csv_export(tmp_path / "x.csv", rows)))[:1] == [("export.unused", None)]


def test_the_header_printed_again_is_no_person(tmp_path: Path) -> None:
    """At the top of every page."""
    rows = [HEAD, ("小美", "", 40, 100), HEAD, ("阿强", "", 50, 100), ("注：不含售后",)]
    reading = read(csv_export(tmp_path / "x.csv", rows))
    assert (counted(reading), told(reading)) == ([("小美", 40), ("阿强", 50)], [])


def test_a_figure_merged_over_two_people_stops(tmp_path: Path) -> None:
    """It is nobody's own."""
    rows = [HEAD, ("小美", None, 40, 100), ("阿强", None, None, 100)]
    assert told(read(xlsx_export(tmp_path / "x.xlsx", rows, merged=("C2:C3",)))) == [("cell.merged", "C2")]


@pytest.mark.parametrize(("merged", "where"), [("C1:C2", None), ("B2:C2", "B2"), ("D2:D3", "D2")])
def test_a_figure_that_lies_below_another_cell_stops(tmp_path: Path, merged: str, where: str | None) -> None:
    """Nobody sees it."""
    file = xlsx_export(
        tmp_path / "x.xlsx", [HEAD, ("小美", "2026-11-01", 40, 100), ("阿强", "2026-11-01", 50, 200)]
    )
    book = openpyxl.load_workbook(file)
    book.active.merged_cells.add(merged)  # without emptying what it covers, as some writers leave it
    book.save(file)
    assert [one.cell for one in read(file).findings if one.code == "cell.merged"] == [where] * (
        where is not None
    )


def test_an_account_that_lies_below_a_blank_cell_is_nobody_s(tmp_path: Path) -> None:
    """Its row has figures and nobody whose they are."""
    file = xlsx_export(tmp_path / "x.xlsx", [HEAD, (None, None, None, None), ("小美", "2026-11-01", 40, 100)])
    book = openpyxl.load_workbook(file)
    book.active.merged_cells.add("A2:A3")
    book.save(file)
    assert told(read(file)) == [("export.row_without_person", "A3")]


def test_a_note_merged_below_the_table_is_only_a_note(tmp_path: Path) -> None:
    rows = [HEAD, ("小美", None, 40, 100), (), ("注：2人未列入",)]
    assert told(read(xlsx_export(tmp_path / "x.xlsx", rows, merged=("A4:D6",)))) == []


@pytest.mark.parametrize("filtered", [None, "A1:D3"])
def test_hidden_rows_count_and_are_told(tmp_path: Path, filtered: str | None) -> None:
    """Whether hidden by hand or by a filter."""
    path = xlsx_export(tmp_path / "x.xlsx", [HEAD, ("小美", None, 40, 100), ("阿强", None, 50, 100)])
    book = openpyxl.load_workbook(path)
    book.active.row_dimensions[3].hidden = True
    book.active.auto_filter.ref = filtered
    book.save(path)
    reading = read(path)
    assert counted(reading) == [("小美", 40), ("阿强", 50)]
    assert told(reading) == [("export.hidden", "A3")]


@pytest.mark.parametrize(
    ("line", "code"), [("小美,1,200,86,400.00", "export.more_than_header"), ("小美,200,86,,", None)]
)
def test_thousands_commas_that_separate_stop(tmp_path: Path, line: str, code: str | None) -> None:
    """1,200 without quotation marks is two cells; empty ones at the end are nothing."""
    path = tmp_path / "x.csv"
    path.write_text(f"客服昵称,接待人数,客服销售额(元)\n{line}\n", "utf-8")
    assert [one for one, _ in told(read(path))] == ([code] if code else [])
