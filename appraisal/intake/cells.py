"""One raw cell to one typed value, by what the form says of the cell; or why it cannot be taken.

Tolerant where the meaning is certain, strict where it is not. Ranges, whole numbers and decimals
are the validation's business: here only the kind of value is settled.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from appraisal.findings.finding import Finding, finding
from appraisal.intake.submission import CellValue
from appraisal.intake.values import (
    clock_seconds,
    percent_factor,
    read_day,
    read_month,
    stored_number,
    typed_number,
    unit_factor,
)
from appraisal.period import Period
from appraisal.scheme.forms.cells import Cell, CellType, Need
from appraisal.scheme.forms.submission import GROUP, MANAGER, STAFF_NAME, ZERO_OR_BLANK
from appraisal.text import free_text, key, one_line, person_name
from appraisal.xlsx.grid import CellProblem, RawCell
from appraisal.xlsx.limits import LIMITS

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
    """What plain numbers under a header with this unit are multiplied by.

    None for percents whose header does not say `%`: there each cell must show its own sign.
    """
    if not cell.type.is_number:
        return None
    factor = unit_factor(unit, cell)
    return Decimal(1) if factor is None and cell.type is not CellType.PERCENT else factor


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
    if cell.type.is_number:
        return _number(raw, cell, factor)
    return _READERS[cell.type](raw, cell)


def as_typed(raw: RawCell) -> str:
    """What a person sees in the cell, near enough to find it again."""
    value = raw.value
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        number, percent = stored_number(value), percent_factor(raw.number_format)
        return _digits(number) if percent is None else f"{_digits(number * percent * 100)}%"
    if isinstance(value, datetime) and value.time() == time():
        return str(value.date())
    return "" if value is None else str(value)


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
            return Fault("cell.error_value", {"name": cell.title, "seen": raw.value})
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
    if isinstance(value, str):
        number = typed_number(value, cell, factor)
    elif isinstance(value, time | timedelta) and cell.type is CellType.DURATION:
        number = clock_seconds(value, raw.number_format, cell)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        number = _stored(value, raw.number_format, cell, factor)
    else:
        number = None
    return _not_a_number(raw, cell) if number is None else number


def _stored(value: float, number_format: str, cell: Cell, factor: Decimal | None) -> Decimal | None:
    number = stored_number(value)
    if cell.type is CellType.PERCENT:
        factor = percent_factor(number_format) or factor
        return number * factor if factor is not None else (None if number else number)
    return number if factor is None or factor == 1 else number * factor


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
    return isinstance(raw.value, int | float) and not isinstance(raw.value, bool)


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
        number = _digits(stored_number(raw.value))
        shown_width = len(raw.number_format) if set(raw.number_format) == {"0"} else 0
        return number.zfill(shown_width)
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
