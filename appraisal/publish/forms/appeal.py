"""申诉表: one page that comes with a person's slip, with what may be objected to filled in and locked."""

from __future__ import annotations

from collections.abc import Iterator

from appraisal.publish.excel.book import Book, Texts, filled_copy, write_meta
from appraisal.publish.excel.form_page import FormPage, head_about, hidden_about, score_and_place
from appraisal.publish.excel.styles import HEADER, QUIET, TITLE
from appraisal.publish.month import Month
from appraisal.publish.wording import full_date, issue_date, outcomes_in_brief
from appraisal.scheme.forms import appeal, plan
from appraisal.scheme.model.indicator import Indicator
from appraisal.scheme.model.units import in_print, number_text
from appraisal.scoring.deadlines import ANSWER_DAYS, working_days_after
from appraisal.scoring.results import StaffResult

_WIDTHS = (18, 24, 20, 42)
_PLACES = ((0, (1, 1)), (2, (3, 3)))
"""Where labels stand, and where their values: two to a row."""

_TITLE, _HAND_IN, _AFTER, _PAGE_HEADER = "标题", "怎么交", "以后", "页眉"
_ON_THE_PAGE = frozenset({_TITLE, _HAND_IN, _AFTER, _PAGE_HEADER})
"""Texts of the page that the hidden sheet does not repeat."""


def appeal_workbook(month: Month, staff_id: str) -> bytes:
    """The form of one person of an issued month. Recognised by its hidden sheet when it comes back."""
    result, settings, person = month.result, month.settings, month.result.person(staff_id)
    by = full_date(working_days_after(result.issued, settings.appeal_days, settings.extra_holidays).day)
    signer = {} if month.scheme.rows_are else {appeal.SIGNER: person.name}
    texts = {
        _TITLE: f"{result.period.in_words}考核结果{appeal.APPEAL_SHEET}",
        _HAND_IN: f"对考核结果没有异议的，不用填。有异议的，请于{by}前填好，放入收件夹或交{settings.appeals_to}。",
        _AFTER: f"自收到之日起{ANSWER_DAYS}个工作日内书面答复（申诉答复书）。申诉期间不影响整改。",
        _PAGE_HEADER: f"{result.group} {result.period} {person.name}",
        **hidden_about(month, staff_id, appeal.APPEAL),
        "revision": str(result.revision),
        **signer,
        **head_about(month, staff_id),
        plan.ISSUED_ON: issue_date(month, with_weekday=True),
        appeal.REVISION: f"第{result.revision}版",
        appeal.APPEAL_BY: by,
        **{
            plan.filled_in_key(column, number): text
            for number, row in enumerate(_items(month, person), 1)
            for column, text in zip((appeal.ITEM, appeal.SHOWN), row, strict=True)
        },
    }
    return filled_copy(_write, texts, created=result.issued)


def _items(month: Month, person: StaffResult) -> Iterator[tuple[str, str]]:
    """What may be objected to, and what the papers say of it."""
    if person.final is not None:
        for one in month.scheme.indicators:
            yield one.name, _shown(month, person, one)
    yield appeal.TOTAL, score_and_place(month, person)
    yield appeal.CONSEQUENCE, outcomes_in_brief(month.result.outcomes_of(person.id)) or "无"


def _shown(month: Month, person: StaffResult, indicator: Indicator) -> str:
    """`54.00%，得12分（标准分15分）`"""
    result = person.indicators[indicator.name]
    if not result.applicable:
        return "不适用（不计分）"
    measured = indicator.by_count if result.by_count and indicator.by_count else indicator
    shown = []
    if result.value is not None:
        shown.append(in_print(result.value, measured.measure.unit, measured.measure.decimals))
    if indicator.counts:
        earned = number_text(month.earned(person)[indicator.name])
        shown.append(f"得{earned}分（标准分{number_text(indicator.points)}分）")
    return "，".join(shown) or "—"


def _write(book: Book, texts: Texts) -> None:
    page = FormPage(book, appeal.APPEAL_SHEET, _WIDTHS)
    page.line(texts[_TITLE], TITLE, 32)
    page.line(texts[_HAND_IN], {"bold": True}, 24)
    page.labelled(appeal.KNOWN, texts, height=22, places=_PLACES)
    page.line(appeal.HELP, QUIET, 28)
    page.headers(page.next_row(24), [cell.header for cell in appeal.COLUMNS], HEADER)
    for known in plan.filled_in_rows(texts, appeal.COLUMNS):
        row = page.next_row(30)
        for column, cell in enumerate(appeal.COLUMNS):
            page.field(row, (column, column), cell, known.get(cell.name))
    page.gap()
    request, *signature = appeal.FOOT.labels
    page.labelled([request], {}, height=44, places=[(0, page.from_column(1))])
    page.labelled(signature, {}, height=30, places=_PLACES)
    page.line(texts[_AFTER], QUIET, 24)
    page.finish(texts[_PAGE_HEADER])
    write_meta(book, {name: text for name, text in texts.items() if name not in _ON_THE_PAGE})
