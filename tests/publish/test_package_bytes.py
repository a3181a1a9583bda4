"""Documents leave with the same bytes for the same content, whoever wrote them and when."""

import io
import zipfile
from datetime import UTC, date, datetime
from functools import partial

import docx
import openpyxl
import pytest
from xlsxwriter import Workbook

from appraisal.publish.excel.book import Book
from appraisal.publish.excel.package import Part, normalised, packed

DAY = date(2026, 12, 3)


def zipped(
    *parts: tuple[str, bytes], when: tuple[int, int, int, int, int, int] = (2026, 1, 2, 3, 4, 6)
) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as package:
        for name, content in parts:
            package.writestr(zipfile.ZipInfo(name, when), content)
    return target.getvalue()


def workbook(*, author: str = "", written: datetime = datetime(2026, 1, 1, tzinfo=UTC)) -> bytes:
    target = io.BytesIO()
    book = Workbook(target, {"in_memory": True})
    book.set_properties({"author": author, "created": written})
    book.add_worksheet("表").write_string(0, 0, "张三")
    book.close()
    return target.getvalue()


def document(*, written: datetime = datetime(2026, 1, 1, tzinfo=UTC)) -> bytes:
    target = io.BytesIO()
    paper = docx.Document()
    paper.add_paragraph("张三")
    paper.core_properties.modified = written
    paper.save(target)
    return target.getvalue()


def entries(data: bytes) -> list[zipfile.ZipInfo]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return package.infolist()


@pytest.mark.parametrize("write", [workbook, document])
def test_the_same_content_gives_the_same_bytes_whenever_it_is_written(write):
    """The day on which a program wrote it leaves no trace."""
    later = write(written=datetime(2027, 5, 6, tzinfo=UTC))
    assert write() != later
    assert normalised(write(), created=DAY) == normalised(later, created=DAY)


def test_times_order_and_machine_of_the_writer_leave_no_trace():
    """The order of parts and their times in the zip do not matter."""
    parts = (("xl/b.xml", b"<b/>"), ("[Content_Types].xml", b"<Types/>"), ("_rels/.rels", b"<r/>"))
    early, late = zipped(*parts, when=(1999, 1, 1, 0, 0, 0)), zipped(*reversed(parts))
    assert normalised(early, created=DAY) == normalised(late, created=DAY)


def test_the_content_types_come_first():
    """Some readers tell an Office document by its first part."""
    data = normalised(workbook(), created=DAY)
    assert [one.filename for one in entries(data)][:2] == ["[Content_Types].xml", "_rels/.rels"]


def test_authors_are_removed_and_the_day_is_the_one_given():
    """Whose machine wrote a paper is nobody's business; the day printed is the day of issue."""
    data = normalised(workbook(author="李经理"), created=DAY)
    properties = openpyxl.load_workbook(io.BytesIO(data)).properties
    assert (properties.creator, properties.lastModifiedBy) == (None, None)
    assert properties.created.date() == properties.modified.date() == DAY


def test_every_other_part_keeps_its_bytes():
    """Only the core properties are rewritten."""
    before = workbook()
    with (
        zipfile.ZipFile(io.BytesIO(before)) as old,
        zipfile.ZipFile(io.BytesIO(normalised(before, created=DAY))) as new,
    ):
        assert sorted(old.namelist()) == sorted(new.namelist())
        others = [name for name in old.namelist() if name != "docProps/core.xml"]
        assert {name: old.read(name) for name in others} == {name: new.read(name) for name in others}


def test_normalising_twice_changes_nothing_more():
    """The bytes are a fixed point."""
    once = normalised(workbook(), created=DAY)
    assert normalised(once, created=DAY) == once


def test_parts_behind_a_packed_document_make_one_document():
    """Nothing tells that the first were packed before, and they are not packed again."""
    start = {"[Content_Types].xml": part(b"<Types/>"), "xl/a.xml": part(b"<a/>")}
    data = packed({"xl/b.xml": part(b"<b/>")}, created=DAY, behind=packed(start, created=DAY))
    assert data == packed(start | {"xl/b.xml": part(b"<b/>")}, created=DAY)


def part(content: bytes) -> Part:
    return partial(io.BytesIO, content)


def test_a_book_writes_every_text_as_text():
    """Names that look like formulas, links, numbers or mark-up stay what people typed."""
    book = Book()
    sheet = book.sheet("表")
    typed = ["=1+1", "https://example.com", "007", "A&B <1>", "<r><t>1</t></r>", "<r>&</r>"]
    for row, text in enumerate(typed):
        sheet.write(row, 0, text)
    read = openpyxl.load_workbook(io.BytesIO(book.finished(created=DAY)))["表"]
    assert [(cell.value, cell.data_type) for (cell,) in read["A1:A6"]] == [(text, "s") for text in typed]


def test_a_book_makes_each_style_once():
    """Asking twice for the same properties gives the same format."""
    book = Book()
    assert book.style(bold=True, align="right") is book.style(align="right", bold=True)
