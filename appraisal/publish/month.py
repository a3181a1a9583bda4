"""Everything that the papers of one group and month are made from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cached_property

from appraisal.intake.submission import CellValue, Row, Submission
from appraisal.period import Period
from appraisal.scheme.forms.submission import STAFF_ID, SubmissionForm
from appraisal.scheme.model.scheme import Scheme
from appraisal.scheme.model.units import POINT_DECIMALS, round_half_up
from appraisal.scoring.deadlines import appeals_by
from appraisal.scoring.final_score import FinalScore, final_score, mean_final, places_gained
from appraisal.scoring.results import GroupResult, History, StaffResult
from appraisal.scoring.scoring import GroupFigures
from appraisal.workspace.settings import Settings


class PlanStage(StrEnum):
    """How far a plan (整改方案) had come: not at all, handed in and to be judged, returned and not handed in again."""

    MISSING = "missing"
    SUBMITTED = "submitted"
    RETURNED = "returned"


@dataclass(frozen=True, slots=True)
class OpenPlan:
    """A plan of an earlier month that was not settled when this month's notice was issued."""

    period: Period
    staff: str
    due: date
    stage: PlanStage = PlanStage.MISSING


@dataclass(frozen=True)
class Month:
    """One group's month, scored; `history` holds the months before it.

    `posts` maps staff ids to 岗位 where the roster says them. `former` is the issued result in whose place this
    one comes, `reason` why; `document_number` is 文号 as HR issued it.
    `open_plans` are earlier plans not settled yet, in order of time; `measured` are the month's figures, where
    they are known already. Until HR has issued it, a month `is_draft` and all its papers say so.
    `words` are what HR wrote into the marked places of the notice.
    """

    result: GroupResult
    submission: Submission
    scheme: Scheme
    form: SubmissionForm
    settings: Settings
    history: History
    posts: Mapping[str, str]
    former: GroupResult | None = None
    reason: str | None = None
    document_number: str | None = None
    open_plans: tuple[OpenPlan, ...] = ()
    is_draft: bool = False
    words: Mapping[str, Sequence[str]] = field(default_factory=dict)
    measured: GroupFigures | None = field(default=None, repr=False, compare=False)

    @cached_property
    def figures(self) -> GroupFigures:
        """The group's figures, and what every indicator measures."""
        return self.measured or GroupFigures(self.submission, self.scheme)

    def score_of(self, person: StaffResult) -> FinalScore:
        """How the person's final score comes about."""
        return self._scores[person.id]

    @cached_property
    def _scores(self) -> Mapping[str, FinalScore]:
        return {
            person.id: final_score(self.scheme, person.indicators, person.stood_in)
            for person in self.result.staff
        }

    def earned(self, person: StaffResult) -> Mapping[str, Decimal]:
        """The points of each indicator that applies, by the weights of its reviewers, 2 decimals."""
        return self._earned[person.id]

    @cached_property
    def _earned(self) -> Mapping[str, Mapping[str, Decimal]]:
        return {
            person.id: {
                name: round_half_up(self.scheme.weigh(name, result.points), POINT_DECIMALS)
                for name, result in person.indicators.items()
                if result.applicable
            }
            for person in self.result.staff
        }

    def typed(self, sheet: str, staff: str, column: str) -> CellValue:
        """What stands in the person's cell of the submission; None where it is blank or there is no row."""
        row = self._rows.get(sheet, {}).get(staff)
        return None if row is None else row.values.get(column)

    @cached_property
    def _rows(self) -> Mapping[str, Mapping[CellValue, Row]]:
        """The people's rows, by sheet and 工号."""
        return {
            sheet: {row.values.get(STAFF_ID): row for row in reversed(table.rows)}
            for sheet, table in self.submission.tables.items()
        }

    def rank_change(self, person: StaffResult) -> int | None:
        """Places gained since last month (positive is better); None where there is nothing to compare."""
        before = self.history.month_of(person.id, self.result.period.shifted(-1))
        return places_gained(before, person.rank, len(self.result.ranked))

    @cached_property
    def ranked_last_month(self) -> int | None:
        """How many were ranked last month, where this month knows of it."""
        return self.history.ranked_in(self.result.period.shifted(-1))

    @property
    def appeal_by(self) -> date:
        """The last day to object to the result."""
        return appeals_by(self.result.issued, self.settings)

    @cached_property
    def average(self) -> Decimal | None:
        """The mean final score of the ranked, 2 decimals; None where nobody is ranked."""
        return mean_final(self.result.finals)
