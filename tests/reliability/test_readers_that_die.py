"""What a file may do to the process that opens it, through a whole pass: it costs that file alone."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable
from concurrent.futures import Future
from multiprocessing import forkserver
from pathlib import Path
from typing import Any

import pytest

from appraisal.pipeline import reader_process
from appraisal.pipeline.context import open_context
from appraisal.pipeline.run import take_all
from appraisal.processes.sandbox import Sandbox
from appraisal.workspace.inbox import observe_inbox
from tests.builders.hazards import Month, OnePass
from tests.builders.workspaces import DECEMBER_7, Place

EXPECTED = {
    "一直算.xlsx": "workbook.timeout",
    "一直等.xlsx": "workbook.timeout",
    "要内存.xlsx": "workbook.timeout",
    "一点点要内存.xlsx": "workbook.timeout",
    "被系统杀掉.xlsx": "workbook.timeout",
    "中止.xlsx": "workbook.corrupt",
}
GOOD = [f"好{at}.xlsx" for at in range(4)]


def spoiled_read(path: Path, file: str, sha256: str, reading_by: bytes) -> bytes:
    """Reads, but for files whose names say what happens instead; runs in a worker."""
    match file.removesuffix(".xlsx"):
        case "一直算":
            while True:
                pass
        case "一直等":
            time.sleep(600)
        case "要内存":
            bytearray(4 << 30)
        case "一点点要内存":
            held: list[bytearray] = []
            while True:
                held.append(bytearray(1 << 20))
        case "被系统杀掉":
            os.kill(os.getpid(), signal.SIGKILL)
        case "中止":
            os.abort()
    return reader_process.read(path, file, sha256, reading_by)


class SpoiledReaders(Sandbox):
    """Processes that read like this."""

    def submit(self, function: Callable[..., Any], /, *arguments: object) -> Future[Any]:
        return super().submit(spoiled_read if function is reader_process.read else function, *arguments)


def processes_under(parents: set[int]) -> dict[int, str]:
    """Numbers and states of the processes that these have started and that are not gone: zombies as well."""
    found = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            rest = path.read_text("utf-8", "replace").rpartition(") ")[2].split()
        except OSError:
            continue
        if int(rest[1]) in parents:
            found[int(path.parent.name)] = rest[0]
    return found


def fork_server() -> set[int]:
    """The process that starts this one's readers; none before the first."""
    return {forkserver._forkserver._forkserver_pid} - {None}  # type: ignore[attr-defined]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks at /proc and at limits of Linux")
def test_a_reader_that_hangs_starves_or_dies_costs_its_file_and_nothing_else(
    tmp_path: Path,
) -> None:
    """One verdict each in bounded time, the good ones taken, no process left, and the next pass as ever."""
    files = {name: Month(name.removesuffix(".xlsx")).data() for name in (*EXPECTED, *GOOD)}
    place = Place(tmp_path)
    for name, content in files.items():
        place.drop(name, content)

    shared_by_other_tests = processes_under(fork_server())
    readers = SpoiledReaders(seconds=4, memory_mb=700)
    with open_context(place.workspace, place.setup, today=DECEMBER_7, sandbox=readers) as context:
        dropped = OnePass(place, files, take_all(context, observe_inbox(place.workspace.inbox)))

    assert {name: dropped.returned(name) for name in EXPECTED} == {
        name: [code] for name, code in EXPECTED.items()
    }
    for name in GOOD:
        dropped.accepted(name)
    deadline = time.monotonic() + 20
    while (left := processes_under(fork_server()).keys() - shared_by_other_tests) and (
        time.monotonic() < deadline
    ):
        time.sleep(0.05)
    assert left == set()
    assert "Z" not in processes_under({os.getpid()}).values()
    dropped.place.drop("一直算.xlsx", Month("一直算").data())
    assert [one.revision for one in dropped.place.run().files] == [1]
