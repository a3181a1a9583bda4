"""For each scheme the first person of the sample, worked by hand from the rule file's own examples.

`online-shop` and `online-shop-focus-split` have their worked examples beside the scoring's tests.
"""

from __future__ import annotations

from decimal import Decimal

import pytest

from appraisal.scoring.results import StaffResult
from tests.schemes.test_every_scheme import scored

WORKED = {
    # 39/40, 58/60, 97/100, 0 false, 30 days for 12, 11 of 12, 4.6, one failed check; a mark of 5
    "service-agent": ("10 10 13.5 10 8 13 15 8 5", "92.50"),
    # 118/120, 160/180, 0 false, 90; of 8 complaints none open; 57/60, 20/30, 2 errors; a mark of 5
    "dealer-agent": ("13.5 10 10 20 10 10 9 4 4 5", "95.50"),
    # 55 %, 28 s, 95 % of the budget, 4.6, all solved, 94 %, all trained, all done, all kept; a mark of 5
    "service-supervisor": ("13 8 5 13 15 8 10 10 5 5", "92.00"),
    # 105 % is full, 97.22 %, +3 % is 11.25 + 3 × 0.75, none lost, all visited, 91, 0 of 2 unhappy, 98.06 %
    "account-manager": ("25 12 13.5 15 10 10 5 4 0", "94.50"),
    # 98 % is 20 − 2 × 2, 99 % full, 99 %, one late, none, 50/50, 0.67 %, level 5, none leaked
    # 90.5 of 95 is 95.26; 0.95 × 95.26 + 0.05 × 100
    "customer-records": ("16 20 15 9.5 10 10 5 5 5", "95.50"),
    # 94.17 %, 87.78 %, 28 s, 0.13 %, none of 12 open, 96.15 % is 9 − 0.77, 0.8 of the mean, 98.33 %, all; 5
    "service-department": ("18 13 8 12 10 8.23 1 4 5 5 0", "84.23"),
    # levels 5 4 4 in turn; 90 % content, 4.7
    "competence-three": ("12 9.6 8.8 10 8 8 5.6 10 8 8", "88.00"),
    "competence-six": ("8 6.4 3.2 6 6.4 4.8 8 6.4 3.2 8 5.6 4.8 6 2.4 4 5", "88.20"),
    # 表二's 12 8 3 10 4 7 5 5 6 2, each by 0.8, and seven marks
    "online-shop-extended": (
        "9.6 6.4 2.4 8 3.2 5.6 4 4 4.8 1.6 4.8 5.9 4 5 4.6 4.2 5",
        "83.10",
    ),
}


def first(scheme: str) -> StaffResult:
    return scored(scheme).result.person("KF001")


@pytest.mark.parametrize("scheme", WORKED)
def test_every_indicator_of_the_example_earns_what_it_should(scheme: str) -> None:
    """Point by point, in the order of the rule file."""
    earned = [next(iter(one.points.values())) for one in first(scheme).indicators.values() if one.points]
    assert earned == [Decimal(each) for each in WORKED[scheme][0].split()]


@pytest.mark.parametrize("scheme", WORKED)
def test_the_final_score_of_the_example(scheme: str) -> None:
    """As on the slip."""
    assert first(scheme).final == Decimal(WORKED[scheme][1])


def test_the_account_manager_s_grade_pays() -> None:
    """94.50 is an A: 500 元."""
    outcomes = scored("account-manager").result.outcomes_of("KF001")
    assert [(one.type.value, one.amount) for one in outcomes] == [("reward", Decimal("500.00"))]
