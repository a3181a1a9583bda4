"""The few words of WordprocessingML that our templates are written in: styles, paragraphs, tables.

Elements stand in the order of the schema (ECMA-376 part 1, 17): Word refuses files that mix it up.
East Asian fonts are set in every style; without them Word falls back to the Latin font's stand-in."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from itertools import cycle
from xml.sax.saxutils import escape, quoteattr

from appraisal.publish.excel.package import packed

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_R = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


@dataclass(frozen=True, slots=True)
class Page:
    """A4 with its margins in millimetres, and how far the footer stands from the paper's edge."""

    top: float
    right: float
    bottom: float
    left: float
    footer: float = 15


def document(
    body: Sequence[str], styles: Sequence[Style], page: Page, *, created: date, number: Style | None = None
) -> bytes:
    """The Word file; the same arguments give the same bytes.

    With a style for them, page numbers `-1-` stand right on odd pages, left on even.
    """
    sides = {} if number is None else {"default": "right", "even": "left"}
    footers = {kind: (f"footer{place}.xml", f"rId{place + 10}") for place, kind in enumerate(sides, 1)}
    parts = {
        "[Content_Types].xml": _content_types([file for file, _ in footers.values()]),
        "_rels/.rels": _relationships([("rId1", "officeDocument", "word/document.xml"), ("rId2", *_CORE)]),
        "docProps/core.xml": "",  # written as it is packed
        "word/document.xml": _document_xml(
            body, page, {kind: identity for kind, (_, identity) in footers.items()}
        ),
        "word/styles.xml": _styles_xml(styles),
        "word/settings.xml": _settings_xml(even_pages=bool(footers)),
        "word/fontTable.xml": _font_table(),
        "word/_rels/document.xml.rels": _relationships(
            [
                ("rId1", "styles", "styles.xml"),
                ("rId2", "settings", "settings.xml"),
                ("rId3", "fontTable", "fontTable.xml"),
                *((identity, "footer", file) for file, identity in footers.values()),
            ]
        ),
    }
    for kind, side in sides.items():
        assert number is not None
        parts[f"word/{footers[kind][0]}"] = _footer_xml(replace(number, align=side))
    return packed({name: partial(io.BytesIO, part.encode()) for name, part in parts.items()}, created=created)


_RELATIONSHIPS_NAMESPACE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_CORE = (f"{_PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml")


def _content_types(footers: Sequence[str]) -> str:
    parts = {
        "word/document.xml": f"{_WORD_TYPE}.document.main+xml",
        "word/styles.xml": f"{_WORD_TYPE}.styles+xml",
        "word/settings.xml": f"{_WORD_TYPE}.settings+xml",
        "word/fontTable.xml": f"{_WORD_TYPE}.fontTable+xml",
        "docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
        **{f"word/{file}": f"{_WORD_TYPE}.footer+xml" for file in footers},
    }
    overrides = "".join(
        f'<Override PartName="/{name}" ContentType="{kind}"/>' for name, kind in parts.items()
    )
    return (
        f'{_XML}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>'
    )


def _relationships(relations: Sequence[tuple[str, str, str]]) -> str:
    entries = "".join(
        f'<Relationship Id="{identity}" Type="{kind if ":" in kind else f"{_RELATIONSHIPS_NAMESPACE}/{kind}"}" Target="{target}"/>'
        for identity, kind, target in relations
    )
    return f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">{entries}</Relationships>'


def _document_xml(body: Sequence[str], page: Page, footers: Mapping[str, str]) -> str:
    references = "".join(
        f'<w:footerReference w:type="{kind}" r:id="{identity}"/>' for kind, identity in footers.items()
    )
    return (
        f"{_XML}<w:document {_W} {_R}><w:body>{''.join(body)}<w:sectPr>{references}"
        f'<w:pgSz w:w="{_twips(210)}" w:h="{_twips(297)}"/>'
        f'<w:pgMar w:top="{_twips(page.top)}" w:right="{_twips(page.right)}" w:bottom="{_twips(page.bottom)}"'
        f' w:left="{_twips(page.left)}" w:header="{_twips(page.footer)}" w:footer="{_twips(page.footer)}"'
        ' w:gutter="0"/></w:sectPr></w:body></w:document>'
    )


def _styles_xml(styles: Sequence[Style]) -> str:
    return (
        f"{_XML}<w:styles {_W}><w:docDefaults><w:rPrDefault><w:rPr>"
        f'<w:rFonts w:hint="eastAsia" w:ascii="{LATIN}" w:eastAsia="SimSun" w:hAnsi="{LATIN}" w:cs="{LATIN}"/>'
        '<w:sz w:val="21"/><w:szCs w:val="21"/><w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/>'
        "</w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>"
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/>'
        '<w:pPr><w:widowControl w:val="0"/></w:pPr></w:style>'
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/>'
        '<w:uiPriority w:val="99"/><w:semiHidden/><w:unhideWhenUsed/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/>'
        '<w:tblCellMar><w:left w:w="108" w:type="dxa"/><w:right w:w="108" w:type="dxa"/></w:tblCellMar>'
        f"</w:tblPr></w:style>{''.join(_style_xml(style) for style in styles)}</w:styles>"
    )


def _settings_xml(*, even_pages: bool) -> str:
    return (
        f'{_XML}<w:settings {_W}><w:zoom w:percent="100"/><w:defaultTabStop w:val="420"/>'
        + ("<w:evenAndOddHeaders/>" if even_pages else "")
        + '<w:characterSpacingControl w:val="compressPunctuation"/><w:compat>'
        '<w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/>'
        '</w:compat><w:themeFontLang w:val="en-US" w:eastAsia="zh-CN"/></w:settings>'
    )


def _font_table() -> str:
    fonts = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{instead}"/><w:charset w:val="86"/></w:font>'
        for name, instead in FONT_NAMES.items()
    )
    return f"{_XML}<w:fonts {_W}>{fonts}</w:fonts>"


def _footer_xml(style: Style) -> str:
    marks = (
        '<w:r><w:t>-</w:t></w:r><w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        '<w:r><w:instrText xml:space="preserve"> PAGE </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>1</w:t></w:r>'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r><w:r><w:t>-</w:t></w:r>'
    )
    return (
        f'{_XML}<w:ftr {_W}><w:p><w:pPr><w:pStyle w:val={quoteattr(style.name)}/><w:jc w:val="{style.align}"/>'
        f"</w:pPr>{marks}</w:p></w:ftr>"
    )


LATIN = "Times New Roman"

FONT_NAMES = {
    "方正小标宋简体": "FZXiaoBiaoSong-B05S,STZhongsong,华文中宋,SimSun,宋体",
    "FangSong": "仿宋,仿宋_GB2312,STFangsong,华文仿宋",
    "SimHei": "黑体,STHeiti,华文黑体",
    "SimSun": "宋体,STSong,华文宋体",
    "Microsoft YaHei": "微软雅黑,PingFang SC,SimHei",
}
"""Fonts that styles may use, each with what Word takes instead where the machine has not got it."""


def _twips(millimetres: float) -> int:
    """Word's unit of length: a twentieth of a point."""
    return round(millimetres / 25.4 * 1440)


@dataclass(frozen=True, slots=True)
class Style:
    """A paragraph style as people see it in Word's list. Sizes and spacing in points.

    `line` is the fixed line height. `first_line`, `right` and `hanging` (all lines but the first) are
    indents in characters. `tracking` is added between characters.
    """

    name: str
    font: str
    size: float
    line: float
    align: str = "both"
    latin: str = LATIN
    bold: bool = False
    tracking: float = 0
    colour: str = "000000"
    before: float = 0
    after: float = 0
    first_line: int = 0
    right: int = 0
    hanging: float = 0
    keep_next: bool = False
    new_page: bool = False
    rule_below: bool = False
    rule_above: bool = False
    outline: int | None = None


_NO_GAPS = '<w:autoSpaceDE w:val="0"/><w:autoSpaceDN w:val="0"/>'
"""Chinese papers set figures close to the characters beside them; Word's default leaves gaps."""


def _style_xml(style: Style) -> str:
    fonts = (
        f'<w:rFonts w:hint="eastAsia" w:ascii="{style.latin}" w:eastAsia="{style.font}"'
        f' w:hAnsi="{style.latin}" w:cs="{style.latin}"/>'
    )
    rules = "".join(
        f'<w:{side} w:val="single" w:sz="8" w:space="4" w:color="{style.colour}"/>'
        for side, wanted in (("top", style.rule_above), ("bottom", style.rule_below))
        if wanted
    )
    indents = {
        "left": style.hanging,
        "right": style.right,
        "hanging": style.hanging,
        "firstLine": style.first_line,
    }
    indent = "".join(
        f' w:{kind}Chars="{round(100 * chars)}" w:{kind}="{round(chars * style.size * 20)}"'
        for kind, chars in indents.items()
        if chars
    )
    return (
        f'<w:style w:type="paragraph" w:customStyle="1" w:styleId={quoteattr(style.name)}>'
        f'<w:name w:val={quoteattr(style.name)}/><w:basedOn w:val="Normal"/><w:qFormat/><w:pPr>'
        + ("<w:keepNext/>" if style.keep_next else "")
        + ("<w:pageBreakBefore/>" if style.new_page else "")
        + (f"<w:pBdr>{rules}</w:pBdr>" if rules else "")
        + _NO_GAPS
        + f'<w:spacing w:before="{round(style.before * 20)}" w:after="{round(style.after * 20)}"'
        f' w:line="{round(style.line * 20)}" w:lineRule="exact"/>'
        + (f"<w:ind{indent}/>" if indent else "")
        + f'<w:jc w:val="{style.align}"/>'
        + ("" if style.outline is None else f'<w:outlineLvl w:val="{style.outline}"/>')
        + f"</w:pPr><w:rPr>{fonts}"
        + ("<w:b/>" if style.bold else "")
        + f'<w:color w:val="{style.colour}"/>'
        + (f'<w:spacing w:val="{round(style.tracking * 20)}"/>' if style.tracking else "")
        + f'<w:sz w:val="{round(style.size * 2)}"/>'
        f'<w:szCs w:val="{round(style.size * 2)}"/></w:rPr></w:style>'
    )


def paragraph(style: Style, text: str) -> str:
    """A paragraph in one run, so that a tag in it stays whole."""
    return (
        f"<w:p><w:pPr><w:pStyle w:val={quoteattr(style.name)}/></w:pPr>"
        f'<w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p>'
    )


@dataclass(frozen=True, slots=True)
class WordCell:
    """A table cell; `shade` is a colour."""

    style: Style
    text: str
    shade: str | None = None


@dataclass(frozen=True, slots=True)
class WordRow:
    """A table row, never broken over pages; a header row is repeated on each."""

    cells: Sequence[WordCell]
    is_header: bool = False


@dataclass(frozen=True, slots=True)
class TableStyle:
    """Lines and inner margins of a table: a colour, and millimetres."""

    line: str = "000000"
    beside: float = 0.6
    above: float = 0
    upright: bool = True


def table(widths: Sequence[float], rows: Sequence[WordRow], style: TableStyle) -> str:
    """A table over the full width of the text; `widths` of the columns in millimetres."""
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    kinds = ("single", "single" if style.upright else "nil")  # of a level line, of an upright one
    borders = "".join(
        f'<w:{side} w:val="{kind}" w:sz="4" w:space="0" w:color="{style.line}"/>'
        for side, kind in zip(sides, cycle(kinds))
    )
    inner = {"top": style.above, "left": style.beside, "bottom": style.above, "right": style.beside}
    margins = "".join(f'<w:{side} w:w="{_twips(size)}" w:type="dxa"/>' for side, size in inner.items())
    grid = "".join(f'<w:gridCol w:w="{_twips(width)}"/>' for width in widths)
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="5000" w:type="pct"/><w:jc w:val="center"/>'
        f"<w:tblBorders>{borders}</w:tblBorders><w:tblCellMar>{margins}</w:tblCellMar></w:tblPr>"
        f"<w:tblGrid>{grid}</w:tblGrid>{''.join(_row(row, widths) for row in rows)}</w:tbl>"
    )


def _row(row: WordRow, widths: Sequence[float]) -> str:
    header = "<w:tblHeader/>" if row.is_header else ""
    cells = "".join(_cell(cell, width) for cell, width in zip(row.cells, widths, strict=True))
    return f"<w:tr><w:trPr><w:cantSplit/>{header}</w:trPr>{cells}</w:tr>"


def _cell(cell: WordCell, width: float) -> str:
    shade = f'<w:shd w:val="clear" w:color="auto" w:fill="{cell.shade}"/>' if cell.shade else ""
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{_twips(width)}" w:type="dxa"/>{shade}<w:vAlign w:val="center"/>'
        f"</w:tcPr>{paragraph(cell.style, cell.text)}</w:tc>"
    )
