"""整改跟踪.xlsx: who owes a rectification plan, who is late, and what came of last month's promises."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from appraisal.period import Period
from appraisal.publish.excel.book import Book
from appraisal.publish.excel.listing import Column, Listing, Shown, Value, mark_urgent, write_listing
from appraisal.publish.wording import full_date

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


def _plans(tracker: Tracker) -> Listing:
    return Listing(
        name=TRACKER,
        title=f"{tracker.period.in_words}整改方案跟踪",
        lead=[f"截至{full_date(tracker.today)}。{_in_numbers(tracker.plans)}"],
        notes=[
            f"列出{tracker.period.in_words}的全部整改方案，以及以前月份尚未交齐的。已提交的迟交天数按首次提交日计算。",
        ],
        columns=[
            Column("考核组", 16, Shown.STRONG),
            Column("工号", 11),
            Column("姓名", 11),
            Column("考核月份", 10, Shown.CENTRED),
            Column("提交截止", 26, Shown.DEADLINE),
            Column("状态", 11, Shown.CENTRED),
            Column("逾期天数", 9, Shown.COUNT),
            Column("首次提交", 12, Shown.DAY),
            Column("审核日期", 12, Shown.DAY),
            Column("备注", 42, Shown.WRAPPED),
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


def _review(tracker: Tracker) -> Listing:
    before = tracker.period.shifted(-1)
    return Listing(
        name=REVIEW,
        title=f"{before.in_words}整改方案复核：对照{tracker.period.in_words}结果",
        notes=["目标值取自本人已提交的整改方案；方案未交或没有写明目标的，只列两个月的结果。"],
        columns=[
            Column("考核组", 16, Shown.STRONG),
            Column("工号", 11),
            Column("姓名", 11),
            Column("项目", 18),
            Column(f"{before.month}月实际", 18, Shown.CENTRED),
            Column("方案目标", 14, Shown.CENTRED),
            Column(f"{tracker.period.month}月实际", 18, Shown.CENTRED),
            Column("复核", 12, Shown.CENTRED),
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
