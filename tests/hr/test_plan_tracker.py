"""整改跟踪.xlsx: who owes a plan by when, who is late, and what came of last month's plans."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from appraisal.ledger.ledger import Transaction
from appraisal.ledger.records import Plan, RevisionKind
from appraisal.period import Period
from tests.builders.submissions import NOVEMBER
from tests.hr.hr_shop import FLAGSHIP, SECOND, Shop, above, opened, roster, table

NAME = "整改跟踪.xlsx"
DUE = date(2026, 12, 15)
OCTOBER = Period(2026, 10)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    """November issued on 8 December: KF011 and KF012 owe a plan by the 15th."""
    with opened(tmp_path) as one:
        one.month(last="KF012")
        one.issue()
        yield one


def states(shop: Shop, today: date) -> dict[str, tuple[str, object]]:
    """状态 and 逾期天数 by 工号."""
    rows = table(shop.documents(today=today)[NAME])
    return {one["工号"]: (one["状态"], one["逾期天数"]) for one in rows}


def plan_of(books: Transaction, staff: str) -> Plan:
    plan = books.plans.get(FLAGSHIP, NOVEMBER, staff)
    assert plan is not None
    return plan


def test_a_plan_is_expected_until_its_deadline_has_passed(shop: Shop) -> None:
    assert states(shop, DUE)["KF012"] == ("待提交", "—")
    assert states(shop, date(2026, 12, 18))["KF012"] == ("逾期", 3)


def test_deadline_is_a_date_and_the_day_of_the_list_is_told_with_its_weekday(shop: Shop) -> None:
    document = shop.documents(today=date(2026, 12, 18))[NAME]
    assert [one["提交截止"].date() for one in table(document)] == [DUE, DUE]
    assert "截至2026年12月18日（星期五）。应交2份：逾期2份。" in above(document)


def test_submitted_returned_and_accepted_plans_say_so(shop: Shop) -> None:
    """A plan that came late says by how many days; a returned one is owed again."""
    with shop.ledger.writing() as books:
        books.plans.submitted(plan_of(books, "KF011"), date(2026, 12, 17), "e" * 64)
        books.plans.returned(plan_of(books, "KF012"), date(2026, 12, 14), "f" * 64)
    assert states(shop, date(2026, 12, 18)) == {"KF011": ("待审核", 2), "KF012": ("退回补充", 3)}
    with shop.ledger.writing() as books:
        books.plans.accepted(plan_of(books, "KF012"), date(2026, 12, 19), "f" * 64)
    row = next(one for one in table(shop.documents()[NAME]) if one["工号"] == "KF012")
    assert (row["状态"], row["首次提交"].date(), row["审核日期"].date()) == (
        "已通过",
        date(2026, 12, 14),
        date(2026, 12, 19),
    )


def test_before_the_notice_is_issued_nobody_is_late(shop: Shop) -> None:
    shop.month(SECOND, staff=8, last="KF003")
    rows = table(shop.documents(today=date(2027, 3, 1))[NAME])
    second = [one for one in rows if one["考核组"] == SECOND]
    assert {one["状态"] for one in second} == {"待提交"}
    assert all("尚未下发" in one["备注"] for one in second)


def test_a_deadline_moved_by_a_correction_says_by_which(shop: Shop) -> None:
    shop.month(last="KF012", kind=RevisionKind.CORRECTION, on=date(2026, 12, 21))
    remarks = {one["备注"] for one in table(shop.documents()[NAME])}
    assert remarks == {"截止日期因第2版更正调整"}


def test_plans_of_earlier_months_are_listed_as_long_as_they_are_owed(shop: Shop) -> None:
    december = Period(2026, 12)
    shop.month(period=december, last="KF012")
    with shop.ledger.writing() as books:
        books.plans.accepted(plan_of(books, "KF011"), date(2026, 12, 14), "e" * 64)
    rows = table(shop.documents(december, today=date(2027, 1, 10))[NAME])
    assert [(one["考核月份"], one["工号"]) for one in rows] == [
        ("2026-11", "KF012"),
        ("2026-12", "KF011"),
        ("2026-12", "KF012"),
    ]


# ------------------------------------------------------------------------------------------ review


@pytest.fixture
def two_months(tmp_path: Path) -> Iterator[Shop]:
    """KF012 was last in October and owed a plan; in November it is an ordinary month."""
    with opened(tmp_path, people=roster(旗舰店=12)) as one:
        one.month(period=OCTOBER, last="KF012")
        one.issue(period=OCTOBER)
        one.month()
        yield one


def reviewed(shop: Shop, **promised: str) -> dict[str, tuple[object, object]]:
    """方案目标 and 复核 of KF012 by 项目."""
    with shop.ledger.writing() as books:
        plan = books.plans.get(FLAGSHIP, OCTOBER, "KF012")
        assert plan is not None
        books.plans.accepted(plan, date(2026, 11, 12), "e" * 64, promised)
    rows = table(shop.documents()[NAME], "上月方案复核")
    return {one["项目"]: (one["方案目标"], one["复核"]) for one in rows if one["工号"] == "KF012"}


def test_last_months_plan_stands_beside_this_months_figures(two_months: Shop) -> None:
    """The score and what the plan asked about, also where nothing was promised."""
    rows = table(two_months.documents()[NAME], "上月方案复核")
    score = next(one for one in rows if one["工号"] == "KF012")
    assert score["项目"] == "综合得分"
    assert score["10月实际"].endswith("（第12名）")
    assert not score["11月实际"].endswith("（第12名）")
    asked = [one for one in rows if one["工号"] == "KF012"][1:]
    assert "平均响应时间" in {one["项目"] for one in asked}
    assert {one["方案目标"] for one in asked} == {None}


@pytest.mark.parametrize(
    ("indicator", "aim", "verdict"),
    [
        ("平均响应时间", "300秒", "达到"),
        ("平均响应时间", "≤5分钟", "达到"),
        ("平均响应时间", "1秒", "部分达到"),
        ("咨询转化率", "30%", "达到"),
        ("咨询转化率", "99%", "部分达到"),
        ("报表整体质量", "6分", "部分达到"),
        ("报表整体质量", "1", "达到"),
        ("咨询转化率", "比上月好", None),
    ],
)
def test_a_promise_is_compared_as_the_person_wrote_it(
    two_months: Shop, indicator: str, aim: str, verdict: str | None
) -> None:
    """Lower is better for times; better than before but short of the aim is partly; no number, no verdict."""
    assert reviewed(two_months, **{indicator: aim})[indicator] == (aim, verdict)


def test_a_promise_missed_without_any_progress_is_missed(tmp_path: Path) -> None:
    with opened(tmp_path) as shop:
        shop.month(period=OCTOBER, last="KF012")
        shop.issue(period=OCTOBER)
        shop.month(last="KF012")
        assert reviewed(shop, 咨询转化率="30%")["咨询转化率"] == ("30%", "未达到")


def test_people_who_are_gone_this_month_are_not_reviewed(tmp_path: Path) -> None:
    with opened(tmp_path) as shop:
        shop.month(period=OCTOBER, last="KF012")
        shop.issue(period=OCTOBER)
        shop.month(staff=11)
        rows = table(shop.documents()[NAME], "上月方案复核")
    assert "KF012" not in {one["工号"] for one in rows}
