"""A returned workbook: the manager's own, with its wrong cells marked and the list of them in front.

The one module of the outgoing papers that opens a dropped file, and the one that needs openpyxl, which
takes as long to load as all that reading needs: it is imported only where a workbook is marked.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Sequence
from datetime import date

from openpyxl import Workbook, load_workbook

from appraisal.findings.finding import Finding
from appraisal.publish.package import normalised
from appraisal.publish.returned import in_order_of_repair
from appraisal.publish.returned_list import add_list
from appraisal.publish.returned_losses import would_lose
from appraisal.publish.returned_marks import copy_look, marked, unmarked

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
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # it warns of what it drops, a date beyond its calendar too
            warnings.filterwarnings("ignore", "Workbook contains no default style")
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


def _complete_merged_cells(book: Workbook) -> None:
    """Gives merged cells the look of the one that shows; openpyxl drops it, with it whether they are locked."""
    for sheet in book.worksheets:
        for area in sheet.merged_cells.ranges:
            first = sheet.cell(area.min_row, area.min_col)
            for row, column in list(area.cells)[1:]:
                copy_look(first, sheet.cell(row, column), *_LOOK)


_LOOK = ("font", "fill", "border", "alignment", "number_format", "protection")
