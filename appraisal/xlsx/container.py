"""A stranger's zip and a stranger's XML, made safe before anything in them is believed; and how large they may be.

The limits on bytes and parts were held against 2,269 real workbooks from many programs: apart from
made attacks they refuse one, a test file of 1,033 parts (the largest unpacks to 60 MB, 99 % to under
1.8 MB). Those on sheets, rows, columns and cells come from what a form of one group can need.

Zip: the same bytes can show different numbers to different programs, and a few kilobytes can unpack to
gigabytes. So whatever could be read in two ways is refused, sizes are counted while inflating rather
than believed, and part names are never used as paths.

XML is read by expat and by nothing else. Every part goes through here. Document type definitions are
refused (no entities, so no billion laughs and nothing fetched), and encodings other than UTF-8, UTF-16 and
ASCII, in which the same bytes read differently in different programs. A part is handed over whole: expat
before 2.6 takes quadratic time for one long token that comes in small pieces (CVE-2023-52425)."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NoReturn
from xml.parsers import expat

from appraisal.errors import Signal
from appraisal.findings.finding import Finding, finding

_MEGABYTE = 1 << 20


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of one reading; tests pass smaller ones to stay quick."""

    file_bytes: int = 20 * _MEGABYTE
    part_bytes: int = 64 * _MEGABYTE
    unpacked_bytes: int = 100 * _MEGABYTE
    parts: int = 1_000
    suspect_part_bytes: int = 10 * _MEGABYTE
    """A part beyond this may not have been packed better than `suspect_ratio` to one."""
    suspect_ratio: int = 200
    sheets: int = 50
    rows: int = 25_000
    columns: int = 200
    cells: int = 1_000_000
    text_length: int = 32_767
    """Excel's own limit; openpyxl cuts longer text without a word when it writes."""
    number_format_length: int = 255


LIMITS = Limits()


class Refused(Signal):
    """Carries the finding up to the function that was asked about the file; never leaves the intake."""

    def __init__(self, reason: Finding) -> None:
        super().__init__(reason)
        self.reason = reason

    def __str__(self) -> str:
        return self.reason.message


def refusal(code: str, *, sheet: str | None = None, cell: str | None = None, **gaps: object) -> Refused:
    """A refusal for the finding of kind `code`; the arguments are those of `finding`."""
    return Refused(finding(code, sheet=sheet, cell=cell, **gaps))


# ------------------------------------------------------------------------------- the zip

_END_MARK = b"PK\x05\x06"
_END_SIZE = 22
LONGEST_END = _END_SIZE + 65_535
"""How far from the end of a zip its end record can begin (APPNOTE 4.3.16)."""
_LONGEST_DIRECTORY = 4 << 20
_LOCAL_HEADER = struct.Struct("<4s2x2H4x3I2H")
_ENCRYPTED_FLAGS = 0x1 | 0x40
_PATCH_FLAG = 0x20
"""The packed bytes change an older part that is not there (APPNOTE 4.4.4); some programs read on all the same."""
_SIZES_FOLLOW = 0x8
_IN_ZIP64 = 0xFFFFFFFF


def ends_like_a_zip(tail: bytes) -> bool:
    """Whether the last bytes of a file (`LONGEST_END` of them) hold a whole zip end record."""
    position = tail.rfind(_END_MARK)
    return position >= 0 and position + _END_SIZE + _comment_length(tail, position) <= len(tail)


def unpack(data: bytes, limits: Limits) -> dict[str, bytes]:
    """Every part of the package by its name, inflated and verified against its checksum.

    Raises `Refused` for a package that is damaged, too large, encrypted or open to two readings.
    """
    _check_end(data)
    entries, directory_start = _directory(data)
    if len(entries) > limits.parts:
        raise refusal("workbook.too_large", detail=f"内部部件超过 {limits.parts} 个")
    _check_names(entry.orig_filename for entry in entries)
    _check_layout(data, entries, directory_start)
    parts: dict[str, bytes] = {}
    room = limits.unpacked_bytes
    for entry in entries:
        if not entry.is_dir():
            part = _inflate(data, entry, min(room, limits.part_bytes))
            _check_ratio(entry, part, limits)
            room -= len(part)
            parts[entry.orig_filename] = part
    return parts


def _comment_length(data: bytes, position: int) -> int:
    return int.from_bytes(data[position + 20 : position + 22], "little")


def _check_end(data: bytes) -> None:
    """Exactly one end record, at the very end, and a directory of a size that can be read quickly."""
    tail = data[-LONGEST_END:]
    if not ends_like_a_zip(tail):
        raise refusal("workbook.incomplete")
    marks = (found.start() for found in re.finditer(_END_MARK, tail))
    ends = [
        position for position in marks if position + _END_SIZE + _comment_length(tail, position) == len(tail)
    ]
    if len(ends) != 1:
        raise refusal("workbook.ambiguous", detail="文件末尾有多余的内容")
    if int.from_bytes(tail[ends[0] + 12 : ends[0] + 16], "little") > _LONGEST_DIRECTORY:
        raise refusal("workbook.corrupt", detail="目录大小不对")


def _directory(data: bytes) -> tuple[list[zipfile.ZipInfo], int]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            return package.infolist(), package.start_dir
    except (zipfile.BadZipFile, NotImplementedError, struct.error, ValueError, OSError) as error:
        raise refusal("workbook.corrupt", detail="压缩包目录无法读取") from error


def _check_names(names: Iterable[str]) -> None:
    seen: set[str] = set()
    for name in names:
        if "\\" in name:
            raise refusal("workbook.ambiguous", detail=f"部件名称带反斜杠：{name}")
        steps = name.removesuffix("/").split("/")
        if not {"", ".", ".."}.isdisjoint(steps) or ":" in name or not name.isprintable():
            raise refusal("workbook.ambiguous", detail=f"部件名称不规范：{name}")
        if name.casefold() in seen:
            raise refusal("workbook.ambiguous", detail=f"部件重复：{name}")
        seen.add(name.casefold())


def _check_layout(data: bytes, entries: list[zipfile.ZipInfo], directory_start: int) -> None:
    """One archive that begins with the file, its entries beside each other and told alike twice."""
    end = 0
    for entry in sorted(entries, key=lambda entry: entry.header_offset):
        if entry.flag_bits & _ENCRYPTED_FLAGS:
            raise refusal("workbook.encrypted")
        if entry.flag_bits & _PATCH_FLAG:
            raise refusal("workbook.corrupt", detail=f"{entry.orig_filename} 只是一份改动")
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise refusal("workbook.corrupt", detail=f"压缩方式 {entry.compress_type} 不受支持")
        if end == 0 and entry.header_offset != 0:
            raise refusal("workbook.ambiguous", detail="文件开头有多余的内容")
        if entry.header_offset < end:
            raise refusal("workbook.ambiguous", detail=f"部件互相重叠：{entry.orig_filename}")
        end = _data_start(data, entry) + entry.compress_size
    if end > directory_start:
        raise refusal("workbook.ambiguous", detail="部件与目录重叠")


def _data_start(data: bytes, entry: zipfile.ZipInfo) -> int:
    """Where the entry's packed bytes begin, its local header having been held against the directory."""
    header = data[entry.header_offset : entry.header_offset + _LOCAL_HEADER.size]
    if len(header) < _LOCAL_HEADER.size:
        raise refusal("workbook.corrupt", detail=f"{entry.orig_filename} 不完整")
    mark, flags, method, crc, packed, size, name_length, extra_length = _LOCAL_HEADER.unpack(header)
    name_start = entry.header_offset + _LOCAL_HEADER.size
    name = data[name_start : name_start + name_length].decode(
        "utf-8" if flags & 0x800 else "cp437", "replace"
    )
    if mark != b"PK\x03\x04":
        raise refusal("workbook.corrupt", detail=f"{entry.orig_filename} 不完整")
    if name != entry.orig_filename or method != entry.compress_type or flags & _ENCRYPTED_FLAGS:
        raise refusal("workbook.ambiguous", detail=f"目录与内容不一致：{entry.orig_filename}")
    listed = (entry.CRC, entry.compress_size, entry.file_size)
    if not flags & _SIZES_FOLLOW and _IN_ZIP64 not in (packed, size) and (crc, packed, size) != listed:
        raise refusal("workbook.corrupt", detail=f"{entry.orig_filename} 大小不符")
    return int(name_start + name_length + extra_length)


def _inflate(data: bytes, entry: zipfile.ZipInfo, room: int) -> bytes:
    start = _data_start(data, entry)
    packed = data[start : start + entry.compress_size]
    if entry.compress_type == zipfile.ZIP_STORED:
        part, whole = packed[: room + 1], True
    else:
        inflater = zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            part = inflater.decompress(packed, room + 1)
        except zlib.error as error:
            raise refusal("workbook.corrupt", detail=f"{entry.orig_filename} 无法解压") from error
        whole = inflater.eof and not inflater.unused_data
    if len(part) > room:
        raise refusal("workbook.zip_bomb", detail=entry.orig_filename)
    if not whole or len(part) != entry.file_size or zlib.crc32(part) != entry.CRC:
        raise refusal("workbook.corrupt", detail=f"{entry.orig_filename} 校验不符")
    return part


def _check_ratio(entry: zipfile.ZipInfo, part: bytes, limits: Limits) -> None:
    """Refuse what no honest writer makes: a large part packed to almost nothing."""
    large = len(part) > limits.suspect_part_bytes
    if large and len(part) > limits.suspect_ratio * max(entry.compress_size, 1):
        raise refusal("workbook.zip_bomb", detail=entry.orig_filename)


# ------------------------------------------------------------------------------- the XML

_LONGEST_TAG = 1 << 20
"""Bytes between `<` and `>`: sixty thousand validated cells, each named in one attribute, are half of it."""
_LONG_TAG = re.compile(rb"<[^>]{%d}" % _LONGEST_TAG)
DEEPEST = 100
"""Elements inside each other; honest sheets have a dozen."""
_ENCODINGS = frozenset({None, "utf-8", "utf8", "utf-16", "us-ascii", "ascii"})

Start = Callable[[str, dict[str, str]], None]
"""Called with an element's name (`namespace local`, one space between) and its attributes."""
End = Callable[[str], None]
Text = Callable[[str], None]


def parse_part(
    part: str,
    data: bytes,
    *,
    start: Start,
    end: End | None = None,
    text: Text | None = None,
    sheet: str | None = None,
) -> None:
    """Tell the handlers of every element of the part `part`, which people know as `sheet` if it is one.

    Raises `Refused` where the part is not well-formed or not safe, and whatever a handler raises.
    """

    where = f"工作表“{sheet}”" if sheet else f"内部文件 {part} "

    def doctype(*_: object) -> NoReturn:
        raise refusal("workbook.unsafe_xml")

    def declaration(_version: str, encoding: str | None, _standalone: int) -> None:
        if encoding is not None and encoding.lower() not in _ENCODINGS:
            raise refusal("workbook.corrupt", sheet=sheet, detail=f"{where}的编码是 {encoding}")

    if len(data) > _LONGEST_TAG and _LONG_TAG.search(data):
        raise refusal("workbook.corrupt", sheet=sheet, detail=f"{where}里有长得不正常的标记")
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = doctype
    parser.XmlDeclHandler = declaration
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise refusal("workbook.corrupt", sheet=sheet, detail=f"{where}的内容残缺或错乱") from error
