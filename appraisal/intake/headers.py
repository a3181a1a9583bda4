"""Headers and labels: what a person may have made of the printed words, and still means them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from appraisal.scheme.forms.cells import Cell, SheetForm
from appraisal.text import key

_LONGEST = 80
_BRACKETS = re.compile(r"[(\[【](.*?)[)\]】]")
_AROUND = "*:;.、"


@dataclass(frozen=True, slots=True)
class Header:
    """A header's or label's word, fit for comparing, and what stood in its first brackets."""

    word: str
    unit: str | None


@lru_cache(maxsize=4096)
def read_header(text: str) -> Header:
    """The header without line breaks, spaces, width, marks around it and brackets."""
    if len(text) > _LONGEST:
        return Header("", None)
    plain = key(text)
    brackets = _BRACKETS.search(plain)
    return Header(_BRACKETS.sub("", plain).strip(_AROUND), brackets[1] if brackets else None)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words by which a sheet's columns and labels go; a column's own title before any alias."""

    columns: Mapping[str, Cell]
    labels: Mapping[str, Cell]
    sources: frozenset[str]
    """The grey lines below the headers."""


@lru_cache(maxsize=64)
def vocabulary(form: SheetForm) -> Vocabulary:
    """The vocabulary of one sheet of a form."""
    return Vocabulary(
        columns=_words(form.columns),
        labels=_words(form.labels),
        sources=frozenset(key(column.source) for column in form.columns if column.source),
    )


def _words(cells: tuple[Cell, ...]) -> Mapping[str, Cell]:
    words = {read_header(cell.title).word: cell for cell in cells}
    for cell in cells:
        for alias in cell.names:
            words.setdefault(read_header(alias).word, cell)
    return MappingProxyType(words)
