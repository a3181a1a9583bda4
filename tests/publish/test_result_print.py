"""The result workbook on paper, printed by a real LibreOffice."""

from __future__ import annotations

from functools import cache

import pytest

from appraisal.publish.result.workbook import result_workbook
from tests.builders.months import last_month, month
from tests.builders.submissions import staff_name
from tests.libreoffice import as_pdf, page_count, text_of

pytestmark = pytest.mark.libreoffice

STAFF = 30


@cache
def printed() -> bytes:
    """The pages of a group of thirty."""
    return as_pdf(
        result_workbook(month(staff=STAFF, history=last_month(STAFF), statuses={"KF007": "试用期"}))
    )


def pages() -> list[str]:
    return [text_of(printed(), page) for page in range(1, page_count(printed()) + 1)]


def test_the_ranking_of_thirty_is_one_page():
    """Heading, every person, both charts and the line to sign on stand on the first page, nothing after it."""
    first, second = pages()[:2]
    assert "2026年11月绩效考核结果" in first
    assert all(staff_name(number) in first for number in range(1, STAFF + 1))
    assert "各类别组平均与标准分" in first
    assert "批准：" in first
    assert "结果运用" in second
    assert "综合排名第一名" in second


def test_every_sheet_prints_with_its_name_and_page_numbers():
    """A loose page can be put back where it belongs."""
    for at, page in enumerate(pages(), 1):
        assert f"第 {at} 页，共 {len(pages())} 页" in page
    for sheet in ("结果运用", "分项得分", "近月走势", "评分标准", "考核数据", "数据核对说明"):
        assert any(sheet in page.partition("\n")[0] + page[:200] for page in pages())


def test_wide_sheets_have_everybody():
    """分项得分 on one page of A3; 考核数据, whose comments take their room, on several, each with its headers."""
    points, *data = [page for page in pages() if "2026-11 分项得分" in page or "2026-11 考核数据" in page]
    assert all("旺旺沟通" in page for page in data)
    for whole in (points, "".join(data)):
        assert all(staff_name(number) in whole for number in range(1, STAFF + 1))


def test_no_number_is_too_long_for_its_column():
    """Nothing prints as ###."""
    assert not any("###" in page for page in pages())
