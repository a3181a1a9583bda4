"""整改跟踪.xlsx: who owes a rectification plan, who is late, and what came of last month's promises."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from functools import partial
from typing import NamedTuple

from appraisal.hr.facts import GroupFacts, PeriodFacts, Visit
from appraisal.intake.plans_and_appeals import number_of
from appraisal.ledger.records import Plan, PlanState
from appraisal.period import Period
from appraisal.publish.excel.listing import WHO, Columns, ListColumn, ListSheet, Shown, listed
from appraisal.publish.points_explained import weak_indicators
from appraisal.publish.wording import full_date, short_date
from appraisal.scheme.forms.personal import MORE_WANTED, REACHED
from appraisal.scheme.model.indicator import Indicator
from appraisal.scheme.model.units import POINT_DECIMALS, round_half_up
from appraisal.scoring.results import StaffResult

_STATES = {
    PlanState.EXPECTED: "待提交",
    PlanState.SUBMITTED: "待审核",
    PlanState.RETURNED: MORE_WANTED,
    PlanState.ACCEPTED: "已通过",
}


class ReviewRow(NamedTuple):
    """What last month's plan aimed at, beside this month's figure, as printed.

    `goal` and `achieved` are empty where the plan set none for it.
    """

    group: str
    staff: str
    name: str
    what: str
    before: str
    goal: str
    now: str
    achieved: str


def tracker_sheets(facts: PeriodFacts, reviewed: Sequence[ReviewRow]) -> tuple[ListSheet, ListSheet]:
    """The period's plans and those of earlier months not settled, and the review of last month's."""
    return _plans(facts), _review(facts.period, reviewed)


def plan_in_words(plan: Plan, today: date) -> str:
    """Where the plan stands: an expected one whose deadline has passed is 逾期, a returned one says by whom."""
    if plan.state is PlanState.EXPECTED and _is_late(plan, today):
        return "逾期"
    if plan.state is PlanState.RETURNED and plan.judged_on is None:
        return "系统退回"
    return _STATES[plan.state]


def plan_as_json(plan: Plan, *, is_overdue: bool) -> dict[str, object]:
    """For programs."""
    return {
        "group": plan.group,
        "period": str(plan.period),
        "staff": plan.staff,
        "due": str(plan.due) if plan.is_issued else None,
        "state": plan.state.value,
        "overdue": is_overdue,
        "submitted": str(plan.complete_on) if plan.complete_on else None,
    }


def talk_as_json(plan: Plan) -> dict[str, object]:
    """The talk that goes with the plan, for programs."""
    return {
        "group": plan.group,
        "period": str(plan.period),
        "staff": plan.staff,
        "held": str(plan.talked_on) if plan.talked_on else None,
    }


def _is_late(plan: Plan, today: date) -> bool:
    return plan.is_issued and plan.is_overdue(today)


def _plans(facts: PeriodFacts) -> ListSheet:
    period, today, kept = facts.period, facts.today, facts.transaction.plans
    before = [plan for plan in kept.unsettled() if plan.period < period]
    plans = [*before, *kept.of_period(period)]
    columns: Columns[Plan] = [
        *WHO,
        ListColumn("考核月份", lambda plan: str(plan.period), 10, Shown.CENTRED),
        ListColumn("提交截止", lambda plan: plan.due, 26, Shown.DEADLINE),
        ListColumn("状态", lambda plan: plan_in_words(plan, today), 11, Shown.CENTRED),
        ListColumn("逾期天数", lambda plan: _days_late(plan, today) or None, 9, Shown.COUNT),
        ListColumn("首次提交", lambda plan: plan.submitted_on, 12, Shown.DAY),
        ListColumn("审核日期", lambda plan: plan.judged_on, 12, Shown.DAY),
        ListColumn("面谈日期", lambda plan: plan.talked_on, 12, Shown.DAY),
        ListColumn("备注", lambda plan: _remark(plan, today), 42, Shown.WRAPPED),
    ]
    return ListSheet(
        name="整改跟踪",
        title=f"{period.in_words}整改方案跟踪",
        lead=[f"截至{full_date(today)}。{_in_numbers([plan_in_words(plan, today) for plan in plans])}"],
        notes=[
            f"列出{period.in_words}的全部整改方案，以及以前月份尚未交齐或尚未审核同意的。已提交的迟交天数按首次提交日计算。",
            "待审核的，请店长在“整改方案”文件夹里“_已提交”的那一份上审核后放入收件夹；面谈记录填好后同样放入。",
            "审核日期是店长同意或退回补充的日期；“系统退回”的填写不全或有误，由本人补正后重交。",
        ],
        table=listed(plans, columns),
        empty="本月没有需要提交的整改方案。",
        frozen=3,
        urgent="逾期天数",
    )


def _in_numbers(states: Sequence[str]) -> str:
    """`应交4份：已通过1份、逾期1份、待提交2份。`, in the order in which they appear."""
    if not states:
        return ""
    counts = "、".join(f"{state}{states.count(state)}份" for state in dict.fromkeys(states))
    return f"应交{len(states)}份：{counts}。"


def _days_late(plan: Plan, today: date) -> int:
    """From the deadline to today, or to the day on which the plan was handed in."""
    until = today if _is_late(plan, today) else plan.submitted_on or plan.due
    return max((until - plan.due).days, 0)


def _remark(plan: Plan, today: date) -> str:
    if not plan.is_issued:
        return "通报尚未下发，截止日期随下发日期确定"
    waits = waits_for_judgement(plan, today)
    moved = f"截止日期因第{plan.due_moved_by}版更正调整" if plan.due_moved_by else ""
    return "；".join(filter(None, [f"{waits}，请店长审核" if waits else "", moved]))


def waits_for_judgement(plan: Plan, today: date) -> str:
    """Since when the manager has had the plan; empty where nobody waits for him."""
    if plan.state is not PlanState.SUBMITTED or plan.complete_on is None:
        return ""
    days = (today - plan.complete_on).days
    return f"{short_date(plan.complete_on)}提交，已等{days}天"


def _review(period: Period, reviewed: Sequence[ReviewRow]) -> ListSheet:
    before = period.shifted(-1)
    columns: Columns[ReviewRow] = [
        *WHO,
        ListColumn("项目", lambda row: row.what, 18),
        ListColumn(f"{before.month}月实际", lambda row: row.before, 18, Shown.CENTRED),
        ListColumn("方案目标", lambda row: row.goal, 14, Shown.CENTRED),
        ListColumn(f"{period.month}月实际", lambda row: row.now, 18, Shown.CENTRED),
        ListColumn("复核", lambda row: row.achieved, 12, Shown.CENTRED),
    ]
    return ListSheet(
        name="上月方案复核",
        title=f"{before.in_words}整改方案复核：对照{period.in_words}结果",
        notes=["目标值取自本人已提交的整改方案；方案未交或没有写明目标的，只列两个月的结果。"],
        table=listed(reviewed, columns),
        empty="没有需要复核的方案：上月没有整改方案，或本月结果还没有出来。",
        frozen=3,
    )


def reviewed_in(visit: Visit) -> Iterator[ReviewRow]:
    """Last month's plans whose people have figures this month."""
    if visit.before is None:
        return
    there = {person.id for person in visit.facts.paper.result.staff}
    for plan in visit.plans:
        if plan.staff in there:
            yield from _review_of(plan, visit.before, visit.facts)


def _review_of(plan: Plan, then: GroupFacts, now: GroupFacts) -> Iterator[ReviewRow]:
    """The score, then what the plan asked about, then what else it aimed at."""
    former, person = then.paper.result.person(plan.staff), now.paper.result.person(plan.staff)
    row = partial(ReviewRow, plan.group, plan.staff, plan.name)
    yield row(what="综合得分", before=_score(former), goal="", now=_score(person), achieved="")
    asked = [weakness.indicator.name for weakness in weak_indicators(then.paper, plan.staff)]
    indicators = {
        indicator.name: indicator
        for indicator in now.scheme.indicators
        if indicator.name in former.indicators
    }
    for name in dict.fromkeys((*asked, *plan.goals)):
        if name in indicators:
            indicator = indicators[name]
            was, came = _measured(then, former, indicator), _measured(now, person, indicator)
            aim = plan.goals.get(name)
            achieved = None if aim is None or came is None else _achieved(was, aim, came, indicator)
            yield row(
                what=name,
                before=printed(was, indicator),
                goal=aim or "",
                now=printed(came, indicator),
                achieved=achieved or "",
            )


def _score(person: StaffResult) -> str:
    if person.final is None:
        return "无得分"
    return f"{person.final}（第{person.rank}名）" if person.rank else f"{person.final}（不参与排名）"


def _measured(facts: GroupFacts, person: StaffResult, indicator: Indicator) -> Decimal | None:
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
    """The value as the papers print it."""
    if value is None:
        return "不适用"
    if indicator.is_judged:
        return f"{value:f}分"
    return indicator.measure.shown(value)


def _achieved(was: Decimal | None, aim: str, came: Decimal, indicator: Indicator) -> str | None:
    """达到, 部分达到 where it is at least better than before, else 未达到; None for an aim that is no number."""
    wanted = number_of(aim, indicator)
    if wanted is None:
        return None
    reached, partly, missed = REACHED
    sign = 1 if indicator.method.higher_is_better else -1
    if sign * came >= sign * wanted:
        return reached
    return partly if was is not None and sign * came > sign * was else missed
