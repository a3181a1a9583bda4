# ruff: noqa: T201 - the figures are what it is run for
"""Case 58, and a long watch: figures for docs/reliability.md. Run with `-m soak -s`.

The watch goes on for `SOAK_MINUTES` minutes (ten, if nothing else is said).
"""

from __future__ import annotations

import importlib
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from itertools import cycle, pairwise
from pathlib import Path
from statistics import median
from typing import Any

import pytest

from appraisal.ledger.records import Step
from appraisal.pipeline.reports import Status
from tests.builders.hazards import Month
from tests.builders.process_figures import Figures, Sampler, temporary_files
from tests.builders.workspaces import Place

PROGRAM = Path(__file__).parents[2] / "pipeline.py"

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
    place = Place(tmp_path, hr=True)
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


SHOPS = 40
EVERY = 3
"""Seconds between two looks at the program."""
GROWTH = 1.10
"""How much more memory the last fifth of a long watch may hold than the second: measured 1 to 4 %."""


@dataclass
class Watch:
    """A real `watch` at work, and what it printed: one JSON object per file that it is done with."""

    process: subprocess.Popen[str]
    printed: list[dict[str, Any]] = field(default_factory=list)

    def listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if line.startswith("{"):
                self.printed.append(json.loads(line))


@contextmanager
def watching(place: Place, temporary: Path) -> Iterator[Watch]:
    """A process of its own, with a folder of its own for temporary files."""
    temporary.mkdir()
    day = ("--date", "2026-12-07")
    process = subprocess.Popen(
        [sys.executable, str(PROGRAM), "watch", "--workspace", str(place.root), *day, "--json"],
        stdout=subprocess.PIPE,
        env={**os.environ, "TMPDIR": str(temporary)},
        text=True,
    )
    watch = Watch(process)
    listener = threading.Thread(target=watch.listen)
    listener.start()
    try:
        yield watch
    finally:
        process.kill()
        process.wait()
        listener.join()
        assert process.stdout is not None
        process.stdout.close()


@dataclass
class Droppers:
    """Managers who hand in and hand in again, and somebody who drops whatever there is to be dropped.

    A manager waits for the answer before the next revision: two at once would rightly be refused.
    """

    place: Place
    watch: Watch
    dropped: dict[str, str] = field(default_factory=dict)
    """Each file's name, and its group where it is a good month."""
    chance: random.Random = field(default_factory=lambda: random.Random(7))

    def __post_init__(self) -> None:
        self._hostile = cycle(bad_files().items())

    def drop(self) -> None:
        number = len(self.dropped)
        free = sorted({f"店{one:02}" for one in range(SHOPS)} - self._waiting())
        if number % 2 and free:
            group = self.chance.choice(free)
            asked = 300 + number % 90
            cell = f'<c r="@"><v>{asked}</v></c>'
            month = (
                Month(group).cell("付款人数", "KF001", cell).add("docProps/number.xml", f"<n>{number}</n>")
            )
            self._put(f"{number} {group}.xlsx", month.data(), group)
        else:
            name, content = next(self._hostile)
            self._put(f"{number} {name[:60]}", content, "")

    def _put(self, name: str, content: bytes, group: str) -> None:
        self.dropped[name] = group
        (self.place.workspace.inbox / name).write_bytes(content)

    def _waiting(self) -> set[str]:
        answered = {one["file"] for one in self.watch.printed}
        return {group for name, group in self.dropped.items() if name not in answered}


@pytest.mark.soak
@pytest.mark.timeout(7200)
def test_a_long_watch_leaks_no_process_no_file_and_no_memory(tmp_path: Path) -> None:
    """Months, revisions and hostile files without end: one verdict each, and nothing grows but the ledger.

    Once a minute somebody changes the settings, so that the ledger and the workers are closed and opened
    anew. Warm-up is the first fifth; the median of the last fifth is held against that of the second.
    """
    minutes = float(os.environ.get("SOAK_MINUTES", "10"))
    place, temporary = Place(tmp_path / "工作区", hr=True), tmp_path / "temporary"
    figures: list[Figures] = []
    with watching(place, temporary) as watch:
        sampler = Sampler(watch.process.pid, place.root, temporary)
        droppers = Droppers(place, watch)
        print("\n" + heading())
        started, told = time.monotonic(), 0
        while (now := time.monotonic() - started) < minutes * 60:
            droppers.drop()
            time.sleep(0.5)
            if now >= EVERY * len(figures):
                figures.append(sampler.measure())
            if len(figures) - told == 60 // EVERY:
                print(line(len(figures) * EVERY // 60, figures[told:], droppers), flush=True)
                told = len(figures)
                settings = place.root / "settings.toml"  # the desk closes, and opens with new workers
                settings.write_text(f'signature = "人事部{told}"\n', "utf-8")
        assert answered(droppers, within=300)
        at_rest = sampler.measure()
        watch.process.send_signal(signal.SIGTERM)
        assert watch.process.wait(60) == 0

    assert sorted(one["file"] for one in watch.printed) == sorted(droppers.dropped)
    assert {one["status"] for one in watch.printed if droppers.dropped[one["file"]]} == {Status.ACCEPTED}
    assert Status.FAILED not in {one["status"] for one in watch.printed}
    assert claims(place) == dict.fromkeys(droppers.dropped, 1)
    assert list(temporary_files(place.root)) == []
    assert list(temporary.iterdir()) == []
    assert sampler.left_over(within=10) == []
    assert all(not (one.zombies & two.zombies) for one, two in pairwise(figures))
    assert not at_rest.zombies
    fifth = len(figures) // 5
    second, last = figures[fifth : 2 * fifth], figures[-fifth:]
    for name in ("processes", "descriptors", "worker_descriptors", "threads", "elsewhere", "half_done"):
        assert middle(last, name) <= middle(second, name) + 1, name
    for name in ("coordinator", "worker"):
        print(f"{name}: {middle(second, name):.0f} → {middle(last, name):.0f} MB")
        assert middle(last, name) <= middle(second, name) * GROWTH, name


def answered(droppers: Droppers, within: float) -> bool:
    """Whether every dropped file has its verdict in time."""
    until = time.monotonic() + within
    while len(droppers.watch.printed) < len(droppers.dropped) and time.monotonic() < until:
        time.sleep(0.5)
    time.sleep(3)  # one more would be one too many
    return len(droppers.watch.printed) == len(droppers.dropped)


def claims(place: Place) -> dict[str, int]:
    """How often the journal took each file to its end."""
    with closing(sqlite3.connect(place.workspace.state / "ledger.db")) as database:
        asked = "SELECT file, count(*) FROM claims WHERE step = ? AND status IS NOT NULL GROUP BY file"
        return dict(database.execute(asked, (Step.CLEARED,)))


def middle(figures: list[Figures], name: str) -> float:
    return median(getattr(one, name) for one in figures)


def heading() -> str:
    columns = (
        "Minute",
        "Files",
        "Processes",
        "Descriptors",
        "Threads",
        "Coordinator MB",
        "Worker MB",
        "Ledger MB",
    )
    return f"| {' | '.join(columns)} |\n|{' --- |' * len(columns)}"


def line(minute: int, figures: list[Figures], droppers: Droppers) -> str:
    """The medians of one minute."""
    names = "processes", "descriptors", "threads", "coordinator", "worker", "ledger"
    told = (f"{middle(figures, name):.1f}".removesuffix(".0") for name in names)
    return f"| {minute} | {len(droppers.watch.printed)} of {len(droppers.dropped)} | {' | '.join(told)} |"
