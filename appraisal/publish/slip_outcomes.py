"""What the month means for one person: money, plan, or nothing, each in a sentence to that person."""

from __future__ import annotations

from collections.abc import Iterator

from appraisal.publish.wording import HELD, full_date, money
from appraisal.scheme.model import OutcomeType
from appraisal.scoring.results import GroupResult, Outcome, OutcomeState, StaffResult


def what_follows(result: GroupResult, person: StaffResult) -> list[str]:
    """At least one sentence. A transfer is never mentioned: that prompt is for manager and HR."""
    if result.is_trial:
        return ["本月为试评，只看得分和名次，不涉及奖励和提成调整。"]
    if not person.ranked:
        return ["本月不参与排名，没有奖励、提成调整和整改要求。"]
    if result.no_outcomes is not None:
        return [result.no_outcomes]
    sentences = [one for outcome in result.outcomes_of(person.id) for one in _sentence(outcome)]
    return sentences or ["本月没有奖励、提成调整和整改要求。"]


def _sentence(outcome: Outcome) -> Iterator[str]:
    held = outcome.state is OutcomeState.HOLD
    if outcome.state is OutcomeState.REVERSED:
        return
    match outcome.type:
        case OutcomeType.REWARD if held:
            yield f"综合排名并列第一名，奖励{HELD}。"
        case OutcomeType.REWARD if outcome.amount is not None:
            yield f"综合排名第一名，奖励{money(outcome.amount)}。"
        case OutcomeType.DEDUCT if held:
            yield f"综合排名末位并列，提成调整{HELD}。"
        case OutcomeType.DEDUCT if outcome.amount is not None:
            settled = "，由财务按实际提成核定" if outcome.capped_by_payroll else ""
            yield f"综合排名末位，当月提成减少{money(outcome.amount)}{settled}。"
        case OutcomeType.RECTIFICATION if held:
            yield f"整改方案{HELD}。"
        case OutcomeType.RECTIFICATION if outcome.due is not None:
            yield f"请于{full_date(outcome.due)}前向店长提交整改方案，方案表另发。"
