"""Where chunks are appraised: in this process, in a pool of processes, or on a Dask cluster.

All three are a `concurrent.futures.Executor` (or none) to whoever makes months, and give the same bytes.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from functools import partial
from typing import Generic, TypeVar

from appraisal.errors import AppraisalError
from appraisal.processes.sandbox import WorkerPool
from appraisal.processes.system import usable_cores

WORTH_A_POOL = 8
"""From so many files on, a worker is worth its start even where there is a single core."""

_ONE_CHUNK = 16
"""Up to so many files are one chunk as a rule: a second worker would load what it never uses."""

IN_FLIGHT = 8
"""Tasks that are given to the executor ahead of the one whose result is looked at."""

Result = TypeVar("Result")
Begun = TypeVar("Begun")


class SchedulerError(AppraisalError):
    """The Dask cluster cannot be used; one Chinese sentence that says what to do."""


@contextmanager
def executor_for(
    files: int, scheduler: str | None = None, *, warm_up: Callable[[], None] | None = None
) -> Iterator[Executor | None]:
    """The cluster at the scheduler's address; else processes for so many files; None where they gain nothing.

    The processes load what they need by `warm_up` from now on, beside whatever the caller does meanwhile. For
    a few files it is one: pandas, pandera and the papers take most of a start, and on a second core they are
    loaded beside everything else. Measured on two cores, with one worker and with two: 8 files 2.3 and 2.4 s,
    16 files 3.3 and 3.5 s, 24 files 4.0 and 3.8 s. Raises SchedulerError.
    """
    cores = usable_cores()
    if scheduler is not None:
        with cluster_at(scheduler) as executor:
            yield executor
    elif files == 0 or (cores == 1 and files < WORTH_A_POOL):
        yield None
    else:
        with WorkerPool(1 if files <= _ONE_CHUNK else cores, warm_up) as pool:
            # A thread waits for the fork server, which is loading; who submits before it is done waits as well.
            threading.Thread(target=pool.start, daemon=True).start()
            yield pool


def in_flight(begun: Iterable[Begun], executor: Executor | None) -> Iterator[Begun]:
    """What is begun, in order, each when some more are under way: so many as keep the executor busy.

    Nothing is held on to that was given out: a chunk's papers take 9 MB.
    """
    under_way: deque[Begun] = deque()
    for task in begun:
        under_way.append(task)
        if len(under_way) >= (1 if executor is None else IN_FLIGHT):
            yield under_way.popleft()
    while under_way:
        yield under_way.popleft()


def outcome(future: Future[Result], again: Callable[[], Result]) -> Result:
    """What the executor came to; where it came to nothing, what another try gives.

    A worker that died takes with it all that it was given, and each executor has its own words for that.
    """
    try:
        return future.result()
    except Exception:  # noqa: BLE001 - each executor has its own words for a worker that died
        return again()


class Errand(Generic[Result]):
    """A call of a pure function on picklable values, made by the executor, or by who asks for its result.

    Asked for it is made here where there is no executor, and where the one who made it died over it. What
    the function itself raises comes of it either way.
    """

    def __init__(
        self,
        executor: Executor | None,
        function: Callable[..., Result],
        *arguments: object,
        **options: object,
    ) -> None:
        self._call = partial(function, *arguments, **options)
        self._future = None if executor is None else executor.submit(function, *arguments, **options)

    def result(self) -> Result:
        """What the function gives."""
        return self._call() if self._future is None else outcome(self._future, self._call)


@contextmanager
def cluster_at(address: str, *, connect_seconds: float = 20) -> Iterator[Executor]:
    """The Dask cluster whose scheduler is there. Raises SchedulerError."""
    try:
        from distributed import Client  # noqa: PLC0415 - optional, and only asked for here
    except ModuleNotFoundError:
        raise SchedulerError(
            "--scheduler 需要 Dask。请先执行 pip install -r requirements-dask.txt。"
        ) from None
    try:
        client = Client(address, timeout=connect_seconds, set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, ValueError):
        raise SchedulerError(
            f"连不上 Dask 调度器 {address}。请检查 dask scheduler 是否已启动、地址是否写对。"
        ) from None
    with client:
        yield client.get_executor(pure=False, retries=2)  # type: ignore[no-untyped-call]
