"""What a scoring method promises: points, the living Excel formula, and the words for both."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from appraisal.scheme.model.units import (
    MARK_DECIMALS,
    Unit,
    in_print,
    number_text,
    refuse_long_number,
    round_half_up,
)


def _as_typed(written: Any) -> Any:
    """`target: 30` without quotes is a number to YAML and means the same."""
    is_number = isinstance(written, int | float) and not isinstance(written, bool)
    return str(written) if is_number else written


_NUMBER = r"^-?\d+(\.\d+)?%?$"
NumberText = Annotated[
    str,
    Field(pattern=_NUMBER),
    BeforeValidator(_as_typed),
    AfterValidator(refuse_long_number),
    WithJsonSchema({"anyOf": [{"type": "number"}, {"type": "string", "pattern": _NUMBER}]}),
]
"""A number as a person writes it in a rule file: `30`, `"1.05"`, `55%`."""

Anchor = Annotated[str, Field(min_length=1)]
"""What a mark or a level means, in words that the reviewers read."""


def written_number(text: str) -> Decimal:
    """What a `NumberText` says: `55%` is 0.55."""
    return Decimal(text[:-1]) / 100 if text.endswith("%") else Decimal(text)


@dataclass(frozen=True, slots=True)
class Measure:
    """The indicator that a method scores: its full points, and how its value is printed."""

    full: Decimal
    unit: Unit
    decimals: int

    def shown(self, value: Decimal) -> str:
        """A value of the indicator as a reader sees it."""
        return in_print(value, self.unit, self.decimals)


class Effect(StrEnum):
    """What an indicator does to the final score."""

    EARNS = "earns"
    """Its points are part of the 100."""
    ADDS = "adds"
    """Its points come on top of the final score, or off it; its own full points are 0."""
    LIMITS = "limits"
    """It gives no points; its value may limit how high the final score can be."""


@dataclass(frozen=True, slots=True)
class Marking:
    """What a reviewer may give. A mark outside `ordinary` needs a line of evidence; None: none does."""

    low: Decimal
    high: Decimal
    decimals: int = MARK_DECIMALS
    ordinary: tuple[Decimal, Decimal] | None = None

    @property
    def words(self) -> str:
        """`0 到 6 分，最多一位小数`, `1 到 5 分，整数；评 1、5 分的写明依据`."""
        fineness = "最多一位小数" if self.decimals else "整数"
        return f"{number_text(self.low)} 到 {number_text(self.high)} 分，{fineness}{self._evidence}"

    @property
    def in_header(self) -> str:
        """What stands in brackets behind the name: `6分`, `1至5`, `−5至5`."""
        if self.low == 0:
            return f"{number_text(self.high)}分"
        return f"{number_text(self.low)}至{number_text(self.high)}".replace("-", "−")

    @property
    def _evidence(self) -> str:
        if self.ordinary is None:
            return ""
        low, high = self.ordinary
        if low == high:
            return f"；不是 {number_text(low)} 分的写明依据"
        return f"；低于 {number_text(low)} 分或高于 {number_text(high)} 分的写明依据"


@dataclass(frozen=True, slots=True)
class StandardRow:
    """One line of the printed standard. The numbers stand in cells of 评分标准 and feed the formulas."""

    words: str
    threshold: Decimal | None = None
    points: Decimal | None = None


@dataclass(frozen=True, slots=True)
class StandardCells:
    """Where a `StandardRow`'s numbers stand, as absolute references."""

    threshold: str
    points: str


@dataclass(frozen=True, slots=True)
class LineReached:
    """Where one value stands: the line it falls under, and the next better line if there is one."""

    words: str
    next_threshold: Decimal | None = None
    next_points: Decimal | None = None
    next_is_inclusive: bool = True


Place = tuple[str | int, ...]
"""The keys and list places that lead to a part of the rule file."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A mistake in a rule file: where (a method says it from its own key on), and one Chinese sentence."""

    path: Place
    sentence: str


class ScoringMethod(ABC):
    """How an indicator's value becomes points. Implementations are frozen pydantic models."""

    key: ClassVar[str]
    """The key in rule files."""

    title: ClassVar[str]
    """What HR calls the method."""

    by_reviewers: ClassVar[bool] = False
    """True if each reviewer gives a mark; False if the value is computed once from data."""

    effect: ClassVar[Effect] = Effect.EARNS
    """Whether its points are part of the 100, come on top, or it limits the final score."""

    def marking(self, measure: Measure) -> Marking:
        """The marks that reviewers may give, for a method `by_reviewers`."""
        return Marking(Decimal(0), measure.full)

    @property
    def higher_is_better(self) -> bool:
        """Whether a larger value earns more."""
        return True

    @property
    def target(self) -> Decimal | None:
        """The value to reach where the rule file names no target; None where the method knows none."""
        return None

    def problems(self, measure: Measure) -> Iterator[Problem]:
        """What is wrong with the parameters; nothing if they are sound."""
        yield from ()

    @abstractmethod
    def points(self, value: Decimal, measure: Measure) -> Decimal:
        """The points that a value (rounded as printed) earns: between 0 and `measure.full`.

        A method that adds may go under 0; one that limits gives 0.
        """

    def limit(self, value: Decimal) -> Decimal | None:
        """The highest final score that the value leaves possible, for a method that limits; None: any."""
        return None

    def mark_in_words(self, mark: Decimal, measure: Measure) -> str:
        """A reviewer's mark and what it earns, as a person is told: `5分`."""
        return f"{number_text(self.points(mark, measure))}分"

    @abstractmethod
    def standard(self, measure: Measure) -> tuple[StandardRow, ...]:
        """The lines of the printed standard, in the order of reading."""

    @abstractmethod
    def points_formula(self, value: str, full: str, cells: Sequence[StandardCells]) -> str:
        """The points as an Excel formula (with `=`) over the value's cell and the standard's cells.

        Anything but a number in `value` gives the text 不适用. `cells` matches `standard()`. A method that
        limits gives the limit instead, or the text 不限.
        """

    def line_reached(self, value: Decimal, measure: Measure) -> LineReached:
        """Where the value stands, for explaining one result; the title where no lines are drawn."""
        return LineReached(self.title)


class MethodWithKeys(BaseModel, ScoringMethod):
    """A method whose parameters are keys of the rule file, each a field of the class."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def badly_written(text: str, path: str, measure: Measure) -> Iterator[Problem]:
    """A `NumberText` that does not suit the indicator's unit: percent signs, more decimals than printed."""
    if (measure.unit is Unit.PERCENT) is not text.endswith("%"):
        yield Problem((path,), "写法要与单位一致：百分比带“%”，其他不带")
    elif round_half_up(written_number(text), measure.decimals) != written_number(text):
        yield Problem((path,), "写得比数值印出来的还细，印出来会看不懂；请减少小数位")
