"""Which rows of an export are about a person, and which are totals or notes; and what the totals prove.

Totals are check sums. A pivot table shows the account on the first row of its block alone. The rows below are taken
for the same account only where the block's own subtotal says so to the last figure; where it does not, or there is
none, they are asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import Enum, auto

from appraisal.intake.cells import NOTHING_SAID, typed_value
from appraisal.intake.draft import TOTAL
from appraisal.intake.exports.table import SUMMED, WHO, ExportColumn, ExportTable
from appraisal.intake.layout import read_header
from appraisal.intake.values import as_typed
from appraisal.text import key
from appraisal.xlsx.grid import RawCell


class RowKind(Enum):
    """What a row is."""

    PERSON = auto()
    GRAND_TOTAL = auto()
    """A sum of all rows: 合计, 总计."""
    SUMMARY = auto()
    """Any other row about several: 同行均值, 小计, `小美 汇总`."""
    NOBODY = auto()
    """Figures, and nobody whose they are."""
    OTHER = auto()


_GRAND_TOTAL = re.compile(
    r"(?:全店|店铺|本店|全组|本组|部门|团队|全部)?(?:合计|总计|共计|汇总|总和)(?:值|数|行)?|grandtotal|total"
)
_IN_ENGLISH = re.compile("(?:grand|sub)?total|sum|average|avg")
_SUM = "合计|总计|共计|小计|汇总|总和|(?:sub)?total|sum"
_SUMMARY_OF = re.compile(rf"(.+?)[-_:]*(?:{_SUM}|平均|平均值|均值|计数|average|count)")
_SUM_OF = re.compile(rf"(.*?)[-_:]*(?:{_SUM})")


def row_kinds(table: ExportTable) -> Mapping[int, RowKind]:
    """The kind of each row below the header, by number."""
    below = {
        number: cells
        for number, cells in table.rows.items()
        if number > table.header_row and number != table.unit_row
    }
    named = {key(text) for cells in below.values() for text in _leads(cells, table)}
    return {number: _kind(cells, table, named) for number, cells in below.items()}


def who_in(cells: Mapping[int, RawCell], table: ExportTable) -> dict[str, str]:
    """What a row says of the person: account, name, id."""
    said = {
        kind: as_typed(cells[column]).strip()
        for kind in WHO
        if (column := table.keys.get(kind)) in cells and column
    }
    return {kind: text for kind, text in said.items() if text and key(text) not in NOTHING_SAID}


def _kind(cells: Mapping[int, RawCell], table: ExportTable, named: set[str]) -> RowKind:
    leads = _leads_or_all(cells, table)
    words = [read_header(lead).word for lead in leads]
    if any(_GRAND_TOTAL.fullmatch(word) for word in words):
        return RowKind.GRAND_TOTAL
    if any(TOTAL.fullmatch(word) or _IN_ENGLISH.fullmatch(word) for word in words):
        return RowKind.SUMMARY
    if any((match := _SUMMARY_OF.fullmatch(key(lead))) and match[1] in named for lead in leads):
        return RowKind.SUMMARY
    if _is_header_again(cells, table):
        return RowKind.OTHER
    if who_in(cells, table):
        return RowKind.PERSON
    has_figure = any(_figure(cells.get(column.at), column) is not None for column in table.columns)
    return RowKind.NOBODY if has_figure else RowKind.OTHER


def _leads(cells: Mapping[int, RawCell], table: ExportTable) -> Iterator[str]:
    """The texts in the columns that say who and when."""
    return (as_typed(cells[column]) for column in table.keys.values() if column in cells)


def _leads_or_all(cells: Mapping[int, RawCell], table: ExportTable) -> list[str]:
    """The same; of a row that names nobody all its texts, for its word may stand in any column."""
    others = cells.values() if not who_in(cells, table) else ()
    return [*_leads(cells, table), *(cell.value for cell in others if isinstance(cell.value, str))]


def _summed_up(cells: Mapping[int, RawCell], table: ExportTable) -> str | None:
    """Of a row about several: whom or what it sums up (a `key`), empty where it does not say; None for an average."""
    leads = _leads_or_all(cells, table)
    return next((match[1] for lead in leads if (match := _SUM_OF.fullmatch(key(lead)))), None)


def _is_header_again(cells: Mapping[int, RawCell], table: ExportTable) -> bool:
    """Printed once more at the top of a page."""
    shown = [(column.shown, as_typed(cells[column.at])) for column in table.header if column.at in cells]
    return bool(shown) and all(key(header) == key(text) for header, text in shown)


@dataclass(frozen=True, slots=True)
class CheckSum:
    """A row of the export that sums up others: its number, what it calls itself, and the rows it is about."""

    number: int
    called: str
    rows: tuple[int, ...]


def check_sums(table: ExportTable, kinds: Mapping[int, RowKind]) -> Iterator[CheckSum]:
    """Each 合计 and 小计 with its rows: all, those of the name before the word, or those since the last of them."""
    people = [number for number, kind in kinds.items() if kind is RowKind.PERSON]
    named = {number: {key(lead) for lead in _leads(table.rows[number], table)} for number in people}
    block: list[int] = []
    about: dict[str, list[int]] = {}
    for number, kind in kinds.items():
        if kind is RowKind.PERSON:
            block.append(number)
        elif kind is RowKind.GRAND_TOTAL:
            yield CheckSum(number, "合计", tuple(people))
        elif kind is RowKind.SUMMARY:
            name = _summed_up(table.rows[number], table)
            if name:
                about.setdefault(name, []).append(number)
            elif name is not None and block:
                yield CheckSum(number, "小计", tuple(block))
            block = []
    for name, numbers in about.items():
        rows = tuple(number for number in people if name in named[number])
        if len(numbers) == 1 and rows:
            yield CheckSum(numbers[0], "小计", rows)


def sum_differences(
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
                first = table.rows[block[0]]
                who = {
                    column: first[column]
                    for kind, column in table.keys.items()
                    if kind in WHO and column in first
                }
                filled |= {row: {**who, **table.rows[row]} for row in block[1:]}
            block = []
    return replace(table, rows={**table.rows, **filled}) if filled else table, tuple(filled)


def _proves(table: ExportTable, number: int, block: Sequence[int]) -> bool:
    """Whether the row sums up the block by the name on its first row, in all its figures."""
    name = _summed_up(table.rows[number], table)
    first = {key(lead) for lead in _leads(table.rows[block[0]], table)}
    checked = CheckSum(number, "小计", tuple(block))
    said = [column for column in _summable(table.columns) if column.at in table.rows[number]]
    return name in first and bool(said) and not any(sum_differences(table, checked, said))


def _summable(columns: Sequence[ExportColumn]) -> Iterator[ExportColumn]:
    return (column for column in columns if column.cell.type in SUMMED)


def _sum(table: ExportTable, rows: Sequence[int], column: ExportColumn) -> Decimal:
    figures = (_figure(table.rows[number].get(column.at), column) for number in rows)
    return sum((figure for figure in figures if figure is not None), Decimal(0))


def _figure(raw: RawCell | None, column: ExportColumn) -> Decimal | None:
    value = None if raw is None else typed_value(raw, column.cell, column.factor)
    return value if isinstance(value, Decimal) else None
