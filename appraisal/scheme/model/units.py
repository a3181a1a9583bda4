"""How values are rounded and printed. Rounding is half-up, as people and spreadsheets do it.

A value is rounded to what is printed before it is scored, so a reader with a calculator agrees
with every number on paper.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Annotated, Any

from pydantic import Field

POINT_DECIMALS = 2
"""Decimals of points, reviewer totals and the final score."""

MARK_DECIMALS = 1
"""Decimals that a reviewer may use in a mark."""

MOST_POINTS = 1_000
"""No mark, deduction or start of a grade in a rule file is higher: all points together are 100."""

_LARGEST = 10**12

Figure = Annotated[Decimal, Field(ge=-_LARGEST, le=_LARGEST, decimal_places=6)]
"""A number of a rule file that is held against data: up to a million millions, finer than anything is printed."""

_LONG_NUMBER = re.compile(r"[0-9]{13,}|\.[0-9]{7,}")


def refuse_long_number(text: str) -> str:
    """The text as it is. ValueError where a number in it is larger, or finer, than a `Figure` may be."""
    if found := _LONG_NUMBER.search(text):
        raise ValueError(f"“{found[0]}”位数太多：整数部分最多 12 位，小数最多 6 位")
    return text


_STEPS = tuple(Decimal(1).scaleb(-decimals) for decimals in range(29))
"""0.01 at 2, as far as the precision of decimals reaches."""


def round_half_up(number: Decimal | Fraction | int, decimals: int) -> Decimal:
    """`number` with exactly `decimals` decimals, halves away from zero; exact for fractions too."""
    if isinstance(number, Decimal):
        rounded = number.quantize(_STEPS[decimals], rounding=ROUND_HALF_UP)
        return rounded.copy_abs() if rounded.is_zero() else rounded  # never “-0.00”
    scale = 10**decimals
    numerator, denominator = abs(number.numerator) * scale * 2 + number.denominator, number.denominator * 2
    scaled = numerator // denominator
    return Decimal(-scaled if number < 0 else scaled).scaleb(-decimals)


def choice_field(default: Any, title: str, choices: Mapping[str, str], *, lead: str = "") -> Any:
    """A key of a rule file with a few allowed values, each with what it means in Chinese, in their order."""
    meanings = "，".join(f"{choice} {meaning}" for choice, meaning in choices.items())
    return Field(
        default,
        description=f"{title}：{lead}{meanings}",
        json_schema_extra={"enumDescriptions": list(choices.values())},
    )


class Unit(StrEnum):
    """What an indicator's value is measured in."""

    PERCENT = "percent"
    RATIO = "ratio"
    DURATION = "duration"
    MONEY = "money"
    COUNT = "count"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class _Print:
    decimals: int
    excel: str
    suffix: str


_PRINTS = {
    Unit.PERCENT: _Print(4, "0.00%", "%"),
    Unit.RATIO: _Print(3, "0.000", ""),
    Unit.DURATION: _Print(1, "0.0", "秒"),
    Unit.MONEY: _Print(2, "#,##0.00", "元"),
    Unit.COUNT: _Print(0, "#,##0", ""),
    Unit.NUMBER: _Print(2, "#,##0.00", ""),
}


def decimals_of(unit: Unit) -> int:
    """Decimals to which a value of this unit is rounded; a percent counts those of its ratio."""
    return _PRINTS[unit].decimals


def excel_format(unit: Unit, decimals: int | None = None) -> str:
    """The number format of a worksheet cell that shows such a value."""
    if decimals is None or decimals == decimals_of(unit):
        return _PRINTS[unit].excel
    shown = decimals - 2 if unit is Unit.PERCENT else decimals
    whole = "#,##0" if unit in {Unit.MONEY, Unit.COUNT, Unit.NUMBER} else "0"
    return whole + ("." + "0" * shown if shown > 0 else "") + ("%" if unit is Unit.PERCENT else "")


def in_print(value: Decimal, unit: Unit, decimals: int | None = None) -> str:
    """The value as a reader sees it: `54.00%`, `28.0秒`, `86,400.00元`, `1.053`."""
    places = decimals_of(unit) if decimals is None else decimals
    if unit is Unit.PERCENT:
        return f"{round_half_up(value * 100, max(places - 2, 0)):f}%"
    return f"{round_half_up(value, places):,f}{_PRINTS[unit].suffix}"


def number_text(value: Decimal) -> str:
    """A number as typed by a person: thousands separated, no needless zeros (`86,400`, `28.5`)."""
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def percent_text(share: Decimal) -> str:
    """A share as a person writes it: `30%`, `12.5%`."""
    return f"{number_text(share * 100)}%"


def money(amount: Decimal) -> str:
    """An amount as people write it: `100元`, `88.50元`, never `88.5元`."""
    return f"{round_half_up(amount, 2):,f}".removesuffix(".00") + "元"
