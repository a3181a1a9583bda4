"""The fast reading of a rule file says what the thorough one says, or leaves the file to it."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from appraisal.scheme.yaml_text import NotYamlError, fast_values, thorough_values
from tests.builders.rule_mistakes import MISTAKES
from tests.builders.schemes import EVERYTHING_TEXT, SHOP_TEXT, changed
from tests.builders.submissions import RULES

RULE_FILES = sorted(RULES.glob("*.yaml"))

PIECES = [
    "a", "中", "：", "k:", ": ", ":", ", ", ",", "[", "]", "{", "}", "- ", "-", "? ", "?", "\n", "\n  ", "\n- ",
    "'", '"', " #", "#", "&a ", "*a", "<<: ", "<<", "!!int ", "!", "|", ">", "%", "=", "@", "`", "~", "null", "true",
    "on", "off", "yes", "no", "NO", "0", "07", "0o17", "0x1F", "1_000", "1,000", "1.50", "0.60", ".5", "5.", "1e3",
    "+3", "-1", "1:30", "12:30:45", "2026-01-01", "2026-01-01 10:00:00", ".inf", ".nan", "30%", "<=20", "\\", "\\/",
    "\\x41", "\\ud83d", " ", "  ", "\t", "\r", "\r\n", "\x85", "\xa0", "\u2028", "\u3000", "\ufeff", "...", "---",
    "\n---\n", "\n...\n", "%YAML 1.1\n---\n", "9" * 16, "1." + "1" * 16,
]  # fmt: skip
"""What the versions of YAML, and the two libraries, are known to take differently, and what surrounds it."""


def same(one: Any, other: Any) -> bool:
    """Equal, of the same kind of value, and keys in the same order."""
    return json.dumps(one) == json.dumps(other)


def agrees(text: str) -> bool:
    """Whether the fast reading is none, or that of ruamel.yaml."""
    fast = fast_values(text)
    try:
        return fast is None or same(fast, thorough_values(text))
    except NotYamlError:
        return False


@pytest.mark.parametrize("path", RULE_FILES, ids=lambda path: path.stem)
def test_every_shipped_file_is_read_fast_and_the_same(path: Any) -> None:
    """Nothing in them needs the thorough reading."""
    text = path.read_text("utf-8")
    fast = fast_values(text)
    assert fast is not None
    assert same(fast, thorough_values(text))


@pytest.mark.parametrize("text", [one.text for one in MISTAKES], ids=range(len(MISTAKES)))
def test_every_file_with_a_mistake_is_read_the_same_or_left(text: str) -> None:
    """A mistake is never read as something else."""
    assert agrees(text)


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("0.60", 0.6), ("1.5", 1.5), ("-3", -3), ("0", 0), ("true", True), ("30%", "30%"), ("7 days", "7 days"),
        ("2026-01-01", "2026-01-01"), ("2026-01-01 10:00", "2026-01-01 10:00"), ('"5"', "5"), ("'a: b'", "a: b"), ("a:b", "a:b"), ("3分", "3分"),
    ],
)  # fmt: skip
def test_what_rule_files_are_made_of_is_read_fast(written: str, value: object) -> None:
    """A day is left as text, as the model wants it."""
    fast = fast_values(f"k: {written}\n")
    assert fast is not None
    assert same(fast["k"], value)
    assert agrees(f"k: {written}\n")


@pytest.mark.parametrize(
    "written",
    [
        "on", "off", "yes", "No", "y", "~", "", "null", "1e3", "0o17", "017", "0x1F", "1_000", "1:30", "12:30:45.5",
        "+3", ".5", "5.", ".inf", "True", "!!str 5", "&a 5", "|\n  a", ">\n  a", '"a\n  b"',
        "9" * 16, "0." + "6" * 16, "a\tb", "a\u2028b", '"\\ud83d"', '"\\u3000"', "=", "<<",
    ],
)  # fmt: skip
def test_what_versions_of_yaml_take_differently_is_left(written: str) -> None:
    """So it means what it always meant, and a number is never another one."""
    assert fast_values(f"k: {written}\n") is None


@given(st.sampled_from(["k: ", "{k: ", "k:\n  - [", "k", ""]), st.lists(st.sampled_from(PIECES), max_size=8))
@example("{k: ", ["0", "}", "}"])
@example("k: ", ["-", ":", "\r", "---"])
def test_whatever_is_put_together_is_read_the_same_or_left(start: str, pieces: list[str]) -> None:
    """Signs of YAML in any order, closed or not."""
    end = {"{k: ": "}", "k:\n  - [": "]"}.get(start, "")
    assert agrees(start + "".join(pieces) + end)


@given(st.data())
def test_a_rule_file_scribbled_into_is_read_the_same_or_left(data: st.DataObject) -> None:
    """Anywhere in a file that uses the whole grammar."""
    place = data.draw(st.integers(0, len(EVERYTHING_TEXT)))
    scribble = data.draw(st.sampled_from(PIECES))
    assert agrees(EVERYTHING_TEXT[:place] + scribble + EVERYTHING_TEXT[place:])


def test_sound_rules_are_loaded_without_the_library_that_knows_places() -> None:
    """It costs a start more than everything else in the set-up."""
    program = (
        "import sys; from pathlib import Path; from appraisal.scheme.rulebook import load_rulebook;"
        "print(len(load_rulebook(Path('rules')).ids), 'ruamel.yaml' in sys.modules)"
    )
    told = subprocess.run(
        [sys.executable, "-c", program], cwd=RULES.parent, capture_output=True, check=True, text=True
    )
    assert told.stdout.split() == [str(len(RULE_FILES)), "False"]


def test_without_libyaml_everything_is_read_thoroughly(monkeypatch: pytest.MonkeyPatch) -> None:
    """PyYAML can be built without it."""
    monkeypatch.setattr("yaml.__with_libyaml__", False)
    assert fast_values(SHOP_TEXT) is None


def test_a_key_written_twice_is_left_to_be_told() -> None:
    """Also where it is a number once and a text once."""
    assert fast_values(changed(("version: 1", "version: 1\nversion: 1"))) is None
    assert fast_values('a: {5: 一, "5": 二}\n') is None
