"""A plainly written rule file as ordinary values, read with libyaml: fast. And how much a rule file may hold.

`yaml_text.py` reads any rule file with ruamel.yaml, and that reading is what the file means. It takes
fifteen times as long. So a text is read here first. What is out of order, or what the two libraries might
take differently, is not read here: the answer is None, and `yaml_text.py` tells.

The bounds of single keys stand with them in `model/` and `methods/`; those here keep a few lines of YAML
from becoming millions of values, and a text or a number from being one that no form or database can hold.
docs/rules.md lists both.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from appraisal.errors import Signal

LONGEST_FILE = 500_000
"""Characters of a rule file; the largest shipped one has 14,000."""

MOST_VALUES = 20_000
"""Values in a rule file, each as often as aliases repeat it; the largest shipped one has 800."""

DEEPEST = 30
"""Lists and mappings one in the other; rule files have about ten."""

LONGEST_TEXT = 2_000
"""Characters of one value."""

MOST_DIGITS = 15
"""Digits of a number. YAML's numbers with a point are binary fractions: more digits would be lost in silence."""

_UNUSUAL_TEXT = re.compile(
    "[^\n\r -~\u00a0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
    r"|\r(?!\n)|^(?:%|---|\.\.\.)|(?:^|[-\[{,:]) *[?]\s",
    re.MULTILINE,
)
"""Tabs, control characters, rare line breaks; directives, several documents, keys marked by `?`."""

_WHOLE = re.compile(r"-?(?:0|[1-9][0-9]*)")
_FRACTION = re.compile(r"-?(?:0|[1-9][0-9]*)\.[0-9]+")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

_PERHAPS_NO_TEXT = re.compile(
    r"[-+]?\.?[0-9][-+.:_0-9a-z]*|[-+]?\.[a-z]*|true|false|yes|no|on|off|y|n|null|~|<<|=|", re.IGNORECASE
)
"""All that any version of YAML takes for a number, a truth value, nothing or a merge, and more."""

_TRUTHS = {"true": True, "false": False}


class NotYamlError(Signal):
    """The text is no YAML that begins with keys: where, counting from 1, and what to do about it."""

    def __init__(self, line: int, column: int, sentence: str) -> None:
        super().__init__(line, column, sentence)
        self.line = line
        self.column = column
        self.sentence = sentence


class _UnusualError(Signal):
    """Something that is left to the thorough reading."""


def plain_values(text: str) -> dict[str, Any] | None:
    """What the rule file says; None where only `yaml_text.read_yaml` can tell."""
    import yaml  # noqa: PLC0415 - where a rule file is read only

    if not yaml.__with_libyaml__ or len(text) > LONGEST_FILE or _UNUSUAL_TEXT.search(text):
        return None
    try:
        _, _, *events, _, _ = yaml.parse(text, Loader=yaml.CBaseLoader)
        if len(events) > MOST_VALUES:
            return None
        following = iter(events)
        values = _value(next(following), following, DEEPEST)
    except (yaml.YAMLError, _UnusualError, ValueError):
        return None
    return values if isinstance(values, dict) and next(following, None) is None else None


def plain_nodes(text: str) -> Any:
    """The nodes of a text that `plain_values` has read; each knows its place."""
    import yaml  # noqa: PLC0415 - where a rule file is read only

    return yaml.compose(text, Loader=yaml.CBaseLoader)


def _value(event: Any, following: Iterator[Any], deepest: int) -> Any:
    """The value that begins with `event`; so many lists and mappings may still stand one in the other."""
    kind = type(event).__name__
    if kind == "AliasEvent" or event.anchor is not None or event.tag is not None:
        raise _UnusualError
    if kind == "ScalarEvent":
        return _scalar(event)
    if not deepest:
        raise _UnusualError
    if kind == "SequenceStartEvent":
        items: list[Any] = []
        while type(event := next(following)).__name__ != "SequenceEndEvent":
            items.append(_value(event, following, deepest - 1))
        return items
    values: dict[str, Any] = {}
    while type(event := next(following)).__name__ != "MappingEndEvent":
        key = _value(event, following, deepest - 1)
        if type(key) is int:
            key = str(key)
        if type(key) is not str or key in values:
            raise _UnusualError
        values[key] = _value(next(following), following, deepest - 1)
    return values


def _scalar(event: Any) -> Any:
    text: str = event.value
    if event.start_mark.line != event.end_mark.line or len(text) > LONGEST_TEXT:
        raise _UnusualError
    if event.style:
        if not text.isprintable():
            raise _UnusualError
        return text
    if not _PERHAPS_NO_TEXT.fullmatch(text) or _DAY.fullmatch(text):
        return text
    if len(text) <= MOST_DIGITS:
        if text in _TRUTHS:
            return _TRUTHS[text]
        if _WHOLE.fullmatch(text):
            return int(text)
        if _FRACTION.fullmatch(text):
            return float(text)
    raise _UnusualError
