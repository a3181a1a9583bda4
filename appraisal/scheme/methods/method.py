"""What a scoring method promises: points, the living Excel formula, and the words for both."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from appraisal.scheme.units import Unit


@dataclass(frozen=True, slots=True)
class Measure:
    """The indicator that a method scores: its full points, and how its value is printed."""

    full: Decimal
    unit: Unit
    decimals: int


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
class Standing:
    """Where one value stands: the line it falls under, and the next better line if there is one."""

    words: str
    next_threshold: Decimal | None = None
    next_points: Decimal | None = None
    next_is_inclusive: bool = True


@dataclass(frozen=True, slots=True)
class Problem:
    """A mistake in a rule file: the path below the method's key, and one Chinese sentence."""

    path: tuple[str | int, ...]
    sentence: str


class ScoringMethod(ABC):
    """How an indicator's value becomes points. Implementations are frozen pydantic models."""

    key: ClassVar[str]
    """The key in rule files."""

    title: ClassVar[str]
    """What HR calls the method."""

    by_reviewers: ClassVar[bool] = False
    """True if each reviewer gives a mark; False if the value is computed once from data."""

    @property
    def higher_is_better(self) -> bool:
        """Whether a larger value earns more."""
        return True

    @property
    def target(self) -> Decimal | None:
        """The value to reach where the rule file names no target; None where the method knows none."""
        return None

    @abstractmethod
    def problems(self, measure: Measure) -> Iterator[Problem]:
        """What is wrong with the parameters; nothing if they are sound."""

    @abstractmethod
    def points(self, value: Decimal, measure: Measure) -> Decimal:
        """The points that a value (rounded as printed) earns: between 0 and `measure.full`."""

    @abstractmethod
    def standard(self, measure: Measure) -> tuple[StandardRow, ...]:
        """The lines of the printed standard, in the order of reading."""

    @abstractmethod
    def points_formula(self, value: str, full: str, cells: Sequence[StandardCells]) -> str:
        """The points as an Excel formula (with `=`) over the value's cell and the standard's cells.

        Anything but a number in `value` gives the text 不适用. `cells` matches `standard()`.
        """

    @abstractmethod
    def standing(self, value: Decimal, measure: Measure) -> Standing:
        """Where the value stands, for explaining one result."""
