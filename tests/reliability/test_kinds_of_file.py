"""Cases 9 to 14: what calls itself a workbook and is none is told apart by its content."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.builders.hazards import Month, OnePass
from tests.intake.builders import packed

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ODS = "application/vnd.oasis.opendocument.spreadsheet"


def compound(*streams: str, rest: bytes = b"") -> bytes:
    """An old Office file as far as anyone looks at it: mark, then the names of its streams."""
    return (
        OLE
        + bytes(504)
        + b"".join((one + "\0").encode("utf-16-le").ljust(128, b"\0") for one in streams)
        + rest
    )


def looping() -> bytes:
    """A compound file whose sectors and directory entries point at themselves: it has aborted whole processes."""
    header = OLE + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, 0, 0, 0, 0) + struct.pack("<I", 0) * 109
    entry = "Workbook".encode("utf-16-le").ljust(64, b"\0") + struct.pack("<HBBIII", 18, 2, 1, 0, 0, 0)
    return header.ljust(512, b"\0") + struct.pack("<I", 0) * 128 + entry.ljust(512, b"\0")


def flagged() -> bytes:
    """A month whose every entry says that it is encrypted, as zip programs do."""
    data = bytearray(Month("压缩加密").data())
    with zipfile.ZipFile(io.BytesIO(bytes(data))) as package:
        offsets = [one.header_offset for one in package.infolist()]
    for at in offsets:
        data[at + 6] |= 1
    at = data.find(b"PK\x01\x02")
    while at >= 0:
        data[at + 8] |= 1
        at = data.find(b"PK\x01\x02", at + 4)
    return bytes(data)


FILES: Mapping[str, bytes] = {
    "有密码.xlsx": compound("EncryptedPackage", "EncryptionInfo"),
    "有密码.xls": compound("Workbook", rest=b"\x09\x08\x10\x00\x00\x06\x05\x00" + bytes(12) + b"\x2f\x00\x36\x00" + bytes(54)),
    "有密码.ods": packed({"mimetype": ODS, "META-INF/manifest.xml": "<encryption-data/>"}.items()),
    "压缩加密.xlsx": flagged(),
    "旧版.xls": compound("Workbook", rest=b"\x09\x08\x10\x00\x00\x06\x05\x00" + bytes(500)),
    "二进制.xlsb": packed({"[Content_Types].xml": "<Types/>", "xl/workbook.bin": "\x83\x01"}.items()),
    "开源.ods": packed({"mimetype": ODS, "content.xml": "<x/>"}.items()),
    "金山.et": compound("Workbook", "ETExtData"),
    "苹果.numbers": packed({"Index/Document.iwa": "x"}.items()),
    "自转.xls": looping(),
    "乱码.xlsb": packed({"xl/workbook.bin": bytes(range(256)) * 9, "[Content_Types].xml": b"\xff" * 99}.items()),
    "逗号.xlsx": "工号,姓名\nKF001,张三\n".encode("gb18030"),
    "网页.xls": b"<html><table><tr><td>95</td></tr></table></html>",
    "文档.xlsx": b"%PDF-1.7\n%\xe2\xe3",
    "照片.xlsx": b"\x89PNG\r\n\x1a\n" + bytes(99),
    "程序.xlsx": b"MZ\x90\x00\x03" + bytes(range(255)),
    "打包.xlsx": b"Rar!\x1a\x07\x01\x00" + bytes(99),
    "打包二.xlsx": b"7z\xbc\xaf\x27\x1c\x00\x04" + bytes(99),
    "信件.xlsx": packed({"[Content_Types].xml": "<Types/>", "word/document.xml": "<x/>"}.items()),
    "改了名.xls": Month("改了名").data(),
    "没有扩展名": Month("没有扩展名").data(),
}  # fmt: skip


@pytest.fixture(scope="module")
def dropped(tmp_path_factory: pytest.TempPathFactory) -> OnePass:
    return OnePass.over(tmp_path_factory.mktemp("kinds"), FILES)


@pytest.mark.parametrize("name", ["有密码.xlsx", "有密码.xls", "有密码.ods"])
def test_case_9_a_password_is_called_a_password_and_not_damage(dropped: OnePass, name: str) -> None:
    assert dropped.returned(name) == ["workbook.encrypted"]
    assert "密码" in dropped.said(name)


def test_case_10_encryption_by_a_zip_program_is_a_password_too(dropped: OnePass) -> None:
    assert dropped.returned("压缩加密.xlsx") == ["workbook.encrypted"]


@pytest.mark.parametrize("name", ["旧版.xls", "二进制.xlsb", "开源.ods", "金山.et", "苹果.numbers"])
def test_case_11_other_spreadsheets_are_asked_for_as_xlsx(dropped: OnePass, name: str) -> None:
    assert dropped.returned(name) == ["workbook.not_xlsx"]
    assert Path(name).suffix in dropped.said(name)
    assert "另存为" in dropped.said(name)


@pytest.mark.parametrize("name", ["自转.xls", "乱码.xlsb"])
def test_case_12_an_old_file_that_loops_is_never_opened(dropped: OnePass, name: str) -> None:
    """It comes back, and the files after it are taken as ever (the other cases of this pass)."""
    assert dropped.returned(name) == ["workbook.not_xlsx"]


@pytest.mark.parametrize(
    ("name", "really"),
    [
        ("逗号.xlsx", "CSV"), ("网页.xls", "HTML"), ("文档.xlsx", "PDF"), ("照片.xlsx", "PNG"),
        ("程序.xlsx", "exe"), ("打包.xlsx", "RAR"), ("打包二.xlsx", "7z"), ("信件.xlsx", ".docx"),
    ],
)  # fmt: skip
def test_case_13_what_only_bears_the_name_is_told_what_it_really_is(
    dropped: OnePass, name: str, really: str
) -> None:
    assert dropped.returned(name) == ["workbook.not_xlsx"]
    assert really in dropped.said(name)


@pytest.mark.parametrize("name", ["改了名.xls", "没有扩展名"])
def test_case_14_a_workbook_is_taken_under_any_name(dropped: OnePass, name: str) -> None:
    assert dropped.accepted(name).revision == 1


def test_every_file_had_one_verdict(dropped: OnePass) -> None:
    assert sorted(one.file for one in dropped.report.files) == sorted(FILES)
    assert dropped.report.exit_code == 1
