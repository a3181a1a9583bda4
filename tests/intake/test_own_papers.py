"""What the system sends out and nobody hands in, dropped all the same: told for what it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from appraisal.intake.read_any import read_paper
from appraisal.intake.roster_file import RosterReading
from appraisal.intake.submission import Reading
from appraisal.pipeline.reports import FileReport, Status
from appraisal.publish.forms.for_hr import roster_example
from appraisal.publish.papers import papers
from appraisal.publish.returned.page import returned_json
from appraisal.publish.templates.loading import load_templates
from appraisal.scoring.results import Inputs
from tests.builders.months import month
from tests.builders.submissions import rulebook
from tests.builders.workbooks import filled_workbook, opened, saved

SHIPPED = Path(__file__).parents[2] / "templates"


def told(data: bytes) -> tuple[str, str, str]:
    """Code, message and remedy of the only finding."""
    reading = read_paper(data, file="x.xlsx", sha256="0" * 64, rulebook=rulebook(), roster=None)
    assert isinstance(reading, Reading)
    assert reading.submission is None
    (one,) = reading.findings
    return one.code, one.message, one.remedy


PAPERS = papers(month(), load_templates(None, SHIPPED), Inputs((), "0" * 64, "1.0.0"))


@pytest.mark.parametrize(
    ("ending", "what", "instead"),
    [
        ("考核结果.xlsx", "考核结果", "更正报送"),
        ("考核通报.html", "考核通报", "不用放入收件夹"),
        ("绩效单/KF001_张三.html", "绩效单", "不用放入收件夹"),
    ],
)
def test_what_is_sent_out_is_told_for_what_it_is(ending: str, what: str, instead: str) -> None:
    """One finding, and not one for each cell that does not fit some scheme."""
    [data] = [data for name, data in PAPERS.items() if name.endswith(ending)][:1]
    code, message, remedy = told(data)
    assert (code, what in message, instead in remedy) == ("workbook.own_paper", True, True)


@pytest.mark.filterwarnings("ignore:.*extension is not supported")
def test_a_result_that_was_saved_again_is_still_one() -> None:
    """Excel, WPS and openpyxl keep the sheets, whatever else they drop."""
    [data] = [data for name, data in PAPERS.items() if name.endswith("考核结果.xlsx")]
    assert told(saved(opened(data)))[0] == "workbook.own_paper"


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (f"\ufeff2026-12-06 {FileReport('x.xlsx', Status.UNCHANGED).receipt()}\n".encode(), "回执"),
        (returned_json("x.xlsx", [], group=None, period=None), "退回说明"),
    ],
)
def test_a_receipt_under_another_name_is_still_one(data: bytes, what: str) -> None:
    """Under its own it is not looked at."""
    assert what in told(data)[1]


def test_a_roster_is_read_and_told_where_it_belongs() -> None:
    """It is no submission: HR's folder of the inbox is its place."""
    reading = read_paper(
        roster_example({"甲组": "online-shop"}),
        file="x.xlsx",
        sha256="0" * 64,
        rulebook=rulebook(),
        roster=None,
    )
    assert isinstance(reading, RosterReading)
    assert reading.roster is not None
    assert "inbox/人事" in reading.elsewhere.remedy


def test_a_submission_with_a_sheet_of_that_name_in_front_stays_one() -> None:
    """Its hidden sheet says what it is."""
    book = opened(filled_workbook(staff=6))
    book.create_sheet("花名册", 0)
    reading = read_paper(saved(book), file="x.xlsx", sha256="0" * 64, rulebook=rulebook(), roster=None)
    assert isinstance(reading, Reading)
    assert "workbook.own_paper" not in [one.code for one in reading.findings]
    assert reading.group == "旗舰店"
