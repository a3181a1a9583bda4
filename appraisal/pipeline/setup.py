"""What was worked out of a workspace's set-up when it was last loaded, so that a start need not do it again.

Rule files are read with the place of every word, and templates are compiled and tried out: together a
third of a second, for files that change a few times a year. What they came to is kept in the state
folder by the hashes of their bytes and of the program that worked it out. It saves work and decides
nothing: rules from a note are checked like any others, and notes that do not fit are as good as none.

What a workspace is set up with: everything in it that is loaded and checked before a pass begins."""

from __future__ import annotations

import hashlib
import json
import stat
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

from appraisal import __version__
from appraisal.intake.roster import Roster, load_roster
from appraisal.publish.templates.loading import (
    MONTH_TEMPLATES,
    Templates,
    load_templates,
    own_templates,
    try_out,
)
from appraisal.scheme import loading
from appraisal.scheme.loading import Readings
from appraisal.scheme.rulebook import Rulebook, load_rulebook
from appraisal.workspace.files import Files
from appraisal.workspace.paths import PROGRAM_FOLDER, TEMPLATES, Workspace, WorkspaceError, sha256_of
from appraisal.workspace.settings import Settings, load_settings

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


@dataclass(frozen=True, slots=True)
class Setup:
    """Rules, settings, roster and templates, checked; picklable, so that workers get the same."""

    rulebook: Rulebook
    settings: Settings
    roster: Roster | None
    templates: Templates
    sources: Mapping[str, bytes]
    """The workspace's own roster, settings and templates as they were, by kind, for the ledger.

    Templates go by `templates/<name>`; the shipped ones belong to the program's version.
    """


def load_setup(workspace: Workspace, *, files: Files | None = None) -> Setup:
    """What the workspace is set up with. Raises the AppraisalError that says what cannot be used, or OSError.

    Where there are `files` to write with, what was worked out is noted in the state folder for the next time.
    """
    if workspace.root.exists() and not workspace.root.is_dir():
        raise WorkspaceError(f"工作区 {workspace.root} 不是文件夹。请用 --workspace 指定一个文件夹。")
    before = notes_in(workspace.state)
    own, shipped = workspace.root / TEMPLATES, PROGRAM_FOLDER / TEMPLATES
    templates = load_templates(own, shipped)
    trials = try_out(templates, () if own == shipped else own_templates(own), done=before.trials)
    readings = dict(before.readings)
    setup = Setup(
        rulebook=load_rulebook(workspace.own_or_shipped("rules"), readings),
        settings=load_settings(workspace.root / "settings.toml"),
        roster=load_roster(workspace.root),
        templates=templates,
        sources=_sources(workspace.root),
    )
    present = {sha256_of(text) for text in setup.rulebook.texts.values()}
    notes = SetUpNotes({digest: readings[digest] for digest in sorted(present)}, trials)
    if files is not None and notes != before:
        keep_notes(notes, workspace.state, files)
    return setup


def _sources(root: Path) -> dict[str, bytes]:
    names = {"roster.xlsx": "roster", "roster.csv": "roster", "settings.toml": "settings"}
    names |= {f"{TEMPLATES}/{name}": f"{TEMPLATES}/{name}" for name in MONTH_TEMPLATES}
    return {kind: (root / name).read_bytes() for name, kind in names.items() if (root / name).is_file()}


SetupVersion = tuple[tuple[str, int, int], ...]


def setup_version(workspace: Workspace) -> SetupVersion:
    """Names, sizes and times of the files that the set-up is read from: another one, another set-up."""
    root = workspace.root
    single = (root / "settings.toml", root / "roster.xlsx", root / "roster.csv")
    folders = (workspace.own_or_shipped("rules"), workspace.own_or_shipped(TEMPLATES))
    files = (*single, *(path for folder in folders for path in sorted(folder.glob("*"))))
    return tuple(version for path in files if (version := _version_of(path)) is not None)


def _version_of(path: Path) -> tuple[str, int, int] | None:
    """Name, size and time of a plain file; None where there is none (any more)."""
    try:
        status = path.stat()
    except OSError:
        return None
    return (str(path), status.st_size, status.st_mtime_ns) if stat.S_ISREG(status.st_mode) else None
