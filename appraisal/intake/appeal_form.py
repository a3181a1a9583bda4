"""A dropped 申诉表: what the person objects to and why, or what stands in the way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from appraisal.findings.finding import Finding, finding
from appraisal.intake.draft import CellReader, Labelled, best_sheet, read_labelled
from appraisal.intake.form import in_reading_order, meta_of
from appraisal.intake.layout import LocatedSheet, Rows, locate_sheet, rows_of
from appraisal.intake.plan_form import foot_row, rows_between, whose_paper
from appraisal.intake.roster import KnownIds, Roster
from appraisal.intake.told import missing_hint
from appraisal.period import Period
from appraisal.scheme.forms import appeal, plan
from appraisal.scheme.forms.submission import GROUP, PERIOD, STAFF_ID, STAFF_NAME
from appraisal.text import key, odd_characters
from appraisal.xlsx.grid import RawWorkbook


@dataclass(frozen=True, slots=True)
class AppealedItem:
    """One row: what is objected to, what the papers say, what the person holds to be right, and why."""

    item: str
    shown: str
    wanted: str
    grounds: str


@dataclass(frozen=True, slots=True)
class AppealReading:
    """What became of reading the form; what could not be read is None.

    `revision` is the one that the form was handed out with. `addresses` say where each labelled cell stands on
    `sheet`.
    """

    group: str | None
    period: Period | None
    staff: str | None
    name: str | None
    revision: int | None
    items: tuple[AppealedItem, ...]
    request: str
    findings: tuple[Finding, ...]
    sheet: str = appeal.APPEAL_SHEET
    addresses: Mapping[str, str] = field(default_factory=dict)


def read_appeal(raw: RawWorkbook, *, roster: Roster | None) -> AppealReading:
    """The reading of a recognised workbook, with all of its mistakes at once."""
    meta = meta_of(raw)
    known = roster.known_ids if roster else KnownIds(())
    words = (cell.name for cell in (*appeal.KNOWN, *appeal.COLUMNS))
    sheet = best_sheet(raw.sheets, appeal.APPEAL_SHEET, words)
    rows = rows_of(sheet)
    located, findings = locate_sheet(sheet, appeal.SHEET)
    header_row = located.header_row if located else max(rows, default=0)
    end = foot_row(rows, header_row, appeal.FOOT)
    head = read_labelled(sheet, rows_between(rows, 0, header_row + 1), appeal.SHEET, known)
    foot = read_labelled(sheet, rows_between(rows, end, None), appeal.FOOT, known)
    items, about_items = _items(located, rows_between(rows, header_row + 1, end), meta)
    findings += [
        *head.findings,
        *head.held_against({cell.name: meta[cell.name] for cell in appeal.KNOWN if cell.name in meta}),
        *about_items,
        *foot.findings,
        *foot.held_against({}),
        *_signature(foot, meta.get(appeal.SIGNER)),
    ]
    whose = whose_paper(head, meta)
    return AppealReading(
        group=whose.get(GROUP),
        period=whose.get(PERIOD),
        staff=whose.get(STAFF_ID),
        name=whose.get(STAFF_NAME),
        revision=_revision(head, meta),
        items=items,
        request=str(foot.values[appeal.REQUEST] or ""),
        findings=in_reading_order(findings, (one.name for one in raw.sheets)),
        sheet=sheet.name,
        addresses={**head.addresses, **foot.addresses},
    )


def _items(
    located: LocatedSheet | None, rows: Rows, meta: Mapping[str, str]
) -> tuple[tuple[AppealedItem, ...], list[Finding]]:
    """The rows in which the person wrote, and what they lack."""
    if located is None:
        return (), []
    reader, sheet = CellReader(), located.raw.name
    filled_in = {key(row[appeal.ITEM]): row for row in plan.filled_in_rows(meta, appeal.COLUMNS)}
    findings: list[Finding] = []
    items: list[AppealedItem] = []
    for number, cells in rows.items():
        texts = {cell.name: "" for cell in appeal.COLUMNS}
        at = {column.cell.name: f"{column.letters}{number}" for column in located.columns}
        for column in located.columns:
            if column.at in cells:
                name = column.cell.name
                texts[name] = str(reader.take(cells[column.at], column, (sheet, at[name])) or "")
        if not (texts[appeal.WANTED] or texts[appeal.GROUNDS]):
            continue
        known = filled_in.get(key(texts[appeal.ITEM]), {})
        if not texts[appeal.ITEM] or (filled_in and not known):
            gaps = {"seen": texts[appeal.ITEM]}
            findings.append(finding("appeal.item_unknown", sheet=sheet, cell=at.get(appeal.ITEM), **gaps))
        if not texts[appeal.GROUNDS]:
            cell = appeal.SHEET.column(appeal.GROUNDS)
            gaps = {"name": cell.name, "hint": missing_hint(cell)}
            findings.append(finding("cell.missing", sheet=sheet, cell=at.get(cell.name), **gaps))
        shown = known.get(appeal.SHOWN, texts[appeal.SHOWN])
        items.append(AppealedItem(texts[appeal.ITEM], shown, texts[appeal.WANTED], texts[appeal.GROUNDS]))
    if not items:
        findings.append(finding("appeal.empty", sheet=sheet))
    return tuple(items), [*reader.findings, *findings]


def _signature(foot: Labelled, signer: str | None) -> Iterator[Finding]:
    """Nobody objects for another."""
    signed = foot.values[plan.SIGNED_BY]
    if isinstance(signed, str) and signer is not None and key(signed) != key(signer):
        gaps = {"name": signer, "seen": signed, "odd": odd_characters(signed, signer)}
        yield foot.finding("appeal.signed_by_other", plan.SIGNED_BY, **gaps)


def _revision(head: Labelled, meta: Mapping[str, str]) -> int | None:
    """As the system had it, else as it stands there: `第2版`."""
    text = meta.get("revision") or str(head.values[appeal.REVISION] or "").strip("第版 ")
    return int(text) if text.isascii() and text.isdecimal() else None
