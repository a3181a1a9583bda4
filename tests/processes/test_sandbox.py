"""One bad file harms only itself: what hangs, aborts or eats memory is killed, the others go on."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import time
from concurrent.futures import Future, wait
from itertools import count
from multiprocessing.forkserver import _forkserver
from pathlib import Path

import pytest

from appraisal.processes.sandbox import Ending, Sandbox, Stopped
from appraisal.processes.system import BasicLimits, ExtendedLimits
from appraisal.xlsx.grid import RawWorkbook
from appraisal.xlsx.reader import read_workbook
from tests.intake.builders import Book


def double(number: int) -> int:
    return number * 2


def hang() -> None:
    while True:
        pass


def sleep() -> None:
    time.sleep(60)


def abort() -> None:
    os.abort()


def be_killed() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def be_killed_holding_the_pipes() -> None:
    frame = sys._getframe()
    while "channel" not in frame.f_locals:
        frame = frame.f_back
    with frame.f_locals["channel"].lock():
        be_killed()


def eat_memory() -> int:
    return len(bytes(2 << 30))


def fail() -> None:
    raise UnpicklableError(1, 2)


def give_what_does_not_pickle() -> object:
    return lambda: None


def read(path: Path) -> object:
    return read_workbook(path.read_bytes())


def compute_a_while() -> int:
    """Spend a quarter of a second of computing; the limit on it that holds now, in seconds."""
    import resource  # noqa: PLC0415 - not on Windows

    start = time.process_time()
    while time.process_time() - start < 0.25:
        pass
    return resource.getrlimit(resource.RLIMIT_CPU)[0]


class UnpicklableError(Exception):
    def __init__(self, one: int, two: int) -> None:
        super().__init__(f"{one} and {two}")


def ending(future: Future[object]) -> Ending:
    with pytest.raises(Stopped) as stopped:
        future.result(timeout=30)
    return stopped.value.ending


@pytest.fixture(scope="module")
def sandbox():
    with Sandbox(workers=2, seconds=1, memory_mb=512) as one:
        yield one


def test_a_task_gives_its_result(sandbox: Sandbox):
    assert sandbox.submit(double, 21).result() == 42


@pytest.mark.parametrize("task", [hang, sleep])
def test_a_task_that_takes_too_long_is_killed(task, sandbox: Sandbox):
    """Whether it computes or waits."""
    start = time.monotonic()
    assert ending(sandbox.submit(task)) is Ending.TIMEOUT
    assert time.monotonic() - start < 5


def test_a_task_that_aborts_its_process_loses_only_itself(sandbox: Sandbox):
    """Case 12: an abort cannot be caught by anyone in the process."""
    assert ending(sandbox.submit(abort)) is Ending.DIED


@pytest.mark.skipif(sys.platform == "darwin", reason="macOS takes no notice of RLIMIT_AS")
def test_a_task_that_asks_for_too_much_memory_is_stopped(sandbox: Sandbox):
    assert ending(sandbox.submit(eat_memory)) is Ending.MEMORY


@pytest.mark.skipif(sys.platform == "win32", reason="no such signal")
def test_a_task_killed_from_outside_is_not_to_blame_at_once(sandbox: Sandbox):
    """The kernel kills whoever holds most when memory is short, and people kill the wrong process."""
    assert ending(sandbox.submit(be_killed)) is Ending.KILLED
    assert Ending.KILLED.is_from_outside


def hold_garbage() -> int:
    """Leave 100 MB that only the collector can find."""
    one: list[object] = [bytearray(100 << 20)]
    one.append(one)
    return 1


@pytest.mark.skipif(sys.platform == "darwin", reason="macOS takes no notice of RLIMIT_AS")
def test_what_one_file_left_behind_does_not_count_for_the_next():
    """Objects that hold each other are gone before the worker waits for its next task."""
    with Sandbox(workers=1, seconds=30, memory_mb=256) as one:
        assert [one.submit(hold_garbage).result() for _ in range(6)] == [1] * 6


def test_an_error_of_ours_comes_with_its_traceback(sandbox: Sandbox):
    """Even one that does not survive pickling, which would break the pool under it."""
    future = sandbox.submit(fail)
    assert ending(future) is Ending.ERROR
    assert "in fail" in str(future.exception())
    assert ending(sandbox.submit(give_what_does_not_pickle)) is Ending.ERROR
    assert ending(sandbox.submit(double, lambda: 1)) is Ending.ERROR


def test_the_others_go_on(sandbox: Sandbox):
    """Case 58: bad tasks among good ones."""
    bad = [sandbox.submit(task) for task in (abort, hang, fail)]
    good = [sandbox.submit(double, number) for number in range(50)]
    wait([*bad, *good], timeout=60)
    assert [future.result() for future in good] == [number * 2 for number in range(50)]
    assert [ending(future) for future in bad] == [Ending.DIED, Ending.TIMEOUT, Ending.ERROR]


def test_a_workbook_is_read_in_a_worker(sandbox: Sandbox, tmp_path: Path):
    path = tmp_path / "a.xlsx"
    path.write_bytes(Book().data())
    assert isinstance(sandbox.submit(read, path).result(), RawWorkbook)


@pytest.mark.skipif(sys.platform == "win32", reason="no such signal")
def test_a_pool_that_broke_is_replaced():
    """Its tasks are lost, not blamed on their files; the next ones find a new pool."""
    with Sandbox(workers=1, seconds=5) as one:
        os.kill(one.submit(os.getpid).result(), signal.SIGKILL)
        results: list[object] = []
        while 42 not in results:
            future = one.submit(double, 21)
            results.append(future.exception(timeout=30) or future.result())
        assert all(result.ending is Ending.LOST for result in results[:-1])


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="no such signal")
def test_a_worker_killed_while_it_holds_the_pipes_stops_nobody():
    """The others could wait for it for ever: they are given up, and what they were at is lost."""
    with Sandbox(workers=2, seconds=20) as one:
        other = one.submit(sleep)
        assert ending(one.submit(be_killed_holding_the_pipes)) is Ending.KILLED
        assert one.submit(double, 21).result(timeout=10) == 42
        assert ending(other) is Ending.LOST


@pytest.mark.skipif(sys.platform == "win32", reason="no such server")
def test_a_server_that_forks_no_more_costs_a_task_and_no_more(monkeypatch: pytest.MonkeyPatch):
    """It can be killed between two tasks, and be missed only when it is next asked."""
    with Sandbox(workers=1, seconds=20) as earlier:
        assert earlier.submit(double, 21).result() == 42
    with Sandbox(workers=1, seconds=20) as one:
        with monkeypatch.context() as broken:
            broken.setattr(_forkserver, "_forkserver_address", "/nowhere")
            assert ending(one.submit(double, 21)) is Ending.LOST
        assert one.submit(double, 21).result() == 42


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="no such server")
def test_nobody_waits_for_ever_when_the_server_that_forks_workers_dies():
    """Its workers end with it; what they were at is lost, and what comes then is done by new ones."""
    with Sandbox(workers=2, seconds=20) as one:
        server = one.submit(os.getppid).result()
        started = [one.submit(sleep) for _ in range(2)] + [one.submit(double, number) for number in range(20)]
        os.kill(server, signal.SIGKILL)
        for future in started:
            told = future.exception(timeout=30)
            assert told is None or (isinstance(told, Stopped) and told.ending.is_from_outside)
        results: list[object] = []
        while 42 not in results:
            future = one.submit(double, 21)
            results.append(future.exception(timeout=30) or future.result())


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="no such limit")
def test_processor_time_is_counted_anew_for_each_task():
    """A worker lives through hundreds of files; the limit moves on with what it has spent."""
    with Sandbox(workers=1, seconds=10) as one:
        limits = [one.submit(compute_a_while).result() for _ in range(6)]
    assert limits[-1] > limits[0]


def test_leaving_waits_for_what_was_submitted():
    with Sandbox(workers=1, seconds=5) as one:
        futures = [one.submit(double, number) for number in range(20)]
    assert all(future.done() for future in futures)


def test_leaving_by_an_error_kills_what_still_runs():
    """Ctrl-C must not wait for a hanging file."""
    start = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert time.monotonic() - start < 10


def interrupted() -> None:
    with Sandbox(workers=1, seconds=60) as one:
        one.submit(sleep)
        one.submit(double, 1)
        raise KeyboardInterrupt


def test_a_clock_set_forward_times_nothing_out(monkeypatch):
    """A laptop that slept: the file is tried again, not returned to its owner."""
    real, jumps = time.time, count()
    with Sandbox(workers=1, seconds=30) as one:
        future = one.submit(sleep)
        while not future.done():
            ahead = 100 * next(jumps)
            monkeypatch.setattr(time, "time", lambda ahead=ahead: real() + ahead)
            wait([future], timeout=0.05)
        assert ending(future) is Ending.LOST


def test_the_structures_of_the_windows_limit_have_their_size():
    """As winnt.h lays them out for 64 bits; the call itself only a Windows machine can make."""
    assert ctypes.sizeof(BasicLimits) == 64
    assert ctypes.sizeof(ExtendedLimits) == 144
