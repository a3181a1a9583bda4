"""Lists under one another: which share a page, where their columns meet, where a sheet of several pages is broken."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from openpyxl.worksheet.worksheet import Worksheet

from appraisal.publish.excel.book import Book
from appraisal.publish.excel.listing import ColumnFormat, Computed, ListSheet, ListTable, Shown
from appraisal.publish.excel.listing_sheets import listings_workbook, stacked, write_stack
from tests.builders.workbooks import opened
from tests.hr.hr_shop import lists, table

DAY = date(2026, 12, 1)


def listing(name: str, rows: int, *widths: float) -> ListSheet:
    """A list of so many rows of numbers, with their sums."""
    columns = [ColumnFormat(f"{name}{at}", width, Shown.COUNT) for at, width in enumerate(widths)]
    return ListSheet(
        name,
        ListTable(columns, [[row] * len(widths) for row in range(rows)]),
        totals={f"{name}0": Computed(f"=SUM({{{name}0}})", sum(range(rows)))},
    )


def sheets_of(*listings: ListSheet) -> list[Worksheet]:
    return opened(listings_workbook(listings, DAY)).worksheets


def test_small_lists_share_a_page_and_a_long_one_has_its_own() -> None:
    document = listings_workbook([listing(name, 3, 20, 20) for name in "甲乙丙"], DAY)
    assert lists(document) == ["甲", "乙", "丙"]
    (sheet,) = opened(document).worksheets
    assert (sheet.sheet_properties.pageSetUpPr.fitToPage, sheet.page_setup.fitToHeight) == (True, None)
    assert table(document, "丙")[-1] == {"丙0": 3, "丙1": None}, "its own sum"
    apart = sheets_of(listing("甲", 3, 20, 20), listing("乙", 50, 20, 20), listing("丙", 3, 20, 20))
    assert [sheet.title for sheet in apart] == ["甲", "乙", "丙"]
    assert all(sheet.freeze_panes for sheet in apart)
    assert len(sheets_of(listing("甲", 3, 20, 200), listing("乙", 3, 20))) == 2, "too small to read"


def test_a_list_without_rows_is_a_line_on_the_first_sheet() -> None:
    first, *_ = sheets_of(
        listing("甲", 50, 20), ListSheet("乙", ListTable([ColumnFormat("乙", 20)], [])), listing("丙", 1, 9)
    )
    assert first.cell(first.max_row, 1).value == "乙：没有记录。"


def test_columns_end_where_those_of_the_list_above_do() -> None:
    """A list keeps its widths nearly: what lies between takes several columns of the sheet."""
    (above, below), widths = stacked([listing("甲", 1, 10, 10, 10, 30), listing("乙", 1, 19, 11, 36)], "甲")
    assert widths == [10, 10, 10, 30]
    assert (above.begins, below.begins) == ([1, 2, 3, 4, 5], [1, 3, 4, 5])
    assert [column.width for column in below.columns] == [20, 10, 30]


def test_a_column_that_would_be_stretched_too_much_divides_the_sheets() -> None:
    """Then the list above takes several columns of the sheet, and has no filter any more."""
    upper, lower = listing("甲", 2, 10, 60), listing("乙", 2, 10, 20, 10)
    placed, widths = stacked([upper, lower], "甲")
    assert widths == [10, 20, 10, 30]
    assert [one.begins for one in placed] == [[1, 2, 5], [1, 2, 3, 4]]
    (sheet,) = sheets_of(upper, lower)
    assert "B3:D3" in {str(one) for one in sheet.merged_cells.ranges}
    assert sheet.auto_filter.ref is None
    (above, below), widths = stacked([replace(upper, keeps_columns=True), lower], "甲")
    assert (widths, above.begins, below.begins) == ([10, 60, 10], [1, 2, 3], [1, 2, 3, 4]), (
        "others refer to it"
    )


def test_no_list_begins_at_the_foot_of_a_page() -> None:
    """On a sheet of several pages: one that fits on a page stands on one."""
    some = [listing(name, rows, 60, 60) for name, rows in (("甲", 20), ("乙", 12), ("丙", 12), ("丁", 2))]
    book = Book()
    _, placed = write_stack(book, some, "全部")
    (sheet,) = opened(book.finished(created=DAY)).worksheets
    assert [one.id for one in sheet.row_breaks.brk] == [placed[1].row - 1, placed[2].row - 1]
    assert sheet.print_title_rows is None
