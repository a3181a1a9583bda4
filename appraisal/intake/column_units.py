"""The unit of each column of a table, said in its header, in a row below the headers or in a line above them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from appraisal.intake.told import Fault
from appraisal.intake.units import NOTHING_SAID, SaidUnit, is_unit, said_unit, table_unit, unit_lines
from appraisal.scheme.forms.cells import Cell
from appraisal.text import key
from appraisal.xlsx.grid import RawCell

Rows = Mapping[int, Mapping[int, RawCell]]


@dataclass(frozen=True, slots=True)
class ColumnUnit:
    """What a column's plain numbers are multiplied by, None where nothing is said; and what there is to ask."""

    factor: Decimal | None
    faults: tuple[Fault, ...]


NO_UNIT = ColumnUnit(None, ())


class ColumnUnits:
    """The units that are said of a table; `cells` are those of its columns, by where they stand.

    `row` is the row of units below the headers, None without one: it is no person's.
    """

    def __init__(self, rows: Rows, header_row: int, cells: Mapping[int, Cell]) -> None:
        self.row = _unit_row(rows, header_row, cells)
        self._below = rows[self.row] if self.row is not None else {}
        self._lines = tuple(unit_lines(_texts_above(rows, header_row)))
        self._says_nothing = not self._below and not self._lines

    def of(self, cell: Cell, at: int, brackets: Sequence[str]) -> ColumnUnit:
        """Of the column at `at`, with what stands in its header's brackets."""
        if self._says_nothing and (not brackets or not cell.type.is_number):
            return NO_UNIT
        own = said_unit(brackets, cell)
        below = self._below.get(at)
        below_text = str(below.value) if below is not None else ""
        row = said_unit((_without_brackets(below_text),), cell) if below_text else NOTHING_SAID
        line = table_unit(self._lines, cell) if self._lines else NOTHING_SAID
        factor = next((one.factor for one in (own, row, line) if one.factor is not None), None)
        said = (*brackets, *filter(None, [below_text]), *self._lines)
        return ColumnUnit(factor, tuple(_faults(cell, own, row, line, said)))


def _faults(cell: Cell, own: SaidUnit, row: SaidUnit, line: SaidUnit, said: Sequence[str]) -> Iterator[Fault]:
    is_open = own.factor is None and row.factor is None
    unclear = own.unclear or row.unclear or (line.unclear if is_open else None)
    if unclear is not None:
        yield Fault("header.unit_unclear", {"name": cell.title, "seen": unclear})
    elif len({one.factor for one in (own, row, line) if one.factor is not None}) > 1:
        yield Fault("header.units_differ", {"name": cell.title, "seen": "、".join(dict.fromkeys(said))})
    if own.qualifier is not None:
        yield Fault("header.qualified", {"name": cell.title, "seen": own.qualifier})


_NO_UNIT = frozenset({"单位", "-", "/", "—"})


def _unit_row(rows: Rows, header_row: int, cells: Mapping[int, Cell]) -> int | None:
    """The row right below the headers, or below their grey lines, in which nothing but units stands."""
    for number in (header_row + 1, header_row + 2):
        row = rows.get(number, {})
        said = {at: row[at].value for at in cells if at in row and row[at].value not in {None, ""}}
        units = {at for at, text in said.items() if isinstance(text, str) and is_unit(text, cells[at])}
        if units and all(key(str(said[at])) in _NO_UNIT for at in said.keys() - units):
            return number
    return None


def _texts_above(rows: Rows, header_row: int) -> Iterator[str]:
    """The texts above a table; `单位：` with what stands in the cell beside it."""
    for row in (row for number, row in rows.items() if number < header_row):
        for at, cell in row.items():
            if isinstance(cell.value, str):
                beside = row.get(at + 1) if key(cell.value).endswith("单位:") else None
                yield cell.value if beside is None else f"{cell.value}{beside.value}"


def _without_brackets(text: str) -> str:
    return text.strip().strip("()（）[]【】")
