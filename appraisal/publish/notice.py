"""The notice (通报) of a group's month: one set of names, printed by a Word and by an HTML template."""

from __future__ import annotations

from appraisal.publish.month import Month
from appraisal.publish.notice_context import notice_context
from appraisal.publish.template_engine import prepared_html
from appraisal.publish.templates import NOTICE_HTML, NOTICE_WORD, Templates
from appraisal.publish.word_template import word_template


def notice_docx(month: Month, templates: Templates) -> bytes:
    """The notice as a Word file for HR to edit. Raises TemplateError."""
    template = word_template(NOTICE_WORD, templates.notice_word)
    return template.render(notice_context(month), created=month.result.issued)


def notice_html(month: Month, templates: Templates) -> str:
    """The same notice as one self-contained page. Raises TemplateError."""
    return prepared_html(NOTICE_HTML, templates.notice_html).render(notice_context(month))
