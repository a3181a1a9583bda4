"""What would be wrong with who judges what, with weights of 类别, small samples, single months and grades."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise

from appraisal.scheme.formula import denominator_of
from appraisal.scheme.indicator import methods_given
from appraisal.scheme.methods import METHODS
from appraisal.scheme.methods.method import Effect, Problem
from appraisal.scheme.model import Indicator, Reviewer, Scheme, Section
from appraisal.scheme.names import indicator_paths
from appraisal.scheme.period import Period
from appraisal.scheme.spelling import did_you_mean
from appraisal.scheme.units import Unit, plain

Path_ = tuple[str | int, ...]


def problems_of_forms(scheme: Scheme) -> Iterator[Problem]:
    """Who judges what: unknown names, indicators that nobody's weight carries, reviewers with nothing."""
    names = [one.name for one in scheme.reviewers]
    for path, by in _named_reviewers(scheme):
        for at, name in enumerate(by):
            if name not in names:
                yield Problem((*path, "by", at), f"“{name}”不是已定义的考核人{did_you_mean(name, names)}")
    for path, indicator in indicator_paths(scheme):
        if not _is_sound(indicator):
            continue
        if not sum(one.weight for one in scheme.carriers(indicator.name)):
            yield Problem(path, f"评“{indicator.name}”的考核人权重都是0，这一项永远不计入综合得分")
    for at, reviewer in enumerate(scheme.reviewers):
        carried = [one for one in scheme.indicators if reviewer in scheme.carriers(one.name)]
        if not any(_is_sound(one) and one.counts for one in carried):
            yield Problem(("reviewers", at), f"“{reviewer.name}”没有一项要评的指标")
        elif all(map(_is_sound, scheme.indicators)):
            yield from _absence(scheme, reviewer, ("reviewers", at, "if_absent"))


def _is_sound(indicator: Indicator) -> bool:
    return len(methods_given(indicator)) == 1


def _named_reviewers(scheme: Scheme) -> Iterator[tuple[Path_, tuple[str, ...]]]:
    def walk(sections: Sequence[Section], path: Path_) -> Iterator[tuple[Path_, tuple[str, ...]]]:
        for at, section in enumerate(sections):
            yield (*path, "sections", at), section.by
            yield from walk(section.sections, (*path, "sections", at))

    yield from walk(scheme.sections, ())
    for path, one in indicator_paths(scheme):
        yield path, one.by


def _absence(scheme: Scheme, reviewer: Reviewer, path: Path_) -> Iterator[Problem]:
    """A stand-in gives either every mark or, where the two share none with anybody, the whole total."""
    if reviewer.if_absent not in {one.name for one in scheme.reviewers}:
        return
    theirs = {one.name for one in scheme.judged_by(reviewer.if_absent)}
    own = {one.name for one in scheme.judged_by(reviewer.name)}
    if own <= theirs:
        return
    for name in own:
        if name in theirs or len(scheme.carriers(name)) > 1:
            others = "、".join(sorted(own - theirs))
            yield Problem(path, f"“{reviewer.if_absent}”不评“{others}”，代替不了“{reviewer.name}”")
            return


def problems_of_weights(scheme: Scheme) -> Iterator[Problem]:
    """Points that do not sum to 100, and weights of 类别 that do not sum to 100 % for each reviewer."""
    if any(not _is_sound(one) for one in scheme.indicators):
        return
    if not scheme.is_weighted:
        if scheme.full_points != 100:
            yield Problem(("sections",), f"各指标标准分合计 {plain(scheme.full_points)} 分，应为 100 分")
        return
    for at, section in enumerate(scheme.sections):
        yield from _weighted_section(section, ("sections", at))
    for at, reviewer in enumerate(scheme.reviewers):
        total = sum((one.weight for one in scheme.parts(reviewer.name)), Decimal(0))
        if scheme.parts(reviewer.name) and total != 1:
            yield Problem(
                ("reviewers", at), f"“{reviewer.name}”所评各类别的权重合计 {plain(total * 100)}%，应为 100%"
            )


def _weighted_section(section: Section, path: Path_) -> Iterator[Problem]:
    counted = [one for one in section.all_indicators if one.counts]
    full = sum((one.points for one in counted), Decimal(0))
    for at, inner in enumerate(section.sections):
        if inner.weight is not None:
            yield Problem((*path, "sections", at, "weight"), "类别权重只写在最外层")
    if not counted:
        if section.weight is not None:
            yield Problem((*path, "weight"), f"“{section.name}”里的指标都不占标准分，没有权重可言")
    elif not section.weight:
        yield Problem(path, f"类别“{section.name}”没有写 weight（权重）；一类写了，就每类都要写")
    elif full != 100:
        yield Problem(
            path, f"类别“{section.name}”的标准分合计 {plain(full)} 分；写了权重的类别，每类应为 100 分"
        )


def problems_of_small_sample(indicator: Indicator, path: Path_) -> Iterator[Problem]:
    few = indicator.small_sample
    assert few is not None
    path = (*path, "small_sample")
    if indicator.expression is None or denominator_of(indicator.expression) is None:
        yield Problem(path, "公式不是除法，没有分母可比")
    if indicator.min_denominator is not None:
        yield Problem(
            path, "small_sample 与 min_denominator 只能写一个：样本少时不是改按次数计分，就是不适用"
        )
    yield from _one_method(few, indicator, path)


def _one_method(part: object, indicator: Indicator, path: Path_) -> Iterator[Problem]:
    given = [(key, getattr(part, key)) for key in METHODS if getattr(part, key) is not None]
    if len(given) != 1:
        wrong = f"写了不止一种（{'、'.join(key for key, _ in given)}）" if given else "没有写"
        yield Problem(path, f"“{indicator.name}”样本少时的计分方法{wrong}")
        return
    [(key, method)] = given
    if method.by_reviewers or method.effect is not Effect.EARNS:
        yield Problem((*path, key), f"样本少时不能用{method.title}，请写 bands、deduct 或 linear")
        return
    by_count = indicator.by_count
    assert by_count is not None
    for problem in method.problems(by_count.measure):
        yield Problem((*path, key, *problem.path), problem.sentence)


def problems_of_overrides(scheme: Scheme) -> Iterator[Problem]:
    """Months that overlap or run backwards, unknown indicators, and methods that do not fit."""
    indicators = {one.name: one for one in scheme.indicators if _is_sound(one)}
    for at, override in enumerate(scheme.overrides):
        path: Path_ = ("overrides", at)
        if Period.parse(override.from_) > Period.parse(override.until):
            yield Problem(
                (*path, "until"), f"结束的月份（{override.until}）早于开始的月份（{override.from_}）"
            )
        elif Period.parse(override.until) < scheme.first_period:
            yield Problem((*path, "until"), f"本版从 {scheme.first_period} 起考核，这一条永远用不上")
        for name, change in override.indicators.items():
            here = (*path, "indicators", name)
            if name not in indicators:
                yield Problem(here, f"“{name}”不是已定义的指标{did_you_mean(name, list(indicators))}")
                continue
            indicator, methods = indicators[name], methods_given(change)
            if indicator.is_judged:
                yield Problem(here, f"“{name}”由考核人评分，没有可另行规定的分档")
            elif len(methods) > 1 or any(method.by_reviewers for method in methods):
                yield Problem(here, "计分方法只能写一种按数据计算的")
            elif not methods and change.target is None and change.min_denominator is None:
                yield Problem(here, "什么也没有改")
            else:
                yield from _changed(override.applied_to(indicator), here)
    for (_, one), (later, other) in pairwise(
        sorted(enumerate(scheme.overrides), key=lambda pair: pair[1].from_)
    ):
        if one.covers(Period.parse(other.from_)):
            yield Problem(("overrides", later, "from"), f"与“{one.name}”的月份重叠")


def _changed(indicator: Indicator, path: Path_) -> Iterator[Problem]:
    method = indicator.method
    for problem in method.problems(indicator.measure):
        yield Problem((*path, method.key, *problem.path), problem.sentence)
    if indicator.target is not None and (indicator.unit is Unit.PERCENT) is not indicator.target.endswith(
        "%"
    ):
        yield Problem((*path, "target"), "目标值的写法要与单位一致：百分比带“%”，其他不带")


def problems_of_grades(scheme: Scheme) -> Iterator[Problem]:
    """Grades that can never be reached or leave scores without one; rules for grades that are not there."""
    grades = scheme.grades
    names = [one.name for one in grades]
    for at, grade in enumerate(grades):
        path: Path_ = ("grades", at)
        if grade.name in names[:at]:
            yield Problem((*path, "name"), f"等级“{grade.name}”重名了")
        last = at == len(grades) - 1
        if last and grade.from_ is not None:
            yield Problem((*path, "from"), "最低一级不写 from，否则有的得分没有等级")
        elif not last and grade.from_ is None:
            yield Problem(path, f"等级“{grade.name}”没有写 from（从多少分起），只有最低一级不写")
        if (grade.factor is None) is not (grades[0].factor is None):
            yield Problem(path, "绩效系数（factor）要写就每级都写")
    for at, (higher, lower) in enumerate(pairwise(grades), 1):
        if higher.from_ is not None and lower.from_ is not None and lower.from_ >= higher.from_:
            yield Problem(("grades", at, "from"), "起点应逐级变低，否则这一级永远用不上")
        if higher.factor is not None and lower.factor is not None and lower.factor > higher.factor:
            yield Problem(("grades", at, "factor"), "绩效系数不能高于上一级")
    for at, rule in enumerate(scheme.outcomes.rules):
        if rule.grade is not None and rule.grade not in names:
            near = did_you_mean(rule.grade, names)
            yield Problem(("outcomes", "rules", at, "when"), f"“{rule.grade}”不是已定义的等级{near}")
