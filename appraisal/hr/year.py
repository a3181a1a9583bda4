"""人事/年度/<YYYY>.xlsx: every group and everybody over the months and quarters of a year, with lines that show the movement."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from xlsxwriter.chart import Chart

from appraisal.hr.facts import PeriodFacts
from appraisal.hr.missing import DAY_UNKNOWN, days_late
from appraisal.ledger.records import PersonResult, PersonSummary
from appraisal.period import Period
from appraisal.publish.excel import theme
from appraisal.publish.excel.book import Book, BulkWorksheet
from appraisal.publish.excel.charts import MOST_LINES, ScoreLine, axis_around, score_chart
from appraisal.publish.excel.listing import (
    NOTHING,
    Columns,
    Computed,
    ListColumn,
    ListSheet,
    Shown,
    Value,
    listed,
)
from appraisal.publish.excel.listing_sheets import fit_on_a_page, write_listing, write_stack
from appraisal.scoring.deadlines import hand_in_by
from appraisal.scoring.final_score import mean_final

_MONTHS = [f"{month}月" for month in range(1, 13)]
_TREND = "走势"
_CHART_ROWS = 16
GROUP_MONTHS = "各组各月"
"""The list that says of every group's month when it was handed in."""


@dataclass(frozen=True, slots=True)
class GroupInMonth:
    """One group's month: how many people it had, and the final scores of the ranked."""

    group: str
    period: Period
    people: int
    finals: tuple[Decimal, ...]


@dataclass(frozen=True)
class Year:
    """All months in force of a year: `groups` in order, people by group, the best average first."""

    facts: PeriodFacts
    months: tuple[GroupInMonth, ...]
    people: tuple[tuple[PersonSummary, tuple[Decimal | None, ...]], ...]

    @property
    def groups(self) -> dict[str, dict[Period, Decimal | None]]:
        """The average of each month."""
        found: defaultdict[str, dict[Period, Decimal | None]] = defaultdict(dict)
        for month in self.months:
            found[month.group][month.period] = mean_final(month.finals)
        return dict(found)

    @property
    def periods(self) -> list[Period]:
        return _periods(self.facts)


def _periods(facts: PeriodFacts) -> list[Period]:
    return [Period(facts.period.year, month) for month in range(1, 13)]


def year_of(facts: PeriodFacts) -> Year:
    """The year of the facts' period."""
    periods, past = _periods(facts), facts.transaction.past
    of_month: defaultdict[tuple[str, Period], list[PersonResult]] = defaultdict(list)
    finals: dict[tuple[str, str, Period], Decimal] = {}
    for result in past.of_periods(periods):
        of_month[result.group, result.period].append(result)
        if result.rank is not None and result.final is not None:
            finals[result.group, result.staff, result.period] = result.final
    places = {group: place for place, group in enumerate(facts.in_order({group for group, _ in of_month}))}
    summary = sorted(
        past.summary(periods),
        key=lambda person: (places[person.group], -(person.average or Decimal(-1)), person.staff),
    )
    months = sorted(of_month.items(), key=lambda item: (places[item[0][0]], item[0][1]))
    return Year(
        facts,
        months=tuple(
            GroupInMonth(
                group,
                period,
                len(results),
                tuple(finals[key] for result in results if (key := (group, result.staff, period)) in finals),
            )
            for (group, period), results in months
        ),
        people=tuple(
            (person, tuple(finals.get((person.group, person.staff, period)) for period in periods))
            for person in summary
        ),
    )


def year_workbook(year: Year) -> bytes:
    """Groups, with each group's months below them as long as they fit, and people; the same values give the same bytes."""
    book = Book()
    groups, people, months = _groups(year), _people(year), _group_months(year)
    is_short = fit_on_a_page([groups, months])
    if is_short:
        sheet, (groups, _) = write_stack(book, [groups, months], groups.name)
    else:
        sheet = write_listing(book, groups)
    _add_trend(sheet, groups, [figure for row in groups.rows for figure in row[1:13]])
    for number, chart in enumerate(_charts(book, year, groups)):
        sheet.insert_chart(groups.end + 1 + number * _CHART_ROWS, 0, chart)
    _add_trend(
        write_listing(book, people), people, [figure for _, finals in year.people for figure in finals]
    )
    if not is_short:
        write_listing(book, months)
    return book.finished(created=year.periods[-1].last_day)


_Scores = Sequence[Decimal | None]
"""Of the twelve months."""


def _month_column(index: int) -> ListColumn[tuple[object, _Scores]]:
    """Empty where there is no figure: a dash would be drawn as 0."""
    return ListColumn(
        _MONTHS[index], lambda row: "" if (score := row[1][index]) is None else score, 7.5, Shown.SCORE
    )


def _average_column(header: str, first: int, last: int) -> ListColumn[tuple[object, _Scores]]:
    """From month to month, as a formula over their columns."""
    months = f"{{{_MONTHS[first]}}}:{{{_MONTHS[last]}}}"
    formula = f'=IF(COUNT({months})>0,ROUND(AVERAGE({months}),2),"{NOTHING}")'

    def average(row: tuple[object, _Scores]) -> Computed:
        mean = mean_final([score for score in row[1][first : last + 1] if score is not None])
        return Computed(formula, NOTHING if mean is None else mean)

    return ListColumn(header, average, 9, Shown.SCORE)


_SCORES: Columns[tuple[object, _Scores]] = (
    *map(_month_column, range(12)),
    *(_average_column(f"{name}季度", index * 3, index * 3 + 2) for index, name in enumerate("一二三四")),
)
_TREND_COLUMN: ListColumn[object] = ListColumn(_TREND, lambda _: "", 18)
_GROUPS: Columns[tuple[str, _Scores]] = (
    ListColumn("考核组", lambda row: row[0], 18, Shown.STRONG),
    *_SCORES,
    _average_column("年度", 0, 11),
    _TREND_COLUMN,
)
_PEOPLE: Columns[tuple[PersonSummary, _Scores]] = (
    ListColumn("考核组", lambda row: row[0].group, 16, Shown.STRONG),
    ListColumn("工号", lambda row: row[0].staff, 11),
    ListColumn("姓名", lambda row: row[0].name, 11, Shown.NAME),
    *_SCORES,
    ListColumn(
        "排名月数", lambda row: Computed("=COUNT({1月}:{12月})", row[0].months_ranked), 7, Shown.COUNT
    ),
    _average_column("平均得分", 0, 11),
    ListColumn("第一名次数", lambda row: row[0].firsts, 8, Shown.COUNT),
    ListColumn("末位次数", lambda row: row[0].lasts, 8, Shown.COUNT),
    _TREND_COLUMN,
)


def _groups(year: Year) -> ListSheet:
    groups = year.groups
    return ListSheet(
        name="各组",
        title=f"{year.facts.period.year}年度绩效考核：各组平均得分",
        notes=[
            "各月为参与排名人员的平均得分，没有的月份空着；季度、年度是各月平均的平均。各组方案不同时，只宜与本组以前比较。",
        ],
        table=listed(
            ((group, [averages.get(month) for month in year.periods]) for group, averages in groups.items()),
            _GROUPS,
        ),
        empty="今年还没有考核结果。",
        frozen=1,
        keeps_columns=True,
        room=_CHART_ROWS * math.ceil(len(groups) / MOST_LINES) + 1,
    )


def _people(year: Year) -> ListSheet:
    return ListSheet(
        name="人员",
        title=f"{year.facts.period.year}年度绩效考核：人员各月得分",
        notes=[
            "各月为综合得分，不参与排名的月份空着；平均只算参与排名的月份。末位只计独自排在最后一名的月份。换过组的人，各组各一行。"
        ],
        table=listed(year.people, _PEOPLE),
        totals={
            "考核组": Computed('="共"&COUNTA({工号})&"行"', f"共{len(year.people)}行"),
            "第一名次数": Computed("=SUM({第一名次数})", sum(person.firsts for person, _ in year.people)),
            "末位次数": Computed("=SUM({末位次数})", sum(person.lasts for person, _ in year.people)),
        },
        empty="今年还没有考核结果。",
        frozen=3,
    )


def _group_months(year: Year) -> ListSheet:
    settings = year.facts.settings
    handed_in = year.facts.transaction.past.handed_in(year.periods)

    def day(month: GroupInMonth) -> date | str | None:
        key = (month.group, month.period)
        return (handed_in[key] or DAY_UNKNOWN) if key in handed_in else None

    def late(month: GroupInMonth) -> int | None:
        return (
            days_late(handed_in.get((month.group, month.period)), hand_in_by(month.period, settings)) or None
        )

    columns: Columns[GroupInMonth] = [
        ListColumn("考核组", lambda month: month.group, 18, Shown.STRONG),
        ListColumn("考核月份", lambda month: str(month.period), 10, Shown.CENTRED),
        ListColumn("应参评", lambda month: month.people, 9, Shown.COUNT),
        ListColumn("实际参评", lambda month: len(month.finals), 9, Shown.COUNT),
        ListColumn("平均", lambda month: mean_final(month.finals), 10, Shown.SCORE),
        ListColumn("最高", lambda month: max(month.finals, default=None), 10, Shown.SCORE),
        ListColumn("最低", lambda month: min(month.finals, default=None), 10, Shown.SCORE),
        ListColumn("报送日期", day, 13, Shown.DAY),
        ListColumn("迟报天数", late, 10, Shown.COUNT),
    ]
    return ListSheet(
        name=GROUP_MONTHS,
        title=f"{year.facts.period.year}年度绩效考核：各组各月",
        notes=["报送日期是第一份合格的上报表受理的日期，以后的重报、更正不改变它。"],
        table=listed(year.months, columns),
        empty="今年还没有考核结果。",
        frozen=2,
        landscape=False,
    )


def _add_trend(sheet: BulkWorksheet, listing: ListSheet, figures: Sequence[Value]) -> None:
    """A small column for each month beside every row, all on one scale that shows the movement."""
    known = [figure for figure in figures if isinstance(figure, Decimal)]
    if not known:
        return
    first, last = (listing.letters_of(month) for month in (_MONTHS[0], _MONTHS[-1]))
    rows = range(listing.first_row, listing.last_row + 1)
    low, high = axis_around(known)
    sheet.add_sparkline(
        listing.first_row - 1,
        listing.column_of(_TREND) - 1,
        {
            "location": [f"{listing.letters_of(_TREND)}{row}" for row in rows],
            "range": [f"'{listing.sheet}'!{first}{row}:{last}{row}" for row in rows],
            "type": "column",
            "min": low - 5,  # the lowest has a height too
            "max": high,
            "series_color": theme.hexed(theme.ACCENT),
        },
    )


def _charts(book: Book, year: Year, groups: ListSheet) -> Iterator[Chart]:
    """The groups' lines, so many to a chart as can be told apart."""
    lines = [
        (group, list(averages.values()), _row(groups, row))
        for row, (group, averages) in enumerate(year.groups.items(), groups.first_row)
    ]
    for first in range(0, len(lines), MOST_LINES):
        some = lines[first : first + MOST_LINES]
        figures = [figure for _, averages, _ in some for figure in averages if figure is not None]
        months = _row(groups, groups.header_row)
        drawn = [ScoreLine(group, months, row, is_main=len(lines) == 1) for group, _, row in some]
        chart = score_chart(book, "各组平均得分", drawn, figures)
        chart.set_size({"width": 1180, "height": 300})
        yield chart


def _row(listing: ListSheet, row: int) -> str:
    first, last = (listing.letters_of(month) for month in (_MONTHS[0], _MONTHS[-1]))
    return f"'{listing.sheet}'!${first}${row}:${last}${row}"
