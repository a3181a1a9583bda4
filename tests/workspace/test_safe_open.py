"""What stands under the name of a file of the set-up is read only where it is a plain file."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from appraisal.intake.roster_file import RosterError, load_roster
from appraisal.scheme.rulebook import RulesError, load_rule_file
from appraisal.workspace.files import REAL_FILES
from appraisal.workspace.settings import SettingsError, load_settings

READERS: dict[str, tuple[Callable[[Path], object], type[Exception]]] = {
    "roster.csv": (lambda path: load_roster(path.parent), RosterError),
    "roster.xlsx": (lambda path: load_roster(path.parent), RosterError),
    "settings.toml": (load_settings, SettingsError),
    "rules.yaml": (load_rule_file, RulesError),
}


@pytest.mark.skipif(os.name != "posix", reason="Windows has no such pipes in folders")
@pytest.mark.parametrize("name", READERS)
def test_a_named_pipe_is_refused_at_once(tmp_path: Path, name: str) -> None:
    """Nobody writes into it: waiting for that would never end."""
    read, refusal = READERS[name]
    os.mkfifo(tmp_path / name)

    with pytest.raises(refusal, match="不是普通文件"):
        read(tmp_path / name)


@pytest.mark.skipif(os.name != "posix", reason="making links takes rights on Windows")
def test_a_link_to_a_file_elsewhere_serves(tmp_path: Path) -> None:
    """A roster that HR keeps on a share."""
    (tmp_path / "share").mkdir()
    (tmp_path / "share" / "settings.toml").write_text('company = "某某公司"\r\n', "utf-8")
    (tmp_path / "settings.toml").symlink_to(tmp_path / "share" / "settings.toml")

    assert load_settings(tmp_path / "settings.toml").company == "某某公司"


@pytest.mark.skipif(os.name != "posix", reason="making links takes rights on Windows")
def test_nothing_is_deleted_behind_a_link(tmp_path: Path) -> None:
    """Nor outside of the folder that is ours; a link that is the file itself goes, and not what it leads to."""
    ours, elsewhere = tmp_path / "outbox", tmp_path / "elsewhere"
    for folder in (ours, elsewhere):
        folder.mkdir()
    paper = elsewhere / "通报.docx"
    paper.write_bytes(b"somebody's")
    (ours / "旗舰店").symlink_to(elsewhere)
    (ours / "快捷方式").symlink_to(paper)

    for path in (ours / "旗舰店" / paper.name, ours / ".." / "elsewhere" / paper.name):
        with pytest.raises(OSError, match=r"directory|leads elsewhere|links"):
            REAL_FILES.remove(path, inside=ours)
    REAL_FILES.remove(ours / "快捷方式", inside=ours)
    REAL_FILES.remove(ours / "没有" / "这个", inside=ours)

    assert paper.read_bytes() == b"somebody's"
    assert [path.name for path in ours.iterdir()] == ["旗舰店"]
