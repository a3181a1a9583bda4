"""Dropped files opened: always the archived copy, and always in the sandbox."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path

from appraisal.findings import Finding
from appraisal.intake.paper import Paper, read_paper
from appraisal.intake.sandbox import Ending, Sandbox, Stopped
from appraisal.intake.submissions import Reading
from appraisal.publish.returned import returned_workbook
from appraisal.workspace import Setup, Workspace


@dataclass(frozen=True, slots=True)
class KeptSubmissions:
    """Reads and marks archived files in killable processes: the only place where a dropped file is opened."""

    workspace: Workspace
    setup: Setup
    sandbox: Sandbox

    def submit(self, archived: Path, file: str, sha256: str) -> Future[Paper]:
        """Start reading the file; `file` is the name it was dropped under."""
        return self.sandbox.submit(_read, archived, file, sha256, self.setup)

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
        try:
            return self.sandbox.submit(_mark, archived, findings).result()
        except Stopped:
            return None

    def result(self, archived: Path, file: str, sha256: str, started: Future[Paper] | None = None) -> Paper:
        """Wait for the reading. Raises Stopped; a task lost through no fault of its own runs once more."""
        try:
            return (started or self.submit(archived, file, sha256)).result()
        except Stopped as stopped:
            if stopped.ending is not Ending.LOST:
                raise
            return self.submit(archived, file, sha256).result()


def _mark(path: Path, findings: Sequence[Finding]) -> bytes | None:
    return returned_workbook(path.read_bytes(), findings)


def _read(path: Path, file: str, sha256: str, setup: Setup) -> Paper:
    return read_paper(
        path.read_bytes(), file=file, sha256=sha256, rulebook=setup.rulebook, roster=setup.roster
    )
