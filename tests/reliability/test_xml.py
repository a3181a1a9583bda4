"""Cases 21 to 35: what is wrong with the XML of a sheet, and what only looks wrong."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest

from tests.builders.hazards import DATA, INSTRUCTIONS, STYLES, TYPES, WORKBOOK, Month, OnePass, address, value

SECRET = "这一行不该出现在任何地方"
PAID, NEXT = address("付款人数", "KF001"), address("付款人数", "KF002")
ENTITIES = '<!DOCTYPE x [<!ENTITY a "哈哈"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'


def with_doctype(group: str, part: str, doctype: str) -> bytes:
    month = Month(group)
    return month.add(part, doctype.encode() + re.sub(rb"^<\?xml.*?\?>\s*", b"", month.parts[part])).data()


def dimension(group: str, written: str) -> bytes:
    """The month with another `<dimension>`, or with none."""
    month = Month(group)
    content, changes = re.subn(r"<dimension [^>]*/>", written, month.parts[DATA].decode())
    assert changes == 1
    return month.add(DATA, content).data()


def without_addresses(group: str) -> bytes:
    """The first two rows of the main sheet without any `r`: each cell follows the one before it."""
    month = Month(group)
    content = month.parts[DATA].decode()
    rows = re.findall(r"<row .*?(?:</row>|/>)", content, re.DOTALL)
    for one in rows[:2]:
        content = content.replace(one, re.sub(r' r="[A-Z]*\d+"', "", one), 1)
    return month.add(DATA, content).data()


def swapped(group: str) -> bytes:
    """The first two people's rows in the wrong order."""
    month = Month(group)
    content = month.parts[DATA].decode()
    first, second = (
        re.search(rf'<row r="{re.sub("[A-Z]", "", at)}" .*?</row>', content, re.DOTALL)[0]  # type: ignore[index]
        for at in (PAID, NEXT)
    )
    return month.add(DATA, content.replace(first + second, second + first)).data()


def rows(group: str, more: str) -> bytes:
    return Month(group).before(DATA, "</sheetData>", more).data()


def after(group: str, more: str) -> bytes:
    return Month(group).before(DATA, "<pageMargins", more).data()


VARIED = "".join(f"{n:07}" * 60 for n in range(140_000))
"""Sixty megabytes that do not look like a bomb: they pack to no less than a hundredth."""
FORMATTED = "".join(f'<row r="{n}" s="1" customFormat="1"/>' for n in (*range(400, 30_000), 1_048_576))
FILES: Mapping[str, bytes] = {
    "笑 表.xlsx": with_doctype("笑1", DATA, ENTITIES),
    "笑 工作簿.xlsx": with_doctype("笑2", WORKBOOK, ENTITIES),
    "笑 类型.xlsx": with_doctype("笑3", TYPES, ENTITIES),
    "外部实体 文件.xlsx": with_doctype("实体1", DATA, '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'),
    "外部实体 网络.xlsx": with_doctype("实体2", DATA, '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">'),
    "无害声明.xlsx": with_doctype("无害", INSTRUCTIONS, "<!DOCTYPE worksheet>"),
    "长属性.xlsx": Month("长属性").put(DATA, "<sheetData>", f'<sheetData x="{"a" * (60 << 20)}">').data(),
    "长属性 挤不小.xlsx": Month("长属性2").put(DATA, "<sheetData>", f'<sheetData x="{VARIED}">').data(),
    "嵌套.xlsx": rows("嵌套", "<a>" * 200_000 + "</a>" * 200_000),
    "嵌套 扩展.xlsx": after("嵌套2", f"<extLst>{'<a>' * 200_000}{'</a>' * 200_000}</extLst>"),
    "断了.xlsx": Month("断了").add(DATA, Month("断了").parts[DATA][:-2000]).data(),
    "坏编码.xlsx": Month("坏编码").add(DATA, Month("坏编码").parts[DATA].replace(b"<v>", b"<v>\xff", 1)).data(),
    "半个字.xlsx": Month("半个字").cell("情况说明", "KF001", '<c r="@" t="inlineStr"><is><t>_xD800_</t></is></c>').data(),
    "控制符.xlsx": Month("控制符").cell("情况说明", "KF001", '<c r="@" t="inlineStr"><is><t>_x0007_</t></is></c>').data(),
    "空部件.xlsx": Month("空部件").add(DATA, b"").data(),
    "十六位.xlsx": Month("十六位").add(DATA, Month("十六位").parts[DATA].decode().encode("utf-16")).data(),
    "国标.xlsx": Month("国标").add(
        DATA, b'<?xml version="1.0" encoding="GBK"?>' + Month("国标").parts[DATA]
    ).data(),
    "严格.xlsx": Month("严格").add(DATA, Month("严格").parts[DATA].replace(
        b"http://schemas.openxmlformats.org/spreadsheetml/2006/main", b"http://purl.oclc.org/ooxml/spreadsheetml/main"
    )).data(),
    "范围 小.xlsx": dimension("范围1", '<dimension ref="A1"/>'),
    "范围 大.xlsx": dimension("范围2", '<dimension ref="A1:XFD1048576"/>'),
    "范围 无.xlsx": dimension("范围3", ""),
    "范围 错.xlsx": dimension("范围4", '<dimension ref="A0"/>'),
    "天边.xlsx": rows("天边", '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'),
    "二十亿行.xlsx": rows("二十亿行", '<row r="2000000000"><c r="A2000000000"><v>1</v></c></row>'),
    "列 ZZZ.xlsx": rows("ZZZ", '<row r="900"><c r="ZZZ900"><v>1</v></c></row>'),
    "负行.xlsx": rows("负行", '<row r="-5"><c r="A-5"><v>1</v></c></row>'),
    "只有格式.xlsx": rows("只有格式", FORMATTED),
    "次序颠倒.xlsx": swapped("颠倒"),
    "没有位置.xlsx": without_addresses("没位置"),
    "单元格两次.xlsx": Month("两次").cell("付款人数", "KF001", value("431") + value("31")).data(),
    "行两次.xlsx": rows("行两次", '<row r="9"><c r="A9"><v>1</v></c></row>'),
    "全表合并.xlsx": after("全合并", '<mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>'),
    "全表链接.xlsx": after("全链接", '<hyperlinks><hyperlink ref="A1:XFD1048576" location="A1"/></hyperlinks>'),
    "五万合并.xlsx": after("五万", "<mergeCells>" + "".join(f'<mergeCell ref="AA{n}:AB{n}"/>' for n in range(500, 50_500)) + "</mergeCells>"),
    "六万校验.xlsx": after("六万", "<dataValidations>" + "".join(f'<dataValidation type="whole" sqref="AA{n}"/>' for n in range(500, 60_500)) + "</dataValidations>"),
    "五千张.xlsx": Month("五千").before(WORKBOOK, "</sheets>", "".join(f'<sheet name="s{n}" sheetId="{n}"/>' for n in range(10, 5010))).data(),
    "十万名称.xlsx": Month("十万").before(WORKBOOK, "</definedNames>", "".join(f'<definedName name="n{n}">1</definedName>' for n in range(100_000))).data(),
    "格式超长.xlsx": Month("格式长").before(STYLES, "</numFmts>", f'<numFmt numFmtId="399" formatCode="{"0" * 9000}"/>').data(),
    "样式杂音.xlsx": Month("杂音").put(STYLES, "<fonts", '<fonts bad="1"').before(STYLES, "</fonts>", '<font><color rgb="ZZ"/><family val="99"/></font>')
        .put("docProps/core.xml", "</cp:coreProperties>", '<x xmlns="y">坏日期</x></cp:coreProperties>').data(),
}  # fmt: skip


@pytest.fixture(scope="module")
def dropped(tmp_path_factory: pytest.TempPathFactory) -> OnePass:
    return OnePass.over(tmp_path_factory.mktemp("xml"), FILES)


@pytest.fixture(scope="module")
def undisturbed(dropped: OnePass) -> object:
    """What everybody's points come to where nothing was wrong."""
    return dropped.place.result("范围1")["staff"]


@pytest.mark.parametrize("where", ["表", "工作簿", "类型"])
def test_case_21_entities_that_multiply_are_refused_before_any_parser(dropped: OnePass, where: str) -> None:
    assert dropped.returned(f"笑 {where}.xlsx") == ["workbook.unsafe_xml"]


@pytest.mark.parametrize("what", ["文件", "网络"])
def test_case_22_an_entity_from_outside_is_not_fetched(dropped: OnePass, what: str) -> None:
    assert dropped.returned(f"外部实体 {what}.xlsx") == ["workbook.unsafe_xml"]
    assert all(b"root:x:0" not in content for content in dropped.place.files("").values())


def test_case_23_a_harmless_document_type_is_refused_too(dropped: OnePass) -> None:
    assert dropped.returned("无害声明.xlsx") == ["workbook.unsafe_xml"]


class TestCase24:
    """Told before a parser has to go through it, not by running out of time."""

    @pytest.mark.parametrize(
        ("name", "code"), [("长属性.xlsx", "workbook.zip_bomb"), ("长属性 挤不小.xlsx", "workbook.corrupt")]
    )
    def test_an_attribute_of_sixty_megabytes(self, dropped: OnePass, name: str, code: str) -> None:
        """Packed to almost nothing it is a bomb, else damage: no program writes such a thing."""
        assert dropped.returned(name) == [code]

    @pytest.mark.parametrize("name", ["嵌套.xlsx", "嵌套 扩展.xlsx"])
    def test_two_hundred_thousand_levels(self, dropped: OnePass, name: str) -> None:
        assert dropped.returned(name) == ["workbook.corrupt"]
        assert dropped.places(name) == ["考核数据"]


class TestCase25:
    """Broken XML, broken characters."""

    @pytest.mark.parametrize("name", ["断了.xlsx", "坏编码.xlsx", "空部件.xlsx"])
    def test_a_sheet_is_never_read_in_part(self, dropped: OnePass, name: str) -> None:
        assert dropped.returned(name) == ["workbook.corrupt"]
        assert dropped.places(name) == ["考核数据"]

    @pytest.mark.parametrize("name", ["半个字.xlsx", "控制符.xlsx"])
    def test_a_cell_with_half_a_character_is_named(self, dropped: OnePass, name: str) -> None:
        assert dropped.returned(name) == ["cell.unreadable"]
        assert dropped.places(name) == [f"考核数据!{address('情况说明', 'KF001')}"]


def test_case_26_utf_16_is_read_and_other_encodings_are_refused(
    dropped: OnePass, undisturbed: object
) -> None:
    dropped.accepted("十六位.xlsx")
    assert dropped.place.result("十六位")["staff"] == undisturbed
    assert dropped.returned("国标.xlsx") == ["workbook.corrupt"]


def test_case_27_strict_workbooks_are_asked_for_in_the_usual_format(dropped: OnePass) -> None:
    assert dropped.returned("严格.xlsx") == ["workbook.strict"]


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_case_28_a_wrong_dimension_loses_no_row(dropped: OnePass, undisturbed: object, number: int) -> None:
    assert dropped.place.result(f"范围{number}")["staff"] == undisturbed


@pytest.mark.parametrize("name", ["天边.xlsx", "二十亿行.xlsx", "列 ZZZ.xlsx", "负行.xlsx"])
def test_case_29_a_value_far_outside_of_the_form_is_told(dropped: OnePass, name: str) -> None:
    assert dropped.returned(name) == ["workbook.outside_form"]


def test_case_30_formatting_down_to_the_last_row_does_no_harm(dropped: OnePass, undisturbed: object) -> None:
    dropped.accepted("只有格式.xlsx")
    assert dropped.place.result("只有格式")["staff"] == undisturbed


def test_case_31_no_row_is_lost_where_order_or_addresses_are_missing(
    dropped: OnePass, undisturbed: object
) -> None:
    dropped.accepted("没有位置.xlsx")
    assert dropped.place.result("没位置")["staff"] == undisturbed
    assert dropped.returned("次序颠倒.xlsx") == ["workbook.ambiguous"]


def test_case_32_a_cell_or_a_row_given_twice_is_named(dropped: OnePass) -> None:
    assert dropped.returned("单元格两次.xlsx") == ["cell.duplicate"]
    assert dropped.places("单元格两次.xlsx") == [f"考核数据!{PAID}"]
    assert dropped.returned("行两次.xlsx") == ["workbook.ambiguous"]
    assert "“考核数据”第 9 行" in dropped.said("行两次.xlsx")


@pytest.mark.parametrize("name", ["全表链接.xlsx", "五万合并.xlsx", "六万校验.xlsx"])
def test_case_33_giant_ranges_beside_the_data_do_no_harm(dropped: OnePass, name: str) -> None:
    dropped.accepted(name)


def test_case_33_a_merge_over_the_whole_sheet_comes_back(dropped: OnePass) -> None:
    assert dropped.returned("全表合并.xlsx") == ["cell.merged"]
    assert dropped.places("全表合并.xlsx") == ["考核数据!A1"]


def test_case_34_very_many_sheets_and_names_end_within_the_limits(dropped: OnePass) -> None:
    assert dropped.returned("五千张.xlsx") == ["workbook.too_large"]
    dropped.accepted("十万名称.xlsx")
    assert dropped.returned("格式超长.xlsx") == ["workbook.corrupt"]
    assert "数字格式过长" in dropped.said("格式超长.xlsx")


def test_case_35_noise_in_the_styles_is_read_past(dropped: OnePass, undisturbed: object) -> None:
    dropped.accepted("样式杂音.xlsx")
    assert dropped.place.result("杂音")["staff"] == undisturbed


def test_every_file_had_one_verdict(dropped: OnePass) -> None:
    assert sorted(one.file for one in dropped.report.files) == sorted(FILES)
