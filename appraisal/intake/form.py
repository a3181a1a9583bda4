"""Which sheets of a workbook are those of a form, and where on them everything stands."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from appraisal.findings import Finding, finding
from appraisal.intake.cells import header_factor
from appraisal.intake.grid import (
    RawCell,
    RawSheet,
    RawWorkbook,
    SheetState,
    cell_name,
    column_name,
    range_bounds,
)
from appraisal.intake.headers import Header, read_header, vocabulary
from appraisal.intake.plain import key
from appraisal.scheme.forms import Cell, Need, SheetForm, SubmissionForm

HEADER_WITHIN = 60
"""The header row is looked for in so many filled rows from the top."""

LABEL_REACH = 3
"""How many columns right of its label a value may stand."""

Rows = Mapping[int, Mapping[int, RawCell]]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the form, where it stands on the sheet; `factor` is `cells.header_factor`."""

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
    columns: tuple[Column, ...]
    labels: Mapping[str, LabelledCell]
    rows: Rows

    def column(self, name: str) -> Column | None:
        return next((column for column in self.columns if column.cell.name == name), None)


@dataclass(frozen=True, slots=True)
class LocatedForm:
    """The sheets of a form that were found, in the form's order, and what is wrong with the rest."""

    sheets: tuple[LocatedSheet, ...]
    findings: tuple[Finding, ...]

    def sheet(self, name: str) -> LocatedSheet | None:
        """The sheet that serves as the form's sheet `name`."""
        return next((sheet for sheet in self.sheets if sheet.form.name == name), None)


def locate_form(raw: RawWorkbook, form: SubmissionForm) -> LocatedForm:
    """Every sheet of `form` in the workbook, by its name, else by its headers."""
    found: list[LocatedSheet] = []
    chosen, findings = _choose_sheets(raw, form)
    for sheet_form in form.sheets:
        if sheet_form.name in chosen:
            located, problems = locate_sheet(chosen[sheet_form.name], sheet_form)
            findings += problems
            found += [located] if located else []
    return LocatedForm(tuple(found), tuple(findings))


def fit(raw: RawWorkbook, form: SubmissionForm) -> tuple[int, int]:
    """How well a workbook fits a form: required sheets found, columns found on all of them.

    (0, 0) where fewer than half of the required sheets are there: then it is some other workbook.
    """
    chosen, _ = _choose_sheets(raw, form)
    required = [sheet for sheet in form.sheets if sheet.required]
    present = [sheet for sheet in required if sheet.name in chosen]
    if 2 * len(present) < len(required):
        return 0, 0
    columns = [_find_header(rows_of(chosen[sheet.name]), chosen[sheet.name], sheet) for sheet in present]
    return len(present), sum(len(set(_names(header))) for _, header in columns)


def rows_of(raw: RawSheet) -> Rows:
    """The sheet's cells by row, then by column; rows in order."""
    rows: defaultdict[int, dict[int, RawCell]] = defaultdict(dict)
    for (row, column), cell in raw.cells.items():
        rows[row][column] = cell
    return {row: rows[row] for row in sorted(rows)}


# ------------------------------------------------------------------------------------- which sheets

_COPY = re.compile(r"(\(\d+\)|-?(的)?副本\d*)$")


def _choose_sheets(raw: RawWorkbook, form: SubmissionForm) -> tuple[dict[str, RawSheet], list[Finding]]:
    """The workbook's sheet for each sheet of the form that has one."""
    by_name = {key(sheet.name): sheet for sheet in reversed(raw.sheets)}
    chosen = {sheet.name: by_name[key(sheet.name)] for sheet in form.sheets if key(sheet.name) in by_name}
    findings = list(_copies(raw, form, chosen))
    missing = [sheet for sheet in form.sheets if sheet.name not in chosen and sheet.required]
    used = {sheet.name for sheet in chosen.values()}
    spare = [sheet for sheet in raw.sheets if sheet.name not in used] if missing else []
    fits = {one.name: [sheet for sheet in spare if _fits(sheet, one)] for one in missing}
    for name in _only_fits(fits):
        chosen[name] = fits[name][0]
    for sheet in missing:
        if sheet.name not in chosen:
            names = "、".join(one.name for one in fits[sheet.name] or raw.sheets if one.state is _VISIBLE)
            code = "sheet.duplicate" if fits[sheet.name] else "sheet.missing"
            findings.append(finding(code, name=sheet.name, found=names))
    return chosen, findings


_VISIBLE = SheetState.VISIBLE


def _only_fits(fits: dict[str, list[RawSheet]]) -> Iterable[str]:
    """Form sheets that one sheet alone fits, taking out each as it is found: a fit for two may then be one's."""
    open_names = list(fits)
    while name := next((name for name in open_names if len(fits[name]) == 1), None):
        yield name
        open_names.remove(name)
        taken = fits[name][0].name
        for other in open_names:
            fits[other] = [sheet for sheet in fits[other] if sheet.name != taken]


def _fits(raw: RawSheet, form: SheetForm) -> bool:
    _, header = _find_header(rows_of(raw), raw, form)
    needed = {column.name for column in form.columns if column.need is not Need.NEVER}
    return needed <= set(_names(header))


def _copies(raw: RawWorkbook, form: SubmissionForm, chosen: Mapping[str, RawSheet]) -> Iterable[Finding]:
    """`考核数据 (2)` beside 考核数据, filled as well: nobody can know which of them is meant."""
    for sheet in form.sheets:
        copies = [
            one
            for one in raw.sheets
            if sheet.name in chosen
            and one is not chosen[sheet.name]
            and _COPY.sub("", key(one.name)) == key(sheet.name)
            and _fits(one, sheet)
        ]
        if copies:
            names = "、".join(one.name for one in (chosen[sheet.name], *copies))
            yield finding("sheet.duplicate", name=sheet.name, found=names)


# ------------------------------------------------------------------------------- one sheet's headers

_Hit = tuple[Cell, int, Header]
"""A header cell that names a column of the form: the column, where it stands, what it says."""


def _names(header: Sequence[_Hit]) -> Iterable[str]:
    return (cell.name for cell, _, _ in header)


def locate_sheet(raw: RawSheet, form: SheetForm) -> tuple[LocatedSheet | None, list[Finding]]:
    rows = rows_of(raw)
    header_row, header = _find_header(rows, raw, form)
    findings: list[Finding] = []
    if raw.state is not _VISIBLE:
        findings.append(finding("sheet.hidden", sheet=raw.name, name=raw.name))
    if header_row is None:
        findings.append(finding("header.none", sheet=raw.name, name=form.name))
        return None, findings
    columns: list[Column] = []
    for cell in form.columns:
        hits = [hit for hit in header if hit[0].name == cell.name]
        own = [hit for hit in hits if hit[2].word == read_header(cell.name).word]
        hits = own or hits
        if len(hits) == 1:
            columns.append(
                Column(cell, hits[0][1], column_name(hits[0][1]), header_factor(cell, hits[0][2].unit))
            )
        elif hits:
            places = [cell_name(header_row, at) for _, at, _ in hits]
            where = finding(
                "header.duplicate", sheet=raw.name, cell=places[1], name=cell.name, found="、".join(places)
            )
            findings.append(where)
        elif cell.need is not Need.NEVER:
            findings.append(finding("header.missing", sheet=raw.name, name=cell.name))
    labels = _find_labels(rows, header_row, raw, form)
    return LocatedSheet(form, raw, header_row, tuple(columns), labels, rows), findings


def _find_header(rows: Rows, raw: RawSheet, form: SheetForm) -> tuple[int | None, list[_Hit]]:
    """The row in which most columns of the form are named, and those names; the first of equals."""
    words = vocabulary(form).columns
    best: tuple[int | None, list[_Hit]] = (None, [])
    most = 1
    for row in list(rows)[:HEADER_WITHIN]:
        hits = _hits(rows[row], words)
        count = len(set(_names(hits)))
        if count > most:
            best, most = (row, hits), count
            if count == len(form.columns):
                break
    if best[0] is not None and most < len(form.columns):
        best[1].extend(_hits(_merged_into(best[0], rows, raw), words))
    return best


def _hits(row: Mapping[int, RawCell], words: Mapping[str, Cell]) -> list[_Hit]:
    hits = []
    for at in sorted(row):
        if isinstance(text := row[at].value, str):
            header = read_header(text)
            if header.word in words:
                hits.append((words[header.word], at, header))
    return hits


def _merged_into(header_row: int, rows: Rows, raw: RawSheet) -> dict[int, RawCell]:
    """Cells of a two-row head that are merged from above into its lower row."""
    return {
        left: rows[top][left]
        for top, left, bottom, right in _bounds(raw)
        if top < header_row <= bottom and left == right and left in rows.get(top, {})
    }


def _bounds(raw: RawSheet) -> list[tuple[int, int, int, int]]:
    return [bounds for name in raw.merged if (bounds := range_bounds(name))]


# -------------------------------------------------------------------------------------------- labels


def _find_labels(rows: Rows, header_row: int, raw: RawSheet, form: SheetForm) -> dict[str, LabelledCell]:
    words = vocabulary(form).labels
    found: dict[str, LabelledCell] = {}
    if not words:
        return found
    last_columns = {(top, left): right for top, left, _, right in _bounds(raw)}
    for number in rows:
        if number >= header_row:
            break
        row = rows[number]
        texts = {at: value for at in sorted(row) if isinstance(value := row[at].value, str)}
        labels = {at: words[word] for at, text in texts.items() if (word := read_header(text).word) in words}
        for at, text in texts.items():
            if at in labels:
                start = last_columns.get((number, at), at) + 1
                following = min((other for other in labels if other >= start), default=start + LABEL_REACH)
                place = _beside(row, start, min(following, start + LABEL_REACH), labels[at])
                factor = header_factor(labels[at], read_header(text).unit)
                labelled = LabelledCell(labels[at], cell_name(number, place), row.get(place), factor)
            elif (label := words.get(read_header(_LABEL_END.split(text, 1)[0]).word)) and _LABEL_END.search(
                text
            ):
                inline = RawCell(_LABEL_END.split(text, 1)[1])
                labelled = LabelledCell(label, cell_name(number, at), inline, header_factor(label, None))
            else:
                continue
            found.setdefault(labelled.cell.name, labelled)
    return found


_LABEL_END = re.compile("[:：]")
_REMARK = re.compile(r"\s*[（(［\[【※*←注]")


def _beside(row: Mapping[int, RawCell], start: int, end: int, label: Cell) -> int:
    """The column of a label's value: the first filled one before `end`, `start` where all are blank."""
    for at in range(start, end):
        value = row[at].value if at in row else None
        is_remark = isinstance(value, str) and (value == label.hint or _REMARK.match(value) is not None)
        if at in row and (at == start or not is_remark):
            return at
    return start
