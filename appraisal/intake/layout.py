"""Headers and labels: what a person may have made of the printed words, and still means them.

Where everything on one sheet of a form stands: its header row, its columns, its labelled cells."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from types import MappingProxyType

from appraisal.findings.finding import Finding, finding
from appraisal.intake.units import ColumnUnits, column_factor, said_unit
from appraisal.scheme.forms.cells import Cell, Need, SheetForm
from appraisal.text import key
from appraisal.xlsx.grid import (
    RawCell,
    RawSheet,
    Rows,
    SheetState,
    cell_name,
    column_name,
    rows_of,
)

_LONGEST = 80

_BRACKETS = re.compile(r"[(\[【](.*?)[)\]】]")

_AROUND = "*:;.、"


@dataclass(frozen=True, slots=True)
class Header:
    """A header's or label's word, fit for comparing, and what stood in its brackets, one after the other."""

    word: str
    brackets: tuple[str, ...] = ()


@lru_cache(maxsize=4096)
def read_header(text: str) -> Header:
    """The header without line breaks, spaces, width, marks around it and brackets."""
    if len(text) > _LONGEST:
        return Header("")
    plain = key(text)
    return Header(_BRACKETS.sub("", plain).strip(_AROUND), tuple(_BRACKETS.findall(plain)))


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words by which a sheet's columns and labels go; a column's own title before any alias."""

    columns: Mapping[str, Cell]
    labels: Mapping[str, Cell]
    source_texts: frozenset[str]
    """The grey lines below the headers."""


@lru_cache(maxsize=64)
def vocabulary(form: SheetForm) -> Vocabulary:
    """The vocabulary of one sheet of a form."""
    return Vocabulary(
        columns=_words(form.columns),
        labels=_words(form.labels),
        source_texts=frozenset(key(column.source) for column in form.columns if column.source),
    )


def _words(cells: tuple[Cell, ...]) -> Mapping[str, Cell]:
    words = {read_header(cell.title).word: cell for cell in cells}
    for cell in cells:
        for alias in cell.names:
            words.setdefault(read_header(alias).word, cell)
    return MappingProxyType(words)


HEADER_WITHIN = 60
"""The header row is looked for in so many filled rows from the top."""

LABEL_REACH = 3
"""How many columns right of its label a value may stand."""


@dataclass(frozen=True, slots=True)
class FormColumn:
    """A column of the form, where it stands on the sheet; `factor` is `units.column_factor`."""

    cell: Cell
    at: int
    letters: str
    factor: Decimal | None


@dataclass(frozen=True, slots=True)
class LabelledCell:
    """The cell beside a label; `raw` is None where it is blank."""

    cell: Cell
    address: str
    raw: RawCell | None
    factor: Decimal | None


@dataclass(frozen=True, slots=True)
class LocatedSheet:
    """A sheet of the form, found.

    `columns` are those of the form that stand on it, in the form's order; `rows` holds every filled
    cell by row, then by column, rows in order.
    """

    form: SheetForm
    raw: RawSheet
    header_row: int
    columns: tuple[FormColumn, ...]
    labels: Mapping[str, LabelledCell]
    rows: Rows
    unit_row: int | None = None
    """A row of units below the headers, which is no person's."""

    def column(self, name: str) -> FormColumn | None:
        return next((column for column in self.columns if column.cell.name == name), None)


def locate_sheet(raw: RawSheet, form: SheetForm) -> tuple[LocatedSheet | None, list[Finding]]:
    """The layout of a sheet that serves as `form`, as far as it is there; None without a header row."""
    rows = rows_of(raw)
    header_row, header = find_header(rows, raw, form)
    findings: list[Finding] = []
    if raw.state is not SheetState.VISIBLE:
        findings.append(finding("sheet.hidden", sheet=raw.name, name=raw.name))
    if header_row is None:
        findings.append(finding("header.none", sheet=raw.name, name=form.name))
        return None, findings
    placed = [_placed(cell, header, header_row, raw) for cell in form.columns]
    hits = [hit for hit in placed if isinstance(hit, HeaderMatch)]
    findings += [problem for problem in placed if isinstance(problem, Finding)]
    units = ColumnUnits(rows, header_row, {hit.at: hit.cell for hit in hits})
    columns: list[FormColumn] = []
    for hit in hits:
        unit = units.of(hit.cell, hit.at, hit.header.brackets)
        columns.append(
            FormColumn(hit.cell, hit.at, column_name(hit.at), column_factor(hit.cell, unit.factor))
        )
        place = {"sheet": raw.name, "cell": cell_name(header_row, hit.at)}
        findings += [
            fault.at(**place)
            for fault in unit.faults
            if fault.code != "header.qualified" or not _is_own_name(hit)
        ]
    labels = locate_labels({row: rows[row] for row in rows if row < header_row}, raw, form)
    return LocatedSheet(
        form=form,
        raw=raw,
        header_row=header_row,
        columns=tuple(columns),
        labels=labels,
        rows=rows,
        unit_row=units.row,
    ), findings


def _is_own_name(hit: HeaderMatch) -> bool:
    """Whether the form itself calls the column so, brackets and all."""
    said = {bracket for name in (hit.cell.header, *hit.cell.names) for bracket in read_header(name).brackets}
    return said.issuperset(hit.header.brackets)


def _placed(
    cell: Cell, header: Sequence[HeaderMatch], header_row: int, raw: RawSheet
) -> HeaderMatch | Finding | None:
    """Where a column of the form stands; its own name wins over an alias. None where it may be missing."""
    hits = [hit for hit in header if hit.cell.name == cell.name]
    hits = [hit for hit in hits if hit.header.word == read_header(cell.title).word] or hits
    if len(hits) == 1:
        return hits[0]
    if hits:
        places = [cell_name(header_row, hit.at) for hit in hits]
        gaps = {"name": cell.title, "found": "、".join(places)}
        return finding("header.duplicate", sheet=raw.name, cell=places[1], **gaps)
    if cell.need is Need.NEVER:
        return None
    return finding("header.missing", sheet=raw.name, name=cell.title)


@dataclass(frozen=True, slots=True)
class HeaderMatch:
    """A header cell that names a column of the form: which one, where it stands, what it says."""

    cell: Cell
    at: int
    header: Header


def named_in(header: Sequence[HeaderMatch]) -> set[str]:
    """The columns of the form that a header row names."""
    return {hit.cell.name for hit in header}


def find_header(rows: Rows, raw: RawSheet, form: SheetForm) -> tuple[int | None, list[HeaderMatch]]:
    """The row in which most columns of the form are named, and those names; the first of equals."""
    words = vocabulary(form).columns
    best: tuple[int | None, list[HeaderMatch]] = (None, [])
    most = 1
    for row in list(rows)[:HEADER_WITHIN]:
        hits = _hits(rows[row], words)
        count = len(named_in(hits))
        if count > most:
            best, most = (row, hits), count
            if count == len(form.columns):
                break
    if best[0] is not None and most < len(form.columns):
        best[1].extend(_hits(_merged_into(best[0], rows, raw), words))
    return best


def _hits(row: Mapping[int, RawCell], words: Mapping[str, Cell]) -> list[HeaderMatch]:
    hits = []
    for column in sorted(row):
        if isinstance(text := row[column].value, str):
            header = read_header(text)
            if header.word in words:
                hits.append(HeaderMatch(words[header.word], column, header))
    return hits


def _merged_into(header_row: int, rows: Rows, raw: RawSheet) -> dict[int, RawCell]:
    """Cells of a two-row head that are merged from above into its lower row."""
    return {
        left: rows[top][left]
        for top, left, bottom, right in raw.merged_bounds
        if top < header_row <= bottom and left == right and left in rows.get(top, {})
    }


def locate_labels(rows: Rows, raw: RawSheet, form: SheetForm) -> dict[str, LabelledCell]:
    """The labelled cells of the form that stand in the given rows of a sheet, by name."""
    words = vocabulary(form).labels
    found: dict[str, LabelledCell] = {}
    if not words:
        return found
    last_columns = {(top, left): right for top, left, _, right in raw.merged_bounds}
    for number, row in rows.items():
        texts = {column: value for column in sorted(row) if isinstance(value := row[column].value, str)}
        labels = {
            column: words[word] for column, text in texts.items() if (word := read_header(text).word) in words
        }
        for column, text in texts.items():
            word, *inline = _LABEL_END.split(text, 1)
            if column in labels:
                start = last_columns.get((number, column), column) + 1
                following = min((other for other in labels if other >= start), default=start + LABEL_REACH)
                place = _beside(row, start, min(following, start + LABEL_REACH), labels[column])
                factor = _label_factor(labels[column], text)
                labelled = LabelledCell(labels[column], cell_name(number, place), row.get(place), factor)
            elif inline and (label := words.get(read_header(word).word)):
                rest = RawCell(inline[0])
                labelled = LabelledCell(label, cell_name(number, column), rest, column_factor(label, None))
            else:
                continue
            found.setdefault(labelled.cell.name, labelled)
    return found


def _label_factor(label: Cell, text: str) -> Decimal | None:
    """None where the unit in the label's brackets cannot be converted: then each number is asked for."""
    said = said_unit(read_header(text).brackets, label)
    return None if said.unclear else column_factor(label, said.factor)


_LABEL_END = re.compile("[:：]")

_REMARK = re.compile(r"\s*[（(［\[【※*←注]")


def _beside(row: Mapping[int, RawCell], start: int, end: int, label: Cell) -> int:
    """The column of a label's value: the first filled one before `end`, `start` where all are blank."""
    for column in range(start, end):
        value = row[column].value if column in row else None
        is_remark = isinstance(value, str) and (value == label.hint or _REMARK.match(value) is not None)
        if column in row and (column == start or not is_remark):
            return column
    return start
