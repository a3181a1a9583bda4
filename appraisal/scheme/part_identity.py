"""By what people know a part of a rule file: a field by its name, an outcome by when and what, a band by its threshold.

And which part of the new file goes on for one of the old that is not there any more.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from pydantic import BaseModel

from appraisal.scheme.data_fields import Check, DataField
from appraisal.scheme.indicator import Indicator
from appraisal.scheme.methods.bands import Band
from appraisal.scheme.methods.method import Measure
from appraisal.scheme.model import Section
from appraisal.scheme.outcome_rules import OutcomeRule
from appraisal.scheme.reviewers import Remark, Reviewer
from appraisal.scheme.value_words import condition_words

KINDS: Mapping[type[BaseModel], str] = {
    DataField: "数据",
    Check: "核对",
    Indicator: "指标",
    Section: "类别",
    Reviewer: "考核人",
    Remark: "附栏",
    OutcomeRule: "规定",
}
"""What one of a list is called."""


def taken_over(old: Mapping[str, BaseModel], new: Mapping[str, BaseModel]) -> Iterator[tuple[str, str]]:
    """Parts that go on under another identity: renamed, or with another threshold, relation or condition."""
    come = [one for one in new if one not in old]
    for gone in (one for one in old if one not in new):
        heir = next((one for one in come if _goes_on(old[gone], new[one])), None)
        if heir is not None:
            come.remove(heir)
            yield gone, heir


def _goes_on(old: BaseModel, new: BaseModel) -> bool:
    match old, new:
        case OutcomeRule(), OutcomeRule():
            return old.do == new.do
        case Band(), Band():
            return (old.sign, old.points) == (new.sign, new.points)
        case Check(), Check():
            return old.say == new.say
        case _:
            return type(old) is type(new) and _nameless(old) == _nameless(new)


def _nameless(part: BaseModel) -> BaseModel:
    return part.model_copy(update={"name": ""})


def by_identity(parts: Sequence[BaseModel]) -> dict[str, BaseModel]:
    """The parts of a list in their order, each by what people know it by."""
    found: dict[str, BaseModel] = {}
    for part in parts:
        identity = _identity(part)
        while identity in found:  # twice the same: the second is told as one of its own
            identity += "＇"
        found[identity] = part
    return found


def _identity(part: BaseModel) -> str:
    match part:
        case Check():
            return part.that
        case OutcomeRule():
            return f"{part.when} → {part.do}"
        case Band():
            return "else" if part.threshold is None else f"{part.sign}{part.threshold.normalize():f}"
        case _:
            return str(getattr(part, "name", part))


def called(part: BaseModel, measure: Measure | None = None) -> str:
    """How people call the part: `指标“咨询转化率”`, `≥55.00%这一档`."""
    match part:
        case Check():
            return f"核对“{part.say}”"
        case OutcomeRule():
            return f"规定“{part.condition}”"
        case Band():
            return f"{condition_words(part, measure)}这一档"
        case _:
            return f"{KINDS.get(type(part), '')}“{getattr(part, 'name', part)}”"
