"""The YAML of a rule file as ordinary values, and how much of it a rule file may hold.

A text is first read with libyaml, which is fast. What is out of order, or what two libraries might take
differently, is left to ruamel.yaml, which takes fifteen times as long and is imported only then: its reading is
what the file means, and it tells the place of what is no YAML, or too much of it.

The bounds of single keys stand with them in `model/` and `methods/`; those here keep a few lines of YAML
from becoming millions of values, and a text or a number from being one that no form or database can hold.
docs/rules.md lists both.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from appraisal.errors import Signal

if TYPE_CHECKING:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError

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


class NotYamlError(Signal):
    """The text is no YAML that begins with keys: where, counting from 1, and what to do about it."""

    def __init__(self, line: int, column: int, sentence: str) -> None:
        super().__init__(line, column, sentence)
        self.line = line
        self.column = column
        self.sentence = sentence


def read_yaml(text: str) -> tuple[dict[str, Any], Callable[[str], Any]]:
    """What the rule file says, and what finds the nodes of such a text: each knows its place. Raises NotYamlError."""
    values = fast_values(text)
    return (thorough_values(text), _thorough_nodes) if values is None else (values, _fast_nodes)


# ------------------------------------------------------------------------------- with libyaml


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


def fast_values(text: str) -> dict[str, Any] | None:
    """What the rule file says; None where only the thorough reading can tell."""
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


def _fast_nodes(text: str) -> Any:
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


# ------------------------------------------------------------------------------- with ruamel.yaml


def thorough_values(text: str) -> dict[str, Any]:
    """The document as ordinary dicts and lists. Raises NotYamlError."""
    from ruamel.yaml.error import MarkedYAMLError, YAMLError  # noqa: PLC0415 - where it is needed only
    from ruamel.yaml.reader import ReaderError  # noqa: PLC0415

    if len(text) > LONGEST_FILE:
        raise NotYamlError(1, 1, f"文件有 {len(text)} 个字，最多 {LONGEST_FILE} 个字")
    try:
        _refuse_excess(text)
        document = _ruamel().load(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise NotYamlError(line, column, _sentence(error)) from None
    except ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise NotYamlError(line, 1, "这一行里有看不见的控制字符，请删掉") from None
    except YAMLError as error:
        raise NotYamlError(1, 1, f"不是有效的 YAML（{error}）") from None
    if not isinstance(document, dict):
        raise NotYamlError(1, 1, "应以“scheme: 方案代号”这样的键值开始")
    values: dict[str, Any] = _ordinary(document)
    return values


def _thorough_nodes(text: str) -> Any:
    return _ruamel().compose(text)


def _ruamel() -> YAML:
    """A reader that leaves days as text: the model reads them, and knows the line of one that does not exist."""
    from ruamel.yaml import YAML  # noqa: PLC0415 - where it is needed only
    from ruamel.yaml.constructor import RoundTripConstructor  # noqa: PLC0415

    class DaysAsText(RoundTripConstructor):
        pass

    DaysAsText.add_constructor("tag:yaml.org,2002:timestamp", RoundTripConstructor.construct_yaml_str)
    yaml = YAML(typ="rt")
    yaml.Constructor = DaysAsText
    return yaml


def _sentence(error: MarkedYAMLError) -> str:
    problem = error.problem or ""
    if "duplicate key" in problem:
        return f"同一个键写了两次（{problem.split(chr(34))[1] if chr(34) in problem else problem}）"
    if "found character '\\t'" in problem:
        return "缩进里有制表符（Tab），请改用空格"
    if "cannot start any token" in problem:
        return f"内容不能以“{problem.split(chr(39))[1]}”开头，请给这段内容加上英文双引号"
    if "mapping values are not allowed here" in problem:
        return "这里不该有“: ”，请检查上一行是否漏了冒号、缩进是否对齐，或给这段内容加上英文双引号"
    return f"YAML 写法有误（{problem}）；请检查缩进、冒号后的空格，含 > 或 % 的内容要加引号"


def _ordinary(node: Any) -> Any:
    """Ordinary dicts and lists; keys that are not text become text. Raises NotYamlError for `5` beside `"5"`."""
    if isinstance(node, dict):
        values = {str(key): _ordinary(value) for key, value in node.items()}
        if len(values) < len(node):
            line, column = node.lc.line, node.lc.col  # type: ignore[attr-defined]
            raise NotYamlError(line + 1, column + 1, '这里有两个键写法不同、意思相同（例如 5 和 "5"）')
        return values
    if isinstance(node, list | tuple):
        return [_ordinary(value) for value in node]
    return node


_MOST_ALIASES = 100

_NUMBER = re.compile(r"[-+]?(?:0[xob][0-9a-f_]+|[0-9_]*\.?[0-9_]+\.?(?:e[-+]?[0-9]+)?)", re.IGNORECASE)


def _refuse_excess(text: str) -> None:
    """Raises NotYamlError for the first thing in a file that is too much."""
    values = aliases = 0
    open_nodes: list[tuple[str | None, int]] = []
    """Of each open list and mapping its anchor, and `values` before it."""
    sizes: dict[str, int] = {}
    for event in _ruamel().parse(text):
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
            elif aliases > _MOST_ALIASES:
                sentence = f"引用（*名称）太多，最多 {_MOST_ALIASES} 处"
        if sentence is None and values > MOST_VALUES:
            sentence = f"内容太多，最多 {MOST_VALUES} 项（引用的内容每处都算）"
        if sentence is not None:
            raise NotYamlError(event.start_mark.line + 1, event.start_mark.column + 1, sentence)


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
