"""What the formulas of the result workbook come to where the scores themselves do not say it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from appraisal.publish.excel.worksheet import Shown
from appraisal.publish.month import Month
from appraisal.publish.result.layout import Layout
from appraisal.scheme.formula.printing import NOT_APPLICABLE
from appraisal.scheme.model.scheme import Scheme
from appraisal.scheme.model.units import POINT_DECIMALS, round_half_up
from appraisal.scoring.results import StaffResult

Numbers = Sequence[Decimal | None]

NO_RANK = "—"
"""Stands where there is no rank, no average, nothing to compare."""


def or_text(numbers: Iterable[Decimal | int | None], text: str = NOT_APPLICABLE) -> list[Shown]:
    """The numbers as cells show them, with a text where there is none."""
    return [text if one is None else one for one in numbers]


@dataclass(frozen=True, slots=True)
class Figures:
    """One entry per person, in the workbook's order; None where nothing is applicable.

    `weighted` are an indicator's points weighted over the reviewers, `subtotals` those of a 类别 by its column, `lost`
    the most points that one indicator cost. `listed` are the people in the order of 综合排名.
    """

    weighted: Mapping[str, Numbers]
    subtotals: Mapping[int, Numbers]
    lost: Sequence[Decimal]
    listed: Sequence[StaffResult]
    ranked: Sequence[bool]

    def average(self, numbers: Numbers, decimals: int = POINT_DECIMALS) -> Decimal | None:
        """The mean over the ranked staff who have the number, half-up; None where nobody has."""
        pairs = zip(numbers, self.ranked, strict=True)
        present = [number for number, ranked in pairs if ranked and number is not None]
        return round_half_up(sum(present, Decimal(0)) / len(present), decimals) if present else None


def figures_of(month: Month, layout: Layout) -> Figures:
    """Everything that is computed once for all sheets."""
    scheme, staff = month.scheme, month.result.staff
    weighted = {
        one.name: [_weighted(month, person, one.name) for person in staff] for one in scheme.indicators
    }
    return Figures(
        weighted=weighted,
        subtotals={
            one.column.number: [
                _sum(weighted[inside.name][at] for inside in one.indicators) for at in range(len(staff))
            ]
            for one in layout.points.subtotals
        },
        lost=[
            _most_lost(scheme, {name: each[at] for name, each in weighted.items()})
            for at in range(len(staff))
        ],
        listed=(*month.result.ranked, *month.result.not_ranked),
        ranked=[person.ranked for person in staff],
    )


def _weighted(month: Month, person: StaffResult, indicator: str) -> Decimal | None:
    points = person.indicators[indicator].points
    return month.scheme.weigh(indicator, points) if points else None


def _most_lost(scheme: Scheme, weighted: Mapping[str, Decimal | None]) -> Decimal:
    lost = [
        round_half_up(one.points - got, 2)
        for one in scheme.counted
        if (got := weighted[one.name]) is not None
    ]
    return max(lost, default=Decimal(0))


def _sum(numbers: Iterable[Decimal | None]) -> Decimal | None:
    """None where there are none: what was not judged is not 0."""
    present = [one for one in numbers if one is not None]
    return round_half_up(sum(present, Decimal(0)), POINT_DECIMALS) if present else None
