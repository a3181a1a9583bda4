"""What one cell of the XML holds: its stored text, by its type and its style, as a value; and the shared texts.

Types are those of ECMA-376 part 1, 18.18.11.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time

from appraisal.errors import Signal
from appraisal.xlsx.container import DEEPEST, Limits, parse_part, refusal
from appraisal.xlsx.grid import CellProblem, RawCell, RawValue, TextStyle
from appraisal.xlsx.number_formats import Font, FontReader, Format, Meaning, moment
from appraisal.xlsx.package import MAIN

_ESCAPE = re.compile("_x([0-9A-Fa-f]{4})_")

_UNREADABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffd-\uffff]")

_LONGEST_EXTRACT = 60

_STRING, _TEXT, _RUN, _RUN_FONT = f"{MAIN} si", f"{MAIN} t", f"{MAIN} r", f"{MAIN} rPr"

Runs = Sequence[tuple[Font | None, str]]
"""The parts of a rich text, each with its font; None where that is the cell's."""


@dataclass(frozen=True, slots=True)
class SharedStrings:
    """The shared strings by index; of rich texts with fonts of their own also the runs."""

    texts: Sequence[str] = ()
    runs: Mapping[int, Runs] = field(default_factory=dict)


def read_strings(xml: bytes | None) -> SharedStrings:
    """Rich text joined, phonetic guides left out."""
    if xml is None:
        return SharedStrings()
    reader = _Strings()
    parse_part("sharedStrings.xml", xml, start=reader.start, end=reader.end, text=reader.pieces.append)
    return SharedStrings(tuple(reader.found), reader.runs)


def unescaped(text: str) -> str:
    """The text with `_x000D_` and the like resolved as Excel does (ECMA-376 part 1, 22.9.2.19)."""
    if "_x" not in text:
        return text
    plain = _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text)
    return plain.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")


def is_readable(text: str, limits: Limits) -> bool:
    """Whether a text can be taken as it is: no control marks, no broken characters, not too long."""
    return len(text) <= limits.text_length and not _UNREADABLE.search(text)


def extract(text: str) -> str:
    """The beginning of an unreadable text, safe to print."""
    shown = _UNREADABLE.sub("␣", text[:_LONGEST_EXTRACT])
    return shown if len(text) <= _LONGEST_EXTRACT else shown + "…"


class _Strings:
    def __init__(self) -> None:
        self.found: list[str] = []
        self.pieces: list[str] = []
        """The text since the last element was opened; expat fills it."""
        self.runs: dict[int, Runs] = {}
        self._string = ""
        self._parents: list[str] = [""]
        self._open_runs: list[tuple[Font | None, str]] = []
        self._font: FontReader | None = None

    def start(self, element: str, attributes: dict[str, str]) -> None:
        if element == _RUN:
            self._font = None
        elif element == _RUN_FONT:
            self._font = FontReader()
        elif self._font is not None and self._parents[-1] == _RUN_FONT:
            self._font.start(element, attributes)
        self._parents.append(element)
        if len(self._parents) > DEEPEST:
            raise refusal("workbook.corrupt", detail="文字内容套得太深")
        self.pieces.clear()

    def end(self, element: str) -> None:
        self._parents.pop()
        if element == _TEXT and self._parents[-1] in {_STRING, _RUN}:
            text = "".join(self.pieces)
            self._string += text
            if self._parents[-1] == _RUN:
                self._open_runs.append((self._font.font() if self._font else None, text))
        elif element == _STRING:
            if any(font is not None for font, _ in self._open_runs):
                self.runs[len(self.found)] = tuple(self._open_runs)
            self._open_runs.clear()
            self.found.append(self._string)
            self._string = ""


_WHOLE = re.compile("[-+]?[0-9]+")

_NUMBER = re.compile(r"[-+]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]+)?")

_DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")

_CLOCK = re.compile(r"[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?")

_TEXTS = frozenset({"s", "str", "inlineStr"})

_BOOLEANS = {"1": True, "true": True, "0": False, "false": False}


class DamagedCell(Signal):
    """The cell refers to what is not there; reading on could show another person's name."""


@dataclass(slots=True)
class StoredCell:
    """A cell as the XML has it, filled while its element is open."""

    kind: str
    style: str
    value: str | None = None
    """The text of `v`, None without one."""
    inline: str | None = None
    """The text of `is`, None without one."""
    formula: str | None = None
    """Its text, None where it has none, empty where the text stands at another cell."""
    runs: list[tuple[Font | None, str]] | None = None
    """Of a rich text in the cell itself."""
    is_rich_value: bool = False
    """Stands for something that is no number and no text, such as a placed picture."""


@dataclass(frozen=True, slots=True)
class SharedParts:
    """What the cells of one workbook refer to; formats go by the index as cells write it."""

    strings: SharedStrings
    formats: Mapping[str, Format]
    dates_from_1904: bool
    recalculates: bool
    """The writer left calculating to whoever opens the file."""
    limits: Limits


def read_cell(stored: StoredCell, book: SharedParts) -> RawCell | None:
    """The cell, or None if it holds nothing; raises `DamagedCell`."""
    shape = book.formats.get(stored.style)
    if shape is None:
        raise DamagedCell("的样式不存在")
    is_formula = stored.formula is not None
    if is_formula and _is_uncalculated(stored, book):
        return RawCell(None, shape.code, CellProblem.FORMULA_WITHOUT_VALUE, is_formula=True)
    is_inline = stored.kind == "inlineStr"
    text = stored.inline if is_inline else stored.value
    stray = stored.value if is_inline else stored.inline
    if stray:
        return RawCell(extract(stray), shape.code, CellProblem.UNREADABLE, is_formula)
    text_style = TextStyle.STRUCK if shape.font.is_struck else TextStyle.NORMAL
    if stored.kind == "s" and text:
        index = _index(text, book.strings.texts)
        text = book.strings.texts[index]
        if runs := book.strings.runs.get(index):
            text_style = _text_style_of(runs, shape.font)
    elif stored.runs:
        text_style = _text_style_of(stored.runs, shape.font)
    if not text:
        return RawCell("", shape.code, is_formula=True) if is_formula else None
    if (stored.formula or stored.is_rich_value or text[0] == "=") and _is_picture(text, stored):
        return RawCell(extract(text), shape.code, CellProblem.PICTURE, is_formula)
    if stored.kind == "e":
        return RawCell(extract(text), shape.code, CellProblem.ERROR_VALUE, is_formula)
    reader = _READERS.get(stored.kind)
    if reader is None:
        raise DamagedCell(f"的类型 {stored.kind} 不认识")
    value = reader(text, shape, book)
    if value is None:
        return RawCell(extract(text), shape.code, _problem(text, stored, shape, book), is_formula)
    return RawCell(
        value=value, number_format=shape.code, problem=None, is_formula=is_formula, text_style=text_style
    )


def _text_style_of(runs: Runs, own: Font) -> TextStyle:
    """What the fonts of a rich text's parts come to, blank parts left out."""
    fonts = [own if font is None else font for font, text in runs if text.strip()]
    if any(font.is_struck for font in fonts):
        return TextStyle.STRUCK if all(font.is_struck for font in fonts) else TextStyle.PARTLY_STRUCK
    if len({font.is_raised for font in fonts}) > 1:
        return TextStyle.PARTLY_RAISED
    return TextStyle.MIXED_SIZES if len({font.size or own.size for font in fonts}) > 1 else TextStyle.NORMAL


_PICTURE = re.compile(r"(?<![A-Za-z])(DISPIMG|IMAGE)\(", re.IGNORECASE)


def _is_picture(text: str, stored: StoredCell) -> bool:
    """A picture in the cell: of WPS (DISPIMG), of Excel's IMAGE, or placed by hand."""
    if stored.kind == "e" and stored.is_rich_value:
        return text == "#VALUE!"
    if stored.formula and _PICTURE.search(stored.formula):
        return True
    return stored.kind in _TEXTS and text.startswith("=") and _PICTURE.search(text) is not None


def _problem(text: str, stored: StoredCell, shape: Format, book: SharedParts) -> CellProblem:
    """Why the text is no value of its type."""
    if stored.kind in _TEXTS:
        is_too_long = len(unescaped(text)) > book.limits.text_length
        return CellProblem.TOO_LONG if is_too_long else CellProblem.UNREADABLE
    is_moment = stored.kind == "d" or (stored.kind == "n" and shape.meaning is not Meaning.NUMBER)
    return CellProblem.NO_DAY if is_moment else CellProblem.NO_NUMBER


def _is_uncalculated(stored: StoredCell, book: SharedParts) -> bool:
    """Whether the formula's value was never stored.

    XlsxWriter stores 0 (or nothing) for what it cannot calculate and asks the next program to do it;
    a program that calculates takes the request away when it saves (seen with LibreOffice).
    """
    if not stored.value:
        return stored.kind != "str" or stored.value is None or book.recalculates
    return book.recalculates and stored.value == "0"


def _index(index: str, strings: Sequence[str]) -> int:
    if not (index.isascii() and index.isdecimal() and len(index) < 10 and int(index) < len(strings)):
        raise DamagedCell("指向不存在的文字")
    return int(index)


def _text(text: str, _shape: Format, book: SharedParts) -> RawValue:
    plain = unescaped(text)
    return plain if is_readable(plain, book.limits) else None


def _number(text: str, shape: Format, book: SharedParts) -> RawValue:
    text = text.strip(" \t\r\n")
    if not _NUMBER.fullmatch(text):
        return None
    number = float(text)
    if not math.isfinite(number):
        return None
    if shape.meaning is not Meaning.NUMBER:
        return moment(number, shape.meaning, from_1904=book.dates_from_1904)
    return int(text) if _WHOLE.fullmatch(text) else number


def _boolean(text: str, _shape: Format, _book: SharedParts) -> RawValue:
    return _BOOLEANS.get(text.strip(" \t\r\n"))


def _iso_date(text: str, _shape: Format, _book: SharedParts) -> RawValue:
    day, _, clock = text.strip(" \t\r\n").removesuffix("Z").rpartition("T")
    if not day:
        day, clock = ("", clock) if _CLOCK.fullmatch(clock) else (clock, "")
    if (day and not _DAY.fullmatch(day)) or (clock and not _CLOCK.fullmatch(clock)):
        return None
    try:
        if not clock:
            return date.fromisoformat(day)
        return datetime.fromisoformat(f"{day}T{clock}") if day else time.fromisoformat(clock)
    except ValueError:
        return None


_READERS: Mapping[str, Callable[[str, Format, SharedParts], RawValue]] = {
    "n": _number,
    "s": _text,
    "str": _text,
    "inlineStr": _text,
    "b": _boolean,
    "d": _iso_date,
}
