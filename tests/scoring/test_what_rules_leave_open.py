"""What a rule file does not say: the numbered list of docs/rules.md, one test for each number."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import pytest

from appraisal.scheme.formula.parse import evaluate, parse
from appraisal.scheme.model.scheme import Scheme
from appraisal.scoring.final_score import final_score
from appraisal.scoring.outcomes import Issue
from appraisal.scoring.results import GroupResult, History, IndicatorResult, Outcome
from appraisal.scoring.scoring import score_group
from tests.builders.schemes import (
    EVERYTHING_TEXT,
    MARK,
    changed,
    mistakes_in,
    month_of_finals,
    month_of_values,
    one_mark_scheme,
    one_mark_text,
    one_value_scheme,
    scheme_of,
)
from tests.builders.submissions import NOVEMBER

D = Decimal
TWO_BANDS = 'bands: [">=60%: 100", "else: 20"]'
LISTENING = "- {name: 听课, points: 40, meaning: 听课, by: [旁听, 店长], judged: {anchors: [按实际]}}\n"
EVERYTHING = scheme_of(EVERYTHING_TEXT)


def result(scheme: Scheme, *rows: dict[str, str | None]) -> Sequence[IndicatorResult]:
    """What 得分项 comes to for each person."""
    scored = score_group(month_of_values(scheme, *rows), scheme, History(), Issue(NOVEMBER.last_day))
    return [one.indicators["得分项"] for one in scored.staff]


def finals(
    *given: str, rules: str, ranking: str = "{}", commission: str | None = None, minimum: int = 4
) -> GroupResult:
    """A month of these final scores under the outcome rules; everybody has the same commission."""
    scheme = one_mark_scheme(outcomes=f"{{minimum: {minimum}, rules: [{rules}]}}", ranking=ranking)
    cells = {
        ("人员", f"KF{at:03}", "当月提成"): D(commission)
        for at in range(1, len(given) + 1)
        if commission is not None
    }
    month = month_of_finals(*given, scheme=scheme, cells=cells)
    return score_group(month, scheme, History(), Issue(NOVEMBER.last_day))


def told(outcomes: Sequence[Outcome]) -> list[tuple[str, str, str]]:
    return [(one.staff, str(one.amount), one.state.value) for one in outcomes]


def everything(
    *, without: str | None = None, scheme: Scheme = EVERYTHING, **given: tuple[str, str]
) -> Decimal | None:
    """The final score of who has full points in all of `scheme` but (points, value) as given, or a 类别 not at all."""
    results = {}
    for section, _, one in scheme.leaves():
        points, value = given.get(one.name, (str(one.points or 0), "0"))
        marks = {by.name: D(points) for by in scheme.carriers(one.name)}
        results[one.name] = (
            IndicatorResult(None, applicable=False, reason="", points={})
            if section == without
            else IndicatorResult(D(value), applicable=True, reason=None, points=marks)
        )
    return final_score(scheme, results, {}).final


def test_1_what_follows_the_question_marks_counts_after_a_zero_denominator_too() -> None:
    columns = {"甲": [D(1), D(1), None], "乙": [D(2), D(0), D(2)]}
    values = evaluate(parse("甲 / 乙 ?? 40%"), columns, 3)
    assert [D(str(float(one or 0))) for one in values] == [D("0.5"), D("0.4"), D("0.4")]


def test_2_the_smallest_denominator_is_about_the_last_division() -> None:
    """甲 ÷ 5 ÷ 乙: 乙 is held against it; a formula that is no division as a whole is refused."""
    scheme = one_value_scheme(TWO_BANDS, value="甲 / 5 / 乙", more="min_denominator: 3,")
    few, enough = result(scheme, {"甲": "10", "乙": "2"}, {"甲": "10", "乙": "3"})
    assert (few.applicable, enough.applicable) == (False, True)
    ratio = "value: 付款人数 / 询单人数"
    (mistake,) = mistakes_in(changed((ratio, f"{ratio} ?? 50%"), text=EVERYTHING_TEXT))
    assert "公式不是除法" in str(mistake)


def test_3_a_negative_denominator_divides_and_is_under_every_smallest_one() -> None:
    rows = ({"甲": "10", "乙": "-10"},)
    (plain,) = result(one_value_scheme(TWO_BANDS), *rows)
    (asked,) = result(one_value_scheme(TWO_BANDS, more="min_denominator: 1,"), *rows)
    assert (plain.value, plain.points["店长"], asked.applicable) == (D("-1.0000"), D("20.00"), False)


def test_4_thresholds_may_be_negative_and_points_may_not() -> None:
    """Growth: (甲 − 乙) ÷ 乙."""
    bands = 'bands: [">=0%: 100", ">=-5%: 60", "else: 20"]'
    scheme = one_value_scheme(bands, value="(甲 - 乙) / 乙")
    rows = result(scheme, *({"甲": str(sold), "乙": "100"} for sold in (100, 95, 94)))
    assert [one.points["店长"] for one in rows] == [D("100.00"), D("60.00"), D("20.00")]
    assert [row.words for row in scheme.indicators[0].method.standard(scheme.indicators[0].measure)] == [
        "≥0.00%",
        "≥-5.00%",
        "其他",
    ]
    negative = changed(('">=50%: 30", "else: 10"', '">=50%: 30", "else: -1"'), text=EVERYTHING_TEXT)
    assert [one.message for one in mistakes_in(negative)] == ["“else: -1”：得分不能是负数，最少写 0"]


def test_5_a_value_is_rounded_to_what_is_printed_before_it_is_banded() -> None:
    (one,) = result(one_value_scheme(TWO_BANDS), {"甲": "59996", "乙": "100000"})
    assert (one.value, one.points["店长"]) == (D("0.6000"), D("100.00"))


def test_6_several_reviewers_of_one_addition_are_weighed_not_summed() -> None:
    """同事 +4 and 店长 −1: 0.3·4 − 0.7·1 = 0.50; 自评 is for reference."""
    everyone = scheme_of(changed(("加减, by: [店长], adjust", "加减, adjust"), text=EVERYTHING_TEXT))
    assert everyone.weigh("加减分", {"自评": D(5), "同事": D(4), "店长": D(-1)}) == D("0.5")


def test_7_additions_come_first_and_the_limit_last() -> None:
    assert everything(加减分=("5", "0")) == D("105.00")
    assert everything(加减分=("5", "0"), 重大投诉=("0", "1")) == D("59.00")


def test_8_a_limit_on_a_percentage_is_written_as_a_number() -> None:
    """0.05 reads 5.00%; 5% is refused."""
    veto = "value: 重大投诉数, unit: count, veto: {from: 1, at_most: 59}"
    percent = veto.replace("重大投诉数, unit: count", "重大投诉数 / 接待人数, unit: percent")
    written = scheme_of(changed((veto, percent.replace("from: 1", "from: 0.05")), text=EVERYTHING_TEXT))
    one = next(one for one in written.indicators if one.name == "重大投诉")
    assert one.method.standard(one.measure)[0].words == "达到5.00%，综合得分最高59分"
    assert mistakes_in(changed((veto, percent.replace("from: 1", "from: 5%")), text=EVERYTHING_TEXT))


def test_9_a_held_deduction_uses_up_what_it_would_be_taken_from() -> None:
    """Two tied for the last place, 100 of 100; the second rule finds nothing left."""
    rules = (
        "{when: last, do: deduct, amount: 100, from: 当月提成},"
        "{when: bottom 2, do: deduct, amount: 50, from: 当月提成, if_tied: each}"
    )
    outcomes = finals("90", "80", "60", "60", rules=rules, commission="100").outcomes
    assert told(outcomes) == [
        ("KF003", "100.00", "hold"),
        ("KF004", "100.00", "hold"),
        ("KF003", "0.00", "due"),
        ("KF004", "0.00", "due"),
    ]


def test_10_breaking_ties_moves_the_first_place_and_nothing_at_the_end() -> None:
    """The marks that break ties are the finals here, so only the rules' view of ties is tested."""
    rules = "{when: bottom 2, do: deduct, amount: 50, from: 当月提成}"
    outcomes = finals("90", "80", "60", "60", "60", rules=rules, ranking=f"{{break_by: [{MARK}]}}").outcomes
    assert [(one.staff, one.state.value) for one in outcomes] == [
        ("KF003", "hold"),
        ("KF004", "hold"),
        ("KF005", "hold"),
    ]


def test_11_bottom_counts_people_whatever_the_places() -> None:
    """Dense places are 1-2-3-3: the last two people share place 3, and place 2 is not meant."""
    rules = "{when: bottom 2, do: rectification, within: 7 days}"
    outcomes = finals("90", "80", "70", "70", rules=rules, ranking="{ties: dense}").outcomes
    assert [one.staff for one in outcomes] == ["KF003", "KF004"]


@pytest.mark.parametrize(("minimum", "count"), [(3, 1), (4, 0)])
def test_12_the_minimum_counts_who_is_ranked(minimum: int, count: int) -> None:
    rules = "{when: first, do: reward, amount: 100}"
    scheme = one_mark_scheme(outcomes=f"{{minimum: {minimum}, rules: [{rules}]}}")
    month = month_of_finals("90", "80", "70", "60", scheme=scheme, statuses={"KF004": "试用期"})
    scored = score_group(month, scheme, History(), Issue(NOVEMBER.last_day))
    assert len(scored.outcomes) == count


def test_13_a_reviewer_for_reference_needs_no_total() -> None:
    """旁听 marks 听课 alone, which is not applicable. Who weighs something and has no total: test_whole_grammar."""
    text = changed(
        (
            f"- {{name: {MARK}, points: 100",
            LISTENING + f"      - {{name: {MARK}, points: 60, by: [店长]",
        ),
        ("  - {name: 店长,", "  - {name: 旁听, weight: 0%, focus: 参考}\n  - {name: 店长,"),
        text=one_mark_text(),
    )
    none = IndicatorResult(None, applicable=False, reason="", points={})
    there = IndicatorResult(None, applicable=True, reason=None, points={"店长": D(60)})
    score = final_score(scheme_of(text), {"听课": none, MARK: there}, {})
    assert (score.totals["旁听"], score.final) == (None, D("100.00"))


def test_14_what_is_not_applicable_leaves_its_weight_to_the_rest() -> None:
    """业绩 (60 %) full, 服务 not at all: 100, not 60."""
    assert everything(without="服务") == D("100.00")
