"""Places: by the final score as printed, ties share a place, everyone else is counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appraisal.scheme.model.scheme import Scheme
from appraisal.scoring.final_score import ranked, sole_last
from appraisal.scoring.results import IndicatorResult, StaffResult
from tests.builders.schemes import EVERYTHING_TEXT, SHOP_TEXT, changed, one_mark_scheme, scheme_of

COMPETITION = one_mark_scheme()
DENSE = one_mark_scheme(ranking="{ties: dense}")
SCORES = st.lists(
    st.none() | st.integers(min_value=0, max_value=20).map(lambda tenth: Decimal(tenth) / 2), max_size=12
)


def people(*finals: Decimal | str | None, **breakers: Sequence[str | None]) -> list[StaffResult]:
    """Staff with these finals (None is not ranked) and, by indicator, the values that break ties."""
    return [
        StaffResult(
            id=f"KF{at:03}",
            name=f"员工{at}",
            participation="参评",
            ranked=final is not None,
            reason=None if final is not None else "试用期",
            rank=None,
            final=None if final is None else Decimal(final),
            reviewers={},
            indicators={name: result(values[at]) for name, values in breakers.items()},
            sections={},
            stood_in={},
        )
        for at, final in enumerate(finals)
    ]


def marked(*finals: str, **given: Sequence[dict[str, str]]) -> list[StaffResult]:
    """The same with each reviewer's marks by indicator."""
    return [
        replace(
            one,
            indicators={
                name: IndicatorResult(
                    None,
                    applicable=True,
                    reason=None,
                    points={who: Decimal(mark) for who, mark in marks[at].items()},
                )
                for name, marks in given.items()
            },
        )
        for at, one in enumerate(people(*finals))
    ]


def result(value: str | None) -> IndicatorResult:
    if value is None:
        return IndicatorResult(None, applicable=False, reason="询单人数为0，无法计算", points={})
    return IndicatorResult(Decimal(value), applicable=True, reason=None, points={})


def places(staff: list[StaffResult], scheme: Scheme = COMPETITION) -> list[int | None]:
    return [one.rank for one in ranked(staff, scheme)]


def breaking_by(*names: str) -> Scheme:
    return scheme_of(
        changed(
            ("minimum_points: 60}", f"minimum_points: 60, break_by: [{', '.join(names)}]}}"), text=SHOP_TEXT
        )
    )


def test_competition_places_leave_a_gap_after_a_tie() -> None:
    """1-2-2-4."""
    assert places(people("90", "80", "80", "70")) == [1, 2, 2, 4]


def test_dense_places_leave_none() -> None:
    """1-2-2-3, 中国式排名."""
    assert places(people("90", "80", "80", "70"), DENSE) == [1, 2, 2, 3]


def test_who_is_not_ranked_has_no_place_and_takes_none() -> None:
    """The order of the workbook stays."""
    assert places(people("70", None, "90", None, "80")) == [3, None, 1, None, 2]


@given(SCORES)
def test_a_competition_place_is_one_more_than_the_number_strictly_better(
    finals: list[Decimal | None],
) -> None:
    """The definition that Excel's RANK and our COUNTIFS formula share."""
    for one in ranked(people(*finals), COMPETITION):
        if one.ranked:
            assert one.rank == 1 + sum(final is not None and final > one.final for final in finals)


@given(SCORES)
def test_a_dense_place_counts_the_scores_that_are_better(finals: list[Decimal | None]) -> None:
    """Scores, not people."""
    scores = {final for final in finals if final is not None}
    for one in ranked(people(*finals), DENSE):
        if one.ranked:
            assert one.rank == 1 + sum(score > one.final for score in scores)


@given(SCORES, st.randoms(use_true_random=False), st.sampled_from([COMPETITION, DENSE]))
def test_the_order_of_the_rows_does_not_matter(
    finals: list[Decimal | None], random: Random, scheme: Scheme
) -> None:
    """Sorting the workbook changes nobody's place."""
    staff = people(*finals)
    mixed = staff[:]
    random.shuffle(mixed)
    before = {one.id: one.rank for one in ranked(staff, scheme)}
    assert {one.id: one.rank for one in ranked(mixed, scheme)} == before


@given(SCORES, st.sampled_from([COMPETITION, DENSE]))
def test_a_higher_score_never_has_a_worse_place(finals: list[Decimal | None], scheme: Scheme) -> None:
    """And equal scores have equal places."""
    staff = [one for one in ranked(people(*finals), scheme) if one.ranked]
    for one in staff:
        for other in staff:
            assert (one.final > other.final) == (one.rank < other.rank)


@given(SCORES, st.integers(0, 11), st.decimals(min_value="0.5", max_value=5, places=1))
def test_a_point_more_never_costs_a_place(finals: list[Decimal | None], at: int, more: Decimal) -> None:
    """Improving alone cannot make one fall behind."""
    if at < len(finals) and finals[at] is not None:
        better = [*finals]
        better[at] = finals[at] + more
        before, after = places(people(*finals))[at], places(people(*better))[at]
        assert before is not None
        assert after is not None
        assert after <= before


# ----------------------------------------------------------------------------------- breaking ties


def test_break_by_orders_people_of_equal_score() -> None:
    """The better value comes first, in the order in which the indicators are named."""
    staff = people("80", "80", "80", 订单总金额=["0.90", "0.95", "0.95"], 咨询转化率=["0.60", "0.50", "0.55"])
    assert places(staff, breaking_by("订单总金额", "咨询转化率")) == [3, 2, 1]


def test_for_an_indicator_where_less_is_better_the_smaller_value_wins() -> None:
    """Seconds, complaints, refunds."""
    staff = people("80", "80", 平均响应时间=["30.0", "28.0"])
    assert places(staff, breaking_by("平均响应时间")) == [2, 1]


def test_marks_break_a_tie_by_the_weights_of_their_reviewers() -> None:
    """30 % and 70 %: 0.3·4 + 0.7·1 is less than 0.3·1 + 0.7·3, though 4 + 1 is more than 1 + 3."""
    staff = marked("80", "80", 报表整体质量=[{"自评": "4", "店长": "1"}, {"自评": "1", "店长": "3"}])
    assert places(staff, breaking_by("报表整体质量")) == [2, 1]


def test_a_mark_that_is_for_reference_breaks_no_tie() -> None:
    """自评 weighs 0 %: whatever it says, both share the place."""
    same = {"同事": "4", "店长": "4"}
    staff = marked("80", "80", 沟通=[{"自评": "5"} | same, {"自评": "1"} | same], 转化率=[{}, {}])
    assert places(staff, scheme_of(EVERYTHING_TEXT)) == [1, 1]


def test_what_is_not_applicable_loses_a_tie_break() -> None:
    """不适用 cannot put anybody ahead."""
    staff = people("80", "80", "80", 咨询转化率=[None, "0.10", None])
    assert places(staff, breaking_by("咨询转化率")) == [2, 1, 2]


def test_people_level_in_everything_share_a_place() -> None:
    """There is no further coin to toss."""
    assert places(people("80", "80", 订单总金额=["0.9", "0.9"]), breaking_by("订单总金额")) == [1, 1]


def test_break_by_never_outweighs_the_score() -> None:
    """A cent of difference in the final counts first."""
    staff = people("80.00", "80.01", 订单总金额=["2", "0"])
    assert places(staff, breaking_by("订单总金额")) == [2, 1]


# --------------------------------------------------------------------------------------- sole last


@pytest.mark.parametrize(
    ("finals", "last"),
    [
        (("90", "80", "70"), "KF002"),
        (("90", "70", "70"), None),
        (("90", None, "70"), "KF002"),
        (("90",), None),
        ((), None),
        ((None, None), None),
    ],
)
def test_the_one_last_is_the_one_lowest_of_several(finals: tuple[str | None, ...], last: str | None) -> None:
    """Tied, alone in the group, or nobody ranked: there is no one last."""
    found = sole_last(people(*finals))
    assert (found.id if found else None) == last


def test_a_tie_break_does_not_make_one_last() -> None:
    """Places by break_by are left aside: the finals are level."""
    staff = ranked(people("90", "70", "70", 订单总金额=["1", "0.5", "0.6"]), breaking_by("订单总金额"))
    assert [one.rank for one in staff] == [1, 3, 2]
    assert sole_last(staff) is None
