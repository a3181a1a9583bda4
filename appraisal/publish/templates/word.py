"""A Word file with tags: compiled once, and rendered as often as needed.

docxtpl opens its file, searches it for tags and compiles them anew for every document: 21 ms for a notice of two
pages. Here docxtpl prepares each part once a process, and a document is one run of the compiled parts: under 2 ms.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache, partial
from itertools import zip_longest
from tempfile import SpooledTemporaryFile
from typing import IO, TYPE_CHECKING, Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml.ElementTree import fromstring

from appraisal.publish.excel.package import packed
from appraisal.publish.excel.theme import text_width
from appraisal.publish.templates.engine import USUAL_LIMITS, PaperLimits, PreparedText, TemplateError

if TYPE_CHECKING:
    from docxtpl import DocxTemplate


BODY = "word/document.xml"
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_WITH_TAGS = re.compile(r"word/(document|header\d*|footer\d*|footnotes|endnotes)\.xml")
_PARAGRAPH = re.compile(r"<w:p(?=[ >])")
_MARKUP = re.compile(r"<[^>]+>")
_ROOT = re.compile(r"<w:document[^>]*>")
_BONES = re.compile(r"</?w:(?:tbl|tblGrid|tblGridChange|gridCol|tr|tc|tcPr|gridSpan)\b[^>]*>")
_GRID = re.compile(r"<w:tblGrid\b[^>]*?(?:/>|>.*?</w:tblGrid>)", re.DOTALL)
_TABLE = re.compile(r"<(/?)w:tbl>")
_REPEATED_COLUMNS = re.compile(r"\{%tc\s")
_LONGEST_PLACE = 40
_IN_MEMORY = 16 << 20
"""Bytes of a part up to which it stays in memory: the slips of five hundred people."""


class PreparedDocument:
    """The parts of a Word file, those with tags compiled."""

    def __init__(self, file: str, content: bytes, limits: PaperLimits) -> None:
        """`content` is a Word file; `file` is how mistakes name it. Raises TemplateError."""
        self._file = file
        self._limits = limits
        self._fixed: dict[str, bytes] = {}
        self._prepared: dict[str, PreparedText] = {}
        self._packed: tuple[date | None, bytes] = None, b""
        from docxtpl import DocxTemplate  # noqa: PLC0415 - a pass over a single group makes no Word file here

        self._engine: DocxTemplate = DocxTemplate(io.BytesIO())
        self._repeats_columns = False
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            for name in package.namelist():
                self._add(name, package.read(name))

    def _add(self, name: str, part: bytes) -> None:
        if not _WITH_TAGS.fullmatch(name):
            self._fixed[name] = part
            return
        text = self._engine.patch_xml(part.decode())
        if not re.search(r"\{[{%#]", text):
            self._fixed[name] = part
            return
        self._repeats_columns |= name == BODY and bool(
            _REPEATED_COLUMNS.search(_MARKUP.sub("", part.decode()))
        )
        # One paragraph a line, so that a line of the compiled text is a place that people can find.
        text = _PARAGRAPH.sub("\n<w:p", text)
        place_of = partial(_place_of_line, text.split("\n"))
        self._prepared[name] = PreparedText(self._file, text, place_of, limits=self._limits)

    def try_out(self, names: Mapping[str, Any]) -> None:
        """Raises TemplateError if `names` make no document, or one that Word would not open."""
        for name, text in self._prepared.items():
            try:
                problem = _broken_table(fromstring(text.render(names).encode()))
            except ParseError:
                problem = "有的标签开始和结束不在同一层，例如一个在表格里、另一个在表格外"
            if problem:
                raise TemplateError(
                    self._file,
                    name,
                    problem,
                    "请让 if 和 endif、for 和 endfor 成对放在同一层（整段用 {%p，整行用 {%tr，整格用 {%tc）。",
                )

    def _with_true_grids(self, xml: str) -> Iterator[str]:
        """The same part in pieces, each table's grid with as many columns as its rows came to have.

        docxtpl works that out; it is shown what counts for it, the rows and cells of one table after the other.
        """
        opening = _ROOT.search(xml)
        assert opening is not None  # it was read when the template was tried out
        done = 0
        for start, end in _tables(xml):
            yield xml[done:start]
            table = xml[start:end]
            bones = f"{opening[0]}{''.join(_BONES.findall(table))}</w:document>"
            grids = _true_grids(self._engine, bones)
            has_own_columns = len(grids) == 1 and grids != _GRID.findall(table)
            yield with_fitted_columns(table, grids[0]) if has_own_columns else _with_grids(table, iter(grids))
            done = end
        yield xml[done:]

    def render(self, names: Mapping[str, Any], *, created: date) -> bytes:
        """The Word document that `names` make; the same bytes for the same names. Raises TemplateError."""
        parts = {name: partial(self._part, name, names) for name in self._prepared}
        return packed(parts, created=created, behind=self._without_tags(created))

    def _without_tags(self, created: date) -> bytes:
        """The parts that every document has alike, packed once for a day."""
        day, content = self._packed
        if day != created:
            fixed = {name: partial(io.BytesIO, part) for name, part in self._fixed.items()}
            content = packed(fixed, created=created)
            self._packed = created, content
        return content

    def _part(self, name: str, names: Mapping[str, Any]) -> IO[bytes]:
        """A part with its tags filled, in a temporary file where it is large."""
        part = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - whoever reads it closes it
        try:
            if name == BODY and self._repeats_columns:
                for piece in self._with_true_grids(self._prepared[name].render(names)):
                    part.write(piece.encode())
            else:
                self._prepared[name].write(names, part)
        except BaseException:
            part.close()
            raise
        part.seek(0)
        return part


def _with_grids(table: str, grids: Iterator[str]) -> str:
    return _GRID.sub(lambda _: next(grids), table)


def _tables(xml: str) -> Iterator[tuple[int, int]]:
    """Where each table begins and ends; one inside another belongs to it."""
    start = depth = 0
    for found in _TABLE.finditer(xml):
        if found[1]:
            depth -= 1
            if depth == 0:
                yield start, found.end()
        else:
            start = found.start() if depth == 0 else start
            depth += 1


@lru_cache(maxsize=32)
def _true_grids(engine: DocxTemplate, bones: str) -> list[str]:
    """The grids of a table and of those inside it; a month's ranking often has as many rows as another's."""
    written = io.BytesIO()
    engine.fix_tables(bones.encode()).getroottree().write(written, encoding="UTF-8")
    return _GRID.findall(written.getvalue().decode())


def paragraphs_of(content: bytes) -> Iterator[tuple[str, str]]:
    """Every paragraph's words, whatever runs Word has cut them into, with its place as people are told it."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        for name in package.namelist():
            if _WITH_TAGS.fullmatch(name):
                for paragraph in fromstring(package.read(name)).iter(f"{_WORD}p"):
                    words = "".join(text.text or "" for text in paragraph.iter(f"{_WORD}t"))
                    yield _place(words), words


def _place(words: str) -> str:
    words = words.strip()
    shown = words[:_LONGEST_PLACE] + ("…" if len(words) > _LONGEST_PLACE else "")
    return f"“{shown}”处" if shown else ""


def _place_of_line(lines: Sequence[str], line: int) -> str:
    """Tells a line of a compiled part by the words that stand there in Word."""
    return _place(_MARKUP.sub("", lines[min(line, len(lines)) - 1]))


@lru_cache(maxsize=8)
def prepared_document(file: str, content: bytes, limits: PaperLimits = USUAL_LIMITS) -> PreparedDocument:
    """The compiled template, the same object for the same bytes within a process."""
    return PreparedDocument(file, content, limits)


def _broken_table(root: Element) -> str | None:
    """What tags left of a table that Word cannot open: no row, no cell, or a cell without a paragraph."""
    for outer, inner in (("tbl", "tr"), ("tr", "tc"), ("tc", "p")):
        for element in root.iter(f"{_WORD}{outer}"):
            if element.find(f"{_WORD}{inner}") is None:
                return "没有内容时，标签会把表格的整行或整格删空，Word 打不开这样的文件"
    return None


_ROW = re.compile(r"<w:tr\b.*?</w:tr>", re.DOTALL)
_CELL = re.compile(r"<w:tc>.*?</w:tc>", re.DOTALL)
_CELL_WIDTH = re.compile(r"<w:tcW\b[^>]*/>")
_COLUMN_WIDTH = re.compile(r'<w:gridCol\b[^>]*\bw:w="([0-9.]+)"[^>]*/>')

_NARROWEST, _WIDEST, _MARGIN = 6, 36, 2
"""What counts of the longest text of a column, in characters, and the room beside it."""


def with_fitted_columns(table: str, grid: str) -> str:
    """The table's XML with `grid` for its columns, their widths by their texts; as it is where cells are joined."""
    rows = [_CELL.findall(row) for row in _ROW.findall(table)]
    columns = len(_COLUMN_WIDTH.findall(grid))
    if "w:gridSpan" in table or not rows or any(len(row) != columns for row in rows):
        return _GRID.sub(lambda _: grid, table)
    longest = [
        min(max(text_width(_MARKUP.sub("", cell)) for cell in column), _WIDEST)
        for column in zip_longest(*rows, fillvalue="")
    ]
    asked = [max(width, _NARROWEST) + _MARGIN for width in longest]
    whole = sum(float(width) for width in _COLUMN_WIDTH.findall(grid))
    widths = [round(whole * width / sum(asked)) for width in asked]
    columns_xml = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    table = _GRID.sub(lambda _: f"<w:tblGrid>{columns_xml}</w:tblGrid>", table)
    return _ROW.sub(lambda row: _with_widths(row[0], iter(widths)), table)


def _with_widths(row: str, widths: Iterator[int]) -> str:
    return _CELL_WIDTH.sub(lambda _: f'<w:tcW w:w="{next(widths)}" w:type="dxa"/>', row)
