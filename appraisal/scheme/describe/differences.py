"""What differs between two versions of a scheme, told in plain Chinese with nothing left unsaid.

The two models are walked side by side, key by key, so that a key which the grammar gains later is told
as well. Parts of a list are known by what people call them: a field, an indicator or a reviewer by its
name, a check by its relation, an outcome by when and what, a band by its threshold. Where a part is gone,
the one of the new file that goes on for it is looked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pydantic import BaseModel

from appraisal.scheme.describe.document import Block, Bullets, Heading, Paragraph
from appraisal.scheme.describe.explain_parts import (
    Key,
    condition_in_words,
    model_in_words,
    title_of,
    value_in_words,
)
from appraisal.scheme.methods import METHODS
from appraisal.scheme.methods.bands import Band
from appraisal.scheme.methods.method import Measure
from appraisal.scheme.model.indicator import Indicator
from appraisal.scheme.model.outcome_rules import OutcomeRule, Remark, Reviewer
from appraisal.scheme.model.scheme import Scheme, Section
from appraisal.scheme.model.tables import Check, DataField
from appraisal.scheme.model.units import number_text

_KINDS: Mapping[type[BaseModel], str] = {
    DataField: "数据",
    Check: "核对",
    Indicator: "指标",
    Section: "类别",
    Reviewer: "考核人",
    Remark: "附栏",
    OutcomeRule: "规定",
}
"""What one of a list is called."""


def _taken_over(old: Mapping[str, BaseModel], new: Mapping[str, BaseModel]) -> Iterator[tuple[str, str]]:
    """Parts that go on under another identity: renamed, or with another threshold, relation or condition."""
    come = [identity for identity in new if identity not in old]
    for gone in (identity for identity in old if identity not in new):
        heir = next((identity for identity in come if _goes_on(old[gone], new[identity])), None)
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


def _by_identity(parts: Sequence[BaseModel]) -> dict[str, BaseModel]:
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


def _called(part: BaseModel, measure: Measure | None = None) -> str:
    """How people call the part: `指标“咨询转化率”`, `≥55.00%这一档`."""
    match part:
        case Check():
            return f"核对“{part.say}”"
        case OutcomeRule():
            return f"规定“{part.condition}”"
        case Band():
            return f"{condition_in_words(part, measure)}这一档"
        case _:
            return f"{_KINDS.get(type(part), '')}“{getattr(part, 'name', part)}”"


@dataclass(frozen=True, slots=True)
class Difference:
    """One change: the key of the whole scheme that it belongs to, the place in it, and what changed."""

    chapter: str
    place: str
    change: str

    def __str__(self) -> str:
        return f"{self.place}：{self.change}" if self.place else self.change


@dataclass(frozen=True, slots=True)
class _Context:
    """Where the walk is: the chapter, the words for the place, and the measures of the indicator there."""

    chapter: str
    place: str = ""
    measures: tuple[Measure | None, Measure | None] = (None, None)

    def difference(self, change: str) -> Difference:
        return Difference(self.chapter, self.place, change)

    def within(self, words: str) -> _Context:
        return replace(self, place=f"{self.place}的{words}" if self.place else words)


def explain_differences(old: Scheme, new: Scheme) -> tuple[Block, ...]:
    """The differences as a document, one chapter for each part of a rule file that has any."""
    found = differences(old, new)
    heading = Heading(1, f"{new.name}：规则改动")
    between = f"由第{old.version}版（自{old.first_period.in_words}起考核）改为第{new.version}版（自{new.first_period.in_words}起考核）。"
    if old.scheme != new.scheme:
        between = f"“{old.name}”（{old.scheme}）与“{new.name}”（{new.scheme}）是两套方案，以下逐项对照。"
    if not found:
        return heading, Paragraph("两份规则没有差别。")
    blocks: list[Block] = [heading, Paragraph(f"{between}共{len(found)}处改动。")]
    for chapter in dict.fromkeys(difference.chapter for difference in found):
        blocks += [
            Heading(2, chapter),
            Bullets(tuple(str(difference) for difference in found if difference.chapter == chapter)),
        ]
    return tuple(blocks)


def differences(old: Scheme, new: Scheme) -> tuple[Difference, ...]:
    """Every difference in the order of the rule file; none exactly where the two load the same."""
    found: list[Difference] = []
    for name, field in Scheme.model_fields.items():
        before, after = getattr(old, name), getattr(new, name)
        if name == "sections":
            found += _contents(old, new, _Context(title_of(field)))
        elif name == "tables":
            found += _tables(before, after, _Context(title_of(field)))
        elif isinstance(before, BaseModel) or name == "reviewers":
            found += _value(before, after, Key(name, field), _Context(title_of(field)))
        else:
            found += _value(before, after, Key(name, field), _Context("方案"))
    return tuple(found)


def _tables(old: Mapping[str, Any], new: Mapping[str, Any], context: _Context) -> Iterator[Difference]:
    for name, table in old.items():
        if name not in new:
            yield context.difference(f"取消工作表“{name}”（{model_in_words(table)}）")
    for name, table in new.items():
        if name not in old:
            yield context.difference(f"增加工作表“{name}”：{model_in_words(table)}")
        else:
            yield from _model(old[name], table, context.within(f"“{name}”"))
    yield from _order("工作表", list(old), list(new), context)


def _contents(old: Scheme, new: Scheme, context: _Context) -> Iterator[Difference]:
    """Indicators are known by name wherever they stand; sections by their path."""
    before, after = dict(_sections(old.sections)), dict(_sections(new.sections))
    now = _renamed_sections(before, after)
    for path, renamed in now.items():
        own, later = path.rsplit(_STEP, 1)[-1], renamed.rsplit(_STEP, 1)[-1]
        if own != later:
            yield context.within(f"类别“{path}”").difference(f"改名为“{later}”")
    earlier = {now.get(path, path): section for path, section in before.items()}
    for path, section in earlier.items():
        if path in after:
            yield from _model(section, after[path], context.within(f"类别“{path}”"), but=_INNER)
        else:
            yield context.difference(f"取消类别“{path}”")
    for path, section in after.items():
        if path not in earlier:
            words = model_in_words(section.model_copy(update={"sections": (), "indicators": ()}))
            yield context.difference(f"增加类别“{path}”" + (f"：{words}" if words else ""))
    yield from _order("类别", list(earlier), list(after), context)
    yield from _moved(old, new, now, context)
    yield from _list(old.indicators, new.indicators, context)


_INNER = frozenset({"name", "sections", "indicators"})

_STEP = " › "


def _sections(sections: Sequence[Section], above: str = "") -> Iterator[tuple[str, Section]]:
    for section in sections:
        path = f"{above}{_STEP}{section.name}" if above else section.name
        yield path, section
        yield from _sections(section.sections, path)


def _renamed_sections(old: Mapping[str, Section], new: Mapping[str, Section]) -> dict[str, str]:
    """Old path to new path of the sections that hold the same indicators under another name."""

    def held(path: str, section: Section) -> tuple[int, frozenset[str]]:
        return path.count(_STEP), frozenset(indicator.name for indicator in section.all_indicators)

    come = {held(path, section): path for path, section in new.items() if path not in old}
    gone = {path: held(path, section) for path, section in old.items() if path not in new}
    return {path: come[key] for path, key in gone.items() if key in come}


def _moved(old: Scheme, new: Scheme, now: Mapping[str, str], context: _Context) -> Iterator[Difference]:
    def paths(scheme: Scheme) -> dict[str, str]:
        leaves = scheme.leaves()
        return {
            indicator.name: _STEP.join(filter(None, (section, inner))) for section, inner, indicator in leaves
        }

    before, after = paths(old), paths(new)
    for name, path in before.items():
        if name in after and now.get(path, path) != after[name]:
            yield context.within(f"指标“{name}”").difference(f"由类别“{path}”移到“{after[name]}”")


def _model(
    old: BaseModel, new: BaseModel, context: _Context, *, but: frozenset[str] = frozenset()
) -> Iterator[Difference]:
    if isinstance(old, Indicator) and isinstance(new, Indicator):
        context = replace(context, measures=(old.measure, new.measure))
        yield from _method(old, new, context)
        but |= frozenset(METHODS)
    for name, field in type(new).model_fields.items():
        if name not in but:
            yield from _value(getattr(old, name), getattr(new, name), Key(name, field), context)


def _method(old: Indicator, new: Indicator, context: _Context) -> Iterator[Difference]:
    before, after = old.method, new.method
    assert isinstance(before, BaseModel)
    assert isinstance(after, BaseModel)
    if type(before) is type(after):
        yield from _model(before, after, context)
        return
    words = [
        f"{indicator.method.title}（{model_in_words(part, indicator.measure)}）"
        for indicator, part in ((old, before), (new, after))
    ]
    yield context.difference(f"计分方法由{words[0]}改为{words[1]}")


def _value(old: Any, new: Any, key: Key, context: _Context) -> Iterator[Difference]:
    if old == new:
        return
    if isinstance(old, BaseModel) and type(old) is type(new):
        yield from _model(old, new, context)
    elif isinstance(old, Mapping) and isinstance(new, Mapping):
        yield from _mapping(old, new, key, context)
    elif _is_list(old) and _is_list(new):
        place = context.within(key.title) if key.name in _SECOND_LISTS else context
        yield from list(_list(old, new, place)) or [context.difference(_changed(old, new, key, context))]
    else:
        yield context.difference(_changed(old, new, key, context))


_SECOND_LISTS = frozenset({"group_fields"})
"""Lists whose parts are called as those of the list beside them."""


def _changed(old: Any, new: Any, key: Key, context: _Context) -> str:
    before, after = (
        value_in_words(old, key, context.measures[0]),
        value_in_words(new, key, context.measures[1]),
    )
    if before == after:  # two ways of writing one formula
        before, after = f"“{old}”", f"“{new}”（意思相同，写法不同）"
    return f"{key.title}由{before}改为{after}"


def _mapping(
    old: Mapping[str, Any], new: Mapping[str, Any], key: Key, context: _Context
) -> Iterator[Difference]:
    for name in dict.fromkeys((*old, *new)):
        if old.get(name) != new.get(name):
            before, after = (value_in_words(mapping.get(name), key) for mapping in (old, new))
            yield context.difference(f"{key.title}“{name}”由{before}改为{after}")


def _is_list(value: Any) -> bool:
    return isinstance(value, tuple) and all(isinstance(part, BaseModel) for part in value)


def _list(old: Sequence[BaseModel], new: Sequence[BaseModel], context: _Context) -> Iterator[Difference]:
    """Parts taken away, changed and put in, and another order of those that stay."""
    before, after = _by_identity(old), _by_identity(new)
    now = {identity: identity for identity in before if identity in after} | dict(_taken_over(before, after))
    for identity, part in before.items():
        if identity in now:
            yield from _kept(part, after[now[identity]], context)
        else:
            yield context.difference(
                f"取消{_called(part, context.measures[0])}（{model_in_words(part, context.measures[0])}）"
            )
    for identity, part in after.items():
        if identity not in now.values():
            yield context.difference(
                f"增加{_called(part, context.measures[1])}：{model_in_words(part, context.measures[1])}"
            )
    if after:
        kind = _KINDS.get(type(next(iter(after.values()))), "各项")
        shown = {identity: _called(part, context.measures[1]) for identity, part in after.items()}
        yield from _order(
            kind,
            [shown[now[identity]] for identity in before if identity in now],
            list(shown.values()),
            context,
        )


def _kept(old: BaseModel, new: BaseModel, context: _Context) -> Iterator[Difference]:
    if isinstance(old, Band) and isinstance(new, Band):
        words, later = (
            condition_in_words(old, context.measures[0]),
            condition_in_words(new, context.measures[1]),
        )
        if words != later:
            yield context.difference(f"{number_text(new.points)}分这一档由{words}改为{later}")
        elif old.points != new.points:
            yield context.difference(
                f"{words}这一档由{number_text(old.points)}分改为{number_text(new.points)}分"
            )
        return
    yield from _model(old, new, context.within(_called(old)))


def _order(kind: str, old: Sequence[str], new: Sequence[str], context: _Context) -> Iterator[Difference]:
    """Another order of what is in both."""
    before, after = [name for name in old if name in new], [name for name in new if name in old]
    if before != after:
        yield context.difference(f"{kind}的次序改为：{'、'.join(after)}")
