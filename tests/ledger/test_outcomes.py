"""What follows from a month over its life: draft, issue, correction, decision, withdrawal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from appraisal.ledger.errors import ActRefused
from appraisal.ledger.ledger import Ledger
from appraisal.ledger.records import KeptOutcome, MoneyLine
from appraisal.period import Period
from appraisal.scheme.forms.hr_acts import ActKind, OutcomeDecision
from appraisal.scheme.model.outcome_rules import OutcomeType
from appraisal.scoring.results import GroupResult, Outcome, OutcomeState
from tests.ledger.builders import (
    GROUP,
    ISSUED,
    NOVEMBER,
    USUAL,
    act,
    decision,
    issue,
    month,
    provenance,
    record,
)

REWARD, DEDUCT, TRANSFER = OutcomeType.REWARD, OutcomeType.DEDUCT, OutcomeType.CONSIDER_TRANSFER
CORRECTED = date(2027, 1, 15)
TIED_FIRST = {**USUAL, "乙": "90"}
"""甲 and 乙 share the first place, so the reward is held."""


def told(lines: Sequence[MoneyLine]) -> list[tuple[str, str, str]]:
    return [(line.key.staff, line.key.type.value, str(line.amount)) for line in lines]


def outcomes(ledger: Ledger) -> dict[tuple[str, str], KeptOutcome]:
    with ledger.reading() as books:
        return {(one.key.staff, one.key.type.value): one for one in books.outcomes.of_month(GROUP, NOVEMBER)}


def states(ledger: Ledger) -> dict[tuple[str, str], str]:
    return {key: one.state.value for key, one in outcomes(ledger).items()}


def net(ledger: Ledger) -> dict[str, Decimal]:
    """What November moves in all, by person; those at 0 left out."""
    with ledger.reading() as books:
        lines = books.outcomes.lines_of_month(GROUP, NOVEMBER)
    sums = {staff: sum(one.amount for one in lines if one.key.staff == staff) for staff in USUAL}
    return {staff: Decimal(amount) for staff, amount in sums.items() if amount}


def decide(ledger: Ledger, staff: str, kind: OutcomeType, decided: OutcomeDecision) -> tuple[MoneyLine, ...]:
    with ledger.writing() as books:
        return books.acts.decide(decision(staff, kind, decided))


def test_a_draft_moves_no_money_and_is_replaced_freely(ledger: Ledger) -> None:
    """Before the issue outcomes come and go without a trace."""
    _, lines = record(ledger, NOVEMBER)
    assert lines == ()
    record(ledger, NOVEMBER, {**USUAL, "甲": "50"})
    assert states(ledger) == {
        ("乙", "reward"): "due",
        ("甲", "deduct"): "due",
        ("甲", "rectification"): "due",
        ("丁", "rectification"): "due",
    }
    assert net(ledger) == {}


def test_issuing_writes_the_money_lines(ledger: Ledger) -> None:
    """A reward is positive, a deduction negative; both are paid in the month of the issue."""
    record(ledger, NOVEMBER)
    lines = issue(ledger)
    assert told(lines) == [("丁", "deduct", "-100.00"), ("甲", "reward", "100.00")]
    with ledger.reading() as books:
        assert books.outcomes.lines_of_month(GROUP, NOVEMBER) == lines
        assert books.outcomes.lines_paid_in(Period(2026, 12)) == lines
        assert books.outcomes.lines_paid_in(NOVEMBER) == ()


def test_an_outcome_comes_back_as_it_was(ledger: Ledger) -> None:
    """Amount, deadline, reason and clause are those of the result."""
    result, _ = record(ledger, NOVEMBER)
    kept = outcomes(ledger)
    for one in result.outcomes:
        now = kept[one.staff, one.type.value]
        assert (now.amount, now.due, now.reason, now.clause) == (one.amount, one.due, one.reason, one.clause)
        assert (now.revision, now.decision, now.due_moved_by) == (1, None, None)


def test_a_correction_reverses_what_no_longer_holds_and_pays_what_holds_now(ledger: Ledger) -> None:
    """The person who loses the reward is asked back by a line of its own; nobody is paid twice."""
    record(ledger, NOVEMBER)
    issue(ledger)
    _, lines = record(ledger, NOVEMBER, {**USUAL, "乙": "95"}, on=CORRECTED)
    assert told(lines) == [("乙", "reward", "100.00"), ("甲", "reward", "-100.00")]
    assert {line.paid_in for line in lines} == {Period(2027, 1)}
    assert states(ledger)["甲", "reward"] == "reversed"
    assert net(ledger) == {"乙": 100, "丁": -100}


def test_the_same_correction_made_again_moves_no_money(ledger: Ledger) -> None:
    record(ledger, NOVEMBER)
    issue(ledger)
    record(ledger, NOVEMBER, {**USUAL, "乙": "95"}, on=CORRECTED)
    _, lines = record(ledger, NOVEMBER, {**USUAL, "乙": "95"}, on=CORRECTED)
    assert lines == ()


def test_a_correction_that_is_taken_back_by_another_pays_again(ledger: Ledger) -> None:
    """There and back: four lines for 甲's reward, which comes to 100 in the end."""
    record(ledger, NOVEMBER)
    issue(ledger)
    record(ledger, NOVEMBER, {**USUAL, "乙": "95"}, on=CORRECTED)
    _, lines = record(ledger, NOVEMBER, USUAL, on=CORRECTED)
    assert told(lines) == [("乙", "reward", "-100.00"), ("甲", "reward", "100.00")]
    assert states(ledger)["甲", "reward"] == "due"
    assert net(ledger) == {"甲": 100, "丁": -100}


def test_a_deadline_that_a_correction_moves_says_so(ledger: Ledger) -> None:
    """Whoever owed a plan before has a moved deadline; whoever owes one anew simply has one."""
    record(ledger, NOVEMBER)
    issue(ledger)
    record(ledger, NOVEMBER, {**USUAL, "乙": "50"}, on=CORRECTED)
    now = outcomes(ledger)
    assert now["丁", "rectification"].due_moved_by == 2
    assert now["乙", "rectification"].due_moved_by is None
    assert states(ledger)["丙", "rectification"] == "reversed"


def test_a_held_outcome_moves_money_only_once_hr_applies_it(ledger: Ledger) -> None:
    """A tie at the first place: HR gives the reward to one and not to the other."""
    record(ledger, NOVEMBER, TIED_FIRST)
    assert told(issue(ledger)) == [("丁", "deduct", "-100.00")]
    assert states(ledger)["甲", "reward"] == "hold"
    assert told(decide(ledger, "甲", REWARD, OutcomeDecision.APPLY)) == [("甲", "reward", "100.00")]
    assert decide(ledger, "乙", REWARD, OutcomeDecision.WAIVE) == ()
    assert (states(ledger)["甲", "reward"], states(ledger)["乙", "reward"]) == ("due", "reversed")
    assert net(ledger) == {"甲": 100, "丁": -100}


def test_a_decision_before_the_issue_takes_effect_with_it(ledger: Ledger) -> None:
    record(ledger, NOVEMBER, TIED_FIRST)
    assert decide(ledger, "甲", REWARD, OutcomeDecision.APPLY) == ()
    assert ("甲", "reward", "100.00") in told(issue(ledger, on=CORRECTED))


def test_a_decision_can_be_changed(ledger: Ledger) -> None:
    """裁定 again: the former line is reversed."""
    record(ledger, NOVEMBER, TIED_FIRST)
    issue(ledger)
    decide(ledger, "甲", REWARD, OutcomeDecision.APPLY)
    assert told(decide(ledger, "甲", REWARD, OutcomeDecision.WAIVE)) == [("甲", "reward", "-100.00")]
    assert net(ledger) == {"丁": -100}


def test_a_decision_outlives_a_correction_that_leaves_its_outcome_alone(ledger: Ledger) -> None:
    """The tie is the same: HR is not asked twice."""
    record(ledger, NOVEMBER, TIED_FIRST)
    issue(ledger)
    decide(ledger, "甲", REWARD, OutcomeDecision.APPLY)
    _, lines = record(ledger, NOVEMBER, {**TIED_FIRST, "丙": "71"}, on=CORRECTED)
    assert lines == ()
    assert outcomes(ledger)["甲", "reward"].decision is OutcomeDecision.APPLY


def test_a_decision_falls_with_the_tie_that_it_was_about(ledger: Ledger) -> None:
    """Three now share the place: what was paid is taken back until HR decides anew."""
    record(ledger, NOVEMBER, TIED_FIRST)
    issue(ledger)
    decide(ledger, "甲", REWARD, OutcomeDecision.APPLY)
    _, lines = record(ledger, NOVEMBER, {**TIED_FIRST, "丙": "90"}, on=CORRECTED)
    assert ("甲", "reward", "-100.00") in told(lines)
    assert states(ledger)["甲", "reward"] == "hold"


def test_one_place_is_given_to_one_person(ledger: Ledger) -> None:
    """The second is refused by the name of the first; once the first is waived, the second may have it."""
    record(ledger, NOVEMBER, TIED_FIRST)
    issue(ledger)
    decide(ledger, "甲", REWARD, OutcomeDecision.APPLY)
    with pytest.raises(ActRefused, match="只有1人，已裁定 甲 甲某 执行，不能再裁定 乙 执行"):
        decide(ledger, "乙", REWARD, OutcomeDecision.APPLY)
    assert net(ledger) == {"甲": 100, "丁": -100}
    decide(ledger, "甲", REWARD, OutcomeDecision.WAIVE)
    decide(ledger, "乙", REWARD, OutcomeDecision.APPLY)
    assert net(ledger) == {"乙": 100, "丁": -100}


def test_a_decision_falls_where_the_tie_is_between_others(ledger: Ledger) -> None:
    """甲 was preferred to 乙; of 甲 and 丙 nothing is said yet."""
    record(ledger, NOVEMBER, TIED_FIRST)
    issue(ledger)
    decide(ledger, "甲", REWARD, OutcomeDecision.APPLY)
    decide(ledger, "乙", REWARD, OutcomeDecision.WAIVE)
    _, lines = record(ledger, NOVEMBER, {**TIED_FIRST, "乙": "80", "丙": "90"}, on=CORRECTED)
    assert ("甲", "reward", "-100.00") in told(lines)
    now = states(ledger)
    assert (now["甲", "reward"], now["乙", "reward"], now["丙", "reward"]) == ("hold", "reversed", "hold")


def test_only_a_held_outcome_or_a_prompt_can_be_decided(ledger: Ledger) -> None:
    """What the rules settle by themselves needs no 裁定, and what is not there cannot be decided."""
    record(ledger, NOVEMBER)
    issue(ledger)
    with pytest.raises(ActRefused, match="不是待研究事项"):
        decide(ledger, "甲", REWARD, OutcomeDecision.WAIVE)
    with pytest.raises(ActRefused, match="没有这一项"):
        decide(ledger, "乙", REWARD, OutcomeDecision.APPLY)
    with ledger.reading() as books:
        assert books.acts.find(period=NOVEMBER)[-1].kind is ActKind.ISSUE


def test_withdrawing_reverses_everything(ledger: Ledger) -> None:
    """Every outcome is reversed, every yuan comes back; a second 撤回 is refused."""
    record(ledger, NOVEMBER)
    issue(ledger)
    with ledger.writing() as books:
        lines = books.acts.withdraw(replace(act(ActKind.WITHDRAW, on=CORRECTED), reason="报错了组"))
    assert told(lines) == [("丁", "deduct", "100.00"), ("甲", "reward", "-100.00")]
    assert {line.reason for line in lines} == {"撤回：报错了组"}
    assert set(states(ledger).values()) == {"reversed"}
    assert net(ledger) == {}
    with pytest.raises(ActRefused, match="没有有效的考核结果"), ledger.writing() as books:
        books.acts.withdraw(act(ActKind.WITHDRAW))


def test_a_withdrawn_month_that_is_issued_again_pays_once(ledger: Ledger) -> None:
    """The lines of before stay; the net is what the new issue says."""
    record(ledger, NOVEMBER)
    issue(ledger)
    with ledger.writing() as books:
        books.acts.withdraw(act(ActKind.WITHDRAW))
    record(ledger, NOVEMBER)
    assert states(ledger)["甲", "reward"] == "due"
    assert net(ledger) == {}
    assert told(issue(ledger)) == [("丁", "deduct", "-100.00"), ("甲", "reward", "100.00")]
    with pytest.raises(ActRefused, match="已于 2026-12-03 下发"):
        issue(ledger)
    assert net(ledger) == {"甲": 100, "丁": -100}


def test_a_withdrawn_months_decisions_count_no_more(ledger: Ledger) -> None:
    """The figures are new: a tie in them is decided anew."""
    record(ledger, NOVEMBER, TIED_FIRST)
    decide(ledger, "甲", REWARD, OutcomeDecision.APPLY)
    with ledger.writing() as books:
        books.acts.withdraw(act(ActKind.WITHDRAW, on=CORRECTED))
    record(ledger, NOVEMBER, TIED_FIRST)
    assert states(ledger)["甲", "reward"] == "hold"


def test_a_closed_month_is_reopened_before_it_is_withdrawn(ledger: Ledger) -> None:
    record(ledger, NOVEMBER)
    with ledger.writing() as books:
        books.acts.close(act(ActKind.CLOSE, group=None))
    with pytest.raises(ActRefused, match="请先重新开放"), ledger.writing() as books:
        books.acts.withdraw(act(ActKind.WITHDRAW))


def test_an_answered_prompt_stays_answered(ledger: Ledger) -> None:
    """提请研究调岗 has no money; HR's word on it survives a later revision of the month."""
    january = Period(2027, 1)
    for period in (NOVEMBER, NOVEMBER.shifted(1), january):
        record(ledger, period)
    with ledger.writing() as books:
        assert books.acts.decide(decision("丁", TRANSFER, OutcomeDecision.WAIVE, january)) == ()
    record(ledger, january, {**USUAL, "甲": "91"})
    with ledger.reading() as books:
        (prompt,) = [one for one in books.outcomes.of_period(january) if one.key.type is TRANSFER]
    assert (prompt.state, prompt.decision) == (OutcomeState.REVERSED, OutcomeDecision.WAIVE)


def twice(result: GroupResult, *, second: OutcomeState) -> GroupResult:
    """The result with a second deduction for the last, as a scheme with two such rules gives it."""
    (deduct,) = [one for one in result.outcomes if one.type is DEDUCT]
    other = Outcome(deduct.staff, DEDUCT, Decimal("50.00"), None, second, "综合排名后2名", "第六条")
    return replace(result, outcomes=(*result.outcomes, other))


def parts(ledger: Ledger) -> list[tuple[int, str, str]]:
    """丁's deductions: part, amount, state."""
    with ledger.reading() as books:
        mine = [one for one in books.outcomes.of_month(GROUP, NOVEMBER) if one.key.type is DEDUCT]
    return [(one.key.part, str(one.amount), one.state.value) for one in mine]


def test_two_rules_that_move_money_of_one_person_are_two_lines(ledger: Ledger) -> None:
    """100 as the last and 50 as one of the last two: each under a number of its own."""
    result = twice(month(), second=OutcomeState.DUE)
    with ledger.writing() as books:
        books.months.record(result, provenance())
        lines = books.acts.issue(act(ActKind.ISSUE), result, provenance().inputs)
    assert [(str(line.key), str(line.amount)) for line in lines if line.key.type is DEDUCT] == [
        ("2026-11/旗舰店/丁/deduct", "-100.00"),
        ("2026-11/旗舰店/丁/deduct/2", "-50.00"),
    ]


def test_a_held_part_leaves_the_other_alone(ledger: Ledger) -> None:
    """100 is due and taken; the held 50 is waived, and the 100 stays."""
    result = twice(month(), second=OutcomeState.HOLD)
    with ledger.writing() as books:
        books.months.record(result, provenance())
        books.acts.issue(act(ActKind.ISSUE), result, provenance().inputs)
    assert net(ledger) == {"甲": 100, "丁": -100}
    assert decide(ledger, "丁", DEDUCT, OutcomeDecision.WAIVE) == ()
    assert net(ledger) == {"甲": 100, "丁": -100}
    assert parts(ledger) == [(1, "100.00", "due"), (2, "50.00", "reversed")]


def test_where_two_parts_are_held_hr_says_which(ledger: Ledger) -> None:
    """Both are named with their numbers; one decision is about one of them."""
    result = twice(month(), second=OutcomeState.HOLD)
    both = [replace(one, state=OutcomeState.HOLD) if one.type is DEDUCT else one for one in result.outcomes]
    result = replace(result, outcomes=tuple(both))
    with ledger.writing() as books:
        books.months.record(result, provenance())
        books.acts.issue(act(ActKind.ISSUE), result, provenance().inputs)
    with pytest.raises(ActRefused, match=r"有2项：编号1，100\.00元.*编号2，50\.00元.*请写明"):
        decide(ledger, "丁", DEDUCT, OutcomeDecision.APPLY)
    with ledger.writing() as books:
        lines = books.acts.decide(decision("丁", DEDUCT, OutcomeDecision.APPLY, item=2))
    assert told(lines) == [("丁", "deduct", "-50.00")]
    assert told(decide(ledger, "丁", DEDUCT, OutcomeDecision.APPLY)) == [("丁", "deduct", "-100.00")]


def test_a_part_that_stays_keeps_its_number_when_another_goes(ledger: Ledger) -> None:
    """The rule about the last no longer holds: what was taken for the last two is not touched."""
    result = twice(month(), second=OutcomeState.DUE)
    with ledger.writing() as books:
        books.months.record(result, provenance())
        books.acts.issue(act(ActKind.ISSUE), result, provenance().inputs)
    second = [one for one in result.outcomes if one.type is not DEDUCT or one.amount == 50]
    with ledger.writing() as books:
        lines = books.months.record(replace(result, revision=2, outcomes=tuple(second)), provenance())
    assert [(line.key.part, str(line.amount)) for line in lines] == [(1, "100.00")]
    assert parts(ledger) == [(1, "100.00", "reversed"), (2, "50.00", "due")]


def test_the_database_refuses_a_second_line_in_force(ledger: Ledger) -> None:
    """Whatever a program gets wrong: after an original comes its reversal, or nothing."""
    record(ledger, NOVEMBER)
    line = next(iter(issue(ledger)))
    with pytest.raises(Exception, match="money_lines_alternate"), ledger.writing() as books:
        books.outcomes.add([replace(line, sequence=2)])


# ---------------------------------------------------------------- days in order, months of payment


def test_an_act_is_not_dated_before_the_one_it_follows(ledger: Ledger) -> None:
    """A withdrawal of the 1st cannot follow an issue of the 3rd; nothing is changed."""
    record(ledger, NOVEMBER)
    issue(ledger)
    too_early = act(ActKind.WITHDRAW, on=date(2026, 12, 1))
    refused = pytest.raises(ActRefused, match="已于 2026-12-03 办理下发，撤回的日期不能早于这一天")
    with refused, ledger.writing() as books:
        books.acts.withdraw(too_early)
    assert net(ledger) == {"甲": 100, "丁": -100}


def test_what_is_entered_in_a_later_month_is_paid_in_it(ledger: Ledger) -> None:
    """December has been paid: a notice that bears its last day goes with January."""
    result, _ = record(ledger, NOVEMBER)
    with ledger.writing() as books:
        lines = books.acts.issue(
            act(ActKind.ISSUE, on=date(2026, 12, 31)), result, provenance().inputs, today=date(2027, 1, 4)
        )
    assert {line.paid_in for line in lines} == {Period(2027, 1)}
    assert {line.recorded_on for line in lines} == {date(2027, 1, 4)}


def test_a_closed_month_is_no_month_of_payment(ledger: Ledger) -> None:
    result, _ = record(ledger, NOVEMBER)
    with ledger.writing() as books:
        books.acts.close(act(ActKind.CLOSE, Period(2026, 12), group=None, on=ISSUED))
        lines = books.acts.issue(act(ActKind.ISSUE), result, provenance().inputs)
    assert {line.paid_in for line in lines} == {Period(2027, 1)}


def test_the_same_staff_id_in_two_groups_is_two_people(ledger: Ledger) -> None:
    """Without a roster every group numbers its own: neither pays for the other."""
    for group in (GROUP, "二店"):
        record(ledger, NOVEMBER, group=group)
        assert len(issue(ledger, group=group)) == 2
    with ledger.reading() as books:
        keys = {str(line.key) for line in books.outcomes.lines_paid_in(Period.of(ISSUED))}
    assert keys == {
        "2026-11/旗舰店/甲/reward",
        "2026-11/旗舰店/丁/deduct",
        "2026-11/二店/甲/reward",
        "2026-11/二店/丁/deduct",
    }
