"""What was worked out of the set-up is kept for the next start: it saves work and decides nothing."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from appraisal.pipeline.setup import load_setup
from appraisal.publish.templates.engine import TemplateError
from appraisal.publish.templates.loading import NOTICE_HTML
from appraisal.scheme.loading import RulesError
from appraisal.workspace.files import REAL_FILES
from appraisal.workspace.paths import PROGRAM_FOLDER, Workspace

LOADED = """
import sys
from pathlib import Path
from appraisal.pipeline.setup import load_setup
from appraisal.workspace.paths import Workspace
schemes = load_setup(Workspace(Path(sys.argv[1]))).rulebook.ids
print(len(schemes), "ruamel.yaml" in sys.modules)
"""


@pytest.fixture
def place(tmp_path: Path) -> Workspace:
    """A workspace that was loaded, and noted, before."""
    workspace = Workspace(tmp_path).made()
    load_setup(workspace, files=REAL_FILES)
    return workspace


def with_own(workspace: Workspace, name: str) -> Path:
    shutil.copytree(PROGRAM_FOLDER / name, workspace.root / name)
    return workspace.root / name


def notes(workspace: Workspace) -> Path:
    return workspace.state / "set_up.json"


def test_every_rule_file_comes_from_the_notes_as_from_its_text(place: Workspace, tmp_path: Path) -> None:
    """The same schemes in every detail, and in a process of its own without the library that reads YAML."""
    afresh = load_setup(Workspace(tmp_path / "elsewhere")).rulebook

    assert load_setup(place).rulebook == afresh
    program = [sys.executable, "-c", LOADED, str(place.root)]
    told = subprocess.run(program, cwd=PROGRAM_FOLDER, capture_output=True, check=True, text=True)
    assert told.stdout.split() == [str(len(afresh.ids)), "False"]


def test_a_changed_rule_file_is_read_anew(place: Workspace) -> None:
    """And what is wrong with it is told with its place."""
    path = with_own(place, "rules") / "online_shop.yaml"
    text = path.read_text("utf-8")
    assert load_setup(place).rulebook.latest("online-shop") is not None

    path.write_text(text.replace("name: 网店客服组月度绩效考核", "name: 另一个名称"), "utf-8")
    renamed = load_setup(place, files=REAL_FILES).rulebook.latest("online-shop")
    path.write_text(text.replace("points: 16", "points: 十六", 1), "utf-8")
    with pytest.raises(RulesError, match=r"online_shop\.yaml:\d+:\d+: .*应为数字"):
        load_setup(place)

    assert renamed is not None
    assert renamed.name == "另一个名称"


def test_a_changed_template_is_tried_out_anew(place: Workspace) -> None:
    """A name that does not exist is found at the start, whatever was tried before."""
    path = with_own(place, "templates") / NOTICE_HTML
    path.write_text(path.read_text("utf-8") + "{{ 没有这个 }}", "utf-8")
    with pytest.raises(TemplateError, match="没有这个"):
        load_setup(place, files=REAL_FILES)


@pytest.mark.parametrize("damage", ["one bit", "cut off", "no text", "another program"])
def test_notes_that_do_not_fit_are_as_good_as_none(place: Workspace, damage: str) -> None:
    """A figure that changed on the disk must not become a rule."""
    content = notes(place).read_bytes()
    assert b"16" in content
    notes(place).write_bytes(
        {
            "one bit": content.replace(b"16", b"17", 1),
            "cut off": content[: len(content) // 2],
            "no text": b"\xff\xfe\n\xff",
            "another program": content.split(b"\n", 1)[1],
        }[damage]
    )
    afresh = load_setup(Workspace(place.root / "elsewhere")).rulebook

    assert load_setup(place, files=REAL_FILES).rulebook == afresh
    assert notes(place).read_bytes() == content


def test_looking_writes_nothing(tmp_path: Path) -> None:
    """Only who works on the workspace keeps notes."""
    load_setup(Workspace(tmp_path))
    assert list(tmp_path.iterdir()) == []
