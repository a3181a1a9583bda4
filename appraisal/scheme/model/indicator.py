"""An indicator: what it measures, by which method it is scored, and what changes in a small sample or a month."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field, create_model

from appraisal.period import Period
from appraisal.scheme.formula.parse import Expression, parse
from appraisal.scheme.methods import METHODS, ScoringMethod
from appraisal.scheme.methods.method import Effect, Measure, NumberText, written_number
from appraisal.scheme.model.tables import Definition, FieldName, Formula, Points, WholeNumber
from appraisal.scheme.model.units import Figure, Unit, choice_field, decimals_of

_METHOD_KEYS: Any = {
    key: (method | None, Field(None, description=f"{method.title}：{method.__doc__}"))
    for key, method in METHODS.items()
}
"""One optional key per scoring method, for every part of a rule file that names one."""


def methods_given(part: Definition) -> list[ScoringMethod]:
    """The scoring methods that this part of the rule file names: one, if it is sound."""
    given = (getattr(part, key) for key in METHODS)
    return [method for method in given if method is not None]


class SmallSampleDefinition(Definition):
    """样本少时的算法：比例靠不住，改按次数计分。"""

    under: Figure = Field(gt=0, description="界线：原公式的分母小于这个数时，改按这里的办法计分")
    value: Formula = Field(description="公式：改看哪个数，按次数计，例如 有责投诉数")


SmallSample: type[SmallSampleDefinition] = create_model(
    "SmallSample", __base__=SmallSampleDefinition, __doc__=SmallSampleDefinition.__doc__, **_METHOD_KEYS
)


class IndicatorDefinition(Definition):
    """一项考核指标：含义、标准分、数值从哪里来、怎么得分。"""

    name: FieldName
    points: Points = Field(
        Decimal(0), description="标准分：满分，最多两位小数；加减分和单项否决不占标准分，不写"
    )
    meaning: str = Field(description="含义：这项指标考核什么，一句话")
    source: str | None = Field(None, description="数据来源")
    by: tuple[str, ...] = Field((), description="谁评：只由哪几位考核人评；不写按类别的规定，都没写则人人评")
    value: Formula | None = Field(
        None, description="公式：数值怎么算，例如 付款人数 / 询单人数；考核人评分的指标不写"
    )
    unit: Unit | None = choice_field(
        None,
        "数值的单位",
        {
            "percent": "百分比",
            "ratio": "比值",
            "duration": "秒",
            "money": "元",
            "count": "次数",
            "number": "数",
        },
    )
    decimals: WholeNumber | None = Field(
        None, ge=0, le=6, description="小数位数：数值保留几位小数（百分比按比值算）；不写按单位的规定"
    )
    min_denominator: Figure | None = Field(
        None, gt=0, description="样本下限：公式的分母小于这个数时样本太少，本项不适用（不计分）"
    )
    target: NumberText | None = Field(
        None, description="目标值：印在通报和整改方案里，例如 55%；不写取最高一档"
    )
    small_sample: SmallSample | None = Field(None, description="样本少时：分母太小时不看比例，改按次数计分")

    @property
    def is_sound(self) -> bool:
        """Whether it has exactly one scoring method; others are told once, and are in no sum."""
        return len(methods_given(self)) == 1

    @cached_property
    def method(self) -> ScoringMethod:
        """The one scoring method that the rule file gives."""
        return next(iter(methods_given(self)))

    @cached_property
    def is_judged(self) -> bool:
        return any(method.by_reviewers for method in methods_given(self))

    @cached_property
    def counts(self) -> bool:
        """Whether its points are part of the 100; others add to the final score, or limit it."""
        return all(method.effect is Effect.EARNS for method in methods_given(self))

    @cached_property
    def expression(self) -> Expression | None:
        """The tree of `value`; None for a judged indicator."""
        return None if self.value is None else parse(self.value)

    @cached_property
    def measure(self) -> Measure:
        unit = self.unit or Unit.NUMBER
        return Measure(self.points, unit, decimals_of(unit) if self.decimals is None else self.decimals)

    @cached_property
    def target_value(self) -> Decimal | None:
        """The value to reach: as given, else as the method says (the best band); None where nothing says."""
        if self.target is None:
            return self.method.target
        return written_number(self.target)

    @cached_property
    def by_count(self) -> Indicator | None:
        """What a small sample is scored by instead of the ratio; None where that makes no difference."""
        few = self.small_sample
        if few is None:
            return None
        [method] = methods_given(few)
        kept = {name: getattr(self, name) for name in ("name", "points", "meaning", "source", "by")}
        by_count: dict[str, Any] = {"value": few.value, "unit": Unit.COUNT, method.key: method}
        return Indicator.model_construct(**kept, **by_count)


if TYPE_CHECKING:

    class Indicator(IndicatorDefinition):
        """An indicator with one optional key per scoring method."""

else:
    Indicator = create_model(
        "Indicator", __base__=IndicatorDefinition, __doc__=IndicatorDefinition.__doc__, **_METHOD_KEYS
    )


MonthText = Annotated[str, Field(pattern=r"^[1-9]\d{3}-(0[1-9]|1[0-2])$")]


class IndicatorOverrideDefinition(Definition):
    """一项指标在这几个月里另行规定的内容，没写的照旧。"""

    target: NumberText | None = Field(None, description="目标值：这几个月的目标值")
    min_denominator: Figure | None = Field(None, gt=0, description="样本下限：这几个月的样本下限")


IndicatorOverride: type[IndicatorOverrideDefinition] = create_model(
    "IndicatorOverride",
    __base__=IndicatorOverrideDefinition,
    __doc__=IndicatorOverrideDefinition.__doc__,
    **_METHOD_KEYS,
)


class Override(Definition):
    """某几个月另行规定的标准，例如大促月；到期自动恢复。"""

    name: str = Field(min_length=1, description="名称：例如 大促月，印在评分标准上")
    from_: MonthText = Field(alias="from", description="起：从哪个考核月份起，例如 2026-11")
    until: MonthText = Field(description="止：到哪个考核月份止（含），例如 2026-12")
    indicators: Mapping[FieldName, IndicatorOverride] = Field(
        min_length=1, description="指标：哪几项指标，改成什么"
    )

    def covers(self, period: Period) -> bool:
        return Period.parse(self.from_) <= period <= Period.parse(self.until)

    @property
    def months(self) -> str:
        """`2026年11月`, `2026年11月至2026年12月`."""
        first, last = (Period.parse(month).in_words for month in (self.from_, self.until))
        return first if first == last else f"{first}至{last}"

    def applied_to(self, indicator: Indicator) -> Indicator:
        """The indicator as it is in these months; the same one where it is not named."""
        change = self.indicators.get(indicator.name)
        if change is None:
            return indicator
        update: dict[str, Any] = {
            key: getattr(change, key)
            for key in ("target", "min_denominator")
            if getattr(change, key) is not None
        }
        for method in methods_given(change):
            update |= dict.fromkeys(METHODS) | {method.key: method}
        return indicator.changed(**update)
