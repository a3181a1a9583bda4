"""What a rule file says of data: tables, their fields, the checks that a row must hold, what is implausible.

Before them, what every part of a rule file shares: strict keys, and how percentages, formulas and names are written.
"""

from __future__ import annotations

import re
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Any, Literal, Self, cast

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from appraisal.scheme.formula.parse import FormulaError, parse
from appraisal.scheme.model.units import MOST_POINTS, Figure, choice_field, refuse_long_number


class Definition(BaseModel):
    """Part of a rule file: unknown keys are refused, and nothing changes once it is read."""

    model_config = ConfigDict(extra="forbid", frozen=True, ignored_types=(cached_property,))

    def changed(self, **changes: Any) -> Self:
        """A copy with changes; nothing that was worked out from the former content comes along."""
        fields = {name: getattr(self, name) for name in type(self).model_fields}
        return cast("Self", self.model_construct(**(fields | changes)))


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
    return refuse_long_number(written)


Formula = Annotated[str, BeforeValidator(_readable_formula)]

FieldName = Annotated[
    str,
    Field(pattern=r"^[^\W\d][\w→·]*$", max_length=40, description="名称：汉字或字母开头，不含空格和符号"),
]

SheetName = Annotated[
    str, Field(pattern=r"^[^\W\d][\w→·]{0,30}$", description="工作表名称：最多31个字，不含空格和符号")
]

Points = Annotated[Decimal, Field(gt=0, le=MOST_POINTS, decimal_places=2)]

Alias = Annotated[str, Field(max_length=40)]

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
    type: FieldType = choice_field(
        ..., "类型", {"count": "整数", "money": "元", "duration": "秒", "number": "数", "percent": "百分数"}
    )
    unit: str | None = Field(None, description="单位：印在表头括号里，例如 秒")
    aliases: tuple[Alias, ...] = Field(
        (), max_length=50, description="别名：软件导出表里的其他叫法，读表时同样认得"
    )
    required: bool = Field(True, description="必填：参评人员是否必须有这个数")
    between: tuple[Figure, Figure] | None = Field(
        None, description="允许范围：最小值和最大值，例如 [1, 3600]"
    )
    band: str | None = Field(None, description="色带：填报表上方分组的名称，例如 旺旺沟通")
    source: str | None = Field(None, description="出处：表头下的灰色小字，在常用软件里叫什么、在哪里找")
    hint: str | None = Field(None, description="提示：选中单元格时显示，例如 没有填0，不要空")
    example: Figure | None = Field(None, description="示例：填写说明里示例行的数")
    carried: bool = Field(
        False, description="沿用：下月空白表里先填上本月的数，可以改，例如 个人月目标；默认 false"
    )
    weighted_by: str | None = Field(
        None,
        description="加权：导入的数据分成几行（每天一行、几个账号）时，按哪一列加权平均，例如 接待人数；不写的平均数不合并",
    )


class Check(Definition):
    """一行数据自身应当成立的关系。"""

    that: Formula = Field(description="关系：比较式，例如 付款人数 <= 下单人数")
    say: str = Field(description="说明：不成立时对填表人说的话")
    level: Literal["error", "warning"] = choice_field("error", "轻重", {"error": "退回", "warning": "只提示"})


class DataTable(Definition):
    """一张数据工作表，每人一行。"""

    fields: tuple[DataField, ...] = Field((), description="各列：按填报表上的顺序")
    group_fields: tuple[DataField, ...] = Field((), description="全组共用的数：填在表头上方，每组一个")
    checks: tuple[Check, ...] = Field((), description="逐行核对：一行数据自身应当成立的关系")


Times = Annotated[Decimal, Field(gt=1, le=1_000_000, decimal_places=2)]


class Plausibility(Definition):
    """反常的数：和以前的月份、同组的人比差得太远的，提示核对；不影响得分，也不退回。"""

    months: WholeNumber = Field(6, ge=0, le=12, description="月数：与最近几个月比；0 不与以前的月份比")
    own: Times = Field(Decimal(6), description="本人：比本人以前每个月都多（少）几倍的，提示")
    group: Times = Field(
        Decimal(20), description="同组：本人以前没有数的，比同组绝大多数人多（少）几倍的，提示"
    )
    smallest: Figure = Field(
        Decimal(20), description="起点：前后的数都不到它的不提示，数目小，翻几倍是常事；百分数按百分点算"
    )
    swapped: Times = Field(Decimal(3), description="颠倒：两项平时差几倍以上的，才看得出是不是填颠倒了")
    same: Percentage = Field(
        "80%",
        validate_default=True,
        description="雷同：与以前某个月相同的数占多少，提示是不是误用了那个月的表",
    )
