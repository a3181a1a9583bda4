"""What goes back to a manager whose workbook has mistakes: the workbook itself, marked, and a page."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from datetime import date

from openpyxl import Workbook, load_workbook

from appraisal.findings import Finding
from appraisal.publish.package import normalised
from appraisal.publish.returned_list import add_list
from appraisal.publish.returned_losses import would_lose
from appraisal.publish.returned_marks import copy_look, marked, unmarked
from appraisal.publish.returned_names import returned_names
from appraisal.publish.template_engine import prepared_html
from appraisal.publish.templates import RETURNED_HTML, Templates
from appraisal.scheme.period import Period

_FIRST = ("workbook.", "submission.", "scheme.", "group.", "period."), ("sheet.",), ("header.",)
"""What hides other mistakes is put right first: the file, its sheets, their headers."""

_CREATED = date(2020, 1, 1)
"""Core properties must not tell when a file was returned, or two equal returns would differ."""


def returned_workbook(data: bytes, findings: Sequence[Finding]) -> bytes | None:
    """The manager's own workbook with every wrong cell coloured and commented, a list in front.

    Marks of an earlier return are taken off first; all else stays as it was, except that stored
    values of formulas go (they are computed anew on opening). None where openpyxl would lose something
    that people put there, or cannot open the file: then the original stays as it is, and the page tells
    all. Call it in the sandbox: it opens a dropped file.
    """
    if would_lose(data):
        return None
    try:
        book = load_workbook(io.BytesIO(data), rich_text=True)
    except Exception:  # noqa: BLE001 - whatever openpyxl stumbles over, the original stays as it is
        return None
    _complete_merged_cells(book)
    unmarked(book)
    ordered = in_order_of_repair(findings)
    marked(book, ordered)
    add_list(book, ordered)
    out = io.BytesIO()
    book.save(out)
    return normalised(out.getvalue(), created=_CREATED)


def returned_html(
    file: str,
    findings: Sequence[Finding],
    *,
    group: str | None,
    period: Period | None,
    templates: Templates,
) -> str:
    """The page beside it: the same list for reading and printing. Raises TemplateError."""
    names = returned_names(file, in_order_of_repair(findings), group=group, period=period)
    return prepared_html(RETURNED_HTML, templates.returned_html).render(names)


def returned_json(
    file: str, findings: Sequence[Finding], *, group: str | None, period: Period | None
) -> bytes:
    """The same for machines, with the keys of `--json`."""
    told = {
        "file": file,
        "status": "returned",
        "group": group,
        "period": None if period is None else str(period),
        "findings": [one.as_json() for one in in_order_of_repair(findings)],
    }
    return f"{json.dumps(told, ensure_ascii=False, indent=1)}\n".encode()


def in_order_of_repair(findings: Sequence[Finding]) -> list[Finding]:
    """The file, its sheets, their headers, then the rows as they stand, and warnings last."""
    return sorted(findings, key=_urgency)


def _urgency(one: Finding) -> int:
    if not one.is_error:
        return len(_FIRST) + 1
    return next((at for at, codes in enumerate(_FIRST) if one.code.startswith(codes)), len(_FIRST))


def _complete_merged_cells(book: Workbook) -> None:
    """Gives merged cells the look of the one that shows; openpyxl drops it, with it whether they are locked."""
    for sheet in book.worksheets:
        for area in sheet.merged_cells.ranges:
            first = sheet.cell(area.min_row, area.min_col)
            for row, column in list(area.cells)[1:]:
                copy_look(first, sheet.cell(row, column), *_LOOK)


_LOOK = ("font", "fill", "border", "alignment", "number_format", "protection")
