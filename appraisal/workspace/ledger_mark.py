"""Marks in the workspace of the ledger that it works with: one beside the ledger, one beside the papers.

Whoever puts back a backup of `state` brings back its mark, too: then the outbox still knows better.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from appraisal.workspace.files import Files
from appraisal.workspace.paths import Workspace


@dataclass(frozen=True, slots=True)
class LedgerMark:
    """Which ledger, and how many passes it had seen."""

    ledger: str
    passes: int


def mark_paths(workspace: Workspace) -> tuple[Path, Path]:
    """In the state and in the outbox; hidden there, as it is not for people."""
    return workspace.state / "ledger_mark.json", workspace.outbox / ".ledger_mark.json"


def read_marks(workspace: Workspace) -> tuple[LedgerMark, ...]:
    """Those that are there and can be read."""
    return tuple(_read(mark_paths(workspace)))


def _read(paths: tuple[Path, ...]) -> Iterator[LedgerMark]:
    for path in paths:
        with suppress(OSError, ValueError, TypeError, KeyError):
            found = json.loads(path.read_text("utf-8"))
            yield LedgerMark(str(found["ledger"]), int(found["passes"]))


def write_marks(workspace: Workspace, mark: LedgerMark, files: Files) -> None:
    """Safely on disk; where one cannot be written the former stands, which says less and nothing wrong."""
    content = json.dumps(asdict(mark)).encode()
    for path in mark_paths(workspace):
        with suppress(OSError):
            files.write(path, content, private=path.parent == workspace.state)
            files.sync([path])
