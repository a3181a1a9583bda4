"""What would be wrong with who judges what, with stand-ins, and with weights."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from appraisal.scheme.checks.names import Place, indicator_paths, is_sound
from appraisal.scheme.methods.method import Problem
from appraisal.scheme.model.outcome_rules import Reviewer
from appraisal.scheme.model.scheme import Scheme, Section
from appraisal.scheme.model.units import number_text
from appraisal.text import did_you_mean


def problems_of_reviewers(scheme: Scheme) -> Iterator[Problem]:
    """Weights that do not sum to 100 %, and stand-ins that nobody is."""
    total = sum((one.weight for one in scheme.reviewers), Decimal(0))
    if total != 1:
        yield Problem(("reviewers",), f"考核人权重合计 {number_text(total * 100)}%，应为 100%")
    names = [one.name for one in scheme.reviewers]
    by_name = {one.name: one for one in scheme.reviewers}
    for at, one in enumerate(scheme.reviewers):
        if one.if_absent is None:
            continue
        place: Place = ("reviewers", at, "if_absent")
        if one.if_absent == one.name or one.if_absent not in names:
            others = [name for name in names if name != one.name]
            yield Problem(place, f"“{one.if_absent}”不是另一位考核人{did_you_mean(one.if_absent, others)}")
        elif by_name[one.if_absent].if_absent is not None:
            yield Problem(place, f"“{one.if_absent}”自己也可以缺评，代替不了“{one.name}”")


def problems_of_forms(scheme: Scheme) -> Iterator[Problem]:
    """Who judges what: unknown names, indicators that nobody's weight carries, reviewers with nothing."""
    names = [one.name for one in scheme.reviewers]
    for place, by in _named_reviewers(scheme):
        for at, name in enumerate(by):
            if name not in names:
                yield Problem((*place, "by", at), f"“{name}”不是已定义的考核人{did_you_mean(name, names)}")
    for place, indicator in indicator_paths(scheme):
        if not is_sound(indicator):
            continue
        if not sum(one.weight for one in scheme.carriers(indicator.name)):
            yield Problem(place, f"评“{indicator.name}”的考核人权重都是0，这一项永远不计入综合得分")
    for at, reviewer in enumerate(scheme.reviewers):
        carried = [one for one in scheme.indicators if reviewer in scheme.carriers(one.name)]
        if not any(is_sound(one) and one.counts for one in carried):
            yield Problem(("reviewers", at), f"“{reviewer.name}”没有一项要评的指标")
        elif all(map(is_sound, scheme.indicators)):
            yield from _absence(scheme, reviewer, ("reviewers", at, "if_absent"))


def _named_reviewers(scheme: Scheme) -> Iterator[tuple[Place, tuple[str, ...]]]:
    def walk(sections: Sequence[Section], place: Place) -> Iterator[tuple[Place, tuple[str, ...]]]:
        for at, section in enumerate(sections):
            yield (*place, "sections", at), section.by
            yield from walk(section.sections, (*place, "sections", at))

    yield from walk(scheme.sections, ())
    for place, one in indicator_paths(scheme):
        yield place, one.by


def _absence(scheme: Scheme, reviewer: Reviewer, place: Place) -> Iterator[Problem]:
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
            yield Problem(place, f"“{reviewer.if_absent}”不评“{others}”，代替不了“{reviewer.name}”")
            return


def problems_of_weights(scheme: Scheme) -> Iterator[Problem]:
    """Points that do not sum to 100, and weights of 类别 that do not sum to 100 % for each reviewer."""
    if any(not is_sound(one) for one in scheme.indicators):
        return
    if not scheme.is_weighted:
        if scheme.full_points != 100:
            yield Problem(
                ("sections",), f"各指标标准分合计 {number_text(scheme.full_points)} 分，应为 100 分"
            )
        return
    for at, section in enumerate(scheme.sections):
        yield from _weighted_section(section, ("sections", at))
    for at, reviewer in enumerate(scheme.reviewers):
        total = sum((one.weight for one in scheme.parts(reviewer.name)), Decimal(0))
        if scheme.parts(reviewer.name) and total != 1:
            yield Problem(
                ("reviewers", at),
                f"“{reviewer.name}”所评各类别的权重合计 {number_text(total * 100)}%，应为 100%",
            )


def _weighted_section(section: Section, place: Place) -> Iterator[Problem]:
    counted = [one for one in section.all_indicators if one.counts]
    full = sum((one.points for one in counted), Decimal(0))
    for at, inner in enumerate(section.sections):
        if inner.weight is not None:
            yield Problem((*place, "sections", at, "weight"), "类别权重只写在最外层")
    if not counted:
        if section.weight is not None:
            yield Problem((*place, "weight"), f"“{section.name}”里的指标都不占标准分，没有权重可言")
    elif not section.weight:
        yield Problem(place, f"类别“{section.name}”没有写 weight（权重）；一类写了，就每类都要写")
    elif full != 100:
        yield Problem(
            place, f"类别“{section.name}”的标准分合计 {number_text(full)} 分；写了权重的类别，每类应为 100 分"
        )
