# ruff: noqa: T201 - the figures are what it is run for
"""Case 58, and a long watch: figures for docs/reliability.md. Run with `-m soak -s`."""

from __future__ import annotations

import importlib
import json
import os
import threading
import time
from pathlib import Path

import psutil
import pytest

from appraisal.verdicts import PassReport, Status
from appraisal.watch import Pace, Watcher
from tests.builders.hazards import Month
from tests.builders.workspaces import DECEMBER_7, Place

GOOD = 500
MODULES = ("kinds_of_file", "packages", "xml", "cells", "names_and_months")


def bad_files() -> dict[str, bytes]:
    """Every file of the other modules' cases, good ones among them."""
    found: dict[str, bytes] = {}
    for name in MODULES:
        module = importlib.import_module(f"tests.reliability.test_{name}")
        found |= {f"{name} {file.replace('/', ' ')}": content for file, content in module.FILES.items()}
    return found


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_case_58_five_hundred_good_files_among_every_bad_one(tmp_path: Path) -> None:
    place = Place(tmp_path)
    groups = [f"店{number:03}" for number in range(1, GOOD + 1)]
    for group in groups:
        place.drop(f"{group}.xlsx", Month(group).data())
    bad = bad_files()
    for name, content in bad.items():
        place.drop(name, content)
    started = time.monotonic()

    report = place.run()

    seconds = time.monotonic() - started
    verdicts = {one.file: one.status for one in report.files}
    assert len(report.files) == len(verdicts) == GOOD + len(bad)
    assert {verdicts[f"{group}.xlsx"] for group in groups} == {Status.ACCEPTED}
    staff = [place.result(group)["staff"] for group in groups]
    assert all(one == staff[0] for one in staff)
    assert Status.FAILED not in verdicts.values()
    print(f"\n{GOOD} good and {len(bad)} hostile files: {seconds:.0f} s")


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_a_long_watch_leaks_no_process_no_file_and_no_memory(tmp_path: Path) -> None:
    """A file every half second, good and bad; figures each minute."""
    minutes = int(os.environ.get("SOAK_MINUTES", "10"))
    place = Place(tmp_path)
    told: list[PassReport] = []
    watcher = Watcher(place.workspace, lambda: DECEMBER_7, told.append, pace=Pace(rescan=1.0))
    thread = threading.Thread(target=watcher.run)
    thread.start()
    me, figures, dropped = psutil.Process(), [], 0
    started = time.monotonic()
    while time.monotonic() - started < minutes * 60:
        data = Month(f"店{dropped % 50:02}").cell(
            "付款人数", "KF001", f'<c r="@"><v>{380 + dropped % 50}</v></c>'
        )
        place.drop(f"{dropped}.xlsx", data.data() if dropped % 3 else b"%PDF-1.7")
        dropped += 1
        time.sleep(0.5)
        if time.monotonic() - started >= (len(figures) + 1) * 60:
            family = [me, *me.children(recursive=True)]
            memory = sum(one.memory_info().rss for one in family) >> 20
            figures.append((len(family), me.num_fds(), memory))
            health = json.loads((place.workspace.state / "health.json").read_text("utf-8"))
            print(
                f"\nminute {len(figures)}: {figures[-1]} processes, descriptors, MB; {health['files']} files"
            )
    watcher.halt()
    thread.join(120)
    assert not thread.is_alive()
    first, last = figures[min(2, len(figures) - 1)], figures[-1]
    assert last[0] <= first[0] + 1
    assert last[1] <= first[1] + 5
    assert last[2] <= first[2] * 1.25
