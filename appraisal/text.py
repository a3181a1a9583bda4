"""Text as people mean it: without invisible marks, odd spaces and full-width letters.

Four promises, from gentle to strict: `free_text` keeps what a person wrote, `one_line` is for names
of things, `person_name` for people, `key` only for comparing. `did_you_mean` finds the nearest known name
for one that nobody knows.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable


def printable(text: str) -> str:
    """A text from outside as a sentence may hold it: on one line, and any stream takes it."""
    shown = "".join(mark if mark.isprintable() else "␣" for mark in text)
    return shown.encode("utf-8", "backslashreplace").decode("utf-8")


_INVISIBLE = dict.fromkeys(
    [0xAD, 0x61C, 0x180E, 0xFEFF, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070)]
)
"""Zero-width marks and marks of writing direction: people cannot see that they typed them."""


_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}


_NUMBER_MARKS = _INVISIBLE | _FULL_WIDTH | {ord("￥"): "¥", ord("−"): "-", ord("﹣"): "-", ord("﹪"): "%"}
"""Only forms of the same sign: NFKC would read `5²` as 52."""


_SPACE_BESIDE_CHINESE = re.compile(
    r"(?<=[\u3400-\u9fff\U00020000-\U0003ffff·]) +| +(?=[\u3400-\u9fff\U00020000-\U0003ffff·])"
)


def free_text(text: str) -> str:
    """What a person wrote, without invisible marks and without space at its ends."""
    if text.isprintable() and text[:1] != " " and text[-1:] != " ":
        return text
    text = text.translate(_INVISIBLE).replace("\r\n", "\n").replace("\r", "\n").replace("\xa0", " ")
    return text.strip()


def one_line(text: str) -> str:
    """A name or a code: NFKC, on one line, single spaces."""
    if text.isprintable() and " " not in text and unicodedata.is_normalized("NFKC", text):
        return text
    return " ".join(unicodedata.normalize("NFKC", text.translate(_INVISIBLE)).split())


def person_name(text: str) -> str:
    """A person's name; `张 三` and `张　三` are 张三, `John Smith` keeps its space."""
    name = one_line(text)
    return _SPACE_BESIDE_CHINESE.sub("", name) if " " in name else name


def key(text: str) -> str:
    """What two spellings of the same word have in common: no spaces, no case, no width."""
    if not text.isprintable():
        text = text.translate(_INVISIBLE)
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()


def number_text(text: str) -> str:
    """A typed number without spaces at its ends, full-width digits and the like made plain."""
    if text.isascii():
        return text.strip().casefold()
    return text.translate(_NUMBER_MARKS).strip().casefold()


def did_you_mean(written: str, known: Iterable[str]) -> str:
    """`，是不是“…”？` for the nearest known name, or nothing where none is near."""
    near = difflib.get_close_matches(written, list(known), n=1, cutoff=0.5)
    return f"，是不是“{near[0]}”？" if near else ""
