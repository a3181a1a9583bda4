"""Keys and values of a rule file in plain Chinese, as `rules diff` tells them: `30%`, `100元`, `付款人数 ÷ 询单人数`.

A key is called what stands before the colon of its description: `轻重：error 退回，warning 只提示`.
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

from appraisal.scheme.formula.parse import parse
from appraisal.scheme.formula.words import in_words
from appraisal.scheme.methods.bands import Band
from appraisal.scheme.methods.method import Measure, ScoringMethod
from appraisal.scheme.model.indicator import IndicatorDefinition
from appraisal.scheme.model.outcome_rules import OutcomeRule, OutcomeType
from appraisal.scheme.model.tables import Formula, Percentage
from appraisal.scheme.model.units import money, number_text


def title_in(description: str) -> str:
    """`轻重` of `轻重：error 退回，warning 只提示`."""
    return description.partition("：")[0]


def title_of(field: FieldInfo) -> str:
    """What a key is called."""
    return title_in(field.description or "")


def words_of_choices(field: FieldInfo) -> Mapping[str, str]:
    """The meaning of each choice of a key, in the key's own order; nothing where it has no choices."""
    extra = field.json_schema_extra
    if not isinstance(extra, Mapping):
        return {}
    return dict(zip(_choices(field.annotation), cast("list[str]", extra["enumDescriptions"]), strict=True))


def _choices(annotation: Any) -> Iterator[str]:
    """Every text that an enumeration or a `Literal`, optional or not, allows."""
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        yield from (str(one.value) for one in annotation)
    elif get_origin(annotation) is Literal:
        yield from (one for one in get_args(annotation) if isinstance(one, str))
    else:
        for inner in get_args(annotation):
            yield from _choices(inner)


NOTHING = "不写"


_POINTS = frozenset({"points", "gives", "change", "floor", "minimum_points", "cap", "per_event"})


_PEOPLE = frozenset({"minimum"})


@dataclass(frozen=True, slots=True)
class Key:
    """A key of a rule file: its name in the model, and what the model says of it."""

    name: str
    field: FieldInfo

    @property
    def title(self) -> str:
        return title_of(self.field) or self.name


def value_words(value: Any, key: Key, measure: Measure | None = None) -> str:
    """The value of a key in words; `measure` is that of the indicator which it belongs to."""
    match value:
        case None:
            return NOTHING
        case bool():
            return "是" if value else "否"
        case date():
            return f"{value.year}年{value.month}月{value.day}日"
        case Decimal() | int():
            return _number_words(Decimal(value), key)
        case str():
            return _text_words(value, key)
        case BaseModel():
            return model_words(value, measure)
        case Mapping():
            return (
                "；".join(f"{name}：{value_words(one, key, measure)}" for name, one in value.items()) or "无"
            )
        case _:
            return _list_words(tuple(value), key, measure)


def _number_words(value: Decimal, key: Key) -> str:
    if _is_of(Percentage, key.field):
        return f"{number_text(value * 100)}%"
    if key.name == "amount":
        return money(value)
    return number_text(value) + ("分" if key.name in _POINTS else "人" if key.name in _PEOPLE else "")


def _text_words(value: str, key: Key) -> str:
    choices = words_of_choices(key.field)
    if value in choices:
        return choices[value]
    if _is_of(Formula, key.field):
        return in_words(parse(value)).replace("final", "综合得分")
    if key.name == "when":
        return OutcomeRule.model_construct(when=value, do=OutcomeType.REWARD).condition
    if key.name == "within":
        return value.replace(" days", "天内")
    return f"“{value}”"


def _list_words(values: tuple[Any, ...], key: Key, measure: Measure | None) -> str:
    if len(values) == 2 and all(isinstance(one, Decimal) for one in values):
        return f"{number_text(values[0])} 到 {number_text(values[1])}"
    return "、".join(value_words(one, key, measure) for one in values) or "无"


def _is_of(annotated: Any, field: FieldInfo) -> bool:
    """Whether a key holds such a value, or may: both carry the marks of the annotation."""
    marks = annotated.__metadata__
    inner = [mark for one in get_args(field.annotation) for mark in getattr(one, "__metadata__", ())]
    return any(mark in (*field.metadata, *inner) for mark in marks)


def model_words(part: BaseModel, measure: Measure | None = None) -> str:
    """A whole part in words: every key that is written and says something, except its name."""
    if isinstance(part, Band):
        return band_words(part, measure)
    if isinstance(part, IndicatorDefinition):
        measure = part.measure
    if isinstance(part, ScoringMethod) and measure is not None and "root" in type(part).model_fields:
        return "；".join(_row_words(row.words, row.points) for row in part.standard(measure))
    told = []
    for name, field in type(part).model_fields.items():
        value = getattr(part, name)
        if name != "name" and value not in (None, (), field.default):
            key = Key(name, field)
            told.append(f"{key.title}{value_words(value, key, measure)}")
    return "，".join(told)


def _row_words(words: str, points: Decimal | None) -> str:
    return words if points is None else f"{words} {number_text(points)}分"


def band_words(band: Band, measure: Measure | None) -> str:
    """`≥55.00% 得14分`."""
    return f"{condition_words(band, measure)} 得{number_text(band.points)}分"


def condition_words(band: Band, measure: Measure | None) -> str:
    """`≥55.00%`, as the indicator prints it."""
    if measure is not None:
        return band.words(measure)
    return "其他" if band.threshold is None else f"{band.sign}{number_text(band.threshold)}"
