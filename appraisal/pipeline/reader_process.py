"""What a killable process does with a dropped file: the only code that opens one.

Imports what reading needs and nothing else, for every reader pays for it and the first file waits for it.
"""

from __future__ import annotations

import pickle
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from appraisal.findings.finding import Finding
from appraisal.intake.read_any import read_paper
from appraisal.intake.roster import Roster
from appraisal.processes.packing import packed_value
from appraisal.scheme.rulebook import Rulebook
from appraisal.workspace.paths import sha256_of


def read(path: Path, file: str, sha256: str, reading_by: bytes) -> bytes:
    """The paper at `path`, packed; dropped under the name `file`; `reading_by` is what `Setup.reading_by` gave.

    The hash of a file that was not archived is "": it is worked out here.
    """
    data = path.read_bytes()
    rulebook, roster = _unpacked(reading_by)
    sha256 = sha256 or sha256_of(data)
    return packed_value(read_paper(data, file=file, sha256=sha256, rulebook=rulebook, roster=roster))


def mark(path: Path, findings: Sequence[Finding]) -> bytes | None:
    """The archived file with its wrong cells marked; None where marking it would lose something of it."""
    from appraisal.publish.returned.workbook import returned_workbook  # noqa: PLC0415 - loads openpyxl

    return returned_workbook(path.read_bytes(), findings)


def unmark(path: Path) -> bytes | None:
    """The archived file without the marks of its return; None where it has none, or something would be lost."""
    from appraisal.publish.returned.workbook import without_marks  # noqa: PLC0415 - loads openpyxl

    return without_marks(path.read_bytes())


@lru_cache(maxsize=2)
def _unpacked(reading_by: bytes) -> tuple[Rulebook, Roster | None]:
    """Once for all the files of a process."""
    by: tuple[Rulebook, Roster | None] = pickle.loads(reading_by)  # noqa: S301 - the coordinator's own
    return by
