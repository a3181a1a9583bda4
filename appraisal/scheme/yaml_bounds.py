"""How much a rule file may hold, whatever it says: beyond this it is a slip, or made to do harm.

The bounds of single keys stand with them in `model/` and `methods/`; those here keep a few lines of YAML
from becoming millions of values, and a text or a number from being one that no form or database can hold.
docs/rules.md lists both.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Any, NamedTuple

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
