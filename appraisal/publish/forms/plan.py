"""整改方案: one page for a person among the last, with what is known filled in and locked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby

from xlsxwriter.format import Format

from appraisal.publish.excel.book import (
    Book,
    Texts,
    filled_copy,
    print_on_a4,
    set_widths,
    write_across,
    write_meta,
)
from appraisal.publish.excel.input_cells import cell_style, guide
from appraisal.publish.excel.styles import BAND, HEADER, LABEL, QUIET, STILL_ALLOWED, TITLE, Style
from appraisal.publish.month import Month
from appraisal.publish.weaknesses import FEWEST, rows_in_print
from appraisal.publish.wording import document_number, full_date
from appraisal.scheme.forms import plan
from appraisal.scheme.forms.cells import Cell
from appraisal.scheme.forms.submission import GROUP, PERIOD, STAFF_ID, STAFF_NAME
from appraisal.scheme.model.outcome_rules import OutcomeType

_WIDTHS = {
    plan.INDICATOR: 14,
    plan.ACTUAL: 12,
    plan.GAP: 13,
    plan.CAUSE: 26,
    plan.ACTION: 30,
    plan.DONE_BY: 12,
    plan.SUPPORT: 18,
}
_OTHER_WIDTH = 11
_LABELS_AT = ((0, 1, 3), (4, 5, 5), (6, 7, 11))
"""Where labels stand, and from which to which column their values run: three to a row."""
_ROW_HEIGHT = 96

_TITLE, _HAND_IN, _PAGE_HEADER = "标题", "怎么交", "页眉"
_ON_THE_PAGE = frozenset({_TITLE, _HAND_IN, _PAGE_HEADER})
"""Texts of the page that the hidden sheet does not repeat."""


def plan_workbook(month: Month, staff_id: str) -> bytes:
    """The plan of a person whom the month asks for one; ValueError for anybody else.

    Recognised when it comes back by its hidden sheet, which also says once more what was filled in.
    """
    result, known = month.result, _known(month, staff_id)
    texts = {
        _TITLE: f"{month.scheme.name} · {plan.PLAN_SHEET}",
        _HAND_IN: f"请本人填写白底各格，于{known[plan.SUBMIT_BY]}前交{month.scheme.superior}。",
        _PAGE_HEADER: f"{result.group} {result.period} {known[STAFF_NAME]}",
        "scheme": result.scheme,
        "version": result.version,
        "kind": plan.PLAN,
        "period": str(result.period),
        "group": result.group,
        "staff": staff_id,
        **known,
        **rows_in_print(month, staff_id),
    }
    return filled_copy(_write, texts, created=result.issued)


def _known(month: Month, staff_id: str) -> dict[str, str]:
    """What the head says."""
    result, person = month.result, month.result.person(staff_id)
    plans = [one for one in result.outcomes_of(staff_id) if one.type is OutcomeType.RECTIFICATION]
    if not plans or plans[0].due is None:
        raise ValueError(f"nobody asks {staff_id} for a plan in {result.period}")
    return {
        STAFF_NAME: person.name,
        STAFF_ID: staff_id,
        plan.POST: month.posts.get(staff_id) or "—",
        GROUP: result.group,
        PERIOD: str(result.period),
        plan.SCORE_AND_PLACE: f"{person.final}分，第{person.rank}名（参评{len(result.ranked)}{month.scheme.people}）",
        plan.DOCUMENT_NUMBER: document_number(month) or "—",
        plan.ISSUED_ON: full_date(result.issued),
        plan.SUBMIT_BY: full_date(plans[0].due),
    }


def _write(book: Book, texts: Texts) -> None:
    _PlanPage(book).write(texts)
    write_meta(book, {name: text for name, text in texts.items() if name not in _ON_THE_PAGE})


class _PlanPage:
    """Writes from top to bottom."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self.sheet = book.sheet(plan.PLAN_SHEET)
        self.row = 0

    def write(self, texts: Texts) -> None:
        set_widths(self.sheet, [_WIDTHS.get(cell.name, _OTHER_WIDTH) for cell in plan.COLUMNS])
        self.sheet.hide_gridlines(2)
        self._line(texts[_TITLE], TITLE, height=32)
        self._line(texts[_HAND_IN], {"bold": True}, height=28)
        self._labels(plan.HEAD, texts, height=22)
        self._line(plan.HELP, QUIET, height=30)
        self._headers()
        rows = plan.filled_in_rows(texts)
        for row in (*rows, *[{}] * (FEWEST - len(rows))):
            self._indicator(row)
        for labels in (plan.SIGNATURE, plan.REVIEW):
            self._line("", QUIET, height=10)
            self._labels(labels, {}, height=32)
        self.sheet.protect("", STILL_ALLOWED)
        print_on_a4(self.sheet, title=texts[_PAGE_HEADER], landscape=True, one_page=True)

    def _line(self, text: str, style: Style, *, height: float) -> None:
        self.sheet.set_row(self.row, height)
        self.sheet.write(self.row, 0, text, self._style(style))
        self.row += 1

    def _labels(self, labels: Sequence[Cell], known: Texts, *, height: float) -> None:
        for at, cell in enumerate(labels):
            column, first, last = _LABELS_AT[at % len(_LABELS_AT)]
            row = self.row + at // len(_LABELS_AT)
            value = known.get(cell.name)
            style = cell_style(self.book, cell, locked=value is not None, align="left")
            self.sheet.set_row(row, height)
            self.sheet.write(row, column, cell.header, self._style(LABEL))
            write_across(self.sheet, (row, first, last), value or "", style)
            if value is None:
                guide(self.sheet, (row, first, row, first), cell)
        self.row += -(-len(labels) // len(_LABELS_AT))

    def _headers(self) -> None:
        bands = [cell.band for cell in plan.COLUMNS]
        self.sheet.set_row(self.row, 20)
        for band, group in groupby(range(len(bands)), key=bands.__getitem__):
            places = list(group)
            write_across(self.sheet, (self.row, places[0], places[-1]), band or "", self._style(BAND))
        self.sheet.set_row(self.row + 1, 24)
        self.sheet.write_row(self.row + 1, 0, [cell.header for cell in plan.COLUMNS], self._style(HEADER))
        self.row += 2

    def _indicator(self, row: Mapping[str, str]) -> None:
        """One indicator; without one, an empty row for what the person wants to add."""
        self.sheet.set_row(self.row, _ROW_HEIGHT)
        for column, cell in enumerate(plan.COLUMNS):
            value = row.get(cell.name)
            align = "center" if cell.prefilled else None
            style = cell_style(self.book, cell, locked=value is not None, align=align)
            self.sheet.write(self.row, column, value or "", style)
            if value is None:
                guide(self.sheet, (self.row, column, self.row, column), cell)
        self.row += 1

    def _style(self, style: Style) -> Format:
        return self.book.style(**style)
