"""A dropped 申诉表: what the person objects to and why, or what stands in the way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from appraisal.findings.finding import Finding, finding
from appraisal.intake.draft import CellReader, Labelled, best_sheet, read_labelled
from appraisal.intake.form import in_reading_order, meta_of
from appraisal.intake.layout import LocatedSheet, locate_sheet
from appraisal.intake.plan_form import foot_row, rows_between, whose_paper
from appraisal.intake.roster import KnownIds, Roster
from appraisal.intake.values import missing_hint
from appraisal.period import Period
from appraisal.scheme.forms import appeal, plan
from appraisal.scheme.forms.submission import GROUP, PERIOD, STAFF_ID, STAFF_NAME
from appraisal.text import key, odd_characters
from appraisal.xlsx.grid import RawWorkbook, Rows, rows_of


@dataclass(frozen=True, slots=True)
class AppealedItem:
    """One row: what is objected to, what the papers say, what the person holds to be right, and why."""

    item: str
    shown: str
    wanted: str
    grounds: str

    @property
    def in_words(self) -> str:
        """`表上42.1秒，认为应为38秒；系统故障两小时`."""
        wanted = f"，认为应为{self.wanted}" if self.wanted else ""
        return f"表上{self.shown}{wanted}；{self.grounds}"


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

    @property
    def in_words(self) -> dict[str, str]:
        """What is objected to and why, by item; with the last what the person asks for."""
        told = {one.item: one.in_words for one in self.items}
        if told and self.request:
            last = list(told)[-1]
            told[last] = f"{told[last]}；希望：{self.request}"
        return told


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
    reader = CellReader()
    known = {key(row[appeal.ITEM]): row[appeal.SHOWN] for row in plan.filled_in_rows(meta, appeal.COLUMNS)}
    findings: list[Finding] = []
    items: list[AppealedItem] = []
    for number, cells in rows.items():
        at = {column.cell.name: f"{column.letters}{number}" for column in located.columns}
        texts = {
            column.cell.name: str(
                reader.take(cells[column.at], column, (located.raw.name, at[column.cell.name])) or ""
            )
            for column in located.columns
            if column.at in cells
        }
        item, shown, wanted, grounds = (texts.get(cell.name, "") for cell in appeal.COLUMNS)
        if wanted or grounds:
            findings += _lacking(item, grounds, known, sheet=located.raw.name, at=at)
            items.append(AppealedItem(item, known.get(key(item), shown), wanted, grounds))
    if not items:
        findings.append(finding("appeal.empty", sheet=located.raw.name))
    return tuple(items), [*reader.findings, *findings]


def _lacking(
    item: str, grounds: str, known: Mapping[str, str], *, sheet: str, at: Mapping[str, str]
) -> Iterator[Finding]:
    """A row about nothing that the system had filled in, or without grounds."""
    if not item or (known and key(item) not in known):
        yield finding("appeal.item_unknown", sheet=sheet, cell=at.get(appeal.ITEM), seen=item)
    if not grounds:
        cell = appeal.SHEET.column(appeal.GROUNDS)
        hint = missing_hint(cell)
        yield finding("cell.missing", sheet=sheet, cell=at.get(cell.name), name=cell.name, hint=hint)


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
