"""Whoever changes a rule file is either told of a mistake or sees the change in the signed document."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from appraisal.scheme.explain import explain_scheme
from appraisal.scheme.loading import RulesError
from tests.builders.schemes import SHOP_TEXT, mistakes_in, scheme_of

LINES = SHOP_TEXT.splitlines(keepends=True)
AS_SIGNED = explain_scheme(scheme_of(SHOP_TEXT))

NAME = re.compile(r"name: ([\w→]+)")
POINTS = re.compile(r"(?<!_)points: (\d+)")
WEIGHT = re.compile(r"weight: (\d+)%")
BAND = re.compile(r'"(?:[<>]=[\d.]+%?|else): \d+"')
BAND_NUMBER = re.compile(r'(?<=[=" ])(\d+(?:\.\d+)?)(?=[%:"])')


def replaced(match: re.Match[str], line: int, new: str) -> str:
    """The rule file with one match in one line replaced."""
    text = LINES[line][: match.start()] + new + LINES[line][match.end() :]
    return "".join([*LINES[:line], text, *LINES[line + 1 :]])


def matches(pattern: re.Pattern[str]) -> Iterator[tuple[int, re.Match[str]]]:
    for line, text in enumerate(LINES):
        if not text.lstrip().startswith("#"):
            yield from ((line, match) for match in pattern.finditer(text))


def as_signed(text: str) -> str | None:
    """The document that the file now makes; None where the loader refuses it."""
    try:
        return explain_scheme(scheme_of(text))
    except RulesError:
        return None


def mutations() -> Iterator[tuple[str, str]]:
    """Each name, weight, number of points, band and number in a band changed in turn."""
    for line, match in matches(NAME):
        yield f"line {line + 1}: {match[0]} renamed", replaced(match, line, match[0] + "乙")
    for pattern in (POINTS, WEIGHT):
        for line, match in matches(pattern):
            more = match[0].replace(match[1], str(int(match[1]) + 1))
            yield f"line {line + 1}: {match[0]} one more", replaced(match, line, more)
    for line, match in matches(BAND):
        gone = re.sub(r",\s*,", ",", replaced(match, line, "").splitlines(keepends=True)[line])
        gone = gone.replace("[, ", "[").replace(", ]", "]")
        yield f"line {line + 1}: band {match[0]} gone", "".join([*LINES[:line], gone, *LINES[line + 1 :]])
        for number in BAND_NUMBER.finditer(match[0]):
            changed = match[0][: number.start()] + number[0] + "1" + match[0][number.end() :]
            yield f"line {line + 1}: band {match[0]} → {changed}", replaced(match, line, changed)


MUTATIONS = dict(mutations())


def test_the_mutations_reach_the_whole_file() -> None:
    """Every band line with both its numbers, both weights, all thirteen points, every name."""
    told = list(MUTATIONS)
    assert sum("gone" in one for one in told) == 59
    assert sum("→" in one for one in told) == 59 + 49
    assert sum("weight" in one for one in told) == 2
    assert sum("points" in one for one in told) == 13
    assert sum("renamed" in one for one in told) > 40


@pytest.mark.parametrize("change", MUTATIONS)
def test_each_change_is_caught_or_shows_in_the_signed_document(change: str) -> None:
    """No change of a weight, a band or a name passes unseen."""
    text = MUTATIONS[change]
    assert text != SHOP_TEXT
    assert as_signed(text) != AS_SIGNED


@pytest.mark.parametrize("change", [one for one in MUTATIONS if re.search(r"(weight|points): ", one)])
def test_weights_and_points_that_no_longer_sum_are_caught(change: str) -> None:
    """A weight or a number of points alone can never be changed."""
    assert mistakes_in(MUTATIONS[change])


def test_a_threshold_may_be_changed_freely_in_its_order() -> None:
    """What a shop is meant to do: another threshold, and the document says so."""
    text = SHOP_TEXT.replace('">=55%: 14"', '">=56%: 14"')
    assert mistakes_in(text) == ()
    assert "≥56.00%" in explain_scheme(scheme_of(text))
