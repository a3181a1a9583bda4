"""What a well-read workbook is: typed values, each with the cell it came from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from appraisal.findings.finding import Finding, finding, has_errors
from appraisal.period import Period

CellValue = Decimal | str | date | Period | None
"""A typed value; None is a blank cell and never 0."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a cell cannot be taken: a finding that does not know its place yet."""

    code: str
    gaps: Mapping[str, object] = field(default_factory=dict)

    def at(self, sheet: str | None, cell: str | None) -> Finding:
        return finding(self.code, sheet=sheet, cell=cell, **self.gaps)


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table: its worksheet row (from 1) and its values by column name."""

    number: int
    values: Mapping[str, CellValue]


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet's table: the sheet's own name, where each column stands (`C`), and the filled rows."""

    sheet: str
    columns: Mapping[str, str]
    rows: tuple[Row, ...]

    def cell(self, row: Row, column: str) -> str:
        """The address (`C7`) of a value."""
        return f"{self.columns[column]}{row.number}"

    def addresses(self, row: Row) -> dict[str, str]:
        """Where each column's value of the row stands."""
        return {name: self.cell(row, name) for name in self.columns}

    def finding(self, code: str, row: Row, column: str, /, **gaps: object) -> Finding:
        """A finding about a value; about the sheet where it has no such column."""
        cell = self.cell(row, column) if column in self.columns else None
        return finding(code, sheet=self.sheet, cell=cell, **gaps)


@dataclass(frozen=True, slots=True)
class Tidied:
    """A typed value that was taken differently: `１２００` as 1200. Printed in 数据核对说明."""

    sheet: str
    cell: str
    typed: str
    taken: str


@dataclass(frozen=True, slots=True)
class Submission:
    """One month's workbook of one group, as read. `tables` is keyed by the form's sheet names.

    `labels` holds the labelled cells (考核组, 店长, 店铺客单价 …) of every sheet, `label_cells`
    where each stands. `sha256` and `file` are the dropped bytes' hash and name, `self_forms` the hashes of its
    people's self-assessments that were put in and changed it.
    """

    file: str
    sha256: str
    scheme: str
    version: int
    group: str
    period: Period
    labels: Mapping[str, CellValue]
    label_cells: Mapping[str, tuple[str, str]]
    tables: Mapping[str, Table]
    tidied: tuple[Tidied, ...] = ()
    warnings: tuple[Finding, ...] = ()
    self_forms: tuple[str, ...] = ()

    def finding(self, code: str, label: str, /, **gaps: object) -> Finding:
        """A finding about a labelled cell."""
        sheet, cell = self.label_cells[label]
        return finding(code, sheet=sheet, cell=cell, **gaps)


@dataclass(frozen=True, slots=True)
class Reading:
    """What became of reading one workbook.

    `draft` is what the workbook says with the wrong cells blank, where sheets and headers are all there: looked
    through for whatever else is wrong, so that the manager learns of everything at once. `group`, `period` and
    `scheme` are told as far as they could be read all the same, so that a returned workbook finds its way.
    """

    findings: tuple[Finding, ...]
    group: str | None = None
    period: Period | None = None
    scheme: str | None = None
    draft: Submission | None = None

    @property
    def submission(self) -> Submission | None:
        """What can be scored: the draft, where no finding is an error."""
        return None if has_errors(self.findings) else self.draft
