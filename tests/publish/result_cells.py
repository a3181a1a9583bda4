"""The result workbook as tests look at it: formula cells with their stored values, and changed copies."""

from __future__ import annotations

import io
import warnings
from collections.abc import Mapping
from typing import Any

from tests.builders.workbooks import opened

Place = tuple[str, str]
"""Sheet and cell: `("综合排名", "D9")`."""


def _cells(workbook: bytes, *, values: bool) -> dict[Place, Any]:
    """Every cell with something in it: formulas as text, or with `values` what they came to."""
    book = opened(workbook, data_only=values, read_only=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # as above, once it comes to them
        return {
            (sheet.title, cell.coordinate): cell
            for sheet in book
            for row in sheet.iter_rows()
            for cell in row
            if cell.value not in {None, ""}
        }


def formulas(workbook: bytes) -> dict[Place, str]:
    """Every formula cell of every sheet."""
    found = _cells(workbook, values=False).items()
    return {place: str(cell.value) for place, cell in found if cell.data_type == "f"}


def stored(workbook: bytes) -> dict[Place, object]:
    """What every cell came to, formula or not; an empty text counts as nothing."""
    return {place: cell.value for place, cell in _cells(workbook, values=True).items()}


def differences(ours: bytes, calculated: bytes) -> list[str]:
    """Formula cells whose stored value in `ours` is not what `calculated` says; none if all agree."""
    before, after = stored(ours), stored(calculated)
    return [
        f"{place[0]}!{place[1]}: {before.get(place)!r} stored, {after.get(place)!r} calculated: {formula}"
        for place, formula in formulas(ours).items()
        if not _same(before.get(place), after.get(place))
    ]


def _same(one: object, other: object) -> bool:
    if isinstance(one, int | float) and isinstance(other, int | float):
        return abs(one - other) <= 1e-9 * max(1.0, abs(one))
    return one == other


def changed(workbook: bytes, cells: Mapping[Place, object]) -> bytes:
    """The workbook after a person has typed into these cells; nothing is calculated yet."""
    book = opened(workbook)
    for (sheet, cell), value in cells.items():
        book[sheet][cell] = value
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


def column(cells: Mapping[Place, object], sheet: str, letters: str, first: int, last: int) -> list[object]:
    """The values of one column from row `first` to `last`."""
    return [cells.get((sheet, f"{letters}{row}")) for row in range(first, last + 1)]


def find(cells: Mapping[Place, object], sheet: str, value: object) -> str:
    """The first cell of the sheet that holds `value`."""
    return next(cell for (at, cell), held in cells.items() if at == sheet and held == value)
