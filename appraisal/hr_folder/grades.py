"""What 等级与绩效系数 lists of a group: everybody, if its scheme has grades, with what finance needs of them."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from appraisal.hr_folder.group import GroupFacts
from appraisal.publish.hr.grades import GradeLine, GradeState
from appraisal.scheme.model.outcome_rules import OutcomeType
from appraisal.scoring.results import OutcomeState, StaffResult


def grades_of(facts: GroupFacts) -> Iterator[GradeLine]:
    """The ranked by rank with their grade, then the others with the reason why they have none."""
    if not facts.scheme.grades:
        return
    result = facts.paper.result
    for person in (*result.ranked, *result.not_ranked):
        grade = facts.scheme.grade_of(person.final) if person.ranked else None
        yield GradeLine(
            group=result.group,
            staff=person.id,
            name=person.name,
            final=person.final,
            grade=grade.name if grade else None,
            factor=grade.factor if grade else None,
            rewards=_rewards(facts, person),
            state=_state(facts),
            revision=result.revision,
            remark=person.reason or "",
        )


def _state(facts: GroupFacts) -> GradeState:
    if facts.paper.result.is_trial:
        return GradeState.TRIAL
    return GradeState.IN_FORCE if facts.month.is_issued else GradeState.NOT_ISSUED


def _rewards(facts: GroupFacts, person: StaffResult) -> Decimal | None:
    """What is due to the person beside the factor; None without any."""
    mine = [one for one in facts.outcomes if one.key.staff == person.id and one.state is OutcomeState.DUE]
    amounts = [one.amount or Decimal(0) for one in mine if one.key.type is OutcomeType.REWARD]
    return sum(amounts, Decimal(0)) if amounts else None
