"""Looking back: always by the revisions in force, in whatever order the months came."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from appraisal.ledger.ledger import Ledger, open_ledger
from appraisal.ledger.records import OutcomeKey, PersonSummary
from appraisal.period import Period
from appraisal.scheme.forms.hr_acts import ActKind, OutcomeDecision
from appraisal.scheme.model.outcome_rules import OutcomeType
from appraisal.scoring.results import History, PersonMonth
from tests.ledger.builders import GROUP, NOVEMBER, USUAL, act, decision, issue, record

TRANSFER = OutcomeType.CONSIDER_TRANSFER


def before(ledger: Ledger, period: Period, group: str = GROUP) -> History:
    with ledger.reading() as books:
        return books.past.before(group, period)


def types(ledger: Ledger, period: Period) -> set[tuple[str, str]]:
    with ledger.reading() as books:
        return {(one.key.staff, one.key.type.value) for one in books.outcomes.of_month(GROUP, period)}


def test_a_new_group_has_no_history(ledger: Ledger) -> None:
    assert before(ledger, NOVEMBER) == History()


def test_history_holds_each_persons_earlier_months_in_order_of_time(ledger: Ledger) -> None:
    """Places, finals and the streak's fact, without the month itself or later ones."""
    for shift in (1, 0, -1, -2):
        record(ledger, NOVEMBER.shifted(shift))
    history = before(ledger, NOVEMBER)
    assert list(history.people) == sorted(USUAL)
    assert history.people["丁"] == (
        PersonMonth(Period(2026, 9), 4, 4, Decimal("60.00"), was_sole_last=True),
        PersonMonth(Period(2026, 10), 4, 4, Decimal("60.00"), was_sole_last=True),
    )
    assert not history.people["甲"][0].was_sole_last


def test_history_reaches_back_twelve_calendar_months(ledger: Ledger) -> None:
    """Over the year's end, counting months that are missing."""
    for shift in (-13, -12, -1):
        record(ledger, NOVEMBER.shifted(shift))
    assert [one.period for one in before(ledger, NOVEMBER).people["甲"]] == [
        Period(2025, 11),
        Period(2026, 10),
    ]


def test_history_is_the_groups_own(ledger: Ledger) -> None:
    """A person's place in another group is no place in this one."""
    record(ledger, NOVEMBER, group="二店")
    assert before(ledger, NOVEMBER.shifted(1)) == History()


def test_the_average_is_that_of_the_ranked(ledger: Ledger) -> None:
    """Half-up to two decimals; people who are not ranked are left out, and so is a month without any."""
    record(ledger, NOVEMBER, {"甲": "90.00", "乙": "80.01", "丙": None})
    record(ledger, NOVEMBER.shifted(1), {"甲": None})
    history = before(ledger, NOVEMBER.shifted(2))
    assert history.group_averages == {NOVEMBER: Decimal("85.01")}
    assert history.people["丙"] == (PersonMonth(NOVEMBER, None, 2, None, was_sole_last=False),)


def test_a_corrected_month_counts_as_corrected(ledger: Ledger) -> None:
    """Only the revision in force is looked back on."""
    record(ledger, NOVEMBER)
    record(ledger, NOVEMBER, {**USUAL, "丁": "99"})
    last = [
        staff for staff, (one,) in before(ledger, NOVEMBER.shifted(1)).people.items() if one.was_sole_last
    ]
    assert last == ["丙"]


def test_a_withdrawn_month_is_unknown(ledger: Ledger) -> None:
    record(ledger, NOVEMBER)
    with ledger.writing() as books:
        books.acts.withdraw(act(ActKind.WITHDRAW))
    assert before(ledger, NOVEMBER.shifted(1)) == History()


def test_nobody_was_last_where_no_outcomes_applied(ledger: Ledger) -> None:
    """Three ranked people are fewer than the scheme's minimum; a shared last place is nobody's."""
    record(ledger, NOVEMBER, {"甲": "90", "乙": "80", "丙": "70"})
    record(ledger, NOVEMBER.shifted(1), {**USUAL, "丙": "60"})
    people = before(ledger, NOVEMBER.shifted(2)).people
    assert not any(one.was_sole_last for months in people.values() for one in months)


def test_the_third_month_running_prompts_and_a_decision_restarts_the_count(ledger: Ledger) -> None:
    """After HR has decided on the prompt, three new months are needed."""
    for shift in range(3):
        record(ledger, NOVEMBER.shifted(shift))
    january = Period(2027, 1)
    assert ("丁", "consider_transfer") in types(ledger, january)
    with ledger.writing() as books:
        books.acts.decide(decision("丁", TRANSFER, OutcomeDecision.WAIVE, january))
    assert before(ledger, january.shifted(1)).streak_from == {"丁": Period(2027, 2)}
    assert before(ledger, january).streak_from == {}  # the month decided about keeps its own prompt
    for shift in range(3, 6):
        record(ledger, NOVEMBER.shifted(shift))
    asked = [
        period
        for period in map(NOVEMBER.shifted, range(6))
        if ("丁", "consider_transfer") in types(ledger, period)
    ]
    assert asked == [january, Period(2027, 4)]


def test_a_decision_on_a_month_that_was_withdrawn_restarts_nothing(ledger: Ledger) -> None:
    for shift in range(3):
        record(ledger, NOVEMBER.shifted(shift))
    january = Period(2027, 1)
    with ledger.writing() as books:
        books.acts.decide(decision("丁", TRANSFER, OutcomeDecision.APPLY, january))
        books.acts.withdraw(act(ActKind.WITHDRAW, january, on=date(2027, 2, 8)))
    assert before(ledger, january.shifted(1)).streak_from == {}


def test_a_decision_on_a_prompt_that_proves_void_restarts_nothing(ledger: Ledger) -> None:
    """November is corrected: 丁 was not last, so January had nothing to ask, and February is the third month."""
    for shift in range(3):
        record(ledger, NOVEMBER.shifted(shift))
    january = Period(2027, 1)
    with ledger.writing() as books:
        books.acts.decide(decision("丁", TRANSFER, OutcomeDecision.WAIVE, january))
    record(ledger, NOVEMBER, {**USUAL, "丁": "95"})
    record(ledger, january)
    assert before(ledger, january.shifted(1)).streak_from == {}
    record(ledger, january.shifted(1))
    assert ("丁", "consider_transfer") in types(ledger, january.shifted(1))


def test_several_groups_read_together_are_each_as_if_read_alone(ledger: Ledger) -> None:
    """One whose people HR decided about, one with another past, one without any."""
    for shift in range(3):
        record(ledger, NOVEMBER.shifted(shift))
        record(ledger, NOVEMBER.shifted(shift), group="二店", finals={"丁": "90", "戊": "60"})
    january = Period(2027, 1)
    with ledger.writing() as books:
        books.acts.decide(decision("丁", TRANSFER, OutcomeDecision.WAIVE, january))
    february, groups = january.shifted(1), (GROUP, "二店", "三店")
    with ledger.reading() as books:
        together = books.past.before_each(groups, february)
    assert together == {group: before(ledger, february, group) for group in groups}
    assert together[GROUP] != together["二店"] != together["三店"] == History()


def test_more_groups_than_one_statement_can_name(ledger: Ledger) -> None:
    """A head office of many shops: databases take a limited number of values."""
    record(ledger, NOVEMBER)
    groups = [GROUP, *(f"店{at}" for at in range(70_000))]
    with ledger.reading() as books:
        histories = books.past.before_each(groups, NOVEMBER.shifted(1))
        assert books.outcomes.lines_of_months(groups, NOVEMBER) == ()
        assert list(histories) == groups
        assert histories[GROUP] == books.past.before(GROUP, NOVEMBER.shifted(1))
    assert histories[GROUP].people


def test_one_persons_months_over_all_groups(ledger: Ledger) -> None:
    """For `history STAFF`: the current revisions in order of time."""
    record(ledger, NOVEMBER.shifted(1), group="二店")
    record(ledger, NOVEMBER)
    record(ledger, NOVEMBER, {**USUAL, "甲": None})
    with ledger.reading() as books:
        months = books.past.of_person("甲")
    assert [(one.group, str(one.period), one.revision, one.rank, one.final) for one in months] == [
        ("旗舰店", "2026-11", 2, None, None),
        ("二店", "2026-12", 1, 1, Decimal("90.00")),
    ]
    assert (months[0].reason, months[0].name, months[0].ranked_count) == ("产假", "甲某", 3)


def test_a_quarter_is_summed_up_per_person(ledger: Ledger) -> None:
    """Average of the ranked months, first places, and months as the one last."""
    quarter = [NOVEMBER.shifted(-1), NOVEMBER, NOVEMBER.shifted(1)]
    record(ledger, quarter[0])
    record(ledger, quarter[1], {**USUAL, "甲": None})
    record(ledger, quarter[2], {**USUAL, "甲": "80.51"})
    record(ledger, quarter[2].shifted(1))
    with ledger.reading() as books:
        summary = {one.staff: one for one in books.past.summary(quarter)}
    assert summary["甲"] == PersonSummary(GROUP, "甲", "甲某", 2, Decimal("85.26"), 2, 0)
    # In November three were ranked: no outcomes, hence nobody's last place.
    assert summary["丁"] == PersonSummary(GROUP, "丁", "丁某", 3, Decimal("60.00"), 0, 2)
    assert summary["乙"].firsts == 1


PEOPLE = "甲乙丙丁"
MONTHS = [NOVEMBER.shifted(shift) for shift in range(5)]


def _in_force(order: Sequence[int], finals: Sequence[Sequence[int]]) -> list[object]:
    """Drop the months in this order, each issued at once; later ones are made again as they change."""
    with open_ledger("sqlite://") as ledger:
        for at in order:
            dropped = MONTHS[at]
            _drop(ledger, dropped, finals[at])
            issue(ledger, dropped)
            with ledger.reading() as books:
                later = books.months.periods_after(GROUP, dropped)
            for period in later:
                _drop(ledger, period, finals[MONTHS.index(period)])
        with ledger.reading() as books:
            net: dict[OutcomeKey, Decimal] = {}
            stand = []
            for period in MONTHS:
                for line in books.outcomes.lines_of_month(GROUP, period):
                    net[line.key] = net.get(line.key, Decimal(0)) + line.amount
                result = books.months.result(GROUP, period)
                assert result is not None
                stand += [(result.staff, result.outcomes), books.past.before(GROUP, period)]
        return [*stand, {key: amount for key, amount in net.items() if amount}]


def _drop(ledger: Ledger, period: Period, finals: Sequence[int]) -> None:
    record(ledger, period, {name: str(final) for name, final in zip(PEOPLE, finals, strict=True)})


@settings(max_examples=15)
@given(
    order=st.permutations(range(len(MONTHS))),
    finals=st.lists(
        st.lists(st.integers(60, 64), min_size=4, max_size=4), min_size=len(MONTHS), max_size=len(MONTHS)
    ),
)
def test_months_dropped_in_any_order_come_to_the_same(order: list[int], finals: list[list[int]]) -> None:
    """Places, outcomes, histories and net money do not depend on when a month arrived."""
    assert _in_force(order, finals) == _in_force(range(len(MONTHS)), finals)
