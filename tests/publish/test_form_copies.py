"""A form's copies say what the same form written for one person alone says, whatever the texts are."""

from __future__ import annotations

import dataclasses
import io
import re
import zipfile
from collections.abc import Mapping
from datetime import date
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appraisal.intake.plans_and_appeals import read_plan
from appraisal.publish.excel.book import Book, write_across, write_meta
from appraisal.publish.excel.form_page import Texts, filled_copy, new_workbook
from appraisal.publish.excel.pages import print_on_a4
from appraisal.publish.forms import personal
from appraisal.publish.month import Month
from appraisal.workspace.settings import Settings
from tests.builders.months import ISSUED, month
from tests.builders.other_forms import raw_of
from tests.builders.submissions import rulebook
from tests.builders.workbooks import opened

WHO = "KF011"
scored = cache(month)

ODD = [
    "", " ", "张三", " 张三", "张三 ", "　张三", "张 三", "欧阳\u200b修", "\u200b", "\ufeff=1+1", "=1+1", "＝1+1",
    "@SUM(A1)", "+86", "-1", "－1", "\t=1", "\r", "a\nb", "\n", "\x00", "a\x01b", "\x7f", "\x85", "\ue000", "\ufffe",
    "\uffff", "_x0041_", "_x0041", "a_x", "_xFFFE_", "A&B店", "P&G", "A&&B", "&P", "&[Picture]", "&amp;", "<b>张三</b>", "<r>&</r>", "]]>",
    "a>b", '"引"', "'1", "张三😀", "𠮷" * 100, "店" * 100, "店" * 101, "店" * 250, "—", "007", "2026-11", "https://example.com",
    "{row}", "{0}", "%s", "\\1", "\\g<0>", "0;", "姓名", "店长",
]  # fmt: skip
"""What people type, and what somebody might type who wants to break a workbook."""

texts = st.sampled_from(ODD) | st.text(st.characters(exclude_categories=["Cs"]), max_size=120)


def page(book: Book, said: Texts) -> None:
    """A form with each place where a text may stand; an empty one makes an open cell."""
    sheet = book.sheet("页")
    for row, name in enumerate("甲乙"):
        style = book.style(bold=True, locked=bool(said[name]), border=row)
        sheet.write(row, 0, said[name], style)
        write_across(sheet, (row, 1, 3), said[name], style)
    print_on_a4(sheet, title=said["眉"])
    write_meta(book, said)


def in_full(document: bytes) -> dict[str, bytes]:
    """Every part but the shared texts, with each text in its place: what shows, to the last attribute."""
    parts = in_parts(document)
    shared = re.findall(rb"<si>.*?</si>", parts.pop("xl/sharedStrings.xml"), re.DOTALL)
    return {
        name: re.sub(rb't="s"><v>(\d+)</v>', lambda found: shared[int(found[1])], part)
        for name, part in parts.items()
    }


def opened_cells(document: bytes) -> dict[tuple[str, str], tuple[object, ...]]:
    """Each cell's value, kind and number of its look, as openpyxl sees them."""
    return {
        (sheet.title, cell.coordinate): (cell.value, cell.data_type, cell.style_id)
        for sheet in opened(document)
        for row in sheet.iter_rows()
        for cell in row
    }


def read_alike(one: bytes, other: bytes) -> bool:
    """By whoever reads them: openpyxl, our own reader, and any other."""
    return (
        in_full(one) == in_full(other)
        and opened_cells(one) == opened_cells(other)
        and raw_of(one) == raw_of(other)
    )


def in_parts(document: bytes) -> Mapping[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(document)) as package:
        return {name: package.read(name) for name in package.namelist()}


@pytest.mark.parametrize("text", ODD)
def test_a_copy_reads_like_the_form_written_for_its_text_alone(text):
    """Cell by cell and look by look."""
    said = dict.fromkeys("甲乙眉", text) | {"version": 3}
    assert read_alike(filled_copy(page, said, created=ISSUED), new_workbook(page, said, created=ISSUED))


@given(st.fixed_dictionaries({"甲": texts, "乙": texts, "眉": texts}))
def test_any_texts_stand_side_by_side(said):
    """Those that are put in, and those that are part of a form."""
    assert read_alike(filled_copy(page, said, created=ISSUED), new_workbook(page, said, created=ISSUED))


@pytest.mark.parametrize(
    ("paper", "write", "texts_of"),
    [
        (personal.plan_workbook, personal.write_plan, personal.plan_texts),
        (personal.interview_form, personal.write_interview, personal.interview_texts),
        (personal.appeal_workbook, personal.write_appeal, personal.appeal_texts),
    ],
    ids=["plan", "interview", "appeal"],
)
@given(texts, texts, texts, texts)
@settings(max_examples=40)
def test_the_papers_read_like_those_written_for_one_person_alone(
    paper, write, texts_of, name, group, post, number
):
    """Their writers look at no text that a copy brings."""
    this = named(name, group, post, number)
    assert read_alike(paper(this, WHO), new_workbook(write, texts_of(this, WHO), created=this.result.issued))


def named(name: str, group: str, post: str, number: str) -> Month:
    """A month with these texts in it."""
    this = scored()
    people = tuple(dataclasses.replace(one, name=name) if one.id == WHO else one for one in this.result.staff)
    result = dataclasses.replace(this.result, staff=people, group=group)
    return dataclasses.replace(
        this, result=result, posts={WHO: post}, settings=Settings(document_number=number)
    )


@pytest.mark.parametrize("name", ["李娜😀", "=1+1", "A&B", "_x0041_", "<b>"])
def test_a_plan_that_comes_back_is_held_against_what_was_filled_in(name):
    """Nothing in it looks as if somebody had changed it."""
    reading = read_plan(
        raw_of(personal.plan_workbook(named(name, "旗舰店", "客服", ""), WHO)),
        rulebook=rulebook(),
        roster=None,
    )
    assert (reading.name, reading.staff, reading.group) == (name, WHO, "旗舰店")
    assert not [one for one in reading.findings if one.code == "cell.changed"]


def test_one_form_serves_all_whose_texts_can_be_put_in_as_they_are():
    """Whoever has a text of another kind has a form of their own."""
    written = []

    def write(book: Book, said: Texts) -> None:
        written.append(said)
        page(book, said)

    for name, forms in (("张三", 1), ("李四", 1), ("", 2), ("王五", 2), ("=1", 3), ("", 3), ("赵六", 3)):
        filled_copy(write, {"甲": name, "乙": "客服", "眉": "店"}, created=ISSUED)
        assert len(written) == forms


def test_a_copy_says_nothing_of_anybody_else():
    """Whoever was given the form before."""
    first, second = (
        b"".join(in_parts(filled_copy(page, dict.fromkeys("甲乙眉", name), created=ISSUED)).values()).decode()
        for name in ("诸葛亮", "司马懿")
    )
    assert "诸葛亮" in first
    assert "诸葛亮" not in second


def test_the_day_is_the_copys_own():
    """A form for another day is another form."""
    said = {"甲": "张三", "乙": "李四", "眉": "店"}
    for day in (date(2026, 12, 3), date(2027, 1, 4)):
        copy = filled_copy(page, said, created=day)
        assert opened(copy).properties.created.date() == day


def test_the_same_texts_give_the_same_bytes_whatever_was_copied_before():
    """And the parts that all copies share come first, as in any document of ours."""
    said = {"甲": "张三", "乙": "李四", "眉": "店"}
    first = filled_copy(page, said, created=ISSUED)
    for number in range(40):
        filled_copy(page, said | {"甲": f"={number}"}, created=ISSUED)
    assert filled_copy(page, said, created=ISSUED) == first
    with zipfile.ZipFile(io.BytesIO(first)) as package:
        assert package.namelist()[:2] == ["[Content_Types].xml", "_rels/.rels"]
        assert {one.date_time for one in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert {one.create_system for one in package.infolist()} == {0}
