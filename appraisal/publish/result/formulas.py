"""The living formulas of 分项得分: from 考核数据 to values, from points to subtotals, totals and the final score.

Who carries what, weights, 加减分 and 单项否决 are in them; each is the text for one row. And the figures that they come to
where the scores themselves do not say it.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from appraisal.publish.excel.book import Shown
from appraisal.publish.month import Month
from appraisal.publish.result.layout import HEADER, Column, Layout, Subtotal
from appraisal.publish.wording import compared_places
from appraisal.scheme.forms.submission import REVIEW_ABSENT
from appraisal.scheme.formula.parse import (
    Arithmetic,
    Comparison,
    Expression,
    FirstPresent,
    Name,
    Negative,
    OverGroup,
)
from appraisal.scheme.formula.printing import (
    NOT_APPLICABLE,
    References,
    group_key,
    small_sample_test,
    value_formula,
)
from appraisal.scheme.methods.method import Effect, StandardCells
from appraisal.scheme.model.indicator import Indicator
from appraisal.scheme.model.outcome_rules import Reviewer
from appraisal.scheme.model.scheme import Part, Scheme
from appraisal.scheme.model.units import POINT_DECIMALS, percent_text, round_half_up
from appraisal.scoring.results import StaffResult

Numbers = Sequence[Decimal | None]

NO_RANK = "—"
"""Stands where there is no rank, no average, nothing to compare."""


def or_text(numbers: Iterable[Decimal | int | None], text: str = NOT_APPLICABLE) -> list[Shown]:
    """The numbers as cells show them, with a text where there is none."""
    return [text if number is None else number for number in numbers]


def columns_of(layout: Layout, indicator: Indicator) -> list[Column]:
    """The value, the count where there is one, and the points; of what is judged, each reviewer's points."""
    points = list(layout.points.points[indicator.name].values())
    if indicator.is_judged:
        return points
    count = layout.points.counts.get(indicator.name)
    return [layout.points.values[indicator.name], *([] if count is None else [count]), points[0]]


def living_value_formula(layout: Layout, indicator: Indicator) -> str:
    """What 实际值 is, without the `=`."""
    assert indicator.expression is not None
    data, name = layout.data, indicator.name
    minimum = None if indicator.min_denominator is None else layout.standard.minimum[name]
    tree, cells = _by_name(indicator.expression), References(cell=data.cell, column=data.cell)
    formula = value_formula(tree, cells, decimals=indicator.measure.decimals, minimum=minimum)
    formula = formula.removeprefix("=")
    if data.has_data is None or _needs_own_figure(indicator.expression, data.fields):
        return formula
    return f'IF({data.has_data.there}=1,{formula},"{NOT_APPLICABLE}")'


def is_small_sample(layout: Layout, indicator: Indicator) -> str:
    assert indicator.expression is not None
    cells = References(cell=layout.data.cell, column=layout.data.cell)
    return small_sample_test(_by_name(indicator.expression), cells, layout.standard.small[indicator.name])


def points_formula(
    layout: Layout,
    indicator: Indicator,
    given: str,
    lines: Mapping[str, Sequence[StandardCells]] | None = None,
) -> str:
    """What the value or mark in the cell `given` earns by these lines of 评分标准, else the indicator's; without the `=`."""
    standard, name = layout.standard, indicator.name
    cells = (lines or standard.lines)[name]
    return indicator.method.points_formula(given, standard.full[name], cells).removeprefix("=")


def _by_name(tree: Expression) -> Expression:
    """The formula with `sum(x)` and its like as names of cells, so that they are read, not computed."""
    match tree:
        case OverGroup():
            return Name(group_key(tree))
        case Negative(inner):
            return Negative(_by_name(inner))
        case Arithmetic(sign, left, right):
            return Arithmetic(sign, _by_name(left), _by_name(right))
        case FirstPresent(left, right):
            return FirstPresent(_by_name(left), _by_name(right))
        case _:
            return tree


def _needs_own_figure(tree: Expression, fields: Container[str]) -> bool:
    """Whether the formula gives nothing for a person who has no figure at all in these fields."""
    match tree:
        case Name(name):
            return name in fields
        case Negative(inner):
            return _needs_own_figure(inner, fields)
        case FirstPresent(left, right):
            return _needs_own_figure(left, fields) and _needs_own_figure(right, fields)
        case Arithmetic(_, left, right) | Comparison(_, left, right):
            return _needs_own_figure(left, fields) or _needs_own_figure(right, fields)
        case _:
            return False


def subtotal_formula(layout: Layout, subtotal: Subtotal) -> str:
    points = layout.points
    shared = [
        next(iter(points.points[indicator.name].values())).here
        for indicator in subtotal.indicators
        if not indicator.is_judged
    ]
    terms = [f"SUM({','.join(shared)})"] if shared else []
    everyone = len(layout.scheme.reviewers)
    by_all = [
        indicator
        for indicator in subtotal.indicators
        if indicator.is_judged and len(points.points[indicator.name]) == everyone
    ]
    for reviewer in layout.scheme.reviewers:
        marks = [points.points[indicator.name][reviewer.name].here for indicator in by_all]
        if marks:
            terms.append(f"{points.totals[reviewer.name].at(HEADER)}*SUM({','.join(marks)})")
    terms += [
        f"IFERROR({judged_points_formula(layout, indicator)},0)"
        for indicator in subtotal.indicators
        if indicator.is_judged and indicator not in by_all
    ]
    given = [
        column.here for indicator in subtotal.indicators for column in points.points[indicator.name].values()
    ]
    there = f"COUNT({','.join(dict.fromkeys(given))})>0"
    return f'=IF({there},ROUND({"+".join(terms)},{POINT_DECIMALS}),"{NOT_APPLICABLE}")'


def is_absent(layout: Layout, reviewer: Reviewer) -> str:
    """The condition in Excel that is true where the reviewer did not judge this person."""
    return f'{layout.data.statuses[reviewer.name].there}="{REVIEW_ABSENT}"'


def part_formula(layout: Layout, reviewer: Reviewer, part: Part) -> str:
    """100 × points earned ÷ points possible of one part, in one row of 分项得分."""
    cells = ",".join(
        layout.points.points[indicator.name][reviewer.name].here for indicator in part.indicators
    )
    exact = f"100*SUM({cells})/{_possible(layout, part)}"
    return f'IFERROR(ROUND({exact},{POINT_DECIMALS}),"{NOT_APPLICABLE}")'


def total_formula(layout: Layout, reviewer: Reviewer) -> str:
    """A reviewer's total; where the stand-in's total counts for an absent reviewer, that one."""
    points = layout.points
    parts = list(points.parts[reviewer.name].values())
    if layout.scheme.is_uniform:
        [part] = layout.scheme.parts(reviewer.name)
        cells = ",".join(points.points[indicator.name][reviewer.name].here for indicator in part.indicators)
        return (
            f"=IF({points.possible.here}>0,"
            f'ROUND(100*SUM({cells})/{points.possible.here},{POINT_DECIMALS}),"{NOT_APPLICABLE}")'
        )
    if parts:
        first, last = parts[0], parts[-1]
        row, weights = f"{first.here}:{last.here}", f"{first.at(HEADER)}:{last.at(HEADER)}"
        exact = f'SUMPRODUCT({weights},{row})/SUMIF({row},">=0",{weights})'
        own = f'IF(COUNT({row})>0,ROUND({exact},{POINT_DECIMALS}),"{NOT_APPLICABLE}")'
    else:
        own = part_formula(layout, reviewer, layout.scheme.parts(reviewer.name)[0])
    if not layout.scheme.stands_in_whole(reviewer) or reviewer.if_absent is None:
        return f"={own}"
    return f"=IF({is_absent(layout, reviewer)},{points.totals[reviewer.if_absent].here},{own})"


def possible_formula(layout: Layout) -> str:
    """How many of the 100 points could be judged, where reviewers carry different parts."""
    shares = {reviewer.name: _share(layout, reviewer) for reviewer in layout.scheme.reviewers}
    terms = []
    for reviewer in layout.scheme.reviewers:
        share = shares[reviewer.name]
        if layout.scheme.stands_in_whole(reviewer) and reviewer.if_absent is not None:
            share = f"IF({is_absent(layout, reviewer)},{shares[reviewer.if_absent]},{share})"
        terms.append(f"{layout.points.totals[reviewer.name].at(HEADER)}*{share}")
    return f"=ROUND({'+'.join(terms)},{POINT_DECIMALS})"


def weighted_formula(layout: Layout) -> str:
    """Σ weight × total, from the totals as printed; who has no weight may have no total."""
    totals, reviewers = list(layout.points.totals.values()), layout.scheme.reviewers
    needed = [layout.points.totals[reviewer.name].here for reviewer in reviewers if reviewer.weight]
    counted = ",".join(needed)
    together = "+".join(f"{total.at(HEADER)}*N({total.here})" for total in totals)
    first, last = totals[0], totals[-1]
    if len(needed) == len(totals) == last.number - first.number + 1:  # all are needed, side by side
        counted = f"{first.here}:{last.here}"
        together = f"SUMPRODUCT({first.at(HEADER)}:{last.at(HEADER)},{counted})"
    return f'=IF(COUNT({counted})={len(needed)},ROUND({together},{POINT_DECIMALS}),"{NOT_APPLICABLE}")'


def final_formula(layout: Layout) -> str:
    """The weighted total, with 加减分 on top, never under 0 and never over a 单项否决 that holds."""
    weighted = layout.points.weighted
    if weighted is None:
        return weighted_formula(layout)
    adds, limits = [], []
    for indicator in layout.scheme.outside:
        columns = layout.points.points[indicator.name]
        if indicator.method.effect is Effect.LIMITS:
            limits.append(next(iter(columns.values())).here)
        else:
            adds.append(f"IFERROR(ROUND({judged_points_formula(layout, indicator)},{POINT_DECIMALS}),0)")
    text = f"MAX(0,{'+'.join([weighted.here, *adds])})"
    text = f"MIN({','.join([text, *limits])})" if limits else text
    return f'=IF(ISNUMBER({weighted.here}),ROUND({text},{POINT_DECIMALS}),"{NOT_APPLICABLE}")'


def judged_points_formula(layout: Layout, indicator: Indicator) -> str:
    """An indicator's points by the weights of those who give them; an error where there are none."""
    columns, totals = layout.points.points[indicator.name], layout.points.totals
    first = next(iter(columns.values()))
    if not indicator.is_judged or len(columns) == 1:
        return f"{first.fixed}+0"
    text = "+".join(f"{totals[name].at(HEADER)}*{column.fixed}" for name, column in columns.items())
    if len(columns) == len(layout.scheme.reviewers):
        return text
    return f"({text})/({'+'.join(totals[name].at(HEADER) for name in columns)})"


def _possible(layout: Layout, part: Part) -> str:
    """The full points of a part's indicators that apply, which stand as numbers in the header."""
    terms = []
    for indicator in part.indicators:
        last = columns_of(layout, indicator)[-1]
        terms.append(f"ISNUMBER({last.here})*{last.at(HEADER)}")
    return f"({'+'.join(terms)})"


def _share(layout: Layout, reviewer: Reviewer) -> str:
    terms = []
    for part in layout.scheme.parts(reviewer.name):
        full = "+".join(columns_of(layout, indicator)[-1].at(HEADER) for indicator in part.indicators)
        column = layout.points.parts[reviewer.name].get(part.name)
        weight = "100" if column is None else f"100*{column.at(HEADER)}"
        terms.append(f"{weight}*{_possible(layout, part)}/({full})")
    return f"({'+'.join(terms)})"


def how_it_is_made(month: Month, layout: Layout) -> tuple[str, str]:
    """综合得分＝自评合计×30%＋店长合计×70%, with the weights as they stand on 评分标准."""
    scheme, weights = month.scheme, layout.standard.weights
    counted = [reviewer for reviewer in scheme.reviewers if reviewer.weight]
    parts = [f'"{reviewer.name}合计×"&{weights[reviewer.name]}*100&"%"' for reviewer in counted]
    words = [f"{reviewer.name}合计×{percent_text(reviewer.weight)}" for reviewer in counted]
    compared = compared_places(month)
    rest = f"{_what_differs(scheme)}{f'{compared}。' if compared else ''}"
    formula = '="综合得分＝"&' + '&"＋"&'.join(parts) + f'&"{rest}"'
    return formula, f"综合得分＝{'＋'.join(words)}{rest}"


def _what_differs(scheme: Scheme) -> str:
    """In which indicators the reviewers differ, and what acts on the final score itself."""
    counted = [indicator for indicator in scheme.counted if indicator.is_judged]
    judged = "、".join(indicator.name for indicator in counted)
    acts = "".join(f"，再计{indicator.name}" for indicator in scheme.outside)
    if not scheme.is_uniform:
        return f"{acts}。各考核人所评的内容和权重见“分项得分”。"
    if judged and len(scheme.reviewers) > 1 and any(not indicator.is_judged for indicator in scheme.counted):
        return f"{acts}。数据指标各考核人相同，差别只在{judged}。"
    return f"{acts}。"


def lost_points(layout: Layout, indicator: Indicator) -> str:
    """The points that the indicator cost the person; an error where it is not applicable."""
    totals, columns = layout.points.totals, layout.points.points[indicator.name]
    last = list(columns.values())[-1]
    if not indicator.is_judged or len(columns) == 1 < len(layout.scheme.reviewers):
        return f"ROUND({last.at(HEADER)}-{last.fixed},2)"
    if len(columns) < len(layout.scheme.reviewers):
        return f"ROUND({last.at(HEADER)}-{judged_points_formula(layout, indicator)},2)"
    weighted = "-".join(f"{totals[name].at(HEADER)}*{column.fixed}" for name, column in columns.items())
    return f"ROUND({last.at(HEADER)}-{weighted},2)"


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


def shared_figures(month: Month, layout: Layout) -> Figures:
    """Everything that is computed once for all sheets."""
    scheme, staff = month.scheme, month.result.staff
    weighted = {
        indicator.name: [_weighted(month, person, indicator.name) for person in staff]
        for indicator in scheme.indicators
    }
    return Figures(
        weighted=weighted,
        subtotals={
            subtotal.column.number: [
                _sum(weighted[inside.name][index] for inside in subtotal.indicators)
                for index in range(len(staff))
            ]
            for subtotal in layout.points.subtotals
        },
        lost=[
            _most_lost(scheme, {name: each[index] for name, each in weighted.items()})
            for index in range(len(staff))
        ],
        listed=(*month.result.ranked, *month.result.not_ranked),
        ranked=[person.ranked for person in staff],
    )


def _weighted(month: Month, person: StaffResult, indicator: str) -> Decimal | None:
    points = person.indicators[indicator].points
    return month.scheme.weigh(indicator, points) if points else None


def _most_lost(scheme: Scheme, weighted: Mapping[str, Decimal | None]) -> Decimal:
    lost = [
        round_half_up(indicator.points - got, 2)
        for indicator in scheme.counted
        if (got := weighted[indicator.name]) is not None
    ]
    return max(lost, default=Decimal(0))


def _sum(numbers: Iterable[Decimal | None]) -> Decimal | None:
    """None where there are none: what was not judged is not 0."""
    present = [number for number in numbers if number is not None]
    return round_half_up(sum(present, Decimal(0)), POINT_DECIMALS) if present else None
