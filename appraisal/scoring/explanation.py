"""Why a person has these points, and what the next band takes: one line per indicator."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from appraisal.scheme.formula.parse import Arithmetic, Name, OverGroup, names_in
from appraisal.scheme.formula.printing import in_words
from appraisal.scheme.methods.method import LineReached
from appraisal.scheme.model.indicator import Indicator
from appraisal.scheme.model.tables import DataField, FieldType
from appraisal.scheme.model.units import Unit, money, number_text, round_half_up
from appraisal.scoring.results import IndicatorResult
from appraisal.scoring.scoring import GroupFigures


@dataclass(frozen=True, slots=True)
class Explanation:
    """`how` the value came about, `line_reached` in the bands, `next_step` to the better one.

    A judged or not applicable indicator has only what there is to say; the rest is empty text.
    """

    how: str
    line_reached: str
    next_step: str


def explain(figures: GroupFigures, indicator: Indicator, staff: str, result: IndicatorResult) -> Explanation:
    """`付款人数432 ÷ 询单人数800 = 54.00%`, `≥50.00%`, `再多8人付款可得14分`."""
    if indicator.is_judged:
        return Explanation(
            indicator.method.title if result.applicable else "",
            "" if result.applicable else result.reason or "",
            "",
        )
    if not result.applicable or result.value is None:
        return Explanation("", f"不适用：{result.reason}", "")
    small = ""
    if result.by_count and indicator.by_count is not None and indicator.small_sample is not None:
        small = f"样本不足{number_text(indicator.small_sample.under)}，按次数计："
        indicator = indicator.by_count
    how = small + _how(figures, indicator, staff, result.value)
    line_reached = indicator.method.line_reached(result.value, indicator.measure)
    return Explanation(
        how, line_reached.words, _next_step(figures, indicator, staff, line_reached, result.value)
    )


def _how(figures: GroupFigures, indicator: Indicator, staff: str, value: Decimal) -> str:
    tree = indicator.expression
    assert tree is not None
    index = figures.index[staff]
    measure = indicator.measure
    shown = measure.shown(value)
    if isinstance(tree, Name):
        return f"{tree.name}{shown}"

    def number(name: str) -> Decimal | None:
        if name in figures.columns:
            return figures.columns[name][index]
        function, _, inside = name.rstrip(")").partition("(")
        over_group = figures.evaluated(OverGroup(function, inside))[index]
        return None if over_group is None else round_half_up(over_group, 2)

    return f"{in_words(tree, number)} = {shown}"


def _next_step(
    figures: GroupFigures, indicator: Indicator, staff: str, line_reached: LineReached, value: Decimal
) -> str:
    if not indicator.counts:
        return ""
    if line_reached.next_threshold is None or line_reached.next_points is None:
        return "已是最高档"
    counted = _counted(figures, indicator, staff, line_reached)
    if counted is not None:
        return counted
    target, measure = line_reached.next_threshold, indicator.measure
    higher = indicator.method.higher_is_better
    verb = (
        ("达到" if higher else "降到") if line_reached.next_is_inclusive else ("高于" if higher else "低于")
    )
    gap = abs(target - value)
    if measure.unit is Unit.PERCENT:
        distance = f"差{number_text(round_half_up(gap * 100, 2))}个百分点"
    else:
        distance = f"差{measure.shown(gap)}"
    return f"{verb}{measure.shown(target)}（{distance}），可得{number_text(line_reached.next_points)}分"


def _counted(
    figures: GroupFigures, indicator: Indicator, staff: str, line_reached: LineReached
) -> str | None:
    """`再多8人付款，可得14分`, where the value is one counted field, alone or over others, and more of it is enough."""
    tree = indicator.expression
    divisor = tree.right if isinstance(tree, Arithmetic) and tree.sign == "/" else None
    counted = tree.left if isinstance(tree, Arithmetic) and divisor is not None else tree
    if not isinstance(counted, Name) or (divisor is not None and counted.name in names_in(divisor)):
        return None
    field = figures.scheme.field_named(counted.name)
    if field is None or field.type not in {FieldType.COUNT, FieldType.MONEY}:
        return None
    index = figures.index[staff]
    under = Fraction(1) if divisor is None else figures.evaluated(divisor)[index]
    have = figures.columns[counted.name][index]
    if not under or under < 0 or have is None:
        return None
    steps = _steps_that_reach(under * _STEPS[field.type], indicator, line_reached)
    if steps < 0:
        return None
    # Where one more counts for much, the step may leap over a band: what it earns is looked up anew.
    reached = round_half_up(steps / (under * _STEPS[field.type]), indicator.measure.decimals)
    wanted = Decimal(steps) / _STEPS[field.type]
    points = indicator.method.points(reached, indicator.measure)
    return f"{_more_or_fewer(field, wanted - have)}，可得{number_text(points)}分"


_STEPS = {FieldType.COUNT: 1, FieldType.MONEY: 100}
"""Into how many steps one of a figure's units falls: money moves by the cent."""


def _steps_that_reach(steps_per_value: Fraction, indicator: Indicator, line_reached: LineReached) -> int:
    """How many steps the figure must have so that its value, rounded as printed, just reaches the better band."""
    assert line_reached.next_threshold is not None
    higher = indicator.method.higher_is_better
    edge = _edge(
        line_reached.next_threshold, indicator.measure.decimals, higher, line_reached.next_is_inclusive
    )
    # The product's ceiling, without the Fraction that it would be.
    numerator = edge.numerator * steps_per_value.numerator
    steps = -(-numerator // (edge.denominator * steps_per_value.denominator))
    return steps if higher else steps - 1


@lru_cache(maxsize=4096)
def _edge(threshold: Decimal, decimals: int, higher: bool, is_inclusive: bool) -> Fraction:  # noqa: FBT001 - a key
    """The exact value at which a rounded one reaches the threshold.

    Values are rounded half-up before they are banded: the edge lies half a printed step away.
    """
    printed = Fraction(1, 10**decimals)
    if higher:
        return Fraction(threshold) - printed / 2 + (0 if is_inclusive else printed)
    return Fraction(threshold) + printed / 2 - (0 if is_inclusive else printed)


def _more_or_fewer(field: DataField, change: Decimal) -> str:
    direction = "多" if change > 0 else "少"
    if field.type is FieldType.MONEY:
        return f"{field.name}再{direction}{money(abs(change))}"
    if field.name.endswith("人数"):
        return f"再{direction}{number_text(abs(change))}人{field.name.removesuffix('人数')}"
    return f"{field.name}再{direction}{number_text(abs(change))}"
