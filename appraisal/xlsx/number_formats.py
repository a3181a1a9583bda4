"""Number formats: which code a cell's style means, and what a number under a date format is.

Built-in codes are those of ECMA-376 part 1, 18.8.30, with the Chinese ones (27-36, 50-58) that
Excel and WPS use without spelling them out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import Enum, auto
from functools import lru_cache

from appraisal.xlsx.container import Limits, parse_part, refusal
from appraisal.xlsx.package import MAIN, is_true

GENERAL = "General"
_YEAR_MONTH, _MONTH_DAY = 'yyyy"年"m"月"', 'm"月"d"日"'
_CLOCK, _CLOCK_SECONDS = 'h"时"mm"分"', 'h"时"mm"分"ss"秒"'
_NOON_CLOCK, _NOON_CLOCK_SECONDS = f"上午/下午{_CLOCK}", f"上午/下午{_CLOCK_SECONDS}"
BUILT_IN = {
    1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00",
    12: "# ?/?", 13: "# ??/??", 14: "yyyy/m/d", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy",
    18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss", 22: "yyyy/m/d h:mm",
    27: _YEAR_MONTH, 28: _MONTH_DAY, 29: _MONTH_DAY, 30: "m-d-yy", 31: 'yyyy"年"m"月"d"日"',
    32: _CLOCK, 33: _CLOCK_SECONDS, 34: _NOON_CLOCK, 35: _NOON_CLOCK_SECONDS, 36: _YEAR_MONTH,
    37: "#,##0;-#,##0", 38: "#,##0;[Red]-#,##0", 39: "#,##0.00;-#,##0.00",
    40: "#,##0.00;[Red]-#,##0.00", 45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0", 48: "##0.0E+0",
    49: "@", 50: _YEAR_MONTH, 51: _MONTH_DAY, 52: _YEAR_MONTH, 53: _MONTH_DAY, 54: _MONTH_DAY,
    55: _NOON_CLOCK, 56: _NOON_CLOCK_SECONDS, 57: _YEAR_MONTH, 58: _MONTH_DAY,
}  # fmt: skip


class Meaning(Enum):
    """What a number under a format is."""

    NUMBER = auto()
    DATE = auto()
    DATE_AND_TIME = auto()
    TIME = auto()
    DURATION = auto()


@dataclass(frozen=True, slots=True)
class Font:
    """What of a font can change what a cell says. `size` is as written; None is the cell's own."""

    is_struck: bool = False
    is_raised: bool = False
    """Super- or subscript."""
    size: str | None = None


@dataclass(frozen=True, slots=True)
class Format:
    """How cells of one style look: the format code and what numbers mean under it, and the font."""

    code: str = GENERAL
    meaning: Meaning = Meaning.NUMBER
    font: Font = Font()


_LITERALS = re.compile(
    r'"[^"]*"|[\\!].|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]|General|AM/PM|A/P|E[+-]', re.IGNORECASE
)


@lru_cache(maxsize=512)
def clock_letters(code: str) -> str:
    """The letters of the format's section for positive numbers that stand for parts of a day or date."""
    return _LITERALS.sub("", code).partition(";")[0].lower()


_NOON = re.compile("AM/PM|A/P|上午/下午", re.IGNORECASE)


def shows_noon(code: str) -> bool:
    """Whether the format writes hours before and after noon: a time of day, no length of time."""
    return _NOON.search(re.sub('"[^"]*"', "", code).partition(";")[0]) is not None


def format_meaning(code: str) -> Meaning:
    """What a number means under a format code, judged by its section for positive numbers."""
    letters = clock_letters(code)
    if re.search(r"\[[hms]+\]", letters):
        return Meaning.DURATION
    has_clock = re.search("[hs]", letters) is not None
    has_day = re.search("[dye]", letters) is not None or ("m" in letters and not has_clock)
    if has_day:
        return Meaning.DATE_AND_TIME if has_clock else Meaning.DATE
    return Meaning.TIME if has_clock else Meaning.NUMBER


_DAY = 86_400_000  # milliseconds: finer than any clock on a sheet, coarser than a float's noise
_DAY_0_OF_1904 = datetime(1904, 1, 1)  # noqa: DTZ001 - days on a sheet have no time zone
_DAY_0_OF_1900 = datetime(1899, 12, 31)  # noqa: DTZ001
_LAST_SERIAL = 2_958_466  # 10000-01-01
_NO_DAY = 60  # 1900-02-29, which the 1900 system counts and no calendar has


def moment(serial: float, meaning: Meaning, *, from_1904: bool) -> date | datetime | time | timedelta | None:
    """What a stored number shows under a date format; None for a day that does not exist.

    In the 1900 system day 1 is 1900-01-01 and day 60 does not exist; in the 1904 system day 0 is
    1904-01-01.
    """
    if abs(serial) >= _LAST_SERIAL:
        return None
    milliseconds = round(serial * _DAY)
    if meaning is Meaning.DURATION:
        return timedelta(milliseconds=milliseconds)
    day, rest = divmod(milliseconds, _DAY)
    if day == 0 and meaning is Meaning.TIME:
        return (_DAY_0_OF_1904 + timedelta(milliseconds=rest)).time()
    if day < (0 if from_1904 else 1) or (day == _NO_DAY and not from_1904):
        return None
    start = _DAY_0_OF_1904 if from_1904 else _DAY_0_OF_1900 - timedelta(days=day > _NO_DAY)
    try:
        found = start + timedelta(days=day, milliseconds=rest)
    except OverflowError:
        return None
    return found.date() if meaning is Meaning.DATE and rest == 0 else found


def read_formats(xml: bytes | None, limits: Limits) -> dict[str, Format]:
    """The format of every cell style by its index, as cells write it; without styles only General."""
    if xml is None:
        return {"0": Format()}
    reader = _Styles(limits.number_format_length)
    parse_part("styles.xml", xml, start=reader.start, end=reader.end)
    return reader.formats()


class FontReader:
    """Follows the elements of one font or of the properties of a run of text."""

    def __init__(self) -> None:
        self._is_struck, self._is_raised = False, False
        self._size: str | None = None

    def start(self, element: str, attributes: dict[str, str]) -> None:
        if element == _STRIKE:
            self._is_struck = is_true(attributes.get("val", "1"))
        elif element == _RAISED:
            self._is_raised = attributes.get("val") in {"superscript", "subscript"}
        elif element == _SIZE:
            self._size = attributes.get("val")

    def font(self) -> Font:
        return Font(self._is_struck, self._is_raised, self._size)


_STRIKE, _RAISED, _SIZE = f"{MAIN} strike", f"{MAIN} vertAlign", f"{MAIN} sz"
_CODES, _FONTS, _CELL_STYLES = f"{MAIN} numFmts", f"{MAIN} fonts", f"{MAIN} cellXfs"
_SECTIONS = frozenset({_CODES, _FONTS, _CELL_STYLES})
"""Elsewhere the same elements mean other things: conditional formats renumber codes of their own."""


class _Styles:
    def __init__(self, longest: int) -> None:
        self._longest = longest
        self._codes = dict(BUILT_IN)
        self._fonts: list[FontReader] = []
        self._styles: list[tuple[str, str]] = []
        self._section = ""

    def start(self, element: str, attributes: dict[str, str]) -> None:
        if element in _SECTIONS:
            self._section = element
        elif element == f"{MAIN} numFmt" and self._section == _CODES:
            code = attributes.get("formatCode", GENERAL)
            if len(code) > self._longest:
                raise refusal("workbook.corrupt", detail="数字格式过长")
            self._codes[_number(attributes.get("numFmtId", ""))] = code
        elif element == f"{MAIN} xf" and self._section == _CELL_STYLES:
            self._styles.append((attributes.get("numFmtId", "0"), attributes.get("fontId", "0")))
        elif element == f"{MAIN} font" and self._section == _FONTS:
            self._fonts.append(FontReader())
        elif self._section == _FONTS and self._fonts:
            self._fonts[-1].start(element, attributes)

    def end(self, element: str) -> None:
        if element == self._section:
            self._section = ""

    def formats(self) -> dict[str, Format]:
        known: dict[tuple[str, str], Format] = {}
        fonts = {str(index): reader.font() for index, reader in enumerate(self._fonts)}
        styles = self._styles or [("0", "0")]
        for style in styles:
            if style not in known:
                code = self._codes.get(_number(style[0]), GENERAL)
                known[style] = Format(code, format_meaning(code), fonts.get(style[1], Font()))
        return {str(index): known[style] for index, style in enumerate(styles)}


def _number(text: str) -> int:
    if not re.fullmatch("[0-9]{1,9}", text):
        raise refusal("workbook.corrupt", detail="样式编号不对")
    return int(text)
