"""面谈记录: one page for the talk with a person among the last, figures filled in, the rest to write by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from appraisal.publish.excel import theme
from appraisal.publish.excel.book import Book, Texts, filled_copy, write_meta
from appraisal.publish.excel.form_page import LINE_HEIGHT, FormPage
from appraisal.publish.excel.styles import BOXED, HEADER, LABEL, QUIET, TITLE, Style
from appraisal.publish.month import Month
from appraisal.publish.weaknesses import rows_in_print
from appraisal.publish.wording import issue_date
from appraisal.scheme.forms import interview, plan
from appraisal.scheme.forms.submission import GROUP, PERIOD, STAFF_ID, STAFF_NAME

_WIDTHS = (15, 13, 12, 14, 13, 25)
_KNOWN_BOX: Style = {**BOXED, "bg_color": theme.hexed(theme.GREY_FAINT), "locked": True}
_OPEN_BOX: Style = {**BOXED, "bg_color": theme.hexed(theme.INPUT), "locked": False}

_FIGURES = {
    plan.INDICATOR: (0, 1),
    plan.GOAL: (2, 2),
    plan.ACTUAL: (3, 3),
    plan.GAP: (4, 4),
    plan.LOST: (5, 5),
}
"""The table of weak indicators: each column's name, and the page's columns over which it runs."""

_HEIGHTS = (58, 80, 72, 80, 56, 56)
"""Of the space for each topic."""

_TITLE, _HAND_OVER, _PAGE_HEADER = "标题", "怎么存", "页眉"
_KNOWN = tuple(cell.name for cell in interview.KNOWN)
_HIDDEN = ("scheme", "version", "kind", "period", "group", "staff", *_KNOWN)


def interview_form(month: Month, staff_id: str) -> bytes:
    """The record of the talk that goes with a person's plan, one A4 page to be signed by both."""
    result, person = month.result, month.result.person(staff_id)
    issued = issue_date(month, with_weekday=True)
    texts = {
        _TITLE: f"{month.scheme.name} · {interview.INTERVIEW_SHEET}",
        _HAND_OVER: f"通报{issued}下发；面谈在一周内进行，谈完把这份填好放入收件夹，打印签名的原件交人事存档。",
        _PAGE_HEADER: f"{result.group} {result.period} {person.name}",
        interview.INTERVIEWER: month.scheme.superior,
        STAFF_NAME: person.name,
        STAFF_ID: staff_id,
        plan.POST: month.posts.get(staff_id) or "—",
        GROUP: result.group,
        PERIOD: str(result.period),
        plan.SCORE_AND_PLACE: f"{person.final}分，第{person.rank}名（参评{len(result.ranked)}{month.scheme.people}）",
        **rows_in_print(month, staff_id),
        "scheme": result.scheme,
        "version": result.version,
        "kind": interview.INTERVIEW,
        "period": str(result.period),
        "group": result.group,
        "staff": staff_id,
    }
    return filled_copy(_write, texts, created=result.issued, is_draft=month.is_draft)


def _write(book: Book, texts: Texts) -> None:
    page = FormPage(book, interview.INTERVIEW_SHEET, _WIDTHS)
    page.line(texts[_TITLE], TITLE, 32)
    page.line(texts[_HAND_OVER], QUIET, 22)
    known = [(name, texts[name]) for name in _KNOWN]
    _pairs(page, known[:3])
    _pairs(page, known[3:])
    interviewer = (interview.INTERVIEWER, texts[interview.INTERVIEWER])
    _pairs(page, ((interview.HELD_ON, ""), (interview.PLACE, ""), interviewer))
    page.gap()
    _figures(page, plan.filled_in_rows(texts))
    page.gap()
    for topic, height in zip(interview.TOPICS, _HEIGHTS, strict=True):
        _space(page, topic.name, topic.hint, height)
    page.gap()
    signatures = (interview.SIGNED_BY, interview.INTERVIEWER_SIGNED, interview.NEXT_TALK)
    _pairs(page, [(label, "") for label in signatures], height=34)
    page.line("签名表示谈过这些内容，不代表本人认可考核结果。", QUIET, 20)
    page.finish(texts[_PAGE_HEADER])
    write_meta(book, {name: texts[name] for name in _HIDDEN})


def _pairs(page: FormPage, pairs: Sequence[tuple[str, str]], height: float = 24) -> None:
    """Labels with what is known; the other cells are open."""
    row = page.next_row(height)
    for at, (label, value) in enumerate(pairs):
        page.put(row, (2 * at, 2 * at), label, LABEL)
        page.put(
            row, (2 * at + 1, 2 * at + 1), value, {**(_KNOWN_BOX if value else _OPEN_BOX), "shrink": True}
        )


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
