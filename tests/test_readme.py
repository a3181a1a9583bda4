"""The README pages say what the program does: every verb, every setting, every picture."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from appraisal.cli.app import app
from appraisal.workspace.settings import Settings, setting_meaning

ROOT = Path(__file__).parents[1]
ENGLISH = (ROOT / "README.md").read_text("utf-8")
CHINESE = (ROOT / "README.zh-CN.md").read_text("utf-8")


def verbs(command: Any, before: str = "") -> Iterator[str]:
    """Every verb as it is typed, `rules check` among them."""
    for name, one in command.commands.items():
        if hasattr(one, "commands"):
            yield from verbs(one, f"{name} ")
        else:
            yield before + name


def test_every_verb_stands_in_the_table() -> None:
    """A new verb comes with a row, or with its name in one."""
    table = "".join(line for line in ENGLISH.splitlines() if line.startswith("| `"))
    missing = [verb for verb in verbs(get_command(app)) if not re.search(rf"`{verb}[ `]", table)]
    assert missing == []


@pytest.mark.parametrize("setting", [one.name for one in fields(Settings)])
def test_every_setting_is_explained_in_the_same_words_as_in_settings_toml(setting: str) -> None:
    """README.zh-CN.md has a row with its name, its default and what it is for."""
    row = next(line for line in CHINESE.splitlines() if line.startswith(f"| {setting} |"))
    assert row.split(" | ")[2].rstrip(" |") == setting_meaning(setting)


@pytest.mark.parametrize(
    "page", [*ROOT.glob("README*.md"), *(ROOT / "docs").glob("*.md")], ids=lambda path: path.stem
)
def test_what_a_page_points_to_is_there(page: Path) -> None:
    """Pictures and pages by relative path."""
    targets = re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text("utf-8"))
    assert [one for one in targets if "://" not in one and not (page.parent / one).is_file()] == []


def test_every_scheme_that_is_shipped_has_its_line() -> None:
    """A manager finds the scheme for the post."""
    for path in (ROOT / "rules").glob("*.yaml"):
        assert f"](rules/{path.name})" in ENGLISH
