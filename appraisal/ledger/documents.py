"""Documents by hash: the rule text, roster, settings and templates that months were made with."""

from __future__ import annotations

from sqlalchemy import Connection


class Documents:
    """Bytes kept once, however often they are used."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def keep(self, kind: str, content: bytes) -> str:
        """Keep the bytes, and give their sha256. `kind` (`rules`, `roster` …) is that of the first keeping."""
        raise NotImplementedError

    def get(self, sha256: str) -> bytes | None:
        raise NotImplementedError
