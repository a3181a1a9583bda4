"""What a rectification plan asks about: where the person lost most points."""

from decimal import Decimal

import pytest

from appraisal.publish.points_explained import FEWEST, MOST, weak_indicators
from tests.builders.months import month
from tests.builders.schemes import changed, month_of_values, one_value_scheme, scheme_of
from tests.builders.submissions import staff_id, submission

EVERYBODY = [staff_id(number) for number in range(1, 13)]


def weak(*, data: dict[str, str] | None = None, marks: dict[str, str] | None = None, scheme=None):
    """The weaknesses of KF001 with some of the worked example's figures and marks changed."""
    cells = {("考核数据", "KF001", name): Decimal(value) for name, value in (data or {}).items()}
    cells |= {("店长评分", "KF001", name): Decimal(value) for name, value in (marks or {}).items()}
    filled = submission(scheme=scheme, cells=cells) if scheme else submission(cells=cells)
    return weak_indicators(month(filled, scheme=scheme), "KF001")


def one_value(band: str, value: str, *, unit: str = "number"):
    """The weaknesses of one of four people in a scheme of one indicator."""
    scheme = one_value_scheme(f'bands: ["{band}: 100", "else: 0"]', value="甲", unit=unit)
    filled = month_of_values(scheme, *[{"甲": value}, {"甲": "1"}, {"甲": "2"}, {"甲": "3"}])
    return weak_indicators(month(filled, scheme=scheme), "KF001")


@pytest.mark.parametrize("staff", EVERYBODY)
def test_most_points_lost_come_first(staff):
    """At least two and at most four, in the order of what they cost."""
    found = weak_indicators(month(), staff)
    assert FEWEST <= len(found) <= MOST
    lost = [one.lost for one in found]
    assert lost == sorted(lost, reverse=True)
    assert min(lost) > 0


@pytest.mark.parametrize("staff", EVERYBODY)
def test_nothing_that_cost_more_is_left_out(staff):
    """Every indicator that is not named lost no more than the last one that is."""
    this = month()
    found = weak_indicators(this, staff)
    named = {one.indicator.name for one in found}
    for indicator in this.scheme.indicators:
        result = this.result.person(staff).indicators[indicator.name]
        earned = sum(one.weight * result.points[one.name] for one in this.scheme.reviewers)
        assert indicator.name in named or indicator.points - earned <= found[-1].lost


def test_the_list_ends_when_three_quarters_are_named():
    """Two indicators that explain nearly everything are enough."""
    best = {"平均响应时间": "15", "订单总金额": "99000", "有责投诉数": "0", "责任异常订单数": "0"}
    best |= {
        "成功退款金额": "0",
        "有效订单数": "500",
        "询单流失人数": "200",
        "付款人数": "470",
        "下单人数": "480",
    }
    full = {"报表上交及时性": "6", "报表数据真实性": "8", "报表整体质量": "6"}
    found = weak(data=best | {"接待人数": "2400", "询单人数": "2000"}, marks=full | {"报表上交及时性": "0"})
    assert [one.indicator.name for one in found] == ["咨询转化率", "报表上交及时性"]


def test_judged_items_count_with_their_weighted_mark():
    """Self 8 and manager 0 of 8 points: 2.4 are earned, 5.6 lost."""
    found = weak(marks={"报表数据真实性": "0"})
    judged = next(one for one in found if one.indicator.name == "报表数据真实性")
    assert judged.lost == Decimal("5.60")
    assert (judged.value_in_print, judged.goal_in_print, judged.gap_in_print) == ("2.4分", "6分", "差3.6分")


def test_what_does_not_apply_is_no_weakness():
    """An indicator that was not counted cost nothing."""
    names = {one.indicator.name for one in weak(data={"询单人数": "20", "询单流失人数": "10"})}
    assert "咨询转化率" not in names


def test_the_goal_is_the_target_for_whom_misses_it():
    """Goal, value and gap are printed in the indicator's unit."""
    found = {one.indicator.name: one for one in weak(data={"付款人数": "320", "平均响应时间": "58"})}
    rate, time = found["咨询转化率"], found["平均响应时间"]
    assert (rate.goal_in_print, rate.value_in_print, rate.gap_in_print) == (
        "≥50.00%",
        "40.00%",
        "差10.00个百分点",
    )
    assert (time.goal_in_print, time.value_in_print, time.gap_in_print) == ("≤30.0秒", "58.0秒", "差28.0秒")


def test_the_goal_is_the_best_band_for_whom_has_reached_the_target():
    """Points were lost all the same: the next thing to reach is said, in the band's own words."""
    (rate, *_) = [one for one in weak(data={"付款人数": "416"}) if one.indicator.name == "咨询转化率"]
    assert (rate.value_in_print, rate.goal_in_print, rate.gap_in_print) == (
        "52.00%",
        "≥60.00%",
        "差8.00个百分点",
    )


def test_without_anything_to_reach_the_goal_is_a_dash():
    """A value at an exclusive threshold is beyond every goal that has a number."""
    (found,) = one_value(">60", "60")
    assert (found.goal_in_print, found.gap_in_print) == ("—", "—")


def test_who_lost_nothing_has_no_weakness():
    """Full points everywhere leave nothing to put right."""
    assert one_value(">=60", "70") == ()


def test_the_indicators_are_those_of_the_scheme():
    """Another scheme, other weights: only the rules decide."""
    heavy = scheme_of(changed(("weight: 30%", "weight: 100%"), ("weight: 70%", "weight: 0%")))
    judged = {one.indicator.name: one.lost for one in weak(marks={"报表数据真实性": "0"}, scheme=heavy)}
    assert "报表数据真实性" not in judged
