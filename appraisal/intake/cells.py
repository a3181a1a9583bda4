"""One raw cell to one typed value, by what the form says of the cell; or why it cannot be taken.

Tolerant where the meaning is certain, strict where it is not. Ranges, whole numbers and decimals
are the validation's business: here only the kind of value is settled.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from appraisal.findings.finding import Finding, finding
from appraisal.intake.submission import CellValue
from appraisal.intake.units import in_own_unit, said_unit, unit_factor
from appraisal.intake.values import (
    clock_seconds,
    clock_shown,
    hides_hours,
    looks_like_time,
    read_day,
    read_month,
    stored_number,
    typed_number,
)
from appraisal.period import Period
from appraisal.scheme.forms.cells import Cell, CellType, Need
from appraisal.scheme.forms.submission import GROUP, MANAGER, STAFF_NAME, ZERO_OR_BLANK
from appraisal.text import free_text, key, one_line, person_name
from appraisal.xlsx.grid import CellProblem, Look, RawCell
from appraisal.xlsx.limits import LIMITS
from appraisal.xlsx.number_formats import Meaning, meaning_of
from appraisal.xlsx.shown_numbers import identity_shown, is_plain, shown, text_shown

LONGEST_TEXT = 1000
LONGEST_NAME = 40


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a cell cannot be taken: a finding that does not know its place yet."""

    code: str
    gaps: Mapping[str, object] = field(default_factory=dict)

    def at(self, sheet: str, cell: str) -> Finding:
        return finding(self.code, sheet=sheet, cell=cell, **self.gaps)


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


def typed_value(raw: RawCell, cell: Cell, factor: Decimal | None = None) -> CellValue | Fault:
    """What a cell that holds something says; None if that is only blank text.

    `factor` is `header_factor` of the column. Numbers come in the form's own unit, a percent as a
    part of one (45.3% is 0.453).
    """
    if raw.problem is not None:
        return _problem(raw, cell)
    value = raw.value
    if value is None or (isinstance(value, str) and not free_text(value)):
        return None
    if raw.look is not Look.PLAIN and (fault := _odd_look(raw, cell)):
        return fault
    if isinstance(value, str) and (seen := text_shown(value, raw.number_format)) != value:
        raw = replace(raw, value=seen)
        if not seen:
            return Fault("cell.shown_otherwise", {"name": cell.title, "seen": "空白", "stored": value})
    if cell.type.is_number:
        return _number(raw, cell, factor)
    return _READERS[cell.type](raw, cell)


def as_typed(raw: RawCell) -> str:
    """What a person sees in the cell, near enough to find it again."""
    value = raw.value
    if isinstance(value, str):
        return text_shown(value, raw.number_format)
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        return _number_as_seen(stored_number(value), raw.number_format)
    if isinstance(value, time | timedelta) or (isinstance(value, datetime) and _is_clock(raw)):
        return clock_shown(value, raw.number_format)
    if isinstance(value, datetime) and value.time() == time():
        return str(value.date())
    return "" if value is None else str(value)


def _is_clock(raw: RawCell) -> bool:
    """Whether the format shows a time of day and no date."""
    return meaning_of(raw.number_format) is Meaning.TIME


def _number_as_seen(number: Decimal, number_format: str) -> str:
    if number == int(number) and (set(number_format) == {"0"} or not is_plain(number_format)):
        whole = identity_shown(number, number_format)
        if whole is not None:
            return whole
    seen = None if is_plain(number_format) else shown(number, number_format)
    if seen is None:
        return _digits(number)
    if seen.within:
        return seen.within
    around = seen.before or seen.after
    return f"{seen.before}{_digits(number * seen.scale if around else number)}{seen.after}"


def as_taken(value: CellValue, cell: Cell) -> str:
    """A typed value in the same notation, to be held beside what was typed."""
    if isinstance(value, Decimal):
        return f"{_digits(value * 100)}%" if cell.type is CellType.PERCENT else _digits(value)
    return "" if value is None else str(value)


def own_hint(cell: Cell) -> str:
    """The form's hint for this cell as a sentence; nothing where it is only the general one."""
    return "" if cell.hint in {"", ZERO_OR_BLANK} else f"{cell.hint.rstrip('。')}。"


def missing_hint(cell: Cell) -> str:
    """What to do about a cell that says nothing, where the form wants something."""
    if cell.need is Need.NEVER:
        return "没有就留空。"
    own = own_hint(cell)
    if cell.type.is_number and cell.type is not CellType.MARK:
        return f"确实没有就填0；还没有统计到的，请等统计完整再填，不要用0代替。{own}"
    return own or "请补上。"


def _digits(number: Decimal) -> str:
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _problem(raw: RawCell, cell: Cell) -> Fault:
    match raw.problem:
        case CellProblem.ERROR_VALUE:
            hint = _instead_of_an_error(cell)
            return Fault("cell.error_value", {"name": cell.title, "seen": raw.value, "hint": hint})
        case CellProblem.PICTURE:
            return Fault("cell.picture", {"name": cell.title})
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
    """What to put in the place of an Excel error, by what belongs in the cell."""
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
    return "请改成文字；没有就留空。" if cell.need is Need.NEVER else "请改成文字。"


_LOOKS = {
    Look.PARTLY_STRUCK: "有一部分划了删除线",
    Look.PARTLY_RAISED: "有一部分是上标或下标",
    Look.UNLIKE_SIZES: "各部分字号不同",
}


def _odd_look(raw: RawCell, cell: Cell) -> Fault | None:
    """Parts that look unlike may not count together: in a number, an id, a name, a date, never in free text."""
    is_free = cell.type is CellType.TEXT and cell.name not in {STAFF_NAME, GROUP, MANAGER}
    wrong = {
        Look.PARTLY_STRUCK: not is_free,
        Look.PARTLY_RAISED: cell.type.is_number or cell.type is CellType.IDENTITY,
        Look.UNLIKE_SIZES: cell.type.is_number,
    }
    if not wrong.get(raw.look):
        return None
    gaps = {"name": cell.title, "seen": as_typed(raw), "look": _LOOKS[raw.look]}
    return Fault("cell.mixed_look", gaps)


def _no_value(raw: RawCell, cell: Cell) -> Fault:
    """A number or date that is none, told as what should stand there."""
    seen = {"name": cell.name, "seen": raw.value}
    if cell.type.is_number:
        is_day = raw.problem is CellProblem.NO_DAY
        return Fault("cell.not_a_number", {**seen, "hint": _NOT_GENERAL if is_day else "请重新填写数字。"})
    if cell.type is CellType.PERIOD:
        return Fault("period.missing", seen)
    if cell.type is CellType.DATE:
        return Fault("cell.not_a_date", seen)
    if cell.type is CellType.CHOICE:
        return Fault("cell.not_a_choice", {**seen, "choices": "、".join(cell.choices)})
    return Fault("cell.not_text", seen)


_NOT_GENERAL = "请把单元格格式改为“常规”后重新填写数字。"
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
        number = _clock(value, raw, cell)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        number = _stored(stored_number(value), raw, cell, factor)
    return _not_a_number(raw, cell) if number is None else number


def _clock(value: time | timedelta | datetime, raw: RawCell, cell: Cell) -> Decimal | Fault | None:
    """The seconds of a time; what a format leaves out of it (days, hours) is asked for."""
    if isinstance(value, datetime):
        return _shown_otherwise(raw, cell, "24小时以上的时间") if _is_clock(raw) else None
    if hides_hours(value, raw.number_format):
        return _shown_otherwise(raw, cell, clock_shown(value, "[h]:mm:ss"))
    return clock_seconds(value, raw.number_format, cell)


def _stored(number: Decimal, raw: RawCell, cell: Cell, factor: Decimal | None) -> Decimal | Fault | None:
    """A number as its format shows it; None where it is none for this cell."""
    if not is_plain(raw.number_format):
        return _formatted(number, raw, cell, factor)
    if cell.type is CellType.DURATION and (clock := looks_like_time(number)):
        return Fault("cell.looks_like_time", {"name": cell.title, "seen": _digits(number), "clock": clock})
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
        return _shown_otherwise(raw, cell, _digits(number), seen="空白" if number >= 0 else None)
    if seen.within is not None:
        return typed_number(seen.within, cell, factor)
    if seen.before and not (cell.type is CellType.MONEY and key(seen.before) in _OWN_CURRENCY):
        return None
    as_stored = number * in_own_unit(Decimal(1), cell)
    if seen.after:
        unit = unit_factor(seen.after, cell)
        value = None if unit is None else number * seen.scale * unit
        is_sure = seen.scale == 1 or value is None or value == as_stored
        return value if is_sure else _shown_otherwise(raw, cell, _digits(number))
    if seen.scale == 1:
        return _in_unit_of_header(number, cell, factor)
    if factor is not None and number * seen.scale * factor == as_stored:
        return as_stored
    if factor == 1:
        return number if as_stored == number else _shown_otherwise(raw, cell, _digits(number))
    return _shown_otherwise(raw, cell, _digits(number))


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
        and as_typed(raw) == _digits(stored_number(raw.value))
    )


def _number_hint(raw: RawCell, cell: Cell) -> str:
    if isinstance(raw.value, time | timedelta):
        return "这一格是时间格式，看不出是几分几秒，请把单元格格式改为“常规”后填写秒数。"
    if not isinstance(raw.value, str):
        return _NOT_GENERAL
    word = key(raw.value)
    if word in NOT_YET:
        return "软件还没有统计完，请次月5日后再导出一次，用新的数替换。"
    if word in NOTHING_SAID or _DASHES.issuperset(word):
        return missing_hint(cell)
    return f"请只填数字。{own_hint(cell)}"


def _identity(raw: RawCell, cell: Cell) -> str | Fault:
    if isinstance(raw.value, int | float) and not isinstance(raw.value, bool):
        number = stored_number(raw.value)
        plain = is_plain(raw.number_format) and "0" not in raw.number_format
        text = _digits(number) if plain else identity_shown(number, raw.number_format)
        if text is None:
            return Fault("cell.not_text", {"name": cell.title, "seen": as_typed(raw)})
        return _not_too_long(one_line(text), cell, LONGEST_NAME)
    return _name(raw, cell, one_line)


def _text(raw: RawCell, cell: Cell) -> str | Fault:
    if cell.name == STAFF_NAME:
        return _name(raw, cell, person_name)
    if cell.name in {GROUP, MANAGER}:
        return _name(raw, cell, one_line)
    text = free_text(raw.value) if isinstance(raw.value, str) else as_typed(raw)
    return _not_too_long(text, cell, LONGEST_TEXT)


def _name(raw: RawCell, cell: Cell, tidy: Callable[[str], str]) -> str | Fault:
    if isinstance(raw.value, date | time | timedelta | bool):
        return Fault("cell.not_text", {"name": cell.title, "seen": as_typed(raw)})
    text = tidy(raw.value) if isinstance(raw.value, str) else as_typed(raw)
    return _not_too_long(text, cell, LONGEST_NAME)


def _not_too_long(text: str, cell: Cell, limit: int) -> str | Fault:
    if len(text) <= limit:
        return text
    return Fault("cell.too_long", {"name": cell.title, "length": len(text), "limit": limit})


def _choice(raw: RawCell, cell: Cell) -> str | Fault:
    if raw.value in cell.choices:
        return str(raw.value)
    seen = as_typed(raw)
    chosen = next((choice for choice in cell.choices if key(choice) == key(seen)), None)
    if chosen is not None:
        return chosen
    return Fault("cell.not_a_choice", {"name": cell.title, "seen": seen, "choices": "、".join(cell.choices)})


def _day(raw: RawCell, cell: Cell) -> date | Fault:
    day = read_day(raw.value)
    return Fault("cell.not_a_date", {"name": cell.title, "seen": as_typed(raw)}) if day is None else day


def _month(raw: RawCell, _cell: Cell) -> Period | Fault:
    month = read_month(raw.value)
    return Fault("period.missing", {"seen": as_typed(raw)}) if month is None else month


_READERS: Mapping[CellType, Callable[[RawCell, Cell], CellValue | Fault]] = {
    CellType.TEXT: _text,
    CellType.IDENTITY: _identity,
    CellType.CHOICE: _choice,
    CellType.DATE: _day,
    CellType.PERIOD: _month,
}
