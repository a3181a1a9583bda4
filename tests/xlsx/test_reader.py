"""From bytes to a raw grid: every kind of cell exactly, or a finding that says why not."""

# ruff: noqa: DTZ001 - days on a sheet have no time zone
from __future__ import annotations

import io
import pickle
import subprocess
import time
from datetime import date, datetime, timedelta
from datetime import time as clock

import openpyxl
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from appraisal.findings.finding import Finding
from appraisal.xlsx.container import Limits
from appraisal.xlsx.grid import (
    CellProblem,
    RawCell,
    RawWorkbook,
    cell_name,
    cell_position,
    column_name,
    range_bounds,
)
from appraisal.xlsx.number_formats import BUILT_IN, Meaning, format_meaning
from appraisal.xlsx.reader import read_workbook
from tests.intake.builders import (
    CHINESE_DATE,
    DATE,
    DECLARATION,
    DURATION,
    MAIN,
    MOMENT,
    MONTH,
    PERCENT,
    STYLES,
    TIME,
    Book,
    cell,
    codes,
    only_sheet,
    row,
    values,
)


def read_cell(one: str, **book: object) -> RawCell:
    """The cell A1 of a workbook that has only this cell element."""
    sheet = only_sheet(read_workbook(Book(rows=row(1, one), **book).data()))  # type: ignore[arg-type]
    return sheet.cells[1, 1]


def refuse_rows(rows: str, **book: object) -> list[str]:
    return codes(read_workbook(Book(rows=rows, **book).data()))  # type: ignore[arg-type]


class TestTexts:
    def test_shared_strings(self):
        strings = ("<t>张三</t>", "<t xml:space='preserve'> 李四 </t>")
        assert read_cell(cell("A1", "1", kind="s"), strings=strings) == RawCell(" 李四 ")

    def test_rich_text_is_joined_and_phonetic_guides_are_left_out(self):
        rich = "<r><rPr><b/></rPr><t>张</t></r><r><t>三</t></r><rPh sb='0' eb='1'><t>ZHANG</t></rPh><phoneticPr fontId='1'/>"
        assert read_cell(cell("A1", "0", kind="s"), strings=(rich,)).value == "张三"
        assert read_cell(f'<c r="A1" t="inlineStr"><is>{rich}</is></c>').value == "张三"

    def test_inline_strings_and_formula_texts(self):
        assert read_cell('<c r="A1" t="inlineStr"><is><t>张三</t></is></c>').value == "张三"
        found = read_cell(cell("A1", "张三", kind="str", formula="<f>B1</f>"))
        assert found == RawCell("张三", is_formula=True)

    def test_escapes_are_resolved_as_excel_does(self):
        assert (
            read_cell(cell("A1", "甲_x000D_\n乙_x005F_x_xD83D__xDE00_", kind="str")).value == "甲\r\n乙_x😀"
        )

    @pytest.mark.parametrize("text", ["甲_x0000_乙", "_xD800_", "_x0007_", "\ufffd", "&#x7F;"])
    def test_a_text_with_marks_that_no_person_types_is_unreadable(self, text: str):
        """Cases 25 and 48: no NUL, no half character, no replacement character goes further."""
        found = read_cell(cell("A1", text, kind="str"))
        assert found.problem is CellProblem.UNREADABLE
        assert "␣" in str(found.value) or "_x" in str(found.value)

    def test_a_text_beyond_excels_own_limit_is_too_long_and_not_cut(self):
        """Case 48."""
        assert read_cell(cell("A1", "长" * 32_767, kind="str")).value == "长" * 32_767
        found = read_cell(cell("A1", "长" * 32_768, kind="str"))
        assert (found.problem, found.value) == (CellProblem.TOO_LONG, "长" * 60 + "…")

    def test_a_string_of_five_megabytes_is_read_past(self):
        start = time.process_time()
        found = read_cell(cell("A1", "0", kind="s"), strings=("<t>" + "长a" * 1_300_000 + "</t>",))
        assert found.problem is CellProblem.TOO_LONG
        assert time.process_time() - start < 8

    @pytest.mark.parametrize("index", ["2", "-1", "99999999999", "x", "1.0", "１"])
    def test_a_string_that_does_not_exist_refuses_the_file(self, index: str):
        """Case 46: never another person's name."""
        strings = ("<t>张三</t>", "<t>李四</t>")
        assert refuse_rows(row(1, cell("A1", index, kind="s")), strings=strings) == ["workbook.corrupt"]

    def test_the_finding_names_sheet_and_cell(self):
        found = read_workbook(Book(rows=row(7, cell("C7", "5", kind="s"))).data())
        assert isinstance(found, tuple)
        assert (found[0].sheet, found[0].cell) == ("考核数据", "C7")

    @pytest.mark.parametrize("codec", ["utf-16", "utf-8-sig"])
    def test_parts_in_utf_16_are_read_without_mojibake(self, codec: str):
        """Case 26."""
        name = "UTF-16" if codec == "utf-16" else "UTF-8"
        part = f'<?xml version="1.0" encoding="{name}"?><sst xmlns="{MAIN}"><si><t>张三</t></si></sst>'
        parts = {"xl/sharedStrings.xml": part.encode(codec)}
        assert read_cell(cell("A1", "0", kind="s"), parts=parts).value == "张三"

    @pytest.mark.parametrize("name", ["GBK", "gb18030", "ISO-8859-1", "cp037", "no-such-code"])
    def test_a_part_in_another_encoding_is_refused(self, name: str):
        part = f'<?xml version="1.0" encoding="{name}"?><sst xmlns="{MAIN}"><si><t>'.encode() + "张三".encode(
            "gbk"
        )
        parts = {"xl/sharedStrings.xml": part + b"</t></si></sst>"}
        assert refuse_rows(row(1, cell("A1", "0", kind="s")), parts=parts) == ["workbook.corrupt"]


class TestNumbers:
    @pytest.mark.parametrize(
        ("stored", "value"),
        [
            ("95", 95),
            ("-3", -3),
            ("95.5", 95.5),
            ("0.45300000000000001", 0.453),
            ("1E3", 1000.0),
            (" 7 ", 7),
            ("1.0", 1.0),
        ],
    )
    def test_numbers_come_as_stored(self, stored: str, value: float):
        found = read_cell(cell("A1", stored))
        assert found == RawCell(value)
        assert type(found.value) is type(value)

    @pytest.mark.parametrize(
        "stored", ["NaN", "INF", "1e999", "9" * 5000, "0x5F", "95,5", "1_000", "９５", "95分", "--1", "."]
    )
    def test_what_is_no_number_never_becomes_one(self, stored: str):
        """Case 43."""
        assert read_cell(cell("A1", stored)).problem is CellProblem.NO_NUMBER

    def test_what_is_neither_true_nor_false_is_no_number_either(self):
        assert read_cell(cell("A1", "2", kind="b")).problem is CellProblem.NO_NUMBER

    def test_percents_keep_their_format(self):
        assert read_cell(cell("A1", "0.453", style=PERCENT)) == RawCell(0.453, "0.00%")

    @pytest.mark.parametrize(("stored", "value"), [("1", True), ("0", False)])
    def test_booleans(self, stored: str, *, value: bool):
        assert read_cell(cell("A1", stored, kind="b")).value is value

    @pytest.mark.parametrize("error", ["#DIV/0!", "#N/A", "#REF!", "#SPILL!"])
    def test_an_error_is_an_error_and_not_a_blank(self, error: str):
        """Case 42."""
        found = read_cell(cell("A1", error, kind="e", formula="<f>1/0</f>"))
        assert found == RawCell(error, problem=CellProblem.ERROR_VALUE, is_formula=True)

    @pytest.mark.parametrize("style", ["8", "-1", "x", "01"])
    def test_a_style_that_does_not_exist_refuses_the_file(self, style: str):
        """Case 46."""
        assert refuse_rows(row(1, cell("A1", "1", style=style))) == ["workbook.corrupt"]

    def test_an_unknown_type_of_cell_refuses_the_file(self):
        assert refuse_rows(row(1, cell("A1", "1", kind="q"))) == ["workbook.corrupt"]

    def test_a_value_in_the_wrong_element_is_unreadable_and_not_a_blank(self):
        assert read_cell(cell("A1", "95", kind="inlineStr")).problem is CellProblem.UNREADABLE
        assert read_cell('<c r="A1"><is><t>95</t></is></c>').problem is CellProblem.UNREADABLE


class TestFormulas:
    @pytest.mark.parametrize(
        "formula", ["<f>SUM(B1:C1)</f>", '<f t="shared" si="0"/>', '<f t="array" ref="A1">B1</f>']
    )
    def test_a_calculated_formula_gives_its_value(self, formula: str):
        assert read_cell(cell("A1", "95", formula=formula)) == RawCell(95, is_formula=True)

    @pytest.mark.parametrize("value", [None, ""])
    def test_a_formula_that_nobody_calculated_is_neither_blank_nor_nought(self, value: str | None):
        """Case 41."""
        found = read_cell(cell("A1", value, formula="<f>SUM(B1:C1)</f>"))
        assert found == RawCell(None, problem=CellProblem.FORMULA_WITHOUT_VALUE, is_formula=True)

    def test_a_formula_that_gives_an_empty_text_has_a_value(self):
        assert read_cell(cell("A1", "", kind="str", formula="<f>IF(B1=0,C1,D1)</f>")) == RawCell(
            "", is_formula=True
        )

    def test_a_nought_that_waits_for_its_calculation_is_no_value(self):
        """XlsxWriter stores 0 for what it cannot calculate, and asks for it on opening."""
        recalculate = '<calcPr calcId="124519" fullCalcOnLoad="1"/>'
        waiting = cell("A1", "0", formula="<f>SUM(B1:C1)</f>")
        assert read_cell(waiting, workbook_extra=recalculate).problem is CellProblem.FORMULA_WITHOUT_VALUE
        assert read_cell(waiting).value == 0
        assert read_cell(cell("A1", "95", formula="<f>94+1</f>"), workbook_extra=recalculate).value == 95
        assert read_cell(cell("A1", "0"), workbook_extra=recalculate).value == 0

    def test_the_formulas_of_openpyxl_and_xlsxwriter_have_no_value(self):
        book = openpyxl.Workbook()
        book.active["A1"] = "=1+1"
        by_openpyxl = saved(book)
        by_xlsxwriter = written(lambda sheet, _: sheet.write_formula("A1", "=1+1"))
        for data in (by_openpyxl, by_xlsxwriter):
            found = only_sheet(read_workbook(data)).cells[1, 1]
            assert found.problem is CellProblem.FORMULA_WITHOUT_VALUE


class TestDates:
    @pytest.mark.parametrize(
        ("stored", "style", "value"),
        [
            ("46000", DATE, date(2025, 12, 9)),
            ("46000", MONTH, date(2025, 12, 9)),
            ("46000", CHINESE_DATE, date(2025, 12, 9)),
            ("46000", MOMENT, datetime(2025, 12, 9)),
            ("46000.354166666664", MOMENT, datetime(2025, 12, 9, 8, 30)),
            ("46000.5", DATE, datetime(2025, 12, 9, 12)),
            ("0.354166666666667", TIME, clock(8, 30)),
            ("0", TIME, clock(0, 0)),
            ("1.0625", DURATION, timedelta(days=1, minutes=90)),
            ("1", DATE, date(1900, 1, 1)),
            ("59", DATE, date(1900, 2, 28)),
            ("61", DATE, date(1900, 3, 1)),
            ("2958465", DATE, date(9999, 12, 31)),
        ],
    )
    def test_a_number_under_a_date_format_is_the_day_that_is_shown(
        self, stored: str, style: int, value: object
    ):
        """Case 47."""
        found = read_cell(cell("A1", stored, style=style))
        assert (found.value, type(found.value)) == (value, type(value))

    @pytest.mark.parametrize("stored", ["60", "0", "-1", "2958466", "1e300"])
    def test_a_day_that_does_not_exist_is_no_day(self, stored: str):
        found = read_cell(cell("A1", stored, style=DATE))
        assert (found.problem, found.value) == (CellProblem.NO_DAY, stored)

    def test_the_1904_system(self):
        workbook = '<workbookPr date1904="1"/>'
        assert read_cell(cell("A1", "0", style=DATE), workbook_extra=workbook).value == date(1904, 1, 1)
        assert read_cell(cell("A1", "44538", style=DATE), workbook_extra=workbook).value == date(2025, 12, 9)

    @pytest.mark.parametrize(
        ("stored", "value"),
        [
            ("2026-11-05", date(2026, 11, 5)),
            ("2026-11-05T08:30:00", datetime(2026, 11, 5, 8, 30)),
            ("2026-11-05T08:30:00.500Z", datetime(2026, 11, 5, 8, 30, 0, 500_000)),
            ("08:30:00", clock(8, 30)),
        ],
    )
    def test_dates_in_words_of_iso_8601(self, stored: str, value: object):
        assert read_cell(cell("A1", stored, kind="d")).value == value

    @pytest.mark.parametrize("stored", ["2026-02-31", "20261105", "2026-W45-4", "明天", "T", "25:00"])
    def test_an_iso_date_that_does_not_exist_is_no_day(self, stored: str):
        assert read_cell(cell("A1", stored, kind="d")).problem is CellProblem.NO_DAY

    @pytest.mark.parametrize(
        ("code", "meaning"),
        [
            ("General", Meaning.NUMBER),
            ('G/通用格式"秒"', Meaning.NUMBER),
            ("0.00E+00", Meaning.NUMBER),
            ('0"天"', Meaning.NUMBER),
            ('0.0"d"', Meaning.NUMBER),
            ("[Red]0;[蓝色]-0", Meaning.NUMBER),
            (r"0\d", Meaning.NUMBER),
            ("_-* #,##0_d", Meaning.NUMBER),
            ("[$-804]yyyy/m/d;@", Meaning.DATE),
            ("[DBNum1][$-804]m月d日", Meaning.DATE),
            ('e"年"', Meaning.DATE),
            ("mmm", Meaning.DATE),
            ("yyyy-mm-dd hh:mm", Meaning.DATE_AND_TIME),
            ("mm:ss", Meaning.TIME),
            ("上午/下午h:mm", Meaning.TIME),
            ("h:mm AM/PM", Meaning.TIME),
            ("[h]:mm:ss", Meaning.DURATION),
            ("[mm]:ss", Meaning.DURATION),
        ],
    )
    def test_what_a_format_code_means(self, code: str, meaning: Meaning):
        assert format_meaning(code) is meaning

    def test_the_built_in_codes_that_are_dates(self):
        """ECMA-376 part 1, 18.8.30, for Chinese."""
        dates = {code for code, shape in BUILT_IN.items() if format_meaning(shape) is not Meaning.NUMBER}
        assert dates == {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}

    def test_codes_of_conditional_formats_do_not_count(self):
        """They number codes of their own, which clash with those of the cells."""
        clash = "<dxfs><dxf><numFmt numFmtId='176' formatCode='0.00'/></dxf></dxfs></styleSheet>"
        styles = STYLES.replace("</styleSheet>", clash)
        found = read_cell(cell("A1", "46000", style=MONTH), parts={"xl/styles.xml": styles})
        assert found == RawCell(date(2025, 12, 9), 'yyyy"年"m"月"')

    def test_a_format_code_beyond_excels_limit_refuses_the_file(self):
        styles = STYLES.replace("yyyy", "y" * 300)
        assert refuse_rows("", parts={"xl/styles.xml": styles}) == ["workbook.corrupt"]


class TestWhereCellsAre:
    @pytest.mark.parametrize(
        "dimension",
        ['<dimension ref="A1"/>', '<dimension ref="A1:XFD1048576"/>', "", '<dimension ref="A0"/>'],
    )
    def test_a_wrong_dimension_loses_nothing(self, dimension: str):
        """Case 28."""
        rows = "".join(row(number, cell(f"A{number}", str(number))) for number in range(1, 181))
        sheet = only_sheet(read_workbook(Book(rows=rows, before_rows=dimension).data()))
        assert values(sheet) == {(number, 1): number for number in range(1, 181)}

    @pytest.mark.parametrize(
        "rows",
        [
            row(1_048_576, cell("XFD1048576", "1")),
            row(25_001, cell("A25001", "1")),
            row(1, cell("GS1", "1")),
            row(2_000_000_000, "<c><v>1</v></c>"),
            row(2_000_000, cell("A2000000", "1")),
            row(-1, "<c><v>1</v></c>"),
            row(0, "<c><v>1</v></c>"),
            row(1, cell("ZZZ1", "1")),
            row(1, cell("A", "1")),
        ],
    )
    def test_a_value_outside_the_form_is_refused(self, rows: str):
        """Case 29, without asking for the memory in between."""
        assert refuse_rows(row_one() + rows if 'r="1"' not in rows and "-1" not in rows else rows) == [
            "workbook.outside_form"
        ]

    @pytest.mark.slow
    def test_a_column_formatted_to_the_last_row_costs_little(self):
        """Case 30: a million rows of nothing but style."""
        rows = row_one() + "".join(f'<row r="{n}"><c r="A{n}" s="1"/></row>' for n in range(2, 1_048_577))
        data = Book(rows=rows).data()
        start = time.process_time()
        sheet = only_sheet(read_workbook(data))
        assert time.process_time() - start < 15
        assert set(sheet.cells) == {(1, 1)}

    def test_rows_and_cells_without_names_follow_each_other(self):
        """Case 31."""
        rows = "<row><c><v>1</v></c><c><v>2</v></c></row><row><c r='C2'><v>3</v></c><c><v>4</v></c></row>"
        found = values(only_sheet(read_workbook(Book(rows=rows).data())))
        assert found == {(1, 1): 1, (1, 2): 2, (2, 3): 3, (2, 4): 4}

    def test_cells_out_of_order_in_a_row_are_all_read(self):
        found = values(only_sheet(read_workbook(Book(rows=row(1, cell("B1", "2"), cell("A1", "1"))).data())))
        assert found == {(1, 1): 1, (1, 2): 2}

    @pytest.mark.parametrize("numbers", [(2, 1), (1, 1)])
    def test_rows_twice_or_out_of_order_refuse_the_file(self, numbers: tuple[int, int]):
        """Cases 31 and 32: programs differ in which they keep."""
        rows = "".join(row(number, cell(f"A{number}", "1")) for number in numbers)
        assert refuse_rows(rows) == ["workbook.ambiguous"]

    @pytest.mark.parametrize("second", ['<c r="A1"><v>59</v></c>', '<c r="A1"/>'])
    def test_a_cell_given_twice_is_marked(self, second: str):
        """Case 32."""
        sheet = only_sheet(read_workbook(Book(rows=row(1, cell("A1", "95") + second)).data()))
        assert sheet.cells[1, 1] == RawCell(None, problem=CellProblem.DUPLICATE)

    def test_a_cell_in_a_row_of_another_number_refuses_the_file(self):
        assert refuse_rows(row(5, cell("A6", "1"))) == ["workbook.ambiguous"]

    @pytest.mark.parametrize(
        "rows", [row(1, "<c r='A1'><v>1</v><v>2</v></c>"), row(1, "<c r='A1'><x/></c>"), "<x/>", "<row><row/></row>",
                 row(1, "<c r='A1'><v>1<b/>2</v></c>"),
                 f'<mc:AlternateContent xmlns:mc="x">{row(1, cell("A1", "1"))}</mc:AlternateContent>']
    )  # fmt: skip
    def test_an_element_that_could_hide_a_value_refuses_the_file(self, rows: str):
        assert refuse_rows(rows) == ["workbook.corrupt"]

    def test_cells_in_an_extension_are_not_cells(self):
        rows = row(1, cell("A1", "95"))
        hidden = f"<extLst><ext><sheetData>{row(1, cell('A1', '59'))}</sheetData></ext></extLst>"
        assert values(only_sheet(read_workbook(Book(rows=rows, after_rows=hidden).data()))) == {(1, 1): 95}

    def test_a_second_block_of_rows_refuses_the_file(self):
        again = f"<sheetData>{row(2, cell('A2', '1'))}</sheetData>"
        assert refuse_rows(row_one(), after_rows=again) == ["workbook.ambiguous"]

    def test_a_prefix_for_the_namespace_changes_nothing(self):
        part = Book().sheet().replace("<worksheet xmlns=", "<x:worksheet xmlns:x=").replace("</w", "</x:w")
        for name in ("sheetData", "row", "c", "v"):
            part = (
                part.replace(f"<{name}>", f"<x:{name}>")
                .replace(f"<{name} ", f"<x:{name} ")
                .replace(f"</{name}>", f"</x:{name}>")
            )
        found = read_workbook(Book(parts={"xl/worksheets/sheet1.xml": part}).data())
        assert values(only_sheet(found)) == {(1, 1): 95}

    def test_too_many_cells_refuse_the_file(self):
        rows = row(1, *(cell(f"{column_name(n)}1", "1") for n in range(1, 11)))
        assert codes(read_workbook(Book(rows=rows).data(), limits=Limits(cells=9))) == ["workbook.too_large"]
        assert len(only_sheet(read_workbook(Book(rows=rows).data(), limits=Limits(cells=10))).cells) == 10

    def test_hidden_rows_are_told_if_they_hold_something(self):
        rows = (
            row(1, cell("A1", "1")) + row(2, cell("A2", "2"), hidden="1") + row(3, '<c r="A3"/>', hidden="1")
        )
        sheet = only_sheet(read_workbook(Book(rows=rows).data()))
        assert (sheet.hidden_rows, sheet.cells[2, 1].value) == (frozenset({2}), 2)

    def test_merges_are_told_and_never_spread_out(self):
        """Case 33."""
        refs = ["A1:XFD1048576", *(f"A{n}:B{n}" for n in range(2, 50_002))]
        merges = "".join(f'<mergeCell ref="{ref}"/>' for ref in refs)
        hyperlink = '<hyperlinks><hyperlink ref="A1:XFD1048576" location="x"/></hyperlinks>'
        validations = "".join(f'<dataValidation sqref="A{n}"/>' for n in range(60_000))
        after = (
            f"<mergeCells>{merges}</mergeCells><dataValidations>{validations}</dataValidations>{hyperlink}"
        )
        data = Book(after_rows=after).data()
        start = time.process_time()
        sheet = only_sheet(read_workbook(data))
        assert time.process_time() - start < 8
        assert (sheet.merged, values(sheet)) == (tuple(refs), {(1, 1): 95})

    def test_all_sheets_come_in_order_hidden_ones_too(self):
        workbook = read_workbook(Book(sheet_names=("填写说明", "考核数据")).data())
        assert isinstance(workbook, RawWorkbook)
        assert [sheet.name for sheet in workbook.sheets] == ["填写说明", "考核数据"]

    def test_a_grid_pickles(self):
        workbook = read_workbook(Book().data())
        assert pickle.loads(pickle.dumps(workbook)) == workbook


class TestDamage:
    """Cases 24 and 25: all of a sheet or none of it."""

    @pytest.mark.parametrize(
        "part",
        [
            b"",
            b"<",
            DECLARATION.encode(),
            Book().sheet().encode()[:-20],
            Book().sheet().encode() + b"<more/>",
            Book().sheet().encode().replace(b"95", b"\xff\xfe"),
            Book().sheet().encode().replace(b"95", b"\x0795"),
            Book().sheet().encode().replace(b"95", b"&#0;"),
            Book().sheet().encode().replace(b"95", b"&#xD800;"),
            Book().sheet().encode().replace(b"95", b"\xed\xa0\x80"),
            b'<worksheet xmlns="urn:other"/>',
            f'<chartsheet xmlns="{MAIN}"/>'.encode(),
        ],
    )
    def test_a_damaged_sheet_is_refused(self, part: bytes):
        assert refuse_rows("", parts={"xl/worksheets/sheet1.xml": part}) == ["workbook.corrupt"]

    def test_a_strict_sheet_is_called_strict(self):
        part = Book().sheet().replace(MAIN, "http://purl.oclc.org/ooxml/spreadsheetml/main")
        assert refuse_rows("", parts={"xl/worksheets/sheet1.xml": part}) == ["workbook.strict"]

    @pytest.mark.parametrize("part", ["xl/sharedStrings.xml", "xl/styles.xml", "xl/workbook.xml"])
    def test_any_other_damaged_part_is_refused(self, part: str):
        assert refuse_rows("", parts={part: "<oops"}) == ["workbook.corrupt"]

    @pytest.mark.parametrize(
        "rows",
        [f'<row r="1" x="{"y" * 9_000_000}"/>', "<x>" * 200_000, f"<!--{'y' * 9_000_000}-->"],
        ids=["long attribute", "deep nesting", "long comment"],
    )
    def test_markup_that_is_slow_for_others_is_quick_here(self, rows: str):
        start = time.process_time()
        read_workbook(Book(rows=rows).data())
        assert time.process_time() - start < 8

    def test_noise_in_styles_and_properties_is_read_past(self):
        """Case 35: what is only for the eye is not looked at."""
        noise = '<fonts><font><color rgb="oops"/><family val="99"/></font></fonts><cellStyles><cellStyle/></cellStyles><cellXfs>'
        parts = {
            "xl/styles.xml": STYLES.replace("<cellXfs>", noise),
            "docProps/core.xml": "<dcterms:created xmlns:dcterms='x'>yesterday</dcterms:created>",
        }
        assert read_cell(cell("A1", "95"), parts=parts).value == 95

    def test_a_workbook_without_styles_or_strings_is_fine(self):
        relations = Book().usual_parts()["xl/_rels/workbook.xml.rels"]
        assert isinstance(relations, str)
        kept = relations.replace("/styles", "/other").replace("/sharedStrings", "/other")
        assert read_cell(cell("A1", "95"), parts={"xl/_rels/workbook.xml.rels": kept}).value == 95


class TestOtherPrograms:
    """What real writers make reads as they meant it."""

    def test_openpyxl(self):
        book = openpyxl.Workbook()
        sheet = book.active
        sheet.title = "考核数据"
        sheet.append(["工号", "姓名", "转化率", "导出日期", "时长", "是否"])
        sheet.append(["007", "张三", 0.453, datetime(2026, 11, 5, 8, 30), timedelta(hours=30), True])
        sheet["C2"].number_format = "0.0%"
        sheet.row_dimensions[2].hidden = True
        sheet.merge_cells("A4:B4")
        found = only_sheet(read_workbook(saved(book)))
        assert [found.cells[2, column].value for column in range(1, 7)] == [
            "007", "张三", 0.453, datetime(2026, 11, 5, 8, 30), timedelta(hours=30), True,
        ]  # fmt: skip
        assert found.cells[2, 3].number_format == "0.0%"
        assert (found.hidden_rows, found.merged) == (frozenset({2}), ("A4:B4",))

    def test_xlsxwriter(self):
        def fill(sheet: xlsxwriter.worksheet.Worksheet, bold: xlsxwriter.format.Format) -> None:
            sheet.write_string("A1", "007")
            sheet.write_number("B1", 95.5)
            sheet.write_rich_string("C1", "张", bold, "三", "丰")
            sheet.write_formula("D1", "=B1*2", None, 191)
            sheet.write_boolean("E1", True)

        found = only_sheet(read_workbook(written(fill)))
        assert list(values(found).values()) == ["007", 95.5, "张三丰", 191, True]

    @pytest.mark.libreoffice
    def test_libreoffice_saves_what_openpyxl_and_we_read_alike(self, tmp_path):
        """A real LibreOffice calculates, saves, and every cell is equal to openpyxl's view of it."""
        book = openpyxl.Workbook()
        sheet = book.active
        for number in range(1, 31):
            sheet.append(
                [
                    f"KF{number:03d}",
                    "张三",
                    number * 7,
                    number / 3,
                    datetime(2026, 11, number),
                    f"=C{number}*2",
                ]
            )
            sheet.cell(number, 4).number_format = "0.00%"
        sheet["G1"], sheet["G2"], sheet["G3"], sheet["G4"] = "=1/0", True, timedelta(hours=30), '=""'
        sheet["G5"] = " 空 格 "
        book.save(tmp_path / "made.xlsx")
        command = ["soffice", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless"]
        command += [
            "--convert-to",
            "xlsx:Calc MS Excel 2007 XML",
            "--outdir",
            str(tmp_path / "saved"),
            "made.xlsx",
        ]
        subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, timeout=120)
        data = (tmp_path / "saved" / "made.xlsx").read_bytes()
        ours = only_sheet(read_workbook(data))
        theirs = openpyxl.load_workbook(io.BytesIO(data), data_only=True).active
        seen = {
            (one.row, one.column): one.value
            for line in theirs.iter_rows()
            for one in line
            if one.value is not None
        }
        assert {key: comparable(value) for key, value in values(ours).items() if value != ""} == seen
        assert (ours.cells[30, 6].value, ours.cells[30, 6].is_formula) == (420, True)
        assert ours.cells[1, 7].problem is CellProblem.ERROR_VALUE


GRIDS = st.dictionaries(
    st.tuples(st.integers(1, 12), st.integers(1, 30)),
    st.one_of(
        st.integers(-(10**15), 10**15),
        st.floats(-1e9, 1e9).map(lambda number: round(number, 4)),
        st.booleans(),
        st.text(
            st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn")), min_size=1, max_size=12
        ).filter(lambda text: "_x" not in text and "\ufffd" not in text and text[0] not in "=#"),
        st.datetimes(datetime(1901, 1, 1), datetime(2100, 1, 1)).map(
            lambda moment: moment.replace(microsecond=0)
        ),
    ),
    max_size=20,
)


@pytest.mark.slow
@given(GRIDS)
def test_whatever_openpyxl_writes_is_read_back(grid: dict[tuple[int, int], object]):
    """The law of a reader: nothing lost, nothing added, nothing changed."""
    book = openpyxl.Workbook()
    for (number, column), value in grid.items():
        book.active.cell(number, column, value)
    assert values(only_sheet(read_workbook(saved(book)))) == grid


def good_workbook() -> bytes:
    rows = "".join(
        row(
            n,
            cell(f"A{n}", str(n % 3), kind="s"),
            cell(f"B{n}", "0.5", style=PERCENT),
            cell(f"C{n}", "2", formula="<f>1+1</f>"),
        )
        for n in range(1, 20)
    )
    return Book(rows=rows, strings=("<t>张三</t>", "<t>李四</t>", "<t>王五</t>")).data()


GOOD = good_workbook()


@pytest.mark.slow
@settings(suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.tuples(st.integers(0, len(GOOD) - 1), st.integers(0, 255)), min_size=1, max_size=8),
    st.integers(0, 60),
)
def test_damaged_bytes_give_findings_or_the_same_workbook(changes: list[tuple[int, int]], cut: int):
    """Whatever breaks in the container: a refusal or the true grid, never an exception or another grid."""
    data = bytearray(GOOD)
    for at, value in changes:
        data[at] = value
    found = read_workbook(bytes(data[: len(data) - cut]))
    assert found == read_workbook(GOOD) or all(isinstance(one, Finding) for one in found)


@given(
    st.sampled_from(["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml", "xl/workbook.xml",
                     "xl/_rels/workbook.xml.rels", "[Content_Types].xml"]),
    st.lists(st.tuples(st.floats(0, 1), st.sampled_from(['"', "<", ">", "&", "/", "1", "-", "z", " ", "<v>", "</v>", '"/>', "0"])),
             min_size=1, max_size=6),
)  # fmt: skip
@pytest.mark.slow
def test_damaged_markup_gives_findings_or_a_workbook(part: str, changes: list[tuple[float, str]]):
    """Whatever breaks inside a part, nothing is ever raised."""
    usual = Book(
        rows=row(1, cell("A1", "0", kind="s"), cell("B1", "46000", style=DATE)), strings=("<t>张三</t>",)
    )
    text = usual.usual_parts()[part]
    assert isinstance(text, str)
    for where, mark in changes:
        at = int(where * len(text))
        text = text[:at] + mark + text[at + 1 :]
    usual.parts = {part: text}
    found = read_workbook(usual.data())
    assert isinstance(found, RawWorkbook) or all(isinstance(one, Finding) for one in found)


class TestNames:
    @pytest.mark.parametrize(
        ("row_number", "column", "name"),
        [(1, 1, "A1"), (7, 3, "C7"), (1, 28, "AB1"), (1_048_576, 16_384, "XFD1048576")],
    )
    def test_cells_are_named_as_people_name_them(self, row_number: int, column: int, name: str):
        assert cell_name(row_number, column) == name
        assert cell_position(name) == (row_number, column)

    @pytest.mark.parametrize(
        "name", ["", "A", "1", "A0", "A1048577", "XFE1", "AAAA1", "A01", "A-1", "Ａ1", "A1:B2"]
    )
    def test_what_no_sheet_has_is_no_position(self, name: str):
        assert cell_position(name) is None

    def test_ranges(self):
        assert range_bounds("A1:C3") == (1, 1, 3, 3)
        assert range_bounds("$C$3:A1") == (1, 1, 3, 3)
        assert range_bounds("B2") == (2, 2, 2, 2)
        assert range_bounds("B2:") == (2, 2, 2, 2)
        assert range_bounds("B2:oops") is None


def row_one() -> str:
    return row(1, cell("A1", "95"))


def saved(book: openpyxl.Workbook) -> bytes:
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def written(fill) -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        fill(book.add_worksheet("考核数据"), book.add_format({"bold": True}))
    return target.getvalue()


def comparable(value: object) -> object:
    """A value of ours as openpyxl gives it: days as moments."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return datetime(value.year, value.month, value.day)
    return value
