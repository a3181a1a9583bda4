"""What a dropped file really is, told by its content: its name says nothing. And a text table's sheet.

Only well-known marks are looked for: an old `.xls` with a loop in its directory has aborted whole processes.

A text table is a CSV, or separated by tabs or semicolons. Every value is text, so `007` keeps its zeros.
The separator is the one under which most lines have the same number of cells: `1,200` between tabs is one
number. `="1200"`, by which software keeps Excel from changing a text, is 1200. A quotation mark that nobody
escaped is part of the text where the line has as many cells as the others; where it has not, nobody can
tell which cell is which."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from appraisal.errors import Signal
from appraisal.findings.finding import Finding, finding
from appraisal.xlsx.container import refusal
from appraisal.xlsx.grid import RawCell, RawSheet, cell_name

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SHORTEST = 4
_SAMPLE = 50_000

_BY_FIRST_BYTES = (
    (b"%PDF", "PDF 文件"),
    (b"\x89PNG", "图片（PNG）"),
    (b"\xff\xd8\xff", "图片（JPEG）"),
    (b"GIF8", "图片（GIF）"),
    (b"BM", "图片（BMP）"),
    (b"II*\x00", "图片（TIFF）"),
    (b"MM\x00*", "图片（TIFF）"),
    (b"MZ", "程序文件（exe）"),
    (b"\x7fELF", "程序文件"),
    (b"Rar!", "RAR 压缩包"),
    (b"7z\xbc\xaf\x27\x1c", "7z 压缩包"),
    (b"\x1f\x8b", "gzip 压缩包"),
    (b"BZh", "bzip2 压缩包"),
    (b"\xfd7zXZ", "xz 压缩包"),
    (b"SQLite format 3", "数据库文件"),
    (b"\x09\x00\x04\x00", "旧版 Excel 工作簿（.xls）"),
    (b"\x09\x02\x06\x00", "旧版 Excel 工作簿（.xls）"),
    (b"\x09\x04\x06\x00", "旧版 Excel 工作簿（.xls）"),
    (b"PK\x05\x06", "空的 ZIP 压缩包"),
)

_CSV, _TEXT = "CSV 文本文件", "文本文件"

_BY_OLE_STREAM = (
    ("Workbook", "旧版 Excel 工作簿（.xls）或 WPS 表格（.et）"),
    ("Book", "旧版 Excel 工作簿（.xls）"),
    ("WordDocument", "旧版 Word 文档（.doc）"),
    ("PowerPoint Document", "旧版演示文稿（.ppt）"),
)

_ODF = {
    b"application/vnd.oasis.opendocument.spreadsheet": "OpenDocument 电子表格（.ods）",
    b"application/vnd.oasis.opendocument.text": "OpenDocument 文档（.odt）",
    b"application/vnd.oasis.opendocument.presentation": "OpenDocument 演示文稿（.odp）",
}

_BY_ZIP_PART = (
    ("xl/workbook.bin", "二进制 Excel 工作簿（.xlsb）"),
    ("word/document.xml", "Word 文档（.docx）"),
    ("ppt/presentation.xml", "演示文稿（.pptx）"),
    ("visio/document.xml", "Visio 绘图（.vsdx）"),
    ("Index/Document.iwa", "Numbers 表格（.numbers）"),
    ("Index.zip", "Numbers 表格（.numbers）"),
    ("ofd.xml", "OFD 版式文件"),
    ("AndroidManifest.xml", "手机安装包（apk）"),
    ("META-INF/MANIFEST.MF", "Java 程序包"),
)


def refuse_other_format(data: bytes) -> Finding | None:
    """Why these bytes are no xlsx, or None if they begin as a zip package does."""
    if len(data) < _SHORTEST:
        return finding("workbook.incomplete" if data else "workbook.empty")
    if data.startswith(b"PK\x03\x04"):
        return None
    if data.startswith(_OLE):
        return _refuse_ole(data)
    if not data.strip(b"\x00"):
        return finding("workbook.incomplete")
    return _not_xlsx(_by_text(data) or _by_first_bytes(data) or "无法识别的文件")


_INSTEAD = (
    (("压缩包",), "请先解压，再把里面的表（.xlsx）一份一份放入。"),
    (("图片", "视频"), "里面的数系统读不出来。请把内容填在下发的表（.xlsx）里放入；这份请自行保存备查。"),
    (("PDF", "OFD"), "里面的数系统读不出来。请把内容填在下发的表（.xlsx）里放入；这份请自行保存备查。"),
    (
        ("CSV",),
        "软件导出的数据请填进下发的表（.xlsx）放入；填好的表存成了 CSV 的，请另存为“Excel 工作簿（*.xlsx）”再放入。",
    ),
    (
        ("工作簿", "表格", "网页", "XML", "旧版 Office"),
        "请用 Excel 或 WPS 打开，“另存为”选择“Excel 工作簿（*.xlsx）”，再放入。",
    ),
)
"""What to do instead of dropping it, by a word in what the file really is."""

_FILL_OURS = "请核对是不是放错了文件；要报送的，请填在下发的表（.xlsx）里放入。"


def _not_xlsx(actual: str) -> Finding:
    instead = next(
        (remedy for words, remedy in _INSTEAD if any(word in actual for word in words)), _FILL_OURS
    )
    return finding("workbook.not_xlsx", actual=actual, instead=instead)


def is_text_table(data: bytes) -> bool:
    """Whether these bytes are plain text, as a CSV file is, and nothing written in it like HTML or XML."""
    return bool(data.strip()) and _by_text(data) in {_CSV, _TEXT}


def refuse_other_package(parts: dict[str, bytes]) -> Finding | None:
    """Why an unpacked zip is not an Office package of a workbook, or None if it may be one."""
    if "mimetype" in parts:
        manifest = parts.get("META-INF/manifest.xml", b"")
        if b"encryption-data" in manifest or "encrypted-package" in parts:
            return finding("workbook.encrypted")
        return _not_xlsx(_ODF.get(parts["mimetype"].strip(), "其他格式的文档"))
    for name, actual in _BY_ZIP_PART:
        if name in parts:
            return _not_xlsx(actual)
    if "[Content_Types].xml" in parts:
        return None
    if any(name.startswith("xl/") for name in parts):
        return finding("workbook.corrupt", detail="缺少 [Content_Types].xml")
    return _not_xlsx("ZIP 压缩包")


def _refuse_ole(data: bytes) -> Finding:
    if _names_stream(data, "EncryptedPackage"):
        return finding("workbook.encrypted")
    for stream, actual in _BY_OLE_STREAM:
        if _names_stream(data, stream):
            locked = _is_locked_xls(data)
            return finding("workbook.encrypted") if locked else _not_xlsx(actual)
    return _not_xlsx("旧版 Office 文件")


def _names_stream(data: bytes, stream: str) -> bool:
    """Whether a directory entry of the compound file has this name (UTF-16, padded with zeros)."""
    return (stream + "\x00").encode("utf-16-le") in data


def _is_locked_xls(data: bytes) -> bool:
    """Whether the workbook stream begins with a FILEPASS record, as one with a password does."""
    start = data.find(b"\x09\x08\x10\x00\x00\x06\x05\x00")  # BOF of a BIFF8 workbook
    for _ in range(4):  # FILEPASS follows BOF at once, or after write protection
        if start < 0 or start + 4 > len(data):
            return False
        kind, length = data[start : start + 2], int.from_bytes(data[start + 2 : start + 4], "little")
        if kind == b"\x2f\x00":
            return True
        start += 4 + length
    return False


def _by_first_bytes(data: bytes) -> str | None:
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return "图片（WebP）"
    if data[4:8] == b"ftyp":
        return "图片或视频"
    return next((actual for mark, actual in _BY_FIRST_BYTES if data.startswith(mark)), None)


def _by_text(data: bytes) -> str | None:
    text = _as_text(data[:_SAMPLE])
    if text is None:
        return None
    # Before the marks of binary files: two letters like BM or MZ begin many an honest line of text.
    start = text.lstrip("\ufeff \t\r\n")[:4096].lower()
    if "urn:schemas-microsoft-com:office:spreadsheet" in start:
        return "XML 电子表格 2003"
    if re.match(r"<(!doctype html|html|head|meta|table|style)\b", start) or "<table" in start:
        return "网页（HTML）"
    if start.startswith("mime-version:"):
        return "网页存档（mht）"
    for mark, actual in (("<?xml", "XML 文件"), ("%pdf", "PDF 文件"), ("{\\rtf", "RTF 文档")):
        if start.startswith(mark):
            return actual
    return _CSV if re.search(r"[,\t;]", start.partition("\n")[0]) else _TEXT


def _as_text(sample: bytes) -> str | None:
    """The sample as text if it is text in an encoding that exports use, cut characters aside."""
    utf_16 = utf_16_of(sample)
    for encoding in (utf_16,) if utf_16 else ("utf-8", "gb18030", "latin-1"):
        try:
            text = codecs.getincrementaldecoder(encoding)().decode(sample)
        except UnicodeDecodeError:
            continue
        if not re.search(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]", text):
            return text
    return None


def utf_16_of(data: bytes) -> str | None:
    """Which UTF-16 these bytes are text in, told by their mark; without one, by where the zeros of ASCII stand."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    sample = data[:_SAMPLE]
    has_zeros_first, has_zeros_second = 0 in sample[::2], 0 in sample[1::2]
    if has_zeros_first == has_zeros_second or _by_first_bytes(data) is not None:
        return None
    return "utf-16-be" if has_zeros_first else "utf-16-le"


_SAMPLE_LINES = 100


class NotText(Signal):
    """The bytes are no text in UTF-8, UTF-16 or GB18030."""


def sheet_of_csv(content: bytes, name: str) -> RawSheet:
    """The file as a sheet called `name`. Raises NotText, and Refused for a line that cannot be told apart."""
    try:
        text = _decoded(content)
    except UnicodeDecodeError:
        raise NotText from None
    if "\0" in text:
        raise NotText
    separator = max("\t;,", key=lambda mark: _evenness(text[:_SAMPLE], mark))
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=separator))
    except csv.Error:
        lines = _with_stray_quotes(text, separator, name)
    cells = {
        (row, column): RawCell(_without_formula(value))
        for row, line in enumerate(lines, 1)
        for column, value in enumerate(line, 1)
        if value.strip()
    }
    return RawSheet(name, cells)


def _decoded(content: bytes) -> str:
    """UTF-8 with or without its mark, else GB18030, as Chinese Excel and most shop software save.

    UTF-16 is what Excel's “Unicode 文本” is saved in.
    """
    if encoding := utf_16_of(content):
        return content.decode(encoding)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("gb18030")


def _evenness(sample: str, separator: str) -> tuple[float, int]:
    """The share of lines with the commonest number of cells, and that number; of cells there must be two."""
    try:
        lines = list(islice(csv.reader(io.StringIO(sample, newline=""), delimiter=separator), _SAMPLE_LINES))
    except csv.Error:
        return 0, 0
    widths = Counter(len(line) for line in lines if any(value.strip() for value in line))
    several = [(count, width) for width, count in widths.items() if width > 1]
    count, width = max(several, default=(0, 0))
    return count / (widths.total() or 1), width


_FORMULA_OF_TEXT = re.compile(r'="((?:[^"]|"")*)"')


def _without_formula(value: str) -> str:
    match = _FORMULA_OF_TEXT.fullmatch(value.strip())
    return match[1].replace('""', '"') if match else value


# ------------------------------------------------------------------------------- unescaped quotes


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    """Of the line of text that it begins on."""
    cells: list[str]
    stray: int | None
    """The first cell with a quotation mark that nobody escaped, counted from 1."""
    spans_lines: bool


def _with_stray_quotes(text: str, separator: str, name: str) -> list[list[str]]:
    lines = list(_tolerant_lines(text, separator))
    whole = Counter(len(line.cells) for line in lines if line.stray is None and any(line.cells))
    width = max(whole, key=lambda cells: (whole[cells], cells), default=0)
    for row, line in enumerate(lines, 1):
        if line.stray is not None and (line.spans_lines or len(line.cells) != width):
            cell = cell_name(row, line.stray)
            raise refusal("export.quotes_unclear", sheet=name, cell=cell, line=line.number, column=line.stray)
    return [line.cells for line in lines]


def _tolerant_lines(text: str, separator: str) -> Iterator[_Line]:
    """As the csv module reads, but a quotation mark ends a cell only where the cell can end."""
    unquoted = re.compile(f"[^\r\n{separator}]*")
    cell_end = re.compile(f"(?:[\r\n{separator}]|\\Z)")
    position, number = 0, 1
    while position < len(text):
        cells: list[str] = []
        stray: int | None = None
        start = position
        while True:
            if text.startswith('"', position):
                value, position, is_clean = _quoted(text, position, cell_end)
                stray = stray if is_clean or stray is not None else len(cells) + 1
            else:
                match = unquoted.match(text, position)
                value, position = (match[0], match.end()) if match else ("", position)
            cells.append(value)
            if not text.startswith(separator, position):
                break
            position += 1
        breaks = len(re.findall("\r\n|\r|\n", text[start:position]))
        yield _Line(number, cells, stray, spans_lines=breaks > 0)
        position += 2 if text.startswith("\r\n", position) else 1
        number += breaks + 1


def _quoted(text: str, start: int, cell_end: re.Pattern[str]) -> tuple[str, int, bool]:
    """The text of a quoted cell, where it ends, and whether all its quotation marks were escaped."""
    value, position, is_clean = "", start + 1, True
    for run in re.compile('"+').finditer(text, position):
        marks = len(run[0])
        value += text[position : run.start()]
        position = run.end()
        if cell_end.match(text, position):
            is_clean = is_clean and marks % 2 == 1
            return value + '"' * (marks // 2), position, is_clean
        is_clean = is_clean and marks % 2 == 0
        value += '"' * (marks // 2 if marks % 2 == 0 else marks)
    return value + text[position:], len(text), False
