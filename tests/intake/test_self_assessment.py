"""A dropped 自评表: what is taken from it, and what it must say."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from appraisal.intake.roster import Roster, StaffMember
from appraisal.intake.self_assessment import SelfReading, read_self
from appraisal.scheme.forms.self_assessment import SELF_SHEET
from appraisal.scheme.rulebook import Rulebook
from appraisal.xlsx.grid import RawCell, RawSheet, RawWorkbook
from tests.builders.other_forms import filled_self, raw_of, self_blank, self_value
from tests.builders.raw_edits import told, without
from tests.builders.schemes import one_mark_scheme
from tests.builders.submissions import NOVEMBER, online_shop, rulebook
from tests.builders.workbooks import opened, saved


def read(data: bytes, *, rules: Rulebook | None = None, roster: Roster | None = None) -> SelfReading:
    return read_self(raw_of(data), rulebook=rules or rulebook(), roster=roster)


def place(name: str) -> str:
    cell = self_value(opened(self_blank()), name)
    return f"{SELF_SHEET}!{cell.coordinate}"


# ----------------------------------------------------------------------------------- what is taken from it


def test_a_filled_form_is_read_as_the_columns_of_the_managers_workbook():
    """Whose it is, of which month, and the values as the sheet 自评 would hold them."""
    reading = read(filled_self())
    assert reading.findings == ()
    assert (reading.group, reading.period, reading.staff, reading.name) == (
        "旗舰店",
        NOVEMBER,
        "KF001",
        "张三",
    )
    assert reading.scheme == "online-shop"
    assert reading.values == {
        "工作任务完成情况": "完成本月目标，跟进大促售后",
        "报表上交及时性": Decimal(6),
        "报表数据真实性": Decimal("7.5"),
        "报表整体质量": Decimal(5),
        "自评说明": None,
    }


def test_zero_is_a_mark():
    """Who gives themselves nothing has assessed themselves."""
    reading = read(filled_self({"报表整体质量": 0}))
    assert reading.findings == ()
    assert reading.values["报表整体质量"] == 0


@pytest.mark.parametrize(("written", "mark"), [("６", "6"), ("5.5分", "5.5"), (" 4 ", "4")])
def test_marks_may_be_typed_as_people_type_them(written, mark):
    """Full-width digits, a unit, spaces: the meaning is certain."""
    reading = read(filled_self({"报表上交及时性": written}))
    assert reading.findings == ()
    assert reading.values["报表上交及时性"] == Decimal(mark)


def test_a_form_without_its_hidden_sheet_is_read_by_what_stands_on_it():
    """Copied into a new workbook it still says whose it is."""
    raw = without(raw_of(filled_self()), "_meta")
    renamed = RawWorkbook(tuple(RawSheet("Sheet1", one.cells, merged=one.merged) for one in raw.sheets))
    reading = read_self(renamed, rulebook=rulebook(), roster=None)
    assert reading.findings == ()
    assert (reading.group, reading.staff, reading.scheme) == ("旗舰店", "KF001", "online-shop")


def test_the_roster_tells_the_scheme_where_the_form_does_not():
    """Two schemes with self-assessments: the group's is meant."""
    other = online_shop().model_copy(update={"scheme": "phone-service"})
    raw = without(raw_of(filled_self()), "_meta")
    member = StaffMember("KF001", "张三", "旗舰店", "phone-service", date(2020, 1, 1))
    rules = rulebook(online_shop(), other)
    assert read_self(raw, rulebook=rules, roster=Roster((member,))).scheme == "phone-service"
    unknown = read_self(raw, rulebook=rules, roster=None)
    assert [one.code for one in unknown.findings] == ["workbook.unrecognised"]


# ------------------------------------------------------------------------------------ what stands in the way


@pytest.mark.parametrize("name", ["报表上交及时性", "报表数据真实性", "报表整体质量", "本人签名", "签名日期"])
def test_every_mark_and_the_signature_are_wanted(name):
    """Each blank is told in its own cell, with what belongs there; the anchors are no mark."""
    reading = read(filled_self({name: None}))
    assert told(reading.findings) == [("cell.missing", place(name))]
    assert name != "报表上交及时性" or "0 到 6 分" in reading.findings[0].remedy


@pytest.mark.parametrize("name", ["工作任务完成情况", "自评说明"])
def test_words_may_be_left_out(name):
    """As in the manager's workbook."""
    assert read(filled_self({name: None})).findings == ()


def test_a_blank_form_is_told_all_at_once():
    """Three marks, a name, a day."""
    assert [one.code for one in read(self_blank()).findings] == ["cell.missing"] * 5


def test_a_mark_that_is_no_number_is_told():
    """优 is no mark."""
    assert told(read(filled_self({"报表整体质量": "优"})).findings) == [
        ("cell.not_a_number", place("报表整体质量"))
    ]


@pytest.mark.parametrize(
    ("name", "value"), [("姓名", "李四"), ("工号", "KF002"), ("考核组", "二店"), ("考核月份", "2026-10")]
)
def test_whose_form_it_is_cannot_be_changed(name, value):
    """A form typed over for somebody else, or for another month, goes back; it stays whose it was."""
    book = opened(filled_self())
    self_value(book, name).value = value
    reading = read(saved(book))
    assert told(reading.findings) == [("cell.changed", place(name))]
    assert value in reading.findings[0].message
    assert (reading.group, reading.period, reading.staff) == ("旗舰店", NOVEMBER, "KF001")


def test_nobody_signs_for_another():
    """The manager's name below somebody's marks is told."""
    reading = read(filled_self({"本人签名": "黄店长"}))
    assert told(reading.findings) == [("self.signed_by_other", place("本人签名"))]
    assert read(filled_self({"本人签名": "张 三"})).findings == ()


def test_a_month_before_the_scheme_is_told():
    """Nothing is appraised before its rules are in force."""
    late = online_shop().model_copy(update={"effective_from": date(2027, 1, 1)})
    reading = read(filled_self(), rules=rulebook(late))
    assert told(reading.findings) == [("scheme.not_in_force", place("考核月份"))]


def test_a_scheme_that_nobody_knows_is_told():
    """The form of another company."""
    reading = read(filled_self(), rules=rulebook(one_mark_scheme()))
    assert [one.code for one in reading.findings] == ["scheme.unknown"]


def test_labels_that_are_gone_are_missed():
    """A form of which half was deleted asks for what is not there."""
    raw = raw_of(filled_self())
    (sheet,) = (one for one in raw.sheets if one.name == SELF_SHEET)
    top = {at: cell for at, cell in sheet.cells.items() if at[0] < 12}
    half = RawWorkbook((RawSheet(SELF_SHEET, top), *(one for one in raw.sheets if one is not sheet)))
    reading = read_self(half, rulebook=rulebook(), roster=None)
    assert {one.code for one in reading.findings} == {"cell.missing"}
    assert len(reading.findings) == 4


def test_a_workbook_with_nothing_on_it_is_told():
    """No values are made up."""
    raw = RawWorkbook((RawSheet(SELF_SHEET, {(1, 1): RawCell("自评")}),))
    reading = read_self(raw, rulebook=rulebook(), roster=None)
    assert reading.group is None
    assert {one.code for one in reading.findings} == {"cell.missing"}
