"""What must hold for one filled cell (ranges, whole numbers, decimals, choices), and how a breach is told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Any

from appraisal.intake.submission import CellValue, Fault
from appraisal.intake.values import as_taken, own_hint
from appraisal.scheme.forms.cells import Cell, CellType
from appraisal.scheme.model.units import number_text

LARGEST = Decimal(10) ** 12
"""Where the form says no limit: no shop sells for a million million 元 a month."""


class Rule(StrEnum):
    """What a single cell can break."""

    RANGE = "range"
    WHOLE = "whole"
    DECIMALS = "decimals"
    CHOICE = "choice"


def rules_of(cell: Cell) -> Mapping[Rule, Callable[[Any], bool]]:
    """What must hold for every filled cell of this kind: Decimals where it is a number."""
    if cell.type is CellType.CHOICE:
        return {Rule.CHOICE: frozenset(cell.choices).__contains__}
    if not cell.type.is_number:
        return {}
    low, high = _limits(cell)
    precision = Rule.DECIMALS if cell.decimals else Rule.WHOLE
    return {
        Rule.RANGE: lambda value: low <= value <= high,
        precision: lambda value: _has_decimals(value, at_most=cell.decimals),
    }


def breach(rule: Rule, cell: Cell, value: CellValue, typed: str | None = None) -> Fault:
    """How to tell that `value` breaks a rule of its cell; `typed` is what people see there, where it differs."""
    taken = as_taken(value, cell)
    gaps: dict[str, object] = {
        "name": cell.title,
        "seen": taken if typed is None else f"{typed}（读为 {taken}）",
    }
    match rule:
        case Rule.WHOLE:
            return Fault("cell.not_whole", gaps)
        case Rule.DECIMALS:  # a percent counts those of its ratio, and people see two fewer
            return Fault(
                "cell.too_many_decimals",
                gaps | {"decimals": cell.decimals - (2 if cell.type is CellType.PERCENT else 0)},
            )
        case Rule.CHOICE:
            return Fault("cell.not_a_choice", gaps | {"choices": "、".join(cell.choices)})
    low, high = _limits(cell)
    if cell.type is CellType.MARK and isinstance(value, Decimal) and value > high:
        hint = f"请填写 {cell.hint.rstrip('。')}。"
        return Fault("cell.too_many_points", gaps | {"full": number_text(high), "hint": hint})
    limits = {"low": _shown(low, cell), "high": _shown(high, cell)}
    return Fault("cell.out_of_range", gaps | limits | {"hint": own_hint(cell) or "请核对后改正。"})


def _limits(cell: Cell) -> tuple[Decimal, Decimal]:
    return -LARGEST if cell.low is None else cell.low, LARGEST if cell.high is None else cell.high


def _shown(limit: Decimal, cell: Cell) -> str:
    return as_taken(limit, cell) if cell.type is CellType.PERCENT else number_text(limit)


def _has_decimals(value: Decimal, *, at_most: int) -> bool:
    """Whether a number needs no more than so many decimals; zeros at the end do not count."""
    exponent = value.as_tuple().exponent
    return isinstance(exponent, int) and (exponent >= -at_most or value == round(value, at_most))
