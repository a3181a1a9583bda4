"""人事办理单.xlsx: the blank on which HR asks for its acts, one a row."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from math import ceil

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from appraisal.publish.excel import theme
from appraisal.publish.excel.book import Book, print_on_a4, set_widths, write_across, write_meta
from appraisal.publish.excel.input_cells import cell_style, guide
from appraisal.publish.excel.styles import BOXED, HEADER, STILL_ALLOWED, TITLE, Style
from appraisal.scheme.forms.cells import SheetForm
from appraisal.scheme.forms.hr_acts import (
    ACT,
    ACT_NAMES,
    ACTED_BY,
    ACTED_ON,
    ACTS,
    ACTS_SHEET,
    DECISION,
    DECISION_NAMES,
    DOCUMENT_NUMBER,
    EXAMPLE,
    META_KIND,
    OUTCOME,
    OUTCOME_SHORT_NAMES,
    REASON,
    ActKind,
    OutcomeDecision,
    acts_form,
)
from appraisal.scheme.forms.submission import GROUP, PERIOD, STAFF_ID
from appraisal.scheme.model.outcome_rules import OutcomeType

ROWS = 15
"""Empty rows: more than a month of several groups needs."""

_CREATED = date(2020, 1, 1)
"""The blank is the same at all times, so its core properties tell no other day."""

_WIDTHS = {
    GROUP: 18.0, PERIOD: 11.0, ACT: 11.0, STAFF_ID: 10.0, OUTCOME: 11.0, DECISION: 10.0,
    DOCUMENT_NUMBER: 20.0, ACTED_ON: 12.0, REASON: 34.0, ACTED_BY: 10.0,
}  # fmt: skip
_LINE_HEIGHT = 15

_LEAD: Style = {"text_wrap": True, "valign": "top"}
_MEANING: Style = {
    **BOXED,
    "text_wrap": True,
    "font_size": theme.NOTE_SIZE,
    "bg_color": theme.hexed(theme.GREY_FAINT),
}
_NAME: Style = {**_MEANING, "bold": True, "align": "center"}

_LEADS = (
    "每行办一件，填好后放入共享文件夹（设有“人事”文件夹的，放进“人事”）。",
    "几件可以填在一张单上，从上到下依次办理；有一格填错，整张单退回，一件也不办。灰色的示例行不办理，不用删。",
)

_EXAMPLES: tuple[Mapping[str, str | date], ...] = (
    {
        GROUP: f"{EXAMPLE}旗舰店",
        PERIOD: "2026-11",
        ACT: ACT_NAMES[ActKind.ISSUE],
        DOCUMENT_NUMBER: "人事〔2026〕12号",
        ACTED_ON: date(2026, 12, 3),
        REASON: "通报已经审定",
        ACTED_BY: "刘芳",
    },
    {
        GROUP: f"{EXAMPLE}旗舰店",
        PERIOD: "2026-11",
        ACT: ACT_NAMES[ActKind.DECIDE],
        STAFF_ID: "KF009",
        OUTCOME: OUTCOME_SHORT_NAMES[OutcomeType.DEDUCT],
        DECISION: DECISION_NAMES[OutcomeDecision.WAIVE],
        ACTED_ON: date(2026, 12, 8),
        REASON: "两人末位并列，经研究本月不作调整",
        ACTED_BY: "刘芳",
    },
)


def acts_workbook() -> bytes:
    """The blank for HR; always the same bytes."""
    form = acts_form()
    book = Book()
    _Sheet(book, form.main).write()
    write_meta(book, {"kind": META_KIND, "version": form.version})
    return book.finished(created=_CREATED)


class _Sheet:
    """The one sheet, written from top to bottom."""

    def __init__(self, book: Book, form: SheetForm) -> None:
        self.book = book
        self.form = form
        self.sheet: Worksheet = book.sheet(form.name)
        self.widths = [_WIDTHS[cell.name] for cell in form.columns]
        self.row = 0

    def write(self) -> None:
        set_widths(self.sheet, self.widths)
        self.sheet.hide_gridlines(2)
        self._line(ACTS_SHEET, TITLE, height=30)
        for lead in _LEADS:
            self._line(lead, _LEAD)
        self._gap()
        for act in ACTS:
            self._meaning(act.name, act.meaning)
        self._gap()
        header = self.row
        self._next(theme.HEADER_HEIGHT)
        self.sheet.write_row(header, 0, [cell.header for cell in self.form.columns], self._style(HEADER))
        for example in _EXAMPLES:
            self._example(example)
        self._empty_rows()
        self.sheet.freeze_panes(header + 1, 0)
        self.sheet.protect("", STILL_ALLOWED)
        print_on_a4(self.sheet, title=ACTS_SHEET, landscape=True, one_page=True)

    def _line(self, text: str, style: Style, *, height: float = 18) -> None:
        last = len(self.form.columns) - 1
        write_across(self.sheet, (self._next(height), 0, last), text, self._style(style))

    def _meaning(self, name: str, meaning: str) -> None:
        lines = ceil(theme.text_width(meaning) / sum(self.widths[1:]))
        row = self._next(6 + _LINE_HEIGHT * lines)
        self.sheet.write(row, 0, name, self._style(_NAME))
        write_across(self.sheet, (row, 1, len(self.form.columns) - 1), meaning, self._style(_MEANING))

    def _example(self, values: Mapping[str, str | date]) -> None:
        row = self._next(theme.ROW_HEIGHT)
        for column, cell in enumerate(self.form.columns):
            self.sheet.write(row, column, values.get(cell.name, ""), cell_style(self.book, cell, locked=True))

    def _empty_rows(self) -> None:
        first = self.row
        for _ in range(ROWS):
            row = self._next(theme.ROW_HEIGHT)
            for column, cell in enumerate(self.form.columns):
                self.sheet.write_blank(row, column, None, cell_style(self.book, cell, locked=False))
        for column, cell in enumerate(self.form.columns):
            guide(self.sheet, (first, column, self.row - 1, column), cell)

    def _gap(self) -> None:
        self._next(6)

    def _next(self, height: float) -> int:
        """The row to write now, its height set."""
        self.sheet.set_row(self.row, height)
        self.row += 1
        return self.row - 1

    def _style(self, style: Style) -> Format:
        return self.book.style(**style)
