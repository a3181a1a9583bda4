"""Dropped files opened: always the archived copy, and always in the sandbox."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TypeVar

from appraisal.findings import Finding
from appraisal.intake.paper import Paper, read_paper
from appraisal.intake.roster import Roster
from appraisal.intake.sandbox import Sandbox, Stopped
from appraisal.intake.submissions import Reading
from appraisal.publish.returned import returned_workbook
from appraisal.scheme.rulebook import Rulebook
from appraisal.workspace import Setup, Workspace

Done = TypeVar("Done")


@dataclass(frozen=True)
class KeptSubmissions:
    """Reads and marks archived files in killable processes: the only place where a dropped file is opened."""

    workspace: Workspace
    setup: Setup
    sandbox: Sandbox

    def submit(self, archived: Path, file: str, sha256: str) -> Future[Paper]:
        """Start reading the file; `file` is the name it was dropped under."""
        return self.sandbox.submit(_read, archived, file, sha256, self._reading_by)

    @cached_property
    def _reading_by(self) -> bytes:
        """Rules and roster, pickled once: for every file anew they would cost more than half its reading."""
        return pickle.dumps((self.setup.rulebook, self.setup.roster))

    def read(self, sha256: str) -> Reading | None:
        """The manager's workbook with this hash; None where it cannot be opened (any more)."""
        archived = self.archived(sha256)
        if archived is None:
            return None
        try:
            paper = self.result(archived, archived.name, sha256)
        except Stopped:
            return None
        return paper if isinstance(paper, Reading) else None

    def archived(self, sha256: str) -> Path | None:
        """Where the bytes with this hash are kept."""
        return next(self.workspace.archive.glob(f"{sha256}.*"), None)

    def marked(self, archived: Path, findings: Sequence[Finding]) -> bytes | None:
        """The file with its wrong cells marked; None where marking it would lose something of it."""
        with suppress(Stopped):
            return _twice(lambda: self.sandbox.submit(_mark, archived, findings))
        return None

    def result(self, archived: Path, file: str, sha256: str, started: Future[Paper] | None = None) -> Paper:
        """Wait for the reading. Raises Stopped."""
        return _twice(lambda: self.submit(archived, file, sha256), started)


def _twice(start: Callable[[], Future[Done]], started: Future[Done] | None = None) -> Done:
    """The task's result; one that was lost or killed through no fault of its own runs once more."""
    try:
        return (started or start()).result()
    except Stopped as stopped:
        if not stopped.ending.is_from_outside:
            raise
        return start().result()


def _mark(path: Path, findings: Sequence[Finding]) -> bytes | None:
    return returned_workbook(path.read_bytes(), findings)


def _read(path: Path, file: str, sha256: str, reading_by: bytes) -> Paper:
    rulebook, roster = _unpickled(reading_by)
    return read_paper(path.read_bytes(), file=file, sha256=sha256, rulebook=rulebook, roster=roster)


@lru_cache(maxsize=2)
def _unpickled(reading_by: bytes) -> tuple[Rulebook, Roster | None]:
    """In the worker, once for all its files."""
    by: tuple[Rulebook, Roster | None] = pickle.loads(reading_by)  # noqa: S301 - the coordinator's own
    return by
