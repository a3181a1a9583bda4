"""The last sheets of 汇总.xlsx: everybody over the months of the quarter and of the year."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from decimal import Decimal

from appraisal.hr.facts import PeriodFacts
from appraisal.ledger.records import PersonSummary
from appraisal.period import Period
from appraisal.publish.excel.listing import NOTHING, WHO, Computed, ListColumn, ListSheet, Shown

_MONTHS_ON_PORTRAIT = 3


_QUARTERS = "一二三四"


def quarter_and_year(facts: PeriodFacts) -> Iterator[ListSheet]:
    """The quarter and the year that end with the period."""
    period = facts.period
    if period.month % 3 == 0:
        title = f"{period.year}年第{_QUARTERS[period.month // 3 - 1]}季度"
        yield _span(facts, "季度汇总", title, months=3)
    if period.month == 12:
        yield _span(facts, "年度汇总", f"{period.year}年度", months=12)


def _span(facts: PeriodFacts, name: str, title: str, *, months: int) -> ListSheet:
    periods = [facts.period.shifted(back - months + 1) for back in range(months)]
    people = _in_span(facts, periods)
    headers = [f"{one.month}月" for one in periods]
    in_row = f"{{{headers[0]}}}:{{{headers[-1]}}}"
    return ListSheet(
        name=name,
        title=f"{title}绩效考核汇总",
        notes=[
            "各月为综合得分，不参与排名的月份记“—”；平均只算参与排名的月份。末位只计独自排在最后一名的月份。"
        ],
        columns=[
            *WHO,
            *(ListColumn(header, 8.5, Shown.SCORE) for header in headers),
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
                *finals,
                Computed(f"=COUNT({in_row})", one.months_ranked),
                Computed(
                    f'=IF(COUNT({in_row})>0,ROUND(AVERAGE({in_row}),2),"{NOTHING}")',
                    NOTHING if one.average is None else one.average,
                ),
                one.firsts,
                one.lasts,
            ]
            for one, finals in people
        ],
        totals={
            "考核组": Computed('="共"&COUNTA({工号})&"人"', f"共{len(people)}人"),
            "第一名次数": Computed("=SUM({第一名次数})", sum(one.firsts for one, _ in people)),
            "末位次数": Computed("=SUM({末位次数})", sum(one.lasts for one, _ in people)),
        },
        empty="没有考核结果。",
        frozen=3,
        landscape=months > _MONTHS_ON_PORTRAIT,
    )


def _in_span(
    facts: PeriodFacts, periods: Sequence[Period]
) -> list[tuple[PersonSummary, list[Decimal | None]]]:
    """Everybody by group, best average first; with the final of each month, None where there was no place."""
    summary = facts.transaction.past.summary(periods)
    finals = _finals(facts, {one.group for one in summary}, len(periods))
    places = {group: place for place, group in enumerate(facts.in_order(finals))}
    ordered = sorted(summary, key=lambda one: (places[one.group], -(one.average or Decimal(-1)), one.staff))
    return [(one, [finals[one.group].get((one.staff, period)) for period in periods]) for one in ordered]


def _finals(
    facts: PeriodFacts, groups: Collection[str], months: int
) -> dict[str, dict[tuple[str, Period], Decimal]]:
    """By group the finals of ranked months, by person and month."""
    histories = facts.transaction.past.before_each(groups, facts.period.shifted(1), months)
    return {
        group: {
            (staff, one.period): one.final
            for staff, past in history.people.items()
            for one in past
            if one.rank is not None and one.final is not None
        }
        for group, history in histories.items()
    }
