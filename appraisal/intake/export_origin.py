"""Which software an export comes from, and on which day it was made, as far as the export itself tells."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from appraisal.intake.calendar_values import read_day
from appraisal.intake.export_table import ExportTable
from appraisal.text import key
from appraisal.xlsx.grid import RawSheet

_NAMED_BY: Mapping[str, tuple[str, ...]] = {
    "赤兔": ("赤兔",),
    "生意参谋": ("生意参谋",),
    "京东客服管家": ("京东", "京麦", "咚咚", "客服pin"),
    "拼多多商家后台": ("拼多多", "多多客服", "pinduoduo"),
}
"""The software, as the form's 数据来源软件 offers it, by the words that give it away."""

_MADE = r"(?:导出|下载|生成|制表)(?:时间|日期|于)?"
_MADE_ON = re.compile(rf"{_MADE}[:：]?\s*(20\d\d[-/.年]\d{{1,2}}[-/.月]\d{{1,2}}日?)")


@dataclass(frozen=True, slots=True)
class Origin:
    """None where the export does not say, or says more than one thing."""

    software: str | None = None
    made_on: date | None = None


UNKNOWN = Origin()


def origin_of(file: str, tables: list[ExportTable]) -> Origin:
    """By the file's name, its sheets' names, titles and headers; the day by words like 导出时间."""
    said = key("\n".join([file, *(text for table in tables for text in _texts_around(table))]))
    named = [software for software, words in _NAMED_BY.items() if any(word in said for word in words)]
    days = {day for table in tables for day in _days(table.raw)}
    return Origin(named[0] if len(named) == 1 else None, days.pop() if len(days) == 1 else None)


def _texts_around(table: ExportTable) -> Iterator[str]:
    yield table.raw.name
    for (row, _), cell in table.raw.cells.items():
        if row <= table.header_row and isinstance(cell.value, str):
            yield cell.value


def _days(raw: RawSheet) -> Iterator[date]:
    """`导出时间：2026-12-06 10:21`, in one cell or in two beside each other."""
    for (row, column), cell in raw.cells.items():
        if not isinstance(cell.value, str):
            continue
        beside = raw.cells.get((row, column + 1))
        if match := _MADE_ON.search(cell.value):
            day = read_day(match[1])
        elif beside is not None and re.fullmatch(_MADE, key(cell.value).strip(":")):
            day = read_day(beside.value)
        else:
            continue
        if day is not None:
            yield day
