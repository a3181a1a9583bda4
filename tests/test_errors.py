"""Every exception class of the program: where it stands in the tree, and what the command line makes of it."""

from __future__ import annotations

import ast
import builtins
import importlib
import pickle
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from appraisal import errors
from appraisal.cli.app import app, main
from appraisal.errors import AppraisalError
from appraisal.findings.finding import finding
from appraisal.processes.sandbox import Ending
from appraisal.scheme.rulebook import RuleMistake

ROOT = Path(__file__).parents[1]
SENTENCE = "花名册不见了。请放回去再试。"
ARGUMENTS: dict[str, tuple[object, ...]] = {
    "ActsRefused": ({1: SENTENCE},),
    "BrokenOff": ((), AppraisalError(SENTENCE)),
    "FormulaError": ("括号没有收尾", 3),
    "LedgerError": (SENTENCE, "no such table"),
    "NotYamlError": (1, 2, "不是有效的 YAML"),
    "Refused": (finding("workbook.unsafe_xml"),),
    "RosterError": ("roster.xlsx", ["第2行没有工号"]),
    "RulesError": ([RuleMistake("shop.yaml", 1, 2, "weight", "应为百分数")],),
    "Stopped": (Ending.TIMEOUT, "10 s"),
    "Stuck": ("已经关账", finding("workbook.unsafe_xml")),
    "TemplateError": ("notice.docx", "第1段", "括号没有收尾", "请改正。"),
    "TryAgainLater": (Path("x.xlsx"), "is locked"),
}
"""What a class is made of that takes more than a sentence."""


@dataclass(frozen=True)
class Defined:
    name: str
    base: str
    module: str

    def made(self) -> Exception:
        kind: type[Exception] = getattr(importlib.import_module(self.module), self.name)
        return kind(*ARGUMENTS.get(self.name, (SENTENCE,)))


def _all_defined() -> Iterator[Defined]:
    """Read from the source, so that a class cannot hide in a module that nothing here imports."""
    exceptions = {
        name for name, it in vars(builtins).items() if isinstance(it, type) and issubclass(it, BaseException)
    }
    defined = [
        Defined(node.name, base.id, ".".join(path.relative_to(ROOT).with_suffix("").parts))
        for path in sorted((ROOT / "appraisal").rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ClassDef)
        for base in node.bases
        if isinstance(base, ast.Name)
    ]
    while more := [one for one in defined if one.base in exceptions]:
        yield from more
        exceptions |= {one.name for one in more}
        defined = [one for one in defined if one not in more]


DEFINED = list(_all_defined())
OURS = [one for one in DEFINED if one.module != "appraisal.errors"]


def test_the_tree_in_the_docstring_is_the_real_one() -> None:
    """Class by class, each under its base; nothing of ours derives from another library's exceptions."""
    drawn: set[tuple[str, str]] = set()
    above: list[str] = []
    for line in errors.__doc__.splitlines():
        depth = (len(line) - len(line.lstrip())) // 4
        if depth:
            name = line.split()[0]
            above[depth - 1 :] = [name]
            drawn.add((name, above[-2] if depth > 1 else "Exception"))
    assert drawn == {(one.name, one.base) for one in DEFINED}


@pytest.mark.parametrize("one", OURS, ids=lambda one: one.name)
def test_it_survives_the_way_out_of_a_worker(one: Defined) -> None:
    """Pickled and back, it is the same class with the same text."""
    error = one.made()
    arrived = pickle.loads(pickle.dumps(error))
    assert type(arrived) is type(error)
    assert str(arrived) == str(error)


@pytest.mark.parametrize("one", OURS, ids=lambda one: one.name)
def test_the_command_line_prints_finished_sentences_and_nothing_else(
    one: Defined, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """An AppraisalError as it is; of anything else a report is kept. No traceback, exit code 2."""
    error = one.made()
    told = _told_of(error, tmp_path, capsys)
    reports = list((tmp_path / "state" / "errors").glob("*.log"))
    if isinstance(error, AppraisalError):
        assert told == f"{error}\n"
        assert reports == []
    else:
        assert told == f"内部错误，请把 {reports[0]} 发给管理员。\n"
        assert one.name in reports[0].read_text("utf-8")


def test_an_error_of_python_is_kept_for_the_administrator(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where the report cannot be written either, its name is told."""
    assert "发给管理员" in _told_of(ZeroDivisionError("x"), tmp_path, capsys)
    blocked = tmp_path / "file"
    blocked.write_text("")
    told = _told_of(ZeroDivisionError("x"), blocked, capsys)
    assert told == "内部错误，ZeroDivisionError 的报告没能写下，请告诉管理员。\n"


def _told_of(error: Exception, workspace: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """What the command line says of it when a verb raises it."""

    def fail() -> None:
        raise error

    app.command("fail")(fail)
    try:
        assert main(["--workspace", str(workspace), "fail"]) == 2
    finally:
        app.registered_commands.pop()
    printed = capsys.readouterr()
    assert printed.out == ""
    return printed.err
