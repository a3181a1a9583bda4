"""What was worked out of a workspace's set-up when it was last loaded, so that a start need not do it again.

Rule files are read with the place of every word, and templates are compiled and tried out: together a
third of a second, for files that change a few times a year. What they came to is kept in the state
folder by the hashes of their bytes and of the program that worked it out. It saves work and decides
nothing: rules from a note are checked like any others, and notes that do not fit are as good as none.
"""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

from appraisal import __version__
from appraisal.scheme import loading
from appraisal.scheme.loading import Readings
from appraisal.workspace.files import Files

_FILE = "set_up.json"


@dataclass
class SetUpNotes:
    """`readings` are of rule files, `trials` of templates; whoever loads them adds what is new."""

    readings: Readings = field(default_factory=dict)
    trials: frozenset[str] = frozenset()

    def as_json(self) -> bytes:
        """With its own hash in front. TypeError for values that JSON does not have."""
        told = {"by": _by(), "readings": self.readings, "trials": sorted(self.trials)}
        text = json.dumps(told, ensure_ascii=False).encode("utf-8", "surrogatepass")
        return hashlib.sha256(text).hexdigest().encode() + b"\n" + text


def notes_in(state: Path) -> SetUpNotes:
    """The notes in the state folder; empty where there are none, or others than this program wrote."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        digest, _, text = (state / _FILE).read_bytes().partition(b"\n")
        if hashlib.sha256(text).hexdigest().encode() == digest:
            told = json.loads(text.decode("utf-8", "surrogatepass"))
            if told["by"] == _by():
                return SetUpNotes(told["readings"], frozenset(told["trials"]))
    return SetUpNotes()


def keep_notes(notes: SetUpNotes, state: Path, files: Files) -> None:
    """Write the notes down; where that cannot be, the next start works it out again."""
    with suppress(OSError, TypeError, ValueError):
        files.write(state / _FILE, notes.as_json(), private=True)


def _by() -> str:
    """Which program: its version, how it reads rule files, and the library that it reads them with."""
    reading = hashlib.sha256(Path(loading.__file__).with_name("yaml_text.py").read_bytes()).hexdigest()
    return f"{__version__} {reading} {version('ruamel.yaml')}"
