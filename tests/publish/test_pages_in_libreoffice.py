"""How many pages the papers of a month take, printed by one real LibreOffice."""

from __future__ import annotations

import io
from collections import Counter
from dataclasses import replace
from datetime import date

import pytest
from pypdf import PageObject, PdfReader

from appraisal.processes.libreoffice import as_pdfs
from appraisal.publish.blank.workbook import blank_workbook
from appraisal.publish.month import Month, OpenPlan
from appraisal.publish.notice.notice import notice
from appraisal.publish.result.workbook import result_workbook
from appraisal.scheme.rulebook import load_rule_file
from tests.builders.months import COMPANY, last_month, month
from tests.builders.submissions import NOVEMBER, RULES, online_shop, staff_id, staff_name
from tests.publish.documents import shipped

pytestmark = pytest.mark.libreoffice

A4, A3 = (210, 297), (297, 420)
SMALLEST = 8
"""Points of type in a table that is made to be read."""


def fifteen() -> Month:
    """One not ranked, one stood in for, two who owe the plans of two months; not issued yet."""
    due = {1: date(2026, 11, 10), 2: date(2026, 10, 12)}
    owed = tuple(
        OpenPlan(NOVEMBER.shifted(-back), staff_id(at), day) for back, day in due.items() for at in (14, 15)
    )
    one = month(staff=15, history=last_month(15), statuses={"KF005": "试用期"}, absent={"KF004"})
    return replace(one, open_plans=owed, is_draft=True)


def blank() -> bytes:
    people = [(staff_id(at), staff_name(at)) for at in range(1, 13)]
    return blank_workbook(
        online_shop(),
        group="旗舰店",
        period=NOVEMBER,
        staff=people,
        settings=COMPANY,
        handin=date(2026, 12, 7),
    )


@pytest.fixture(scope="module")
def printed() -> dict[str, PdfReader]:
    twelve = month(history=last_month(12), statuses={"KF005": "试用期"}, absent={"KF004"})
    widest = load_rule_file(RULES / "competence_six.yaml").scheme
    papers = {
        "result": (".xlsx", result_workbook(twelve)),
        "widest": (".xlsx", result_workbook(month(scheme=widest))),
        "notice": (".docx", notice(fifteen(), shipped()).word),
        "blank": (".xlsx", blank()),
    }
    pages = as_pdfs(list(papers.values()))
    return {name: PdfReader(io.BytesIO(page)) for name, page in zip(papers, pages, strict=True)}


def texts(paper: PdfReader) -> list[str]:
    return ["".join(page.extract_text().split()) for page in paper.pages]


def test_the_result_of_twelve_is_a_page_a_sheet(printed: dict[str, PdfReader]) -> None:
    """What is too wide to be read on A4 stands on A3; every page is in 8 points and more."""
    sizes = [
        tuple(sorted(round(float(side) / 72 * 25.4) for side in (page.mediabox.width, page.mediabox.height)))
        for page in printed["result"].pages
    ]
    assert sizes == [A4, A4, A3, A4, A3, A3, A4]
    assert not any("###" in text for text in texts(printed["result"]))
    assert all(type_sizes(page).most_common(1)[0][0] >= SMALLEST for page in printed["result"].pages)


@pytest.mark.parametrize(("name", "pages"), [("result", 3), ("widest", 7)])
def test_wide_tables_are_legible_on_paper(printed: dict[str, PdfReader], name: str, pages: int) -> None:
    """分项得分, 评分标准 and 考核数据: on A3 where that suffices, else split between two 类别."""
    sheets = ("分项得分", "评分标准", "考核数据")
    wide = [
        page for page in printed[name].pages if any(sheet in page.extract_text()[:40] for sheet in sheets)
    ]
    assert len(wide) == pages
    for page in wide:
        sizes = type_sizes(page)
        small = sum(count for size, count in sizes.items() if size < SMALLEST)
        assert small < 0.05 * sizes.total(), sizes  # what stands above and below the table


def type_sizes(page: PageObject) -> Counter[float]:
    """How many characters are printed in each size, in points."""
    sizes: Counter[float] = Counter()

    def count(text: str, around: list[float], inside: list[float], _font: object, size: float) -> None:
        sizes[round(size * inside[3] * around[3], 1)] += len(text.strip())

    page.extract_text(visitor_text=count)
    return sizes


def test_the_notice_of_fifteen_is_two_pages_before_its_attachments(printed: dict[str, PdfReader]) -> None:
    """A draft too, with its line for praise, people who owe plans and everything up to the copies."""
    _, second, third, *_ = texts(printed["notice"])
    assert "抄送：人事、财务。" in second
    assert third.startswith(("附件1", "草稿·未下发附件1"))
    owing = f"{staff_name(14)}、{staff_name(15)}2026年9月、2026年10月的整改方案"
    assert sum(owing in text for text in texts(printed["notice"])) == 1


def test_no_page_of_a_blank_has_a_table_head_alone(printed: dict[str, PdfReader]) -> None:
    """Instructions, 考核数据 on two pages, the two reviews, 抽访记录."""
    pages = texts(printed["blank"])
    assert len(pages) == 6
    assert all(staff_name(12) in page for page in pages[1:5])
