"""Passes by the hundred: reading and appraising are done once for the same inputs, and no disk is waited for.

Each is a pure function of what it is given, so what is played is still the whole of the program.
"""

from __future__ import annotations

import os
import pickle
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

import pytest
from sqlalchemy import Connection, Engine, event

from appraisal.ledger.records import RevisionKind
from appraisal.pipeline.appraise import Appraised, ChunkSetup, Failed, RevisionRequest, appraise
from appraisal.pipeline.setup import Setup
from appraisal.processes.sandbox import Sandbox
from appraisal.workspace.paths import sha256_of


class InlineSandbox(Sandbox):
    """Reads in this process, each file once: what is tested here is not the reading."""

    _known: ClassVar[dict[str, bytes]] = {}

    def submit(self, function: Callable[..., Any], /, *arguments: Any) -> Future[Any]:
        told = [_in_short(one) for one in arguments if not isinstance(one, Setup)]
        key = f"{function.__qualname__}{told}"
        if key not in self._known:
            self._known[key] = pickle.dumps(function(*arguments))
        future: Future[Any] = Future()
        future.set_result(pickle.loads(self._known[key]))
        return future


def _in_short(argument: object) -> str:
    """What tells it from others: a file by its name, what is long by its hash."""
    if isinstance(argument, Path):
        return argument.name
    return sha256_of(argument) if isinstance(argument, bytes) else repr(argument)


def _what_papers_tell(requests: Sequence[RevisionRequest], shared: ChunkSetup) -> object:
    """The requests without what is for the ledger alone."""
    first = RevisionKind.FIRST
    return [replace(one, kind=first, replaces=None, decision=None, claim=None) for one in requests], shared


Appraise = Callable[[Sequence[RevisionRequest], ChunkSetup], Sequence[Appraised | Failed]]


class InlineExecutor(Executor):
    """Appraises in this process, each month once; what failed is tried again. `by` makes less than `appraise` does."""

    _MOST = 200
    """So many results are kept, of a quarter of a megabyte each."""

    def __init__(self, by: Appraise = appraise) -> None:
        self._by = by
        self._known: dict[str, bytes] = {}

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        key = repr((fn, _what_papers_tell(*args) if fn is appraise else args, kwargs))
        future: Future[Any] = Future()
        if key in self._known:
            future.set_result(pickle.loads(self._known[key]))
            return future
        result = (self._by if fn is appraise else fn)(*args, **kwargs)
        if not (isinstance(result, list) and any(isinstance(one, Failed) for one in result)):
            self._known[key] = pickle.dumps(result)
            if len(self._known) > self._MOST:
                del self._known[next(iter(self._known))]
        future.set_result(result)
        return future


@contextmanager
def quickly() -> Iterator[None]:
    """No waiting for the disk while the block runs."""

    def hurry(connection: Connection) -> None:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA synchronous = OFF")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda _handle: None)
        event.listen(Engine, "engine_connect", hurry)
        yield
        event.remove(Engine, "engine_connect", hurry)
