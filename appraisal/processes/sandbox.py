"""A pool of worker processes in which one bad file harms only itself.

A dropped file of a kilobyte can hang, abort or fill the memory of the process that opens it. Here
each file is one task under a wall clock, a memory limit and a CPU limit; a task that breaks one is
killed with its worker, a new worker takes its place, and the other tasks go on.

Workers start by forkserver on Linux and macOS and by spawn on Windows. Plain fork would copy a
process that runs threads (the pool's own), which may deadlock; spawn imports everything again for
each worker and after each kill. The fork server imports what the tasks need once (`system.py`), and
no dropped byte ever reaches it. Measured with pydantic and openpyxl to import: 0.10 s from
an abort to the next result, nearly all of it the pool's own pause, against 0.21 s by spawn; a task
as such costs 0.04 ms.
"""

from __future__ import annotations

import gc
import pickle
import threading
import time
import traceback
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from concurrent.futures.process import BrokenProcessPool
from enum import StrEnum
from functools import partial
from types import TracebackType
from typing import Any, Self, TypeVar

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
"""How often pools are looked after that may have broken."""

CONSTS.sleep_unit = 0.025
"""How soon a pool sees that a worker died, that a task is out of time, or that it is to end; 0.1 s in pebble."""


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


class Sandbox:
    """Runs module-level functions in killable processes; use it in a `with` block.

    Leaving the block waits for what was submitted; leaving it by an exception kills what still runs.
    The workers start with the first task.
    """

    def __init__(self, *, workers: int = 2, seconds: float = 30.0, memory_mb: int = 1024) -> None:
        self._workers = workers
        self._seconds = seconds
        self._memory_mb = memory_mb
        self._pools: list[ProcessPool] = []
        self._under_way: dict[Future[Any], ProcessPool] = {}
        """What the pools are to give, and which."""
        self._left = threading.Event()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, _error: BaseException | None, _where: TracebackType | None
    ) -> None:
        for pool in self._pools:
            if kind is None:
                pool.close()  # type: ignore[no-untyped-call]
            else:
                pool.stop()  # type: ignore[no-untyped-call]
            pool.join()
        self._left.set()

    def submit(self, function: Callable[..., Result], /, *arguments: object) -> Future[Result]:
        """Run `function(*arguments)` in a worker; both must pickle, so pass a path rather than bytes.

        The future gives the function's result, or raises `Stopped` and nothing else.
        """
        future: Future[Result] = Future()
        task = (function, arguments, self._seconds)
        pool = self._working_pool(function.__module__)
        try:
            running = pool.schedule(_run, task, timeout=self._seconds)
        except RuntimeError as error:  # it broke just now
            future.set_exception(Stopped(Ending.LOST, str(error)))
        else:
            self._under_way[running] = pool
            running.add_done_callback(partial(self._hand_over, future, time.monotonic()))
        return future

    def _working_pool(self, module: str) -> ProcessPool:
        """The newest pool, or another where that one broke."""
        if not self._pools:
            threading.Thread(target=self._give_up_what_broke, daemon=True).start()
        if not (self._pools and self._pools[-1].active):
            self._pools.append(
                ProcessPool(
                    max_workers=self._workers,
                    max_tasks=_TASKS_PER_WORKER,
                    initializer=_get_ready,
                    initargs=(self._memory_mb,),
                    context=start_method(module),
                )
            )
        return self._pools[-1]

    def _give_up_what_broke(self) -> None:
        """A pool that breaks at the very instant in which it is given a task forgets that task: nobody may wait for it."""
        while not self._left.wait(_POLL_SECONDS):
            for running, pool in list(self._under_way.items()):
                if not pool.active:
                    running.cancel()

    def _hand_over(self, future: Future[Any], submitted: float, running: Future[Any]) -> None:
        self._under_way.pop(running, None)
        if not future.set_running_or_notify_cancel():
            return
        try:
            future.set_result(pickle.loads(running.result()))  # noqa: S301 - our own worker's
        except Stopped as stopped:
            future.set_exception(stopped)
        except TimeoutError:
            # The pool goes by the wall clock, which a computer that slept sets forward.
            really = time.monotonic() - submitted >= self._seconds
            future.set_exception(Stopped(Ending.TIMEOUT if really else Ending.LOST))
        except ProcessExpired as death:
            future.set_exception(Stopped(_ending_of(death.exitcode), f"exit code {death.exitcode}"))
        except (BrokenProcessPool, CancelledError) as error:
            future.set_exception(Stopped(Ending.LOST, str(error)))
        except Exception as error:  # noqa: BLE001 - the arguments or the result did not pickle
            future.set_exception(Stopped(Ending.ERROR, repr(error)))


def _get_ready(memory_mb: int) -> None:
    """In the worker, before its first task: what is loaded stays, and need not be looked through for garbage.

    Nor what is read, so often: a workbook of 20,000 people is a million objects that all stay to its end, and
    the collector's usual pace makes a third of the time that they take.
    """
    die_with_parent()
    limit_memory(memory_mb)
    gc.set_threshold(50_000, 20, 20)
    gc.freeze()


def _run(function: Callable[..., object], arguments: tuple[object, ...], seconds: float) -> bytes:
    """In the worker: the result, pickled here, or `Stopped`; what does not pickle would break the pool."""
    limit_next_seconds(seconds)
    ended = _attempt(function, arguments)
    # A hostile file can leave a gigabyte of objects that hold each other, which would count for the next one.
    gc.collect()
    if isinstance(ended, Stopped):
        raise ended
    return ended


def _attempt(function: Callable[..., object], arguments: tuple[object, ...]) -> bytes | Stopped:
    try:
        return pickle.dumps(function(*arguments))
    except MemoryError:
        return Stopped(Ending.MEMORY)
    except BaseException:  # noqa: BLE001 - a panic of a Rust library is no Exception
        return Stopped(Ending.ERROR, traceback.format_exc())


_FORK_SERVER_GONE = 255
"""What multiprocessing takes for a worker's exit code when it can no longer ask for it."""


def _ending_of(exit_code: int) -> Ending:
    """What a death means."""
    if exit_code == _FORK_SERVER_GONE:
        return Ending.LOST
    if is_out_of_time(exit_code):
        return Ending.TIMEOUT
    return Ending.KILLED if is_from_outside(exit_code) else Ending.DIED
