"""What is open of a workspace: opened in one way, handed on whole, with its own clock."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from appraisal.pipeline.context import RunContext, Tools, open_tools
from appraisal.pipeline.run import take_files
from tests.builders.workspaces import DECEMBER_7, Place


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


@pytest.fixture
def context(place: Place) -> Iterator[RunContext]:
    with place.opened(DECEMBER_7) as context:
        yield context


def test_the_tools_open_beside_a_pass_and_change_nothing(place: Place, context: RunContext) -> None:
    """Whoever only looks waits for nobody."""
    before = _files(place)
    with open_tools(place.workspace, today=DECEMBER_7) as tools, tools.ledger.reading() as transaction:
        assert transaction.months.all_current() == ()
    assert _files(place) == before


def _files(place: Place) -> dict[Path, int]:
    """When each was changed; a database closes its own in its own way."""
    files = (path for path in place.root.rglob("*") if path.is_file() and path.stem != "ledger")
    return {path: path.stat().st_mtime_ns for path in files}


def test_a_set_up_is_added_to_the_tools_and_takes_none_away(place: Place, context: RunContext) -> None:
    """Another set-up, the same ledger, files, clock and all."""
    again = replace(context, now=lambda: datetime(2026, 12, 7, 9, tzinfo=UTC)).with_setup(place.setup)
    own = replace(context, now=again.now)
    assert {
        tool.name for tool in fields(Tools) if getattr(again, tool.name) is not getattr(own, tool.name)
    } == set()


def test_a_file_comes_by_the_contexts_clock_on_its_day(place: Place, context: RunContext) -> None:
    """A pass made up for tells of its own day."""
    night = datetime(2026, 12, 9, 23, 30, tzinfo=UTC)
    path = place.drop("旗舰店/说明.xlsx", b"no workbook")
    take_files(replace(context, now=lambda: night), [path])
    with context.ledger.reading() as transaction:
        (claim,) = transaction.journal.received_since(datetime(2026, 12, 1, tzinfo=UTC))
    assert claim.received_at == datetime(2026, 12, 7, 23, 30, tzinfo=UTC)
