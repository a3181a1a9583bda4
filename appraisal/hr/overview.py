"""汇总.xlsx: all groups of a month side by side, everybody in them, and at their end quarter and year.

What 汇总.xlsx shows: every group of the period, everybody in it, quarter and year at their end."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from appraisal.hr.facts import GroupFacts, PeriodFacts
from appraisal.ledger.records import MonthState
from appraisal.period import Period
from appraisal.publish.excel import theme
from appraisal.publish.excel.book import Book
from appraisal.publish.excel.listing import (
    NOTHING,
    Computed,
    ListColumn,
    ListSheet,
    Shown,
    Value,
    write_listing,
)
from appraisal.publish.excel.styles import CHART_FONT, CHART_GRID, CHART_QUIET, NO_LINE, axis, dress
from appraisal.publish.result.layout import LivingSheet
from appraisal.publish.wording import stood_in_sentence
from appraisal.scheme.model.units import POINT_DECIMALS, round_half_up
from appraisal.scoring.results import StaffResult

GROUPS, PEOPLE = "各组汇总", "人员明细"


@dataclass(frozen=True, slots=True)
class GroupLine:
    """One group's month; what is None is not known: a group that has not handed in has only its name.

    `expected` counts everybody in the workbook, `ranked` those with a place. `first` and `last` are
    names, several where they share the place.
    """

    group: str
    state: str
    revision: int | None = None
    issued_on: date | None = None
    expected: int | None = None
    ranked: int | None = None
    average: Decimal | None = None
    average_before: Decimal | None = None
    highest: Decimal | None = None
    lowest: Decimal | None = None
    first: str = ""
    last: str = ""


class PersonLine(NamedTuple):
    """One person's month. `sections` are points by 类别; `result` is what follows, `remark` why no place.

    A tuple, for they come by the ten thousand from the processes that looked at the groups.
    """

    group: str
    staff: str
    name: str
    post: str | None
    rank: int | None
    rank_change: int | None
    final: Decimal | None
    sections: Mapping[str, Decimal]
    result: str
    remark: str


@dataclass(frozen=True, slots=True)
class SpanPerson:
    """One person over several months: `finals` has one entry a month, None where there was no place."""

    group: str
    staff: str
    name: str
    finals: tuple[Decimal | None, ...]
    average: Decimal | None
    firsts: int
    lasts: int


@dataclass(frozen=True, slots=True)
class Span:
    """A quarter or a year: `name` is the sheet's, `title` like `2026年第四季度`."""

    name: str
    title: str
    months: tuple[Period, ...]
    people: tuple[SpanPerson, ...]


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything in 汇总.xlsx; `sections` names the 类别 of all groups' schemes in order."""

    period: Period
    groups: tuple[GroupLine, ...]
    people: tuple[PersonLine, ...]
    sections: tuple[str, ...]
    spans: tuple[Span, ...] = ()


def overview_workbook(overview: Overview) -> bytes:
    """The workbook; the same values give the same bytes."""
    book = Book()
    groups = _groups(overview)
    sheet = write_listing(book, groups)
    if overview.groups:
        _insert_chart(sheet, book, groups)
    write_listing(book, _people(overview))
    for span in overview.spans:
        write_listing(book, _span(span))
    return book.finished(created=overview.period.last_day)


_GROUP_COLUMNS = (
    ListColumn("考核组", 18, Shown.STRONG),
    ListColumn("状态", 9, Shown.CENTRED),
    ListColumn("应参评", 8, Shown.COUNT),
    ListColumn("实际参评", 9, Shown.COUNT),
    ListColumn("平均得分", 10, Shown.SCORE),
    ListColumn("上月平均", 10, Shown.SCORE),
    ListColumn("较上月", 9, Shown.CHANGE),
    ListColumn("最高", 9, Shown.SCORE),
    ListColumn("最低", 9, Shown.SCORE),
    ListColumn("第一名", 16, Shown.WRAPPED),
    ListColumn("末位", 16, Shown.WRAPPED),
    ListColumn("版次", 7, Shown.CENTRED),
    ListColumn("下发日期", 12, Shown.DAY),
)


def _groups(overview: Overview) -> ListSheet:
    return ListSheet(
        name=GROUPS,
        title=f"{overview.period.in_words}绩效考核各组汇总",
        notes=[
            "平均、最高、最低只算参与排名人员；合计行的平均按各组实际参评人数加权。",
            "各组方案不同时，分数只宜与本组上月比较。",
        ],
        columns=_GROUP_COLUMNS,
        rows=[_group_row(one) for one in overview.groups],
        totals=_group_totals(overview.groups),
        empty="本月还没有考核组。",
        frozen=1,
    )


def _group_row(one: GroupLine) -> list[Value]:
    return [
        one.group,
        one.state,
        one.expected,
        one.ranked,
        one.average,
        one.average_before,
        Computed(
            f'=IF(COUNT({{平均得分}},{{上月平均}})=2,{{平均得分}}-{{上月平均}},"{NOTHING}")',
            _difference(one.average, one.average_before),
        ),
        one.highest,
        one.lowest,
        one.first,
        one.last,
        NOTHING if one.revision is None else f"第{one.revision}版",
        one.issued_on,
    ]


def _difference(now: Decimal | None, before: Decimal | None) -> Decimal | str:
    return NOTHING if now is None or before is None else now - before


def _group_totals(groups: Sequence[GroupLine]) -> dict[str, Value]:
    ranked = sum(one.ranked or 0 for one in groups)
    points = sum((one.average * one.ranked for one in groups if one.average and one.ranked), Decimal(0))
    highest = [one.highest for one in groups if one.highest is not None]
    lowest = [one.lowest for one in groups if one.lowest is not None]
    weighted = "ROUND(SUMPRODUCT({实际参评},{平均得分})/SUM({实际参评}),2)"
    return {
        "考核组": f"合计（{len(groups)}组）",
        "应参评": Computed("=SUM({应参评})", sum(one.expected or 0 for one in groups)),
        "实际参评": Computed("=SUM({实际参评})", ranked),
        "平均得分": Computed(
            f'=IF(SUM({{实际参评}})>0,{weighted},"{NOTHING}")',
            round_half_up(points / ranked, POINT_DECIMALS) if ranked else NOTHING,
        ),
        "最高": Computed(f'=IF(COUNT({{最高}})>0,MAX({{最高}}),"{NOTHING}")', max(highest, default=NOTHING)),
        "最低": Computed(f'=IF(COUNT({{最低}})>0,MIN({{最低}}),"{NOTHING}")', min(lowest, default=NOTHING)),
    }


_FEW_GROUPS = 12
"""Up to so many groups the chart has room for figures over the columns and level names below them."""


def _insert_chart(sheet: LivingSheet, book: Book, listing: ListSheet) -> None:
    """The groups' averages beside last month's, under the table."""
    few = len(listing.rows) <= _FEW_GROUPS
    chart = book.workbook.add_chart({"type": "column"})
    for header, name, colour in (
        ("上月平均", "上月平均", theme.GREY_LIGHT),
        ("平均得分", "本月平均", theme.ACCENT),
    ):
        chart.add_series(
            {
                "name": name,
                "categories": f"={listing.all_of('考核组')}",
                "values": f"={listing.all_of(header)}",
                "fill": {"color": theme.hexed(colour)},
                "border": {"color": theme.hexed(theme.GREY)},
                "gap": 80,
                **(
                    {"data_labels": {"value": True, "font": CHART_QUIET, "num_format": "0.00"}} if few else {}
                ),
            }
        )
    dress(chart, "各组平均得分")
    chart.set_x_axis(axis(num_font=CHART_FONT | ({} if few else {"rotation": 271})))
    chart.set_y_axis(axis(min=0, max=100, num_font=CHART_QUIET, major_gridlines=CHART_GRID, line=NO_LINE))
    chart.set_legend({"position": "bottom", "font": CHART_FONT})
    width = sum(int(column.width * 7 + 5) for column in listing.columns)
    chart.set_size({"width": width * 9 // 10, "height": 300})
    sheet.insert_chart(listing.end + 1, 0, chart)


def _people(overview: Overview) -> ListSheet:
    sections = [ListColumn(name, 9, Shown.SCORE) for name in overview.sections]
    return ListSheet(
        name=PEOPLE,
        title=f"{overview.period.in_words}绩效考核人员明细",
        notes=["名次为本组内名次。可用表头的筛选按钮按考核组、结果查看。"],
        columns=[
            ListColumn("考核组", 16, Shown.STRONG),
            ListColumn("工号", 11),
            ListColumn("姓名", 11),
            ListColumn("岗位", 12),
            ListColumn("名次", 7, Shown.COUNT),
            ListColumn("较上月", 8, Shown.PLACES),
            ListColumn("综合得分", 10, Shown.SCORE),
            *sections,
            ListColumn("结果", 34, Shown.WRAPPED),
            ListColumn("备注", 28, Shown.WRAPPED),
        ],
        rows=[
            [
                one.group,
                one.staff,
                one.name,
                one.post,
                one.rank,
                one.rank_change,
                one.final,
                *(one.sections.get(name) for name in overview.sections),
                one.result,
                one.remark,
            ]
            for one in overview.people
        ],
        totals={
            "考核组": Computed(
                '="共"&COUNTA({工号})&"人，参与排名"&COUNT({名次})&"人"', _in_numbers(overview.people)
            ),
        },
        empty="本月还没有考核结果。",
        frozen=3,
    )


def _in_numbers(people: Sequence[PersonLine]) -> str:
    return f"共{len(people)}人，参与排名{sum(one.rank is not None for one in people)}人"


_MONTHS_ON_PORTRAIT = 3


def _span(span: Span) -> ListSheet:
    months = [f"{month.month}月" for month in span.months]
    in_row = f"{{{months[0]}}}:{{{months[-1]}}}"
    return ListSheet(
        name=span.name,
        title=f"{span.title}绩效考核汇总",
        notes=[
            "各月为综合得分，不参与排名的月份记“—”；平均只算参与排名的月份。末位只计独自排在最后一名的月份。"
        ],
        columns=[
            ListColumn("考核组", 16, Shown.STRONG),
            ListColumn("工号", 11),
            ListColumn("姓名", 11),
            *(ListColumn(month, 8.5, Shown.SCORE) for month in months),
            ListColumn("排名月数", 9, Shown.COUNT),
            ListColumn("平均得分", 10, Shown.SCORE),
            ListColumn("第一名次数", 9, Shown.COUNT),
            ListColumn("末位次数", 9, Shown.COUNT),
        ],
        rows=[
            [
                one.group,
                one.staff,
                one.name,
                *one.finals,
                Computed(f"=COUNT({in_row})", sum(final is not None for final in one.finals)),
                Computed(
                    f'=IF(COUNT({in_row})>0,ROUND(AVERAGE({in_row}),2),"{NOTHING}")',
                    NOTHING if one.average is None else one.average,
                ),
                one.firsts,
                one.lasts,
            ]
            for one in span.people
        ],
        totals={
            "考核组": Computed('="共"&COUNTA({工号})&"人"', f"共{len(span.people)}人"),
            "第一名次数": Computed("=SUM({第一名次数})", sum(one.firsts for one in span.people)),
            "末位次数": Computed("=SUM({末位次数})", sum(one.lasts for one in span.people)),
        },
        empty="没有考核结果。",
        frozen=3,
        landscape=len(months) > _MONTHS_ON_PORTRAIT,
    )


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
    return GroupOverview(_group_line(facts), tuple(_person_lines(facts)), sections)


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


def _person_lines(facts: GroupFacts) -> Iterator[PersonLine]:
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
        yield _span_of(facts, "季度汇总", title, months=3)
    if period.month == 12:
        yield _span_of(facts, "年度汇总", f"{period.year}年度", months=12)


def _span_of(facts: PeriodFacts, name: str, title: str, *, months: int) -> Span:
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
