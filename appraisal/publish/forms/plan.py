"""整改方案: one page for a person among the last, with what is known filled in and locked."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby

from appraisal.publish.excel.book import Book, Texts, filled_copy, write_meta
from appraisal.publish.excel.form_page import FormPage
from appraisal.publish.excel.styles import BAND, HEADER, QUIET, TITLE
from appraisal.publish.month import Month
from appraisal.publish.weaknesses import FEWEST, rows_in_print
from appraisal.publish.wording import deadline, document_number, issue_date
from appraisal.scheme.forms import plan
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
_PLACES = ((0, (1, 3)), (4, (5, 5)), (6, (7, 11)))
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
    return filled_copy(_write, texts, created=result.issued, is_draft=month.is_draft)


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
        plan.ISSUED_ON: issue_date(month, with_weekday=True),
        plan.SUBMIT_BY: deadline(plans[0].due, is_draft=month.is_draft),
    }


def _write(book: Book, texts: Texts) -> None:
    page = FormPage(book, plan.PLAN_SHEET, [_WIDTHS.get(cell.name, _OTHER_WIDTH) for cell in plan.COLUMNS])
    page.line(texts[_TITLE], TITLE, 32)
    page.line(texts[_HAND_IN], {"bold": True}, 28)
    page.labelled(plan.HEAD, texts, height=22, places=_PLACES)
    page.line(plan.HELP, QUIET, 30)
    _headers(page)
    rows = plan.filled_in_rows(texts)
    for row in (*rows, *[{}] * (FEWEST - len(rows))):
        _indicator(page, row)
    for labels in (plan.SIGNATURE, plan.REVIEW):
        page.line("", QUIET, 10)
        page.labelled(labels, {}, height=32, places=_PLACES)
    page.finish(texts[_PAGE_HEADER], landscape=True)
    write_meta(book, {name: text for name, text in texts.items() if name not in _ON_THE_PAGE})


def _headers(page: FormPage) -> None:
    bands = [cell.band for cell in plan.COLUMNS]
    row = page.next_row(20)
    for band, group in groupby(range(len(bands)), key=bands.__getitem__):
        columns = list(group)
        page.put(row, (columns[0], columns[-1]), band or "", BAND)
    page.headers(page.next_row(24), [cell.header for cell in plan.COLUMNS], HEADER)


def _indicator(page: FormPage, known: Mapping[str, str]) -> None:
    """One indicator; without one, an empty row for what the person wants to add."""
    row = page.next_row(_ROW_HEIGHT)
    for column, cell in enumerate(plan.COLUMNS):
        align = "center" if cell.prefilled else None
        page.field(row, (column, column), cell, known.get(cell.name), align=align)
