"""Cases 56, 57 and 60 two at once, a ledger that is locked or broken."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from appraisal.files import REAL_FILES
from appraisal.lock import alone
from appraisal.publish.template_trial import try_out
from appraisal.publish.templates import NOTICE_HTML, TemplateError
from tests.builders.workspaces import Place, workbook
from tests.publish.documents import shipped

PROGRAM = Path(__file__).parents[2] / "pipeline.py"


def command(place: Place, *more: str) -> list[str]:
    return [
        sys.executable,
        str(PROGRAM),
        *more,
        "--workspace",
        str(place.root),
        "--date",
        "2026-12-07",
        "--json",
    ]


def test_case_57_the_second_of_two_says_who_is_at_work_and_leaves(tmp_path: Path) -> None:
    """Exit code 2, one sentence; after a kill the lock is free by itself."""
    place = Place(tmp_path)
    place.drop("甲店.xlsx", workbook(group="甲店", staff=4))
    with alone(place.workspace.state, datetime.now().astimezone(), REAL_FILES):
        second = subprocess.run(command(place, "run"), capture_output=True, check=False)

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
        stopped = subprocess.run(command(place, "run"), capture_output=True, check=False)

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
    templates = replace(shipped(), notice_html=shipped().notice_html + endless)
    with pytest.raises(TemplateError, match=r"notice\.html\.j2"):
        try_out(templates, {NOTICE_HTML}, seconds=3)
