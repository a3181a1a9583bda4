"""What went to whom: messages written to be sent, papers handed out, and who signed for which (签收), with the scans.

None of the messages goes twice, whoever sends.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, delete, exists, insert, select, update

from appraisal.ledger.database import Repository, as_record, as_row, of_month, same_month
from appraisal.ledger.delivery_records import (
    DECIDED,
    FILE,
    TELLS_READING,
    Acknowledgement,
    Channel,
    Delivery,
    DeliveryKey,
    DeliveryState,
    Handout,
    SentPaper,
)
from appraisal.ledger.pending import PendingHrFolders
from appraisal.ledger.records import MonthState
from appraisal.ledger.tables import acknowledgements, deliveries, months, outcomes, results, scans
from appraisal.period import Period
from appraisal.scheme.forms.acknowledgement import AcknowledgedPaper
from appraisal.scheme.model.outcome_rules import OutcomeType
from appraisal.scoring.results import OutcomeState

UNDER_WAY = "发送时中断，不知道有没有发出"


class Deliveries(Repository):
    """Messages to people and groups, one row for each: sent, refused, or under way when a program died."""

    def of_month(self, group: str, period: Period) -> tuple[Delivery, ...]:
        """In the order in which they were made."""
        return self._deliveries(of_month(deliveries, group, period))

    def of_period(self, period: Period) -> tuple[Delivery, ...]:
        """Every group's."""
        return self._deliveries(deliveries.c.period == period)

    def not_arrived(self, *periods: Period) -> tuple[Delivery, ...]:
        """What of the periods was tried and is not there, each with its reason; nothing that a later paper stands for.

        That is a later revision's, the same revision's since HR decided, or the word that the month is withdrawn.
        """
        is_meant = (months.c.state != MonthState.WITHDRAWN) | (deliveries.c.paper == SentPaper.WITHDRAWAL)
        is_in_force = exists().where(
            same_month(deliveries, months), months.c.revision == deliveries.c.revision, is_meant
        )
        is_current = (deliveries.c.revision == 0) | is_in_force
        later = deliveries.alias()
        same = ("group_name", "period", "revision", "paper", "addressee")
        is_replaced = exists().where(
            *(deliveries.c[column] == later.c[column] for column in same),
            deliveries.c.occasion.startswith(FILE) == later.c.occasion.startswith(FILE),
            later.c.occasion.contains(DECIDED),
            later.c.id > deliveries.c.id,
        )
        is_out = (deliveries.c.state != DeliveryState.SENT) & (deliveries.c.reason != "")
        return self._deliveries(deliveries.c.period.in_(periods) & is_out & is_current & ~is_replaced)

    def make(self, key: DeliveryKey, channel: Channel, address: str, file: str, at: datetime) -> int:
        """A message that was not made before lies in its file, to be sent; its id."""
        values = {"service": channel, "address": address, "file": file, "state": DeliveryState.MADE}
        row = insert(deliveries).values(**as_row(key), **values, reason="", made_at=at, changed_at=at)
        number = self._connection.execute(row).inserted_primary_key
        assert number is not None
        return int(number[0])

    def begin(self, delivery: int, at: datetime) -> bool:
        """It is about to be sent; False where it is not there to be sent any more."""
        this = (deliveries.c.id == delivery) & (deliveries.c.state == DeliveryState.MADE)
        change = update(deliveries).where(this).values(state=DeliveryState.SENDING, changed_at=at)
        return self._connection.execute(change).rowcount == 1

    def end(
        self, delivery: int, state: DeliveryState, reason: str, at: datetime, *, receipt: str = ""
    ) -> None:
        """What became of it; `receipt` is the service's number of it."""
        values = {"state": state, "reason": reason, "changed_at": at, "receipt": receipt}
        self._change(deliveries.c.id == delivery, values)

    def not_seen(self, since: datetime) -> tuple[Delivery, ...]:
        """What was sent since then by a service that tells whether it was read, and is not known to be."""
        tells_reading = deliveries.c.service.in_(list(TELLS_READING)) & (deliveries.c.receipt != "")
        is_open = (deliveries.c.state == DeliveryState.SENT) & deliveries.c.seen_at.is_(None)
        return tuple(
            delivery for delivery in self._deliveries(tells_reading & is_open) if delivery.changed_at >= since
        )

    def note_read(
        self, before: Delivery, arrived: datetime | None, seen: datetime | None, at: datetime
    ) -> None:
        """What its service said of it when it was asked; what was known before stays known."""
        values = {
            "asked_at": at,
            "arrived_at": before.arrived_at or arrived,
            "seen_at": before.seen_at or seen,
        }
        this = deliveries.c.id == before.id
        self._connection.execute(update(deliveries).where(this).values(**values))
        if (values["arrived_at"], values["seen_at"]) != (before.arrived_at, before.seen_at):
            PendingHrFolders(self._connection).note(before.key.period)

    def note_interrupted(self, at: datetime) -> None:
        """Those that were under way when their sender died are unsure. Nobody else may be sending."""
        values = {"state": DeliveryState.UNSURE, "reason": UNDER_WAY, "changed_at": at}
        self._change(deliveries.c.state == DeliveryState.SENDING, values)

    def renew(self, delivery: int, channel: Channel, address: str, file: str, at: datetime) -> None:
        """It was written anew, and is to be sent once more, the way of now."""
        sent_to = {"service": channel, "address": address, "file": file}
        values = {"state": DeliveryState.MADE, "reason": "", "changed_at": at, **sent_to}
        self._change(deliveries.c.id == delivery, values)

    def _change(self, these: ColumnElement[bool], values: Mapping[str, Any]) -> None:
        """HR's folder tells of what did not arrive: it follows where that changes."""
        before = self._connection.execute(select(deliveries.c.period, deliveries.c.reason).where(these)).all()
        self._connection.execute(update(deliveries).where(these).values(**values))
        for period in {row.period for row in before if row.reason or values["reason"]}:
            PendingHrFolders(self._connection).note(period)

    def tried_since(self, channel: Channel, address: str, since: datetime) -> int:
        """How many messages a robot was given."""
        table = deliveries.c
        tried = (table.service == channel) & (table.address == address) & (table.state != DeliveryState.MADE)
        moments = self._connection.scalars(select(table.changed_at).where(tried))
        return sum(moment >= since for moment in moments)

    def _deliveries(self, which: ColumnElement[bool]) -> tuple[Delivery, ...]:
        rows = self._connection.execute(select(deliveries).where(which).order_by(deliveries.c.id))
        return tuple(map(_delivery, rows))


def _delivery(row: Row[Any]) -> Delivery:
    return as_record(Delivery, row, key=as_record(DeliveryKey, row), channel=row.service)


class Acknowledgements(Repository):
    """The register, and the scans."""

    def of_period(self, period: Period) -> tuple[Acknowledgement, ...]:
        """By group, person and paper, former revisions' too."""
        return self._found(acknowledgements.c.period == period)

    def of_month(self, group: str, period: Period) -> tuple[Acknowledgement, ...]:
        """Of one group."""
        return self._found(of_month(acknowledgements, group, period))

    def put(self, acknowledgement: Acknowledgement) -> None:
        """Enter it in the place of what was known of the paper."""
        table = acknowledgements.c
        this = and_(
            of_month(acknowledgements, acknowledgement.group, acknowledgement.period),
            table.revision == acknowledgement.revision,
            table.staff == acknowledgement.staff,
            table.paper == acknowledgement.paper,
        )
        self._connection.execute(delete(acknowledgements).where(this))
        self._connection.execute(insert(acknowledgements).values(**as_row(acknowledgement, on="settled_on")))

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
            Handout(
                group=row.group_name,
                period=period,
                revision=row.revision,
                staff=row.staff,
                name=row.name,
                paper=paper,
            )
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
        rows = self._connection.execute(query)
        return tuple(as_record(Acknowledgement, row, on=row.settled_on) for row in rows)
