"""One group's submission → everybody's values, points, totals, rank and what follows.

Pure: rules, history and the date of issue are handed in. Numbers are exact (fractions and
Decimals), rounded half-up to what is printed before they are used further.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from appraisal.intake.submission import Row, Submission
from appraisal.scheme.forms import (
    PARTICIPATES,
    PARTICIPATION,
    REVIEW_ABSENT,
    STAFF_ID,
    STAFF_NAME,
    review_status_name,
)
from appraisal.scheme.formula import Expression, Value, denominator_of, divisors_in, evaluate, names_in
from appraisal.scheme.formula_in_words import in_words
from appraisal.scheme.model import Indicator, Reviewer, Scheme
from appraisal.scheme.units import POINT_DECIMALS, plain, round_half_up
from appraisal.scoring.history import History
from appraisal.scoring.outcomes import Issue, outcomes_of_group
from appraisal.scoring.ranking import ranked
from appraisal.scoring.results import GroupResult, IndicatorResult, StaffResult

NO_DATA = "没有考核数据"
TOO_FEW_POINTS = "可计分指标不足"


def score_group(submission: Submission, scheme: Scheme, history: History, issue: Issue) -> GroupResult:
    """The group's month. The submission has passed validation: nothing required is missing."""
    figures = GroupFigures(submission, scheme)
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


class GroupFigures:
    """The group's figures by column, with every indicator evaluated once for all rows.

    `columns[field]` has one Decimal or None per person, in the order of the main table; a group
    field repeats. `values[indicator]` likewise, rounded as printed.
    """

    def __init__(self, submission: Submission, scheme: Scheme) -> None:
        self.scheme = scheme
        self.submission = submission
        names = list(scheme.tables)
        self.rows: tuple[Row, ...] = submission.tables[names[0]].rows
        self.ids = tuple(str(row.values[STAFF_ID]) for row in self.rows)
        self.index = {staff: at for at, staff in enumerate(self.ids)}
        self.reviews = {
            reviewer.name: _by_staff(submission.tables[reviewer.sheet_name].rows)
            for reviewer in scheme.reviewers
        }
        others = [_by_staff(submission.tables[name].rows) for name in names[1:]]
        self.columns: dict[str, list[Decimal | None]] = {
            field.name: [_number(self._find(field.name, at, others)) for at in range(len(self.rows))]
            for field in scheme.fields
        }
        for field in scheme.group_fields:
            self.columns[field.name] = [_number(submission.labels.get(field.name))] * len(self.rows)
        self._evaluated: dict[Expression, list[Value]] = {}
        self.values = {one.name: self._values(one) for one in scheme.indicators if not one.is_judged}

    def evaluated(self, tree: Expression) -> list[Value]:
        """The exact value of a formula for everybody, computed once."""
        if tree not in self._evaluated:
            self._evaluated[tree] = evaluate(tree, self.columns, len(self.rows))
        return self._evaluated[tree]

    def _find(self, name: str, at: int, others: Sequence[Mapping[str, Row]]) -> object:
        if name in self.rows[at].values:
            return self.rows[at].values[name]
        found = (table[self.ids[at]] for table in others if self.ids[at] in table)
        return next((row.values[name] for row in found if name in row.values), None)

    def _values(self, indicator: Indicator) -> list[tuple[Decimal | None, str | None]]:
        """Each person's value as printed, or None and the reason."""
        tree = indicator.expression
        assert tree is not None
        divisor = denominator_of(tree)
        divisors = self.evaluated(divisor) if divisor is not None else [None] * len(self.rows)
        minimum = indicator.min_denominator
        values: list[tuple[Decimal | None, str | None]] = []
        for at, value in enumerate(self.evaluated(tree)):
            under = divisors[at]
            if minimum is not None and under is not None and under < minimum:
                assert divisor is not None
                sample = f"{in_words(divisor)}{plain(round_half_up(under, 2))}"
                values.append((None, f"样本太少（{sample}，不足{plain(minimum)}）"))
            elif value is None:
                values.append((None, self._why_missing(tree, at)))
            else:
                values.append((round_half_up(value, indicator.measure.decimals), None))
        return values

    def _why_missing(self, tree: Expression, at: int) -> str:
        for divisor in divisors_in(tree):
            if self.evaluated(divisor)[at] == 0:
                return f"{in_words(divisor)}为0，无法计算"
        missing = [name for name in names_in(tree) if self.columns[name][at] is None]
        return f"{'、'.join(missing)}没有数据"

    def has_data(self, at: int) -> bool:
        """Whether any figure of the person stands in the tables (or the scheme asks for none)."""
        fields = self.scheme.fields
        return not fields or any(self.columns[field.name][at] is not None for field in fields)

    def sources_of_deductions(self, staff: str) -> dict[str, Decimal | None]:
        """The person's figures that an outcome may be taken `from`."""
        at = self.index[staff]
        wanted = [rule.from_ for rule in self.scheme.outcomes.rules if rule.from_ is not None]
        return {
            name: self.columns[name][at] if name in self.columns else _number(self.rows[at].values.get(name))
            for name in wanted
        }


def _by_staff(rows: Sequence[Row]) -> dict[str, Row]:
    return {str(row.values[STAFF_ID]): row for row in rows if row.values.get(STAFF_ID) is not None}


def _number(value: object) -> Decimal | None:
    return value if isinstance(value, Decimal) else None


def _score_person(figures: GroupFigures, at: int) -> StaffResult:
    scheme, row, staff = figures.scheme, figures.rows[at], figures.ids[at]
    stood_in = _stood_in(figures, staff)
    has_data = figures.has_data(at)
    nothing = IndicatorResult(None, applicable=False, reason=NO_DATA, points={})
    indicators = {
        one.name: _score_indicator(figures, one, at, stood_in) if has_data else nothing
        for one in scheme.indicators
    }
    totals = {reviewer.name: _total(scheme, reviewer, indicators) for reviewer in scheme.reviewers}
    final = _final(scheme, totals)
    participation = str(row.values[PARTICIPATION])
    reason = _why_not_ranked(scheme, participation, indicators, final)
    return StaffResult(
        id=staff,
        name=str(row.values[STAFF_NAME]),
        participation=participation,
        ranked=reason is None,
        reason=reason,
        rank=None,
        final=final,
        reviewers=totals,
        indicators=indicators,
        sections=_sections(scheme, indicators) if final is not None else {},
        stood_in=stood_in if has_data else {},
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
    method, measure = indicator.method, indicator.measure
    if indicator.is_judged:
        marks = {
            reviewer.name: _mark(
                figures, stood_in.get(reviewer.name, reviewer.name), indicator, figures.ids[at]
            )
            for reviewer in figures.scheme.reviewers
        }
        given = {name: method.points(mark, measure) for name, mark in marks.items() if mark is not None}
        if len(given) < len(marks):
            return IndicatorResult(None, applicable=False, reason="没有评分", points={})
        return IndicatorResult(None, applicable=True, reason=None, points=_rounded(given))
    value, reason = figures.values[indicator.name][at]
    if value is None:
        return IndicatorResult(None, applicable=False, reason=reason, points={})
    points = method.points(value, measure)
    shared = {reviewer.name: points for reviewer in figures.scheme.reviewers}
    return IndicatorResult(value, applicable=True, reason=None, points=_rounded(shared))


def _rounded(points: Mapping[str, Decimal]) -> dict[str, Decimal]:
    return {name: round_half_up(value, POINT_DECIMALS) for name, value in points.items()}


def _mark(figures: GroupFigures, reviewer: str, indicator: Indicator, staff: str) -> Decimal | None:
    row = figures.reviews[reviewer].get(staff)
    return None if row is None else _number(row.values.get(indicator.name))


def _total(scheme: Scheme, reviewer: Reviewer, indicators: Mapping[str, IndicatorResult]) -> Decimal | None:
    """100 × Σ points earned ÷ Σ points possible over the applicable indicators, 2 decimals."""
    applicable = [one for one in scheme.indicators if indicators[one.name].applicable]
    possible = sum((one.points for one in applicable), Decimal(0))
    if not possible:
        return None
    earned = sum((indicators[one.name].points[reviewer.name] for one in applicable), Decimal(0))
    return round_half_up(100 * earned / possible, POINT_DECIMALS)


def _final(scheme: Scheme, totals: Mapping[str, Decimal | None]) -> Decimal | None:
    """Σ weight × total, computed from the totals as printed."""
    weighted = Decimal(0)
    for reviewer in scheme.reviewers:
        total = totals[reviewer.name]
        if total is None:
            return None
        weighted += reviewer.weight * total
    return round_half_up(weighted, POINT_DECIMALS)


def _sections(scheme: Scheme, indicators: Mapping[str, IndicatorResult]) -> dict[str, Decimal]:
    """Points by top 类别, weighted over the reviewers, 2 decimals."""
    sections = {}
    for section in scheme.sections:
        earned = [indicators[one.name].points for one in section.all_indicators]
        points = sum(
            (
                reviewer.weight * each[reviewer.name]
                for each in earned
                if each
                for reviewer in scheme.reviewers
            ),
            Decimal(0),
        )
        sections[section.name] = round_half_up(points, POINT_DECIMALS)
    return sections


def _why_not_ranked(
    scheme: Scheme, participation: str, indicators: Mapping[str, IndicatorResult], final: Decimal | None
) -> str | None:
    if participation != PARTICIPATES:
        return participation
    if final is None:
        return NO_DATA
    possible = sum((one.points for one in scheme.indicators if indicators[one.name].applicable), Decimal(0))
    minimum = scheme.ranking.minimum_points
    if possible < minimum:
        return f"{TOO_FEW_POINTS}（可计{plain(possible)}分，少于{plain(minimum)}分）"
    return None
