"""Texts of a workbook: shared strings, escapes, and what no text of a form may contain."""

from __future__ import annotations

import re

from appraisal.xlsx.limits import Limits, refused
from appraisal.xlsx.markup import DEEPEST, parse
from appraisal.xlsx.package import MAIN

_ESCAPE = re.compile("_x([0-9A-Fa-f]{4})_")
_UNREADABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffd-\uffff]")
_LONGEST_EXTRACT = 60

_STRING, _TEXT, _RUN = f"{MAIN} si", f"{MAIN} t", f"{MAIN} r"


def read_strings(xml: bytes | None) -> tuple[str, ...]:
    """The shared strings by index, rich text joined, phonetic guides left out."""
    if xml is None:
        return ()
    reader = _Strings()
    parse("sharedStrings.xml", xml, start=reader.start, end=reader.end, text=reader.pieces.append)
    return tuple(reader.found)


def unescaped(text: str) -> str:
    """The text with `_x000D_` and the like resolved as Excel does (ECMA-376 part 1, 22.9.2.19)."""
    if "_x" not in text:
        return text
    plain = _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text)
    return plain.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")


def is_readable(text: str, limits: Limits) -> bool:
    """Whether a text can be taken as it is: no control marks, no broken characters, not too long."""
    return len(text) <= limits.text_length and not _UNREADABLE.search(text)


def extract(text: str) -> str:
    """The beginning of an unreadable text, safe to print."""
    shown = _UNREADABLE.sub("␣", text[:_LONGEST_EXTRACT])
    return shown if len(text) <= _LONGEST_EXTRACT else shown + "…"


class _Strings:
    def __init__(self) -> None:
        self.found: list[str] = []
        self.pieces: list[str] = []
        """The text since the last element was opened; expat fills it."""
        self._string = ""
        self._parents: list[str] = [""]

    def start(self, element: str, _attributes: dict[str, str]) -> None:
        self._parents.append(element)
        if len(self._parents) > DEEPEST:
            raise refused("workbook.corrupt", detail="文字内容套得太深")
        self.pieces.clear()

    def end(self, element: str) -> None:
        self._parents.pop()
        if element == _TEXT and self._parents[-1] in {_STRING, _RUN}:
            self._string += "".join(self.pieces)
        elif element == _STRING:
            self.found.append(self._string)
            self._string = ""
