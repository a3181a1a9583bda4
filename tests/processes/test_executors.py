"""A pool that cannot be used costs nobody a result: the task is done by who asked for it."""

from __future__ import annotations

import os
import sys
import time
from multiprocessing.forkserver import _forkserver

import psutil
import pytest

from appraisal.processes.executors import Errand
from appraisal.processes.sandbox import WorkerPool

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no server that forks")


def double(number: int) -> int:
    return number * 2


def long_text(characters: int) -> str:
    return "分" * characters


def test_where_no_process_can_be_started_the_task_is_done_here(monkeypatch: pytest.MonkeyPatch):
    with WorkerPool(1) as pool:
        assert pool.submit(double, 21).result() == 42
    with WorkerPool(1) as pool, monkeypatch.context() as broken:
        broken.setattr(_forkserver, "_forkserver_address", "/nowhere")
        assert Errand(pool, double, 21).result() == 42


@pytest.mark.slow
@pytest.mark.parametrize("victim", ["worker", "fork server"])
def test_a_worker_killed_in_the_middle_of_a_result_stops_nobody(victim: str):
    """The rest of it never comes: what is there of it is not waited for, nor what it was given besides."""
    with WorkerPool(2) as pool:
        worker = psutil.Process(pool.submit(os.getpid).result(timeout=30))
        tasks = [Errand(pool, long_text, 20_000_000) for _ in range(6)]
        time.sleep(0.1)
        (worker if victim == "worker" else worker.parent()).kill()
        assert [len(task.result()) for task in tasks] == [20_000_000] * 6
        assert pool.submit(double, 21).result(timeout=30) == 42
        assert psutil.wait_procs([worker], timeout=10)[1] == []


def test_after_the_block_no_worker_is_started():
    """A thread that was to start them early may come too late."""
    with WorkerPool(1) as pool:
        pass
    before = psutil.Process().children(recursive=True)
    pool.start()
    assert Errand(pool, double, 21).result() == 42
    assert psutil.Process().children(recursive=True) == before
