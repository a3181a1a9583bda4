"""Deduct (逐次扣分): from the full points for every counted event, never under 0.

In a rule file: `deduct: {each: 2, void_from: 4}`: two points for each event, nothing left from
the fourth event on.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import ClassVar

from pydantic import BaseModel, ConfigDict, Field

from appraisal.scheme.methods.method import (
    Measure,
    Problem,
    ScoringMethod,
    StandardCells,
    StandardRow,
    Standing,
)
from appraisal.scheme.units import in_print, plain, round_half_up


class Deduct(BaseModel, ScoringMethod):
    """从标准分起，每发生一次扣一定分数，扣完为止。"""

    model_config = ConfigDict(extra="forbid", frozen=True)
    key: ClassVar[str] = "deduct"
    title: ClassVar[str] = "逐次扣分"

    each: Decimal = Field(gt=0, description="每一次（每一个单位）扣几分")
    void_from: Decimal | None = Field(None, gt=0, description="达到这个数，本项记0分；不写则没有这一条")

    @property
    def higher_is_better(self) -> bool:
        return False

    def problems(self, measure: Measure) -> Iterator[Problem]:
        if self.each > measure.full:
            yield Problem(("each",), f"一次就扣 {plain(self.each)} 分，超过了标准分 {plain(measure.full)} 分")
        if self.void_from is not None and self.each * self.void_from >= measure.full + self.each:
            yield Problem(("void_from",), "还没有到这个数，分数就已经扣完，这一条永远用不上")

    def points(self, value: Decimal, measure: Measure) -> Decimal:
        if self.void_from is not None and value >= self.void_from:
            return Decimal(0)
        return max(Decimal(0), round_half_up(measure.full - self.each * value, 2))

    def standard(self, measure: Measure) -> tuple[StandardRow, ...]:
        rows = [StandardRow("每发生1次扣", None, self.each)]
        if self.void_from is not None:
            limit = in_print(self.void_from, measure.unit, measure.decimals)
            rows.append(StandardRow(f"达到{limit}，本项记0分", self.void_from, Decimal(0)))
        return tuple(rows)

    def points_formula(self, value: str, full: str, cells: Sequence[StandardCells]) -> str:
        text = f"MAX(0,ROUND({full}-{cells[0].points}*{value},2))"
        if self.void_from is not None:
            text = f"IF({value}>={cells[1].threshold},{cells[1].points},{text})"
        return f'=IF(ISNUMBER({value}),{text},"不适用")'

    def standing(self, value: Decimal, measure: Measure) -> Standing:
        if self.void_from is not None and value >= self.void_from:
            return Standing(f"达到{in_print(self.void_from, measure.unit, measure.decimals)}，记0分")
        if value <= 0:
            return Standing("没有发生")
        one_less = value - 1
        lost = plain(measure.full - self.points(value, measure))
        return Standing(
            f"扣{lost}分", max(one_less, Decimal(0)), self.points(max(one_less, Decimal(0)), measure)
        )
