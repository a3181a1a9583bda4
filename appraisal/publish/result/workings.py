"""The workings at the right of 分项得分: who is ranked, in which order, and what was published.

综合排名 reads its order from here. They stand outside the print area, grey, under their own headers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from xlsxwriter.format import Format

from appraisal.publish.excel import styles
from appraisal.publish.excel.book import Book, BulkWorksheet, Shown
from appraisal.publish.month import Month
from appraisal.publish.result.formulas import (
    NO_RANK,
    Figures,
    is_absent,
    judged_points_formula,
    lost_points,
    or_text,
    possible_formula,
)
from appraisal.publish.result.layout import FIRST, HEADER, Column, Layout
from appraisal.publish.wording import NOT_RANKED, outcomes_in_brief, stood_in, stood_in_sentence
from appraisal.scheme.forms.submission import PARTICIPATES
from appraisal.scheme.methods.method import Effect
from appraisal.scheme.model.indicator import Indicator
from appraisal.scheme.model.outcome_rules import OutcomeType
from appraisal.scheme.model.units import POINT_DECIMALS, number_text
from appraisal.scoring.final_score import NOTHING_APPLIES, comparable_value, no_total, possible_points
from appraisal.scoring.results import StaffResult
from appraisal.scoring.scoring import NO_DATA, TOO_FEW_POINTS

_LEAST = -(10**15)
"""Stands for “nothing to compare” where equal scores are broken by an indicator."""

_FIRST_INDICATOR = 3


@dataclass(frozen=True, slots=True)
class _Columns:
    """The sheet and how its columns look: `own` formats by column, `usual` for all others."""

    sheet: BulkWorksheet
    own: Mapping[int, Format]
    usual: Format

    def fill(self, column: Column, template: str, values: Sequence[Shown]) -> None:
        self.sheet.formulas(FIRST, column.number, template, self._style(column), values)

    def keep(self, column: Column, values: Sequence[object]) -> None:
        self.sheet.values(FIRST, column.number, values, self._style(column))

    def _style(self, column: Column) -> Format:
        return self.own.get(column.number, self.usual)


def write_workings(sheet: BulkWorksheet, book: Book, month: Month, layout: Layout, figures: Figures) -> None:
    """Every column of the workings, and beside the scores the rank and the points possible."""
    points = layout.points
    in_points = styles.small_print(book, num_format=styles.TWO_DECIMALS)
    own = {column.number: in_points for column in (points.counted, points.lost, points.published_final)}
    own[points.possible.number] = styles.number(book, "General")
    own[points.rank.number] = styles.centred(book, bold=True)
    columns = _Columns(sheet, own, styles.small_print(book))
    _ranking(columns, month, layout, figures)
    _published(columns, month, layout)
    columns.fill(points.lost, _most_lost_formula(layout), figures.lost)
    remarks = [remark_cell_text(month, person) for person in month.result.staff]
    columns.fill(points.remark, _remark_formula(layout), remarks)
    _around(sheet, book, month, layout)


def _ranking(columns: _Columns, month: Month, layout: Layout, figures: Figures) -> None:
    """Who counts, at which place, and where each person stands on 综合排名."""
    points, staff = layout.points, month.result.staff
    first, last = Column(points.final.sheet, _FIRST_INDICATOR, FIRST, layout.last), points.subtotals[0].column
    before = Column(last.sheet, last.number - 1, FIRST, layout.last)
    possible = f'=SUMIF({first.here}:{before.here},">=0",{first.at(HEADER)}:{before.at(HEADER)})'
    if not month.scheme.is_uniform:
        possible = possible_formula(layout)
    full = [possible_points(month.scheme, person.indicators, person.stood_in) for person in staff]
    columns.fill(points.possible, possible, full)
    counted = (
        f'=IF(AND({layout.data.participation.there}="{PARTICIPATES}",ISNUMBER({points.final.here}),'
        f'{points.possible.here}>={points.possible.at(HEADER)}),{points.final.here},"{NO_RANK}")'
    )
    finals = or_text((person.final if person.ranked else None for person in staff), NO_RANK)
    columns.fill(points.counted, counted, finals)
    for name, column in points.breakers.items():
        indicator = next(indicator for indicator in month.scheme.indicators if indicator.name == name)
        values = [max(comparable_value(month.scheme, person, indicator), Decimal(_LEAST)) for person in staff]
        columns.fill(column, _breaker_formula(layout, indicator), values)
    ranks = or_text((person.rank for person in staff), NO_RANK)
    if points.place is points.rank:
        columns.fill(points.rank, _place_formula(layout), ranks)
    else:
        ahead = {person.rank: place for place, person in reversed(list(enumerate(month.result.ranked, 1)))}
        places = or_text((ahead.get(person.rank) for person in staff), NO_RANK)
        columns.fill(points.place, _place_formula(layout), places)
        listed = f"INDEX({layout.ranks.all_there},{points.order.here})"
        columns.fill(points.rank, f'=IF(ISNUMBER({points.counted.here}),{listed},"{NO_RANK}")', ranks)
    order = {person.id: row for row, person in enumerate(figures.listed, 1)}
    columns.fill(points.order, _order_formula(layout), [order[person.id] for person in staff])
    if points.grade is not None:
        columns.fill(points.grade, _grade_formula(layout), _grades(month))


def _grades(month: Month) -> list[str]:
    grades = [month.scheme.grade_of(person.final) if person.ranked else None for person in month.result.staff]
    return [NO_RANK if grade is None else grade.name for grade in grades]


def _grade_formula(layout: Layout) -> str:
    """The first grade whose start the score reaches; none for who is not ranked."""
    counted = layout.points.counted.here
    text = f'"{layout.scheme.grades[-1].name}"'
    for grade in reversed(layout.scheme.grades[:-1]):
        text = f'IF({counted}>={layout.standard.grades[grade.name].threshold},"{grade.name}",{text})'
    return f'=IF(ISNUMBER({counted}),{text},"{NO_RANK}")'


def _breaker_formula(layout: Layout, indicator: Indicator) -> str:
    """A number that is larger for the better."""
    columns = list(layout.points.points[indicator.name].values())
    if indicator.is_judged:
        marks = f"{columns[0].here}:{columns[-1].here}"
        together = f"ROUND({judged_points_formula(layout, indicator)},{POINT_DECIMALS})"
        return f"=IF(COUNT({marks})={len(columns)},{together},{_LEAST})"
    value = layout.points.values[indicator.name].here
    sign = "" if indicator.method.higher_is_better else "-"
    return f"=IF(ISNUMBER({value}),{sign}{value},{_LEAST})"


def _place_formula(layout: Layout) -> str:
    """1 + those with a higher score + those with the same score who are ahead by an indicator."""
    counted = layout.points.counted
    ahead, equal = [f'COUNTIF({counted.all_here},">"&{counted.here})'], f"{counted.all_here},{counted.here}"
    for breaker in layout.points.breakers.values():
        ahead.append(f'COUNTIFS({equal},{breaker.all_here},">"&{breaker.here})')
        equal += f",{breaker.all_here},{breaker.here}"
    return f'=IF(ISNUMBER({counted.here}),1+{"+".join(ahead)},"{NO_RANK}")'


def _order_formula(layout: Layout) -> str:
    """The place, equal places in the workbook's order; those not ranked behind all others."""
    points = layout.points
    same = ",".join(
        f"{column.so_far},{column.here}" for column in (points.counted, *points.breakers.values())
    )
    return (
        f"=IF(ISNUMBER({points.counted.here}),{points.place.here}+COUNTIFS({same})-1,"
        f"{points.counted.at(layout.below)}+ROWS({points.counted.so_far})-COUNT({points.counted.so_far}))"
    )


def _most_lost_formula(layout: Layout) -> str:
    return f"=MAX(0,{','.join(f'IFERROR({lost_points(layout, indicator)},0)' for indicator in layout.scheme.counted)})"


def _published(columns: _Columns, month: Month, layout: Layout) -> None:
    """Scores, ranks and what followed as issued, plain; and whether the living ones still agree."""
    points, staff = layout.points, month.result.staff
    columns.keep(points.published_final, or_text(person.final for person in staff))
    columns.keep(points.published_rank, or_text((person.rank for person in staff), NO_RANK))
    if points.published_grade is not None:
        columns.keep(points.published_grade, _grades(month))
    for name, column in points.published_deduction_bases.items():
        columns.keep(column, [month.figures.deduction_bases(person.id)[name] for person in staff])
    columns.fill(points.differs, _differs_formula(layout), [0] * len(staff))
    columns.keep(points.outcome, [outcome_cell_text(month, person.id) or None for person in staff])


def _differs_formula(layout: Layout) -> str:
    """1 where score, place, grade or a field that a deduction is taken from is no longer the published one.

    What follows depends on nothing else in the workbook: 当月提成 is not in it.
    """
    points = layout.points
    pairs = [
        (points.final.here, points.published_final.here),
        (points.rank.here, points.published_rank.here),
    ]
    if points.grade is not None and points.published_grade is not None:
        pairs.append((points.grade.here, points.published_grade.here))
    pairs += [
        (layout.data.fields[name].there, kept.here) for name, kept in points.published_deduction_bases.items()
    ]
    live, published = ('&"|"&'.join(cells) for cells in zip(*pairs, strict=True))
    return f"=IF({live}={published},0,1)"


def outcome_cell_text(month: Month, staff: str) -> str:
    """What stands in the column 结果. A thought about transfer is for 结果运用 alone."""
    hidden = {OutcomeType.CONSIDER_TRANSFER}
    return outcomes_in_brief(month.result.outcomes_of(staff), hidden=hidden, is_draft=month.is_draft)


def _remark_formula(layout: Layout) -> str:
    """Why a person is not ranked, and whose marks stand in for whose."""
    points, participation = layout.points, layout.data.participation.there
    has_data = "TRUE" if layout.data.has_data is None else f"{layout.data.has_data.there}=1"
    too_few = (
        f'"{TOO_FEW_POINTS}（可计"&{points.possible.here}&"分，少于"&{points.possible.at(HEADER)}&"分）"'
    )
    reason = (
        f'IF({participation}<>"{PARTICIPATES}",{participation},IF(ISNUMBER({points.final.here}),{too_few},'
        f'IF({has_data},{_without_total(layout)},"{NO_DATA}")))'
    )
    parts = [f'IF(ISNUMBER({points.counted.here}),"","{NOT_RANKED}："&{reason}&"。")']
    for reviewer in layout.scheme.reviewers:
        if reviewer.if_absent:
            absent = is_absent(layout, reviewer)
            sentence = stood_in(reviewer.name, reviewer.if_absent)
            parts.append(f'IF(AND({has_data},{absent}),"{sentence}","")')
    for indicator in layout.scheme.outside:
        if indicator.method.effect is Effect.LIMITS:
            limit = next(iter(points.points[indicator.name].values())).here
            parts.append(f'IF(ISNUMBER({limit}),"{indicator.name}：综合得分最高"&{limit}&"分。","")')
    return "=" + "&".join(parts)


def _without_total(layout: Layout) -> str:
    """Which reviewers have no total, and why, as an expression."""
    if layout.scheme.is_uniform:
        return f'"{NOTHING_APPLIES}"'
    lacking = "&".join(
        f'IF(ISNUMBER({layout.points.totals[reviewer.name].here}),"","；{no_total(layout.scheme, reviewer)}")'
        for reviewer in layout.scheme.reviewers
        if reviewer.weight
    )
    return f"MID({lacking},2,999)"


def remark_cell_text(month: Month, person: StaffResult) -> str:
    """What stands in the column 备注."""
    limits = month.score_of(person).limits
    vetoes = "".join(f"{name}：综合得分最高{number_text(limit)}分。" for name, limit in limits.items())
    return ("" if person.ranked else f"{NOT_RANKED}：{person.reason}。") + stood_in_sentence(person) + vetoes


def _around(sheet: BulkWorksheet, book: Book, month: Month, layout: Layout) -> None:
    """The headers of the workings, and the sums below that other sheets read."""
    points, below = layout.points, layout.below
    top = styles.small_print(book, bold=True)
    sheet.text(HEADER - 2, points.counted.number, "核算用：排序与核对，由其他工作表引用", top)
    headings = {
        points.counted: "参与排名的得分",
        **{column: f"{name}（同分时比较）" for name, column in points.breakers.items()},
        points.order: "排列顺序",
        points.lost: "一项最多失分",
        points.published_final: "发布得分",
        points.published_rank: "发布名次",
        **({points.published_grade: "发布等级"} if points.published_grade else {}),
        **{column: f"发布时{name}" for name, column in points.published_deduction_bases.items()},
        points.differs: "与发布不同",
        points.outcome: "发布的结果",
        points.remark: "备注",
    }
    if points.place is not points.rank:
        headings[points.place] = "并列前的名次"
    for column, heading in headings.items():
        sheet.block(
            HEADER - 1,
            column.number,
            HEADER,
            column.number,
            heading,
            styles.small_print(book, text_wrap=True),
        )
    ranked = len(month.result.ranked)
    sheet.formula(below, points.counted.number, f"=COUNT({points.counted.all_here})", top, ranked)
    factors = "".join(
        f"+({layout.standard.grades[grade.name].points}<>{number_text(grade.factor)})"
        for grade in month.scheme.grades
        if grade.factor is not None
    )
    sheet.formula(below, points.differs.number, f"=SUM({points.differs.all_here}){factors}", top, 0)
