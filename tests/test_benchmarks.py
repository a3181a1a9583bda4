"""What the benchmarks hold the pipeline against writes the same documents: a floor that wrote less would be none."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from appraisal.pipeline.run import run_once
from appraisal.pipeline.setup import load_setup
from appraisal.workspace.paths import Workspace
from benchmarks.inputs import TODAY
from benchmarks.plain_documents import write
from benchmarks.ready_values import Page, Paper, Sheets, Text, Word, record
from benchmarks.run import workspace
from tests.builders.workbooks import opened
from tests.publish.documents import html_lines, word_lines

SUFFIXES = {Sheets: ".xlsx", Word: ".docx", Page: ".html", Text: ""}

Told = dict[str, list[object]]
"""What stands in a document, by sheet."""


def told_by(path: Path) -> Told:
    """Everything that is to be read, formulas included."""
    if path.suffix == ".xlsx":
        book = opened(path.read_bytes())
        return {
            sheet.title: [(cell.coordinate, cell.value) for row in sheet.rows for cell in row]
            for sheet in book
        }
    if path.suffix == ".docx":
        return {"": [*word_lines(path.read_bytes())]}
    return {"": [*html_lines(path.read_text("utf-8"))]}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> tuple[Workspace, list[Path]]:
    """Two groups of four people after a pass, and the files that were dropped."""
    root = tmp_path_factory.mktemp("shop")
    place = Workspace(workspace(root / "workspace", workbooks=2, staff=4))
    files = [root / path.name for path in sorted(place.inbox.iterdir())]
    for file in files:
        file.write_bytes((place.inbox / file.name).read_bytes())
    report = run_once(place, load_setup(place), today=TODAY)
    assert [one.status for one in report.files] == ["accepted", "accepted"]
    return place, files


def test_the_floor_writes_what_the_pipeline_writes(
    shop: tuple[Workspace, list[Path]], tmp_path: Path
) -> None:
    """Taken down while papers are published, carried to another process, played back on the plain libraries."""
    place, files = shop
    recorded = pickle.loads(pickle.dumps(record(files, place.root)))
    papers: list[Paper] = [paper for month in (*recorded.months, recorded.hr) for paper in month]

    written = [tmp_path / f"{at}{SUFFIXES[type(paper)]}" for at, paper in enumerate(papers)]
    for paper, path in zip(papers, written, strict=True):
        write(paper, path)

    published = [path for path in place.outbox.rglob("*") if path.suffix in {".xlsx", ".docx", ".html"}]
    plain = [told_by(path) for path in written if path.suffix]
    missing = [path.name for path in published if told_by(path) not in plain]
    assert missing == []
    assert len(plain) == len(published)
