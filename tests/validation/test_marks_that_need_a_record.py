"""A 1, a 5, or points on top need a record: enforced cell by cell, in the workbook that people fill."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import openpyxl
import pytest

from appraisal.findings.finding import Finding
from appraisal.scheme.forms.cells import SheetForm
from appraisal.scheme.forms.submission import EVIDENCE, submission_form
from appraisal.validation.tables import validate_chunk
from tests.builders.samples import shipped, shipped_rules
from tests.builders.submissions import read_file, staff_id
from tests.builders.workbooks import first_row, header_cells, opened, saved
from tests.pipeline.test_every_scheme import SAMPLES

SIX, SHEET = "competence-six", "店长评分"


def findings(scheme: str, sheet: str, number: int, typed: Mapping[str, Any]) -> list[Finding]:
    """What is wrong with the committed sample after a person has typed into the n-th person's row."""
    form = submission_form(shipped(scheme)).sheet(sheet)
    book = opened((SAMPLES / f"{scheme}.xlsx").read_bytes())
    _type(book, form, number, typed)
    reading = read_file(saved(book), "x.xlsx", "a" * 64, shipped_rules(), None)
    found = list(reading.findings)
    if reading.submission is not None:
        [more] = validate_chunk([reading.submission], shipped(scheme))
        found += more
    return found


def _type(book: openpyxl.Workbook, form: SheetForm, number: int, typed: Mapping[str, Any]) -> None:
    cells = book[form.name]
    columns = header_cells(cells, form)
    for name, value in typed.items():
        cells.cell(first_row(cells, form) + number - 1, columns[name].column).value = value


def ordinary() -> dict[str, Any]:
    """A row of threes without a record."""
    marks = {one.name: 3 for one in shipped(SIX).judged_by("店长")}
    return marks | {EVIDENCE: None}


def test_ordinary_marks_need_no_record() -> None:
    """Threes all along."""
    assert findings(SIX, SHEET, 3, ordinary()) == []


@pytest.mark.parametrize("mark", [1, 5])
def test_a_one_or_a_five_without_a_record_comes_back(mark: int) -> None:
    """The finding stands at the empty cell, and names the mark, its cell and the person."""
    [found] = findings(SIX, SHEET, 3, ordinary() | {"情绪稳定": mark})
    assert found.code == "mark.no_evidence"
    assert found.sheet == SHEET
    assert f"，{mark}分）要写明依据" in found.message
    assert "“情绪稳定”" in found.message
    assert staff_id(3) in found.message


def test_one_mark_with_any_record_is_accepted() -> None:
    """Where only one mark needs it, it is clear what the text is about."""
    assert findings(SIX, SHEET, 3, ordinary() | {"情绪稳定": 5, EVIDENCE: "11月3日会话"}) == []


def test_each_of_several_marks_is_to_be_named() -> None:
    """The record speaks of one; the other is asked for."""
    typed = {"情绪稳定": 5, "书面规范": 1, EVIDENCE: "情绪稳定：11月3日会话"}
    [found] = findings(SIX, SHEET, 3, ordinary() | typed)
    assert "“书面规范”" in found.message
    assert "“情绪稳定”" not in found.message


@pytest.mark.parametrize(
    ("mark", "code"),
    [
        (6, "cell.too_many_points"),
        (0, "cell.out_of_range"),
        (3.5, "cell.not_whole"),
        ("优", "cell.not_a_number"),
    ],
)
def test_only_whole_marks_from_one_to_five(mark: object, code: str) -> None:
    """Each wrong cell is told."""
    told = {one.code for one in findings(SIX, SHEET, 3, ordinary() | {"书面规范": mark})}
    assert code in told


@pytest.mark.parametrize("points", [2, -1.5])
def test_points_on_top_need_a_record(points: float) -> None:
    """加减分 of anything but 0."""
    [found] = findings("account-manager", "上级评分", 3, {"加减分": points, EVIDENCE: None})
    assert found.code == "mark.no_evidence"


def test_points_on_top_stay_within_their_cap() -> None:
    """5 at most, with the range in the words."""
    [found] = findings("account-manager", "上级评分", 3, {"加减分": 6, EVIDENCE: "表扬信"})
    assert found.code == "cell.too_many_points"
    assert "-5 到 5" in found.remedy


def test_the_blank_counts_the_record_as_missing() -> None:
    """已填/应填 asks for it as soon as a mark needs one."""
    blank = (SAMPLES.parents[1] / "templates" / "workbooks" / f"{SIX}.xlsx").read_bytes()
    sheet = opened(blank)[SHEET]
    formulas = [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    assert any("COUNTIF" in one and '"<2"' in one and '">4"' in one for one in formulas)
