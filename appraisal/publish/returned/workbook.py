"""A returned workbook: the manager's own, with its wrong cells marked and the list of them in front.

Where openpyxl would lose something that people put there and would miss, the original stays untouched.
What may go: stored values of formulas (any program computes them again), printer settings, the chain of
calculation.

The one module of the outgoing papers that opens a dropped file, and the one that needs openpyxl, which
takes as long to load as all that reading needs: it is imported only where a workbook is marked."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Callable, Sequence
from datetime import date

from openpyxl import Workbook, load_workbook

from appraisal.findings.finding import Finding
from appraisal.publish.excel.package import normalised
from appraisal.publish.returned.marks import add_list, copy_style, is_marked, mark_findings, remove_marks
from appraisal.publish.returned.page import in_order_of_repair
from appraisal.xlsx.container import LIMITS, Refused, parse_part, unpack
from appraisal.xlsx.grid import range_bounds
from appraisal.xlsx.package import MAIN

_CREATED = date(2020, 1, 1)
"""Core properties must not tell when a file was returned, or two equal returns would differ."""


def returned_workbook(data: bytes, findings: Sequence[Finding]) -> bytes | None:
    """The manager's own workbook with every wrong cell coloured and commented, a list in front.

    Marks of an earlier return are taken off first; all else stays as it was, except that stored
    values of formulas go (they are computed anew on opening). None where openpyxl would lose something
    that people put there, or cannot open the file: then the original stays as it is, and the page tells
    all. Call it in the sandbox: it opens a dropped file.
    """
    book = _opened(data)
    if book is None:
        return None
    remove_marks(book)
    ordered = in_order_of_repair(findings)
    mark_findings(book, ordered)
    add_list(book, ordered)
    return _saved(book)


def without_marks(data: bytes) -> bytes | None:
    """The workbook as before it was returned; None where it was not, or cannot be opened without a loss.

    Call it in the sandbox: it opens a dropped file.
    """
    book = _opened(data)
    if book is None or not is_marked(book):
        return None
    remove_marks(book)
    return _saved(book)


def _opened(data: bytes) -> Workbook | None:
    if _would_lose(data):
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # it warns of what it drops, a date beyond its calendar too
            warnings.filterwarnings("ignore", "Workbook contains no default style")
            book = load_workbook(io.BytesIO(_texts_shielded(data)), rich_text=True)
    except Exception:  # noqa: BLE001 - whatever openpyxl stumbles over, the original stays as it is
        return None
    _complete_merged_cells(book)
    return book


def _saved(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return normalised(_with_fonts_in_order(out.getvalue()), created=_CREATED)


def _complete_merged_cells(book: Workbook) -> None:
    """Gives merged cells the look of the one that shows; openpyxl drops it, with it whether they are locked."""
    for sheet in book.worksheets:
        for area in sheet.merged_cells.ranges:
            first = sheet.cell(area.min_row, area.min_col)
            for row, column in list(area.cells)[1:]:
                copy_style(first, sheet.cell(row, column), *_STYLE_PARTS)


_STYLE_PARTS = ("font", "fill", "border", "alignment", "number_format", "protection")


# ------------------------------------------------------------ what would not survive openpyxl

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


def _would_lose(data: bytes) -> bool:
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
    address, merged = "", 0

    def start(element: str, attributes: dict[str, str]) -> None:
        nonlocal address, merged
        if element == _CELL:
            address = attributes.get("r", "")
            if "cm" in attributes or "vm" in attributes:
                lost.append(element)
        elif element in (_VALUE, _INLINE):
            filled.add(address)
        elif element in _LOST_ELEMENTS or (element == _HYPERLINK and attributes.get("ref") not in filled):
            lost.append(element)
        elif element == _MERGE:
            merged += _places(attributes.get("ref", ""))

    parse_part(name, part, start=start)
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

    parse_part(name, part, start=start)
    return bool(others)


# ----------------------------------------------- what openpyxl does to escaped texts and to fonts

_TEXTS = re.compile(r"xl/(sharedstrings|worksheets/[^/]+)\.xml", re.IGNORECASE)
_TEXT = re.compile(rb"<((?:\w+:)?(?:si|is))>.*?</\1>", re.DOTALL)
_ESCAPED_LINE, _SHIELDED_LINE = b"x005F_", b"xx005F_005F_"

_STYLES = re.compile(r"xl/styles\.xml", re.IGNORECASE)
_FONT = re.compile(rb"<font>(.*?)</font>", re.DOTALL)
_PART_OF_FONT = re.compile(rb"<(\w+)(?:\s[^>]*)?/>")
_FONT_ORDER = tuple(
    b"b i strike condense extend outline shadow u vertAlign sz color name family charset scheme".split()
)
"""As ISO/IEC 29500 lists them; Excel itself takes any order, stricter readers only this one."""


def _texts_shielded(workbook: bytes) -> bytes:
    """The workbook with its escaped texts so written that openpyxl keeps the escape.

    It removes `x005F_` on reading and does not put it back on writing, so that a text `_x0041_` would
    come back as A. What it removes is therefore written twice, one in the other.
    """

    def shielded(part: bytes) -> bytes:
        return _TEXT.sub(lambda text: text[0].replace(_ESCAPED_LINE, _SHIELDED_LINE), part)

    return _with_parts(workbook, _TEXTS, _ESCAPED_LINE, shielded)


def _with_fonts_in_order(workbook: bytes) -> bytes:
    """The workbook as openpyxl wrote it, what makes up each font in the standard's order."""

    def ordered(part: bytes) -> bytes:
        return _FONT.sub(lambda font: b"<font>" + _in_order(font[1]) + b"</font>", part)

    return _with_parts(workbook, _STYLES, b"<font>", ordered)


def _in_order(font: bytes) -> bytes:
    parts = sorted(_PART_OF_FONT.finditer(font), key=lambda part: _FONT_ORDER.index(part[1]))
    return b"".join(part[0] for part in parts)


def _with_parts(
    workbook: bytes, names: re.Pattern[str], holding: bytes, changed: Callable[[bytes], bytes]
) -> bytes:
    """The package with some of its parts changed; as it is where none of them holds what it is about."""
    with zipfile.ZipFile(io.BytesIO(workbook)) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    chosen = {name: part for name, part in parts.items() if names.fullmatch(name) and holding in part}
    if not chosen:
        return workbook
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as target:
        for name, part in parts.items():
            target.writestr(name, changed(part) if name in chosen else part)
    return out.getvalue()
