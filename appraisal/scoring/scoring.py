"""One group's submission → everybody's values, points, totals, rank and what follows.

Pure: rules, history and the date of issue are handed in. Numbers are exact (fractions and
Decimals), rounded half-up to what is printed before they are used further.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from appraisal.intake.submission import Submission
from appraisal.scheme.forms.submission import (
    PARTICIPATES,
    PARTICIPATION,
    REVIEW_ABSENT,
    STAFF_NAME,
    review_status_name,
)
from appraisal.scheme.methods.method import Effect
from appraisal.scheme.model.indicator import Indicator
from appraisal.scheme.model.scheme import Scheme
from appraisal.scheme.model.units import POINT_DECIMALS, number_text, round_half_up
from appraisal.scoring.final_score import (
    NOTHING_APPLIES,
    FinalScore,
    final_score,
    no_total,
    possible_points,
    ranked,
)
from appraisal.scoring.group_figures import GroupFigures
from appraisal.scoring.outcomes import Issue, outcomes_of_group
from appraisal.scoring.results import GroupResult, History, IndicatorResult, StaffResult

NO_DATA = "没有考核数据"
TOO_FEW_POINTS = "可计分指标不足"


def score_group(submission: Submission, scheme: Scheme, history: History, issue: Issue) -> GroupResult:
    """The group's month. The submission has passed validation: nothing required is missing."""
    return score_figures(GroupFigures(submission, scheme), history, issue)


def score_figures(figures: GroupFigures, history: History, issue: Issue) -> GroupResult:
    """The same from figures that are measured already."""
    submission, scheme = figures.submission, figures.scheme
    staff = ranked([_score_person(figures, at) for at in range(len(figures.rows))], scheme)
    following = outcomes_of_group(
        staff,
        scheme,
        period=submission.period,
        history=history,
        issue=issue,
        commissions={person.id: figures.sources_of_deductions(person.id) for person in staff},
    )
    return GroupResult(
        scheme=scheme.scheme,
        version=scheme.version,
        group=submission.group,
        period=submission.period,
        revision=issue.revision,
        issued=issue.issued,
        staff=tuple(staff),
        outcomes=following.outcomes,
        no_outcomes=following.none_because,
        warnings=following.warnings,
        is_trial=issue.is_trial,
    )


def _score_person(figures: GroupFigures, at: int) -> StaffResult:
    scheme, row, staff = figures.scheme, figures.rows[at], figures.ids[at]
    stood_in = _stood_in(figures, staff)
    has_data = figures.has_data(at)
    nothing = IndicatorResult(None, applicable=False, reason=NO_DATA, points={})
    indicators = {
        one.name: _score_indicator(figures, one, at, stood_in) if has_data else nothing
        for one in scheme.indicators
    }
    score = final_score(scheme, indicators, stood_in if has_data else {})
    possible = possible_points(scheme, indicators, stood_in if has_data else {})
    participation = str(row.values[PARTICIPATION])
    reason = _why_not_ranked(scheme, participation, possible, score if has_data else None)
    return StaffResult(
        id=staff,
        name=str(row.values[STAFF_NAME]),
        participation=participation,
        ranked=reason is None,
        reason=reason,
        rank=None,
        final=score.final,
        reviewers=score.totals,
        indicators=indicators,
        sections=_sections(scheme, indicators),
        stood_in=stood_in if has_data else {},
        parts=score.parts if has_data else {},
    )


def _stood_in(figures: GroupFigures, staff: str) -> dict[str, str]:
    """Which absent reviewer's marks are taken from whom."""
    absent = {}
    for reviewer in figures.scheme.reviewers:
        row = figures.reviews[reviewer.name].get(staff)
        if reviewer.if_absent and row and row.values.get(review_status_name(reviewer.name)) == REVIEW_ABSENT:
            absent[reviewer.name] = reviewer.if_absent
    return absent


def _score_indicator(
    figures: GroupFigures, indicator: Indicator, at: int, stood_in: Mapping[str, str]
) -> IndicatorResult:
    if indicator.is_judged:
        return _judged(figures, indicator, at, stood_in)
    measured = figures.values[indicator.name][at]
    if measured.value is None:
        return IndicatorResult(None, applicable=False, reason=measured.reason, points={})
    used = indicator.by_count if measured.by_count and indicator.by_count else indicator
    points: dict[str, Decimal] = {}
    if indicator.method.effect is not Effect.LIMITS:
        each = round_half_up(used.method.points(measured.value, used.measure), POINT_DECIMALS)
        points = {reviewer.name: each for reviewer in figures.scheme.carriers(indicator.name)}
    return IndicatorResult(
        measured.value, applicable=True, reason=None, points=points, by_count=measured.by_count
    )


def _judged(
    figures: GroupFigures, indicator: Indicator, at: int, stood_in: Mapping[str, str]
) -> IndicatorResult:
    """Each reviewer's mark, an absent one's from the stand-in. All must be there, or none counts."""
    scheme, staff = figures.scheme, figures.ids[at]
    reviewers = [
        one
        for one in scheme.carriers(indicator.name)
        if one.name not in stood_in or not scheme.stands_in_whole(one)
    ]
    marks = {
        one.name: figures.mark(stood_in.get(one.name, one.name), indicator.name, staff) for one in reviewers
    }
    method, measure = indicator.method, indicator.measure
    given = {name: method.points(mark, measure) for name, mark in marks.items() if mark is not None}
    if given and len(given) == len(marks):
        return IndicatorResult(None, applicable=True, reason=None, points=_rounded(given))
    reason = "没有评分" if reviewers else "、".join(f"{name}{REVIEW_ABSENT}" for name in stood_in)
    return IndicatorResult(None, applicable=False, reason=reason, points={})


def _rounded(points: Mapping[str, Decimal]) -> dict[str, Decimal]:
    return {name: round_half_up(value, POINT_DECIMALS) for name, value in points.items()}


def _sections(scheme: Scheme, indicators: Mapping[str, IndicatorResult]) -> dict[str, Decimal]:
    """Points by top 类别, weighted over the reviewers, 2 decimals; one of which nothing applies is left out."""
    sections = {}
    for section in scheme.counted_sections:
        weighted = [
            scheme.weigh(one.name, indicators[one.name].points)
            for one in section.all_indicators
            if one.counts and indicators[one.name].points
        ]
        if weighted:
            sections[section.name] = round_half_up(sum(weighted, Decimal(0)), POINT_DECIMALS)
    return sections


def _why_not_ranked(
    scheme: Scheme, participation: str, possible: Decimal, score: FinalScore | None
) -> str | None:
    """None for who is ranked; `score` is None where there is no figure at all."""
    if participation != PARTICIPATES:
        return participation
    if score is None:
        return NO_DATA
    if score.final is None and scheme.is_uniform:
        return NOTHING_APPLIES
    if score.final is None:
        lacking = (one for one in scheme.reviewers if one.weight and score.totals[one.name] is None)
        return "；".join(no_total(scheme, one) for one in lacking)
    minimum = scheme.ranking.minimum_points
    if possible < minimum:
        return f"{TOO_FEW_POINTS}（可计{number_text(possible)}分，少于{number_text(minimum)}分）"
    return None
