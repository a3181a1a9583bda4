"""Bands (分档计分): ordered thresholds, the first that matches gives the points.

In a rule file: `bands: [">=60%: 16", ">=55%: 14", "else: 0"]`. All thresholds look one way, and
the last line is `else`, so that no value falls between two bands. Thresholds may be negative (`>=-5%: 10`).
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise
from typing import Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, GetJsonSchemaHandler, RootModel, model_validator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from appraisal.scheme.methods.method import (
    LineReached,
    Measure,
    Problem,
    ScoringMethod,
    StandardCells,
    StandardRow,
)
from appraisal.scheme.model.units import (
    POINT_DECIMALS,
    Unit,
    in_print,
    number_text,
    refuse_long_number,
    round_half_up,
)

_LINE = re.compile(r"\s*(?:(>=|<=|>|<)\s*(-?\d+(?:\.\d+)?)\s*(%?)|(else))\s*:\s*(-?\d+(?:\.\d+)?)\s*")
_SHAPE = "应写成“>=60%: 16”“<=20: 10”或“else: 0”"
_COMPARE: dict[str, Callable[[Decimal, Decimal], bool]] = {
    ">=": operator.ge,
    ">": operator.gt,
    "<=": operator.le,
    "<": operator.lt,
}
_PRINTED = {">=": "≥", ">": ">", "<=": "≤", "<": "<"}


@lru_cache(maxsize=4096)
def _words(sign: str, threshold: Decimal, unit: Unit, decimals: int) -> str:
    """A slip tells every person of every indicator: the few texts there are need not be made each time."""
    return f"{_PRINTED[sign]}{in_print(threshold, unit, decimals)}"


class Band(BaseModel):
    """One line: the condition and its points. `else` has neither sign nor threshold."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    sign: Literal[">=", ">", "<=", "<"] | None
    threshold: Decimal | None
    in_percent: bool
    points: Decimal

    @model_validator(mode="before")
    @classmethod
    def _from_text(cls, line: Any) -> Any:
        if isinstance(line, dict) and len(line) == 1:  # `else: 0` without quotes is a mapping
            line = ": ".join(str(part) for pair in line.items() for part in pair)
        if not isinstance(line, str) or (match := _LINE.fullmatch(line)) is None:
            raise ValueError(f"看不懂“{line}”，{_SHAPE}")
        refuse_long_number(line)
        sign, number, percent, _, points = match.groups()
        if points.startswith("-"):
            raise ValueError(f"“{line}”：得分不能是负数，最少写 0")
        threshold = None if number is None else Decimal(number) / (100 if percent else 1)
        return {"sign": sign, "threshold": threshold, "in_percent": bool(percent), "points": points}

    @classmethod
    def __get_pydantic_json_schema__(
        cls, _core: CoreSchema, _handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return {
            "description": f"一档：条件和得分，{_SHAPE}；自上而下，先符合者为准",
            "anyOf": [
                {
                    "type": "string",
                    "pattern": r"^\s*((>=|<=|>|<)\s*-?\d+(\.\d+)?\s*%?|else)\s*:\s*\d+(\.\d+)?\s*$",
                },
                {"type": "object", "minProperties": 1, "maxProperties": 1},
            ],
        }

    def holds(self, value: Decimal) -> bool:
        if self.sign is None or self.threshold is None:
            return True
        return _COMPARE[self.sign](value, self.threshold)

    def words(self, measure: Measure) -> str:
        if self.sign is None or self.threshold is None:
            return "其他"
        return _words(self.sign, self.threshold, measure.unit, measure.decimals)


class Bands(RootModel[tuple[Band, ...]], ScoringMethod):
    """自上而下逐档比较，先符合者为准。"""

    model_config = ConfigDict(frozen=True)
    key: ClassVar[str] = "bands"
    title: ClassVar[str] = "分档计分"

    @property
    def higher_is_better(self) -> bool:
        return self.root[0].sign in {">=", ">"}

    @property
    def target(self) -> Decimal | None:
        return self.root[0].threshold

    def problems(self, measure: Measure) -> Iterator[Problem]:
        lines = self.root
        if len(lines) < 2:
            yield Problem((), "至少要有两档：一个条件，和最后的“else: 分数”")
            return
        if lines[-1].sign is not None:
            yield Problem((), "最后一档应为“else: 分数”，否则有的数值没有得分")
        for index, line in enumerate(lines[:-1]):
            if line.sign is None:
                yield Problem((index,), "“else”只能放在最后一档，它下面的各档永远用不上")
        yield from self._problems_of_thresholds(measure)
        yield from self._problems_of_points(measure)

    def _problems_of_thresholds(self, measure: Measure) -> Iterator[Problem]:
        compared = [
            (index, line, line.sign[0], line.threshold)
            for index, line in enumerate(self.root)
            if line.sign is not None and line.threshold is not None
        ]
        for (_, _, way, before), (index, _, own_way, threshold) in pairwise(compared):
            if way != own_way:
                yield Problem((index,), "各档的方向要一致，不能既有“>”又有“<”")
            elif way == ">" and threshold >= before:
                yield Problem((index,), "阈值应逐档变小，否则这一档永远用不上")
            elif way == "<" and threshold <= before:
                yield Problem((index,), "阈值应逐档变大，否则这一档永远用不上")
        for index, line, _, threshold in compared:
            if measure.unit is Unit.PERCENT and not line.in_percent:
                yield Problem((index,), "这项指标以百分比计，阈值要带“%”")
            elif line.in_percent and measure.unit is not Unit.PERCENT:
                yield Problem((index,), "这项指标不是百分比，阈值不要带“%”")
            elif round_half_up(threshold, measure.decimals) != threshold:
                yield Problem((index,), "阈值写得比数值印出来的还细，印出来会看不懂；请减少小数位")

    def _problems_of_points(self, measure: Measure) -> Iterator[Problem]:
        best = max(line.points for line in self.root)
        if best != measure.full:
            yield Problem(
                (), f"最高一档是 {number_text(best)} 分，而这项指标的标准分是 {number_text(measure.full)} 分"
            )
        for index, line in enumerate(self.root):
            if round_half_up(line.points, POINT_DECIMALS) != line.points:
                yield Problem((index,), f"得分最多{POINT_DECIMALS}位小数")
        for index, (before, line) in enumerate(pairwise(self.root), start=1):
            if line.points >= before.points:
                yield Problem(
                    (index,),
                    f"这一档的得分（{number_text(line.points)}）应低于上一档（{number_text(before.points)}）",
                )

    def points(self, value: Decimal, measure: Measure) -> Decimal:
        return next(line.points for line in self.root if line.holds(value))

    def standard(self, measure: Measure) -> tuple[StandardRow, ...]:
        return tuple(StandardRow(line.words(measure), line.threshold, line.points) for line in self.root)

    def points_formula(self, value: str, full: str, cells: Sequence[StandardCells]) -> str:
        text = cells[-1].points
        for line, cell in reversed(list(zip(self.root[:-1], cells[:-1], strict=True))):
            text = f"IF({value}{line.sign}{cell.threshold},{cell.points},{text})"
        return f'=IF(ISNUMBER({value}),{text},"不适用")'

    def line_reached(self, value: Decimal, measure: Measure) -> LineReached:
        index = next(index for index, line in enumerate(self.root) if line.holds(value))
        better = self.root[index - 1] if index else None
        words = self.root[index].words(measure)
        if better is None:
            return LineReached(words)
        return LineReached(words, better.threshold, better.points, better.sign in {">=", "<="})
