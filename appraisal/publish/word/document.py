"""A Word file around a body: the package's parts, page, page numbers, fonts and style list."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from xml.sax.saxutils import quoteattr

from appraisal.publish.word.layout import FONT_NAMES, LATIN, Style, style_xml, twips

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
    body: Sequence[str], styles: Sequence[Style], page: Page, *, number: Style | None = None
) -> bytes:
    """The Word file. With a style for them, page numbers `-1-` stand right on odd pages, left on even."""
    sides = {} if number is None else {"default": "right", "even": "left"}
    footers = {kind: (f"footer{at}.xml", f"rId{at + 10}") for at, kind in enumerate(sides, 1)}
    parts = {
        "[Content_Types].xml": _content_types([file for file, _ in footers.values()]),
        "_rels/.rels": _relationships([("rId1", "officeDocument", "word/document.xml"), ("rId2", *_CORE)]),
        "docProps/core.xml": _EMPTY_CORE,
        "word/document.xml": _document_xml(body, page, {kind: one for kind, (_, one) in footers.items()}),
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
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as package:
        for name, part in parts.items():
            package.writestr(name, part)
    return packed.getvalue()


_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_CORE = (f"{_PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml")
_EMPTY_CORE = f'{_XML}<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties"/>'


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
        f'<Relationship Id="{identity}" Type="{kind if ":" in kind else f"{_OFFICE}/{kind}"}" Target="{target}"/>'
        for identity, kind, target in relations
    )
    return f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">{entries}</Relationships>'


def _document_xml(body: Sequence[str], page: Page, footers: Mapping[str, str]) -> str:
    references = "".join(
        f'<w:footerReference w:type="{kind}" r:id="{one}"/>' for kind, one in footers.items()
    )
    edges = " ".join(
        f'w:{side}="{twips(size)}"'
        for side, size in (
            ("top", page.top),
            ("right", page.right),
            ("bottom", page.bottom),
            ("left", page.left),
            ("header", page.footer),
            ("footer", page.footer),
            ("gutter", 0),
        )
    )
    return (
        f"{_XML}<w:document {_W} {_R}><w:body>{''.join(body)}<w:sectPr>{references}"
        f'<w:pgSz w:w="{twips(210)}" w:h="{twips(297)}"/><w:pgMar {edges}/></w:sectPr></w:body></w:document>'
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
        f"</w:tblPr></w:style>{''.join(style_xml(style) for style in styles)}</w:styles>"
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
