"""A rule file as plain values, changed in one place at a time, and read by a second, simpler reader.

for place in places(plain):            each text or number with the keys that lead to it
    changed(plain, place, "乙")         a copy with another value there
points_as_written(written, full, v)    what the text of a scoring method gives, read for itself
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

Place = tuple[str | int, ...]
_HUNDREDTH = Decimal("0.01")


def places(node: Any, above: Place = ()) -> Iterator[tuple[Place, Any]]:
    """Every value of the file that holds no others, in the order of the file."""
    if isinstance(node, dict | list):
        for key, inner in node.items() if isinstance(node, dict) else enumerate(node):
            yield from places(inner, (*above, key))
    else:
        yield above, node


def at(node: Any, place: Place) -> Any:
    for step in place:
        node = node[step]
    return node


def changed(node: Any, place: Place, value: Any) -> Any:
    """The same with another value in one place; what is not on the way to it is shared."""
    if not place:
        return value
    copied = dict(node) if isinstance(node, dict) else list(node)
    copied[place[0]] = changed(node[place[0]], place[1:], value)
    return copied


def one_more(written: Any, match: re.Match[str] | None = None) -> Any:
    """A number, or the one that a match found in a text, one larger in its last written digit: `1.15` → `1.16`."""
    text = str(written)
    match = match or re.search(r"\d+(?:\.\d+)?", text)
    assert match is not None
    step = Decimal(1).scaleb(-len(match[0].partition(".")[2]))
    more = text[: match.start()] + str(Decimal(match[0]) + step) + text[match.end() :]
    if isinstance(written, int):
        return int(more)
    return float(more) if isinstance(written, float) else more


def number(written: Any) -> Decimal:
    """`55%` is 0.55."""
    text = str(written)
    return Decimal(text.rstrip("%")) / (100 if text.endswith("%") else 1)


def points_as_written(written: dict[str, Any], full: Decimal, value: Decimal) -> Decimal | None:
    """The points of a value by an indicator's own text; of a veto, the limit (None: none)."""
    [key] = {"bands", "linear", "deduct", "veto", "adjust"} & written.keys()
    rule = written[key]
    if key == "bands":
        return _bands(rule, value)
    if key == "linear":
        better = value - number(rule["at"]) if rule.get("better") != "lower" else number(rule["at"]) - value
        steps = Fraction(better) / Fraction(number(rule["per"]))
        exact = Fraction(number(rule["gives"])) + Fraction(number(rule["change"])) * steps
        return min(full, max(number(rule.get("floor", 0)), _half_up(exact)))
    if key == "deduct":
        void = rule.get("void_from")
        lost = number(rule["each"]) * max(value, Decimal(0))
        return Decimal(0) if void is not None and value >= number(void) else max(Decimal(0), full - lost)
    if key == "veto":
        return number(rule["at_most"]) if value >= number(rule["from"]) else None
    return min(number(rule["most"]), max(number(rule["least"]), value))


def _half_up(exact: Fraction | Decimal) -> Decimal:
    fraction = Fraction(exact)
    return (Decimal(fraction.numerator) / Decimal(fraction.denominator)).quantize(_HUNDREDTH, ROUND_HALF_UP)


def _bands(lines: list[Any], value: Decimal) -> Decimal:
    for line in lines:
        text = line if isinstance(line, str) else ": ".join(map(str, next(iter(line.items()))))
        condition, _, points = (part.strip() for part in text.partition(":"))
        sign = condition.rstrip("0123456789.% ")
        if condition == "else":
            return Decimal(points)
        limit = number(condition.removeprefix(sign).strip())
        if {">=": value >= limit, ">": value > limit, "<=": value <= limit, "<": value < limit}[sign]:
            return Decimal(points)
    raise AssertionError(f"no band for {value}")


def numbers_in(written: dict[str, Any]) -> set[Decimal]:
    """Every number in a method's text, percents as parts of one."""
    texts = [str(value) for _, value in places(written)]
    return {number(found) for text in texts for found in re.findall(r"\d+(?:\.\d+)?%?", text)}
