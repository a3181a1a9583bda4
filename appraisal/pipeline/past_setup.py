"""The set-up that a revision was made with: the ledger keeps it, and every revision that goes on from it takes it.

Whoever changes a rule, a setting, the roster or a template changes nothing that was made before.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from appraisal.errors import Signal
from appraisal.ledger.documents import RULES, RULES_AT_HAND, WORDS
from appraisal.ledger.ledger import Transaction
from appraisal.ledger.records import Revision
from appraisal.pipeline.kept_documents import CONTENT, FIGURES
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

    _loaded: dict[frozenset[tuple[str, str]], Setup] = field(default_factory=dict)

    def of(self, revision: Revision, transaction: Transaction) -> Setup:
        """The set-up of the revision. Raises FormerSetupError, and what `load_setup` does."""
        if RULES_AT_HAND in revision.making.documents:
            raise FormerSetupError("台账恢复时只有 result.json，没有当时的规则和设置")
        documents = _documents(revision)
        key = frozenset(documents.items())
        if key not in self._loaded:
            with TemporaryDirectory() as folder:
                _write(documents, Path(folder), transaction)
                self._loaded[key] = load_setup(Workspace(Path(folder)), is_kept=True)
        return self._loaded[key]


def is_made_with(revision: Revision, setup: Setup) -> bool:
    """Whether the set-up would give the very bytes that the revision was made with."""
    scheme = setup.rulebook.in_force(revision.scheme, revision.period)
    if scheme is None or scheme.version != revision.version:
        return False
    contents = {RULES: setup.rulebook.text_of(scheme), **setup.own_documents}
    return _documents(revision) == {kind: hashlib.sha256(text).hexdigest() for kind, text in contents.items()}


def _documents(revision: Revision) -> dict[str, str]:
    kept = revision.making.documents
    return {kind: sha256 for kind, sha256 in kept.items() if kind not in {FIGURES, CONTENT, WORDS}}


def _write(documents: Mapping[str, str], folder: Path, transaction: Transaction) -> None:
    for kind, sha256 in documents.items():
        content = transaction.documents.get(sha256)
        if content is None:
            raise FormerSetupError(f"台账里没有当时的{_NAMES.get(kind, kind)}")
        path = folder / _file_name(kind, content)
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)


_NAMES = {RULES: "规则文件", "roster": "花名册", "settings": "设置"}


def _file_name(kind: str, content: bytes) -> str:
    """Where `load_setup` looks for a document of this kind."""
    if kind == RULES:
        return "rules/kept.yaml"
    if kind == "roster":
        return "roster.xlsx" if content.startswith(_ZIP) else "roster.csv"
    return "settings.toml" if kind == "settings" else kind
