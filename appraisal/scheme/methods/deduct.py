"""Deduct (逐次扣分): from the full points for every counted event, never under 0.

In a rule file: `deduct: {each: 2, void_from: 4}`: two points for each event, nothing left from
the fourth event on.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import ROUND_CEILING, Decimal
from typing import ClassVar

from pydantic import Field

from appraisal.scheme.methods.method import (
    LineReached,
    Measure,
    MethodWithKeys,
    Problem,
    StandardCells,
    StandardRow,
)
from appraisal.scheme.model.units import (
    MOST_POINTS,
    POINT_DECIMALS,
    Figure,
    Unit,
    number_text,
    round_half_up,
)


class Deduct(MethodWithKeys):
    """从标准分起，每发生一次扣一定分数，扣完为止。"""

    key: ClassVar[str] = "deduct"
    title: ClassVar[str] = "逐次扣分"

    each: Decimal = Field(gt=0, le=MOST_POINTS, decimal_places=2, description="每次扣分：每发生一次扣几分")
    void_from: Figure | None = Field(
        None, gt=0, description="清零界线：达到这个次数，本项记0分；不写则没有这一条"
    )

    @property
    def target(self) -> Decimal | None:
        return Decimal(0)

    @property
    def higher_is_better(self) -> bool:
        return False

    def problems(self, measure: Measure) -> Iterator[Problem]:
        if measure.unit is Unit.PERCENT:
            yield Problem((), "逐次扣分按次数计，数值不能是百分比（percent）")
        if self.each > measure.full:
            yield Problem(
                ("each",),
                f"一次就扣 {number_text(self.each)} 分，超过了标准分 {number_text(measure.full)} 分",
            )
        if self.void_from is not None and self.each * self.void_from >= measure.full + self.each:
            yield Problem(("void_from",), "还没有到这个数，分数就已经扣完，这一条永远用不上")

    def points(self, value: Decimal, measure: Measure) -> Decimal:
        if self.void_from is not None and value >= self.void_from:
            return Decimal(0)
        lost = self.each * max(value, Decimal(0))
        return max(Decimal(0), round_half_up(measure.full - lost, POINT_DECIMALS))

    def standard(self, measure: Measure) -> tuple[StandardRow, ...]:
        rows = [StandardRow("每发生1次扣", None, self.each)]
        if self.void_from is not None:
            limit = measure.shown(self.void_from)
            rows.append(StandardRow(f"达到{limit}，本项记0分", self.void_from, Decimal(0)))
        return tuple(rows)

    def points_formula(self, value: str, full: str, cells: Sequence[StandardCells]) -> str:
        text = f"MAX(0,ROUND({full}-{cells[0].points}*MAX(0,{value}),{POINT_DECIMALS}))"
        if self.void_from is not None:
            text = f"IF({value}>={cells[1].threshold},{cells[1].points},{text})"
        return f'=IF(ISNUMBER({value}),{text},"不适用")'

    def line_reached(self, value: Decimal, measure: Measure) -> LineReached:
        if value <= 0:
            return LineReached("没有发生")
        words = f"扣{number_text(measure.full - self.points(value, measure))}分"
        empty = measure.full / self.each  # from here on nothing is left
        if self.void_from is not None and value >= self.void_from:
            words = f"达到{measure.shown(self.void_from)}，记0分"
            empty = min(empty, self.void_from)
        better = max((min(value, empty)).to_integral_value(ROUND_CEILING) - 1, Decimal(0))
        return LineReached(words, better, self.points(better, measure))
