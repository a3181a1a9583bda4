"""A text table (CSV, or separated by tabs or semicolons) to a raw sheet. Every value is text, so `007` keeps its zeros.

The separator is the one under which most lines have the same number of cells: `1,200` between tabs is one
number. `="1200"`, by which software keeps Excel from changing a text, is 1200. A quotation mark that nobody
escaped is part of the text where the line has as many cells as the others; where it has not, nobody can
tell which cell is which.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from appraisal.errors import Signal
from appraisal.xlsx.file_format import utf_16_of
from appraisal.xlsx.grid import RawCell, RawSheet, cell_name
from appraisal.xlsx.limits import refused

_SEPARATORS = "\t;,"
_SAMPLE, _SAMPLE_LINES = 50_000, 100


class NotText(Signal):
    """The bytes are no text in UTF-8, UTF-16 or GB18030."""


def sheet_of_csv(content: bytes, name: str) -> RawSheet:
    """The file as a sheet called `name`. Raises NotText, and Refused for a line that cannot be told apart."""
    try:
        text = _decoded(content)
    except UnicodeDecodeError:
        raise NotText from None
    if "\0" in text:
        raise NotText
    separator = _separator(text)
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=separator))
    except csv.Error:
        lines = _with_stray_quotes(text, separator, name)
    cells = {
        (row, column): RawCell(_without_formula(value))
        for row, line in enumerate(lines, 1)
        for column, value in enumerate(line, 1)
        if value.strip()
    }
    return RawSheet(name, cells)


def _decoded(content: bytes) -> str:
    """UTF-8 with or without its mark, else GB18030, as Chinese Excel and most shop software save.

    UTF-16 is what Excel's “Unicode 文本” is saved in.
    """
    if encoding := utf_16_of(content):
        return content.decode(encoding)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("gb18030")


def _separator(text: str) -> str:
    return max(_SEPARATORS, key=lambda separator: _evenness(text[:_SAMPLE], separator))


def _evenness(sample: str, separator: str) -> tuple[float, int]:
    """The share of lines with the commonest number of cells, and that number; of cells there must be two."""
    try:
        lines = list(islice(csv.reader(io.StringIO(sample, newline=""), delimiter=separator), _SAMPLE_LINES))
    except csv.Error:
        return 0, 0
    widths = Counter(len(line) for line in lines if any(value.strip() for value in line))
    several = [(count, width) for width, count in widths.items() if width > 1]
    count, width = max(several, default=(0, 0))
    return count / (widths.total() or 1), width


_FORMULA_OF_TEXT = re.compile(r'="((?:[^"]|"")*)"')


def _without_formula(value: str) -> str:
    match = _FORMULA_OF_TEXT.fullmatch(value.strip())
    return match[1].replace('""', '"') if match else value


# ------------------------------------------------------------------------------- unescaped quotes


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    """Of the line of text that it begins on."""
    cells: list[str]
    stray: int | None
    """The first cell with a quotation mark that nobody escaped, counted from 1."""
    spans_lines: bool


def _with_stray_quotes(text: str, separator: str, name: str) -> list[list[str]]:
    lines = list(_tolerant_lines(text, separator))
    whole = Counter(len(one.cells) for one in lines if one.stray is None and any(one.cells))
    width = max(whole, key=lambda cells: (whole[cells], cells), default=0)
    for row, one in enumerate(lines, 1):
        if one.stray is not None and (one.spans_lines or len(one.cells) != width):
            cell = cell_name(row, one.stray)
            raise refused("export.quotes_unclear", sheet=name, cell=cell, line=one.number, column=one.stray)
    return [one.cells for one in lines]


def _tolerant_lines(text: str, separator: str) -> Iterator[_Line]:
    """As the csv module reads, but a quotation mark ends a cell only where the cell can end."""
    unquoted = re.compile(f"[^\r\n{separator}]*")
    cell_end = re.compile(f"(?:[\r\n{separator}]|\\Z)")
    at, number = 0, 1
    while at < len(text):
        cells: list[str] = []
        stray: int | None = None
        start = at
        while True:
            if text.startswith('"', at):
                value, at, is_clean = _quoted(text, at, cell_end)
                stray = stray if is_clean or stray is not None else len(cells) + 1
            else:
                match = unquoted.match(text, at)
                value, at = (match[0], match.end()) if match else ("", at)
            cells.append(value)
            if not text.startswith(separator, at):
                break
            at += 1
        breaks = len(re.findall("\r\n|\r|\n", text[start:at]))
        yield _Line(number, cells, stray, spans_lines=breaks > 0)
        at += 2 if text.startswith("\r\n", at) else 1
        number += breaks + 1


def _quoted(text: str, start: int, cell_end: re.Pattern[str]) -> tuple[str, int, bool]:
    """The text of a quoted cell, where it ends, and whether all its quotation marks were escaped."""
    value, at, is_clean = "", start + 1, True
    for run in re.compile('"+').finditer(text, at):
        marks = len(run[0])
        value += text[at : run.start()]
        at = run.end()
        if cell_end.match(text, at):
            is_clean = is_clean and marks % 2 == 1
            return value + '"' * (marks // 2), at, is_clean
        is_clean = is_clean and marks % 2 == 0
        value += '"' * (marks // 2 if marks % 2 == 0 else marks)
    return value + text[at:], len(text), False
