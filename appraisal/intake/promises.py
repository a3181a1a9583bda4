"""下月目标值 as a number: what a person writes there in words, and what can be checked next month."""

from __future__ import annotations

from decimal import Decimal

from appraisal.intake.numbers import typed_number
from appraisal.scheme.forms.cells import Cell, CellType
from appraisal.scheme.model.indicator import Indicator
from appraisal.scheme.model.units import Unit

_TYPES = {
    Unit.PERCENT: CellType.PERCENT,
    Unit.DURATION: CellType.DURATION,
    Unit.MONEY: CellType.MONEY,
    Unit.COUNT: CellType.COUNT,
}
_EXAMPLES = {CellType.PERCENT: "55%", CellType.DURATION: "30秒", CellType.MARK: "5分"}
_SIGNS = "≥≤＞＜><= "
_AROUND = ("及以上", "及以下", "以上", "以下", "以内")


def number_of(aim: str, indicator: Indicator) -> Decimal | None:
    """What `≥55%`, `30秒以内`, `5分` come to in the indicator's own unit; None where that is not certain.

    A percent is a part of one; without its sign it is not certain.
    """
    kind = _type(indicator)
    text = aim.strip(_SIGNS)
    for word in _AROUND:
        text = text.removesuffix(word)
    unit = "秒" if kind is CellType.DURATION else None
    factor = None if kind is CellType.PERCENT else Decimal(1)
    return typed_number(text, Cell(indicator.name, kind, unit=unit), factor)


def example_for(indicator: Indicator) -> str:
    """An aim as it may be written for the indicator."""
    return _EXAMPLES.get(_type(indicator), "8")


def _type(indicator: Indicator) -> CellType:
    return CellType.MARK if indicator.is_judged else _TYPES.get(indicator.measure.unit, CellType.NUMBER)
