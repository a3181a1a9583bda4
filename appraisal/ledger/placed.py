"""Files that we placed in the outbox, so that one with other bytes is known not to be ours."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy import Connection


class PlacedFiles:
    """Paths relative to the outbox, with `/`, to the sha256 of the bytes that we wrote there."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def wrote(self, files: Mapping[str, str]) -> None:
        """The files, path → sha256, stand there now."""
        raise NotImplementedError

    def forget(self, paths: Iterable[str]) -> None:
        """The files are no longer ours to replace: moved away or removed."""
        raise NotImplementedError

    def sha256_of(self, path: str) -> str | None:
        """What we wrote there last; None where we never did."""
        raise NotImplementedError

    def under(self, folder: str) -> dict[str, str]:
        """All our files in the folder and below, by path."""
        raise NotImplementedError
