"""A law: until HR issues it every paper of a month says 草稿 · 未下发, and then none does."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from appraisal.intake.hr_acts import Act
from appraisal.publish.draft import DRAFT, marked_page, marked_template
from appraisal.scheme.forms.hr_acts import ActKind
from tests.builders.submissions import NOVEMBER
from tests.builders.workbooks import opened
from tests.builders.workspaces import DECEMBER_7, Place, scores, workbook
from tests.publish.documents import SHIPPED, part_of, with_parts

GROUPS = ("旗舰店", "专卖店")
COMBINED = ("人事/2026-11/合并通报.docx", "人事/2026-11/合并通报.html")


def marks(name: str, content: bytes) -> set[bool]:
    """Whether each part that is seen by itself (a sheet on the screen and in print, a kind of page) bears the mark."""
    if name.endswith(".html"):
        return {DRAFT in content.decode()}
    if name.endswith(".docx"):
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            heads = [one for one in package.namelist() if "header" in one]
            return {DRAFT in package.read(one).decode() for one in heads} or {False}
    book = opened(content)
    shown = [sheet for sheet in book if sheet.sheet_state == "visible"]
    on_screen = {str(sheet["A1"].value).startswith(DRAFT) for sheet in shown}
    return on_screen | {DRAFT in str(sheet.oddHeader.left.text) for sheet in shown}


def bearing_the_mark(place: Place, group: str) -> dict[str, bool]:
    """Every paper that people read of the month; ValueError where one bears the mark here and there."""
    papers = {
        name: content
        for name, content in place.files(f"{group}/2026-11").items()
        if name.endswith((".xlsx", ".docx", ".html")) and not name.startswith("历史版次/")
    }
    told = {}
    for name, content in papers.items():
        (told[name],) = marks(name, content)
    return told


def issue(place: Place, group: str) -> None:
    place.act(Act(ActKind.ISSUE, NOVEMBER, group, DECEMBER_7, "李经理", "按制度"))


@pytest.mark.filterwarnings("ignore::UserWarning:openpyxl")
def test_every_paper_is_a_draft_until_its_month_is_issued_and_then_none_is(tmp_path: Path) -> None:
    place = Place(tmp_path, hr=True)
    for group in GROUPS:
        place.drop(f"{group}.xlsx", workbook(group=group, cells=scores([1, 2, 3, 4, 5, 6])))
    place.run()

    before = {group: bearing_the_mark(place, group) for group in GROUPS}
    assert all(len(papers) > 10 and all(papers.values()) for papers in before.values())
    assert all(marks(name, (place.workspace.outbox / name).read_bytes()) == {True} for name in COMBINED)

    issue(place, "旗舰店")
    issued = bearing_the_mark(place, "旗舰店")
    assert issued.keys() >= before["旗舰店"].keys()
    assert {name.partition("/")[0] for name in issued.keys() - before["旗舰店"].keys()} == {"申诉", "签收"}
    assert not any(issued.values())
    assert bearing_the_mark(place, "专卖店") == before["专卖店"], "the other group's month is still a draft"
    assert all(marks(name, (place.workspace.outbox / name).read_bytes()) == {True} for name in COMBINED)

    issue(place, "专卖店")
    assert not any(bearing_the_mark(place, "专卖店").values())
    assert all(marks(name, (place.workspace.outbox / name).read_bytes()) == {False} for name in COMBINED)


def test_a_draft_leaves_its_date_open_and_calls_deadlines_provisional(tmp_path: Path) -> None:
    place = Place(tmp_path)
    place.take(workbook(cells=scores([1, 2, 3, 4, 5, 6])))
    notice = place.workspace.outbox / "旗舰店/2026-11/旗舰店_2026-11_考核通报.html"
    draft = notice.read_text("utf-8")
    issue(place, "旗舰店")
    issued = notice.read_text("utf-8")

    assert '<p class="signed">　　　　年　　月　　日</p>' in draft
    assert "2026年12月14日（星期一，暂定）前向店长提交" in draft
    assert '<p class="signed">2026年12月7日</p>' in issued
    assert "2026年12月14日（星期一）前向店长提交" in issued


def test_a_template_of_ones_own_cannot_leave_the_mark_out() -> None:
    """Whatever it has for heads of pages and sections, in Word and on the web."""
    shipped = (SHIPPED / "notice.docx").read_bytes()
    own_head = '<w:hdr xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:p/></w:hdr>'
    body = part_of(shipped, "word/document.xml")
    with_head = body.replace("<w:sectPr>", '<w:sectPr><w:headerReference w:type="default" r:id="rId1"/>')
    without_section = body[: body.index("<w:sectPr>")] + "</w:body></w:document>"
    for changed in (
        {"word/header1.xml": own_head, "word/document.xml": with_head},
        {"word/document.xml": without_section},
    ):
        marked = marked_template(with_parts(shipped, changed), is_draft=True)
        assert marks("x.docx", marked) == {True}
        assert part_of(marked, "word/document.xml").count("rIdDraft_") >= 2
    assert marked_template(shipped, is_draft=False) == shipped
    assert DRAFT in marked_page("<p>没有 body</p>", is_draft=True)
