"""The YAML of a rule file as ordinary values; what is no YAML, or too much of it, is told with its place.

What a rule file means is what is read here. It takes twenty times as long as the checks of a scheme, so
this, and ruamel.yaml with it, is imported only for what `plain_yaml.py` leaves.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.constructor import RoundTripConstructor
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.reader import ReaderError

from appraisal.scheme.plain_yaml import (
    DEEPEST,
    LONGEST_FILE,
    LONGEST_TEXT,
    MOST_DIGITS,
    MOST_VALUES,
    NotYamlError,
)


class _Constructor(RoundTripConstructor):
    """Leaves days as text: the model reads them, and knows the line of one that does not exist."""


_Constructor.add_constructor("tag:yaml.org,2002:timestamp", RoundTripConstructor.construct_yaml_str)


def read_yaml(text: str) -> dict[str, Any]:
    """The document as ordinary dicts and lists. Raises NotYamlError."""
    if len(text) > LONGEST_FILE:
        raise NotYamlError(1, 1, f"文件有 {len(text)} 个字，最多 {LONGEST_FILE} 个字")
    yaml = YAML(typ="rt")
    yaml.Constructor = _Constructor
    try:
        _refuse_excess(text)
        document = yaml.load(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise NotYamlError(line, column, _sentence(error)) from None
    except ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise NotYamlError(line, 1, "这一行里有看不见的控制字符，请删掉") from None
    except YAMLError as error:
        raise NotYamlError(1, 1, f"不是有效的 YAML（{error}）") from None
    if not isinstance(document, CommentedMap):
        raise NotYamlError(1, 1, "应以“scheme: 方案代号”这样的键值开始")
    plain: dict[str, Any] = _plain(document)
    return plain


def nodes(text: str) -> Any:
    """The nodes of a text that `read_yaml` has read; each knows its place."""
    return YAML(typ="rt").compose(text)


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


def _plain(node: Any) -> Any:
    """Ordinary dicts and lists; keys that are not text become text. Raises NotYamlError for `5` beside `"5"`."""
    if isinstance(node, CommentedMap):
        plain = {str(key): _plain(value) for key, value in node.items()}
        if len(plain) < len(node):
            line, column = node.lc.line, node.lc.col
            raise NotYamlError(line + 1, column + 1, '这里有两个键写法不同、意思相同（例如 5 和 "5"）')
        return plain
    if isinstance(node, list | tuple):
        return [_plain(value) for value in node]
    return node


_MOST_ALIASES = 100

_NUMBER = re.compile(r"[-+]?(?:0[xob][0-9a-f_]+|[0-9_]*\.?[0-9_]+\.?(?:e[-+]?[0-9]+)?)", re.IGNORECASE)


def _refuse_excess(text: str) -> None:
    """Raises NotYamlError for the first thing in a file that is too much."""
    values = aliases = 0
    open_nodes: list[
        tuple[str | None, int]
    ] = []  # of each list and mapping its anchor, and `values` before it
    sizes: dict[str, int] = {}
    for event in YAML(typ="rt").parse(text):
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
