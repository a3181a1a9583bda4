"""Where everything stands in the result workbook, so that a formula of one sheet can point into another.

A person has the same row on 分项得分, 近月走势 and 考核数据, from `FIRST` on, in the workbook's order;
综合排名 alone is sorted. Rows and columns count from 1, as in the formulas themselves.

And how the sheets with a row per person begin, and where scales of the final score end.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from math import ceil

from appraisal.period import Period
from appraisal.publish.excel import styles, theme
from appraisal.publish.excel.book import ROW, Book, BulkWorksheet
from appraisal.publish.month import Month
from appraisal.scheme.forms.cells import Cell, SheetForm
from appraisal.scheme.formula.parse import OverGroup
from appraisal.scheme.methods.method import StandardCells
from appraisal.scheme.model.indicator import Indicator
from appraisal.scheme.model.scheme import Scheme
from appraisal.xlsx.grid import column_name

PROTECTION = {"autofilter": True, "format_columns": True, "format_rows": True}
"""Sheets that only compute are protected without a password, so that nobody types over a formula."""

RANKING = "综合排名"
OUTCOMES = "结果运用"
POINTS = "分项得分"
TREND = "近月走势"
STANDARD = "评分标准"
DATA = "考核数据"
DATA_CHECK_NOTES = "数据核对说明"

FIRST = 6
"""The first person's row on 分项得分, 近月走势 and 考核数据."""

HEADER = FIRST - 1
"""The lowest header row there. On 分项得分 it holds the full points and weights as numbers."""

FIRST_RANKED = 9
"""The first row of the table on 综合排名."""

ON_ONE_PAGE = 40
"""Up to so many staff 综合排名 and 近月走势 print on one A4 page, and the chart shows everybody."""

FIRST_INDICATOR = 5
"""The first row of the table on 评分标准."""

FULL_COLUMN, MINIMUM_COLUMN, FIRST_BAND = 4, 6, 7
"""Columns of 评分标准: 标准分, 样本下限, and the first of the bands."""

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
        """This person's cell, which stays in its column wherever the formula is copied to: `$F{row}`."""
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
    rows: Mapping[str, int]
    full: Mapping[str, str]
    minimum: Mapping[str, str]
    lines: Mapping[str, tuple[StandardCells, ...]]
    small: Mapping[str, str]
    small_lines: Mapping[str, tuple[StandardCells, ...]]
    weights: Mapping[str, str]
    sections: Mapping[str, str]
    grades: Mapping[str, StandardCells]
    minimum_points: str
    total: int
    first_reviewer: int
    first_section: int
    first_grade: int
    rules: int


@dataclass(frozen=True, slots=True)
class Subtotal:
    """The points of one 类别, weighted over the reviewers."""

    name: str
    indicators: tuple[Indicator, ...]
    column: Column

    @property
    def full(self) -> Decimal:
        return sum((indicator.points for indicator in self.indicators), Decimal(0))


@dataclass(frozen=True, slots=True)
class PointsPlaces:
    """分项得分: values and points by indicator, subtotals, totals, and at the right the workings."""

    staff_id: Column
    name: Column
    values: Mapping[str, Column]
    counts: Mapping[str, Column]
    points: Mapping[str, Mapping[str, Column]]
    categories: tuple[Subtotal, ...]
    sections: Mapping[str, Subtotal]
    parts: Mapping[str, Mapping[str, Column]]
    totals: Mapping[str, Column]
    weighted: Column | None
    final: Column
    rank: Column
    grade: Column | None
    possible: Column
    counted: Column
    breakers: Mapping[str, Column]
    place: Column
    order: Column
    lost: Column
    published_final: Column
    published_rank: Column
    published_grade: Column | None
    published_deduction_bases: Mapping[str, Column]
    differs: Column
    outcome: Column
    remark: Column

    @property
    def subtotals(self) -> tuple[Subtotal, ...]:
        """The finest 类别, then those that are made of them."""
        coarse = (subtotal for subtotal in self.sections.values() if subtotal not in self.categories)
        return (*self.categories, *coarse)


@dataclass(frozen=True, slots=True)
class TrendPlaces:
    """近月走势: a score and a rank for each month shown; the last month is the appraised one."""

    months: tuple[Period, ...]
    scores: Mapping[Period, Column]
    sparkline: int | None
    ranks: Mapping[Period, Column]


@dataclass(frozen=True, slots=True)
class Layout:
    """All places of one workbook. `last` is the last person's row where `FIRST` is the first's."""

    scheme: Scheme
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
        shown += 0 if self.points.grade is None else 2
        return Column(RANKING, shown + 1, FIRST_RANKED, self.last_ranked)

    @property
    def average(self) -> str:
        """The mean final score of the ranked, as 分项得分 shows it."""
        return self.points.final.at_there(self.below)

    @property
    def is_as_published(self) -> str:
        """True as long as every living score, place, grade and factor, and so every outcome, is the published one."""
        return f"{self.points.differs.at_there(self.below)}=0"


def highest_final(scheme: Scheme) -> int:
    """Where scales of the final score end: at 100, or at the next ten above what 加减分 can make of it."""
    added = sum(
        indicator.method.marking(indicator.measure).high
        for indicator in scheme.outside
        if indicator.is_judged
    )
    return 10 * ceil((100 + added) / 10)


def identity(sheet: BulkWorksheet, book: Book, month: Month) -> list[float]:
    """工号 and 姓名 of everybody, a long name on several lines; gives the widths of both columns."""
    ids, names = [person.id for person in month.result.staff], [person.name for person in month.result.staff]
    widths = [styles.width_for(ids, 5, 9), styles.width_for(names, 5, 9)]
    sheet.values(FIRST, 1, ids, styles.body(book, shrink=True))
    sheet.values(FIRST, 2, names, styles.body(book, bold=True, text_wrap=True))
    for row, name in enumerate(names, FIRST - 1):
        if theme.text_width(name) > widths[1]:
            sheet.set_row(row, theme.name_height(name, widths[1]))
    return widths


def write_heading(sheet: BulkWorksheet, book: Book, month: Month, title: str, note: str) -> None:
    """Beside the columns that stand on every page, so that no page cuts it; over those whether the sheet is a draft."""
    if sheet.mark:
        sheet.text(1, 1, "", styles.small_print(book))
    sheet.text(1, 3, title, styles.title(book))
    whose = f"{month.result.group} {month.result.period.in_words}"
    sheet.text(2, 3, f"{whose}　{note}", book.style(**styles.QUIET))
