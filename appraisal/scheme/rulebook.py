"""Rule files: read with every mistake told at once, in Chinese, as `file:line:col: path: message`; and all schemes of a workspace."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from appraisal.errors import AppraisalError
from appraisal.period import Period
from appraisal.scheme.checks import inconsistencies
from appraisal.scheme.checks.outcomes import doubts
from appraisal.scheme.methods.method import Place, Problem
from appraisal.scheme.model.scheme import Scheme
from appraisal.scheme.yaml_text import NotYamlError, read_yaml
from appraisal.text import did_you_mean
from appraisal.workspace.files import read_setup_file, reason_of


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
        content = read_setup_file(path)
        text = content.decode("utf-8-sig")
    except OSError as error:
        raise _unreadable(path.name, f"读不出来：{reason_of(error)}") from None
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise _unreadable(path.name, "不是 UTF-8 编码，请另存为 UTF-8", line) from None
    scheme = _loaded[text] = parse_scheme(text, path.name)
    return RuleFile(scheme, path, content)


def parse_scheme(text: str, file: str) -> Scheme:
    """The scheme written in `text`; `file` is how mistakes name it.

    RulesError lists everything that is wrong with it.
    """
    if text in _loaded:
        return _loaded[text]
    try:
        values, nodes = read_yaml(text)
    except NotYamlError as error:
        raise _unreadable(file, error.sentence, error.line, error.column) from None
    try:
        scheme = Scheme.model_validate(values)
        problems = tuple(inconsistencies(scheme))
    except ValidationError as error:
        problems = tuple(_translated(error))
    if problems:
        raise RulesError(_located(problems, text, file, values, nodes))
    return scheme


def _unreadable(file: str, message: str, line: int = 1, column: int = 1) -> RulesError:
    return RulesError([RuleMistake(file=file, line=line, column=column, path="文件", message=message)])


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


@dataclass(frozen=True, slots=True)
class Rulebook:
    """Every scheme version, sorted by scheme id and by the date from which it is in force.

    `texts` holds each version's rule file by `(scheme id, version)`, for the ledger.
    """

    versions: tuple[Scheme, ...]
    texts: Mapping[tuple[str, int], bytes] = field(default_factory=dict)

    def text_of(self, scheme: Scheme) -> bytes:
        """The bytes of the rule file that `scheme` was read from."""
        return self.texts[scheme.scheme, scheme.version]

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(scheme.scheme for scheme in self.versions))

    def versions_of(self, scheme_id: str) -> tuple[Scheme, ...]:
        return tuple(scheme for scheme in self.versions if scheme.scheme == scheme_id)

    def in_force(self, scheme_id: str, period: Period) -> Scheme | None:
        """The version by which `period` is scored: the last whose first full month has come.

        With the bands and targets of that very month, where the file lays down some.
        """
        started = [version for version in self.versions_of(scheme_id) if version.first_period <= period]
        return started[-1].in_month(period) if started else None

    def latest(self, scheme_id: str) -> Scheme | None:
        versions = self.versions_of(scheme_id)
        return versions[-1] if versions else None


def load_rulebook(*folders: Path) -> Rulebook:
    """Every `*.yaml` of the folders, as `load_rule_files` puts them together. RulesError as there."""
    return rulebook_of(load_rule_files(*folders))


def rulebook_of(files: Sequence[RuleFile]) -> Rulebook:
    """The rulebook of files that fit together, sorted as `load_rule_files` gives them."""
    texts = {(file.scheme.scheme, file.scheme.version): file.content for file in files}
    return Rulebook(tuple(file.scheme for file in files), texts)


def load_rule_files(*folders: Path) -> list[RuleFile]:
    """The files of a rulebook by scheme and version. RulesError lists the mistakes of all files together.

    A later folder adds to the earlier ones. Of a scheme that both have the later one's versions count, and
    before them those of the earlier one that lead up to them: it brings no newer version and none of the same number.
    """
    files: list[RuleFile] = []
    mistakes: list[RuleMistake] = []
    for folder in folders:
        found = []
        for path in sorted(folder.glob("*.y*ml")):
            try:
                found.append(load_rule_file(path))
            except RulesError as error:
                mistakes += error.mistakes
        files = [*_leading_up(files, found), *found]
    files.sort(key=lambda file: (file.scheme.scheme, file.scheme.effective_from, file.scheme.version))
    if not files and not mistakes:
        mistakes.append(
            RuleMistake(
                file=folders[-1].name, line=1, column=1, path="文件夹", message="里面没有规则文件（*.yaml）"
            )
        )
    mistakes += _clashing_versions(files)
    if mistakes:
        raise RulesError(mistakes)
    return files


def _leading_up(earlier: Iterable[RuleFile], found: Iterable[RuleFile]) -> Iterator[RuleFile]:
    """The earlier files of schemes that were not found again, and those versions that come right before."""
    first: dict[str, Scheme] = {}
    for file in sorted(found, key=lambda file: -file.scheme.version):
        first[file.scheme.scheme] = file.scheme
    for file in sorted(earlier, key=lambda file: -file.scheme.version):
        scheme, after = file.scheme, first.get(file.scheme.scheme)
        if after is None:
            yield file
        elif scheme.version == after.version - 1 and scheme.first_period < after.first_period:
            first[scheme.scheme] = scheme
            yield file


def _clashing_versions(files: Sequence[RuleFile]) -> list[RuleMistake]:
    """Versions of one scheme that are not one after the other; each tells both files."""
    mistakes: list[RuleMistake] = []
    for _, same in groupby(files, key=lambda file: file.scheme.scheme):
        for earlier, later in pairwise(same):
            names = f"{earlier.path.name} 和 {later.path.name}"
            between, key = later.scheme.version - earlier.scheme.version, "version"
            if between <= 0:
                sentence = f"{names} 的版本号与生效日期的先后不一致：生效较晚的 version 应当更大"
            elif between > 1:
                sentence = (
                    f"{names} 之间缺少第{earlier.scheme.version + 1}版：旧版的文件要留着，以前的月份按它计算；"
                    "没有这一版的，请把 version 改成连续的"
                )
            elif earlier.scheme.first_period == later.scheme.first_period:
                key = "effective_from"
                sentence = f"{names} 都从 {later.scheme.first_period} 起考核，请错开 effective_from"
            else:
                continue
            mistakes += later.located([Problem((key,), sentence)])
    return mistakes
