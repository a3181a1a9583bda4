"""A located form as typed values, with everything that could not be taken: all of it, not the first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from appraisal.findings.finding import Finding, finding
from appraisal.intake.cells import typed_value
from appraisal.intake.form import LocatedForm
from appraisal.intake.layout import FormColumn, LabelledCell, LocatedSheet
from appraisal.intake.roster import KnownIds, Roster, known_ids
from appraisal.intake.submission import CellValue, Fault, Row, Table, Tidied
from appraisal.intake.table import TableRow, table_rows
from appraisal.intake.values import as_taken, as_typed
from appraisal.period import Period
from appraisal.scheme.forms.cells import Cell, CellType
from appraisal.scheme.forms.submission import STAFF_ID, SubmissionForm
from appraisal.text import with_odd_characters
from appraisal.xlsx.grid import Look, RawCell
from appraisal.xlsx.shown_numbers import is_plain


@dataclass(frozen=True, slots=True)
class Draft:
    """What a workbook says, before anyone asked whether it is complete.

    `tables` and `labels` hold None where a cell is blank or could not be taken; `faulty` are the
    places (sheet's own name, cell) of the latter. Sheets without a 工号 column are left out of them;
    `found` are the form's sheets that are there with their header row.
    """

    form: SubmissionForm
    found: frozenset[str]
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


def draft_of(located: LocatedForm, form: SubmissionForm, roster: Roster | None) -> Draft:
    """Every cell of the form, read; ids as the roster has them."""
    reader = CellReader()
    known = known_ids(roster)
    tables: dict[str, Table] = {}
    labels: dict[str, CellValue] = {label.name: None for sheet in form.sheets for label in sheet.labels}
    label_cells: dict[str, tuple[str, str]] = {}
    for sheet in located.sheets:
        for name, labelled in sheet.labels.items():
            label_cells[name] = (sheet.raw.name, labelled.address)
            if labelled.raw is not None:
                at = (sheet.raw.name, labelled.address)
                labels[name] = reader.take(labelled.raw, labelled, at)
        if sheet.column(STAFF_ID) is not None:
            rows, findings = table_rows(sheet)
            reader.findings += findings
            table = tables[sheet.form.name] = _table(sheet, rows, reader, known)
            if sheet.form is form.main:
                known = known.among(str(row.values[STAFF_ID]) for row in table.rows)
    return Draft(
        form=form,
        found=frozenset(sheet.form.name for sheet in located.sheets),
        tables=tables,
        labels=labels,
        label_cells=label_cells,
        tidied=tuple(reader.tidied),
        findings=tuple(reader.findings),
        faulty=frozenset(reader.faulty),
    )


def _table(sheet: LocatedSheet, rows: tuple[TableRow, ...], reader: CellReader, known: KnownIds) -> Table:
    blank: dict[str, CellValue] = {cell.name: None for cell in sheet.form.columns}
    plain = [_takes_integers(column) for column in sheet.columns]
    typed: list[Row] = []
    for row in rows:
        values = dict(blank)
        for column, takes_integers in zip(sheet.columns, plain, strict=True):
            raw = row.cells.get(column.at)
            if raw is None:
                continue
            if takes_integers and type(raw.value) is int and _is_plain(raw):
                values[column.cell.name] = Decimal(raw.value)
            else:
                at = (sheet.raw.name, f"{column.letters}{row.number}")
                values[column.cell.name] = reader.take(raw, column, at, known=known)
        reader.end_row(row.number, len(row.cells))
        typed.append(Row(row.number, values))
    letters = {column.cell.name: column.letters for column in sheet.columns}
    return Table(sheet.raw.name, letters, tuple(typed))


def _takes_integers(column: FormColumn) -> bool:
    """Whether a whole number is taken as it stands: most cells, so the way is kept short."""
    return column.cell.type.is_number and column.cell.type is not CellType.PERCENT and column.factor == 1


def _is_plain(raw: RawCell) -> bool:
    return raw.problem is None and raw.look is Look.PLAIN and is_plain(raw.number_format)


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
        at: tuple[str, str],
        *,
        known: KnownIds | None = None,
    ) -> CellValue:
        value = typed_value(raw, slot.cell, slot.factor)
        if isinstance(value, Fault):
            self.findings.append(value.at(*at))
            self.faulty.append(at)
            return None
        if raw.look is not Look.PLAIN and value is not None:
            self._tell_look(raw, slot.cell, at)
        if known is not None and slot.cell.type is CellType.IDENTITY and isinstance(value, str):
            value = known.resolve(value)
        if value is None or value == raw.value or _was_a_month(raw, value):
            return value
        typed, taken = as_typed(raw), as_taken(value, slot.cell)
        if typed != taken:
            self.tidied.append(Tidied(*at, with_odd_characters(typed), taken))
        return value

    def _tell_look(self, raw: RawCell, cell: Cell, at: tuple[str, str]) -> None:
        """What is struck out counts, and is told."""
        place = {"sheet": at[0], "cell": at[1]}
        if raw.look is Look.STRUCK:
            one = finding("cell.struck", **place, name=cell.title, seen=as_typed(raw))
            self._struck.append(one)
            self.findings.append(one)
        elif raw.look is Look.PARTLY_STRUCK and cell.type is CellType.TEXT:
            self.findings.append(finding("cell.partly_struck", **place, name=cell.title))

    def end_row(self, number: int, filled: int) -> None:
        """Of a row that is struck out as a whole, one finding in the place of one for each cell."""
        struck, self._struck = self._struck, []
        if len(struck) > 2 and 2 * len(struck) > filled:
            self.findings = [one for one in self.findings if one not in struck]
            first = struck[0]
            self.findings.append(finding("row.struck", sheet=first.sheet, cell=first.cell, row=number))


def _was_a_month(raw: RawCell, value: CellValue) -> bool:
    """Excel makes a date of `2026-11` when it is typed: nothing was changed that anyone saw."""
    return isinstance(value, Period) and isinstance(raw.value, date) and raw.value.day == 1
