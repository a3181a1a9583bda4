"""整改方案, 面谈记录 and 申诉表 of one person: a page each, with what is known filled in and locked.

What the system filled in stands on a hidden sheet once more: by this a form is recognised when it comes back.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from appraisal.publish.excel import theme
from appraisal.publish.excel.book import Book, write_meta
from appraisal.publish.excel.form_page import LINE_HEIGHT, FormPage, Texts, filled_copy
from appraisal.publish.excel.styles import BAND, BOXED, HEADER, LABEL, QUIET, TITLE, Style
from appraisal.publish.month import Month
from appraisal.publish.points_explained import FEWEST, rows_in_print
from appraisal.publish.wording import (
    NOT_RANKED,
    deadline,
    document_number,
    full_date,
    issue_date,
    outcomes_in_brief,
)
from appraisal.scheme.forms import personal
from appraisal.scheme.forms.submission import GROUP, PERIOD, STAFF_ID, STAFF_NAME
from appraisal.scheme.model.indicator import Indicator
from appraisal.scheme.model.outcome_rules import OutcomeType
from appraisal.scheme.model.units import number_text
from appraisal.scoring.deadlines import ANSWER_DAYS
from appraisal.scoring.results import StaffResult

_TITLE, _HAND_IN, _AFTER, _PAGE_HEADER = "标题", "怎么交", "以后", "页眉"
_ON_THE_PAGE = frozenset({_TITLE, _HAND_IN, _AFTER, _PAGE_HEADER})
"""Texts of the page that the hidden sheet does not repeat."""


def _hidden_about(month: Month, staff_id: str, kind: str) -> dict[str, Any]:
    """What the hidden sheet of a person's form says."""
    result = month.result
    return {
        "scheme": result.scheme,
        "version": result.version,
        "kind": kind,
        "period": str(result.period),
        "group": result.group,
        "staff": staff_id,
    }


def _head_about(month: Month, staff_id: str) -> dict[str, str]:
    """What the head of a person's form says."""
    result, person = month.result, month.result.person(staff_id)
    return {
        STAFF_NAME: person.name,
        STAFF_ID: staff_id,
        personal.POST: month.posts.get(staff_id) or "—",
        GROUP: result.group,
        PERIOD: str(result.period),
        personal.SCORE_AND_PLACE: _score_and_place(month, person),
    }


def _score_and_place(month: Month, person: StaffResult) -> str:
    """`78.20分，第3名（参评11人）`."""
    score = "无得分" if person.final is None else f"{person.final}分"
    if person.rank is None:
        return f"{score}，{NOT_RANKED}"
    return f"{score}，第{person.rank}名（参评{len(month.result.ranked)}{month.scheme.people}）"


# ------------------------------------------------------------------------------------------- the plan

_PLAN_WIDTHS = {
    personal.INDICATOR: 13,
    personal.CAUSE: 26,
    personal.ACTION: 29,
    personal.DONE_BY: 10.5,
    personal.SUPPORT: 16,
}
_OTHER_WIDTH = 9.8
_PLAN_PLACES = ((0, (1, 3)), (4, (5, 5)), (6, (7, 11)))
"""Where labels stand, and from which to which column their values run: three to a row."""
_PLAN_ROW_HEIGHT = 96


def plan_workbook(month: Month, staff_id: str) -> bytes:
    """The plan of a person whom the month asks for one; ValueError for anybody else."""
    texts = plan_texts(month, staff_id)
    return filled_copy(write_plan, texts, created=month.result.issued, is_draft=month.is_draft)


def plan_texts(month: Month, staff_id: str) -> Texts:
    """What the plan says."""
    result = month.result
    plans = [outcome for outcome in result.outcomes_of(staff_id) if outcome.type is OutcomeType.RECTIFICATION]
    if not plans or plans[0].due is None:
        raise ValueError(f"nobody asks {staff_id} for a plan in {result.period}")
    by = deadline(plans[0].due, is_draft=month.is_draft)
    return {
        _TITLE: f"{month.scheme.name} · {personal.PLAN_SHEET}",
        _HAND_IN: f"请本人填写白底各格，于{by}前交{month.scheme.superior}。",
        _PAGE_HEADER: f"{result.group} {result.period} {result.person(staff_id).name}",
        **_hidden_about(month, staff_id, personal.PLAN),
        **_head_about(month, staff_id),
        personal.DOCUMENT_NUMBER: document_number(month) or "—",
        personal.ISSUED_ON: issue_date(month, with_weekday=True),
        personal.SUBMIT_BY: by,
        **rows_in_print(month, staff_id),
    }


def write_plan(book: Book, texts: Texts) -> None:
    """The plan's page."""
    page = FormPage(
        book,
        personal.PLAN_SHEET,
        [_PLAN_WIDTHS.get(cell.name, _OTHER_WIDTH) for cell in personal.PLAN_COLUMNS],
    )
    page.line(texts[_TITLE], TITLE, 32)
    page.line(texts[_HAND_IN], {"bold": True}, 28)
    page.labelled(personal.HEAD, texts, height=22, places=_PLAN_PLACES)
    page.line(personal.PLAN_HELP, QUIET, 30)
    _plan_headers(page)
    rows = personal.filled_in_rows(texts)
    for known in (*rows, *[{}] * (FEWEST - len(rows))):  # the empty ones are for what the person wants to add
        row = page.next_row(_PLAN_ROW_HEIGHT)
        for column, cell in enumerate(personal.PLAN_COLUMNS):
            align = "center" if cell.prefilled else None
            page.field(row, (column, column), cell, known.get(cell.name), align=align)
    for labels in (personal.SIGNATURE, personal.REVIEW):
        page.line("", QUIET, 10)
        page.labelled(labels, {}, height=32, places=_PLAN_PLACES)
    page.finish(texts[_PAGE_HEADER], landscape=True)
    write_meta(book, {name: text for name, text in texts.items() if name not in _ON_THE_PAGE})


def _plan_headers(page: FormPage) -> None:
    bands = [cell.band for cell in personal.PLAN_COLUMNS]
    row = page.next_row(20)
    for band, group in groupby(range(len(bands)), key=bands.__getitem__):
        columns = list(group)
        page.put(row, (columns[0], columns[-1]), band or "", BAND)
    page.headers(page.next_row(24), [cell.header for cell in personal.PLAN_COLUMNS], HEADER)


# ------------------------------------------------------------------------------------------- the talk

_TALK_WIDTHS = (15, 13, 12, 14, 13, 25)
_KNOWN_BOX: Style = {**BOXED, "bg_color": theme.hexed(theme.GREY_FAINT), "locked": True}
_OPEN_BOX: Style = {**BOXED, "bg_color": theme.hexed(theme.INPUT), "locked": False}

_FIGURES = {
    personal.INDICATOR: (0, 1),
    personal.GOAL: (2, 2),
    personal.ACTUAL: (3, 3),
    personal.GAP: (4, 4),
    personal.LOST: (5, 5),
}
"""The table of weak indicators: each column's name, and the page's columns over which it runs."""

_HEIGHTS = (58, 80, 72, 80, 56, 56)
"""Of the space for each topic."""

_TALK_KNOWN = tuple(cell.name for cell in personal.INTERVIEW_HEAD)
_HIDDEN = ("scheme", "version", "kind", "period", "group", "staff", *_TALK_KNOWN)


def interview_form(month: Month, staff_id: str) -> bytes:
    """The record of the talk that goes with a person's plan, one A4 page to be signed by both."""
    texts = interview_texts(month, staff_id)
    return filled_copy(write_interview, texts, created=month.result.issued, is_draft=month.is_draft)


def interview_texts(month: Month, staff_id: str) -> Texts:
    """What the record says."""
    result, person = month.result, month.result.person(staff_id)
    issued = issue_date(month, with_weekday=True)
    return {
        _TITLE: f"{month.scheme.name} · {personal.INTERVIEW_SHEET}",
        _HAND_IN: f"通报{issued}下发；面谈在一周内进行，谈完把这份填好放入收件夹，打印签名的原件交人事存档。",
        _PAGE_HEADER: f"{result.group} {result.period} {person.name}",
        personal.INTERVIEWER: month.scheme.superior,
        **_head_about(month, staff_id),
        **rows_in_print(month, staff_id),
        **_hidden_about(month, staff_id, personal.INTERVIEW),
    }


def write_interview(book: Book, texts: Texts) -> None:
    """The record's page."""
    page = FormPage(book, personal.INTERVIEW_SHEET, _TALK_WIDTHS)
    page.line(texts[_TITLE], TITLE, 32)
    page.line(texts[_HAND_IN], QUIET, 22)
    known = [(name, texts[name]) for name in _TALK_KNOWN]
    _pairs(page, known[:3])
    _pairs(page, known[3:])
    interviewer = (personal.INTERVIEWER, texts[personal.INTERVIEWER])
    _pairs(page, ((personal.HELD_ON, ""), (personal.INTERVIEW_PLACE, ""), interviewer))
    page.gap()
    _figures(page, personal.filled_in_rows(texts))
    page.gap()
    for topic, height in zip(personal.TOPICS, _HEIGHTS, strict=True):
        _space(page, topic.name, topic.hint, height)
    page.gap()
    signatures = (personal.SIGNED_BY, personal.INTERVIEWER_SIGNED, personal.NEXT_TALK)
    _pairs(page, [(label, "") for label in signatures], height=34)
    page.line("签名表示谈过这些内容，不代表本人认可考核结果。", QUIET, 20)
    page.finish(texts[_PAGE_HEADER])
    write_meta(book, {name: texts[name] for name in _HIDDEN})


def _pairs(page: FormPage, pairs: Sequence[tuple[str, str]], height: float = 24) -> None:
    """Labels with what is known; the other cells are open."""
    row = page.next_row(height)
    for index, (label, value) in enumerate(pairs):
        page.put(row, (2 * index, 2 * index), label, LABEL)
        box = _KNOWN_BOX if value else _OPEN_BOX
        page.put(row, (2 * index + 1, 2 * index + 1), value, {**box, "shrink": True})


def _figures(page: FormPage, rows: Sequence[Mapping[str, str]]) -> None:
    row = page.next_row(22)
    for name, columns in _FIGURES.items():
        page.put(row, columns, name, HEADER)
    for figures in rows:
        row = page.next_row(24)
        for name, columns in _FIGURES.items():
            page.put(row, columns, figures[name], {**_KNOWN_BOX, "align": "center"})


def _space(page: FormPage, label: str, hint: str, height: float) -> None:
    """A label with what belongs there, and room to write."""
    row = page.next_row(height)
    page.put(row, (0, 0), label, {**LABEL, "text_wrap": True})
    page.put(row, page.from_column(1), "", {**_OPEN_BOX, "valign": "top", "text_wrap": True})
    note = {"validate": "any", "input_title": label, "input_message": hint}
    page.sheet.data_validation(row, 1, row, 1, note)
    page.put(page.next_row(LINE_HEIGHT), (1, 1), hint, {**QUIET, "font_size": theme.NOTE_SIZE})


# ----------------------------------------------------------------------------------------- the appeal

_APPEAL_WIDTHS = (18, 24, 20, 42)
_APPEAL_PLACES = ((0, (1, 1)), (2, (3, 3)))
"""Where labels stand, and where their values: two to a row."""


def appeal_workbook(month: Month, staff_id: str) -> bytes:
    """The form of one person of an issued month."""
    return filled_copy(write_appeal, appeal_texts(month, staff_id), created=month.result.issued)


def appeal_texts(month: Month, staff_id: str) -> Texts:
    """What the form says."""
    result, person = month.result, month.result.person(staff_id)
    by = full_date(month.appeal_by)
    signer = {} if month.scheme.rows_are else {personal.SIGNER: person.name}
    return {
        _TITLE: f"{result.period.in_words}考核结果{personal.APPEAL_SHEET}",
        _HAND_IN: f"对考核结果没有异议的，不用填。有异议的，请于{by}前填好，放入收件夹或交{month.settings.appeals_to}。",
        _AFTER: f"自收到之日起{ANSWER_DAYS}个工作日内书面答复（申诉答复书）。申诉期间不影响整改。",
        _PAGE_HEADER: f"{result.group} {result.period} {person.name}",
        **_hidden_about(month, staff_id, personal.APPEAL),
        "revision": str(result.revision),
        **signer,
        **_head_about(month, staff_id),
        personal.ISSUED_ON: issue_date(month, with_weekday=True),
        personal.REVISION: f"第{result.revision}版",
        personal.APPEAL_BY: by,
        **{
            personal.filled_in_key(column, number): text
            for number, row in enumerate(_appeal_items(month, person), 1)
            for column, text in zip((personal.ITEM, personal.SHOWN), row, strict=True)
        },
    }


def _appeal_items(month: Month, person: StaffResult) -> Iterator[tuple[str, str]]:
    """What may be objected to, and what the papers say of it."""
    if person.final is not None:
        for indicator in month.scheme.indicators:
            yield indicator.name, _shown(month, person, indicator)
    yield personal.TOTAL, _score_and_place(month, person)
    yield personal.CONSEQUENCE, outcomes_in_brief(month.result.outcomes_of(person.id)) or "无"


def _shown(month: Month, person: StaffResult, indicator: Indicator) -> str:
    """`54.00%，得12分（标准分15分）`"""
    result = person.indicators[indicator.name]
    if not result.applicable:
        return "不适用（不计分）"
    measured = indicator.by_count if result.by_count and indicator.by_count else indicator
    shown = []
    if result.value is not None:
        shown.append(measured.measure.shown(result.value))
    if indicator.counts:
        earned = number_text(month.earned(person)[indicator.name])
        shown.append(f"得{earned}分（标准分{number_text(indicator.points)}分）")
    return "，".join(shown) or "—"


def write_appeal(book: Book, texts: Texts) -> None:
    """The appeal's page."""
    page = FormPage(book, personal.APPEAL_SHEET, _APPEAL_WIDTHS)
    page.line(texts[_TITLE], TITLE, 32)
    page.line(texts[_HAND_IN], {"bold": True}, 24)
    page.labelled(personal.APPEAL_HEAD, texts, height=22, places=_APPEAL_PLACES)
    page.line(personal.APPEAL_HELP, QUIET, 28)
    page.headers(page.next_row(24), [cell.header for cell in personal.APPEAL_COLUMNS], HEADER)
    for known in personal.filled_in_rows(texts, personal.APPEAL_COLUMNS):
        row = page.next_row(30)
        for column, cell in enumerate(personal.APPEAL_COLUMNS):
            page.field(row, (column, column), cell, known.get(cell.name))
    page.gap()
    request, *signature = personal.APPEAL_FOOT.labels
    page.labelled([request], {}, height=44, places=[(0, page.from_column(1))])
    page.labelled(signature, {}, height=30, places=_APPEAL_PLACES)
    page.line(texts[_AFTER], QUIET, 24)
    page.finish(texts[_PAGE_HEADER])
    write_meta(book, {name: text for name, text in texts.items() if name not in _ON_THE_PAGE})
