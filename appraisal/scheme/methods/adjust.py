"""Adjust (加减分): a reviewer adds to the final score or takes off it, within a cap, with evidence.

In a rule file: `adjust: {most: 5, least: -5, anchors: ["书面表扬1次加1分", "违反话术1次减1分"]}`. It has no
points of its own in the 100. Anything but 0 needs a line of evidence, or the workbook comes back.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import ClassVar

from pydantic import Field

from appraisal.scheme.methods.method import (
    Anchor,
    Effect,
    LineReached,
    Marking,
    Measure,
    MethodWithKeys,
    Problem,
    StandardCells,
    StandardRow,
)
from appraisal.scheme.model.units import number_text


class Adjust(MethodWithKeys):
    """由考核人在上下限以内加分或减分，直接计入综合得分；不是0分的要写明依据。"""

    key: ClassVar[str] = "adjust"
    title: ClassVar[str] = "加减分"
    by_reviewers: ClassVar[bool] = True
    effect: ClassVar[Effect] = Effect.ADDS

    most: Decimal = Field(ge=0, le=50, decimal_places=1, description="最多加分：不加分的写 0")
    least: Decimal = Field(
        ge=-50, le=0, decimal_places=1, description="最多减分：写负数，例如 -5；不减分的写 0"
    )
    anchors: tuple[Anchor, ...] = Field(min_length=1, description="加减分参照：逐条印在评分表和评分标准上")

    def problems(self, measure: Measure) -> Iterator[Problem]:
        if self.most == self.least == 0:
            yield Problem(("most",), "最多加分和最多减分都是 0，这一项永远用不上")

    def marking(self, measure: Measure) -> Marking:
        return Marking(self.least, self.most, ordinary=(Decimal(0), Decimal(0)))

    def points(self, value: Decimal, measure: Measure) -> Decimal:
        return min(self.most, max(self.least, value))

    def mark_in_words(self, mark: Decimal, measure: Measure) -> str:
        points = self.points(mark, measure)
        return "不加不减" if not points else f"{'加' if points > 0 else '减'}{number_text(abs(points))}分"

    def standard(self, measure: Measure) -> tuple[StandardRow, ...]:
        return (
            StandardRow(f"最多加{number_text(self.most)}分、减{number_text(-self.least)}分"),
            *map(StandardRow, self.anchors),
        )

    def points_formula(self, value: str, full: str, cells: Sequence[StandardCells]) -> str:
        return f'=IF(ISNUMBER({value}),MIN({self.most:f},MAX({self.least:f},{value})),"不适用")'

    def line_reached(self, value: Decimal, measure: Measure) -> LineReached:
        return LineReached("考核人加减分")
