"""Cases 15 to 20, 36 to 40: what is wrong with the package around the sheets."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping

import pytest

from tests.builders.hazards import DATA, META, RELATIONS, STYLES, TYPES, WORKBOOK, Month, OnePass
from tests.intake.builders import OFFICE, packed, relation

ZEROS = bytes(11 << 20)
PART = "xl/worksheets/sheet2.xml"


def lying() -> bytes:
    """A month whose directory says of its first part that it holds ten bytes more."""
    data = bytearray(Month("谎报大小").data())
    at = data.find(b"PK\x01\x02")
    data[at + 24] ^= 0x0A
    return bytes(data)


def damaged() -> bytes:
    """A month of which one packed byte was changed on the way."""
    data = bytearray(Month("坏了一字节").data())
    data[data.find(b"sheetProtection") if b"sheetProtection" in data else 2000] ^= 0xFF
    return bytes(data)


def renamed(name: str) -> bytes:
    return Month("穿越路径").add(name, "x").data()


def tab(name: str, to: str, month: Month) -> Month:
    return month.put(WORKBOOK, f'name="{name}"', f'name="{to}"')


COPY = f'<sheet xmlns:r="{OFFICE}" name="考核数据 (2)" sheetId="9" state="visible" r:id="rId99"/>'
SECOND = [*Month("重复部件").parts.items(), (PART, Month("另一份").parts[DATA])]
LETTER_CASE = [*Month("大小写").parts.items(), (PART.upper(), Month("另一份").parts[DATA])]


def lead_outside(group: str, target: str, *, external: bool = False) -> bytes:
    """A month whose main sheet lies somewhere else."""
    month = Month(group)
    content = month.parts[RELATIONS].decode()
    at = content.index("sheet2.xml")
    start, end = content.rindex("<Relationship ", 0, at), content.index("/>", at) + 2
    identity = content[start:end].split(' Id="')[1].split('"')[0]
    element = relation(identity, "worksheet", target, external=external)
    month.parts[RELATIONS] = (content[:start] + element + content[end:]).encode()
    return month.data()


def with_relation(group: str, kind: str, target: str, *, external: bool = True) -> bytes:
    more = relation("rId77", kind, target, external=external)
    return Month(group).before(RELATIONS, "</Relationships>", more).data()


FILES: Mapping[str, bytes] = {
    "炸弹 表.xlsx": Month("炸弹1").add(DATA, ZEROS).data(),
    "炸弹 文字.xlsx": Month("炸弹2").add("xl/sharedStrings.xml", ZEROS).data(),
    "炸弹 样式.xlsx": Month("炸弹3").add(STYLES, ZEROS).data(),
    "炸弹 图片.xlsx": Month("炸弹4").add("xl/media/image1.png", bytes(65 << 20)).data(),
    "谎报大小.xlsx": lying(),
    "坏了一字节.xlsx": damaged(),
    "部件太多.xlsx": packed([*Month("太多").parts.items(), *((f"x/{n}.xml", "") for n in range(1001))]),
    "重复部件.xlsx": packed(SECOND),
    "大小写.xlsx": packed(LETTER_CASE),
    "两个压缩包.xlsx": Month("两包1").data() + Month("两包2").data(),
    "开头有东西.xlsx": b"PK\x03\x04" + bytes(40) + Month("开头").data(),
    "穿越 上级.xlsx": renamed("../../ledger.db"),
    "穿越 根.xlsx": renamed("/etc/appraisal"),
    "穿越 盘符.xlsx": renamed("C:\\appraisal.txt"),
    "压缩 bzip2.xlsx": packed(Month("bz").parts.items(), method=zipfile.ZIP_BZIP2),
    "压缩 lzma.xlsx": packed(Month("lz").parts.items(), method=zipfile.ZIP_LZMA),
    "缺 工作表.xlsx": Month("缺1").drop(DATA).data(),
    "缺 关系.xlsx": Month("缺2").drop(RELATIONS).data(),
    "缺 类型.xlsx": Month("缺3").drop(TYPES).data(),
    "缺 文字.xlsx": Month("缺4").at("A1", '<c r="@" t="s"><v>0</v></c>').data(),
    "没有工作表.xlsx": Month("缺5").add(
        WORKBOOK, '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheets/></workbook>'
    ).data(),
    "在包外.xlsx": lead_outside("在包外", "../../../../etc/passwd"),
    "在网上.xlsx": lead_outside("在网上", "http://127.0.0.1:9/sheet.xml", external=True),
    "改名.xlsx": tab("考核数据", "十一月数据", Month("改名组")).data(),
    "隐藏.xlsx": Month("隐藏组").put(
        WORKBOOK, 'name="考核数据" sheetId="2" state="visible"', 'name="考核数据" sheetId="2" state="hidden"'
    ).data(),
    "两张.xlsx": Month("两张组").before(WORKBOOK, "</sheets>", COPY).before(
        RELATIONS, "</Relationships>", relation("rId99", "worksheet", "worksheets/sheet9.xml")
    ).add("xl/worksheets/sheet9.xml", Month("两张组").parts[DATA]).data(),
    "少一张.xlsx": Month("少一张组").add(DATA, Month("x").parts[META]).data(),
    "宏.xlsx": Month("宏组").add("xl/vbaProject.bin", "x").data(),
    "宏表.xlsx": Month("宏表组").add("xl/macrosheets/sheet1.xml", "<x/>").data(),
    "启用宏.xlsx": Month("启用宏组").put(
        TYPES, "spreadsheetml.sheet.main", "ms-excel.sheet.macroEnabled.main"
    ).data(),
    "外部链接.xlsx": with_relation("链接组", "externalLink", "externalLinks/externalLink1.xml", external=False),
    "外部连接.xlsx": Month("连接组").add("xl/connections.xml", "<x/>").data(),
    "远程图片.xlsx": with_relation("图片组", "image", "http://127.0.0.1:9/a.png"),
}  # fmt: skip


@pytest.fixture(scope="module")
def dropped(tmp_path_factory: pytest.TempPathFactory) -> OnePass:
    return OnePass.over(tmp_path_factory.mktemp("packages"), FILES)


@pytest.mark.parametrize("where", ["表", "文字", "样式", "图片"])
def test_case_15_a_zip_bomb_is_not_unpacked(dropped: OnePass, where: str) -> None:
    """Counted while inflating: no more than the limit ever lies in memory."""
    assert dropped.returned(f"炸弹 {where}.xlsx") == ["workbook.zip_bomb"]


@pytest.mark.parametrize("name", ["谎报大小.xlsx", "坏了一字节.xlsx"])
def test_case_16_sizes_and_checksums_are_verified(dropped: OnePass, name: str) -> None:
    (code,) = dropped.returned(name)
    assert code in {"workbook.corrupt", "workbook.ambiguous"}


def test_case_17_more_than_a_thousand_parts(dropped: OnePass) -> None:
    assert dropped.returned("部件太多.xlsx") == ["workbook.too_large"]


@pytest.mark.parametrize("name", ["重复部件.xlsx", "大小写.xlsx", "两个压缩包.xlsx", "开头有东西.xlsx"])
def test_case_18_what_can_be_read_in_two_ways_is_not_read(dropped: OnePass, name: str) -> None:
    assert dropped.returned(name) == ["workbook.ambiguous"]


@pytest.mark.parametrize("how", ["上级", "根", "盘符"])
def test_case_19_a_part_name_is_never_a_path(dropped: OnePass, how: str) -> None:
    assert dropped.returned(f"穿越 {how}.xlsx") == ["workbook.ambiguous"]
    folders = {one.name for one in dropped.place.root.iterdir()}
    assert folders == {"inbox", "outbox", "state"}


@pytest.mark.parametrize("method", ["bzip2", "lzma"])
def test_case_20_unusual_ways_of_packing(dropped: OnePass, method: str) -> None:
    assert dropped.returned(f"压缩 {method}.xlsx") == ["workbook.corrupt"]


@pytest.mark.parametrize("name", ["缺 工作表", "缺 关系", "缺 类型", "缺 文字", "没有工作表"])
def test_case_36_a_part_that_is_missing_is_damage_and_never_no_rows(dropped: OnePass, name: str) -> None:
    assert dropped.returned(f"{name}.xlsx") == ["workbook.corrupt"]


@pytest.mark.parametrize("name", ["在包外.xlsx", "在网上.xlsx"])
def test_case_37_a_sheet_outside_of_the_package_is_not_looked_for(dropped: OnePass, name: str) -> None:
    assert set(dropped.returned(name)) <= {"workbook.corrupt", "workbook.active_content"}
    assert "root:" not in dropped.said(name)


class TestCase38:
    """Sheets renamed, hidden, doubled or gone."""

    def test_a_renamed_sheet_is_known_by_its_headers(self, dropped: OnePass) -> None:
        dropped.accepted("改名.xlsx")

    def test_a_hidden_sheet_counts_and_that_is_said(self, dropped: OnePass) -> None:
        assert "sheet.hidden" in {one.code for one in dropped.accepted("隐藏.xlsx").findings}

    def test_a_doubled_sheet_is_named_with_its_copy(self, dropped: OnePass) -> None:
        assert dropped.returned("两张.xlsx") == ["sheet.duplicate"]
        assert "考核数据 (2)" in dropped.said("两张.xlsx")

    def test_a_sheet_that_is_gone_is_named_with_those_that_are_there(self, dropped: OnePass) -> None:
        (code, *_) = dropped.returned("少一张.xlsx")
        assert code in {"header.none", "sheet.missing"}
        assert "考核数据" in dropped.said("少一张.xlsx")


@pytest.mark.parametrize("name", ["宏.xlsx", "宏表.xlsx", "启用宏.xlsx"])
def test_case_39_macros_are_found_by_content(dropped: OnePass, name: str) -> None:
    assert dropped.returned(name) == ["workbook.macro"]


@pytest.mark.parametrize("name", ["外部链接.xlsx", "外部连接.xlsx", "远程图片.xlsx"])
def test_case_40_what_leads_outside_is_named_and_never_followed(dropped: OnePass, name: str) -> None:
    assert dropped.returned(name) == ["workbook.active_content"]


def test_every_file_had_one_verdict(dropped: OnePass) -> None:
    assert sorted(one.file for one in dropped.report.files) == sorted(FILES)
