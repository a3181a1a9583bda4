"""人事办理单: what HR asks for, row by row, and what a row must say."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from appraisal.intake.hr_acts import ActsReading, read_acts
from appraisal.intake.roster import Roster, StaffMember
from appraisal.period import Period
from appraisal.publish.forms.for_hr import acts_workbook
from appraisal.scheme.forms.hr_acts import (
    ACTS,
    ACTS_SHEET,
    ActKind,
    AppealDecision,
    OutcomeDecision,
    hr_acts_form,
)
from appraisal.scheme.model.outcome_rules import OutcomeType
from appraisal.xlsx.grid import RawCell, RawSheet, RawWorkbook
from tests.builders.other_forms import DECIDE, ISSUE, acts_place, filled_acts, raw_of
from tests.builders.raw_edits import told
from tests.builders.workbooks import header_cells, opened, saved

FORM = hr_acts_form().main


def read(data: bytes, roster: Roster | None = None) -> ActsReading:
    return read_acts(raw_of(data), roster=roster)


# ------------------------------------------------------------------------------------ what it asks for


def test_a_filled_row_is_one_act():
    """Who, when, why, on which month, under which number."""
    reading = read(filled_acts(ISSUE))
    assert reading.findings == ()
    (asked,) = reading.acts
    act = asked.act
    assert (act.kind, act.group, act.period) == (ActKind.ISSUE, "旗舰店", Period(2026, 11))
    assert (act.on, act.by, act.reason) == (date(2026, 12, 3), "刘芳", "通报已经审定")
    assert (act.document_number, act.staff, act.outcome, act.decision) == (
        "人事〔2026〕12号",
        None,
        None,
        None,
    )
    assert f"{asked.sheet}!{asked.cell}" == acts_place("事项")


def test_a_decision_names_person_outcome_and_answer():
    """What the ledger needs to end a held outcome."""
    (act,) = (one.act for one in read(filled_acts(DECIDE)).acts)
    assert (act.kind, act.staff) == (ActKind.DECIDE, "KF009")
    assert (act.outcome, act.decision) == (OutcomeType.DEDUCT, OutcomeDecision.WAIVE)


def test_a_number_says_which_one_is_meant_where_several_wait():
    """The one on HR's list; left empty it is the only one."""
    acts = read(filled_acts({**DECIDE, "编号": 2}, DECIDE)).acts
    assert [one.act.item for one in acts] == [2, None]


def test_a_sheet_of_an_earlier_version_without_that_column_serves():
    book = opened(filled_acts(DECIDE))
    sheet = book[ACTS_SHEET]
    column = header_cells(sheet, FORM)["编号"]
    for row in range(column.row, sheet.max_row + 1):
        sheet.cell(row, column.column).value = None
    (act,) = (one.act for one in read(saved(book)).acts)
    assert (act.staff, act.item) == ("KF009", None)


def test_every_act_can_be_asked_for_in_the_order_of_the_rows():
    """The drop-down's words are the acts, and rows are carried out from top to bottom."""
    person = {"工号": "KF009", "裁定事项": "提成调整"}
    rows = [
        {
            **ISSUE,
            "事项": act.name,
            **{name: person.get(name, (*act.decisions, None)[0]) for name in act.needs},
        }
        for act in ACTS
    ]
    reading = read(filled_acts(*rows))
    assert reading.findings == ()
    assert [one.act.kind for one in reading.acts] == [act.kind for act in ACTS]
    assert reading.acts[-1].act.answer is AppealDecision.MAINTAIN


@pytest.mark.parametrize(
    ("act", "said"), [(DECIDE, "维持"), ({**DECIDE, "事项": "申诉决定", "裁定事项": None}, "执行")]
)
def test_each_act_has_decisions_of_its_own(act, said):
    """An outcome is applied or not, an appeal's result maintained or corrected."""
    reading = read(filled_acts({**act, "裁定结果": said}))
    assert told(reading.findings) == [("act.other_decision", acts_place("裁定结果"))]


@pytest.mark.parametrize("written", ["全部", " 全 部 ", "全部考核组"])
@pytest.mark.parametrize("act", ["下发", "关账", "重新开放"])
def test_issuing_closing_and_reopening_may_be_about_every_group(act, written):
    """It must be said: a forgotten group never closes all of them."""
    (asked,) = (one.act for one in read(filled_acts({**ISSUE, "事项": act, "考核组": written})).acts)
    assert asked.group is None


def test_examples_and_empty_rows_ask_for_nothing():
    """The blank as it comes holds two examples and carries out neither."""
    reading = read(acts_workbook())
    assert reading.acts == ()
    assert [one.code for one in reading.findings] == ["act.none"]


def test_days_and_months_may_be_typed_as_people_type_them():
    """Text dates, Excel dates, months that Excel turned into a day."""
    row = {**ISSUE, "日期": "2026年12月3日", "考核月份": datetime(2026, 11, 1)}  # noqa: DTZ001
    (act,) = (one.act for one in read(filled_acts(row)).acts)
    assert (act.on, act.period) == (date(2026, 12, 3), Period(2026, 11))


def test_an_id_that_lost_its_zeros_is_the_rosters():
    """Excel makes 7 of 007."""
    member = StaffMember("007", "张三", "旗舰店", "online-shop", date(2020, 1, 1))
    (act,) = (one.act for one in read(filled_acts({**DECIDE, "工号": 7}), Roster((member,))).acts)
    assert act.staff == "007"


def test_columns_may_stand_in_another_order():
    """A sheet typed anew is read by its headers."""
    names = list(DECIDE)[::-1]
    cells = {(3, at): RawCell(name) for at, name in enumerate(names, 1)}
    for at, name in enumerate(names, 1):
        if DECIDE[name] is not None:
            cells[4, at] = RawCell(DECIDE[name])
    reading = read_acts(RawWorkbook((RawSheet("Sheet1", cells),)), roster=None)
    assert reading.findings == ()
    assert [one.act.staff for one in reading.acts] == ["KF009"]


# ------------------------------------------------------------------------------------ what stands in the way


@pytest.mark.parametrize("column", ["考核组", "考核月份", "事项", "日期", "经办人"])
def test_what_every_act_must_say(column):
    """Each missing piece is told in its own cell."""
    reading = read(filled_acts({**ISSUE, column: None}))
    assert told(reading.findings) == [("cell.missing", acts_place(column))]


@pytest.mark.parametrize("column", ["工号", "裁定事项", "裁定结果"])
def test_what_a_decision_must_say_besides(column):
    """A decision about nobody, or about nothing, is none."""
    reading = read(filled_acts({**DECIDE, column: None}))
    assert told(reading.findings) == [("cell.missing", acts_place(column))]
    assert "没有就留空" not in reading.findings[0].remedy


@pytest.mark.parametrize(("column", "value"), [("工号", "KF009"), ("裁定结果", "执行"), ("编号", 3)])
def test_a_person_named_for_an_act_on_the_whole_group_is_told(column, value):
    """Who writes an id or a number beside 撤回 expects something else than what would happen."""
    reading = read(filled_acts({**ISSUE, "事项": "撤回", column: value}))
    assert told(reading.findings) == [("act.only_to_decide", acts_place(column))]


@pytest.mark.parametrize(
    ("row", "needs"),
    [
        (ISSUE, False),
        ({**ISSUE, "事项": "关账"}, False),
        ({**ISSUE, "事项": "同意更正"}, False),
        ({**ISSUE, "事项": "撤回"}, True),
        ({**ISSUE, "事项": "重新开放"}, True),
        ({**ISSUE, "事项": "改下发日期"}, True),
        ({**ISSUE, "事项": "下发", "仍要办理": "是"}, True),
        (DECIDE, False),
    ],
)
def test_a_reason_is_asked_where_something_is_undone_or_forced(row, needs):
    reading = read(filled_acts({**row, "原因": None}))
    assert told(reading.findings) == ([("cell.missing", acts_place("原因"))] if needs else [])


def test_what_is_taken_back_is_for_one_group_by_name():
    """Nobody withdraws every group's month by one word."""
    reading = read(filled_acts({**ISSUE, "事项": "撤回", "考核组": "全部"}))
    assert told(reading.findings) == [("act.one_group", acts_place("考核组"))]


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("事项", "发布", "cell.not_a_choice"),
        ("考核月份", "十一月", "period.missing"),
        ("日期", "上周五", "cell.not_a_date"),
    ],
)
def test_what_cannot_be_understood_is_told_once(column, value, code):
    """A wrong cell is wrong, and not missing as well; the choices are listed."""
    reading = read(filled_acts({**ISSUE, column: value}))
    assert told(reading.findings) == [(code, acts_place(column))]
    if column == "事项":
        assert "同意更正" in reading.findings[0].remedy


def test_all_mistakes_of_all_rows_are_told_at_once():
    """Rows that are complete are handed on all the same, to be looked at further."""
    reading = read(filled_acts(ISSUE, {**ISSUE, "日期": None}, {**DECIDE, "工号": None, "经办人": None}))
    assert [one.act.kind for one in reading.acts] == [ActKind.ISSUE]
    assert told(reading.findings) == [
        ("cell.missing", acts_place("日期", 1)),
        ("cell.missing", acts_place("工号", 2)),
        ("cell.missing", acts_place("经办人", 2)),
    ]


@pytest.mark.parametrize("column", ["工号", "裁定事项"])
def test_a_column_that_is_gone_is_missed(column):
    """Without it nobody can tell what a decision is about."""
    book = opened(filled_acts(DECIDE))
    cells = book[ACTS_SHEET]
    cells.delete_cols(header_cells(cells, FORM)[column].column)
    reading = read(saved(book))
    assert [one.code for one in reading.findings] == ["header.missing"]
    assert column in reading.findings[0].message


def test_a_sheet_without_its_table_is_told():
    """Nothing is guessed from a sheet whose headers are gone."""
    raw = RawWorkbook((RawSheet(ACTS_SHEET, {(1, 1): RawCell("请帮我关账")}),))
    assert [one.code for one in read_acts(raw, roster=None).findings] == ["header.none"]
