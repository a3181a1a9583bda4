"""Putting finished documents into the outbox, and what was there before out of their way.

What we wrote is known by its hash. A file whose bytes are not ours (HR edited the notice) is never
overwritten, moved or removed: the new one is written beside it with its revision in the name.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain, count
from pathlib import Path, PurePosixPath

from appraisal.workspace.files import Files, open_dropped
from appraisal.workspace.paths import sha256_of

FORMER_REVISIONS = "历史版次"


@dataclass(frozen=True, slots=True)
class PlannedDocument:
    """A document that has its path below the outbox and is not written yet."""

    path: str
    sha256: str
    content: bytes


@dataclass
class Outbox:
    """The outbox folder, with the hashes of what we placed there (`path relative to it` → sha256).

    `placed` is changed along with the folder; the caller keeps it in the ledger. `intended` is what an
    interrupted pass may have written before us, and `intend` is told before we write. So every step may
    be repeated after an interruption, on another day too, and then ends in the same state.
    """

    root: Path
    files: Files
    placed: dict[str, str]
    intended: dict[str, set[str]]
    intend: Callable[[Mapping[str, str]], None]
    changed: dict[str, str | None] = field(default_factory=dict)
    _gone: set[str] = field(default_factory=set)
    _inside: set[str] = field(default_factory=set)
    _paths: dict[str, Path] = field(default_factory=dict)

    def at(self, path: str) -> Path:
        """Where it is in the file system; a month asks that of forty papers several times over."""
        if path not in self._paths:
            self._paths[path] = self.root / path
        return self._paths[path]

    def place(self, folder: str, documents: Mapping[str, bytes]) -> list[str]:
        """Write the documents into `folder` in their order; the paths they have now, below the root."""
        ready = self.prepare(folder, documents)
        self.intend(intended_by(ready))
        return self.write(ready)

    def prepare(
        self, folder: str, documents: Mapping[str, bytes], mark: str = "_新"
    ) -> list[PlannedDocument]:
        """The documents with the paths that they will have; the caller intends them, and then writes them.

        `mark` goes into the name of one that is written beside somebody else's file.
        """
        ready = []
        for name, content in documents.items():
            digest = sha256_of(content)
            ready.append(PlannedDocument(self._free_path(f"{folder}/{name}", digest, mark), digest, content))
        return ready

    def write(self, ready: Iterable[PlannedDocument]) -> list[str]:
        """Write what was prepared and intended; the paths."""
        paths = []
        for paper in ready:
            self.intended.setdefault(paper.path, set()).add(paper.sha256)
            if self._sha256_at(paper.path) != paper.sha256:
                self.files.write(self.at(paper.path), paper.content)
            self._note(paper.path, paper.sha256)
            paths.append(paper.path)
        return paths

    def retire(self, folder: str, edition: str, *, names: Collection[str] | None = None) -> None:
        """Move what we placed in `folder` to `历史版次/<edition>`, but for what HR edited.

        `names`: those that are called so alone, with what tells them from a paper of HR's or without.
        """
        former = f"{folder}/{FORMER_REVISIONS}/"
        own = [path for path in self.placed if path.startswith(f"{folder}/") and not path.startswith(former)]
        for path in own:
            digest, name = self.placed[path], path.removeprefix(f"{folder}/")
            if not (names is None or name in names or _BESIDE_HRS.sub("", name) in names):
                continue
            target = self._free_path(f"{former}{edition}/{name}", digest, "_原件")
            if self._sha256_at(path) == digest:
                self.files.move(self.at(path), self.at(target))
            if self._sha256_at(target) == digest:  # moved now, or before an interruption
                self._note(target, digest)
            self._note(path, None)

    def drop_leftovers(self, folder: str) -> None:
        """Remove what an interrupted pass wrote in `folder` and this one did not write again."""
        for path in [path for path in self.intended if path.startswith(f"{folder}/")]:
            if path not in self.placed and self._sha256_at(path) in self.intended[path]:
                self.files.remove(self.at(path), inside=self.root)
                self._note(path, None)

    def drop_others(self, folder: str, kept: Collection[str]) -> None:
        """Remove what we placed in `folder` before, but for the paths in `kept` and what somebody changed."""
        self.drop([path for path in self.placed if path.startswith(f"{folder}/") and path not in kept])
        self.drop_leftovers(folder)

    def drop(self, paths: Iterable[str], *, or_like: bytes | None = None) -> None:
        """Remove those of the paths that we placed before and nobody changed, or that say what is kept elsewhere."""
        kept = None if or_like is None else sha256_of(or_like)
        for path in paths:
            if path in self.placed:
                if self._sha256_at(path) in {self.placed[path], kept} - {None}:
                    self.files.remove(self.at(path), inside=self.root)
                self._note(path, None)

    def free_name(self, folder: str, stem: str, taken: Collection[str]) -> str:
        """`stem`, or `stem_2` and so on where the page of that name (.html) is not ours to replace.

        What stands at the `taken` paths (below the outbox) stays too.
        """

        def is_free(path: str) -> bool:
            return self._is_ours(path) and (path not in taken or self._sha256_at(path) is None)

        return next(name for name in _numbered(stem) if is_free(f"{folder}/{name}.html"))

    def _free_path(self, path: str, digest: str, mark: str) -> str:
        """The path itself, or one beside it with `mark` where somebody else's file stands there."""
        self._must_be_inside(path)
        if self._is_ours(path, digest):
            return path
        whole = PurePosixPath(path)
        names = (f"{whole.stem}{numbered}{whole.suffix}" for numbered in _numbered(mark))
        paths = (str(whole.with_name(name)) for name in names)
        return next(candidate for candidate in paths if self._is_ours(candidate, digest))

    def _is_ours(self, path: str, digest: str | None = None) -> bool:
        """Whether nothing stands there that somebody would miss; `digest` is what is to stand there."""
        present = self._sha256_at(path)
        ours = {digest, self.placed.get(path), *self.intended.get(path, ())}
        return present is None or present in ours

    def _sha256_at(self, path: str) -> str | None:
        """The hash of what stands there, None if nothing does; OSError if it is no plain file."""
        try:
            handle = open_dropped(self.at(path))
        except FileNotFoundError:
            return None
        with os.fdopen(handle, "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    def _must_be_inside(self, path: str) -> None:
        """Links that people laid into the outbox lead nowhere."""
        folder = path.rpartition("/")[0]
        if folder in self._inside:
            return
        if not self.at(folder).resolve().is_relative_to(self.root.resolve()):
            raise OSError(errno.EXDEV, "a link leads out of the outbox", path)
        self._inside.add(folder)

    def remove_empty(self) -> None:
        """Delete the folders that hold nothing any more since something of ours was taken out of them."""
        self.files.remove_empty(map(self.at, self._gone), self.root)

    def _note(self, path: str, digest: str | None) -> None:
        self.changed[path] = digest
        if digest is None:
            self._gone.add(path)
            self.placed.pop(path, None)
        else:
            self.placed[path] = digest


@dataclass
class Placement:
    """A month's papers on their way into the outbox: first their paths, then, once intended, their bytes.

    `makes_room` is the folder of 历史版次 for the papers that lay there; `is_partial`: for those of the same names alone.
    `blank` is next month's, which takes the place of the one in `blank_folder`.
    """

    outbox: Outbox
    folder: str
    documents: Mapping[str, bytes]
    mark: str
    makes_room: str | None
    is_partial: bool
    blank_folder: str
    blank: Mapping[str, bytes]
    papers: list[PlannedDocument] = field(default_factory=list, init=False)
    blanks: list[PlannedDocument] = field(default_factory=list, init=False)

    def prepare(self) -> None:
        """Move the former revision's papers away and find the paths of these. Raises OSError."""
        if self.makes_room is not None:
            names = self.documents.keys() if self.is_partial else None
            self.outbox.retire(self.folder, self.makes_room, names=names)
        self.papers = self.outbox.prepare(self.folder, self.documents, self.mark)
        self.blanks = self.outbox.prepare(self.blank_folder, self.blank)

    @property
    def ready(self) -> list[PlannedDocument]:
        """What is written, or about to be."""
        return [*self.papers, *self.blanks]

    @property
    def paths(self) -> list[str]:
        """Where the month's own papers lie, below the outbox."""
        return [paper.path for paper in self.papers]

    def write(self) -> None:
        """Write what was prepared, and remove what it leaves without use. Raises OSError."""
        self.outbox.write(self.papers)
        self.outbox.drop_leftovers(self.folder)
        if self.blanks:
            self.outbox.drop_others(self.blank_folder, kept=self.outbox.write(self.blanks))


def former_edition(revision: int) -> str:
    """The folder of a former revision's papers in 历史版次."""
    return f"第{revision}版"


def edition_mark(revision: int, *, is_draft: bool) -> str:
    """What the name of a paper gets that lies beside one of HR's: which edition it is, and whether it is the issued one."""
    return f"_第{revision}版{'' if is_draft else '_已下发'}"


def placed_paper(placed: Iterable[str], folder: str, stem: str, suffix: str) -> str | None:
    """Where the paper lies that is called so, among the `placed` paths below the outbox; None if nowhere.

    One that was written beside a file that HR had edited is the later of the two.
    """
    name = f"{folder}/{stem}{suffix}"
    return max((path for path in placed if _BESIDE_HRS.sub("", path) == name), key=len, default=None)


_BESIDE_HRS = re.compile(r"_第\d+版(_已下发)?(_\d+)?(?=\.\w+$)")


def intended_by(ready: Iterable[PlannedDocument]) -> dict[str, str]:
    """Path → sha256, for `intend`."""
    return {paper.path: paper.sha256 for paper in ready}


def _numbered(stem: str) -> Iterator[str]:
    """`stem`, then `stem_2`, `stem_3` and so on."""
    return chain((stem,), (f"{stem}_{turn}" for turn in count(2)))
