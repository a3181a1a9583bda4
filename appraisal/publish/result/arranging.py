"""Puts everything of one workbook in its place: the layout for a month's people, scheme and history."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import count

from appraisal.publish.month import Month
from appraisal.publish.result.group_figures import over_group
from appraisal.publish.result.layout import (
    DATA,
    FIRST,
    FIRST_BAND,
    FIRST_RANKED,
    FULL_COLUMN,
    MINIMUM_COLUMN,
    MONTHS_SHOWN,
    POINTS,
    STANDARD,
    TREND,
    Column,
    DataPlaces,
    Layout,
    PointsPlaces,
    StandardPlaces,
    Subtotal,
    TrendPlaces,
    cell,
)
from appraisal.scheme.forms import COMMISSION, EXPLANATION, Role, review_status_name
from appraisal.scheme.formula import OverGroup
from appraisal.scheme.formula_in_words import group_key
from appraisal.scheme.methods.method import StandardCells
from appraisal.scheme.model import Indicator, Scheme


def arrange(month: Month) -> Layout:
    """The places for this month's people, scheme and history."""
    people = len(month.result.staff)
    last = FIRST + people - 1
    return Layout(
        last=last,
        last_ranked=FIRST_RANKED + people - 1,
        data=_data_places(month, last),
        standard=_standard_places(month.scheme),
        points=_points_places(month.scheme, last),
        trend=_trend_places(month, last),
    )


def _data_places(month: Month, last: int) -> DataPlaces:
    scheme, form = month.scheme, month.form
    data_sheets = [sheet for sheet in form.sheets if sheet.role is Role.DATA]
    reviews = [sheet for sheet in form.sheets if sheet.role is Role.REVIEW]
    field_names = {field.name for field in scheme.fields}
    closing = {COMMISSION, EXPLANATION}
    kept = [(form.main, one) for one in form.main.columns if one.name not in field_names | closing]
    kept += [(sheet, one) for sheet in data_sheets for one in sheet.columns if one.name in field_names]
    kept += [(form.main, one) for one in form.main.columns if one.name == EXPLANATION]
    identity = {one.name for one in form.main.columns[:2]}
    kept += [(sheet, one) for sheet in reviews for one in sheet.columns if one.name not in identity]
    columns = tuple(
        (sheet, one, Column(DATA, number, FIRST, last)) for number, (sheet, one) in enumerate(kept, 1)
    )
    found = {(sheet.name, one.name): column for sheet, one, column in columns}
    fields = {one.name: column for _, one, column in columns if one.name in field_names}
    return DataPlaces(
        columns=columns,
        participation=columns[2][2],
        fields=fields,
        group_fields={field.name: cell(DATA, 3, 5 + 3 * at) for at, field in enumerate(scheme.group_fields)},
        totals=_totals(scheme, fields, last + 1),
        has_data=Column(DATA, len(columns) + 1, FIRST, last) if fields else None,
        statuses={
            reviewer.name: found[reviewer.sheet_name, review_status_name(reviewer.name)]
            for reviewer in scheme.reviewers
            if reviewer.if_absent
        },
        marks={
            (reviewer.name, one.name): found[reviewer.sheet_name, one.name]
            for reviewer in scheme.reviewers
            for one in scheme.judged_by()
        },
    )


def _totals(
    scheme: Scheme, fields: Mapping[str, Column], first: int
) -> dict[str, tuple[OverGroup, Column, int]]:
    """Under the people: every figure over the group that a value asks for, each computed once."""
    asked = [
        node
        for one in scheme.indicators
        if one.expression
        for node in over_group(one.expression)
        if node.name in fields
    ]
    functions = list(dict.fromkeys(node.function for node in asked))
    return {
        group_key(node): (node, fields[node.name], first + functions.index(node.function)) for node in asked
    }


_FEWEST_BANDS = 5


def _standard_places(scheme: Scheme) -> StandardPlaces:
    first = 5
    rows = {one.name: first + 2 * at for at, one in enumerate(scheme.indicators)}
    lengths = {one.name: len(one.method.standard(one.measure)) for one in scheme.indicators}
    computed = [lengths[one.name] for one in scheme.indicators if not one.is_judged]
    reviewers = first + 2 * len(scheme.indicators) + 4
    return StandardPlaces(
        bands=max(_FEWEST_BANDS, *computed) if computed else _FEWEST_BANDS,
        full={name: cell(STANDARD, row, FULL_COLUMN) for name, row in rows.items()},
        minimum={name: cell(STANDARD, row, MINIMUM_COLUMN) for name, row in rows.items()},
        lines={
            name: tuple(
                StandardCells(cell(STANDARD, row, column), cell(STANDARD, row + 1, column))
                for column in range(FIRST_BAND, FIRST_BAND + lengths[name])
            )
            for name, row in rows.items()
        },
        weights={
            one.name: cell(STANDARD, reviewers + at, FULL_COLUMN) for at, one in enumerate(scheme.reviewers)
        },
        minimum_points=cell(STANDARD, reviewers + len(scheme.reviewers) + 3, FULL_COLUMN),
        first_indicator=first,
        first_reviewer=reviewers,
        rules=reviewers + len(scheme.reviewers) + 3,
    )


def _points_places(scheme: Scheme, last: int) -> PointsPlaces:
    numbers = count(1)

    def column() -> Column:
        return Column(POINTS, next(numbers), FIRST, last)

    staff_id, name = column(), column()
    values: dict[str, Column] = {}
    points: dict[str, Mapping[str, Column]] = {}
    for one in scheme.indicators:
        if one.is_judged:
            points[one.name] = {reviewer.name: column() for reviewer in scheme.reviewers}
        else:
            values[one.name] = column()
            shared = column()
            points[one.name] = {reviewer.name: shared for reviewer in scheme.reviewers}
    categories = tuple(Subtotal(title, inside, column()) for title, inside in _finest(scheme))
    sections = {
        section.name: Subtotal(section.name, section.all_indicators, column())
        if section.sections
        else next(one for one in categories if one.name == section.name)
        for section in scheme.sections
    }
    totals = {reviewer.name: column() for reviewer in scheme.reviewers}
    final, rank, possible, counted = column(), column(), column(), column()
    breakers = {one: column() for one in scheme.ranking.break_by}
    return PointsPlaces(
        staff_id,
        name,
        values,
        points,
        categories,
        sections,
        totals,
        final,
        rank,
        possible,
        counted,
        breakers,
        place=column() if scheme.ranking.ties == "dense" else rank,
        order=column(),
        lost=column(),
        published_final=column(),
        published_rank=column(),
        differs=column(),
        outcome=column(),
        remark=column(),
    )


def _finest(scheme: Scheme) -> Iterator[tuple[str, tuple[Indicator, ...]]]:
    """The 类别 that hold indicators themselves, in the order of reading."""
    for section in scheme.sections:
        if section.indicators:
            yield section.name if not section.sections else f"{section.name}其他", section.indicators
        for inner in section.sections:
            yield inner.name, inner.indicators


def _trend_places(month: Month, last: int) -> TrendPlaces:
    period, history = month.result.period, month.history
    known = {one.period for months in history.people.values() for one in months}
    known |= set(history.group_averages)
    window = [period.shifted(-back) for back in reversed(range(1, MONTHS_SHOWN))]
    earlier = [at for at, one in enumerate(window) if one in known]
    months = (*window[earlier[0] :], period) if earlier else (period,)
    scores = {one: Column(TREND, 3 + at, FIRST, last) for at, one in enumerate(months)}
    after = 3 + len(months)
    sparkline = after if earlier else None
    first_rank = after + 1 if earlier else after
    ranks = {one: Column(TREND, first_rank + at, FIRST, last) for at, one in enumerate(months)}
    return TrendPlaces(months, scores, sparkline, ranks)
