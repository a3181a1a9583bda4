"""A dropped 人事办理单 to the acts that HR asks for, or to everything that stands in their way."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from appraisal.findings.finding import Finding, finding
from appraisal.intake.draft import Draft, draft_of
from appraisal.intake.form import in_reading_order
from appraisal.intake.roster import Roster
from appraisal.intake.submission import Row, Table
from appraisal.intake.values import missing_hint
from appraisal.period import Period
from appraisal.scheme.forms import hr_acts as form
from appraisal.scheme.forms.cells import Cell, Need
from appraisal.scheme.forms.hr_acts import ActInWords, ActKind, AppealDecision, OutcomeDecision
from appraisal.scheme.forms.submission import GROUP, PERIOD, STAFF_ID
from appraisal.scheme.model.outcome_rules import OutcomeType
from appraisal.text import key
from appraisal.xlsx.grid import RawWorkbook


@dataclass(frozen=True, slots=True)
class Act:
    """One act of HR: what, on which month, when (`on`), by whom, why, under which document number.

    `group` is None where it is about every group of the period. `staff`, `outcome` and `decision` are given for 裁定,
    `staff` and `answer` for 申诉决定. `item` says which, where several wait: the number of a correction, the part of the
    outcome, the revision appealed against. `is_forced` carries it out although its day or month is in
    doubt; `reason` says why.
    """

    kind: ActKind
    period: Period
    group: str | None
    on: date
    by: str
    reason: str
    document_number: str | None = None
    staff: str | None = None
    outcome: OutcomeType | None = None
    decision: OutcomeDecision | None = None
    answer: AppealDecision | None = None
    item: int | None = None
    is_forced: bool = field(default=False, compare=False)

    @property
    def month_in_words(self) -> str:
        """`旗舰店 2026-11`, or `全部考核组 2026-11`."""
        return f"{self.group or f'{form.EVERY_GROUP}{GROUP}'} {self.period}"


@dataclass(frozen=True, slots=True)
class RequestedAct:
    """One row of the sheet.

    `addresses` say where each column's cell stands on `sheet`, for whatever else there will be to say about the row.
    """

    act: Act
    sheet: str
    addresses: Mapping[str, str]

    @property
    def cell(self) -> str:
        """Where 事项 stands."""
        return self.addresses[form.ACT]


@dataclass(frozen=True, slots=True)
class ActsReading:
    """What became of reading the sheet.

    `acts` are the rows that are complete, in their order. Where any finding is an error none of them
    may be carried out: the sheet says that it is done whole or not at all. `clear` are also those that lack
    no more than `LEFT_OPEN`: what else stands in their way can be told.
    """

    acts: tuple[RequestedAct, ...]
    findings: tuple[Finding, ...]
    clear: tuple[RequestedAct, ...] = ()


LEFT_OPEN = (form.ACTED_ON, form.ACTED_BY, form.REASON)
"""When, by whom and why: whether an act can be done at all is seen without them."""


def read_acts(raw: RawWorkbook, *, roster: Roster | None) -> ActsReading:
    """The acts of a recognised workbook, with all of its mistakes at once; example rows are left out."""
    workbook = form.hr_acts_form()
    draft = draft_of(raw, workbook, roster)
    findings = [*draft.findings]
    requests: list[_Request] = []
    if table := draft.tables.get(workbook.main.name):
        requests = [_Request(draft, table, row) for row in table.rows if not _is_example(row)]
        findings += [problem for request in requests for problem in request.findings()]
        findings += [] if requests else [finding("act.none", sheet=table.sheet)]
    else:
        findings += [finding("header.missing", sheet=sheet, name=STAFF_ID) for sheet in draft.found.values()]
    ordered = in_reading_order(findings, (sheet.name for sheet in raw.sheets))
    return ActsReading(
        tuple(request.act() for request in requests if request.has()),
        ordered,
        clear=tuple(request.act() for request in requests if request.has(but_for=LEFT_OPEN)),
    )


def _is_example(row: Row) -> bool:
    group = row.values[GROUP]
    return isinstance(group, str) and key(group).startswith(key(form.EXAMPLE))


@dataclass(frozen=True, slots=True)
class _Request:
    """A filled row."""

    draft: Draft
    table: Table
    row: Row

    def findings(self) -> Iterator[Finding]:
        """What the row lacks, and what it says that does not belong to its act."""
        for cell in self.draft.form.main.columns:
            if self._needs(cell):
                yield from self._missing(cell)
            elif self._asked and self._is_filled(cell):
                act, meant_for = self._asked.name, form.MEANT_FOR_SOME.get(cell.name)
                if meant_for is not None and act not in meant_for:
                    acts = "".join(f"“{name}”" for name in meant_for)
                    yield self.table.finding(
                        "act.only_to_decide", self.row, cell.name, name=cell.name, acts=acts, act=act
                    )
        decision, choices = self.row.values[form.DECISION], self._asked.decisions if self._asked else ()
        if choices and decision not in {None, *choices}:
            gaps = {"name": form.DECISION, "act": self._asked and self._asked.name, "seen": decision}
            yield self.table.finding(
                "act.other_decision", self.row, form.DECISION, choices="、".join(choices), **gaps
            )
        if self._asked and self._is_for_every_group and not self._asked.for_every_group:
            yield self.table.finding("act.one_group", self.row, GROUP, act=self._asked.name)

    def has(self, *, but_for: Container[str] = ()) -> bool:
        """Whether everything that its act needs could be read."""
        return all(
            self.row.values[cell.name] is not None
            for cell in self.draft.form.main.columns
            if self._needs(cell) and cell.name not in but_for
        )

    def act(self) -> RequestedAct:
        """The act; only asked of a row that has all but `LEFT_OPEN`."""
        values: Mapping[str, Any] = self.row.values
        assert self._asked is not None
        act = Act(
            kind=self._asked.kind,
            period=values[PERIOD],
            group=None if self._is_for_every_group else values[GROUP],
            on=values[form.ACTED_ON] or date.min,
            by=values[form.ACTED_BY] or "",
            reason=values[form.REASON] or "",
            document_number=values[form.DOCUMENT_NUMBER],
            staff=values[STAFF_ID],
            outcome=form.OUTCOME_CHOICES.get(values[form.OUTCOME]),
            decision=form.DECISION_CHOICES.get(values[form.DECISION]),
            answer=form.APPEAL_DECISION_CHOICES.get(values[form.DECISION]),
            item=None if values[form.ITEM] is None else int(values[form.ITEM]),
            is_forced=self._is_forced,
        )
        return RequestedAct(act, self.table.sheet, self.table.addresses(self.row))

    @property
    def _asked(self) -> ActInWords | None:
        return next((act for act in form.ACTS if act.name == self.row.values[form.ACT]), None)

    @property
    def _is_for_every_group(self) -> bool:
        group = self.row.values[GROUP]
        return isinstance(group, str) and key(group) in form.EVERY_GROUP_WORDS

    @property
    def _is_forced(self) -> bool:
        return self.row.values[form.FORCED] == form.YES

    def _needs(self, cell: Cell) -> bool:
        if cell.name == form.REASON:
            return self._is_forced or (self._asked is not None and self._asked.needs_reason)
        return cell.need is Need.ALWAYS or (self._asked is not None and cell.name in self._asked.needs)

    def _is_filled(self, cell: Cell) -> bool:
        return self.draft.is_filled(self.table, self.row, cell.name)

    def _missing(self, cell: Cell) -> Iterator[Finding]:
        if cell.name not in self.table.columns:
            yield finding("header.missing", sheet=self.table.sheet, name=cell.name)
        elif not self._is_filled(cell):
            act = self._asked.name if self._asked and self._asked.needs_reason else form.FORCED
            hint = missing_hint(cell) if cell.need is Need.ALWAYS else f"“{act}”必须填写这一格。"
            yield self.table.finding("cell.missing", self.row, cell.name, name=cell.name, hint=hint)
