"""A law of the whole pass: what three months come to does not hang on the order in which they arrive."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from appraisal.period import Period
from appraisal.pipeline.reports import Status
from tests.builders.other_forms import ISSUE, filled_acts
from tests.builders.workspaces import Place, scores, workbook

MONTHS = (Period(2026, 11), Period(2026, 12), Period(2027, 1))
WHEN = date(2027, 2, 8)
BEST_FIRST = ([1, 2, 3, 4, 5, 6], [2, 1, 3, 4, 5, 6], [1, 2, 3, 5, 4, 6])
"""KF006 is last three times running: the third month looks back on both others."""
ISSUE_ALL = [ISSUE | {"考核月份": str(period), "日期": WHEN, "文号": None} for period in MONTHS]

Passes = Sequence[Sequence[int]]
"""The months, by number, that are dropped before each pass."""


@cache
def month(at: int) -> bytes:
    return workbook(period=MONTHS[at], cells=scores(BEST_FIRST[at]))


def came_to(passes: Passes) -> dict[str, Any]:
    """Everybody's results in every month, but for their revision, and net money, after all are issued."""
    with tempfile.TemporaryDirectory() as folder:
        place = Place(Path(folder))
        seen: set[int] = set()
        for dropped in passes:
            for at in dropped:
                place.drop(f"{MONTHS[at]}.xlsx", month(at))
            for at, report in zip(sorted(dropped), place.run(WHEN).files, strict=True):
                assert report.status is (Status.UNCHANGED if at in seen else Status.ACCEPTED), report
            seen.update(dropped)
        assert place.take(filled_acts(*ISSUE_ALL), "人事/办理.xlsx", WHEN).status is Status.ACCEPTED
        net: dict[str, Decimal] = {}
        with place.ledger() as ledger, ledger.reading() as books:
            for period in MONTHS:
                for line in books.outcomes.lines_of_month("旗舰店", period):
                    net[line.key.staff] = net.get(line.key.staff, Decimal(0)) + line.amount
        results = [place.result(period=period) for period in MONTHS]
    return {
        "net": {staff: amount for staff, amount in net.items() if amount},
        "staff": [one["staff"] for one in results],
        "outcomes": [one["outcomes"] for one in results],
    }


@cache
def in_order_of_time() -> dict[str, Any]:
    return came_to([[0], [1], [2]])


@st.composite
def arrivals(draw: st.DrawFn) -> Passes:
    """Every month at least once, together or one after the other; one of them perhaps once more."""
    order = draw(st.permutations(range(len(MONTHS))))
    cut = draw(st.integers(1, len(order)))
    again = draw(st.lists(st.sampled_from(order), max_size=1))
    return [one for one in (order[:cut], order[cut:], again) if one]


@settings(max_examples=3, suppress_health_check=list(HealthCheck))
@given(passes=arrivals())
def test_any_order_with_repetitions_comes_to_the_same(passes: Passes) -> None:
    """Ranks, scores, what follows from them, and the net money of each person."""
    expected = in_order_of_time()
    assert "consider_transfer" in {one["type"] for one in expected["outcomes"][2]}
    assert expected["net"] == {"KF001": Decimal(200), "KF002": Decimal(100), "KF006": Decimal(-300)}

    assert came_to(passes) == expected
