"""The shipped scheme is 表二 of the source: 13 indicators, 100 points, two reviewers, four outcomes."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from appraisal.period import Period
from appraisal.scheme.forms.submission import submission_form
from appraisal.scheme.model.outcome_rules import OutcomeType
from appraisal.scheme.model.units import number_text
from tests.builders.schemes import SHOP_TEXT, mistakes_in, scheme_of

SHOP = scheme_of(SHOP_TEXT)

TABLE_TWO = """
服务类/旺旺沟通 咨询转化率     16 ≥60.00%:16 ≥55.00%:14 ≥50.00%:12 ≥45.00%:9 ≥40.00%:6 ≥35.00%:3 其他:0
服务类/旺旺沟通 平均响应时间   10 ≤20.0秒:10 ≤25.0秒:9 ≤30.0秒:8 ≤40.0秒:6 ≤50.0秒:4 ≤60.0秒:2 其他:0
服务类/旺旺沟通 客户流失率     4  ≤35.00%:4 ≤45.00%:3 ≤55.00%:2 ≤65.00%:1 其他:0
服务类/订单类   订单总金额     12 ≥100.00%:12 ≥90.00%:10 ≥80.00%:8 ≥70.00%:6 ≥60.00%:4 ≥50.00%:2 其他:0
服务类/订单类   有效订单比重   5  ≥97.00%:5 ≥94.00%:4 ≥90.00%:3 ≥85.00%:2 ≥80.00%:1 其他:0
服务类/订单类   付款比例       8  ≥95.00%:8 ≥90.00%:7 ≥85.00%:5 ≥80.00%:3 其他:0
服务类/订单类   退款比例       6  ≤3.00%:6 ≤5.00%:5 ≤8.00%:4 ≤12.00%:2 ≤15.00%:1 其他:0
服务类/订单类   平均客单价     7  ≥1.150:7 ≥1.080:6 ≥1.000:5 ≥0.950:3 ≥0.900:1 其他:0
服务类/其他类   顾客投诉比重   8  ≤0.00%:8 ≤0.40%:6 ≤1.00%:4 ≤1.50%:2 其他:0
服务类/其他类   异常订单比重   4  ≤0.50%:4 ≤1.00%:3 ≤2.00%:2 ≤3.00%:1 其他:0
管理类          报表上交及时性 6
管理类          报表数据真实性 8
管理类          报表整体质量   6
"""


def test_it_is_without_mistakes() -> None:
    """The file that we hand out loads clean."""
    assert mistakes_in(SHOP_TEXT) == ()


def test_its_indicators_points_and_bands_are_those_of_table_two() -> None:
    """Every weight and every threshold, line by line."""
    written = []
    for section, inner, one in SHOP.leaves():
        bands = [
            f"{row.words}:{number_text(row.points)}"
            for row in one.method.standard(one.measure)
            if row.points is not None
        ]
        place = f"{section}/{inner}" if inner else section
        written.append([place, one.name, number_text(one.points), *bands])
    assert written == [line.split() for line in TABLE_TWO.strip().splitlines()]
    assert (len(SHOP.indicators), SHOP.full_points) == (13, 100)


def test_eighty_points_are_computed_and_twenty_judged() -> None:
    """The three 管理类 items are the reviewers'."""
    assert sum(one.points for one in SHOP.judged_by()) == 20
    assert [one.name for one in SHOP.judged_by()] == ["报表上交及时性", "报表数据真实性", "报表整体质量"]


def test_both_reviewers_with_weight_and_focus() -> None:
    """自评 30%, 店长 70%; the manager's mark stands in for a self mark that never came."""
    assert [(one.name, one.weight, one.focus, one.if_absent) for one in SHOP.reviewers] == [
        ("自评", Decimal("0.3"), "工作任务完成情况", "店长"),
        ("店长", Decimal("0.7"), "工作绩效、工作能力、工作协作性、服务性", None),
    ]


def test_the_outcomes_of_the_source() -> None:
    """第一名 +100, 最后一名 −100 from 当月提成, 后两名 a plan in a week, three months last: consider."""
    rules = [(one.when, one.do, one.amount, one.from_, one.days) for one in SHOP.outcomes.rules]
    assert rules == [
        ("first", OutcomeType.REWARD, 100, None, None),
        ("last", OutcomeType.DEDUCT, 100, "当月提成", None),
        ("bottom 2", OutcomeType.RECTIFICATION, None, None, 7),
        ("last 3 months running", OutcomeType.CONSIDER_TRANSFER, None, None, None),
    ]
    assert SHOP.outcomes.minimum == 4
    assert SHOP.outcomes.rules[3].months_running == 3
    assert SHOP.outcomes.rules[2].lowest_places == 2


def test_ranking_by_default_has_no_tie_break() -> None:
    """Competition places; sixty of the hundred points must be applicable."""
    assert (SHOP.ranking.ties, SHOP.ranking.minimum_points, SHOP.ranking.break_by) == ("competition", 60, ())


def test_small_samples_count_only_where_customers_asked() -> None:
    """Under thirty inquiries, conversion and loss say nothing."""
    guarded = {one.name: one.min_denominator for one in SHOP.indicators if one.min_denominator is not None}
    assert guarded == {"咨询转化率": 30, "客户流失率": 30}


def test_the_first_month_is_the_first_full_one() -> None:
    """In force from 7 June: July is the first month appraised."""
    assert SHOP.effective_from == date(2020, 6, 7)
    assert SHOP.first_period == Period(2020, 7)


def test_a_scheme_in_force_from_the_first_of_a_month_begins_with_it() -> None:
    """The month is full."""
    later = scheme_of(SHOP_TEXT.replace("2020-06-07", "2020-06-01"))
    assert later.first_period == Period(2020, 6)


def test_every_indicator_has_a_target() -> None:
    """For the notice's weak points and the plans."""
    assert {one.name: one.target_value for one in SHOP.indicators if one.target_value is None} == {}


def test_the_sheets_that_people_fill() -> None:
    """The names that managers know."""
    assert [sheet.name for sheet in submission_form(SHOP).sheets] == [
        "考核数据",
        "自评",
        "店长评分",
        "抽访记录",
    ]
