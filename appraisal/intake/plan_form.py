"""Dropped 整改方案 and 面谈记录: what the person undertakes, what the manager says of it and when they talked, or what
stands in the way; and 下月目标值 as a number, which next month can be held against."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from appraisal.findings.finding import Finding, finding, has_errors
from appraisal.intake.draft import CellReader
from appraisal.intake.form import in_reading_order, meta_of
from appraisal.intake.layout import LocatedSheet
from appraisal.intake.person_form import (
    Labelled,
    PersonReading,
    best_sheet,
    read_labelled,
    read_page,
    scheme_named,
    signed_by_other,
    whose_paper,
)
from appraisal.intake.roster import Roster
from appraisal.intake.submission import CellValue
from appraisal.intake.values import as_taken, missing_hint, typed_number
from appraisal.period import Period
from appraisal.scheme.forms import plan
from appraisal.scheme.forms.cells import Cell, CellType, Need
from appraisal.scheme.model.indicator import Indicator
from appraisal.scheme.model.scheme import Scheme
from appraisal.scheme.model.units import Unit
from appraisal.scheme.rulebook import Rulebook
from appraisal.text import key, odd_characters
from appraisal.xlsx.grid import RawWorkbook, Rows, rows_of

_TYPES = {
    Unit.PERCENT: CellType.PERCENT,
    Unit.DURATION: CellType.DURATION,
    Unit.MONEY: CellType.MONEY,
    Unit.COUNT: CellType.COUNT,
}

_EXAMPLES = {CellType.PERCENT: "55%", CellType.DURATION: "30秒", CellType.MARK: "5分"}

_SIGNS = "≥≤＞＜><= "

_AROUND = ("及以上", "及以下", "以上", "以下", "以内")


def number_of(aim: str, indicator: Indicator) -> Decimal | None:
    """What `≥55%`, `30秒以内`, `5分` come to in the indicator's own unit; None where that is not certain.

    A percent is a part of one; without its sign it is not certain.
    """
    kind = _type(indicator)
    text = aim.strip(_SIGNS)
    for word in _AROUND:
        text = text.removesuffix(word)
    unit = "秒" if kind is CellType.DURATION else None
    factor = None if kind is CellType.PERCENT else Decimal(1)
    return typed_number(text, Cell(indicator.name, kind, unit=unit), factor)


def example_for(indicator: Indicator) -> str:
    """An aim as it may be written for the indicator."""
    return _EXAMPLES.get(_type(indicator), "8")


def _type(indicator: Indicator) -> CellType:
    return CellType.MARK if indicator.is_judged else _TYPES.get(indicator.measure.unit, CellType.NUMBER)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanReading(PersonReading):
    """What became of reading the plan.

    `goals` are 下月目标值 by indicator, as the person wrote them; `is_agreed` says whether the
    manager has agreed to the plan (店长审核), `is_more_wanted` whether he sends it back: that is an error
    too.
    """

    goals: Mapping[str, str]
    is_agreed: bool
    is_more_wanted: bool

    @property
    def is_mistaken(self) -> bool:
        """Whether it lacks something, and not by the manager's word."""
        return has_errors(self.findings) and not self.is_more_wanted


def read_plan(raw: RawWorkbook, *, rulebook: Rulebook, roster: Roster | None) -> PlanReading:
    """The reading of a recognised workbook, with all of its mistakes at once."""
    page = read_page(raw, plan.SHEET, plan.FOOT, roster)
    whose = whose_paper(page.head, page.meta)
    table = _Table(page.located, page.rows) if page.located else None
    findings = [
        *page.about_head,
        *page.about_foot,
        *signed_by_other(page.foot, "plan.signed_by_other", whose["name"]),
        *_review(page.foot),
    ]
    if table:
        named, period = scheme_named(page.meta, whose["group"], roster), whose["period"]
        scheme = rulebook.in_force(named, period) if named and period else None
        findings += [
            *table.findings,
            *table.incompleteness(),
            *table.held_against(plan.filled_in_rows(page.meta)),
            *table.unclear(scheme, period),
        ]
    return PlanReading(
        **whose,
        goals=table.goals() if table else {},
        is_agreed=page.foot.values[plan.REVIEWED] == plan.AGREED,
        is_more_wanted=page.foot.values[plan.REVIEWED] == plan.MORE_WANTED,
        findings=in_reading_order(findings, (one.name for one in raw.sheets)),
        sheet=page.head.sheet,
        addresses=page.addresses,
    )


def _review(foot: Labelled) -> Iterator[Finding]:
    """The manager wants more."""
    if foot.values[plan.REVIEWED] == plan.MORE_WANTED:
        opinion = foot.values[plan.REVIEW_OPINION] or "没有写明补充什么，请问店长"
        yield foot.finding("plan.more_wanted", plan.REVIEWED, opinion=str(opinion).rstrip("。"))


@dataclass(frozen=True, slots=True)
class _Row:
    number: int
    values: Mapping[str, CellValue]

    @property
    def indicator(self) -> str | None:
        value = self.values.get(plan.INDICATOR)
        return value if isinstance(value, str) else None


class _Table:
    """The rows about one indicator each, and what there is to say about them."""

    def __init__(self, located: LocatedSheet, rows: Rows) -> None:
        self._sheet = located.raw.name
        self._columns = {column.cell.name: column for column in located.columns}
        reader = CellReader()
        self._rows: list[_Row] = []
        for number, cells in rows.items():
            values = {
                name: reader.take(cells[column.at], column, (self._sheet, f"{column.letters}{number}"))
                for name, column in self._columns.items()
                if column.at in cells
            }
            reader.end_row(number, len(cells))
            self._rows.append(_Row(number, values))
        self.findings = tuple(reader.findings)
        self._faulty = {cell for _, cell in reader.faulty}
        self._rows = [row for row in self._rows if self._is_filled(row)]

    def incompleteness(self) -> Iterator[Finding]:
        """What the rows lack."""
        for row in self._rows:
            for cell in plan.COLUMNS:
                is_blank = (
                    row.values.get(cell.name) is None and self._place(row, cell.name) not in self._faulty
                )
                if cell.need is Need.ALWAYS and cell.name in self._columns and is_blank:
                    yield self._finding("cell.missing", row, cell.name, name=cell.name, hint=_hint(cell))
        if not self._rows and self._columns.keys() >= {plan.INDICATOR, plan.CAUSE}:
            yield finding("plan.empty", sheet=self._sheet)

    def held_against(self, filled_in: Sequence[Mapping[str, str]]) -> Iterator[Finding]:
        """What no longer says what the system had filled in."""
        by_name = {key(row.indicator): row for row in self._rows if row.indicator}
        names = {key(one[plan.INDICATOR]) for one in filled_in}
        for at, facts in enumerate(filled_in):
            row = by_name.get(key(facts[plan.INDICATOR])) or self._renamed(at, names)
            if row is None:
                yield finding("plan.row_gone", sheet=self._sheet, name=facts[plan.INDICATOR])
                continue
            for column, expected in facts.items():
                seen = as_taken(row.values.get(column), plan.SHEET.column(column))
                if column in self._columns and key(seen) != key(expected):
                    gaps = {"name": column, "expected": expected, "seen": seen or "空白"}
                    gaps["odd"] = odd_characters(seen, expected)
                    yield self._finding("cell.changed", row, column, **gaps)

    def unclear(self, scheme: Scheme | None, period: Period | None) -> Iterator[Finding]:
        """Goals that nobody can check next month."""
        indicators = {key(one.name): one for one in scheme.indicators} if scheme else {}
        for row in self._rows:
            goal, day = row.values.get(plan.NEXT_GOAL), row.values.get(plan.DONE_BY)
            indicator = indicators.get(key(row.indicator or ""))
            if indicator and isinstance(goal, str) and number_of(goal, indicator) is None:
                example = example_for(indicator)
                yield self._finding("plan.goal_unclear", row, plan.NEXT_GOAL, seen=goal, example=example)
            if period and isinstance(day, date) and day <= period.last_day:
                yield self._finding("plan.done_too_early", row, plan.DONE_BY, date=day, period=period)

    def goals(self) -> dict[str, str]:
        return {
            row.indicator: goal
            for row in self._rows
            if row.indicator and isinstance(goal := row.values.get(plan.NEXT_GOAL), str)
        }

    def _is_filled(self, row: _Row) -> bool:
        return any(value is not None for value in row.values.values()) or any(
            self._place(row, name) in self._faulty for name in self._columns
        )

    def _renamed(self, at: int, names: set[str]) -> _Row | None:
        """The row that stands in the place of one that is not there, if it is no other that is expected."""
        row = self._rows[at] if at < len(self._rows) else None
        return None if row is None or key(row.indicator or "") in names else row

    def _place(self, row: _Row, column: str) -> str | None:
        return f"{self._columns[column].letters}{row.number}" if column in self._columns else None

    def _finding(self, code: str, row: _Row, column: str, /, **gaps: object) -> Finding:
        return finding(code, sheet=self._sheet, cell=self._place(row, column), **gaps)


def _hint(cell: Cell) -> str:
    return "这一行要写明是哪一项指标；不需要的，请清空整行。" if cell.prefilled else missing_hint(cell)


@dataclass(frozen=True, slots=True, kw_only=True)
class InterviewReading(PersonReading):
    """What became of reading the record of a talk."""

    held_on: date | None


def read_interview(raw: RawWorkbook, *, roster: Roster | None) -> InterviewReading:
    """The reading of a recognised workbook, with all of its mistakes at once."""
    meta = meta_of(raw)
    words = (cell.name for cell in plan.INTERVIEW_FORM.labels)
    sheet = best_sheet(raw.sheets, plan.INTERVIEW_SHEET, words)
    page = read_labelled(sheet, rows_of(sheet), plan.INTERVIEW_FORM, roster)
    whose = whose_paper(page, meta)
    filled_in = {cell.name: meta[cell.name] for cell in plan.INTERVIEW_HEAD if cell.name in meta}
    held_on = page.values[plan.HELD_ON]
    findings = [*page.findings, *page.held_against(filled_in)]
    if "拒签" not in str(page.values[plan.SIGNED_BY]):  # who will not sign need not
        findings += signed_by_other(page, "talk.signed_by_other", whose["name"])
    return InterviewReading(
        **whose,
        held_on=held_on if isinstance(held_on, date) else None,
        findings=in_reading_order(findings, (one.name for one in raw.sheets)),
        sheet=sheet.name,
        addresses=page.addresses,
    )
