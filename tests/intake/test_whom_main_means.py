"""Where 考核数据 and the other sheets name different people, the odd one is blamed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from appraisal.findings.finding import Finding
from appraisal.intake.roster import Roster, StaffMember
from appraisal.intake.submission_reader import read_submission
from tests.builders.raw_edits import told
from tests.builders.submissions import FILE, SHA256, raw_workbook, rulebook, staff_id, staff_name

DATA, SELF, MANAGER = "考核数据", "自评", "店长评分"
ROSTER = Roster(
    tuple(
        StaffMember(staff_id(number), staff_name(number), "旗舰店", "online-shop", date(2020, 1, 1))
        for number in range(1, 13)
    )
)
SWAPPED = {(DATA, "KF001", "姓名"): staff_name(2), (DATA, "KF002", "姓名"): staff_name(1)}


def found(roster: Roster | None, cells: dict[tuple[str, str, str], Any]) -> tuple[Finding, ...]:
    raw = raw_workbook(cells=cells)
    return read_submission(raw, file=FILE, sha256=SHA256, rulebook=rulebook(), roster=roster).findings


@pytest.mark.parametrize("roster", [ROSTER, None])
@pytest.mark.parametrize(
    ("cells", "places"),
    [
        ({(DATA, "KF003", "姓名"): "张叁"}, [("staff.name_mismatch", "考核数据!B11")]),
        (SWAPPED, [("staff.name_mismatch", "考核数据!B9"), ("staff.name_mismatch", "考核数据!B10")]),
        ({(DATA, "KF003", "工号"): "KF03"}, [("staff.id_mismatch", "考核数据!A11")]),
    ],
)
def test_a_slip_in_the_main_sheet_alone_is_told_there(roster, cells, places):
    """By the roster, or without one because all other sheets agree. One finding for each slip."""
    assert told(found(roster, cells)) == places


def test_the_id_that_was_meant_is_said():
    (one,) = found(ROSTER, {(DATA, "KF003", "工号"): "KF03"})
    assert one.message == f"姓名为“{staff_name(3)}”的工号应为“KF003”，这里写的是“KF03”。"


def test_a_slip_in_one_other_sheet_is_told_there_as_before():
    assert told(found(ROSTER, {(SELF, "KF003", "姓名"): "张叁"})) == [("staff.name_mismatch", "自评!B8")]
    assert told(found(ROSTER, {(SELF, "KF003", "工号"): "KF03"})) == [
        ("row.missing", "自评"),
        ("row.not_in_data", "自评!A8"),
    ]


def test_a_slip_in_two_of_three_sheets_is_told_in_both_where_the_roster_knows():
    cells = {(DATA, "KF003", "姓名"): "张叁", (SELF, "KF003", "姓名"): "张叁"}
    assert told(found(ROSTER, cells)) == [
        ("staff.name_mismatch", "考核数据!B11"),
        ("staff.name_mismatch", "自评!B8"),
    ]


def test_sheets_that_agree_are_read_whatever_the_roster_says():
    """Its word comes later, once: and a month that was taken reads the same when the roster has changed."""
    renamed = Roster((replace(ROSTER.members[2], name="张叁"), *ROSTER.members[3:]))
    assert found(renamed, {}) == ()


def test_of_two_people_with_one_name_neither_is_guessed():
    """Both are missing, so nobody knows whom the wrong id means: told where the sheets differ."""
    same = {(sheet, "KF004", "姓名"): staff_name(3) for sheet in (DATA, SELF, MANAGER)}
    wrong = {(DATA, "KF003", "工号"): "KF03", (DATA, "KF004", "工号"): "KF04"}
    codes = {one.code for one in found(None, same | wrong)}
    assert codes == {"row.missing", "row.not_in_data"}
