"""A formula as people meet it: told in Chinese, and as a living Excel formula (Excel 2010 functions only).

In Excel text such as 不适用 must never count, and `"不适用" >= 0.6` is true there: so every operand is
tested for being a number before it is used, and every divisor for not being zero.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from appraisal.scheme.formula.parse import (
    GROUP_FUNCTIONS,
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
from appraisal.scheme.model.units import number_text

_SIGNS = {"+": "＋", "-": "－", "*": "×", "/": "÷"}
_COMPARISONS = {"<": "小于", "<=": "不超过", ">": "大于", ">=": "不少于", "=": "等于", "!=": "不等于"}
_STRENGTH = {"+": 1, "-": 1, "*": 2, "/": 2}


def in_words(tree: Expression, value_of: Callable[[str], Decimal | None] | None = None) -> str:
    """`付款人数 / 询单人数` → `付款人数 ÷ 询单人数`; with numbers behind the names: `付款人数432 ÷ 询单人数800`.

    `value_of(name)` is this person's (or the group's) number; for `sum(x)` and its like it is asked for
    their `group_key`.
    """

    def told(name: str, key: str) -> str:
        if value_of is None:
            return name
        value = value_of(key)
        return f"{name}{'未填' if value is None else number_text(value)}"

    def tell(part: Expression, least: int = 0) -> str:
        text = in_words(part, value_of)
        return text if _strength(part) >= least else f"（{text}）"

    match tree:
        case Number(value):
            return number_text(value)
        case Name(name):
            return told(name, name)
        case OverGroup(function, name):
            return told(f"全组{name}{GROUP_FUNCTIONS[function]}", group_key(tree))
        case Negative(inner):
            return f"－{tell(inner, 3)}"
        case FirstPresent(Name(name) as left, right) if value_of is not None:
            return tell(right if value_of(name) is None else left, 3)
        case FirstPresent(left, right):
            return f"{tell(left)}（未填时按 {tell(right)}）"
        case Comparison(sign, left, right):
            return f"{tell(left)}{_COMPARISONS[sign]}{tell(right)}"
        case Arithmetic(sign, left, right):
            strength = _STRENGTH[sign]
            second = tell(right, strength + 1 if sign in "-/" else strength)
            return f"{tell(left, strength)} {_SIGNS[sign]} {second}"


def guard_in_words(formula: str) -> str:
    """`final >= 60`, which says for whom a rule of 结果运用 is → `综合得分不少于60`."""
    return in_words(parse(formula)).replace("final", "综合得分")


def group_key(node: OverGroup) -> str:
    """The name under which `in_words` asks for a figure over the group."""
    return f"{node.function}({node.name})"


def _strength(tree: Expression) -> int:
    """How tightly a part holds together: a part that holds less tightly needs brackets."""
    return _STRENGTH[tree.sign] if isinstance(tree, Arithmetic) else 3


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


def value_formula(tree: Expression, references: References, *, decimals: int, minimum: str | None) -> str:
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
