"""A dropped 整改方案: how it is recognised, what is taken from it, and what it must say."""

from __future__ import annotations

from datetime import date

import pytest

from appraisal.intake.form import kind_of
from appraisal.intake.plans_and_appeals import PlanReading, read_plan
from appraisal.publish.forms.personal import plan_workbook
from appraisal.scheme.forms import personal
from appraisal.scheme.forms.submission import META
from appraisal.xlsx.grid import RawCell, RawSheet, RawWorkbook, cell_name
from tests.builders.months import month
from tests.builders.other_forms import (
    GOALS,
    filled_acts,
    filled_plan,
    filled_self,
    plan_blank,
    plan_place,
    plan_table,
    plan_value,
    raw_of,
)
from tests.builders.raw_edits import changed, moved, told, without
from tests.builders.schemes import month_of_finals, one_mark_scheme
from tests.builders.submissions import NOVEMBER, rulebook
from tests.builders.workbooks import filled_workbook, opened, saved
from tests.libreoffice import recalculated_all


def of(raw: RawWorkbook) -> PlanReading:
    return read_plan(raw, rulebook=rulebook(), roster=None)


def read(data: bytes) -> PlanReading:
    return of(raw_of(data))


def place(label: str) -> str:
    return f"{personal.PLAN_SHEET}!{plan_value(opened(plan_blank()), label).coordinate}"


def renamed(raw: RawWorkbook) -> RawWorkbook:
    """Copied into a new workbook: no hidden sheet, another name."""
    sheets = without(raw, META).sheets
    return RawWorkbook(tuple(RawSheet("Sheet1", one.cells, merged=one.merged) for one in sheets))


# ---------------------------------------------------------------------------------- recognised by content


def test_a_plan_is_recognised_by_its_hidden_sheet_or_by_its_headers():
    """Whatever the file is called, and if somebody copied it into a workbook of their own."""
    assert kind_of(raw_of(plan_blank())) == personal.PLAN
    assert kind_of(renamed(raw_of(filled_plan()))) == personal.PLAN


@pytest.mark.parametrize("data", [filled_self, filled_acts, filled_workbook])
def test_other_papers_are_no_plans(data):
    """Also where they have lost their hidden sheet."""
    assert kind_of(raw_of(data())) != personal.PLAN
    assert kind_of(without(raw_of(data()), META)) != personal.PLAN


# ----------------------------------------------------------------------------------- what is taken from it


def test_a_filled_plan_says_whose_it_is_and_what_is_promised():
    """Nobody has judged it yet."""
    reading = read(filled_plan())
    assert reading.findings == ()
    assert (reading.group, reading.period, reading.staff, reading.name) == (
        "旗舰店",
        NOVEMBER,
        "KF011",
        "马梦瑶",
    )
    assert reading.goals == GOALS
    assert not reading.is_agreed


def test_without_its_hidden_sheet_it_is_read_by_what_stands_on_it():
    """Moved down and aside as well."""
    reading = of(moved(renamed(raw_of(filled_plan())), "Sheet1", down=3, right=2))
    assert reading.findings == ()
    assert (reading.group, reading.staff, reading.goals) == ("旗舰店", "KF011", GOALS)


def test_a_goal_typed_as_a_percent_is_taken_as_it_looks():
    """Excel stores 0.48 where 48% is shown."""
    at = plan_place("咨询转化率", personal.NEXT_GOAL).split("!")[1]
    raw = changed(raw_of(filled_plan()), personal.PLAN_SHEET, {at: RawCell(0.48, "0%")})
    assert of(raw).goals["咨询转化率"] == "48%"
    assert of(raw).findings == ()


@pytest.mark.parametrize("goal", ["≥48%", "48.5%以上", "４８％"])
def test_goals_may_be_written_as_people_write_them(goal):
    """The meaning is certain."""
    assert read(filled_plan(rows={"咨询转化率": {personal.NEXT_GOAL: goal}})).findings == ()


def test_the_manager_agrees():
    """店长审核 decides; the opinion may be left out."""
    reading = read(filled_plan({personal.REVIEWED: "同意", personal.MENTOR: "张三"}))
    assert reading.findings == ()
    assert reading.is_agreed


def test_next_months_review_may_be_filled_in():
    """The manager keeps it on the same sheet."""
    review = {personal.NEXT_ACTUAL: "51%", personal.CHECKED: "达到"}
    assert read(filled_plan(rows={"咨询转化率": review})).findings == ()


def test_further_indicators_may_be_added():
    """A row of one's own below the system's is read with the others; one that the scheme knows is promised."""
    scheme = one_mark_scheme()
    last = month(month_of_finals("90", "80", "70", "60", scheme=scheme), scheme=scheme)
    book = opened(plan_workbook(last, "KF004"))
    columns, rows = plan_table(book)
    (first,) = rows.values()
    for row in (first, first + 1):
        own = {personal.CAUSE: "主观：漏看", personal.ACTION: "每天两次核对", personal.NEXT_GOAL: "8"}
        for name, value in {**own, personal.DONE_BY: date(2026, 12, 31)}.items():
            book[personal.PLAN_SHEET].cell(row, columns[name]).value = value
    for label, value in ((personal.SIGNED_BY, "陈子昂"), (personal.SIGNED_ON, date(2026, 12, 8))):
        plan_value(book, label).value = value
    at = cell_name(first + 1, columns[personal.INDICATOR])
    codes = {(one.code, one.cell) for one in read(saved(book)).findings}
    assert ("cell.missing", at) in codes
    book[personal.PLAN_SHEET][at].value = "服务态度"
    reading = read(saved(book))
    assert ("cell.missing", at) not in {(one.code, one.cell) for one in reading.findings}
    assert reading.goals["服务态度"] == "8"


# ------------------------------------------------------------------------------------ what stands in the way


@pytest.mark.parametrize("column", [personal.CAUSE, personal.ACTION, personal.NEXT_GOAL, personal.DONE_BY])
def test_an_empty_cell_is_named(column):
    """Cause, measure, goal and time are wanted for every indicator."""
    reading = read(filled_plan(rows={"平均响应时间": {column: None}}))
    assert told(reading.findings) == [("cell.missing", plan_place("平均响应时间", column))]
    assert column in reading.findings[0].message


def test_blanks_are_as_good_as_nothing():
    """A space typed into the cell is no cause."""
    reading = read(filled_plan(rows={"咨询转化率": {personal.CAUSE: "   "}}))
    assert told(reading.findings) == [("cell.missing", plan_place("咨询转化率", personal.CAUSE))]


def test_support_and_the_managers_part_may_stay_empty():
    """The rest is all told at once: four cells for each of four indicators, and the signature."""
    assert [one.code for one in read(plan_blank()).findings] == ["cell.missing"] * 18


@pytest.mark.parametrize("label", [personal.SIGNED_BY, personal.SIGNED_ON])
def test_a_plan_is_signed_with_a_day(label):
    assert told(read(filled_plan({label: None})).findings) == [("cell.missing", place(label))]


def test_nobody_signs_for_another():
    """Spaces in the own name do not matter."""
    reading = read(filled_plan({personal.SIGNED_BY: "黄店长"}))
    assert told(reading.findings) == [("plan.signed_by_other", place(personal.SIGNED_BY))]
    assert read(filled_plan({personal.SIGNED_BY: "马 梦瑶"})).findings == ()


@pytest.mark.parametrize("column", [personal.GOAL, personal.ACTUAL, personal.GAP, personal.LOST])
@pytest.mark.parametrize("value", ["30%", None])
def test_figures_that_the_system_filled_in_cannot_be_changed(column, value):
    """A kinder figure than the notice has, or none: the cell is named, and what it said before."""
    reading = read(filled_plan(rows={"咨询转化率": {column: value}}))
    assert told(reading.findings) == [("cell.changed", plan_place("咨询转化率", column))]


@pytest.mark.parametrize(
    ("label", "value"),
    [("姓名", "李四"), ("工号", "KF002"), ("考核组", "二店"), ("考核月份", "2026-10"), ("提交截止", "年底")],
)
def test_whose_plan_it_is_cannot_be_changed(label, value):
    """It stays whose it was."""
    reading = read(filled_plan({label: value}))
    assert told(reading.findings) == [("cell.changed", place(label))]
    assert (reading.group, reading.period, reading.staff) == ("旗舰店", NOVEMBER, "KF011")


def test_a_row_taken_out_is_missed_by_name():
    """The other indicators do not move into its place."""
    book = opened(filled_plan())
    _, rows = plan_table(book)
    for cell in book[personal.PLAN_SHEET][rows["平均响应时间"]]:
        if type(cell).__name__ != "MergedCell":
            cell.value = None
    reading = read(saved(book))
    assert told(reading.findings) == [("plan.row_gone", personal.PLAN_SHEET)]
    assert "平均响应时间" in reading.findings[0].message


def test_an_indicator_typed_over_is_told_in_its_cell():
    reading = read(filled_plan(rows={"退款比例": {personal.INDICATOR: "服务态度"}}))
    assert told(reading.findings) == [("cell.changed", plan_place("退款比例", personal.INDICATOR))]


@pytest.mark.parametrize(
    ("indicator", "goal", "example"),
    [("咨询转化率", "努力提高", "55%"), ("咨询转化率", "48", "55%"), ("平均响应时间", "快一点", "30秒")],
)
def test_a_goal_that_nobody_can_check_is_told(indicator, goal, example):
    """A word, or a percent without its sign; with an example of the right kind."""
    (found,) = read(filled_plan(rows={indicator: {personal.NEXT_GOAL: goal}})).findings
    assert (found.code, found.place) == ("plan.goal_unclear", plan_place(indicator, personal.NEXT_GOAL))
    assert goal in found.message
    assert example in found.remedy


def test_a_day_that_has_passed_is_told():
    """Last year's number, typed in December."""
    reading = read(filled_plan(rows={"咨询转化率": {personal.DONE_BY: date(2025, 12, 31)}}))
    assert told(reading.findings) == [("plan.done_too_early", plan_place("咨询转化率", personal.DONE_BY))]


def test_a_day_that_is_none_is_told():
    reading = read(filled_plan(rows={"咨询转化率": {personal.DONE_BY: "尽快"}}))
    assert told(reading.findings) == [("cell.not_a_date", plan_place("咨询转化率", personal.DONE_BY))]


@pytest.mark.parametrize(("opinion", "said"), [("原因写具体些。", "原因写具体些。"), (None, "请问店长。")])
def test_a_plan_that_the_manager_wants_more_of_goes_back(opinion, said):
    """With the manager's words, and what to do with the cell afterwards."""
    reading = read(filled_plan({personal.REVIEWED: "退回补充", personal.REVIEW_OPINION: opinion}))
    assert told(reading.findings) == [("plan.more_wanted", place(personal.REVIEWED))]
    assert reading.findings[0].message.endswith(said)
    assert "清空" in reading.findings[0].remedy


def test_a_sheet_without_its_table_is_told():
    """Whose it is stands there all the same."""
    raw = raw_of(filled_plan())
    (sheet,) = (one for one in raw.sheets if one.name == personal.PLAN_SHEET)
    top = RawSheet(
        sheet.name, {at: cell for at, cell in sheet.cells.items() if at[0] < 7}, merged=sheet.merged
    )
    reading = of(RawWorkbook((top, *(one for one in raw.sheets if one is not sheet))))
    assert "header.none" in {one.code for one in reading.findings}
    assert reading.staff == "KF011"
    assert reading.goals == {}


@pytest.mark.libreoffice
def test_a_plan_saved_by_a_real_office_is_read_the_same():
    """LibreOffice writes the file anew, hidden sheet and merged cells included."""
    good, faulty = recalculated_all(
        [filled_plan({personal.REVIEWED: "同意"}), filled_plan(rows={"咨询转化率": {personal.ACTION: None}})]
    )
    reading = read(good)
    assert kind_of(raw_of(good)) == personal.PLAN
    assert reading.findings == ()
    assert reading.is_agreed
    assert (reading.staff, reading.goals) == ("KF011", GOALS)
    assert told(read(faulty).findings) == [("cell.missing", plan_place("咨询转化率", personal.ACTION))]
