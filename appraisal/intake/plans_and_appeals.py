"""Dropped 整改方案, 面谈记录 and 申诉表: what the person undertakes or objects to, what the manager says of it, or what stands in the way.

下月目标值 is read as a number too, which next month can be held against."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from appraisal.findings.finding import Finding, finding, has_errors
from appraisal.intake.draft import CellReader, TableRow, read_table
from appraisal.intake.form import in_reading_order, meta_of, revision_said
from appraisal.intake.layout import LocatedSheet
from appraisal.intake.person_form import (
    Labelled,
    PersonReading,
    best_sheet,
    read_labelled,
    read_page,
    scheme_of_form,
    signed_by_other,
    whose_paper,
)
from appraisal.intake.roster import Roster
from appraisal.intake.submission import Row
from appraisal.intake.values import as_taken, missing_hint, typed_number
from appraisal.period import Period
from appraisal.scheme.forms import personal
from appraisal.scheme.forms.cells import Cell, CellType, Need
from appraisal.scheme.model.indicator import Indicator
from appraisal.scheme.model.scheme import Scheme
from appraisal.scheme.model.units import Unit
from appraisal.scheme.rulebook import Rulebook
from appraisal.text import key, unusual_characters
from appraisal.xlsx.grid import RawWorkbook, Rows, rows_of

_TYPES = {
    Unit.PERCENT: CellType.PERCENT,
    Unit.DURATION: CellType.DURATION,
    Unit.MONEY: CellType.MONEY,
    Unit.COUNT: CellType.COUNT,
}

_EXAMPLES = {CellType.PERCENT: "55%", CellType.DURATION: "30秒", CellType.MARK: "5分"}

_SIGNS = "≥≤＞＜><= "

_NAME_OR_CLEAR = "这一行要写明是哪一项指标；不需要的，请清空整行。"

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
    page = read_page(raw, personal.PLAN_FORM, personal.PLAN_FOOT, roster)
    whose = whose_paper(page.head, page.meta)
    table = _PlanTable(page.located, page.rows) if page.located else None
    findings = [
        *page.about_head,
        *page.about_foot,
        *signed_by_other(page.foot, "plan.signed_by_other", whose["name"]),
        *_review(page.foot),
    ]
    if table:
        named, period = scheme_of_form(page.meta, whose["group"], roster), whose["period"]
        scheme = rulebook.in_force(named, period) if named and period else None
        findings += [
            *table.findings,
            *table.incompleteness(),
            *table.held_against(personal.filled_in_rows(page.meta)),
            *table.unclear(scheme, period),
        ]
    return PlanReading(
        **whose,
        goals=table.goals() if table else {},
        is_agreed=page.foot.values[personal.REVIEWED] == personal.AGREED,
        is_more_wanted=page.foot.values[personal.REVIEWED] == personal.MORE_WANTED,
        findings=in_reading_order(findings, (sheet.name for sheet in raw.sheets)),
        sheet=page.head.sheet,
        addresses=page.addresses,
    )


def _review(foot: Labelled) -> Iterator[Finding]:
    """The manager wants more."""
    if foot.values[personal.REVIEWED] == personal.MORE_WANTED:
        opinion = foot.values[personal.REVIEW_OPINION] or "没有写明补充什么，请问店长"
        yield foot.finding("plan.more_wanted", personal.REVIEWED, opinion=str(opinion).rstrip("。"))


class _PlanTable:
    """The rows about one indicator each, and what there is to say about them."""

    def __init__(self, located: LocatedSheet, rows: Rows) -> None:
        reader = CellReader()
        self._table = read_table(located, (TableRow(*row) for row in rows.items()), reader)
        self._faulty = frozenset(reader.faulty)
        self._rows = [
            row for row in self._table.rows if any(self._is_filled(row, name) for name in self._table.columns)
        ]
        self.findings = tuple(reader.findings)

    def incompleteness(self) -> Iterator[Finding]:
        """What the rows lack."""
        columns = self._table.columns
        needed = [cell for cell in personal.PLAN_COLUMNS if cell.need is Need.ALWAYS and cell.name in columns]
        for row in self._rows:
            for cell in needed:
                if not self._is_filled(row, cell.name):
                    hint = _NAME_OR_CLEAR if cell.prefilled else missing_hint(cell)
                    yield self._table.finding("cell.missing", row, cell.name, name=cell.name, hint=hint)
        if not self._rows and columns.keys() >= {personal.INDICATOR, personal.CAUSE}:
            yield finding("plan.empty", sheet=self._table.sheet)

    def held_against(self, filled_in: Sequence[Mapping[str, str]]) -> Iterator[Finding]:
        """A finding for each row that the system had filled in and that is gone, each cell that says something else now."""
        by_name = {key(name): row for row in self._rows if (name := _indicator(row))}
        names = {key(facts[personal.INDICATOR]) for facts in filled_in}
        for index, facts in enumerate(filled_in):
            row = by_name.get(key(facts[personal.INDICATOR])) or self._renamed(index, names)
            if row is None:
                yield finding("plan.row_gone", sheet=self._table.sheet, name=facts[personal.INDICATOR])
                continue
            for column, expected in facts.items():
                seen = as_taken(row.values[column], personal.PLAN_FORM.column(column))
                if column in self._table.columns and key(seen) != key(expected):
                    gaps = {"name": column, "expected": expected, "seen": seen or "空白"}
                    gaps["odd"] = unusual_characters(seen, expected)
                    yield self._table.finding("cell.changed", row, column, **gaps)

    def unclear(self, scheme: Scheme | None, period: Period | None) -> Iterator[Finding]:
        """Goals that nobody can check next month."""
        indicators = {key(indicator.name): indicator for indicator in scheme.indicators} if scheme else {}
        for row in self._rows:
            goal, day = row.values[personal.NEXT_GOAL], row.values[personal.DONE_BY]
            indicator = indicators.get(key(_indicator(row)))
            if indicator and isinstance(goal, str) and number_of(goal, indicator) is None:
                gaps = {"seen": goal, "example": _EXAMPLES.get(_type(indicator), "8")}
                yield self._table.finding("plan.goal_unclear", row, personal.NEXT_GOAL, **gaps)
            if period and isinstance(day, date) and day <= period.last_day:
                yield self._table.finding(
                    "plan.done_too_early", row, personal.DONE_BY, date=day, period=period
                )

    def goals(self) -> dict[str, str]:
        return {
            name: goal
            for row in self._rows
            if (name := _indicator(row)) and isinstance(goal := row.values[personal.NEXT_GOAL], str)
        }

    def _is_filled(self, row: Row, column: str) -> bool:
        place = self._table.sheet, self._table.cell(row, column)
        return row.values[column] is not None or place in self._faulty

    def _renamed(self, index: int, names: set[str]) -> Row | None:
        """The row that stands in the place of one that is not there, if it is no other that is expected."""
        row = self._rows[index] if index < len(self._rows) else None
        return None if row is None or key(_indicator(row)) in names else row


def _indicator(row: Row) -> str:
    return str(row.values[personal.INDICATOR] or "")


@dataclass(frozen=True, slots=True, kw_only=True)
class InterviewReading(PersonReading):
    """What became of reading the record of a talk."""

    held_on: date | None


def read_interview(raw: RawWorkbook, *, roster: Roster | None) -> InterviewReading:
    """The reading of a recognised workbook, with all of its mistakes at once."""
    meta = meta_of(raw)
    sheet = best_sheet(raw, personal.INTERVIEW_FORM)
    page = read_labelled(sheet, rows_of(sheet), personal.INTERVIEW_FORM, roster)
    whose = whose_paper(page, meta)
    filled_in = {cell.name: meta[cell.name] for cell in personal.INTERVIEW_HEAD if cell.name in meta}
    held_on = page.values[personal.HELD_ON]
    findings = [*page.findings, *page.held_against(filled_in)]
    if "拒签" not in str(page.values[personal.SIGNED_BY]):  # who will not sign need not
        findings += signed_by_other(page, "talk.signed_by_other", whose["name"])
    return InterviewReading(
        **whose,
        held_on=held_on if isinstance(held_on, date) else None,
        findings=in_reading_order(findings, (sheet.name for sheet in raw.sheets)),
        sheet=sheet.name,
        addresses=page.addresses,
    )


@dataclass(frozen=True, slots=True)
class AppealedItem:
    """One row: what is objected to, what the papers say, what the person holds to be right, and why."""

    item: str
    shown: str
    wanted: str
    grounds: str

    @property
    def in_words(self) -> str:
        """`表上42.1秒，认为应为38秒；系统故障两小时`."""
        wanted = f"，认为应为{self.wanted}" if self.wanted else ""
        return f"表上{self.shown}{wanted}；{self.grounds}"


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealReading(PersonReading):
    """What became of reading the form. `revision` is the one that it was handed out with."""

    revision: int | None
    items: tuple[AppealedItem, ...]
    request: str

    @property
    def in_words(self) -> dict[str, str]:
        """What is objected to and why, by item; with the last what the person asks for."""
        texts = {item.item: item.in_words for item in self.items}
        if texts and self.request:
            last = list(texts)[-1]
            texts[last] = f"{texts[last]}；希望：{self.request}"
        return texts


def read_appeal(raw: RawWorkbook, *, roster: Roster | None) -> AppealReading:
    """The reading of a recognised workbook, with all of its mistakes at once."""
    page = read_page(raw, personal.APPEAL_FORM, personal.APPEAL_FOOT, roster)
    items, about_items = _items(page.located, page.rows, page.meta)
    findings = [
        *page.about_head,
        *about_items,
        *page.about_foot,
        *signed_by_other(page.foot, "appeal.signed_by_other", page.meta.get(personal.SIGNER)),
    ]
    return AppealReading(
        **whose_paper(page.head, page.meta),
        revision=revision_said(page.meta, page.head.values[personal.REVISION]),
        items=items,
        request=str(page.foot.values[personal.REQUEST] or ""),
        findings=in_reading_order(findings, (sheet.name for sheet in raw.sheets)),
        sheet=page.head.sheet,
        addresses=page.addresses,
    )


def _items(
    located: LocatedSheet | None, rows: Rows, meta: Mapping[str, str]
) -> tuple[tuple[AppealedItem, ...], list[Finding]]:
    """The rows in which the person wrote, and what they lack."""
    if located is None:
        return (), []
    reader = CellReader()
    table = read_table(located, (TableRow(*row) for row in rows.items()), reader)
    known = {
        key(row[personal.ITEM]): row[personal.SHOWN]
        for row in personal.filled_in_rows(meta, personal.APPEAL_COLUMNS)
    }
    findings = reader.findings
    items: list[AppealedItem] = []
    for row in table.rows:
        item, shown, wanted, grounds = (str(row.values[cell.name] or "") for cell in personal.APPEAL_COLUMNS)
        if not wanted and not grounds:
            continue
        items.append(AppealedItem(item, known.get(key(item), shown), wanted, grounds))
        if not item or (known and key(item) not in known):  # about nothing that the system had filled in
            findings.append(table.finding("appeal.item_unknown", row, personal.ITEM, seen=item))
        if not grounds:
            hint = missing_hint(personal.APPEAL_FORM.column(personal.GROUNDS))
            name = personal.GROUNDS
            findings.append(table.finding("cell.missing", row, name, name=name, hint=hint))
    if not items:
        findings.append(finding("appeal.empty", sheet=table.sheet))
    return tuple(items), findings
