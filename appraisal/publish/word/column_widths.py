"""Widths of a table whose columns come from a list: each as wide as its texts ask for, together as wide as before."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import zip_longest

from appraisal.publish.excel.theme import text_width

_ROW = re.compile(r"<w:tr\b.*?</w:tr>", re.DOTALL)
_CELL = re.compile(r"<w:tc>.*?</w:tc>", re.DOTALL)
_CELL_WIDTH = re.compile(r"<w:tcW\b[^>]*/>")
_COLUMN_WIDTH = re.compile(r'<w:gridCol\b[^>]*\bw:w="([0-9.]+)"[^>]*/>')
_GRID = re.compile(r"<w:tblGrid\b.*?</w:tblGrid>", re.DOTALL)
_MARKUP = re.compile(r"<[^>]+>")

_NARROWEST, _WIDEST, _MARGIN = 6, 36, 2
"""What counts of the longest text of a column, in characters, and the room beside it."""


def fitted(table: str, grid: str) -> str:
    """The table's XML with `grid` for its columns, their widths by their texts; as it is where cells are joined."""
    rows = [_CELL.findall(row) for row in _ROW.findall(table)]
    columns = len(_COLUMN_WIDTH.findall(grid))
    if "w:gridSpan" in table or not rows or any(len(row) != columns for row in rows):
        return _GRID.sub(lambda _: grid, table)
    longest = [
        min(max(text_width(_MARKUP.sub("", cell)) for cell in column), _WIDEST)
        for column in zip_longest(*rows, fillvalue="")
    ]
    asked = [max(one, _NARROWEST) + _MARGIN for one in longest]
    whole = sum(float(width) for width in _COLUMN_WIDTH.findall(grid))
    widths = [round(whole * one / sum(asked)) for one in asked]
    columns_xml = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    table = _GRID.sub(lambda _: f"<w:tblGrid>{columns_xml}</w:tblGrid>", table)
    return _ROW.sub(lambda row: _with_widths(row[0], iter(widths)), table)


def _with_widths(row: str, widths: Iterator[int]) -> str:
    return _CELL_WIDTH.sub(lambda _: f'<w:tcW w:w="{next(widths)}" w:type="dxa"/>', row)
