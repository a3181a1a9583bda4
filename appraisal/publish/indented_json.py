"""JSON that people can read too, as `json.dumps(value, ensure_ascii=False, indent=1)` writes it.

With an indent the standard library writes in pure Python, piece by piece: a third of it is enough.
"""

from __future__ import annotations

import json
from json.encoder import encode_basestring


def indented(value: object, margin: str = "\n") -> str:
    """Mappings with texts as keys, lists, texts, numbers, booleans and None; `margin` is a line's beginning."""
    if isinstance(value, str):
        return encode_basestring(value)
    inner = f"{margin} "
    if isinstance(value, dict) and value:
        pairs = [f"{encode_basestring(key)}: {indented(one, inner)}" for key, one in value.items()]
        return f"{{{inner}{f',{inner}'.join(pairs)}{margin}}}"
    if isinstance(value, list) and value:
        return f"[{inner}{f',{inner}'.join(indented(one, inner) for one in value)}{margin}]"
    return json.dumps(value)
