"""What is valid and odd: warnings only, and quiet where there is nothing to wonder at."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from appraisal.findings.kind import Severity
from appraisal.intake.submission import Submission
from appraisal.validation.context import check_context
from appraisal.workspace.settings import MovedStaff
from tests.builders.raw_edits import told
from tests.builders.submissions import rulebook, staff_id, submission

DATA, SELF, MANAGER = "考核数据", "自评", "店长评分"
MARKS = ("报表上交及时性", "报表数据真实性", "报表整体质量")


def oddities_of(one: Submission) -> list[tuple[str, str]]:
    found = check_context(
        one,
        roster=None,
        folder_group=None,
        today=date(2027, 1, 1),
        rulebook=rulebook(),
        moved=MovedStaff.LAST_DAY,
    )
    assert all(finding.severity is Severity.WARNING for finding in found)
    return told(found)


def zeros(name: str, people: int) -> dict:
    return {(DATA, staff_id(number), name): Decimal(0) for number in range(1, people + 1)}


def test_a_column_of_zeros_that_something_is_divided_by_is_told():
    """Nobody had an inquiry all month: more likely the software had not counted yet."""
    assert oddities_of(submission(cells=zeros("询单人数", 12))) == [("data.zero_for_unknown", "考核数据!G9")]


def test_a_column_of_zeros_that_may_well_be_is_not_told():
    """No complaints at all is good news; one figure among zeros is a figure; three people are few."""
    assert oddities_of(submission(cells=zeros("有责投诉数", 12))) == []
    assert oddities_of(submission(cells=zeros("询单人数", 11))) == []
    assert oddities_of(submission(staff=3, cells=zeros("询单人数", 3))) == []


def test_people_without_data_are_not_counted_among_the_zeros():
    """Blank is not 0."""
    one = submission(staff=5, cells=zeros("询单人数", 3), statuses={"KF004": "试用期", "KF005": "已离职"})
    assert oddities_of(one) == []


def same_marks(people: int) -> dict:
    return {
        (sheet, staff_id(number), name): Decimal(4)
        for sheet in (SELF, MANAGER)
        for number in range(1, people + 1)
        for name in MARKS
    }


def test_marks_that_are_all_the_same_on_both_sheets_are_told():
    """The manager filled in the self-review."""
    assert oddities_of(submission(cells=same_marks(12))) == [("data.self_marked_by_manager", "自评")]


def test_a_single_difference_is_enough_to_be_quiet():
    """And three people are too few to wonder."""
    assert oddities_of(submission(cells=same_marks(11))) == []
    assert oddities_of(submission(staff=3, cells=same_marks(3))) == []


def test_the_manager_among_the_staff_is_told():
    """店长本人一般不列入本组; spaces in the name do not hide it."""
    assert oddities_of(submission(labels={"店长": "张 三"})) == [("data.manager_listed", "考核数据!B9")]


@pytest.mark.parametrize(
    ("exported", "is_early"),
    [(date(2026, 11, 30), True), (date(2026, 12, 4), True), (date(2026, 12, 5), False)],
)
def test_an_export_before_the_last_payments_are_counted_is_told(exported, is_early):
    """Software needs four more days for them."""
    found = oddities_of(submission(labels={"导出日期": exported}))
    assert found == ([("data.exported_early", "考核数据!H3")] if is_early else [])
