"""What a rule file says of who judges (reviewers) and of what follows: ranking, grades, rules of 结果运用."""

from __future__ import annotations

import re
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from appraisal.scheme.model.tables import Definition, FieldName, Formula, Percentage, SheetName, WholeNumber
from appraisal.scheme.model.units import MOST_POINTS, choice_field


class Ranking(Definition):
    """排名的规则。"""

    ties: Literal["competition", "dense"] = choice_field(
        "competition", "并列排法", {"competition": "1-2-2-4", "dense": "1-2-2-3"}
    )
    minimum_points: Decimal = Field(
        Decimal(60),
        ge=0,
        le=MOST_POINTS,
        description="排名门槛：可计分（见下）低于这个数时不参与排名",
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


_WHEN = re.compile(r"first|last|bottom [1-9]\d*|last [2-9] months running|grade [^\W_]{1,10}")

_WITHIN = re.compile(r"([1-9]\d*) days")

_MOST_PLACES = 1_000

_MOST_DAYS = 365


def _days_within_a_year(within: str) -> str:
    if int(within.removesuffix(" days")) > _MOST_DAYS:
        raise ValueError(f"期限最多 {_MOST_DAYS} 天")
    return within


def _places_of_a_group(when: str) -> str:
    if when.startswith("bottom ") and int(when.removeprefix("bottom ")) > _MOST_PLACES:
        raise ValueError(f"最多写后 {_MOST_PLACES} 名")
    return when


class OutcomeRule(Definition):
    """一条结果运用：什么情况下，做什么。"""

    when: Annotated[str, AfterValidator(_places_of_a_group)] = Field(
        pattern=f"^({_WHEN.pattern})$",
        description=(
            "条件：first 第一名，last 最后一名，bottom 2 后两名，last 3 months running 连续三个月最后一名，"
            "grade A 等级为A"
        ),
    )
    do: OutcomeType = choice_field(
        ...,
        "事项",
        {
            "reward": "奖励",
            "deduct": "提成调整",
            "rectification": "整改方案",
            "consider_transfer": "提请研究调岗",
        },
    )
    amount: Decimal | None = Field(
        None, gt=0, le=1_000_000, decimal_places=2, description="金额：单位元，reward 和 deduct 必写"
    )
    from_: str | None = Field(
        None, alias="from", description="来源：deduct 从哪个字段中扣，例如 当月提成，金额不超过它"
    )
    within: (
        Annotated[str, Field(pattern=f"^{_WITHIN.pattern}$"), AfterValidator(_days_within_a_year)] | None
    ) = Field(None, description="期限：例如 7 days，下发当日不计，遇休息日顺延；rectification 必写")
    clause: str | None = Field(None, description="条款：印在结果运用表上的依据")
    only_if: Formula | None = Field(None, description="限于：只有综合得分满足时才适用，例如 final >= 60")
    unless: Formula | None = Field(None, description="除外：综合得分满足时不适用，例如 final >= 85")
    if_tied: Literal["hold", "each"] = choice_field(
        "hold",
        "并列时",
        {"hold": "待研究确定", "each": "每人照发（照扣）"},
        lead="涉及金额的名次有并列，",
    )

    @property
    def condition(self) -> str:
        """`when` in words: `综合排名第一名`, `连续3个月综合排名最后一名`."""
        if self.when == "first":
            return "综合排名第一名"
        if self.grade is not None:
            return f"综合得分等级为{self.grade}"
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
    def grade(self) -> str | None:
        """The A of `grade A`."""
        return self.when.removeprefix("grade ") if self.when.startswith("grade ") else None

    @property
    def lowest_places(self) -> int | None:
        """The n of `bottom n`."""
        return int(self.when.removeprefix("bottom ")) if self.when.startswith("bottom ") else None

    @property
    def months_running(self) -> int | None:
        """The n of `last n months running`."""
        return int(self.when.split()[1]) if self.when.endswith("months running") else None


class OutcomeRules(Definition):
    """考核结果的运用。"""

    minimum: WholeNumber = Field(
        4, ge=1, le=10_000, description="最少人数：参加排名的人数少于这个数时，不执行结果运用"
    )
    rules: tuple[OutcomeRule, ...] = Field((), description="各条规定：逐条列出")


class Grade(Definition):
    """一个等级：从多少分起，绩效系数多少。"""

    name: Annotated[str, Field(pattern=r"^[^\W_]{1,10}$")] = Field(
        description="等级：字母或汉字，例如 A、优秀"
    )
    from_: Decimal | None = Field(
        None,
        alias="from",
        ge=0,
        le=MOST_POINTS,
        decimal_places=2,
        description="起点：综合得分从多少分起；最低一级不写",
    )
    factor: Decimal | None = Field(
        None, ge=0, le=10, decimal_places=2, description="绩效系数：供核算绩效工资，例如 1.2；要写就每级都写"
    )


class Remark(Definition):
    """评分表上不计分的一栏。"""

    name: FieldName
    type: Literal["text", "grade"] = choice_field(
        "text", "类型", {"text": "文字", "grade": "突出/良好/一般/待提升"}
    )
    place: Literal["before", "after"] = choice_field(
        "after", "位置", {"before": "在各项评分之前", "after": "在之后"}
    )
    hint: str | None = Field(None, description="提示：选中单元格时显示")


class Reviewer(Definition):
    """考核人：谁评、占多少、评什么。"""

    name: FieldName
    weight: Percentage = Field(
        description="权重：例如 30%，全部考核人合计 100%；0% 的只供参考，不计入综合得分"
    )
    focus: str = Field(description="考核重点：印在表上")
    sheet: SheetName | None = Field(None, description="评分表：工作表的名称，最多31个字；不写则与考核人同名")
    instruction: str | None = Field(None, description="填写说明：印在评分表顶部的一句话")
    if_absent: str | None = Field(None, description="缺评时：逾期未评的，按哪位考核人的评分计")
    remarks: tuple[Remark, ...] = Field((), description="附栏：不计分的栏目")

    @property
    def sheet_name(self) -> str:
        return self.sheet or self.name
