"""What is wrong with a 签收登记 that its own cells cannot show: the month, the people, the days."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from appraisal.findings.finding import Finding, finding
from appraisal.intake.acknowledgements import AcknowledgedRow, RegisterReading
from appraisal.intake.form import in_reading_order
from appraisal.intake.roster import Roster
from appraisal.scheme.forms import acknowledgement as form
from appraisal.scheme.forms.acknowledgement import AcknowledgedPaper, AcknowledgementState
from appraisal.scheme.forms.submission import STAFF_ID
from appraisal.validation.context import CellPlace, group_findings


@dataclass(frozen=True, slots=True)
class PapersOnRecord:
    """The revision that the register is about: its day of issue and people; what is entered of their papers already.

    `issued_on` is None where no such revision was issued.
    """

    issued_on: date | None = None
    staff: Collection[str] = ()
    states: Mapping[tuple[str, AcknowledgedPaper], AcknowledgementState] = field(default_factory=dict)


def check_register(
    reading: RegisterReading,
    record: PapersOnRecord,
    *,
    roster: Roster | None,
    folder_group: str | None,
    today: date,
) -> tuple[Finding, ...]:
    """All of it; nothing of a register of which it could not be read which month it is about."""
    if reading.group is None or reading.period is None:
        return ()
    place = CellPlace(reading.sheet, None)
    findings = [*group_findings(reading.group, place, roster=roster, folder_group=folder_group)]
    if not findings and record.issued_on is None:
        findings.append(place.finding("ack.not_issued", group=reading.group, period=reading.period))
    elif not findings:
        findings = [told for row in reading.rows for told in _row(row, reading, record, today)]
    return in_reading_order(findings, (reading.sheet,))


def _row(
    row: AcknowledgedRow, reading: RegisterReading, record: PapersOnRecord, today: date
) -> Iterator[Finding]:
    assert record.issued_on is not None
    if row.staff not in record.staff:
        cell = row.addresses[STAFF_ID]
        yield finding("ack.stranger", sheet=reading.sheet, cell=cell, id=row.staff, period=reading.period)
        return
    for name, day in ((form.DELIVERED_ON, row.delivered_on), (form.SIGNED_ON, row.on)):
        if day is not None and not record.issued_on <= day <= today:
            gaps = {"name": name, "date": day, "issued": record.issued_on, "today": today}
            yield finding("ack.day", sheet=reading.sheet, cell=row.addresses[name], **gaps)
    before = record.states.get((row.staff, row.paper))
    if before not in {None, row.state, AcknowledgementState.DELIVERED}:
        gaps = {
            "id": row.staff,
            "paper": form.PAPER_NAMES[row.paper],
            "before": form.RESULT_NAMES[before],
            "now": form.RESULT_NAMES[row.state],
        }
        yield finding("ack.changed", sheet=reading.sheet, cell=row.addresses[form.RESULT], **gaps)
