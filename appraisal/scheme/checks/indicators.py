"""What would be wrong with 类别 and indicators: methods, units, targets, formulas, small samples."""

from __future__ import annotations

from collections.abc import Iterator

from appraisal.scheme.checks.names import Place, indicator_paths, unknown_names
from appraisal.scheme.formula.parse import denominator_of, is_comparison
from appraisal.scheme.methods import METHODS
from appraisal.scheme.methods.method import Effect, Problem
from appraisal.scheme.model.indicator import Indicator
from appraisal.scheme.model.scheme import Scheme, Section
from appraisal.scheme.model.units import Unit


def problems_of_indicators(scheme: Scheme) -> Iterator[Problem]:
    """Each 类别 and indicator by itself: one method, a unit that fits, formulas over known fields."""
    for at, section in enumerate(scheme.sections):
        yield from _section(section, ("sections", at), depth=1)
    for place, indicator in indicator_paths(scheme):
        given = [key for key in METHODS if getattr(indicator, key) is not None]
        if len(given) != 1:
            methods = "、".join(METHODS)
            wrong = f"写了不止一种（{'、'.join(given)}）" if given else "没有写"
            yield Problem(place, f"指标“{indicator.name}”的计分方法{wrong}，请在 {methods} 中写一种")
            continue
        yield from _indicator(indicator, place, scheme)


def _section(section: Section, place: Place, depth: int) -> Iterator[Problem]:
    if not section.all_indicators:
        yield Problem(place, f"类别“{section.name}”里没有指标")
    if depth > 2:
        yield Problem(place, "类别最多分两层")
    if depth <= 2:
        for at, inner in enumerate(section.sections):
            yield from _section(inner, (*place, "sections", at), depth + 1)


def _indicator(indicator: Indicator, place: Place, scheme: Scheme) -> Iterator[Problem]:
    if indicator.counts is not bool(indicator.points):
        yield _points_or_none(indicator, place)
        return
    method = indicator.method
    for problem in method.problems(indicator.measure):
        yield Problem((*place, method.key, *problem.path), problem.sentence)
    if indicator.target is not None and (indicator.unit is Unit.PERCENT) is not indicator.target.endswith(
        "%"
    ):
        yield Problem((*place, "target"), "目标值的写法要与单位一致：百分比带“%”，其他不带")
    if not indicator.is_judged:
        yield from _computed(indicator, place, scheme)
        return
    for key in ("value", "unit", "decimals", "min_denominator", "small_sample"):
        if getattr(indicator, key) is not None:
            yield Problem((*place, key), f"“{indicator.name}”由考核人评分，不需要“{key}”")


def _computed(indicator: Indicator, place: Place, scheme: Scheme) -> Iterator[Problem]:
    if indicator.expression is None:
        yield Problem(place, f"“{indicator.name}”没有写 value，不知道数值从哪里来")
        return
    if indicator.unit is None:
        yield Problem(place, f"“{indicator.name}”没有写 unit（单位），可选：{'、'.join(Unit)}")
    if is_comparison(indicator.expression):
        yield Problem((*place, "value"), "数值的公式不能是比较式")
    of_group = [field.name for field in scheme.group_fields]
    columns = [field.name for field in scheme.fields]
    yield from unknown_names(indicator.value or "", (*place, "value"), columns, of_group)
    if indicator.min_denominator is not None and denominator_of(indicator.expression) is None:
        yield Problem((*place, "min_denominator"), "公式不是除法，没有分母可比")
    if indicator.small_sample is not None:
        yield from _small_sample(indicator, place)
        yield from unknown_names(
            indicator.small_sample.value, (*place, "small_sample", "value"), columns, of_group
        )


def _points_or_none(indicator: Indicator, place: Place) -> Problem:
    if indicator.counts:
        return Problem(place, f"“{indicator.name}”没有写 points（标准分）")
    title = indicator.method.title
    return Problem((*place, "points"), f"“{indicator.name}”是{title}，不占标准分，请不要写 points")


def _small_sample(indicator: Indicator, place: Place) -> Iterator[Problem]:
    few = indicator.small_sample
    assert few is not None
    place = (*place, "small_sample")
    if indicator.expression is None or denominator_of(indicator.expression) is None:
        yield Problem(place, "公式不是除法，没有分母可比")
    if indicator.min_denominator is not None:
        yield Problem(
            place, "small_sample 与 min_denominator 只能写一个：样本少时不是改按次数计分，就是不适用"
        )
    yield from _one_method(few, indicator, place)


def _one_method(part: object, indicator: Indicator, place: Place) -> Iterator[Problem]:
    given = [(key, getattr(part, key)) for key in METHODS if getattr(part, key) is not None]
    if len(given) != 1:
        wrong = f"写了不止一种（{'、'.join(key for key, _ in given)}）" if given else "没有写"
        yield Problem(place, f"“{indicator.name}”样本少时的计分方法{wrong}")
        return
    [(key, method)] = given
    if method.by_reviewers or method.effect is not Effect.EARNS:
        yield Problem((*place, key), f"样本少时不能用{method.title}，请写 bands、deduct 或 linear")
        return
    by_count = indicator.by_count
    assert by_count is not None
    for problem in method.problems(by_count.measure):
        yield Problem((*place, key, *problem.path), problem.sentence)
