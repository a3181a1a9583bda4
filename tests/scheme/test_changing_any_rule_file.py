"""Each weight, band, name, amount, date and other number of each shipped file, changed in turn.

Either `rules check` refuses the file, or the result changes as the file now reads: points by a second
reader of the same text, outcomes by who gets what, names by what the forms and papers call things. `rules diff` tells of it, and the
document that people sign reads otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from appraisal.scheme.checks import inconsistencies
from appraisal.scheme.describe.differences import differences
from appraisal.scheme.describe.explain import explain_scheme
from appraisal.scheme.forms.submission import STAFF_ID, submission_form
from appraisal.scheme.methods import METHODS
from appraisal.scheme.model.indicator import Indicator
from appraisal.scheme.model.outcome_rules import OutcomeRule
from appraisal.scheme.model.scheme import Scheme
from appraisal.scheme.yaml_text import thorough_values
from appraisal.scoring.outcomes import GroupOutcomes, Issue, outcomes_of_group
from appraisal.scoring.results import History, PersonMonth, StaffResult
from appraisal.scoring.scoring import score_group
from tests.builders.rule_values import (
    Place,
    at,
    changed,
    number,
    numbers_in,
    one_more,
    places,
    points_as_written,
)
from tests.builders.samples import sample, shipped_rules
from tests.builders.schemes import EACH_RULE_FILE, RULE_FILES
from tests.builders.submissions import NOVEMBER, staff_id

FREE_TEXT = frozenset(
    {"source", "meaning", "hint", "say", "clause", "purpose", "scope", "focus", "instruction", "anchors", "band",
     "example", "aliases", "unit", "interviews", "required", "carried", "1", "2", "3", "4", "5"}
)  # fmt: skip
"""Words that people read, and the like: `rules diff` tells of each (in the long run), nothing is computed by them."""

MUST_BE_KNOWN = frozenset({"by", "if_absent", "break_by", "weighted_by"})
SUMMED = frozenset({"weight", "points"})


@cache
def plain(file: Path) -> dict[str, Any]:
    return thorough_values(file.read_text("utf-8"))


@cache
def original(file: Path) -> Scheme:
    return Scheme.model_validate(plain(file))


def loaded(values: dict[str, Any]) -> Scheme | None:
    """The scheme in these values; None where `rules check` refuses them."""
    try:
        scheme = Scheme.model_validate(values)
    except ValidationError:
        return None
    return None if any(True for _ in inconsistencies(scheme)) else scheme


# ------------------------------------------------------------------------------------ the changes


def key_of(place: Place) -> str:
    return next(step for step in reversed(place) if isinstance(step, str))


def changes(file: Path, *, free_text: bool) -> Iterator[tuple[Place, Any]]:
    """Each place with another value: a name with a letter more, a number one larger, a formula's names in turn."""
    for place, value in places(plain(file)):
        key = key_of(place)
        if (key in FREE_TEXT) is not free_text:
            continue
        text = str(value)
        if key in {"value", "that"}:
            for match in re.finditer(r"[^\W\d][\w→·]*", text):
                if match[0] not in {"sum", "mean", "min", "max"}:
                    yield place, text[: match.end()] + "乙" + text[match.end() :]
        elif key == "effective_from":
            yield place, text.replace("2020-0", "2021-0")
        elif isinstance(value, bool):
            yield place, not value
        elif key in {"name", "scheme", *MUST_BE_KNOWN, *FREE_TEXT} or not re.search(r"\d", text):
            if key in {"name", "sheet", "from", "when", *MUST_BE_KNOWN, *FREE_TEXT}:
                yield place, f"{text}乙"
        else:
            for match in re.finditer(r"\d+(?:\.\d+)?", text):
                yield place, one_more(value, match)
            if "bands" in place:
                bands = at(plain(file), place[:-1])
                yield place[:-1], [one for one in bands if one != value]


@EACH_RULE_FILE
def test_each_change_is_refused_or_changes_the_result_as_the_file_reads(file: Path) -> None:
    """At every place of the file that decides over anything."""
    tried, taken, signed = 0, 0, explain_scheme(original(file))
    for place, value in changes(file, free_text=False):
        values = changed(plain(file), place, value)
        scheme, told = loaded(values), f"{'.'.join(map(str, place))}: {at(plain(file), place)} → {value}"
        tried += 1
        if scheme is None:
            continue
        taken += 1
        key = key_of(place)
        assert key not in SUMMED | MUST_BE_KNOWN | {"value", "that"}, f"not refused: {told}"
        assert differences(original(file), scheme), f"rules diff is silent: {told}"
        assert key == "sheet" or explain_scheme(scheme) != signed, f"the signed document is silent: {told}"
        check = check_for(place)
        assert check is not None, f"nothing is known of what this decides: {told}"
        assert check(file, scheme, values, place), f"not as the file reads: {told}"
    assert tried > 70
    assert taken > 30


@pytest.mark.soak
@pytest.mark.parametrize("file", RULE_FILES, ids=lambda path: path.stem)
def test_words_that_people_read_are_told_by_diff(file: Path) -> None:
    """Texts, examples, aliases."""
    for place, value in changes(file, free_text=True):
        scheme = loaded(changed(plain(file), place, value))
        assert scheme is None or differences(original(file), scheme), f"rules diff is silent: {place}"


# ------------------------------------------------------------------------ what each change must do

Check = Callable[[Path, Scheme, dict[str, Any], Place], bool]


def check_for(place: Place) -> Check | None:
    """What proves that a change at this place has the effect that it reads as."""
    key = key_of(place)
    method = next((step for step in place if step in METHODS), None)
    if method is not None and key != "anchors":
        return points_follow
    if place[0] == "outcomes":
        return {"minimum": minimum_follows, "only_if": guard_follows, "unless": guard_follows}.get(
            key, outcomes_follow
        )
    if place[0] == "grades":
        return grades_follow
    return _BY_KEY.get(key)


def indicator_at(scheme: Scheme, values: dict[str, Any], place: Place) -> tuple[Indicator, dict[str, Any]]:
    """The indicator that a place lies in, and its text."""
    end = place.index("indicators") + 2
    written = at(values, place[:end])
    return next(one for one in scheme.indicators if one.name == written["name"]), written


def points_follow(file: Path, scheme: Scheme, values: dict[str, Any], place: Place) -> bool:
    """Every value around a number of the old or the new text earns what the new text says; some earn otherwise."""
    (indicator, now), (_, before) = (
        indicator_at(scheme, values, place),
        indicator_at(original(file), plain(file), place),
    )
    if "small_sample" in place:
        now, before = now["small_sample"], before["small_sample"]
        indicator = indicator.by_count
    measure, full = indicator.measure, Decimal(str(indicator.points))
    step = Decimal(1).scaleb(-measure.decimals)
    written = numbers_in(now) | numbers_in(before)
    apart = {one - other for one in written for other in written} | written
    around = {sign * one + off for one in apart for off in (-step, Decimal(0), step) for sign in (1, -1)}
    tried = sorted(one for one in around | {step * far for far in (500, 3000)} if one >= 0 or "adjust" in now)
    given = [
        indicator.method.limit(one) if "veto" in now else indicator.method.points(one, measure)
        for one in tried
    ]
    as_read = [points_as_written(now, full, one) for one in tried]
    return given == as_read and as_read != [points_as_written(before, full, one) for one in tried]


def sample_follows(file: Path, scheme: Scheme, values: dict[str, Any], place: Place) -> bool:
    """With exactly so many as was enough before, it is not enough now."""
    indicator, _ = indicator_at(scheme, values, place)
    field = re.split(r" / ", str(indicator.value))[1]
    month = sample(scheme.scheme)
    limit = number(at(plain(file), place))
    table = next(one for one in month.tables.values() if field in one.columns)
    row = next(one for one in table.rows if one.values[STAFF_ID] == "KF001")
    row.values[field] = limit
    results = [
        score_group(month, one, History(), ISSUE).person("KF001").indicators[indicator.name]
        for one in (original(file), scheme)
    ]
    return [one.applicable and not one.by_count for one in results] == [True, False]


ISSUE = Issue(date(2026, 12, 3))


def following(scheme: Scheme, finals: list[Decimal]) -> GroupOutcomes:
    """What follows for people of these finals from high to low, the last of them last for the third month."""
    staff = [
        StaffResult(staff_id(at), f"人{at}", "参评", True, None, at, final, {}, {}, {}, {})
        for at, final in enumerate(finals, 1)
    ]
    earlier = tuple(
        PersonMonth(NOVEMBER.shifted(-back), 9, 9, Decimal(1), was_sole_last=True) for back in (2, 1)
    )
    commissions = {one.id: {"当月提成": Decimal(10_000)} for one in staff}
    past = History({staff[-1].id: earlier})
    return outcomes_of_group(
        staff, scheme, period=NOVEMBER, history=past, issue=ISSUE, commissions=commissions
    )


def finals_for(rule: OutcomeRule, scheme: Scheme) -> list[Decimal]:
    """A group in which the rule applies to somebody: the first three high, the last three low."""
    for high, low in ((98, 10), (98, 97), (70, 10), (60, 59)):
        finals = [Decimal(high), *(Decimal(low) + Decimal(off) / 10 for off in range(7, -1, -1))]
        if any(one.reason.endswith(rule.condition) for one in following(scheme, finals).outcomes):
            return finals
    raise AssertionError(f"{scheme.scheme}: nobody meets {rule.when}")


def outcomes_follow(file: Path, scheme: Scheme, values: dict[str, Any], place: Place) -> bool:
    """Amount, deadline and condition of one rule change for those whom it means, and for nobody else."""
    where, key = int(place[2]), key_of(place)
    before, now = original(file).outcomes.rules[where], scheme.outcomes.rules[where]
    finals = finals_for(before, original(file))
    old, new = following(original(file), finals).outcomes, following(scheme, finals).outcomes
    mine = [
        at for at, one in enumerate(old) if one.reason.endswith(before.condition) and one.type is before.do
    ]
    if key == "amount":
        told = [(one.amount, other.amount) for one, other in zip(old, new, strict=True)]
        return all(
            (was, now_) == ((before.amount, now.amount) if at in mine else (was, was))
            for at, (was, now_) in enumerate(told)
        )
    if key == "within":
        moved = [at for at, (one, other) in enumerate(zip(old, new, strict=True)) if one.due != other.due]
        return moved in (mine, []) and now.days == (before.days or 0) + 1
    return key == "when" and [one.staff for one in old] != [one.staff for one in new]


def minimum_follows(file: Path, scheme: Scheme, values: dict[str, Any], place: Place) -> bool:
    """Exactly as many as were enough before are too few now."""
    rule = original(file).outcomes.rules[0]
    enough = finals_for(rule, original(file))[: original(file).outcomes.minimum]
    return following(original(file), enough).none_because is None and "少于" in (
        following(scheme, enough).none_because or ""
    )


def guard_follows(file: Path, scheme: Scheme, values: dict[str, Any], place: Place) -> bool:
    """Whoever stands exactly on the old number is meant otherwise now."""
    limit = Decimal(re.findall(r"[\d.]+", str(at(plain(file), place)))[0])
    rule = scheme.outcomes.rules[int(place[2])]
    above = [limit + 8 - off for off in range(8)]
    finals = [limit, *(limit - off for off in range(1, 9))] if rule.when == "first" else [*above, limit]
    before, now = (
        {(one.staff, one.type) for one in following(each, finals).outcomes}
        for each in (original(file), scheme)
    )
    edge = staff_id(1 if rule.when == "first" else len(finals))
    return {staff for staff, kind in before ^ now if kind is rule.do} == {edge}


def grades_follow(file: Path, scheme: Scheme, values: dict[str, Any], place: Place) -> bool:
    """The start moves who has the grade; factor and name go with it."""
    before, now = original(file).grades[int(place[1])], scheme.grades[int(place[1])]
    if key_of(place) == "from":
        assert before.from_ is not None
        had, has = original(file).grade_of(before.from_), scheme.grade_of(before.from_)
        return (had, has) == (before, scheme.grades[int(place[1]) + 1])
    return now == before.model_copy(
        update={key_of(place): now.factor if key_of(place) == "factor" else now.name}
    )


def scheme_follows(file: Path, scheme: Scheme, values: dict[str, Any], place: Place) -> bool:
    """The loaded scheme has the new value there, and nothing else has changed."""
    back = changed(values, place, at(plain(file), place))
    return Scheme.model_validate(back) == original(file) != scheme


def names_follow(file: Path, scheme: Scheme, values: dict[str, Any], place: Place) -> bool:
    """Forms and scores go by the new name, and by the old one no more."""
    before, now = (set(_names(one)) for one in (original(file), scheme))
    gone, come = ({name for _, name in one} for one in (before - now, now - before))
    old, new = at(plain(file), place), at(values, place)
    as_read = old in gone and come == {name.replace(old, new) for name in gone}  # 自评 with its 自评情况
    return as_read and scheme_follows(file, scheme, values, place)


def _names(scheme: Scheme) -> Iterator[tuple[str, str]]:
    """What people see, each by what it is."""
    form = submission_form(scheme)
    yield "title", form.title
    for at_, sheet in enumerate(form.sheets):
        yield "reviewer", sheet.reviewer or ""
        yield from ((f"column of sheet {at_}", cell.name) for cell in (*sheet.labels, *sheet.columns))
    for section, inner, indicator in scheme.leaves():
        yield from (("section", section), ("inner", inner or ""), ("indicator", indicator.name))


def targets_follow(file: Path, scheme: Scheme, values: dict[str, Any], place: Place) -> bool:
    """As printed beside what was reached."""
    indicator, written = indicator_at(scheme, values, place)
    return indicator.target_value == number(written["target"])


_BY_KEY: dict[str, Check] = {
    "min_denominator": sample_follows,
    "under": sample_follows,
    "target": targets_follow,
    "name": names_follow,
    **dict.fromkeys(
        ("type", "between", "decimals", "version", "effective_from", "minimum_points", "sheet"),
        scheme_follows,
    ),
}


def test_every_shipped_file_is_one_scheme() -> None:
    """Eleven schemes, each named after its file."""
    assert {path.stem.replace("_", "-") for path in RULE_FILES} == set(shipped_rules().ids)
