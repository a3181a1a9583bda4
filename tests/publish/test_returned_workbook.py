"""A workbook with mistakes goes back as it came, with its wrong cells marked, and comes back clean."""

from __future__ import annotations

import io
import re
import zipfile
from decimal import Decimal
from functools import cache

import pytest
from defusedxml.ElementTree import fromstring
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill

from appraisal.findings.finding import finding
from appraisal.publish.excel import theme
from appraisal.publish.returned.marks import MOST_LISTED
from appraisal.publish.returned.workbook import returned_workbook
from appraisal.scheme.forms.submission import HAND_IN_BY
from appraisal.xlsx.container import LIMITS, unpack
from appraisal.xlsx.grid import cell_position
from appraisal.xlsx.reader import read_workbook
from tests.builders.submissions import FILE, SHA256, read_file, rulebook, submission
from tests.builders.workbooks import filled_workbook, opened, saved
from tests.libreoffice import recalculated

WRONG, DOUBT = theme.WRONG_LIGHT, theme.DOUBT_LIGHT
LIST = "退回说明"
GAP = {("考核数据", "KF002", "付款人数"): None}


@cache
def with_gap() -> bytes:
    """A filled workbook in which one number is missing."""
    return filled_workbook(cells=GAP)


def read(data: bytes):
    return read_file(data, file=FILE, sha256=SHA256, rulebook=rulebook(), roster=None)


def returned(data: bytes, *findings):
    marked = returned_workbook(data, findings or read(data).findings)
    assert marked is not None
    return marked


def gap(cell: str = "K10", sheet: str = "考核数据"):
    return finding("cell.missing", sheet=sheet, cell=cell, name="付款人数", hint="请填写。")


def doubt(cell: str = "K10", sheet: str = "考核数据"):
    return finding("data.zero_for_unknown", sheet=sheet, cell=cell, name="付款人数")


def marks(data: bytes) -> dict[str, str]:
    """The colour of every marked cell."""
    return {
        f"{sheet.title}!{cell.coordinate}": str(cell.fill.start_color.rgb)[2:]
        for sheet in opened(data)
        for row in sheet.iter_rows()
        for cell in row
        if sheet.title not in {LIST, "填写说明"} and str(cell.fill.start_color.rgb)[2:] in {WRONG, DOUBT}
    }


def comments(data: bytes) -> dict[str, str]:
    return {
        f"{sheet.title}!{cell.coordinate}": cell.comment.text
        for sheet in opened(data)
        for row in sheet.iter_rows()
        for cell in row
        if cell.comment
    }


def contents(data: bytes) -> dict[tuple[str, str], tuple]:
    """What people see in every cell of their own sheets, and whether they may write there."""
    return {
        (sheet.title, cell.coordinate): (
            cell.value,
            cell.data_type,
            cell.number_format,
            cell.fill.start_color.rgb,
            cell.protection.locked,
            None if cell.comment is None else cell.comment.text,
        )
        for sheet in opened(data)
        for row in sheet.iter_rows()
        for cell in row
        if sheet.title not in {LIST, "_退回"} and (cell.value is not None or cell.has_style)
    }


def listed(data: bytes) -> list[tuple]:
    """The rows of the list: number, requirement, place, problem, remedy."""
    rows = list(opened(data)[LIST].iter_rows(values_only=True))
    header = next(at for at, row in enumerate(rows) if row[0] == "序号")
    return rows[header + 1 :]


def with_part(data: bytes, name: str, content: bytes) -> bytes:
    """The package with a part added or replaced."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w") as target:
        for part in source.namelist():
            if part != name:
                target.writestr(part, source.read(part))
        target.writestr(name, content)
    return out.getvalue()


def in_first_sheet(data: bytes, old: str, new: str) -> bytes:
    """The package with one change in the XML of its first sheet."""
    name = "xl/worksheets/sheet1.xml"
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        text = package.read(name).decode()
    assert old in text
    return with_part(data, name, text.replace(old, new, 1).encode())


# ------------------------------------------------------------------------------------------ the marks


def test_wrong_cells_are_red_and_doubtful_ones_yellow():
    """One look at the sheet says where to go, and the comment says why when colours do not print."""
    data = returned(with_gap(), gap("K10"), doubt("S9"), gap("C12", "自评"))
    assert marks(data) == {"考核数据!K10": WRONG, "考核数据!S9": DOUBT, "自评!C12": WRONG}
    assert comments(data)["考核数据!K10"] == "【请改正】\n“付款人数”没有填写。请填写。"
    assert comments(data)["考核数据!S9"].startswith("【请核对】\n")


def test_several_findings_on_one_cell_share_one_comment():
    """Errors come first, numbered, and the colour is that of the gravest."""
    data = returned(with_gap(), doubt("K10"), gap("K10"))
    first, *lines = comments(data)["考核数据!K10"].split("\n")
    assert first == "【请改正】"
    assert [line[:3] for line in lines] == ["1. ", "2. "]
    assert lines[0].startswith("1. “付款人数”没有填写")
    assert marks(data) == {"考核数据!K10": WRONG}


def test_a_comment_is_as_large_as_its_text():
    """Nobody has to pull a note open to read it."""
    data = returned(with_gap(), gap("K10"), *[gap("L10")] * 4)
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        (name,) = [name for name in package.namelist() if name.endswith(".vml")]
        sizes = re.findall(rb"width:(\d+)px;height:(\d+)px", package.read(name))
    (width, low), (same_width, high) = [(int(one), int(other)) for one, other in sizes]
    assert width == same_width == 300
    assert high > low + 50


def test_a_finding_in_a_merged_cell_marks_the_one_that_shows():
    """The labelled cells on top run over two columns."""
    assert marks(returned(with_gap(), gap("C3"))) == {"考核数据!B3": WRONG}


@pytest.mark.parametrize(
    "one",
    [
        finding("sheet.missing", name="自评", found="考核数据"),
        finding("header.missing", sheet="自评", name="姓名"),
        gap("K10", "没有这张表"),
        gap("ZZZZ1"),
    ],
)
def test_what_is_not_in_a_cell_is_in_the_list_alone(one):
    """No cell is blamed for a missing sheet or column."""
    data = returned(with_gap(), one)
    assert marks(data) == {}
    assert [row[3] for row in listed(data)] == [one.message]


def test_a_marked_cell_is_open_for_the_correction():
    """What the system has filled in and locked can be put right where it is wrong, and only there."""
    data = returned(
        with_gap(), finding("group.unknown", sheet="考核数据", cell="B2", group="x", known="y", odd="")
    )
    sheet = opened(data)["考核数据"]
    assert not sheet["B2"].protection.locked
    assert sheet["A10"].protection.locked
    assert not sheet["C3"].protection.locked, "the hidden half of a merged cell stays as open as the other"


def test_a_row_of_the_wrong_person_opens_with_id_and_name():
    """Who has left can be taken out of the list."""
    left = finding("staff.left", sheet="考核数据", cell="A12", name="x", id="y", date="z", period="2026-11")
    sheet = opened(returned(with_gap(), left))["考核数据"]
    assert not sheet["A12"].protection.locked
    assert not sheet["B12"].protection.locked
    assert sheet["B13"].protection.locked
    assert sheet["U12"].protection.locked, "formulas stay locked"


def test_a_doubt_opens_nothing():
    """What is only to be checked needs no new rights."""
    assert opened(returned(with_gap(), doubt("A12")))["考核数据"]["A12"].protection.locked


# ------------------------------------------------------------------------------------------- the list


def test_the_list_stands_in_front_and_alone_selected():
    """It is what the manager sees on opening; typing does not go into several sheets at once."""
    book = opened(returned(with_gap()))
    assert book.sheetnames[0] == LIST
    assert book.active.title == LIST
    assert [sheet.title for sheet in book if sheet.sheet_view.tabSelected] == [LIST]
    assert book["_退回"].sheet_state == "veryHidden"


def test_the_list_goes_by_what_must_be_fixed_first():
    """File, sheets, headers, rows as they stand, then warnings."""
    findings = [
        doubt("S9"),
        gap("K10"),
        gap("C12", "自评"),
        finding("header.missing", sheet="自评", name="姓名"),
        finding("sheet.missing", name="自评", found="考核数据"),
        finding("period.missing", sheet="考核数据", cell="E2", seen="空白"),
    ]
    rows = listed(returned(with_gap(), *findings))
    assert [row[2] for row in rows] == [
        "考核数据!E2",
        "整份文件",
        "自评",
        "考核数据!K10",
        "自评!C12",
        "考核数据!S9",
    ]
    assert [row[1] for row in rows] == ["必须改正"] * 5 + ["请核对"]
    assert [row[0] for row in rows] == [1, 2, 3, 4, 5, 6]


def test_the_list_leads_to_each_cell():
    """A click goes there; links lead nowhere outside the workbook."""
    sheet = opened(returned(with_gap(), gap("K10")))[LIST]
    links = [cell.hyperlink for row in sheet.iter_rows() for cell in row if cell.hyperlink]
    assert [(link.location, link.target) for link in links] == [("'考核数据'!K10", None)]


def test_a_message_that_quotes_a_formula_stays_text():
    """What a person typed is shown, never calculated."""
    quoted = finding("cell.not_a_number", sheet="考核数据", cell="K10", name="=1+1", seen="=cmd|x", hint="=2")
    data = returned(with_gap(), quoted)
    sheet = opened(data)[LIST]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value} <= {"s", "n"}


def test_a_long_list_stops_where_nobody_reads_on():
    """All cells are marked; the list says how many it leaves out."""
    findings = [gap(f"{column}{row}") for row in range(9, 31) for column in "FGHIJKLMNOPQRS"]
    data = returned(with_gap(), *findings)
    rows = listed(data)
    assert len(rows) == MOST_LISTED + 1
    assert rows[-1][0] == f"另有 {len(findings) - MOST_LISTED} 处没有列出，已在各表中标出。"
    assert len(marks(data)) == len(findings)


# ----------------------------------------------------------------------------------- what stays as it was


def test_everything_else_stays_as_it_was():
    """Values, formats, locks and texts of all other cells are the manager's own."""
    data = with_gap()
    before, after = contents(data), contents(returned(data))
    changed = {place for place in before if before[place] != after[place]}
    assert changed == {("考核数据", "K10")}


def test_a_format_far_below_makes_no_cells():
    """A coloured last row is common; the workbook must not grow to a million rows by being returned."""
    book = opened(with_gap())
    book["考核数据"].cell(1_048_576, 2).fill = PatternFill("solid", start_color="00C6EFCE")
    with zipfile.ZipFile(io.BytesIO(returned(saved(book), gap()))) as package:
        rows = [package.read(name).count(b"<row ") for name in package.namelist() if "/sheet" in name]
    assert max(rows) < 60


def test_a_returned_workbook_reads_as_the_original_does():
    """Marks, list and notes of ours mean nothing to the intake."""
    data = with_gap()
    assert read(returned(data)).findings == read(data).findings


def test_a_returned_workbook_that_is_put_right_is_accepted():
    """The manager fills the red cell and drops the same file again."""
    book = opened(returned(with_gap()))
    book["考核数据"]["K10"].value = 400
    reading = read(saved(book))
    assert reading.findings == ()
    typed = [row.values["付款人数"] for row in reading.submission.tables["考核数据"].rows]
    assert typed[1] == Decimal(400)


def test_names_that_look_like_formulas_stay_text():
    """openpyxl would calculate them; the manager's text comes out as text."""
    book = opened(with_gap())
    book["考核数据"]["T9"].value = "=1+1"
    book["考核数据"]["T9"].data_type = "s"
    cell = opened(returned(saved(book)))["考核数据"]["T9"]
    assert (cell.value, cell.data_type) == ("=1+1", "s")


def test_parts_of_a_text_in_bold_stay_so():
    """Rich text goes through."""
    book = opened(with_gap())
    text = CellRichText("普通", TextBlock(InlineFont(b=True), "加粗"))
    book["考核数据"]["T9"].value = text
    data = returned(saved(book), gap())
    assert opened(data, rich_text=True)["考核数据"]["T9"].value == text


def with_texts_like_escapes() -> bytes:
    """Texts that read `_x0041_`: whole, in bold parts, and in somebody's comment."""
    book = opened(with_gap())
    sheet = book["考核数据"]
    sheet["T8"].value = CellRichText("_x005F_x0041_", TextBlock(InlineFont(b=True), "_x005F_x0042_"))
    sheet["T9"].value = "_x005F_x005F_x005F_x0041_甲"
    sheet["K10"].comment = Comment("_x005F_x0041_", "店长")
    return saved(book)


@pytest.mark.parametrize("times", [1, 2])
def test_a_text_that_looks_like_an_escape_is_still_that_text(times):
    """`_x0041_` is what was typed; openpyxl alone would make an A of it."""
    data = with_texts_like_escapes()
    for _ in range(times):
        data = returned(data, gap())
    (grid,) = (one for one in read_workbook(data).sheets if one.name == "考核数据")
    assert [grid.cells[cell_position(at)].value for at in ("T8", "T9")] == [
        "_x0041__x0042_",
        "_x005F_x0041_甲",
    ]
    (told,) = (part for name, part in unpack(data, LIMITS).items() if name.startswith("xl/comments/"))
    assert told.count(b"_x005F_x0041_") == 1


def test_a_finding_that_quotes_such_a_text_quotes_it_as_typed():
    """In the list and in the comment."""
    quoting = finding("cell.missing", sheet="考核数据", cell="K10", name="_x0041_", hint="请填写。")
    data = returned(with_gap(), quoting)
    assert "_x005F_x0041_" in listed(data)[0][3]
    assert "_x005F_x0041_" in comments(data)["考核数据!K10"]


_FONT_ORDER = [
    "b",
    "i",
    "strike",
    "condense",
    "extend",
    "outline",
    "shadow",
    "u",
    "vertAlign",
    "sz",
    "color",
    "name",
    "family",
    "charset",
    "scheme",
]


def test_what_makes_up_a_font_stands_in_the_order_of_the_standard():
    """Excel takes any order; other readers refuse the file."""
    book = opened(with_gap())
    book["考核数据"]["T9"].font = Font(
        name="宋体",
        charset=134,
        family=3,
        b=True,
        i=True,
        strike=True,
        u="single",
        sz=9,
        color="FF112233",
        scheme="minor",
    )
    data = returned(saved(book), gap())
    fonts = fromstring(unpack(data, LIMITS)["xl/styles.xml"]).find("{*}fonts")
    for font in fonts:
        names = [part.tag.partition("}")[2] for part in font]
        assert names == sorted(names, key=_FONT_ORDER.index)
    font = opened(data)["考核数据"]["T9"].font
    assert (font.name, font.charset, font.strike, font.u, font.scheme) == (
        "宋体",
        134,
        True,
        "single",
        "minor",
    )


@pytest.mark.libreoffice
def test_another_program_opens_it_and_shows_the_same_texts():
    """LibreOffice saves what it read of the returned workbook; openpyxl takes its escapes off."""
    seen = opened(recalculated(returned(with_texts_like_escapes(), gap())), rich_text=False)["考核数据"]
    assert str(seen["T8"].value) == "_x0041__x0042_"
    assert seen["K10"].comment is not None


@pytest.mark.libreoffice
def test_what_libreoffice_saved_is_marked_and_unmarked_too():
    """A manager who works in LibreOffice gets the same, and hands in the same."""
    once = returned(recalculated(with_gap()), gap())
    again = recalculated(once)
    assert list(marks(again)) == ["考核数据!K10"]
    twice = returned(again, doubt("S9"))
    assert list(marks(twice)) == ["考核数据!S9"]
    assert list(comments(twice)) == ["考核数据!S9"]
    assert read(again).findings == read(with_gap()).findings


# ------------------------------------------------------------------------------------- returned again


def test_old_marks_are_cleared_when_it_is_returned_again():
    """What was put right is plain again; only what is wrong now is marked."""
    once = returned(with_gap(), gap("K10"), gap("B2"), gap("C12", "自评"))
    twice = returned(once, gap("L11"))
    assert marks(twice) == {"考核数据!L11": WRONG}
    assert list(comments(twice)) == ["考核数据!L11"]
    book = opened(twice)
    assert book.sheetnames.count(LIST) == 1
    assert [name for name in book.sheetnames if name.startswith("_退回")] == ["_退回"]


def test_clearing_brings_back_colour_and_lock():
    """The grey of a prefilled cell, and a colour that somebody chose, return."""
    book = opened(with_gap())
    book["考核数据"]["K10"].fill = PatternFill("solid", start_color="00C6EFCE")
    data = saved(book)
    once = returned(data, gap("K10"), gap("B2"))
    before, after = contents(data), contents(returned(once, gap("L11")))
    assert {place for place in before if before[place] != after[place]} == {("考核数据", "L11")}


def test_clearing_keeps_what_the_manager_coloured_since():
    """Only our own colours are taken away."""
    book = opened(returned(with_gap(), gap("K10")))
    book["考核数据"]["K10"].fill = PatternFill("solid", start_color="00C6EFCE")
    cell = opened(returned(saved(book), gap("L11")))["考核数据"]["K10"]
    assert cell.fill.start_color.rgb == "00C6EFCE"


def test_a_marked_cell_that_was_copied_elsewhere_is_cleared_too():
    """Copying a red cell must not leave red behind for ever: the form does not let people recolour."""
    book = opened(returned(with_gap(), gap("K10")))
    sheet = book["考核数据"]
    sheet["L12"].fill = PatternFill("solid", start_color=theme.WRONG_LIGHT)
    assert marks(returned(saved(book), gap("M9"))) == {"考核数据!M9": WRONG}


def test_the_colours_in_the_legend_stay():
    """The instructions show what red and yellow mean, returned or not."""
    twice = returned(returned(with_gap(), gap("K10")), gap("L11"))
    legend = {
        cell.value: cell.fill.start_color.rgb for row in opened(twice)["填写说明"].iter_rows() for cell in row
    }
    assert legend["红底"].endswith(WRONG)
    assert legend["黄底"].endswith(DOUBT)


def test_comments_of_other_people_are_kept_below_ours_and_come_back():
    """Nobody's note is lost by being returned."""
    book = opened(with_gap())
    book["考核数据"]["K10"].comment = Comment("请财务复核", "王会计")
    once = returned(saved(book), gap("K10"))
    assert comments(once)["考核数据!K10"].endswith("请财务复核")
    assert comments(once)["考核数据!K10"].startswith("【请改正】")
    assert comments(returned(once, gap("L11")))["考核数据!K10"] == "请财务复核"


def test_the_same_workbook_and_findings_give_the_same_bytes():
    """Returning tells nothing of the clock."""
    data = with_gap()
    assert returned(data) == returned(data)


# ------------------------------------------------------------------------- what openpyxl would lose


def with_chart() -> bytes:
    book = opened(with_gap())
    chart = BarChart()
    chart.add_data(Reference(book["考核数据"], min_col=11, min_row=9, max_row=12))
    book["考核数据"].add_chart(chart, "Y2")
    return saved(book)


def with_extension() -> bytes:
    end = "</worksheet>"
    sparkline = '<extLst><ext uri="{05C60535-1F16-4fd2-B633-F4F36F0B64E0}"/></extLst></worksheet>'
    return in_first_sheet(with_gap(), end, sparkline)


def with_check_box() -> bytes:
    box = (
        '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:x="urn:schemas-microsoft-com:office:excel">'
        '<v:shape><x:ClientData ObjectType="Checkbox"/></v:shape></xml>'
    )
    return with_part(with_gap(), "xl/drawings/vmlDrawing9.vml", box.encode())


def with_link_on_an_empty_cell() -> bytes:
    link = '<hyperlinks><hyperlink ref="Z99" location="A1"/></hyperlinks><pageMargins'
    return in_first_sheet(with_gap(), "<pageMargins", link)


@pytest.mark.parametrize(
    "data",
    [
        with_chart(),
        with_extension(),
        with_check_box(),
        with_link_on_an_empty_cell(),
        with_part(with_gap(), "xl/threadedComments/threadedComment1.xml", b"<x/>"),
        with_part(with_gap(), "xl/cellimages.xml", b"<x/>"),
        with_part(with_gap(), "xl/media/image1.png", b"\x89PNG"),
        with_part(with_gap(), "xl/pivotTables/pivotTable1.xml", b"<x/>"),
    ],
    ids=["chart", "sparkline", "check box", "link", "threaded comment", "cell image", "picture", "pivot"],
)
def test_where_something_would_get_lost_the_original_stays_untouched(data):
    """No marked workbook then; the page beside it tells everything."""
    assert returned_workbook(data, [gap()]) is None


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", with_gap()[:-400], b"%PDF-1.7"])
def test_what_cannot_be_opened_is_not_marked(data):
    """It never raises: there is just no marked workbook."""
    assert returned_workbook(data, [gap()]) is None


def test_a_workbook_with_a_date_beyond_the_calendar_is_not_marked():
    """openpyxl would put #VALUE! in its place."""
    book = opened(with_gap())
    book["考核数据"]["Z9"].value = 2958466
    book["考核数据"]["Z9"].number_format = "yyyy-mm-dd"
    assert returned_workbook(saved(book), [gap()]) is None


def test_a_workbook_merged_from_edge_to_edge_is_not_marked():
    """openpyxl would make a cell for each of its seventeen thousand million places."""
    merged = in_first_sheet(
        with_gap(), "<pageMargins", '<mergeCells><mergeCell ref="Z99:XFD1048576"/></mergeCells><pageMargins'
    )
    assert returned_workbook(merged, [gap()]) is None


def test_a_workbook_that_openpyxl_cannot_read_is_not_marked():
    """Its style sheet is nonsense, though the package is sound."""
    broken = with_part(
        with_gap(), "xl/styles.xml", b"<styleSheet><cellXfs><xf numFmtId='x'/></cellXfs></styleSheet>"
    )
    assert returned_workbook(broken, [gap()]) is None


def test_the_labels_still_stand_where_they_stood():
    """The returned form is the form: nothing moved."""
    reading = read(returned(filled_workbook(), doubt("S9")))
    assert reading.findings == ()
    assert reading.submission.label_cells[HAND_IN_BY][0] == "考核数据"
    assert reading.submission.labels["店长"] == submission().labels["店长"]
