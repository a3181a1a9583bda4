"""The formula language of rule files, parsed once into a tree.

    + - * / ( )      arithmetic over field names and numbers (`60%` is 0.60)
    a ?? b           the first that is present; binds looser than arithmetic
    < <= > >= = !=   one comparison, in checks and guards; binds loosest, never in brackets
    sum(x) mean(x) min(x) max(x)   over every row of the group that has the value

The same tree is evaluated on columns (exactly, in fractions), printed as an Excel formula, and told in
Chinese. What is missing is None and never 0: arithmetic with None is None, and so is a division by zero.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from appraisal.errors import Signal


@dataclass(eq=False)
class FormulaError(Signal):
    """A formula that cannot be read: one Chinese sentence, and the 0-based place in the text."""

    sentence: str
    position: int

    def __str__(self) -> str:
        return self.sentence


@dataclass(frozen=True, slots=True)
class Number:
    value: Decimal


@dataclass(frozen=True, slots=True)
class Name:
    name: str


@dataclass(frozen=True, slots=True)
class Negative:
    of: Expression


@dataclass(frozen=True, slots=True)
class Arithmetic:
    sign: str  # one of + - * /
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class FirstPresent:
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Comparison:
    sign: str  # one of < <= > >= = !=
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class OverGroup:
    function: str  # one of sum mean min max
    name: str


Expression = Number | Name | Negative | Arithmetic | FirstPresent | Comparison | OverGroup
Value = Fraction | None

GROUP_FUNCTIONS = {"sum": "合计", "mean": "平均", "min": "最小", "max": "最大"}

_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?%?)|(?P<name>[^\W\d][\w→·]*)"
    r"|(?P<sign>\?\?|<=|>=|!=|[-+*/()<>=]))"
)

LONGEST = 400
DEEPEST = 20
"""Characters of a formula and brackets within brackets: more than a person can check."""


def parse(text: str) -> Expression:
    """The tree of a formula. FormulaError tells what was expected and where."""
    if len(text) > LONGEST:
        raise FormulaError(f"公式太长（{len(text)}个字，最多{LONGEST}个）", LONGEST)
    reader = _Parser(text)
    tree = reader.comparison()
    reader.expect_end()
    return tree


class _Parser:
    """Recursive descent over the tokens of one formula."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = list(_tokens(text))
        self.at = 0
        self.open_brackets = 0

    def _kind(self) -> tuple[str, str, int]:
        return self.tokens[self.at] if self.at < len(self.tokens) else ("end", "", len(self.text))

    def _take(self, *signs: str) -> str | None:
        kind, text, _ = self._kind()
        if kind == "sign" and text in signs:
            self.at += 1
            return text
        return None

    def _fail(self, expected: str) -> FormulaError:
        kind, text, position = self._kind()
        found = "公式已经结束" if kind == "end" else f"这里是“{text}”"
        return FormulaError(f"公式“{self.text}”第{position + 1}个字处应为{expected}，{found}", position)

    def expect_end(self) -> None:
        if self._kind()[0] != "end":
            raise self._fail("运算符")

    def comparison(self) -> Expression:
        left = self._first_present()
        sign = self._take("<=", ">=", "!=", "<", ">", "=")
        return left if sign is None else Comparison(sign, left, self._first_present())

    def _first_present(self) -> Expression:
        left = self._sum()
        return FirstPresent(left, self._first_present()) if self._take("??") else left

    def _sum(self) -> Expression:
        left = self._product()
        while sign := self._take("+", "-"):
            left = Arithmetic(sign, left, self._product())
        return left

    def _product(self) -> Expression:
        left = self._unary()
        while sign := self._take("*", "/"):
            left = Arithmetic(sign, left, self._unary())
        return left

    def _unary(self) -> Expression:
        return Negative(self._unary()) if self._take("-") else self._atom()

    def _atom(self) -> Expression:
        kind, text, position = self._kind()
        if kind == "number":
            self.at += 1
            return Number(Decimal(text[:-1]) / 100 if text.endswith("%") else Decimal(text))
        if kind == "name":
            self.at += 1
            return self._over_group(text, position) if self._take("(") else Name(text)
        if self._take("("):
            self.open_brackets += 1
            if self.open_brackets > DEEPEST:
                raise FormulaError(f"公式里的括号套得太深（最多{DEEPEST}层）", position)
            inner = self._first_present()
            if not self._take(")"):
                raise self._fail("右括号“)”")
            self.open_brackets -= 1
            return inner
        raise self._fail("字段名、数字或左括号“(”")

    def _over_group(self, function: str, position: int) -> Expression:
        if function not in GROUP_FUNCTIONS:
            known = "、".join(GROUP_FUNCTIONS)
            raise FormulaError(f"公式“{self.text}”里没有“{function}”这个函数，可用：{known}", position)
        kind, name, _ = self._kind()
        if kind != "name":
            raise self._fail("一个字段名")
        self.at += 1
        if not self._take(")"):
            raise self._fail("右括号“)”（函数里只能写一个字段名）")
        return OverGroup(function, name)


def _tokens(text: str) -> Iterator[tuple[str, str, int]]:
    position = 0
    end = len(text.rstrip())
    while position < end:
        match = _TOKEN.match(text, position)
        if match is None or match.lastgroup is None:
            start = position + len(text[position:]) - len(text[position:].lstrip())
            meant = _HALF_WIDTH.get(text[start])
            instead = f"，请改成英文的“{meant}”" if meant else ""
            raise FormulaError(f"公式“{text}”第{start + 1}个字“{text[start]}”无法识别{instead}", start)
        yield match.lastgroup, match[match.lastgroup], match.start(match.lastgroup)
        position = match.end()


_HALF_WIDTH = {
    "÷": "/", "／": "/", "×": "*", "＊": "*", "＋": "+", "－": "-", "−": "-", "（": "(", "）": ")",
    "≥": ">=", "≤": "<=", "≠": "!=", "＞": ">", "＜": "<", "＝": "=", "？": "??", "％": "%",
}  # fmt: skip


def walk(tree: Expression) -> Iterator[Expression]:
    """Every part of the formula and the formula itself, in the order of reading."""
    match tree:
        case Negative(inner):
            yield from walk(inner)
            yield tree
        case Arithmetic(_, left, right) | FirstPresent(left, right) | Comparison(_, left, right):
            yield from walk(left)
            yield tree
            yield from walk(right)
        case _:
            yield tree


def names_in(tree: Expression) -> tuple[str, ...]:
    """Every field name in the formula, each once, in the order of reading."""
    return tuple(dict.fromkeys(node.name for node in walk(tree) if isinstance(node, Name | OverGroup)))


def group_names_in(tree: Expression) -> tuple[str, ...]:
    """Every name inside `sum mean min max`."""
    return tuple(node.name for node in walk(tree) if isinstance(node, OverGroup))


def denominator_of(tree: Expression) -> Expression | None:
    """What the formula as a whole divides by; None if it is not a division."""
    return tree.right if isinstance(tree, Arithmetic) and tree.sign == "/" else None


def divisors_in(tree: Expression) -> tuple[Expression, ...]:
    """Everything that the formula divides by, in the order of reading."""
    return tuple(node.right for node in walk(tree) if isinstance(node, Arithmetic) and node.sign == "/")


def is_comparison(tree: Expression) -> bool:
    return isinstance(tree, Comparison)


_OPERATORS: dict[str, Callable[[Fraction, Fraction], Fraction | bool]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
    "!=": operator.ne,
}


def evaluate(
    tree: Expression,
    columns: Mapping[str, Sequence[Decimal | None]],
    rows: int,
    known: dict[Expression, list[Value]] | None = None,
) -> list[Value]:
    """The value in each of `rows` rows, exact; None where something it needs is missing.

    `columns[name]` has one entry a row (a group's own field repeats in every row). A comparison
    gives 1 or 0. KeyError for a name that is not a column: the loader refuses such formulas.
    `known` keeps what was evaluated, parts of formulas too, for formulas over the same columns.
    """
    known = {} if known is None else known
    if tree not in known:
        known[tree] = _evaluated(tree, columns, rows, known)
    return known[tree]


def _evaluated(
    tree: Expression,
    columns: Mapping[str, Sequence[Decimal | None]],
    rows: int,
    known: dict[Expression, list[Value]],
) -> list[Value]:
    def each(part: Expression) -> list[Value]:
        return evaluate(part, columns, rows, known)

    match tree:
        case Number(value):
            return [Fraction(value)] * rows
        case Name(name):
            return [None if value is None else Fraction(value) for value in columns[name]]
        case OverGroup(function, name):
            return [_over_group(function, each(Name(name)))] * rows
        case Negative(inner):
            return [None if value is None else -value for value in each(inner)]
        case FirstPresent(left, right):
            pairs = zip(each(left), each(right), strict=True)
            return [second if first is None else first for first, second in pairs]
        case Arithmetic(sign, left, right) | Comparison(sign, left, right):
            return [_combined(sign, *pair) for pair in zip(each(left), each(right), strict=True)]


def _combined(sign: str, first: Value, second: Value) -> Value:
    if first is None or second is None:
        return None
    if sign == "/":
        return first / second if second else None
    result = _OPERATORS[sign](first, second)
    return Fraction(result) if isinstance(result, bool) else result


def _over_group(function: str, column: Sequence[Value]) -> Value:
    present = [value for value in column if value is not None]
    if not present:
        return None
    match function:
        case "sum":
            return sum(present, Fraction())
        case "mean":
            return sum(present, Fraction()) / len(present)
        case "min":
            return min(present)
        case _:
            return max(present)
