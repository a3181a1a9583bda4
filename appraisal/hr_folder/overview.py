"""What 汇总.xlsx shows: every group of the period, everybody in it, quarter and year at their end."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from appraisal.hr_folder.facts import PeriodFacts
from appraisal.hr_folder.group import GroupFacts
from appraisal.ledger.records import MonthState
from appraisal.period import Period
from appraisal.publish.hr.overview import GroupLine, Overview, PersonLine, Span, SpanPerson
from appraisal.publish.wording import stood_in_sentence
from appraisal.scoring.results import StaffResult

STATES = {
    MonthState.OPEN: "未下发",
    MonthState.ISSUED: "已下发",
    MonthState.CLOSED: "已关账",
    MonthState.WITHDRAWN: "已撤回",
}
_NOT_HANDED_IN = "未报送"
_QUARTERS = "一二三四"


@dataclass(frozen=True, slots=True)
class GroupOverview:
    """What one group's month says there; `sections` names the 类别 that its people have points in."""

    line: GroupLine
    people: tuple[PersonLine, ...]
    sections: tuple[str, ...]


def group_overview(facts: GroupFacts) -> GroupOverview:
    """The people by rank, then those without one."""
    sections = tuple(one.name for one in facts.scheme.counted_sections)
    return GroupOverview(_group_line(facts), tuple(_people(facts)), sections)


def overview_of(facts: PeriodFacts, groups: Sequence[GroupOverview]) -> Overview:
    """The period as it stands; groups without a month in force have a line that says so."""
    there = {one.line.group: one.line for one in groups}
    withdrawn = {one.group: GroupLine(one.group, STATES[one.state]) for one in facts.withdrawn}
    absent = {group: GroupLine(group, _NOT_HANDED_IN) for group in facts.expected_groups}
    lines = absent | withdrawn | there
    return Overview(
        period=facts.period,
        groups=tuple(lines[group] for group in facts.in_order(lines)),
        people=tuple(person for one in groups for person in one.people),
        sections=tuple(dict.fromkeys(name for one in groups for name in one.sections)),
        spans=tuple(_spans(facts)),
    )


def _group_line(facts: GroupFacts) -> GroupLine:
    paper, result = facts.paper, facts.paper.result
    finals = [one.final for one in result.ranked if one.final is not None]
    return GroupLine(
        group=result.group,
        state=STATES[facts.month.state],
        revision=result.revision,
        issued_on=facts.month.issued_on,
        expected=len(result.staff),
        ranked=len(result.ranked),
        average=paper.average,
        average_before=paper.history.group_averages.get(result.period.shifted(-1)),
        highest=max(finals, default=None),
        lowest=min(finals, default=None),
        first=_names([one for one in result.ranked if one.rank == 1]),
        last=_last_of(result.ranked, finals),
    )


def _names(people: Sequence[StaffResult]) -> str:
    return "、".join(one.name for one in people)


def _last_of(ranked: Sequence[StaffResult], finals: Sequence[Decimal]) -> str:
    """Who has the lowest score; nobody where all have the same."""
    if len(set(finals)) < 2:
        return ""
    lowest = min(finals)
    last = [one for one in ranked if one.final == lowest]
    return _names(last) + ("（并列）" if len(last) > 1 else "")


def _people(facts: GroupFacts) -> Iterator[PersonLine]:
    paper = facts.paper
    for person in (*paper.result.ranked, *paper.result.not_ranked):
        yield PersonLine(
            group=paper.result.group,
            staff=person.id,
            name=person.name,
            post=paper.posts.get(person.id),
            rank=person.rank,
            rank_change=paper.rank_change(person),
            final=person.final,
            sections=person.sections,
            result=facts.in_brief(person.id),
            remark=person.reason or stood_in_sentence(person),
        )


def _spans(facts: PeriodFacts) -> Iterator[Span]:
    """The quarter and the year that end with the period."""
    period = facts.period
    if period.month % 3 == 0:
        title = f"{period.year}年第{_QUARTERS[period.month // 3 - 1]}季度"
        yield _span(facts, "季度汇总", title, months=3)
    if period.month == 12:
        yield _span(facts, "年度汇总", f"{period.year}年度", months=12)


def _span(facts: PeriodFacts, name: str, title: str, *, months: int) -> Span:
    periods = tuple(facts.period.shifted(back - months + 1) for back in range(months))
    summary = facts.books.past.summary(periods)
    finals = _finals(facts, {one.group for one in summary}, months)
    people = [
        SpanPerson(
            group=one.group,
            staff=one.staff,
            name=one.name,
            finals=tuple(finals[one.group].get((one.staff, period)) for period in periods),
            average=one.average,
            firsts=one.firsts,
            lasts=one.lasts,
        )
        for one in summary
    ]
    order = {group: at for at, group in enumerate(facts.in_order(finals))}
    people.sort(key=lambda one: (order[one.group], -(one.average or Decimal(-1)), one.staff))
    return Span(name, title, periods, tuple(people))


def _finals(
    facts: PeriodFacts, groups: Collection[str], months: int
) -> dict[str, dict[tuple[str, Period], Decimal]]:
    """By group the finals of ranked months, by person and month."""
    histories = facts.books.past.before_each(groups, facts.period.shifted(1), months)
    return {
        group: {
            (staff, one.period): one.final
            for staff, past in history.people.items()
            for one in past
            if one.rank is not None and one.final is not None
        }
        for group, history in histories.items()
    }
