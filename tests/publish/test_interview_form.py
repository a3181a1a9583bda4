"""面谈记录: goes with each plan, says what is known, leaves room for the talk, and fits one page."""

from __future__ import annotations

import pytest

from appraisal.publish.forms.personal import interview_form
from appraisal.publish.papers import papers
from appraisal.publish.points_explained import weak_indicators
from appraisal.scheme.forms.personal import INTERVIEW_SHEET
from appraisal.scheme.model.outcome_rules import OutcomeType
from appraisal.scoring.results import Inputs
from tests.builders.months import month
from tests.builders.workbooks import label_cell, opened
from tests.libreoffice import as_pdfs, page_count, text_of
from tests.publish.documents import shipped

LAST = "KF011"


def test_every_plan_comes_with_its_record():
    """One for each of the bottom two, beside the plan."""
    this = month()
    names = {name for name in papers(this, shipped(), Inputs((), "", "")) if name.startswith("整改方案/")}
    asked = [one.staff for one in this.result.outcomes if one.type is OutcomeType.RECTIFICATION]
    who = [f"整改方案/{staff}_{this.result.person(staff).name}" for staff in asked]
    assert names == {f"{one}_{kind}.xlsx" for one in who for kind in ("整改方案", "面谈记录")}


def test_what_is_known_stands_there_and_the_rest_is_open():
    """Who, the result, the weak indicators; the talk itself is for the two to write."""
    this = month(posts={LAST: "客服专员"})
    sheet = opened(interview_form(this, LAST))[INTERVIEW_SHEET]
    for label, value in (
        ("姓名", "马梦瑶"),
        ("岗位", "客服专员"),
        ("得分/名次", "46.45分，第12名（参评12人）"),
    ):
        cell = label_cell(sheet, label).offset(column=1)
        assert (cell.value, cell.protection.locked) == (value, True)
    first = label_cell(sheet, "指标").row + 1
    weak = weak_indicators(this, LAST)
    shown = [sheet.cell(row, 1).value for row in range(first, first + len(weak))]
    assert shown == [one.indicator.name for one in weak]
    for label in ("本人怎么看", "商定的行动", "对考核的意见", "本人签名", "面谈人签名"):
        assert not label_cell(sheet, label).offset(column=1).protection.locked
    assert sheet.protection.sheet
    assert not sheet.protection.password


def test_the_same_month_gives_the_same_bytes():
    assert interview_form(month(), LAST) == interview_form(month(), LAST)


@pytest.mark.libreoffice
def test_it_prints_on_one_page_that_says_whose_it_is_and_names_nobody_else():
    """Spreadsheets have marks of their own for headers; a group may have any name."""
    groups = ["旗舰店", "P&G旗舰店", "A&1", "&P"]
    pages = as_pdfs([interview_form(month(group=group), LAST) for group in groups])
    for group, pdf in zip(groups, pages, strict=True):
        assert page_count(pdf) == 1
        assert f"{group} 2026-11 马梦瑶" in text_of(pdf)
    text = "".join(text_of(pages[0]).split())
    assert "46.45分，第12名（参评12人）" in text
    assert not [one.name for one in month().result.staff if one.id != LAST and one.name in text]


def test_a_name_that_no_header_has_room_for_is_cut_there():
    """Excel opens no workbook with a header of more than 255 characters, and XlsxWriter writes none."""
    document = interview_form(month(group="店" * 300), LAST)
    assert opened(document)[INTERVIEW_SHEET].oddHeader.right.text.endswith("店" * 100)
