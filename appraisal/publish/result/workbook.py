"""考核结果: the scored workbook of one group and month, a living model of the appraisal; and the places of all that is in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import count

from appraisal.publish.excel.book import Book
from appraisal.publish.month import Month
from appraisal.publish.result.data import write_data
from appraisal.publish.result.data_check_notes import write_data_check_notes
from appraisal.publish.result.formulas import shared_figures
from appraisal.publish.result.layout import (
    DATA,
    FIRST,
    FIRST_BAND,
    FIRST_INDICATOR,
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
from appraisal.publish.result.outcomes import write_outcomes
from appraisal.publish.result.points import write_points
from appraisal.publish.result.ranking import write_ranking
from appraisal.publish.result.standard import write_standard
from appraisal.publish.result.trend import write_trend
from appraisal.scheme.forms.cells import Role
from appraisal.scheme.forms.submission import COMMISSION, EXPLANATION, review_status_name
from appraisal.scheme.formula.parse import OverGroup, walk
from appraisal.scheme.formula.printing import group_key
from appraisal.scheme.methods.method import StandardCells
from appraisal.scheme.model.indicator import Indicator
from appraisal.scheme.model.scheme import Scheme

_MANY = 1000
"""Above so many staff the sheets are put together on disk: their XML takes 10 KB a person."""


def result_workbook(month: Month) -> bytes:
    """The workbook's bytes, the same for the same month.

    Sheets: 综合排名 · 结果运用 · 分项得分 · 近月走势 · 评分标准 · 考核数据 · 数据核对说明. Every number
    that follows from another is an Excel 2010 formula over 考核数据 and 评分标准, with the pipeline's
    own number as its cached value: whoever changes a threshold sees the sheet rank anew, marked as a
    trial. 当月提成 is not in it.
    """
    book = Book(on_disk=len(month.result.staff) > _MANY, is_draft=month.is_draft)
    layout = arrange(month)
    figures = shared_figures(month, layout)
    write_ranking(book, month, layout, figures)
    write_outcomes(book, month)
    write_points(book, month, layout, figures)
    write_trend(book, month, layout)
    write_standard(book, month, layout)
    write_data(book, month, layout)
    write_data_check_notes(book, month)
    return book.finished(created=month.result.issued)


def arrange(month: Month) -> Layout:
    """The places for this month's people, scheme and history."""
    people = len(month.result.staff)
    last = FIRST + people - 1
    return Layout(
        scheme=month.scheme,
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
    kept = [(form.main, column) for column in form.main.columns if column.name not in field_names | closing]
    kept += [
        (sheet, column) for sheet in data_sheets for column in sheet.columns if column.name in field_names
    ]
    kept += [(form.main, column) for column in form.main.columns if column.name == EXPLANATION]
    identity = {column.name for column in form.main.columns[:2]}
    kept += [(sheet, column) for sheet in reviews for column in sheet.columns if column.name not in identity]
    columns = tuple(
        (sheet, column, Column(DATA, number, FIRST, last)) for number, (sheet, column) in enumerate(kept, 1)
    )
    found = {(sheet.name, column.name): place for sheet, column, place in columns}
    fields = {column.name: place for _, column, place in columns if column.name in field_names}
    return DataPlaces(
        columns=columns,
        participation=columns[2][2],
        fields=fields,
        group_fields={
            field.name: cell(DATA, 3, 5 + 3 * index) for index, field in enumerate(scheme.group_fields)
        },
        totals=_totals(scheme, fields, last + 1),
        has_data=Column(DATA, len(columns) + 1, FIRST, last) if fields else None,
        statuses={
            reviewer.name: found[reviewer.sheet_name, review_status_name(reviewer.name)]
            for reviewer in scheme.reviewers
            if reviewer.if_absent
        },
        marks={
            (reviewer.name, indicator.name): found[reviewer.sheet_name, indicator.name]
            for reviewer in scheme.reviewers
            for indicator in scheme.judged_by(reviewer.name)
        },
    )


def _totals(
    scheme: Scheme, fields: Mapping[str, Column], first: int
) -> dict[str, tuple[OverGroup, Column, int]]:
    """Under the people: every figure over the group that a value asks for, each computed once."""
    asked = [
        node
        for indicator in scheme.indicators
        if indicator.expression
        for node in walk(indicator.expression)
        if isinstance(node, OverGroup) and node.name in fields
    ]
    functions = list(dict.fromkeys(node.function for node in asked))
    return {
        group_key(node): (node, fields[node.name], first + functions.index(node.function)) for node in asked
    }


_FEWEST_BANDS = 5


def _standard_places(scheme: Scheme) -> StandardPlaces:
    row = FIRST_INDICATOR
    rows, small_rows = {}, {}
    for indicator in scheme.indicators:
        rows[indicator.name], row = row, row + 2
        if indicator.by_count is not None:
            small_rows[indicator.name], row = row, row + 2
    lines = {indicator.name: _lines(indicator, rows[indicator.name]) for indicator in scheme.indicators}
    small_lines = {
        indicator.name: _lines(indicator.by_count, small_rows[indicator.name])
        for indicator in scheme.indicators
        if indicator.by_count
    }
    computed = [lines[indicator.name] for indicator in scheme.indicators if not indicator.is_judged]
    reviewers = row + 4
    sections = reviewers + len(scheme.reviewers) + 4
    weighted = [section for section in scheme.counted_sections if section.weight is not None]
    grades = sections + len(weighted) + 3 if weighted else sections
    rules = grades + len(scheme.grades) + 2 if scheme.grades else grades - 1

    def at(row: int, column: int = FULL_COLUMN) -> str:
        return cell(STANDARD, row, column)

    return StandardPlaces(
        bands=max((_FEWEST_BANDS, *map(len, (*computed, *small_lines.values())))),
        rows=rows,
        full={name: at(place) for name, place in rows.items()},
        minimum={name: at(place, MINIMUM_COLUMN) for name, place in rows.items()},
        lines=lines,
        small={name: at(place, MINIMUM_COLUMN) for name, place in small_rows.items()},
        small_lines=small_lines,
        weights={reviewer.name: at(place) for place, reviewer in enumerate(scheme.reviewers, reviewers)},
        sections={section.name: at(place) for place, section in enumerate(weighted, sections)},
        grades={
            grade.name: StandardCells(at(place), at(place, MINIMUM_COLUMN))
            for place, grade in enumerate(scheme.grades, grades)
        },
        minimum_points=at(rules),
        total=row,
        first_reviewer=reviewers,
        first_section=sections,
        first_grade=grades,
        rules=rules,
    )


def _lines(indicator: Indicator, row: int) -> tuple[StandardCells, ...]:
    """The cells of its thresholds, and of their points below."""
    return tuple(
        StandardCells(cell(STANDARD, row, column), cell(STANDARD, row + 1, column))
        for column, _ in enumerate(indicator.method.standard(indicator.measure), FIRST_BAND)
    )


def _points_places(scheme: Scheme, last: int) -> PointsPlaces:
    numbers = count(1)

    def column() -> Column:
        return Column(POINTS, next(numbers), FIRST, last)

    staff_id, name = column(), column()
    values, counts, points = _indicator_columns(scheme, column)
    categories = tuple(Subtotal(title, inside, column()) for title, inside in _finest(scheme))
    sections = {
        section.name: Subtotal(
            section.name,
            tuple(indicator for indicator in section.all_indicators if indicator.counts),
            column(),
        )
        if section.sections
        else next(category for category in categories if category.name == section.name)
        for section in scheme.counted_sections
    }
    parts, totals = {}, {}
    for reviewer in scheme.reviewers:
        inside = scheme.parts(reviewer.name)
        parts[reviewer.name] = {part.name: column() for part in inside} if len(inside) > 1 else {}
        totals[reviewer.name] = column()
    weighted = column() if scheme.outside else None
    final, rank = column(), column()
    grade = column() if scheme.grades else None
    possible, counted = column(), column()
    breakers = {breaker: column() for breaker in scheme.ranking.break_by}
    return PointsPlaces(
        staff_id=staff_id,
        name=name,
        values=values,
        counts=counts,
        points=points,
        categories=categories,
        sections=sections,
        parts=parts,
        totals=totals,
        weighted=weighted,
        final=final,
        rank=rank,
        grade=grade,
        possible=possible,
        counted=counted,
        breakers=breakers,
        place=column() if scheme.ranking.ties == "dense" else rank,
        order=column(),
        lost=column(),
        published_final=column(),
        published_rank=column(),
        published_grade=column() if scheme.grades else None,
        published_deduction_bases={name: column() for name in _fields_deducted_from(scheme)},
        differs=column(),
        outcome=column(),
        remark=column(),
    )


def _fields_deducted_from(scheme: Scheme) -> list[str]:
    """The fields of its data that a deduction is taken from; 当月提成 is nobody's business but payroll's."""
    asked = dict.fromkeys(rule.from_ for rule in scheme.outcomes.rules if rule.from_ is not None)
    return [name for name in asked if scheme.field_named(name) is not None]


def _indicator_columns(
    scheme: Scheme, column: Callable[[], Column]
) -> tuple[dict[str, Column], dict[str, Column], dict[str, Mapping[str, Column]]]:
    """By indicator: its value, its count where small samples are scored by it, each reviewer's points."""
    values: dict[str, Column] = {}
    counts: dict[str, Column] = {}
    points: dict[str, Mapping[str, Column]] = {}
    for indicator in scheme.indicators:
        if indicator.is_judged:
            points[indicator.name] = {reviewer.name: column() for reviewer in scheme.carriers(indicator.name)}
        else:
            values[indicator.name] = column()
            if indicator.by_count is not None:
                counts[indicator.name] = column()
            shared = column()
            points[indicator.name] = {reviewer.name: shared for reviewer in scheme.carriers(indicator.name)}
    return values, counts, points


def _finest(scheme: Scheme) -> Iterator[tuple[str, tuple[Indicator, ...]]]:
    """The 类别 that hold points of the 100 themselves, in the order of reading."""
    for section in scheme.counted_sections:
        own = tuple(indicator for indicator in section.indicators if indicator.counts)
        if own:
            yield section.name if not section.sections else f"{section.name}其他", own
        for inner in section.sections:
            inside = tuple(indicator for indicator in inner.all_indicators if indicator.counts)
            if inside:
                yield inner.name, inside


def _trend_places(month: Month, last: int) -> TrendPlaces:
    period, history = month.result.period, month.history
    known = {past.period for months in history.people.values() for past in months}
    known |= set(history.group_averages)
    window = [period.shifted(-back) for back in reversed(range(1, MONTHS_SHOWN))]
    earlier = [index for index, candidate in enumerate(window) if candidate in known]
    months = (*window[earlier[0] :], period) if earlier else (period,)
    scores = {shown: Column(TREND, 3 + index, FIRST, last) for index, shown in enumerate(months)}
    after = 3 + len(months)
    sparkline = after if earlier else None
    first_rank = after + 1 if earlier else after
    ranks = {shown: Column(TREND, first_rank + index, FIRST, last) for index, shown in enumerate(months)}
    return TrendPlaces(months, scores, sparkline, ranks)
