"""What a person reads in the text that a cell shows: written apart from the product's own reader, to judge it.

as_person_reads("8.6万元", MONEY, "")       85,500 to 86,500: the last figure that is seen may be rounded
as_person_reads("5%", MONEY, "")           None: that is no amount
as_person_reads("", MONEY, "")             BLANK
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from appraisal.scheme.forms.cells import Cell, CellType


@dataclass(frozen=True, slots=True)
class Seen:
    """The numbers that a text may stand for, in the column's own unit."""

    low: Decimal
    high: Decimal

    def __contains__(self, number: Decimal) -> bool:
        return self.low <= number <= self.high


BLANK = "blank"
_TIMES = {
    "": 1,
    "百": 100,
    "千": 1_000,
    "万": 10_000,
    "十万": 100_000,
    "百万": 10**6,
    "千万": 10**7,
    "亿": 10**8,
}


def _large(*words: str) -> dict[str, Decimal]:
    return {times + word: Decimal(factor) for times, factor in _TIMES.items() for word in ("", *words)}


_ONE = Decimal(1)
_UNITS: dict[CellType, dict[str, Decimal]] = {
    CellType.MONEY: _large("元", "块", "圆"),
    CellType.COUNT: _large("人", "人次", "单", "笔", "个", "次", "件", "位", "名", "条"),
    CellType.DURATION: {
        "": _ONE, "秒": _ONE, "秒钟": _ONE, "s": _ONE, "分钟": Decimal(60), "分": Decimal(60), "m": Decimal(60),
        "min": Decimal(60), "小时": Decimal(3600), "时": Decimal(3600), "h": Decimal(3600), "毫秒": Decimal("0.001"),
    },
    CellType.PERCENT: {"%": Decimal("0.01")},
    CellType.MARK: {"": _ONE, "分": _ONE},
    CellType.NUMBER: {"": _ONE},
}  # fmt: skip
_SIGN = r"(?:负|-|\()?"
_CURRENCY = "¥|rmb|cny|人民币"
_FIGURES = re.compile(
    rf"(?P<minus>{_SIGN})(?P<currency>{_CURRENCY})?(?P<minus2>{_SIGN})\+?(?P<figures>(?:[0-9]{{1,3}}(?:,[0-9]{{3}})+|[0-9]+)?"
    r"(?:\.[0-9]*)?)(?:e(?P<power>[+-]?[0-9]+))?(?P<unit>[^0-9()-]*)(?P<end>[)-]?)"
)
_FRACTION = re.compile(
    rf"(?P<minus>{_SIGN})(?P<currency>{_CURRENCY})? *(?:(?P<whole>[0-9]+) +)?(?P<part>[0-9]+)/(?P<of>[0-9]+)"
)
_LENGTH = re.compile(r"(?:([0-9.]+)(?:小时|时|h))?(?:([0-9.]+)(?:分钟|分|m))?(?:([0-9.]+)(?:秒钟|秒|s))?")
_CLOCK = re.compile(r"(?:([0-9]+):)?([0-9]+):([0-9]{1,2}(?:\.[0-9]+)?)")


def as_person_reads(text: str, column: Cell, header_unit: str) -> Seen | str | None:
    """The number that a cell of the column shows; `BLANK` where nothing is seen, None where it says no number.

    `header_unit` is what header, unit row or the line above say, as it stands there.
    """
    if any(unicodedata.category(mark) == "No" for mark in text):
        return None
    plain = "".join(
        mark for mark in unicodedata.normalize("NFKC", text) if unicodedata.category(mark) != "Cf"
    )
    plain = plain.casefold().translate({0x2212: "-", 0x2013: "-", ord("￥"): "¥"}).strip()
    if not plain:
        return BLANK
    if fraction := _FRACTION.fullmatch(plain):
        return _of_fraction(fraction, column, header_unit)
    packed = "".join(plain.split())
    if column.type is CellType.DURATION and (seen := _length(packed)) is not None:
        return seen
    match = _FIGURES.fullmatch(packed)
    if match is None or not match["figures"].strip("."):
        return None
    if match["currency"] and column.type is not CellType.MONEY:
        return None
    factor = _factor(match["unit"], column, header_unit)
    figures = match["figures"].replace(",", "")
    if factor is None:
        return Seen(Decimal(0), Decimal(0)) if not match["unit"] and not figures.strip("0.") else None
    is_minus = bool(match["minus"] or match["minus2"] or match["end"])
    return _seen(
        Decimal(figures), _finest(figures), factor.scaleb(int(match["power"] or 0)), is_minus=is_minus
    )


def _finest(figures: str) -> Decimal:
    return Decimal(1).scaleb(-len(figures.partition(".")[2]))


def _seen(number: Decimal, finest: Decimal, factor: Decimal, *, is_minus: bool) -> Seen:
    ends = ((number - finest / 2) * factor, (number + finest / 2) * factor)
    return Seen(-ends[1], -ends[0]) if is_minus else Seen(*ends)


def _of_fraction(match: re.Match[str], column: Cell, header_unit: str) -> Seen | None:
    factor = _factor("", column, header_unit)
    if factor is None or not int(match["of"]) or (match["currency"] and column.type is not CellType.MONEY):
        return None
    number = int(match["whole"] or 0) + Decimal(match["part"]) / Decimal(match["of"])
    return _seen(number, 1 / Decimal(match["of"]), factor, is_minus=bool(match["minus"]))


def _length(text: str) -> Seen | None:
    """`2分30秒` and `0:02:30`; of two parts the last are seconds."""
    match = _CLOCK.fullmatch(text) or (
        _LENGTH.fullmatch(text) if sum(map(text.count, "时h分m秒s")) > 1 else None
    )
    if match is None:
        return None
    parts = [one or "0" for one in match.groups()]
    if not all(re.fullmatch(r"[0-9]+(\.[0-9]+)?", one) for one in parts):
        return None
    number = sum((Decimal(one) * size for one, size in zip(parts, (3600, 60, 1), strict=True)), Decimal(0))
    return _seen(number, _finest(parts[-1]), _ONE, is_minus=False)


def _factor(unit: str, column: Cell, header_unit: str) -> Decimal | None:
    units = _UNITS[column.type]
    unit = unit.rstrip(".")
    if unit:
        return units.get(unit) or (_ONE if unit == column.unit else None)
    pieces = [one for one in re.split("[：:，,/]", header_unit) if one and one != "单位"]
    said = next((units[one] for one in pieces if one in units), None)
    return said or units.get("")


# ---------------------------------------------------------------------------------- texts and days


def is_same_text(shown: str, taken: str) -> bool:
    """Whether two texts are the same to the eye: without spaces, width and case."""
    one, other = _to_the_eye(shown), _to_the_eye(taken)
    return one == other or _is_rounded(shown, taken) or _is_same_time(one, other)


def _is_same_time(shown: str, taken: str) -> bool:
    seen, held = _length(shown), _length(taken)
    return seen is not None and held is not None and held.low <= seen.high and seen.low <= held.high


def _to_the_eye(text: str) -> str:
    text = re.sub("(.*) (AM|PM)$", lambda match: f"{'上午' if match[2] == 'AM' else '下午'}{match[1]}", text)
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold().removeprefix("+")


def _is_rounded(shown: str, taken: str) -> bool:
    """Of free text that is a number: 8.64 behind 8.6, 86400 behind 86.4E+3."""
    plain = ["".join(one.casefold().split()) for one in (shown, taken)]
    figures = [re.search(r"[0-9.,]*[0-9](e[+-]?[0-9]+)?\.?", one) for one in plain]
    if figures[0] is None or figures[1] is None:
        return False
    words = [_to_the_eye(f"{one.string[: one.start()]}#{one.string[one.end() :]}") for one in figures if one]
    seen, held = (as_person_reads(one[0], Cell("", CellType.NUMBER), "") for one in figures if one)
    return (
        words[0] == words[1]
        and isinstance(seen, Seen)
        and isinstance(held, Seen)
        and held.low + held.high in Seen(2 * seen.low, 2 * seen.high)
    )


def shows_day(shown: str, day: date) -> bool:
    """Whether every figure that is seen is one of the day's; an hour beside it does not matter."""
    shown = re.sub(r"(?<=[0-9]),(?=[0-9]{3})", "", shown).removesuffix(".00")
    text = re.sub(r"[0-9]+:[0-9]{2}(:[0-9.]+)?( ?[AP]M)?", "", shown)
    text = re.sub(r"\b([0-9]{4})([0-9]{2})([0-9]{2})\b", r"\1-\2-\3", text)
    figures = {int(one) for one in re.findall("[0-9]+", unicodedata.normalize("NFKC", text))}
    told = {day.year, day.year % 100, day.month, day.day}
    return bool(figures) and figures <= told and re.search(r"^[0-9]+\.[0-9]*$|%|元", shown) is None
