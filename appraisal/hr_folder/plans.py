"""What 整改跟踪.xlsx tells: the state of every plan, and last month's promises beside this month's figures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal

from appraisal.hr_folder.facts import GroupFacts, PeriodFacts
from appraisal.ledger.records import Plan, PlanState
from appraisal.publish.hr.plan_tracker import PlanLine, Reviewed, Tracker
from appraisal.scheme.model import Indicator
from appraisal.scheme.period import Period
from appraisal.scheme.units import in_print
from appraisal.scoring.results import StaffResult

Promises = Mapping[tuple[str, Period, str], Mapping[str, Decimal]]
"""By group, period and staff id: what the person's plan aims at next month, by indicator."""

_STATES = {
    PlanState.EXPECTED: "待提交",
    PlanState.SUBMITTED: "已提交",
    PlanState.RETURNED: "退回补充",
    PlanState.ACCEPTED: "已通过",
}


def tracker_of(facts: PeriodFacts, promises: Promises) -> Tracker:
    """The period's plans and those of earlier months still owed, by deadline."""
    plans = facts.books.plans
    owed = [one for one in plans.owed() if one.period < facts.period]
    every = [*owed, *plans.of_period(facts.period)]
    return Tracker(
        period=facts.period,
        today=facts.today,
        plans=tuple(_line(one, facts.today) for one in every),
        reviewed=tuple(_reviewed(facts, promises)),
    )


def plan_in_words(plan: Plan, today: date) -> str:
    """Where the plan stands: an expected one whose deadline has passed is 逾期."""
    if plan.state is PlanState.EXPECTED and _is_late(plan, today):
        return "逾期"
    return _STATES[plan.state]


def _is_late(plan: Plan, today: date) -> bool:
    return plan.is_issued and plan.is_overdue(today)


def _line(plan: Plan, today: date) -> PlanLine:
    until = today if _is_late(plan, today) else plan.submitted_on or plan.due
    return PlanLine(
        group=plan.group,
        staff=plan.staff,
        name=plan.name,
        period=plan.period,
        due=plan.due,
        state=plan_in_words(plan, today),
        days_late=max((until - plan.due).days, 0),
        submitted_on=plan.submitted_on,
        judged_on=plan.judged_on,
        remark=_remark(plan),
    )


def _remark(plan: Plan) -> str:
    if not plan.is_issued:
        return "通报尚未下发，截止日期随下发日期确定"
    return f"截止日期因第{plan.due_moved_by}版更正调整" if plan.due_moved_by else ""


def _reviewed(facts: PeriodFacts, promises: Promises) -> Iterator[Reviewed]:
    """Last month's plans whose people have figures this month: the score, then what was promised."""
    now = {one.month.group: one for one in facts.groups}
    before = facts.period.shifted(-1)
    for group, plans in _by_group(facts.books.plans.of_period(before)).items():
        month = facts.books.months.get(group, before)
        if group not in now or month is None:
            continue
        then = facts.of_month(month)
        people = {one.id: one for one in now[group].paper.result.staff}
        for plan in plans:
            if plan.is_issued and plan.staff in people:
                promised = promises.get((group, before, plan.staff), {})
                yield from _review(plan, then, (now[group], people[plan.staff]), promised)


def _by_group(plans: tuple[Plan, ...]) -> dict[str, list[Plan]]:
    groups = sorted({one.group for one in plans})
    return {group: [one for one in plans if one.group == group] for group in groups}


def _review(
    plan: Plan, then: GroupFacts, now: tuple[GroupFacts, StaffResult], promised: Mapping[str, Decimal]
) -> Iterator[Reviewed]:
    facts, person = now
    former = then.paper.result.person(plan.staff)
    who = (plan.group, plan.staff, plan.name)
    yield Reviewed(*who, "综合得分", _score(former), None, _score(person), None)
    for indicator in facts.paper.scheme.indicators:
        if indicator.name in promised and indicator.name in former.indicators:
            aim = promised[indicator.name]
            values = [measured(facts, one, indicator) for one in (former, person)]
            yield Reviewed(
                *who,
                indicator.name,
                printed(values[0], indicator),
                printed(aim, indicator),
                printed(values[1], indicator),
                _verdict(values[0], aim, values[1], higher_is_better=indicator.method.higher_is_better),
            )


def _score(person: StaffResult) -> str:
    if person.final is None:
        return "无得分"
    return f"{person.final}（第{person.rank}名）" if person.rank else f"{person.final}（不参与排名）"


def measured(facts: GroupFacts, person: StaffResult, indicator: Indicator) -> Decimal | None:
    """The value; of a judged indicator the marks weighted over the reviewers; None where not applicable."""
    result = person.indicators[indicator.name]
    if not result.applicable or result.value is not None:
        return result.value
    return sum((one.weight * result.points[one.name] for one in facts.paper.scheme.reviewers), Decimal(0))


def printed(value: Decimal | None, indicator: Indicator) -> str:
    if value is None:
        return "不适用"
    if indicator.is_judged:
        return f"{value:.2f}分"
    return in_print(value, indicator.measure.unit, indicator.measure.decimals)


def _verdict(
    before: Decimal | None, aim: Decimal, now: Decimal | None, *, higher_is_better: bool
) -> str | None:
    """达到, 部分 where it is at least better than before, else 未达; None where there is no figure."""
    if now is None:
        return None
    sign = 1 if higher_is_better else -1
    if sign * now >= sign * aim:
        return "达到"
    return "部分" if before is not None and sign * now > sign * before else "未达"
