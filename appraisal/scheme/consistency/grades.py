"""What would be wrong with the ranking and with grades."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from appraisal.scheme.consistency.guards import highest_final
from appraisal.scheme.consistency.soundness import Place
from appraisal.scheme.methods.method import Problem
from appraisal.scheme.model import Scheme
from appraisal.scheme.outcome_rules import Grade
from appraisal.scheme.units import plain
from appraisal.text import did_you_mean


def problems_of_ranking(scheme: Scheme) -> Iterator[Problem]:
    """Indicators that break ties but are none, and a threshold that nobody can pass."""
    by_name = {one.name: one for one in scheme.counted}
    breakers = scheme.ranking.break_by
    for at, name in enumerate(breakers):
        place: Place = ("ranking", "break_by", at)
        if name not in by_name:
            yield Problem(place, f"“{name}”不是已定义的指标{did_you_mean(name, by_name)}")
        elif by_name[name].small_sample is not None:
            yield Problem(place, f"“{name}”样本少时改按次数计，次数和比例不能比高低，不能用来定同分的次序")
        elif name in breakers[:at]:
            yield Problem(place, f"“{name}”写了两次")
    if scheme.ranking.minimum_points > 100:
        yield Problem(("ranking", "minimum_points"), "超过了全部标准分，谁都不能参与排名")


def problems_of_grades(scheme: Scheme) -> Iterator[Problem]:
    """Grades that can never be reached or leave scores without one; rules for grades that are not there."""
    grades = scheme.grades
    names = [one.name for one in grades]
    for at, grade in enumerate(grades):
        place: Place = ("grades", at)
        if grade.name in names[:at]:
            yield Problem((*place, "name"), f"等级“{grade.name}”重名了")
        if (grade.factor is None) is not (grades[0].factor is None):
            yield Problem(place, "绩效系数（factor）要写就每级都写")
        yield from _start(grade, place, scheme)
    for at, (higher, lower) in enumerate(pairwise(grades), 1):
        if higher.from_ is not None and lower.from_ is not None and lower.from_ >= higher.from_:
            yield Problem(("grades", at, "from"), "起点应逐级变低，否则这一级永远用不上")
        if higher.factor is not None and lower.factor is not None and lower.factor > higher.factor:
            yield Problem(("grades", at, "factor"), "绩效系数不能高于上一级")
    for at, rule in enumerate(scheme.outcomes.rules):
        if rule.grade is not None and rule.grade not in names:
            near = did_you_mean(rule.grade, names)
            yield Problem(("outcomes", "rules", at, "when"), f"“{rule.grade}”不是已定义的等级{near}")


def _start(grade: Grade, place: Place, scheme: Scheme) -> Iterator[Problem]:
    """From which score the grade begins: all but the lowest say so, and it can be reached."""
    is_lowest, highest = grade is scheme.grades[-1], highest_final(scheme)
    if grade.from_ is None:
        if not is_lowest:
            yield Problem(place, f"等级“{grade.name}”没有写 from（从多少分起），只有最低一级不写")
    elif is_lowest:
        yield Problem((*place, "from"), "最低一级不写 from，否则有的得分没有等级")
    elif grade.from_ > highest:
        yield Problem((*place, "from"), f"综合得分最高 {plain(highest)} 分，这一级永远用不上")
    elif grade.from_ == 0:
        yield Problem((*place, "from"), "从0分起，下面各级永远用不上")
