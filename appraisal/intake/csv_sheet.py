"""A text table (CSV) as a sheet; every value is text, so `007` keeps its zeros."""

from __future__ import annotations

import codecs
import csv
import io

from appraisal.intake.grid import RawCell, RawSheet

_SEPARATORS = "\t;,"


class NotText(ValueError):  # noqa: N818 - what the bytes are, not what went wrong
    """The bytes are no text in UTF-8, UTF-16 or GB18030, or no table."""


def sheet_of_csv(content: bytes, name: str) -> RawSheet:
    """The file as a sheet called `name`. Raises NotText."""
    try:
        text = _decoded(content)
        if "\0" in text:
            raise NotText
        separator = max(_SEPARATORS, key=text[:20_000].count)
        lines = list(csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=separator))
    except (UnicodeDecodeError, csv.Error):
        raise NotText from None
    return RawSheet(
        name,
        {
            (row, column): RawCell(value)
            for row, line in enumerate(lines, 1)
            for column, value in enumerate(line, 1)
            if value.strip()
        },
    )


def _decoded(content: bytes) -> str:
    """UTF-8 with or without its mark, else GB18030, as Chinese Excel and most shop software save.

    UTF-16 with its mark is what Excel's “Unicode 文本” is saved in.
    """
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("gb18030")
