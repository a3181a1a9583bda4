"""From a month's workbook to points, totals and the final score."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appraisal.scheme.model.scheme import Scheme
from appraisal.scoring.outcomes import Issue
from appraisal.scoring.results import GroupResult, History, StaffResult
from appraisal.scoring.scoring import score_group
from tests.builders.schemes import (
    SHOP_TEXT,
    changed,
    month_of_finals,
    month_of_values,
    one_mark_scheme,
    one_value_scheme,
    scheme_of,
)
from tests.builders.submissions import online_shop, submission

ISSUE = Issue(date(2026, 12, 3))


NO_ORDERS = {
    ("考核数据", "KF001", name): Decimal(0) for name in ("已付款订单数", "有效订单数", "责任异常订单数")
}
"""KF001 without a paid order: two items of 9 points in all fall away, 91 remain."""

NO_CUSTOMERS = {
    ("考核数据", "KF001", name): Decimal(0)
    for name in ("接待人数", "询单人数", "询单流失人数", "下单人数", "付款人数", "已付款订单数", "有效订单数",
                 "订单总金额", "成功退款金额", "有责投诉数", "责任异常订单数")
}  # fmt: skip
"""KF001 without anything to judge by: 平均响应时间 10, 订单总金额 12 and the marks 20 remain."""


def scored(month: Any, scheme: Scheme | None = None) -> GroupResult:
    return score_group(month, scheme or online_shop(), History(), ISSUE)


def person(at: str = "KF001", **options: Any) -> StaffResult:
    """One person of a month of four (KF001 is the worked example)."""
    return scored(submission(**{"staff": 4} | options)).person(at)


def points(who: StaffResult, reviewer: str = "店长") -> list[Decimal | None]:
    return [one.points.get(reviewer) for one in who.indicators.values()]


# ------------------------------------------------------------------------------- the worked example


def test_the_worked_example_gives_62_points_from_data() -> None:
    """接待1200 询单800 下单480 付款432 …: the ten data items as the rule file's author worked them by hand."""
    assert points(person())[:10] == [12, 8, 3, 10, 4, 7, 5, 5, 6, 2]
    assert sum(points(person())[:10], Decimal(0)) == 62


def test_the_worked_example_totals() -> None:
    """自评 81.00, 店长 77.00, final 0.3 × 81 + 0.7 × 77 = 78.20, each with two decimals."""
    who = person()
    assert {name: str(total) for name, total in who.reviewers.items()} == {"自评": "81.00", "店长": "77.00"}
    assert str(who.final) == "78.20"


def test_data_count_alike_for_both_reviewers_and_marks_do_not() -> None:
    """Only the judged items differ between 自评 and 店长."""
    who = person()
    assert points(who, "自评")[:10] == points(who, "店长")[:10]
    assert (points(who, "自评")[10:], points(who, "店长")[10:]) == ([6, 8, 5], [5, 6, 4])


def test_values_are_rounded_as_they_are_printed() -> None:
    """Percent to 0.01 %, ratio to 0.001, seconds to 0.1."""
    values = {name: str(one.value) for name, one in person().indicators.items() if one.value is not None}
    assert values == {
        "咨询转化率": "0.5400",
        "平均响应时间": "28.0",
        "客户流失率": "0.4000",
        "订单总金额": "0.9600",
        "有效订单比重": "0.9600",
        "付款比例": "0.9000",
        "退款比例": "0.0400",
        "平均客单价": "1.053",
        "顾客投诉比重": "0.0025",
        "异常订单比重": "0.0120",
    }


def test_the_sections_show_weighted_points() -> None:
    """服务类 62; 管理类 0.3 × 19 + 0.7 × 15 = 16.20."""
    assert {name: str(points) for name, points in person().sections.items()} == {
        "服务类": "62.00",
        "管理类": "16.20",
    }


def test_the_result_names_its_month_and_rules() -> None:
    """Whose, when, by which version, issued when."""
    result = scored(submission(staff=4))
    assert (result.scheme, result.version, result.group, str(result.period)) == (
        "online-shop",
        1,
        "旗舰店",
        "2026-11",
    )
    assert (result.revision, result.issued) == (1, date(2026, 12, 3))


# ----------------------------------------------------------------------------------- banding edges


@pytest.mark.parametrize(
    ("paid", "asked", "value", "earned"),
    [
        ("55", "100", "0.5500", 14),
        ("54994", "100000", "0.5499", 12),
        ("54995", "100000", "0.5500", 14),
        ("5499", "10000", "0.5499", 12),
    ],
)
def test_a_value_is_banded_as_it_is_printed(paid: str, asked: str, value: str, earned: int) -> None:
    """54.995 % prints 55.00 % and earns what 55.00 % earns: the reader's calculator agrees."""
    bands = 'bands: [">=60%: 16", ">=55%: 14", ">=50%: 12", "else: 0"]'
    scheme = one_value_scheme(bands, points="16")
    (who,) = scored(month_of_values(scheme, {"甲": paid, "乙": asked}), scheme).staff
    one = who.indicators["得分项"]
    assert (str(one.value), one.points["店长"]) == (value, earned)


# -------------------------------------------------------------------------------- not applicable


def test_a_zero_denominator_is_not_applicable_and_the_rest_is_rescaled() -> None:
    """No paid orders: 有效订单比重 (5) and 异常订单比重 (4) fall away; 100 × earned ÷ 91."""
    who = person(cells=NO_ORDERS)
    assert who.indicators["有效订单比重"].reason == "已付款订单数为0，无法计算"
    assert not who.indicators["异常订单比重"].applicable
    assert str(who.reviewers["自评"]) == "82.42"  # 100 × (81 − 4 − 2) ÷ 91 = 82.4175…
    assert str(who.reviewers["店长"]) == "78.02"  # 100 × (77 − 4 − 2) ÷ 91 = 78.0219…
    assert str(who.final) == "79.34"  # 0.3 × 82.42 + 0.7 × 78.02 = 79.340
    assert who.ranked


def test_the_zero_among_several_divisors_is_named() -> None:
    """平均客单价 divides by 付款人数 and by the shop's price."""
    nobody_paid = {("考核数据", "KF001", "付款人数"): Decimal(0)}
    assert person(cells=nobody_paid).indicators["平均客单价"].reason == "付款人数为0，无法计算"


@pytest.mark.parametrize(("asked", "applicable"), [("30", True), ("29", False), ("0", False)])
def test_a_small_sample_is_not_applicable(asked: str, *, applicable: bool) -> None:
    """Under thirty inquiries 咨询转化率 and 客户流失率 do not count; thirty are enough."""
    cells = {
        ("考核数据", "KF001", name): Decimal(asked)
        for name in ("询单人数", "询单流失人数", "付款人数", "下单人数")
    }
    conversion = person(cells=cells).indicators["咨询转化率"]
    assert conversion.applicable == applicable
    assert conversion.reason == (None if applicable else f"样本太少（询单人数{asked}，不足30）")
    assert bool(conversion.points) == applicable


def test_too_few_applicable_points_are_scored_but_not_ranked() -> None:
    """Without any customer only 42 of the 100 points remain, under the 60 that are wanted."""
    who = person(cells=NO_CUSTOMERS)
    assert (who.ranked, who.rank) == (False, None)
    assert who.reason == "可计分指标不足（可计42分，少于60分）"
    assert who.final is not None


def test_exactly_the_minimum_of_points_is_enough() -> None:
    """`minimum_points: 42` lets the same person in."""
    scheme = scheme_of(changed(("minimum_points: 60", "minimum_points: 42")))
    month = submission(staff=4, cells=NO_CUSTOMERS)
    assert scored(month, scheme).person("KF001").ranked


# ------------------------------------------------------------------------------------ who takes part


def test_who_does_not_take_part_and_has_no_data_has_no_score() -> None:
    """No final, no rank, and the reason as typed."""
    who = person("KF002", statuses={"KF002": "试用期"})
    assert (who.ranked, who.reason, who.rank, who.final) == (False, "试用期", None, None)
    assert set(who.reviewers.values()) == {None}
    assert {one.reason for one in who.indicators.values()} == {"没有考核数据"}
    assert who.sections == {}


def test_who_does_not_take_part_but_has_data_is_scored_and_not_ranked() -> None:
    """The figures are told to the person; the place goes to nobody else's cost."""
    kept = person("KF002", statuses={"KF002": "当月调动"}, keep_data={"KF002"})
    assert kept.final == person("KF002").final is not None
    assert (kept.ranked, kept.reason, kept.rank) == (False, "当月调动", None)


def test_who_is_not_ranked_moves_nobody() -> None:
    """The others' places are counted among themselves, in the workbook's order of rows."""
    finals = month_of_finals("90", "100", "80", "70", statuses={"KF002": "兼职外包"}, keep_data={"KF002"})
    result = scored(finals, one_mark_scheme())
    assert [one.rank for one in result.staff] == [1, None, 2, 3]
    assert [one.id for one in result.ranked] == ["KF001", "KF003", "KF004"]
    assert [one.id for one in result.not_ranked] == ["KF002"]


# -------------------------------------------------------------------------------------- reviewers


def test_a_self_review_that_never_came_is_taken_at_the_managers_mark() -> None:
    """逾期未评: 自评 counts what 店长 gave, and the result says so for every paper."""
    who = person(absent={"KF001"})
    assert who.reviewers == {"自评": Decimal("77.00"), "店长": Decimal("77.00")}
    assert str(who.final) == "77.00"
    assert who.stood_in == {"自评": "店长"}


def test_a_self_review_that_came_stands_for_itself() -> None:
    """Nobody stands in."""
    assert person().stood_in == {}


def test_the_final_is_computed_from_the_totals_as_printed() -> None:
    """0.3 × 76.92 + 0.7 × 75.05 = 75.611 prints 75.61; from the unrounded totals it would be 75.62."""
    cells = NO_ORDERS | {
        ("自评", "KF001", "报表整体质量"): Decimal(0),
        ("店长评分", "KF001", "报表整体质量"): Decimal("1.3"),
    }
    who = person(cells=cells)
    assert [str(total) for total in who.reviewers.values()] == ["76.92", "75.05"]
    assert str(who.final) == "75.61"


def test_a_half_of_the_last_decimal_goes_up() -> None:
    """0.5 × 80.10 + 0.5 × 77.01 = 78.555 prints 78.56."""
    scheme = scheme_of(changed(("weight: 30%", "weight: 50%"), ("weight: 70%", "weight: 50%")))
    cells = {
        ("自评", "KF001", "报表整体质量"): Decimal("4.1"),
        ("店长评分", "KF001", "报表整体质量"): Decimal("4.01"),
    }
    assert str(scored(submission(staff=4, cells=cells), scheme).person("KF001").final) == "78.56"


# ------------------------------------------------------------------------------------- group figures


def test_the_typed_shop_price_is_used() -> None:
    """店铺客单价 190: 200 ÷ 190 = 1.053."""
    assert str(person(labels={"店铺客单价": Decimal(190)}).indicators["平均客单价"].value) == "1.053"


def test_a_blank_shop_price_is_the_groups_own() -> None:
    """Σ订单总金额 ÷ Σ付款人数 over everyone who has the figures."""
    month = submission(staff=2, labels={"店铺客单价": None}, cells={
        ("考核数据", "KF002", "订单总金额"): Decimal(64800), ("考核数据", "KF002", "付款人数"): Decimal(432),
    })  # fmt: skip
    # The group's price is (86,400 + 64,800) ÷ 864 = 175; 200 ÷ 175 = 1.142857…
    assert str(scored(month).person("KF001").indicators["平均客单价"].value) == "1.143"


def test_group_figures_count_everyone_with_data_ranked_or_not() -> None:
    """Someone on trial who sold belongs to the shop's price."""
    options: dict[str, Any] = {"staff": 3, "labels": {"店铺客单价": None}, "statuses": {"KF003": "试用期"}}
    with_data = scored(submission(**options, keep_data={"KF003"})).person("KF001")
    without = scored(submission(**options)).person("KF001")
    assert with_data.indicators["平均客单价"].value != without.indicators["平均客单价"].value


# --------------------------------------------------------------------------------- another method


def test_a_scheme_of_deductions_is_scored_end_to_end() -> None:
    """40 points, 10 for each late report, nothing from the third on; the rest is judged in full."""
    scheme = one_value_scheme("deduct: {each: 10, void_from: 3}", value="甲", unit="count", points="40")
    month = month_of_values(scheme, *({"甲": events} for events in ("0", "1", "2", "3", "7")))
    result = scored(month, scheme)
    assert [one.indicators["得分项"].points["店长"] for one in result.staff] == [40, 30, 20, 0, 0]
    assert [str(one.final) for one in result.staff] == ["100.00", "90.00", "80.00", "60.00", "60.00"]
    assert [one.rank for one in result.staff] == [1, 2, 3, 4, 4]


# ------------------------------------------------------------------------------------------- laws


@settings(max_examples=25)
@given(st.permutations(range(1, 7)))
def test_the_order_of_the_people_changes_nobodys_result(order: list[int]) -> None:
    """Sorted or not, everyone has the same points, total and place."""
    month = submission(staff=6)
    tables = {}
    for name, table in month.tables.items():
        rows = {row.values["工号"]: row for row in table.rows}
        mixed = [rows[f"KF{number:03}"] for number in order if f"KF{number:03}" in rows]
        tables[name] = type(table)(table.sheet, table.columns, tuple(mixed))
    before, after = scored(month), scored(replace(month, tables=tables))
    for one in before.staff:
        assert after.person(one.id) == one


@settings(max_examples=50)
@given(
    st.lists(
        st.integers(min_value=0, max_value=60).map(lambda tenth: Decimal(tenth) / 10), min_size=2, max_size=2
    )
)
def test_totals_stay_between_nothing_and_a_hundred(marks: list[Decimal]) -> None:
    """And the final lies between the two reviewers' totals."""
    cells = {
        ("自评", "KF001", "报表整体质量"): marks[0],
        ("店长评分", "KF001", "报表整体质量"): marks[1],
    }
    who = person(staff=1, cells=cells)
    totals = [total for total in who.reviewers.values() if total is not None]
    assert who.final is not None
    assert 0 <= min(totals) <= who.final <= max(totals) <= 100


def test_the_shipped_file_and_its_text_are_the_same_scheme() -> None:
    """The builders of these tests agree with each other."""
    assert scheme_of(SHOP_TEXT) == online_shop()
