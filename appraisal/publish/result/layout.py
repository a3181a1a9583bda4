"""Where everything stands in the result workbook, so that a formula of one sheet can point into another.

A person has the same row on 分项得分, 近月走势 and 考核数据, from `FIRST` on, in the workbook's order;
综合排名 alone is sorted. Rows and columns count from 1.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import count

from appraisal.intake.grid import column_name
from appraisal.publish.month import Month
from appraisal.publish.result.group_figures import over_group
from appraisal.publish.result.living_sheet import ROW
from appraisal.scheme.forms import COMMISSION, EXPLANATION, Cell, Role, SheetForm, review_status_name
from appraisal.scheme.formula import OverGroup
from appraisal.scheme.formula_in_words import group_key
from appraisal.scheme.methods.method import StandardCells
from appraisal.scheme.model import Indicator, Scheme
from appraisal.scheme.period import Period

RANKING = "综合排名"
OUTCOMES = "结果运用"
POINTS = "分项得分"
TREND = "近月走势"
STANDARD = "评分标准"
DATA = "考核数据"
TIDYING = "数据核对说明"

FIRST = 6
"""The first person's row on 分项得分, 近月走势 and 考核数据."""

HEADER = FIRST - 1
"""The lowest header row there. On 分项得分 it holds the full points and weights as numbers."""

FIRST_RANKED = 9
"""The first row of the table on 综合排名."""

ON_ONE_PAGE = 40
"""Up to so many staff 综合排名 and 近月走势 print on one A4 page, and the chart shows everybody."""

MONTHS_SHOWN = 6
"""Months on 近月走势, the appraised one included."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column with one row per person, as formulas name it."""

    sheet: str
    number: int
    first: int
    last: int

    @property
    def letters(self) -> str:
        return column_name(self.number)

    @property
    def here(self) -> str:
        """This person's cell, from the same sheet: `F{row}`."""
        return f"{self.letters}{ROW}"

    @property
    def fixed(self) -> str:
        """The same, staying in its column wherever it is copied to: `$F{row}`."""
        return f"${self.letters}{ROW}"

    @property
    def there(self) -> str:
        """This person's cell, from another sheet with the same rows: `考核数据!F{row}`."""
        return f"{self.sheet}!{self.here}"

    @property
    def all_here(self) -> str:
        return f"{self.letters}${self.first}:{self.letters}${self.last}"

    @property
    def all_there(self) -> str:
        return f"{self.sheet}!${self.letters}${self.first}:${self.letters}${self.last}"

    @property
    def so_far(self) -> str:
        """From the first person to this one."""
        return f"{self.letters}${self.first}:{self.here}"

    def at(self, row: int) -> str:
        """The cell of a row above or below the people: `$F$5`."""
        return f"${self.letters}${row}"

    def at_there(self, row: int) -> str:
        return cell(self.sheet, row, self.number)


def cell(sheet: str, row: int, column: int) -> str:
    """`评分标准!$D$5`."""
    return f"{sheet}!${column_name(column)}${row}"


@dataclass(frozen=True, slots=True)
class DataPlaces:
    """考核数据: what each column holds, and where fields, marks and the group's figures stand."""

    columns: tuple[tuple[SheetForm, Cell, Column], ...]
    participation: Column
    fields: Mapping[str, Column]
    group_fields: Mapping[str, str]
    totals: Mapping[str, tuple[OverGroup, Column, int]]
    has_data: Column | None
    statuses: Mapping[str, Column]
    marks: Mapping[tuple[str, str], Column]

    @property
    def functions(self) -> tuple[str, ...]:
        """Which figures over the group stand under the table, a row for each: `sum`, `mean` …"""
        return tuple(dict.fromkeys(node.function for node, _, _ in self.totals.values()))

    def cell(self, name: str) -> str:
        """A field of this person, one that the group shares, or a figure over the group (`sum(x)`)."""
        if name in self.totals:
            _, column, row = self.totals[name]
            return column.at_there(row)
        return self.group_fields.get(name) or self.fields[name].there


@dataclass(frozen=True, slots=True)
class StandardPlaces:
    """评分标准: absolute cells of every number that the formulas use."""

    bands: int
    full: Mapping[str, str]
    minimum: Mapping[str, str]
    lines: Mapping[str, tuple[StandardCells, ...]]
    weights: Mapping[str, str]
    minimum_points: str
    first_indicator: int
    first_reviewer: int
    rules: int


@dataclass(frozen=True, slots=True)
class Subtotal:
    """The points of one 类别, weighted over the reviewers."""

    name: str
    indicators: tuple[Indicator, ...]
    column: Column

    @property
    def full(self) -> Decimal:
        return sum((one.points for one in self.indicators), Decimal(0))


@dataclass(frozen=True, slots=True)
class PointsPlaces:
    """分项得分: values and points by indicator, subtotals, totals, and at the right the workings."""

    staff_id: Column
    name: Column
    values: Mapping[str, Column]
    points: Mapping[str, Mapping[str, Column]]
    categories: tuple[Subtotal, ...]
    sections: Mapping[str, Subtotal]
    totals: Mapping[str, Column]
    final: Column
    rank: Column
    possible: Column
    counted: Column
    breakers: Mapping[str, Column]
    place: Column
    order: Column
    lost: Column
    published_final: Column
    published_rank: Column
    differs: Column
    outcome: Column
    remark: Column

    @property
    def subtotals(self) -> tuple[Subtotal, ...]:
        """The finest 类别, then those that are made of them."""
        coarse = (one for one in self.sections.values() if one not in self.categories)
        return (*self.categories, *coarse)


@dataclass(frozen=True, slots=True)
class TrendPlaces:
    """近月走势: a score and a rank for each month shown; the last month is the appraised one."""

    months: tuple[Period, ...]
    scores: Mapping[Period, Column]
    sparkline: int
    ranks: Mapping[Period, Column]


@dataclass(frozen=True, slots=True)
class Layout:
    """All places of one workbook. `last` is the last person's row where `FIRST` is the first's."""

    last: int
    last_ranked: int
    data: DataPlaces
    standard: StandardPlaces
    points: PointsPlaces
    trend: TrendPlaces

    @property
    def below(self) -> int:
        """The row under the last person: averages and sums."""
        return self.last + 1

    @property
    def ranks(self) -> Column:
        """名次 on 综合排名, sorted."""
        return Column(RANKING, 1, FIRST_RANKED, self.last_ranked)

    @property
    def ranked_names(self) -> Column:
        return Column(RANKING, 2, FIRST_RANKED, self.last_ranked)

    @property
    def ranked_finals(self) -> Column:
        return Column(RANKING, 4, FIRST_RANKED, self.last_ranked)

    @property
    def lines(self) -> Column:
        """The hidden column of 综合排名: which of the people on 分项得分 stands in this row."""
        shown = 4 + len(self.points.totals) + len(self.points.sections) + 3
        return Column(RANKING, shown + 1, FIRST_RANKED, self.last_ranked)

    @property
    def average(self) -> str:
        """The mean final score of the ranked, as 分项得分 shows it."""
        return self.points.final.at_there(self.below)

    @property
    def is_as_published(self) -> str:
        """True as long as every living score and rank is the published one."""
        return f"{self.points.differs.at_there(self.below)}=0"


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


FULL_COLUMN = 4
MINIMUM_COLUMN = 6
FIRST_BAND = 7
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
    sparkline = 3 + len(months)
    ranks = {one: Column(TREND, sparkline + 1 + at, FIRST, last) for at, one in enumerate(months)}
    return TrendPlaces(months, scores, sparkline, ranks)
