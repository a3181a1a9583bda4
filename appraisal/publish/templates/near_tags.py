"""What was meant as a tag and is none: full-width braces, a space between two, one missing. It would be printed as it is."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

from appraisal.publish.templates.engine import TemplateError

_OPEN, _CLOSE, _PERCENT = "{｛﹛", "}｝﹜", "%％﹪"
_GAP = r"[\s\u200b\u2060\ufeff]*"
_TAG = re.compile(r"\{\{[^{}]*\}\}|\{%[^{}]*%\}|\{#.*?#\}", re.DOTALL)
_IN_BRACES = re.compile(
    rf"(?P<open>(?:[{_OPEN}]{_GAP})+)(?P<inside>[^{_OPEN}{_CLOSE}\0]*)(?P<close>(?:[{_CLOSE}]{_GAP})+)"
    rf"|(?:[{_OPEN}]{_GAP}){{2,}}|(?:[{_CLOSE}]{_GAP}){{2,}}"
)


def refuse_near_tags(file: str, paragraphs: Iterable[tuple[str, str]], names: Collection[str]) -> None:
    """Raises TemplateError for what looks like a tag in the paragraphs, each with its place, and all of it at once.

    Single braces are a tag's only around one of the `names` that templates may print.
    """
    found = dict.fromkeys((place, near) for place, words in paragraphs for near in _near_tags(words, names))
    if not found:
        return
    (first, near), *others = found
    more = "".join(f"；{place}的“{one}”也是" for place, one in others)
    raise TemplateError(
        file,
        first,
        f"“{near}”不是标签，会原样印出来{more}",
        "标签用英文半角的花括号，两个花括号之间不留空格，例如 {{ 公司 }}；不是标签的，请换别的括号。",
    )


def _near_tags(words: str, names: Collection[str]) -> Iterator[str]:
    for match in _IN_BRACES.finditer(_TAG.sub("\0", words)):
        inside = match["inside"]
        if inside is None or _is_meant_as_tag(match["open"], inside.strip(), match["close"], names):
            yield match[0].strip()


def _is_meant_as_tag(opening: str, inside: str, closing: str, names: Collection[str]) -> bool:
    is_double = any(len(re.sub(_GAP, "", braces)) > 1 for braces in (opening, closing))
    return is_double or inside.startswith(tuple(_PERCENT)) or re.split(r"[.\s|]", inside)[0] in names
