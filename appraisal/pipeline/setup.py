"""What a workspace is set up with: everything in it that is loaded and checked before a pass begins."""

from __future__ import annotations

import pickle
import stat
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from appraisal.intake.roster import Roster
from appraisal.intake.roster_file import load_roster
from appraisal.publish.templates.loading import (
    MONTH_TEMPLATES,
    Templates,
    load_templates,
    own_templates,
    try_out,
)
from appraisal.scheme.rulebook import Rulebook, load_rulebook
from appraisal.workspace.files import Files
from appraisal.workspace.paths import PROGRAM_FOLDER, RULES, TEMPLATES, Workspace, WorkspaceError
from appraisal.workspace.settings import Settings, load_settings


@dataclass(frozen=True)
class Setup:
    """Rules, settings, roster and templates, checked; picklable, so that workers get the same."""

    rulebook: Rulebook
    settings: Settings
    roster: Roster | None
    templates: Templates
    own_documents: Mapping[str, bytes]
    """The workspace's own roster, settings and templates as they were, by kind, for the ledger.

    Templates go by `templates/<name>`; the shipped ones belong to the program's version.
    """

    @cached_property
    def reading_by(self) -> bytes:
        """Rules and roster for readers: pickled for every file anew they would cost more than half its reading."""
        return pickle.dumps((self.rulebook, self.roster))


def load_setup(workspace: Workspace, *, files: Files | None = None, is_kept: bool = False) -> Setup:
    """What the workspace is set up with. Raises the AppraisalError that says what cannot be used, or OSError.

    Where there are `files` to write with, the templates that were tried out are noted for the next start. What
    `is_kept` with a month was found right when it came, and its rules are all there are.
    """
    if workspace.root.exists() and not workspace.root.is_dir():
        raise WorkspaceError(f"工作区 {workspace.root} 不是文件夹。请用 --workspace 指定一个文件夹。")
    rules = (workspace.root / RULES,) if is_kept else workspace.rules
    templates, rulebook = _tried_templates(workspace, files), load_rulebook(*rules)
    return Setup(
        templates=templates,
        rulebook=rulebook,
        settings=load_settings(workspace.root / "settings.toml"),
        roster=load_roster(workspace.root, rulebook, is_kept=is_kept),
        own_documents=_own_documents(workspace.root),
    )


def _tried_templates(workspace: Workspace, files: Files | None) -> Templates:
    """The templates, each tried out once for its bytes.

    A trial of somebody's own template is a process under a clock, half a second at every start; so the
    hashes of those that went well are kept, a line each. A line that is lost costs a trial, no more.
    """
    own, shipped = workspace.root / TEMPLATES, PROGRAM_FOLDER / TEMPLATES
    templates = load_templates(own, shipped)
    note, before = workspace.state / "tried_templates.txt", frozenset[str]()
    with suppress(OSError):
        before = frozenset(note.read_text("ascii", "replace").split())
    tried = try_out(templates, () if own == shipped else own_templates(own), done=before)
    if files is not None and tried != before:
        with suppress(OSError):
            files.write(note, "".join(f"{one}\n" for one in sorted(tried)).encode(), private=True)
    return templates


def _own_documents(root: Path) -> dict[str, bytes]:
    names = {"roster.xlsx": "roster", "roster.csv": "roster", "settings.toml": "settings"}
    names |= {f"{TEMPLATES}/{name}": f"{TEMPLATES}/{name}" for name in MONTH_TEMPLATES}
    return {kind: (root / name).read_bytes() for name, kind in names.items() if (root / name).is_file()}


SetupVersion = tuple[tuple[str, int, int], ...]


def setup_version(workspace: Workspace) -> SetupVersion:
    """Names, sizes and times of the files that the set-up is read from: another one, another set-up."""
    root = workspace.root
    single = (root / "settings.toml", root / "roster.xlsx", root / "roster.csv")
    folders = (*workspace.rules, *workspace.shipped_and_own(TEMPLATES))
    files = (*single, *(path for folder in folders for path in sorted(folder.glob("*"))))
    return tuple(version for path in files if (version := _version_of(path)) is not None)


def _version_of(path: Path) -> tuple[str, int, int] | None:
    """Name, size and time of a plain file; None where there is none (any more)."""
    try:
        status = path.stat()
    except OSError:
        return None
    return (str(path), status.st_size, status.st_mtime_ns) if stat.S_ISREG(status.st_mode) else None
