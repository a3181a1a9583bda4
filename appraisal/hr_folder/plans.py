"""What 整改跟踪.xlsx tells: the state of every plan, and last month's promises beside this month's figures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal

from appraisal.hr_folder.facts import PeriodFacts
from appraisal.hr_folder.group import GroupFacts, Visit
from appraisal.intake.plan_form import number_of
from appraisal.ledger.records import Plan, PlanState
from appraisal.publish.hr.plan_tracker import PlanLine, Reviewed, Tracker
from appraisal.publish.weaknesses import weak_indicators
from appraisal.scheme.forms.plan import REACHED
from appraisal.scheme.model.indicator import Indicator
from appraisal.scheme.model.units import POINT_DECIMALS, in_print, round_half_up
from appraisal.scoring.results import StaffResult

_STATES = {
    PlanState.EXPECTED: "待提交",
    PlanState.SUBMITTED: "已提交",
    PlanState.RETURNED: "退回补充",
    PlanState.ACCEPTED: "已通过",
}


def tracker_of(facts: PeriodFacts, reviewed: Iterable[Reviewed]) -> Tracker:
    """The period's plans and those of earlier months still owed, by deadline."""
    plans = facts.books.plans
    owed = [one for one in plans.owed() if one.period < facts.period]
    every = [*owed, *plans.of_period(facts.period)]
    return Tracker(
        period=facts.period,
        today=facts.today,
        plans=tuple(_line(one, facts.today) for one in every),
        reviewed=tuple(reviewed),
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


def reviewed_in(visit: Visit) -> Iterator[Reviewed]:
    """Last month's plans whose people have figures this month."""
    if visit.before is None:
        return
    there = {one.id for one in visit.facts.paper.result.staff}
    for plan in visit.plans:
        if plan.staff in there:
            yield from _review(plan, visit.before, visit.facts)


def _review(plan: Plan, then: GroupFacts, now: GroupFacts) -> Iterator[Reviewed]:
    """The score, then what the plan asked about, then what else it promised."""
    former, person = then.paper.result.person(plan.staff), now.paper.result.person(plan.staff)
    who = (plan.group, plan.staff, plan.name)
    yield Reviewed(*who, "综合得分", _score(former), None, _score(person), None)
    asked = [one.indicator.name for one in weak_indicators(then.paper, plan.staff)]
    indicators = {one.name: one for one in now.scheme.indicators if one.name in former.indicators}
    for name in dict.fromkeys((*asked, *plan.promises)):
        if name in indicators:
            indicator = indicators[name]
            was, came = (measured(facts, one, indicator) for facts, one in ((then, former), (now, person)))
            aim = plan.promises.get(name)
            yield Reviewed(
                *who,
                name,
                printed(was, indicator),
                aim,
                printed(came, indicator),
                None if aim is None or came is None else _verdict(was, aim, came, indicator),
            )


def _score(person: StaffResult) -> str:
    if person.final is None:
        return "无得分"
    return f"{person.final}（第{person.rank}名）" if person.rank else f"{person.final}（不参与排名）"


def measured(facts: GroupFacts, person: StaffResult, indicator: Indicator) -> Decimal | None:
    """The value; of a judged indicator the marks weighted over the reviewers; None where not applicable.

    None too where a small sample was scored by count: that cannot be held against a ratio.
    """
    result = person.indicators[indicator.name]
    if not result.applicable or result.by_count:
        return None
    if result.value is not None:
        return result.value
    return round_half_up(facts.scheme.weigh(indicator.name, result.points), POINT_DECIMALS)


def printed(value: Decimal | None, indicator: Indicator) -> str:
    if value is None:
        return "不适用"
    if indicator.is_judged:
        return f"{value:f}分"
    return in_print(value, indicator.measure.unit, indicator.measure.decimals)


def _verdict(was: Decimal | None, aim: str, came: Decimal, indicator: Indicator) -> str | None:
    """达到, 部分达到 where it is at least better than before, else 未达到; None for an aim that is no number."""
    wanted = number_of(aim, indicator)
    if wanted is None:
        return None
    reached, partly, missed = REACHED
    sign = 1 if indicator.method.higher_is_better else -1
    if sign * came >= sign * wanted:
        return reached
    return partly if was is not None and sign * came > sign * was else missed
