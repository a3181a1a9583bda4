"""发放明细: what is paid or taken in one month of payment, whatever months it is about."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from appraisal.hr.payments import Payment, Payments, payment_lists, payments_csv, payments_workbook
from appraisal.ledger.records import MoneyLine, OutcomeKey, RevisionKind
from appraisal.period import Period
from appraisal.scheme.model.outcome_rules import OutcomeType
from tests.builders.submissions import NOVEMBER
from tests.hr.hr_shop import Shop, above, lines, opened, table
from tests.libreoffice import poisoned, recalculated

OCTOBER, DECEMBER = Period(2026, 10), Period(2026, 12)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    """October is issued in November, and corrected in December while November is issued; KF012 is the last."""
    with opened(tmp_path) as one:
        one.month(period=OCTOBER, last="KF012")
        one.issue(period=OCTOBER)
        one.month(last="KF012")
        one.issue()
        one.month(period=OCTOBER, last="KF011", kind=RevisionKind.CORRECTION, on=date(2026, 12, 9))
        yield one


def lists(shop: Shop, *about: Period) -> dict[str, bytes]:
    with shop.ledger.reading() as books:
        return payment_lists(books, about, ids_are_own=shop.roster is None)


def line(staff: str, amount: str, group: str = "旗舰店", **changes: object) -> Payment:
    kind = OutcomeType.REWARD if Decimal(amount) > 0 else OutcomeType.DEDUCT
    values: dict[str, object] = {
        "key": OutcomeKey(group, NOVEMBER, staff, kind),
        "sequence": 1,
        "amount": Decimal(amount),
        "reverses": None,
        "revision": 1,
        "reason": "综合排名第一名",
        "recorded_on": date(2026, 12, 8),
        "paid_in": DECEMBER,
        "capped_by_payroll": False,
    }
    return Payment(MoneyLine(**(values | changes)), "张三")  # type: ignore[arg-type]


def test_a_month_of_payment_has_all_that_is_moved_in_it(shop: Shop) -> None:
    """The reversal of October's deduction stands beside November's own."""
    document = lists(shop, NOVEMBER)["2026-12.xlsx"]
    told = [tuple(row[name] for name in ("工号", "考核月份", "金额", "执行/冲回")) for row in table(document)]
    assert told == [
        ("KF001", "2026-11", 100, "执行"),
        ("KF011", "2026-10", -100, "执行"),
        ("KF012", "2026-10", 100, "冲回"),
        ("KF012", "2026-11", -100, "执行"),
        ("合计", None, 0, None),
    ]


def test_each_person_has_a_total(shop: Shop) -> None:
    document = lists(shop, NOVEMBER)["2026-12.xlsx"]
    people = {row["工号"]: (row["笔数"], row["合计"]) for row in table(document, "按人合计")}
    assert people == {"KF001": (1, 100), "KF011": (1, -100), "KF012": (2, 0), "合计": (4, 0)}


def test_a_list_that_was_paid_never_changes(shop: Shop) -> None:
    """What the correction takes back stays as paid in November; the reversal is December's."""
    assert [(row["工号"], row["执行/冲回"]) for row in lines(lists(shop, OCTOBER)["2026-11.csv"])] == [
        ("KF001", "执行"),
        ("KF012", "执行"),
    ]


def test_what_is_not_issued_or_held_is_in_no_list(tmp_path: Path) -> None:
    with opened(tmp_path) as shop:
        shop.month(last="KF012")
        assert lists(shop, NOVEMBER) == {}


def test_internal_numbers_are_in_the_csv_alone(shop: Shop) -> None:
    documents = lists(shop, NOVEMBER)
    assert not {"编号", "笔次", "版次"} & set(table(documents["2026-12.xlsx"])[0])
    assert [row["编号"] for row in lines(documents["2026-12.csv"])][2:] == [
        "2026-10/旗舰店/KF012/deduct",
        "2026-11/旗舰店/KF012/deduct",
    ]


def test_ids_keep_their_zeros() -> None:
    """007 and 7 are two people. Of the CSV, a spreadsheet may read 007 as 7, but not 张三（007）."""
    payments = Payments(DECEMBER, (line("007", "100"), line("7", "30")), ids_are_own=False)
    document = payments_workbook(payments)
    assert [row["工号"] for row in table(document)] == ["007", "7", "合计"]
    assert "同名的 .csv 供工资软件导入，请不要用 Excel 打开" in above(document)
    assert [row["合计"] for row in table(document, "按人合计")] == [100, 30, 130]
    assert [(row["工号"], row["人员"]) for row in lines(payments_csv(payments))] == [
        ("007", "张三（007）"),
        ("7", "张三（7）"),
    ]


def test_an_amount_that_finance_settles_says_so() -> None:
    """The commission is not known, so the amount is an upper limit; what the reason says is not said twice."""
    capped = line("007", "-50", capped_by_payroll=True)
    told = line("007", "-50", capped_by_payroll=True, reason="综合排名最后一名；由财务按实际提成核定")
    rows = table(payments_workbook(Payments(DECEMBER, (capped, told), ids_are_own=False)))
    assert [row["依据"] for row in rows[:2]] == ["综合排名第一名（由财务按实际提成核定）", told.line.reason]


@pytest.mark.parametrize("name", ["=1+1", "@SUM(A1)", "\t=1"])
def test_no_cell_of_the_csv_begins_like_a_formula(name: str) -> None:
    payments = Payments(DECEMBER, (Payment(line("-1", "-50").line, name),), ids_are_own=False)
    (read,) = lines(payments_csv(payments))
    assert (read["姓名"], read["人员"], read["工号"], read["金额"]) == (
        f"'{name}",
        f"'{name}（-1）",
        "'-1",
        "-50",
    )


def test_without_a_roster_the_same_id_in_another_group_is_another_person() -> None:
    both = (line("KF001", "100"), line("KF001", "30", "二店"))
    apart, together = (payments_workbook(Payments(DECEMBER, both, ids_are_own=own)) for own in (True, False))
    assert [row["合计"] for row in table(apart, "按人合计")] == [30, 100, 130]
    person = table(together, "按人合计")[0]
    assert (person["考核组"], person["合计"]) == ("旗舰店、二店", 130)


@pytest.mark.libreoffice
def test_the_totals_live() -> None:
    """LibreOffice comes to the same, 007 and 7 apart."""
    payments = Payments(
        DECEMBER, (line("007", "100"), line("7", "30"), line("7", "-20", "二店")), ids_are_own=True
    )
    again = recalculated(poisoned(payments_workbook(payments)))
    assert [row["合计"] for row in table(again, "按人合计")] == [-20, 100, 30, 110]
