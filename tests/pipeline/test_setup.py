"""What is loaded before a pass begins: changed rules and templates count at once, a trial is made once."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from appraisal.pipeline.setup import load_setup
from appraisal.publish.templates.engine import TemplateError
from appraisal.publish.templates.loading import FILES, NOTICE_HTML, load_templates, trial_of
from appraisal.scheme.rulebook import RulesError
from appraisal.workspace.files import REAL_FILES
from appraisal.workspace.paths import PROGRAM_FOLDER, Workspace


@pytest.fixture
def place(tmp_path: Path) -> Workspace:
    """A workspace that was loaded before."""
    workspace = Workspace(tmp_path).made()
    load_setup(workspace, files=REAL_FILES)
    return workspace


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


def with_broken_ones(workspace: Workspace) -> list[str]:
    """None of the workspace's own templates can be used any more; the lines that would say they were tried out."""
    own = with_own(workspace, "templates")
    for file in FILES:
        broken = b"no document" if file.endswith(".docx") else "{{ 没有这个 }}".encode()
        (own / file).write_bytes(broken)
    templates = load_templates(own, PROGRAM_FOLDER / "templates")
    return [f"{trial_of(file, templates)}\n" for file in FILES]


def test_a_template_that_was_tried_out_is_not_tried_again(place: Workspace) -> None:
    """The note names each trial by the bytes of the template and the program: it is believed even of broken ones."""
    note(place).write_text("".join(with_broken_ones(place)), "ascii")
    load_setup(place)


ONE_BIT, CUT_OFF, NO_TEXT, GONE = "one bit", "cut off", "no text", "gone"


def damage(path: Path, how: str) -> None:
    """One bit of the sixth line, or all but the first three lines."""
    content = path.read_bytes()
    if how == GONE:
        path.unlink()
    else:
        other = content[: 65 * 5] + b"g" + content[65 * 5 + 1 :]
        path.write_bytes({ONE_BIT: other, CUT_OFF: content[: 65 * 3], NO_TEXT: b"\xff\xfe\n\xff"}[how])


@pytest.mark.parametrize(
    ("how", "tried_first"),
    [(ONE_BIT, FILES[5]), (CUT_OFF, FILES[3]), (NO_TEXT, FILES[0]), (GONE, FILES[0])],
)
def test_a_damaged_note_costs_trials_and_no_more(place: Workspace, how: str, tried_first: str) -> None:
    """Every trial that it does not name is made again, and no other; then all are noted."""
    content = note(place).read_bytes()
    damage(note(place), how)
    load_setup(place, files=REAL_FILES)
    assert note(place).read_bytes() == content

    note(place).write_text("".join(with_broken_ones(place)), "ascii")
    damage(note(place), how)
    with pytest.raises(TemplateError) as refused:
        load_setup(place, files=REAL_FILES)
    assert refused.value.file == tried_first


def test_looking_writes_nothing(tmp_path: Path) -> None:
    """Only who works on the workspace keeps notes."""
    load_setup(Workspace(tmp_path))
    assert list(tmp_path.iterdir()) == []
