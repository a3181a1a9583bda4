"""Between which bounds a formula's value must lie, by what values its fields may take."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from decimal import Decimal, DivisionByZero, InvalidOperation, localcontext

from appraisal.scheme.formula import Arithmetic, Expression, FirstPresent, Name, Negative, Number, OverGroup
from appraisal.scheme.model import Scheme

Range = tuple[Decimal, Decimal]
"""The lowest and the highest value, both possible; infinite where nothing is known."""

_INFINITE = Decimal("Infinity")
_ANY: Range = (-_INFINITE, _INFINITE)


def ranges_of_fields(scheme: Scheme) -> dict[str, Range]:
    """What each field may hold: `between`, else 0 and more."""
    fields = (*scheme.fields, *scheme.group_fields)
    return {field.name: field.between or (Decimal(0), _INFINITE) for field in fields}


_SIGNS: Mapping[str, Callable[[Decimal, Decimal], Decimal]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
}


def range_of(tree: Expression, ranges: Mapping[str, Range]) -> Range:
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
            one, other = range_of(left, ranges), range_of(right, ranges)
            return min(one[0], other[0]), max(one[1], other[1])
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
        corners = [_SIGNS[sign](one, other) for one in left for other in right]
    if any(corner.is_nan() for corner in corners):  # 0 × ∞: nothing is known but the sign
        return (Decimal(0), _INFINITE) if left[0] >= 0 and right[0] >= 0 and sign != "-" else _ANY
    return min(corners), max(corners)
