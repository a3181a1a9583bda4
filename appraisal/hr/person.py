"""Which person is meant by what somebody typed; and that person's months, one after the other: what `history` tells."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from appraisal.errors import AppraisalError
from appraisal.hr.appeals import STATES, appeal_as_json
from appraisal.intake.roster import Roster
from appraisal.ledger.ledger import Transaction
from appraisal.ledger.records import Appeal, KeptOutcome, PersonResult
from appraisal.publish.wording import NOT_RANKED, STATE_NAMES
from appraisal.scheme.forms.hr_acts import OUTCOME_SHORT_NAMES
from appraisal.scheme.forms.submission import MOVED_IN_MONTH
from appraisal.scheme.model.units import money
from appraisal.scoring.results import OutcomeState
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
