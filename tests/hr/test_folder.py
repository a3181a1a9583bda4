"""HR's folder as a whole: what is always there, the same bytes, words that never appear, and living sums."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from appraisal.hr.facts import PeriodFacts
from appraisal.hr.folder import periods_to_renew
from appraisal.hr.year import year_of, year_workbook
from appraisal.ledger.records import RevisionKind
from appraisal.period import Period
from tests.builders.submissions import NOVEMBER
from tests.builders.workbooks import opened as opened_workbook
from tests.hr.hr_shop import SECOND, Shop, opened, table
from tests.libreoffice import as_pdfs, page_count, poisoned, recalculated_all, text_of
from tests.publish.documents import word_lines

OCTOBER, SEPTEMBER, DECEMBER = Period(2026, 10), Period(2026, 9), Period(2026, 12)
ALWAYS = {
    "汇总.xlsx",
    "奖励与提成调整明细.xlsx",
    "奖励与提成调整明细.csv",
    "整改跟踪.xlsx",
    "连续末位.xlsx",
    "未报送名单.xlsx",
}


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    """A quarter of two groups: KF012 last in every month, a correction in December."""
    with opened(tmp_path) as one:
        for period in (OCTOBER, NOVEMBER, DECEMBER):
            one.month(period=period, last="KF012", statuses={"KF005": "试用期"}, absent={"KF004"})
            one.issue(period=period)
            one.month(SECOND, period, staff=8, last="KF003")
        one.month(
            period=DECEMBER,
            last="KF011",
            statuses={"KF005": "试用期"},
            kind=RevisionKind.CORRECTION,
            on=date(2027, 2, 1),
        )
        one.month(
            period=DECEMBER,
            last="KF012",
            statuses={"KF005": "试用期"},
            kind=RevisionKind.CORRECTION,
            on=date(2027, 2, 2),
        )
        yield one


def test_six_documents_are_always_there(tmp_path: Path) -> None:
    with opened(tmp_path) as shop:
        assert set(shop.documents()) == ALWAYS


def test_several_groups_and_a_case_bring_notice_and_evidence(shop: Shop) -> None:
    assert set(shop.documents(DECEMBER)) - ALWAYS >= {
        "合并通报.docx",
        "合并通报.html",
        "连续末位证据/KF012_朱志强/证据说明.xlsx",
    }


def test_the_same_ledger_and_day_give_the_same_bytes(shop: Shop) -> None:
    assert shop.documents(DECEMBER) == shop.documents(DECEMBER)


def test_only_what_tells_the_day_changes_with_the_day(shop: Shop) -> None:
    """So that a quiet month's files are not written anew every morning."""
    one, other = (shop.documents(NOVEMBER, today=date(2027, 2, day)) for day in (10, 11))
    assert {name for name in one if one[name] != other[name]} == {"整改跟踪.xlsx", "未报送名单.xlsx"}


def test_words_that_never_appear(shop: Shop) -> None:
    for name, content in shop.documents(DECEMBER).items():
        told = "".join(_texts(name, content))
        assert told
        for word in ("罚款", "处罚", "末位淘汰"):
            assert word not in told, name


def _texts(name: str, content: bytes) -> Iterator[str]:
    if name.endswith(".xlsx"):
        for sheet in opened_workbook(content).worksheets:
            yield sheet.title
            yield from (str(value) for row in sheet.iter_rows(values_only=True) for value in row if value)
    elif name.endswith(".docx"):
        yield from word_lines(content)
    else:
        yield content.decode("utf-8")


def test_a_change_reaches_the_later_folders(shop: Shop) -> None:
    with shop.ledger.reading() as books:
        assert periods_to_renew(books, [NOVEMBER]) == (NOVEMBER, DECEMBER)
        assert periods_to_renew(books, [SEPTEMBER]) == (SEPTEMBER, OCTOBER, NOVEMBER, DECEMBER)
        assert periods_to_renew(books, []) == ()


def test_a_list_is_ready_to_look_through_and_small_ones_share_a_page(shop: Shop) -> None:
    """With a sheet of its own it has a filter and a header that stays and is repeated; several stand on one page."""
    shared = set()
    for name, content in shop.documents(DECEMBER).items():
        if not name.endswith(".xlsx"):
            continue
        for sheet in opened_workbook(content).worksheets:
            assert (sheet.page_setup.paperSize, sheet.sheet_properties.pageSetUpPr.fitToPage) == (9, True)
            if not sheet.freeze_panes:
                assert sheet.page_setup.fitToHeight in {None, 1}, "one page"
                shared.add(sheet.title)
                continue
            header = int("".join(filter(str.isdigit, sheet.freeze_panes))) - 1
            assert sheet.print_title_rows == f"${header}:${header}"
            if len(table(content, sheet.title)) > 1:
                assert sheet.auto_filter.ref
    assert shared == {"奖励与提成调整明细", "整改跟踪", "未报送"}


def test_a_thousand_people_are_no_burden(tmp_path: Path) -> None:
    with opened(tmp_path) as shop:
        shop.month(staff=1000, last="KF012")
        shop.month(SECOND, staff=8)
        rows = table(shop.documents()["汇总.xlsx"], "人员明细")
    assert len(rows) == 1008 + 1


# ---------------------------------------------------------------------------------- a real LibreOffice


@pytest.mark.libreoffice
@pytest.mark.filterwarnings("ignore:.*extension is not supported")
def test_every_sum_is_what_a_spreadsheet_program_computes(shop: Shop) -> None:
    """With wrong values stored in every formula cell first."""
    documents = [
        content
        for period in (NOVEMBER, DECEMBER)
        for name, content in shop.documents(period).items()
        if name in {"汇总.xlsx", "奖励与提成调整明细.xlsx"}
    ]
    with shop.ledger.reading() as books:
        facts = PeriodFacts(books, DECEMBER, date(2027, 1, 8), shop.roster, shop.settings)
        documents.append(year_workbook(year_of(facts)))
    formulas = 0
    for ours, theirs in zip(documents, recalculated_all([poisoned(one) for one in documents]), strict=True):
        expected, found = _values(ours), _values(theirs)
        formulas += sum(sheet.count("<f>") for sheet in _sheets_xml(ours))
        assert {at: found.get(at) for at in expected} == pytest.approx(expected)
    assert formulas > 100


def _values(document: bytes) -> dict[tuple[str, str], Any]:
    book = opened_workbook(document, data_only=True)
    return {
        (sheet.title, cell.coordinate): cell.value
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell.value, int | float)
    }


def _sheets_xml(document: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(document)) as package:
        return [package.read(one).decode() for one in package.namelist() if "worksheets/sheet" in one]


@pytest.mark.libreoffice
def test_deadlines_print_with_their_weekday_and_evidence_on_one_page(shop: Shop) -> None:
    documents = shop.documents(DECEMBER, today=date(2027, 2, 20))
    tracker, evidence = as_pdfs(
        [documents["整改跟踪.xlsx"], documents["连续末位证据/KF012_朱志强/证据说明.xlsx"]]
    )
    assert "2026年12月15日（星期二）" in "".join(text_of(tracker).split())
    first = text_of(evidence, 1)
    assert "本人签名" in first
    assert page_count(evidence) <= 4
