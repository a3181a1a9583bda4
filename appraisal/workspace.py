"""The folders of a workspace, and everything in them that is set up before a pass begins."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from appraisal.files import reason_of
from appraisal.intake.roster import Roster, RosterError, load_roster
from appraisal.publish.template_trial import try_out
from appraisal.publish.templates import (
    MONTH_TEMPLATES,
    TemplateError,
    Templates,
    load_templates,
    own_templates,
)
from appraisal.scheme.loading import RulesError
from appraisal.scheme.rulebook import Rulebook, load_rulebook
from appraisal.settings import Settings, SettingsError, load_settings

PROGRAM_FOLDER = Path(__file__).resolve().parent.parent
"""Where pipeline.py lies: the default workspace, and the home of the shipped rules and templates."""

HR_FOLDER = "人事"
"""HR's own folder in the inbox, where it wants one, and in the outbox."""


TEMPLATES = "templates"


class WorkspaceError(Exception):
    """The workspace cannot be used; one Chinese sentence and the next step."""


@dataclass(frozen=True, slots=True)
class Workspace:
    """Paths only; `made` creates what is absent."""

    root: Path

    @property
    def inbox(self) -> Path:
        return self.root / "inbox"

    @property
    def outbox(self) -> Path:
        return self.root / "outbox"

    @property
    def state(self) -> Path:
        return self.root / "state"

    @property
    def archive(self) -> Path:
        return self.state / "archive"

    @property
    def default_ledger(self) -> str:
        """The URL of the ledger that the workspace keeps itself."""
        return f"sqlite:///{(self.state / 'ledger.db').as_posix()}"

    def own_or_shipped(self, name: str) -> Path:
        """The workspace's own `rules` or `templates`; the shipped one where it has none."""
        own = self.root / name
        return own if own.is_dir() else PROGRAM_FOLDER / name

    def made(self) -> Workspace:
        """The same workspace, its folders made; state is for its owner alone where modes exist."""
        try:
            for folder in (self.inbox, self.outbox):
                folder.mkdir(parents=True, exist_ok=True)
            for folder in (self.state, self.archive):
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                folder.chmod(0o700)
        except OSError as error:
            raise WorkspaceError(
                f"工作区 {self.root} 用不了：{reason_of(error)}。请检查文件夹是否存在、是否有读写权限。"
            ) from None
        return self


SETUP_ERRORS = (WorkspaceError, RulesError, SettingsError, RosterError, TemplateError, OSError)
"""What `load_setup` raises where something in a workspace cannot be used."""


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


def load_setup(workspace: Workspace) -> Setup:
    """What the workspace is set up with. Raises one of SETUP_ERRORS."""
    if workspace.root.exists() and not workspace.root.is_dir():
        raise WorkspaceError(f"工作区 {workspace.root} 不是文件夹。请用 --workspace 指定一个文件夹。")
    own, shipped = workspace.root / TEMPLATES, PROGRAM_FOLDER / TEMPLATES
    templates = load_templates(own, shipped)
    try_out(templates, () if own == shipped else own_templates(own))
    return Setup(
        rulebook=load_rulebook(workspace.own_or_shipped("rules")),
        settings=load_settings(workspace.root / "settings.toml"),
        roster=load_roster(workspace.root),
        templates=templates,
        sources=_sources(workspace.root),
    )


def _sources(root: Path) -> dict[str, bytes]:
    names = {"roster.xlsx": "roster", "roster.csv": "roster", "settings.toml": "settings"}
    names |= {f"{TEMPLATES}/{name}": f"{TEMPLATES}/{name}" for name in MONTH_TEMPLATES}
    return {kind: (root / name).read_bytes() for name, kind in names.items() if (root / name).is_file()}


def sha256_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
