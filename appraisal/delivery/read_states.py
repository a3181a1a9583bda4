"""Whether a paper arrived and was seen, asked of the services that tell it, and kept: they forget it within days.

Seen is no signature: it says that the message was opened in the person's account.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from appraisal.delivery.apps import TELLS_FOR, CompanyApps
from appraisal.delivery.message import Handover
from appraisal.delivery.sending import SendingContext
from appraisal.ledger.delivery_records import CHANNEL_NAMES, Channel, Delivery, DeliveryState

OFTEN_ENOUGH = timedelta(hours=1)
"""By itself nothing is asked about again before."""


@dataclass(frozen=True, slots=True)
class ReadStates:
    """How many messages were asked about, and what the services would not tell, in Chinese."""

    asked: int = 0
    problems: tuple[str, ...] = ()


def fetch_read_states(
    context: SendingContext,
    *,
    which: Callable[[Delivery], bool] = lambda _: True,
    not_again_within: timedelta = timedelta(0),
) -> ReadStates:
    """Ask about what was sent and is not known to be seen, as long as its service tells."""
    now = context.now()
    with context.ledger.reading() as transaction:
        waiting = [
            one
            for one in transaction.deliveries.not_seen(now - max(TELLS_FOR.values()))
            if which(one)
            and now - one.changed_at <= TELLS_FOR[one.channel]
            and now - (one.asked_at or one.changed_at) >= not_again_within
        ]
    apps, asked, closed = CompanyApps(context.settings.notify, context.secret, context.now), 0, set[Channel]()
    problems: list[str] = []
    for one in waiting:
        if one.channel in closed:
            continue
        state = apps.read_state(one.channel, one.address, one.receipt)
        if isinstance(state, Handover):
            problems.append(f"{CHANNEL_NAMES[one.channel]}没有答复是否已读（{state.reason}）")
            if state.ends_channel or state.state is DeliveryState.MADE:
                closed.add(one.channel)
            continue
        asked += 1
        with context.ledger.writing() as transaction:
            if state.refused:
                refusal = DeliveryState.REFUSED, state.refused
                transaction.deliveries.end(one.id, *refusal, context.now(), receipt=one.receipt)
            else:
                transaction.deliveries.note_read(one, state.arrived, state.seen, context.now())
    return ReadStates(asked, tuple(dict.fromkeys(problems)))
