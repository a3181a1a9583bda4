"""草稿 · 未下发: the mark that every paper of a month bears until HR has issued it.

It is put onto a paper whatever its template says: a template of HR's own cannot leave it out. Workbooks get it from
`excel.book`, on every sheet and above every printed page.
"""

from __future__ import annotations

import io
import re
import zipfile
from functools import lru_cache
from xml.sax.saxutils import escape

from appraisal.publish.excel import theme

DRAFT = "草稿 · 未下发"

OPEN_DATE = "　　　　年　　月　　日"
"""Where a paper bears its date of issue."""


def marked_page(page: str, *, is_draft: bool) -> str:
    """The HTML page, a draft's with the mark above all it says."""
    if not is_draft:
        return page
    style = (
        f"margin:0;padding:.5em;text-align:center;font:bold 1.1rem {theme.HTML_FONTS};"
        f"color:#{theme.WHITE};background:#{theme.WRONG};print-color-adjust:exact"
    )
    mark = f'<p class="draft" style="{escape(style, {chr(34): "&quot;"})}">{DRAFT}</p>'
    body = _BODY.search(page)
    position = body.end() if body else 0
    return f"{page[:position]}\n{mark}{page[position:]}"


def marked_template(content: bytes, *, is_draft: bool) -> bytes:
    """The Word template, a draft's with the mark in the head of every page and as a watermark behind the text."""
    return _with_mark(content) if is_draft else content


@lru_cache(maxsize=8)
def _with_mark(content: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    for name in [header for header in parts if re.fullmatch(r"word/header\d*\.xml", header)]:
        parts[name] = _HEADER_ROOT.sub(rf"\g<0>{_mark(name)}", parts[name].decode(), count=1).encode()
    types = relations = ""
    for kind in _KINDS:
        file = f"header_draft_{kind}.xml"
        parts[f"word/{file}"] = f"{_XML}<w:hdr {_W}>{_mark(kind)}</w:hdr>".encode()
        types += f'<Override PartName="/word/{file}" ContentType="{_HEADER_TYPE}"/>'
        relations += (
            f'<Relationship Id="rIdDraft_{kind}" Type="{_RELATIONSHIPS_NAMESPACE}/header" Target="{file}"/>'
        )
    parts[_TYPES] = _before(parts[_TYPES], "</Types>", types)
    parts[_RELATIONS] = _before(parts.get(_RELATIONS, _NO_RELATIONS), "</Relationships>", relations)
    body = parts[_DOCUMENT]
    if not _SECTION.search(body.decode()):  # it is what heads of pages belong to
        body = _before(body, "</w:body>", "<w:sectPr/>")
    parts[_DOCUMENT] = _SECTION.sub(_with_headers, body.decode()).encode()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as package:
        for name, part in parts.items():
            package.writestr(name, part)
    return packed.getvalue()


_BODY = re.compile(r"<body\b[^>]*>", re.IGNORECASE)

_KINDS = ("default", "even", "first")
"""Of the heads of pages."""

_DOCUMENT = "word/document.xml"
_RELATIONS = "word/_rels/document.xml.rels"
_NO_RELATIONS = (
    b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>'
)
_TYPES = "[Content_Types].xml"
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_RELATIONSHIPS_NAMESPACE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_HEADER_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.header+xml"
_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_HEADER_ROOT = re.compile(r"<w:hdr\b[^>]*>")
_SECTION = re.compile(r"<w:sectPr\b[^>]*?(?:/>|>(?P<inside>.*?)</w:sectPr>)", re.DOTALL)
_KIND = re.compile(r'<w:headerReference\b[^>]*w:type="(\w+)"')
_MARGINS = re.compile(r"<w:pgMar\b[^>]*>")
_SIZE = {side: re.compile(rf'\bw:{side}="(-?\d+)"') for side in ("top", "header")}


def _before(part: bytes, end: str, added: str) -> bytes:
    return part.decode().replace(end, f"{added}{end}", 1).encode()


def _with_headers(section: re.Match[str]) -> str:
    """The section with a head of every kind that it has not got, close enough to the edge to move no text."""
    inside = section["inside"] or ""
    there = set(_KIND.findall(inside))
    references = "".join(
        f'<w:headerReference xmlns:r="{_RELATIONSHIPS_NAMESPACE}" w:type="{kind}" r:id="rIdDraft_{kind}"/>'
        for kind in _KINDS
        if kind not in there
    )
    return f"<w:sectPr>{references}{_MARGINS.sub(_with_room, inside)}</w:sectPr>"


def _with_room(margins: re.Match[str]) -> str:
    sizes = {side: int(found[1]) for side, pattern in _SIZE.items() if (found := pattern.search(margins[0]))}
    if len(sizes) < len(_SIZE):
        return margins[0]
    return _SIZE["header"].sub(f'w:header="{min(sizes["header"], abs(sizes["top"]) // 3)}"', margins[0])


def _mark(name: str) -> str:
    """A line of 9 points, and the watermark, which Word, WPS and LibreOffice draw as WordArt."""
    identity = f"draft_{re.sub(r'[^a-z0-9]', '_', name)}"
    place = (
        "position:absolute;margin-left:0;margin-top:0;width:420pt;height:84pt;rotation:315;z-index:-251658752;"
        "mso-position-horizontal:center;mso-position-horizontal-relative:margin;"
        "mso-position-vertical:center;mso-position-vertical-relative:margin"
    )
    shape = (
        f'<w:pict xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office">'
        '<v:shapetype id="_x0000_t136" coordsize="21600,21600" o:spt="136" adj="10800"'
        ' path="m@7,l@8,m@5,21600l@6,21600e"><v:path textpathok="t"/><v:textpath on="t" fitshape="t"/></v:shapetype>'
        f'<v:shape id="{identity}" o:spid="{identity}" type="#_x0000_t136" style="{place}" o:allowincell="f"'
        f' fillcolor="#{theme.GREY_LIGHT}" stroked="f">'
        f'<v:textpath style="font-family:&quot;SimHei&quot;;font-size:1pt" string="{DRAFT}"/></v:shape></w:pict>'
    )
    return (
        f'<w:p {_W}><w:pPr><w:spacing w:before="0" w:after="0" w:line="180" w:lineRule="exact"/><w:jc w:val="center"/>'
        '</w:pPr><w:r><w:rPr><w:rFonts w:hint="eastAsia" w:eastAsia="SimHei"/><w:b/>'
        f'<w:color w:val="{theme.WRONG}"/><w:sz w:val="18"/></w:rPr><w:t>{DRAFT}</w:t></w:r>'
        f"<w:r>{shape}</w:r></w:p>"
    )
