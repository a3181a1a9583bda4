"""Reading a rule file: every mistake at once, each as `file:line:col: path: message`, in Chinese."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from appraisal.errors import AppraisalError
from appraisal.scheme.checks import inconsistencies
from appraisal.scheme.checks.outcomes import doubts
from appraisal.scheme.methods.method import Place, Problem
from appraisal.scheme.model.scheme import Scheme
from appraisal.scheme.yaml_text import NotYamlError, read_yaml
from appraisal.text import did_you_mean
from appraisal.workspace.files import read_plain, reason_of


@dataclass(frozen=True, slots=True)
class RuleMistake:
    """One mistake in a rule file; `line` and `column` count from 1."""

    file: str
    line: int
    column: int
    path: str
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.path}: {self.message}"


class RulesError(AppraisalError):
    """Rule files that cannot be used: every mistake, and the command that checks them again."""

    def __init__(self, mistakes: Sequence[RuleMistake]) -> None:
        super().__init__(tuple(mistakes))
        self.mistakes = tuple(mistakes)

    def __str__(self) -> str:
        return "\n".join(map(str, self.mistakes))


@dataclass(frozen=True, slots=True)
class RuleFile:
    """A scheme with the file it came from and the file's own bytes."""

    scheme: Scheme
    path: Path
    content: bytes

    @property
    def doubts(self) -> tuple[RuleMistake, ...]:
        """What may be meant so or not: told by `rules check`, and in the way of nothing."""
        return self.located(doubts(self.scheme))

    def located(self, problems: Iterable[Problem]) -> tuple[RuleMistake, ...]:
        """Problems of the sound scheme with their places in the file, in order."""
        problems, text = tuple(problems), self.content.decode("utf-8-sig")
        return _located(problems, text, self.path.name, *read_yaml(text)) if problems else ()


_loaded: dict[str, Scheme] = {}
"""Schemes of the rule files that this process has loaded, by text: the ledger keeps the same texts."""


def load_rule_file(path: Path) -> RuleFile:
    """The scheme in `path`. RulesError lists everything that is wrong with it."""
    try:
        content = read_plain(path)
        text = content.decode("utf-8-sig")
    except OSError as error:
        raise RulesError(
            [
                RuleMistake(
                    file=path.name, line=1, column=1, path="文件", message=f"读不出来：{reason_of(error)}"
                )
            ]
        ) from None
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise RulesError(
            [
                RuleMistake(
                    file=path.name,
                    line=line,
                    column=1,
                    path="文件",
                    message="不是 UTF-8 编码，请另存为 UTF-8",
                )
            ]
        ) from None
    scheme = _loaded[text] = parse_scheme(text, path.name)
    return RuleFile(scheme, path, content)


def parse_scheme(text: str, file: str) -> Scheme:
    """The scheme written in `text`; `file` is how mistakes name it. RulesError as above."""
    if text in _loaded:
        return _loaded[text]
    try:
        values, nodes = read_yaml(text)
    except NotYamlError as error:
        raise RulesError(
            [
                RuleMistake(
                    file=file, line=error.line, column=error.column, path="文件", message=error.sentence
                )
            ]
        ) from None
    try:
        scheme = Scheme.model_validate(values)
        problems = tuple(inconsistencies(scheme))
    except ValidationError as error:
        problems = tuple(_translated(error))
    if problems:
        raise RulesError(_located(problems, text, file, values, nodes))
    return scheme


def _located(
    problems: Iterable[Problem], text: str, file: str, values: dict[str, Any], nodes: Callable[[str], Any]
) -> tuple[RuleMistake, ...]:
    """The problems with their places in the text, each once, in order."""
    root = nodes(text)
    mistakes = {
        RuleMistake(file, *_position(root, problem.path), _path_text(problem.path, values), problem.sentence)
        for problem in problems
    }
    return tuple(sorted(mistakes, key=lambda mistake: (mistake.line, mistake.column, mistake.message)))


def _position(node: Any, path: Place) -> tuple[int, int]:
    """Line and column (from 1) of the key or list entry at `path`, or of the nearest above it."""
    line, column = 1, 1
    for step in path:
        if node.id == "mapping":
            found = next(((key, value) for key, value in node.value if key.value == str(step)), None)
        elif node.id == "sequence" and isinstance(step, int) and step < len(node.value):
            found = node.value[step], node.value[step]
        else:
            found = None
        if found is None:
            break
        head, node = found
        line, column = head.start_mark.line + 1, head.start_mark.column + 1
    return line, column


def _path_text(path: Place, document: Any) -> str:
    """`sections.服务类.旺旺沟通.咨询转化率.bands.2`: list places by their names where they have one."""
    words: list[str] = []
    node = document
    for step in path:
        if isinstance(node, Mapping):
            node = node.get(step)
        else:
            node = (
                node[step] if isinstance(node, list) and isinstance(step, int) and step < len(node) else None
            )
        name = node.get("name") if isinstance(step, int) and isinstance(node, Mapping) else None
        words.append(str(name or (step + 1 if isinstance(step, int) else step)))
    return ".".join(words) or "文件"


_SENTENCES = {
    "missing": "缺少必写的键“{last}”",
    "string_type": "应为文字",
    "int_type": "应为整数",
    "int_parsing": "应为整数",
    "int_from_float": "应为整数",
    "decimal_type": "应为数字",
    "decimal_parsing": "应为数字",
    "decimal_max_places": "最多 {decimal_places} 位小数",
    "finite_number": "应为数字",
    "bool_type": "应为 true 或 false",
    "bool_parsing": "应为 true 或 false",
    "date_type": "应为日期，例如 2026-01-01",
    "date_parsing": "应为日期，例如 2026-01-01",
    "date_from_datetime_parsing": "应为日期，例如 2026-01-01",
    "date_from_datetime_inexact": "应为日期，例如 2026-01-01",
    "tuple_type": "应为列表（每行以“- ”开头，或写在方括号里）",
    "list_type": "应为列表（每行以“- ”开头，或写在方括号里）",
    "dict_type": "应为键值",
    "model_type": "应为键值，例如 {{name: …}}",
    "model_attributes_type": "应为键值",
    "too_long": "最多 {max_length} 项",
    "too_short": "至少要有 {min_length} 项",
    "string_too_short": "不能为空",
    "string_too_long": "最多 {max_length} 个字",
    "greater_than": "应大于 {gt}",
    "greater_than_equal": "不能小于 {ge}",
    "less_than": "应小于 {lt}",
    "less_than_equal": "不能大于 {le}",
    "value_error": "{error}",
}


def _translated(error: ValidationError) -> Iterator[Problem]:
    errors = error.errors(include_url=False)
    for detail in errors:
        # pydantic adds steps such as `[key]`, which no rule file has
        path: Place = tuple(step for step in detail["loc"] if not str(step).startswith("["))
        kind, context = detail["type"], dict(detail.get("ctx", {}))
        is_inside = any(
            other["loc"][: len(detail["loc"])] == detail["loc"] for other in errors if other is not detail
        )
        if kind == "too_short" and is_inside:  # entries are there, and wrong: they are told themselves
            continue
        if kind == "extra_forbidden":
            yield Problem(path, _unknown_key(str(path[-1]), path))
        elif kind in {"literal_error", "enum"}:
            yield Problem(path, _unknown_choice(detail["input"], str(context.get("expected", ""))))
        elif kind == "string_pattern_mismatch":
            yield Problem(path, f"“{detail['input']}”的写法不对（{_description(path)}）")
        elif kind == "missing" and isinstance(path[-1], int):
            yield Problem(path[:-1], f"至少要有 {path[-1] + 1} 项")
        elif kind == "missing":
            yield Problem(path[:-1], _SENTENCES[kind].format(last=path[-1]))
        else:
            sentence = _SENTENCES.get(kind, "写法不对（{msg}）")
            yield Problem(path, sentence.format(**context, msg=detail["msg"]))


def _definition_at(path: Place) -> Mapping[str, Any]:
    """The JSON Schema of the object that `path` lies in, for names and descriptions."""
    schema = Scheme.model_json_schema(by_alias=True)
    definitions = schema["$defs"]
    node: Mapping[str, Any] = schema
    for step in path[:-1]:
        inner: Any = node.get("items") if isinstance(step, int) else node.get("properties", {}).get(step)
        inner = inner or next(iter(node.get("patternProperties", {}).values()), {})
        for candidate in inner.get("anyOf", [inner]):
            if candidate.get("type") != "null":
                inner = candidate
                break
        node = definitions[inner["$ref"].rsplit("/", 1)[-1]] if "$ref" in inner else inner
    return node


def _description(path: Place) -> str:
    definition = _definition_at(path)
    here = definition.get("properties", {}).get(path[-1]) or definition.get("propertyNames", {})
    return str(here.get("description", "请对照文档"))


def _unknown_key(key: str, path: Place) -> str:
    known = list(_definition_at(path).get("properties", {}))
    return f"不认识的键“{key}”{did_you_mean(key, known)}"


def _unknown_choice(written: Any, expected: str) -> str:
    choices = [part.strip(" '") for part in expected.replace(" or ", ",").split(",")]
    return f"不能是“{written}”，可选：{'、'.join(choices)}{did_you_mean(str(written), choices)}"
