"""Documents written from ready values with XlsxWriter, docxtpl and Jinja as their manuals show it."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import jinja2
import xlsxwriter
from docxtpl import DocxTemplate
from markupsafe import Markup

from appraisal.publish.excel import theme
from benchmarks.ready_values import Page, Paper, Ref, Sheets, Word

_PAGES = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined)
_PAGES.globals["look"] = {name: Markup(value) for name, value in vars(theme).items() if name.isupper()}
_COMPILED: dict[str, jinja2.Template] = {}
"""Page templates as Jinja's own loader would keep them."""


def write(paper: Paper, target: Path) -> None:
    """One document into one file."""
    if isinstance(paper, Sheets):
        write_workbook(paper, target)
    elif isinstance(paper, Word):
        document = DocxTemplate(io.BytesIO(paper.template))
        document.render(paper.names, autoescape=True)
        document.save(target)
    elif isinstance(paper, Page):
        target.write_text(_page(paper), "utf-8")
    else:
        target.write_text(paper.text, "utf-8")


def write_all(papers: Sequence[Paper], folder: Path) -> None:
    """A month's documents into a folder of their own."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, paper in enumerate(papers):
        write(paper, folder / f"{number:03}")


def write_workbook(paper: Sheets, target: Path) -> None:
    workbook = xlsxwriter.Workbook(target, paper.options)
    made: dict[int, Any] = {0: workbook}

    def real(value: Any) -> Any:
        if value.__class__ is Ref:
            return made[value.number]
        if value.__class__ is dict:
            return {key: real(one) for key, one in value.items()}
        return value

    for call in paper.calls:
        arguments = [real(one) for one in call.arguments]
        result = getattr(made[call.on], call.method)(*arguments, **call.options)
        if call.gives is not None:
            made[call.gives] = result
    workbook.close()


def _page(paper: Page) -> str:
    if paper.template not in _COMPILED:
        _COMPILED[paper.template] = _PAGES.from_string(paper.template)
    return _COMPILED[paper.template].render(paper.names)
