"""What people are told of a cell: what they see in it, what it was taken as, what belongs there, why it is refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from decimal import Decimal

from appraisal.findings.finding import Finding, finding
from appraisal.intake.submission import CellValue
from appraisal.intake.values import clock_shown, stored_number
from appraisal.scheme.forms.cells import Cell, CellType, Need
from appraisal.scheme.forms.submission import ZERO_OR_BLANK
from appraisal.xlsx.grid import RawCell
from appraisal.xlsx.number_formats import Meaning, meaning_of
from appraisal.xlsx.shown_numbers import identity_shown, is_plain, rounded, shown, text_shown


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a cell cannot be taken: a finding that does not know its place yet."""

    code: str
    gaps: Mapping[str, object] = field(default_factory=dict)

    def at(self, sheet: str, cell: str) -> Finding:
        return finding(self.code, sheet=sheet, cell=cell, **self.gaps)


def as_typed(raw: RawCell) -> str:
    """What a person sees in the cell, near enough to find it again."""
    value = raw.value
    if isinstance(value, str):
        return text_shown(value, raw.number_format)
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        return _number_as_seen(stored_number(value), raw.number_format)
    if isinstance(value, time | timedelta) or (isinstance(value, datetime) and is_clock(raw)):
        return clock_shown(value, raw.number_format)
    if isinstance(value, datetime) and value.time() == time():
        return str(value.date())
    return "" if value is None else str(value)


def is_clock(raw: RawCell) -> bool:
    """Whether the format shows a time of day and no date."""
    return meaning_of(raw.number_format) is Meaning.TIME


def _number_as_seen(number: Decimal, number_format: str) -> str:
    if number == int(number) and (set(number_format) == {"0"} or not is_plain(number_format)):
        whole = identity_shown(number, number_format)
        if whole is not None:
            return whole
    seen = None if is_plain(number_format) else shown(number, number_format)
    if seen is None:
        return digits(number)
    if seen.within:
        return seen.within
    figures = number * seen.scale
    if seen.places is not None:
        figures = rounded(figures, seen.places)
    return f"{seen.before}{digits(figures)}{seen.after}"


def as_taken(value: CellValue, cell: Cell) -> str:
    """A typed value in the same notation, to be held beside what was typed."""
    if isinstance(value, Decimal):
        return f"{digits(value * 100)}%" if cell.type is CellType.PERCENT else digits(value)
    return "" if value is None else str(value)


def own_hint(cell: Cell) -> str:
    """The form's hint for this cell as a sentence; nothing where it is only the general one."""
    return "" if cell.hint in {"", ZERO_OR_BLANK} else f"{cell.hint.rstrip('。')}。"


def missing_hint(cell: Cell) -> str:
    """What to do about a cell that says nothing, where the form wants something."""
    own = own_hint(cell)
    if cell.need is Need.NEVER:
        return own if own and cell.type is CellType.TEXT else "没有就留空。"
    if cell.type.is_number and cell.type is not CellType.MARK:
        return f"确实没有就填0；还没有统计到的，请等统计完整再填，不要用0代替。{own}"
    return own or "请补上。"


def digits(number: Decimal) -> str:
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
