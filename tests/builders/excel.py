"""A tiny worksheet calculator: just enough of Excel to prove the formulas that the scheme prints.

It knows what matters for the proof: text in arithmetic is an error, a blank counts as 0, division
by zero is an error, text is larger than every number, IF reads only the branch it takes.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from appraisal.scheme.model.units import round_half_up

Value = Fraction | str | bool | None
Cells = Mapping[str, Value | Sequence[Value]]


class WorksheetError(Exception):
    """The cell would show #VALUE! or #DIV/0!."""


_TOKEN = re.compile(r'\s*(?:(\d+(?:\.\d+)?)|"([^"]*)"|(\$?[^\W\d][\w:$!.]*)|(<>|<=|>=|[-+*/()<>=,]))')
_COMPARE: dict[str, Callable[[object, object], bool]] = {
    "<=": operator.le, ">=": operator.ge, "<>": operator.ne,
    "<": operator.lt, ">": operator.gt, "=": operator.eq,
}  # fmt: skip


def calculate(formula: str, cells: Cells) -> Value:
    """What the cell shows; `cells` holds the values of cells and (as sequences) of ranges."""
    assert formula.startswith("=")
    reader = _Reader(formula[1:], cells)
    value = reader.comparison(live=True)
    assert reader.at == len(reader.tokens), f"left over in {formula}: {reader.tokens[reader.at :]}"
    assert not isinstance(value, list)
    return value


class _Reader:
    """Reads and calculates at once; `live` is False in a branch that Excel would not read."""

    def __init__(self, text: str, cells: Cells) -> None:
        self.cells = cells
        self.tokens = [match.groups() for match in _TOKEN.finditer(text)]
        assert "".join(_TOKEN.sub("", text).split()) == "", f"not understood: {text}"
        self.at = 0

    def _take(self, *signs: str) -> str | None:
        if self.at < len(self.tokens) and self.tokens[self.at][3] in signs:
            self.at += 1
            return self.tokens[self.at - 1][3]
        return None

    def comparison(self, *, live: bool) -> object:
        left = self._sum(live=live)
        if sign := self._take(*_COMPARE):
            right = self._sum(live=live)
            return _COMPARE[sign](_order(left), _order(right)) if live else None
        return left

    def _sum(self, *, live: bool) -> object:
        left = self._product(live=live)
        while sign := self._take("+", "-"):
            right = self._product(live=live)
            if live:
                left = _number(left) + (_number(right) if sign == "+" else -_number(right))
        return left

    def _product(self, *, live: bool) -> object:
        left = self._atom(live=live)
        while sign := self._take("*", "/"):
            right = self._atom(live=live)
            if live and sign == "/" and _number(right) == 0:
                raise WorksheetError("#DIV/0!")
            if live:
                left = _number(left) * (_number(right) if sign == "*" else 1 / _number(right))
        return left

    def _atom(self, *, live: bool) -> object:
        if self._take("-"):
            value = self._atom(live=live)
            return -_number(value) if live else None
        if self._take("("):
            value = self.comparison(live=live)
            assert self._take(")")
            return value
        number, text, name, _ = self.tokens[self.at]
        self.at += 1
        if number is not None:
            return Fraction(number)
        if text is not None:
            return text
        if name in {"TRUE", "FALSE"}:
            return name == "TRUE"
        return self._function(name, live=live) if self._take("(") else self.cells[name]

    def _function(self, name: str, *, live: bool) -> object:
        if name == "IF":
            return self._if(live=live)
        values = [self.comparison(live=live)]
        while self._take(","):
            values.append(self.comparison(live=live))
        assert self._take(")")
        return _FUNCTIONS[name](values) if live else None

    def _if(self, *, live: bool) -> object:
        test = self.comparison(live=live)
        assert self._take(",")
        first = self.comparison(live=live and bool(test))
        assert self._take(",")
        second = self.comparison(live=live and not test)
        assert self._take(")")
        return first if test else second


def _number(value: object) -> Fraction:
    if value is None:
        return Fraction(0)
    if isinstance(value, Fraction | bool):
        return Fraction(value)
    raise WorksheetError("#VALUE!")


def _order(value: object) -> tuple[bool, Fraction | str]:
    """Numbers before text, as Excel compares them; a blank is 0."""
    return (True, value) if isinstance(value, str) else (False, _number(value))


def _numbers(values: Sequence[object]) -> list[Fraction]:
    flat = [one for value in values for one in (value if isinstance(value, list | tuple) else [value])]
    return [one for one in flat if isinstance(one, Fraction)]


def _mean(values: Sequence[object]) -> Fraction:
    numbers = _numbers(values)
    if not numbers:
        raise WorksheetError("#DIV/0!")
    return sum(numbers, Fraction()) / len(numbers)


_FUNCTIONS: dict[str, Callable[[Sequence[object]], object]] = {
    "COUNT": lambda values: Fraction(len(_numbers(values))),
    "ISNUMBER": lambda values: isinstance(values[0], Fraction),
    "ROUND": lambda values: Fraction(round_half_up(_number(values[0]), int(_number(values[1])))),
    "SUM": lambda values: sum(_numbers(values), Fraction()),
    "AVERAGE": _mean,
    "MIN": lambda values: min(_numbers(values), default=Fraction()),
    "MAX": lambda values: max(_numbers(values), default=Fraction()),
}


def as_cell(value: Decimal | None) -> Fraction | None:
    """A typed number as it stands in a cell."""
    return None if value is None else Fraction(value)
