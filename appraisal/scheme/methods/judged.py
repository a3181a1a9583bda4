"""Judged (考核人评分): each reviewer gives a mark from 0 to the full points, one decimal allowed.

In a rule file: `judged: {anchors: ["6分：全部按时上交", "每迟1个报表日减1分"]}`. The anchors are
printed for the reviewers; they do not compute.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import ClassVar

from pydantic import Field

from appraisal.scheme.methods.method import (
    Anchor,
    Measure,
    MethodWithKeys,
    StandardCells,
    StandardRow,
)


class Judged(MethodWithKeys):
    """由每位考核人在 0 分到标准分之间评分，最多一位小数。"""

    key: ClassVar[str] = "judged"
    title: ClassVar[str] = "考核人评分"
    by_reviewers: ClassVar[bool] = True

    anchors: tuple[Anchor, ...] = Field(min_length=1, description="评分参照：逐条印在评分表和评分标准上")

    def points(self, value: Decimal, measure: Measure) -> Decimal:
        return value

    def standard(self, measure: Measure) -> tuple[StandardRow, ...]:
        return tuple(StandardRow(anchor) for anchor in self.anchors)

    def points_formula(self, value: str, full: str, cells: Sequence[StandardCells]) -> str:
        return f'=IF(ISNUMBER({value}),{value},"不适用")'
