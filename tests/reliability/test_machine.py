"""Cases 56, 57 and 60 with real processes: kill -9, two at once, a ledger that is locked or broken."""

from __future__ import annotations

import os
import random
import sqlite3
import subprocess
import time
from contextlib import closing
from datetime import datetime
from functools import cache
from pathlib import Path

import pytest

from appraisal.publish.templates.engine import TemplateError
from appraisal.publish.templates.loading import NOTICE_HTML, try_out
from appraisal.workspace.files import REAL_FILES
from appraisal.workspace.lock import workspace_lock
from tests.builders.watching import command
from tests.builders.workspaces import Place, workbook
from tests.publish.documents import shipped, with_file

PROGRAM = Path(__file__).parents[2] / "pipeline.py"
GROUPS = ("甲店", "乙店", "丙店")


def at_work_in(place: Place, *verb: str) -> list[str]:
    return command(*verb, "--workspace", str(place.root), "--date", "2026-12-07", "--json")


def outcome(place: Place) -> tuple[dict[str, bytes], list[str], list[tuple[object, ...]]]:
    """Outbox and inbox byte for byte, and the outcomes in the ledger."""
    inbox = sorted(path.name for path in place.workspace.inbox.iterdir())
    with closing(sqlite3.connect(place.workspace.state / "ledger.db")) as database:
        rows = database.execute(
            "SELECT group_name, period, staff, type, revision, amount FROM outcomes ORDER BY 1, 2, 3, 4"
        )
        return place.files(""), inbox, rows.fetchall()


@cache
def files() -> dict[str, bytes]:
    """Made once: openpyxl notes the time in each workbook that it saves."""
    made = {f"{group}.xlsx": workbook(group=group, staff=4) for group in GROUPS}
    return made | {"坏.xlsx": b"%PDF-1.7"}


@pytest.mark.skipif(os.name != "posix", reason="kill -9 is of POSIX")
def test_case_57_killed_again_while_it_recovers_it_ends_as_if_undisturbed(tmp_path: Path) -> None:
    """A real process, kill -9 twice at chance instants, then one run to the end; single kills: test_killed.py."""
    undisturbed, place = Place(tmp_path / "a", hr=True), Place(tmp_path / "b", hr=True)
    for one in (undisturbed, place):
        for name, content in files().items():
            one.drop(name, content)
    started = time.monotonic()
    subprocess.run(at_work_in(undisturbed, "run"), capture_output=True, check=False)
    whole = time.monotonic() - started
    chance = random.Random(7)
    for _ in range(2):
        process = subprocess.Popen(
            at_work_in(place, "run"),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        time.sleep(chance.uniform(0.3, 1.0) * whole)
        process.kill()
        process.wait()
    done = subprocess.run(at_work_in(place, "run"), capture_output=True, check=False)
    again = subprocess.run(at_work_in(place, "run"), capture_output=True, check=False)

    assert done.returncode in {0, 1}, done.stderr.decode()
    assert (again.returncode, again.stdout) == (0, b"")
    (papers, inbox, rows), (wanted, wanted_inbox, wanted_rows) = outcome(place), outcome(undisturbed)
    assert (
        sorted(name for name in papers.keys() | wanted.keys() if papers.get(name) != wanted.get(name)) == []
    )
    assert (inbox, rows) == (wanted_inbox, wanted_rows)
    leftovers = [path for path in place.root.rglob("*") if path.name.endswith((".tmp", ".holder"))]
    assert leftovers == []


def test_case_57_the_second_of_two_says_who_is_at_work_and_leaves(tmp_path: Path) -> None:
    """Exit code 2, one sentence; after a kill the lock is free by itself."""
    place = Place(tmp_path)
    place.drop("甲店.xlsx", workbook(group="甲店", staff=4))
    with workspace_lock(place.workspace.state, datetime.now().astimezone(), REAL_FILES):
        second = subprocess.run(at_work_in(place, "run"), capture_output=True, check=False)

    assert second.returncode == 2
    assert f"进程{os.getpid()}" in second.stderr.decode()
    assert len(second.stderr.decode().splitlines()) == 1
    assert (place.workspace.inbox / "甲店.xlsx").exists()


@pytest.mark.parametrize("trouble", ["locked", "broken"])
def test_case_57_a_ledger_that_is_locked_or_broken_loses_nothing(tmp_path: Path, trouble: str) -> None:
    """One sentence, exit code 2, the file stays; the archive is never touched."""
    place = Place(tmp_path)
    place.take(workbook(group="乙店", staff=4))
    place.drop("甲店.xlsx", workbook(group="甲店", staff=4))
    ledger = place.workspace.state / "ledger.db"
    with closing(sqlite3.connect(ledger, isolation_level=None)) as other:
        if trouble == "locked":
            other.execute("BEGIN IMMEDIATE")
        else:
            ledger.write_bytes(b"x" * 9000)
        stopped = subprocess.run(at_work_in(place, "run"), capture_output=True, check=False)

    assert stopped.returncode == 2
    assert "台账" in stopped.stderr.decode()
    assert "Traceback" not in stopped.stderr.decode()
    assert (place.workspace.inbox / "甲店.xlsx").exists()


@pytest.mark.skipif(os.name != "posix", reason="Windows keeps rights in access lists, not in modes")
def test_everything_in_the_state_is_for_its_owner_alone(tmp_path: Path) -> None:
    """Folders 0700, files 0600: ledger, archive, health, log, whatever lies there."""
    place = Place(tmp_path)
    place.take(workbook(group="甲店", staff=4))
    state = [place.workspace.state, *place.workspace.state.rglob("*")]
    assert {oct(path.stat().st_mode & 0o077) for path in state if path.exists()} == {"0o0"}


@pytest.mark.parametrize(
    "endless",
    [
        "{% for a in x %}{% for b in x %}{% for c in x %}{% for d in x %}{% for e in x %}{% endfor %}{% endfor %}{% endfor %}{% endfor %}{% endfor %}".replace(
            "in x", f"in '{'y' * 400}'"
        ),
        "{% set a = 'aaaaaaaa' %}" + "{% set a = a ~ a %}" * 40,
    ],
    ids=["time", "memory"],
)
def test_case_60_a_template_that_never_ends_is_refused_at_the_start(endless: str) -> None:
    """And it is told by its name; the other dangers of templates are in tests/publish/test_templates.py."""
    templates = with_file(shipped(), "notice.html.j2", shipped().texts["notice.html.j2"] + endless)
    with pytest.raises(TemplateError, match=r"notice\.html\.j2"):
        try_out(templates, {NOTICE_HTML}, seconds=3)
