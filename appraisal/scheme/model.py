"""The model of a rule file: what a scheme is made of. Loading with positions is in `loading.py`.

Every description here is what editors show over a key and what the grammar page prints.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema, create_model

from appraisal.scheme.formula import Expression, FormulaError, parse
from appraisal.scheme.methods import METHODS, ScoringMethod
from appraisal.scheme.methods.method import Measure, NumberText, number_in
from appraisal.scheme.period import Period
from appraisal.scheme.units import Unit, decimals_of


class Definition(BaseModel):
    """Part of a rule file: unknown keys are refused, and nothing changes once it is read."""

    model_config = ConfigDict(extra="forbid", frozen=True, ignored_types=(cached_property,))


def _percentage(written: Any) -> Any:
    if isinstance(written, str) and (match := re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*%\s*", written)):
        return Decimal(match[1]) / 100
    raise ValueError(f"应写成百分数，例如 30%，现在是“{written}”")


Percentage = Annotated[
    Decimal,
    BeforeValidator(_percentage),
    WithJsonSchema({"type": "string", "pattern": r"^\d+(\.\d+)?%$"}),
]


def _readable_formula(written: Any) -> Any:
    if isinstance(written, int | float | Decimal) and not isinstance(written, bool):
        written = str(written)
    if not isinstance(written, str):
        raise ValueError(f"应为公式，现在是“{written}”")
    try:
        parse(written)
    except FormulaError as error:
        raise ValueError(error.sentence) from None
    return written


Formula = Annotated[str, BeforeValidator(_readable_formula)]


FieldName = Annotated[
    str, Field(pattern=r"^[^\W\d][\w→·]*$", description="名称：汉字或字母开头，不含空格和符号")
]
SheetName = Annotated[
    str, Field(pattern=r"^[^\W\d][\w→·]{0,30}$", description="工作表名称：最多31个字，不含空格和符号")
]
Points = Annotated[Decimal, Field(gt=0, decimal_places=2)]
WholeNumber = Annotated[int, Field(strict=True)]


class FieldType(StrEnum):
    """What a cell of a column holds."""

    COUNT = "count"
    MONEY = "money"
    DURATION = "duration"
    NUMBER = "number"
    PERCENT = "percent"


class DataField(Definition):
    """数据表的一列，或一个全组共用的数。"""

    name: FieldName
    type: FieldType = Field(description="类型：count 整数，money 元，duration 秒，number 数，percent 百分数")
    unit: str | None = Field(None, description="单位：印在表头括号里，例如 秒")
    aliases: tuple[str, ...] = Field((), description="别名：软件导出表里的其他叫法，读表时同样认得")
    required: bool = Field(True, description="必填：参评人员是否必须有这个数")
    between: tuple[Decimal, Decimal] | None = Field(
        None, description="允许范围：最小值和最大值，例如 [1, 3600]"
    )
    band: str | None = Field(None, description="色带：填报表上方分组的名称，例如 旺旺沟通")
    source: str | None = Field(None, description="出处：表头下的灰色小字，在常用软件里叫什么、在哪里找")
    hint: str | None = Field(None, description="提示：选中单元格时显示，例如 没有填0，不要空")
    example: Decimal | None = Field(None, description="示例：填写说明里示例行的数")


class Check(Definition):
    """一行数据自身应当成立的关系。"""

    that: Formula = Field(description="关系：比较式，例如 付款人数 <= 下单人数")
    say: str = Field(description="说明：不成立时对填表人说的话")
    level: Literal["error", "warning"] = Field("error", description="轻重：error 退回，warning 只提示")


class DataTable(Definition):
    """一张数据工作表，每人一行。"""

    fields: tuple[DataField, ...] = Field((), description="各列：按填报表上的顺序")
    group_fields: tuple[DataField, ...] = Field((), description="全组共用的数：填在表头上方，每组一个")
    checks: tuple[Check, ...] = Field((), description="逐行核对：一行数据自身应当成立的关系")


class IndicatorDefinition(Definition):
    """一项考核指标：含义、标准分、数值从哪里来、怎么得分。"""

    name: FieldName
    points: Points = Field(description="标准分：满分，最多两位小数")
    meaning: str = Field(description="含义：这项指标考核什么，一句话")
    source: str | None = Field(None, description="数据来源")
    value: Formula | None = Field(
        None, description="公式：数值怎么算，例如 付款人数 / 询单人数；考核人评分的指标不写"
    )
    unit: Unit | None = Field(
        None,
        description="数值的单位：percent 百分比，ratio 比值，duration 秒，money 元，count 次数，number 数",
    )
    decimals: WholeNumber | None = Field(
        None, ge=0, le=6, description="小数位数：数值保留几位小数（百分比按比值算）；不写按单位的规定"
    )
    min_denominator: Decimal | None = Field(
        None, gt=0, description="样本下限：公式的分母小于这个数时样本太少，本项不适用（不计分）"
    )
    target: NumberText | None = Field(
        None, description="目标值：印在通报和整改方案里，例如 55%；不写取最高一档"
    )

    @cached_property
    def method(self) -> ScoringMethod:
        """The one scoring method that the rule file gives."""
        given: list[ScoringMethod | None] = [getattr(self, key) for key in METHODS]
        return next(method for method in given if method is not None)

    @property
    def is_judged(self) -> bool:
        return any(method.by_reviewers for key, method in METHODS.items() if getattr(self, key) is not None)

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
        return number_in(self.target)


if TYPE_CHECKING:

    class Indicator(IndicatorDefinition):
        """An indicator with one optional key per scoring method."""

else:
    Indicator = create_model(
        "Indicator",
        __base__=IndicatorDefinition,
        __doc__=IndicatorDefinition.__doc__,
        **{
            key: (method | None, Field(None, description=f"{method.title}：{method.__doc__}"))
            for key, method in METHODS.items()
        },
    )


class Section(Definition):
    """类别：若干指标，或再分一层类别。"""

    name: FieldName
    sections: tuple[Section, ...] = Field((), description="下一层类别：最多两层")
    indicators: tuple[Indicator, ...] = Field((), description="指标：本类别直接包含的指标")

    @property
    def all_indicators(self) -> tuple[Indicator, ...]:
        inner = (one for section in self.sections for one in section.all_indicators)
        return (*self.indicators, *inner)


class Remark(Definition):
    """评分表上不计分的一栏。"""

    name: FieldName
    type: Literal["text", "grade"] = Field("text", description="类型：text 文字，grade 突出/良好/一般/待提升")
    place: Literal["before", "after"] = Field(
        "after", description="位置：before 在各项评分之前，after 在之后"
    )
    hint: str | None = Field(None, description="提示：选中单元格时显示")


class Reviewer(Definition):
    """考核人：谁评、占多少、评什么。"""

    name: FieldName
    weight: Percentage = Field(description="权重：例如 30%，全部考核人合计 100%")
    focus: str = Field(description="考核重点：印在表上")
    sheet: SheetName | None = Field(None, description="评分表：工作表的名称，最多31个字；不写则与考核人同名")
    instruction: str | None = Field(None, description="填写说明：印在评分表顶部的一句话")
    if_absent: str | None = Field(None, description="缺评时：逾期未评的，按哪位考核人的评分计")
    remarks: tuple[Remark, ...] = Field((), description="附栏：不计分的栏目")

    @property
    def sheet_name(self) -> str:
        return self.sheet or self.name


class Ranking(Definition):
    """排名的规则。"""

    ties: Literal["competition", "dense"] = Field(
        "competition", description="并列排法：competition 1-2-2-4，dense 1-2-2-3"
    )
    minimum_points: Decimal = Field(
        Decimal(60), ge=0, description="排名门槛：可计分指标的标准分合计低于这个数时不参与排名"
    )
    break_by: tuple[str, ...] = Field(
        (), description="同分比较：同分时依次比较的指标，只定次序和奖励，不定扣减"
    )


class OutcomeType(StrEnum):
    """What follows from a rank."""

    REWARD = "reward"
    DEDUCT = "deduct"
    RECTIFICATION = "rectification"
    CONSIDER_TRANSFER = "consider_transfer"


_WHEN = re.compile(r"first|last|bottom [1-9]\d*|last [2-9] months running")
_WITHIN = re.compile(r"([1-9]\d*) days")


class OutcomeRule(Definition):
    """一条结果运用：什么情况下，做什么。"""

    when: str = Field(
        pattern=f"^({_WHEN.pattern})$",
        description=(
            "条件：first 第一名，last 最后一名，bottom 2 后两名，last 3 months running 连续三个月最后一名"
        ),
    )
    do: OutcomeType = Field(
        description=(
            "事项：reward 奖励，deduct 提成调整，rectification 整改方案，consider_transfer 提请研究调岗"
        )
    )
    amount: Decimal | None = Field(
        None, gt=0, decimal_places=2, description="金额：单位元，reward 和 deduct 必写"
    )
    from_: str | None = Field(
        None, alias="from", description="来源：deduct 从哪个字段中扣，例如 当月提成，金额不超过它"
    )
    within: Annotated[str, Field(pattern=f"^{_WITHIN.pattern}$")] | None = Field(
        None, description="期限：例如 7 days，下发当日不计，遇休息日顺延；rectification 必写"
    )
    clause: str | None = Field(None, description="条款：印在结果运用表上的依据")
    only_if: Formula | None = Field(None, description="限于：只有综合得分满足时才适用，例如 final >= 60")
    unless: Formula | None = Field(None, description="除外：综合得分满足时不适用，例如 final >= 85")
    if_tied: Literal["hold", "each"] = Field(
        "hold", description="并列时：涉及金额的名次有并列，hold 待研究确定，each 每人照发（照扣）"
    )

    @property
    def condition(self) -> str:
        """`when` in words: `综合排名第一名`, `连续3个月综合排名最后一名`."""
        if self.when == "first":
            return "综合排名第一名"
        if self.lowest_places is not None:
            return f"综合排名后{self.lowest_places}名"
        months = f"连续{self.months_running}个月" if self.months_running else ""
        return f"{months}综合排名最后一名"

    @property
    def days(self) -> int | None:
        """The natural days of `within`."""
        match = _WITHIN.fullmatch(self.within or "")
        return int(match[1]) if match else None

    @property
    def lowest_places(self) -> int | None:
        """The n of `bottom n`."""
        return int(self.when.removeprefix("bottom ")) if self.when.startswith("bottom ") else None

    @property
    def months_running(self) -> int | None:
        """The n of `last n months running`."""
        return int(self.when.split()[1]) if self.when.endswith("months running") else None


class Outcomes(Definition):
    """考核结果的运用。"""

    minimum: WholeNumber = Field(4, ge=1, description="最少人数：参加排名的人数少于这个数时，不执行结果运用")
    rules: tuple[OutcomeRule, ...] = Field((), description="各条规定：逐条列出")


class Scheme(Definition):
    """一套考核方案（一个版本）。"""

    scheme: Annotated[str, Field(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$")] = Field(
        description="方案代号：小写字母、数字和连字符，各版本相同"
    )
    name: str = Field(min_length=1, description="方案名称：印在标题上")
    version: WholeNumber = Field(ge=1, description="版本号：每次修改加1")
    effective_from: date = Field(
        ge=date(2000, 1, 1),
        le=date(2999, 12, 31),
        description="考核实施日期：其后第一个完整月份起按本版考核",
    )
    purpose: tuple[str, ...] = Field(min_length=1, description="考核目的：逐条列出")
    scope: str = Field(description="考核范围：哪个组、哪些人")
    interviews: bool = Field(False, description="抽访：填报表是否带“抽访记录”")
    tables: dict[SheetName, DataTable] = Field(min_length=1, description="数据表：工作表的名称，每人一行")
    sections: tuple[Section, ...] = Field(min_length=1, description="考核内容：类别和指标")
    reviewers: tuple[Reviewer, ...] = Field(min_length=1, description="考核人：谁评、占多少")
    ranking: Ranking = Field(Ranking(), description="排名：并列和门槛")
    outcomes: Outcomes = Field(Outcomes(), description="结果运用：名次带来什么")

    @cached_property
    def indicators(self) -> tuple[Indicator, ...]:
        """Every indicator, in the order of reading."""
        return tuple(one for section in self.sections for one in section.all_indicators)

    @cached_property
    def fields(self) -> tuple[DataField, ...]:
        """Every column field of every table."""
        return tuple(field for table in self.tables.values() for field in table.fields)

    @cached_property
    def group_fields(self) -> tuple[DataField, ...]:
        """Every field that the group has once."""
        return tuple(field for table in self.tables.values() for field in table.group_fields)

    @cached_property
    def full_points(self) -> Decimal:
        return sum((one.points for one in self.indicators), Decimal(0))

    @property
    def first_period(self) -> Period:
        """The first full month on or after `effective_from`."""
        period = Period.of(self.effective_from)
        return period if self.effective_from.day == 1 else period.shifted(1)

    def leaves(self) -> Iterator[tuple[str, str | None, Indicator]]:
        """`(类别, 下一层类别 or None, indicator)` in the order of reading."""
        for section in self.sections:
            for one in section.indicators:
                yield section.name, None, one
            for inner in section.sections:
                for one in inner.indicators:
                    yield section.name, inner.name, one

    def judged_by(self) -> tuple[Indicator, ...]:
        """The indicators that reviewers mark."""
        return tuple(one for one in self.indicators if one.is_judged)
