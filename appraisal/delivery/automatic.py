"""What goes out by itself after a pass, where settings say so: what is new, and what is waiting since.

Only of the last days: whoever switches it on does not circulate the past. Each issued revision is looked at once; whoever
had no address then is sent it by `send`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from appraisal.delivery.circulate import OF_AN_ISSUED_MONTH, with_mail_or_held
from appraisal.delivery.issued import is_out, messages_of_month
from appraisal.delivery.message import Held, Message
from appraisal.delivery.read_states import OFTEN_ENOUGH, fetch_read_states
from appraisal.delivery.sending import SendingContext, SendingInUseError, enter, only_sender, send_out
from appraisal.delivery.to_managers import OWED, hand_in_reminders, is_near, month_of, plan_reminder, receipt
from appraisal.delivery.withdrawn import withdrawal_messages, withdrawal_of
from appraisal.hr.facts import PeriodFacts
from appraisal.ledger.delivery_records import DECIDED, LETTERS, Delivery, DeliveryState, SentPaper
from appraisal.ledger.ledger import Transaction
from appraisal.ledger.records import GroupMonth
from appraisal.period import Period
from appraisal.scheme.forms.hr_acts import ActKind
from appraisal.scoring.deadlines import hand_in_by
from appraisal.workspace.notify import Circulated

NEW_FOR = timedelta(days=7)
_MONTHS_BACK = 3

_PAPERS = {
    SentPaper.NOTICE: Circulated.NOTICE,
    SentPaper.SLIP: Circulated.SLIPS,
    SentPaper.PLAN: Circulated.PLANS,
}


def send_by_itself(context: SendingContext) -> list[str]:
    """Send what settings want sent; Chinese sentences about what did not go. Nothing where somebody else is sending."""
    if not context.settings.notify.does_anything_by_itself:
        return []
    try:
        with only_sender(context):
            return _send(context)
    except SendingInUseError:
        return []


def _send(context: SendingContext) -> list[str]:
    with context.ledger.reading() as transaction:
        before = [one for period in _periods(context) for one in transaction.deliveries.of_period(period)]
        made = list(with_mail_or_held(context, _wanted(context, transaction, before)))
    done = {one.key for one in before if one.state is not DeliveryState.MADE}
    messages = [one for one in made if isinstance(one, Message) and one.key not in done]
    if not messages:
        return list(_read_states(context))
    enter(context, messages)
    keys = {one.key for one in messages if one.same is None}
    months = sorted({(one.key.group, one.key.period) for one in messages})
    with context.ledger.reading() as transaction:
        due = [one for month in months for one in transaction.deliveries.of_month(*month) if one.key in keys]
    send_out(context, due)
    with context.ledger.reading() as transaction:
        stands = [
            one for month in months for one in transaction.deliveries.of_month(*month) if one.key in keys
        ]
    held = [one for one in made if isinstance(one, Held) and one.paper in _PAPERS]
    return [*_told(stands, held), *_read_states(context)]


def _read_states(context: SendingContext) -> tuple[str, ...]:
    return fetch_read_states(context, not_again_within=OFTEN_ENOUGH).problems


def _told(stands: list[Delivery], held: list[Held]) -> list[str]:
    sent = sum(one.state is DeliveryState.SENT for one in stands)
    failed = [one for one in stands if one.state is not DeliveryState.SENT]
    if not failed and not held:
        return []
    why = "；".join(dict.fromkeys([*(one.reason for one in failed), *(one.why for one in held)]))
    return [
        f"自动发送：发出{sent}条，{len(failed)}条没有发到，{len(held)}条没有地址或不能发（{why}）。用 send 补发。"
    ]


def _periods(context: SendingContext) -> list[Period]:
    this = Period.of(context.today)
    return [this.shifted(-back) for back in range(_MONTHS_BACK + 1)]


def _wanted(
    context: SendingContext, transaction: Transaction, before: list[Delivery]
) -> Iterator[Message | Held]:
    automatic = context.settings.notify.automatic
    of_month = [one for one in OF_AN_ISSUED_MONTH if one in automatic]
    waiting = {one.key for one in before if one.state is DeliveryState.MADE}
    looked_at = {_paper_of(one) for one in before if one.key not in waiting}
    looked_at -= {_paper_of(one) for one in before if one.key in waiting}
    for period in _periods(context):
        for month in transaction.months.of_period(period):
            wanted = [
                one
                for one in of_month
                if one is not Circulated.LETTERS
                and (month.group, month.period, month.revision, one) not in looked_at
            ]
            if wanted and is_out(month) and _is_new(context, transaction, month):
                yield from messages_of_month(context, transaction, month, wanted)
            if of_month and _has_new_decision(context, transaction, month):
                yield from (
                    one
                    for one in messages_of_month(context, transaction, month, of_month)
                    if isinstance(one, Message) and (DECIDED in one.key.occasion or one.key.paper in LETTERS)
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


def _paper_of(one: Delivery) -> tuple[str, Period, int, Circulated | None]:
    return one.key.group, one.key.period, one.key.revision, _PAPERS.get(one.key.paper)


def _is_new(context: SendingContext, transaction: Transaction, month: GroupMonth) -> bool:
    current = transaction.months.current(month.group, month.period)
    days = [month.issued_on, current[1].making.made_on if current else None]
    return any(day is not None and context.today - day <= NEW_FOR for day in days)


def _has_new_decision(context: SendingContext, transaction: Transaction, month: GroupMonth) -> bool:
    acts = transaction.acts.find(group=month.group, period=month.period)
    return any(
        one.kind in {ActKind.DECIDE, ActKind.ANSWER} and context.today - one.on <= NEW_FOR for one in acts
    )


def _reminders(context: SendingContext, transaction: Transaction, period: Period) -> Iterator[Message | Held]:
    if is_near(context, hand_in_by(period, context.settings)):
        facts = PeriodFacts(transaction, period, context.today, context.roster, context.settings)
        for group in facts.missing_groups:
            yield from hand_in_reminders(context, transaction, group, period)
    for plan in transaction.plans.of_period(period):
        if plan.is_issued and plan.state in OWED and is_near(context, plan.due):
            month = transaction.months.get(plan.group, period)
            if month is not None and is_out(month):
                yield plan_reminder(context, plan, month.revision)
