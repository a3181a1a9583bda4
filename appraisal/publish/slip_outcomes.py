"""What the month means for one person: money, plan, or nothing, each in a sentence to that person."""

from __future__ import annotations

from collections.abc import Iterator

from appraisal.publish.wording import HELD, OUTCOME_NAMES, full_date
from appraisal.scheme.model import OutcomeType
from appraisal.scheme.units import money
from appraisal.scoring.results import GroupResult, Outcome, OutcomeState, StaffResult


def what_follows(result: GroupResult, person: StaffResult, place: str) -> list[str]:
    """At least one sentence; `place` is the person's own, like `第3名`.

    A transfer is never mentioned: that prompt is for manager and HR.
    """
    if result.is_trial:
        return ["本月为试评，只看得分和名次，不涉及奖励和提成调整。"]
    if not person.ranked:
        return ["本月不参与排名，没有奖励、提成调整和整改要求。"]
    if result.no_outcomes is not None:
        return [result.no_outcomes]
    sentences = [one for outcome in result.outcomes_of(person.id) for one in _sentence(outcome, place)]
    return sentences or ["本月没有奖励、提成调整和整改要求。"]


def _sentence(outcome: Outcome, place: str) -> Iterator[str]:
    if outcome.state is OutcomeState.REVERSED:
        return
    if outcome.state is OutcomeState.HOLD:
        yield f"综合排名{place}，{OUTCOME_NAMES[outcome.type]}{HELD}。"
    elif outcome.type is OutcomeType.REWARD and outcome.amount is not None:
        yield f"综合排名{place}，奖励{money(outcome.amount)}。"
    elif outcome.type is OutcomeType.DEDUCT and outcome.amount is not None:
        settled = "，由财务按实际提成核定" if outcome.capped_by_payroll else ""
        yield f"综合排名{place}，当月提成减少{money(outcome.amount)}{settled}。"
    elif outcome.type is OutcomeType.RECTIFICATION and outcome.due is not None:
        yield f"请于{full_date(outcome.due)}前向店长提交整改方案，方案表另发。"
