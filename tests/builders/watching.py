"""A watching program in a test: in a thread, or as a process of its own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from appraisal.pipeline.reports import PassReport, Status
from appraisal.pipeline.watch import Pace, Watcher
from appraisal.workspace.files import REAL_FILES, Files
from tests.builders.workspaces import DECEMBER_7, Place

PROGRAM = Path(__file__).parents[2] / "pipeline.py"

_CORE = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % (os.cpu_count() or 1)
"""Workers of pytest start their programs on different ones."""


def command(verb: str, *more: str) -> list[str]:
    """How to start the program, on one core: on two it starts a process to appraise in, which loads for a second."""
    taskset = shutil.which("taskset")
    one_core = [taskset, "--cpu-list", str(_CORE)] if taskset else []
    return [*one_core, sys.executable, str(PROGRAM), verb, *more]


def wait_for(what: Callable[[], bool], seconds: float = 60.0) -> bool:
    """Whether it came true in time; on a machine with much else to do that may take long."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if what():
            return True
        time.sleep(0.02)
    return what()


def health(place: Place) -> dict[str, Any]:
    """What the health file says; empty where there is none yet."""
    path = place.workspace.state / "health.json"
    return json.loads(path.read_text("utf-8")) if path.exists() else {}


def statuses(told: list[PassReport]) -> list[Status]:
    return [file.status for report in told for file in report.files]


def warnings(told: list[PassReport]) -> list[str]:
    return [one for report in told for one in report.warnings]


QUICK = Pace(rescan=0.2, settling=0.1, failed=1.0, quiet=0.1)


@contextmanager
def watching(
    place: Place,
    today: Callable[[], date] = lambda: DECEMBER_7,
    *,
    files: Files = REAL_FILES,
    clock: Callable[[], float] = time.monotonic,
    pace: Pace = QUICK,
    ledger_url: str | None = None,
) -> Iterator[list[PassReport]]:
    """A watcher at work in a thread, and what it told."""
    told: list[PassReport] = []
    watcher = Watcher(
        place.workspace, today, told.append, pace=pace, files=files, clock=clock, ledger_url=ledger_url
    )
    thread = threading.Thread(target=watcher.run)
    thread.start()
    try:
        assert wait_for(lambda: health(place).get("passes", 0) > 0)
        yield told
    finally:
        watcher.halt()
        thread.join(60)
    assert not thread.is_alive()


@dataclass
class Program:
    """`pipeline.py` at work in a session of its own, so that its whole group may be signalled."""

    process: subprocess.Popen[bytes]

    @classmethod
    def started(cls, place: Place, verb: str) -> Program:
        started = command(verb, "--workspace", str(place.root), "--date", "2026-12-07")
        pipe = subprocess.PIPE
        return cls(subprocess.Popen(started, stdout=pipe, stderr=pipe, start_new_session=True))

    def ended(self) -> tuple[int, str, str]:
        """Exit code, stdout and stderr, once it is over."""
        out, err = self.process.communicate(timeout=120)
        return self.process.returncode, out.decode(), err.decode()
