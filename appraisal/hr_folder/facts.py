"""What the ledger knows about a period, read once for all of HR's documents."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from typing import TypedDict

from appraisal.compact import compacted, restored
from appraisal.intake.staff import Roster
from appraisal.intake.submission import Submission
from appraisal.ledger.books import Books
from appraisal.ledger.records import GroupMonth, KeptOutcome, MonthState, OutcomeKey, Revision, RevisionKind
from appraisal.publish.month import Month, OverduePlan
from appraisal.publish.wording import outcome_in_brief
from appraisal.scheme.forms import CORRECTION_REASON, submission_form
from appraisal.scheme.loading import parse_scheme
from appraisal.scheme.model import OutcomeType, Scheme
from appraisal.scheme.period import Period
from appraisal.scoring.history import History
from appraisal.scoring.results import GroupResult, Outcome, OutcomeState
from appraisal.settings import Settings


class _OfItsOwn(TypedDict):
    """What no two groups' papers share, in the names of Month."""

    result: GroupResult
    history: History
    posts: Mapping[str, str]
    former: GroupResult | None
    overdue: tuple[OverduePlan, ...]


@dataclass(frozen=True, slots=True)
class GroupFacts:
    """One group's month in force: where it stands, how it was made, and what its papers are made from.

    `outcomes` are as they stand now.
    """

    month: GroupMonth
    revision: Revision
    scheme: Scheme
    outcomes: tuple[KeptOutcome, ...]
    settings: Settings
    packed: bytes
    """What a paper has of its own, packed: HR's folder is about every group, and one is looked at at a time."""

    @property
    def paper(self) -> Month:
        """What its papers are made from; of the submission only what the ledger keeps."""
        of_its_own: _OfItsOwn = restored(self.packed)
        return Month(
            submission=_as_kept(self.revision),
            scheme=self.scheme,
            form=submission_form(self.scheme),
            settings=self.settings,
            document_number=self.month.document_number,
            **of_its_own,
        )

    def in_brief(self, staff: str) -> str:
        """What follows for the person, as it stands now: `奖励100元；12月10日前交整改方案`."""
        mine = [
            _as_outcome(one)
            for one in self.outcomes
            if one.key.staff == staff and one.state is not OutcomeState.REVERSED
        ]
        mine.sort(key=lambda one: list(OutcomeType).index(one.type))
        return "；".join(map(outcome_in_brief, mine))


@dataclass(frozen=True)
class PeriodFacts:
    """The groups of a period, in the roster's order; those withdrawn are in `withdrawn` only."""

    books: Books
    period: Period
    today: date
    roster: Roster | None
    settings: Settings

    @cached_property
    def groups(self) -> tuple[GroupFacts, ...]:
        months = {
            one.group: one
            for one in self.books.months.of_period(self.period)
            if one.state is not MonthState.WITHDRAWN
        }
        return tuple(self.of_month(months[group]) for group in self.in_order(months))

    @cached_property
    def withdrawn(self) -> tuple[GroupMonth, ...]:
        months = self.books.months.of_period(self.period)
        return tuple(one for one in months if one.state is MonthState.WITHDRAWN)

    @cached_property
    def expected_groups(self) -> tuple[str, ...]:
        """Who owes the month: the roster's groups with people in it, else who had a month before it."""
        if self.roster is None:
            return self.books.months.groups_handed_in(self.period.shifted(-1))
        roster = self.roster
        return tuple(one for one in roster.groups if roster.members_of(one, self.period))

    @cached_property
    def missing_groups(self) -> tuple[str, ...]:
        """Who owes the month and has none in force; a withdrawn one is to come again."""
        expected = {*self.expected_groups, *(one.group for one in self.withdrawn)}
        return tuple(self.in_order(expected - set(self.books.months.groups_handed_in(self.period))))

    def in_order(self, groups: Iterable[str]) -> list[str]:
        """As the roster has them; those that it does not know come last, by name."""
        known = self.roster.groups if self.roster else ()
        return sorted(groups, key=lambda one: (known.index(one) if one in known else len(known), one))

    def posts_of(self, group: str, period: Period) -> Mapping[str, str]:
        members = self.roster.members_of(group, period) if self.roster else ()
        return {one.id: one.post for one in members if one.post}

    def of_month(self, month: GroupMonth) -> GroupFacts:
        """The facts of any group's month in force."""
        group, period = month.group, month.period
        result = self.books.months.result(group, period, month.revision)
        assert result is not None
        revision = next(
            one for one in self.books.months.revisions(group, period) if one.number == month.revision
        )
        scheme = scheme_of(self.books, revision)
        corrects = revision.making.kind is RevisionKind.CORRECTION
        overdue = self.books.plans.overdue_on(revision.issued, group, before=period)
        of_its_own = _OfItsOwn(
            result=result,
            history=self.books.past.before(group, period),
            posts=self.posts_of(group, period),
            former=self.books.months.result(group, period, revision.number - 1) if corrects else None,
            overdue=tuple(OverduePlan(one.period, one.staff, one.due) for one in overdue),
        )
        outcomes = self.books.outcomes.of_month(group, period)
        return GroupFacts(month, revision, scheme, outcomes, self.settings, compacted(of_its_own))


class Names:
    """What people were called in a month, whichever of its revisions knew them last."""

    def __init__(self, books: Books) -> None:
        self._books = books
        self._of_period: dict[Period, Mapping[tuple[str, str], str]] = {}

    def of(self, key: OutcomeKey) -> str:
        if key.period not in self._of_period:
            self._of_period[key.period] = self._books.months.names(key.period)
        return self._of_period[key.period].get((key.group, key.staff), "")


def scheme_of(books: Books, revision: Revision) -> Scheme:
    """The scheme by which the revision was scored, from the rule text that the ledger keeps."""
    content = books.documents.get(revision.making.documents["rules"])
    assert content is not None
    scheme = _parsed(content, f"{revision.scheme}_{revision.version}.yaml")
    return scheme.in_month(revision.period)


@cache
def _parsed(content: bytes, file: str) -> Scheme:
    return parse_scheme(content.decode("utf-8-sig"), file)


def _as_kept(revision: Revision) -> Submission:
    """The submission without its figures, which the ledger does not keep."""
    return Submission(
        file="",
        sha256=revision.making.submission,
        scheme=revision.scheme,
        version=revision.version,
        group=revision.group,
        period=revision.period,
        labels={CORRECTION_REASON: revision.making.reason},
        label_cells={},
        tables={},
    )


def _as_outcome(kept: KeptOutcome) -> Outcome:
    return Outcome(
        staff=kept.key.staff,
        type=kept.key.type,
        amount=kept.amount,
        due=kept.due,
        state=kept.state,
        reason=kept.reason,
        clause=kept.clause,
        capped_by_payroll=kept.capped_by_payroll,
    )
