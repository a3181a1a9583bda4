"""All schemes of a workspace, and the version of each that is in force in a month."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby, pairwise
from pathlib import Path

from appraisal.period import Period
from appraisal.scheme.loading import RuleFile, RuleMistake, RulesError, load_rule_file
from appraisal.scheme.methods.method import Problem
from appraisal.scheme.model.scheme import Scheme


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
