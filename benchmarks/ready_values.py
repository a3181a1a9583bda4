"""What a group's month is written from: every call of a writing library, taken down while the pipeline makes it.

`record` publishes some months, and HR's folder of all, and gives the papers as plain data: for a workbook the calls of
XlsxWriter's public methods, for a Word file its template and names, for a page its text and names.
`plain_documents.py` plays them back on the libraries as they come.

The pipeline writes a column's formulas with one call of its own worksheet class; that is taken down as
the `write_formula` of each cell, which is what XlsxWriter's manual tells people to use. Nor does a plain
script keep a form to copy: plans and interview forms are taken down as written for each person.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from unittest.mock import patch

from xlsxwriter import Workbook
from xlsxwriter.chart import Chart
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from appraisal.hr.facts import PeriodFacts
from appraisal.hr.folder import hr_documents
from appraisal.hr.year import year_of, year_workbook
from appraisal.ledger.ledger import open_ledger
from appraisal.ledger.records import RevisionKind
from appraisal.page.month_page import month_page
from appraisal.page.pages import hr_pages
from appraisal.pipeline.appraise import Appraised, ChunkSetup, RevisionRequest, appraise
from appraisal.pipeline.blanks import next_month_blank
from appraisal.pipeline.setup import Setup, load_setup
from appraisal.publish.excel import book
from appraisal.publish.excel.book import ABOVE, ROW, BulkWorksheet
from appraisal.publish.excel.form_page import new_workbook
from appraisal.publish.forms import personal
from appraisal.publish.forms.for_hr import acts_workbook
from appraisal.publish.templates.engine import PaperLimits, PreparedText, prepared_text
from appraisal.publish.templates.word import PreparedDocument, prepared_document
from appraisal.scoring.results import History
from appraisal.workspace.paths import PROGRAM_FOLDER, Workspace, sha256_of
from benchmarks.inputs import PERIOD, TODAY
from tests.builders.submissions import read_file


@dataclass(frozen=True)
class Ref:
    """An object that an earlier call gave: the workbook is 0."""

    number: int


@dataclass(frozen=True)
class Call:
    """A public method of XlsxWriter with its arguments; `gives` numbers the object that it returns."""

    on: int
    method: str
    arguments: tuple[Any, ...]
    options: dict[str, Any]
    gives: int | None = None


@dataclass
class Sheets:
    """A workbook as calls. `document` is what the pipeline made of them."""

    options: dict[str, Any]
    calls: list[Call] = field(default_factory=list)


@dataclass(frozen=True)
class Word:
    """A Word file: its template, and a value for each name."""

    template: bytes
    names: Mapping[str, Any]


@dataclass(frozen=True)
class Page:
    """An HTML page: the template's text, and a value for each name."""

    template: str
    names: Mapping[str, Any]


@dataclass(frozen=True)
class Text:
    """A file of plain text."""

    text: str


Paper = Sheets | Word | Page | Text


class Recorder:
    """Numbers objects and takes down calls on them; only the outermost, as methods call each other."""

    def __init__(self, options: dict[str, Any]) -> None:
        self.taken = Sheets(options)
        self._numbers: dict[int, int] = {}
        self._kept: list[object] = []
        self._depth = 0

    def know(self, made: object) -> int:
        """The number of an object that later calls are made on or with."""
        self._kept.append(made)  # or another object might get its id
        return self._numbers.setdefault(id(made), len(self._numbers))

    def take(self, on: object, method: str, arguments: Sequence[Any], options: Mapping[str, Any]) -> None:
        call = Call(
            self._numbers[id(on)],
            method,
            tuple(self._plain(one) for one in arguments),
            {name: self._plain(one) for name, one in options.items()},
        )
        self.taken.calls.append(call)

    def _plain(self, value: Any) -> Any:
        if isinstance(value, Format | Chart | Worksheet):
            return Ref(self._numbers[id(value)])
        if isinstance(value, dict):
            return {key: self._plain(one) for key, one in value.items()}
        if isinstance(value, list | tuple):
            return type(value)(self._plain(one) for one in value)
        return value

    def around(self, name: str, method: Callable[..., Any]) -> Callable[..., Any]:
        """The method, taken down when it is called from outside XlsxWriter."""

        @functools.wraps(method)
        def call(on: Any, *given: Any, **options: Any) -> Any:
            arguments = [list(one) if isinstance(one, Iterator) else one for one in given]
            if self._depth == 0:
                self.take(
                    on,
                    name,
                    _marked(on, arguments),
                    {key: one for key, one in options.items() if key != "worksheet_class"},
                )
            self._depth += 1
            try:
                made = method(on, *arguments, **options)
            finally:
                self._depth -= 1
            if self._depth == 0 and isinstance(made, Worksheet | Format | Chart):
                taken = self.taken.calls[-1]
                self.taken.calls[-1] = Call(taken.on, name, taken.arguments, taken.options, self.know(made))
                if not isinstance(made, Format):
                    made.__class__ = self.watching(type(made))
            return made

        return call

    def watching(self, kind: type) -> type:
        """The class with every public method of XlsxWriter's taken down."""
        own: dict[str, Any] = {
            name: self.around(name, method)
            for name, method in inspect.getmembers(kind, inspect.isfunction)
            if not name.startswith("_") and name != "close" and method.__module__.startswith("xlsxwriter.")
        }
        if issubclass(kind, BulkWorksheet):
            own |= {
                "write_formulas": _formulas(self),
                "write_values": _values(self),
                "write_cells": _cells(self),
            }
        return type(kind.__name__, (kind,), own)


def _marked(on: Any, arguments: list[Any]) -> list[Any]:
    """As they come to the sheet: a draft's mark stands before the text of its first cell."""
    mark = getattr(on, "mark", "")
    if not mark or arguments[:2] != [0, 0]:
        return arguments
    return [f"{mark}　{one}" if isinstance(one, str) else one for one in arguments]


def _formulas(recorder: Recorder) -> Callable[..., None]:
    def write_formulas(
        on: Any, first: int, column: int, template: str, style: Format, values: Sequence[Any]
    ) -> None:
        for row, value in enumerate(values, first):
            text = template.replace(ROW, str(row + 1)).replace(ABOVE, str(row))
            recorder.take(on, "write_formula", (row, column, text, style, value), {})
        BulkWorksheet.write_formulas(on, first, column, template, style, values)

    return write_formulas


def _values(recorder: Recorder) -> Callable[..., None]:
    def write_values(on: Any, first: int, column: int, values: Sequence[object], style: Format) -> None:
        for row, value in enumerate(values, first):
            _take_value(recorder, on, (row, column), value, style)
        BulkWorksheet.write_values(on, first, column, values, style)

    return write_values


def _cells(recorder: Recorder) -> Callable[..., None]:
    def write_cells(on: Any, row: int, cells: Sequence[tuple[int, Any, Format]]) -> None:
        for column, value, style in cells:
            _take_value(recorder, on, (row, column), value, style)
        BulkWorksheet.write_cells(on, row, cells)

    return write_cells


def _take_value(recorder: Recorder, on: object, at: tuple[int, int], value: object, style: Format) -> None:
    if isinstance(value, Decimal | int):
        recorder.take(on, "write_number", (*at, float(value), style), {})
    elif value is None:
        recorder.take(on, "write_blank", (*at, None, style), {})
    else:
        recorder.take(on, "write_string", (*at, str(value), style), {})


def _ready(names: Mapping[str, Any]) -> dict[str, Any]:
    """The names with what is worded in turn worded already."""
    return {
        name: list(value) if isinstance(value, Sequence) and not isinstance(value, str) else value
        for name, value in names.items()
    }


@contextmanager
def recording() -> Iterator[list[tuple[Paper, bytes]]]:
    """Papers that are made while the block runs, each with the bytes that the pipeline made of it."""
    papers: list[tuple[Paper, bytes]] = []

    def workbook(options: dict[str, Any]) -> Workbook:
        recorder = Recorder(options)
        made = plain(options)
        made.__class__ = recorder.watching(plain)
        recorder.know(made)
        made.taken = recorder.taken
        return made

    def finished(book: book.Book, *, created: date) -> bytes:
        content = finish(book, created=created)
        papers.append((book.workbook.taken, content))
        return content

    finish = book.Book.finished
    plain = book._Workbook
    word, page = PreparedDocument.render, PreparedText.render
    originals: dict[int, bytes] = {}

    def start(template: PreparedDocument, file: str, content: bytes, *options: PaperLimits) -> None:
        originals[id(template)] = content
        begin(template, file, content, *options)

    begin = PreparedDocument.__init__

    def render_word(template: PreparedDocument, names: Mapping[str, Any], *, created: date) -> bytes:
        ready = _ready(names)
        content = word(template, ready, created=created)
        papers.append((Word(originals[id(template)], ready), content))
        return content

    def render_page(prepared: PreparedText, names: Mapping[str, Any]) -> str:
        text = page(prepared, names)
        if prepared._file.endswith(".j2"):
            papers.append((Page(texts[id(prepared)], names), text.encode()))
        return text

    texts: dict[int, str] = {}
    prepare = PreparedText.__init__
    prepared_document.cache_clear()  # or templates compiled before would be unknown
    prepared_text.cache_clear()

    def prepared(
        one: PreparedText, file: str, text: str, place_of: Callable[[int], str], **options: Any
    ) -> None:
        texts[id(one)] = text
        prepare(one, file, text, place_of, **options)

    with (
        patch.object(book, "_Workbook", workbook),
        patch.object(book.Book, "finished", finished),
        patch.object(personal, "filled_copy", new_workbook),
        patch.object(PreparedDocument, "__init__", start),
        patch.object(PreparedDocument, "render", render_word),
        patch.object(PreparedText, "__init__", prepared),
        patch.object(PreparedText, "render", render_page),
    ):
        yield papers


@dataclass(frozen=True)
class Recorded:
    """What a pass wrote: each month's papers with next month's blank, and HR's folder, once."""

    months: list[list[Paper]]
    hr: list[Paper]


def record(files: Sequence[Path], place: Path) -> Recorded:
    """The papers of some of the dropped workbooks, and HR's of the workspace in which all are appraised by now."""
    setup = load_setup(Workspace(PROGRAM_FOLDER))
    return Recorded([_month(file, setup) for file in files], _hr_folder(Workspace(place), setup))


def _month(file: Path, setup: Setup) -> list[Paper]:
    data = file.read_bytes()
    digest = sha256_of(data)
    read = read_file(data, file=file.name, sha256=digest, rulebook=setup.rulebook, roster=None)
    submission = read.submission
    assert submission is not None, read.findings
    scheme = setup.rulebook.in_force(submission.scheme, submission.period)
    assert scheme is not None
    blank = next_month_blank(submission, scheme, setup)
    request = RevisionRequest(
        submission,
        1,
        TODAY,
        RevisionKind.FIRST,
        is_draft=True,
        history=History(),
        next_month_blank=blank,
    )
    shared = ChunkSetup(scheme, "0" * 64, setup.settings, setup.templates)
    with recording() as papers:
        (appraised,) = appraise([request], shared)
    assert isinstance(appraised, Appraised), appraised
    assert appraised.next_month_blank
    return [*(paper for paper, _ in papers), Text(appraised.documents["result.json"].decode())]


def _hr_folder(workspace: Workspace, setup: Setup) -> list[Paper]:
    with open_ledger(workspace.default_ledger) as ledger, ledger.reading() as books, recording() as papers:
        facts = PeriodFacts(books, PERIOD, TODAY, setup.roster, setup.settings)
        documents = hr_documents(facts, setup.templates)
        acts_workbook.cache_clear()  # it is made once a process, and is to be seen being made
        acts_workbook(tuple(sorted({month.group for month, _ in books.months.all_current()})))
        page = month_page(facts)
        year_workbook(year_of(facts))
        list(hr_pages(page, setup.settings, setup.templates, is_current=lambda *_: False))
    lists = [content.decode() for name, content in documents.items() if name.endswith(".csv")]
    return [*(paper for paper, _ in papers), *map(Text, lists)]
