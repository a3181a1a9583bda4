"""未报送名单.xlsx: who has not handed in, and what lies open besides."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from appraisal.findings.finding import Finding, finding
from appraisal.intake.roster import Roster
from appraisal.ledger.records import FileResult, InboxFile, RevisionKind, Step, WaitingCorrection
from appraisal.period import Period
from tests.builders.submissions import NOVEMBER
from tests.builders.workbooks import opened as opened_workbook
from tests.hr.hr_shop import FLAGSHIP, SECOND, Shop, above, lists, opened, roster, table

NAME = "未报送名单.xlsx"
PROBLEM = finding("cell.missing", sheet="考核数据", cell="C7", name="付款人数", hint="请填整数。")


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    with opened(tmp_path) as one:
        yield one


def returned(
    shop: Shop,
    file: str,
    paper: str,
    *,
    group: str | None = SECOND,
    findings: tuple[Finding, ...] = (PROBLEM,),
    kind: str | None = None,
) -> None:
    """A file of November that went back on 4 December, its paper lying in the outbox."""
    dropped = InboxFile(file.encode("utf-8", "surrogatepass").hex()[:64], file, None, 1000, 1)
    result = FileResult(
        "returned", group, NOVEMBER if group else None, None, findings, (f"outbox/{paper}",), kind
    )
    with shop.ledger.writing() as books:
        claim = books.journal.receive(dropped, datetime(2026, 12, 4, 9, tzinfo=UTC))
        books.journal.advance(claim.id, Step.CLEARED, result)
        books.placed.wrote({paper: "1" * 64}, returned=claim.id)


def below(document: bytes) -> list[str]:
    """What stands in the first column of the first sheet: the lists that are empty say so under the first one."""
    return [str(one[0].value) for one in opened_workbook(document).worksheets[0].iter_rows(max_col=1)]


def test_groups_of_the_roster_that_have_not_handed_in_are_listed(shop: Shop) -> None:
    """With how many people they have, and how late they are."""
    shop.month()
    document = shop.documents(today=date(2026, 12, 11))[NAME]
    (row,) = table(document)
    assert (row["考核组"], row["应参评人数"], row["情况"]) == (SECOND, 8, "尚未报送")
    assert (row["报送截止"].date(), row["逾期天数"]) == (date(2026, 12, 7), 4)
    assert "应报2组，未报1组" in above(document)
    assert "报送截止：2026年12月7日（星期一）" in above(document)


def test_a_form_of_one_person_that_went_back_is_not_the_groups(shop: Shop) -> None:
    """The group has handed in nothing yet; what came back is that person's."""
    returned(shop, "二店/自评表.xlsx", "二店/退回/自评表_退回.xlsx", kind="self")
    document = shop.documents()[NAME]
    assert [one["情况"] for one in table(document)] == ["尚未报送"] * 2
    assert [one["文件"] for one in table(document, "退回未重报")] == ["二店/自评表.xlsx"]


def test_who_handed_in_late_stays_listed(shop: Shop) -> None:
    """By the first workbook that was taken: handing in again does not make it later."""
    shop.month(on=date(2026, 12, 9))
    shop.month(SECOND, staff=8, on=date(2026, 12, 7))
    shop.month(kind=RevisionKind.REPLACEMENT, on=date(2026, 12, 14))
    (row,) = table(shop.documents(today=date(2026, 12, 15))[NAME], "迟报")
    assert (row["考核组"], row["报送日期"].date(), row["迟报天数"]) == (FLAGSHIP, date(2026, 12, 9), 2)


def test_before_the_deadline_nobody_is_late(shop: Shop) -> None:
    rows = table(shop.documents(today=date(2026, 12, 7))[NAME])
    assert [(one["考核组"], one["逾期天数"]) for one in rows] == [(FLAGSHIP, "—"), (SECOND, "—")]


def test_when_all_have_handed_in_it_says_so(shop: Shop) -> None:
    shop.month()
    shop.month(SECOND, staff=8)
    assert table(shop.documents()[NAME])[0]["考核组"] == "各考核组均已报送。"


def test_a_group_whose_people_left_owes_nothing(tmp_path: Path) -> None:
    """The roster tells who is there in the month."""
    people = roster(旗舰店=12, 二店=1)
    members = [
        one if one.group == FLAGSHIP else replace(one, left=date(2026, 10, 31)) for one in people.members
    ]
    with opened(tmp_path, people=Roster(tuple(members))) as shop:
        shop.month()
        assert table(shop.documents()[NAME])[0]["考核组"] == "各考核组均已报送。"


def test_without_a_roster_last_months_groups_are_expected(shop: Shop) -> None:
    shop.roster = None
    shop.month(period=NOVEMBER.shifted(-1))
    (row,) = table(shop.documents()[NAME])
    assert (row["考核组"], row["应参评人数"]) == (FLAGSHIP, "—")


def test_a_withdrawn_month_is_to_be_handed_in_again(shop: Shop) -> None:
    shop.month()
    shop.withdraw()
    row = table(shop.documents()[NAME])[0]
    assert (row["考核组"], row["情况"]) == (FLAGSHIP, "已撤回，等待重新报送")


def test_returned_files_that_lie_open_are_listed_with_their_papers(shop: Shop) -> None:
    returned(shop, "二店/11月.xlsx", "二店/退回/11月_退回.xlsx")
    document = shop.documents()[NAME]
    assert table(document)[1]["情况"] == "已退回，等待改正后重报"
    (row,) = table(document, "退回未重报")
    assert (row["考核组"], row["退回日期"].date(), row["问题数"]) == (SECOND, date(2026, 12, 4), 1)
    assert (row["文件"], row["退回文件所在"]) == ("二店/11月.xlsx", "outbox/二店/退回/11月_退回.xlsx")


def test_a_file_returned_twice_is_one_line(shop: Shop) -> None:
    """As it was returned the last time."""
    returned(shop, "11月.xlsx", "二店/退回/11月_退回.xlsx")
    returned(shop, "11月_退回.xlsx", "二店/退回/11月_退回.xlsx", findings=(PROBLEM, PROBLEM))
    (row,) = table(shop.documents()[NAME], "退回未重报")
    assert (row["文件"], row["问题数"]) == ("11月_退回.xlsx", 2)


def test_a_returned_file_of_an_unknown_group_is_listed_too(shop: Shop) -> None:
    returned(shop, "新建.xlsx", "退回/新建_退回.html", group=None)
    (row,) = table(shop.documents()[NAME], "退回未重报")
    assert row["考核组"] == "（未能识别）"


def test_what_was_cleared_when_the_month_was_accepted_no_longer_lies_open(shop: Shop) -> None:
    returned(shop, "二店/11月.xlsx", "二店/退回/11月_退回.xlsx")
    with shop.ledger.writing() as books:
        books.placed.forget(["二店/退回/11月_退回.xlsx"])
    assert "退回未重报：没有退回未重报的文件。" in below(shop.documents()[NAME])


def test_waiting_corrections_of_any_month_wait_for_hr(shop: Shop) -> None:
    september = Period(2026, 9)
    shop.month(period=september)
    with shop.ledger.writing() as books:
        books.corrections.wait(
            WaitingCorrection(FLAGSHIP, september, 7, "d" * 64, "更正.xlsx", "漏登记两单", date(2026, 12, 1))
        )
    (row,) = table(shop.documents(today=date(2026, 12, 8))[NAME], "待同意的更正")
    assert (row["考核月份"], row["已等天数"], row["更正原因"]) == ("2026-09", 7, "漏登记两单")


def test_what_was_doubted_of_a_workbook_in_force_is_shown_before_the_issue(shop: Shop) -> None:
    """By group; what was said of a workbook that another took the place of is gone."""
    shop.month()
    doubt = finding("data.zero_for_unknown", sheet="考核数据", cell="G9", name="询单人数")
    for sha256, findings in (("b" * 64, (doubt, doubt)), ("a" * 64, (doubt,))):
        with shop.ledger.writing() as books:
            dropped = InboxFile(sha256, "11月.xlsx", None, 1000, 1)
            claim = books.journal.receive(dropped, datetime(2026, 12, 6, 9, tzinfo=UTC))
            result = FileResult("accepted", FLAGSHIP, NOVEMBER, 1, findings)
            books.journal.advance(claim.id, Step.CLEARED, result)
    document = shop.documents()[NAME]
    (row,) = table(document, "数据待核对")
    assert (row["考核组"], row["位置"], row["提示"]) == (FLAGSHIP, "考核数据!G9", "“询单人数”整列都是 0。")
    assert "下发以前请与店长核对" in above(document, "数据待核对")


def test_without_doubts_it_says_so(shop: Shop) -> None:
    shop.month()
    document = shop.documents()[NAME]
    assert "数据待核对" not in lists(document)
    assert "数据待核对：没有要核对的数据。" in below(document)


def test_hostile_file_names_stay_text(shop: Shop) -> None:
    """Formulas, and bytes that are no UTF-8."""
    returned(shop, "=1+1\udcff.xlsx", "二店/退回/x_退回.html")
    (row,) = table(shop.documents()[NAME], "退回未重报")
    assert row["文件"] == "=1+1\\udcff.xlsx"
