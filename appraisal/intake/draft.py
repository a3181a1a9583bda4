"""A located form as typed values, with everything that could not be taken: all of it, not the first.

Which rows below a header are people, and which are totals, notes or empty; then each of their cells."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from appraisal.findings.finding import Finding, finding, has_errors
from appraisal.intake.cells import typed_value
from appraisal.intake.form import locate_form
from appraisal.intake.layout import (
    FormColumn,
    LabelledCell,
    LocatedSheet,
    Vocabulary,
    read_header,
    vocabulary,
)
from appraisal.intake.roster import KnownIds, Roster, known_ids
from appraisal.intake.submission import CellValue, Fault, Row, Table, Tidied
from appraisal.intake.values import as_taken, as_typed
from appraisal.period import Period
from appraisal.scheme.forms.cells import Cell, CellType, Need
from appraisal.scheme.forms.submission import GROUP, PERIOD, STAFF_ID, STAFF_NAME, SubmissionForm
from appraisal.text import free_text, key, with_unusual_characters
from appraisal.xlsx.grid import RawCell, RawWorkbook, TextStyle, cell_name, range_bounds
from appraisal.xlsx.shown_numbers import shows_as_stored

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
            key(text) in words.source_texts for text in _texts(cells.values())
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
    texts = [_word(text) for text in _texts(cells[column] for column in leads if column in cells)]
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
            (row, column) != (top, left) and not is_blank(sheet.rows[row].get(column))
            for row in people
            for column in columns
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
        names = "、".join(f"{column.letters}列“{column.cell.title}”" for column in columns)
        yield finding(
            "column.hidden", sheet=raw.name, columns=names, blank=_blank_cells(rows, columns, sheet)
        )


_MOST_TOLD = 8


def _blank_cells(rows: Sequence[TableRow], columns: Sequence[FormColumn], sheet: LocatedSheet) -> str:
    """`；其中 Q9、R10 是空白的` for cells that hold nothing, of people who have figures; nothing where there are none."""
    figures = [column.at for column in sheet.columns if column.cell.need is Need.WITH_DATA]
    blank = [
        f"{column.letters}{row.number}"
        for row in rows
        if any(column in row.cells for column in figures)
        for column in columns
        if column.cell.need is not Need.NEVER and is_blank(row.cells.get(column.at))
    ]
    more = "等" if len(blank) > _MOST_TOLD else ""
    return f"；其中 {'、'.join(blank[:_MOST_TOLD])}{more}是空白的" if blank else ""


# ------------------------------------------------------------------------------------- their cells


@dataclass(frozen=True, slots=True)
class Draft:
    """What a workbook says, before anyone asked whether it is complete.

    `tables` and `labels` hold None where a cell is blank or could not be taken; `faulty` are the
    places (sheet's own name, cell) of the latter. Sheets without a 工号 column are left out of them;
    `found` are the form's sheets that are there with their header row, by name, and what each is called there; the form
    `is_there` where none of those that it must have is missing or lacks a column.
    """

    form: SubmissionForm
    found: Mapping[str, str]
    is_there: bool
    tables: Mapping[str, Table]
    labels: Mapping[str, CellValue]
    label_cells: Mapping[str, tuple[str, str]]
    tidied: tuple[Tidied, ...]
    findings: tuple[Finding, ...]
    faulty: frozenset[tuple[str, str]]

    def is_filled(self, table: Table, row: Row, column: str) -> bool:
        """Whether something stands in the cell, be it taken or faulty."""
        if row.values[column] is not None:
            return True
        return column in table.columns and (table.sheet, table.cell(row, column)) in self.faulty

    def finding(self, code: str, label: str, /, **gaps: object) -> Finding:
        """A finding about a labelled cell."""
        sheet, cell = self.label_cells[label]
        return finding(code, sheet=sheet, cell=cell, **gaps)


def draft_of(raw: RawWorkbook, form: SubmissionForm, roster: Roster | None) -> Draft:
    """Every cell of the form, found and read; ids as the roster has them."""
    sheets, missing = locate_form(raw, form)
    reader = CellReader()
    known = known_ids(roster)
    tables: dict[str, Table] = {}
    labels: dict[str, CellValue] = {label.name: None for sheet in form.sheets for label in sheet.labels}
    label_cells: dict[str, tuple[str, str]] = {}
    for sheet in sheets:
        for name, labelled in sheet.labels.items():
            label_cells[name] = (sheet.raw.name, labelled.address)
            if labelled.raw is not None:
                place = (sheet.raw.name, labelled.address)
                labels[name] = reader.take(labelled.raw, labelled, place)
        if sheet.column(STAFF_ID) is not None:
            rows, findings = table_rows(sheet)
            reader.findings += findings
            table = tables[sheet.form.name] = read_table(sheet, rows, reader, known)
            if sheet.form is form.main:
                known = known.among(str(row.values[STAFF_ID]) for row in table.rows)
    return Draft(
        form=form,
        found={sheet.form.name: sheet.raw.name for sheet in sheets},
        is_there=not has_errors(missing),
        tables=tables,
        labels=labels,
        label_cells=label_cells,
        tidied=tuple(reader.tidied),
        findings=(*missing, *reader.findings),
        faulty=frozenset(reader.faulty),
    )


def read_table(
    sheet: LocatedSheet, rows: Iterable[TableRow], reader: CellReader, known: KnownIds | None = None
) -> Table:
    """The cells of these rows, column by column of the form; None where nothing stands or could be taken."""
    blank: dict[str, CellValue] = {cell.name: None for cell in sheet.form.columns}
    plain = [_takes_integers(column) for column in sheet.columns]
    typed: list[Row] = []
    for row in rows:
        values = dict(blank)
        for column, takes_integers in zip(sheet.columns, plain, strict=True):
            raw = row.cells.get(column.at)
            if raw is None:
                continue
            if takes_integers and type(raw.value) is int and _is_taken_as_stored(raw):
                values[column.cell.name] = Decimal(raw.value)
            else:
                place = (sheet.raw.name, f"{column.letters}{row.number}")
                values[column.cell.name] = reader.take(raw, column, place, known=known)
        reader.end_row(row.number, len(row.cells))
        typed.append(Row(row.number, values))
    letters = {column.cell.name: column.letters for column in sheet.columns}
    return Table(sheet.raw.name, letters, tuple(typed))


def _takes_integers(column: FormColumn) -> bool:
    """Whether a whole number is taken as it stands: most cells, so the way is kept short."""
    return column.cell.type.is_number and column.cell.type is not CellType.PERCENT and column.factor == 1


def _is_taken_as_stored(raw: RawCell) -> bool:
    return raw.problem is None and raw.text_style is TextStyle.NORMAL and shows_as_stored(raw.number_format)


class CellReader:
    """Reads cells and keeps what there is to say about them; `faulty` are their places."""

    def __init__(self) -> None:
        self._struck: list[Finding] = []
        self.findings: list[Finding] = []
        self.tidied: list[Tidied] = []
        self.faulty: list[tuple[str, str]] = []

    def take(
        self,
        raw: RawCell,
        slot: FormColumn | LabelledCell,
        place: tuple[str, str],
        *,
        known: KnownIds | None = None,
    ) -> CellValue:
        value = typed_value(raw, slot.cell, slot.factor)
        if isinstance(value, Fault):
            self.findings.append(value.at(*place))
            self.faulty.append(place)
            return None
        if raw.text_style is not TextStyle.NORMAL and value is not None:
            self._report_text_style(raw, slot.cell, place)
        if known is not None and slot.cell.type is CellType.IDENTITY and isinstance(value, str):
            value = known.resolve(value)
        if value is None or value == raw.value or _was_a_month(raw, value):
            return value
        typed, taken = as_typed(raw), as_taken(value, slot.cell)
        if typed != taken:
            self.tidied.append(Tidied(*place, with_unusual_characters(typed), taken))
        return value

    def _report_text_style(self, raw: RawCell, cell: Cell, place: tuple[str, str]) -> None:
        """What is struck out counts, and is told."""
        gaps = {"sheet": place[0], "cell": place[1]}
        if raw.text_style is TextStyle.STRUCK:
            problem = finding("cell.struck", **gaps, name=cell.title, seen=as_typed(raw))
            self._struck.append(problem)
            self.findings.append(problem)
        elif raw.text_style is TextStyle.PARTLY_STRUCK and cell.type is CellType.TEXT:
            self.findings.append(finding("cell.partly_struck", **gaps, name=cell.title))

    def end_row(self, number: int, filled: int) -> None:
        """Of a row that is struck out as a whole, one finding in the place of one for each cell."""
        struck, self._struck = self._struck, []
        if len(struck) > 2 and 2 * len(struck) > filled:
            self.findings = [problem for problem in self.findings if problem not in struck]
            first = struck[0]
            self.findings.append(finding("row.struck", sheet=first.sheet, cell=first.cell, row=number))


def _was_a_month(raw: RawCell, value: CellValue) -> bool:
    """Excel makes a date of `2026-11` when it is typed: nothing was changed that anyone saw."""
    return isinstance(value, Period) and isinstance(raw.value, date) and raw.value.day == 1


def retyped(draft: Draft, issued: Mapping[str, str]) -> Iterator[Finding]:
    """Findings where the blank's group or month was typed over: a lock on a cell proves nothing.

    `issued` is what the hidden sheet says; that of a blank for any group or month is silent on them.
    """
    for label, name in ((GROUP, "group"), (PERIOD, "period")):
        expected, value = issued.get(name), draft.labels[label]
        if expected and value is not None and key(str(value)) != key(expected):
            yield draft.finding(f"{name}.retyped", label, **{"expected": expected, name: value})
