"""HR's own words in the notice: the marked places of the Word file, and what HR wrote there.

Each place is a bookmark around its paragraphs: Word, WPS and LibreOffice keep them, also where somebody types over
all that stands between, since the end of the paragraph belongs to it.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

Words = Mapping[str, tuple[str, ...]]
"""What stands in each place, paragraph by paragraph, without the label before it."""

TITLE, NUMBER, CAUSE, PRAISE, COPIES = "标题", "文号", "原因", "表扬", "抄送"

LABELS = {TITLE: "", NUMBER: "", CAUSE: "原因：", PRAISE: "", COPIES: "抄送："}
"""The places, each with what the notice prints before it."""

ASKED_FOR = {CAUSE: "【请人事补充】", PRAISE: "【可在这里表扬，写出人和事；不写的，下发时略去】"}
"""What a draft says in a place where HR has written nothing yet."""

MARK = "通报_"
"""What the name of a place's bookmark begins with."""


@dataclass(frozen=True, slots=True)
class ReadNotice:
    """A notice as somebody left it: what stands in the places, and all other text."""

    words: Words
    other_text: str


def read_notice(content: bytes) -> ReadNotice | None:
    """The notice in a Word file; None where it is none that can be read."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            if package.getinfo(_BODY).file_size > _LARGEST:
                return None
            body = fromstring(package.read(_BODY))
    except (zipfile.BadZipFile, KeyError, ParseError, DefusedXmlException, NotImplementedError, RuntimeError):
        return None
    places = _PlaceReader()
    for element in body.iter():
        places.take(element)
    return ReadNotice(dict(places.words()), "".join("".join(places.others).split()))


def document_number_in(words: Words) -> str | None:
    """文号, where HR wrote one."""
    return "".join(words.get(NUMBER, ())) or None


def changed_words(hers: Words, ours: Words) -> Words:
    """What she wrote: the places that say something else than ours did, and than a draft asks for."""
    return {
        place: said
        for place, said in hers.items()
        if said != ours.get(place, ()) and said != (ASKED_FOR.get(place),)
    }


_BODY = "word/document.xml"
_LARGEST = 64 << 20
"""Bytes: the notice of 20,000 people has 30 million."""

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


class _PlaceReader:
    """Reads the elements of a body in their order."""

    def __init__(self) -> None:
        self._open: dict[str | None, str] = {}
        self._found: dict[str, list[str]] = {}
        self.others: list[str] = []

    def take(self, element: Element) -> None:
        """The next element."""
        tag = element.tag.removeprefix(_W)
        if tag == "bookmarkStart":
            name = (element.get(f"{_W}name") or "").removeprefix(MARK)
            if name in LABELS:
                self._open[element.get(f"{_W}id")] = name
                self._found.setdefault(name, []).append("")
        elif tag == "bookmarkEnd":
            self._open.pop(element.get(f"{_W}id"), None)
        elif tag == "p":
            for name in self._open.values():
                self._found[name].append("")
        elif tag == "t":
            text = element.text or ""
            for name in self._open.values():
                self._found[name][-1] += text
            if not self._open:
                self.others.append(text)

    def words(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        for name, paragraphs in self._found.items():
            said = [text.strip() for text in paragraphs if text.strip()]
            label = LABELS[name]
            if said and label:
                said[0] = said[0].removeprefix(label).removeprefix(label.replace("：", ":")).strip()
            yield name, tuple(filter(None, said))
