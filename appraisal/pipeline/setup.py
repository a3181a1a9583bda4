"""What a workspace is set up with: everything in it that is loaded and checked before a pass begins."""

from __future__ import annotations

import pickle
import stat
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory

from appraisal.errors import AppraisalError, Signal
from appraisal.intake.roster import Roster
from appraisal.intake.roster_file import load_roster
from appraisal.ledger.ledger import Transaction
from appraisal.ledger.months import RULE_FILE, RULES_AT_HAND
from appraisal.ledger.records import Revision
from appraisal.publish.templates.loading import (
    MONTH_TEMPLATES,
    Templates,
    load_templates,
    own_templates,
    try_out,
)
from appraisal.scheme.rulebook import Rulebook, load_rulebook
from appraisal.workspace.files import Files
from appraisal.workspace.paths import PROGRAM_FOLDER, RULES, TEMPLATES, Workspace, WorkspaceError, sha256_of
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
        """Rules and roster for the processes that read, pickled once: for each file it would cost half its reading."""
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
            files.write(note, "".join(f"{sha256}\n" for sha256 in sorted(tried)).encode(), private=True)
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


_ZIP = b"PK"


class PastSetupError(Signal):
    """What a revision was made with is not kept any more, or cannot be used; one Chinese clause."""


@dataclass
class PastSetups:
    """Rules, settings, roster and own templates as they were; each combination is loaded once.

    Templates that came with the program are today's: they belong to its version.
    """

    _loaded: dict[frozenset[tuple[str, str]], Setup] = field(default_factory=dict)

    def of(self, revision: Revision, transaction: Transaction) -> Setup:
        """The set-up of the revision. Raises PastSetupError."""
        if RULES_AT_HAND in revision.provenance.documents:
            raise PastSetupError("台账恢复时只有 result.json，没有当时的规则和设置")
        documents = _documents(revision)
        key = frozenset(documents.items())
        if key not in self._loaded:
            with TemporaryDirectory() as folder:
                _write(documents, Path(folder), transaction)
                try:
                    self._loaded[key] = load_setup(Workspace(Path(folder)), is_kept=True)
                except AppraisalError as error:
                    raise PastSetupError(str(error).rstrip("。")) from error
        return self._loaded[key]


def is_made_with(revision: Revision, setup: Setup) -> bool:
    """Whether the set-up would give the very bytes that the revision was made with."""
    scheme = setup.rulebook.in_force(revision.scheme, revision.period)
    if scheme is None or scheme.version != revision.version:
        return False
    contents = {RULE_FILE: setup.rulebook.text_of(scheme), **setup.own_documents}
    return _documents(revision) == {kind: sha256_of(text) for kind, text in contents.items()}


def _documents(revision: Revision) -> dict[str, str]:
    kept = revision.provenance.documents
    return {
        kind: sha256
        for kind, sha256 in kept.items()
        if kind in {RULE_FILE, "roster", "settings"} or kind.startswith(f"{TEMPLATES}/")
    }


def _write(documents: Mapping[str, str], folder: Path, transaction: Transaction) -> None:
    for kind, sha256 in documents.items():
        content = transaction.documents.get(sha256)
        if content is None:
            raise PastSetupError(f"台账里没有当时的{_NAMES.get(kind, kind)}")
        path = folder / _file_name(kind, content)
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)


_NAMES = {RULE_FILE: "规则文件", "roster": "花名册", "settings": "设置"}


def _file_name(kind: str, content: bytes) -> str:
    """Where `load_setup` looks for a document of this kind."""
    if kind == RULE_FILE:
        return "rules/kept.yaml"
    if kind == "roster":
        return "roster.xlsx" if content.startswith(_ZIP) else "roster.csv"
    return "settings.toml" if kind == "settings" else kind
