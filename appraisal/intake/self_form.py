"""A dropped 自评表: what one person says of their own month, or what stands in the way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from appraisal.findings.finding import Finding, finding
from appraisal.intake.calendar_values import read_month
from appraisal.intake.identities import KnownIds
from appraisal.intake.labelled import Labelled, best_sheet, read_labelled
from appraisal.intake.layout import rows_of
from appraisal.intake.ordering import in_reading_order
from appraisal.intake.recognition import meta_of
from appraisal.intake.staff import Roster
from appraisal.intake.submission import CellValue
from appraisal.period import Period
from appraisal.scheme.forms.cells import Role, SheetForm
from appraisal.scheme.forms.self_assessment import (
    HEAD,
    SELF_SHEET,
    SIGNATURE,
    SIGNED_BY,
    self_form,
    self_reviewer,
)
from appraisal.scheme.forms.submission import GROUP, PERIOD, STAFF_ID, STAFF_NAME
from appraisal.scheme.model.scheme import Scheme
from appraisal.scheme.rulebook import Rulebook
from appraisal.text import key
from appraisal.xlsx.grid import RawWorkbook


@dataclass(frozen=True, slots=True)
class SelfReading:
    """What became of reading the form.

    `values` bear the names of the columns of the reviewer's sheet in the manager's workbook, and
    `addresses` say where each labelled cell stands on `sheet`. What could not be read is None.
    """

    group: str | None
    period: Period | None
    staff: str | None
    name: str | None
    scheme: str | None
    values: Mapping[str, CellValue]
    findings: tuple[Finding, ...]
    sheet: str = SELF_SHEET
    addresses: Mapping[str, str] = field(default_factory=dict)


_IN_META = {GROUP: "group", PERIOD: "period", STAFF_ID: "staff", STAFF_NAME: "name"}
"""What the hidden sheet says once more of whose form it is."""

_HEAD_FORM = SheetForm(SELF_SHEET, Role.REVIEW, HEAD, ())


def read_self(raw: RawWorkbook, *, rulebook: Rulebook, roster: Roster | None) -> SelfReading:
    """The reading of a recognised workbook, with all of its mistakes at once.

    It is read by the version of its scheme that is in force in its month.
    """
    meta = meta_of(raw)
    filled_in = {label: meta[name] for label, name in _IN_META.items() if name in meta}
    known = roster.known_ids if roster else KnownIds(())
    sheet = best_sheet(raw.sheets, SELF_SHEET, (cell.name for cell in (*HEAD, *SIGNATURE)))
    rows = rows_of(sheet)
    head = read_labelled(sheet, rows, _HEAD_FORM, known)
    whose = _whose(head, filled_in)
    scheme = _scheme(meta, whose.group, rulebook, roster)
    if isinstance(scheme, Finding):
        return replace(whose, findings=(scheme,))
    in_force = rulebook.in_force(scheme.scheme, whose.period) if whose.period else scheme
    form = self_form(in_force or scheme)
    if form is None:
        return replace(whose, scheme=scheme.scheme, findings=(finding("workbook.unrecognised"),))
    page = read_labelled(sheet, rows, form.sheet, known)
    findings = [*page.findings, *page.held_against(filled_in), *_signature(page, filled_in)]
    if in_force is None:
        since = min(one.first_period for one in rulebook.versions_of(scheme.scheme))
        gaps = {"scheme": scheme.name, "period": whose.period, "since": since}
        findings.append(page.finding("scheme.not_in_force", PERIOD, **gaps))
    return replace(
        whose,
        scheme=scheme.scheme,
        values={cell.name: page.values[cell.name] for cell in form.own},
        findings=in_reading_order(findings, (one.name for one in raw.sheets)),
        addresses=page.addresses,
    )


def _whose(head: Labelled, filled_in: Mapping[str, str]) -> SelfReading:
    """Whose form it is: as the system had it, else as it stands there."""

    def text(label: str) -> str | None:
        value = filled_in.get(label) or head.values[label]
        return value if isinstance(value, str) else None

    period = read_month(filled_in.get(PERIOD)) or head.values[PERIOD]
    return SelfReading(
        group=text(GROUP),
        period=period if isinstance(period, Period) else None,
        staff=text(STAFF_ID),
        name=text(STAFF_NAME),
        scheme=None,
        values={},
        findings=(),
        sheet=head.sheet,
        addresses=head.addresses,
    )


def _scheme(
    meta: Mapping[str, str], group: str | None, rulebook: Rulebook, roster: Roster | None
) -> Scheme | Finding:
    """The scheme that the form names, else the group's, else the only one in which people assess themselves."""
    named = meta.get("scheme") or (roster.scheme_of(group) if roster and group else None)
    if named:
        unknown = finding("scheme.unknown", scheme=named, known="、".join(rulebook.ids))
        return rulebook.latest(named) or unknown
    latest = [scheme for name in rulebook.ids if (scheme := rulebook.latest(name)) and self_reviewer(scheme)]
    return latest[0] if len(latest) == 1 else finding("workbook.unrecognised")


def _signature(page: Labelled, filled_in: Mapping[str, str]) -> Iterator[Finding]:
    """Nobody signs for another."""
    signed, name = page.values[SIGNED_BY], filled_in.get(STAFF_NAME) or page.values[STAFF_NAME]
    if isinstance(signed, str) and isinstance(name, str) and key(signed) != key(name):
        yield page.finding("self.signed_by_other", SIGNED_BY, name=name, seen=signed)
