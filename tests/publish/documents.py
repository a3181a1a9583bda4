"""What people read in the papers: texts of Word files and pages in the order of reading, and changed files."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import docx

from appraisal.publish.templates.loading import Templates, load_templates

SHIPPED = Path(__file__).parents[2] / "templates"


def shipped() -> Templates:
    """The templates that come with the program."""
    return load_templates(None, SHIPPED)


def with_file(templates: Templates, file: str, content: bytes | str) -> Templates:
    """The templates, one of them another."""
    if isinstance(content, bytes):
        return replace(templates, word_files={**templates.word_files, file: content})
    return replace(templates, texts={**templates.texts, file: content})


def word_lines(document: bytes) -> list[str]:
    """Every paragraph and cell of a Word file's body that is not empty, as python-docx reads it."""
    body = docx.Document(io.BytesIO(document))
    return [text for text in _word_texts(body) if text]


def _word_texts(container: Any) -> Iterator[str]:
    for block in container.iter_inner_content():
        if hasattr(block, "rows"):
            for row in block.rows:
                yield from (cell.text.strip() for cell in row.cells)
        else:
            yield block.text.strip()


def html_lines(page: str) -> list[str]:
    """The text of every paragraph, heading and cell of a page that is not empty."""
    reader = _Reader()
    reader.feed(page)
    return [text for line in reader.lines if (text := "".join(line).strip())]


class _Reader(HTMLParser):
    _BLOCKS = frozenset({"p", "h1", "h2", "h3", "th", "td", "div"})

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[list[str]] = [[]]
        self._inside = False

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self._inside = self._inside or tag == "main"
        if tag in self._BLOCKS:
            self.lines.append([])

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.lines[-1].append(data)


def with_parts(document: bytes, parts: Mapping[str, bytes | str]) -> bytes:
    """The Word file with parts added or replaced."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(document)) as source, zipfile.ZipFile(packed, "w") as target:
        for name in source.namelist():
            if name not in parts:
                target.writestr(name, source.read(name))
        for name, content in parts.items():
            target.writestr(name, content)
    return packed.getvalue()


def part_of(document: bytes, name: str) -> str:
    """One part of the file as text."""
    with zipfile.ZipFile(io.BytesIO(document)) as package:
        return package.read(name).decode()


def edited(document: bytes, old: str, new: str, part: str = "word/document.xml") -> bytes:
    """The Word file with the first `old` of a part replaced; an `old` that is not there is our mistake."""
    text = part_of(document, part)
    assert old in text, f"not in {part}: {old}"
    return with_parts(document, {part: text.replace(old, new, 1)})
