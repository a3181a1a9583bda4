"""Rectification plans: who owes one, by when, and what came of it."""

from __future__ import annotations

from datetime import date

from appraisal.ledger.ledger import Ledger
from appraisal.ledger.records import Plan, PlanState
from appraisal.period import Period
from appraisal.scheme.forms.hr_acts import ActKind
from tests.ledger.builders import GROUP, NOVEMBER, USUAL, act, issue, record

DUE = date(2026, 12, 10)
PAPER = "d" * 64


def plan(ledger: Ledger, staff: str = "丁", period: Period = NOVEMBER) -> Plan | None:
    with ledger.reading() as books:
        return books.plans.get(GROUP, period, staff)


def owed(ledger: Ledger) -> list[str]:
    with ledger.reading() as books:
        return [f"{one.staff} {one.due}" for one in books.plans.unsettled()]


def test_the_bottom_two_owe_a_plan(ledger: Ledger) -> None:
    """Within a week of the issue, by name; nobody else owes one."""
    record(ledger, NOVEMBER)
    assert plan(ledger, "甲") is None
    assert plan(ledger) == Plan(
        group=GROUP,
        period=NOVEMBER,
        staff="丁",
        name="丁某",
        due=DUE,
        due_moved_by=None,
        is_issued=False,
        state=PlanState.EXPECTED,
        submitted_on=None,
        judged_on=None,
        sha256=None,
    )
    with ledger.reading() as books:
        assert {one.staff for one in books.plans.of_month(GROUP, NOVEMBER)} == {"丙", "丁"}
        assert books.plans.of_period(NOVEMBER) == books.plans.of_month(GROUP, NOVEMBER)


def test_plans_are_owed_from_the_issue_on(ledger: Ledger) -> None:
    """A draft's deadline may still move, so nobody is reminded of it."""
    record(ledger, NOVEMBER)
    assert owed(ledger) == []
    issue(ledger)
    assert sorted(owed(ledger)) == ["丁 2026-12-10", "丙 2026-12-10"]


def test_a_plan_is_overdue_after_its_last_day(ledger: Ledger) -> None:
    """The last day itself is still in time."""
    record(ledger, NOVEMBER)
    one = plan(ledger)
    assert one is not None
    assert (one.is_overdue(DUE), one.is_overdue(date(2026, 12, 11))) == (False, True)


def test_a_plan_goes_from_expected_to_accepted(ledger: Ledger) -> None:
    """Returned for more, handed in again, accepted: the first day of handing in stays."""
    record(ledger, NOVEMBER)
    issue(ledger)
    story = [
        ("submitted", date(2026, 12, 8), PlanState.SUBMITTED, None, False),
        ("returned", date(2026, 12, 9), PlanState.RETURNED, date(2026, 12, 9), True),
        ("submitted", date(2026, 12, 11), PlanState.SUBMITTED, None, False),
        ("accepted", date(2026, 12, 12), PlanState.ACCEPTED, date(2026, 12, 12), False),
    ]
    for step, on, state, judged_on, late in story:
        now = plan(ledger)
        assert now is not None
        with ledger.writing() as books:
            getattr(books.plans, step)(now, on, PAPER)
        now = plan(ledger)
        assert now is not None
        assert (now.state, now.submitted_on, now.judged_on, now.sha256) == (
            state,
            date(2026, 12, 8),
            judged_on,
            PAPER,
        )
        assert now.is_overdue(date(2026, 12, 31)) is late
    assert owed(ledger) == ["丙 2026-12-10"]


def test_owed_plans_come_by_deadline_and_can_be_those_of_one_group(ledger: Ledger) -> None:
    """A returned plan is owed again."""
    for shift, issued in ((0, date(2026, 12, 3)), (-1, date(2026, 11, 4))):
        record(ledger, NOVEMBER.shifted(shift), on=issued)
        issue(ledger, NOVEMBER.shifted(shift), on=issued)
    record(ledger, NOVEMBER, group="二店")
    issue(ledger, group="二店")
    early = plan(ledger, period=NOVEMBER.shifted(-1))
    assert early is not None
    with ledger.writing() as books:
        books.plans.returned(early, date(2026, 11, 12), PAPER)
    with ledger.reading() as books:
        assert [one.due for one in books.plans.unsettled()] == [date(2026, 11, 11)] * 2 + [DUE] * 4


def test_what_was_open_on_a_day_stays_so_when_the_plan_comes_later(ledger: Ledger) -> None:
    """A notice that said so then is not made anew because of it."""
    october = NOVEMBER.shifted(-1)
    record(ledger, october, on=date(2026, 11, 4))
    issue(ledger, october, on=date(2026, 11, 4))  # due on 11 November

    def still_open(day: date, before: Period = NOVEMBER) -> list[str]:
        with ledger.reading() as books:
            found = books.plans.unsettled_on(day, GROUP, before=before)
        return sorted(f"{one.staff} {state}" for one, state in found)

    early = plan(ledger, "丙", october)
    assert early is not None
    with ledger.writing() as books:
        books.plans.returned(early, date(2026, 11, 11), PAPER)
    late = plan(ledger, "丁", october)
    assert late is not None
    assert still_open(date(2026, 11, 11)) == []
    assert still_open(date(2026, 12, 3)) == ["丁 expected", "丙 returned"]
    with ledger.writing() as books:
        books.plans.submitted(late, date(2026, 12, 4), PAPER)
    assert still_open(date(2026, 12, 3)) == ["丁 expected", "丙 returned"]
    assert still_open(date(2026, 12, 4)) == ["丙 returned"]
    assert still_open(date(2026, 12, 5)) == ["丁 submitted", "丙 returned"]
    with ledger.writing() as books:
        books.plans.accepted(late, date(2026, 12, 7), PAPER)
    assert still_open(date(2026, 12, 7)) == ["丁 submitted", "丙 returned"]
    assert still_open(date(2026, 12, 8)) == ["丙 returned"]
    assert still_open(date(2026, 12, 3), before=october) == []
    assert still_open(date(2026, 12, 3), before=october.shifted(4)) == []


def test_a_correction_excuses_whoever_is_no_longer_in_the_bottom_two(ledger: Ledger) -> None:
    """丙 moves up and owes nothing; 乙 comes down and owes a plan from the correction on."""
    record(ledger, NOVEMBER)
    issue(ledger)
    record(ledger, NOVEMBER, {**USUAL, "丙": "88"}, on=date(2026, 12, 18))
    assert plan(ledger, "丙") is None
    new = plan(ledger, "乙")
    assert new is not None
    assert (new.due, new.due_moved_by) == (date(2026, 12, 25), None)


def test_a_plan_handed_in_counts_through_a_correction(ledger: Ledger) -> None:
    """Who is still in the bottom two need not write it again."""
    record(ledger, NOVEMBER)
    issue(ledger)
    now = plan(ledger)
    assert now is not None
    with ledger.writing() as books:
        books.plans.accepted(now, date(2026, 12, 8), PAPER)
    record(ledger, NOVEMBER, {**USUAL, "甲": "91"}, on=date(2026, 12, 18))
    now = plan(ledger)
    assert now is not None
    assert now.state is PlanState.ACCEPTED


def test_what_was_promised_is_kept_with_the_paper(ledger: Ledger) -> None:
    """下月目标值 as written; a later paper says it anew."""
    record(ledger, NOVEMBER)
    for goals in ({"响应": "30秒", "转化": "≥55%"}, {"响应": "28秒"}):
        now = plan(ledger)
        assert now is not None
        with ledger.writing() as books:
            books.plans.submitted(now, date(2026, 12, 8), PAPER, goals)
        now = plan(ledger)
        assert now is not None
        assert now.goals == goals


def test_withdrawing_a_month_forgets_its_plans(ledger: Ledger) -> None:
    """What was promised for figures that did not hold is not counted for the new ones."""
    record(ledger, NOVEMBER)
    issue(ledger)
    now = plan(ledger)
    assert now is not None
    with ledger.writing() as books:
        books.plans.submitted(now, date(2026, 12, 8), PAPER)
        books.acts.withdraw(act(ActKind.WITHDRAW))
    assert plan(ledger) is None
    record(ledger, NOVEMBER)
    now = plan(ledger)
    assert now is not None
    assert now.state is PlanState.EXPECTED
