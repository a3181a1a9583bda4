"""The few words of WordprocessingML that our templates are written in: styles, paragraphs, tables.

Elements stand in the order of the schema (ECMA-376 part 1, 17): Word refuses files that mix it up.
East Asian fonts are set in every style; without them Word falls back to the Latin font's stand-in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

LATIN = "Times New Roman"

FONT_NAMES = {
    "方正小标宋简体": "FZXiaoBiaoSong-B05S,STZhongsong,华文中宋,SimSun,宋体",
    "FangSong": "仿宋,仿宋_GB2312,STFangsong,华文仿宋",
    "SimHei": "黑体,STHeiti,华文黑体",
    "SimSun": "宋体,STSong,华文宋体",
    "Microsoft YaHei": "微软雅黑,PingFang SC,SimHei",
}
"""Fonts that styles may use, each with what Word takes instead where the machine has not got it."""


def twips(millimetres: float) -> int:
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


def style_xml(style: Style) -> str:
    fonts = (
        f'<w:rFonts w:hint="eastAsia" w:ascii="{style.latin}" w:eastAsia="{style.font}"'
        f' w:hAnsi="{style.latin}" w:cs="{style.latin}"/>'
    )
    rules = "".join(
        f'<w:{side} w:val="single" w:sz="8" w:space="4" w:color="{style.colour}"/>'
        for side, wanted in (("top", style.rule_above), ("bottom", style.rule_below))
        if wanted
    )
    indent = "".join(
        f' w:{kind}Chars="{round(100 * chars)}" w:{kind}="{round(chars * style.size * 20)}"'
        for kind, chars in (
            ("left", style.hanging),
            ("right", style.right),
            ("hanging", style.hanging),
            ("firstLine", style.first_line),
        )
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
    borders = "".join(
        f'<w:{side} w:val="{"single" if shown else "nil"}" w:sz="4" w:space="0" w:color="{style.line}"/>'
        for side, shown in (
            ("top", True),
            ("left", style.upright),
            ("bottom", True),
            ("right", style.upright),
            ("insideH", True),
            ("insideV", style.upright),
        )
    )
    margins = "".join(
        f'<w:{side} w:w="{twips(size)}" w:type="dxa"/>'
        for side, size in (
            ("top", style.above),
            ("left", style.beside),
            ("bottom", style.above),
            ("right", style.beside),
        )
    )
    grid = "".join(f'<w:gridCol w:w="{twips(width)}"/>' for width in widths)
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
        f'<w:tc><w:tcPr><w:tcW w:w="{twips(width)}" w:type="dxa"/>{shade}<w:vAlign w:val="center"/>'
        f"</w:tcPr>{paragraph(cell.style, cell.text)}</w:tc>"
    )
