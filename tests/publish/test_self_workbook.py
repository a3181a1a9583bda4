"""自评表: what one person gets to assess themselves with."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest

from appraisal.publish.forms.self_assessment import self_file_name, self_workbook
from appraisal.scheme.forms.self_assessment import HEAD, SELF_SHEET, SIGNATURE, self_form
from appraisal.scheme.forms.submission import META, STAFF_NAME
from tests.builders.months import COMPANY
from tests.builders.other_forms import self_blank
from tests.builders.schemes import one_mark_scheme
from tests.builders.submissions import NOVEMBER, online_shop, staff_name
from tests.builders.workbooks import label_cell, opened, said
from tests.libreoffice import as_pdf, page_count

FORM = self_form(online_shop())


def text_of(data: bytes) -> str:
    sheet = opened(data)[SELF_SHEET]
    return "\n".join(said(cell) for row in sheet.iter_rows() for cell in row if cell.value)


def test_it_says_whose_it_is_and_by_when():
    """Name, month, deadline with its weekday, and what happens if nothing comes."""
    text = text_of(self_blank())
    assert "请张三本人填写" in text
    assert "2026年12月4日（星期五）前" in text
    assert "自评占综合得分的30%" in text
    assert "没有按时交的，按店长的评分计" in text
    assert not re.search("罚款|处罚|末位淘汰", text)


def test_only_what_the_person_says_is_unlocked():
    """Own marks, own words, own signature; whose form it is cannot be changed."""
    cells = opened(self_blank())[SELF_SHEET]
    assert FORM is not None
    open_cells = {
        label_cell(cells, cell.header).offset(column=1).coordinate for cell in (*FORM.own, *SIGNATURE)
    }
    merged = {
        cell.coordinate
        for bounds in cells.merged_cells.ranges
        for row in cells[bounds.coord]
        for cell in row
        if cell.coordinate != bounds.start_cell.coordinate
    }
    unlocked = {cell.coordinate for row in cells.iter_rows() for cell in row if not cell.protection.locked}
    assert cells.protection.sheet
    assert unlocked - merged == open_cells
    for cell in HEAD:
        assert label_cell(cells, cell.header).offset(column=1).protection.locked


def test_beside_each_mark_stands_what_it_means():
    """Nobody has to look up what six points are."""
    cells = opened(self_blank())[SELF_SHEET]
    item = label_cell(cells, "报表上交及时性（6分）")
    assert "6分起评，每迟交1个报表日减1分" in said(item.offset(column=2))
    rules = {str(rule.sqref): rule for rule in cells.data_validations.dataValidation}
    rule = rules[item.offset(column=1).coordinate]
    assert (rule.type, Decimal(rule.formula1), Decimal(rule.formula2)) == ("decimal", 0, 6)


def test_it_names_nobody_else():
    """A form goes from hand to hand."""
    text = text_of(self_blank())
    assert not [number for number in range(2, 30) if staff_name(number) in text]


def test_the_hidden_sheet_says_whose_form_it_is():
    """Recognised however it is called, and however its cells were changed."""
    known = {row[0].value: row[1].value for row in opened(self_blank())[META].iter_rows()}
    assert known == {
        "scheme": "online-shop", "version": 1, "kind": "self", "period": "2026-11",
        "group": "旗舰店", "staff": "KF001", "name": "张三",
    }  # fmt: skip


def test_names_that_look_like_formulas_stay_text():
    """A name is never calculated."""
    cell = label_cell(opened(self_blank(name="=1+1"))[SELF_SHEET], STAFF_NAME).offset(column=1)
    assert (cell.value, cell.data_type) == ("=1+1", "s")


def test_the_same_arguments_give_the_same_bytes():
    """Handing out twice hands out the same file."""
    assert self_blank() == self_blank()


def test_the_file_is_named_after_person_and_month():
    """Nothing in a name leads to another folder."""
    assert self_file_name(NOVEMBER, "KF001", "张三") == "KF001_张三_2026-11_自评表.xlsx"
    assert self_file_name(NOVEMBER, "../KF001", "张三").count("/") == 0


def test_a_scheme_in_which_nobody_assesses_themselves_has_no_such_form():
    """Only a reviewer who may be absent is asked by a form of their own."""
    assert self_form(one_mark_scheme()) is None
    with pytest.raises(ValueError, match="one-mark"):
        self_workbook(
            one_mark_scheme(), group="甲", period=NOVEMBER, staff_id="1", name="张三", settings=COMPANY,
            due=date(2026, 12, 4),
        )  # fmt: skip


@pytest.mark.libreoffice
def test_it_prints_on_one_page():
    """Who rather writes by hand prints one sheet."""
    assert page_count(as_pdf(self_blank())) == 1
