"""Where chunks are appraised: in this process, in a pool of processes, or on a Dask cluster.

All three are a `concurrent.futures.Executor` (or none) to whoever makes months, and give the same bytes.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from typing import Any

WORTH_A_POOL = 8
"""From so many files on, worker processes are started to appraise them."""

_CONNECT_SECONDS = 20


class SchedulerError(Exception):
    """The Dask cluster cannot be used; one Chinese sentence that says what to do."""


@contextmanager
def executor_for(files: int, scheduler: str | None = None) -> Iterator[Executor | None]:
    """The cluster at the scheduler's address; else processes, where there is enough to share out; else None.

    Raises SchedulerError.
    """
    if scheduler is not None:
        with _cluster(scheduler) as executor:
            yield executor
    elif files < WORTH_A_POOL:
        yield None
    else:
        with LastingPool() as pool:
            yield pool


class LastingPool(Executor):
    """A pool of processes that outlives the death of one: what was under way then fails, what comes is done."""

    def __init__(self, workers: int | None = None) -> None:
        self._workers = workers
        self._pool = self._new()

    def _new(self) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(self._workers, mp_context=get_context("spawn"), initializer=get_ready)

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        try:
            return self._pool.submit(fn, *args, **kwargs)
        except BrokenExecutor:
            self._pool.shutdown(wait=False)
            self._pool = self._new()
            return self._pool.submit(fn, *args, **kwargs)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: FBT001, FBT002 - as in Executor
        self._pool.shutdown(wait, cancel_futures=cancel_futures)


def get_ready() -> None:
    """What a worker does before its first chunk: load what every chunk needs, and tell the collector that it stays.

    A month is a hundred thousand small objects that live until its last paper is packed: looked through
    by the collector at its usual pace they cost a tenth of the time.
    """
    import appraisal.appraise  # noqa: PLC0415 - in the worker only
    import appraisal.validation.frames  # noqa: F401, PLC0415

    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


@contextmanager
def _cluster(address: str) -> Iterator[Executor]:
    try:
        from distributed import Client  # noqa: PLC0415 - optional, and only asked for here
    except ModuleNotFoundError:
        raise SchedulerError(
            "--scheduler 需要 Dask。请先执行 pip install -r requirements-dask.txt。"
        ) from None
    try:
        client = Client(address, timeout=_CONNECT_SECONDS, set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, ValueError):
        raise SchedulerError(
            f"连不上 Dask 调度器 {address}。请检查 dask scheduler 是否已启动、地址是否写对。"
        ) from None
    with client:
        yield client.get_executor(pure=False, retries=2)  # type: ignore[no-untyped-call]
