"""Every point explained: how the value came about, where it stands, what the next band takes."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appraisal.intake.submission import Submission
from appraisal.scheme.model.scheme import Scheme
from appraisal.scoring.explanation import Explanation, explain
from appraisal.scoring.outcomes import Issue
from appraisal.scoring.results import History, IndicatorResult
from appraisal.scoring.scoring import GroupFigures, score_group
from tests.builders.schemes import month_of_values, one_value_scheme, only_indicator
from tests.builders.submissions import online_shop, submission


def explained(month: Submission, scheme: Scheme, name: str, staff: str = "KF001") -> Explanation:
    figures = GroupFigures(month, scheme)
    indicator = next(one for one in scheme.indicators if one.name == name)
    return explain(figures, indicator, staff, result_of(month, scheme, name, staff))


def result_of(month: Submission, scheme: Scheme, name: str, staff: str = "KF001") -> IndicatorResult:
    group = score_group(month, scheme, History(), Issue(date(2026, 12, 3)))
    return group.person(staff).indicators[name]


def shop(name: str, **options: Any) -> Explanation:
    """One line of the slip of KF001, the worked example."""
    return explained(submission(**{"staff": 4} | options), online_shop(), name)


def step(scheme: Scheme, **row: str | None) -> str:
    """到下一档 of one person of a small scheme."""
    return explained(month_of_values(scheme, row), scheme, "得分项").next_step


SHARE = one_value_scheme('bands: [">=60%: 100", ">=55%: 80", ">=50%: 60", "else: 0"]')


@pytest.mark.parametrize(
    ("name", "how", "standing", "next_step"),
    [
        ("咨询转化率", "付款人数432 ÷ 询单人数800 = 54.00%", "≥50.00%", "再多8人付款，可得14分"),
        ("平均响应时间", "平均响应时间28.0秒", "≤30.0秒", "降到25.0秒（差3.0秒），可得9分"),
        ("客户流失率", "询单流失人数320 ÷ 询单人数800 = 40.00%", "≤45.00%", "再少40人询单流失，可得4分"),
        (
            "订单总金额",
            "订单总金额86,400 ÷ 个人月目标90,000 = 96.00%",
            "≥90.00%",
            "订单总金额再多3,595.50元，可得12分",
        ),
        ("有效订单比重", "有效订单数480 ÷ 已付款订单数500 = 96.00%", "≥94.00%", "有效订单数再多5，可得5分"),
        ("付款比例", "付款人数432 ÷ 下单人数480 = 90.00%", "≥90.00%", "再多24人付款，可得8分"),
        (
            "退款比例",
            "成功退款金额3,456 ÷ 订单总金额86,400 = 4.00%",
            "≤5.00%",
            "成功退款金额再少859.69元，可得6分",
        ),
        (
            "平均客单价",
            "订单总金额86,400 ÷ 付款人数432 ÷ 店铺客单价190 = 1.053",
            "≥1.000",
            "达到1.080（差0.027），可得6分",
        ),
        ("顾客投诉比重", "有责投诉数3 ÷ 接待人数1,200 = 0.25%", "≤0.40%", "有责投诉数再少3，可得8分"),
        (
            "异常订单比重",
            "责任异常订单数6 ÷ 已付款订单数500 = 1.20%",
            "≤2.00%",
            "责任异常订单数再少1，可得3分",
        ),
    ],
)
def test_the_worked_example_line_by_line(name: str, how: str, standing: str, next_step: str) -> None:
    """Each number in it can be checked with a calculator."""
    assert shop(name) == Explanation(how, standing, next_step)


def test_a_judged_item_has_only_that_to_say() -> None:
    """Its anchors and reasons stand elsewhere on the slip."""
    assert shop("报表整体质量") == Explanation("考核人评分", "", "")


def test_what_is_not_applicable_says_why() -> None:
    """A sample of twenty-nine, a denominator of nought."""
    few = {
        ("考核数据", "KF001", name): Decimal(29)
        for name in ("询单人数", "付款人数", "下单人数", "询单流失人数")
    }
    assert shop("咨询转化率", cells=few) == Explanation("", "不适用：样本太少（询单人数29，不足30）", "")
    none = {("考核数据", "KF001", "下单人数"): Decimal(0)}
    assert shop("付款比例", cells=none).line_reached == "不适用：下单人数为0，无法计算"


def test_who_has_no_data_has_nothing_explained() -> None:
    """No numbers, one reason."""
    month = submission(staff=4, statuses={"KF001": "试用期"})
    assert explained(month, online_shop(), "付款比例") == Explanation("", "不适用：没有考核数据", "")
    assert explained(month, online_shop(), "报表整体质量") == Explanation("", "没有考核数据", "")


def test_the_groups_own_price_is_told_with_its_figures() -> None:
    """店铺客单价 left blank: the two sums that stand for it."""
    how = shop("平均客单价", staff=1, labels={"店铺客单价": None}).how
    assert how == (
        "订单总金额86,400 ÷ 付款人数432 ÷ （全组订单总金额合计86,400 ÷ 全组付款人数合计432） = 1.000"
    )


def test_the_best_band_has_no_next_step() -> None:
    """Nothing more to reach."""
    assert step(SHARE, 甲="60", 乙="100") == "已是最高档"


def test_the_edge_lies_where_the_printed_value_reaches() -> None:
    """54.995 % prints 55.00 %, so of 100,000 people 54,995 are enough, not 55,000."""
    assert step(SHARE, 甲="54000", 乙="100000") == "甲再多995，可得80分"


def test_a_strict_band_wants_one_printed_step_more() -> None:
    """Over 50 % of a million people: 50.01 % as printed, from 500,050 on."""
    scheme = one_value_scheme('bands: [">50%: 100", "else: 0"]')
    assert step(scheme, 甲="400000", 乙="1000000") == "甲再多100050，可得100分".replace("100050", "100,050")


def test_a_strict_band_downwards() -> None:
    """Under 5 %: 4.99 % as printed, up to 4,994 of 100,000."""
    scheme = one_value_scheme('bands: ["<5%: 100", "else: 0"]')
    assert step(scheme, 甲="6000", 乙="100000") == "甲再少1,006，可得100分"


def test_a_strict_band_that_no_number_reaches_is_told_by_its_threshold() -> None:
    """Under 0 % there is nothing to count."""
    scheme = one_value_scheme('bands: ["<0%: 100", "else: 0"]')
    assert step(scheme, 甲="6", 乙="100") == "低于0.00%（差6个百分点），可得100分"


def test_money_is_told_to_the_fen() -> None:
    """Amounts move in hundredths."""
    scheme = one_value_scheme('bands: [">=55%: 100", "else: 0"]', numerator="money")
    assert step(scheme, 甲="100", 乙="300") == "甲再多64.99元，可得100分"


def test_a_counted_value_alone_is_told_as_a_count() -> None:
    """A deduction: one event fewer, or as many fewer as it takes to keep anything."""
    scheme = one_value_scheme("deduct: {each: 10, void_from: 3}", value="甲", unit="count")
    assert step(scheme, 甲="2") == "甲再少1，可得90分"
    assert step(scheme, 甲="7") == "甲再少5，可得80分"
    assert step(scheme, 甲="0") == "已是最高档"


def test_a_step_that_leaps_over_a_band_promises_what_it_earns() -> None:
    """One complaint among fifty is 2 %; without it there is no band in between to stop at."""
    scheme = one_value_scheme('bands: ["<=0%: 100", "<=0.4%: 75", "<=1%: 50", "<=1.5%: 25", "else: 0"]')
    assert step(scheme, 甲="1", 乙="50") == "甲再少1，可得100分"


@pytest.mark.parametrize(
    ("value", "row", "told"),
    [
        ("甲 / (甲 + 乙)", {"甲": "50", "乙": "50"}, "达到55.00%（差5个百分点），可得80分"),
        ("1 - 甲 / 乙", {"甲": "45", "乙": "100"}, "达到60.00%（差5个百分点），可得100分"),
        ("甲 / 乙 / 2", {"甲": "100", "乙": "100"}, "达到55.00%（差5个百分点），可得80分"),
    ],
)
def test_where_one_more_does_not_simply_count_the_distance_is_told(
    value: str, row: dict[str, str], told: str
) -> None:
    """The counted field also in the denominator, or not the numerator alone."""
    scheme = one_value_scheme('bands: [">=60%: 100", ">=55%: 80", ">=50%: 60", "else: 0"]', value=value)
    assert step(scheme, **row) == told


# -------------------------------------------------------------------------------------------- law

SIGNS = st.sampled_from([">=", ">", "<=", "<"])


@given(
    SIGNS,
    st.lists(st.integers(min_value=1, max_value=99), min_size=1, max_size=4, unique=True),
    st.integers(min_value=0, max_value=3000),
    st.integers(min_value=1, max_value=3000),
)
def test_the_step_that_is_told_reaches_the_band_and_one_less_does_not(
    sign: str, thresholds: list[int], have: int, under: int
) -> None:
    """Whatever the bands and figures: do as the slip says, and you have the points it promises."""
    ordered = sorted(thresholds, reverse=sign.startswith(">"))
    lines = [f'"{sign}{threshold}%: {100 - 10 * at}"' for at, threshold in enumerate(ordered)]
    scheme = one_value_scheme(f'bands: [{", ".join(lines)}, "else: 0"]')
    told = step(scheme, 甲=str(have), 乙=str(under))
    if not told.startswith("甲再"):
        assert told == "已是最高档" or "个百分点" in told
        return
    change, gain = told.removeprefix("甲再").removesuffix("分").split("，可得")
    count = int(change[1:].replace(",", "")) * (1 if change[0] == "多" else -1)
    toward = 1 if count > 0 else -1
    assert earned(scheme, have + count, under) == Decimal(gain) > earned(scheme, have, under)
    assert earned(scheme, have + count - toward, under) == earned(scheme, have, under)


def earned(scheme: Scheme, have: int, under: int) -> Decimal:
    indicator = only_indicator(scheme)
    figures = GroupFigures(month_of_values(scheme, {"甲": str(have), "乙": str(under)}), scheme)
    value = figures.values[indicator.name][0].value
    assert value is not None
    return indicator.method.points(value, indicator.measure)
