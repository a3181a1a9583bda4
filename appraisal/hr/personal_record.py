"""One person's months as the ledger has them: beside the group's, where points were lost, money, plans, decisions.

It may be handed to the person, so it names nobody else and gives nobody else's score: of the group it knows the
average, and the range of the middle half in whole points where four or more were ranked.
"""

from __future__ import annotations

import re
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from math import ceil, floor

from appraisal.hr.acknowledgements import (
    GroupAcknowledged,
    Papers,
    handouts,
)
from appraisal.hr.facts import GroupFacts, PeriodFacts
from appraisal.hr.person import KnownPerson
from appraisal.intake.hr_acts import Act
from appraisal.intake.roster import Roster
from appraisal.ledger.delivery_records import Acknowledgement, Delivery
from appraisal.ledger.ledger import Transaction
from appraisal.ledger.records import Appeal, GroupMonth, MoneyLine, Plan
from appraisal.period import Period
from appraisal.publish.weaknesses import Weakness, weak_indicators
from appraisal.scoring.results import StaffResult
from appraisal.workspace.settings import Settings

FEWEST = 4
"""Of fewer people the middle half would be single people's scores."""


@dataclass(frozen=True, slots=True)
class RecordedMonth:
    """One month of the person's. `middle_half` is the range in which half of the ranked lie, in whole points.

    `released` is the plan that a correction no longer asks for.
    """

    month: GroupMonth
    person: StaffResult
    ranked: int
    average: Decimal | None
    middle_half: tuple[int, int] | None
    follows: str
    weaknesses: tuple[Weakness, ...]
    plan: Plan | None
    released: Plan | None
    decisions: tuple[Act, ...]
    appeals: tuple[Appeal, ...]
    acknowledgements: tuple[Acknowledgement, ...]
    unsigned: Papers
    sent: tuple[Delivery, ...]


@dataclass(frozen=True, slots=True)
class PersonalRecord:
    """What the ledger has of the person in these months, as of `today`.

    `withheld` takes other people's names out of what somebody wrote.
    """

    person: KnownPerson
    today: date
    post: str | None
    joined: date | None
    months: tuple[RecordedMonth, ...]
    lines: tuple[MoneyLine, ...]
    withheld: Callable[[str], str]


def months_recorded(
    transaction: Transaction, person: KnownPerson, *, since: Period | None, until: Period | None
) -> list[GroupMonth]:
    """The person's months in force from `since` to `until`, both included, in order of time."""
    found = (
        transaction.months.get(month.group, month.period)
        for month in transaction.past.of_person(person.staff)
        if month.group in person.groups
        and (since is None or since <= month.period)
        and (until is None or month.period <= until)
    )
    return [month for month in found if month is not None]


def personal_record(
    transaction: Transaction,
    person: KnownPerson,
    months: Sequence[GroupMonth],
    *,
    roster: Roster | None,
    settings: Settings,
    today: date,
) -> PersonalRecord:
    """The record of these months of the person."""
    others: set[str] = set()
    recorded = []
    for month in months:
        facts = PeriodFacts(
            transaction=transaction, period=month.period, today=today, roster=roster, settings=settings
        ).of_month(month)
        others |= {colleague.name for colleague in facts.paper.result.staff if colleague.id != person.staff}
        recorded.append(_recorded(transaction, facts, person.staff))
    member = roster.find(person.staff) if roster else None
    periods = {month.period for month in months}
    return PersonalRecord(
        person=person,
        today=today,
        post=member.post if member else None,
        joined=member.joined if member else None,
        months=tuple(recorded),
        lines=tuple(
            line
            for line in transaction.outcomes.lines_of_person(person.staff)
            if line.key.group in person.groups and line.key.period in periods
        ),
        withheld=_withholding(others, person.names),
    )


def _recorded(transaction: Transaction, facts: GroupFacts, staff: str) -> RecordedMonth:
    def is_theirs(item: Act | Appeal | Acknowledgement) -> bool:
        return item.staff == staff

    paper, month = facts.paper, facts.month
    group, period = month.group, month.period
    papers = GroupAcknowledged(group, period, handouts(transaction, period).get(group, ()), has_begun=True)
    sent = transaction.deliveries.of_month(group, period)
    return RecordedMonth(
        month=month,
        person=paper.result.person(staff),
        ranked=len(paper.result.ranked),
        average=paper.average,
        middle_half=middle_half(paper.result.finals),
        follows=facts.in_brief(staff),
        weaknesses=weak_indicators(paper, staff),
        plan=transaction.plans.get(group, period, staff),
        released=transaction.plans.released(group, period, staff),
        decisions=tuple(filter(is_theirs, transaction.acts.find(group=group, period=period))),
        appeals=tuple(filter(is_theirs, transaction.appeals.of_month(group, period))),
        acknowledgements=tuple(filter(is_theirs, transaction.acknowledgements.of_month(group, period))),
        unsigned=papers.of_person(staff).missing,
        sent=tuple(delivery for delivery in sent if delivery.key.addressee == staff),
    )


def middle_half(finals: Sequence[Decimal]) -> tuple[int, int] | None:
    """From the first to the third quartile, widened to whole points; None of fewer than four."""
    if len(finals) < FEWEST:
        return None
    first, _, third = statistics.quantiles(finals, n=4, method="inclusive")
    return floor(first), ceil(third)


def _withholding(others: set[str], own: Sequence[str]) -> Callable[[str], str]:
    """Puts 某同事 for other people's names; one that is part of the person's own name stays there."""
    names = sorted({*others, *own} - {""}, key=len, reverse=True)
    pattern = re.compile("|".join(map(re.escape, names)))
    return lambda text: pattern.sub(lambda found: found[0] if found[0] in own else "某同事", text)
