"""The model of a rule file: what a scheme is made of. Loading with positions is in `loading.py`.

Every description here is what editors show over a key and what the grammar page prints.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Any, Literal, TypeVar, cast

from pydantic import Field

from appraisal.scheme.definitions import Definition, FieldName, Formula, Percentage, SheetName, WholeNumber
from appraisal.scheme.indicator import Indicator, Override
from appraisal.scheme.period import Period

_Definition = TypeVar("_Definition", bound=Definition)

__all__ = [
    "Check",
    "DataField",
    "DataTable",
    "FieldType",
    "Grade",
    "Indicator",
    "OutcomeRule",
    "OutcomeType",
    "Outcomes",
    "Override",
    "Part",
    "Ranking",
    "Remark",
    "Reviewer",
    "Scheme",
    "Section",
]


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
    level: Literal["error", "warning"] = Field("error", description="轻重：error 退回，warning 只提示")


class DataTable(Definition):
    """一张数据工作表，每人一行。"""

    fields: tuple[DataField, ...] = Field((), description="各列：按填报表上的顺序")
    group_fields: tuple[DataField, ...] = Field((), description="全组共用的数：填在表头上方，每组一个")
    checks: tuple[Check, ...] = Field((), description="逐行核对：一行数据自身应当成立的关系")


class Section(Definition):
    """类别：若干指标，或再分一层类别。"""

    name: FieldName
    weight: Percentage | None = Field(
        None, description="类别权重：在考核人的合计里占多少，例如 60%；只写在最外层，要写就每类都写"
    )
    by: tuple[str, ...] = Field((), description="谁评：只由哪几位考核人评；不写则人人评")
    sections: tuple[Section, ...] = Field((), description="下一层类别：最多两层")
    indicators: tuple[Indicator, ...] = Field((), description="指标：本类别直接包含的指标")

    @property
    def all_indicators(self) -> tuple[Indicator, ...]:
        inner = (one for section in self.sections for one in section.all_indicators)
        return (*self.indicators, *inner)

    def reviewers_by_indicator(self, above: tuple[str, ...] = ()) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Each indicator's name and who is named to judge it: by itself, else by the nearest 类别."""
        here = self.by or above
        for one in self.indicators:
            yield one.name, one.by or here
        for section in self.sections:
            yield from section.reviewers_by_indicator(here)


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


_WHEN = re.compile(r"first|last|bottom [1-9]\d*|last [2-9] months running|grade [^\W_]{1,10}")
_WITHIN = re.compile(r"([1-9]\d*) days")


class OutcomeRule(Definition):
    """一条结果运用：什么情况下，做什么。"""

    when: str = Field(
        pattern=f"^({_WHEN.pattern})$",
        description=(
            "条件：first 第一名，last 最后一名，bottom 2 后两名，last 3 months running 连续三个月最后一名，"
            "grade A 等级为A"
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


class Outcomes(Definition):
    """考核结果的运用。"""

    minimum: WholeNumber = Field(4, ge=1, description="最少人数：参加排名的人数少于这个数时，不执行结果运用")
    rules: tuple[OutcomeRule, ...] = Field((), description="各条规定：逐条列出")


class Grade(Definition):
    """一个等级：从多少分起，绩效系数多少。"""

    name: Annotated[str, Field(pattern=r"^[^\W_]{1,10}$")] = Field(
        description="等级：字母或汉字，例如 A、优秀"
    )
    from_: Decimal | None = Field(
        None, alias="from", ge=0, decimal_places=2, description="起点：综合得分从多少分起；最低一级不写"
    )
    factor: Decimal | None = Field(
        None, ge=0, le=10, decimal_places=2, description="绩效系数：供核算绩效工资，例如 1.2；要写就每级都写"
    )


@dataclass(frozen=True, slots=True)
class Part:
    """What one reviewer judges of one 类别 (or of all): its weight in the total, and the indicators."""

    name: str
    weight: Decimal
    indicators: tuple[Indicator, ...]

    @property
    def full(self) -> Decimal:
        return sum((one.points for one in self.indicators), Decimal(0))


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
    rows_are: Annotated[str, Field(pattern=r"^[^\W\d_]{1,8}$")] | None = Field(
        None,
        description="每行考核谁：不写是员工（工号、姓名）；写 班组 则表头为班组编号、班组名称，按个计数",
    )
    interviews: bool = Field(False, description="抽访：填报表是否带“抽访记录”")
    tables: dict[SheetName, DataTable] = Field(min_length=1, description="数据表：工作表的名称，每人一行")
    sections: tuple[Section, ...] = Field(min_length=1, description="考核内容：类别和指标")
    reviewers: tuple[Reviewer, ...] = Field(min_length=1, description="考核人：谁评、占多少")
    ranking: Ranking = Field(Ranking(), description="排名：并列和门槛")
    grades: tuple[Grade, ...] = Field((), description="等级：按综合得分从高到低分等，可以不写")
    outcomes: Outcomes = Field(Outcomes(), description="结果运用：名次带来什么")
    overrides: tuple[Override, ...] = Field(
        (), description="另行规定：某几个月的分档和目标，例如大促月，到期恢复"
    )

    @cached_property
    def indicators(self) -> tuple[Indicator, ...]:
        """Every indicator, in the order of reading."""
        return tuple(one for section in self.sections for one in section.all_indicators)

    @cached_property
    def fields(self) -> tuple[DataField, ...]:
        """Every column field of every table."""
        return tuple(field for table in self.tables.values() for field in table.fields)

    @cached_property
    def _fields_by_name(self) -> Mapping[str, DataField]:
        return {field.name: field for field in self.fields}

    def field_named(self, name: str) -> DataField | None:
        """The column field of that name, in whichever table; None where there is none."""
        return self._fields_by_name.get(name)

    @cached_property
    def group_fields(self) -> tuple[DataField, ...]:
        """Every field that the group has once."""
        return tuple(field for table in self.tables.values() for field in table.group_fields)

    @cached_property
    def counted(self) -> tuple[Indicator, ...]:
        """The indicators whose points are part of the 100."""
        return tuple(one for one in self.indicators if one.counts)

    @cached_property
    def outside(self) -> tuple[Indicator, ...]:
        """加减分 and 单项否决: what acts on the final score itself."""
        return tuple(one for one in self.indicators if not one.counts)

    @cached_property
    def counted_sections(self) -> tuple[Section, ...]:
        """The top 类别 that hold points of the 100."""
        return tuple(one for one in self.sections if any(inside.counts for inside in one.all_indicators))

    @cached_property
    def full_points(self) -> Decimal:
        return sum((one.points for one in self.counted), Decimal(0))

    @property
    def people(self) -> str:
        """What the appraised are counted in: 人, or 个班组."""
        return "人" if self.rows_are is None else f"个{self.rows_are}"

    @cached_property
    def superior(self) -> str:
        """Who hands out slips and gets plans: the weightiest reviewer who cannot be absent, the later of two."""
        present = [one for one in self.reviewers if one.if_absent is None] or self.reviewers
        return max(reversed(present), key=lambda one: one.weight).name

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

    def judged_by(self, reviewer: str | None = None) -> tuple[Indicator, ...]:
        """The indicators that reviewers mark, or those that this one marks."""
        judged = (one for one in self.indicators if one.is_judged)
        return tuple(
            one
            for one in judged
            if reviewer is None or reviewer in {by.name for by in self.carriers(one.name)}
        )

    @cached_property
    def _named(self) -> Mapping[str, tuple[str, ...]]:
        return {name: by for section in self.sections for name, by in section.reviewers_by_indicator() if by}

    @cached_property
    def _carriers(self) -> Mapping[str, tuple[Reviewer, ...]]:
        everyone = tuple(one.name for one in self.reviewers)
        return {
            one.name: tuple(by for by in self.reviewers if by.name in self._named.get(one.name, everyone))
            for one in self.indicators
        }

    @cached_property
    def _weights(self) -> Mapping[str, tuple[tuple[str, Decimal], ...]]:
        return {name: tuple((by.name, by.weight) for by in given) for name, given in self._carriers.items()}

    def carriers(self, indicator: str) -> tuple[Reviewer, ...]:
        """Whose form the indicator stands on, in the order of the reviewers."""
        return self._carriers[indicator]

    def weigh(self, indicator: str, points: Mapping[str, Decimal]) -> Decimal:
        """The points that several reviewers give, by the weights of those who give them; not rounded."""
        total = weighted = Decimal(0)
        for name, weight in self._weights[indicator]:
            if name in points:
                total += weight
                weighted += weight * points[name]
        return weighted if total == 1 or not total else weighted / total

    @cached_property
    def is_weighted(self) -> bool:
        """Whether 类别 have weights of their own; each is then a table of 100 points."""
        return any(section.weight is not None for section in self.sections)

    @cached_property
    def is_uniform(self) -> bool:
        """Whether every reviewer's total is made of all the points alike, as in most schemes."""
        return not self.is_weighted and all(
            len(self.carriers(one.name)) == len(self.reviewers) for one in self.counted
        )

    def parts(self, reviewer: str) -> tuple[Part, ...]:
        """What a reviewer's total is made of: one part, or one for each weighted 类别 with anything in it."""
        return self._parts[reviewer]

    @cached_property
    def _parts(self) -> Mapping[str, tuple[Part, ...]]:
        return {one.name: tuple(self._parts_of(one.name)) for one in self.reviewers}

    def _parts_of(self, reviewer: str) -> Iterator[Part]:
        def carried(indicators: tuple[Indicator, ...]) -> tuple[Indicator, ...]:
            names = {
                one.name for one in self.counted if reviewer in {by.name for by in self.carriers(one.name)}
            }
            return tuple(one for one in indicators if one.name in names)

        if not self.is_weighted:
            yield Part("", Decimal(1), carried(self.indicators))
            return
        for section in self.sections:
            inside = carried(section.all_indicators)
            if inside:
                yield Part(section.name, section.weight or Decimal(0), inside)

    def stands_in_whole(self, reviewer: Reviewer) -> bool:
        """Whether, when the reviewer is absent, the stand-in's total counts instead: they share no marks."""
        if reviewer.if_absent is None:
            return False
        own = {one.name for one in self.judged_by(reviewer.name)}
        return not own <= {one.name for one in self.judged_by(reviewer.if_absent)}

    def grade_of(self, final: Decimal | None) -> Grade | None:
        """The first grade whose start the final score reaches; None without grades or score."""
        if final is None:
            return None
        return next((one for one in self.grades if one.from_ is None or final >= one.from_), None)

    def override_in(self, period: Period) -> Override | None:
        """What is laid down for this month alone; None in an ordinary month."""
        return next((one for one in self.overrides if one.covers(period)), None)

    def in_month(self, period: Period) -> Scheme:
        """The scheme as it is in a month, with that month's bands and targets."""
        override = self.override_in(period)
        if override is None:
            return self
        return _with(self, sections=tuple(_overridden(one, override) for one in self.sections))


def _overridden(section: Section, override: Override) -> Section:
    return _with(
        section,
        indicators=tuple(override.applied_to(one) for one in section.indicators),
        sections=tuple(_overridden(one, override) for one in section.sections),
    )


def _with(part: _Definition, **changes: Any) -> _Definition:
    """A copy with changes; nothing that was worked out from the former content comes along."""
    fields = {name: getattr(part, name) for name in type(part).model_fields}
    return cast(_Definition, type(part).model_construct(**(fields | changes)))
