"""Veto (单项否决): once something grave has been counted so often, the final score is at most so high.

In a rule file: `veto: {from: 1, at_most: 59}`: one grave complaint, and the month comes to 59 at most.
It has no points of its own in the 100.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator, Field

from appraisal.scheme.methods.method import (
    Effect,
    LineReached,
    Measure,
    MethodWithKeys,
    Problem,
    StandardCells,
    StandardRow,
)
from appraisal.scheme.model.units import Figure, number_text, round_half_up

NO_LIMIT = "不限"
"""What stands in the workbook where the final score is not limited."""


def _without_percent_sign(written: Any) -> Any:
    if isinstance(written, str) and re.fullmatch(r"\d+(\.\d+)?%", written):
        share = Decimal(written[:-1]) / 100
        raise ValueError(f"“{written}”应写成数，不带“%”；单位是百分比（percent）的，写 {share:f}")
    return written


class Veto(MethodWithKeys):
    """达到规定的次数，综合得分最高只能是规定的分数；没有达到的，不影响得分。"""

    key: ClassVar[str] = "veto"
    title: ClassVar[str] = "单项否决"
    effect: ClassVar[Effect] = Effect.LIMITS

    from_: Annotated[Figure, BeforeValidator(_without_percent_sign)] = Field(
        alias="from", gt=0, description="否决界线：数值达到它就否决，例如 1"
    )
    at_most: Decimal = Field(
        ge=0,
        lt=100,
        decimal_places=2,
        description="最高得分：否决以后综合得分最高多少分，例如 59；写 0 就是整月0分",
    )

    @property
    def target(self) -> Decimal | None:
        return Decimal(0)

    @property
    def higher_is_better(self) -> bool:
        return False

    def problems(self, measure: Measure) -> Iterator[Problem]:
        if round_half_up(self.from_, measure.decimals) != self.from_:
            yield Problem(("from",), "写得比数值印出来的还细，印出来会看不懂；请减少小数位")

    def points(self, value: Decimal, measure: Measure) -> Decimal:
        return Decimal(0)

    def limit(self, value: Decimal) -> Decimal | None:
        return self.at_most if value >= self.from_ else None

    def standard(self, measure: Measure) -> tuple[StandardRow, ...]:
        reached = measure.shown(self.from_)
        return (
            StandardRow(
                f"达到{reached}，综合得分最高{number_text(self.at_most)}分", self.from_, self.at_most
            ),
        )

    def points_formula(self, value: str, full: str, cells: Sequence[StandardCells]) -> str:
        [line] = cells
        return f'=IF(ISNUMBER({value}),IF({value}>={line.threshold},{line.points},"{NO_LIMIT}"),"不适用")'

    def line_reached(self, value: Decimal, measure: Measure) -> LineReached:
        if self.limit(value) is None:
            return LineReached("没有达到否决界线")
        return LineReached(f"达到{measure.shown(self.from_)}，综合得分最高{number_text(self.at_most)}分")
