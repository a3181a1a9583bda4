"""Dropped files opened: always the archived copy, and always in the sandbox."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from appraisal.findings.finding import Finding
from appraisal.intake.submission_reader import Reading
from appraisal.pipeline import reader_process
from appraisal.pipeline.dropped_file import Sealed
from appraisal.pipeline.setup import Setup
from appraisal.processes.sandbox import Sandbox, Stopped
from appraisal.workspace.paths import Workspace

Done = TypeVar("Done")


@dataclass(frozen=True)
class KeptSubmissions:
    """Reads and marks archived files in killable processes."""

    workspace: Workspace
    setup: Setup
    sandbox: Sandbox

    def submit(self, archived: Path, file: str, sha256: str) -> Future[Sealed]:
        """Start reading the file; `file` is the name it was dropped under."""
        return self.sandbox.submit(reader_process.read, archived, file, sha256, self._reading_by)

    @cached_property
    def _reading_by(self) -> bytes:
        return reader_process.packed(self.setup.rulebook, self.setup.roster)

    def read(self, sha256: str) -> Reading | None:
        """The manager's workbook with this hash; None where it cannot be opened (any more)."""
        archived = self.archived(sha256)
        if archived is None:
            return None
        try:
            paper = self.result(archived, archived.name, sha256).paper
        except Stopped:
            return None
        return paper if isinstance(paper, Reading) else None

    def archived(self, sha256: str) -> Path | None:
        """Where the bytes with this hash are kept."""
        return next(self.workspace.archive.glob(f"{sha256}.*"), None)

    def marked(self, archived: Path, findings: Sequence[Finding]) -> bytes | None:
        """The file with its wrong cells marked; None where marking it would lose something of it."""
        with suppress(Stopped):
            return _patiently(lambda: self.sandbox.submit(reader_process.mark, archived, findings))
        return None

    def result(self, archived: Path, file: str, sha256: str, started: Future[Sealed] | None = None) -> Sealed:
        """Wait for the reading. Raises Stopped."""
        return _patiently(lambda: self.submit(archived, file, sha256), started)


def _patiently(start: Callable[[], Future[Done]], started: Future[Done] | None = None) -> Done:
    """The task's result; one that was lost or killed through no fault of its own is begun again."""
    for _ in range(_TRIES - 1):
        try:
            return (started or start()).result()
        except Stopped as stopped:
            if not stopped.ending.is_from_outside:
                raise
            started = None
    return start().result()


_TRIES = 3
"""A pool that breaks may lose the same task twice: when a worker goes, and when the last one does."""
