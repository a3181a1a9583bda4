"""The workbook that people fill follows from the scheme: sheets, labels, columns, what must be filled."""

from __future__ import annotations

from decimal import Decimal

from appraisal.scheme.forms.cells import CellType, Need, Role
from appraisal.scheme.forms.submission import submission_form
from tests.builders.schemes import SHOP_TEXT, changed, one_mark_scheme, scheme_of

FORM = submission_form(scheme_of(SHOP_TEXT))


def names(sheet: str) -> list[str]:
    return [column.name for column in FORM.sheet(sheet).columns]


def test_the_data_sheet_asks_whose_month_it_is() -> None:
    """Labels on top; the shop's price is one of them, because the group has it once."""
    assert [label.name for label in FORM.main.labels] == [
        "考核组", "考核月份", "报送截止", "店长", "数据来源软件", "导出日期", "报送性质", "更正原因", "店铺客单价",
    ]  # fmt: skip


def test_the_data_sheet_has_people_figures_and_a_word_of_explanation() -> None:
    """The engine's columns around the scheme's fields, in the order of the rule file."""
    assert names("考核数据") == [
        "工号", "姓名", "参评情况", "应出勤天数", "实出勤天数",
        *(field.name for field in scheme_of(SHOP_TEXT).fields),
        "当月提成", "情况说明",
    ]  # fmt: skip


def test_the_self_sheet_asks_first_whether_the_person_reviewed() -> None:
    """Then the person's account, the judged items, a remark."""
    assert names("自评") == [
        "工号", "姓名", "自评情况", "工作任务完成情况", "报表上交及时性", "报表数据真实性", "报表整体质量", "自评说明",
    ]  # fmt: skip


def test_the_managers_sheet_cannot_be_absent() -> None:
    """Nobody stands in for the manager, so nobody asks."""
    assert names("店长评分") == [
        "工号", "姓名", "报表上交及时性", "报表数据真实性", "报表整体质量",
        "扣分依据", "工作能力", "工作协作性", "服务性", "评语",
    ]  # fmt: skip


def test_a_mark_lies_between_nothing_and_the_full_points() -> None:
    """One decimal, wanted of everyone who was reviewed; the header says the full points."""
    mark = FORM.sheet("店长评分").column("报表数据真实性")
    assert (mark.type, mark.low, mark.high, mark.decimals) == (CellType.MARK, 0, 8, 1)
    assert (mark.need, mark.header) == (Need.IF_REVIEWED, "报表数据真实性（8分）")


def test_a_figure_is_wanted_of_everyone_with_data() -> None:
    """With its range, its unit in the header and its names in exports."""
    response = FORM.main.column("平均响应时间")
    assert (response.need, response.low, response.high) == (Need.WITH_DATA, Decimal(1), Decimal(3600))
    assert response.header == "平均响应时间（秒）"
    assert response.names[:2] == ("平均响应时间", "平均响应")


def test_no_two_columns_of_a_sheet_share_a_name() -> None:
    """Headers are found by name and alias."""
    for sheet in FORM.sheets:
        told = [name for column in sheet.columns for name in column.names]
        assert len(set(told)) == len(told), sheet.name


def test_interviews_are_a_sheet_only_where_the_scheme_wants_them() -> None:
    """And never required."""
    assert [sheet.required for sheet in FORM.sheets if sheet.role is Role.INTERVIEWS] == [False]
    without = submission_form(scheme_of(changed(("interviews: true", "interviews: false"))))
    assert [sheet.role for sheet in without.sheets] == [Role.DATA, Role.REVIEW, Role.REVIEW]


def test_a_scheme_without_figures_still_has_its_people() -> None:
    """A competence form: people on the first sheet, marks on the reviewers'."""
    form = submission_form(one_mark_scheme())
    assert form.main.name == "人员"
    assert form.review_sheet("店长").column("综合表现").high == 100
