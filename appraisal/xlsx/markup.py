"""XML of a stranger, read by expat and by nothing else.

Every part goes through here. Document type definitions are refused (no entities, so no billion
laughs and nothing fetched), and encodings other than UTF-8, UTF-16 and ASCII, in which the same
bytes read differently in different programs. A part is handed over whole: expat before 2.6 takes
quadratic time for one long token that comes in small pieces (CVE-2023-52425).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NoReturn
from xml.parsers import expat

from appraisal.xlsx.limits import refused

_LONGEST_TAG = 1 << 20
"""Bytes between `<` and `>`: sixty thousand validated cells, each named in one attribute, are half of it."""
_LONG_TAG = re.compile(rb"<[^>]{%d}" % _LONGEST_TAG)
DEEPEST = 100
"""Elements inside each other; honest sheets have a dozen."""
_ENCODINGS = frozenset({None, "utf-8", "utf8", "utf-16", "us-ascii", "ascii"})

Start = Callable[[str, dict[str, str]], None]
"""Called with an element's name (`namespace local`, one space between) and its attributes."""
End = Callable[[str], None]
Text = Callable[[str], None]


def parse(
    part: str,
    data: bytes,
    *,
    start: Start,
    end: End | None = None,
    text: Text | None = None,
    sheet: str | None = None,
) -> None:
    """Tell the handlers of every element of the part `part`, which people know as `sheet` if it is one.

    Raises `Refused` where the part is not well-formed or not safe, and whatever a handler raises.
    """

    where = f"工作表“{sheet}”" if sheet else f"内部文件 {part} "

    def doctype(*_: object) -> NoReturn:
        raise refused("workbook.unsafe_xml")

    def declaration(_version: str, encoding: str | None, _standalone: int) -> None:
        if encoding is not None and encoding.lower() not in _ENCODINGS:
            raise refused("workbook.corrupt", sheet=sheet, detail=f"{where}的编码是 {encoding}")

    if len(data) > _LONGEST_TAG and _LONG_TAG.search(data):
        raise refused("workbook.corrupt", sheet=sheet, detail=f"{where}里有长得不正常的标记")
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = doctype
    parser.XmlDeclHandler = declaration
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise refused("workbook.corrupt", sheet=sheet, detail=f"{where}的内容残缺或错乱") from error
