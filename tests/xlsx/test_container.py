"""The pre-flight: what a dropped file may not be, told before any of it is opened."""

from __future__ import annotations

import io
import socket
import struct
import time
import zipfile
import zlib

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from appraisal.findings.finding import Finding
from appraisal.xlsx.container import Limits, ends_like_a_zip
from appraisal.xlsx.package import Package, inspect
from tests.intake.builders import (
    DECLARATION,
    MAIN,
    OFFICE,
    PACKAGE,
    Book,
    codes,
    content_types,
    packed,
    relation,
    relationships,
)

GOOD = Book().data()


class _Unseekable(io.RawIOBase):
    """Where a zip must be written in one go, so that sizes follow the parts."""

    def __init__(self, target: io.BytesIO) -> None:
        self._target = target

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        return self._target.write(data)  # type: ignore[arg-type]


def only(found: object) -> Finding:
    assert isinstance(found, tuple)
    (one,) = found
    assert isinstance(one, Finding)
    return one


def test_a_plain_workbook_passes_with_its_parts_unpacked():
    """What the reader needs is handed on, inflated once."""
    package = inspect(GOOD)
    assert isinstance(package, Package)
    (sheet,) = package.sheets
    assert (sheet.name, sheet.part) == ("考核数据", "xl/worksheets/sheet1.xml")
    assert b"<sheetData>" in sheet.xml
    assert package.styles is not None
    assert package.strings is not None


class TestOtherFormats:
    """Anything that is no xlsx is named, whatever it calls itself."""

    @pytest.mark.parametrize(
        ("data", "actual"),
        [
            ("工号,姓名\nKF001,张三\n".encode(), "CSV 文本文件"),
            ("工号\t姓名\r\nKF001\t张三".encode("gb18030"), "CSV 文本文件"),
            ("工号,姓名".encode("utf-16"), "CSV 文本文件"),
            ("BMW,姓名\n1,2".encode(), "CSV 文本文件"),
            (b"\xb7,caf\xe9;\n", "CSV 文本文件"),
            ("各位好，请查收。".encode(), "文本文件"),
            (b"<html><table><tr><td>95</td></tr></table></html>", "网页（HTML）"),
            ("\ufeff<!DOCTYPE html>\n<html>".encode(), "网页（HTML）"),
            ("<div><table><tr><td>工号".encode("gb18030"), "网页（HTML）"),
            (
                b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">',
                "XML 电子表格 2003",
            ),
            (b"MIME-Version: 1.0\r\nContent-Type: multipart/related", "网页存档（mht）"),
            (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n\x00", "PDF 文件"),
            (b"%PDF-1.4\n1 0 obj", "PDF 文件"),
            (b"{\\rtf1\\ansi hello}", "RTF 文档"),
            (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "图片（PNG）"),
            (b"\xff\xd8\xff\xe0\x00\x10JFIF\x00", "图片（JPEG）"),
            (b"BM\x36\x00\x0c\x00\x00\x00", "图片（BMP）"),
            (b"MZ\x90\x00\x03\x00\x00\x00", "程序文件（exe）"),
            (b"Rar!\x1a\x07\x01\x00", "RAR 压缩包"),
            (b"7z\xbc\xaf\x27\x1c\x00\x04", "7z 压缩包"),
            (b"\x1f\x8b\x08\x00\x00\x00\x00\x00", "gzip 压缩包"),
            (b"\x09\x04\x06\x00\x00\x00\x10\x00", "旧版 Excel 工作簿（.xls）"),
            (b"PK\x05\x06" + bytes(18), "空的 ZIP 压缩包"),
            (bytes(range(1, 32)), "无法识别的文件"),
        ],
    )
    def test_a_file_of_another_kind_is_named_and_asked_for_as_xlsx(self, data: bytes, actual: str):
        """Cases 11 and 13: the sentence says what it is and what to hand in."""
        refusal = only(inspect(data))
        assert refusal.code == "workbook.not_xlsx"
        assert f"这个文件是{actual}，" in refusal.message
        assert ".xlsx" in refusal.remedy

    @pytest.mark.parametrize(
        ("data", "instead"),
        [
            (b"<html><table><tr><td>95</td></tr></table></html>", "另存为"),
            (b"\x09\x04\x06\x00\x00\x00\x10\x00", "另存为"),
            (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "自行保存备查"),
            (b"%PDF-1.4\n1 0 obj", "自行保存备查"),
            (b"7z\xbc\xaf\x27\x1c\x00\x04", "先解压"),
            (b"MZ\x90\x00\x03\x00\x00\x00", "放错了文件"),
        ],
    )
    def test_what_to_do_instead_fits_the_kind_of_file(self, data: bytes, instead: str):
        """Nobody saves a picture as a workbook, or a program."""
        assert instead in only(inspect(data)).remedy

    @pytest.mark.parametrize(
        ("stream", "actual"),
        [
            ("Workbook", "旧版 Excel 工作簿（.xls）"),
            ("WordDocument", "（.doc）"),
            ("Contents", "旧版 Office 文件"),
        ],
    )
    def test_an_old_office_file_is_named_by_its_streams(self, stream: str, actual: str):
        """Case 12 too: nothing of the compound file is followed, so a loop in it does no harm."""
        assert actual in only(inspect(compound_file(stream))).message

    @pytest.mark.parametrize(
        ("parts", "actual"),
        [
            ({"mimetype": "application/vnd.oasis.opendocument.spreadsheet"}, "OpenDocument 电子表格（.ods）"),
            ({"[Content_Types].xml": "", "xl/workbook.bin": ""}, "二进制 Excel 工作簿（.xlsb）"),
            ({"[Content_Types].xml": "", "word/document.xml": ""}, "Word 文档（.docx）"),
            ({"[Content_Types].xml": "", "ppt/presentation.xml": ""}, "演示文稿（.pptx）"),
            ({"Index/Document.iwa": ""}, "Numbers 表格（.numbers）"),
            ({"说明.txt": "见附件"}, "ZIP 压缩包"),
        ],
    )
    def test_a_zip_of_another_kind_is_named(self, parts: dict[str, str], actual: str):
        """An ods, a Word file or a zip of files beginning with PK is not taken for a damaged xlsx."""
        refusal = only(inspect(packed(parts.items())))
        assert (refusal.code, actual in refusal.message) == ("workbook.not_xlsx", True)

    def test_an_xlsx_is_accepted_by_content_whatever_its_name(self):
        """Case 14: the pre-flight never sees a name."""
        assert isinstance(inspect(GOOD), Package)


class TestEmptyAndBrokenOff:
    @pytest.mark.parametrize("data", [b"", b"P", b"PK", b"PK\x03"])
    def test_an_empty_file_is_called_empty_and_a_few_bytes_incomplete(self, data: bytes):
        """Case 3: nothing, or fewer bytes than any format has."""
        assert codes(inspect(data)) == ["workbook.incomplete" if data else "workbook.empty"]

    @pytest.mark.parametrize("share", [0.02, 0.3, 0.6, 0.9, 0.999])
    def test_a_copy_that_broke_off_is_called_incomplete(self, share: float):
        """Case 2: the end record of the zip is missing."""
        assert codes(inspect(GOOD[: int(len(GOOD) * share)])) == ["workbook.incomplete"]

    def test_a_file_that_ends_in_zeros_is_called_incomplete(self):
        """Case 2: room was made for the whole file, the bytes never came."""
        half = len(GOOD) // 2
        assert codes(inspect(GOOD[:half] + bytes(len(GOOD) - half))) == ["workbook.incomplete"]
        assert codes(inspect(bytes(4096))) == ["workbook.incomplete"]

    def test_the_end_of_a_zip_is_told_from_its_last_bytes(self):
        """The same question that the settling of the inbox asks."""
        assert ends_like_a_zip(GOOD[-100:])
        assert not ends_like_a_zip(GOOD[-100:-1])


class TestPasswords:
    """Cases 9 and 10: a password is called a password, not damage."""

    def test_an_encrypted_office_file(self):
        assert codes(inspect(compound_file("EncryptedPackage"))) == ["workbook.encrypted"]

    def test_an_old_xls_with_a_password(self):
        begin = b"\x09\x08\x10\x00\x00\x06\x05\x00" + bytes(12)
        protect = b"\x86\x00\x00\x00"
        locked = b"\x2f\x00\x36\x00" + bytes(54)
        assert codes(inspect(compound_file("Workbook", begin + protect + locked))) == ["workbook.encrypted"]
        assert codes(inspect(compound_file("Workbook", begin + protect))) == ["workbook.not_xlsx"]

    def test_an_encrypted_ods(self):
        manifest = "<manifest:encryption-data/>"
        parts = {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "META-INF/manifest.xml": manifest,
        }
        assert codes(inspect(packed(parts.items()))) == ["workbook.encrypted"]

    def test_zip_encryption(self):
        assert codes(inspect(patched_headers(GOOD, flags=1))) == ["workbook.encrypted"]


class TestSizes:
    """Cases 15 to 17: counted while inflating, never believed."""

    def test_a_file_that_is_too_large(self):
        assert codes(inspect(GOOD, limits=Limits(file_bytes=100))) == ["workbook.too_large"]

    def test_a_part_that_unpacks_too_large(self):
        bomb = Book(parts={"xl/media/image1.png": bytes(200_000)}).data()
        assert codes(inspect(bomb, limits=Limits(part_bytes=100_000))) == ["workbook.zip_bomb"]

    def test_parts_that_are_too_large_together(self):
        bomb = Book(parts={f"xl/media/image{n}.png": bytes(60_000) for n in range(4)}).data()
        assert codes(inspect(bomb, limits=Limits(unpacked_bytes=200_000))) == ["workbook.zip_bomb"]

    def test_a_large_part_packed_to_almost_nothing(self):
        bomb = Book(parts={"xl/sharedStrings.xml": bytes(200_000)}).data()
        assert codes(inspect(bomb, limits=Limits(suspect_part_bytes=100_000))) == ["workbook.zip_bomb"]

    def test_a_real_bomb_is_refused_quickly(self):
        """70 MB of zeros in 70 KB, within the limits that people meet."""
        bomb = Book(parts={"xl/worksheets/sheet1.xml": bytes(70 << 20)}).data()
        start = time.process_time()
        assert codes(inspect(bomb)) == ["workbook.zip_bomb"]
        assert time.process_time() - start < 15

    def test_too_many_parts(self):
        many = Book(parts={f"xl/media/{n}.png": b"" for n in range(40)}).data()
        assert codes(inspect(many, limits=Limits(parts=30))) == ["workbook.too_large"]

    def test_too_many_sheets(self):
        book = Book(sheet_names=tuple(f"表{n}" for n in range(4))).data()
        assert codes(inspect(book, limits=Limits(sheets=3))) == ["workbook.too_large"]

    @pytest.mark.parametrize("size", [10, 10_000_000])
    def test_a_size_that_the_directory_lies_about(self, size: int):
        """Case 16: too small and too large are both damage, and neither is allocated."""
        assert codes(inspect(patched_directory(GOOD, file_size=size))) == ["workbook.corrupt"]

    def test_a_size_that_only_the_parts_own_header_lies_about(self):
        """A reader of the stream would stop elsewhere than we do; sizes that follow the part are fine."""
        size = GOOD.index(b"PK\x03\x04") + 22
        lying = GOOD[:size] + struct.pack("<I", 10) + GOOD[size + 4 :]
        assert codes(inspect(lying)) == ["workbook.corrupt"]
        streamed = io.BytesIO()
        with zipfile.ZipFile(_Unseekable(streamed), "w", zipfile.ZIP_DEFLATED) as package:
            for name, part in Book().usual_parts().items():
                package.writestr(name, part)
        assert isinstance(inspect(streamed.getvalue()), Package)

    def test_a_wrong_checksum(self):
        assert codes(inspect(patched_directory(GOOD, crc=1))) == ["workbook.corrupt"]

    def test_packed_bytes_that_do_not_unpack(self):
        start = GOOD.index(b"xl/workbook.xml") + len("xl/workbook.xml")
        assert codes(inspect(GOOD[:start] + b"\xff" * 8 + GOOD[start + 8 :])) == ["workbook.corrupt"]

    @pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
    def test_an_unusual_way_of_packing(self, method: int):
        """Case 20."""
        assert codes(inspect(packed(Book().usual_parts().items(), method=method))) == ["workbook.corrupt"]

    def test_bytes_that_only_change_an_older_part(self):
        """Found by fuzzing: one flag, and half the programs refuse what the other half reads."""
        assert codes(inspect(patched_headers(GOOD, flags=0x20))) == ["workbook.corrupt"]

    def test_parts_that_are_stored_unpacked_are_fine(self):
        assert isinstance(inspect(packed(Book().usual_parts().items(), method=zipfile.ZIP_STORED)), Package)


class TestTwoReadings:
    """Cases 18 and 19: the same bytes must not show different scores to different programs."""

    @pytest.mark.parametrize("name", ["xl/worksheets/sheet1.xml", "XL/Worksheets/SHEET1.xml"])
    def test_a_part_that_comes_twice(self, name: str):
        """Equal names, and names that are equal but for case."""
        parts = [*Book().usual_parts().items(), (name, Book(rows="").sheet())]
        assert codes(inspect(packed(parts))) == ["workbook.ambiguous"]

    def test_two_archives_in_one_file(self):
        assert codes(inspect(GOOD + GOOD)) == ["workbook.ambiguous"]

    def test_an_archive_in_the_comment_of_another(self):
        inner = Book(rows="").data()
        outer = GOOD[:-2] + struct.pack("<H", len(inner)) + inner
        assert codes(inspect(outer)) == ["workbook.ambiguous"]

    def test_something_before_the_archive(self):
        assert codes(inspect(b"PK\x03\x04 something" + GOOD)) == ["workbook.ambiguous"]
        assert codes(inspect(b"#!/bin/sh\n\x00" + GOOD)) == ["workbook.not_xlsx"]

    def test_something_after_the_archive(self):
        assert codes(inspect(GOOD + b"more")) == ["workbook.ambiguous"]

    def test_a_comment_does_no_harm(self):
        commented = GOOD[:-2] + struct.pack("<H", 5) + b"hello"
        assert isinstance(inspect(commented), Package)

    @pytest.mark.parametrize(
        "name",
        ["../evil.xml", "/etc/passwd", "xl/../../evil", "C:/evil", "xl\\evil.xml", "a\x07b", "a//b", "./a"],
    )
    def test_a_part_name_that_could_be_a_path_elsewhere(self, name: str, tmp_path, monkeypatch):
        """Refused, and nothing is written anywhere."""
        monkeypatch.chdir(tmp_path)
        assert codes(inspect(packed([*Book().usual_parts().items(), (name, "x")]))) == ["workbook.ambiguous"]
        assert list(tmp_path.iterdir()) == []

    def test_a_header_that_names_another_part_than_the_directory(self):
        """Readers of the stream and readers of the directory would see different parts."""
        at = GOOD.index(b"xl/workbook.xml")
        assert codes(inspect(GOOD[:at] + b"xl/workbooc.xml" + GOOD[at + 15 :])) == ["workbook.ambiguous"]

    def test_parts_that_overlap(self):
        """Two names for one stretch of bytes, as in the zip bombs of CVE-2024-0450."""
        assert codes(inspect(overlapping())) == ["workbook.ambiguous"]


ENTITY = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'


class TestDocumentTypes:
    """Cases 21 to 23."""

    @pytest.mark.parametrize(
        "part",
        [
            "xl/sharedStrings.xml",
            "xl/worksheets/sheet1.xml",
            "xl/workbook.xml",
            "[Content_Types].xml",
            "docProps/core.xml",
        ],
    )
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be"])
    def test_entities_are_refused_in_every_part_and_encoding(self, part: str, encoding: str):
        bom = {"utf-8": b"", "utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}[encoding]
        book = Book(parts={part: bom + f"{ENTITY}<x>&b;</x>".encode(encoding)})
        assert codes(inspect(book.data())) == ["workbook.unsafe_xml"]

    def test_a_harmless_document_type_is_refused_too(self):
        book = Book(parts={"xl/sharedStrings.xml": f'<!DOCTYPE sst><sst xmlns="{MAIN}"/>'})
        assert codes(inspect(book.data())) == ["workbook.unsafe_xml"]

    @pytest.mark.parametrize("target", ["file:///etc/passwd", "http://127.0.0.1:9/x"])
    def test_an_outside_entity_opens_no_file_and_no_socket(self, target: str, monkeypatch):
        def no_socket(*_args, **_more):
            raise AssertionError

        monkeypatch.setattr(socket, "socket", no_socket)
        part = f'<!DOCTYPE x [<!ENTITY e SYSTEM "{target}">]><sst xmlns="{MAIN}"><si><t>&e;</t></si></sst>'
        assert codes(inspect(Book(parts={"xl/sharedStrings.xml": part}).data())) == ["workbook.unsafe_xml"]


class TestActiveContent:
    """Cases 39 and 40: told by content, never followed."""

    @pytest.mark.parametrize("name", ["xl/vbaProject.bin", "xl/macrosheets/sheet1.xml"])
    def test_macros_by_part_name(self, name: str):
        assert codes(inspect(Book(parts={name: "x"}).data())) == ["workbook.macro"]

    def test_macros_by_relationship(self):
        book = Book(relations=relation("rId95", "vbaProject", "innocent.bin"), parts={"xl/innocent.bin": "x"})
        assert codes(inspect(book.data())) == ["workbook.macro"]

    def test_macros_by_content_type(self):
        main = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
        refusal = only(inspect(Book(parts={"[Content_Types].xml": content_types(main)}).data()))
        assert "启用宏的文件格式" in refusal.message

    @pytest.mark.parametrize(
        ("name", "detail"),
        [
            ("xl/externalLinks/externalLink1.xml", "指向其他工作簿的链接"),
            ("xl/connections.xml", "外部数据连接"),
            ("xl/queryTables/queryTable1.xml", "外部数据连接"),
            ("xl/embeddings/oleObject1.bin", "嵌入的文件或对象"),
            ("xl/activeX/activeX1.xml", "ActiveX 控件"),
        ],
    )
    def test_what_leads_outside_or_acts_is_named(self, name: str, detail: str):
        refusal = only(inspect(Book(parts={name: "<x/>"}).data()))
        assert (refusal.code, detail in refusal.message) == ("workbook.active_content", True)

    def test_a_link_to_another_workbook_by_relationship(self):
        book = Book(relations=relation("rId95", "externalLink", "l.xml"), parts={"xl/l.xml": "<ddeLink/>"})
        assert codes(inspect(book.data())) == ["workbook.active_content"]

    def test_an_image_from_elsewhere_is_not_fetched(self):
        drawing = relationships(relation("rId1", "image", "http://127.0.0.1:9/x.png", external=True))
        book = Book(parts={"xl/drawings/_rels/drawing1.xml.rels": drawing})
        assert "引用外部文件的图片" in only(inspect(book.data())).message

    def test_a_hyperlink_is_harmless(self):
        links = relationships(relation("rId1", "hyperlink", "https://example.com", external=True))
        assert isinstance(inspect(Book(parts={"xl/worksheets/_rels/sheet1.xml.rels": links}).data()), Package)

    def test_all_of_it_is_told_at_once(self):
        book = Book(parts={"xl/vbaProject.bin": "x", "xl/connections.xml": "<x/>"})
        assert codes(inspect(book.data())) == ["workbook.macro", "workbook.active_content"]


@given(st.sampled_from([b"", b"PK\x03\x04", GOOD[:60], b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"]), st.binary(max_size=200),
       st.sampled_from([b"", GOOD[-22:], GOOD[-300:]]))  # fmt: skip
def test_no_bytes_raise(start: bytes, middle: bytes, end: bytes):
    """Whatever is dropped, there is an answer."""
    assert isinstance(inspect(start + middle + end), tuple)


class TestPackages:
    """Cases 27, 36 and 37: never nought sheets, never half a package."""

    @pytest.mark.parametrize(
        "part",
        ["[Content_Types].xml", "_rels/.rels", "xl/workbook.xml", "xl/_rels/workbook.xml.rels",
         "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml"],
    )  # fmt: skip
    def test_a_part_that_is_missing(self, part: str):
        assert codes(inspect(Book(without=(part,)).data())) == ["workbook.corrupt"]

    def test_no_sheets(self):
        assert codes(inspect(Book(sheet_names=()).data())) == ["workbook.corrupt"]

    def test_a_chart_sheet_is_no_sheet(self):
        relations = relationships(relation("rId1", "chartsheet", "worksheets/sheet1.xml"))
        assert codes(inspect(Book(parts={"xl/_rels/workbook.xml.rels": relations}).data())) == [
            "workbook.corrupt"
        ]

    @pytest.mark.parametrize(
        "target", ["../../evil.xml", "file:///etc/passwd", "worksheets/other.xml", "/xl/other.xml", ""]
    )
    def test_a_sheet_that_is_not_in_the_package(self, target: str):
        relations = relationships(relation("rId1", "worksheet", target))
        assert codes(inspect(Book(parts={"xl/_rels/workbook.xml.rels": relations}).data())) == [
            "workbook.corrupt"
        ]

    def test_a_sheet_on_another_computer(self):
        relations = relationships(
            relation("rId1", "worksheet", "http://127.0.0.1:9/sheet.xml", external=True)
        )
        book = Book(parts={"xl/_rels/workbook.xml.rels": relations})
        told = only(inspect(book.data()))
        assert (told.code, told.sheet) == ("workbook.corrupt", "考核数据")

    @pytest.mark.parametrize(
        "target", ["/xl/worksheets/sheet1.xml", "worksheets/Sheet1.xml", "./worksheets/sheet1.xml"]
    )
    def test_a_sheet_may_be_named_from_the_root_or_in_another_case(self, target: str):
        relations = relationships(relation("rId1", "worksheet", target))
        assert isinstance(inspect(Book(parts={"xl/_rels/workbook.xml.rels": relations}).data()), Package)

    @pytest.mark.parametrize("where", ["relationship", "namespace"])
    def test_a_strict_workbook_is_asked_for_in_the_usual_format(self, where: str):
        strict = "http://purl.oclc.org/ooxml"
        if where == "relationship":
            base = f"{strict}/officeDocument/relationships"
            parts = {
                "_rels/.rels": relationships(relation("rId1", "officeDocument", "xl/workbook.xml", base=base))
            }
        else:
            parts = {"xl/workbook.xml": f'<workbook xmlns="{strict}/spreadsheetml/main"><sheets/></workbook>'}
        assert codes(inspect(Book(parts=parts).data())) == ["workbook.strict"]

    def test_two_tabs_of_one_name(self):
        assert codes(inspect(Book(sheet_names=("Data", "data")).data())) == ["workbook.ambiguous"]

    def test_two_tabs_of_one_part(self):
        target = "worksheets/sheet1.xml"
        relations = relationships(
            relation("rId1", "worksheet", target) + relation("rId2", "worksheet", target)
        )
        book = Book(sheet_names=("甲", "乙"), parts={"xl/_rels/workbook.xml.rels": relations})
        assert codes(inspect(book.data())) == ["workbook.ambiguous"]

    def test_hidden_tabs_and_the_date_system_are_told(self):
        workbook = (
            f'{DECLARATION}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><workbookPr date1904="1"/>'
            '<sheets><sheet name="_meta" state="veryHidden" r:id="rId1"/></sheets><calcPr fullCalcOnLoad="1"/></workbook>'
        )
        package = inspect(Book(parts={"xl/workbook.xml": workbook}).data())
        assert isinstance(package, Package)
        assert [sheet.state for sheet in package.sheets] == ["veryHidden"]
        assert (package.dates_from_1904, package.recalculates) == (True, True)

    def test_a_hundred_thousand_defined_names_are_read_past(self):
        """Case 34."""
        names = "".join(f"<definedName name='n{n}'>1</definedName>" for n in range(100_000))
        start = time.process_time()
        assert isinstance(
            inspect(Book(workbook_extra=f"<definedNames>{names}</definedNames>").data()), Package
        )
        assert time.process_time() - start < 15

    def test_a_workbook_saved_by_openpyxl_passes(self):
        target = io.BytesIO()
        openpyxl.Workbook().save(target)
        assert isinstance(inspect(target.getvalue()), Package)

    def test_content_types_that_are_not_xml(self):
        assert codes(inspect(Book(parts={"[Content_Types].xml": "oops"}).data())) == ["workbook.corrupt"]
        assert PACKAGE in content_types()


def compound_file(stream: str, content: bytes = b"") -> bytes:
    """As much of an OLE compound file as its marks: header, one stream's bytes, one directory entry."""
    return (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + bytes(504)
        + content
        + (stream + "\x00").encode("utf-16-le")
        + bytes(40)
    )


def patched_headers(data: bytes, *, flags: int) -> bytes:
    """The zip with these flags in every header, local and central."""
    patched = bytearray(data)
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        for info in package.infolist():
            patched[info.header_offset + 6] |= flags
    at = data.index(b"PK\x01\x02")
    while at >= 0:
        patched[at + 8] |= flags
        at = data.find(b"PK\x01\x02", at + 4)
    return bytes(patched)


def patched_directory(data: bytes, *, crc: int | None = None, file_size: int | None = None) -> bytes:
    """The zip with a lie about its first part in the directory."""
    patched = bytearray(data)
    at = data.index(b"PK\x01\x02")
    if crc is not None:
        patched[at + 16 : at + 20] = struct.pack("<I", crc)
    if file_size is not None:
        patched[at + 24 : at + 28] = struct.pack("<I", file_size)
    return bytes(patched)


def overlapping() -> bytes:
    """A zip whose second directory entry points at the first part's bytes."""
    body = zlib.compress(b"x" * 50, wbits=-15)
    sizes = struct.pack("<3I", zlib.crc32(b"x" * 50), len(body), 50)
    local = (
        b"PK\x03\x04" + struct.pack("<5H", 20, 0, 8, 0, 0) + sizes + struct.pack("<2H", 1, 0) + b"a" + body
    )
    entry = (
        b"PK\x01\x02"
        + struct.pack("<6H", 20, 20, 0, 8, 0, 0)
        + sizes
        + struct.pack("<5H2I", 1, 0, 0, 0, 0, 0, 0)
    )
    directory = entry + b"a" + entry + b"b"
    return (
        local + directory + b"PK\x05\x06" + struct.pack("<4H2IH", 0, 0, 2, 2, len(directory), len(local), 0)
    )
