"""Places against last month's, when another number of people was ranked."""

from __future__ import annotations

from decimal import Decimal

import pytest

from appraisal.scoring.final_score import places_gained
from appraisal.scoring.results import PersonMonth
from tests.builders.submissions import NOVEMBER


def before(rank: int | None, ranked: int) -> PersonMonth:
    return PersonMonth(NOVEMBER.shifted(-1), rank, ranked, Decimal(70), False)


@pytest.mark.parametrize(
    ("then", "now", "gained"),
    [
        ((6, 12), (1, 12), 5),
        ((1, 10), (1, 6), 0),
        ((10, 10), (6, 6), 0),  # last, and last again: no four places gained
        ((8, 10), (6, 6), -1),
        ((3, 6), (6, 13), 0),
        ((2, 3), (2, 6), 2),  # 2 of 3 is 3.5 of 6, halves up
    ],
)
def test_the_place_is_taken_to_the_present_number(
    then: tuple[int, int], now: tuple[int, int], gained: int
) -> None:
    """The first stays the first and the last the last, however many there are."""
    assert places_gained(before(*then), *now) == gained


@pytest.mark.parametrize(
    ("then", "now"),
    [
        (None, (1, 6)),
        (before(None, 6), (1, 6)),
        (before(1, 6), (None, 6)),
        (before(1, 1), (2, 6)),
        (before(3, 6), (1, 1)),
    ],
)
def test_without_anybody_to_be_before_or_behind_nothing_is_compared(
    then: PersonMonth | None, now: tuple[int | None, int]
) -> None:
    assert places_gained(then, *now) is None
