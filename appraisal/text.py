"""Text as people mean it: without invisible marks, odd spaces and full-width letters.

Four promises, from gentle to strict: `free_text` keeps what a person wrote, `one_line` is for names
of things, `person_name` for people, `key` only for comparing. `did_you_mean` finds the nearest known name
for one that nobody knows.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable


def printable(text: str) -> str:
    """A text from outside as a sentence may hold it: a name cannot fake a second line, and any stream takes it."""
    return "".join(mark if mark.isprintable() else "␣" for mark in text)


def terminal_width(text: str) -> int:
    """Columns that a terminal takes: two for a Chinese character."""
    return sum(2 if unicodedata.east_asian_width(mark) in "WF" else 1 for mark in text)


_INVISIBLE = dict.fromkeys(
    [
        *(0xAD, 0x34F, 0x61C, 0x115F, 0x1160, 0x180E, 0x2800, 0x3164, 0xFEFF, 0xFFA0),
        *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070),
    ]
)  # fmt: skip
"""Zero-width marks, marks of writing direction and blank fillers: people cannot see that they typed them."""


_RADICALS = (
    (0x2E81, "厂乛乚乙亻冂𠘨刀刂卜㔾小小兀尣尢𡯂巳幺彑彐忄心扌攵"),
    (0x2E9B, "旡日月歺母民氵氺灬爫爫丬牛犭王𤴔目示礻𥫗糹纟罓罒㓁冗𦉫羊𦍌𦍋耂肀聿肉𦥑艹艹艹虎衤"),
    (0x2EC3, "覀西见角𧢲讠贝𧾷车辶辶辶邑钅長镸长门𨸏阝雨青韦页风飞食𩙿飠饣𩠐马骨鬼鱼鸟卤麦黄黾"),
    (0x2EEB, "斉齐歯齿竜龙龜亀龟"),
)
"""From this code on, the ideographs that Unicode (EquivalentUnifiedIdeograph.txt) calls the same as CJK radicals.

NFKC knows the radicals of the other block (U+2F00).
"""


_SAME_MARK = {
    **_INVISIBLE,
    **dict.fromkeys([*range(0x180B, 0x180E), *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)]),
    **{first + offset: ideograph for first, run in _RADICALS for offset, ideograph in enumerate(run)},
}
"""What names and labels are folded by: nobody sees another text. Variation selectors choose between shapes."""


_UNUSUAL_MARK = re.compile(
    f"[{''.join(chr(code) for code in _SAME_MARK if code < 0x10000)}\U000e0100-\U000e01ef]"
)
"""Any of them; those beyond U+FFFF as a range, or each text would be held against a list of them one by one."""


_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}


_NUMBER_MARKS = _INVISIBLE | _FULL_WIDTH | {ord("￥"): "¥", ord("−"): "-", ord("﹣"): "-", ord("﹪"): "%"}
"""Only forms of the same sign: NFKC would read `5²` as 52."""


_SPACE_BESIDE_CHINESE = re.compile(
    r"(?<=[\u3400-\u9fff\U00020000-\U0003ffff·]) +| +(?=[\u3400-\u9fff\U00020000-\U0003ffff·])"
)


_DOT_IN_NAME = re.compile(
    r"[.\u2022\u2027\u2219\u22c5\u30fb](?<=[\u3400-\u9fff\U00020000-\U0003ffff].)(?=[\u3400-\u9fff\U00020000-\U0003ffff])"
)
"""Other dots than `·` between Chinese letters, as in 阿依古丽·买买提; NFKC has made the wide ones narrow."""


def free_text(text: str) -> str:
    """What a person wrote, without invisible marks and without space at its ends."""
    if text.isprintable() and text[:1] != " " and text[-1:] != " " and not _UNUSUAL_MARK.search(text):
        return text
    text = text.translate(_INVISIBLE).replace("\r\n", "\n").replace("\r", "\n").replace("\xa0", " ")
    return text.strip()


def one_line(text: str) -> str:
    """A name or a code: NFKC, on one line, single spaces."""
    folded = _folded(text)
    return folded if folded is text and " " not in text and text.isprintable() else " ".join(folded.split())


def person_name(text: str) -> str:
    """A person's name; `张 三` and `张　三` are 张三, `阿依古丽•买买提` has its `·`, `John Smith` keeps its space."""
    name = one_line(text)
    name = _SPACE_BESIDE_CHINESE.sub("", name) if " " in name else name
    return _DOT_IN_NAME.sub("·", name)


def key(text: str) -> str:
    """What two spellings of the same word have in common: no spaces, no case, no width, one kind of dot."""
    if text.isascii():
        return "".join(text.split()).casefold()
    return _DOT_IN_NAME.sub("·", "".join(_folded(text).split())).casefold()


def _folded(text: str) -> str:
    """NFKC, and what is a mark's equal taken for it; the very text where that changes nothing."""
    if text.isascii():
        return text
    if not text.isprintable() or _UNUSUAL_MARK.search(text):
        text = text.translate(_SAME_MARK)
    return text if unicodedata.is_normalized("NFKC", text) else unicodedata.normalize("NFKC", text)


_USUAL_NAMES = ("CJK UNIFIED", "LATIN", "FULLWIDTH LATIN", "IDEOGRAPHIC", "MIDDLE DOT")
"""How Unicode's names of the characters of ordinary names begin."""


def unusual_characters(text: str, expected: str = "") -> str:
    """`，其中“ニ”（U+30CB）…` for what can hardly be told from another character by looking; nothing where none is.

    What stands in `expected`, too, is not odd.
    """
    odd = [
        f"“{printable(mark)}”（U+{ord(mark):04X}）"
        for mark in dict.fromkeys(text)
        if not mark.isascii() and mark not in expected and not _is_usual(mark)
    ]
    return f"，其中{'、'.join(odd)}不是常用的汉字或字母，请删掉重新输入" if odd else ""


def with_unusual_characters(text: str) -> str:
    """The text, with what `one_line` takes for another character although both look alike named behind it."""
    named = [
        f"看不见的 U+{ord(mark):04X}"
        if _SAME_MARK.get(ord(mark), mark) is None
        else f"“{mark}”是 U+{ord(mark):04X}"
        for mark in dict.fromkeys(text)
        if ord(mark) in _SAME_MARK or unicodedata.name(mark, "").startswith(_SAME_SHAPE)
    ]
    return f"{printable(text)}（{'，'.join(named)}）" if named else text


_SAME_SHAPE = ("KANGXI RADICAL", "CJK COMPATIBILITY IDEOGRAPH")
"""How Unicode's names of those begin that NFKC folds."""


def _is_usual(mark: str) -> bool:
    return ord(mark) not in _SAME_MARK and unicodedata.name(mark, "").startswith(_USUAL_NAMES)


def ascii_number(text: str) -> str:
    """A typed number without spaces at its ends, full-width digits and the like made plain."""
    if text.isascii():
        return text.strip().casefold()
    return text.translate(_NUMBER_MARKS).strip().casefold()


def did_you_mean(written: str, known: Iterable[str]) -> str:
    """`，是不是“…”？` for the nearest known name, or nothing where none is near."""
    near = difflib.get_close_matches(written, list(known), n=1, cutoff=0.5)
    return f"，是不是“{near[0]}”？" if near else ""


_MAIL = re.compile(r"[\w.+%=&'/-]+@(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,}", re.ASCII)


def is_mail_address(text: str) -> bool:
    """Whether it is one mail address and nothing more: no line can be added behind it."""
    return bool(_MAIL.fullmatch(text))
