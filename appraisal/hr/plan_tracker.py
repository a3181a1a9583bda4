"""整改跟踪.xlsx: who owes a rectification plan, who is late, and what came of last month's promises.

What 整改跟踪.xlsx tells: the state of every plan, and last month's promises beside this month's figures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from appraisal.hr.facts import GroupFacts, PeriodFacts, Visit
from appraisal.intake.plan_form import number_of
from appraisal.ledger.records import Plan, PlanState
from appraisal.period import Period
from appraisal.publish.excel.book import Book
from appraisal.publish.excel.listing import ListColumn, ListSheet, Shown, Value, mark_urgent, write_listing
from appraisal.publish.weaknesses import weak_indicators
from appraisal.publish.wording import full_date
from appraisal.scheme.forms.plan import REACHED
from appraisal.scheme.model.indicator import Indicator
from appraisal.scheme.model.units import POINT_DECIMALS, in_print, round_half_up
from appraisal.scoring.results import StaffResult

TRACKER, REVIEW = "整改跟踪", "上月方案复核"


@dataclass(frozen=True, slots=True)
class PlanLine:
    """One plan. `days_late` counts from the deadline to today or to the day it was handed in; 0 if in time."""

    group: str
    staff: str
    name: str
    period: Period
    due: date
    state: str
    days_late: int
    submitted_on: date | None
    judged_on: date | None
    remark: str


@dataclass(frozen=True, slots=True)
class Reviewed:
    """What last month's plan aimed at, beside this month's figure, as printed.

    `promised` and `verdict` are None where the plan promised nothing for it.
    """

    group: str
    staff: str
    name: str
    what: str
    before: str
    promised: str | None
    now: str
    verdict: str | None


@dataclass(frozen=True, slots=True)
class Tracker:
    """The plans of the month, earlier ones still owed, and the review of last month's."""

    period: Period
    today: date
    plans: tuple[PlanLine, ...]
    reviewed: tuple[Reviewed, ...]


def tracker_workbook(tracker: Tracker) -> bytes:
    """The workbook; the same values give the same bytes."""
    book = Book()
    plans = _plans(tracker)
    mark_urgent(write_listing(book, plans), book, plans, "逾期天数")
    write_listing(book, _review(tracker))
    return book.finished(created=tracker.today)


def _plans(tracker: Tracker) -> ListSheet:
    return ListSheet(
        name=TRACKER,
        title=f"{tracker.period.in_words}整改方案跟踪",
        lead=[f"截至{full_date(tracker.today)}。{_in_numbers(tracker.plans)}"],
        notes=[
            f"列出{tracker.period.in_words}的全部整改方案，以及以前月份尚未交齐的。已提交的迟交天数按首次提交日计算。",
        ],
        columns=[
            ListColumn("考核组", 16, Shown.STRONG),
            ListColumn("工号", 11),
            ListColumn("姓名", 11),
            ListColumn("考核月份", 10, Shown.CENTRED),
            ListColumn("提交截止", 26, Shown.DEADLINE),
            ListColumn("状态", 11, Shown.CENTRED),
            ListColumn("逾期天数", 9, Shown.COUNT),
            ListColumn("首次提交", 12, Shown.DAY),
            ListColumn("审核日期", 12, Shown.DAY),
            ListColumn("备注", 42, Shown.WRAPPED),
        ],
        rows=[_plan_row(one) for one in tracker.plans],
        empty="本月没有需要提交的整改方案。",
        frozen=3,
    )


def _in_numbers(plans: Sequence[PlanLine]) -> str:
    """`应交4份：已通过1份、逾期1份、待提交2份。`, in the order in which they appear."""
    if not plans:
        return ""
    states = [one.state for one in plans]
    counts = "、".join(f"{state}{states.count(state)}份" for state in dict.fromkeys(states))
    return f"应交{len(plans)}份：{counts}。"


def _plan_row(one: PlanLine) -> list[Value]:
    return [
        one.group,
        one.staff,
        one.name,
        str(one.period),
        one.due,
        one.state,
        one.days_late or None,
        one.submitted_on,
        one.judged_on,
        one.remark,
    ]


def _review(tracker: Tracker) -> ListSheet:
    before = tracker.period.shifted(-1)
    return ListSheet(
        name=REVIEW,
        title=f"{before.in_words}整改方案复核：对照{tracker.period.in_words}结果",
        notes=["目标值取自本人已提交的整改方案；方案未交或没有写明目标的，只列两个月的结果。"],
        columns=[
            ListColumn("考核组", 16, Shown.STRONG),
            ListColumn("工号", 11),
            ListColumn("姓名", 11),
            ListColumn("项目", 18),
            ListColumn(f"{before.month}月实际", 18, Shown.CENTRED),
            ListColumn("方案目标", 14, Shown.CENTRED),
            ListColumn(f"{tracker.period.month}月实际", 18, Shown.CENTRED),
            ListColumn("复核", 12, Shown.CENTRED),
        ],
        rows=[
            [
                one.group,
                one.staff,
                one.name,
                one.what,
                one.before,
                one.promised or "",
                one.now,
                one.verdict or "",
            ]
            for one in tracker.reviewed
        ],
        empty="没有需要复核的方案：上月没有整改方案，或本月结果还没有出来。",
        frozen=3,
    )


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
            yield from _review_of(plan, visit.before, visit.facts)


def _review_of(plan: Plan, then: GroupFacts, now: GroupFacts) -> Iterator[Reviewed]:
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
