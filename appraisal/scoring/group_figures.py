"""A group's figures by column, and what every indicator measures: exact, then rounded as printed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from appraisal.intake.submission import Row, Submission
from appraisal.scheme.forms.submission import STAFF_ID
from appraisal.scheme.formula.parse import Expression, Value, denominator_of, divisors_in, evaluate, names_in
from appraisal.scheme.formula.words import in_words
from appraisal.scheme.model.indicator import Indicator
from appraisal.scheme.model.scheme import Scheme
from appraisal.scheme.model.units import number_text, round_half_up


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
        return evaluate(tree, self.columns, len(self.rows), self._evaluated)

    def _find(self, name: str, at: int, others: Sequence[Mapping[str, Row]]) -> object:
        if name in self.rows[at].values:
            return self.rows[at].values[name]
        found = (table[self.ids[at]] for table in others if self.ids[at] in table)
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
        for at, value in enumerate(self.evaluated(tree)):
            under = divisors[at]
            if minimum is not None and under is not None and under < minimum:
                assert divisor is not None
                sample = f"{in_words(divisor)}{number_text(round_half_up(under, 2))}"
                values.append(Measured(None, f"样本太少（{sample}，不足{number_text(minimum)}）"))
            elif value is None:
                values.append(Measured(None, self._why_missing(tree, at)))
            else:
                values.append(Measured(round_half_up(value, indicator.measure.decimals)))
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

    def mark(self, reviewer: str, indicator: str, staff: str) -> Decimal | None:
        """What stands on the reviewer's sheet; None where nothing does."""
        row = self.reviews[reviewer].get(staff)
        return None if row is None else _number(row.values.get(indicator))


def _by_staff(rows: Sequence[Row]) -> dict[str, Row]:
    return {str(row.values[STAFF_ID]): row for row in rows if row.values.get(STAFF_ID) is not None}


def _number(value: object) -> Decimal | None:
    return value if isinstance(value, Decimal) else None
