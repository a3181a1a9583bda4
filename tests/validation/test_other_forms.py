"""Self-assessments, plans and HR's sheet against the roster, the folder, the calendar and the scheme."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from appraisal.intake.hr_acts import read_acts
from appraisal.intake.plans_and_appeals import read_plan
from appraisal.intake.roster import Roster, StaffMember
from appraisal.intake.self_assessment import read_self
from appraisal.publish.forms.self_assessment import self_workbook
from appraisal.scheme.forms.self_assessment import SELF_SHEET, self_form
from appraisal.validation.other_forms import PlanOnRecord, Surroundings, check_acts, check_plan, check_self
from tests.builders.months import COMPANY
from tests.builders.other_forms import (
    DECIDE,
    ISSUE,
    acts_place,
    filled_acts,
    filled_plan,
    filled_self,
    raw_of,
)
from tests.builders.raw_edits import told
from tests.builders.samples import shipped, shipped_rules
from tests.builders.submissions import NOVEMBER, rulebook
from tests.builders.workbooks import label_cell, opened, saved

DECEMBER_7 = date(2026, 12, 7)


def member(identity: str = "KF001", **fields: Any) -> StaffMember:
    usual = {"name": "张三", "group": "旗舰店", "scheme": "online-shop", "joined": date(2020, 1, 1)}
    return StaffMember(identity, **(usual | fields))


ROSTER = Roster((member(), member("KF050", name="林静", group="二店")))


def of_self(
    data: bytes, roster: Roster | None = ROSTER, *, folder: str | None = None, today: date = DECEMBER_7
):
    reading = read_self(raw_of(data), rulebook=rulebook(), roster=roster)
    return check_self(reading, Surroundings(roster, folder, today), rulebook=rulebook())


def of_acts(*rows: Any, roster: Roster | None = ROSTER, today: date = DECEMBER_7):
    return check_acts(read_acts(raw_of(filled_acts(*rows)), roster=roster), roster=roster, today=today)


# ------------------------------------------------------------------------------------------ self-assessments


@pytest.mark.parametrize("roster", [None, ROSTER])
@pytest.mark.parametrize("folder", [None, "旗舰店"])
def test_a_form_in_its_place_has_no_findings(roster, folder):
    """With or without a roster, in the inbox or in the group's own folder."""
    assert of_self(filled_self(), roster, folder=folder) == ()


@pytest.mark.parametrize(
    ("mark", "code"),
    [(7, "cell.too_many_points"), (-1, "cell.out_of_range"), (5.55, "cell.too_many_decimals")],
)
def test_nobody_gives_themselves_more_than_there_is(mark, code):
    """The person hears of it, not the manager whose workbook the mark would go into."""
    assert told(of_self(filled_self({"报表上交及时性": mark}))) == [(code, "自评表!B11")]


def test_marks_that_want_a_record_go_back_to_the_person():
    """The person hears of it at once, not the manager whose workbook the marks would go into."""
    rules = shipped_rules()
    form = self_form(shipped("competence-six"))
    book = opened(
        self_workbook(
            shipped("competence-six"),
            group="旗舰店",
            period=NOVEMBER,
            staff_id="KF001",
            name="张三",
            settings=COMPANY,
            due=date(2026, 12, 4),
        )
    )
    typed = {cell.name: 5 for cell in form.marks} | {"本人签名": "张三", "签名日期": date(2026, 12, 2)}
    for cell in form.sheet.labels:
        if cell.name in typed:
            label_cell(book[SELF_SHEET], cell.header).offset(column=1).value = typed[cell.name]
    reading = read_self(raw_of(saved(book)), rulebook=rules, roster=None)
    found = check_self(reading, Surroundings(None, None, DECEMBER_7), rulebook=rules)
    assert "mark.no_evidence" in [one.code for one in found]


def test_a_form_in_another_groups_folder_is_told():
    """The folder is its manager's authority."""
    assert told(of_self(filled_self(), folder="二店")) == [("group.wrong_folder", "自评表!B5")]


def test_a_group_that_nobody_knows_is_told():
    """Once, and not once more for its person."""
    found = of_self(filled_self(group="旗见店"))
    assert told(found) == [("group.unknown", "自评表!B5")]


@pytest.mark.parametrize(
    ("roster", "code"),
    [
        (Roster((member("KF002"),)), "staff.unknown"),
        (Roster((member(name="张珊"),)), "staff.name_mismatch"),
        (Roster((member(group="二店"), member("KF002"))), "staff.two_groups"),
        (Roster((member(left=date(2026, 10, 31)),)), "staff.left"),
    ],
)
def test_a_person_who_does_not_belong_there_is_told(roster, code):
    """As for the manager's workbook."""
    assert [one.code for one in of_self(filled_self(), roster)] == [code]


def test_a_group_with_another_scheme_is_told():
    """The form of another scheme would answer other questions."""
    found = of_self(filled_self(), Roster((member(scheme="phone-service"),)))
    assert [one.code for one in found] == ["scheme.mismatch"]


def test_a_month_that_has_not_come_is_told():
    """The year was mistyped when the forms were handed out."""
    found = of_self(filled_self(), today=date(2026, 10, 31))
    assert told(found) == [("period.future", "自评表!D5")]


# ------------------------------------------------------------------------------------------------- plans

OWED = PlanOnRecord(due=date(2026, 12, 10), is_issued=True)
PLANNER = Roster((member("KF011", name="马梦瑶"), member("KF050", name="林静", group="二店")))


def of_plan(
    record: PlanOnRecord = OWED,
    roster: Roster | None = PLANNER,
    *,
    data: bytes | None = None,
    folder: str | None = None,
    today: date = DECEMBER_7,
):
    reading = read_plan(raw_of(data or filled_plan()), rulebook=rulebook(), roster=roster)
    return check_plan(reading, record, Surroundings(roster, folder, today))


@pytest.mark.parametrize("roster", [None, PLANNER])
@pytest.mark.parametrize("folder", [None, "旗舰店"])
def test_a_plan_that_is_owed_has_no_findings(roster, folder):
    """On its last day as well, and before the notice is issued."""
    assert of_plan(roster=roster, folder=folder, today=date(2026, 12, 10)) == ()
    assert of_plan(PlanOnRecord(due=date(2026, 12, 10)), roster, today=date(2026, 12, 20)) == ()


def test_a_plan_that_comes_late_is_taken_and_told():
    """A warning with the days; who handed one in before in time is not late with a better one."""
    (found,) = of_plan(today=date(2026, 12, 14))
    assert (found.code, found.place, found.is_error) == ("plan.late", "整改方案!H5", False)
    assert "逾期4天" in found.message
    before = PlanOnRecord(due=date(2026, 12, 10), is_issued=True, submitted_on=date(2026, 12, 9))
    assert of_plan(before, today=date(2026, 12, 14)) == ()


def test_a_plan_that_nobody_asked_for_is_told():
    """Another month, another person, or one whom a correction has excused."""
    assert told(of_plan(PlanOnRecord())) == [("plan.not_asked", "整改方案!F3")]


def test_a_plan_of_a_withdrawn_month_is_not_needed():
    assert told(of_plan(PlanOnRecord(is_withdrawn=True))) == [("plan.withdrawn", "整改方案!F4")]


def test_a_plan_once_agreed_to_is_only_changed_with_the_managers_word():
    """An older copy does not undo the manager's opinion."""
    agreed = PlanOnRecord(date(2026, 12, 10), True, date(2026, 12, 8), date(2026, 12, 9))
    assert told(of_plan(agreed)) == [("plan.accepted_before", "整改方案!B16")]
    assert of_plan(agreed, data=filled_plan({"店长审核": "同意"}), today=date(2026, 12, 20)) == ()


@pytest.mark.parametrize(
    ("roster", "folder", "code"),
    [
        (PLANNER, "二店", "group.wrong_folder"),
        (Roster((member(group="二店"),)), None, "group.unknown"),
        (Roster((member("KF002"),)), None, "staff.unknown"),
        (Roster((member("KF011", name="马梦遥"),)), None, "staff.name_mismatch"),
    ],
)
def test_a_plan_that_does_not_belong_there_is_told_and_nothing_more(roster, folder, code):
    """Whether it is owed is no question then."""
    assert [one.code for one in of_plan(PlanOnRecord(), roster, folder=folder)] == [code]


# -------------------------------------------------------------------------------------------------- acts


def test_acts_in_order_have_no_findings():
    """Known groups, days between the month and today."""
    assert of_acts(ISSUE, {**DECIDE, "日期": DECEMBER_7}) == ()


def test_a_group_that_nobody_knows_comes_with_the_nearest():
    """HR types names; the nearest one is usually meant."""
    (found,) = of_acts({**ISSUE, "考核组": "旗舰殿"})
    assert (found.code, found.place) == ("act.group_unknown", acts_place("考核组"))
    assert found.remedy == "是不是“旗舰店”？现有考核组：旗舰店、二店。"


def test_without_a_roster_any_group_may_be_meant():
    """The ledger will know."""
    assert of_acts({**ISSUE, "考核组": "旗舰殿"}, roster=None) == ()


def test_every_group_is_no_unknown_group():
    """全部 is a word of the form."""
    assert of_acts({**ISSUE, "事项": "关账", "考核组": "全部"}) == ()


def test_a_day_more_than_a_week_away_is_told():
    """Deadlines follow from it. A notice may bear the day on which it will hang out."""
    assert of_acts({**ISSUE, "日期": date(2026, 12, 14)}) == ()
    found = of_acts({**ISSUE, "日期": date(2026, 12, 15)})
    assert told(found) == [("act.in_future", acts_place("日期"))]


def test_a_day_before_the_month_is_told():
    """Last year's number, typed in January."""
    found = of_acts({**ISSUE, "日期": date(2025, 12, 3)})
    assert told(found) == [("act.before_month", acts_place("日期"))]
