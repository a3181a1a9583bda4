"""A second opinion on what stands in a workbook: openpyxl's, whose own known gaps are not held against us."""

from __future__ import annotations

import io
import warnings
from datetime import date, time, timedelta

from openpyxl import load_workbook
from openpyxl.cell.cell import MergedCell

from appraisal.xlsx.cell import unescaped
from appraisal.xlsx.grid import RawCell, RawWorkbook, cell_name

_MOMENTS = (date, time, timedelta)


def contradictions(data: bytes, raw: RawWorkbook) -> list[str]:
    """Where openpyxl reads another text, number or truth than we, or anything where we saw nothing.

    Nothing if it cannot open the file. Dates are left out: which format is one, the two decide differently.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = load_workbook(io.BytesIO(data), data_only=True)
    except Exception:  # noqa: BLE001 - whatever it stumbles over
        return []
    found: list[str] = []
    for sheet in raw.sheets:
        if sheet.name not in book.sheetnames:
            continue
        theirs = book[sheet.name]
        for (row, column), cell in sheet.cells.items():
            other = theirs.cell(row, column)
            if isinstance(other, MergedCell) or cell.problem is not None or isinstance(cell.value, _MOMENTS):
                continue
            if not isinstance(other.value, _MOMENTS) and not _alike(cell, other.value):
                found.append(
                    f"{sheet.name}!{cell_name(row, column)}: {cell.value!r}, openpyxl {other.value!r}"
                )
        found += [
            f"{sheet.name}!{cell_name(*at)}: nothing, openpyxl {other.value!r}"
            for at, other in theirs._cells.items()
            if at not in sheet.cells and other.value not in (None, "") and other.hyperlink is None
        ]
    return found


def _alike(ours: RawCell, theirs: object) -> bool:
    if isinstance(ours.value, str) and isinstance(theirs, str):
        return ours.value == unescaped(theirs)
    if ours.value == "":
        return theirs is None
    if isinstance(ours.value, bool) or isinstance(theirs, bool):
        return ours.value is theirs
    return ours.value == theirs
