"""What a Word template must not bring along.

A paper is opened by everybody who gets a notice, so whatever in its template reaches outside is refused: a remote
template (`attachedTemplate`, ATT&CK T1221), linked pictures and objects, embedded files, `altChunk`, macros, entities,
and the fields that insert or start something. Hyperlinks stay: nothing happens unless a person clicks.
"""

from __future__ import annotations

import io
import lzma
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from appraisal.publish.templates.engine import TemplateError

_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_LARGEST = 20 << 20
_WITHOUT_CONTENT = re.compile(r"word/(styles\w*|fontTable|numbering|theme/\w+)\.xml|docProps/\w+\.xml")
"""Parts that hold no fields and no links, and in Word's own files most of the bytes."""
_NOT_A_ZIP = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error,
    NotImplementedError, RuntimeError, OSError, ValueError, EOFError,
)  # fmt: skip
"""What zipfile raises, by where the bytes are damaged."""
_MAIN_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_FIELDS = frozenset(
    [
        "PAGE",
        "NUMPAGES",
        "SECTIONPAGES",
        "DATE",
        "TIME",
        "TOC",
        "REF",
        "PAGEREF",
        "STYLEREF",
        "SEQ",
        "HYPERLINK",
    ]
)
"""Fields that only show what the document or the clock says. DDE, INCLUDETEXT and their like are not here."""
_RELATIONS = {
    "attachedTemplate": "附加了别处的模板（“开发工具”的“文档模板”里改回 Normal）",
    "aFChunk": "嵌入了别的文档（altChunk）",
    "subDocument": "链接了子文档",
    "oleObject": "嵌入或链接了对象",
    "package": "嵌入了文件",
    "control": "带有控件",
    "frame": "链接了框架页",
    "mailMergeSource": "连接了邮件合并数据源",
    "mailMergeHeaderSource": "连接了邮件合并数据源",
    "transform": "连接了转换文件",
    "vbaProject": "带有宏",
}
_ELEMENTS = {
    "altChunk": _RELATIONS["aFChunk"],
    "subDoc": _RELATIONS["subDocument"],
    "object": _RELATIONS["oleObject"],
}


def refuse_unsafe(file: str, content: bytes) -> None:
    """Raises TemplateError if `content` is no plain Word file or brings along what it must not."""
    for place, sentence in _problems(content):
        raise TemplateError(file, place, sentence, "请在 Word 中去掉这一内容，另存为 .docx。")


def _problems(content: bytes) -> Iterator[tuple[str, str]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            if sum(entry.file_size for entry in package.infolist()) > _LARGEST:
                yield "", f"展开后超过 {_LARGEST >> 20} MB"
                return
            parts = {name: package.read(name) for name in package.namelist()}
    except _NOT_A_ZIP:
        yield "", "不是能打开的 .docx 文件"
        return
    if "[Content_Types].xml" not in parts or "word/document.xml" not in parts:
        yield "", "不是 .docx 文件"
        return
    for name, part in parts.items():
        if name.endswith((".xml", ".rels")):
            yield from _problems_of_part(name, part)


def _problems_of_part(name: str, part: bytes) -> Iterator[tuple[str, str]]:
    if b"<!DOCTYPE" in part or b"\0" in part:  # no UTF-8 XML holds a zero byte; UTF-16 would hide the rest
        yield name, "带有文档类型声明（DTD），或不是 UTF-8 编码"
        return
    if _WITHOUT_CONTENT.fullmatch(name):
        return
    try:
        root = fromstring(part, forbid_dtd=True)
    except (DefusedXmlException, ParseError, ValueError, LookupError):
        yield name, "不是合格的 XML"
        return
    if name == "[Content_Types].xml":
        yield from _not_a_docx(root)
    elif name.endswith(".rels"):
        yield from _unsafe_relations(name, root)
    else:
        yield from _unsafe_elements(name, root)


def _not_a_docx(types: Element) -> Iterator[tuple[str, str]]:
    kinds = [element.get("ContentType", "") for element in types]
    if any("macroEnabled" in kind or "vbaProject" in kind for kind in kinds):
        yield "", _RELATIONS["vbaProject"]
    elif _MAIN_TYPE not in kinds:
        yield "", "不是普通的 Word 文档（.docx）"


def _unsafe_relations(name: str, relations: Element) -> Iterator[tuple[str, str]]:
    for relation in relations:
        kind, target = relation.get("Type", "").rpartition("/")[2], relation.get("Target", "")
        if kind in _RELATIONS:
            yield name, _RELATIONS[kind]
        elif relation.get("TargetMode") == "External" and kind != "hyperlink":
            yield name, f"引用了外部文件（{target}）"


def _unsafe_elements(name: str, root: Element) -> Iterator[tuple[str, str]]:
    for element in root.iter():
        kind = element.tag.rpartition("}")[2]
        if kind in _ELEMENTS:
            yield name, _ELEMENTS[kind]
    for instruction in _field_instructions(root):
        field = instruction.split()[0].upper() if instruction.strip() else ""
        if field and field not in _FIELDS:
            yield name, f"带有不能用的域 {field}（只能用页码、日期、目录、超链接这类域）"


def _field_instructions(root: Element) -> Iterator[str]:
    """Every field's instruction; Word may cut one into several runs and put fields into each other."""
    open_fields: list[str] = []
    for element in root.iter():
        if element.tag == f"{_WORD}fldSimple":
            yield element.get(f"{_WORD}instr", "")
        elif element.tag == f"{_WORD}instrText":
            open_fields = open_fields or [""]
            open_fields[-1] += element.text or ""
        elif element.tag == f"{_WORD}fldChar" and element.get(f"{_WORD}fldCharType") == "begin":
            open_fields.append("")
        elif element.tag == f"{_WORD}fldChar" and element.get(f"{_WORD}fldCharType") == "end" and open_fields:
            yield open_fields.pop()
    yield from open_fields
