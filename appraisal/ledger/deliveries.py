"""Messages that were written to be sent, and what became of each: none goes twice, whoever sends."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, exists, insert, select, update

from appraisal.ledger.delivery_records import (
    TELLS_READING,
    Channel,
    Delivery,
    DeliveryKey,
    DeliveryState,
)
from appraisal.ledger.pending import PendingHrFolders
from appraisal.ledger.tables import deliveries, months, of_month, same_month
from appraisal.period import Period

UNDER_WAY = "发送时中断，不知道有没有发出"


class Deliveries:
    """One row for each key."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of_month(self, group: str, period: Period) -> tuple[Delivery, ...]:
        """In the order in which they were made."""
        return self._deliveries(of_month(deliveries, group, period))

    def of_period(self, period: Period) -> tuple[Delivery, ...]:
        """Every group's."""
        return self._deliveries(deliveries.c.period == period)

    def not_arrived(self, period: Period) -> tuple[Delivery, ...]:
        """What of the period was tried and is not there, each with its reason; of a former revision nothing any more."""
        is_in_force = exists().where(
            same_month(deliveries, months), months.c.revision == deliveries.c.revision
        )
        is_current = (deliveries.c.revision == 0) | is_in_force
        is_out = (deliveries.c.state != DeliveryState.SENT) & (deliveries.c.reason != "")
        return self._deliveries((deliveries.c.period == period) & is_out & is_current)

    def make(self, key: DeliveryKey, channel: Channel, address: str, file: str, at: datetime) -> int:
        """A message that was not made before lies in its file, to be sent; its id."""
        row = insert(deliveries).values(
            group_name=key.group,
            period=key.period,
            revision=key.revision,
            paper=key.paper,
            addressee=key.addressee,
            occasion=key.occasion,
            service=channel,
            address=address,
            file=file,
            state=DeliveryState.MADE,
            reason="",
            made_at=at,
            changed_at=at,
        )
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
        told = deliveries.c.service.in_(list(TELLS_READING)) & (deliveries.c.receipt != "")
        is_open = (deliveries.c.state == DeliveryState.SENT) & deliveries.c.seen_at.is_(None)
        return tuple(one for one in self._deliveries(told & is_open) if one.changed_at >= since)

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
        for period in {one.period for one in before if one.reason or values["reason"]}:
            PendingHrFolders(self._connection).note(period)

    def tried_since(self, channel: Channel, address: str, since: datetime) -> int:
        """How many messages a robot was given."""
        table = deliveries.c
        tried = (table.service == channel) & (table.address == address) & (table.state != DeliveryState.MADE)
        moments = self._connection.scalars(select(table.changed_at).where(tried))
        return sum(one >= since for one in moments)

    def _deliveries(self, which: ColumnElement[bool]) -> tuple[Delivery, ...]:
        rows = self._connection.execute(select(deliveries).where(which).order_by(deliveries.c.id))
        return tuple(map(_delivery, rows))


def _delivery(row: Row[Any]) -> Delivery:
    key = DeliveryKey(row.group_name, row.period, row.revision, row.paper, row.addressee, row.occasion)
    return Delivery(
        row.id,
        key,
        row.service,
        row.address,
        row.file,
        row.state,
        row.reason,
        row.made_at,
        row.changed_at,
        row.receipt,
        row.arrived_at,
        row.seen_at,
        row.asked_at,
    )
