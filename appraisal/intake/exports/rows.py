"""An export of shop software to rows of figures, each with the person's account, name or id, and its place.

Totals and peer rows (合计, 同行均值) are dropped; a row with figures and nobody whose they are stops. `-` and
暂无数据 are nothing, never 0; 延迟统计 stops.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path, PurePath

from appraisal.findings.finding import Finding, finding
from appraisal.intake.cells import NOT_YET, NOTHING_SAID, typed_value
from appraisal.intake.draft import is_blank
from appraisal.intake.exports.origin import (
    UNKNOWN,
    Origin,
    origin_of,
    read_time,
    wrong_days,
    wrong_stretch,
    wrong_time,
)
from appraisal.intake.exports.table import (
    NOTHING_CHOSEN,
    WHO,
    Chosen,
    ClockReading,
    ExportColumn,
    ExportTable,
    clock_reading,
    fields_of,
    find_table,
    in_minutes_and_seconds,
)
from appraisal.intake.exports.totals import (
    RowKind,
    carried_down,
    check_sums,
    row_kinds,
    sum_differences,
    who_in,
)
from appraisal.intake.submission import Fault
from appraisal.intake.values import as_typed
from appraisal.period import Period
from appraisal.scheme.forms.cells import CellType
from appraisal.scheme.forms.submission import SubmissionForm
from appraisal.scheme.model.units import number_text
from appraisal.text import key
from appraisal.xlsx.container import LIMITS, Refused
from appraisal.xlsx.file_format import NotText, is_text_table, sheet_of_csv
from appraisal.xlsx.grid import RawCell, RawSheet, SheetState, TextStyle, cell_name
from appraisal.xlsx.reader import read_workbook
from appraisal.xlsx.shown_numbers import shows_as_stored


@dataclass(frozen=True, slots=True)
class ExportRow:
    """One row about somebody. `who` holds what it says of them (account, name, id); `day` of a daily row.

    `figures` has every field that has a column; None where the cell says nothing.
    """

    file: str
    sheet: str
    number: int
    who: Mapping[str, str]
    day: date | None
    figures: Mapping[str, Decimal | None]
    places: Mapping[str, str]

    @property
    def shown(self) -> str:
        return next(iter(self.who.values()))

    def place(self, field: str) -> str:
        return f"{self.file} {self.sheet}!{self.places[field]}"


@dataclass(frozen=True, slots=True)
class ExportReading:
    """What one file gave."""

    rows: tuple[ExportRow, ...]
    findings: tuple[Finding, ...]
    columns: tuple[ExportColumn, ...] = ()
    """The columns that fields were taken from."""
    origin: Origin = UNKNOWN


def read_export(
    path: Path, form: SubmissionForm, period: Period, chosen: Chosen = NOTHING_CHOSEN
) -> ExportReading:
    """The rows of an export, with the columns `chosen` for fields. Run it in the sandbox: the file is foreign."""
    content = path.read_bytes()
    if len(content) > LIMITS.file_bytes:
        return ExportReading((), (finding("workbook.too_large", detail="超过20 MB"),))
    is_text = is_text_table(content)
    if is_text:
        try:
            sheets: tuple[RawSheet, ...] = (sheet_of_csv(content, path.name),)
        except NotText:
            return ExportReading((), (finding("export.not_a_table"),))
        except Refused as refusal:
            return ExportReading((), (refusal.reason,))
    else:
        workbook = read_workbook(content)
        if isinstance(workbook, tuple):
            return ExportReading((), workbook)
        sheets = workbook.sheets
    fields = fields_of(form)
    tables = [
        table for sheet in sheets if (table := find_table(sheet, fields, chosen, is_text=is_text)) is not None
    ]
    return _reading(path.name, tables, period) if tables else ExportReading((), (finding("export.no_table"),))


def _reading(file: str, tables: list[ExportTable], period: Period) -> ExportReading:
    rows: list[ExportRow] = []
    findings = [*wrong_stretch(None, None, PurePath(file).stem, period)]
    for table in tables:
        reader = _RowReader(file, table, period)
        rows += reader.read()
        findings += [*wrong_time(table, period), *table.findings, *reader.findings]
    columns = tuple(column for table in tables for column in table.columns)
    return ExportReading(tuple(rows), tuple(findings), columns, origin_of(file, tables))


_BLANK = RawCell("")


def _said(raw: RawCell) -> str:
    """What is seen; of a number that its format may round also what is stored."""
    seen = as_typed(raw)
    return seen if isinstance(raw.value, str) or shows_as_stored(raw.number_format) else f"{seen} {raw.value}"


class _RowReader:
    """One table being read."""

    def __init__(self, file: str, table: ExportTable, period: Period) -> None:
        self.file, self.period = file, period
        self.table, self.carried = carried_down(table)
        self.findings: list[Finding] = []
        self.clocks: dict[str, ClockReading] = {}
        self.kinds = row_kinds(self.table)
        self.people = [number for number, kind in self.kinds.items() if kind is RowKind.PERSON]

    def read(self) -> list[ExportRow]:
        table = self.table
        if table.raw.state is not SheetState.VISIBLE:
            self._tell("sheet.hidden", name=table.raw.name)
        columns = [*self._columns()]
        rows = [row for number in self.people if (row := self._row(number, columns))]
        self._report_unusual_rows()
        self._tell_of_what_may_be_meant_away()
        self._check_totals(columns)
        self.findings += wrong_days(table.raw.name, (row.day for row in rows if row.day), self.period)
        if table.unused:
            self._tell("export.unused", found="、".join(table.unused))
        return rows

    def _tell(self, code: str, cell: str | None = None, **gaps: object) -> None:
        self.findings.append(finding(code, sheet=self.table.raw.name, cell=cell, **gaps))

    # ------------------------------------------------------------------------------------ columns

    def _columns(self) -> Iterator[ExportColumn]:
        """One column for each field; two that differ in any person's row stop."""
        by_field: dict[str, list[ExportColumn]] = {}
        for column in self.table.columns:
            by_field.setdefault(column.cell.name, []).append(column)
        for name, columns in by_field.items():
            readings = {(tuple(self._values(column)), column.factor) for column in columns}
            if len(readings) > 1:
                found = "、".join(column.header.in_words for column in columns)
                place = cell_name(self.table.header_row, columns[1].at)
                self._tell("export.two_columns", place, count=len(columns), name=name, found=found)
                continue
            if columns[0].cell.type is CellType.DURATION:
                self._how_durations_are_read(columns[0])
            yield columns[0]

    def _how_durations_are_read(self, column: ExportColumn) -> None:
        place, cell = cell_name(self.table.header_row, column.at), column.cell
        reading = clock_reading(column, self._cells(column))
        self.clocks[cell.name] = reading
        if reading is ClockReading.UNCLEAR:
            self._tell("export.clock_unclear", place, header=column.header.shown, name=cell.name)
        elif reading is ClockReading.MINUTES_BY_RANGE:
            self._tell("export.clock_read", place, header=column.header.shown)
        elif reading is ClockReading.NONE and not column.has_unit:
            self._tell("export.unit_assumed", place, header=column.header.shown, unit=cell.unit or "秒")

    def _cells(self, column: ExportColumn) -> Iterator[RawCell]:
        rows = (self.table.rows[number] for number in self.people)
        return (cells[column.at] for cells in rows if column.at in cells)

    def _values(self, column: ExportColumn) -> Iterator[str]:
        rows = (self.table.rows[number] for number in self.people)
        return (_said(cells[column.at]) if column.at in cells else "" for cells in rows)

    # --------------------------------------------------------------------------------------- rows

    def _report_unusual_rows(self) -> None:
        """Rows whose figures are nobody's, or may stand in the wrong columns."""
        table = self.table
        lost = [number for number, kind in self.kinds.items() if kind is RowKind.NOBODY]
        if lost:
            place = cell_name(lost[0], next(column for kind, column in table.keys.items() if kind in WHO))
            self._tell("export.row_without_person", place, rows=_listed(lost))
        if self.carried:
            self._tell("export.carried_down", cell_name(self.carried[0], 1), rows=_listed(self.carried))
        width = max(table.rows[table.header_row])
        wide = [number for number in self.people if max(table.rows[number]) > width]
        if wide and table.is_text:
            place = cell_name(wide[0], width + 1)
            self._tell("export.more_than_header", place, rows=_listed(wide), header=width)

    def _tell_of_what_may_be_meant_away(self) -> None:
        """Hidden rows and columns, and what is struck out: all of it counts."""
        table = self.table
        hidden = [number for number in self.people if number in table.raw.hidden_rows]
        if hidden:
            self._tell("export.hidden", cell_name(hidden[0], 1), what=f"第 {_listed(hidden)} 行")
        columns = [column for column in table.columns if column.at in table.raw.hidden_columns]
        if columns:
            what = "、".join(column.header.in_words for column in columns)
            self._tell("export.hidden", cell_name(table.header_row, columns[0].at), what=what)
        read = {*table.keys.values(), *(column.at for column in table.columns)}
        struck = [
            number
            for number in self.people
            if any(
                column in read and cell.text_style is TextStyle.STRUCK
                for column, cell in table.rows[number].items()
            )
        ]
        if struck:
            self._tell("export.struck", cell_name(struck[0], 1), rows=_listed(struck))

    def _row(self, number: int, columns: list[ExportColumn]) -> ExportRow | None:
        cells = self.table.rows[number]
        if not any(column.at in cells for column in columns):
            return None  # a note below the table
        day = None
        if day_column := self.table.keys.get("day"):
            raw = cells.get(day_column, _BLANK)
            day, wrong = read_time(self.table.raw.name, cell_name(number, day_column), raw, self.period)
            self.findings += wrong
            if day is not None and wrong:
                return None
        figures = {column.cell.name: self._figure(cells.get(column.at), column, number) for column in columns}
        places = {column.cell.name: cell_name(number, column.at) for column in columns}
        return ExportRow(
            file=self.file,
            sheet=self.table.raw.name,
            number=number,
            who=who_in(cells, self.table),
            day=day,
            figures=figures,
            places=places,
        )

    def _figure(self, raw: RawCell | None, column: ExportColumn, number: int) -> Decimal | None:
        """The figure, in range; None for nothing. What it cannot be is told with its place."""
        if raw is None or is_blank(raw):
            return None
        place, cell = cell_name(number, column.at), column.cell
        word = key(raw.value) if isinstance(raw.value, str) else ""
        if word in NOT_YET:
            self._tell("export.not_ready", place, name=cell.name, seen=raw.value)
            return None
        if word and (word in NOTHING_SAID or not word.strip("-－—–_/")):
            return None
        reading = self.clocks.get(cell.name, ClockReading.NONE)
        if reading is not ClockReading.NONE and (clock := in_minutes_and_seconds(raw)) is not None:
            if reading is ClockReading.UNCLEAR:
                return None
            raw = clock
        value = typed_value(raw, cell, column.factor)
        if isinstance(value, Fault):
            self.findings.append(value.at(self.table.raw.name, place))
            return None
        if not isinstance(value, Decimal):
            return None
        if (cell.low is not None and value < cell.low) or (cell.high is not None and value > cell.high):
            low = number_text(cell.low or Decimal(0))
            high = number_text(cell.high) if cell.high is not None else "更大"
            gaps = {"name": cell.name, "low": low, "high": high, "seen": number_text(value)}
            self._tell("cell.out_of_range", place, **gaps, hint="请核对单位（秒还是分钟，元还是万元）。")
        elif cell.type is CellType.COUNT and value != value.to_integral_value():
            self._tell("cell.not_whole", place, name=cell.name, seen=number_text(value))
        return value

    # ------------------------------------------------------------------------------------- totals

    def _check_totals(self, columns: list[ExportColumn]) -> None:
        """The export's own totals as check sums: rows that add up to less have been lost, to more counted twice."""
        if RowKind.NOBODY in self.kinds.values():
            return  # they are asked for, and without them nothing can add up
        for checked in check_sums(self.table, self.kinds):
            for column, added, total in sum_differences(self.table, checked, columns):
                gaps = {"name": column.cell.name, "sum": number_text(added), "total": number_text(total)}
                place = cell_name(checked.number, column.at)
                self._tell("export.total_differs", place, **gaps, called=checked.called)


_MOST_LISTED = 6


def _listed(numbers: Sequence[int]) -> str:
    """`3、4`, `3、4、5、6、7、8 等共 29`."""
    shown = "、".join(map(str, numbers[:_MOST_LISTED]))
    return shown if len(numbers) <= _MOST_LISTED else f"{shown} 等共 {len(numbers)}"
