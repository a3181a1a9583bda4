"""Circulating a month: what is wanted of it made into messages, sent, and told one by one."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from appraisal.delivery.issued import NO_MAIL, is_out, messages_of_month
from appraisal.delivery.message import Held, Message
from appraisal.delivery.read_states import OFTEN_ENOUGH, fetch_read_states
from appraisal.delivery.sending import SendingContext, enter, only_sender, send_out
from appraisal.delivery.to_managers import receipts, reminders
from appraisal.delivery.withdrawn import withdrawal_messages, withdrawal_of
from appraisal.errors import AppraisalError
from appraisal.ledger.delivery_records import Channel, Delivery, DeliveryKey, DeliveryState
from appraisal.ledger.ledger import Transaction
from appraisal.period import Period
from appraisal.workspace.notify import Circulated

OF_AN_ISSUED_MONTH = (Circulated.NOTICE, Circulated.SLIPS, Circulated.PLANS, Circulated.LETTERS)


class NothingToSendError(AppraisalError):
    """What was asked for cannot be sent; one Chinese sentence with the next step."""


class Unsure(StrEnum):
    """What HR found out about messages that may or may not have arrived."""

    AGAIN = "again"
    ARRIVED = "arrived"


@dataclass(frozen=True, slots=True)
class Circulation:
    """The messages that were wanted, as they stand now, and what was held. In a trial nothing was written.

    `sent_before` are those that had gone out already.
    """

    messages: tuple[Message, ...]
    deliveries: tuple[Delivery, ...]
    held: tuple[Held, ...]
    sent_before: frozenset[DeliveryKey]

    def count(self, state: DeliveryState) -> int:
        return sum(one.state is state for one in self.deliveries)

    @property
    def is_complete(self) -> bool:
        """Whether everybody was sent what was wanted."""
        return not self.held and all(one.state is DeliveryState.SENT for one in self.deliveries)


def wanted_messages(
    context: SendingContext,
    transaction: Transaction,
    group: str,
    period: Period,
    wanted: Collection[Circulated],
) -> Iterator[Message | Held]:
    """Everything that may be sent of what is wanted. Raises NothingToSendError for a month that is not issued."""
    return with_mail_or_held(context, _wanted(context, transaction, group, period, wanted))


def with_mail_or_held(context: SendingContext, made: Iterable[Message | Held]) -> Iterator[Message | Held]:
    """The same; a mail of a workspace that has no sender is held."""
    has_mail = context.settings.notify.has_mail
    for one in made:
        if isinstance(one, Message) and one.channel is Channel.MAIL and not has_mail:
            yield Held(one.key.paper, one.key.group, one.key.addressee, NO_MAIL)
        else:
            yield one


def _wanted(
    context: SendingContext,
    transaction: Transaction,
    group: str,
    period: Period,
    wanted: Collection[Circulated],
) -> Iterator[Message | Held]:
    month = transaction.months.get(group, period)
    if set(wanted) & set(OF_AN_ISSUED_MONTH):
        if month is None or not (is_out(month) or withdrawal_of(transaction, month)):
            raise NothingToSendError(
                f"{group} {period} 还没有下发，通报、绩效单和整改方案都不能发。请先办理下发（issue），再发。"
            )
        yield from messages_of_month(context, transaction, month, wanted)
        yield from withdrawal_messages(context, transaction, month, wanted)
    if Circulated.REMINDERS in wanted:
        yield from reminders(context, transaction, group, period)
    if Circulated.RECEIPTS in wanted:
        yield from receipts(context, transaction, group, period)


def trial(context: SendingContext, group: str, period: Period, wanted: Collection[Circulated]) -> Circulation:
    """What would be sent now, and what has been sent before; nothing is written."""
    with context.ledger.reading() as transaction:
        made = list(wanted_messages(context, transaction, group, period, wanted))
        stands = transaction.deliveries.of_month(group, period)
        return _as_it_stands(made, stands, _sent(stands))


def circulate(
    context: SendingContext,
    group: str,
    period: Period,
    wanted: Collection[Circulated],
    *,
    again: bool = False,
    unsure: Unsure | None = None,
) -> Circulation:
    """Send what is wanted and was not sent before.

    `again`: also what was refused, to the addresses of now. What is unsure stays as it is, unless HR says by `unsure`
    what it found out. Raises NothingToSendError, SendingInUseError.
    """
    with only_sender(context):
        with context.ledger.reading() as transaction:
            made = list(wanted_messages(context, transaction, group, period, wanted))
            sent_before = _sent(transaction.deliveries.of_month(group, period))
        messages = [one for one in made if isinstance(one, Message)]
        keys = {one.key for one in messages}
        if unsure is Unsure.ARRIVED:
            _arrived(context, group, period, keys)
        once_more = {DeliveryState.REFUSED} if again else set()
        once_more |= {DeliveryState.UNSURE} if unsure is Unsure.AGAIN else set()
        enter(context, messages, once_more=once_more)
        with context.ledger.reading() as transaction:
            due = transaction.deliveries.of_month(group, period)
        send_out(context, [one for one in due if one.key in keys and one.state is DeliveryState.MADE])
        fetch_read_states(context, not_again_within=OFTEN_ENOUGH)
        with context.ledger.reading() as transaction:
            return _as_it_stands(made, transaction.deliveries.of_month(group, period), sent_before)


def _arrived(context: SendingContext, group: str, period: Period, keys: Collection[DeliveryKey]) -> None:
    with context.ledger.writing() as transaction:
        for one in transaction.deliveries.of_month(group, period):
            if one.key in keys and one.state is DeliveryState.UNSURE:
                transaction.deliveries.end(one.id, DeliveryState.SENT, "人事核实已经收到", context.now())


def _sent(deliveries: Sequence[Delivery]) -> frozenset[DeliveryKey]:
    return frozenset(one.key for one in deliveries if one.state is DeliveryState.SENT)


def _as_it_stands(
    made: Sequence[Message | Held], deliveries: Sequence[Delivery], sent_before: frozenset[DeliveryKey]
) -> Circulation:
    messages = tuple(one for one in made if isinstance(one, Message))
    keys = {one.key for one in messages}
    return Circulation(
        messages,
        tuple(one for one in deliveries if one.key in keys),
        tuple(one for one in made if isinstance(one, Held)),
        sent_before & keys,
    )
