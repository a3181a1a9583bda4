"""The model of a rule file: what a scheme is made of. Reading with positions is in `rulebook.py`.

Every description here is what editors show over a key and what the grammar page prints.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Annotated

from pydantic import Field

from appraisal.period import Period
from appraisal.scheme.methods.method import Place
from appraisal.scheme.model.indicator import Indicator, Override
from appraisal.scheme.model.outcome_rules import (
    Grade,
    OutcomeRules,
    Ranking,
    Reviewer,
)
from appraisal.scheme.model.tables import (
    DataField,
    DataTable,
    Definition,
    FieldName,
    Percentage,
    Plausibility,
    SheetName,
    WholeNumber,
)


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
        inner = (indicator for section in self.sections for indicator in section.all_indicators)
        return (*self.indicators, *inner)

    def reviewers_by_indicator(self, above: tuple[str, ...] = ()) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Each indicator's name and who is named to judge it: by itself, else by the nearest 类别."""
        here = self.by or above
        for indicator in self.indicators:
            yield indicator.name, indicator.by or here
        for section in self.sections:
            yield from section.reviewers_by_indicator(here)


@dataclass(frozen=True, slots=True)
class Part:
    """What one reviewer judges of one 类别 (or of all): its weight in the total, and the indicators."""

    name: str
    weight: Decimal
    indicators: tuple[Indicator, ...]

    @property
    def full(self) -> Decimal:
        return sum((indicator.points for indicator in self.indicators), Decimal(0))


class Scheme(Definition):
    """一套考核方案（一个版本）。"""

    scheme: Annotated[str, Field(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=40)] = Field(
        description="方案代号：小写字母、数字和连字符，各版本相同"
    )
    name: str = Field(min_length=1, max_length=60, description="方案名称：印在标题上")
    version: WholeNumber = Field(ge=1, le=9_999, description="版本号：每次修改加1")
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
    plausibility: Plausibility = Field(
        Plausibility(), description="反常的数：与以前、与同组差多远提示核对；不影响得分，可以不写"
    )
    sections: tuple[Section, ...] = Field(min_length=1, description="考核内容：类别和指标")
    reviewers: tuple[Reviewer, ...] = Field(min_length=1, description="考核人：谁评、占多少")
    ranking: Ranking = Field(Ranking(), description="排名：并列和门槛")
    grades: tuple[Grade, ...] = Field((), description="等级：按综合得分从高到低分等，可以不写")
    outcomes: OutcomeRules = Field(OutcomeRules(), description="结果运用：名次带来什么")
    overrides: tuple[Override, ...] = Field(
        (), description="另行规定：某几个月的分档和目标，例如大促月，到期恢复"
    )

    @cached_property
    def indicators(self) -> tuple[Indicator, ...]:
        """Every indicator, in the order of reading."""
        return tuple(indicator for section in self.sections for indicator in section.all_indicators)

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
        return tuple(indicator for indicator in self.indicators if indicator.counts)

    @cached_property
    def outside(self) -> tuple[Indicator, ...]:
        """加减分 and 单项否决: what acts on the final score itself."""
        return tuple(indicator for indicator in self.indicators if not indicator.counts)

    @cached_property
    def counted_sections(self) -> tuple[Section, ...]:
        """The top 类别 that hold points of the 100."""
        return tuple(
            section
            for section in self.sections
            if any(indicator.counts for indicator in section.all_indicators)
        )

    @cached_property
    def full_points(self) -> Decimal:
        return sum((indicator.points for indicator in self.counted), Decimal(0))

    @property
    def people(self) -> str:
        """What the appraised are counted in: 人, or 个班组."""
        return "人" if self.rows_are is None else f"个{self.rows_are}"

    @cached_property
    def superior(self) -> str:
        """Who hands out slips and gets plans: the weightiest reviewer who cannot be absent, the later of two."""
        present = [reviewer for reviewer in self.reviewers if reviewer.if_absent is None] or self.reviewers
        return max(reversed(present), key=lambda reviewer: reviewer.weight).name

    @property
    def first_period(self) -> Period:
        """The first full month on or after `effective_from`."""
        period = Period.of(self.effective_from)
        return period if self.effective_from.day == 1 else period.shifted(1)

    def leaves(self) -> Iterator[tuple[str, str | None, Indicator]]:
        """`(类别, 下一层类别 or None, indicator)` in the order of reading."""
        for section in self.sections:
            for indicator in section.indicators:
                yield section.name, None, indicator
            for inner in section.sections:
                for indicator in inner.indicators:
                    yield section.name, inner.name, indicator

    def section_paths(self) -> Iterator[tuple[Place, Section]]:
        """Every 类别 with its path in the rule file, each before those inside it."""

        def walk(sections: Sequence[Section], above: Place) -> Iterator[tuple[Place, Section]]:
            for index, section in enumerate(sections):
                place = (*above, "sections", index)
                yield place, section
                yield from walk(section.sections, place)

        return walk(self.sections, ())

    def indicator_paths(self) -> Iterator[tuple[Place, Indicator]]:
        """Every indicator with its path in the rule file."""
        for place, section in self.section_paths():
            for index, indicator in enumerate(section.indicators):
                yield (*place, "indicators", index), indicator

    def judged_by(self, reviewer: str | None = None) -> tuple[Indicator, ...]:
        """The indicators that reviewers mark, or those that this one marks."""
        judged = (indicator for indicator in self.indicators if indicator.is_judged)
        return tuple(
            indicator
            for indicator in judged
            if reviewer is None or reviewer in {by.name for by in self.carriers(indicator.name)}
        )

    @cached_property
    def _named(self) -> Mapping[str, tuple[str, ...]]:
        return {name: by for section in self.sections for name, by in section.reviewers_by_indicator() if by}

    @cached_property
    def _carriers(self) -> Mapping[str, tuple[Reviewer, ...]]:
        everyone = tuple(reviewer.name for reviewer in self.reviewers)
        return {
            indicator.name: tuple(
                by for by in self.reviewers if by.name in self._named.get(indicator.name, everyone)
            )
            for indicator in self.indicators
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
            len(self.carriers(indicator.name)) == len(self.reviewers) for indicator in self.counted
        )

    def parts(self, reviewer: str) -> tuple[Part, ...]:
        """What a reviewer's total is made of: one part, or one for each weighted 类别 with anything in it."""
        return self._parts[reviewer]

    @cached_property
    def _parts(self) -> Mapping[str, tuple[Part, ...]]:
        return {reviewer.name: tuple(self._parts_of(reviewer.name)) for reviewer in self.reviewers}

    def _parts_of(self, reviewer: str) -> Iterator[Part]:
        def carried(indicators: tuple[Indicator, ...]) -> tuple[Indicator, ...]:
            names = {
                indicator.name
                for indicator in self.counted
                if reviewer in {by.name for by in self.carriers(indicator.name)}
            }
            return tuple(indicator for indicator in indicators if indicator.name in names)

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
        own = {indicator.name for indicator in self.judged_by(reviewer.name)}
        return not own <= {indicator.name for indicator in self.judged_by(reviewer.if_absent)}

    def grade_of(self, final: Decimal | None) -> Grade | None:
        """The first grade whose start the final score reaches; None without grades or score."""
        if final is None:
            return None
        return next((grade for grade in self.grades if grade.from_ is None or final >= grade.from_), None)

    def override_in(self, period: Period) -> Override | None:
        """What is laid down for this month alone; None in an ordinary month."""
        return next((override for override in self.overrides if override.covers(period)), None)

    def in_month(self, period: Period) -> Scheme:
        """The scheme as it is in a month, with that month's bands and targets."""
        override = self.override_in(period)
        if override is None:
            return self
        return self.changed(sections=tuple(_overridden(section, override) for section in self.sections))


def _overridden(section: Section, override: Override) -> Section:
    return section.changed(
        indicators=tuple(override.applied_to(indicator) for indicator in section.indicators),
        sections=tuple(_overridden(inner, override) for inner in section.sections),
    )
