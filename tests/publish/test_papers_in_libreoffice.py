"""Notice and slips as a real LibreOffice prints them: pages, order, and nothing lost."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from functools import cache

import pytest

from appraisal.publish.month import Month
from appraisal.publish.notice.notice import notice
from appraisal.publish.slips import slips
from tests.builders.months import COMPANY, last_month, month
from tests.libreoffice import as_pdfs, page_count, text_of
from tests.publish.documents import shipped

pytestmark = pytest.mark.libreoffice


def squeezed(text: str) -> str:
    """The text without blanks: LibreOffice sets gaps between Chinese and figures."""
    return "".join(text.split())


LONGER_BY = (7, 9)
NAME = "A&B<1>{{7*7}}</w:t>"


def of_twelve(staff: int = 12) -> Month:
    return month(staff=staff, history=last_month(staff), statuses={"KF005": "试用期"}, absent={"KF004"})


@cache
def with_everything() -> Month:
    """The longest remarks, the longest reasons, and people without a score."""
    remark = "请注意核对地址与备注，" * 60
    remarks = {
        (sheet, "KF001", column): remark
        for sheet, column in (
            ("自评", "工作任务完成情况"),
            ("自评", "自评说明"),
            ("店长评分", "扣分依据"),
            ("店长评分", "评语"),
        )
    }
    small = {("考核数据", "KF002", "询单人数"): Decimal(29), ("考核数据", "KF002", "付款人数"): Decimal(20)}
    return month(
        history=last_month(12),
        statuses={"KF005": "试用期", "KF006": "出勤不足一半"},
        keep_data={"KF006"},
        absent={"KF004"},
        cells=remarks | small,
    )


@pytest.fixture(scope="module")
def printed() -> dict[str, bytes]:
    """All papers, in one start of LibreOffice."""
    months = {"of twelve": of_twelve(), "of fifteen": of_twelve(15), "of 120": month(staff=120)}
    for times in LONGER_BY:
        settings = replace(COMPANY, appeals_to="人" * 25 * times)
        months[f"longer by {times}"] = month(history=last_month(12), settings=settings)
    months["hostile"] = month(staff=4, cells={("考核数据", "KF001", "姓名"): NAME})
    documents = {name: notice(one, shipped()).word for name, one in months.items()}
    remarked = month(staff=4, cells={("店长评分", "KF001", "评语"): f"{NAME}，做得好"})
    documents["slips"] = slips(with_everything(), shipped()).collection
    documents["hostile slips"] = slips(remarked, shipped()).collection
    return dict(zip(documents, as_pdfs(list(documents.values()), ".docx"), strict=True))


def test_notice_of_twelve_has_two_pages_before_its_attachments(printed: dict[str, bytes]):
    """Two A4 pages with everything up to the copies; 附件1 and 附件2 begin a page each."""
    pdf = printed["of twelve"]
    assert page_count(pdf) == 4
    pages = [squeezed(text_of(pdf, at)) for at in range(1, 5)]
    assert "关于2026年11月旗舰店绩效考核情况的通报" in pages[0]
    assert "抄送：人事、财务。" in pages[1]
    assert pages[2].startswith("附件1评分标准简表")
    assert pages[3].startswith("附件2不参与排名人员")
    assert [page[-3:] for page in pages] == ["-1-", "-2-", "-3-", "-4-"]


@pytest.mark.parametrize("longer_by", LONGER_BY)
def test_the_signature_never_stands_on_a_page_of_its_own(printed: dict[str, bytes], longer_by: int):
    """However far the text reaches, 特此通报 and the list of attachments stand on the signature's page."""
    pdf = printed[f"longer by {longer_by}"]
    pages = [squeezed(text_of(pdf, at)) for at in range(1, page_count(pdf) + 1)]
    (signed,) = [page for page in pages if COMPANY.signature in page]
    assert "特此通报。" in signed
    assert "附件：1．评分标准简表" in signed
    assert "抄送：人事、财务。" in signed


def test_a_short_table_stays_whole_and_with_its_heading(printed: dict[str, bytes]):
    """四、主要问题 would begin in the last lines of page one."""
    assert squeezed(text_of(printed["of fifteen"], 2)).startswith("四、主要问题指标组均值目标未达标人数")


def test_header_row_of_a_long_ranking_is_repeated(printed: dict[str, bytes]):
    """Whoever opens page two of a large group's table sees what the columns are."""
    assert all("综合得分" in squeezed(text_of(printed["of 120"], page)) for page in (1, 2))


def test_every_slip_is_one_page(printed: dict[str, bytes]):
    """Also with the longest texts."""
    pdf = printed["slips"]
    assert page_count(pdf) == 12
    for at, person in enumerate(with_everything().result.staff, 1):
        page = squeezed(text_of(pdf, at))
        assert page.startswith("个人绩效考核结果通知单")
        assert f"姓名{person.name}工号{person.id}" in page
        assert page.endswith("2026年12月3日下发，第1版。申诉表在本组当月文件夹的“申诉”里。")


def test_hostile_name_reaches_the_printed_page(printed: dict[str, bytes]):
    """Nothing is swallowed on the way to paper."""
    assert f"{NAME}综合排名第一名，奖励100元。" in squeezed(text_of(printed["hostile"]))
    assert f"评语{NAME}，做得好" in squeezed(text_of(printed["hostile slips"], 1))
