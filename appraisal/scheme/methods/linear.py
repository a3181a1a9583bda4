"""Linear (比例计分): points rise or fall in proportion to the distance from a base value.

In a rule file: `linear: {at: 100%, gives: 10, per: 5%, change: 1}`: 10 points at 100 %, one point
more or less for every 5 percentage points, in proportion; never over the full points, never under
the floor. `better: lower` turns the direction.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import ClassVar, Literal

from pydantic import Field

from appraisal.scheme.methods.method import (
    LineReached,
    Measure,
    MethodWithKeys,
    NumberText,
    Problem,
    StandardCells,
    StandardRow,
    badly_written,
    written_number,
)
from appraisal.scheme.model.units import (
    MOST_POINTS,
    POINT_DECIMALS,
    choice_field,
    number_text,
    round_half_up,
)


class Linear(MethodWithKeys):
    """达到基准得基准分，每好一点加一点、每差一点减一点，最高为标准分，最低不低于保底分。"""

    key: ClassVar[str] = "linear"
    title: ClassVar[str] = "比例计分"

    at: NumberText = Field(description="基准：数值等于它时得基准分，例如 100%")
    gives: Decimal = Field(
        gt=0, le=MOST_POINTS, decimal_places=2, description="基准分：达到基准得几分，不超过标准分"
    )
    per: NumberText = Field(description="步长：数值每相差多少，例如 1%；不足一步的按比例算")
    change: Decimal = Field(
        gt=0, le=MOST_POINTS, decimal_places=2, description="增减：每相差一步，加或减几分"
    )
    better: Literal["higher", "lower"] = choice_field(
        "higher", "方向", {"higher": "越高越好", "lower": "越低越好"}
    )
    floor: Decimal = Field(
        Decimal(0), ge=0, le=MOST_POINTS, decimal_places=2, description="保底分：再差也不低于这个分数"
    )

    @property
    def higher_is_better(self) -> bool:
        return self.better == "higher"

    @property
    def target(self) -> Decimal | None:
        return written_number(self.at)

    def problems(self, measure: Measure) -> Iterator[Problem]:
        yield from badly_written(self.at, "at", measure)
        yield from badly_written(self.per, "per", measure)
        if written_number(self.per) <= 0:
            yield Problem(("per",), "步长应大于 0")
        if self.gives > measure.full:
            yield Problem(("gives",), f"基准分超过了标准分 {number_text(measure.full)} 分")
        if self.floor >= self.gives:
            yield Problem(("floor",), f"保底分应低于基准分 {number_text(self.gives)} 分，否则永远不会减分")

    def points(self, value: Decimal, measure: Measure) -> Decimal:
        better_by = Fraction(value - written_number(self.at)) * (1 if self.higher_is_better else -1)
        exact = Fraction(self.gives) + Fraction(self.change) * better_by / Fraction(written_number(self.per))
        return min(measure.full, max(self.floor, round_half_up(exact, POINT_DECIMALS)))

    def standard(self, measure: Measure) -> tuple[StandardRow, ...]:
        at, per = written_number(self.at), written_number(self.per)
        worse, change = ("低" if self.higher_is_better else "高"), "减"
        if self.gives < measure.full:
            worse, change = "差", "加减"
        return (
            StandardRow(f"基准{measure.shown(at)}", at, self.gives),
            StandardRow(f"每{worse}{measure.shown(per)}{change}", per, self.change),
            StandardRow("最低", None, self.floor),
        )

    def points_formula(self, value: str, full: str, cells: Sequence[StandardCells]) -> str:
        base, step, floor = cells
        better_by = f"{value}-{base.threshold}" if self.higher_is_better else f"{base.threshold}-{value}"
        exact = f"{base.points}+{step.points}*({better_by})/{step.threshold}"
        text = f"MIN({full},MAX({floor.points},ROUND({exact},{POINT_DECIMALS})))"
        return f'=IF(ISNUMBER({value}),{text},"不适用")'

    def line_reached(self, value: Decimal, measure: Measure) -> LineReached:
        points, base = self.points(value, measure), written_number(self.at)
        if points == measure.full:
            return LineReached("已得满分")
        words = f"{measure.shown(base)}得{number_text(self.gives)}分，按比例"
        if points < self.gives:
            return LineReached(words, base, self.gives)
        best = self._value_for_full(measure)
        return LineReached(words, best, self.points(best, measure))

    def _value_for_full(self, measure: Measure) -> Decimal:
        """The nearest printed value that earns the full points."""
        sign = 1 if self.higher_is_better else -1
        steps = Fraction(measure.full - self.gives) / Fraction(self.change)
        exact = Fraction(written_number(self.at)) + sign * steps * Fraction(written_number(self.per))
        best = round_half_up(exact, measure.decimals)
        if self.points(best, measure) < measure.full:
            best += sign * Decimal(1).scaleb(-measure.decimals)
        return best
