"""What a program at work holds of its machine: processes, descriptors, memory, threads, files half done.

figures = Sampler(process.pid, workspace.root, temporary).measure()
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

_TEMPORARY = re.compile(r"\.[0-9a-f]{16}\.tmp")
_MB = 1 << 20


@dataclass(frozen=True)
class Figures:
    """One measurement. Memory in MB (resident); `worker` and `worker_descriptors` are the largest worker's."""

    processes: int
    zombies: frozenset[int]
    descriptors: int
    worker_descriptors: int
    threads: int
    coordinator: float
    worker: float
    ledger: float
    half_done: int
    """Temporary files below the workspace: some are on their way while a pass is at work."""
    elsewhere: int
    """Entries of the folder for temporary files that the system gave the program."""


@dataclass
class Sampler:
    """Looks at a program and all that it started."""

    pid: int
    root: Path
    temporary: Path
    seen: set[int] = field(default_factory=set)
    """Every process that was ever part of it."""

    def measure(self) -> Figures:
        program = psutil.Process(self.pid)
        with program.oneshot():
            coordinator = program.memory_info().rss / _MB
            descriptors, threads = program.num_fds(), program.num_threads()
        children = program.children(recursive=True)
        self.seen |= {one.pid for one in children}
        zombies: set[int] = set()
        held: list[tuple[float, int]] = []
        for one in children:
            with suppress(psutil.NoSuchProcess), one.oneshot():  # it ended while we looked
                if one.status() == psutil.STATUS_ZOMBIE:
                    zombies.add(one.pid)
                else:
                    held.append((one.memory_info().rss / _MB, one.num_fds()))
        return Figures(
            processes=1 + len(children),
            zombies=frozenset(zombies),
            descriptors=descriptors,
            worker_descriptors=max((count for _, count in held), default=0),
            threads=threads,
            coordinator=coordinator,
            worker=max((memory for memory, _ in held), default=0.0),
            ledger=sum(_size(path) for path in (self.root / "state").glob("ledger.db*")) / _MB,
            half_done=len(list(temporary_files(self.root))),
            elsewhere=sum(1 for _ in self.temporary.iterdir()),
        )

    def left_over(self, *, within: float) -> list[int]:
        """Processes that it started and that still live so many seconds after the program has ended."""
        until = time.monotonic() + within
        while (alive := [pid for pid in self.seen if psutil.pid_exists(pid)]) and time.monotonic() < until:
            time.sleep(0.1)
        return alive


def temporary_files(root: Path) -> Iterator[Path]:
    """Files below the folder that are being written, or that a program which died left half written."""
    return (path for path in root.rglob("*.tmp") if _TEMPORARY.fullmatch(path.name))


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0
