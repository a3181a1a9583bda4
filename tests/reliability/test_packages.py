"""Cases 15 to 20, 36 to 40: what is wrong with the package around the sheets."""

from __future__ import annotations

import hashlib
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.builders.hazards import DATA, META, RELATIONS, STYLES, TYPES, WORKBOOK, Month, OnePass, value
from tests.intake.builders import OFFICE, packed, relation

ZEROS = bytes(11 << 20)
PART = "xl/worksheets/sheet2.xml"


def changed(group: str, mark: bytes, offset: int) -> bytes:
    """A month with one byte changed, so far behind the first of these marks."""
    data = bytearray(Month(group).data())
    data[data.index(mark) + offset] ^= 0x0A
    return bytes(data)


DIRECTORY, HEADER, SHEET = b"PK\x01\x02", b"PK\x03\x04", DATA.encode()
DAMAGED: Mapping[str, bytes] = {
    "目录谎报大小": changed("损坏1", DIRECTORY, 24),
    "部件头谎报大小": changed("损坏2", HEADER, 22),
    "校验和不对": changed("损坏3", DIRECTORY, 16),
    "压缩数据坏了": changed("损坏4", SHEET, len(SHEET)),
    "压缩数据中间坏了": changed("损坏5", SHEET, len(SHEET) + 900),
}


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


def without_sheet(group: str) -> bytes:
    """A month whose main sheet somebody deleted."""
    month = Month(group)
    content, changes = re.subn(r"<sheet [^>]*考核数据[^>]*/>", "", month.parts[WORKBOOK].decode())
    assert changes == 1
    return month.add(WORKBOOK, content).data()


def with_relation(group: str, kind: str, target: str, *, external: bool = True) -> bytes:
    more = relation("rId77", kind, target, external=external)
    return Month(group).before(RELATIONS, "</Relationships>", more).data()


FILES: Mapping[str, bytes] = {
    "炸弹 表.xlsx": Month("炸弹1").add(DATA, ZEROS).data(),
    "炸弹 文字.xlsx": Month("炸弹2").add("xl/sharedStrings.xml", ZEROS).data(),
    "炸弹 样式.xlsx": Month("炸弹3").add(STYLES, ZEROS).data(),
    "炸弹 图片.xlsx": Month("炸弹4").add("xl/media/image1.png", bytes(65 << 20)).data(),
    **{f"{name}.xlsx": content for name, content in DAMAGED.items()},
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
    "删了一张.xlsx": without_sheet("删了一张组"),
    "换了内容.xlsx": Month("换了内容组").add(DATA, Month("x").parts[META]).data(),
    "宏.xlsx": Month("宏组").add("xl/vbaProject.bin", "x").data(),
    "宏表.xlsx": Month("宏表组").add("xl/macrosheets/sheet1.xml", "<x/>").data(),
    "启用宏.xlsx": Month("启用宏组").put(
        TYPES, "spreadsheetml.sheet.main", "ms-excel.sheet.macroEnabled.main"
    ).data(),
    "外部链接.xlsx": with_relation("链接组", "externalLink", "externalLinks/externalLink1.xml", external=False),
    "外部连接.xlsx": Month("连接组").add("xl/connections.xml", "<x/>").data(),
    "错一格有图片.xlsx": Month("图片二组").cell("付款人数", "KF001", value("#N/A", "e"))
        .add("xl/media/image1.png", b"\x89PNG").data(),
    "远程图片.xlsx": with_relation("图片组", "image", "http://127.0.0.1:9/a.png"),
}  # fmt: skip


@pytest.fixture(scope="module")
def dropped(tmp_path_factory: pytest.TempPathFactory) -> OnePass:
    return OnePass.over(tmp_path_factory.mktemp("packages"), FILES)


@pytest.mark.parametrize("where", ["表", "文字", "样式", "图片"])
def test_case_15_a_zip_bomb_is_not_unpacked(dropped: OnePass, where: str) -> None:
    """Counted while inflating: no more than the limit ever lies in memory."""
    assert dropped.returned(f"炸弹 {where}.xlsx") == ["workbook.zip_bomb"]


@pytest.mark.parametrize("name", DAMAGED)
def test_case_16_sizes_and_checksums_are_verified(dropped: OnePass, name: str) -> None:
    """What header or directory say wrongly, and packed bytes that changed on the way, is damage."""
    assert dropped.returned(f"{name}.xlsx") == ["workbook.corrupt"]


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
    """Told as what it is to its manager: the sheet is not in the file."""
    assert dropped.returned(name) == ["workbook.corrupt"]
    assert dropped.places(name) == ["考核数据"]
    assert "“考核数据”的内容不在文件里" in dropped.said(name)
    assert all(b"root:" not in content for content in dropped.place.files("退回").values())


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
        assert dropped.returned("删了一张.xlsx") == ["sheet.missing"]
        assert "缺少工作表“考核数据”，现有工作表：填写说明、自评、店长评分、抽访记录" in dropped.said(
            "删了一张.xlsx"
        )

    def test_a_sheet_with_something_else_on_it_is_named_and_nothing_more_is_asked_of_it(
        self, dropped: OnePass
    ) -> None:
        """Group, month and all the rest lay on it: that they are gone too goes without saying."""
        assert dropped.returned("换了内容.xlsx") == ["header.none"]
        assert dropped.places("换了内容.xlsx") == ["考核数据"]


@pytest.mark.parametrize("name", ["宏.xlsx", "宏表.xlsx", "启用宏.xlsx"])
def test_case_39_macros_are_found_by_content(dropped: OnePass, name: str) -> None:
    assert dropped.returned(name) == ["workbook.macro"]


@pytest.mark.parametrize("name", ["外部链接.xlsx", "外部连接.xlsx", "远程图片.xlsx"])
def test_case_40_what_leads_outside_is_named_and_never_followed(dropped: OnePass, name: str) -> None:
    assert dropped.returned(name) == ["workbook.active_content"]


class TestWhatComesBack:
    """A manager who moved the only copy into the inbox gets it back, unless it could do harm."""

    def test_a_file_that_was_not_read_to_its_end_is_not_opened_by_another_reader(
        self, dropped: OnePass
    ) -> None:
        """The page says under which number the archive keeps it."""
        for name in ("宏.xlsx", "重复部件.xlsx", "炸弹 表.xlsx"):
            outputs = dropped.of(name).outputs
            assert [Path(path).suffix for path in outputs] == [".html", ".json"]
            page = (dropped.place.root / outputs[0]).read_text("utf-8")
            assert hashlib.sha256(FILES[name]).hexdigest()[:8] in page

    def test_where_marking_would_lose_something_it_comes_back_as_it_was(self, dropped: OnePass) -> None:
        """The list is named first, and it says that nothing is marked."""
        report = dropped.of("错一格有图片.xlsx")
        page, _, workbook = report.outputs
        assert dropped.returned("错一格有图片.xlsx") == ["cell.error_value"]
        assert "里面没有标颜色" in (dropped.place.root / page).read_text("utf-8")
        assert report.receipt().endswith(f"详见：{page}")
        assert "没有标颜色" in report.receipt()
        assert (dropped.place.root / workbook).read_bytes() == FILES["错一格有图片.xlsx"]


def test_every_file_had_one_verdict(dropped: OnePass) -> None:
    assert sorted(one.file for one in dropped.report.files) == sorted(FILES)
