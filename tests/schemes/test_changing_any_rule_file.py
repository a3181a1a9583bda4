"""Any weight, band, name or amount of any shipped file, changed: the loader tells, or the signed document does."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from appraisal.scheme.explain import explain_scheme
from appraisal.scheme.loading import RulesError, parse_scheme
from tests.builders.samples import shipped_rules
from tests.builders.submissions import RULES

FILES = sorted(RULES.glob("*.yaml"))

CHANGES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"(?<=[{ ]name: )([^\W\d][\w→]*)"), "name"),
    (re.compile(r"(?<!_)(?<=points: )(\d+(?:\.\d+)?)"), "number"),
    (re.compile(r"(?<=weight: )(\d+)(?=%)"), "number"),
    (re.compile(r"(?<=[<>]=)(\d+(?:\.\d+)?)(?=%?: )"), "number"),
    (re.compile(r'(?<=: )(\d+(?:\.\d+)?)(?=")'), "number"),
    (re.compile(r"(?:each|change|gives|most|at_most|under|amount|factor): (\d+(?:\.\d+)?)"), "number"),
    (re.compile(r"(?<=within: )(\d+)(?= days)"), "number"),
)
"""What a change touches: the first group of each pattern."""


def changes(text: str) -> Iterator[tuple[str, str]]:
    """Each place in turn: a name with a letter more, a number one larger."""
    start = text.index("sections:")
    for pattern, kind in CHANGES:
        for match in pattern.finditer(text, start):
            if text[text.rfind("\n", 0, match.start()) + 1 : match.start()].lstrip().startswith("#"):
                continue
            old = match[1]
            new = f"{old}乙" if kind == "name" else f"{float(old) + 1:g}"
            told = f"line {text.count(chr(10), 0, match.start()) + 1}: {old} → {new}"
            yield told, text[: match.start(1)] + new + text[match.end(1) :]


def as_signed(text: str) -> str | None:
    """The document that the file now makes; None where the loader refuses it."""
    try:
        return explain_scheme(parse_scheme(text, "rules.yaml"))
    except RulesError:
        return None


def unseen(file: Path, *, every: int) -> list[str]:
    """The changes, each `every`-th of all, that neither the loader nor the document tells."""
    text = file.read_text("utf-8")
    signed = as_signed(text)
    assert signed is not None
    tried = list(changes(text))
    assert len(tried) > 40
    return [told for told, changed in tried[::every] if as_signed(changed) == signed]


@pytest.mark.parametrize("file", FILES, ids=lambda path: path.stem)
def test_no_change_of_a_rule_file_passes_unseen(file: Path) -> None:
    """Caught, or in the document that people sign: a fifth of all places, evenly spread."""
    assert unseen(file, every=5) == []


@pytest.mark.soak
@pytest.mark.parametrize("file", FILES, ids=lambda path: path.stem)
def test_no_change_at_any_place_passes_unseen(file: Path) -> None:
    """The same at every place of the file."""
    assert unseen(file, every=1) == []


def test_every_shipped_file_is_one_scheme() -> None:
    """Eleven schemes, each named after its file."""
    assert {path.stem.replace("_", "-") for path in FILES} == set(shipped_rules().ids)
