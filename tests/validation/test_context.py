"""A submission against the roster, the folder it lay in, and the calendar."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from appraisal.findings.finding import has_errors
from appraisal.findings.kind import Severity
from appraisal.intake.roster import Roster, StaffMember
from appraisal.intake.submission import Submission
from appraisal.validation.context import check_context
from appraisal.workspace.settings import MovedStaff
from tests.builders.raw_edits import told
from tests.builders.schemes import changed, scheme_of
from tests.builders.submissions import online_shop, rulebook, staff_id, staff_name, submission

DATA = "考核数据"
DECEMBER_7 = date(2026, 12, 7)
PHONE = scheme_of(
    changed(
        ("scheme: online-shop", "scheme: phone-service"), ("name: 网店客服组月度", "name: 电话客服组月度")
    )
)


def member(number: int, **fields: Any) -> StaffMember:
    usual = {"group": "旗舰店", "scheme": "online-shop", "joined": date(2020, 1, 1)}
    return StaffMember(staff_id(number), staff_name(number), **(usual | fields))


ROSTER = Roster(tuple(member(number) for number in range(1, 13)))


def roster_with(*members: StaffMember, without: int = 0) -> Roster:
    """The usual twelve and others, one of the usual ones left out."""
    return Roster((*(one for one in ROSTER.members if one.id != staff_id(without)), *members))


def findings_of(
    one: Submission,
    roster: Roster | None = ROSTER,
    *,
    folder: str | None = None,
    today: date = DECEMBER_7,
    moved: MovedStaff = MovedStaff.LAST_DAY,
):
    book = rulebook(online_shop(), PHONE)
    return check_context(one, roster=roster, folder_group=folder, today=today, rulebook=book, moved=moved)


@pytest.mark.parametrize("roster", [None, ROSTER])
@pytest.mark.parametrize("folder", [None, "旗舰店"])
def test_a_month_in_its_place_has_no_findings(roster, folder):
    """With or without a roster, in the inbox or in the group's own folder."""
    assert findings_of(submission(), roster, folder=folder) == ()


@pytest.mark.parametrize(("today", "is_later"), [(5, True), (6, False), (7, False)])
def test_data_cannot_have_been_exported_on_a_day_to_come(today, is_later):
    """The sample's 导出日期 is 2026-12-06."""
    found = told(findings_of(submission(), today=date(2026, 12, today)))
    assert found == ([("data.exported_later", "考核数据!H3")] if is_later else [])


def test_a_group_that_the_roster_does_not_know_is_told_once():
    """Its people are not held against another group's."""
    found = findings_of(submission(group="旗见店"))
    assert told(found) == [("group.unknown", "考核数据!B2")]
    assert "旗舰店" in found[0].remedy


def test_a_workbook_in_another_groups_folder_is_told():
    """The folder is the manager's authority."""
    assert told(findings_of(submission(), folder="二店")) == [("group.wrong_folder", "考核数据!B2")]


@pytest.mark.parametrize("group", ["人事", "退回"])
def test_a_group_cannot_bear_the_name_of_a_folder_of_ours(group):
    """Its papers would lie among HR's."""
    assert told(findings_of(submission(group=group), None)) == [("group.reserved", "考核数据!B2")]


@pytest.mark.parametrize(
    ("today", "codes"),
    [
        (date(2026, 10, 31), ["period.future"]),
        (date(2026, 11, 1), ["period.unfinished"]),
        (date(2026, 11, 30), ["period.unfinished"]),
        (date(2026, 12, 1), []),
        (date(2027, 5, 1), []),
    ],
)
def test_a_month_must_have_begun_and_should_be_over(today, codes):
    """One that has not begun is an error, one that goes on a warning."""
    found = findings_of(submission(labels={"导出日期": today}), today=today)
    assert [one.code for one in found if one.code.startswith("period.")] == codes
    assert has_errors(found) is (codes == ["period.future"])


def test_a_form_of_another_scheme_than_the_groups_is_told_by_the_schemes_names():
    """The manager took the wrong blank."""
    roster = Roster(tuple(replace(one, scheme="phone-service") for one in ROSTER.members))
    (found,) = findings_of(submission(), roster)
    assert (found.code, found.place) == ("scheme.mismatch", "")
    assert "电话客服组月度绩效考核" in found.message


# -------------------------------------------------------------------------------------------- people


def test_someone_whom_the_roster_does_not_know_is_told():
    """Newcomers are put on the roster first."""
    assert told(findings_of(submission(), roster_with(without=5))) == [("staff.unknown", "考核数据!A13")]


def test_someone_whom_the_workbook_does_not_list_is_told():
    """Whoever does not take part is listed too."""
    found = findings_of(submission(), roster_with(member(13)))
    assert told(found) == [("staff.missing", "考核数据")]
    assert staff_name(13) in found[0].message


@pytest.mark.parametrize(
    "late",
    [member(13, joined=date(2026, 12, 1)), member(13, left=date(2026, 10, 31)), member(13, group="二店")],
)
def test_someone_who_was_not_there_that_month_is_not_missed(late):
    """Left before, came after, or is of another group."""
    assert findings_of(submission(), roster_with(late)) == ()


def test_another_name_than_the_rosters_is_told_at_the_name():
    """A row slipped."""
    roster = roster_with(replace(member(5), name="陈佳其"), without=5)
    assert told(findings_of(submission(), roster)) == [("staff.name_mismatch", "考核数据!B13")]


def test_a_name_with_spaces_in_the_roster_is_the_same_name():
    """陈 佳琪 is 陈佳琪."""
    roster = roster_with(replace(member(5), name="陈 佳琪"), without=5)
    assert findings_of(submission(), roster) == ()


@pytest.mark.parametrize(
    ("record", "code", "part"),
    [
        (member(5, left=date(2026, 10, 31)), "staff.left", "2026-10-31"),
        (member(5, left_group=date(2026, 9, 30)), "staff.left", "2026-09-30"),
        (member(5, joined=date(2026, 12, 1)), "staff.not_yet", "2026-12-01"),
        (member(5, group="二店"), "staff.two_groups", "二店"),
        (member(5, group="二店", left=date(2026, 10, 31)), "staff.left", "2026-10-31"),
    ],
)
def test_someone_who_is_not_of_the_group_that_month_is_told_why(record, code, part):
    """With the date or the group that the roster says."""
    (found,) = findings_of(submission(), roster_with(record, without=5))
    assert (found.code, found.place) == (code, "考核数据!A13")
    assert part in found.message


MOVED_ON_16 = roster_with(
    member(5, left_group=date(2026, 11, 15)),
    member(5, group="二店", joined_group=date(2026, 11, 16)),
    without=5,
)


@pytest.mark.parametrize(
    ("moved", "code"),
    [
        (MovedStaff.LAST_DAY, ["staff.appraised_elsewhere"]),
        (MovedStaff.FIRST_DAY, []),
        (MovedStaff.MOST_DAYS, ["staff.appraised_elsewhere"]),
    ],
)
def test_who_changed_groups_is_appraised_in_one_of_them(moved, code):
    """In the other 参评 is wrong: else one month would be ranked, and paid, twice. 15 days each: the later one."""
    found = findings_of(submission(), MOVED_ON_16, moved=moved)
    assert [one.code for one in found] == code
    for one in found:
        assert one.is_error
        assert one.place == "考核数据!C13"
        assert "2026-11-16 从“旗舰店”调到“二店”" in one.message
        assert "当月调动" in one.remedy


def test_who_changed_groups_is_listed_by_the_other_one_as_moved():
    assert findings_of(submission(statuses={"KF005": "当月调动"}), MOVED_ON_16) == ()


@pytest.mark.parametrize(
    ("record", "fits", "when"),
    [
        (member(5, left=date(2026, 11, 9)), "已离职", "2026-11-09 离职"),
        (member(5, joined=date(2026, 11, 25)), "入职不满一个月", "2026-11-25 入职"),
        (member(5, left_group=date(2026, 11, 9)), "当月调动", "2026-11-09 离开本组"),
    ],
)
def test_who_was_there_for_a_part_of_the_month_is_asked_about(record, fits, when):
    """A company may appraise them all the same: told, and scored as the manager says."""
    roster = roster_with(record, without=5)
    (found,) = findings_of(submission(), roster)
    assert (found.code, found.place, found.is_error) == ("staff.part_of_month", "考核数据!C13", False)
    assert when in found.message
    assert fits in found.remedy
    assert findings_of(submission(statuses={"KF005": fits}), roster) == ()


@pytest.mark.parametrize(
    "record",
    [
        member(5, left=date(2026, 11, 30)),
        member(5, joined=date(2026, 11, 1)),
        member(5, joined_group=date(2026, 11, 25)),
    ],
)
def test_a_whole_month_or_a_group_come_to_is_not_asked_about(record):
    """Who came from where nobody is appraised is appraised in the group of the last day."""
    assert findings_of(submission(), roster_with(record, without=5)) == ()


def test_findings_come_in_the_order_of_the_workbook():
    """What has no cell first."""
    roster = roster_with(member(13), member(3, left=date(2020, 12, 31)), without=3)
    found = findings_of(submission(), roster, folder="二店", today=date(2026, 11, 30))
    assert [one.code for one in found] == [
        "staff.missing",
        "group.wrong_folder",
        "period.unfinished",
        "data.exported_later",
        "staff.left",
    ]
    assert [one.severity for one in found].count(Severity.WARNING) == 1


def test_a_draft_with_blank_cells_is_looked_through_as_far_as_it_goes():
    """A manager whose workbook comes back anyway learns about the roster at once."""
    blank = {(DATA, "KF005", "工号"): None, (DATA, "KF006", "姓名"): None}
    one = submission(cells=blank | {(DATA, "KF007", "工号"): "KF099"})
    assert told(findings_of(one)) == [
        ("staff.missing", "考核数据"),
        ("staff.missing", "考核数据"),
        ("staff.unknown", "考核数据!A15"),
    ]


def test_a_submission_of_no_known_scheme_is_our_mistake():
    """The reading lets none through."""
    with pytest.raises(ValueError, match="no version"):
        findings_of(replace(submission(), scheme="beauty-shop"))
