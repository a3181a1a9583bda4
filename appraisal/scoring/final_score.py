"""From points to each reviewer's total, to the final score and to places by it: every number as printed.

And months as later months look back on them: who was alone in the last place, the averages, the streaks.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from appraisal.period import Period
from appraisal.scheme.methods.method import Effect
from appraisal.scheme.model.indicator import Indicator
from appraisal.scheme.model.outcome_rules import Reviewer
from appraisal.scheme.model.scheme import Part, Scheme
from appraisal.scheme.model.units import POINT_DECIMALS, round_half_up
from appraisal.scoring.results import GroupResult, History, IndicatorResult, PersonMonth, StaffResult

Key = tuple[Decimal, ...]


def ranked(staff: Sequence[StaffResult], scheme: Scheme) -> list[StaffResult]:
    """The same people in the same order, each ranked one with a place.

    Competition places are 1-2-2-4, dense ones 1-2-2-3. `break_by` orders people of equal final.
    """
    breakers = [
        indicator
        for name in scheme.ranking.break_by
        for indicator in scheme.indicators
        if indicator.name == name
    ]
    keys = {person.id: _key(scheme, person, breakers) for person in staff if person.ranked}
    places = _places(list(keys.values()), dense=scheme.ranking.ties == "dense")
    return [replace(person, rank=places[keys[person.id]]) if person.ranked else person for person in staff]


def _places(keys: Sequence[Key], *, dense: bool) -> dict[Key, int]:
    places: dict[Key, int] = {}
    for place, key in enumerate(sorted(keys, reverse=True), start=1):
        if key not in places:
            places[key] = len(places) + 1 if dense else place
    return places


def _key(scheme: Scheme, person: StaffResult, breakers: Sequence[Indicator]) -> Key:
    """The final score, then each breaker as a number that is larger for the better."""
    assert person.final is not None
    return (person.final, *(comparable_value(scheme, person, indicator) for indicator in breakers))


def comparable_value(scheme: Scheme, person: StaffResult, indicator: Indicator) -> Decimal:
    """The person's value, or the marks by the reviewers' weights, as a number that is larger for the better."""
    result = person.indicators[indicator.name]
    if not result.applicable:
        return Decimal("-Infinity")
    if result.value is None:
        return round_half_up(scheme.weigh(indicator.name, result.points), POINT_DECIMALS)
    return result.value if indicator.method.higher_is_better else -result.value


def last_placed(staff: Sequence[StaffResult]) -> list[StaffResult]:
    """Who of the ranked has the lowest final (places by `break_by` aside); nobody where all have the same."""
    ranked = [(person.final, person) for person in staff if person.ranked and person.final is not None]
    finals = {final for final, _ in ranked}
    return [person for final, person in ranked if final == min(finals)] if len(finals) > 1 else []


def sole_last(staff: Sequence[StaffResult]) -> StaffResult | None:
    """The one person in the last place; None if several share it."""
    last = last_placed(staff)
    return last[0] if len(last) == 1 else None


Results = Mapping[str, IndicatorResult]

NOTHING_APPLIES = "各项指标都不适用"
"""Why nobody has a total, where every reviewer's is made of the same indicators."""

_NAMED_INDICATORS = 3
"""So many are named one by one where nothing of a reviewer's form applies."""


@dataclass(frozen=True, slots=True)
class FinalScore:
    """How a final score comes about.

    `parts` holds each reviewer's scores (out of 100) by weighted 类别, without those that do not apply;
    `weighted` is Σ weight × total; `added` are 加减分 and `limits` the 单项否决 that hold, by indicator.
    """

    parts: Mapping[str, Mapping[str, Decimal]]
    totals: Mapping[str, Decimal | None]
    weighted: Decimal | None
    added: Mapping[str, Decimal]
    limits: Mapping[str, Decimal]

    @property
    def final(self) -> Decimal | None:
        """Never under 0; over 100 only by 加减分."""
        if self.weighted is None:
            return None
        together = max(sum(self.added.values(), self.weighted), Decimal(0))
        return round_half_up(
            min(together, *self.limits.values()) if self.limits else together, POINT_DECIMALS
        )


def final_score(scheme: Scheme, results: Results, stood_in: Mapping[str, str]) -> FinalScore:
    """The totals and the final score of one person; `stood_in` maps who is absent to whose marks count."""
    parts = {
        reviewer.name: _parts(scheme.parts(reviewer.name), reviewer, results) for reviewer in scheme.reviewers
    }
    totals = {
        reviewer.name: _total(scheme.parts(reviewer.name), parts[reviewer.name])
        for reviewer in scheme.reviewers
    }
    for absent in whole_totals(scheme, stood_in):
        parts[absent], totals[absent] = {}, totals[stood_in[absent]]
    if not scheme.is_weighted:
        parts = {}
    return FinalScore(
        parts=parts,
        totals=totals,
        weighted=_weighted(scheme.reviewers, totals),
        added={
            indicator.name: round_half_up(
                scheme.weigh(indicator.name, results[indicator.name].points), POINT_DECIMALS
            )
            for indicator in scheme.outside
            if indicator.method.effect is Effect.ADDS and results[indicator.name].points
        },
        limits={
            indicator.name: limit
            for indicator in scheme.outside
            if (value := results[indicator.name].value) is not None
            and (limit := indicator.method.limit(value)) is not None
        },
    )


def whole_totals(scheme: Scheme, stood_in: Mapping[str, str]) -> list[str]:
    """The absent reviewers for whom the stand-in's total counts, because they share no marks."""
    return [
        reviewer.name
        for reviewer in scheme.reviewers
        if reviewer.name in stood_in and scheme.stands_in_whole(reviewer)
    ]


def no_total(scheme: Scheme, reviewer: Reviewer) -> str:
    """Why a reviewer has no total: `店长没有合计：所评的转化率、差错率都不适用`."""
    names = [indicator.name for part in scheme.parts(reviewer.name) for indicator in part.indicators]
    named = "、".join(names[:_NAMED_INDICATORS])
    more = f"等{len(names)}项指标" if len(names) > _NAMED_INDICATORS else ""
    return f"{reviewer.name}没有合计：所评的{named}{more}都不适用"


def possible_points(scheme: Scheme, results: Results, stood_in: Mapping[str, str]) -> Decimal:
    """How many of the 100 points could be judged: the applicable points, by the weights that they have."""
    if scheme.is_uniform:
        return _full(scheme.counted, results)
    shares = {reviewer.name: _share(scheme.parts(reviewer.name), results) for reviewer in scheme.reviewers}
    for absent in whole_totals(scheme, stood_in):
        shares[absent] = shares[stood_in[absent]]
    together = sum((reviewer.weight * shares[reviewer.name] for reviewer in scheme.reviewers), Decimal(0))
    return round_half_up(together, POINT_DECIMALS)


def _full(indicators: Sequence[Indicator], results: Results) -> Decimal:
    return sum(
        (indicator.points for indicator in indicators if results[indicator.name].applicable), Decimal(0)
    )


def _share(parts: Sequence[Part], results: Results) -> Decimal:
    return sum(
        (100 * part.weight * _full(part.indicators, results) / part.full for part in parts), Decimal(0)
    )


def _parts(parts: Sequence[Part], reviewer: Reviewer, results: Results) -> dict[str, Decimal]:
    """100 × Σ points earned ÷ Σ points possible over the applicable indicators of each part."""
    scores = {}
    for part in parts:
        possible = _full(part.indicators, results)
        if possible:
            applicable = (
                results[indicator.name] for indicator in part.indicators if results[indicator.name].applicable
            )
            earned = sum((result.points[reviewer.name] for result in applicable), Decimal(0))
            scores[part.name] = round_half_up(100 * earned / possible, POINT_DECIMALS)
    return scores


def _total(parts: Sequence[Part], scores: Mapping[str, Decimal]) -> Decimal | None:
    """The parts by their weights, from the scores as printed; a part that does not apply leaves its weight."""
    there = [part for part in parts if part.name in scores]
    if not there:
        return None
    weight = sum((part.weight for part in there), Decimal(0))
    weighted = sum((part.weight * scores[part.name] for part in there), Decimal(0))
    return round_half_up(weighted / weight, POINT_DECIMALS)


def _weighted(reviewers: Sequence[Reviewer], totals: Mapping[str, Decimal | None]) -> Decimal | None:
    """Σ weight × total, from the totals as printed; who has no weight may have no total."""
    weighted = Decimal(0)
    for reviewer in reviewers:
        total = totals[reviewer.name]
        if total is None and reviewer.weight:
            return None
        weighted += reviewer.weight * (total or 0)
    return round_half_up(weighted, POINT_DECIMALS)


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
    for person in result.staff:
        yield (
            person.id,
            PersonMonth(
                period=result.period,
                rank=person.rank,
                ranked_count=count,
                final=person.final,
                was_sole_last=person is last,
            ),
        )


def history_of(
    months: Iterable[tuple[str, PersonMonth]], streak_from: Mapping[str, Period] | None
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

    The earlier place is scaled to the present number: first of ten counts as first of six, last as last.
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
