"""Times of two parts in an export (`1:23`): minutes and seconds, or hours and minutes.

One column has one notation. It is minutes and seconds where the header says so, or where some cell read
as hours and minutes would be beyond what its field allows; anything else is not for us to decide.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import time, timedelta
from decimal import Decimal
from enum import Enum, auto

from appraisal.intake.cells import typed_value
from appraisal.intake.export_table import ExportColumn
from appraisal.text import key
from appraisal.xlsx.grid import RawCell

_TWO_PARTS = re.compile(r"(\d{1,3}):([0-5]?\d)")
_WRITTEN = frozenset({"分:秒", "分秒", "mm:ss", "m:ss", "m:s"})


class ClockReading(Enum):
    """How the two-part times of a column are to be read."""

    NONE = auto()  # there are none
    MINUTES = auto()
    MINUTES_BY_RANGE = auto()
    UNCLEAR = auto()


def clock_reading(column: ExportColumn, cells: Iterable[RawCell]) -> ClockReading:
    """Of a column of durations, by its header and its people's cells."""
    parts = [found for raw in cells if (found := _two_parts(raw)) is not None]
    if not parts:
        return ClockReading.NONE
    if key(column.unit or "") in _WRITTEN:
        return ClockReading.MINUTES
    high = column.cell.high
    as_hours = [typed_value(RawCell(f"{one}小时{other}分"), column.cell) for one, other in parts]
    beyond = any(isinstance(one, Decimal) and high is not None and one > high for one in as_hours)
    return ClockReading.MINUTES_BY_RANGE if beyond else ClockReading.UNCLEAR


def in_minutes_and_seconds(raw: RawCell) -> RawCell | None:
    """The cell with its two-part time in words (`1分23秒`); None where it holds no such time."""
    parts = _two_parts(raw)
    return None if parts is None else RawCell(f"{parts[0]}分{parts[1]}秒")


def _two_parts(raw: RawCell) -> tuple[int, int] | None:
    """1 and 23 of `1:23`, typed, or made a time of day by Excel (shown without seconds)."""
    value = raw.value
    if isinstance(value, str):
        match = _TWO_PARTS.fullmatch(key(value))
        return (int(match[1]), int(match[2])) if match else None
    if isinstance(value, time):
        value = timedelta(hours=value.hour, minutes=value.minute, seconds=value.second)
    if not isinstance(value, timedelta) or "s" in raw.number_format.casefold():
        return None
    minutes, seconds = divmod(value.days * 86_400 + value.seconds, 60)
    return None if seconds else divmod(minutes, 60)
