"""A whole GroupResult as bytes, and back: result.json is for others and leaves out what we need."""

from __future__ import annotations

import zlib
from functools import cache

from pydantic import TypeAdapter

from appraisal.scoring.results import GroupResult


@cache
def _adapter() -> TypeAdapter[GroupResult]:
    return TypeAdapter(GroupResult)


def to_bytes(result: GroupResult) -> bytes:
    """JSON, deflated: a month of 30 people takes a tenth of the room."""
    return zlib.compress(_adapter().dump_json(result))


def from_bytes(content: bytes) -> GroupResult:
    return _adapter().validate_json(zlib.decompress(content))
