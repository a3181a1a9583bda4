"""What is loaded before a pass begins: changed rules and templates count at once, a trial is made once."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from appraisal.pipeline.setup import load_setup
from appraisal.publish.templates import loading
from appraisal.publish.templates.engine import TemplateError
from appraisal.publish.templates.loading import FILES, NOTICE_HTML
from appraisal.scheme.rulebook import RulesError
from appraisal.workspace.files import REAL_FILES
from appraisal.workspace.paths import PROGRAM_FOLDER, Workspace


@pytest.fixture
def place(tmp_path: Path) -> Workspace:
    """A workspace that was loaded before."""
    workspace = Workspace(tmp_path).made()
    load_setup(workspace, files=REAL_FILES)
    return workspace


@pytest.fixture
def tried(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The shipped templates that are tried out from now on."""
    files: list[str] = []
    monkeypatch.setattr(loading, "check_template", lambda file, _: files.append(file))
    return files


def with_own(workspace: Workspace, name: str) -> Path:
    shutil.copytree(PROGRAM_FOLDER / name, workspace.root / name)
    return workspace.root / name


def note(workspace: Workspace) -> Path:
    return workspace.state / "tried_templates.txt"


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


def test_a_template_that_was_tried_out_is_not_tried_again(place: Workspace, tried: list[str]) -> None:
    """The note names each trial by the bytes of the template and the program."""
    load_setup(place)
    assert tried == []


@pytest.mark.parametrize("damage", ["one bit", "cut off", "no text", "gone"])
def test_a_damaged_note_costs_trials_and_no_more(place: Workspace, tried: list[str], damage: str) -> None:
    """Every trial that it does not name is made again, and noted."""
    content = note(place).read_bytes()
    lines = {"one bit": 1, "cut off": len(FILES) - 3}.get(damage, len(FILES))
    if damage == "gone":
        note(place).unlink()
    else:
        end = {"one bit": b"g" + content[1:], "cut off": content[: 65 * 3], "no text": b"\xff\xfe\n\xff"}
        note(place).write_bytes(end[damage])

    load_setup(place, files=REAL_FILES)

    assert len(tried) == lines
    assert note(place).read_bytes() == content


def test_looking_writes_nothing(tmp_path: Path) -> None:
    """Only who works on the workspace keeps notes."""
    load_setup(Workspace(tmp_path))
    assert list(tmp_path.iterdir()) == []
