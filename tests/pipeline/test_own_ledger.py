"""A ledger that is gone, old or another workspace's is refused before anything is done with it."""

from __future__ import annotations

import shutil
import sqlite3
from datetime import date
from pathlib import Path

import pytest

from appraisal.cli.app import main
from appraisal.pipeline.context import ANOTHERS, BEHIND, GONE, NotOurLedgerError
from appraisal.pipeline.run import run_once
from appraisal.workspace.paths import mark_paths
from tests.builders.submissions import NOVEMBER
from tests.builders.workspaces import Place, workbook


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """One month handed in."""
    place = Place(tmp_path / "工作区")
    place.take(workbook())
    return place


def remove_ledger(place: Place) -> None:
    for path in place.workspace.state.glob("ledger.db*"):
        path.unlink()


def refusal(place: Place) -> str:
    """What a run with next month's workbook says; the file stays in the inbox."""
    dropped = place.drop("下月.xlsx", workbook(period=NOVEMBER.shifted(1)))
    with pytest.raises(NotOurLedgerError) as refused:
        place.run()
    assert dropped.exists()
    return str(refused.value)


def test_a_ledger_that_was_deleted_is_missed(place: Place) -> None:
    """Also the second time, when there is an empty one."""
    remove_ledger(place)
    assert refusal(place) == GONE
    assert refusal(place) == GONE


def test_without_any_mark_the_papers_still_say_that_there_was_a_ledger(place: Place) -> None:
    remove_ledger(place)
    for mark in mark_paths(place.workspace):
        mark.unlink()
    assert refusal(place) == GONE


def test_a_backup_of_the_whole_state_is_older_than_the_papers(place: Place, tmp_path: Path) -> None:
    """Its own mark is as old as itself; the outbox knows better."""
    shutil.copytree(place.workspace.state, tmp_path / "备份")
    place.take(workbook(period=NOVEMBER.shifted(1)), today=date(2027, 1, 6))
    shutil.rmtree(place.workspace.state)
    shutil.copytree(tmp_path / "备份", place.workspace.state)
    assert refusal(place) == BEHIND


def test_a_second_workspace_on_the_same_ledger_is_refused(place: Place, tmp_path: Path) -> None:
    """Both would number their revisions and pay their rewards in one book."""
    other = Place(tmp_path / "别的工作区")
    with pytest.raises(NotOurLedgerError) as refused:
        run_once(
            other.workspace, other.setup, today=date(2026, 12, 7), ledger_url=place.workspace.default_ledger
        )
    assert str(refused.value) == ANOTHERS


def test_a_workspace_that_moved_keeps_its_ledger(place: Place, tmp_path: Path) -> None:
    moved = Place(shutil.move(place.root, tmp_path / "新服务器"))
    assert moved.take(workbook(period=NOVEMBER.shifted(1)), today=date(2027, 1, 6)).revision == 1


def test_an_interruption_before_the_first_marks_are_whole_makes_no_stranger(tmp_path: Path) -> None:
    """The marks go first, and say nothing yet; a mark that cannot be read counts as none."""
    place = Place(tmp_path / "工作区")
    place.run()
    state, outbox = mark_paths(place.workspace)
    state.write_bytes(b"")
    assert place.take(workbook()).revision == 1
    assert state.read_bytes() == outbox.read_bytes()


def test_the_verbs_say_so_with_exit_code_2_and_doctor_too(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    remove_ledger(place)
    capsys.readouterr()
    for verb in (["run"], ["status"], ["issue", "旗舰店", "2026-11", "--reason", "定稿", "--by", "人事"]):
        assert main([*verb, "--workspace", str(place.root)]) == 2
        assert "restore" in capsys.readouterr().err
    assert main(["doctor", "--workspace", str(place.root)]) == 2
    assert GONE in capsys.readouterr().out


def test_a_ledger_that_fails_in_the_middle_still_tells_what_was_done(tmp_path: Path) -> None:
    """November is in the ledger and told; December's file waits, and the exit code says that not all was done."""
    place = Place(tmp_path)
    place.drop("十一月.xlsx", workbook())
    december = place.drop("十二月.xlsx", workbook(period=NOVEMBER.shifted(1)))
    held: list[sqlite3.Connection] = []

    def lock_after_november(_done: int, _of: int, what: str) -> None:
        if what == "计算 2026-11":
            held.append(sqlite3.connect(place.workspace.state / "ledger.db", isolation_level=None))
            held[-1].execute("BEGIN IMMEDIATE")

    report = run_once(
        place.workspace,
        place.setup,
        today=date(2027, 1, 7),
        ledger_url=f"{place.workspace.default_ledger}?timeout=0.1",
        progress=lock_after_november,
    )

    held[0].close()
    assert [(one.file, one.status.value) for one in report.files] == [("十一月.xlsx", "accepted")]
    assert report.exit_code == 2
    assert "正被另一个程序占用" in report.broken_off
    assert december.exists()
    assert [one.file for one in place.run(date(2027, 1, 7)).files] == ["十二月.xlsx"]
