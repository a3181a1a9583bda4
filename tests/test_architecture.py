"""docs/architecture.md names what is there: a page that leads people astray is worse than none."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "architecture.md").read_text("utf-8")
PATHS = sorted(
    set(re.findall(r"[A-Za-z_.]+/[\w./]*", PAGE)) | set(re.findall(r"`(\w+\.(?:py|md|toml))`", PAGE))
)
RECORDS = re.findall(r"^\| `(\w+)` \| `(\S+\.py)` \|", PAGE, re.MULTILINE)
ON_THE_WAY = PAGE.partition("### What it is on the way")[2].partition("\n## ")[0]
OF_A_WORKSPACE = ("inbox/", "outbox/", "state/")


@pytest.mark.parametrize("path", [path for path in PATHS if not path.startswith(OF_A_WORKSPACE)])
def test_a_path_that_it_names_is_there(path: str) -> None:
    """From the top, or below `appraisal/`."""
    assert (ROOT / path).exists() or (ROOT / "appraisal" / path).exists()


@pytest.mark.parametrize(("record", "module"), RECORDS)
def test_a_record_stands_where_it_says(record: str, module: str) -> None:
    """As a class of that module."""
    tree = ast.parse((ROOT / "appraisal" / module).read_text("utf-8"))
    assert record in {node.name for node in tree.body if isinstance(node, ast.ClassDef)}


def test_at_most_nine_records_lie_between_a_dropped_file_and_result_json() -> None:
    """A tenth has to take the place of another."""
    (first, _), *between = RECORDS
    assert first == "DroppedFile"
    assert len(between) <= 9


@pytest.mark.parametrize(
    "step", ["run", "reading", "dropped_file", "workbook_checks", "workbooks", "revisions", "appraise"]
)
def test_every_record_of_a_step_is_told_of(step: str) -> None:
    """No step hands on what the page does not name."""
    tree = ast.parse((ROOT / "appraisal" / "pipeline" / f"{step}.py").read_text("utf-8"))
    records = {
        node.name
        for node in tree.body
        if isinstance(node, ast.ClassDef)
        and any("dataclass" in ast.unparse(by) for by in node.decorator_list)
    }
    assert {name for name in records if not name.startswith("_") and f"`{name}`" not in ON_THE_WAY} == set()


def test_every_room_has_its_row() -> None:
    """A new room is told of."""
    rooms = {path.parent.name for path in (ROOT / "appraisal").glob("*/__init__.py")}
    assert {room for room in rooms if f"| `{room}/` |" not in PAGE} == set()


def test_it_walks_and_tells() -> None:
    """Most of what it names are paths that were found."""
    assert len(PATHS) > 60
    assert len(RECORDS) > 6
