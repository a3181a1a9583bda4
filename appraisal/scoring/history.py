"""Months as later months look back on them: who was alone in the last place, the averages, the streaks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction

from appraisal.period import Period
from appraisal.scheme.model.units import POINT_DECIMALS, round_half_up
from appraisal.scoring.final_score import sole_last
from appraisal.scoring.results import GroupResult, History, PersonMonth, StaffResult


def counted_last(result: GroupResult) -> StaffResult | None:
    """The one last place of a month to which outcomes applied; no other month counts for a streak."""
    return sole_last(result.staff) if result.no_outcomes is None else None


def mean_final(finals: Collection[Decimal]) -> Decimal | None:
    """The mean of final scores, 2 decimals; None without any."""
    if not finals:
        return None
    return round_half_up(Fraction(sum(finals, Decimal(0))) / len(finals), POINT_DECIMALS)


def mean_of_groups(groups: Iterable[tuple[Decimal | None, int]]) -> Decimal | None:
    """The mean over everybody of several groups, from each group's mean and its number of people; 2 decimals."""
    there = [(mean, people) for mean, people in groups if mean is not None and people]
    count = sum(people for _, people in there)
    points = sum((mean * people for mean, people in there), Decimal(0))
    return round_half_up(points / count, POINT_DECIMALS) if count else None


def months_of(result: GroupResult) -> Iterator[tuple[str, PersonMonth]]:
    """Everybody's month by staff id."""
    last, count = counted_last(result), len(result.ranked)
    for one in result.staff:
        yield one.id, PersonMonth(result.period, one.rank, count, one.final, one is last)


def history_of(
    months: Iterable[tuple[str, PersonMonth]], streak_from: Mapping[str, Period] | None = None
) -> History:
    """A group's history from everybody's months, by staff id and in order of time."""
    people: defaultdict[str, list[PersonMonth]] = defaultdict(list)
    finals: defaultdict[Period, list[Decimal]] = defaultdict(list)
    for staff, month in months:
        people[staff].append(month)
        if month.rank is not None and month.final is not None:
            finals[month.period].append(month.final)
    averages = {period: mean_final(of_month) for period, of_month in finals.items()}
    return History(
        people={staff: tuple(people[staff]) for staff in sorted(people)},
        group_averages={period: mean for period, mean in averages.items() if mean is not None},
        streak_from=streak_from or {},
    )


def places_gained(before: PersonMonth | None, rank: int | None, ranked: int) -> int | None:
    """Places gained since `before` (positive is better), as many as `ranked` being ranked now.

    The earlier place is taken to the present number: the first of ten is the first of six, and the last the last.
    None where a rank is missing, or where there was nobody to be before or behind.
    """
    if before is None or before.rank is None or rank is None or min(before.ranked_count, ranked) < 2:
        return None
    share = Fraction(before.rank - 1, before.ranked_count - 1)
    return int(round_half_up(1 + share * (ranked - 1), 0)) - rank


def months_last(staff: str, period: Period, history: History) -> int:
    """Consecutive calendar months up to `period` in which the person, alone last in it, was alone last."""
    first = history.streak_from.get(staff)
    if first is not None and period < first:
        return 0
    months = 1
    while True:
        earlier = period.shifted(-months)
        month = history.month_of(staff, earlier)
        if month is None or not month.was_sole_last or (first is not None and earlier < first):
            return months
        months += 1
