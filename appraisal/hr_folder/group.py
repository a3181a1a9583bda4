"""What the ledger knows about one group's month: plain values, to be looked at in whatever process."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from appraisal.intake.submission import Submission
from appraisal.ledger import documents
from appraisal.ledger.records import Act, GroupMonth, KeptOutcome, Plan, Revision
from appraisal.publish.month import Month, OverduePlan
from appraisal.publish.wording import outcome_in_brief
from appraisal.scheme.forms.submission import CORRECTION_REASON, SubmissionForm
from appraisal.scheme.model.outcome_rules import OutcomeType
from appraisal.scheme.model.scheme import Scheme
from appraisal.scoring.results import GroupResult, History, Outcome, OutcomeState
from appraisal.workspace.settings import Settings


@dataclass(frozen=True)
class GroupFacts:
    """One group's month in force: where it stands, how it was made, and what its papers are made from.

    `kept` is its result as the ledger has it. `outcomes` are as they stand now, `acts` those of the month
    where HR has decided about one. `ids_are_own` says that another group may have the same staff ids, as
    it may without a roster.
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
    overdue: tuple[OverduePlan, ...]
    outcomes: tuple[KeptOutcome, ...]
    acts: tuple[Act, ...]
    ids_are_own: bool

    @cached_property
    def paper(self) -> Month:
        """What its papers are made from; of the submission only what the ledger keeps."""
        return Month(
            result=documents.from_bytes(self.kept),
            submission=_as_kept(self.revision),
            scheme=self.scheme,
            form=self.form,
            settings=self.settings,
            history=self.history,
            posts=self.posts,
            former=self.former,
            document_number=self.month.document_number,
            overdue=self.overdue,
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
