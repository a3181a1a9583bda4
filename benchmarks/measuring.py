"""What a command costs: seconds on the clock, seconds of processor, and the most memory of each process.

Every process that the command starts is counted, also one that its parent does not wait for: whoever
measures takes over the orphans, as an init process does, and adds up what the system says of each.
Linux only.
"""

from __future__ import annotations

import ctypes
import os
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self

_PR_SET_CHILD_SUBREAPER = 36
_EVERY = 0.05
_ROOT = Path(__file__).parents[1]
_ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
"""Programs and libraries alike keep what Python compiled of them, as anywhere but in a test's container."""


@dataclass(frozen=True)
class Cost:
    """Seconds and megabytes. `coordinator` is the command itself, `worker` the largest process below it."""

    wall: float
    cpu: float
    coordinator: float
    worker: float
    output: str


def cost_of(command: Sequence[str | Path], *, expect: int = 0) -> Cost:
    """Run the command to its end; RuntimeError, with what it said, if it does not end with `expect`."""
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    before = _children()
    started = time.perf_counter()
    running = subprocess.Popen(
        list(map(str, command)),
        cwd=_ROOT,
        env={**_ENVIRONMENT, "PYTHONPATH": str(_ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with _Watching(running.pid) as watching:
        output, complaints = running.communicate()
        wall = time.perf_counter() - started
        _take_over_orphans()
    if running.returncode != expect:
        raise RuntimeError(f"{command} ended with {running.returncode}\n{output[-2000:]}{complaints[-4000:]}")
    peaks = watching.peaks
    coordinator = peaks.pop(running.pid, 0.0)
    return Cost(wall, _children() - before, coordinator, max(peaks.values(), default=0.0), output)


def python(module: str, *arguments: object) -> list[str]:
    """The command that runs a module of ours with this Python."""
    return [sys.executable, "-m", module, *map(str, arguments)]


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _take_over_orphans() -> None:
    with suppress(ChildProcessError):
        while True:
            os.wait()


class _Watching:
    """Looks at every process below us again and again, for the most memory that each ever had."""

    def __init__(self, command: int) -> None:
        self.peaks: dict[int, float] = {}
        self._command = command
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._measure, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _measure(self) -> None:
        while not self._over.wait(_EVERY):
            for pid in _below(os.getpid()):
                with suppress(OSError, IndexError, StopIteration):
                    status = Path(f"/proc/{pid}/status").read_text("ascii", "replace")
                    line = next(one for one in status.splitlines() if one.startswith("VmHWM"))
                    self.peaks[pid] = max(self.peaks.get(pid, 0.0), int(line.split()[1]) / 1024)


def _below(pid: int) -> list[int]:
    """Every process below this one."""
    found: list[int] = []
    with suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in map(int, (task / "children").read_text().split()):
                found += [child, *_below(child)]
    return found
