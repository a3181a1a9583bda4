"""Each scheme's sample worked by hand, in words that HR can follow with a calculator.

Person KF001 is the rule file's own example (the row 示例 of the blank's 填写说明). The others are those
with whom something particular happens; what it is stands in tests/builders/samples.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from appraisal.scoring.results import StaffResult
from tests.pipeline.test_every_scheme import scored

TABLE_TWO = {
    "咨询转化率": 12, "平均响应时间": 8, "客户流失率": 3, "订单总金额": 10, "有效订单比重": 4,
    "付款比例": 7, "退款比例": 5, "平均客单价": 5, "顾客投诉比重": 6, "异常订单比重": 2,
}  # fmt: skip
"""接待1200 询单800 流失320 下单480 付款432 订单500 有效480 金额86,400 目标90,000 退款3,456 店客单价190
响应28秒 有责投诉3 异常6:

咨询转化率 432÷800 = 54 %, 50 % and more → 12 · 平均响应时间 28, up to 30 → 8 · 客户流失率 320÷800 = 40 %,
up to 45 % → 3 · 订单总金额 86,400÷90,000 = 96 %, 90 % and more → 10 · 有效订单比重 480÷500 = 96 %, 94 % and
more → 4 · 付款比例 432÷480 = 90 % → 7 · 退款比例 3,456÷86,400 = 4 %, up to 5 % → 5 · 平均客单价
86,400÷432 = 200, ÷190 = 1.053, 1.00 and more → 5 · 顾客投诉比重 3÷1200 = 0.25 %, up to 0.4 % → 6 ·
异常订单比重 6÷500 = 1.2 %, up to 2 % → 2. Together 62 of 80.
"""


def person(scheme: str, number: int) -> StaffResult:
    return scored(scheme).result.person(f"KF{number:03}")


def assert_points(one: StaffResult, points: Mapping[str, float | str], reviewer: str | None = None) -> None:
    """Each indicator's points, the same for every reviewer or those that this one gave."""
    for name, expected in points.items():
        given = one.indicators[name].points
        earned = set(given.values()) if reviewer is None else {given[reviewer]}
        assert earned == {Decimal(str(expected))}, name


def assert_final(one: StaffResult, final: str, **totals: str) -> None:
    assert one.final == Decimal(final)
    assert one.reviewers == {name: Decimal(total) for name, total in totals.items()}


def outcomes(scheme: str, number: int) -> list[tuple[str, str | None, str]]:
    """What follows for a person: type, amount, state."""
    return [
        (one.type.value, None if one.amount is None else str(one.amount), one.state.value)
        for one in scored(scheme).result.outcomes_of(f"KF{number:03}")
    ]


class TestOnlineShop:
    """网店客服组."""

    def test_the_example(self) -> None:
        """数据 62. 自评 6＋8＋5 = 19: 自评合计 81. 店长 5＋6＋4 = 15: 店长合计 77. 81×30 % ＋ 77×70 % = 78.20."""
        one = person("online-shop", 1)
        assert_points(one, TABLE_TWO)
        assert_final(one, "78.20", 自评="81.00", 店长="77.00")

    def test_a_small_sample_does_not_count(self) -> None:
        """KF004 had 24 询单, fewer than 30: 咨询转化率 (16) and 客户流失率 (4) are 不适用, 80 points can be had.

        响应 25.5, up to 30 → 8 · 2,900÷3,000 = 96.67 % → 10 · 15÷15 → 5 · 14÷15 = 93.33 %, 90 % and more → 7 ·
        退款 0 → 6 · 2,900÷14÷190 = 1.090, 1.08 and more → 6 · 投诉 0 → 8 · 异常 0 → 4 = 54; marks 4.5＋5.3＋3.5 = 13.3.
        67.3÷80×100 = 84.125, half up 84.13.
        """
        one = person("online-shop", 4)
        assert not one.indicators["咨询转化率"].applicable
        assert not one.indicators["客户流失率"].applicable
        rest = {"平均响应时间": 8, "订单总金额": 10, "有效订单比重": 5, "付款比例": 7}
        assert_points(one, rest | {"退款比例": 6, "平均客单价": 6, "顾客投诉比重": 8, "异常订单比重": 4})
        assert_final(one, "84.13", 自评="84.13", 店长="84.13")

    def test_two_tied_last_are_held(self) -> None:
        """KF005 and KF006 came to 40.00 each: the deduction waits for HR, both write a plan."""
        for number in (5, 6):
            assert_final(person("online-shop", number), "40.00", 自评="40.00", 店长="40.00")
            assert outcomes("online-shop", number) == [
                ("deduct", "100.00", "hold"),
                ("rectification", None, "due"),
            ]

    def test_on_probation_and_without_data_nothing_is_scored(self) -> None:
        """KF002: neither final nor place."""
        one = person("online-shop", 2)
        assert (one.final, one.rank, one.reason) == (None, None, "试用期")


class TestOnlineShopExtended:
    """网店客服组, 扩展版: 表二 by 0.8, and four items of 5."""

    def test_the_example(self) -> None:
        """62×0.8 = 49.6. Marks 4.8＋5.9＋4 and 5＋4.6＋4.2＋5 = 33.5. 83.10 by either reviewer."""
        one = person("online-shop-extended", 1)
        assert_points(one, {name: Decimal(points) * Decimal("0.8") for name, points in TABLE_TWO.items()})
        marks = {"报表上交及时性": "4.8", "报表数据真实性": "5.9", "报表整体质量": 4}
        four = {"工作任务完成情况": 5, "工作能力": "4.6", "工作协作性": "4.2", "服务性": 5}
        assert_points(one, marks | four)
        assert_final(one, "83.10", 自评="83.10", 店长="83.10")

    def test_who_did_not_assess_themselves_is_taken_at_the_managers_mark(self) -> None:
        """KF003, and every paper says so."""
        one = person("online-shop-extended", 3)
        assert one.stood_in == {"自评": "店长"}
        assert one.reviewers["自评"] == one.reviewers["店长"] == Decimal("77.90")

    def test_no_more_is_taken_off_than_there_is(self) -> None:
        """The last's 提成 was 60 元: 60 元, not 100."""
        assert ("deduct", "60.00", "due") in outcomes("online-shop-extended", 6)


class TestOnlineShopFocusSplit:
    """网店客服组, 按重点分评: 自评 the tasks alone; 店长 表二 60 %, 能力 15 %, 协作性 10 %, 服务性 15 %."""

    def test_the_example(self) -> None:
        """表二 62＋5＋6＋4 = 77. 店长 77×60 % ＋ 82×15 % ＋ 80×10 % ＋ 84×15 % = 79.10. 95×30 % ＋ 79.10×70 % = 83.87."""
        one = person("online-shop-focus-split", 1)
        assert_points(one, TABLE_TWO)
        assert_final(one, "83.87", 自评="95.00", 店长="79.10")

    def test_who_did_not_assess_themselves_is_taken_at_the_managers_whole_total(self) -> None:
        """自评 and 店长 judge different things, so there is no mark to take over."""
        one = person("online-shop-focus-split", 2)
        assert one.stood_in == {"自评": "店长"}
        assert one.final == one.reviewers["店长"]


class TestCompetenceSix:
    """客服人员六项能力: 标准分×评分÷5."""

    def test_the_example(self) -> None:
        """Levels 5 4 4 in turn, the same by both.

        沟通 8＋6.4＋3.2 · 态度 6＋6.4＋4.8 · 问题解决 8＋6.4＋3.2 · 应变 8＋5.6 · 团队 4.8＋6＋2.4 · 学习 4＋5 = 88.2.
        """
        one = person("competence-six", 1)
        assert_points(one, {"表达清晰": 8, "倾听与确认": "6.4", "书面规范": "3.2", "升级判断": "5.6"})
        assert_points(one, {"工作交接": "4.8", "跨岗配合": 6, "互相帮助": "2.4", "培训与考试": 4})
        assert_final(one, "88.20", 自评="88.20", 店长="88.20")

    def test_a_one_costs_what_it_should(self) -> None:
        """KF006: threes are 60; a 1 for 情绪稳定 is 6÷5 = 1.2 where a 3 was 3.6: 57.6. 60×30 % ＋ 57.6×70 % = 58.32."""
        one = person("competence-six", 6)
        assert_points(one, {"情绪稳定": "1.2"}, "店长")
        assert_points(one, {"情绪稳定": "3.6"}, "自评")
        assert_final(one, "58.32", 自评="60.00", 店长="57.60")

    def test_a_five_among_fours(self) -> None:
        """KF002: fours are 80; a 5 for 倾听与确认 is 8 where a 4 was 6.4: 81.60."""
        assert_final(person("competence-six", 2), "81.60", 自评="81.60", 店长="81.60")

    def test_from_eighty_on_the_last_but_one_writes_no_plan(self) -> None:
        """KF005 stands at 80.00 exactly; KF006 writes one."""
        assert_final(person("competence-six", 5), "80.00", 自评="80.00", 店长="80.00")
        assert outcomes("competence-six", 5) == []
        assert outcomes("competence-six", 6) == [("rectification", None, "due")]


class TestCompetenceThree:
    """客服人员三项能力: eight items by level, two by data."""

    def test_the_example_shares_the_first_place(self) -> None:
        """Levels 5 4 4 5 4 4 5 4: 12＋9.6＋8.8＋10＋8＋5.6＋10＋8 = 72. 108÷120 = 90 % → 8; 4.7 stars → 8. 88.00.

        KF002 has the same: both first, 100 元 each.
        """
        for number in (1, 2):
            one = person("competence-three", number)
            assert_points(one, {"语言表达": 12, "倾听": "9.6", "解释": "8.8", "效率": 10, "准确性": 8})
            assert_points(one, {"耐心细心": "5.6", "真诚关心": 10, "主动跟进": 8})
            assert_points(one, {"解决满意度": 8, "客户评价": 8})
            assert_final(one, "88.00", 自评="88.00", 店长="88.00")
            assert (one.rank, outcomes("competence-three", number)) == (1, [("reward", "100.00", "due")])

    def test_too_few_ratings_do_not_count(self) -> None:
        """KF005: 8 ratings, fewer than 10, and no mean: 82 points can be had; threes all along are 60 %."""
        one = person("competence-three", 5)
        assert not one.indicators["解决满意度"].applicable
        assert not one.indicators["客户评价"].applicable
        assert_final(one, "60.00", 自评="60.00", 店长="60.00")

    def test_a_responsible_complaint_ends_in_the_lowest_band(self) -> None:
        """KF006: 4.0 stars less 2×1 is under 4: 2 points."""
        assert_points(person("competence-three", 6), {"客户评价": 2})


class TestServiceAgent:
    """客服专员."""

    def test_the_example(self) -> None:
        """39÷40 = 97.5 % → 10 · 58÷60 = 96.67 % → 10 · 97÷100, 95 % and more → 13.5 · no false record → 10 ·
        30 days÷12 = 2.5, up to 3 → 8 · 11÷12 = 91.67 %, 90 % and more → 13 · 4.6, full from 4.5 on → 15 ·
        one failed check → 10−2 = 8 · report 5. Together 92.5 by either: 92.5×20 % ＋ 92.5×80 % = 92.50.
        """
        one = person("service-agent", 1)
        assert_points(
            one, {"意见反馈及时率": 10, "信息传递及时率": 10, "客户回访率": "13.5", "回访真实度": 10}
        )
        assert_points(one, {"投诉解决速度": 8, "投诉解决满意率": 13, "客户满意度": 15})
        assert_points(one, {"业务技能": 8, "报表及时真实": 5})
        assert_final(one, "92.50", 自评="92.50", 上级="92.50")

    def test_of_few_complaints_the_unhappy_ones_are_counted(self) -> None:
        """KF002: 6 complaints, fewer than 10; one was not content: 15−5 = 10. By the ratio 83.33 % were 7."""
        few = person("service-agent", 2).indicators["投诉解决满意率"]
        assert few.by_count
        assert_points(person("service-agent", 2), {"投诉解决满意率": 10})

    def test_a_tenth_under_the_base_costs_a_point(self) -> None:
        """KF006: 3.9 is six tenths under 4.5: 15−6 = 9; six false records → 5."""
        assert_points(person("service-agent", 6), {"客户满意度": 9, "回访真实度": 5})

    def test_from_eighty_five_on_the_last_but_one_writes_no_plan(self) -> None:
        """KF002 stands at 86.10; the last, under 80, loses 100 元 and writes one."""
        assert outcomes("service-agent", 2) == []
        assert outcomes("service-agent", 6) == [("deduct", "100.00", "due"), ("rectification", None, "due")]


class TestDealerAgent:
    """汽车4S店客服专员."""

    def test_the_example(self) -> None:
        """118÷120 = 98.33 %, 95 % and more → 13.5 · 160÷180 = 88.89 % → 10 · no false record → 10 · 90 → 20 ·
        of 8 complaints, fewer than 20, none late → 10, none open → 10 · 57÷60 = 95 % → 9 · 20÷30 = 66.67 %,
        60 % and more → 4 · two slips → 5−1 = 4 · report 5. Together 95.50.
        """
        one = person("dealer-agent", 1)
        assert_points(one, {"三日回访完成率": "13.5", "有效回访率": 10, "回访真实度": 10, "客户满意度": 20})
        assert_points(one, {"投诉处理及时率": 10, "投诉关闭率": 10, "预约到店率": 9, "续保完成率": 4})
        assert_points(one, {"客户档案完整准确": 4, "报表及时准确": 5})
        assert_final(one, "95.50", 上级="95.50")

    def test_complaints_enough_are_scored_by_their_share(self) -> None:
        """KF003: 24÷25 = 96 %, 90 % and more → 5; 23÷25 = 92 %, 90 % and more → 8."""
        one = person("dealer-agent", 3)
        assert not one.indicators["投诉处理及时率"].by_count
        assert_points(one, {"投诉处理及时率": 5, "投诉关闭率": 8})

    def test_three_months_last_is_a_prompt_to_hr(self) -> None:
        """KF006 was the only last of September and October too."""
        assert ("consider_transfer", None, "due") in outcomes("dealer-agent", 6)


class TestServiceSupervisor:
    """客户服务主管."""

    def test_the_example(self) -> None:
        """2,200÷4,000 = 55 % → 13 · 28 s, up to 30 → 8 · 19,000÷20,000 = 95 % → 5 · 4.6, 4.5 and more → 13 ·
        20÷20 → 15 · 94÷100, 90 % and more → 8 · 4÷4 → 10 · 10÷10 → 10 · 12÷12 → 5 · report 5. Together 92.00.
        """
        one = person("service-supervisor", 1)
        assert_points(one, {"团队询单转化率": 13, "团队响应时间": 8, "客服费用控制": 5, "客户满意度": 13})
        assert_points(one, {"投诉解决率": 15, "质检合格率": 8, "培训计划完成率": 10, "工作计划完成率": 10})
        assert_points(one, {"核心员工保有率": 5, "报表质量": 5})
        assert_final(one, "92.00", 上级="92.00")

    def test_without_complaints_there_is_no_share_of_them(self) -> None:
        """KF003: 0 of 0 does not count; 66.2 of 85 points are 77.88."""
        one = person("service-supervisor", 3)
        assert not one.indicators["投诉解决率"].applicable
        assert_final(one, "77.88", 上级="77.88")

    def test_who_changed_the_group_is_scored_and_not_ranked(self) -> None:
        """KF006 has figures: a score without a place; the last place is KF005's."""
        one = person("service-supervisor", 6)
        assert (one.ranked, one.rank, one.final is None) == (False, None, False)
        assert outcomes("service-supervisor", 5) == [("rectification", None, "due")]


class TestAccountManager:
    """客户经理, with 加减分 and grades."""

    def test_the_example_is_an_a(self) -> None:
        """210,000÷200,000 = 105 %, full at 100 % → 25 · 175,000÷180,000 = 97.22 %, 95 % and more → 12 ·
        (103−100)÷100 = 3 % → 11.25＋3×0.75 = 13.5 · none lost → 15 · 40÷40 → 10 · 91 → 10 · of 2 complaints,
        fewer than 10, none unhappy → 5 · 101÷103 = 98.06 %, 98 % and more → 4. Together 94.50, an A: 500 元.
        """
        one = person("account-manager", 1)
        assert_points(one, {"收入完成率": 25, "回款率": 12, "客户增长率": "13.5", "客户流失率": 15})
        assert_points(one, {"拜访计划完成率": 10, "客户满意度": 10, "投诉满意率": 5, "客户信息完整率": 4})
        assert_final(one, "94.50", 上级="94.50")
        assert outcomes("account-manager", 1) == [("reward", "500.00", "due")]

    def test_points_on_top_lift_a_full_score_above_a_hundred(self) -> None:
        """KF002: everything in full, and 5 on top, the most there is: 105.00."""
        assert_final(person("account-manager", 2), "105.00", 上级="100.00")

    def test_points_off_decide_the_grade(self) -> None:
        """KF005: 230,000÷250,000 = 92 % → 25−2 = 23 · 97.22 % → 12 · (138−140)÷140 = −1.43 % → 11.25−1.0725 = 10.18 ·
        1÷140 = 0.71 %, up to 1 % → 8 · 10 · 80.1 → 7 · no unhappy one → 5 · 86.11 % → 0. 75.18, less 5: 70.18, a C.
        """
        one = person("account-manager", 5)
        assert_points(one, {"收入完成率": 23, "客户增长率": "10.18", "客户流失率": 8})
        assert_final(one, "70.18", 上级="75.18")
        assert self._grade(one) == "C"

    def test_a_d_writes_a_plan(self) -> None:
        """KF006: 35.25; of four grades each is given to somebody."""
        assert outcomes("account-manager", 6) == [("rectification", None, "due")]
        grades = {self._grade(one) for one in scored("account-manager").result.staff}
        assert grades == {"A", "B", "C", "D"}

    def _grade(self, one: StaffResult) -> Any:
        found = scored("account-manager").scheme.grade_of(one.final)
        return found and found.name


class TestCustomerRecords:
    """客户管理员: 95 % 上级, 5 % 协作部门."""

    def test_the_example(self) -> None:
        """49÷50 = 98 % → 20−2×2 = 16 · 495÷500 = 99 %, full at 98 % → 20 · 198÷200 = 99 % → 15 · one late → 9.5 ·
        none late → 10 · 50÷50 → 10 · 2÷300 = 0.67 %, full up to 2 % → 5 · no leak → 5: 90.5 of 95 are 95.26.
        Level 5 by the other department: 100. 95.26×95 % ＋ 100×5 % = 95.50.
        """
        one = person("customer-records", 1)
        assert_points(one, {"资料完整率": 16, "资料准确率": 20, "更新及时率": 15, "归档及时": "9.5"})
        assert_points(
            one, {"分析报告及时性": 10, "回访完成率": 10, "投诉率": 5, "信息安全": 5, "部门协作": 5}
        )
        assert_final(one, "95.50", 上级="95.26", 协作部门="100.00")

    def test_a_leak_leaves_fifty_nine_at_most(self) -> None:
        """KF002 had 78.74×95 % ＋ 80×5 % = 78.80; leaking once makes it 59.00."""
        one = person("customer-records", 2)
        assert_points(one, {"信息安全": 0})
        assert_final(one, "59.00", 上级="78.74", 协作部门="80.00")

    def test_the_other_departments_one(self) -> None:
        """KF006: level 1 is 1 of 5 points, a total of 20 at 5 %."""
        one = person("customer-records", 6)
        assert_points(one, {"部门协作": 1})
        assert one.reviewers["协作部门"] == Decimal("20.00")


class TestServiceDepartment:
    """客服部: teams."""

    def test_the_example(self) -> None:
        """1,130÷1,200 = 94.17 %, 90 % and more → 18 · 7,900÷9,000 = 87.78 %, 85 % and more → 13 · 28 s → 8 ·
        12÷9,000 = 0.13 %, up to 0.2 % → 12 · of 12, fewer than 20, none open → 10 · 500,000÷520,000 = 96.15 % →
        9−3.85÷5 = 8.23 · 500,000÷616,666.67 = 0.811, 0.8 and more → 1 · 295÷300 = 98.33 % → 4 · 20÷20 → 5 ·
        report 5. Together 84.23. The mean: (500,000＋500,000＋600,000＋650,000＋700,000＋750,000)÷6.
        """
        one = person("service-department", 1)
        assert_points(
            one, {"客户满意率": 18, "一次解决率": 13, "响应时间": 8, "有责投诉率": 12, "投诉解决率": 10}
        )
        assert_points(
            one, {"销售完成率": "8.23", "人均水平": 1, "回访完成率": 4, "培训参加率": 5, "报表质量": 5}
        )
        assert_final(one, "84.23", 上级="84.23")

    def test_equal_scores_are_ordered_by_satisfaction(self) -> None:
        """客服二组 has 84.23 too; 1,132÷1,200 = 94.33 % is more than 94.17 %: it stands first, without a tie."""
        first, second = person("service-department", 2), person("service-department", 1)
        assert first.final == second.final
        assert (first.rank, second.rank) == (1, 2)

    def test_under_eighty_five_the_first_is_not_rewarded(self) -> None:
        """The reward asks for 85; a warning says so."""
        assert outcomes("service-department", 2) == []
        assert any("客服二组" in one for one in scored("service-department").result.warnings)

    def test_a_grave_complaint_leaves_sixty_nine_at_most(self) -> None:
        """夜班组 had 87.03."""
        assert_final(person("service-department", 4), "69.00", 上级="87.03")

    def test_of_few_contacts_the_complaints_are_counted(self) -> None:
        """新人组: 800 contacts, fewer than 1,000: 2 complaints, 15−2×3 = 9; one of them open, 10−5 = 5; 25 ratings do not count."""
        one = person("service-department", 6)
        assert one.indicators["有责投诉率"].by_count
        assert not one.indicators["客户满意率"].applicable
        assert_points(one, {"有责投诉率": 9, "投诉解决率": 5})

    def test_points_on_top(self) -> None:
        """客服三组 2 more, 售后组 1 less."""
        assert_final(person("service-department", 3), "78.43", 上级="76.43")
        assert_final(person("service-department", 5), "63.53", 上级="64.53")
