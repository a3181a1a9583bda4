"""One raw cell to one typed value, by what the form says of the cell; or why it cannot be taken.

Tolerant where the meaning is certain, strict where it is not. Ranges, whole numbers and decimals
are the validation's business: here only the kind of value is settled.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from appraisal.intake.submission import CellValue, Fault
from appraisal.intake.units import in_own_unit, unit_factor
from appraisal.intake.values import (
    as_typed,
    clock_seconds,
    clock_shown,
    digits,
    hides_hours,
    is_bare_number,
    is_clock,
    looks_like_time,
    missing_hint,
    own_hint,
    read_day,
    read_month,
    stored_number,
    typed_number,
)
from appraisal.period import Period
from appraisal.scheme.forms.cells import Cell, CellType, Need
from appraisal.scheme.forms.submission import GROUP, MANAGER, STAFF_NAME
from appraisal.text import free_text, key, one_line, person_name
from appraisal.xlsx.container import LIMITS
from appraisal.xlsx.grid import CellProblem, RawCell, TextStyle
from appraisal.xlsx.shown_numbers import identity_shown, is_seen_whole, shown, shows_as_stored, text_shown

LONGEST_TEXT = 1000
LONGEST_NAME = 40


def typed_value(raw: RawCell, cell: Cell, factor: Decimal | None = None) -> CellValue | Fault:
    """What a cell that holds something says; None if that is only blank text.

    `factor` is what plain numbers of the column are multiplied by (`units.column_factor`). Numbers come in the
    form's own unit, a percent as a part of one (45.3% is 0.453).
    """
    if raw.problem is not None:
        return _problem(raw, cell)
    if raw.value is None or (isinstance(raw.value, str) and not free_text(raw.value)):
        return None
    if raw.text_style is not TextStyle.NORMAL and (fault := _unclear_text_style(raw, cell)):
        return fault
    if raw.number_format not in _TEXT_FORMATS and isinstance(raw.value, str):
        seen = text_shown(raw.value, raw.number_format)
        if not seen:
            return Fault("cell.shown_otherwise", {"name": cell.title, "seen": "空白", "stored": raw.value})
        raw = replace(raw, value=seen)
    if cell.type.is_number:
        return _number(raw, cell, factor)
    return _READERS[cell.type](raw, cell)


_TEXT_FORMATS = frozenset({"General", "@"})
"""Most cells: they show a text as it is."""


def _problem(raw: RawCell, cell: Cell) -> Fault:
    match raw.problem:
        case CellProblem.ERROR_VALUE:
            hint = _instead_of_an_error(cell)
            return Fault("cell.error_value", {"name": cell.title, "seen": raw.value, "hint": hint})
        case CellProblem.PICTURE:
            return Fault("cell.picture", {"name": cell.title, "hint": _instead_of_an_error(cell)})
        case CellProblem.STALE:
            return Fault("cell.stale_formula", {"name": cell.title, "seen": raw.value})
        case CellProblem.UNCHECKED:
            seen = as_typed(replace(raw, problem=None))
            return Fault("cell.unchecked_formula", {"name": cell.title, "seen": seen})
        case CellProblem.FORMULA_WITHOUT_VALUE:
            return Fault("cell.formula_without_value", {"name": cell.title})
        case CellProblem.DUPLICATE:
            return Fault("cell.duplicate")
        case CellProblem.NO_NUMBER | CellProblem.NO_DAY:
            return _no_value(raw, cell)
        case CellProblem.TOO_LONG:
            gaps = {"length": f"超过 {LIMITS.text_length}", "limit": LONGEST_TEXT}
            return Fault("cell.too_long", {"name": cell.name, **gaps})
        case _:
            return Fault("cell.unreadable", {"name": cell.title})


def _instead_of_an_error(cell: Cell) -> str:
    """What to put in the place of an Excel error or a picture, by what belongs in the cell."""
    if cell.type.is_number:
        return f"请改成正确的数值。{missing_hint(cell)}"
    if cell.type is CellType.CHOICE:
        return f"请从下拉选项中选择：{'、'.join(cell.choices)}。"
    if cell.type is CellType.DATE:
        return "请填成“2026-12-05”这样的日期。"
    if cell.type is CellType.PERIOD:
        return "请填成“2026-11”这样的年月。"
    if cell.type is CellType.IDENTITY or cell.name in {STAFF_NAME, GROUP, MANAGER}:
        return f"请直接填写{cell.title}，不要用公式引用。"
    return f"请改成文字。{missing_hint(cell)}" if cell.need is Need.NEVER else "请改成文字。"


_STYLE_WORDS = {
    TextStyle.PARTLY_STRUCK: "有一部分划了删除线",
    TextStyle.PARTLY_RAISED: "有一部分是上标或下标",
    TextStyle.MIXED_SIZES: "各部分字号不同",
}


def _unclear_text_style(raw: RawCell, cell: Cell) -> Fault | None:
    """Parts that look unlike may not count together: in a number, an id, a name, a date, never in free text."""
    is_free = cell.type is CellType.TEXT and cell.name not in {STAFF_NAME, GROUP, MANAGER}
    wrong = {
        TextStyle.PARTLY_STRUCK: not is_free,
        TextStyle.PARTLY_RAISED: cell.type.is_number or cell.type is CellType.IDENTITY,
        TextStyle.MIXED_SIZES: cell.type.is_number,
    }
    if not wrong.get(raw.text_style):
        return None
    gaps = {"name": cell.title, "seen": as_typed(raw), "look": _STYLE_WORDS[raw.text_style]}
    return Fault("cell.mixed_look", gaps)


def _no_value(raw: RawCell, cell: Cell) -> Fault:
    """A number or date that is none, told as what should stand there."""
    if cell.type.is_number:
        general = "把单元格格式改为“常规”后" if raw.problem is CellProblem.NO_DAY else ""
        gaps = {"name": cell.name, "seen": raw.value, "hint": f"请{general}重新填写数字。"}
        return Fault("cell.not_a_number", gaps)
    return _unfit(cell, raw.value)


def _unfit(cell: Cell, seen: object) -> Fault:
    """What is not of the kind that belongs in the cell."""
    gaps = {"name": cell.title, "seen": seen}
    match cell.type:
        case CellType.PERIOD:
            return Fault("period.missing", gaps)
        case CellType.DATE:
            return Fault("cell.not_a_date", gaps)
        case CellType.CHOICE:
            return Fault("cell.not_a_choice", gaps | {"choices": "、".join(cell.choices)})
        case _:
            return Fault("cell.not_text", gaps)


def _identity(raw: RawCell, cell: Cell) -> str | Fault:
    if (number := stored_number(raw.value)) is not None:
        plain = shows_as_stored(raw.number_format) and "0" not in raw.number_format
        text = digits(number) if plain else identity_shown(number, raw.number_format)
        if text is None:
            return _unfit(cell, as_typed(raw))
        return _not_too_long(one_line(text), cell, LONGEST_NAME)
    return _name(raw, cell, one_line)


def _text(raw: RawCell, cell: Cell) -> str | Fault:
    if cell.name == STAFF_NAME:
        return _name(raw, cell, person_name)
    if cell.name in {GROUP, MANAGER}:
        return _name(raw, cell, one_line)
    if isinstance(raw.value, str):
        return _not_too_long(free_text(raw.value), cell, LONGEST_TEXT)
    return _unlike_text(raw, cell) or _not_too_long(as_typed(raw), cell, LONGEST_TEXT)


def _name(raw: RawCell, cell: Cell, tidy: Callable[[str], str]) -> str | Fault:
    if isinstance(raw.value, str):
        return _not_too_long(tidy(raw.value), cell, LONGEST_NAME)
    if isinstance(raw.value, date | time | timedelta | bool):
        return _unfit(cell, as_typed(raw))
    return _unlike_text(raw, cell) or _not_too_long(as_typed(raw), cell, LONGEST_NAME)


def _unlike_text(raw: RawCell, cell: Cell) -> Fault | None:
    """A number where words belong is taken as it is seen; one that a format rounds, scales or hides is asked for."""
    number = stored_number(raw.value)
    if number is None or shows_as_stored(raw.number_format):
        return None
    if identity_shown(number, raw.number_format) is not None or is_seen_whole(number, raw.number_format):
        return None
    seen = as_typed(raw) if shown(number, raw.number_format) else "空白"
    return Fault("cell.shown_otherwise", {"name": cell.title, "seen": seen, "stored": digits(number)})


def _not_too_long(text: str, cell: Cell, limit: int) -> str | Fault:
    if len(text) <= limit:
        return text
    return Fault("cell.too_long", {"name": cell.title, "length": len(text), "limit": limit})


def _choice(raw: RawCell, cell: Cell) -> str | Fault:
    if raw.value in cell.choices:
        return str(raw.value)
    seen = as_typed(raw)
    meant = {key(seen), _MEANT_FOR.get(key(seen))}
    chosen = next((choice for choice in cell.choices if key(choice) in meant), None)
    return _unfit(cell, seen) if chosen is None else chosen


_MEANT_FOR = dict.fromkeys(("签收", "已签", "已收"), "已签收")
"""Choices by what people write in their place and can mean no other by."""


def _day(raw: RawCell, cell: Cell) -> date | Fault:
    day = read_day(raw.value) if _may_be_a_day(raw) else None
    return _unfit(cell, as_typed(raw)) if day is None else day


def _may_be_a_day(raw: RawCell) -> bool:
    """Not where only a time of day is seen, or a figure such as 2025.1万."""
    if (number := stored_number(raw.value)) is not None:
        return identity_shown(number, raw.number_format) == digits(number)
    return not (isinstance(raw.value, datetime) and is_clock(raw))


def _month(raw: RawCell, cell: Cell) -> Period | Fault:
    month = read_month(raw.value) if _may_be_a_day(raw) else None
    return _unfit(cell, as_typed(raw)) if month is None else month


_READERS: Mapping[CellType, Callable[[RawCell, Cell], CellValue | Fault]] = {
    CellType.TEXT: _text,
    CellType.IDENTITY: _identity,
    CellType.CHOICE: _choice,
    CellType.DATE: _day,
    CellType.PERIOD: _month,
}


# ------------------------------------------------------------------------------------- numbers

NOT_YET = frozenset({"延迟统计", "统计中", "待统计", "计算中"})
NOTHING_SAID = frozenset(
    {"暂无数据", "暂无", "无数据", "无", "没有", "空", "未统计", "n/a", "na", "null", "none"}
)
_DASHES = frozenset("-－—–_/\\~")


def _number(raw: RawCell, cell: Cell, factor: Decimal | None) -> Decimal | Fault:
    value = raw.value
    number: Decimal | Fault | None = None
    if isinstance(value, str):
        number = typed_number(value, cell, factor)
    elif cell.type is CellType.DURATION and isinstance(value, time | timedelta | datetime):
        number = _clock(value, raw, cell, factor)
    elif (stored := stored_number(value)) is not None:
        number = _stored(stored, raw, cell, factor)
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
    if not shows_as_stored(raw.number_format):
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
    number = stored_number(raw.value)
    return number is not None and as_typed(raw) == digits(number)


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
