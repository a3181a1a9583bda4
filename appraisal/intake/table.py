"""Which rows below a header are people, and which are totals, notes or empty."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from appraisal.findings.finding import Finding, finding
from appraisal.intake.cells import typed_value
from appraisal.intake.layout import FormColumn, LocatedSheet, Vocabulary, read_header, vocabulary
from appraisal.intake.submission import Fault
from appraisal.scheme.forms.cells import CellType, Need
from appraisal.scheme.forms.submission import STAFF_ID, STAFF_NAME
from appraisal.text import free_text, key
from appraisal.xlsx.grid import RawCell, cell_name, range_bounds

TOTAL = re.compile(
    r"(全店|店铺|本店|全组|本组|组内|小组|部门|团队|同行同层|同行|人员)?"
    r"(合计|总计|共计|小计|汇总|总和|平均|均值|人均|组均)(值|数|分|行)?|同行同层优秀"
)
_LIKE_AN_ID = re.compile(r"(?=.*[0-9a-z])[\w.\-/#@]{1,32}")


@dataclass(frozen=True, slots=True)
class TableRow:
    """A filled row: its number on the sheet and its cells by worksheet column."""

    number: int
    cells: Mapping[int, RawCell]


def table_rows(sheet: LocatedSheet) -> tuple[tuple[TableRow, ...], tuple[Finding, ...]]:
    """The rows that count, in order, and what is wrong with rows as such.

    Without a 工号 column nothing can be told apart: then there are no rows.
    """
    identity = sheet.column(STAFF_ID)
    if identity is None:
        return (), ()
    words = vocabulary(sheet.form)
    name = sheet.column(STAFF_NAME)
    leads = (identity.at,) if name is None else (identity.at, name.at)
    rows: list[TableRow] = []
    findings: list[Finding] = []
    for number, cells in sheet.rows.items():
        if number <= sheet.header_row or number == sheet.unit_row:
            continue
        if number == sheet.header_row + 1 and any(
            key(text) in words.sources for text in _texts(cells.values())
        ):
            continue
        if not is_blank(cells.get(identity.at)):
            if not _is_furniture(cells, sheet, leads, words):
                rows.append(TableRow(number, cells))
        elif not any(TOTAL.fullmatch(_word(text)) for text in _texts(cells.values())):
            if identity.cell.need is Need.NEVER and _has_any(cells, sheet, but=identity.at):
                rows.append(TableRow(number, cells))
            elif _is_somebody(cells, sheet):
                place = f"{identity.letters}{number}"
                whose = identity.cell.title
                findings.append(finding("row.without_id", sheet=sheet.raw.name, cell=place, whose=whose))
    findings += _merged(rows, sheet)
    findings += _hidden(rows, sheet)
    return tuple(rows), tuple(findings)


def is_blank(raw: RawCell | None) -> bool:
    """Whether a person sees nothing in the cell."""
    if raw is None or raw.value is None:
        return raw is None or raw.problem is None
    return isinstance(raw.value, str) and not free_text(raw.value)


def _is_furniture(
    cells: Mapping[int, RawCell], sheet: LocatedSheet, leads: tuple[int, ...], words: Vocabulary
) -> bool:
    """Whether a row with something under 工号 is no person's: a total, the headers again, a note."""
    texts = [_word(text) for text in _texts(cells[at] for at in leads if at in cells)]
    if any(TOTAL.fullmatch(word) for word in texts):
        return True
    first = cells[leads[0]].value
    if not isinstance(first, str):
        return False
    is_note = not _LIKE_AN_ID.fullmatch(key(first)) and not _has_any(cells, sheet, but=leads[0])
    return is_note or texts[0] in words.columns


def _texts(cells: Iterable[RawCell]) -> Iterator[str]:
    return (cell.value for cell in cells if isinstance(cell.value, str))


def _word(text: str) -> str:
    return read_header(text).word


def _has_any(cells: Mapping[int, RawCell], sheet: LocatedSheet, *, but: int) -> bool:
    return any(not is_blank(cells.get(column.at)) for column in sheet.columns if column.at != but)


def _is_somebody(cells: Mapping[int, RawCell], sheet: LocatedSheet) -> bool:
    """Whether a row without an id is about a person: it has a figure, or a name and something picked.

    A choice alone may have been prepared for a row that was never used; names alone sign below a table.
    """
    said = [column for column in sheet.columns if column.at in cells and _says(cells[column.at], column)]
    has_name = any(column.cell.name == STAFF_NAME for column in said)
    return any(
        column.cell.type.is_number or (has_name and column.cell.type in {CellType.CHOICE, CellType.DATE})
        for column in said
    )


def _says(raw: RawCell, column: FormColumn) -> bool:
    """Whether the cell holds what belongs there, or something broken; other text is a note's."""
    if raw.problem is not None:
        return True
    value = typed_value(raw, column.cell, column.factor)
    return value is not None and not (isinstance(value, Fault) and isinstance(raw.value, str))


def _merged(rows: Sequence[TableRow], sheet: LocatedSheet) -> Iterator[Finding]:
    """Merged cells over two or more of the cells that people fill, or over one that holds what nobody sees."""
    numbers = [row.number for row in rows]
    for merged in sheet.raw.merged:
        bounds = range_bounds(merged)
        if bounds is None or bounds[2] <= sheet.header_row:
            continue
        top, left, bottom, right = bounds
        people = numbers[bisect_left(numbers, top) : bisect_right(numbers, bottom)]
        columns = [column.at for column in sheet.columns if left <= column.at <= right]
        hidden = (
            (row, at) != (top, left) and not is_blank(sheet.rows[row].get(at))
            for row in people
            for at in columns
        )
        if len(people) * len(columns) > 1 or any(hidden):
            yield finding("cell.merged", sheet=sheet.raw.name, cell=cell_name(top, left), seen=merged)


def _hidden(rows: Sequence[TableRow], sheet: LocatedSheet) -> Iterator[Finding]:
    """Rows and columns of people and figures that nobody sees, with their blank cells."""
    raw = sheet.raw
    hidden = [row for row in rows if row.number in raw.hidden_rows]
    if hidden:
        numbers = "、".join(str(row.number) for row in hidden)
        blank = _blank_cells(hidden, sheet.columns, sheet)
        yield finding("row.hidden", sheet=raw.name, rows=numbers, blank=blank)
    columns = [column for column in sheet.columns if column.at in raw.hidden_columns]
    if columns and rows:
        told = "、".join(f"{column.letters}列“{column.cell.title}”" for column in columns)
        yield finding("column.hidden", sheet=raw.name, columns=told, blank=_blank_cells(rows, columns, sheet))


_MOST_TOLD = 8


def _blank_cells(rows: Sequence[TableRow], columns: Sequence[FormColumn], sheet: LocatedSheet) -> str:
    """`；其中 Q9、R10 是空白的` for cells that hold nothing, of people who have figures; nothing where there are none."""
    figures = [column.at for column in sheet.columns if column.cell.need is Need.WITH_DATA]
    blank = [
        f"{column.letters}{row.number}"
        for row in rows
        if any(at in row.cells for at in figures)
        for column in columns
        if column.cell.need is not Need.NEVER and is_blank(row.cells.get(column.at))
    ]
    more = "等" if len(blank) > _MOST_TOLD else ""
    return f"；其中 {'、'.join(blank[:_MOST_TOLD])}{more}是空白的" if blank else ""
