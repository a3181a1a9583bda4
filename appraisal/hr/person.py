"""One person of whom HR asks: who is meant by what somebody typed, the months one after the other (`history`), and
the whole record: beside the group's, where points were lost, money, plans, decisions.

The record may be handed to the person, so it names nobody else and gives nobody else's score: of the group it knows the
average, and the range of the middle half in whole points where four or more were ranked.
"""

from __future__ import annotations

import re
import statistics
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from math import ceil, floor

from appraisal.errors import AppraisalError
from appraisal.hr.acknowledgements import GroupAcknowledged, Papers, handouts
from appraisal.hr.appeals import STATES, appeal_as_json
from appraisal.hr.facts import GroupFacts, PeriodFacts
from appraisal.intake.hr_acts import Act
from appraisal.intake.roster import Roster
from appraisal.ledger.delivery_records import Acknowledgement, Delivery
from appraisal.ledger.ledger import Transaction
from appraisal.ledger.records import Appeal, GroupMonth, KeptOutcome, MoneyLine, PersonResult, Plan
from appraisal.period import Period
from appraisal.publish.points_explained import Weakness, weak_indicators
from appraisal.publish.wording import NOT_RANKED, STATE_NAMES
from appraisal.scheme.forms.hr_acts import OUTCOME_SHORT_NAMES
from appraisal.scheme.forms.submission import MOVED_IN_MONTH
from appraisal.scheme.model.units import money
from appraisal.scoring.results import OutcomeState, StaffResult
from appraisal.text import did_you_mean, key


class PersonError(AppraisalError):
    """Nobody (no group) is meant by what was typed, or several people may be: it says who, and what to type."""


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """One person: every name that the ledger or the roster has for them, the latest last, and every group.

    Without a roster an id is the group's own: `shares_id` says that another person bears it elsewhere.
    """

    staff: str
    names: tuple[str, ...]
    groups: tuple[str, ...]
    shares_id: bool = False

    @property
    def name(self) -> str:
        return self.names[-1]

    @property
    def in_words(self) -> str:
        return f"{self.name}（{self.staff}）"


def person_meant(
    transaction: Transaction, roster: Roster | None, typed: str, group: str | None = None
) -> KnownPerson:
    """The one person with this 工号, or else with this name, in the group if one is named. Raises PersonError."""
    people = everybody(transaction, roster)
    if group is not None:
        here = group_meant(transaction, roster, group)
        people = [person for person in people if here in person.groups]
    found = [person for person in people if key(person.staff) == key(typed)]
    found = found or [person for person in people if key(typed) in map(key, person.names)]
    if len(found) == 1:
        return found[0]
    if not found:
        near = (
            did_you_mean(typed, {text for person in people for text in (person.staff, *person.names)}) or "。"
        )
        raise PersonError(f"台账和花名册里没有“{typed}”{near}请写工号，或写姓名。")
    choices = "、".join(f"{person.in_words}在{'、'.join(person.groups)}" for person in found)
    how = "用 --group 写明考核组" if len({person.staff for person in found}) == 1 else "写工号"
    raise PersonError(f"“{typed}”有{len(found)}位：{choices}。请{how}。")


def group_meant(transaction: Transaction, roster: Roster | None, typed: str) -> str:
    """The group of this name, however it is spelled. Raises PersonError."""
    groups = {group for group, _, _ in transaction.past.people()} | set(roster.groups if roster else ())
    same = [group for group in groups if key(group) == key(typed)]
    if len(same) == 1:
        return same[0]
    near = did_you_mean(typed, groups) or "。"
    raise PersonError(f"没有考核组“{typed}”{near}现有：{'、'.join(sorted(groups))}。")


def everybody(transaction: Transaction, roster: Roster | None) -> list[KnownPerson]:
    """Whoever is in a month in force or in the roster."""
    known = list(transaction.past.people())
    if roster is not None:
        known += [(member.group, member.id, member.name) for member in roster.members]
    of_id: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for group, staff, name in known:
        of_id[staff].append((group, name))
    return [
        person
        for staff, found in sorted(of_id.items())
        for person in _people_with(staff, found, transaction, ids_are_own=roster is None)
    ]


def _people_with(
    staff: str, found: Sequence[tuple[str, str]], transaction: Transaction, *, ids_are_own: bool
) -> list[KnownPerson]:
    """One person; without a roster one for each group, unless name and months say that the same one went on."""
    groups = tuple(dict.fromkeys(group for group, _ in found))
    if ids_are_own and len(groups) > 1 and not _went_on(staff, found, transaction):
        return [
            KnownPerson(
                staff,
                _in_order(name for own_group, name in found if own_group == group),
                (group,),
                shares_id=True,
            )
            for group in groups
        ]
    return [KnownPerson(staff, _in_order(name for _, name in found), groups)]


def _went_on(staff: str, found: Sequence[tuple[str, str]], transaction: Transaction) -> bool:
    """Of a month of transfer one group appraises and the other says so."""
    past = transaction.past.of_person(staff)
    months = [month.period for month in past if MOVED_IN_MONTH not in (month.reason or "")]
    return len({key(name) for _, name in found}) == 1 and len(set(months)) == len(months)


def _in_order(names: Iterator[str]) -> tuple[str, ...]:
    """Each once, where it comes last."""
    return tuple(reversed(dict.fromkeys(reversed(list(names)))))


@dataclass(frozen=True, slots=True)
class PersonPast:
    """A person's months in order of time, each with what followed from it as it stands now."""

    person: KnownPerson
    months: tuple[tuple[PersonResult, tuple[KeptOutcome, ...]], ...]
    appeals: tuple[Appeal, ...] = ()

    def in_words(self) -> Iterator[str]:
        """A heading, a line for each month, and what they come to."""
        if not self.months:
            yield f"台账里还没有{self.person.in_words}的考核结果。"
            return
        yield self.person.in_words
        for month, outcomes in self.months:
            yield f"  {month.period}  {month.group}  {_place(month)}{_outcomes(outcomes)}{_edition(month)}"
            for appeal in self._appeals_of(month):
                items, state = "、".join(appeal.items), STATES[appeal.state]
                yield f"    申诉：{appeal.came_on}收到，第{appeal.revision}版，{items}；{state}"
        ranked = [month for month, _ in self.months if month.rank is not None]
        firsts = sum(month.rank == 1 for month in ranked)
        lasts = sum(month.was_sole_last for month in ranked)
        # Whoever changed groups has one month in two.
        months = len({month.period for month, _ in self.months})
        yield f"共{months}个月，参与排名{len(ranked)}个月，第一名{firsts}次，末位{lasts}次。"

    def as_json(self) -> Iterator[dict[str, object]]:
        """One object for each month."""
        for month, outcomes in self.months:
            yield {
                "staff": month.staff,
                "name": month.name,
                "group": month.group,
                "period": str(month.period),
                "revision": month.revision,
                "rank": month.rank,
                "of": month.ranked_count,
                "final": None if month.final is None else str(month.final),
                "reason": month.reason,
                "corrected": month.edition_reason,
                "outcomes": [
                    {
                        "type": outcome.key.type.value,
                        "amount": None if outcome.amount is None else str(outcome.amount),
                        "due": None if outcome.due is None else str(outcome.due),
                        "state": outcome.state.value,
                    }
                    for outcome in outcomes
                ],
                "appeals": [appeal_as_json(appeal) for appeal in self._appeals_of(month)],
            }

    def _appeals_of(self, month: PersonResult) -> list[Appeal]:
        return [
            appeal for appeal in self.appeals if (appeal.group, appeal.period) == (month.group, month.period)
        ]


def past_of(transaction: Transaction, person: KnownPerson) -> PersonPast:
    """The person's months in force."""
    return PersonPast(
        person,
        tuple(
            (
                month,
                tuple(
                    outcome
                    for outcome in transaction.outcomes.of_month(month.group, month.period)
                    if outcome.key.staff == person.staff
                ),
            )
            for month in transaction.past.of_person(person.staff)
            if month.group in person.groups
        ),
        transaction.appeals.of_person(person.staff),
    )


def _place(month: PersonResult) -> str:
    score = "无得分" if month.final is None else f"{month.final}分"
    if month.rank is None:
        return f"{score}，{NOT_RANKED}（{month.reason}）"
    return f"{score}，第{month.rank}名（参评{month.ranked_count}人）"


def _edition(month: PersonResult) -> str:
    return f"；第{month.revision}版·更正：{month.edition_reason}" if month.edition_reason else ""


def _outcomes(outcomes: tuple[KeptOutcome, ...]) -> str:
    return f"；{'、'.join(map(_brief, outcomes))}" if outcomes else ""


def _brief(outcome: KeptOutcome) -> str:
    amount = money(outcome.amount) if outcome.amount else ""
    state = "" if outcome.state is OutcomeState.DUE else f"（{STATE_NAMES[outcome.state]}）"
    return f"{OUTCOME_SHORT_NAMES[outcome.key.type]}{amount}{state}"


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


def personal_record(facts: PeriodFacts, person: KnownPerson, months: Sequence[GroupMonth]) -> PersonalRecord:
    """The record of these months of the person; `facts` are of any period."""
    others: set[str] = set()
    recorded = []
    for month in months:
        group = facts.of_month(month)
        others |= {colleague.name for colleague in group.paper.result.staff if colleague.id != person.staff}
        recorded.append(_recorded(facts.transaction, group, person.staff))
    member = facts.roster.find(person.staff) if facts.roster else None
    periods = {month.period for month in months}
    return PersonalRecord(
        person=person,
        today=facts.today,
        post=member.post if member else None,
        joined=member.joined if member else None,
        months=tuple(recorded),
        lines=tuple(
            line
            for line in facts.transaction.outcomes.lines_of_person(person.staff)
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
