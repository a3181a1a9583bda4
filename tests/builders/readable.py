"""What people get, as text that reads as a change when it changes: goldens for review, not for machines.

workbook_text(data)     every cell: what it came to, and its formula where it is not that of the row above
notice_text(month)      the Word notice, paragraph by paragraph
slips_text(month)       everybody's page as it is shown in a browser
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import docx
from openpyxl.cell import Cell

from appraisal.publish.month import Month
from appraisal.publish.notice.notice import notice
from appraisal.publish.slips import slips
from appraisal.publish.templates.loading import Templates
from tests.builders.workbooks import opened
from tests.publish.documents import html_lines

_SEPARATOR = " | "


def workbook_text(workbook: bytes) -> str:
    """Each sheet's filled cells in the order of reading, `C7 | 12 | =IF(…)`; a hidden column is marked."""
    formulas, values = opened(workbook), opened(workbook, data_only=True)
    lines: list[str] = []
    for sheet in formulas:
        lines += ["", f"## {sheet.title}"]
        above: dict[int, str] = {}
        for row in sheet.iter_rows():
            for cell in row:
                value = values[sheet.title][cell.coordinate].value
                formula = _formula(cell)
                own = "" if formula == above.get(cell.column) else formula
                above[cell.column] = formula
                if value not in {None, ""} or own:
                    lines.append(_SEPARATOR.join(filter(None, (cell.coordinate, _shown(value), own))))
    return "\n".join(lines[1:]) + "\n"


def _formula(cell: Cell) -> str:
    """The formula, its own row as `#`, so that a formula copied downwards is one text."""
    if cell.data_type != "f":
        return ""
    return re.sub(rf"(?<=[A-Z]){cell.row}(?!\d)", "#", str(cell.value))


def _shown(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.10g}"
    if isinstance(value, datetime | date):
        return value.isoformat()[:10]
    return "" if value is None else str(value).replace("\n", "⏎")


def notice_text(month: Month, templates: Templates) -> str:
    """The notice as HR opens it in Word; a row of a table is one line."""
    body = docx.Document(io.BytesIO(notice(month, templates).word))
    lines = (line for block in body.iter_inner_content() for line in _lines_of(block))
    return "\n".join(filter(None, lines)) + "\n"


def _lines_of(block: Any) -> Iterator[str]:
    if hasattr(block, "rows"):
        yield from (_SEPARATOR.join(cell.text.strip() for cell in row.cells) for row in block.rows)
    else:
        yield block.text.strip()


def slips_text(month: Month, templates: Templates) -> str:
    """Every slip, in the order of the workbook; a row of a table is one line."""
    return "\n".join(_slips(month, templates)) + "\n"


def _slips(month: Month, templates: Templates) -> Iterator[str]:
    for staff, page in slips(month, templates).pages.items():
        yield f"## {staff}"
        yield from html_lines(re.sub(r"</t[dh]>\s*<t[dh][^>]*>", _SEPARATOR, page.decode()))
        yield ""
