"""What people write in cells: days, months and numbers with what stands around them; and what they see and are told.

`2026-12-05`, `2026年11月`, `202611`, a date cell; `1,234.5元`, `1.2万`, `2分30秒`, `45.3%`. A unit in the
cell counts as written. A number without one is in the unit of the header, and where the header says
none, in the form's.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from appraisal.intake.submission import CellValue
from appraisal.intake.units import in_own_unit, unit_factor
from appraisal.period import Period
from appraisal.scheme.forms.cells import Cell, CellType, Need
from appraisal.scheme.forms.submission import ZERO_OR_BLANK
from appraisal.text import ascii_number, key
from appraisal.xlsx.grid import RawCell, RawValue
from appraisal.xlsx.number_formats import Meaning, clock_letters, format_meaning, shows_noon
from appraisal.xlsx.shown_numbers import identity_shown, rounded, shown, shows_as_stored, text_shown

_DAY = re.compile(
    r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?(?:t?[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?)?"
)

_DAY_DIGITS = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")

_MONTH = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})(?:月份?)?")

_MONTH_DIGITS = re.compile(r"([0-9]{4})([0-9]{2})")

_EARLIEST, _LATEST = 2000, 2099


def read_day(value: RawValue) -> date | None:
    """The day that a cell says; None if it is none, or none for certain (a bare serial number)."""
    if isinstance(value, datetime):
        return _sensible(value.date())
    if isinstance(value, date):
        return _sensible(value)
    text = _day_text(value)
    match = text and (_DAY.fullmatch(text) or _DAY_DIGITS.fullmatch(text))
    if not match:
        return None
    try:
        return _sensible(date(int(match[1]), int(match[2]), int(match[3])))
    except ValueError:
        return None


def read_month(value: RawValue) -> Period | None:
    """The month that a cell says; None if it is none for certain.

    The number 2026.1 is refused: it may be October, typed as 2026.10 and shortened by Excel.
    """
    day = read_day(value)
    if day is not None:
        return Period.of(day)
    text = _day_text(value)
    match = text and (_MONTH.fullmatch(text) or _MONTH_DIGITS.fullmatch(text))
    if not match or (isinstance(value, float) and len(match[2]) == 1):
        return None
    year, month = int(match[1]), int(match[2])
    return Period(year, month) if _EARLIEST <= year <= _LATEST and 1 <= month <= 12 else None


def _day_text(value: RawValue) -> str | None:
    if isinstance(value, str):
        return key(value)
    number = stored_number(value)
    return None if number is None else f"{number:f}"


def _sensible(day: date) -> date | None:
    return day if _EARLIEST <= day.year <= _LATEST else None


_LONGEST = 40

_DIGITS = r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?|\.[0-9]+"

_NUMBER = re.compile(rf"(?:(¥)\s?)?([+-]?(?:{_DIGITS}))(.*)")

_DURATION = re.compile(
    r"(?:(?P<h>[0-9.]+)(?:小时|时|h))?(?:(?P<m>[0-9.]+)(?:分钟|分|min|m))?(?:(?P<s>[0-9.]+)(?:秒钟|秒|s))?"
)

_CLOCK = re.compile(r"([0-9]{1,4}):([0-5]?[0-9]):([0-5]?[0-9](?:\.[0-9]+)?)")

_UNSIGNED = re.compile(r"[0-9]+(?:\.[0-9]+)?")

_ONE, _MINUTE, _HOUR = Decimal(1), Decimal(60), Decimal(3600)


def stored_number(value: RawValue) -> Decimal | None:
    """A number as Excel shows it: 15 significant digits, so 0.1+0.2 is 0.3; None where no number is stored."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return Decimal(value) if isinstance(value, int) else Decimal(f"{value:.15g}") + 0  # no -0


def typed_number(text: str, cell: Cell, factor: Decimal | None) -> Decimal | None:
    """The number that a text says, in the form's own unit; None if it does not say one for certain.

    `factor` is what a number without a unit is multiplied by; without it only 0 needs no sign.
    """
    text = ascii_number(text)
    if len(text) > _LONGEST:
        return None
    match = _NUMBER.fullmatch(text)
    if match is None:
        return None
    currency, number, unit = match[1], Decimal(match[2].replace(",", "")) + 0, match[3].strip()
    if currency and cell.type is not CellType.MONEY:
        return None
    if not unit:
        return number * factor if factor is not None else (None if number else number)
    own = unit_factor(unit, cell)
    if own is None and cell.type is CellType.DURATION:
        seconds = _parts(text.replace(" ", ""))
        seconds = _clock(text) if seconds is None else seconds
        return None if seconds is None else seconds * in_own_unit(_ONE, cell)
    return None if own is None else number * own


def _parts(text: str) -> Decimal | None:
    """`2分30秒`, `7小时41分52秒`: whole parts, the last one may have decimals."""
    match = _DURATION.fullmatch(text)
    if match is None:
        return None
    parts = [(part, size) for part, size in zip(match.groups(), (_HOUR, _MINUTE, _ONE), strict=True) if part]
    if not all(_UNSIGNED.fullmatch(part) for part, _ in parts) or any("." in part for part, _ in parts[:-1]):
        return None
    return sum((Decimal(part) * size for part, size in parts), Decimal(0))


def _clock(text: str) -> Decimal | None:
    """`00:02:30`; two parts alone (`2:30`) could be hours and minutes or minutes and seconds."""
    match = _CLOCK.fullmatch(text)
    if match is None:
        return None
    return Decimal(match[1]) * _HOUR + Decimal(match[2]) * _MINUTE + Decimal(match[3])


def clock_seconds(value: time | timedelta, number_format: str, cell: Cell) -> Decimal | None:
    """The seconds of a clock cell; None unless its format shows seconds, for the reason above, and no noon."""
    if "s" not in clock_letters(number_format) or shows_noon(number_format):
        return None
    return _seconds(value) * in_own_unit(_ONE, cell)


_BARE_SECONDS = re.compile(r"\[?s+\]?(\.0+)?", re.IGNORECASE)


def is_bare_number(number_format: str) -> bool:
    """Whether a time is seen as a number without a word: 0:00:28 under `[s]` as 28."""
    return _BARE_SECONDS.fullmatch(number_format.partition(";")[0]) is not None


def hides_hours(value: time | timedelta, number_format: str) -> bool:
    """Whether the format leaves out hours or minutes that are there: 1:02:03 under `mm:ss` is seen as 02:03."""
    letters = clock_letters(number_format)
    if "[" in letters:
        return False
    seconds = _seconds(value)
    return (seconds >= _HOUR and "h" not in letters) or (seconds >= _MINUTE and "m" not in letters)


def clock_shown(value: datetime | time | timedelta, number_format: str) -> str:
    """A time as the cell shows it, without the day on which Excel puts it."""
    letters = clock_letters(number_format)
    if isinstance(value, datetime):
        value = value.time()
    if is_bare_number(number_format):
        return f"{_seconds(value) if '[' in letters else _seconds(value) % 60:f}"
    hours, rest = divmod(_seconds(value), _HOUR)
    minutes, seconds = divmod(rest, _MINUTE)
    clock = f"{int(minutes):02}:{int(seconds):02}" if "s" in letters else f"{int(minutes):02}"
    hours = hours if "[" in letters else hours % 24
    if shows_noon(number_format):
        return f"{'下午' if hours >= 12 else '上午'}{int(hours - 1) % 12 + 1}:{clock}"
    return f"{int(hours)}:{clock}" if "h" in letters or "s" not in letters or "[" in letters else clock


def _seconds(value: time | timedelta) -> Decimal:
    if isinstance(value, time):
        value = timedelta(
            hours=value.hour, minutes=value.minute, seconds=value.second, microseconds=value.microsecond
        )
    return Decimal(value.days * 86_400 + value.seconds) + Decimal(value.microseconds) / 1_000_000


def looks_like_time(number: Decimal) -> str | None:
    """The clock time that a part of a day is stored for: 0:00:28 for 0.000324074; None where it is a plain number."""
    exponent = number.as_tuple().exponent
    if not 0 < number < 1 or not isinstance(exponent, int) or exponent > -7:
        return None
    seconds = number * 86_400
    whole = round(seconds)
    if whole == 0 or abs(seconds - whole) > Decimal("0.0001"):
        return None
    return f"{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}"


def as_typed(raw: RawCell) -> str:
    """What a person sees in the cell, near enough to find it again."""
    value = raw.value
    if isinstance(value, str):
        return text_shown(value, raw.number_format)
    if isinstance(value, bool):
        return str(value).upper()
    if (number := stored_number(value)) is not None:
        return _number_as_seen(number, raw.number_format)
    if isinstance(value, time | timedelta) or (isinstance(value, datetime) and is_clock(raw)):
        return clock_shown(value, raw.number_format)
    if isinstance(value, datetime) and value.time() == time():
        return str(value.date())
    return "" if value is None else str(value)


def is_clock(raw: RawCell) -> bool:
    """Whether the format shows a time of day and no date."""
    return format_meaning(raw.number_format) is Meaning.TIME


def _number_as_seen(number: Decimal, number_format: str) -> str:
    if number == int(number) and (set(number_format) == {"0"} or not shows_as_stored(number_format)):
        whole = identity_shown(number, number_format)
        if whole is not None:
            return whole
    seen = None if shows_as_stored(number_format) else shown(number, number_format)
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
