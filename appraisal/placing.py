"""Putting finished documents into the outbox, and what was there before out of their way.

What we wrote is known by its hash. A file whose bytes are not ours (HR edited the notice) is never
overwritten, moved or removed: the new one is written beside it with its revision in the name.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from appraisal.files import Files

FORMER_REVISIONS = "历史版次"


@dataclass
class Outbox:
    """The outbox folder, with the hashes of what we placed there (`path relative to it` → sha256).

    `placed` is changed along with the folder; the caller keeps it in the ledger. Every step may be
    repeated after an interruption and then ends in the same state.
    """

    root: Path
    files: Files
    placed: dict[str, str]
    changed: dict[str, str | None] = field(default_factory=dict)

    def place(self, folder: str, documents: Mapping[str, bytes], revision: int) -> list[str]:
        """Write the documents into `folder` in their order; the paths they have now, below the root."""
        return [self._place(f"{folder}/{name}", content, revision) for name, content in documents.items()]

    def _place(self, path: str, content: bytes, revision: int) -> str:
        digest = hashlib.sha256(content).hexdigest()
        present = self._sha256_at(path)
        if present is not None and present not in {digest, self.placed.get(path)}:
            path = _beside(path, revision)
            present = self._sha256_at(path)
        if present != digest:
            self.files.write(self.root / path, content)
        self._note(path, digest)
        return path

    def retire(self, folder: str, revision: int) -> None:
        """Move the set that we placed in `folder` to `历史版次/第n版`, whole but for what HR edited."""
        former = f"{folder}/{FORMER_REVISIONS}/"
        own = [path for path in self.placed if path.startswith(f"{folder}/") and not path.startswith(former)]
        for path in own:
            target = f"{former}第{revision}版/{path.removeprefix(f'{folder}/')}"
            digest = self.placed[path]
            if self._sha256_at(path) == digest:
                self.files.move(self.root / path, self.root / target)
            if self._sha256_at(target) == digest:  # moved now, or before an interruption
                self._note(target, digest)
            self._note(path, None)

    def clear(self, folder: str) -> None:
        """Remove what we placed in `folder` and nobody changed."""
        for path in [path for path in self.placed if path.startswith(f"{folder}/")]:
            if self._sha256_at(path) == self.placed[path]:
                self.files.remove(self.root / path)
            self._note(path, None)

    def free_name(self, folder: str, stem: str, suffix: str) -> str:
        """`stem`, or `stem_2` and so on where the file of that name is not ours to replace."""
        turn, name = 1, stem
        while self._is_taken(f"{folder}/{name}{suffix}"):
            turn += 1
            name = f"{stem}_{turn}"
        return name

    def _is_taken(self, path: str) -> bool:
        if path in self.changed:
            return self.changed[path] is not None
        present = self._sha256_at(path)
        return present is not None and present != self.placed.get(path)

    def _sha256_at(self, path: str) -> str | None:
        try:
            return hashlib.sha256((self.root / path).read_bytes()).hexdigest()
        except FileNotFoundError:
            return None

    def _note(self, path: str, digest: str | None) -> None:
        self.changed[path] = digest
        if digest is None:
            self.placed.pop(path, None)
        else:
            self.placed[path] = digest


def _beside(path: str, revision: int) -> str:
    whole = PurePosixPath(path)
    return str(whole.with_name(f"{whole.stem}_第{revision}版{whole.suffix}"))
