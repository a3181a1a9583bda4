"""`init`: a workspace that explains itself."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from appraisal.admin.init import settings_file
from appraisal.cli.app import main
from appraisal.pipeline.setup import load_setup
from appraisal.workspace.paths import Workspace
from appraisal.workspace.settings import Settings, load_settings


def test_a_new_workspace_runs_as_it_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Folders, settings, an example roster, a page for people; a pass over it is well."""
    root = tmp_path / "工作区"

    assert main(["init", str(root)]) == 0
    assert {path.name for path in root.iterdir()} == {
        "inbox", "outbox", "state", "settings.toml", "花名册示例.xlsx", "先读我.txt",
    }  # fmt: skip
    assert main(["run", "--workspace", str(root)]) == 0
    assert "先读我.txt" in capsys.readouterr().out


def test_what_was_told_stands_in_settings_roster_folders_and_page(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Names, and each group with its scheme, by its id or by its name; `doctor` finds nothing to put right."""
    root = tmp_path / "考核"
    told = ["--company", "星河", "--signature", "星河人事", "--policy", "《办法》", "--appeals-to", "李经理"]
    groups = ["--group", "旗舰店=online-shop", "--group", "质检组=客服专员月度绩效考核"]

    assert main(["init", str(root), *told, *groups]) == 0

    settings = load_settings(root / "settings.toml")
    assert (settings.company, settings.signature, settings.appeals_to) == ("星河", "星河人事", "李经理")
    assert {path.name for path in (root / "inbox").iterdir()} == {"人事", "旗舰店", "质检组"}
    page = (root / "先读我.txt").read_text("utf-8-sig")
    assert "template service-agent --group 质检组" in page
    assert "收件夹 inbox/质检组，请只给该组店长写入的权限" in capsys.readouterr().out
    (root / "花名册示例.xlsx").rename(root / "roster.xlsx")
    assert main(["doctor", "--workspace", str(root)]) == 0
    assert "好　  花名册：2人，考核组：旗舰店、质检组。" in capsys.readouterr().out


@pytest.mark.skipif(os.name != "posix", reason="Windows has no such terminals")
def test_at_a_terminal_it_asks(tmp_path: Path) -> None:
    """Enter takes what stands there; a scheme is chosen by its number."""
    import pty  # noqa: PLC0415 - there is none on Windows

    answers = ["星河", "", "《办法》", "李经理", "旗舰店、质检组", "", "9"]
    ours, its = pty.openpty()
    command = [sys.executable, "-m", "appraisal", "init", str(tmp_path / "考核")]
    program = subprocess.Popen(command, stdin=its, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    os.write(ours, "".join(f"{one}\n" for one in answers).encode())
    told = program.communicate(timeout=60)[0].decode()
    os.close(its)
    os.close(ours)

    assert program.returncode == 0, told
    settings = load_settings(tmp_path / "考核" / "settings.toml")
    assert (settings.company, settings.signature) == ("星河", "星河人事行政部")
    page = (tmp_path / "考核" / "先读我.txt").read_text("utf-8-sig")
    assert "template online-shop --group 旗舰店" in page
    assert "template service-agent --group 质检组" in page


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--group", "旗舰店"], "应写成 组=方案"),
        (["--group", "旗舰店=online-shap"], "是不是“online-shop”"),
        (["--group", "人事=online-shop"], "不能作考核组的名称"),
        (["--group", "旗/舰=online-shop"], "不能作考核组的名称"),
        (["--company", 'a"b'], "不能用的字符"),
    ],
)
def test_what_does_not_fit_is_refused_before_anything_is_made(
    tmp_path: Path, options: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """One sentence says how it is written."""
    assert main(["init", str(tmp_path / "考核"), *options]) == 2
    assert told in capsys.readouterr().err
    assert not (tmp_path / "考核").exists()


def test_what_is_there_already_stays_as_it_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A second `init` never undoes what people typed."""
    (tmp_path / "settings.toml").write_text('company = "星河"', "utf-8")

    assert main(["init", "--workspace", str(tmp_path)]) == 0

    assert (tmp_path / "settings.toml").read_text("utf-8") == 'company = "星河"'
    assert "已有 settings.toml，没有改动" in capsys.readouterr().out


def test_the_settings_file_says_what_holds_without_it(tmp_path: Path) -> None:
    """Every setting at its default, each with a line that explains it."""
    path = tmp_path / "settings.toml"
    path.write_text(settings_file(), "utf-8")

    assert load_settings(path) == Settings()
    lines = settings_file().splitlines()
    settings = [at for at, line in enumerate(lines) if line and not line.startswith("#")]
    assert len(settings) == len(Settings.__dataclass_fields__) - 1  # [notify] is shown as an example
    assert all(lines[at - 1].startswith("# ") for at in settings)


def test_the_example_roster_is_a_roster(tmp_path: Path) -> None:
    """Saved under the name that counts, it is read without a mistake."""
    main(["init", str(tmp_path)])
    (tmp_path / "花名册示例.xlsx").rename(tmp_path / "roster.xlsx")

    roster = load_setup(Workspace(tmp_path)).roster

    assert roster is not None
    assert [(one.id, one.name, one.group) for one in roster.members] == [
        ("KF001", "张三", "旗舰店"),
        ("KF002", "李四", "旗舰店"),
    ]
