"""Which figures a value asks for: the person's own, or some over the whole group (`sum(订单总金额)`).

Each figure over the group stands once, under the table of 考核数据: a reader sees it, and no row adds
up the column again.
"""

from __future__ import annotations

from collections.abc import Container, Iterator

from appraisal.scheme.formula.parse import (
    GROUP_FUNCTIONS,
    Arithmetic,
    Comparison,
    Expression,
    FirstPresent,
    Name,
    Negative,
    OverGroup,
)
from appraisal.scheme.formula.words import group_key

TITLES = {name: f"全组{words}" for name, words in GROUP_FUNCTIONS.items()}
"""What the row under the table is called, by function."""

EXCEL = {"sum": "SUM", "mean": "AVERAGE", "min": "MIN", "max": "MAX"}


def over_group(tree: Expression) -> Iterator[OverGroup]:
    """Every figure over the group in the formula, in the order of reading."""
    match tree:
        case OverGroup():
            yield tree
        case Negative(inner):
            yield from over_group(inner)
        case Arithmetic(_, left, right) | FirstPresent(left, right) | Comparison(_, left, right):
            yield from over_group(left)
            yield from over_group(right)


def by_name(tree: Expression) -> Expression:
    """The formula with `sum(x)` and its like as names of cells, so that they are read, not computed."""
    match tree:
        case OverGroup():
            return Name(group_key(tree))
        case Negative(inner):
            return Negative(by_name(inner))
        case Arithmetic(sign, left, right):
            return Arithmetic(sign, by_name(left), by_name(right))
        case FirstPresent(left, right):
            return FirstPresent(by_name(left), by_name(right))
        case _:
            return tree


def needs_own_figure(tree: Expression, fields: Container[str]) -> bool:
    """Whether the formula gives nothing for a person who has no figure at all in these fields."""
    match tree:
        case Name(name):
            return name in fields
        case Negative(inner):
            return needs_own_figure(inner, fields)
        case FirstPresent(left, right):
            return needs_own_figure(left, fields) and needs_own_figure(right, fields)
        case Arithmetic(_, left, right) | Comparison(_, left, right):
            return needs_own_figure(left, fields) or needs_own_figure(right, fields)
        case _:
            return False
