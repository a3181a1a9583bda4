"""Rating (五级评分): each reviewer gives 1 to 5 by described levels; points = full × rating ÷ 5.

In a rule file: `rating: {anchors: {5: 顾客不必重复, 3: 问一次就明白, 1: 多次误解}}`. A 1 or a 5 needs a
line of evidence, or the workbook comes back.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import ClassVar, Literal

from pydantic import Field

from appraisal.scheme.methods.method import (
    Anchor,
    Marking,
    Measure,
    MethodWithKeys,
    Problem,
    StandardCells,
    StandardRow,
)
from appraisal.scheme.model.units import POINT_DECIMALS, number_text, round_half_up

_BEST = 5


class Rating(MethodWithKeys):
    """由每位考核人评1到5分，得分＝标准分×评分÷5；评1分或5分的要写明依据。"""

    key: ClassVar[str] = "rating"
    title: ClassVar[str] = "五级评分"
    by_reviewers: ClassVar[bool] = True

    anchors: Mapping[Literal["5", "4", "3", "2", "1"], Anchor] = Field(
        description="各级标准：5、3、1 必写，4、2 可不写，印在评分表和评分标准上"
    )

    def problems(self, measure: Measure) -> Iterator[Problem]:
        missing = [level for level in ("5", "3", "1") if level not in self.anchors]
        if missing:
            yield Problem(("anchors",), f"没有写{'、'.join(missing)}分的标准，评分时没有依据可比")
        levels = sorted(self.anchors, reverse=True)
        for better, level in pairwise(levels):
            if self.anchors[level] == self.anchors[better]:
                yield Problem(("anchors", level), f"与{better}分的标准写得一样，分不出高低")

    def marking(self, measure: Measure) -> Marking:
        return Marking(Decimal(1), Decimal(_BEST), 0, ordinary=(Decimal(2), Decimal(4)))

    def points(self, value: Decimal, measure: Measure) -> Decimal:
        return round_half_up(Fraction(measure.full) * Fraction(value) / _BEST, POINT_DECIMALS)

    def mark_in_words(self, mark: Decimal, measure: Measure) -> str:
        return f"{number_text(mark)}级，得{number_text(self.points(mark, measure))}分"

    def standard(self, measure: Measure) -> tuple[StandardRow, ...]:
        levels = sorted(self.anchors, reverse=True)
        return tuple(StandardRow(f"{level}级：{self.anchors[level]}") for level in levels)

    def points_formula(self, value: str, full: str, cells: Sequence[StandardCells]) -> str:
        return f'=IF(ISNUMBER({value}),ROUND({full}*{value}/{_BEST},{POINT_DECIMALS}),"不适用")'
