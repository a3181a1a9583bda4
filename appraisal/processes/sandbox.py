"""Pools of worker processes in which one bad task harms only itself.

A dropped file of a kilobyte can hang, abort or fill the memory of the process that opens it. In the
sandbox each file is one task under a wall clock, a memory limit and a CPU limit; a task that breaks one
is killed with its worker, a new worker takes its place, and the other tasks go on. Our own work, the
appraising, has no limits.

A worker can be killed at any instant (by the kernel for want of memory, by a person), also while it holds
a pipe that others wait for, or in the middle of a result. Python's own pool waits for the rest of that
result for ever. Here the pool is given up, and what was under way is lost: whoever asked for it asks again.

Workers start by forkserver on Linux and macOS and by spawn on Windows. Plain fork would copy a
process that runs threads (the pool's own), which may deadlock; spawn imports everything again for
each worker and after each kill. The fork server imports what the tasks need once (`system.py`), and
no dropped byte ever reaches it. Measured with pydantic and openpyxl to import: 0.10 s from
an abort to the next result, nearly all of it the pool's own pause, against 0.21 s by spawn; a task
as such costs 0.04 ms.
"""

from __future__ import annotations

import gc
import os
import pickle
import threading
import time
import traceback
from collections.abc import Callable
from concurrent.futures import CancelledError, Executor, Future
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from multiprocessing import parent_process
from multiprocessing.connection import wait
from types import TracebackType
from typing import Any, TypeVar

from pebble import CONSTS, ProcessExpired, ProcessPool

from appraisal.errors import Signal
from appraisal.processes.system import (
    die_with_parent,
    is_from_outside,
    is_out_of_time,
    limit_memory,
    limit_next_seconds,
    start_method,
)

Result = TypeVar("Result")

_TASKS_PER_WORKER = 500
"""Then a fresh worker takes over, so that nothing piles up in a process that watches for months."""

_POLL_SECONDS = 0.5
"""How often a pool is asked whether it broke."""

CONSTS.sleep_unit = 0.025
"""How soon a pool sees that a worker died, that a task is out of time, or that it is to end; 0.1 s in pebble."""

CONSTS.channel_lock_timeout = 10
"""How long a worker waits for the others' hold on the pool's pipes: for ever where one was killed in the middle of it.
60 s in pebble; then it ends by itself, and what it was at is lost."""

_STARTS = (0, 0.05, 0.1, 0.2, 0.4)
"""Seconds before each try to start a pool: a fork server that was killed takes some time to be gone."""

_BREAKING = (RuntimeError, OSError, EOFError, TypeError)
"""What a pool raises that breaks while it is given a task: the server that forks its workers may be gone, or just
being replaced on another thread."""


class Ending(StrEnum):
    """How a task ended that gave no result."""

    TIMEOUT = "timeout"
    """Out of time: `workbook.timeout`."""
    MEMORY = "memory"
    """Out of memory: `workbook.timeout`, whose words cover both."""
    KILLED = "killed"
    """Somebody outside killed the process, the kernel for want of memory or a person: try it once more;
    a file that this happens to again is `workbook.timeout`."""
    DIED = "died"
    """The process aborted: `workbook.corrupt`."""
    ERROR = "error"
    """The function raised, a mistake of ours: `submission.failed`; `detail` has the traceback."""
    LOST = "lost"
    """The pool broke or the computer's clock jumped; nothing is known of the file: try it again."""

    @property
    def is_from_outside(self) -> bool:
        """Whether it may have nothing to do with what the task did."""
        return self in {Ending.KILLED, Ending.LOST}


class Stopped(Signal):
    """What the future of a task without a result raises."""

    def __init__(self, ending: Ending, detail: str = "") -> None:
        super().__init__(ending, detail)
        self.ending = ending
        self.detail = detail

    def __str__(self) -> str:
        return f"{self.ending}: {self.detail}" if self.detail else self.ending.value


@dataclass(frozen=True, slots=True)
class TaskLimits:
    """What a task may take, by the clock and computing, and what its worker may grow by."""

    seconds: float
    memory_mb: int


class WorkerPool(Executor):
    """Runs module-level functions in processes; use it in a `with` block.

    It outlives the death of a worker and of the server that forks them: what was under way is then lost, what
    comes after is done. Leaving the block waits for what was submitted; leaving it by an exception kills what
    still runs. The workers start with the first task, after `warm_up`.
    """

    def __init__(self, workers: int, warm_up: Callable[[], None] | None = None) -> None:
        self._workers = workers
        self._warm_up = warm_up
        self._limits: TaskLimits | None = None
        self._pools: list[ProcessPool] = []
        self._under_way: dict[Future[Any], ProcessPool] = {}
        """What the pools are to give, and which."""
        self._locks: list[object] = []
        self._choosing = threading.Lock()
        self._ending = threading.Lock()
        self._left = threading.Event()

    def __exit__(
        self, kind: type[BaseException] | None, _error: BaseException | None, _where: TracebackType | None
    ) -> None:
        self.shutdown(cancel_futures=kind is not None)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002 - as in Executor
        """End the workers, when they have done what was submitted or, `cancel_futures`, at once."""
        with self._choosing:
            self._left.set()
        for pool in list(self._pools):
            if cancel_futures:
                pool.stop()  # type: ignore[no-untyped-call]
            else:
                pool.close()  # type: ignore[no-untyped-call]
            self._end(pool)
            self._give_up(pool)

    def start(self) -> None:
        """Start the workers now rather than with the first task; returns when they are forked."""
        with suppress(*_BREAKING):
            self._working_pool(self.start)

    def to_each(self, function: Callable[..., None], *arguments: object) -> None:
        """Give every worker the same to do: certain as long as all are idle."""
        for _ in range(self._workers):
            self.submit(function, *arguments)

    def submit(self, function: Callable[..., Result], /, *arguments: Any, **options: Any) -> Future[Result]:
        """Run `function(*arguments, **options)` in a worker; all must pickle, so pass a path rather than bytes.

        The future gives the function's result, or raises `Stopped` and nothing else.
        """
        future: Future[Result] = Future()
        task = (partial(function, *arguments, **options), self._limits)
        try:
            pool = self._working_pool(function)
            running = pool.schedule(_run, task, timeout=self._limits.seconds if self._limits else None)
        except _BREAKING as error:
            future.set_exception(Stopped(Ending.LOST, str(error)))
        else:
            self._under_way[running] = pool
            running.add_done_callback(partial(self._hand_over, future, time.monotonic(), pool))
        return future

    def _working_pool(self, function: Callable[..., Any]) -> ProcessPool:
        """A pool that works: a new one, whose server loads the function's module, where there is none."""
        with self._choosing:
            if self._left.is_set():
                raise RuntimeError("the block is left")
            for pool in list(self._pools):
                if pool.active:
                    return pool
            for wait_first in _STARTS:
                time.sleep(wait_first)
                with suppress(*_BREAKING):
                    return self._new((self._warm_up or function).__module__)
            raise BrokenProcessPool("no worker could be started")

    def _new(self, module: str) -> ProcessPool:
        pool = ProcessPool(
            max_workers=self._workers,
            max_tasks=_TASKS_PER_WORKER,
            initializer=_get_ready,
            initargs=(self._warm_up, self._limits),
            context=_KeepsLocks(start_method(module), self._locks),
        )
        if pool.active:  # asked, it starts; one that cannot start raises, and is none
            self._pools.append(pool)
            threading.Thread(target=self._end_when_broken, args=(pool,), daemon=True).start()
        return pool

    def _end_when_broken(self, pool: ProcessPool) -> None:
        """End the pool when it breaks, until the block is left."""
        while pool.active:
            if self._left.wait(_POLL_SECONDS):
                return
        self._give_up(pool)
        self._end(pool)

    def _give_up(self, pool: ProcessPool) -> None:
        """A pool that breaks while it is given a task forgets that task: nobody may wait for it."""
        for running, its in list(self._under_way.items()):
            if its is pool:
                running.cancel()

    def _end(self, pool: ProcessPool) -> None:
        """End a pool with its workers."""
        with self._ending:
            if pool in self._pools:
                pool.join()
                self._pools.remove(pool)

    def _hand_over(
        self, future: Future[Any], submitted: float, pool: ProcessPool, running: Future[Any]
    ) -> None:
        self._under_way.pop(running, None)
        if not future.set_running_or_notify_cancel():
            return
        try:
            future.set_result(pickle.loads(running.result()))  # noqa: S301 - our own worker's
        except Stopped as stopped:
            future.set_exception(stopped)
        except TimeoutError:
            # The pool goes by the wall clock, which a computer that slept sets forward.
            really = self._limits and time.monotonic() - submitted >= self._limits.seconds
            future.set_exception(Stopped(Ending.TIMEOUT if really else Ending.LOST))
        except ProcessExpired as death:
            ending = _ending_of(death.exitcode)
            if ending is not Ending.DIED:
                # Killed at any instant, it may have held the pool's pipes, or left a result by halves in one:
                # who reads them would wait for it for ever.
                pool.stop()  # type: ignore[no-untyped-call]
            future.set_exception(Stopped(ending, f"exit code {death.exitcode}"))
        except (BrokenProcessPool, CancelledError) as error:
            future.set_exception(Stopped(Ending.LOST, str(error)))
        except Exception as error:  # noqa: BLE001 - the arguments or the result did not pickle
            future.set_exception(Stopped(Ending.ERROR, repr(error)))


class _KeepsLocks:
    """How processes are started, with locks that outlive their pool.

    A worker that is still loading when its pool ends would not find them, and say so with a traceback.
    """

    def __init__(self, context: Any, locks: list[object]) -> None:
        self._context = context
        self._locks = locks

    def __getattr__(self, name: str) -> Any:
        return getattr(self._context, name)

    def RLock(self) -> Any:  # noqa: N802 - the name that it has in multiprocessing
        self._locks.append(self._context.RLock())
        return self._locks[-1]


class Sandbox(WorkerPool):
    """Opens what strangers dropped: a worker that breaks a limit is killed, and only its task with it."""

    def __init__(self, *, workers: int = 2, seconds: float = 30.0, memory_mb: int = 1024) -> None:
        super().__init__(workers)
        self._limits = TaskLimits(seconds, memory_mb)


def _get_ready(warm_up: Callable[[], None] | None, limits: TaskLimits | None) -> None:
    """In the worker, before its first task: what is loaded stays, and need not be looked through for garbage.

    Nor what is read, so often: a workbook of 20,000 people is a million objects that all stay to its end, and
    the collector's usual pace makes a third of the time that they take.
    """
    die_with_parent()
    if limits is None:
        threading.Thread(target=_end_with_the_coordinator, daemon=True).start()
    else:
        limit_memory(limits.memory_mb)
    if warm_up is not None:
        warm_up()
    gc.set_threshold(50_000, 20, 20)
    gc.freeze()


def _end_with_the_coordinator() -> None:
    """A task without a limit could go on long after the coordinator was killed."""
    coordinator = parent_process()
    if coordinator is not None:
        wait([coordinator.sentinel])
        os._exit(1)


def _run(task: Callable[[], object], limits: TaskLimits | None) -> bytes:
    """In the worker: the result, pickled here, or `Stopped`; what does not pickle would break the pool."""
    if limits is None:
        ended = _attempt(task)
    else:
        limit_next_seconds(limits.seconds)
        ended = _attempt(task)
        # A hostile file can leave a gigabyte of objects that hold each other, which would count for the next one.
        gc.collect()
    if isinstance(ended, Stopped):
        raise ended
    return ended


def _attempt(task: Callable[[], object]) -> bytes | Stopped:
    try:
        return pickle.dumps(task())
    except MemoryError:
        return Stopped(Ending.MEMORY)
    except BaseException:  # noqa: BLE001 - a panic of a Rust library is no Exception
        return Stopped(Ending.ERROR, traceback.format_exc())


_OUT_OF_TOUCH = {1, 255}
"""A worker's exit codes that tell nothing of the file: 1 where it could not get at the pool's pipes, 255 where
multiprocessing can no longer ask for the code, the server that forked the worker being gone."""


def _ending_of(exit_code: int) -> Ending:
    """What a death means."""
    if exit_code in _OUT_OF_TOUCH:
        return Ending.LOST
    if is_out_of_time(exit_code):
        return Ending.TIMEOUT
    return Ending.KILLED if is_from_outside(exit_code) else Ending.DIED
