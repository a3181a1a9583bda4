"""Circulating a month: what is wanted of it made into messages, sent, and told one by one.

HR asks for it, or it goes out by itself after a pass, where settings say so: what is new, and what is waiting since.
By itself goes only what is of the last days: whoever switches it on does not circulate the past. Each issued revision is
looked at once; whoever had no address then is sent it by `send`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from appraisal.delivery.issued_messages import NO_MAIL, is_out, messages_of_month
from appraisal.delivery.message import Message, Unsendable
from appraisal.delivery.notifications import (
    OWED,
    hand_in_reminders,
    is_near,
    month_of,
    plan_reminder,
    receipt,
    receipts,
    reminders,
    withdrawal_messages,
    withdrawal_of,
)
from appraisal.delivery.sending import (
    OFTEN_ENOUGH,
    SendingContext,
    SendingInUseError,
    deliveries_of,
    enter_deliveries,
    fetch_read_states,
    only_sender,
    send_out,
)
from appraisal.errors import AppraisalError
from appraisal.ledger.delivery_records import (
    DECIDED,
    LETTERS,
    Channel,
    Delivery,
    DeliveryKey,
    DeliveryState,
    SentPaper,
)
from appraisal.ledger.ledger import Transaction
from appraisal.ledger.records import GroupMonth
from appraisal.period import Period
from appraisal.scheme.forms.hr_acts import ActKind
from appraisal.scoring.deadlines import hand_in_by
from appraisal.workspace.notify_settings import Circulated

OF_AN_ISSUED_MONTH = (Circulated.NOTICE, Circulated.SLIPS, Circulated.PLANS, Circulated.LETTERS)


class NothingToSendError(AppraisalError):
    """What was asked for cannot be sent; one Chinese sentence with the next step."""


class UnsureResolution(StrEnum):
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
    held: tuple[Unsendable, ...]
    sent_before: frozenset[DeliveryKey]

    @property
    def is_complete(self) -> bool:
        """Whether everybody was sent what was wanted."""
        return not self.held and all(delivery.state is DeliveryState.SENT for delivery in self.deliveries)


def _wanted(
    context: SendingContext,
    transaction: Transaction,
    group: str,
    period: Period,
    wanted: Collection[Circulated],
) -> list[Message | Unsendable]:
    """Everything that may be sent of what is wanted. Raises NothingToSendError for a month that is not issued."""
    made: list[Message | Unsendable] = []
    month = transaction.months.get(group, period)
    if set(wanted) & set(OF_AN_ISSUED_MONTH):
        if month is None or not (is_out(month) or withdrawal_of(transaction, month)):
            raise NothingToSendError(
                f"{group} {period} 还没有下发，通报、绩效单和整改方案都不能发。请先办理下发（issue），再发。"
            )
        made += messages_of_month(context, transaction, month, wanted)
        made += withdrawal_messages(context, transaction, month, wanted)
    if Circulated.REMINDERS in wanted:
        made += reminders(context, transaction, group, period)
    if Circulated.RECEIPTS in wanted:
        made += receipts(context, transaction, group, period)
    return list(_with_mail_or_held(context, made))


def trial(context: SendingContext, group: str, period: Period, wanted: Collection[Circulated]) -> Circulation:
    """What would be sent now, and what has been sent before; nothing is written."""
    with context.ledger.reading() as transaction:
        made = _wanted(context, transaction, group, period, wanted)
    before = deliveries_of(context, _messages(made))
    return _circulation(made, before, before)


def circulate(
    context: SendingContext,
    group: str,
    period: Period,
    wanted: Collection[Circulated],
    *,
    again: bool = False,
    unsure: UnsureResolution | None = None,
) -> Circulation:
    """Send what is wanted and was not sent before.

    `again`: also what was refused, to the addresses of now. What is unsure stays as it is, unless HR says by `unsure`
    what it found out. Raises NothingToSendError, SendingInUseError.
    """
    with only_sender(context):
        with context.ledger.reading() as transaction:
            made = _wanted(context, transaction, group, period, wanted)
        messages = _messages(made)
        before = deliveries_of(context, messages)
        if unsure is UnsureResolution.ARRIVED:
            _arrived(context, before)
        once_more = {DeliveryState.REFUSED} if again else set()
        once_more |= {DeliveryState.UNSURE} if unsure is UnsureResolution.AGAIN else set()
        enter_deliveries(context, messages, once_more=once_more)
        due = deliveries_of(context, messages)
        send_out(context, [delivery for delivery in due if delivery.state is DeliveryState.MADE])
        fetch_read_states(context, not_again_within=OFTEN_ENOUGH)
        return _circulation(made, before, deliveries_of(context, messages))


def _arrived(context: SendingContext, deliveries: Sequence[Delivery]) -> None:
    with context.ledger.writing() as transaction:
        for delivery in deliveries:
            if delivery.state is DeliveryState.UNSURE:
                transaction.deliveries.end(delivery.id, DeliveryState.SENT, "人事核实已经收到", context.now())


def _circulation(
    made: Sequence[Message | Unsendable], before: Sequence[Delivery], now: Sequence[Delivery]
) -> Circulation:
    return Circulation(
        tuple(_messages(made)),
        tuple(now),
        tuple(item for item in made if isinstance(item, Unsendable)),
        frozenset(delivery.key for delivery in before if delivery.state is DeliveryState.SENT),
    )


def _messages(made: Iterable[Message | Unsendable]) -> list[Message]:
    return [message for message in made if isinstance(message, Message)]


def _with_mail_or_held(
    context: SendingContext, made: Iterable[Message | Unsendable]
) -> Iterator[Message | Unsendable]:
    """What was made, but a mail of a workspace that has no sender is held."""
    has_mail = context.setup.settings.notify.has_mail
    for item in made:
        if isinstance(item, Message) and item.way.channel is Channel.MAIL and not has_mail:
            yield Unsendable(item.key.paper, item.key.group, item.key.addressee, NO_MAIL)
        else:
            yield item


# --------------------------------------------------------------------------------------------- by itself


NEW_FOR = timedelta(days=7)
_MONTHS_BACK = 3

_PAPERS = {
    SentPaper.NOTICE: Circulated.NOTICE,
    SentPaper.SLIP: Circulated.SLIPS,
    SentPaper.PLAN: Circulated.PLANS,
}


def send_by_itself(context: SendingContext) -> list[str]:
    """Send what settings want sent; Chinese sentences about what did not go. Nothing where somebody else is sending."""
    if not context.setup.settings.notify.does_anything_by_itself:
        return []
    try:
        with only_sender(context):
            return _send(context)
    except SendingInUseError:
        return []


def _send(context: SendingContext) -> list[str]:
    with context.ledger.reading() as transaction:
        before = [
            delivery for period in _periods(context) for delivery in transaction.deliveries.of_period(period)
        ]
        made = list(_with_mail_or_held(context, _new_messages(context, transaction, before)))
    done = {delivery.key for delivery in before if delivery.state is not DeliveryState.MADE}
    messages = [message for message in _messages(made) if message.key not in done]
    problems: list[str] = []
    if messages:
        enter_deliveries(context, messages)
        going = [message for message in messages if message.same is None]
        send_out(context, deliveries_of(context, going))
        held = [item for item in made if isinstance(item, Unsendable) and item.paper in _PAPERS]
        problems = _told(deliveries_of(context, going), held)
    return [*problems, *fetch_read_states(context, not_again_within=OFTEN_ENOUGH).problems]


def _told(stands: list[Delivery], held: list[Unsendable]) -> list[str]:
    sent = sum(delivery.state is DeliveryState.SENT for delivery in stands)
    failed = [delivery for delivery in stands if delivery.state is not DeliveryState.SENT]
    if not failed and not held:
        return []
    why = "；".join(dict.fromkeys([*(delivery.reason for delivery in failed), *(item.why for item in held)]))
    return [
        f"自动发送：发出{sent}条，{len(failed)}条没有发到，{len(held)}条没有地址或不能发（{why}）。用 send 补发。"
    ]


def _periods(context: SendingContext) -> list[Period]:
    this = Period.of(context.today)
    return [this.shifted(-back) for back in range(_MONTHS_BACK + 1)]


def _new_messages(
    context: SendingContext, transaction: Transaction, before: list[Delivery]
) -> Iterator[Message | Unsendable]:
    automatic = context.setup.settings.notify.automatic
    of_month = [paper for paper in OF_AN_ISSUED_MONTH if paper in automatic]
    waiting = {_paper_of(delivery) for delivery in before if delivery.state is DeliveryState.MADE}
    looked_at = {_paper_of(delivery) for delivery in before} - waiting
    for period in _periods(context):
        for month in transaction.months.of_period(period):
            wanted = [
                paper
                for paper in of_month
                if paper is not Circulated.LETTERS
                and (month.group, month.period, month.revision, paper) not in looked_at
            ]
            if wanted and is_out(month) and _is_new(context, transaction, month):
                yield from messages_of_month(context, transaction, month, wanted)
            if of_month and _has_new_decision(context, transaction, month):
                yield from (
                    message
                    for message in messages_of_month(context, transaction, month, of_month)
                    if isinstance(message, Message)
                    and (DECIDED in message.key.occasion or message.key.paper in LETTERS)
                )
            withdrawal = withdrawal_of(transaction, month)
            if withdrawal is not None and context.today - withdrawal.on <= NEW_FOR:
                yield from withdrawal_messages(context, transaction, month, of_month)
        if Circulated.REMINDERS in automatic:
            yield from _reminders(context, transaction, period)
    if Circulated.RECEIPTS in automatic:
        for claim in transaction.journal.received_since(context.now() - NEW_FOR):
            if month_of(claim):
                yield from receipt(context, transaction, claim)


def _paper_of(delivery: Delivery) -> tuple[str, Period, int, Circulated | None]:
    return delivery.key.group, delivery.key.period, delivery.key.revision, _PAPERS.get(delivery.key.paper)


def _is_new(context: SendingContext, transaction: Transaction, month: GroupMonth) -> bool:
    current = transaction.months.current(month.group, month.period)
    days = [month.issued_on, current[1].provenance.made_on if current else None]
    return any(day is not None and context.today - day <= NEW_FOR for day in days)


def _has_new_decision(context: SendingContext, transaction: Transaction, month: GroupMonth) -> bool:
    acts = transaction.acts.find(group=month.group, period=month.period)
    return any(
        act.kind in {ActKind.DECIDE, ActKind.ANSWER} and context.today - act.on <= NEW_FOR for act in acts
    )


def _reminders(
    context: SendingContext, transaction: Transaction, period: Period
) -> Iterator[Message | Unsendable]:
    if is_near(context, hand_in_by(period, context.setup.settings)):
        facts = context.facts(transaction, period)
        for group in facts.missing_groups:
            yield from hand_in_reminders(context, transaction, group, period)
    for plan in transaction.plans.of_period(period):
        if plan.is_issued and plan.state in OWED and is_near(context, plan.due):
            month = transaction.months.get(plan.group, period)
            if month is not None and is_out(month):
                yield plan_reminder(context, plan, month.revision)
