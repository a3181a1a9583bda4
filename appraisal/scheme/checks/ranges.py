"""What can never happen, or always does, by what values the fields of a scheme may take.

Bands that never match, full points out of reach, vetoes that nobody or everybody meets, samples that are
never or always too small, checks that never fail or never hold, targets that are no aim.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal, DivisionByZero, InvalidOperation, localcontext

from appraisal.scheme.formula.parse import (
    Arithmetic,
    Comparison,
    Expression,
    FirstPresent,
    Name,
    Negative,
    Number,
    OverGroup,
    denominator_of,
    parse,
)
from appraisal.scheme.methods.bands import Bands
from appraisal.scheme.methods.deduct import Deduct
from appraisal.scheme.methods.linear import Linear
from appraisal.scheme.methods.method import Measure, Place, Problem
from appraisal.scheme.methods.veto import Veto
from appraisal.scheme.model.indicator import Indicator, Override, methods_given
from appraisal.scheme.model.scheme import Scheme
from appraisal.scheme.model.units import number_text

Range = tuple[Decimal, Decimal]
"""The lowest and the highest value, both possible; infinite where nothing is known."""

Ranges = Mapping[str, Range]
"""What each field may hold: `between`, else 0 and more."""

_INFINITE = Decimal("Infinity")
_ANY: Range = (-_INFINITE, _INFINITE)


_SIGNS: Mapping[str, Callable[[Decimal, Decimal], Decimal]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
}


def range_of(tree: Expression, ranges: Ranges) -> Range:
    """Between which bounds the formula's value must lie; wider than the truth, never narrower."""
    match tree:
        case Number(value):
            return value, value
        case Name(name):
            return ranges.get(name, _ANY)
        case OverGroup(function, name):
            low, high = ranges.get(name, _ANY)
            return (min(low, Decimal(0)), _INFINITE) if function == "sum" else (low, high)
        case Negative(inner):
            low, high = range_of(inner, ranges)
            return -high, -low
        case FirstPresent(left, right):
            first, second = range_of(left, ranges), range_of(right, ranges)
            return min(first[0], second[0]), max(first[1], second[1])
        case Arithmetic(sign, left, right):
            return _combined(sign, range_of(left, ranges), range_of(right, ranges))
        case _:
            return _ANY


def _combined(sign: str, left: Range, right: Range) -> Range:
    if sign == "/" and right[0] == 0 and left[0] >= 0:
        return Decimal(0), _INFINITE  # a zero denominator is 不适用, not a value
    if sign == "/" and right[0] <= 0 <= right[1]:
        return _ANY
    with localcontext() as context:
        context.traps[InvalidOperation] = False
        context.traps[DivisionByZero] = False
        corners = [_SIGNS[sign](first, second) for first in left for second in right]
    if any(corner.is_nan() for corner in corners):  # 0 × ∞: nothing is known but the sign
        return (Decimal(0), _INFINITE) if left[0] >= 0 and right[0] >= 0 and sign != "-" else _ANY
    return min(corners), max(corners)


def problems_of_ranges(scheme: Scheme) -> Iterator[Problem]:
    """Methods, samples, targets and checks held against the ranges of the fields that they are about."""
    fields = (*scheme.fields, *scheme.group_fields)
    ranges = {field.name: field.between or (Decimal(0), _INFINITE) for field in fields}
    for place, indicator in scheme.indicator_paths():
        if indicator.is_sound:
            yield from _target(indicator, place)
            yield from _method(indicator, place, ranges)
            yield from _samples(indicator, place, ranges)
    for index, override in enumerate(scheme.overrides):
        yield from _override(override, ("overrides", index, "indicators"), scheme, ranges)
    for table_name, table in scheme.tables.items():
        for index, check in enumerate(table.checks):
            tree = parse(check.that)
            if isinstance(tree, Comparison):
                yield from _check(tree, ("tables", table_name, "checks", index, "that"), ranges)


def _override(override: Override, place: Place, scheme: Scheme, ranges: Ranges) -> Iterator[Problem]:
    """Only what the month changes; the rest is told of the indicator itself."""
    for indicator in scheme.indicators:
        change = override.indicators.get(indicator.name)
        if change is None or not indicator.is_sound or len(methods_given(change)) > 1:
            continue
        applied, here = override.applied_to(indicator), (*place, indicator.name)
        if change.target is not None:
            yield from _target(applied, here)
        if methods_given(change):
            yield from _method(applied, here, ranges)
        if change.min_denominator is not None:
            yield from _samples(applied, here, ranges)


def _target(indicator: Indicator, place: Place) -> Iterator[Problem]:
    target = indicator.target_value
    if indicator.target is None or target is None:
        return
    place, method = (*place, "target"), indicator.method
    if indicator.is_judged:
        if target > indicator.points:
            yield Problem(place, f"目标值超过了标准分 {number_text(indicator.points)} 分，谁都达不到")
        return
    match method:
        case Bands() if any(line.holds(target) for line in method.root):
            worst = min(line.points for line in method.root)
        case Linear():
            worst = method.floor
        case Deduct():
            worst = Decimal(0)
        case _:
            return
    if method.points(target, indicator.measure) == worst:
        yield Problem(place, "目标值落在最低一档，达到了也拿不到分；请与分档对照")


def _method(indicator: Indicator, place: Place, ranges: Ranges) -> Iterator[Problem]:
    """The method of the indicator, and the one for small samples, held against what the value may be."""
    few = indicator.small_sample
    by_count = indicator.by_count if few is not None and len(methods_given(few)) == 1 else None
    for scored, above in ((indicator, place), (by_count, (*place, "small_sample"))):
        if scored is None or scored.expression is None:
            continue
        values, method = range_of(scored.expression, ranges), scored.method
        here, between = (*above, method.key), f"数值只能在 {_reach(values, scored.measure)} 之间，"
        match method:
            case Bands():
                yield from _bands(method, here, values, between)
            case Linear():
                yield from _linear(method, here, values, between, scored.measure)
            case Deduct():
                yield from _deduct(method, here, values, between, scored.measure)
            case Veto():
                yield from _veto(method, here, values, between)


def _bands(method: Bands, place: Place, values: Range, between: str) -> Iterator[Problem]:
    low, high = values
    for index, line in enumerate(method.root):
        if line.sign is None or line.threshold is None:
            continue
        never = line.threshold > high if line.sign[0] == ">" else line.threshold < low
        reached = {">=": line.threshold <= low, "<=": line.threshold >= high}
        if never:
            yield Problem((*place, index), f"{between}这一档永远用不上")
        elif reached.get(line.sign):
            yield Problem((*place, index), f"{between}到这一档总是符合，下面各档永远用不上")


def _linear(method: Linear, place: Place, values: Range, between: str, measure: Measure) -> Iterator[Problem]:
    worst, best = values if method.higher_is_better else (values[1], values[0])
    most = method.points(best, measure) if best.is_finite() else measure.full
    least = method.points(worst, measure) if worst.is_finite() else method.floor
    if most == least:
        yield Problem(place, f"{between}得分总是 {number_text(most)} 分，分不出高低")
    elif most < measure.full:
        yield Problem(
            place, f"{between}最多得 {number_text(most)} 分，标准分 {number_text(measure.full)} 分谁都拿不到"
        )


def _deduct(method: Deduct, place: Place, values: Range, between: str, measure: Measure) -> Iterator[Problem]:
    low, high = values
    if low.is_finite() and low > 0 and method.points(low, measure) == 0:
        yield Problem(place, f"{between}得分总是 0 分")
    if method.void_from is not None and method.void_from > high:
        yield Problem((*place, "void_from"), f"{between}这一条永远用不上")


def _veto(method: Veto, place: Place, values: Range, between: str) -> Iterator[Problem]:
    low, high = values
    if method.from_ > high:
        yield Problem((*place, "from"), f"{between}永远达不到，这一项永远用不上")
    elif method.from_ <= low:
        yield Problem((*place, "from"), f"{between}总是达到，人人都被否决")


def _samples(indicator: Indicator, place: Place, ranges: Ranges) -> Iterator[Problem]:
    """A denominator that is never there, never too small, or always."""
    divided_by = None if indicator.expression is None else denominator_of(indicator.expression)
    if divided_by is None:
        return
    low, high = range_of(divided_by, ranges)
    if high <= 0 <= low:
        yield Problem((*place, "value"), "分母总是0，这一项永远不适用")
    few = indicator.small_sample
    limits = {
        (*place, "min_denominator"): (indicator.min_denominator, "不适用"),
        (*place, "small_sample", "under"): (None if few is None else few.under, "按次数计分"),
    }
    for here, (limit, consequence) in limits.items():
        if limit is not None and limit > high:
            yield Problem(here, f"分母最多 {number_text(high)}，总是小于它，这一项总是{consequence}")
        elif limit is not None and limit <= low:
            yield Problem(here, f"分母最少 {number_text(low)}，从不小于它，这一条永远用不上")


def _reach(values: Range, measure: Measure) -> str:
    return " 到 ".join(
        measure.shown(end) if end.is_finite() else ("更大" if end > 0 else "更小") for end in values
    )


def _check(tree: Comparison, place: Place, ranges: Ranges) -> Iterator[Problem]:
    left, right = range_of(tree.left, ranges), range_of(tree.right, ranges)
    if tree.left == tree.right:
        holds: bool | None = tree.sign in {"<=", ">=", "="}
    else:
        holds = _decided(tree.sign, left, right)
    if holds is True:
        yield Problem(place, "按各数允许的范围，这条核对总是成立，什么也查不出来")
    elif holds is False:
        yield Problem(place, "按各数允许的范围，这条核对永远不成立，每份表都会被退回")


def _decided(sign: str, left: Range, right: Range) -> bool | None:
    """Whether a comparison holds for all values, for none (False), or it depends (None)."""
    if sign in {">", ">="}:
        return _decided({">": "<", ">=": "<="}[sign], right, left)
    if sign == "<":
        return True if left[1] < right[0] else False if left[0] >= right[1] else None
    if sign == "<=":
        return True if left[1] <= right[0] else False if left[0] > right[1] else None
    apart = left[1] < right[0] or right[1] < left[0]
    return (sign == "!=") if apart else None
