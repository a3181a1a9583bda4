"""汇总.xlsx: all groups of a month side by side, and everybody in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from appraisal.hr.facts import NOT_HANDED_IN, GroupFacts, PeriodFacts, state_in_words
from appraisal.period import Period
from appraisal.publish.excel import theme
from appraisal.publish.excel.book import Book, BulkWorksheet
from appraisal.publish.excel.charts import CHART_FONT, CHART_QUIET, axis, figure_axis, frame_chart
from appraisal.publish.excel.listing import (
    NOTHING,
    WHO,
    Columns,
    Computed,
    ListColumn,
    ListSheet,
    Shown,
    Value,
    listed,
)
from appraisal.publish.excel.listing_sheets import write_listing
from appraisal.publish.wording import stood_in_sentence
from appraisal.scoring.final_score import last_placed, mean_of_groups
from appraisal.scoring.results import GroupResult, StaffResult

_CHANGE = f'=IF(COUNT({{平均得分}},{{上月平均}})=2,{{平均得分}}-{{上月平均}},"{NOTHING}")'


class GroupLine(NamedTuple):
    """One group's month; what is None is not known: a group that has not handed in has only its name.

    `expected` counts everybody in the workbook, `ranked` those with a place. `first` and `last` are
    names, several where they share the place.
    """

    group: str
    state: str
    expected: int | None = None
    ranked: int | None = None
    average: Decimal | None = None
    average_before: Decimal | None = None
    change: Computed = Computed(_CHANGE, NOTHING)
    highest: Decimal | None = None
    lowest: Decimal | None = None
    first: str = ""
    last: str = ""
    revision: str = NOTHING
    issued_on: date | None = None
    reason: str = ""


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
class GroupOverview:
    """One group's part; `sections` names the 类别 that its people have points in."""

    line: GroupLine
    people: tuple[PersonLine, ...]
    sections: tuple[str, ...]


def group_overview(facts: GroupFacts) -> GroupOverview:
    """The people by rank, then those without one."""
    sections = tuple(section.name for section in facts.scheme.counted_sections)
    return GroupOverview(_group_line(facts), tuple(_person_lines(facts)), sections)


def _group_line(facts: GroupFacts) -> GroupLine:
    paper, result = facts.paper, facts.paper.result
    before = paper.history.group_averages.get(result.period.shifted(-1))
    change = NOTHING if paper.average is None or before is None else paper.average - before
    last = last_placed(result.ranked)
    return GroupLine(
        group=result.group,
        state=state_in_words(facts.month),
        expected=len(result.staff),
        ranked=len(result.ranked),
        average=paper.average,
        average_before=before,
        change=Computed(_CHANGE, change),
        highest=max(result.finals, default=None),
        lowest=min(result.finals, default=None),
        first=_names(result, [person for person in result.ranked if person.rank == 1]),
        last=_names(result, last) + ("（并列）" if len(last) > 1 else ""),
        revision=f"第{result.revision}版",
        issued_on=facts.month.issued_on,
        reason=facts.revision.provenance.reason or "",
    )


def _names(result: GroupResult, people: Sequence[StaffResult]) -> str:
    return "、".join(result.name_of(person.id) for person in people)


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


def overview_workbook(facts: PeriodFacts, groups: Sequence[GroupOverview]) -> bytes:
    """The workbook of the period as it stands; the same values give the same bytes."""
    book = Book()
    lines = _every_line(facts, [group.line for group in groups])
    sheet = _groups(facts.period, lines)
    written = write_listing(book, sheet)
    if lines:
        _insert_chart(written, book, sheet)
    write_listing(book, _people(facts.period, groups))
    return book.finished(created=facts.period.last_day)


def _every_line(facts: PeriodFacts, in_force: Sequence[GroupLine]) -> list[GroupLine]:
    """In the groups' order; those without a month in force have a line that says so."""
    lines = {group: GroupLine(group, NOT_HANDED_IN) for group in facts.expected_groups}
    lines |= {month.group: GroupLine(month.group, state_in_words(month)) for month in facts.withdrawn}
    lines |= {line.group: line for line in in_force}
    return [lines[group] for group in facts.in_order(lines)]


_GROUP_COLUMNS: Columns[GroupLine] = (
    ListColumn("考核组", lambda line: line.group, 18, Shown.STRONG),
    ListColumn("状态", lambda line: line.state, 12, Shown.CENTRED),
    ListColumn("应参评", lambda line: line.expected, 8, Shown.COUNT),
    ListColumn("实际参评", lambda line: line.ranked, 9, Shown.COUNT),
    ListColumn("平均得分", lambda line: line.average, 10, Shown.SCORE),
    ListColumn("上月平均", lambda line: line.average_before, 10, Shown.SCORE),
    ListColumn("较上月", lambda line: line.change, 9, Shown.CHANGE),
    ListColumn("最高", lambda line: line.highest, 9, Shown.SCORE),
    ListColumn("最低", lambda line: line.lowest, 9, Shown.SCORE),
    ListColumn("第一名", lambda line: line.first, 16, Shown.WRAPPED),
    ListColumn("末位", lambda line: line.last, 16, Shown.WRAPPED),
    ListColumn("版次", lambda line: line.revision, 7, Shown.CENTRED),
    ListColumn("下发日期", lambda line: line.issued_on, 12, Shown.DAY),
)
_WHY: ListColumn[GroupLine] = ListColumn("更正事由", lambda line: line.reason, 40, Shown.WRAPPED)
"""There only where a group's month took the place of an issued one."""


def _groups(period: Period, lines: Sequence[GroupLine]) -> ListSheet:
    has_reasons = any(line.reason for line in lines)
    return ListSheet(
        name="各组汇总",
        title=f"{period.in_words}绩效考核各组汇总",
        notes=[
            "平均、最高、最低只算参与排名人员；合计行的平均按各组实际参评人数加权。",
            "各组方案不同时，分数只宜与本组上月比较。",
            *(["“下发日期”是首次下发的日期；更正的日期见更正通报。"] if has_reasons else []),
        ],
        table=listed(lines, [*_GROUP_COLUMNS, *([_WHY] if has_reasons else [])]),
        totals=_group_totals(lines),
        empty="本月还没有考核组。",
        frozen=1,
    )


def _group_totals(groups: Sequence[GroupLine]) -> dict[str, Value]:
    average = mean_of_groups((line.average, line.ranked or 0) for line in groups)
    highest = [line.highest for line in groups if line.highest is not None]
    lowest = [line.lowest for line in groups if line.lowest is not None]
    weighted = "ROUND(SUMPRODUCT({实际参评},{平均得分})/SUM({实际参评}),2)"
    return {
        "考核组": f"合计（{len(groups)}组）",
        "应参评": Computed("=SUM({应参评})", sum(line.expected or 0 for line in groups)),
        "实际参评": Computed("=SUM({实际参评})", sum(line.ranked or 0 for line in groups)),
        "平均得分": Computed(
            f'=IF(SUM({{实际参评}})>0,{weighted},"{NOTHING}")',
            NOTHING if average is None else average,
        ),
        "最高": Computed(f'=IF(COUNT({{最高}})>0,MAX({{最高}}),"{NOTHING}")', max(highest, default=NOTHING)),
        "最低": Computed(f'=IF(COUNT({{最低}})>0,MIN({{最低}}),"{NOTHING}")', min(lowest, default=NOTHING)),
    }


_FEW_GROUPS = 12
"""Up to so many groups the chart has room for figures over the columns and level names below them."""


def _insert_chart(sheet: BulkWorksheet, book: Book, listing: ListSheet) -> None:
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
    frame_chart(chart, "各组平均得分")
    chart.set_x_axis(axis(num_font=CHART_FONT | ({} if few else {"rotation": 271})))
    chart.set_y_axis(figure_axis(0, 100))
    chart.set_legend({"position": "bottom", "font": CHART_FONT})
    width = sum(int(column.width * 7 + 5) for column in listing.columns)
    chart.set_size({"width": width * 9 // 10, "height": 300})
    sheet.insert_chart(listing.end + 1, 0, chart)


def _people(period: Period, groups: Sequence[GroupOverview]) -> ListSheet:
    """Everybody; points by all 类别 that any group has, in order."""
    people = [person for group in groups for person in group.people]
    sections = dict.fromkeys(name for group in groups for name in group.sections)
    ranked = sum(person.rank is not None for person in people)
    columns: Columns[PersonLine] = [
        *WHO,
        ListColumn("岗位", lambda line: line.post, 12),
        ListColumn("名次", lambda line: line.rank, 7, Shown.COUNT),
        ListColumn("较上月", lambda line: line.rank_change, 8, Shown.PLACES),
        ListColumn("综合得分", lambda line: line.final, 10, Shown.SCORE),
        *map(_section_column, sections),
        ListColumn("结果", lambda line: line.result, 34, Shown.WRAPPED),
        ListColumn("备注", lambda line: line.remark, 28, Shown.WRAPPED),
    ]
    return ListSheet(
        name="人员明细",
        title=f"{period.in_words}绩效考核人员明细",
        notes=["名次为本组内名次。可用表头的筛选按钮按考核组、结果查看。"],
        table=listed(people, columns),
        totals={
            "考核组": Computed(
                '="共"&COUNTA({工号})&"人，参与排名"&COUNT({名次})&"人"',
                f"共{len(people)}人，参与排名{ranked}人",
            ),
        },
        empty="本月还没有考核结果。",
        frozen=3,
    )


def _section_column(name: str) -> ListColumn[PersonLine]:
    return ListColumn(name, lambda line: line.sections.get(name), 9, Shown.SCORE)
