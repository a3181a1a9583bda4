"""The folders of a workspace, and the marks in it of the ledger that it works with.

One mark lies beside the ledger, one beside the papers. Whoever puts back a backup of `state` brings back its
mark, too: then the outbox still knows better.
"""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from appraisal.errors import AppraisalError
from appraisal.workspace.files import Files, reason_of
from appraisal.workspace.system import make_private

_PACKAGE = Path(__file__).resolve().parents[1]

IS_INSTALLED = (_PACKAGE / "rules").is_dir()
"""Whether pip installed the program; in a checkout rules and templates lie beside pipeline.py."""

PROGRAM_FOLDER = _PACKAGE if IS_INSTALLED else _PACKAGE.parent
"""The home of the shipped rules and templates."""

PROGRAM = "appraisal" if IS_INSTALLED else "python pipeline.py"
"""How people start it."""

RULES, TEMPLATES = "rules", "templates"


class WorkspaceError(AppraisalError):
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
    def ledger_file(self) -> Path:
        """The ledger that the workspace keeps itself."""
        return self.state / "ledger.db"

    @property
    def default_ledger(self) -> str:
        """Its URL."""
        return f"sqlite:///{self.ledger_file.as_posix()}"

    @property
    def rules(self) -> tuple[Path, ...]:
        """The folders of rule files: the shipped ones, then the workspace's own, which add to them."""
        return self.shipped_and_own(RULES)

    def shipped_and_own(self, name: str) -> tuple[Path, ...]:
        """The shipped `rules` or `templates`, then the workspace's own where it has some."""
        shipped, own = PROGRAM_FOLDER / name, self.root / name
        return (shipped,) if own == shipped or not own.is_dir() else (shipped, own)

    def made(self) -> Workspace:
        """The same workspace, its folders made; state is for its owner alone where modes exist."""
        try:
            for folder in (self.inbox, self.outbox):
                folder.mkdir(parents=True, exist_ok=True)
            for folder in (self.state, self.archive):
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                make_private(folder)
        except OSError as error:
            raise WorkspaceError(
                f"工作区 {self.root} 用不了：{reason_of(error)}。请检查文件夹是否存在、是否有读写权限。"
            ) from None
        return self


def default_workspace() -> Path:
    """Where people work who name no workspace: the folder of pipeline.py, or with the command the current one."""
    return Path.cwd() if IS_INSTALLED else PROGRAM_FOLDER


def sha256_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


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
    marks = []
    for path in mark_paths(workspace):
        with suppress(OSError, ValueError, TypeError, KeyError):
            found = json.loads(path.read_text("utf-8"))
            marks.append(LedgerMark(str(found["ledger"]), int(found["passes"])))
    return tuple(marks)


def write_marks(workspace: Workspace, mark: LedgerMark, files: Files) -> None:
    """Safely on disk; where one cannot be written the former stands, which says less and nothing wrong."""
    content = json.dumps(asdict(mark)).encode()
    for path in mark_paths(workspace):
        with suppress(OSError):
            files.write(path, content, private=path.parent == workspace.state)
            files.sync([path])
