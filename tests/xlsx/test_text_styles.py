"""What is read of a cell's text style: struck out, runs of rich text, hidden columns, pictures; and old values."""

from __future__ import annotations

import pytest

from appraisal.xlsx.grid import CellProblem, RawCell, RawSheet, RawWorkbook, TextStyle
from appraisal.xlsx.reader import read_workbook
from tests.intake.builders import DECLARATION, MAIN, Book, cell, only_sheet, row

STYLES = (
    f'{DECLARATION}<styleSheet xmlns="{MAIN}"><fonts><font><sz val="11"/></font>'
    '<font><strike/><sz val="11"/></font><font><strike val="0"/></font></fonts>'
    '<cellXfs><xf numFmtId="0" fontId="0"/><xf numFmtId="0" fontId="1"/><xf numFmtId="0" fontId="2"/></cellXfs>'
    "<dxfs><dxf><font><strike/></font></dxf></dxfs></styleSheet>"
)
PLAIN, STRUCK, NOT_STRUCK = range(3)


def first_cell(one: str, strings: tuple[str, ...] = (), **book: object) -> RawCell:
    parts: dict[str, bytes | str] = {"xl/styles.xml": STYLES}
    data = Book(rows=row(1, one), strings=strings, parts=parts, **book).data()  # type: ignore[arg-type]
    return only_sheet(read_workbook(data)).cells[1, 1]


def run(text: str, font: str = "") -> str:
    return f"<r>{font and f'<rPr>{font}</rPr>'}<t>{text}</t></r>"


@pytest.mark.parametrize(
    ("style", "text_style"),
    [(PLAIN, TextStyle.NORMAL), (STRUCK, TextStyle.STRUCK), (NOT_STRUCK, TextStyle.NORMAL)],
)
def test_a_cell_struck_out_as_a_whole_keeps_its_value(style, text_style):
    """As every writer says it: `<strike/>`, with val false it is none."""
    found = first_cell(cell("A1", "3", style=style))
    assert (found.value, found.text_style) == (3, text_style)


@pytest.mark.parametrize(
    ("runs", "text_style"),
    [
        (run("3", "<strike/>") + run("2"), TextStyle.PARTLY_STRUCK),
        (run("3", '<strike val="true"/>') + run("2", "<b/>"), TextStyle.PARTLY_STRUCK),
        (run("3", "<strike/>") + run("2", "<strike/>"), TextStyle.STRUCK),
        (run("3", "<strike/>") + run(" "), TextStyle.STRUCK),
        (run("5") + run("2", '<vertAlign val="superscript"/>'), TextStyle.PARTLY_RAISED),
        (run("5") + run("2", '<vertAlign val="subscript"/>'), TextStyle.PARTLY_RAISED),
        (run("5") + run("2", '<vertAlign val="baseline"/>'), TextStyle.NORMAL),
        (run("3") + run("2", '<sz val="6"/>'), TextStyle.MIXED_SIZES),
        (run("3") + run("2", '<sz val="11"/><color rgb="FFFF0000"/>'), TextStyle.NORMAL),
        (run("3") + run("2", '<b/><rFont val="宋体"/>'), TextStyle.NORMAL),
        (run("32"), TextStyle.NORMAL),
    ],
)
def test_runs_that_look_unlike_are_told(runs, text_style):
    """In the cell itself and shared; bold and colour are no matter."""
    inline = first_cell(f'<c r="A1" t="inlineStr"><is>{runs}</is></c>')
    shared = first_cell(cell("A1", "0", kind="s"), strings=(runs,))
    assert inline.text_style is text_style
    assert shared == inline


def test_a_run_without_a_font_is_in_the_cells_own():
    """Then the struck font of the cell holds for it."""
    runs = run("3") + run("2", '<sz val="11"/>')
    assert (
        first_cell(f'<c r="A1" s="{STRUCK}" t="inlineStr"><is>{runs}</is></c>').text_style
        is TextStyle.PARTLY_STRUCK
    )


@pytest.mark.parametrize(
    ("columns", "hidden"),
    [
        ('<col min="2" max="3" hidden="1"/>', {2}),
        ('<col min="1" max="16384" hidden="true"/>', {1, 2}),
        ('<col min="1" max="1" width="0" customWidth="1"/>', {1}),
        ('<col min="1" max="2" width="9" hidden="0"/>', set()),
        ('<col min="x" max="2" hidden="1"/>', set()),
    ],
)
def test_hidden_columns_are_told_if_they_hold_something(columns, hidden):
    """Also one of no width."""
    book = Book(rows=row(1, cell("A1", "1"), cell("B1", "2")), before_rows=f"<cols>{columns}</cols>")
    assert only_sheet(read_workbook(book.data())).hidden_columns == frozenset(hidden)


def test_a_row_of_no_height_is_hidden():
    """As the mouse makes it."""
    sheet = only_sheet(read_workbook(Book(rows=row(1, cell("A1", "1"), ht="0")).data()))
    assert sheet.hidden_rows == frozenset({1})


@pytest.mark.parametrize(
    "one",
    [
        cell("A1", '=DISPIMG("ID_61",1)', kind="str", formula='<f>_xlfn.DISPIMG("ID_61",1)</f>'),
        cell("A1", "#NAME?", kind="e", formula='<f>_xlfn.DISPIMG("ID_61",1)</f>'),
        '<c r="A1" t="inlineStr"><is><t>=DISPIMG("ID_61",1)</t></is></c>',
        '<c r="A1" t="e" vm="1"><v>#VALUE!</v></c>',
        '<c r="A1" t="e" vm="1"><f>_xlfn.IMAGE("https://x")</f><v>#VALUE!</v></c>',
    ],
)
def test_a_picture_in_a_cell_is_called_one(one):
    """Of WPS, of WPS opened by Excel, typed over, placed by Excel, by IMAGE."""
    assert first_cell(one).problem is CellProblem.PICTURE


def test_other_errors_of_new_kinds_are_errors():
    """`vm` alone makes no picture."""
    assert first_cell('<c r="A1" t="e" vm="1"><v>#SPILL!</v></c>').problem is CellProblem.ERROR_VALUE


# --------------------------------------------------------------------------------------- old values

ON_LOAD, NOT_COMPLETED, NOT_ON_SAVE, BY_HAND, DONE = (
    '<calcPr calcId="1" fullCalcOnLoad="1"/>',
    '<calcPr calcMode="manual" calcCompleted="0"/>',
    '<calcPr calcMode="manual" calcOnSave="0"/>',
    '<calcPr calcMode="manual"/>',
    '<calcPr calcId="1"/>',
)


def sheet_with(formula: str, stored: str, calculation: str) -> RawSheet:
    rows = row(1, cell("A1", stored, formula=f"<f>{formula}</f>"), cell("B1", "1000"), cell("C1", "250"))
    rows += row(2, '<c r="A2" t="inlineStr"><is><t>无</t></is></c>', cell("B2", "2.5"))
    found = read_workbook(Book(rows=rows, workbook_extra=calculation).data())
    assert isinstance(found, RawWorkbook)
    return found.sheets[0]


@pytest.mark.parametrize("calculation", [ON_LOAD, NOT_COMPLETED, NOT_ON_SAVE, BY_HAND])
@pytest.mark.parametrize(
    "formula",
    [
        "SUM(1000,250)", "1000+250", "B1+C1", "$B$1+C$1", "SUM(B1:C1)", "SUM(B1,C1,A2)", "SUM(B1:C1)*1", "sum(b1:c1)",
        "B2*500", "2500/2", "(B1+C1)", "-(-1250)", "1.25E3", "SUM(B1:D1)", "考核数据!B1+C1", "'考核数据'!B1+250", "125000%",
        "2500-B1-C1",
    ],
)  # fmt: skip
def test_what_can_be_computed_is_held_against_what_is_stored(formula, calculation):
    """1,250 is right, 1,200 is old."""
    assert sheet_with(formula, "1250", calculation).cells[1, 1].problem is None
    stale = sheet_with(formula, "1200", calculation).cells[1, 1]
    assert (stale.problem, stale.value) == (CellProblem.STALE, "1200，按公式应为 1250")


@pytest.mark.parametrize(
    "formula",
    [
        "VLOOKUP(B1,A:C,2,0)", "AVERAGE(B1:C1)", "B1^2", "SUM(F:F)", "Other!B1", "A2+1", "SUM(B1:C1", "B1/0", "1+",
        "(" * 50 + "1" + ")" * 50, "SUM(A1:ZZ9999)", "B1&amp;C1", "",
    ],
)  # fmt: skip
def test_what_cannot_be_computed_is_asked_for_where_the_file_calls_it_old(formula):
    """Only there: a workbook calculated by hand is most likely up to date."""
    assert sheet_with(formula, "1250", ON_LOAD).cells[1, 1].problem is CellProblem.UNCHECKED
    assert sheet_with(formula, "1250", NOT_COMPLETED).cells[1, 1].problem is CellProblem.UNCHECKED
    assert sheet_with(formula, "1250", BY_HAND).cells[1, 1].problem is None


def test_a_workbook_that_is_calculated_is_taken_at_its_word():
    """Rounding as displayed, iteration: its own program knows better."""
    assert sheet_with("SUM(1000,250)", "1200", DONE).cells[1, 1].value == 1200


def test_a_reference_alone_is_compared_as_whatever_stands_there():
    """A text too."""
    assert sheet_with("B1", "1000", ON_LOAD).cells[1, 1].problem is None
    assert sheet_with("A2", "1000", ON_LOAD).cells[1, 1].problem is CellProblem.STALE
