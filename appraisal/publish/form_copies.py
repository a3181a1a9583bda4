"""Forms that differ from person to person by a few texts: written once a process, then copied with those put in.

XlsxWriter takes 2 to 3 ms for one page, nearly all of it for what never changes: styles, widths,
validations, compressing. So a form is written with a stand-in for each text, and a copy is its parts with
the texts in their places.

Only a text that XlsxWriter would put into the file as it is gets a stand-in. Any other (it would be
escaped, marked as quoted, cut, or left out) stands in the form itself, which then serves that text alone:
how a text is written is decided in one place.
"""

from __future__ import annotations

import io
import re
import secrets
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, partial
from typing import Any

from appraisal.publish.inert import is_like_formula
from appraisal.publish.package import packed
from appraisal.publish.sheets import Book

Texts = Mapping[str, Any]
"""What a form says, by names that its writer knows. A number is part of the form."""

Writer = Callable[[Book, Texts], None]
"""A module's function that puts texts, each as a whole, into cells and headers.

Its form follows from which names there are and which texts are empty: it looks at no text otherwise.
"""

_AS_IT_IS = re.compile(r"(?!\s)(?!.*_x)[^\x00-\x1f&<>\ud800-\udfff\ufffe\uffff]{1,100}(?<!\s)")
"""No mark-up, no control character or `_x0001_` that stands for one, no space at an end; and so short that a
header has room for it."""

_MARK = secrets.token_hex(16)
"""Nobody can have typed it."""

_STAND_IN = re.compile(f"{_MARK}([0-9]+);".encode())


def filled_copy(write: Writer, texts: Texts, *, created: date) -> bytes:
    """The workbook that `directly` gives, to whoever reads it; a text may be stored twice in it."""
    shape = tuple((name, _shown(at, text)) for at, (name, text) in enumerate(texts.items()))
    return _form(write, shape, created).copy(list(texts.values()))


def directly(write: Writer, texts: Texts, *, created: date) -> bytes:
    """The workbook with these texts, written by `write`."""
    book = Book()
    write(book, texts)
    return book.finished(created=created)


def _shown(at: int, text: object) -> object:
    """What the form shows for the text at this place among all: a stand-in, or itself."""
    if isinstance(text, str) and _AS_IT_IS.fullmatch(text) and not is_like_formula(text):
        return f"{_MARK}{at};"
    return text


@dataclass(frozen=True, slots=True)
class _Form:
    """A written form: the parts without texts, packed, and the others in pieces around the texts' places."""

    same: bytes
    others: Mapping[str, tuple[Sequence[bytes], Sequence[int]]]
    created: date

    def copy(self, texts: Sequence[Any]) -> bytes:
        """The form with these texts in the places of their stand-ins."""
        parts = {}
        for name, (pieces, places) in self.others.items():
            filled = list(pieces)
            filled[1::2] = [texts[at].encode() for at in places]
            parts[name] = partial(io.BytesIO, b"".join(filled))
        return packed(parts, created=self.created, behind=self.same)


@lru_cache(maxsize=32)
def _form(write: Writer, shape: tuple[tuple[str, Any], ...], created: date) -> _Form:
    """The form of this shape, the same object within a process."""
    same, others = {}, {}
    with zipfile.ZipFile(io.BytesIO(directly(write, dict(shape), created=created))) as package:
        for name in package.namelist():
            part = package.read(name)
            pieces = _STAND_IN.split(part)
            if len(pieces) == 1:
                same[name] = partial(io.BytesIO, part)
            else:
                others[name] = (pieces, [int(at) for at in pieces[1::2]])
    return _Form(packed(same, created=created), others, created)
