"""What people see of a number under its cell's number format: the words around it, its scale, its sign.

`0.0"分钟"` prints 1.5 as 1.5分钟; `0!.0,"万元"` prints 86,400 as 8.6万元. Only what changes the meaning
is told: digits that are rounded away, thousands separators and colours change none. Grammar: ECMA-376
part 1, 18.8.31; `!` is how Chinese Excel and WPS quote the next character, as `\\` does.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache

_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"?|[\\!](?P<escaped>.)|_.|\*.|\[\$(?P<currency>[^\]-]*)(?:-(?P<locale>[^\]]*))?\]'
    r"|\[(?P<condition>[<>=]+)(?P<bound>-?[0-9.]+)\]|\[[^\]]*\]|(?P<general>General|G/通用格式)"
    r"|(?P<exponent>E[+-])|(?P<mark>.)",
    re.IGNORECASE | re.DOTALL,
)
_DIGITS = frozenset("0#?")
_DASHES = frozenset("-–—－")
_YEN = frozenset({"411", "ja-jp", "ja_jp"})
"""Locales in which ¥ is another currency."""
_CONDITIONS = {
    "<": lambda number, bound: number < bound,
    "<=": lambda number, bound: number <= bound,
    ">": lambda number, bound: number > bound,
    ">=": lambda number, bound: number >= bound,
    "=": lambda number, bound: number == bound,
    "<>": lambda number, bound: number != bound,
}


@dataclass(frozen=True, slots=True)
class ShownNumber:
    """A number as people see it: `before`, then the number divided or multiplied by `scale`, then `after`.

    `within` is the whole as printed where words stand between its digits, like 2分30秒. `places` are
    the decimals that are seen, None where the format leaves them open.
    """

    before: str
    scale: Decimal
    after: str
    within: str | None = None
    places: int | None = field(default=None, compare=False)


AS_STORED = ShownNumber("", Decimal(1), "")


@dataclass(frozen=True, slots=True)
class _Section:
    """One of the up to four parts of a format, for positive, negative, nought and text."""

    condition: tuple[str, Decimal] | None
    pieces: tuple[tuple[str, str], ...]
    """(kind, text): `words`, `digit` (0, #, ?), `point`, `group` (,), `percent`, `general`, `exponent`, `text`."""

    def kinds(self) -> list[str]:
        return [kind for kind, _ in self.pieces]

    @property
    def has_number(self) -> bool:
        return any(kind in {"digit", "general"} for kind, _ in self.pieces)

    @property
    def words(self) -> str:
        return "".join(text for kind, text in self.pieces if kind == "words").strip()

    @property
    def shows_nought(self) -> bool:
        """Whether 0 can be seen as a figure."""
        return any(kind == "general" or (kind == "digit" and text == "0") for kind, text in self.pieces)


@lru_cache(maxsize=1024)
def _sections(code: str) -> tuple[_Section, ...]:
    sections: list[_Section] = []
    pieces: list[tuple[str, str]] = []
    condition: tuple[str, Decimal] | None = None
    for token in _TOKEN.finditer(code):
        if token["mark"] == ";":
            sections.append(_Section(condition, tuple(pieces)))
            pieces, condition = [], None
        elif token["condition"]:
            condition = _condition(token["condition"], token["bound"])
        else:
            pieces += _pieces(token)
    return (*sections, _Section(condition, tuple(pieces)))


def _for_numbers(code: str) -> list[_Section]:
    return [section for section in _sections(code)[:3] if "text" not in section.kinds()]


def _condition(sign: str, bound: str) -> tuple[str, Decimal] | None:
    is_number = re.fullmatch(r"-?[0-9]+(\.[0-9]*)?", bound)
    return (sign, Decimal(bound)) if sign in _CONDITIONS and is_number else None


def _pieces(token: re.Match[str]) -> list[tuple[str, str]]:
    if token["currency"] is not None:
        is_yen = token["currency"] in {"¥", "￥"} and (token["locale"] or "").casefold() in _YEN
        return [("words", f"日元{token['currency']}" if is_yen else token["currency"])]
    for group in ("quoted", "escaped"):
        if token[group] is not None:
            return [("words", token[group])]
    if token["general"]:
        return [("general", "")]
    if token["exponent"]:
        return [("exponent", "")]
    mark = token["mark"]
    if mark is None:
        return []  # a colour, a width, a filling
    if mark in _DIGITS:
        return [("digit", mark)]
    kind = {".": "point", ",": "group", "%": "percent", "@": "text"}.get(mark, "words")
    return [(kind, mark)]


@lru_cache(maxsize=1024)
def shows_as_stored(code: str) -> bool:
    """Whether every number under the format is seen as itself, 0 and those below it included."""
    if code == "General":
        return True
    return all(
        shown(number, code) == AS_STORED for number in (Decimal(1), Decimal(-1), Decimal(0))
    ) and not any(section.condition for section in _sections(code))


def shown(number: Decimal, code: str) -> ShownNumber | None:
    """How the number is seen; None where it is not: hidden altogether, or without its minus sign."""
    sections = _for_numbers(code)
    if not sections:
        return AS_STORED  # `@`: as it is
    index = _section_for(number, sections)
    if index is None:
        return None
    section = sections[index]
    if number == 0 and _visible(section.pieces) in _DASHES and not section.shows_nought:
        return AS_STORED  # the nought of accounts
    if not section.has_number:
        return None
    is_own = index == 1 and section.condition is None
    if number < 0 and is_own and not re.search(r"[-−－(（]", section.words):
        return None
    around = _around(section, number)
    return around if section.shows_nought or not _rounds_to_nought(section, number * around.scale) else None


def _section_for(number: Decimal, sections: list[_Section]) -> int | None:
    if any(section.condition for section in sections):
        for index, section in enumerate(sections):
            if section.condition is not None:
                sign, bound = section.condition
                if _CONDITIONS[sign](number, bound):
                    return index
            elif index == len(sections) - 1 or number < 0:
                return index
        return None
    if number < 0 and len(sections) > 1:
        return 1
    return 2 if number == 0 and len(sections) > 2 else 0


def _around(section: _Section, number: Decimal) -> ShownNumber:
    """The words around the number, its scale, and what stands between its digits."""
    pieces = section.pieces
    figures = [index for index, (kind, _) in enumerate(pieces) if kind in {"digit", "general"}]
    first, last = figures[0], figures[-1]
    point = next((index for index, (kind, _) in enumerate(pieces) if kind == "point"), last + 1)
    whole = max((index for index in figures if index < point), default=last)
    power = -3 * sum(kind == "group" and index > whole for index, (kind, _) in enumerate(pieces))
    power += 2 * sum(kind == "percent" for kind, _ in pieces)
    within = None
    if "exponent" not in section.kinds() and not _is_fraction(pieces[first : last + 1]):
        between = [
            index for index in range(first, last) if pieces[index][0] == "words" and pieces[index][1].strip()
        ]
        if [pieces[index][1] for index in between] == ["."] and point > last:
            power -= sum(index > between[0] for index in figures)
        elif between:
            within = _filled(section, number)
    before, after = _visible(pieces[:first]), _visible(pieces[last + 1 :])
    if number < 0 and "".join(_NEGATIVE.findall(before + after)) in _ONE_SIGN:
        before, after = (_NEGATIVE.sub("", words).strip() for words in (before, after))
    return ShownNumber(
        before=before.removeprefix("+").strip(),
        scale=Decimal(1).scaleb(power),
        after=after,
        within=within,
        places=_places(section),
    )


def _places(section: _Section) -> int | None:
    kinds = section.kinds()
    if {"general", "exponent"} & {*kinds} or _is_fraction(section.pieces):
        return None
    return kinds[kinds.index("point") :].count("digit") if "point" in kinds else 0


def _rounds_to_nought(section: _Section, scaled: Decimal) -> bool:
    """Whether no figure of the number is left, as of 0.4 under `#`."""
    places = _places(section)
    return scaled == 0 if places is None else abs(scaled) < Decimal(5).scaleb(-places - 1)


def _is_fraction(pieces: tuple[tuple[str, str], ...]) -> bool:
    return ("words", "/") in pieces


_NEGATIVE = re.compile(r"[-−－()（）]")
_ONE_SIGN = frozenset({"-", "−", "－", "()", "（）"})
"""The marks that only tell that a number is below 0."""


def _visible(pieces: tuple[tuple[str, str], ...]) -> str:
    return "".join(text for kind, text in pieces if kind in {"words", "percent"}).strip()


def _filled(section: _Section, number: Decimal) -> str:
    """The digits set into the format from the right, as 230 under `0"分"00"秒"` is 2分30秒.

    Nothing where the number has decimals: they would be rounded away between the words.
    """
    if number != int(number):
        return ""
    kinds = section.kinds()
    point = kinds.index("point") if "point" in kinds else len(kinds)
    first = kinds.index("digit")
    digits, written = str(abs(int(number))), []
    for index in range(len(kinds) - 1, -1, -1):
        kind, text = section.pieces[index]
        if kind == "digit" and index < point:
            written.append(digits[-1:] or ("0" if text == "0" else ""))
            digits = digits[:-1]
            if index == first:
                written.append(digits)
        elif kind in {"words", "percent"}:
            written.append(text)
    sign = "-" if number < 0 and "-" not in section.words else ""
    return sign + "".join(reversed(written)).strip()


def identity_shown(number: Decimal, code: str) -> str | None:
    """A number that names somebody, as printed: 1 under `"KF"000` is KF001; None where a format for
    amounts (percent, scaled, rounded, a fraction) makes it something else."""
    sections = _for_numbers(code)
    if not sections:
        return f"{number:f}"
    index = _section_for(number, sections)
    section = sections[index] if index is not None else None
    if section is None or not section.has_number:
        return None
    kinds = set(section.kinds())
    if "general" in kinds:
        return "".join(f"{number:f}" if kind == "general" else text for kind, text in section.pieces).strip()
    if kinds & {"percent", "exponent"} or _is_fraction(section.pieces) or _around(section, number).scale != 1:
        return None
    return _filled(section, number) or None


def is_seen_whole(number: Decimal, code: str) -> bool:
    """Whether every figure of a number is seen: 12.5 under `0.0"分"` is, under `0"分"` it is 13分."""
    sections = _for_numbers(code)
    around, index = shown(number, code), _section_for(number, sections) if sections else None
    if around is None or index is None:
        return around is not None
    kinds = sections[index].kinds()
    if "exponent" in kinds or _is_fraction(sections[index].pieces) or around.within is not None:
        return False
    if around.scale != (100 if "percent" in kinds else 1):
        return False
    return around.places is None or number * around.scale == rounded(number * around.scale, around.places)


_LONGEST = Context(prec=400)
"""Any number that a sheet holds has its digits in it, whatever a format adds to them."""


def rounded(number: Decimal, places: int) -> Decimal:
    """As Excel rounds what it shows: 12.5 is seen as 13."""
    return number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP, _LONGEST)


def text_shown(text: str, code: str) -> str:
    """A text as printed: 001 under `"KF"@` is KF001; nothing where the format hides texts."""
    if code in {"General", "@"}:
        return text
    sections = _sections(code)
    section = next((section for section in sections if "text" in section.kinds()), None)
    if section is None:
        return "" if len(sections) > 3 else text
    return "".join(
        text if kind == "text" else word for kind, word in section.pieces if kind in {"text", "words"}
    )
