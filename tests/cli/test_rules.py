"""The `rules` verbs as a person types them: what they print, what they write, their exit codes."""

from __future__ import annotations

import io
from pathlib import Path

import docx
import pytest

from appraisal.cli.app import main
from tests.builders.schemes import SHOP_TEXT, changed


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A workspace with two versions of the shipped scheme."""
    rules = tmp_path / "rules"
    rules.mkdir()
    (rules / "online_shop.yaml").write_text(SHOP_TEXT, "utf-8")
    second = changed(
        ("version: 1", "version: 2"), ("2020-06-07", "2026-10-01"), ("amount: 100", "amount: 200")
    )
    (rules / "online_shop_v2.yaml").write_text(second, "utf-8")
    return tmp_path


def run(workspace: Path, *arguments: str) -> int:
    return main(["rules", *arguments, "--workspace", str(workspace)])


def test_check_tells_of_every_version(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """From which month each counts."""
    assert run(workspace, "check") == 0
    told = capsys.readouterr().out.splitlines()
    assert [line for line in told if line.startswith("online-shop ")] == [
        "online-shop 第1版 网店客服组月度绩效考核：没有问题（13项指标，自 2020-07 起考核）",
        "online-shop 第2版 网店客服组月度绩效考核：没有问题（13项指标，自 2026-10 起考核）",
    ]


def test_check_asks_about_what_may_be_meant_otherwise(
    workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With its place, and the file is still sound: exit code 0."""
    path = workspace / "rules" / "online_shop_v2.yaml"
    path.write_text(path.read_text("utf-8").replace("from: 当月提成, ", ""), "utf-8")
    assert run(workspace, "check") == 0
    line = next(at for at, text in enumerate(path.read_text("utf-8").splitlines(), 1) if "do: deduct" in text)
    told = capsys.readouterr().out.splitlines()
    doubt = next(at for at, text in enumerate(told) if text.startswith("提醒"))
    clause, limit, sound = told[doubt : doubt + 3]
    assert "outcomes.rules.1.clause: 条款写100元，规则是 amount: 200" in clause
    assert limit.startswith(f"提醒 online_shop_v2.yaml:{line}:7: outcomes.rules.2: 没有写 from")
    assert "第2版 网店客服组月度绩效考核：没有问题" in sound


def test_check_prints_every_mistake_with_its_place(
    workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`file:line:col: path: message`, exit code 2."""
    (workspace / "rules" / "bad.yaml").write_text(changed(("weight: 30%", "weight: 25%")), "utf-8")
    assert run(workspace, "check") == 2
    line = SHOP_TEXT.splitlines().index("reviewers:") + 1
    assert capsys.readouterr().err == f"bad.yaml:{line}:1: reviewers: 考核人权重合计 95%，应为 100%\n"


@pytest.mark.parametrize("old", ["online-shop@1", "rules/online_shop.yaml"])
def test_diff_takes_versions_and_files(
    workspace: Path, old: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A version of the workspace by `@`, the latest by the id alone, or any file."""
    monkeypatch.chdir(workspace)
    assert run(workspace, "diff", old, "online-shop") == 0
    assert "- 规定“综合排名第一名”：金额由100元改为200元" in capsys.readouterr().out


def test_a_version_that_is_not_there_is_told_with_those_that_are(
    workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One sentence, exit code 2."""
    assert run(workspace, "diff", "online-shop@3", "online-shop") == 2
    assert "没有第“3”版，现有第 1、2 版" in capsys.readouterr().err
    assert run(workspace, "explain", "online-shp") == 2
    assert "没有考核方案“online-shp”，是不是“online-shop”？" in capsys.readouterr().err


def test_explain_prints_the_scheme_or_writes_a_word_file(
    workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The same words; the file is A4 with a place to sign."""
    assert run(workspace, "explain", "online-shop@1") == 0
    assert capsys.readouterr().out.startswith("# 网店客服组月度绩效考核\n\n方案代号 online-shop，第1版。")
    target = workspace / "文件" / "方案.docx"
    assert run(workspace, "explain", "online-shop", "--out", str(target)) == 0
    paper = docx.Document(io.BytesIO(target.read_bytes()))
    assert "第2版" in paper.paragraphs[1].text
    assert run(workspace, "explain", "online-shop", "--out", "方案.pdf") == 2
    assert "--out 要写成 .docx 文件" in capsys.readouterr().err
