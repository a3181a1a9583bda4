"""The Office package inside the container: what it holds, and whether that may be opened at all.

`inspect` is the pre-flight of every dropped workbook. What it hands on has passed each rule here, so
the reader of sheets need not ask again: no macros, no links that lead outside, no document types,
every part that is named is there.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum, auto

from appraisal.findings.finding import Finding, finding
from appraisal.xlsx.container import LIMITS, Limits, Refused, parse_part, refusal, unpack
from appraisal.xlsx.file_format import refuse_other_format, refuse_other_package
from appraisal.xlsx.grid import SheetState

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONSHIPS_NAMESPACE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_CONTENT_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
STRICT = "http://purl.oclc.org/ooxml/"
_DOCTYPE = tuple("<!DOCTYPE".encode(encoding) for encoding in ("utf-8", "utf-16-le", "utf-16-be"))

_MACROS = re.compile(r"vbaproject|macrosheet|macroenabled|\bvbaData", re.IGNORECASE)
_ACTIVE = (
    (re.compile(r"externallink", re.IGNORECASE), "指向其他工作簿的链接（可在“数据”的“编辑链接”中断开）"),
    (
        re.compile(r"\bconnections\b|querytable", re.IGNORECASE),
        "外部数据连接（可在“数据”的“查询和连接”中删除）",
    ),
    (re.compile(r"embeddings/|\boleobject", re.IGNORECASE), "嵌入的文件或对象（选中后按 Delete 键删除）"),
    (
        re.compile(r"activex", re.IGNORECASE),
        "ActiveX 控件（在“开发工具”的“设计模式”下选中，按 Delete 键删除）",
    ),
)

_TOLD_ELSEWHERE = frozenset({"hyperlink", "externalLinkPath", "worksheet"})
"""Harmless, part of a link that is told as such, and a sheet that is not in the file."""


@dataclass(frozen=True, slots=True)
class Relation:
    """One relationship of a part: its kind (the last step of the type's address) and its target."""

    kind: str
    target: str
    external: bool
    strict: bool


@dataclass(frozen=True, slots=True)
class SheetPart:
    """One worksheet of the package: its tab, and its part, unread."""

    name: str
    state: SheetState
    part: str
    xml: bytes


class Calculated(Enum):
    """Whether the stored values of formulas are new, by what the workbook says of itself."""

    DONE = auto()
    BY_HAND = auto()
    """Only when somebody asks for it: most likely they are."""
    NOT = auto()
    """The program that wrote it did not finish, or left it to whoever opens the file."""


@dataclass(frozen=True, slots=True)
class Package:
    """What the reader needs of a package that passed; `strings` and `styles` may be absent.

    `recalculates` says that the writer left calculating to whoever opens the file.
    """

    sheets: tuple[SheetPart, ...]
    strings: bytes | None
    styles: bytes | None
    dates_from_1904: bool
    recalculates: bool
    calculated: Calculated


def inspect(data: bytes, *, limits: Limits = LIMITS) -> Package | tuple[Finding, ...]:
    """The package in these dropped bytes, or why it is not opened."""
    try:
        return _inspect(data, limits)
    except Refused as refusal:
        return (refusal.reason,)


def _inspect(data: bytes, limits: Limits) -> Package | tuple[Finding, ...]:
    if len(data) > limits.file_bytes:
        raise refusal("workbook.too_large", detail=f"{len(data) >> 20} MB")
    if other := refuse_other_format(data):
        raise Refused(other)
    parts = unpack(data, limits)
    if other := refuse_other_package(parts):
        raise Refused(other)
    if _holds_doctype(parts):
        raise refusal("workbook.unsafe_xml")
    relations = {name: _relations(name, part) for name, part in parts.items() if name.endswith(".rels")}
    if active := tuple(_active_content(parts, relations)):
        return active
    return _Contents(parts, relations).package(limits)


def _holds_doctype(parts: Mapping[str, bytes]) -> bool:
    """Whether any part declares a document type; a drawing in SVG may, and is never read here."""
    return any(mark in part for name, part in parts.items() if not name.endswith(".svg") for mark in _DOCTYPE)


def _relations(name: str, part: bytes) -> dict[str, Relation]:
    found: dict[str, Relation] = {}

    def start(element: str, attributes: dict[str, str]) -> None:
        if element != f"{_PACKAGE_RELATIONS} Relationship":
            return
        identity, kind = attributes.get("Id", ""), attributes.get("Type", "")
        if identity in found:
            raise refusal("workbook.ambiguous", detail=f"{name} 中 {identity} 重复")
        found[identity] = Relation(
            kind=kind.rpartition("/")[2],
            target=attributes.get("Target", ""),
            external=attributes.get("TargetMode") == "External",
            strict=kind.startswith(STRICT),
        )

    parse_part(name, part, start=start)
    return found


def _active_content(
    parts: Mapping[str, bytes], relations: Mapping[str, Mapping[str, Relation]]
) -> Iterator[Finding]:
    """Macros and whatever leads outside, told by part names, content types and relationships alike."""
    every = [relation for targets in relations.values() for relation in targets.values()]
    traces = [*parts, *(relation.kind for relation in every), *_content_types(parts["[Content_Types].xml"])]
    macro = next((trace for trace in traces if _MACROS.search(trace)), None)
    if macro:
        detail = "启用宏的文件格式" if "macroenabled" in macro.lower() else macro.rpartition("/")[2]
        yield finding("workbook.macro", detail=detail)
    for pattern, detail in _ACTIVE:
        if any(pattern.search(trace) for trace in traces):
            yield finding("workbook.active_content", detail=detail)
    for kind in sorted({relation.kind for relation in every if relation.external} - _TOLD_ELSEWHERE):
        detail = "引用外部文件的图片" if kind == "image" else f"引用外部文件的内容（{kind}）"
        yield finding("workbook.active_content", detail=detail)


def _content_types(part: bytes) -> list[str]:
    types: list[str] = []

    def start(element: str, attributes: dict[str, str]) -> None:
        if element == f"{_CONTENT_TYPES} Override":
            types.append(attributes.get("ContentType", ""))

    parse_part("[Content_Types].xml", part, start=start)
    return types


class _Contents:
    """The parts of one package, found by following its relationships from the root."""

    def __init__(self, parts: Mapping[str, bytes], relations: Mapping[str, Mapping[str, Relation]]) -> None:
        self._parts = parts
        self._relations = relations
        self._names = {name.casefold(): name for name in parts}

    def package(self, limits: Limits) -> Package:
        root = self._relations.get("_rels/.rels", {}).values()
        main = next((relation for relation in root if relation.kind == "officeDocument"), None)
        if main is None:
            raise refusal("workbook.corrupt", detail="缺少 _rels/.rels 或其中的工作簿")
        if main.strict:
            raise refusal("workbook.strict")
        workbook = self._name("", main)
        outline = _Outline(workbook, self._parts[workbook], limits)
        folder, name = posixpath.split(workbook)
        relations = self._relations.get(f"{folder}/_rels/{name}.rels".lstrip("/"), {})
        return Package(
            sheets=self._sheets(folder, outline, relations),
            strings=self._only(folder, relations, "sharedStrings"),
            styles=self._only(folder, relations, "styles"),
            dates_from_1904=outline.dates_from_1904,
            recalculates=outline.recalculates,
            calculated=outline.calculated,
        )

    def _sheets(
        self, folder: str, outline: _Outline, relations: Mapping[str, Relation]
    ) -> tuple[SheetPart, ...]:
        sheets: list[SheetPart] = []
        for name, state, identity in outline.tabs:
            relation = relations.get(identity)
            if relation is None:
                raise _without_content(name)
            if relation.kind in {"chartsheet", "dialogsheet"}:
                continue  # has no cells
            if relation.kind != "worksheet":
                raise refusal("workbook.corrupt", sheet=name, detail=f"工作表“{name}”的类型不对")
            part = self._find(folder, relation)
            if part is None:
                raise _without_content(name)
            sheets.append(SheetPart(name, state, part, self._parts[part]))
        if not sheets:
            raise refusal("workbook.corrupt", detail="没有工作表")
        if len({sheet.part for sheet in sheets}) < len(sheets):
            raise refusal("workbook.ambiguous", detail="两张工作表指向同一内容")
        return tuple(sheets)

    def _only(self, folder: str, relations: Mapping[str, Relation], kind: str) -> bytes | None:
        found = [relation for relation in relations.values() if relation.kind == kind]
        if len(found) > 1:
            raise refusal("workbook.ambiguous", detail=f"有 {len(found)} 份 {kind}")
        return self._parts[self._name(folder, found[0])] if found else None

    def _name(self, folder: str, relation: Relation) -> str:
        """The part that the relationship of a part in `folder` leads to."""
        name = self._find(folder, relation)
        if name is None:
            raise refusal("workbook.corrupt", detail=f"找不到内部文件 {relation.target}")
        return name

    def _find(self, folder: str, relation: Relation) -> str | None:
        """The same, None where it leads out of the file or to nothing; names ignore case (OPC 6.2.2)."""
        joined = posixpath.normpath(posixpath.join("/", folder, relation.target)).lstrip("/")
        escapes = posixpath.normpath(posixpath.join(folder, relation.target)).startswith("..")
        return None if relation.external or escapes else self._names.get(joined.casefold())


def _without_content(sheet: str) -> Refused:
    return refusal("workbook.corrupt", sheet=sheet, detail=f"工作表“{sheet}”的内容不在文件里")


class _Outline:
    """What the workbook part says: its tabs in order, its date system, whether it is calculated."""

    def __init__(self, part: str, xml: bytes, limits: Limits) -> None:
        self.tabs: list[tuple[str, SheetState, str]] = []
        self.dates_from_1904 = False
        self.recalculates = False
        self.calculated = Calculated.DONE
        self._limit = limits.sheets
        self._names: set[str] = set()
        parse_part(part, xml, start=self._start)

    def _start(self, element: str, attributes: dict[str, str]) -> None:
        if element == f"{MAIN} sheet":
            self._tab(attributes)
        elif element == f"{MAIN} workbookPr":
            self.dates_from_1904 = is_true(attributes.get("date1904"))
        elif element == f"{MAIN} calcPr":
            self.recalculates = is_true(attributes.get("fullCalcOnLoad"))
            self.calculated = _calculated(attributes)
        elif element.startswith(STRICT):
            raise refusal("workbook.strict")

    def _tab(self, attributes: dict[str, str]) -> None:
        name = attributes.get("name", "")
        if len(self.tabs) == self._limit:
            raise refusal("workbook.too_large", detail=f"工作表超过 {self._limit} 张")
        if name.casefold() in self._names:
            raise refusal("workbook.ambiguous", detail=f"工作表“{name}”重复")
        try:
            state = SheetState(attributes.get("state", "visible"))
        except ValueError:
            raise refusal("workbook.corrupt", detail=f"工作表“{name}”的状态不对") from None
        self._names.add(name.casefold())
        self.tabs.append((name, state, attributes.get(f"{_RELATIONSHIPS_NAMESPACE} id", "")))


def _calculated(attributes: Mapping[str, str]) -> Calculated:
    """By what `calcPr` says (ECMA-376 part 1, 18.2.2)."""
    is_manual = attributes.get("calcMode") == "manual"
    is_left = attributes.get("calcCompleted") in {"0", "false"} or (
        is_manual and attributes.get("calcOnSave") in {"0", "false"}
    )
    if is_left or is_true(attributes.get("fullCalcOnLoad")):
        return Calculated.NOT
    return Calculated.BY_HAND if is_manual else Calculated.DONE


def is_true(flag: str | None) -> bool:
    """An XML Schema boolean; absent is false."""
    return flag in {"1", "true"}
