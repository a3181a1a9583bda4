"""What a person waits for under `watch`: the verdict on a file, and a look that finds nothing to do."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from appraisal.pipeline.watch import Pace, Watcher
from appraisal.workspace.inbox import STILL
from appraisal.workspace.paths import Workspace
from benchmarks.inputs import TODAY

_ROOT = Path(__file__).parents[1]
_LONGEST = 60


def watched(place: Path, files: Sequence[Path]) -> float:
    """Seconds from the moment at which a dropped file has stood still long enough to its result.

    The median of all but the first, for which the watcher loads what it needs.
    """
    (place / "inbox").mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "pipeline.py", "watch", "--workspace", str(place), "--date", str(TODAY)]
    watch = subprocess.Popen(command, cwd=_ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    waited = []
    try:
        for file in files:
            (place / "inbox" / file.name).write_bytes(file.read_bytes())
            dropped = time.monotonic()
            group, period, _ = file.name.split("_")
            result = place / "outbox" / group / period / "result.json"
            _wait_until(result.exists, every=0.005)
            waited.append(time.monotonic() - dropped - STILL)
            time.sleep(1)
    finally:
        watch.terminate()
        watch.wait()
    return sorted(waited[1:])[len(waited[1:]) // 2]


def warm_pass(place: Path, ignored: int) -> tuple[float, float]:
    """Seconds of a warm pass over an inbox of so many receipts, and of listing and stat-ing them.

    The pass is the watcher's own, with the ledger open and everything that it does between two looks:
    it looks for a changed set-up, at the inbox, at the settling files, and says that it is well. It is
    made to look again at once, and counts its passes itself.
    """
    workspace = Workspace(place).made()
    for number in range(ignored):
        (workspace.inbox / f"网店{number:04}_2026-10_考核上报表.xlsx.回执.txt").touch()
    watcher = Watcher(
        workspace, lambda: TODAY, lambda _report: None, pace=Pace(rescan=0, settling=0, quiet=0)
    )
    watching = threading.Thread(target=watcher.run)
    watching.start()
    health = workspace.state / "health.json"

    def passes() -> int:
        return int(json.loads(health.read_text("utf-8"))["passes"])

    def one_pass() -> float:
        before, began = passes(), time.perf_counter()
        time.sleep(0.5)
        return (time.perf_counter() - began) / (passes() - before)

    try:
        _wait_until(lambda: health.exists() and passes() > 1, every=0.1)
        each = min(one_pass() for _ in range(10))
    finally:
        watcher.halt()
        watching.join()
    return each, min(_listing(workspace.inbox) for _ in range(20))


def _listing(folder: Path) -> float:
    began = time.perf_counter()
    with os.scandir(folder) as found:
        for one in found:
            one.stat()
    return time.perf_counter() - began


def _wait_until(what: Callable[[], bool], *, every: float) -> None:
    began = time.monotonic()
    while not what():
        time.sleep(every)
        assert time.monotonic() - began < _LONGEST, "nothing came of it"
