"""`init`: a workspace that explains itself."""

from __future__ import annotations

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
    assert len(settings) == len(Settings.__dataclass_fields__)
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
