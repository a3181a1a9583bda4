"""The notice (通报) of a group's month: one set of names, printed by a Word and by an HTML template."""

from __future__ import annotations

from dataclasses import dataclass

from appraisal.publish.month import Month
from appraisal.publish.notice_context import notice_context
from appraisal.publish.template_engine import prepared_html
from appraisal.publish.templates import NOTICE_HTML, NOTICE_WORD, Templates
from appraisal.publish.word_template import word_template


@dataclass(frozen=True, slots=True)
class Notice:
    """A Word file for HR to edit, and the same as one self-contained page."""

    word: bytes
    page: str


def notice(month: Month, templates: Templates) -> Notice:
    """The month's notice. Raises TemplateError."""
    names = notice_context(month)
    word = word_template(NOTICE_WORD, templates.notice_word)
    page = prepared_html(NOTICE_HTML, templates.notice_html)
    return Notice(word.render(names, created=month.result.issued), page.render(names))
