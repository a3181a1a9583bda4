"""The slips (绩效单) of a group's month: a page for each person, and one Word file to print and sign."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from appraisal.publish.month import Month
from appraisal.publish.slip_context import SlipWriter
from appraisal.publish.template_engine import PreparedText, prepared_html
from appraisal.publish.templates import SLIP_HTML, SLIPS_WORD, Templates
from appraisal.publish.word_template import word_template

_LONGEST_ON_PAPER = 75
"""Characters of a remark that a one-page slip has room for; the HTML page shows the whole of it."""


@dataclass(frozen=True, slots=True)
class Slips:
    """Self-contained HTML by staff id, in the order of the workbook, and the Word collection."""

    pages: Mapping[str, str]
    collection: bytes


def slips(month: Month, templates: Templates) -> Slips:
    """Everybody's slip, also of those who are not ranked or not scored. Raises TemplateError, a page does so
    when it is asked for.
    """
    writer = SlipWriter(month)
    names = {person.id: writer.names(person) for person in month.result.staff}
    page = prepared_html(SLIP_HTML, templates.slip_html)
    paper = word_template(SLIPS_WORD, templates.slips_word)
    return Slips(
        pages=_Pages(page, names),
        collection=paper.render(
            {"绩效单": [_for_paper(one) for one in names.values()]}, created=month.result.issued
        ),
    )


class _Pages(Mapping[str, str]):
    """Everybody's page, made when it is asked for: twenty thousand pages as text would take half a gigabyte."""

    def __init__(self, template: PreparedText, names: Mapping[str, Mapping[str, Any]]) -> None:
        self._template = template
        self._names = names

    def __getitem__(self, staff: str) -> str:
        return self._template.render(self._names[staff])

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


def _for_paper(names: Mapping[str, Any]) -> dict[str, Any]:
    """The same slip with remarks that fit on one page."""
    opinions = [{**one, "内容": _shortened(one["内容"])} for one in names["意见"]]
    return {**names, "意见": opinions}


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST_ON_PAPER else f"{text[:_LONGEST_ON_PAPER]}……（全文见电子版）"
