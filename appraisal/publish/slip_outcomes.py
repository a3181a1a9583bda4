"""What the month means for one person: money, plan, or nothing, each in a sentence to that person."""

from __future__ import annotations

from collections.abc import Iterator

from appraisal.publish.month import Month
from appraisal.publish.wording import HELD, OUTCOME_NAMES, full_date, graded_conditions
from appraisal.scheme.model.outcome_rules import OutcomeType
from appraisal.scheme.model.units import money
from appraisal.scoring.results import Outcome, OutcomeState, StaffResult


def what_follows(month: Month, person: StaffResult, place: str) -> list[str]:
    """At least one sentence; `place` is the person's own, like `第3名`.

    A transfer is never mentioned: that prompt is for manager and HR.
    """
    result = month.result
    if result.is_trial:
        return ["本月为试评，只看得分和名次，不涉及奖励和提成调整。"]
    if not person.ranked:
        return ["本月不参与排名，没有奖励、提成调整和整改要求。"]
    if result.no_outcomes is not None:
        return [result.no_outcomes]
    grades = graded_conditions(month.scheme)
    sentences = [
        sentence
        for one in result.outcomes_of(person.id)
        for sentence in _sentence(
            one, one.reason if one.reason in grades else f"综合排名{place}", month.scheme.superior
        )
    ]
    return sentences or ["本月没有奖励、提成调整和整改要求。"]


def _sentence(outcome: Outcome, what_for: str, superior: str) -> Iterator[str]:
    if outcome.state is OutcomeState.REVERSED:
        return
    if outcome.state is OutcomeState.HOLD:
        yield f"{what_for}，{OUTCOME_NAMES[outcome.type]}{HELD}。"
    elif outcome.type is OutcomeType.REWARD and outcome.amount is not None:
        yield f"{what_for}，奖励{money(outcome.amount)}。"
    elif outcome.type is OutcomeType.DEDUCT and outcome.amount is not None:
        settled = "，由财务按实际提成核定" if outcome.capped_by_payroll else ""
        yield f"{what_for}，当月提成减少{money(outcome.amount)}{settled}。"
    elif outcome.type is OutcomeType.RECTIFICATION and outcome.due is not None:
        yield f"请于{full_date(outcome.due)}前向{superior}提交整改方案，方案表另发。"
