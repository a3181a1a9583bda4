"""A text document as data: headings, paragraphs, lists, tables and signatures, and the same as Markdown.

The blocks are what a scheme in words and the grammar page consist of; other papers can be made
from them. The Markdown is padded, so that it reads well in a terminal too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from appraisal.text import terminal_width


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 1 is the title."""

    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    text: str


@dataclass(frozen=True, slots=True)
class Bullets:
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TableBlock:
    """A table with one header row; every row is as long as the header. In one `to_sign` people write by hand."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    to_sign: bool = False


@dataclass(frozen=True, slots=True)
class Signatures:
    """Who signs, side by side, and the day."""

    roles: tuple[str, ...]


Block = Heading | Paragraph | Bullets | TableBlock | Signatures


def as_markdown(blocks: Iterable[Block]) -> str:
    """The document as Markdown text, one blank line between blocks, ending in a line break."""
    return "\n\n".join(_markdown(block) for block in blocks) + "\n"


def _markdown(block: Block) -> str:
    match block:
        case Heading(level, text):
            return f"{'#' * level} {text}"
        case Paragraph(text):
            return text
        case Bullets(items):
            return "\n".join(f"- {item}" for item in items)
        case TableBlock(header, rows):
            return _table(header, rows)
        case Signatures(roles):
            return "　".join([*(f"{role}：＿＿＿＿＿＿" for role in roles), "日期：＿＿＿＿年＿＿月＿＿日"])


def _table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [[cell.replace("|", "\\|").replace("\n", " ") for cell in row] for row in (header, *rows)]
    widths = [max(3, *map(terminal_width, column)) for column in zip(*lines, strict=True)]
    lines.insert(1, ["-" * width for width in widths])
    return "\n".join(
        "| "
        + " | ".join(
            cell + " " * (width - terminal_width(cell)) for cell, width in zip(row, widths, strict=True)
        )
        + " |"
        for row in lines
    )
