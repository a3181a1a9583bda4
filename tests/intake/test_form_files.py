"""From the bytes of real workbooks, as XlsxWriter and openpyxl save them, to a submission."""

from __future__ import annotations

import io
from datetime import date, datetime

import openpyxl
import pytest
import xlsxwriter

from appraisal.intake.roster import Roster, StaffMember
from appraisal.intake.submission import Reading
from tests.builders.raw_edits import told
from tests.builders.submissions import (
    FILE,
    SHA256,
    raw_workbook,
    read_file,
    rulebook,
    staff_id,
    staff_name,
    submission,
)
from tests.builders.workbooks import blank, filled_workbook


def read(data: bytes, roster: Roster | None = None) -> Reading:
    return read_file(data, FILE, SHA256, rulebook(), roster)


def rows_of(reading: Reading) -> dict[str, list[dict]]:
    assert reading.submission is not None, reading.findings
    return {name: [row.values for row in table.rows] for name, table in reading.submission.tables.items()}


EXPECTED = {name: [row.values for row in table.rows] for name, table in submission().tables.items()}


def test_our_own_blank_filled_in_is_read_as_filled():
    """The workbook that publish writes and the reading agree on every cell."""
    reading = read(filled_workbook())
    assert reading.findings == ()
    assert rows_of(reading) == EXPECTED
    assert reading.submission is not None
    assert reading.submission.labels | {"报送截止": None} == submission(labels={"报送截止": None}).labels
    assert reading.submission.tidied == ()


def test_a_target_alone_asks_for_no_figures_of_somebody_who_was_not_there():
    """The blank carries targets over: who was away needs the reason alone, and the target is told as left out."""
    away, target = {"KF004": "出勤不足一半"}, {("考核数据", "KF004", "个人月目标"): 90000}
    reading = read(filled_workbook(statuses=away, cells=target))
    assert reading.findings == ()
    assert rows_of(reading) == rows_of(read(filled_workbook(statuses=away)))
    assert reading.submission is not None
    assert [(one.cell, one.taken) for one in reading.submission.tidied] == [("O12", "没有当月数据，不采用")]


def test_our_own_blank_left_blank_asks_for_each_person_once():
    """Thirty people give thirty sentences a sheet, not four hundred."""
    reading = read(blank(people=30))
    assert reading.submission is None
    codes = [one.code for one in reading.findings]
    assert (codes.count("row.empty"), codes.count("cell.missing")) == (60, 33)
    assert (reading.group, str(reading.period)) == ("旗舰店", "2026-11")


def test_a_workbook_written_by_a_program_is_read():
    """Plain cells through XlsxWriter, in the builders' own layout, without `_meta`."""
    output = io.BytesIO()
    book = xlsxwriter.Workbook(output, {"in_memory": True, "default_date_format": "yyyy-mm-dd"})
    for sheet in raw_workbook().sheets[1:-1]:
        tab = book.add_worksheet(sheet.name)
        for (row, column), cell in sheet.cells.items():
            value = cell.value
            if isinstance(value, date):
                tab.write_datetime(row - 1, column - 1, datetime(value.year, value.month, value.day))  # noqa: DTZ001
            else:
                tab.write(row - 1, column - 1, value)
    book.close()
    assert read(output.getvalue()).submission == submission()


def test_what_people_do_in_excel_is_told_by_its_cells():
    """Formulas never calculated, errors, dashes, percent formats, hidden rows and merged cells."""
    book = openpyxl.load_workbook(io.BytesIO(filled_workbook()))
    sheet = book["考核数据"]
    sheet["K9"] = "=F9*0.5"
    sheet["J10"] = "延迟统计"
    sheet["G11"] = "１,０６６"
    sheet.row_dimensions[12].hidden = True
    sheet.merge_cells("F14:F15")
    output = io.BytesIO()
    book.save(output)
    reading = read(output.getvalue())
    assert told(reading.findings) == [
        ("row.hidden", "考核数据"),
        ("cell.formula_without_value", "考核数据!K9"),
        ("cell.not_a_number", "考核数据!J10"),
        ("cell.merged", "考核数据!F14"),
        ("cell.missing", "考核数据!F15"),
    ]


def test_an_id_that_lost_its_zeros_is_the_rosters():
    """Excel made 7 of 007; the roster knows exactly one such person, and the change is listed."""
    ids = [f"{number:03}" for number in range(1, 4)]
    members = tuple(
        StaffMember(one, staff_name(number), "旗舰店", "online-shop", date(2020, 1, 1))
        for number, one in enumerate(ids, 1)
    )
    cells = {(sheet, staff_id(n), "工号"): n for sheet in ("考核数据", "自评", "店长评分") for n in (1, 2, 3)}
    reading = read(filled_workbook(staff=3, cells=cells, interviews=0), Roster(members))
    assert [row["工号"] for row in rows_of(reading)["自评"]] == ids
    assert reading.submission is not None
    assert {(one.typed, one.taken) for one in reading.submission.tidied} == {
        ("1", "001"),
        ("2", "002"),
        ("3", "003"),
    }


@pytest.mark.parametrize("data", [b"", b"not a workbook", filled_workbook(staff=1)[:4000]])
def test_bytes_that_are_no_workbook_are_findings_too(data):
    """The reading says why, and nothing else."""
    reading = read(data)
    assert reading.submission is None
    assert [one.code.partition(".")[0] for one in reading.findings] == ["workbook"]
