"""A program that stops, or is refused, at one chosen change of a file or of the ledger.

fate = Fate(turn=7, moment=Moment.DURING)
with open_context(..., files=FatedFiles(fate), ledger=FatedLedger(open_ledger(url), fate)) as context:
    take_all(context, look)           # Died at the seventh change, half of it done

Every change goes through the door of `appraisal.workspace.files` or through `Ledger.writing`, so counting
there counts them all. What a dead program would have done, it does not do: from the fatal instant
on every change dies too, clean-up after an exception among them.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

from appraisal.ledger.errors import LedgerError
from appraisal.ledger.ledger import Ledger, Transaction
from appraisal.workspace.files import RealFiles, temporary_beside
from tests.builders.ledgers import LedgerInFront


class Died(BaseException):
    """Stands for the instant of kill -9: nothing catches it on the way up."""


class Moment(Enum):
    """Where the chosen change goes wrong; the last two are refusals that the program lives through."""

    BEFORE = "before"
    DURING = "during"
    AFTER = "after"
    REFUSED = "refused"


@dataclass
class Fate:
    """What happens at which change, counted from 1; turn 0 lets everything pass and only counts."""

    turn: int = 0
    moment: Moment = Moment.BEFORE
    errno: int = 0
    changes: list[str] = field(default_factory=list)
    is_dead: bool = False

    def comes(self, what: str) -> bool:
        """Note the change; whether it is the chosen one."""
        if self.is_dead:
            raise Died
        self.changes.append(what)
        return len(self.changes) == self.turn

    def die(self) -> None:
        self.is_dead = True
        raise Died

    def change(self, what: str, do: Callable[[], None], half: Callable[[], None] = lambda: None) -> None:
        """Do it, unless it is the chosen one; `half` is what a death in its middle leaves."""
        if not self.comes(what):
            do()
            return
        if self.moment is Moment.REFUSED:
            raise OSError(self.errno, os.strerror(self.errno))
        if self.moment is Moment.DURING:
            half()
        elif self.moment is Moment.AFTER:
            do()
        self.die()


class FatedFiles(RealFiles):
    """The door to files, watched by a fate."""

    def __init__(self, fate: Fate) -> None:
        self._fate = fate

    def write(self, path: Path, content: bytes, *, private: bool = False) -> None:
        def half() -> None:
            path.parent.mkdir(parents=True, exist_ok=True)
            temporary_beside(path).write_bytes(content[: len(content) // 2])

        self._fate.change(
            f"write {path.name}", lambda: RealFiles.write(self, path, content, private=private), half
        )

    def store(self, path: Path, chunks: Iterable[bytes]) -> None:
        whole = b"".join(chunks)

        def half() -> None:
            path.write_bytes(whole[: len(whole) // 2])

        self._fate.change(f"store {path.name}", lambda: RealFiles.store(self, path, [whole]), half)

    def move(self, source: Path, target: Path) -> None:
        self._fate.change(f"move {target.name}", lambda: RealFiles.move(self, source, target))

    def remove(self, path: Path, *, inside: Path | None = None) -> None:
        self._fate.change(f"remove {path.name}", lambda: RealFiles.remove(self, path, inside=inside))

    def sync(self, paths: Iterable[Path]) -> None:
        self._fate.change("sync", lambda: RealFiles.sync(self, list(paths)))


class FatedLedger(LedgerInFront):
    """A ledger with every transaction of it ruled by a fate."""

    def __init__(self, real: Ledger, fate: Fate) -> None:
        super().__init__(real)
        self._fate = fate

    @contextmanager
    def writing(self) -> Iterator[Transaction]:
        fate, is_chosen = self._fate, self._fate.comes("ledger")
        if is_chosen and fate.moment is Moment.BEFORE:
            fate.die()
        if is_chosen and fate.moment is Moment.REFUSED:
            raise LedgerError("台账所在的磁盘已满。请腾出空间后再试。")
        with self.real.writing() as transaction:
            yield transaction
            if fate.is_dead:
                raise Died
            if is_chosen and fate.moment is Moment.DURING:
                fate.die()  # all of it written, nothing committed
        if is_chosen:
            fate.die()


class LockedFiles(RealFiles):
    """The door to files while another program holds one of them open, or a whole folder may not be written."""

    def __init__(self, locked: Path) -> None:
        self._locked = locked

    def write(self, path: Path, content: bytes, *, private: bool = False) -> None:
        self._must_be_free(path)
        super().write(path, content, private=private)

    def move(self, source: Path, target: Path) -> None:
        self._must_be_free(source, target)
        super().move(source, target)

    def remove(self, path: Path, *, inside: Path | None = None) -> None:
        self._must_be_free(path)
        super().remove(path, inside=inside)

    def _must_be_free(self, *paths: Path) -> None:
        if any(path.is_relative_to(self._locked) for path in paths):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))


class LikeWindows(RealFiles):
    """The door to files as on Windows: what is open cannot be replaced, names are case-blind, paths end at 260.

    `open_elsewhere` are files that another program has open. A name that is there in other letters is the same file
    there, and another here: it is noted in `clashes` and not written.
    """

    longest = 259

    def __init__(self) -> None:
        self.open_elsewhere: set[Path] = set()
        self.clashes: list[Path] = []

    def write(self, path: Path, content: bytes, *, private: bool = False) -> None:
        self._look_at(path)
        super().write(path, content, private=private)

    def move(self, source: Path, target: Path) -> None:
        self._look_at(source, target)
        super().move(source, target)

    def remove(self, path: Path, *, inside: Path | None = None) -> None:
        self._look_at(path)
        super().remove(path, inside=inside)

    def _look_at(self, *paths: Path) -> None:
        for path in paths:
            if path in self.open_elsewhere:
                raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
            for one in (path, *path.parents):
                there = {other.name for other in one.parent.iterdir()} if one.parent.is_dir() else set()
                if one.name not in there:
                    self.clashes += [one for name in there if name.casefold() == one.name.casefold()]
