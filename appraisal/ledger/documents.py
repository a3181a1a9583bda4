"""Documents that the ledger keeps: whole results, and the texts that months were made with.

A GroupResult is kept as bytes, because result.json is for others and leaves out what we need. Rule
texts, rosters, settings and templates are kept once each, by hash.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping, Sequence
from functools import cache

from pydantic import TypeAdapter
from sqlalchemy import insert, select

from appraisal.ledger.tables import Repository, documents
from appraisal.scoring.results import GroupResult
from appraisal.workspace.paths import sha256_of


@cache
def _adapter() -> TypeAdapter[GroupResult]:
    return TypeAdapter(GroupResult)


def to_bytes(result: GroupResult) -> bytes:
    """JSON, deflated: a month of 30 people takes a tenth of the room."""
    return zlib.compress(_adapter().dump_json(result))


def from_bytes(content: bytes) -> GroupResult:
    return _adapter().validate_json(zlib.decompress(content))


RULE_FILE = "rules"
"""The kind of document that keeps the rule file by which a month was scored."""

RULES_AT_HAND = "rules_at_hand"
"""What a month bears that was put back from its result.json alone: it is read by these rules, and nothing made by them."""

WORDS = "words"
"""The kind of document that keeps what HR wrote into the notice."""


class Documents(Repository):
    """Bytes kept once, however often they are used."""

    def keep(self, kind: str, content: bytes) -> str:
        """Keep the bytes, and give their sha256. `kind` (`rules`, `roster` …) is that of the first keeping."""
        sha256 = sha256_of(content)
        known = select(documents.c.sha256).where(documents.c.sha256 == sha256)
        if self._connection.scalar(known) is None:
            self._connection.execute(insert(documents).values(sha256=sha256, kind=kind, content=content))
        return sha256

    def keep_words(self, words: Mapping[str, Sequence[str]]) -> dict[str, str]:
        """Keep what HR wrote into a notice, for the documents of its revision; nothing where HR wrote nothing."""
        if not words:
            return {}
        return {WORDS: self.keep(WORDS, json.dumps(words, ensure_ascii=False, sort_keys=True).encode())}

    def words(self, kept: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
        """HR's words by the documents of a revision."""
        content = self.get(kept[WORDS]) if WORDS in kept else None
        return {place: tuple(said) for place, said in json.loads(content or b"{}").items()}

    def of_kind(self, kind: str) -> frozenset[str]:
        """The hashes of all documents that were first kept as this kind."""
        found = select(documents.c.sha256).where(documents.c.kind == kind)
        return frozenset(self._connection.scalars(found))

    def get(self, sha256: str) -> bytes | None:
        content: bytes | None = self._connection.scalar(
            select(documents.c.content).where(documents.c.sha256 == sha256)
        )
        return content
