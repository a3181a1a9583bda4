"""Who received and signed for which paper (签收), and the scans that prove it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, delete, insert, select

from appraisal.ledger.records import MonthState
from appraisal.ledger.tables import acknowledgements, months, of_month, outcomes, results, same_month, scans
from appraisal.period import Period
from appraisal.scheme.forms.acknowledgement import LETTERS, AcknowledgedPaper, AcknowledgementState
from appraisal.scheme.model.outcome_rules import OutcomeType
from appraisal.scoring.results import OutcomeState


@dataclass(frozen=True, slots=True)
class Handout:
    """A paper of a month that a person is to sign for; a letter, only after the day on which it was written."""

    group: str
    period: Period
    revision: int
    staff: str
    name: str
    paper: AcknowledgedPaper
    since: date | None = None

    def is_meant_by(self, entry: Acknowledgement) -> bool:
        """Whether the entry is about this paper: of its revision, of a letter of any, and not before it was there."""
        same = (self.group, self.staff, self.paper) == (entry.group, entry.staff, entry.paper)
        is_of_revision = self.paper in LETTERS or entry.revision == self.revision
        day = entry.on or entry.delivered_on
        return same and is_of_revision and (self.since is None or day is None or day >= self.since)


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """What was entered of one person's paper of one revision.

    `on` is the day of the signature or refusal, `witness` who saw it refused; `sha256` is the register that said so,
    `entered_on` the day on which it came.
    """

    group: str
    period: Period
    revision: int
    staff: str
    paper: AcknowledgedPaper
    state: AcknowledgementState
    channel: str | None
    delivered_on: date | None
    on: date | None
    witness: str
    remark: str
    entered_on: date
    sha256: str


class Acknowledgements:
    """The register, and the scans."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of_period(self, period: Period) -> tuple[Acknowledgement, ...]:
        """By group, person and paper, former revisions' too."""
        return self._found(acknowledgements.c.period == period)

    def of_month(self, group: str, period: Period) -> tuple[Acknowledgement, ...]:
        """Of one group."""
        return self._found(of_month(acknowledgements, group, period))

    def put(self, one: Acknowledgement) -> None:
        """Enter it in the place of what was known of the paper."""
        table = acknowledgements.c
        this = and_(
            of_month(acknowledgements, one.group, one.period),
            table.revision == one.revision,
            table.staff == one.staff,
            table.paper == one.paper,
        )
        self._connection.execute(delete(acknowledgements).where(this))
        self._connection.execute(
            insert(acknowledgements).values(
                group_name=one.group,
                period=one.period,
                revision=one.revision,
                staff=one.staff,
                paper=one.paper,
                state=one.state,
                channel=one.channel,
                delivered_on=one.delivered_on,
                settled_on=one.on,
                witness=one.witness,
                remark=one.remark,
                entered_on=one.entered_on,
                sha256=one.sha256,
            )
        )

    def handouts(self, period: Period) -> tuple[Handout, ...]:
        """What the period's issued months came with, slips and plans, by group and person."""
        in_force = and_(same_month(months, results), results.c.revision == months.c.revision)
        issued = (months.c.period == period) & (months.c.issued_on.is_not(None))
        issued &= months.c.state.not_in([MonthState.WITHDRAWN, MonthState.PURGED])
        people = select(months.c.group_name, months.c.revision, results.c.staff, results.c.name)
        people = people.join_from(months, results, in_force).where(issued)
        owed = select(outcomes.c.group_name, outcomes.c.staff).where(
            outcomes.c.period == period,
            outcomes.c.type == OutcomeType.RECTIFICATION,
            outcomes.c.state == OutcomeState.DUE,
        )
        owe = {tuple(row) for row in self._connection.execute(owed)}
        order = (months.c.group_name, results.c.staff)
        return tuple(
            Handout(row.group_name, period, row.revision, row.staff, row.name, paper)
            for row in self._connection.execute(people.order_by(*order))
            for paper in (AcknowledgedPaper.SLIP, AcknowledgedPaper.PLAN)
            if paper is AcknowledgedPaper.SLIP or (row.group_name, row.staff) in owe
        )

    def keep_scan(self, group: str, period: Period, file: str, sha256: str, on: date) -> None:
        """A scan came, and lies in the month's folder by this name."""
        values = {"group_name": group, "period": period, "sha256": sha256, "file": file, "received_on": on}
        self._connection.execute(insert(scans).values(**values))

    def scans_of(self, group: str, period: Period) -> dict[str, str]:
        """Their names by sha256, in the order in which they came."""
        query = select(scans.c.sha256, scans.c.file).where(of_month(scans, group, period))
        rows = self._connection.execute(query.order_by(scans.c.received_on, scans.c.file))
        return {row.sha256: row.file for row in rows}

    def _found(self, which: ColumnElement[bool]) -> tuple[Acknowledgement, ...]:
        table = acknowledgements.c
        order = (table.group_name, table.staff, table.paper, table.revision)
        query = select(acknowledgements).where(which).order_by(*order)
        return tuple(map(_acknowledgement, self._connection.execute(query)))


def _acknowledgement(row: Row[Any]) -> Acknowledgement:
    return Acknowledgement(
        group=row.group_name,
        period=row.period,
        revision=row.revision,
        staff=row.staff,
        paper=row.paper,
        state=row.state,
        channel=row.channel,
        delivered_on=row.delivered_on,
        on=row.settled_on,
        witness=row.witness,
        remark=row.remark,
        entered_on=row.entered_on,
        sha256=row.sha256,
    )
