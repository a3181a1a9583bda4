"""Whether openpyxl would lose something of a manager's workbook that people put there and would miss.

What may go: stored values of formulas (any program computes them again), printer settings, the chain
of calculation. Everything else that openpyxl does not know keeps the original untouched.
"""

from __future__ import annotations

import re

from appraisal.xlsx.container import unpack
from appraisal.xlsx.grid import range_bounds
from appraisal.xlsx.limits import LIMITS, Refused
from appraisal.xlsx.markup import parse
from appraisal.xlsx.package import MAIN

_KEPT_PARTS = re.compile(
    r"\[content_types\]\.xml|_rels/\.rels|docprops/.*|customxml/.*"
    r"|xl/(workbook|sharedstrings|styles|calcchain)\.xml|xl/_rels/workbook\.xml\.rels|xl/theme/.*"
    r"|xl/worksheets/[^/]+\.xml|xl/worksheets/_rels/.*|xl/printersettings/.*"
    r"|xl/comments/?[^/]*\.xml|xl/drawings/[^/]*\.vml|xl/tables/[^/]+\.xml",
    re.IGNORECASE,
)
"""No pictures, charts, shapes, controls, sparklines' caches, threaded comments, pivots, cell images."""

_LOST_ELEMENTS = frozenset(
    f"{MAIN} {name}" for name in ("ext", "oleObjects", "controls", "drawing", "picture", "legacyDrawingHF")
)
"""`ext` holds sparklines, new data bars and drop-downs over other sheets."""
_EXCEL = "urn:schemas-microsoft-com:office:excel"
_CELL, _HYPERLINK, _MERGE, _VALUE, _INLINE = (
    f"{MAIN} {name}" for name in ("c", "hyperlink", "mergeCell", "v", "is")
)
_MOST_MERGED = 50_000
"""openpyxl makes a cell for every place below a merge: one over the whole sheet takes all memory there is."""


def would_lose(data: bytes) -> bool:
    """Whether the workbook in these bytes holds something that does not survive openpyxl."""
    try:
        parts = unpack(data, LIMITS)
        return any(_part_loses(name, part) for name, part in parts.items())
    except Refused:
        return True


def _part_loses(name: str, part: bytes) -> bool:
    if not _KEPT_PARTS.fullmatch(name):
        return True
    lowered = name.lower()
    if lowered.startswith("xl/worksheets/") and lowered.endswith(".xml"):
        return _sheet_loses(name, part)
    if lowered.endswith(".vml"):
        return _drawing_loses(name, part)
    return False


def _sheet_loses(name: str, part: bytes) -> bool:
    """Also where a link covers more than a cell, or an empty one: openpyxl puts its address in as text.

    And where so much is merged that openpyxl would not come to an end.
    """
    lost: list[str] = []
    filled: set[str] = set()
    at, merged = "", 0

    def start(element: str, attributes: dict[str, str]) -> None:
        nonlocal at, merged
        if element == _CELL:
            at = attributes.get("r", "")
            if "cm" in attributes or "vm" in attributes:
                lost.append(element)
        elif element in (_VALUE, _INLINE):
            filled.add(at)
        elif element in _LOST_ELEMENTS or (element == _HYPERLINK and attributes.get("ref") not in filled):
            lost.append(element)
        elif element == _MERGE:
            merged += _places(attributes.get("ref", ""))

    parse(name, part, start=start)
    return bool(lost) or merged > _MOST_MERGED


def _places(area: str) -> int:
    """How many cells a merge covers."""
    bounds = range_bounds(area)
    if bounds is None:
        return 0
    top, left, bottom, right = bounds
    return (bottom - top + 1) * (right - left + 1)


def _drawing_loses(name: str, part: bytes) -> bool:
    """Whether there is more in it than notes on cells: buttons, check boxes, pictures in headers."""
    others: list[str] = []

    def start(element: str, attributes: dict[str, str]) -> None:
        is_control = element == f"{_EXCEL} ClientData" and attributes.get("ObjectType") != "Note"
        if is_control or element.endswith(" imagedata"):
            others.append(element)

    parse(name, part, start=start)
    return bool(others)
