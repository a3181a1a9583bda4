"""A cell to a number: what its value, its number format and every unit that is said of it come to."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from decimal import Decimal

from appraisal.intake.told import Fault, as_typed, digits, is_clock, missing_hint, own_hint
from appraisal.intake.units import in_own_unit, said_unit, unit_factor
from appraisal.intake.values import (
    clock_seconds,
    clock_shown,
    hides_hours,
    is_bare_number,
    looks_like_time,
    stored_number,
    typed_number,
)
from appraisal.scheme.forms.cells import Cell, CellType
from appraisal.text import key
from appraisal.xlsx.grid import RawCell
from appraisal.xlsx.shown_numbers import is_plain, shown

NOT_GENERAL = "请把单元格格式改为“常规”后重新填写数字。"
NOT_YET = frozenset({"延迟统计", "统计中", "待统计", "计算中"})
NOTHING_SAID = frozenset(
    {"暂无数据", "暂无", "无数据", "无", "没有", "空", "未统计", "n/a", "na", "null", "none"}
)
_DASHES = frozenset("-－—–_/\\~")


def header_factor(cell: Cell, unit: str | None) -> Decimal | None:
    """What plain numbers under a header with this in its brackets are multiplied by.

    None for percents whose header does not say `%`: there each cell must show its own sign.
    """
    return plain_factor(cell, said_unit((unit,) if unit else (), cell).factor)


def plain_factor(cell: Cell, said: Decimal | None) -> Decimal | None:
    """The same, where the factor of the unit that is said is known, if any is."""
    if not cell.type.is_number:
        return None
    return Decimal(1) if said is None and cell.type is not CellType.PERCENT else said


def read_number(raw: RawCell, cell: Cell, factor: Decimal | None) -> Decimal | Fault:
    value = raw.value
    number: Decimal | Fault | None = None
    if isinstance(value, str):
        number = typed_number(value, cell, factor)
    elif cell.type is CellType.DURATION and isinstance(value, time | timedelta | datetime):
        number = _clock(value, raw, cell, factor)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        number = _stored(stored_number(value), raw, cell, factor)
    return _not_a_number(raw, cell) if number is None else number


def _clock(
    value: time | timedelta | datetime, raw: RawCell, cell: Cell, factor: Decimal | None
) -> Decimal | Fault | None:
    """The seconds of a time; what a format leaves out of it (days, hours) is asked for.

    A time that is seen as a bare number would be one in the column's unit.
    """
    if isinstance(value, datetime):
        return _shown_otherwise(raw, cell, "24小时以上的时间") if is_clock(raw) else None
    is_bare = is_bare_number(raw.number_format) and factor != in_own_unit(Decimal(1), cell)
    if is_bare or hides_hours(value, raw.number_format):
        return _shown_otherwise(raw, cell, clock_shown(value, "[h]:mm:ss"))
    return clock_seconds(value, raw.number_format, cell)


def _stored(number: Decimal, raw: RawCell, cell: Cell, factor: Decimal | None) -> Decimal | Fault | None:
    """A number as its format shows it; None where it is none for this cell."""
    if not is_plain(raw.number_format):
        return _formatted(number, raw, cell, factor)
    if cell.type is CellType.DURATION and (clock := looks_like_time(number)):
        gaps = {"name": cell.title, "seen": digits(number), "clock": clock, "unit": cell.unit or "秒"}
        return Fault("cell.looks_like_time", gaps)
    return _in_unit_of_header(number, cell, factor)


def _in_unit_of_header(number: Decimal, cell: Cell, factor: Decimal | None) -> Decimal | None:
    if factor is None:
        return None if number and cell.type is CellType.PERCENT else number
    return number if factor == 1 else number * factor


def _formatted(number: Decimal, raw: RawCell, cell: Cell, factor: Decimal | None) -> Decimal | Fault | None:
    """A number whose format prints more than itself: a unit or a sign counts as if it were typed.

    A format that scales (`0!.0,` shows 86,400 as 8.6) is only a way of showing, as long as the unit
    that is printed with it or stands in the header says the same.
    """
    seen = shown(number, raw.number_format)
    if seen is None:
        return _shown_otherwise(raw, cell, digits(number), seen="空白" if number >= 0 else None)
    if seen.within is not None and seen.scale != 1:
        return _shown_otherwise(raw, cell, digits(number))
    if seen.within is not None:
        return typed_number(seen.within, cell, factor)
    if seen.before and not (cell.type is CellType.MONEY and key(seen.before) in _OWN_CURRENCY):
        return None
    as_stored = number * in_own_unit(Decimal(1), cell)
    if seen.after:
        unit = unit_factor(seen.after, cell)
        value = None if unit is None else number * seen.scale * unit
        is_sure = seen.scale == 1 or value is None or value == as_stored
        return value if is_sure else _shown_otherwise(raw, cell, digits(number))
    if seen.scale == 1:
        return _in_unit_of_header(number, cell, factor)
    if factor is not None and number * seen.scale * factor == as_stored:
        return as_stored
    if factor == 1 and as_stored == number and seen.scale <= _LEAST_SCALE:
        return number
    return _shown_otherwise(raw, cell, digits(number))


_LEAST_SCALE = Decimal("0.001")
"""Thousands, 万 and more are a way of showing; `0!.00` may make 元 of what is kept in 分."""
_OWN_CURRENCY = frozenset({"¥", "rmb", "cny", "人民币", "rmb¥", "cny¥"})


def _shown_otherwise(raw: RawCell, cell: Cell, stored: str, seen: str | None = None) -> Fault:
    gaps = {"name": cell.title, "seen": seen or as_typed(raw).removeprefix("-"), "stored": stored}
    return Fault("cell.shown_otherwise", gaps)


def _not_a_number(raw: RawCell, cell: Cell) -> Fault:
    seen = as_typed(raw)
    if cell.type is CellType.PERCENT and _is_bare_number(raw, cell):
        return Fault("cell.ambiguous_percent", {"name": cell.title, "seen": seen})
    return Fault(
        "cell.not_a_number", {"name": cell.title, "seen": seen.strip(), "hint": _number_hint(raw, cell)}
    )


def _is_bare_number(raw: RawCell, cell: Cell) -> bool:
    if isinstance(raw.value, str):
        return typed_number(raw.value, cell, Decimal(1)) is not None
    return (
        isinstance(raw.value, int | float)
        and not isinstance(raw.value, bool)
        and as_typed(raw) == digits(stored_number(raw.value))
    )


def _number_hint(raw: RawCell, cell: Cell) -> str:
    if isinstance(raw.value, time | timedelta):
        return f"这一格是时间格式，看不出是几分几秒，请把单元格格式改为“常规”后填写{_wanted(cell)}。"
    if not isinstance(raw.value, str):
        return f"请把单元格格式改为“常规”后重新填写{_wanted(cell)}。"
    word = key(raw.value)
    if word in NOT_YET:
        return "软件还没有统计完，请次月5日起再导出一次，用新的数替换。"
    if word in NOTHING_SAID or _DASHES.issuperset(word):
        return missing_hint(cell)
    return f"请只填{_wanted(cell)}。{own_hint(cell)}"


def _wanted(cell: Cell) -> str:
    """What belongs in the cell: of $86,400 nobody is to leave out the sign alone."""
    if cell.type is CellType.MONEY:
        return f"数字（人民币，单位：{cell.unit or '元'}）"
    return f"数字（单位：{cell.unit or '秒'}）" if cell.type is CellType.DURATION else "数字"
