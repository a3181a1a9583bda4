"""What stands under the name of a file of the set-up is read only where it is a plain file."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from appraisal.intake.roster_file import RosterError, load_roster
from appraisal.scheme.loading import RulesError, load_rule_file
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
