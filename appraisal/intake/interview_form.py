"""A dropped 面谈记录: whose talk it records, of which day, or what stands in the way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from appraisal.findings.finding import Finding
from appraisal.intake.draft import Labelled, best_sheet, read_labelled
from appraisal.intake.form import in_reading_order, meta_of
from appraisal.intake.layout import rows_of
from appraisal.intake.plan_form import whose_paper
from appraisal.intake.roster import KnownIds, Roster
from appraisal.period import Period
from appraisal.scheme.forms import interview
from appraisal.scheme.forms.submission import GROUP, PERIOD, STAFF_ID, STAFF_NAME
from appraisal.text import key
from appraisal.xlsx.grid import RawWorkbook

REFUSED = "拒签"


@dataclass(frozen=True, slots=True)
class InterviewReading:
    """What became of reading the record; what could not be read is None.

    `addresses` say where each labelled cell stands on `sheet`.
    """

    group: str | None
    period: Period | None
    staff: str | None
    name: str | None
    held_on: date | None
    findings: tuple[Finding, ...]
    sheet: str = interview.INTERVIEW_SHEET
    addresses: Mapping[str, str] = field(default_factory=dict)


def read_interview(raw: RawWorkbook, *, roster: Roster | None) -> InterviewReading:
    """The reading of a recognised workbook, with all of its mistakes at once."""
    meta = meta_of(raw)
    known = roster.known_ids if roster else KnownIds(())
    words = (cell.name for cell in interview.SHEET.labels)
    sheet = best_sheet(raw.sheets, interview.INTERVIEW_SHEET, words)
    page = read_labelled(sheet, rows_of(sheet), interview.SHEET, known)
    whose = whose_paper(page, meta)
    filled_in = {cell.name: meta[cell.name] for cell in interview.KNOWN if cell.name in meta}
    held_on = page.values[interview.HELD_ON]
    findings = [
        *page.findings,
        *page.held_against(filled_in),
        *_signature(page, whose.get(STAFF_NAME)),
    ]
    return InterviewReading(
        group=whose.get(GROUP),
        period=whose.get(PERIOD),
        staff=whose.get(STAFF_ID),
        name=whose.get(STAFF_NAME),
        held_on=held_on if isinstance(held_on, date) else None,
        findings=in_reading_order(findings, (one.name for one in raw.sheets)),
        sheet=sheet.name,
        addresses=page.addresses,
    )


def _signature(page: Labelled, name: str | None) -> Iterator[Finding]:
    """Nobody signs for another; who will not sign need not."""
    signed = page.values[interview.SIGNED_BY]
    if isinstance(signed, str) and name is not None and key(signed) != key(name) and REFUSED not in signed:
        yield page.finding("talk.signed_by_other", interview.SIGNED_BY, name=name, seen=signed)
