"""A dropped 申诉表: what the person objects to and why, or what stands in the way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from appraisal.findings.finding import Finding, finding
from appraisal.intake.draft import CellReader
from appraisal.intake.form import in_reading_order, revision_said
from appraisal.intake.layout import LocatedSheet
from appraisal.intake.person_form import PersonReading, read_page, signed_by_other, whose_paper
from appraisal.intake.roster import Roster
from appraisal.intake.values import missing_hint
from appraisal.scheme.forms import personal
from appraisal.text import key
from appraisal.xlsx.grid import RawWorkbook, Rows


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


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealReading(PersonReading):
    """What became of reading the form. `revision` is the one that it was handed out with."""

    revision: int | None
    items: tuple[AppealedItem, ...]
    request: str

    @property
    def in_words(self) -> dict[str, str]:
        """What is objected to and why, by item; with the last what the person asks for."""
        texts = {item.item: item.in_words for item in self.items}
        if texts and self.request:
            last = list(texts)[-1]
            texts[last] = f"{texts[last]}；希望：{self.request}"
        return texts


def read_appeal(raw: RawWorkbook, *, roster: Roster | None) -> AppealReading:
    """The reading of a recognised workbook, with all of its mistakes at once."""
    page = read_page(raw, personal.APPEAL_FORM, personal.APPEAL_FOOT, roster)
    items, about_items = _items(page.located, page.rows, page.meta)
    findings = [
        *page.about_head,
        *about_items,
        *page.about_foot,
        *signed_by_other(page.foot, "appeal.signed_by_other", page.meta.get(personal.SIGNER)),
    ]
    return AppealReading(
        **whose_paper(page.head, page.meta),
        revision=revision_said(page.meta, page.head.values[personal.REVISION]),
        items=items,
        request=str(page.foot.values[personal.REQUEST] or ""),
        findings=in_reading_order(findings, (sheet.name for sheet in raw.sheets)),
        sheet=page.head.sheet,
        addresses=page.addresses,
    )


def _items(
    located: LocatedSheet | None, rows: Rows, meta: Mapping[str, str]
) -> tuple[tuple[AppealedItem, ...], list[Finding]]:
    """The rows in which the person wrote, and what they lack."""
    if located is None:
        return (), []
    reader = CellReader()
    known = {
        key(row[personal.ITEM]): row[personal.SHOWN]
        for row in personal.filled_in_rows(meta, personal.APPEAL_COLUMNS)
    }
    findings: list[Finding] = []
    items: list[AppealedItem] = []
    for number, cells in rows.items():
        addresses = {column.cell.name: f"{column.letters}{number}" for column in located.columns}
        texts = {
            column.cell.name: str(
                reader.take(cells[column.at], column, (located.raw.name, addresses[column.cell.name])) or ""
            )
            for column in located.columns
            if column.at in cells
        }
        item, shown, wanted, grounds = (texts.get(cell.name, "") for cell in personal.APPEAL_COLUMNS)
        if wanted or grounds:
            findings += _lacking(item, grounds, known, sheet=located.raw.name, at=addresses)
            items.append(AppealedItem(item, known.get(key(item), shown), wanted, grounds))
    if not items:
        findings.append(finding("appeal.empty", sheet=located.raw.name))
    return tuple(items), [*reader.findings, *findings]


def _lacking(
    item: str, grounds: str, known: Mapping[str, str], *, sheet: str, at: Mapping[str, str]
) -> Iterator[Finding]:
    """A row about nothing that the system had filled in, or without grounds."""
    if not item or (known and key(item) not in known):
        yield finding("appeal.item_unknown", sheet=sheet, cell=at.get(personal.ITEM), seen=item)
    if not grounds:
        cell = personal.APPEAL_FORM.column(personal.GROUNDS)
        hint = missing_hint(cell)
        yield finding("cell.missing", sheet=sheet, cell=at.get(cell.name), name=cell.name, hint=hint)
