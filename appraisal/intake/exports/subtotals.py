"""An export's own totals as check sums, and what they prove: whose the rows are that name nobody.

A pivot table shows the account on the first row of its block alone. The rows below are taken for the same account
only where the block's own subtotal says so to the last figure; where it does not, or there is none, they are asked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from appraisal.intake.cells import typed_value
from appraisal.intake.exports.header import WHO
from appraisal.intake.exports.row_kinds import RowKind, leads_of, row_kinds, summed_up
from appraisal.intake.exports.table import ExportColumn, ExportTable
from appraisal.scheme.forms.cells import CellType
from appraisal.text import key
from appraisal.xlsx.grid import RawCell


@dataclass(frozen=True, slots=True)
class CheckSum:
    """A row of the export that sums up others: its number, what it calls itself, and the rows it is about."""

    number: int
    called: str
    rows: tuple[int, ...]


def check_sums(table: ExportTable, kinds: Mapping[int, RowKind]) -> Iterator[CheckSum]:
    """Each 合计 and 小计 with its rows: all, those of the name before the word, or those since the last of them."""
    people = [number for number, kind in kinds.items() if kind is RowKind.PERSON]
    named = {number: {key(lead) for lead in leads_of(table.rows[number], table)} for number in people}
    block: list[int] = []
    about: dict[str, list[int]] = {}
    for number, kind in kinds.items():
        if kind is RowKind.PERSON:
            block.append(number)
        elif kind is RowKind.GRAND_TOTAL:
            yield CheckSum(number, "合计", tuple(people))
        elif kind is RowKind.SUMMARY:
            name = summed_up(table.rows[number], table)
            if name:
                about.setdefault(name, []).append(number)
            elif name is not None and block:
                yield CheckSum(number, "小计", tuple(block))
            block = []
    for name, numbers in about.items():
        rows = tuple(number for number in people if name in named[number])
        if len(numbers) == 1 and rows:
            yield CheckSum(numbers[0], "小计", rows)


def differing(
    table: ExportTable, checked: CheckSum, columns: Sequence[ExportColumn]
) -> Iterator[tuple[ExportColumn, Decimal, Decimal]]:
    """The columns in which the rows do not add up to what the export says: the sum, and what is said."""
    for column in _summable(columns):
        total = _figure(table.rows[checked.number].get(column.at), column)
        added = _sum(table, checked.rows, column)
        if total is not None and added != total:
            yield column, added, total


def carried_down(table: ExportTable) -> tuple[ExportTable, tuple[int, ...]]:
    """The table with whom it means on rows that name nobody, where a subtotal proves it; and those rows."""
    kinds = row_kinds(table)
    filled: dict[int, Mapping[int, RawCell]] = {}
    block: list[int] = []
    for number, kind in kinds.items():
        if kind is RowKind.PERSON:
            block = [number]
        elif kind is RowKind.NOBODY and block:
            block.append(number)
        else:
            if kind is RowKind.SUMMARY and len(block) > 1 and _proves(table, number, block):
                who = {at: table.rows[block[0]][at] for at in _who_at(table) if at in table.rows[block[0]]}
                filled |= {row: {**who, **table.rows[row]} for row in block[1:]}
            block = []
    return replace(table, rows={**table.rows, **filled}) if filled else table, tuple(filled)


def _proves(table: ExportTable, number: int, block: Sequence[int]) -> bool:
    """Whether the row sums up the block by the name on its first row, in all its figures."""
    name = summed_up(table.rows[number], table)
    first = {key(lead) for lead in leads_of(table.rows[block[0]], table)}
    checked = CheckSum(number, "小计", tuple(block))
    said = [column for column in _summable(table.columns) if column.at in table.rows[number]]
    return name in first and bool(said) and not any(differing(table, checked, said))


def _who_at(table: ExportTable) -> Iterator[int]:
    return (at for kind, at in table.keys.items() if kind in WHO)


def _summable(columns: Sequence[ExportColumn]) -> Iterator[ExportColumn]:
    return (one for one in columns if one.cell.type in {CellType.COUNT, CellType.MONEY})


def _sum(table: ExportTable, rows: Sequence[int], column: ExportColumn) -> Decimal:
    figures = (_figure(table.rows[number].get(column.at), column) for number in rows)
    return sum((one for one in figures if one is not None), Decimal(0))


def _figure(raw: RawCell | None, column: ExportColumn) -> Decimal | None:
    value = None if raw is None else typed_value(raw, column.cell, column.factor)
    return value if isinstance(value, Decimal) else None
