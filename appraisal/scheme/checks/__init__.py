"""What a careful reader would find wrong in a scheme whose parts are each well-formed."""

from __future__ import annotations

from collections.abc import Iterator

from appraisal.scheme.checks.indicators import (
    doubled_columns,
    doubled_names,
    problems_of_forms,
    problems_of_indicators,
    problems_of_overrides,
    problems_of_reviewers,
    problems_of_weights,
)
from appraisal.scheme.checks.outcomes import problems_of_grades, problems_of_outcomes, problems_of_ranking
from appraisal.scheme.checks.ranges import problems_of_ranges
from appraisal.scheme.checks.tables import problems_of_tables
from appraisal.scheme.methods.method import Problem
from appraisal.scheme.model.scheme import Scheme


def inconsistencies(scheme: Scheme) -> Iterator[Problem]:
    """Every mistake between the parts: names, sums, bands, formulas, outcomes that contradict."""
    yield from doubled_names(scheme)
    yield from doubled_columns(scheme)
    yield from problems_of_indicators(scheme)
    yield from problems_of_tables(scheme)
    yield from problems_of_reviewers(scheme)
    yield from problems_of_forms(scheme)
    yield from problems_of_weights(scheme)
    yield from problems_of_overrides(scheme)
    yield from problems_of_ranking(scheme)
    yield from problems_of_grades(scheme)
    yield from problems_of_outcomes(scheme)
    yield from problems_of_ranges(scheme)
