"""What the forms about one person have in common: labelled cells, a table between them, whose paper it is, who signs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from appraisal.findings.finding import Finding, finding
from appraisal.intake.draft import CellReader
from appraisal.intake.form import meta_of
from appraisal.intake.layout import LocatedSheet, locate_labels, locate_sheet
from appraisal.intake.roster import Roster, known_ids
from appraisal.intake.submission import CellValue
from appraisal.intake.values import as_taken, missing_hint, read_month
from appraisal.period import Period
from appraisal.scheme.forms.cells import Need, SheetForm
from appraisal.scheme.forms.personal import SIGNED_BY
from appraisal.scheme.forms.submission import GROUP, PERIOD, STAFF_ID, STAFF_NAME
from appraisal.text import key, unusual_characters
from appraisal.xlsx.grid import LAST_ROW, RawSheet, RawWorkbook, Rows, rows_of


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonReading:
    """What became of reading a form about one person; what could not be read is None.

    `addresses` say where each labelled cell stands on `sheet`.
    """

    group: str | None
    period: Period | None
    staff: str | None
    name: str | None
    findings: tuple[Finding, ...]
    sheet: str
    addresses: Mapping[str, str]

    def finding(self, code: str, label: str, /, **gaps: object) -> Finding:
        """A finding about the cell beside a label."""
        return finding(code, sheet=self.sheet, cell=self.addresses.get(label), **gaps)


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
        faulty = {problem.cell for problem in self.findings}
        for cell in self.form.labels:
            value, address = self.values[cell.name], self.addresses.get(cell.name)
            if value is None and address is not None and address in faulty:
                continue  # what stands there could not be taken
            if cell.name in filled_in:
                expected, seen = filled_in[cell.name], as_taken(value, cell)
                if key(seen) != key(expected):
                    gaps = {"name": cell.title, "expected": expected, "seen": seen or "空白"}
                    gaps["odd"] = unusual_characters(seen, expected)
                    yield self.finding("cell.changed", cell.name, **gaps)
            elif value is None and cell.need is Need.ALWAYS:
                yield self.finding("cell.missing", cell.name, name=cell.title, hint=missing_hint(cell))


def read_labelled(raw: RawSheet, rows: Rows, form: SheetForm, roster: Roster | None) -> Labelled:
    """The labels of `form` among the given rows of a sheet; ids as the roster has them."""
    reader, known = CellReader(), known_ids(roster)
    values: dict[str, CellValue] = dict.fromkeys(cell.name for cell in form.labels)
    addresses: dict[str, str] = {}
    for name, labelled in locate_labels(rows, raw, form).items():
        addresses[name] = labelled.address
        if labelled.raw is not None:
            place = (raw.name, labelled.address)
            values[name] = reader.take(labelled.raw, labelled, place, known=known)
    return Labelled(
        form=form, sheet=raw.name, values=values, addresses=addresses, findings=tuple(reader.findings)
    )


def best_sheet(raw: RawWorkbook, form: SheetForm) -> RawSheet:
    """The sheet called as the form's, else the one on which most of the form's words stand."""
    wanted = {key(cell.name) for cell in (*form.labels, *form.columns)}

    def fitness(sheet: RawSheet) -> tuple[bool, int]:
        texts = {key(cell.value) for cell in sheet.cells.values() if isinstance(cell.value, str)}
        return key(sheet.name) == key(form.name), len(texts & wanted)

    return max(raw.sheets, key=fitness)


def whose_paper(page: Labelled, meta: Mapping[str, str]) -> dict[str, Any]:
    """Group, month, person and name of a `PersonReading`: as the system had it, else as it stands there."""
    return {
        "group": meta.get("group") or page.values[GROUP],
        "period": read_month(meta.get("period")) or page.values[PERIOD],
        "staff": meta.get("staff") or page.values[STAFF_ID],
        "name": meta.get("name") or meta.get(STAFF_NAME) or page.values[STAFF_NAME],
    }


def scheme_of_form(meta: Mapping[str, str], group: str | None, roster: Roster | None) -> str | None:
    """The id of the scheme that the form names, else of the group's."""
    return meta.get("scheme") or (roster.scheme_of(group) if roster and group else None)


def signed_by_other(page: Labelled, code: str, name: str | None) -> Iterator[Finding]:
    """Nobody signs for another."""
    signed = page.values[SIGNED_BY]
    if isinstance(signed, str) and name is not None and key(signed) != key(name):
        yield page.finding(code, SIGNED_BY, name=name, seen=signed, odd=unusual_characters(signed, name))


@dataclass(frozen=True, slots=True)
class PersonPage:
    """A sheet with labelled cells above and below a table; `rows` are the table's, `located` None without its header."""

    meta: Mapping[str, str]
    head: Labelled
    located: LocatedSheet | None
    rows: Rows
    foot: Labelled
    about_head: tuple[Finding, ...]
    about_foot: tuple[Finding, ...]

    @property
    def addresses(self) -> Mapping[str, str]:
        return {**self.head.addresses, **self.foot.addresses}


def read_page(raw: RawWorkbook, top: SheetForm, bottom: SheetForm, roster: Roster | None) -> PersonPage:
    """The sheet with the head and table of `top` and the foot of `bottom`, held against what the system filled in."""
    meta = meta_of(raw)
    sheet = best_sheet(raw, top)
    rows = rows_of(sheet)
    located, findings = locate_sheet(sheet, top)
    header_row = located.header_row if located else max(rows, default=0)
    end = _foot_row(rows, header_row, bottom)
    head = read_labelled(sheet, _between(rows, 0, header_row + 1), top, roster)
    foot = read_labelled(sheet, _between(rows, end, LAST_ROW + 1), bottom, roster)
    filled_in = {cell.name: meta[cell.name] for cell in top.labels if cell.name in meta}
    return PersonPage(
        meta=meta,
        head=head,
        located=located,
        rows=_between(rows, header_row + 1, end),
        foot=foot,
        about_head=(*findings, *head.findings, *head.held_against(filled_in)),
        about_foot=(*foot.findings, *foot.held_against({})),
    )


def _between(rows: Rows, first: int, end: int) -> Rows:
    """The rows from `first` on and before `end`."""
    return {row: cells for row, cells in rows.items() if first <= row < end}


def _foot_row(rows: Rows, header_row: int, foot: SheetForm) -> int:
    """Where the table has ended: the first row below it in which a label of the foot stands alone in a cell."""
    labels = {key(cell.name) for cell in foot.labels}
    below = (
        row
        for row, cells in rows.items()
        if row > header_row
        and any(isinstance(cell.value, str) and key(cell.value) in labels for cell in cells.values())
    )
    return min(below, default=max(rows, default=0) + 1)
