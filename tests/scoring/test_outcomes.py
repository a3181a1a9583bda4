"""结果运用: who is rewarded, whose commission is adjusted, who hands in a plan, who is to be talked about."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appraisal.period import Period
from appraisal.scheme.model.scheme import Scheme
from appraisal.scoring.final_score import months_last
from appraisal.scoring.outcomes import Issue, places_of_tie, tie_of
from appraisal.scoring.results import GroupResult, History, Outcome, PersonMonth
from appraisal.scoring.scoring import score_group
from tests.builders.schemes import (
    DEFAULT_OUTCOMES,
    month_of_finals,
    one_mark_scheme,
    one_mark_text,
    scheme_of,
)

ISSUE = Issue(date(2026, 12, 3))


def result(*finals: str, scheme: Scheme | None = None, history: History | None = None, issue: Issue = ISSUE,
           **options: Any) -> GroupResult:  # fmt: skip
    """The month of these finals, KF001 …, by the default outcomes (from four ranked people on)."""
    scheme = scheme or one_mark_scheme()
    return score_group(
        month_of_finals(*finals, scheme=scheme, **options), scheme, history or History(), issue
    )


def told(group: GroupResult) -> list[str]:
    """Each outcome as `type id state`."""
    return [f"{one.type.value} {one.staff} {one.state.value}" for one in group.outcomes]


def rules(*lines: str, minimum: int = 4) -> Scheme:
    return one_mark_scheme(
        outcomes="\n  ".join(["", f"minimum: {minimum}", "rules:", *(f"  - {line}" for line in lines)])
    )


def only(group: GroupResult, type_: str) -> list[Outcome]:
    return [one for one in group.outcomes if one.type.value == type_]


# --------------------------------------------------------------------------------- first and last


def test_first_last_and_the_bottom_two() -> None:
    """Five people, no ties: 100 for the first, 100 from the last, plans from the last two."""
    assert told(result("90", "85", "80", "75", "70")) == [
        "reward KF001 due",
        "deduct KF005 due",
        "rectification KF004 due",
        "rectification KF005 due",
    ]


def test_every_outcome_says_why() -> None:
    """The place in words, and the clause of the rule file."""
    group = result(
        "90", "85", "80", "70", scheme=rules("{when: first, do: reward, amount: 88.5, clause: 第三条}")
    )
    (reward,) = group.outcomes
    assert (reward.reason, reward.clause, str(reward.amount)) == ("综合排名第一名", "第三条", "88.50")
    assert group.outcomes_of("KF001") == (reward,)


def test_tied_first_is_held_until_hr_decides() -> None:
    """Money does not move by itself where two share the place."""
    group = result("90", "90", "80", "70")
    assert told(group)[:2] == ["reward KF001 hold", "reward KF002 hold"]
    assert only(group, "reward")[0].reason == "2人并列综合排名第一名，待研究确定"


def test_tied_last_is_held_and_both_hand_in_plans() -> None:
    """A plan costs nothing; the deduction waits."""
    group = result("90", "80", "70", "70")
    assert told(group) == [
        "reward KF001 due",
        "deduct KF003 hold",
        "deduct KF004 hold",
        "rectification KF003 due",
        "rectification KF004 due",
    ]


def test_if_tied_each_pays_everyone() -> None:
    """`if_tied: each`."""
    scheme = rules("{when: first, do: reward, amount: 100, if_tied: each}")
    assert told(result("90", "90", "80", "70", scheme=scheme)) == ["reward KF001 due", "reward KF002 due"]


def test_a_tie_break_may_decide_a_reward_but_never_a_deduction() -> None:
    """`break_by` puts one of two first; of two last with equal finals neither is picked."""
    scheme = one_mark_scheme(
        outcomes="\n  minimum: 4\n  rules:\n    - {when: first, do: reward, amount: 100}\n"
        "    - {when: last, do: deduct, amount: 100}",
        ranking="{break_by: [综合表现]}",
    )
    assert told(result("90", "80", "70", "70", scheme=scheme)) == [
        "reward KF001 due",
        "deduct KF003 hold",
        "deduct KF004 hold",
    ]


# ------------------------------------------------------------------------------------ bottom two


def test_the_bottom_two_include_everyone_tied_at_the_cut() -> None:
    """The second lowest score is shared by three: four plans."""
    group = result("90", "70", "70", "70", "60")
    assert [one.staff for one in only(group, "rectification")] == ["KF002", "KF003", "KF004", "KF005"]


def test_a_tie_at_the_cut_is_held_though_a_guard_spares_the_others() -> None:
    """Of two with 69 one stands among the last three; that those below are spared does not say which."""
    scheme = rules('{when: bottom 3, do: deduct, amount: 50, only_if: "final >= 65"}')
    group = result("82", "77", "69", "69", "63", "62", scheme=scheme)
    assert told(group) == ["deduct KF003 hold", "deduct KF004 hold"]
    assert {one.reason for one in group.outcomes} == {"2人并列综合排名后3名，待研究确定"}


def test_the_bottom_two_never_include_the_first() -> None:
    """Where everyone but the last shares the first place, only the last hands in a plan."""
    group = result("90", "90", "90", "90", "60")
    assert [one.staff for one in only(group, "rectification")] == ["KF005"]


def test_money_for_the_bottom_two_holds_only_those_tied_at_the_cut() -> None:
    """Two who are simply the last two are certain; of three, the two who tie at the cut wait."""
    scheme = rules("{when: bottom 2, do: deduct, amount: 50}")
    assert told(result("90", "80", "70", "60", scheme=scheme)) == ["deduct KF003 due", "deduct KF004 due"]
    tied = result("90", "80", "70", "70", "60", scheme=scheme)
    assert told(tied) == ["deduct KF003 hold", "deduct KF004 hold", "deduct KF005 due"]
    assert tied.outcomes[0].reason == "2人并列综合排名后2名，待研究确定"


@pytest.mark.parametrize(
    ("rule", "finals", "places"),
    [
        ("first, do: reward", "90 90 80 70", 1),
        ("last, do: deduct", "90 80 70 70", 1),
        ("bottom 2, do: deduct", "90 80 70 70 60", 1),
        ("bottom 3, do: deduct", "90 80 70 70 70 60", 2),
        ("bottom 2, do: deduct", "90 80 70 70 70", 2),
    ],
)
def test_a_tie_has_as_many_places_as_the_rule_less_those_below(rule: str, finals: str, places: int) -> None:
    """So many of those who share the place HR may decide to pay."""
    group = result(*finals.split(), scheme=rules(f"{{when: {rule}, amount: 50}}"))
    held = [one for one in group.outcomes if one.state.value == "hold"]
    assert {places_of_tie(tie, one.staff, group.staff) for one in held if (tie := tie_of(one.reason))} == {
        places
    }
    assert tie_of("综合排名第一名") is None


def test_a_plan_is_due_a_week_after_the_issue() -> None:
    """Stored with the outcome; the reason is the place."""
    plan = only(result("90", "80", "70", "60"), "rectification")[0]
    assert (plan.due, plan.amount, plan.reason) == (date(2026, 12, 10), None, "综合排名后2名")


def test_a_plan_due_on_a_day_off_moves() -> None:
    """Also for the company's own days off."""
    issue = Issue(date(2026, 12, 3), extra_holidays=(date(2026, 12, 10),))
    assert only(result("90", "80", "70", "60", issue=issue), "rectification")[0].due == date(2026, 12, 11)


def test_a_deadline_in_an_unknown_year_warns_hr_once() -> None:
    """However many plans there are."""
    group = result("90", "80", "70", "60", issue=Issue(date(2035, 3, 1)))
    assert len(only(group, "rectification")) == 2
    assert [warning[:13] for warning in group.warnings] == ["2035年的放假安排尚未收录"[:13]]


# ------------------------------------------------------------------------------- when nothing follows


@pytest.mark.parametrize("people", [0, 1, 2, 3])
def test_under_the_minimum_nothing_follows_and_it_says_so(people: int) -> None:
    """With three people the first would nearly be the last."""
    group = result(*[str(90 - at) for at in range(people)])
    assert group.outcomes == ()
    assert group.no_outcomes == f"本月参与排名{people}人，少于4人，按方案不执行结果运用。"


def test_the_minimum_counts_ranked_people_only() -> None:
    """Four on the list, one of them on trial."""
    group = result("90", "80", "70", "60", statuses={"KF002": "试用期"})
    assert group.no_outcomes == "本月参与排名3人，少于4人，按方案不执行结果运用。"


def test_exactly_the_minimum_is_enough() -> None:
    """Four ranked people."""
    assert result("90", "80", "70", "60").no_outcomes is None


def test_everyone_level_means_nothing_follows() -> None:
    """There is no first and no last."""
    group = result("80", "80", "80", "80")
    assert group.outcomes == ()
    assert group.no_outcomes == "本月参与排名人员综合得分全部相同，并列同一名次，不执行结果运用。"


def test_where_everyone_is_level_what_a_grade_gives_goes_on() -> None:
    """There is no first, and everybody has an A."""
    text = one_mark_text(
        outcomes="{rules: [{when: first, do: reward, amount: 100}, {when: grade A, do: reward, amount: 20}]}"
    )
    graded = scheme_of(f"{text}grades: [{{name: A, from: 80}}, {{name: B}}]\n")
    group = result("80", "80", "80", "80", scheme=graded)
    assert [(one.staff, str(one.amount)) for one in group.outcomes] == [
        (f"KF00{at}", "20.00") for at in range(1, 5)
    ]


def test_a_trial_month_is_scored_and_nothing_follows() -> None:
    """试运行."""
    group = result("90", "80", "70", "60", issue=Issue(date(2026, 12, 3), is_trial=True))
    assert [one.rank for one in group.staff] == [1, 2, 3, 4]
    assert (group.outcomes, group.is_trial) == ((), True)
    assert group.no_outcomes == "试运行期间只计分、不执行结果运用。"


def test_a_scheme_may_have_no_outcomes() -> None:
    """Then nothing follows and nothing needs an excuse."""
    group = result("90", "80", "70", "60", scheme=one_mark_scheme(outcomes="{}"))
    assert (group.outcomes, group.no_outcomes) == ((), None)


# ------------------------------------------------------------------------------------- commission


def with_commission(amount: str | None) -> Outcome:
    cells = {("人员", "KF004", "当月提成"): None if amount is None else Decimal(amount)}
    (deduction,) = only(result("90", "80", "70", "60", cells=cells), "deduct")
    return deduction


@pytest.mark.parametrize(
    ("commission", "amount", "reason", "by_payroll"),
    [
        ("1500", "100.00", "综合排名最后一名", False),
        ("100", "100.00", "综合排名最后一名", False),
        ("62.5", "62.50", "综合排名最后一名；以当月提成62.50元为限", False),
        ("0", "0.00", "综合排名最后一名；无可调提成", False),
        (None, "100.00", "综合排名最后一名；由财务按实际提成核定", True),
    ],
)
def test_a_deduction_never_exceeds_the_commission(
    commission: str | None, amount: str, reason: str, *, by_payroll: bool
) -> None:
    """Known and smaller: capped. Zero: nothing is taken. Unknown: payroll settles it."""
    deduction = with_commission(commission)
    assert (str(deduction.amount), deduction.reason, deduction.capped_by_payroll) == (
        amount,
        reason,
        by_payroll,
    )


def test_held_deductions_are_capped_too() -> None:
    """Each at the person's own commission."""
    cells = {("人员", "KF003", "当月提成"): Decimal(30), ("人员", "KF004", "当月提成"): Decimal(500)}
    deductions = only(result("90", "80", "60", "60", cells=cells), "deduct")
    assert [str(one.amount) for one in deductions] == ["30.00", "100.00"]
    assert deductions[0].reason == "2人并列综合排名最后一名，待研究确定；以当月提成30元为限"


def test_several_deductions_of_a_person_together_take_no_more_than_there_is() -> None:
    """150 of commission: 100 by the first rule, the 50 that are left by the second."""
    scheme = rules(
        "{when: last, do: deduct, amount: 100, from: 当月提成}",
        "{when: bottom 2, do: deduct, amount: 80, from: 当月提成}",
    )
    cells = {("人员", "KF004", "当月提成"): Decimal(150), ("人员", "KF003", "当月提成"): Decimal(150)}
    deductions = only(result("90", "80", "70", "60", scheme=scheme, cells=cells), "deduct")
    assert [(one.staff, str(one.amount)) for one in deductions] == [
        ("KF004", "100.00"),
        ("KF003", "80.00"),
        ("KF004", "50.00"),
    ]
    assert deductions[-1].reason == "综合排名后2名；以当月提成的余额50元为限"


# ----------------------------------------------------------------------------------------- guards


@pytest.mark.parametrize(("best", "rewarded"), [("60", True), ("59.9", False)])
def test_only_if_asks_for_a_score(best: str, *, rewarded: bool) -> None:
    """The first of a weak month earns nothing."""
    scheme = rules("{when: first, do: reward, amount: 100, only_if: final >= 60}")
    assert bool(result(best, "50", "40", "30", scheme=scheme).outcomes) == rewarded


@pytest.mark.parametrize(("worst", "adjusted"), [("84.9", True), ("85", False)])
def test_unless_spares_a_good_score(worst: str, *, adjusted: bool) -> None:
    """The last of a strong month loses nothing."""
    scheme = rules("{when: last, do: deduct, amount: 100, unless: final >= 85}")
    assert bool(result("99", "98", "97", worst, scheme=scheme).outcomes) == adjusted


# ----------------------------------------------------------------------------------------- streaks

NOVEMBER = Period(2026, 11)


def history(person: str = "KF004", streak_from: Period | None = None, **months: bool) -> History:
    """`history(m2026_10=True)`: whether the person was the one last in each earlier month."""
    known = tuple(
        PersonMonth(Period.parse(name[1:].replace("_", "-")), 4, 4, Decimal(60), was_sole_last=last)
        for name, last in sorted(months.items())
    )
    return History({person: known}, streak_from={person: streak_from} if streak_from else {})


def prompted(past: History, *finals: str) -> list[Outcome]:
    return only(result(*(finals or ("90", "80", "70", "60")), history=past), "consider_transfer")


def test_three_months_last_in_a_row_prompt_a_talk() -> None:
    """September, October and November: a prompt with the months as evidence, no money, no date."""
    (prompt,) = prompted(history(m2026_09=True, m2026_10=True))
    assert (prompt.staff, prompt.amount, prompt.due, prompt.state.value) == ("KF004", None, None, "due")
    assert prompt.reason == "2026-09、2026-10、2026-11连续3个月综合排名最后一名"


def test_two_months_are_not_three() -> None:
    """Nor one."""
    assert prompted(history(m2026_10=True)) == []
    assert prompted(History()) == []


def test_a_month_in_between_that_was_not_last_breaks_the_streak() -> None:
    """Being last in August and September does not help November."""
    assert prompted(history(m2026_08=True, m2026_09=True, m2026_10=False)) == []


def test_a_missing_month_is_unknown_and_breaks_the_streak() -> None:
    """October was never handed in."""
    assert prompted(history(m2026_08=True, m2026_09=True)) == []


def test_a_tied_last_this_month_is_no_streak() -> None:
    """Two share the last place."""
    assert prompted(history(m2026_09=True, m2026_10=True), "90", "80", "60", "60") == []


def test_a_month_under_the_minimum_prompts_nothing() -> None:
    """Three ranked people only."""
    assert result("90", "80", "60", history=history("KF003", m2026_09=True, m2026_10=True)).outcomes == ()


def test_a_fourth_month_prompts_again() -> None:
    """As long as nobody has decided, with the last three months as evidence."""
    (prompt,) = prompted(history(m2026_08=True, m2026_09=True, m2026_10=True))
    assert prompt.reason.startswith("2026-09、2026-10、2026-11")


def test_a_decision_lets_the_count_begin_anew() -> None:
    """Decided after October: November counts as the first month."""
    past = history(m2026_09=True, m2026_10=True, streak_from=Period(2026, 11))
    assert prompted(past) == []
    assert months_last("KF004", NOVEMBER, past) == 1


def test_the_streak_runs_over_the_end_of_a_year() -> None:
    """November, December, January."""
    past = history(m2026_11=True, m2026_12=True)
    assert months_last("KF004", Period(2027, 1), past) == 3
    (prompt,) = [
        one
        for one in result("90", "80", "70", "60", history=past, period=Period(2027, 1)).outcomes
        if one.type.value == "consider_transfer"
    ]
    assert prompt.reason.startswith("2026-11、2026-12、2027-01")


def test_another_persons_months_do_not_count() -> None:
    """The one last changed."""
    assert prompted(history("KF003", m2026_09=True, m2026_10=True)) == []


@given(st.lists(st.booleans(), max_size=8))
def test_the_streak_is_this_month_and_the_unbroken_run_before_it(before: list[bool]) -> None:
    """Counting backwards from the month before."""
    months = {f"m{NOVEMBER.shifted(-1 - at)}".replace("-", "_"): last for at, last in enumerate(before)}
    run = next((at for at, last in enumerate(before) if not last), len(before))
    assert months_last("KF004", NOVEMBER, history(**months)) == run + 1


# ------------------------------------------------------------------------------------------- laws

FINALS = st.lists(
    st.integers(min_value=0, max_value=8).map(lambda half: str(Decimal(half) / 2)), min_size=4, max_size=9
)


@given(FINALS)
def test_money_moves_by_itself_only_where_one_person_stands(finals: list[str]) -> None:
    """At most one reward and one deduction are due; who waits shares the place with another."""
    group = result(*finals)
    for type_ in ("reward", "deduct"):
        due = [one for one in only(group, type_) if one.state.value == "due"]
        held = [one for one in only(group, type_) if one.state.value == "hold"]
        assert len(due) + (1 if held else 0) <= 1
        assert len(held) != 1


@given(FINALS)
def test_nobody_is_first_and_last_at_once(finals: list[str]) -> None:
    """Who is rewarded neither loses money nor hands in a plan."""
    group = result(*finals)
    by_person = {one.id: {out.type.value for out in group.outcomes_of(one.id)} for one in group.staff}
    assert not [types for types in by_person.values() if "reward" in types and len(types) > 1]


@given(FINALS)
def test_plans_come_from_the_lowest_scores(finals: list[str]) -> None:
    """Whoever has a plan has no better score than anyone without, and there are at least one."""
    group = result(*finals)
    plans = {one.staff for one in only(group, "rectification")}
    if group.no_outcomes is None:
        worst = max(one.final for one in group.staff if one.id in plans)
        assert all(one.final > worst for one in group.staff if one.id not in plans)


def test_the_default_outcomes_of_these_tests_are_the_shipped_ones() -> None:
    """So that what is proved here holds for the shop."""
    shop = rules(
        *[line.strip()[2:] for line in DEFAULT_OUTCOMES.splitlines() if line.strip().startswith("- ")]
    )
    assert shop.outcomes == one_mark_scheme().outcomes
