"""Months appraised elsewhere: in worker processes, on a real Dask cluster with a real PostgreSQL."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from distributed import Client

from appraisal.pipeline.reports import Status
from appraisal.pipeline.run import run_once
from appraisal.processes.executors import SchedulerError, cluster_at, executor_for
from appraisal.processes.sandbox import Stopped, WorkerPool
from tests.builders.workspaces import DECEMBER_7, Place, workbook
from tests.ledger.postgres import running_server

GROUPS = [f"{number}店" for number in "一二三四五六七八"]
"""As many as are worth a pool."""


@dataclass
class Cluster:
    """A scheduler and its workers, each a process of its own."""

    folder: Path
    running: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def file(self) -> Path:
        return self.folder / "scheduler.json"

    def start(self, program: str, *options: str) -> None:
        command = [sys.executable, "-m", f"distributed.cli.dask_{program}", *options]
        with (self.folder / f"{program}{len(self.running)}.log").open("wb") as log:
            environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])}
            self.running.append(
                subprocess.Popen(command, cwd=self.folder, env=environment, stdout=log, stderr=log)
            )

    def worker(self) -> None:
        options = ("--no-nanny", "--no-dashboard", "--nthreads", "1", "--host", "127.0.0.1")
        self.start("worker", "--scheduler-file", str(self.file), *options)

    def stop(self) -> None:
        for process in reversed(self.running):
            process.kill()
            process.wait()


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    started = Cluster(tmp_path_factory.mktemp("cluster"))
    options = ("--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--no-show")
    try:
        started.start("scheduler", "--scheduler-file", str(started.file), *options)
        started.worker()
        started.worker()
        yield started
    finally:
        started.stop()


@pytest.fixture(scope="module")
def client(cluster: Cluster) -> Iterator[Client]:
    """What a test sees of the cluster; there are two workers by now."""
    with Client(scheduler_file=str(cluster.file), timeout=30, set_as_default=False) as client:
        client.wait_for_workers(2, timeout=30)
        yield client


@pytest.fixture(scope="module")
def workbooks() -> dict[str, bytes]:
    return {f"{group}.xlsx": workbook(group=group, staff=4) for group in GROUPS}


@pytest.fixture(scope="module")
def inline(workbooks: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The outbox after passes too small for a pool: in this process."""
    place = Place(tmp_path_factory.mktemp("inline"))
    names = list(workbooks)
    for some in (names[:4], names[4:]):
        for name in some:
            place.drop(name, workbooks[name])
        place.run()
    return papers(place)


def filled(folder: Path, workbooks: dict[str, bytes]) -> Place:
    place = Place(folder)
    for name, content in workbooks.items():
        place.drop(name, content)
    return place


def papers(place: Place) -> dict[str, bytes]:
    """Every paper of every group, by its path."""
    return {f"{group}/{path}": content for group in GROUPS for path, content in place.files(group).items()}


def test_worker_processes_write_the_same_bytes_as_this_one(
    workbooks: dict[str, bytes], inline: dict[str, bytes], tmp_path: Path
) -> None:
    """Where a month is appraised leaves no trace in its papers."""
    place = filled(tmp_path, workbooks)
    with executor_for(len(GROUPS)) as executor:
        report = place.run(executor=executor)
    assert all(file.status is Status.ACCEPTED for file in report.files)
    assert papers(place) == inline


def test_a_cluster_writes_the_same_bytes_and_the_coordinator_keeps_the_books(
    client: Client, workbooks: dict[str, bytes], inline: dict[str, bytes], tmp_path: Path
) -> None:
    """Parsed submissions travel, finished papers come back; the ledger is a real PostgreSQL."""
    place = filled(tmp_path, workbooks)
    with running_server() as server:
        url = server.new_database()
        with executor_for(len(GROUPS), client.scheduler.address) as executor:
            report = run_once(
                place.workspace, place.setup, today=DECEMBER_7, ledger_url=url, executor=executor
            )
        again = filled(tmp_path, workbooks)
        second = run_once(again.workspace, again.setup, today=DECEMBER_7, ledger_url=url)
    assert all(file.status is Status.ACCEPTED for file in report.files)
    assert papers(place) == inline
    assert all(file.status is Status.UNCHANGED for file in second.files), "the ledger remembers"


def test_a_cluster_worker_that_dies_over_a_chunk_costs_a_retry_and_no_result(
    cluster: Cluster, client: Client, workbooks: dict[str, bytes], inline: dict[str, bytes], tmp_path: Path
) -> None:
    """The scheduler gives the chunk to the other worker; the papers are the same."""
    place = filled(tmp_path, workbooks)
    pids = client.run(os.getpid)
    killed = threading.Event()

    def kill_the_busy_one() -> None:
        while not killed.is_set():
            busy = [worker for worker, tasks in client.processing().items() if tasks]
            if busy:
                os.kill(pids[busy[0]], signal.SIGKILL)
                killed.set()

    killer = threading.Thread(target=kill_the_busy_one, daemon=True)
    killer.start()
    address = client.scheduler.address
    with executor_for(len(GROUPS), address) as executor:
        report = place.run(executor=executor)
    assert killed.is_set()
    assert all(file.status is Status.ACCEPTED for file in report.files)
    assert papers(place) == inline


def test_a_scheduler_that_is_not_there_is_one_sentence() -> None:
    """Whoever runs it is told what to look at."""
    nobody = cluster_at("tcp://127.0.0.1:9", connect_seconds=1)
    with pytest.raises(SchedulerError, match="连不上 Dask 调度器"), nobody:
        pass


POOL = """
import time
from appraisal.processes.sandbox import WorkerPool

if __name__ == "__main__":
    import os
    pool = WorkerPool(1)
    print(pool.submit(os.getpid).result(), flush=True)
    time.sleep(60)
"""


def test_a_worker_ends_with_a_coordinator_that_is_killed(tmp_path: Path) -> None:
    """It waits for tasks that will never come, and nobody is left to end it."""
    program = tmp_path / "coordinator.py"
    program.write_text(POOL, "utf-8")
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    command = [sys.executable, program]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as coordinator:
        assert coordinator.stdout is not None
        worker = int(coordinator.stdout.readline())
        coordinator.kill()

    assert any(is_gone(worker) or time.sleep(0.1) for _ in range(200))


def is_gone(process: int) -> bool:
    """Whether it has ended; one that is only not waited for by its parent has."""
    try:
        state = Path(f"/proc/{process}/stat").read_text("utf-8").rsplit(")", 1)[1].split()[0]
    except OSError:
        return True
    return state == "Z"


def test_a_pool_outlives_a_worker_that_dies() -> None:
    """What was under way fails; what comes after is done by new workers."""
    with WorkerPool(1) as pool:
        dying: Future[None] = pool.submit(os._exit, 1)
        with pytest.raises(Stopped, match="lost"):
            dying.result()
        assert pool.submit(abs, -1).result() == 1
