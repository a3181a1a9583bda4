"""What a file may do to the process that opens it, through a whole pass: it costs that file alone."""

from __future__ import annotations

import os
import signal
import sys
import time
from functools import partial
from multiprocessing import forkserver
from pathlib import Path
from types import SimpleNamespace

import pytest

from appraisal.pipeline import context, reader_process, reading
from appraisal.pipeline.dropped_file import Sealed
from appraisal.processes.sandbox import Sandbox
from tests.builders.hazards import Month, OnePass

EXPECTED = {
    "一直算.xlsx": "workbook.timeout",
    "一直等.xlsx": "workbook.timeout",
    "要内存.xlsx": "workbook.timeout",
    "一点点要内存.xlsx": "workbook.timeout",
    "被系统杀掉.xlsx": "workbook.timeout",
    "中止.xlsx": "workbook.corrupt",
}
GOOD = [f"好{at}.xlsx" for at in range(4)]


def spoiled_read(path: Path, file: str, sha256: str, reading_by: bytes) -> Sealed:
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


def processes_under(parents: set[int]) -> list[str]:
    """Names and states of the processes that these have started and that are not gone: zombies as well."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            name, _, rest = path.read_text("utf-8", "replace").rpartition(") ")
        except OSError:
            continue
        if int(rest.split()[1]) in parents:
            found.append(f"{name}) {rest.split()[0]}")
    return found


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks at /proc and at limits of Linux")
def test_a_reader_that_hangs_starves_or_dies_costs_its_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One verdict each in bounded time, the good ones taken, no process left, and the next pass as ever."""
    monkeypatch.setattr(context, "Sandbox", partial(Sandbox, seconds=5, memory_mb=700))
    spoiled = SimpleNamespace(read=spoiled_read, mark=reader_process.mark, packed=reader_process.packed)
    monkeypatch.setattr(reading, "reader", spoiled)
    files = {name: Month(name.removesuffix(".xlsx")).data() for name in (*EXPECTED, *GOOD)}

    dropped = OnePass.over(tmp_path, files)

    assert {name: dropped.returned(name) for name in EXPECTED} == {
        name: [code] for name, code in EXPECTED.items()
    }
    for name in GOOD:
        dropped.accepted(name)
    server = forkserver._forkserver._forkserver_pid  # type: ignore[attr-defined]
    deadline = time.monotonic() + 20
    while (left := processes_under({server})) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert left == []
    assert not [one for one in processes_under({os.getpid()}) if one.endswith(") Z")]
    monkeypatch.undo()
    dropped.place.drop("一直算.xlsx", Month("一直算").data())
    assert [one.revision for one in dropped.place.run().files] == [1]
