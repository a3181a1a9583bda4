"""What can never happen, judged by what values a field may take: bands that never match, checks that never
fail or never hold, targets that are no aim."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal, DivisionByZero, InvalidOperation, localcontext

from appraisal.scheme.formula import (
    Arithmetic,
    Comparison,
    Expression,
    FirstPresent,
    Name,
    Negative,
    Number,
    OverGroup,
    parse,
)
from appraisal.scheme.methods.bands import Bands
from appraisal.scheme.methods.method import Problem
from appraisal.scheme.model import Indicator, Scheme
from appraisal.scheme.names import indicator_paths
from appraisal.scheme.units import in_print, plain

Path_ = tuple[str | int, ...]
Range = tuple[Decimal, Decimal]

_INFINITE = Decimal("Infinity")
_ANY: Range = (-_INFINITE, _INFINITE)


def problems_of_ranges(scheme: Scheme) -> Iterator[Problem]:
    """Bands, targets and checks held against the ranges of the fields that they are about."""
    ranges = {
        field.name: field.between or (Decimal(0), _INFINITE)
        for field in (*scheme.fields, *scheme.group_fields)
    }
    for path, indicator in indicator_paths(scheme):
        yield from _target(indicator, path)
        if isinstance(method := _method(indicator), Bands) and indicator.expression is not None:
            yield from _bands(indicator, method, path, _range_of(indicator.expression, ranges))
    for table_name, table in scheme.tables.items():
        for at, check in enumerate(table.checks):
            tree = parse(check.that)
            if isinstance(tree, Comparison):
                path = ("tables", table_name, "checks", at, "that")
                yield from _check(tree, path, ranges)


def _method(indicator: Indicator) -> object:
    """The method of an indicator that has exactly one; others are told elsewhere."""
    try:
        return indicator.method
    except StopIteration:
        return None


def _target(indicator: Indicator, path: Path_) -> Iterator[Problem]:
    target = indicator.target_value if indicator.target is not None else None
    method = _method(indicator)
    if target is None or method is None:
        return
    if indicator.is_judged:
        if target > indicator.points:
            yield Problem((*path, "target"), f"目标值超过了标准分 {plain(indicator.points)} 分，谁都达不到")
        return
    if isinstance(method, Bands) and any(line.holds(target) for line in method.root):
        lowest = min(line.points for line in method.root)
        if method.points(target, indicator.measure) == lowest:
            yield Problem((*path, "target"), "目标值落在最低一档，达到了也拿不到分；请与分档对照")


def _bands(indicator: Indicator, method: Bands, path: Path_, values: Range) -> Iterator[Problem]:
    low, high = values
    for at, line in enumerate(method.root):
        if line.sign is None or line.threshold is None:
            continue
        here = (*path, "bands", at)
        never = line.threshold > high if line.sign[0] == ">" else line.threshold < low
        always = (
            line.threshold <= low
            if line.sign == ">="
            else line.threshold >= high
            if line.sign == "<="
            else False
        )
        if never:
            yield Problem(here, f"数值只能在 {_reach(values, indicator)} 之间，这一档永远用不上")
        elif always:
            yield Problem(
                here, f"数值只能在 {_reach(values, indicator)} 之间，到这一档总是符合，下面各档永远用不上"
            )


def _reach(values: Range, indicator: Indicator) -> str:
    measure = indicator.measure
    ends = [
        in_print(end, measure.unit, measure.decimals) if end.is_finite() else ("更大" if end > 0 else "更小")
        for end in values
    ]
    return " 到 ".join(ends)


def _check(tree: Comparison, path: Path_, ranges: Mapping[str, Range]) -> Iterator[Problem]:
    left, right = _range_of(tree.left, ranges), _range_of(tree.right, ranges)
    if tree.left == tree.right:
        holds: bool | None = tree.sign in {"<=", ">=", "="}
    else:
        holds = _decided(tree.sign, left, right)
    if holds is True:
        yield Problem(path, "按各数允许的范围，这条核对总是成立，什么也查不出来")
    elif holds is False:
        yield Problem(path, "按各数允许的范围，这条核对永远不成立，每份表都会被退回")


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


_SIGNS: Mapping[str, Callable[[Decimal, Decimal], Decimal]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
}


def _range_of(tree: Expression, ranges: Mapping[str, Range]) -> Range:
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
            low, high = _range_of(inner, ranges)
            return -high, -low
        case FirstPresent(left, right):
            one, other = _range_of(left, ranges), _range_of(right, ranges)
            return min(one[0], other[0]), max(one[1], other[1])
        case Arithmetic(sign, left, right):
            return _combined(sign, _range_of(left, ranges), _range_of(right, ranges))
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
