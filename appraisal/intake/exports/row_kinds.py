"""Which rows below an export's header are about somebody, and which are totals, the header again or notes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from enum import Enum, auto

from appraisal.intake.cells import typed_value
from appraisal.intake.exports.header import WHO
from appraisal.intake.exports.table import ExportTable
from appraisal.intake.layout import read_header
from appraisal.intake.numbers import NOTHING_SAID
from appraisal.intake.table import TOTAL
from appraisal.intake.told import as_typed
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
    named = {key(text) for cells in below.values() for text in leads_of(cells, table)}
    return {number: _kind(cells, table, named) for number, cells in below.items()}


def who_in(cells: Mapping[int, RawCell], table: ExportTable) -> dict[str, str]:
    """What a row says of the person: account, name, id."""
    told = {kind: as_typed(cells[at]).strip() for kind in WHO if (at := table.keys.get(kind)) in cells and at}
    return {kind: text for kind, text in told.items() if text and key(text) not in NOTHING_SAID}


def _kind(cells: Mapping[int, RawCell], table: ExportTable, named: set[str]) -> RowKind:
    leads, who = list(leads_of(cells, table)), who_in(cells, table)
    if not who:  # the word may stand in any other column
        leads += [cell.value for cell in cells.values() if isinstance(cell.value, str)]
    words = [read_header(lead).word for lead in leads]
    if any(_GRAND_TOTAL.fullmatch(word) for word in words):
        return RowKind.GRAND_TOTAL
    if any(TOTAL.fullmatch(word) or _IN_ENGLISH.fullmatch(word) for word in words):
        return RowKind.SUMMARY
    if any((match := _SUMMARY_OF.fullmatch(key(lead))) and match[1] in named for lead in leads):
        return RowKind.SUMMARY
    if _is_header_again(cells, table):
        return RowKind.OTHER
    if who:
        return RowKind.PERSON
    return RowKind.NOBODY if _has_figure(cells, table) else RowKind.OTHER


def leads_of(cells: Mapping[int, RawCell], table: ExportTable) -> Iterator[str]:
    """The texts in the columns that say who and when."""
    return (as_typed(cells[at]) for at in table.keys.values() if at in cells)


def summed_up(cells: Mapping[int, RawCell], table: ExportTable) -> str | None:
    """Of a row about several: whom or what it sums up (a `key`), empty where it does not say; None for an average."""
    leads = [*leads_of(cells, table)]
    if not who_in(cells, table):
        leads += [cell.value for cell in cells.values() if isinstance(cell.value, str)]
    return next((match[1] for lead in leads if (match := _SUM_OF.fullmatch(key(lead)))), None)


def _is_header_again(cells: Mapping[int, RawCell], table: ExportTable) -> bool:
    """Printed once more at the top of a page."""
    shown = [(column.shown, as_typed(cells[column.at])) for column in table.header if column.at in cells]
    return bool(shown) and all(key(header) == key(text) for header, text in shown)


def _has_figure(cells: Mapping[int, RawCell], table: ExportTable) -> bool:
    return any(
        isinstance(typed_value(cells[one.at], one.cell, one.factor), Decimal)
        for one in table.columns
        if one.at in cells
    )
