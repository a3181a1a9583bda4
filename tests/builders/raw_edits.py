"""Changes that people make to a form, done to a raw workbook: each gives a new workbook."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from appraisal.findings.finding import Finding
from appraisal.xlsx.grid import RawCell, RawSheet, RawWorkbook, cell_position, column_name, range_bounds


def changed(
    raw: RawWorkbook, sheet: str, single: Mapping[str, Any] | None = None, **fields: Any
) -> RawWorkbook:
    """With fields of a sheet set, then single cells by address replaced (None empties one)."""

    def change(one: RawSheet) -> RawSheet:
        cells = dict(fields.get("cells", one.cells))
        for address, value in (single or {}).items():
            position = cell_position(address)
            assert position is not None
            cells.pop(position, None)
            if value is not None:
                cells[position] = value if isinstance(value, RawCell) else RawCell(value)
        return replace(one, **(fields | {"cells": cells}))

    return _with(raw, sheet, change)


def without(raw: RawWorkbook, *sheets: str) -> RawWorkbook:
    """Without some sheets."""
    return RawWorkbook(tuple(one for one in raw.sheets if one.name not in sheets))


def added(raw: RawWorkbook, *sheets: RawSheet) -> RawWorkbook:
    """With further sheets behind the others."""
    return RawWorkbook((*raw.sheets, *sheets))


def sheet_of(raw: RawWorkbook, name: str) -> RawSheet:
    return next(one for one in raw.sheets if one.name == name)


def moved(raw: RawWorkbook, sheet: str, *, down: int = 0, right: int = 0) -> RawWorkbook:
    """With everything on a sheet moved, as if rows or columns had been put in before."""
    return _with(
        raw,
        sheet,
        lambda one: replace(
            one,
            cells={(row + down, column + right): cell for (row, column), cell in one.cells.items()},
            merged=tuple(_moved_range(name, down, right) for name in one.merged),
        ),
    )


def reordered(raw: RawWorkbook, sheet: str, order: Sequence[int], *, from_row: int) -> RawWorkbook:
    """With columns 1…n of a sheet's table, from `from_row` on, put in another order."""
    place = {column: at for at, column in enumerate(order, 1)}
    return _with(
        raw,
        sheet,
        lambda one: replace(
            one,
            cells={
                (row, place.get(column, column) if row >= from_row else column): cell
                for (row, column), cell in one.cells.items()
            },
        ),
    )


def told(findings: Sequence[Finding]) -> list[tuple[str, str]]:
    """Code and place of each finding: what most tests are about."""
    return [(one.code, one.place) for one in findings]


def _with(raw: RawWorkbook, sheet: str, change: Callable[[RawSheet], RawSheet]) -> RawWorkbook:
    return RawWorkbook(tuple(change(one) if one.name == sheet else one for one in raw.sheets))


def _moved_range(name: str, down: int, right: int) -> str:
    bounds = range_bounds(name)
    assert bounds is not None
    top, left, bottom, last = bounds
    return f"{column_name(left + right)}{top + down}:{column_name(last + right)}{bottom + down}"
