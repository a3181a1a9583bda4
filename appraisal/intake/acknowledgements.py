"""A dropped 签收登记: who received, signed for or refused which paper. And scans of signed papers, told by name and kind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import PurePath
from typing import Any

from appraisal.findings.finding import Finding, finding
from appraisal.intake.draft import Draft, draft_of, retyped
from appraisal.intake.form import in_reading_order, meta_of, revision_said
from appraisal.intake.roster import Roster
from appraisal.intake.submission import Row, Table
from appraisal.intake.values import missing_hint, read_month
from appraisal.period import Period
from appraisal.scheme.forms import acknowledgement as form
from appraisal.scheme.forms.acknowledgement import AcknowledgedPaper, AcknowledgementState
from appraisal.scheme.forms.cells import Need
from appraisal.scheme.forms.personal import REVISION
from appraisal.scheme.forms.submission import GROUP, PERIOD, STAFF_ID
from appraisal.text import key
from appraisal.xlsx.grid import RawWorkbook

_PAPERS = {name: paper for paper, name in form.PAPER_NAMES.items()}
_STATES = {name: state for state, name in form.RESULT_NAMES.items()}
_SCANS = (b"%PDF-", b"\xff\xd8\xff", b"\x89PNG")
"""How PDF, JPEG and PNG begin."""


@dataclass(frozen=True, slots=True)
class AcknowledgedRow:
    """One filled row. `on` is the day of the signature or refusal; `addresses` say where each column's cell stands."""

    staff: str
    paper: AcknowledgedPaper
    state: AcknowledgementState
    channel: str | None
    delivered_on: date | None
    on: date | None
    witness: str
    remark: str
    addresses: Mapping[str, str] = field(compare=False)


@dataclass(frozen=True, slots=True)
class RegisterReading:
    """What became of reading the register: of which revision of which month, and its filled rows."""

    group: str | None
    period: Period | None
    revision: int | None
    rows: tuple[AcknowledgedRow, ...]
    findings: tuple[Finding, ...]
    sheet: str = form.REGISTER


@dataclass(frozen=True, slots=True)
class ScanReading:
    """A scan of signed papers, which is kept and not looked into."""

    file: str
    group: None = None
    period: None = None
    findings: tuple[Finding, ...] = ()


def is_scan(data: bytes, file: str) -> bool:
    """Whether the name says that it is one, and the bytes that it is a PDF or a picture."""
    return key(PurePath(file).stem).startswith(key(form.FOLDER)) and data.startswith(_SCANS)


def read_register(raw: RawWorkbook, *, roster: Roster | None) -> RegisterReading:
    """The register in a recognised workbook, with all of its mistakes at once; rows without an entry are left out."""
    meta, workbook = meta_of(raw), form.register_form()
    draft = draft_of(raw, workbook, roster)
    table = draft.tables.get(form.REGISTER)
    entries = [entry for row in table.rows if (entry := _Entry(draft, table, row)).is_made] if table else []
    rows = tuple(entry.row() for entry in entries if entry.is_whole)
    sheet = draft.found.get(form.REGISTER, form.REGISTER)
    group = meta.get("group") or draft.labels[GROUP]
    period = read_month(meta.get("period")) or draft.labels[PERIOD]
    findings = [
        *draft.findings,
        *retyped(draft, meta),
        *_missing_labels({GROUP: group, PERIOD: period}, sheet),
        *(problem for entry in entries for problem in entry.findings()),
        *_twice(rows, sheet),
        *([] if entries else [finding("ack.empty", sheet=sheet)]),
    ]
    return RegisterReading(
        group=group if isinstance(group, str) else None,
        period=period if isinstance(period, Period) else None,
        revision=revision_said(meta, draft.labels[REVISION]),
        rows=rows,
        findings=in_reading_order(findings, (sheet.name for sheet in raw.sheets)),
        sheet=sheet,
    )


def _missing_labels(known: Mapping[str, object], sheet: str) -> Iterator[Finding]:
    for label in form.LABELS:
        if label.need is Need.ALWAYS and known[label.name] is None:
            yield finding("cell.missing", sheet=sheet, name=label.name, hint=missing_hint(label))


def _twice(rows: Sequence[AcknowledgedRow], sheet: str) -> Iterator[Finding]:
    known = set()
    for row in rows:
        if (row.staff, row.paper) in known:
            yield finding("ack.twice", sheet=sheet, cell=row.addresses[STAFF_ID], id=row.staff)
        known.add((row.staff, row.paper))


_ENTRIES = (form.CHANNEL, form.DELIVERED_ON, form.RESULT, form.SIGNED_ON, form.WITNESS)
"""A row in which none of these is filled says nothing."""

_NEEDED = {
    AcknowledgementState.DELIVERED: (form.DELIVERED_ON,),
    AcknowledgementState.SIGNED: (form.SIGNED_ON,),
    AcknowledgementState.REFUSED: (form.SIGNED_ON, form.WITNESS),
}


@dataclass(frozen=True, slots=True)
class _Entry:
    """A row of the table."""

    draft: Draft
    table: Table
    of: Row

    @property
    def is_made(self) -> bool:
        return any(self._is_filled(name) for name in _ENTRIES)

    @property
    def is_whole(self) -> bool:
        return all(self.of.values[name] is not None for name in self._needed())

    def findings(self) -> Iterator[Finding]:
        """What the row lacks."""
        for name in self._needed():
            if not self._is_filled(name):
                column = self.draft.form.main.column(name)
                hint = missing_hint(column) if column.need is Need.ALWAYS else column.hint
                gaps = {"name": name, "hint": f"{hint.rstrip('。')}。"}
                yield self.table.finding("cell.missing", self.of, name, **gaps)

    def _needed(self) -> tuple[str, ...]:
        """Who, what, and what the result calls for: a refusal has a witness."""
        state = self._state
        return STAFF_ID, form.PAPER, *((form.RESULT,) if state is None else _NEEDED[state])

    @property
    def _state(self) -> AcknowledgementState | None:
        """Delivered, where only that is said."""
        stated = self.of.values[form.RESULT]
        if stated is None and not self._is_filled(form.SIGNED_ON) and not self._is_filled(form.WITNESS):
            return AcknowledgementState.DELIVERED
        return _STATES.get(str(stated))

    def row(self) -> AcknowledgedRow:
        """The entry; only asked of a whole one."""
        values: Mapping[str, Any] = self.of.values
        assert self._state is not None
        return AcknowledgedRow(
            staff=values[STAFF_ID],
            paper=_PAPERS[values[form.PAPER]],
            state=self._state,
            channel=values[form.CHANNEL],
            delivered_on=values[form.DELIVERED_ON],
            on=values[form.SIGNED_ON],
            witness=values[form.WITNESS] or "",
            remark=values[form.REMARK] or "",
            addresses=self.table.addresses(self.of),
        )

    def _is_filled(self, name: str) -> bool:
        return self.draft.is_filled(self.table, self.of, name)
