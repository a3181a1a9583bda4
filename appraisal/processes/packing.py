"""Values that wait their turn, in a tenth of the room or less; they never leave the program.

A pass reads everything before it computes anything, and the combined notice is written when every group
has been looked at: as values a month of thirty people takes 150 kB, its chapter 23. Packed, the memory of a
pass hardly grows with the inbox.
"""

from __future__ import annotations

import pickle
import zlib
from functools import lru_cache
from typing import Any

_OPEN_AT_ONCE = 4
"""A value is asked for several times in a row, and then not for a long while."""


def packed_value(value: object) -> bytes:
    """The value, packed for this very program."""
    return zlib.compress(pickle.dumps(value, pickle.HIGHEST_PROTOCOL), 1)


@lru_cache(maxsize=_OPEN_AT_ONCE)
def unpacked_value(content: bytes) -> Any:
    """What was packed. Asked again soon, it gives the same object: only for frozen values."""
    return pickle.loads(zlib.decompress(content))  # noqa: S301 - packed by this program itself
