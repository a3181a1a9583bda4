"""A text of blocks as a Word document to print and sign: A4, headings, tables, page numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise

from appraisal.publish.excel import theme
from appraisal.publish.word.document import (
    Page,
    Style,
    TableStyle,
    WordCell,
    WordRow,
    document,
    paragraph,
    table,
)
from appraisal.scheme.describe.document import Block, Bullets, Heading, Paragraph, Signatures, TableBlock
from appraisal.scheme.describe.explain import scheme_document
from appraisal.scheme.model.scheme import Scheme


def _style(name: str, size: float, line: float, **rest: object) -> Style:
    settings = {"align": "left", "latin": theme.SHEET_FONT, "colour": theme.INK, **rest}
    return Style(f"方案 {name}", theme.SHEET_FONT, size, line, **settings)  # type: ignore[arg-type]


def _heading(level: int, name: str, size: float, line: float, **rest: object) -> Style:
    return _style(name, size, line, bold=True, keep_next=level > 0, outline=level, **rest)


_TITLE = _heading(0, "标题", 18, 28, align="center", colour=theme.ACCENT, after=6)
_CHAPTER = _heading(1, "一级标题", 13, 20, colour=theme.ACCENT, before=12, after=4)
_HEADING = _heading(2, "二级标题", 10.5, 17, before=8, after=2)
_BODY = _style("正文", 10, 17, after=3)
_LEAD = _style("引出", 10, 17, after=3, keep_next=True)
_ITEM = _style("条目", 10, 17, hanging=1.5)
_KEPT_ITEM = _style("条目 与下表同页", 10, 17, hanging=1.5, keep_next=True)
_HEAD = _style("表头", 9, 15, align="center", bold=True)
_TEXT = _style("表格", 9, 15)
_CENTRED = _style("表格居中", 9, 15, align="center")
_TO_SIGN = _style("表格 签名", 9, 24, align="center")
_SIGNER = _style("签署人", 9, 15, align="center", bold=True, keep_next=True)
_SIGNED = _style("签署", 10, 34, keep_next=True)
_GAP = _style("间隔", 3, 4)
_KEPT_GAP = _style("间隔 与下表同页", 3, 4, keep_next=True)
_NUMBER = _style("页码", 9, 14)
_STYLES = (
    _TITLE, _CHAPTER, _HEADING, _BODY, _LEAD, _ITEM, _KEPT_ITEM, _HEAD, _TEXT, _CENTRED, _TO_SIGN, _SIGNER, _SIGNED, _GAP,
    _KEPT_GAP, _NUMBER,
)  # fmt: skip
_PAGE = Page(top=22, right=20, bottom=20, left=20, footer=10)
_WIDTH = 170.0
"""Millimetres between the margins."""

_GRID = TableStyle(line=theme.GREY, beside=1.2, above=0.3)
_HEADINGS = {1: _TITLE, 2: _CHAPTER, 3: _HEADING}
_CENTRED_UP_TO = 16
_NARROWEST, _WIDEST, _BY_HAND, _LONGEST_NAME = 8.0, 60.0, 12.0, 14.0
"""Widths of a column in characters, before the columns share the page; where people sign an id stands on one line."""


def scheme_as_word(scheme: Scheme) -> bytes:
    """The document that `rules explain` prints, as a Word file; the same scheme gives the same bytes."""
    return blocks_as_word(scheme_document(scheme), created=scheme.effective_from)


def blocks_as_word(blocks: Sequence[Block], *, created: date) -> bytes:
    """Any text of blocks, to be printed and signed; the same text gives the same bytes."""
    body = [part for block, following in pairwise((*blocks, None)) for part in _parts(block, following)]
    return document(body, _STYLES, _PAGE, created=created, number=_NUMBER)


def _parts(block: Block | None, following: Block | None) -> Iterator[str]:
    match block:
        case Heading(level, text):
            yield paragraph(_HEADINGS[level], text)
        case Paragraph(text):
            yield paragraph(_LEAD if isinstance(following, Bullets | TableBlock) else _BODY, text)
        case Bullets(items):
            style = _KEPT_ITEM if isinstance(following, TableBlock) else _ITEM
            yield from (paragraph(style, f"•　{item}") for item in items)
            yield paragraph(_KEPT_GAP if isinstance(following, TableBlock) else _GAP, "")
        case TableBlock():
            yield _table(block)
            yield paragraph(_GAP, "")
        case Signatures(roles):
            yield _signatures(roles)
            yield paragraph(_GAP, "")


def _table(block: TableBlock) -> str:
    columns = list(zip(block.header, *block.rows, strict=True))
    longest = [max(theme.text_width(text) for text in column) for column in columns]
    wanted = [min(max(width, _NARROWEST), _WIDEST) for width in longest]
    styles = [_CENTRED if width <= _CENTRED_UP_TO else _TEXT for width in longest]
    if block.to_sign:
        wanted = [
            1.3 * min(width, _LONGEST_NAME) + 3 if any(column[1:]) else _BY_HAND
            for width, column in zip(longest, columns, strict=True)
        ]
        styles = [_TO_SIGN] * len(columns)
    header = WordRow([WordCell(_HEAD, text, theme.GREY_LIGHT) for text in block.header], is_header=True)
    rows = [
        WordRow([WordCell(style, text) for style, text in zip(styles, row, strict=True)])
        for row in block.rows
    ]
    return table([_WIDTH * width / sum(wanted) for width in wanted], [header, *rows], _GRID)


def _signatures(roles: Sequence[str]) -> str:
    """A box for each, wide enough for a signature and the day below it."""
    names = WordRow([WordCell(_SIGNER, role, theme.GREY_LIGHT) for role in roles])
    signed = WordRow([WordCell(_SIGNED, "签字：") for _ in roles])
    dated = WordRow([WordCell(_SIGNED, "日期：") for _ in roles])
    return table([_WIDTH / len(roles)] * len(roles), [names, signed, dated], _GRID)
