"""The set-up that a revision was made with, put together again from what the ledger kept of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from appraisal.errors import Signal
from appraisal.ledger.ledger import Ledger
from appraisal.pipeline.repeated_data import FIGURES
from appraisal.pipeline.setup import Setup, load_setup
from appraisal.workspace.paths import Workspace

_ZIP = b"PK"


class FormerSetupError(Signal):
    """What a revision was made with is not kept any more; one Chinese clause."""


@dataclass
class FormerSetups:
    """Rules, settings, roster and own templates as they were; each combination is loaded once.

    Templates that came with the program are today's: they belong to its version.
    """

    ledger: Ledger
    _loaded: dict[frozenset[tuple[str, str]], Setup] = field(default_factory=dict)

    def of(self, documents: Mapping[str, str]) -> Setup:
        """The set-up of a revision's `making.documents`. Raises FormerSetupError, and what `load_setup` does."""
        documents = {kind: sha256 for kind, sha256 in documents.items() if kind != FIGURES}
        key = frozenset(documents.items())
        if key not in self._loaded:
            with TemporaryDirectory() as folder:
                self._write(documents, Path(folder))
                self._loaded[key] = load_setup(Workspace(Path(folder)))
        return self._loaded[key]

    def _write(self, documents: Mapping[str, str], folder: Path) -> None:
        with self.ledger.reading() as transaction:
            contents = {kind: transaction.documents.get(sha256) for kind, sha256 in documents.items()}
        for kind, content in contents.items():
            if content is None:
                raise FormerSetupError(f"台账里没有当时的{_NAMES.get(kind, kind)}")
            path = folder / _file_name(kind, content)
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(content)


_NAMES = {"rules": "规则文件", "roster": "花名册", "settings": "设置"}


def _file_name(kind: str, content: bytes) -> str:
    """Where `load_setup` looks for a document of this kind."""
    if kind == "rules":
        return "rules/kept.yaml"
    if kind == "roster":
        return "roster.xlsx" if content.startswith(_ZIP) else "roster.csv"
    return "settings.toml" if kind == "settings" else kind
