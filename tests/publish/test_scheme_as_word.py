"""The scheme as a Word document to sign: complete, printable, the same bytes every time."""

from __future__ import annotations

import io

import docx
import pytest

from appraisal.publish.word.blocks import scheme_as_word
from appraisal.scheme.describe.explain import explain_scheme
from tests.builders.schemes import SHOP_TEXT, scheme_of
from tests.libreoffice import as_pdf, page_count
from tests.publish.documents import part_of, word_lines

SHOP = scheme_of(SHOP_TEXT)
PAPER = scheme_as_word(SHOP)


def test_it_says_what_the_printed_explanation_says() -> None:
    """One source: every heading, item and cell of `rules explain` stands in it."""
    lines = {line.removeprefix("•").strip() for line in word_lines(PAPER)}
    for line in explain_scheme(SHOP).splitlines()[:-1]:
        told = line.replace("\\|", "|").lstrip("#- ").strip()
        pieces = [cell.strip() for cell in told.strip("|").split(" | ")] if told.startswith("|") else [told]
        missing = [piece for piece in pieces if piece.strip("-") and piece not in lines]
        assert missing == [], line


def test_it_is_signed_at_its_end() -> None:
    """Who wrote it, 人事 and who approves: a box for the signature and one for the day."""
    table = docx.Document(io.BytesIO(PAPER)).tables[-1]
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["制定", "人事", "批准"],
        ["签字："] * 3,
        ["日期："] * 3,
    ]


def test_headings_are_headings_and_pages_are_numbered() -> None:
    """Word's navigation lists the chapters; header rows repeat on every page."""
    styles = part_of(PAPER, "word/styles.xml")
    assert styles.count("<w:outlineLvl") == 3
    assert " PAGE " in part_of(PAPER, "word/footer1.xml")
    assert part_of(PAPER, "word/document.xml").count("<w:tblHeader/>") >= 13


def test_the_same_scheme_gives_the_same_bytes() -> None:
    """A signed paper can be made again."""
    assert scheme_as_word(SHOP) == PAPER


@pytest.mark.libreoffice
def test_it_prints_on_a_few_pages() -> None:
    """Real LibreOffice: thirteen indicators, outcomes, data and signatures."""
    assert 4 <= page_count(as_pdf(PAPER, ".docx")) <= 7
