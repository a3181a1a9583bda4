"""What several of the checks ask: is an indicator whole, and does every name in a formula exist."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from appraisal.scheme.formula.parse import group_names_in, names_in, parse
from appraisal.scheme.methods.method import Problem
from appraisal.scheme.model.indicator import Indicator, methods_given
from appraisal.text import did_you_mean

Place = tuple[str | int, ...]
"""The keys and list places that lead to a part of the rule file."""


def is_sound(indicator: Indicator) -> bool:
    """Whether it has exactly one scoring method; others are told once, and are in no sum."""
    return len(methods_given(indicator)) == 1


def unknown_names(
    formula: str, place: Place, columns: Sequence[str], single: Sequence[str] = ()
) -> Iterator[Problem]:
    """Names that are neither a column nor a single figure; a sum and its like want a column."""
    tree = parse(formula)
    known = [*columns, *single]
    for name in names_in(tree):
        if name not in known:
            yield Problem(place, f"公式里的“{name}”不是已定义的字段{did_you_mean(name, known)}")
    for name in group_names_in(tree):
        if name in single:
            yield Problem(place, f"“{name}”每组只有一个数，不能再求合计或平均")
