"""What the ledger knows about a period, read for all of HR's documents, many groups at a time.

A group's facts are plain values, to be looked at in whatever process.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, cached_property
from typing import TYPE_CHECKING

from appraisal.intake.hr_acts import Act
from appraisal.intake.roster import Roster
from appraisal.intake.submission import Submission
from appraisal.ledger.months import RULE_FILE, RULES_AT_HAND, result_from_bytes
from appraisal.ledger.outcome_changes import as_decided, as_outcome
from appraisal.ledger.records import (
    GroupMonth,
    KeptOutcome,
    MonthState,
    OutcomeKey,
    Plan,
    PlanState,
    Revision,
)
from appraisal.period import Period
from appraisal.publish.month import Month, OpenPlan, PlanStage
from appraisal.publish.wording import outcomes_in_brief
from appraisal.scheme.forms.submission import SubmissionForm, submission_form
from appraisal.scheme.model.outcome_rules import OutcomeType
from appraisal.scheme.model.scheme import Scheme
from appraisal.scheme.rulebook import parse_scheme
from appraisal.scoring.results import GroupResult, History, OutcomeState
from appraisal.workspace.settings import Settings

if TYPE_CHECKING:  # whoever looks at a group in another process has no use for a database
    from appraisal.ledger.ledger import Transaction

BATCH = 16
"""Groups that are read together: few questions to the ledger, and few months open at once (300 kB each)."""

NOT_HANDED_IN = "未报送"

MONTH_STATES = {
    MonthState.OPEN: "未下发",
    MonthState.ISSUED: "已下发",
    MonthState.CLOSED: "已关账",
    MonthState.WITHDRAWN: "已撤回",
}


def state_in_words(month: GroupMonth) -> str:
    """Where it stands; a closed one says whether it had been issued: `已关账（未下发）`."""
    words = MONTH_STATES[month.state]
    if month.state is not MonthState.CLOSED:
        return words
    return f"{words}（{MONTH_STATES[MonthState.ISSUED if month.is_issued else MonthState.OPEN]}）"


@dataclass(frozen=True)
class GroupFacts:
    """One group's month in force: where it stands, how it was made, and what its papers are made from.

    `kept` is its result as the ledger has it. `outcomes` are as they stand now, `acts` those of the month
    where HR has decided about one. `ids_are_own` says that another group may have the same staff ids, as
    it may without a roster. `words` are HR's in the notice.
    """

    month: GroupMonth
    revision: Revision
    scheme: Scheme
    form: SubmissionForm
    settings: Settings
    kept: bytes
    former: GroupResult | None
    history: History
    posts: Mapping[str, str]
    open_plans: tuple[OpenPlan, ...]
    outcomes: tuple[KeptOutcome, ...]
    acts: tuple[Act, ...]
    ids_are_own: bool
    words: Mapping[str, tuple[str, ...]]

    @cached_property
    def paper(self) -> Month:
        """What its papers are made from; of the submission only what the ledger keeps."""
        return Month(
            result=as_decided(result_from_bytes(self.kept), self.outcomes, self.acts),
            submission=_as_kept(self.revision),
            scheme=self.scheme,
            form=self.form,
            settings=self.settings,
            history=self.history,
            posts=self.posts,
            former=self.former,
            reason=self.revision.provenance.reason,
            document_number=self.month.document_number,
            open_plans=self.open_plans,
            is_draft=not self.month.is_issued,
            words=self.words,
        )

    def in_brief(self, staff: str) -> str:
        """What follows for the person, as it stands now: `奖励100元；12月10日前交整改方案`."""
        return in_brief((outcome for outcome in self.outcomes if outcome.key.staff == staff), self.month)


def in_brief(outcomes: Iterable[KeptOutcome], month: GroupMonth) -> str:
    """What follows from the month for one person."""
    stand = [as_outcome(outcome) for outcome in outcomes if outcome.state is not OutcomeState.REVERSED]
    stand.sort(key=lambda outcome: list(OutcomeType).index(outcome.type))
    return outcomes_in_brief(stand, is_draft=not month.is_issued)


@dataclass(frozen=True, slots=True)
class Visit:
    """A group to be looked at: `plans` are last month's that were issued, `before` the month that asked for them."""

    facts: GroupFacts
    before: GroupFacts | None = None
    plans: tuple[Plan, ...] = ()


def _as_kept(revision: Revision) -> Submission:
    """The submission without its figures, which the ledger does not keep."""
    return Submission(
        file="",
        sha256=revision.provenance.submission,
        scheme=revision.scheme,
        version=revision.version,
        group=revision.group,
        period=revision.period,
        labels={},
        label_cells={},
        tables={},
    )


@dataclass(frozen=True)
class PeriodFacts:
    """The groups of a period, in the roster's order; those withdrawn are in `withdrawn` only."""

    transaction: Transaction
    period: Period
    today: date
    roster: Roster | None
    settings: Settings

    @cached_property
    def months(self) -> tuple[GroupMonth, ...]:
        """The groups' months in force."""
        months = {month.group: month for month in self._recorded if month.state is not MonthState.WITHDRAWN}
        return tuple(months[group] for group in self.in_order(months))

    @cached_property
    def withdrawn(self) -> tuple[GroupMonth, ...]:
        return tuple(month for month in self._recorded if month.state is MonthState.WITHDRAWN)

    @cached_property
    def months_of_others(self) -> tuple[GroupMonth, ...]:
        """Last month's in force of the groups that have none now."""
        there = {month.group for month in self.months}
        return tuple(month for month in self._last_months if month.group not in there)

    @cached_property
    def outcomes(self) -> tuple[KeptOutcome, ...]:
        """What follows for everybody, as it stands now."""
        return self.transaction.outcomes.of_period(self.period)

    @cached_property
    def expected_groups(self) -> tuple[str, ...]:
        """Who owes the month: the roster's groups with people in it, else who had a month before it."""
        if self.roster is None:
            return self.transaction.months.groups_handed_in(self.period.shifted(-1))
        roster = self.roster
        return tuple(group for group in roster.groups if roster.members_of(group, self.period))

    @cached_property
    def missing_groups(self) -> tuple[str, ...]:
        """Who owes the month and has none in force; a withdrawn one is to come again."""
        expected = {*self.expected_groups, *(month.group for month in self.withdrawn)}
        return tuple(self.in_order(expected - {month.group for month in self.months}))

    def in_order(self, groups: Iterable[str]) -> list[str]:
        """As the roster has them; those that it does not know come last, by name."""
        places = self._places
        return sorted(groups, key=lambda group: (places.get(group, len(places)), group))

    def visits(self) -> Iterator[list[Visit]]:
        """Every group of the period, in batches that are read as they are asked for."""
        for facts in self.in_batches(self.months):
            groups = {group.month.group for group in facts} & self._issued_plans.keys()
            asked_by = [month for month in self._last_months if month.group in groups]
            before = {group.month.group: group for batch in self.in_batches(asked_by) for group in batch}
            yield [
                Visit(visited, before[group], tuple(self._issued_plans[group]))
                if (group := visited.month.group) in before
                else Visit(visited)
                for visited in facts
            ]

    def in_batches(self, months: Sequence[GroupMonth]) -> Iterator[list[GroupFacts]]:
        """The facts of months in force of one period, read as they are asked for."""
        for first in range(0, len(months), BATCH):
            yield self._read(months[first : first + BATCH])

    def of_month(self, month: GroupMonth) -> GroupFacts:
        """The facts of any group's month in force."""
        (facts,) = self._read([month])
        return facts

    def _read(self, months: Sequence[GroupMonth]) -> list[GroupFacts]:
        transaction, period = self.transaction, months[0].period
        groups = [month.group for month in months]
        in_force = transaction.months.in_force(groups, period)
        histories = transaction.past.before_each(groups, period)
        outcomes = transaction.outcomes.of_months(groups, period)
        open_plans = self._open_plans([revision for revision, _ in in_force.values()], period)
        read = []
        for month in months:
            group, (revision, kept) = month.group, in_force[month.group]
            scheme, form = self.standard_of(revision)
            decided = any(outcome.decision is not None for outcome in outcomes[group])
            read.append(
                GroupFacts(
                    month=month,
                    revision=revision,
                    scheme=scheme,
                    form=form,
                    settings=self.settings,
                    kept=kept,
                    former=transaction.months.result(group, period, revision.number - 1)
                    if revision.provenance.corrects_issued
                    else None,
                    history=histories[group],
                    posts=self._posts_of(group, period),
                    open_plans=tuple(open_plans[group]),
                    outcomes=outcomes[group],
                    acts=transaction.acts.find(group=group, period=period) if decided else (),
                    words=transaction.documents.words(revision.provenance.documents),
                    ids_are_own=self.roster is None,
                )
            )
        return read

    def _open_plans(self, revisions: Iterable[Revision], period: Period) -> dict[str, list[OpenPlan]]:
        """By group, as each one's notice has to say it: on the day that it bears."""
        by_day: defaultdict[date, list[str]] = defaultdict(list)
        for revision in revisions:
            by_day[revision.issued].append(revision.group)
        found: defaultdict[str, list[OpenPlan]] = defaultdict(list)
        for day, groups in by_day.items():
            for group, plan in open_plans(self.transaction, day, *groups, before=period):
                found[group].append(plan)
        return found

    def _posts_of(self, group: str, period: Period) -> Mapping[str, str]:
        members = self.roster.members_of(group, period) if self.roster else ()
        return {member.id: member.post for member in members if member.post}

    def standard_of(self, revision: Revision) -> tuple[Scheme, SubmissionForm]:
        """What the revision was scored by, from the rule text that the ledger keeps; read once a period."""
        kept = revision.provenance.documents
        key = kept.get(RULE_FILE) or kept[RULES_AT_HAND], revision.period
        if key not in self._standards:
            content = self.transaction.documents.get(key[0])
            assert content is not None
            scheme = _parsed(content, f"{revision.scheme}_{revision.version}.yaml").in_month(revision.period)
            self._standards[key] = scheme, submission_form(scheme)
        return self._standards[key]

    @cached_property
    def _standards(self) -> dict[tuple[str, Period], tuple[Scheme, SubmissionForm]]:
        return {}

    @cached_property
    def _recorded(self) -> tuple[GroupMonth, ...]:
        """Every group's month, withdrawn ones included."""
        return self.transaction.months.of_period(self.period)

    @cached_property
    def _last_months(self) -> tuple[GroupMonth, ...]:
        """Every group's month in force of the period before."""
        months = self.transaction.months.of_period(self.period.shifted(-1))
        return tuple(month for month in months if month.state is not MonthState.WITHDRAWN)

    @cached_property
    def _issued_plans(self) -> Mapping[str, list[Plan]]:
        """Last month's, by group."""
        found: defaultdict[str, list[Plan]] = defaultdict(list)
        for plan in self.transaction.plans.of_period(self.period.shifted(-1)):
            if plan.is_issued:
                found[plan.group].append(plan)
        return found

    @cached_property
    def _places(self) -> Mapping[str, int]:
        return {group: place for place, group in enumerate(self.roster.groups if self.roster else ())}


MONTHS_BACK = 3
"""So far back it is told what has not come, is not signed for, or did not arrive."""


def months_before(facts: PeriodFacts) -> list[PeriodFacts]:
    """The facts of these months, old to new."""
    return [replace(facts, period=facts.period.shifted(-back)) for back in range(MONTHS_BACK, 0, -1)]


_STAGES = {
    PlanState.EXPECTED: PlanStage.MISSING,
    PlanState.SUBMITTED: PlanStage.SUBMITTED,
    PlanState.RETURNED: PlanStage.RETURNED,
}


def open_plans(
    transaction: Transaction, day: date, *groups: str, before: Period
) -> tuple[tuple[str, OpenPlan], ...]:
    """Of which plans of earlier months the groups' notices of `day` remind, each with its group."""
    found = transaction.plans.unsettled_on(day, *groups, before=before)
    return tuple(
        (plan.group, OpenPlan(plan.period, plan.staff, plan.due, _STAGES[state])) for plan, state in found
    )


class Names:
    """What people were called in a month, whichever of its revisions knew them last."""

    def __init__(self, transaction: Transaction) -> None:
        self._in = cache(transaction.months.names)

    def of(self, key: OutcomeKey) -> str:
        return self._in(key.period, key.group).get((key.group, key.staff), "")

    def who(self, group: str, period: Period, staff: str) -> str:
        """`张三（KF001）`; whoever is nobody of the month's as it stands."""
        name = self._in(period, group).get((group, staff))
        return f"{name}（{staff}）" if name else staff


@cache
def _parsed(content: bytes, file: str) -> Scheme:
    return parse_scheme(content.decode("utf-8-sig"), file)
