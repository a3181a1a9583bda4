"""Labelled cells of a form about one person: read, and held against what the system had filled in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from appraisal.findings.finding import Finding, finding
from appraisal.intake.cells import as_taken, missing_hint
from appraisal.intake.draft import CellReader
from appraisal.intake.identities import KnownIds
from appraisal.intake.layout import Rows, locate_labels
from appraisal.intake.submission import CellValue
from appraisal.scheme.forms.cells import Cell, Need, SheetForm
from appraisal.text import key
from appraisal.xlsx.grid import RawSheet


@dataclass(frozen=True, slots=True)
class Labelled:
    """The form's labelled cells on one sheet.

    `values` has every label of the form, None where it is blank, gone or could not be taken;
    `addresses` those that stand on the sheet. `findings` are about what could not be taken.
    """

    form: SheetForm
    sheet: str
    values: Mapping[str, CellValue]
    addresses: Mapping[str, str]
    findings: tuple[Finding, ...]

    def finding(self, code: str, label: str, /, **gaps: object) -> Finding:
        """A finding about the cell beside a label."""
        return finding(code, sheet=self.sheet, cell=self.addresses.get(label), **gaps)

    def held_against(self, filled_in: Mapping[str, str]) -> Iterator[Finding]:
        """What is missing, and what no longer says what the system had `filled_in` (by label)."""
        for cell in self.form.labels:
            value = self.values[cell.name]
            if value is None and self._is_faulty(cell):
                continue
            if cell.name in filled_in:
                expected, seen = filled_in[cell.name], as_taken(value, cell)
                if key(seen) != key(expected):
                    gaps = {"name": cell.title, "expected": expected, "seen": seen or "空白"}
                    yield self.finding("cell.changed", cell.name, **gaps)
            elif value is None and cell.need is Need.ALWAYS:
                yield self.finding("cell.missing", cell.name, name=cell.title, hint=missing_hint(cell))

    def _is_faulty(self, cell: Cell) -> bool:
        """Whether something stands there that could not be taken, which is told already."""
        address = self.addresses.get(cell.name)
        return address is not None and any(one.cell == address for one in self.findings)


def read_labelled(raw: RawSheet, rows: Rows, form: SheetForm, known: KnownIds) -> Labelled:
    """The labels of `form` among the given rows of a sheet; `known` are the ids of the roster."""
    reader = CellReader()
    values: dict[str, CellValue] = dict.fromkeys(cell.name for cell in form.labels)
    addresses: dict[str, str] = {}
    for name, labelled in locate_labels(rows, raw, form).items():
        addresses[name] = labelled.address
        if labelled.raw is not None:
            at = (raw.name, labelled.address)
            values[name] = reader.take(labelled.raw, labelled, at, known=known)
    return Labelled(form, raw.name, values, addresses, tuple(reader.findings))


def best_sheet(raws: Iterable[RawSheet], name: str, words: Iterable[str]) -> RawSheet:
    """The sheet called `name`, else the one on which most of `words` stand."""
    wanted = {key(word) for word in words}

    def fitness(raw: RawSheet) -> tuple[bool, int]:
        texts = {key(cell.value) for cell in raw.cells.values() if isinstance(cell.value, str)}
        return key(raw.name) == key(name), len(texts & wanted)

    return max(raws, key=fitness)
