"""A plainly written rule file as ordinary values, read with libyaml: fast, and without places; and how much it may hold.

`yaml_text.py` reads any rule file with ruamel.yaml, and that reading is what the file means. It takes
fifteen times as long, for places that only mistakes need. So a text is read here first. What is out of
order, or what the two libraries might take differently, is not read here: the answer is None, and
`yaml_text.py` tells.

The bounds of single keys stand with them in `model/` and `methods/`; those here keep a few lines of YAML
from becoming millions of values, and a text or a number from being one that no form or database can hold.
docs/rules.md lists both."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from appraisal.errors import Signal

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


LONGEST_FILE = 500_000
"""Characters of a rule file; the largest shipped one has 14,000."""

MOST_VALUES = 20_000
"""Values in a rule file, each as often as aliases repeat it; the largest shipped one has 800."""

MOST_ALIASES = 100

DEEPEST = 30
"""Lists and mappings one in the other; rule files have about ten."""

LONGEST_TEXT = 2_000
"""Characters of one value."""

MOST_DIGITS = 15
"""Digits of a number. YAML's numbers with a point are binary fractions: more digits would be lost in silence."""

_NUMBER = re.compile(r"[-+]?(?:0[xob][0-9a-f_]+|[0-9_]*\.?[0-9_]+\.?(?:e[-+]?[0-9]+)?)", re.IGNORECASE)


class Excess(NamedTuple):
    """What is too much, and where it stands, counting from 1."""

    line: int
    column: int
    sentence: str


def excess_in(events: Iterable[Any]) -> Excess | None:
    """The first thing in a file that is too much; `events` are those of a YAML parser."""
    values = aliases = 0
    open_nodes: list[
        tuple[str | None, int]
    ] = []  # of each list and mapping its anchor, and `values` before it
    sizes: dict[str, int] = {}
    for event in events:
        kind = type(event).__name__
        sentence = _tag_in(event)
        if kind in {"MappingStartEvent", "SequenceStartEvent"}:
            open_nodes.append((event.anchor, values))
            values += 1
            if len(open_nodes) > DEEPEST:
                sentence = f"层次套得太深，读不了（最多 {DEEPEST} 层）"
        elif kind in {"MappingEndEvent", "SequenceEndEvent"}:
            anchor, before = open_nodes.pop()
            if anchor is not None:
                sizes[anchor] = values - before
        elif kind == "ScalarEvent":
            values += 1
            sentence = sentence or _excess_in_scalar(event.value, is_bare=not event.style)
        elif kind == "AliasEvent":
            aliases += 1
            values += sizes.get(event.anchor, 1)
            if event.anchor in {anchor for anchor, _ in open_nodes}:
                sentence = f"引用“*{event.anchor}”指向了它自己所在的内容，请改掉"
            elif aliases > MOST_ALIASES:
                sentence = f"引用（*名称）太多，最多 {MOST_ALIASES} 处"
        if sentence is None and values > MOST_VALUES:
            sentence = f"内容太多，最多 {MOST_VALUES} 项（引用的内容每处都算）"
        if sentence is not None:
            return Excess(event.start_mark.line + 1, event.start_mark.column + 1, sentence)
    return None


def _tag_in(event: Any) -> str | None:
    tag = getattr(event, "tag", None)
    if tag is None or tag == "tag:yaml.org,2002:str":
        return None
    return f"不用写“{str(tag).replace('tag:yaml.org,2002:', '!!')}”这样的类型标记，请删掉"


def _excess_in_scalar(text: str, *, is_bare: bool) -> str | None:
    if is_bare and len(re.sub(r"[-+._]", "", text)) > MOST_DIGITS and _NUMBER.fullmatch(text):
        return f"这个数写了太多位，最多 {MOST_DIGITS} 位"
    if len(text) > LONGEST_TEXT:
        return f"这段内容有 {len(text)} 个字，最多 {LONGEST_TEXT} 个字"
    if not text.isprintable() and any(map(_is_unfit, text)):
        return "这段内容里有不能保存的字符（例如半个表情符号、控制字符），请删掉重新输入"
    return None


def _is_unfit(character: str) -> bool:
    """Half a character, or a control character: no workbook can hold them."""
    return unicodedata.category(character) in {"Cc", "Cs"} and character not in "\t\n"
