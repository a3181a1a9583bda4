"""Money settled once: which lines must be added so that what was written comes to what is due.

A line is never changed. What no longer holds is taken back by a reversal of its own, and what holds
instead is written anew, so that payroll can follow every yuan. After any number of settlements the
lines of a key alternate between an original and its reversal, and their sum is what is due.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from appraisal.ledger.records import MoneyLine, OutcomeKey
from appraisal.period import Period


@dataclass(frozen=True, slots=True)
class Due:
    """What an outcome in force moves: signed, not 0, and why."""

    amount: Decimal
    reason: str
    capped_by_payroll: bool = False


@dataclass(frozen=True, slots=True)
class Posting:
    """The act that settles: its day, the revision in force, and why former lines are taken back."""

    on: date
    revision: int
    why: str


def settle(
    recorded: Sequence[MoneyLine], wanted: Mapping[OutcomeKey, Due], posting: Posting
) -> tuple[MoneyLine, ...]:
    """The lines to add to `recorded` so that each key comes to what is wanted; keys not wanted to 0.

    `recorded` holds every line of the keys concerned. Once the lines are added, settling again adds
    nothing.
    """
    last = {line.key: line for line in sorted(recorded, key=lambda line: line.sequence)}
    lines: list[MoneyLine] = []
    for key in sorted({*last, *wanted}):
        lines += _settle_one(key, last.get(key), wanted.get(key), posting)
    return tuple(lines)


def _settle_one(
    key: OutcomeKey, last: MoneyLine | None, due: Due | None, posting: Posting
) -> list[MoneyLine]:
    """The reversal of the line that stands, then the new line; nothing where they are alike."""
    standing = last if last is not None and last.reverses is None else None
    if (standing and standing.amount) == (due and due.amount):
        return []
    lines = []
    sequence = last.sequence if last is not None else 0
    if standing is not None:
        sequence += 1
        reversal = Due(-standing.amount, posting.why, standing.capped_by_payroll)
        lines.append(_line(key, sequence, reversal, posting, reverses=standing.sequence))
    if due is not None:
        lines.append(_line(key, sequence + 1, due, posting, reverses=None))
    return lines


def _line(key: OutcomeKey, sequence: int, due: Due, posting: Posting, *, reverses: int | None) -> MoneyLine:
    return MoneyLine(
        key=key,
        sequence=sequence,
        amount=due.amount,
        reverses=reverses,
        revision=posting.revision,
        reason=due.reason,
        recorded_on=posting.on,
        paid_in=Period.of(posting.on),
        capped_by_payroll=due.capped_by_payroll,
    )
