"""A formula told in Chinese, alone or with one person's numbers in it."""

from __future__ import annotations

from collections.abc import Callable
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
)
from appraisal.scheme.model.units import number_text

_SIGNS = {"+": "＋", "-": "－", "*": "×", "/": "÷"}
_COMPARISONS = {"<": "小于", "<=": "不超过", ">": "大于", ">=": "不少于", "=": "等于", "!=": "不等于"}
_STRENGTH = {"+": 1, "-": 1, "*": 2, "/": 2}


def in_words(tree: Expression) -> str:
    """`付款人数 / 询单人数` → `付款人数 ÷ 询单人数`."""
    return _tell(tree, lambda name, _: name)


def with_numbers(tree: Expression, value_of: Callable[[str], Decimal | None]) -> str:
    """The same with numbers behind the names: `付款人数432 ÷ 询单人数800`.

    `value_of(name)` is this person's (or the group's) number; for `sum(x)` and its like it is
    asked for `sum(x)`.
    """

    def tell(name: str, key: str) -> str:
        value = value_of(key)
        return f"{name}{'未填' if value is None else number_text(value)}"

    return _tell(tree, tell, value_of)


def group_key(node: OverGroup) -> str:
    """The name under which `with_numbers` asks for a figure over the group."""
    return f"{node.function}({node.name})"


def _tell(
    tree: Expression,
    leaf: Callable[[str, str], str],
    value_of: Callable[[str], Decimal | None] | None = None,
) -> str:
    match tree:
        case Number(value):
            return number_text(value)
        case Name(name):
            return leaf(name, name)
        case OverGroup(function, name):
            return leaf(f"全组{name}{GROUP_FUNCTIONS[function]}", group_key(tree))
        case Negative(inner):
            text = _tell(inner, leaf, value_of)
            return f"－（{text}）" if _strength(inner) < 3 else f"－{text}"
        case FirstPresent(left, right):
            return _tell_first_present(left, right, leaf, value_of)
        case Comparison(sign, left, right):
            return f"{_tell(left, leaf, value_of)}{_COMPARISONS[sign]}{_tell(right, leaf, value_of)}"
        case Arithmetic(sign, left, right):
            first, second = _tell(left, leaf, value_of), _tell(right, leaf, value_of)
            if _strength(left) < _STRENGTH[sign]:
                first = f"（{first}）"
            if _strength(right) < _STRENGTH[sign] or (sign in "-/" and _strength(right) == _STRENGTH[sign]):
                second = f"（{second}）"
            return f"{first} {_SIGNS[sign]} {second}"


def _tell_first_present(
    left: Expression,
    right: Expression,
    leaf: Callable[[str, str], str],
    value_of: Callable[[str], Decimal | None] | None,
) -> str:
    if value_of is not None and isinstance(left, Name):
        chosen = left if value_of(left.name) is not None else right
        text = _tell(chosen, leaf, value_of)
        return text if _strength(chosen) > 2 else f"（{text}）"
    return f"{_tell(left, leaf, value_of)}（未填时按 {_tell(right, leaf, value_of)}）"


def _strength(tree: Expression) -> int:
    """How tightly a part holds together: a part that holds less tightly needs brackets."""
    return _STRENGTH[tree.sign] if isinstance(tree, Arithmetic) else 3
