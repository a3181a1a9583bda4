"""What must be filled, by whom, and what the sheets must agree on."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from appraisal.intake.submission import Reading
from appraisal.intake.submission_reader import read_submission
from appraisal.scheme.forms.submission import PARTICIPATION_CHOICES, REVIEW_ABSENT
from tests.builders.raw_edits import changed, told
from tests.builders.submissions import FILE, SHA256, raw_workbook, rulebook

DATA, SELF, MANAGER = "考核数据", "自评", "店长评分"


def reading_of(**options: Any) -> Reading:
    return read_submission(
        raw_workbook(**options), file=FILE, sha256=SHA256, rulebook=rulebook(), roster=None
    )


def findings_of(**options: Any) -> list[tuple[str, str]]:
    return told(reading_of(**options).findings)


def test_a_blank_figure_of_someone_who_takes_part_is_told():
    """Missing is never 0."""
    reading = reading_of(cells={(DATA, "KF002", "付款人数"): None})
    assert told(reading.findings) == [("cell.missing", "考核数据!K10")]
    assert "不要用0代替" in reading.findings[0].remedy


def test_a_zero_is_a_figure():
    """0 complaints are a result."""
    assert findings_of(cells={(DATA, "KF002", "有责投诉数"): 0}) == []


@pytest.mark.parametrize("name", ["应出勤天数", "实出勤天数", "当月提成"])
def test_optional_cells_may_be_blank(name):
    """Attendance and commission help, no more."""
    assert findings_of(cells={(DATA, "KF002", name): None}) == []


def test_someone_without_any_figure_is_told_once():
    """Most likely the person does not take part, and the remedy says where to put that."""
    raw = {(DATA, "KF002", name): None for name in FIGURES}
    reading = reading_of(cells=raw)
    assert told(reading.findings) == [("row.empty", "考核数据!F10")]
    assert "参评情况" in reading.findings[0].remedy


FIGURES = (
    "接待人数", "询单人数", "询单流失人数", "平均响应时间", "下单人数", "付款人数", "已付款订单数",
    "有效订单数", "订单总金额", "个人月目标", "成功退款金额", "有责投诉数", "责任异常订单数",
)  # fmt: skip


@pytest.mark.parametrize("status", PARTICIPATION_CHOICES[1:])
def test_someone_who_does_not_take_part_may_have_no_data_and_no_marks(status):
    """With the reason given that is complete."""
    assert findings_of(statuses={"KF002": status}) == []


def test_someone_who_does_not_take_part_needs_a_reason():
    """情况说明 says why."""
    found = findings_of(statuses={"KF002": "试用期"}, cells={(DATA, "KF002", "情况说明"): None})
    assert found == [("cell.missing", "考核数据!T10")]


def test_someone_who_does_not_take_part_may_have_all_data():
    """Then the person is scored and not ranked."""
    assert findings_of(statuses={"KF002": "试用期"}, keep_data={"KF002"}) == []


def test_one_figure_asks_for_all_figures_and_marks():
    """Half a row cannot be scored."""
    found = findings_of(statuses={"KF002": "试用期"}, cells={(DATA, "KF002", "接待人数"): 100})
    assert found.count(("cell.missing", "考核数据!G10")) == 1
    assert len([one for one in found if one[1].startswith(DATA)]) == len(FIGURES) - 1
    assert ("cell.missing", "自评!C7") in found
    assert ("row.empty", "店长评分!C7") in found


def test_a_blank_participation_is_told():
    """It is filled in beforehand; nobody guesses it."""
    assert findings_of(cells={(DATA, "KF002", "参评情况"): None}) == [("cell.missing", "考核数据!C10")]


def test_a_faulty_cell_is_not_also_called_missing():
    """One finding for one cell."""
    assert findings_of(cells={(DATA, "KF002", "付款人数"): "--"}) == [("cell.not_a_number", "考核数据!K10")]


# --------------------------------------------------------------------------------------------- marks


def test_a_blank_mark_is_told_with_its_full_points():
    """Everyone with data is marked by everyone who reviews."""
    reading = reading_of(cells={(MANAGER, "KF002", "报表整体质量"): None})
    assert told(reading.findings) == [("cell.missing", "店长评分!E7")]
    assert reading.findings[0].remedy == "0 到 6 分，最多一位小数。"


def test_someone_who_never_reviewed_has_no_marks():
    """逾期未评 with blank marks is complete."""
    assert findings_of(absent={"KF002"}) == []


def test_marks_of_someone_who_never_reviewed_are_told():
    """Either the status or the mark is wrong."""
    found = findings_of(absent={"KF002"}, cells={(SELF, "KF002", "报表整体质量"): Decimal(5)})
    assert found == [("mark.of_absent", "自评!G7")]


def test_without_the_status_only_the_status_is_asked_for():
    """Whether marks are due follows from it."""
    blank = {
        (SELF, "KF002", name): None
        for name in ("自评情况", "报表上交及时性", "报表数据真实性", "报表整体质量")
    }
    assert findings_of(cells=blank) == [("cell.missing", "自评!C7")]
    del blank[SELF, "KF002", "报表整体质量"]
    assert [place for _, place in findings_of(cells=blank)] == ["自评!C7", "自评!E7", "自评!F7"]


def test_all_marks_blank_although_reviewed_is_told_once():
    """The row was forgotten."""
    blank = {(SELF, "KF002", name): None for name in ("报表上交及时性", "报表数据真实性", "报表整体质量")}
    assert findings_of(cells=blank) == [("row.empty", "自评!E7")]


def test_unscored_remarks_may_be_blank():
    """工作能力 and 评语 are not points."""
    assert (
        findings_of(cells={(MANAGER, "KF002", name): None for name in ("工作能力", "评语", "扣分依据")}) == []
    )


# ----------------------------------------------------------------------------------- between the sheets


def test_the_same_id_twice_is_told_at_each_repetition():
    """Case does not make another person of it."""
    reading = reading_of(cells={(DATA, "KF003", "工号"): "KF001", (SELF, "KF003", "工号"): "kf001"})
    assert ("staff.duplicate", "考核数据!A11") in told(reading.findings)
    assert ("staff.duplicate", "自评!A8") in told(reading.findings)
    assert "A9、A11" in next(one for one in reading.findings if one.sheet == DATA).message


def test_another_name_on_a_review_sheet_is_told():
    """One sheet was sorted and the other was not."""
    found = findings_of(cells={(SELF, "KF001", "姓名"): "王敏", (SELF, "KF002", "姓名"): "张三"})
    assert found == [("staff.name_mismatch", "自评!B6"), ("staff.name_mismatch", "自评!B7")]


def test_a_name_with_spaces_is_the_same_name():
    """张 三 is 张三."""
    assert findings_of(cells={(SELF, "KF001", "姓名"): "张　三"}) == []


def test_two_people_with_one_name_are_two_people():
    """Ids tell them apart."""
    cells = {(sheet, "KF002", "姓名"): "张三" for sheet in (DATA, SELF, MANAGER)}
    assert findings_of(cells=cells) == []


def test_someone_who_is_only_on_a_review_sheet_is_told():
    """And so is the one who is missing there."""
    found = findings_of(cells={(SELF, "KF002", "工号"): "KF999"})
    assert found == [("row.missing", "自评"), ("row.not_in_data", "自评!A7")]


def test_an_interview_about_nobody_is_told():
    """Evidence must belong to someone; an interview without an id is let pass."""
    assert findings_of(cells={("抽访记录", "KF001", "工号"): "KF999"}) == [("row.not_in_data", "抽访记录!B6")]
    assert findings_of(cells={("抽访记录", "KF001", "工号"): None}) == []


def test_several_interviews_about_one_person_are_fine():
    """Ids are unique in tables of people only."""
    assert findings_of(cells={("抽访记录", "KF002", "工号"): "KF001"}) == []


def test_nobody_at_all_is_told_once():
    """Not one finding for every person of the other sheets."""
    raw = raw_workbook(staff=0, interviews=0)
    assert told(
        read_submission(raw, file=FILE, sha256=SHA256, rulebook=rulebook(), roster=None).findings
    ) == [("staff.none", "考核数据")]


def test_a_correction_needs_its_reason():
    """更正报送 without 更正原因 is incomplete; the sentence asks for it."""
    reading = reading_of(labels={"报送性质": "更正报送"})
    assert told(reading.findings) == [("cell.missing", "考核数据!E4")]
    assert reading.findings[0].remedy == "更正报送时必填：改了什么、为什么。"
    assert findings_of(labels={"报送性质": "更正报送", "更正原因": "漏报一单"}) == []


def test_a_name_is_always_needed():
    """An id alone is too easily wrong."""
    raw = changed(raw_workbook(), MANAGER, {"B6": None})
    reading = read_submission(raw, file=FILE, sha256=SHA256, rulebook=rulebook(), roster=None)
    assert told(reading.findings) == [("cell.missing", "店长评分!B6")]


def test_absent_is_the_word_of_the_form():
    """The builder and the form agree on the status."""
    assert reading_of(absent={"KF002"}).submission.tables[SELF].rows[1].values["自评情况"] == REVIEW_ABSENT
