"""Parts of a scheme in words: what not every scheme has, and single keys and values of a rule file.

Own parts of reviewers, small samples, grades, single months; `30%`, `100元`, `付款人数 ÷ 询单人数` as `rules diff`
tells them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any, Literal, cast, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from appraisal.scheme.describe.document import Block, Bullets, Heading, Paragraph, TableBlock
from appraisal.scheme.formula.parse import denominator_of
from appraisal.scheme.formula.printing import guard_in_words, in_words
from appraisal.scheme.methods.bands import Band
from appraisal.scheme.methods.method import Measure, ScoringMethod
from appraisal.scheme.model.indicator import Indicator, IndicatorDefinition, Override, methods_given
from appraisal.scheme.model.outcome_rules import OutcomeRule, OutcomeType
from appraisal.scheme.model.scheme import Scheme
from appraisal.scheme.model.tables import Formula, Percentage
from appraisal.scheme.model.units import money, number_text, percent_text


def share_of_the_hundred(indicator: Indicator) -> str:
    """`16分`, or `加减分` of what acts on the final score itself."""
    return f"{number_text(indicator.points)}分" if indicator.counts else indicator.method.title


def who_judges(scheme: Scheme, indicator: Indicator) -> Iterator[str]:
    """The line that says which reviewers judge the indicator; none where all do."""
    carriers = scheme.carriers(indicator.name)
    if len(carriers) < len(scheme.reviewers):
        yield f"谁评：{'、'.join(reviewer.name for reviewer in carriers)}"


def small_sample(indicator: Indicator) -> Iterator[str]:
    """When counts are scored instead of the ratio, and how."""
    few, by_count, tree = indicator.small_sample, indicator.by_count, indicator.expression
    divisor = None if tree is None else denominator_of(tree)
    if few is None or by_count is None or by_count.expression is None or divisor is None:
        return
    lines = _standard_in_words(by_count.method, by_count.measure)
    yield (
        f"样本少时：{in_words(divisor)}不足{number_text(few.under)}的，不看比例，"
        f"改按次数（{in_words(by_count.expression)}）：{lines}"
    )


def _standard_in_words(method: ScoringMethod, measure: Measure) -> str:
    """`≥60.00% 16分；其他 0分`."""
    return "；".join(
        row.words if row.points is None else f"{row.words} {number_text(row.points)}分"
        for row in method.standard(measure)
    )


def totals_in_words(scheme: Scheme) -> Iterator[str]:
    """How the totals are made where 类别 have weights, points come on top, or a reviewer has no weight."""
    if scheme.is_weighted:
        yield "类别有权重的，每类满分100分；每位考核人的合计＝所评各类的得分按类别权重相加。"
        for reviewer in scheme.reviewers:
            parts = "＋".join(
                f"{part.name}×{percent_text(part.weight)}" for part in scheme.parts(reviewer.name)
            )
            yield f"{reviewer.name}合计＝{parts}。"
    for reviewer in scheme.reviewers:
        if not reviewer.weight:
            yield f"{reviewer.name}只供参考，不计入综合得分。"
        if scheme.stands_in_whole(reviewer):
            yield f"{reviewer.name}逾期未评的，以{reviewer.if_absent}的合计代替。"
    if scheme.outside:
        names = "、".join(indicator.name for indicator in scheme.outside)
        yield f"{names}不占标准分，在加权之后计入综合得分；综合得分不低于0分。"


def possible_in_words(scheme: Scheme) -> str:
    """What 可计分 is, which `minimum_points` asks for: the one sentence of every text that speaks of it."""
    if scheme.is_uniform:
        return "可计分指标的标准分合计"
    by = "先按类别权重、再按考核人权重" if scheme.is_weighted else "按考核人权重"
    return f"可计分（每位考核人所评的适用指标占其全部标准分的百分比，{by}相加，满分100）"


def breakers_in_words(scheme: Scheme) -> str:
    """`订单总金额、报表整体质量`, and how several reviewers' marks are compared."""
    named = {indicator.name: indicator for indicator in scheme.indicators}
    several = any(
        named[name].is_judged and len(scheme.carriers(name)) > 1 for name in scheme.ranking.break_by
    )
    return "、".join(scheme.ranking.break_by) + ("（评分按考核人权重合计）" if several else "")


def grades(scheme: Scheme) -> Iterator[Block]:
    """From which score on each grade begins, and its factor."""
    if not scheme.grades:
        return
    yield Paragraph("综合得分的等级：")
    yield TableBlock(
        ("等级", "综合得分", "绩效系数"),
        tuple(
            (
                grade.name,
                "以上各级以外" if grade.from_ is None else f"{number_text(grade.from_)}分及以上",
                "—" if grade.factor is None else number_text(grade.factor),
            )
            for grade in scheme.grades
        ),
    )


def overrides(scheme: Scheme) -> Iterator[Block]:
    """What is laid down for single months, until when."""
    indicators = {indicator.name: indicator for indicator in scheme.indicators}
    for override in scheme.overrides:
        yield Heading(3, f"{override.months}：{override.name}")
        yield Bullets(
            tuple(_changed(override, indicators[name]) for name in override.indicators if name in indicators)
        )


def _changed(override: Override, indicator: Indicator) -> str:
    change = override.indicators[indicator.name]
    words = [] if change.target is None else [f"目标{change.target}"]
    if change.min_denominator is not None:
        words.append(f"样本下限{number_text(change.min_denominator)}")
    measure = override.applied_to(indicator).measure
    words += [_standard_in_words(method, measure) for method in methods_given(change)]
    return f"{indicator.name}：{'；'.join(words)}。到期恢复原标准"


def plausibility(scheme: Scheme) -> Iterator[Block]:
    """Which figures are asked about though they count."""
    limits = scheme.plausibility
    if not scheme.fields:
        return
    yield Paragraph("数据反常的，只提示核对，不影响得分，也不退回：")
    least = f"（前后都不到{number_text(limits.smallest)}的不提示）"
    lines = []
    if limits.months:
        lines = [
            f"比本人前{limits.months}个月中每个月都多或少{number_text(limits.own)}倍以上的{least}",
            f"两项平时相差{number_text(limits.swapped)}倍以上、这次像是填颠倒了的",
            f"与前{limits.months}个月中某个月有{percent_text(limits.same)}以上的数相同的",
        ]
    yield Bullets((*lines, f"本人以前没有数，与同组绝大多数人相差{number_text(limits.group)}倍以上的{least}"))


def title_of(field: FieldInfo) -> str:
    """What a key is called: `轻重` of `轻重：error 退回，warning 只提示`."""
    return (field.description or "").partition("：")[0]


def _words_of_choices(field: FieldInfo) -> Mapping[str, str]:
    """The meaning of each choice of a key, in the key's own order; nothing where it has no choices."""
    extra = field.json_schema_extra
    if not isinstance(extra, Mapping):
        return {}
    return dict(zip(_choices(field.annotation), cast("list[str]", extra["enumDescriptions"]), strict=True))


def _choices(annotation: Any) -> Iterator[str]:
    """Every text that an enumeration or a `Literal`, optional or not, allows."""
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        yield from (str(choice.value) for choice in annotation)
    elif get_origin(annotation) is Literal:
        yield from (choice for choice in get_args(annotation) if isinstance(choice, str))
    else:
        for inner in get_args(annotation):
            yield from _choices(inner)


_POINTS = frozenset({"points", "gives", "change", "floor", "minimum_points"})


@dataclass(frozen=True, slots=True)
class Key:
    """A key of a rule file: its name in the model, and what the model says of it."""

    name: str
    field: FieldInfo

    @property
    def title(self) -> str:
        return title_of(self.field) or self.name


def value_in_words(value: Any, key: Key, measure: Measure | None = None) -> str:
    """The value of a key in words; `measure` is that of the indicator which it belongs to."""
    match value:
        case None:
            return "不写"
        case bool():
            return "是" if value else "否"
        case date():
            return f"{value.year}年{value.month}月{value.day}日"
        case Decimal() | int():
            return _number_words(Decimal(value), key)
        case str():
            return _text_words(value, key)
        case BaseModel():
            return model_in_words(value, measure)
        case Mapping():
            return (
                "；".join(f"{name}：{value_in_words(entry, key, measure)}" for name, entry in value.items())
                or "无"
            )
        case _:
            return _list_words(tuple(value), key, measure)


def _number_words(value: Decimal, key: Key) -> str:
    if _is_of(Percentage, key.field):
        return percent_text(value)
    if key.name == "amount":
        return money(value)
    return number_text(value) + ("分" if key.name in _POINTS else "人" if key.name == "minimum" else "")


def _text_words(value: str, key: Key) -> str:
    choices = _words_of_choices(key.field)
    if value in choices:
        return choices[value]
    if _is_of(Formula, key.field):
        return guard_in_words(value)
    if key.name == "when":
        return OutcomeRule.model_construct(when=value, do=OutcomeType.REWARD).condition
    if key.name == "within":
        return value.replace(" days", "天内")
    return f"“{value}”"


def _list_words(values: tuple[Any, ...], key: Key, measure: Measure | None) -> str:
    if len(values) == 2 and all(isinstance(number, Decimal) for number in values):
        return f"{number_text(values[0])} 到 {number_text(values[1])}"
    return "、".join(value_in_words(value, key, measure) for value in values) or "无"


def _is_of(annotated: Any, field: FieldInfo) -> bool:
    """Whether a key holds such a value, or may: both carry the marks of the annotation."""
    marks = annotated.__metadata__
    inner = [
        mark for argument in get_args(field.annotation) for mark in getattr(argument, "__metadata__", ())
    ]
    return any(mark in (*field.metadata, *inner) for mark in marks)


def model_in_words(part: BaseModel, measure: Measure | None = None) -> str:
    """A whole part in words: every key that is written and says something, except its name."""
    if isinstance(part, Band):
        return f"{condition_in_words(part, measure)} 得{number_text(part.points)}分"
    if isinstance(part, IndicatorDefinition):
        measure = part.measure
    if isinstance(part, ScoringMethod) and measure is not None and "root" in type(part).model_fields:
        return _standard_in_words(part, measure)
    words = []
    for name, field in type(part).model_fields.items():
        value = getattr(part, name)
        if name != "name" and value not in (None, (), field.default):
            key = Key(name, field)
            words.append(f"{key.title}{value_in_words(value, key, measure)}")
    return "，".join(words)


def condition_in_words(band: Band, measure: Measure | None) -> str:
    """`≥55.00%`, as the indicator prints it."""
    if measure is not None:
        return band.words(measure)
    return "其他" if band.threshold is None else f"{band.sign}{number_text(band.threshold)}"
