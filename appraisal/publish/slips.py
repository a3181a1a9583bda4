"""The slips (绩效单) of a group's month: a page for each person, and one Word file to print and sign."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from appraisal.publish.month import Month
from appraisal.publish.slip_context import SlipWriter
from appraisal.publish.template_engine import prepared_html
from appraisal.publish.templates import SLIP_HTML, SLIPS_WORD, Templates
from appraisal.publish.word_template import word_template

_LONGEST_ON_PAPER = 75
"""Characters of a remark that a one-page slip has room for; the HTML page shows the whole of it."""


@dataclass(frozen=True, slots=True)
class Slips:
    """Self-contained HTML by staff id, in the order of the workbook, and the Word collection."""

    pages: Mapping[str, bytes]
    collection: bytes


def slips(month: Month, templates: Templates) -> Slips:
    """Everybody's slip, also of those who are not ranked or not scored. Raises TemplateError."""
    on_paper = _OnPaper(month, templates)
    paper = word_template(SLIPS_WORD, templates.slips_word)
    collection = paper.render({"绩效单": on_paper}, created=month.result.issued)
    return Slips(on_paper.pages(), collection)


class _OnPaper(Sequence[Any]):
    """What everybody's slip says in Word, put together when its turn comes; the page is made with it.

    What twenty thousand slips say would take a third of a gigabyte at once.
    """

    def __init__(self, month: Month, templates: Templates) -> None:
        self._staff = month.result.staff
        self._writer = SlipWriter(month)
        self._page = prepared_html(SLIP_HTML, templates.slip_html)
        self._pages: dict[str, bytes] = {}

    def __len__(self) -> int:
        return len(self._staff)

    def __getitem__(self, at: Any) -> Any:
        """The slip's names at the place, or those of a slice of places."""
        if isinstance(at, slice):
            return [self[one] for one in range(len(self))[at]]
        person = self._staff[at]
        names = self._writer.names(person)
        if person.id not in self._pages:
            self._pages[person.id] = self._page.render(names).encode()
        return _for_paper(names)

    def pages(self) -> dict[str, bytes]:
        """Everybody's page in the order of the workbook, also where the Word template left somebody out."""
        for at, person in enumerate(self._staff):
            if person.id not in self._pages:
                self[at]
        return {person.id: self._pages[person.id] for person in self._staff}


def _for_paper(names: Mapping[str, Any]) -> dict[str, Any]:
    """The same slip with remarks that fit on one page."""
    opinions = [{**one, "内容": _shortened(one["内容"])} for one in names["意见"]]
    return {**names, "意见": opinions}


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST_ON_PAPER else f"{text[:_LONGEST_ON_PAPER]}……（全文见电子版）"
