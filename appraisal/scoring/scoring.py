"""One group's submission → everybody's values, points, totals, rank and what follows.

Pure: rules, history and the date of issue are handed in. Numbers are exact (fractions and
Decimals), rounded half-up to what is printed before they are used further. `GroupFigures` holds a group's
figures by column, and what every indicator measures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from appraisal.intake.submission import Row, Submission
from appraisal.scheme.forms.submission import (
    PARTICIPATES,
    PARTICIPATION,
    REVIEW_ABSENT,
    STAFF_ID,
    STAFF_NAME,
    review_status_name,
)
from appraisal.scheme.formula.parse import Expression, Value, denominator_of, divisors_in, evaluate, names_in
from appraisal.scheme.formula.printing import in_words
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
from appraisal.scoring.outcomes import Issue, outcomes_of_group
from appraisal.scoring.results import GroupResult, History, IndicatorResult, StaffResult

NO_DATA = "没有考核数据"
TOO_FEW_POINTS = "可计分指标不足"


def score_group(submission: Submission, scheme: Scheme, history: History, issue: Issue) -> GroupResult:
    """The group's month. The submission has passed validation: nothing required is missing."""
    return score_figures(GroupFigures(submission, scheme), history, issue)


def score_figures(figures: GroupFigures, history: History, issue: Issue) -> GroupResult:
    """The group's month from figures that are measured already."""
    submission, scheme = figures.submission, figures.scheme
    staff = ranked([_score_person(figures, index) for index in range(len(figures.rows))], scheme)
    following = outcomes_of_group(
        staff,
        scheme,
        period=submission.period,
        history=history,
        issue=issue,
        commissions={person.id: figures.deduction_bases(person.id) for person in staff},
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


def _score_person(figures: GroupFigures, index: int) -> StaffResult:
    scheme, row, staff = figures.scheme, figures.rows[index], figures.ids[index]
    has_data = figures.has_data(index)
    stood_in = _stood_in(figures, staff) if has_data else {}
    nothing = IndicatorResult(None, applicable=False, reason=NO_DATA, points={})
    indicators = {
        indicator.name: _score_indicator(figures, indicator, index, stood_in) if has_data else nothing
        for indicator in scheme.indicators
    }
    score = final_score(scheme, indicators, stood_in)
    possible = possible_points(scheme, indicators, stood_in)
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
        stood_in=stood_in,
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
    figures: GroupFigures, indicator: Indicator, index: int, stood_in: Mapping[str, str]
) -> IndicatorResult:
    if indicator.is_judged:
        return _judged(figures, indicator, index, stood_in)
    measured = figures.values[indicator.name][index]
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
    figures: GroupFigures, indicator: Indicator, index: int, stood_in: Mapping[str, str]
) -> IndicatorResult:
    """Each reviewer's mark, an absent one's from the stand-in. All must be there, or none counts."""
    scheme, staff = figures.scheme, figures.ids[index]
    reviewers = [
        reviewer
        for reviewer in scheme.carriers(indicator.name)
        if reviewer.name not in stood_in or not scheme.stands_in_whole(reviewer)
    ]
    marks = {
        reviewer.name: figures.mark(stood_in.get(reviewer.name, reviewer.name), indicator.name, staff)
        for reviewer in reviewers
    }
    method, measure = indicator.method, indicator.measure
    given = {
        name: round_half_up(method.points(mark, measure), POINT_DECIMALS)
        for name, mark in marks.items()
        if mark is not None
    }
    if given and len(given) == len(marks):
        return IndicatorResult(None, applicable=True, reason=None, points=given)
    reason = "没有评分" if reviewers else "、".join(f"{name}{REVIEW_ABSENT}" for name in stood_in)
    return IndicatorResult(None, applicable=False, reason=reason, points={})


def _sections(scheme: Scheme, indicators: Mapping[str, IndicatorResult]) -> dict[str, Decimal]:
    """Points by top 类别, weighted over the reviewers, 2 decimals; one of which nothing applies is left out."""
    sections = {}
    for section in scheme.counted_sections:
        weighted = [
            scheme.weigh(indicator.name, indicators[indicator.name].points)
            for indicator in section.all_indicators
            if indicator.counts and indicators[indicator.name].points
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
        lacking = (
            reviewer
            for reviewer in scheme.reviewers
            if reviewer.weight and score.totals[reviewer.name] is None
        )
        return "；".join(no_total(scheme, reviewer) for reviewer in lacking)
    minimum = scheme.ranking.minimum_points
    if possible < minimum:
        return f"{TOO_FEW_POINTS}（可计{number_text(possible)}分，少于{number_text(minimum)}分）"
    return None


@dataclass(frozen=True, slots=True)
class Measured:
    """One person's value of an indicator, or None and why. `by_count`: the count of a small sample."""

    value: Decimal | None
    reason: str | None = None
    by_count: bool = False


class GroupFigures:
    """The group's figures by column, with every indicator evaluated once for all rows.

    `columns[field]` has one Decimal or None per person, in the order of the main table; a group
    field repeats. `values[indicator]` likewise, rounded as printed. `reviews[reviewer]` has each
    person's row on the reviewer's sheet.
    """

    def __init__(self, submission: Submission, scheme: Scheme) -> None:
        self.scheme = scheme
        self.submission = submission
        names = list(scheme.tables)
        self.rows: tuple[Row, ...] = submission.tables[names[0]].rows
        self.ids = tuple(str(row.values[STAFF_ID]) for row in self.rows)
        self.index = {staff: index for index, staff in enumerate(self.ids)}
        self.reviews = {
            reviewer.name: _by_staff(submission.tables[reviewer.sheet_name].rows)
            for reviewer in scheme.reviewers
        }
        others = [_by_staff(submission.tables[name].rows) for name in names[1:]]
        self.columns: dict[str, list[Decimal | None]] = {
            field.name: [_number(self._find(field.name, index, others)) for index in range(len(self.rows))]
            for field in scheme.fields
        }
        for field in scheme.group_fields:
            self.columns[field.name] = [_number(submission.labels.get(field.name))] * len(self.rows)
        self._evaluated: dict[Expression, list[Value]] = {}
        self.values = {
            indicator.name: self._values(indicator)
            for indicator in scheme.indicators
            if not indicator.is_judged
        }

    def evaluated(self, tree: Expression) -> list[Value]:
        """The exact value of a formula for everybody, computed once."""
        return evaluate(tree, self.columns, len(self.rows), self._evaluated)

    def _find(self, name: str, index: int, others: Sequence[Mapping[str, Row]]) -> object:
        if name in self.rows[index].values:
            return self.rows[index].values[name]
        found = (table[self.ids[index]] for table in others if self.ids[index] in table)
        return next((row.values[name] for row in found if name in row.values), None)

    def _values(self, indicator: Indicator) -> list[Measured]:
        """Each person's value as printed, or None and the reason; in a small sample the count instead."""
        ratios = self._ratios(indicator)
        few, by_count = indicator.small_sample, indicator.by_count
        if few is None or by_count is None:
            return ratios
        tree = indicator.expression
        divisor = None if tree is None else denominator_of(tree)
        assert divisor is not None
        return [
            replace(count, by_count=True) if under is not None and 0 < under < few.under else ratio
            for under, ratio, count in zip(
                self.evaluated(divisor), ratios, self._ratios(by_count), strict=True
            )
        ]

    def _ratios(self, indicator: Indicator) -> list[Measured]:
        tree = indicator.expression
        assert tree is not None
        divisor = denominator_of(tree)
        divisors = self.evaluated(divisor) if divisor is not None else [None] * len(self.rows)
        minimum = indicator.min_denominator
        values: list[Measured] = []
        for index, value in enumerate(self.evaluated(tree)):
            under = divisors[index]
            if minimum is not None and under is not None and under < minimum:
                assert divisor is not None
                sample = f"{in_words(divisor)}{number_text(round_half_up(under, 2))}"
                values.append(Measured(None, f"样本太少（{sample}，不足{number_text(minimum)}）"))
            elif value is None:
                values.append(Measured(None, self._why_missing(tree, index)))
            else:
                values.append(Measured(round_half_up(value, indicator.measure.decimals)))
        return values

    def _why_missing(self, tree: Expression, index: int) -> str:
        for divisor in divisors_in(tree):
            if self.evaluated(divisor)[index] == 0:
                return f"{in_words(divisor)}为0，无法计算"
        missing = [name for name in names_in(tree) if self.columns[name][index] is None]
        return f"{'、'.join(missing)}没有数据"

    def has_data(self, index: int) -> bool:
        """Whether any figure of the person stands in the tables (or the scheme asks for none)."""
        fields = self.scheme.fields
        return not fields or any(self.columns[field.name][index] is not None for field in fields)

    def deduction_bases(self, staff: str) -> dict[str, Decimal | None]:
        """The person's figures that an outcome may be taken `from`."""
        index = self.index[staff]
        wanted = [rule.from_ for rule in self.scheme.outcomes.rules if rule.from_ is not None]
        return {
            name: self.columns[name][index]
            if name in self.columns
            else _number(self.rows[index].values.get(name))
            for name in wanted
        }

    def mark(self, reviewer: str, indicator: str, staff: str) -> Decimal | None:
        """What stands on the reviewer's sheet; None where nothing does."""
        row = self.reviews[reviewer].get(staff)
        return None if row is None else _number(row.values.get(indicator))


def _by_staff(rows: Sequence[Row]) -> dict[str, Row]:
    return {str(row.values[STAFF_ID]): row for row in rows if row.values.get(STAFF_ID) is not None}


def _number(value: object) -> Decimal | None:
    return value if isinstance(value, Decimal) else None
