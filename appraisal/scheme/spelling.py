"""The nearest known name for one that nobody knows."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def did_you_mean(written: str, known: Iterable[str]) -> str:
    """`，是不是“…”？` for the nearest known name, or nothing where none is near."""
    near = difflib.get_close_matches(written, list(known), n=1, cutoff=0.5)
    return f"，是不是“{near[0]}”？" if near else ""
