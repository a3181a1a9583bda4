"""Places by final score as printed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from appraisal.scheme.model.indicator import Indicator
from appraisal.scheme.model.scheme import Scheme
from appraisal.scoring.results import StaffResult

Key = tuple[Decimal, ...]


def ranked(staff: Sequence[StaffResult], scheme: Scheme) -> list[StaffResult]:
    """The same people in the same order, each ranked one with a place.

    Competition places are 1-2-2-4, dense ones 1-2-2-3. `break_by` orders people of equal final.
    """
    breakers = [one for name in scheme.ranking.break_by for one in scheme.indicators if one.name == name]
    keys = {one.id: _key(one, breakers) for one in staff if one.ranked}
    places = _places(list(keys.values()), dense=scheme.ranking.ties == "dense")
    return [replace(one, rank=places[keys[one.id]]) if one.ranked else one for one in staff]


def _places(keys: Sequence[Key], *, dense: bool) -> dict[Key, int]:
    places: dict[Key, int] = {}
    for at, key in enumerate(sorted(keys, reverse=True), start=1):
        if key not in places:
            places[key] = len(places) + 1 if dense else at
    return places


def _key(person: StaffResult, breakers: Sequence[Indicator]) -> Key:
    """The final score, then each breaker as a number that is larger for the better."""
    assert person.final is not None
    return (person.final, *(goodness(person, indicator) for indicator in breakers))


def goodness(person: StaffResult, indicator: Indicator) -> Decimal:
    """The person's value (or marks together) as a number that is larger for the better."""
    result = person.indicators[indicator.name]
    if not result.applicable:
        return Decimal("-Infinity")
    if result.value is None:
        return sum(result.points.values(), Decimal(0))
    return result.value if indicator.method.higher_is_better else -result.value


def last_placed(staff: Sequence[StaffResult]) -> list[StaffResult]:
    """Who of the ranked has the lowest final (places by `break_by` aside); nobody where all have the same."""
    ranked = [(one.final, one) for one in staff if one.ranked and one.final is not None]
    finals = {final for final, _ in ranked}
    return [one for final, one in ranked if final == min(finals)] if len(finals) > 1 else []


def sole_last(staff: Sequence[StaffResult]) -> StaffResult | None:
    """The one person in the last place; None if several share it."""
    last = last_placed(staff)
    return last[0] if len(last) == 1 else None
