"""Where the staff's figures stand in an export of shop software: the header row, the columns, their units.

The header may have up to three rows (`询单` over `人数`), titles above it, and any other columns beside.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from appraisal.findings.finding import Finding, finding
from appraisal.intake.cells import header_factor
from appraisal.intake.export_header import (
    NOTHING_CHOSEN,
    WHO,
    Chosen,
    HeaderColumn,
    field_words,
    header_ending_in,
)
from appraisal.intake.export_time import wrong_titles
from appraisal.intake.headers import read_header
from appraisal.intake.layout import Rows, rows_of
from appraisal.period import Period
from appraisal.scheme.forms.cells import Cell, Role
from appraisal.scheme.forms.submission import ENGINE_COLUMNS, SubmissionForm
from appraisal.xlsx.grid import RawSheet, cell_name, column_name

HEADER_WITHIN = 30


@dataclass(frozen=True, slots=True)
class ExportColumn:
    """A column with a field's figures: what it is, where, under which words, in which unit."""

    cell: Cell
    at: int
    header: str
    factor: Decimal | None
    unit: str | None
    """As written in the header's brackets."""
    is_chosen: bool = False

    @classmethod
    def of(cls, cell: Cell, column: HeaderColumn, *, is_chosen: bool) -> ExportColumn:
        unit = read_header(column.shown).unit
        return cls(cell, column.at, column.shown, header_factor(cell, unit), unit, is_chosen)

    @property
    def letters(self) -> str:
        return column_name(self.at)


@dataclass(frozen=True, slots=True)
class ExportTable:
    """A sheet of an export, found. `keys` are the columns by what they say: account, name, id, day."""

    raw: RawSheet
    rows: Rows
    header_row: int
    keys: Mapping[str, int]
    columns: tuple[ExportColumn, ...]
    unused: tuple[str, ...]
    findings: tuple[Finding, ...]


def fields_of(form: SubmissionForm) -> tuple[Cell, ...]:
    """What shop software can tell: the numbers that the scheme itself asks for each person."""
    return tuple(
        cell
        for sheet in form.sheets
        if sheet.role is Role.DATA
        for cell in sheet.columns
        if cell.type.is_number and cell.name not in ENGINE_COLUMNS
    )


def find_table(
    raw: RawSheet, fields: Sequence[Cell], period: Period, chosen: Chosen = NOTHING_CHOSEN
) -> ExportTable | None:
    """The table on a sheet; None where no row names both people and figures."""
    rows, words = rows_of(raw), field_words(fields, chosen)
    best: tuple[int, int, list[HeaderColumn]] = (0, 0, [])
    for number in list(rows)[:HEADER_WITHIN]:
        header = header_ending_in(number, rows, raw)
        keys = sum(column.says_who_or_when in WHO for column in header)
        known = sum(words.know(column) for column in header)
        if keys and known and keys + known > best[0]:
            best = (keys + known, number, header)
    _, header_row, header = best
    if not header_row:
        return None
    keys_at: dict[str, int] = {}
    columns: list[ExportColumn] = []
    unused: list[str] = []
    findings = list(wrong_titles(raw.name, rows, header_row, period))
    meant_by, chosen_in = words.meant_by(header), words.chosen_in(header)
    for column in header:
        meant, who_or_when = meant_by[column.at], column.says_who_or_when
        if len(meant) > 1:
            found = "、".join(cell.name for cell in meant)
            place = cell_name(header_row, column.at)
            findings.append(
                finding("export.two_fields", sheet=raw.name, cell=place, header=column.shown, found=found)
            )
        elif meant:
            is_chosen = column.at in chosen_in.get(meant[0].name, ())
            columns.append(ExportColumn.of(meant[0], column, is_chosen=is_chosen))
        elif who_or_when is not None and who_or_when not in keys_at:
            keys_at[who_or_when] = column.at
        else:
            unused.append(column.shown)
    return ExportTable(raw, rows, header_row, keys_at, tuple(columns), tuple(unused), tuple(findings))
