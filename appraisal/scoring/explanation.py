"""Why a person has these points, and what the next band takes: one line per indicator."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from fractions import Fraction

from appraisal.scheme.formula import Arithmetic, Name, OverGroup, evaluate, names_in
from appraisal.scheme.formula_in_words import with_numbers
from appraisal.scheme.methods.method import Standing
from appraisal.scheme.model import DataField, FieldType, Indicator
from appraisal.scheme.units import Unit, in_print, plain, round_half_up
from appraisal.scoring.results import IndicatorResult
from appraisal.scoring.scoring import GroupFigures


@dataclass(frozen=True, slots=True)
class Explanation:
    """`how` the value came about, `standing` in the bands, `next_step` to the better one.

    A judged or not applicable indicator has only what there is to say; the rest is empty text.
    """

    how: str
    standing: str
    next_step: str


def explain(figures: GroupFigures, indicator: Indicator, staff: str, result: IndicatorResult) -> Explanation:
    """`付款人数432 ÷ 询单人数800 = 54.00%`, `≥50.00%`, `再多8人付款可得14分`."""
    if indicator.is_judged:
        return Explanation(
            "考核人评分" if result.applicable else "", "" if result.applicable else result.reason or "", ""
        )
    if not result.applicable or result.value is None:
        return Explanation("", f"不适用：{result.reason}", "")
    how = _how(figures, indicator, staff, result.value)
    standing = indicator.method.standing(result.value, indicator.measure)
    return Explanation(how, standing.words, _next_step(figures, indicator, staff, standing, result.value))


def _how(figures: GroupFigures, indicator: Indicator, staff: str, value: Decimal) -> str:
    tree = indicator.expression
    assert tree is not None
    at = figures.index[staff]
    measure = indicator.measure
    shown = in_print(value, measure.unit, measure.decimals)
    if isinstance(tree, Name):
        return f"{tree.name}{shown}"

    def number(name: str) -> Decimal | None:
        if name in figures.columns:
            return figures.columns[name][at]
        function, _, inside = name.rstrip(")").partition("(")
        over_group = evaluate(OverGroup(function, inside), figures.columns, 1)[0]
        return None if over_group is None else round_half_up(over_group, 2)

    return f"{with_numbers(tree, number)} = {shown}"


def _next_step(
    figures: GroupFigures, indicator: Indicator, staff: str, standing: Standing, value: Decimal
) -> str:
    if standing.next_threshold is None or standing.next_points is None:
        return "已是最高档"
    target = standing.next_threshold
    gain = f"可得{plain(standing.next_points)}分"
    measure = indicator.measure
    counted = _counted(figures, indicator, staff, standing)
    if counted is not None:
        return f"{counted}，{gain}"
    sign = "" if standing.next_is_inclusive else ("高于" if indicator.method.higher_is_better else "低于")
    reach = f"{sign}{in_print(target, measure.unit, measure.decimals)}"
    gap = abs(target - value)
    if measure.unit is Unit.PERCENT:
        distance = f"差{plain(round_half_up(gap * 100, 2))}个百分点"
    else:
        distance = f"差{in_print(gap, measure.unit, measure.decimals)}"
    return f"达到{reach}（{distance}），{gain}"


def _counted(figures: GroupFigures, indicator: Indicator, staff: str, standing: Standing) -> str | None:
    """`再多8人付款`, where the value is one counted field over others and more of it is enough."""
    tree = indicator.expression
    if not (isinstance(tree, Arithmetic) and tree.sign == "/" and isinstance(tree.left, Name)):
        return None
    if tree.left.name in names_in(tree.right):
        return None
    field = next((one for one in figures.scheme.fields if one.name == tree.left.name), None)
    at = figures.index[staff]
    under = evaluate(tree.right, figures.columns, len(figures.rows))[at]
    have = figures.columns[tree.left.name][at]
    if field is None or field.type not in {FieldType.COUNT, FieldType.MONEY} or not under or have is None:
        return None
    return _more_or_fewer(field, have, under, indicator, standing)


def _more_or_fewer(
    field: DataField, have: Decimal, under: Fraction, indicator: Indicator, standing: Standing
) -> str | None:
    """The smallest change of the numerator whose value, rounded as printed, reaches the band."""
    threshold = standing.next_threshold
    assert threshold is not None
    higher = indicator.method.higher_is_better
    decimals = indicator.measure.decimals
    step = Decimal(1) if field.type is FieldType.COUNT else Decimal("0.01")
    half = Fraction(1, 2 * 10**decimals)
    # Values are rounded half-up before they are banded: the edge lies half a printed step away.
    edge = (Fraction(threshold) - half if higher else Fraction(threshold) + half) * under
    rough = Decimal(edge.numerator) / Decimal(edge.denominator)
    wanted = rough.quantize(step, rounding=ROUND_CEILING if higher else ROUND_FLOOR)
    for _ in range(3):
        if _reaches(round_half_up(Fraction(wanted) / under, decimals), threshold, standing, higher=higher):
            break
        wanted += step if higher else -step
    change = abs(wanted - have)
    if wanted < 0:
        return None
    unit = "元" if field.type is FieldType.MONEY else ("人" if field.name.endswith("人数") else "")
    what = field.name.removesuffix("人数") if unit == "人" else field.name
    if unit == "人":
        return f"再{'多' if higher else '少'}{plain(change)}人{what}"
    return f"{what}再{'多' if higher else '少'}{plain(change)}{unit}"


def _reaches(value: Decimal, threshold: Decimal, standing: Standing, *, higher: bool) -> bool:
    if value == threshold:
        return standing.next_is_inclusive
    return value > threshold if higher else value < threshold
