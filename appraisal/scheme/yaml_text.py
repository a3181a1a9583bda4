"""The YAML of a rule file as ordinary values, and where in the text each of them stands.

What a rule file means is what is read here. It takes twenty times as long as the checks of a scheme, so
this, and ruamel.yaml with it, is imported only for what `plain_yaml.py` leaves.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.constructor import RoundTripConstructor
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.reader import ReaderError

from appraisal.errors import Signal
from appraisal.scheme.plain_yaml import LONGEST_FILE, excess_in


class NotYamlError(Signal):
    """The text is no YAML that begins with keys: where, counting from 1, and what to do about it."""

    def __init__(self, line: int, column: int, sentence: str) -> None:
        super().__init__(line, column, sentence)
        self.line = line
        self.column = column
        self.sentence = sentence


class _Constructor(RoundTripConstructor):
    """Leaves days as text: the model reads them, and knows the line of one that does not exist."""


_Constructor.add_constructor("tag:yaml.org,2002:timestamp", RoundTripConstructor.construct_yaml_str)


def read_yaml(text: str) -> tuple[Mapping[Any, Any], dict[str, Any]]:
    """The document with its places, and the same as ordinary dicts and lists. Raises NotYamlError."""
    if len(text) > LONGEST_FILE:
        raise NotYamlError(1, 1, f"文件有 {len(text)} 个字，最多 {LONGEST_FILE} 个字")
    yaml = YAML(typ="rt")
    yaml.Constructor = _Constructor
    try:
        if excess := excess_in(YAML(typ="rt").parse(text)):
            raise NotYamlError(*excess)
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
    return document, _plain(document)


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


def position(node: Any, path: tuple[str | int, ...]) -> tuple[int, int]:
    """Line and column (from 1) of the value at `path`, or of the nearest node above it."""
    line, column = 1, 1
    for step in path:
        if isinstance(node, CommentedMap) and step in (node.lc.data or {}):
            at = node.lc.key(step)
        elif isinstance(node, CommentedSeq) and isinstance(step, int) and step < len(node):
            at = node.lc.item(step)
        else:
            break
        line, column = at[0] + 1, at[1] + 1
        node = node[step]
    return line, column
