"""人事办理单.xlsx: the blank on which HR asks for its acts, one a row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache

from appraisal.publish.excel import theme
from appraisal.publish.excel.book import Book, meta_choices, write_meta
from appraisal.publish.excel.form_page import FormPage, cell_style, guide
from appraisal.publish.excel.styles import BOXED, HEADER, TITLE, Style
from appraisal.scheme.forms import hr_acts as acts
from appraisal.scheme.forms.cells import SheetForm
from appraisal.scheme.forms.submission import GROUP, PERIOD, STAFF_ID
from appraisal.scheme.model.outcome_rules import OutcomeType

ROWS = 15
"""Empty rows: more than a month of several groups needs."""

_CREATED = date(2020, 1, 1)
"""The blank is the same at all times, so its core properties tell no other day."""

_WIDTHS = {
    GROUP: 18.0, PERIOD: 11.0, acts.ACT: 11.0, STAFF_ID: 10.0, acts.OUTCOME: 11.0, acts.DECISION: 10.0, acts.ITEM: 7.0,
    acts.DOCUMENT_NUMBER: 20.0, acts.ACTED_ON: 12.0, acts.REASON: 34.0, acts.ACTED_BY: 10.0,
    acts.FORCED: 10.0,
}  # fmt: skip

_LEAD: Style = {"text_wrap": True, "valign": "top"}
_MEANING: Style = {
    **BOXED,
    "text_wrap": True,
    "font_size": theme.NOTE_SIZE,
    "bg_color": theme.hexed(theme.GREY_FAINT),
}
_NAME: Style = {**_MEANING, "bold": True, "align": "center"}

_LEADS = (
    "每行办一件，填好后放入收件夹的“人事”文件夹；放在别处的不办理，会退回。",
    "几件可以填在一张单上，从上到下依次办理；有一格填错，整张单退回，一件也不办。灰色的示例行不办理，不用删。",
)

_EXAMPLES: tuple[Mapping[str, str | date], ...] = (
    {
        GROUP: f"{acts.EXAMPLE}旗舰店",
        PERIOD: "2026-11",
        acts.ACT: acts.ACT_NAMES[acts.ActKind.ISSUE],
        acts.DOCUMENT_NUMBER: "人事〔2026〕12号",
        acts.ACTED_ON: date(2026, 12, 3),
        acts.ACTED_BY: "刘芳",
    },
    {
        GROUP: f"{acts.EXAMPLE}旗舰店",
        PERIOD: "2026-11",
        acts.ACT: acts.ACT_NAMES[acts.ActKind.DECIDE],
        STAFF_ID: "KF009",
        acts.OUTCOME: acts.OUTCOME_SHORT_NAMES[OutcomeType.DEDUCT],
        acts.DECISION: acts.DECISION_NAMES[acts.OutcomeDecision.WAIVE],
        acts.ACTED_ON: date(2026, 12, 8),
        acts.REASON: "两人末位并列，经研究本月不作调整",
        acts.ACTED_BY: "刘芳",
    },
)


@lru_cache(maxsize=4)
def acts_workbook(groups: tuple[str, ...] = ()) -> bytes:
    """The blank for HR with these groups to choose from; the same bytes for the same groups."""
    form = acts.acts_form()
    book = Book()
    _write(book, form.main, groups)
    choices = (acts.EVERY_GROUP, *groups) if groups else ()
    write_meta(book, {"kind": acts.META_KIND, "version": form.version}, choices)
    return book.finished(created=_CREATED)


def _write(book: Book, form: SheetForm, groups: Sequence[str]) -> None:
    page = FormPage(book, form.name, [_WIDTHS[cell.name] for cell in form.columns])
    page.paragraph(acts.ACTS_SHEET, TITLE, 30)
    for lead in _LEADS:
        page.paragraph(lead, _LEAD, 18)
    page.gap(6)
    for act in acts.ACTS:
        row = page.next_row(6 + page.height_of(act.meaning, 1))
        page.put(row, (0, 0), act.name, _NAME)
        page.put(row, page.from_column(1), act.meaning, _MEANING)
    page.gap(6)
    page.headers(page.next_row(theme.HEADER_HEIGHT), [cell.header for cell in form.columns], HEADER)
    page.sheet.freeze_panes(page.row, 0)
    for example in _EXAMPLES:
        row = page.next_row(theme.ROW_HEIGHT)
        for column, cell in enumerate(form.columns):
            page.sheet.write(row, column, example.get(cell.name, ""), cell_style(book, cell, locked=True))
    _empty_rows(page, form, groups)
    page.finish(acts.ACTS_SHEET, landscape=True)


def _empty_rows(page: FormPage, form: SheetForm, groups: Sequence[str]) -> None:
    first = page.row
    for _ in range(ROWS):
        row = page.next_row(theme.ROW_HEIGHT)
        for column, cell in enumerate(form.columns):
            page.sheet.write_blank(row, column, None, cell_style(page.book, cell, locked=False))
    for column, cell in enumerate(form.columns):
        source = meta_choices(1 + len(groups)) if groups and cell.name == GROUP else None
        guide(page.sheet, (first, column, page.row - 1, column), cell, source=source)
