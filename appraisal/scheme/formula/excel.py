"""A formula of the rule language as a living Excel formula (Excel 2010 functions only).

Text such as 不适用 must never count, and in Excel `"不适用" >= 0.6` is true: so every operand is
tested for being a number before it is used, and every divisor for not being zero.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

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
)

NOT_APPLICABLE = "不适用"


@dataclass(frozen=True, slots=True)
class References:
    """Where the fields stand: `cell(name)` of this row or of the group, `column(name)` of all rows."""

    cell: Callable[[str], str]
    column: Callable[[str], str]


@dataclass(frozen=True, slots=True)
class _Printed:
    text: str
    numbers: tuple[str, ...]  # references that must be numbers
    conditions: tuple[str, ...]  # tests that must hold, in this order, before `text` may be read


_OVER_GROUP = {"sum": "SUM", "mean": "AVERAGE", "min": "MIN", "max": "MAX"}


def value_formula(
    tree: Expression, references: References, *, decimals: int, minimum: str | None = None
) -> str:
    """The formula (with its `=`) of a value rounded to `decimals`, or the text 不适用.

    `minimum` is the cell or number under which the outermost divisor is too small to judge by.
    """
    printed = _print(tree, references)
    conditions = list(printed.conditions)
    divisor = denominator_of(tree)
    if minimum is not None and divisor is not None:
        conditions.append(f"{_print(divisor, references).text}>={minimum}")
    text = f"ROUND({printed.text},{decimals})"
    for condition in reversed(conditions):
        text = f'IF({condition},{text},"{NOT_APPLICABLE}")'
    if printed.numbers:
        needed = tuple(dict.fromkeys(printed.numbers))
        text = f'IF(COUNT({",".join(needed)})={len(needed)},{text},"{NOT_APPLICABLE}")'
    return "=" + text


def _print(tree: Expression, references: References) -> _Printed:
    match tree:
        case Number(value):
            return _Printed(f"{value:f}", (), ())
        case Name(name):
            cell = references.cell(name)
            return _Printed(cell, (cell,), ())
        case OverGroup(function, name):
            column = references.column(name)
            return _Printed(f"{_OVER_GROUP[function]}({column})", (), (f"COUNT({column})>0",))
        case Negative(inner):
            of = _print(inner, references)
            return _Printed(f"(-{of.text})", of.numbers, of.conditions)
        case FirstPresent(left, right):
            return _print_first_present(left, right, references)
        case Arithmetic(sign, left, right):
            first, second = _print(left, references), _print(right, references)
            # `(x)<>0` follows the divisor's own conditions, so that it is safe to read there.
            may_be_zero = not isinstance(right, Number) or right.value == 0
            not_zero = (f"{second.text}<>0",) if sign == "/" and may_be_zero else ()
            return _Printed(
                f"({first.text}{sign}{second.text})",
                first.numbers + second.numbers,
                first.conditions + second.conditions + not_zero,
            )
        case Comparison():
            raise ValueError("a comparison is not a value")


def _print_first_present(left: Expression, right: Expression, references: References) -> _Printed:
    first, second = _print(left, references), _print(right, references)
    has_first, has_second = _holds(first), _holds(second)
    return _Printed(
        f"IF({has_first},{first.text},{second.text})", (), (f"IF({has_first},TRUE,{has_second})",)
    )


def _holds(printed: _Printed) -> str:
    text = "TRUE"
    for condition in reversed(printed.conditions):
        text = condition if text == "TRUE" else f"IF({condition},{text},FALSE)"
    if printed.numbers:
        count = f"COUNT({','.join(dict.fromkeys(printed.numbers))})={len(set(printed.numbers))}"
        text = count if text == "TRUE" else f"IF({count},{text},FALSE)"
    return text


def small_sample_test(tree: Expression, references: References, under: str) -> str:
    """True where what the formula as a whole divides by is a number over 0 and under the cell `under`."""
    divisor = denominator_of(tree)
    assert divisor is not None
    printed = _print(divisor, references)
    return f"IF({_holds(printed)},AND({printed.text}>0,{printed.text}<{under}),FALSE)"
