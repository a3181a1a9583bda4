"""Judged (考核人评分): each reviewer gives a mark from 0 to the full points, one decimal allowed.

In a rule file: `judged: {anchors: ["6分：全部按时上交", "每迟1个报表日减1分"]}`. The anchors are
printed for the reviewers; they do not compute.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import ClassVar

from pydantic import BaseModel, ConfigDict, Field

from appraisal.scheme.methods.method import (
    Anchor,
    LineReached,
    Measure,
    Problem,
    ScoringMethod,
    StandardCells,
    StandardRow,
)


class Judged(BaseModel, ScoringMethod):
    """由每位考核人在 0 分到标准分之间评分，最多一位小数。"""

    model_config = ConfigDict(extra="forbid", frozen=True)
    key: ClassVar[str] = "judged"
    title: ClassVar[str] = "考核人评分"
    by_reviewers: ClassVar[bool] = True

    anchors: tuple[Anchor, ...] = Field(min_length=1, description="评分参照：逐条印在评分表和评分标准上")

    def problems(self, measure: Measure) -> Iterator[Problem]:
        del measure
        yield from ()

    def points(self, value: Decimal, measure: Measure) -> Decimal:
        del measure
        return value

    def standard(self, measure: Measure) -> tuple[StandardRow, ...]:
        del measure
        return tuple(StandardRow(anchor) for anchor in self.anchors)

    def points_formula(self, value: str, full: str, cells: Sequence[StandardCells]) -> str:
        del full, cells
        return f'=IF(ISNUMBER({value}),{value},"不适用")'

    def line_reached(self, value: Decimal, measure: Measure) -> LineReached:
        del value, measure
        return LineReached("考核人评分")
