"""Where one person lost most points: what the plan asks about, judged items included."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from appraisal.publish.month import Month
from appraisal.scheme.forms import plan
from appraisal.scheme.model.indicator import Indicator
from appraisal.scheme.model.units import Unit, in_print, number_text, round_half_up
from appraisal.scoring.results import IndicatorResult

FEWEST, MOST = 2, 4
"""A plan about one thing looks away from the rest; about five it is not carried out."""

_ENOUGH = Decimal("0.75")
"""The share of all points lost from which on further indicators are left out."""


@dataclass(frozen=True, slots=True)
class Weakness:
    """An indicator in which a person lost points.

    `value` is as printed, of a judged indicator the marks weighted over the reviewers; `goal` is the
    next thing to reach: the target, for whom has reached it the best band; None where there is neither.
    """

    indicator: Indicator
    value: Decimal
    goal: Decimal | None
    lost: Decimal

    @property
    def goal_in_print(self) -> str:
        """`≥50.00%`, `≤30.0秒`, `5分`; a band's own words where it is one."""
        if self.goal is None:
            return "—"
        if self.indicator.is_judged:
            return f"{number_text(self.goal)}分"
        sign = "≥" if self.indicator.method.higher_is_better else "≤"
        bands = self.indicator.method.standard(self.indicator.measure)
        own = (band.words for band in bands if band.points and band.threshold == self.goal)
        return next(own, f"{sign}{self._in_print(self.goal)}")

    @property
    def value_in_print(self) -> str:
        return f"{number_text(self.value)}分" if self.indicator.is_judged else self._in_print(self.value)

    @property
    def gap_in_print(self) -> str:
        """`差5.00个百分点`, `差8.0秒`, `差0.7分`."""
        if self.goal is None:
            return "—"
        gap = abs(self.goal - self.value)
        if self.indicator.is_judged:
            return f"差{number_text(gap)}分"
        if self.indicator.measure.unit is Unit.PERCENT:
            shown = max(self.indicator.measure.decimals - 2, 0)
            return f"差{round_half_up(gap * 100, shown)}个百分点"
        return f"差{self._in_print(gap)}"

    @property
    def lost_in_print(self) -> str:
        return f"{number_text(self.lost)}分"

    def _in_print(self, value: Decimal) -> str:
        return in_print(value, self.indicator.measure.unit, self.indicator.measure.decimals)


def rows_in_print(month: Month, staff_id: str) -> dict[str, str]:
    """What forms say of the person's weakest indicators, cell by cell, by `filled_in_key`."""
    rows = [
        {
            plan.INDICATOR: one.indicator.name,
            plan.GOAL: one.goal_in_print,
            plan.ACTUAL: one.value_in_print,
            plan.GAP: one.gap_in_print,
            plan.LOST: one.lost_in_print,
        }
        for one in weak_indicators(month, staff_id)
    ]
    return {
        plan.filled_in_key(column, number): text
        for number, row in enumerate(rows, 1)
        for column, text in row.items()
    }


def weak_indicators(month: Month, staff_id: str) -> tuple[Weakness, ...]:
    """The person's two to four weakest indicators, most points lost first; fewer where fewer lost any.

    They go on until three quarters of all points lost are named.
    """
    person = month.result.person(staff_id)
    earned = month.earned(person)
    found = [
        weakness
        for one in month.scheme.indicators
        if one.counts
        and one.name in earned
        and (weakness := _weakness(one, person.indicators[one.name], earned[one.name])) is not None
    ]
    found.sort(key=lambda one: (-one.lost, -one.lost / one.indicator.points))
    enough = _ENOUGH * sum((one.lost for one in found), Decimal(0))
    named = Decimal(0)
    for at, one in enumerate(found[:MOST]):
        if at >= FEWEST and named >= enough:
            return tuple(found[:at])
        named += one.lost
    return tuple(found[:MOST])


def _weakness(indicator: Indicator, result: IndicatorResult, points: Decimal) -> Weakness | None:
    """None where no points were lost."""
    if result.by_count and indicator.by_count is not None:
        indicator = indicator.by_count
    if points >= indicator.points:
        return None
    value = points if result.value is None else result.value
    best = indicator.points if indicator.is_judged else indicator.method.target
    goal = next((one for one in (indicator.target_value, best) if _misses(value, one, indicator)), None)
    return Weakness(indicator, value, goal, indicator.points - points)


def _misses(value: Decimal, goal: Decimal | None, indicator: Indicator) -> bool:
    if goal is None:
        return False
    return value < goal if indicator.method.higher_is_better else value > goal
