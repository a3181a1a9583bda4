"""What became of giving one message to its service."""

from __future__ import annotations

from dataclasses import dataclass

from appraisal.ledger.delivery_records import DeliveryState


@dataclass(frozen=True, slots=True)
class Handover:
    """The message's state from now on, and why. `ends_channel`: the others on the same way need not be tried now.

    `receipt` is the number by which its service can be asked later what became of it.
    """

    state: DeliveryState
    reason: str = ""
    ends_channel: bool = False
    receipt: str = ""


SENT = Handover(DeliveryState.SENT)


def refused(reason: str) -> Handover:
    """The service said no: it did certainly not arrive, and would not a second time."""
    return Handover(DeliveryState.REFUSED, reason)


def unsure(reason: str) -> Handover:
    """It was handed over, and no answer came that could be understood: HR finds out whether it arrived.

    Nothing more goes the same way now: it would be as unsure.
    """
    return Handover(DeliveryState.UNSURE, reason, ends_channel=True)


def later(reason: str, *, ends_channel: bool = False) -> Handover:
    """It was certainly not taken, and may be another time: it stays to be sent."""
    return Handover(DeliveryState.MADE, reason, ends_channel)
