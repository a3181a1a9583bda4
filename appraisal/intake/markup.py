"""XML of a stranger, read by expat and by nothing else.

Every part goes through here. Document type definitions are refused (no entities, so no billion
laughs and nothing fetched), and encodings other than UTF-8, UTF-16 and ASCII, in which the same
bytes read differently in different programs. A part is handed over whole: expat before 2.6 takes
quadratic time for one long token that comes in small pieces (CVE-2023-52425).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NoReturn
from xml.parsers import expat

from appraisal.intake.refusal import refused

_ENCODINGS = frozenset({None, "utf-8", "utf8", "utf-16", "us-ascii", "ascii"})

Start = Callable[[str, dict[str, str]], None]
"""Called with an element's name (`namespace local`, one space between) and its attributes."""
End = Callable[[str], None]
Text = Callable[[str], None]


def parse(part: str, data: bytes, *, start: Start, end: End | None = None, text: Text | None = None) -> None:
    """Tell the handlers of every element of the part `part`.

    Raises `Refused` where the part is not well-formed or not safe, and whatever a handler raises.
    """

    def doctype(*_: object) -> NoReturn:
        raise refused("workbook.unsafe_xml")

    def declaration(_version: str, encoding: str | None, _standalone: int) -> None:
        if encoding is not None and encoding.lower() not in _ENCODINGS:
            raise refused("workbook.corrupt", detail=f"{part} 的编码是 {encoding}")

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
        detail = f"{part} 第 {error.lineno} 行不是合格的 XML"
        raise refused("workbook.corrupt", detail=detail) from error
