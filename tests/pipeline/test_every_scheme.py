"""Every shipped scheme from blank workbook to notice: read, scored, recalculated, told.

The blank of each lies under templates/workbooks/, a filled sample under tests/samples/, what people get
of it under tests/golden/schemes/<scheme>/, as texts that a reviewer can read: result.json, workbook.txt
(each cell's value and formula), notice.txt, slips.txt. One command makes all of it anew:

    UPDATE_GOLDEN=1 python -m pytest tests/pipeline/test_every_scheme.py

Then look at the difference before it is committed.
"""

from __future__ import annotations

import json
import os
from functools import cache
from pathlib import Path

import pytest

from appraisal.findings.finding import has_errors
from appraisal.intake.submission import Submission
from appraisal.publish.blank.workbook import blank_file_name, blank_workbook
from appraisal.publish.month import Month
from appraisal.publish.notice.notice import notice
from appraisal.publish.result.workbook import result_workbook
from appraisal.publish.slips import SlipWriter, slips
from appraisal.scheme.describe.explain import explain_scheme
from appraisal.scoring.results import Inputs, result_as_json
from appraisal.validation.tables import validate_chunk
from appraisal.workspace.settings import Settings
from tests.builders.readable import notice_text, slips_text, workbook_text
from tests.builders.samples import PEOPLE, sample_month, sample_workbook, shipped, shipped_rules
from tests.builders.submissions import read_file
from tests.libreoffice import as_pdfs, page_count, poisoned, recalculated_all, text_of
from tests.publish.documents import shipped as shipped_templates
from tests.publish.documents import word_lines
from tests.publish.result_cells import differences

ROOT = Path(__file__).parents[2]
SAMPLES, GOLDEN = ROOT / "tests" / "samples", ROOT / "tests" / "golden" / "schemes"
SCHEMES = shipped_rules().ids

UPDATE = "UPDATE_GOLDEN" in os.environ
BLANKS = ROOT / "templates" / "workbooks"


def todays_blank(scheme: str) -> bytes:
    """As `python pipeline.py template SCHEME` makes it."""
    return blank_workbook(
        shipped(scheme), group=None, period=None, staff=(), settings=Settings(), handin=None
    )


if UPDATE:
    for name in SCHEMES:
        (BLANKS / blank_file_name(shipped(name), None, None)).write_bytes(todays_blank(name))
        (SAMPLES / f"{name}.xlsx").write_bytes(sample_workbook(name))


@cache
def read(scheme: str) -> Submission:
    """The committed sample as the program reads it."""
    reading = read_file(
        (SAMPLES / f"{scheme}.xlsx").read_bytes(), f"{scheme}.xlsx", "a" * 64, shipped_rules(), None
    )
    assert not has_errors(reading.findings), [one.message for one in reading.findings]
    assert reading.submission is not None
    return reading.submission


@cache
def scored(scheme: str) -> Month:
    """Its month, after the months before it."""
    return sample_month(scheme, read(scheme))


@cache
def workbook(scheme: str) -> bytes:
    return result_workbook(scored(scheme))


@cache
def recalculated() -> dict[str, tuple[bytes, bytes]]:
    """Each scheme's result workbook as made and as LibreOffice computes it, in one start."""
    made = {name: workbook(name) for name in SCHEMES}
    after = recalculated_all([poisoned(one) for one in made.values()])
    return {name: (one, other) for (name, one), other in zip(made.items(), after, strict=True)}


def result_text(scheme: str) -> str:
    month = scored(scheme)
    result = result_as_json(month.result, Inputs((), "", ""), month.scheme)
    return json.dumps(result, ensure_ascii=False, indent=1) + "\n"


PAPERS = {
    "result.json": result_text,
    "workbook.txt": lambda scheme: workbook_text(workbook(scheme)),
    "notice.txt": lambda scheme: notice_text(scored(scheme), shipped_templates()),
    "slips.txt": lambda scheme: slips_text(scored(scheme), shipped_templates()),
}
"""What people get, each as a text."""

if UPDATE:
    for name in SCHEMES:
        (GOLDEN / name).mkdir(parents=True, exist_ok=True)
        for paper, told in PAPERS.items():
            (GOLDEN / name / paper).write_text(told(name), "utf-8", newline="\n")


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_committed_blank_is_todays(scheme: str) -> None:
    """What HR hands out is what the rule file says: python pipeline.py template SCHEME --out templates/workbooks"""
    committed = BLANKS / blank_file_name(shipped(scheme), None, None)
    assert committed.read_bytes() == todays_blank(scheme)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_filled_blank_is_read_as_valid(scheme: str) -> None:
    """The sample holds for its scheme, cell by cell."""
    assert read(scheme).scheme == scheme
    [findings] = validate_chunk([read(scheme)], shipped(scheme))
    assert not has_errors(findings), [one.message for one in findings]


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("scheme", SCHEMES)
def test_people_get_what_was_approved(scheme: str, paper: str) -> None:
    """Scores, every cell of the workbook, the notice, every slip."""
    assert PAPERS[paper](scheme) == (GOLDEN / scheme / paper).read_text("utf-8")


@pytest.mark.libreoffice
@pytest.mark.parametrize("scheme", SCHEMES)
def test_libreoffice_comes_to_the_same_in_every_cell(scheme: str) -> None:
    """With every stored value poisoned before."""
    assert differences(*recalculated()[scheme]) == []


@pytest.mark.libreoffice
def test_on_paper_the_longest_slips_are_one_page_and_no_number_is_cut() -> None:
    """Printed by LibreOffice: the schemes with most lines, and those with most kinds of cells."""
    longest = ("online-shop-focus-split", "online-shop-extended", "service-department")
    collections = [slips(scored(name), shipped_templates()).collection for name in longest]
    assert [page_count(one) for one in as_pdfs(collections, ".docx")] == [PEOPLE] * len(longest)
    for pdf in as_pdfs([workbook(name) for name in ("account-manager", "service-department")]):
        assert "###" not in text_of(pdf)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_notice_names_the_first(scheme: str) -> None:
    """From the shipped template, in Word."""
    one = scored(scheme)
    first = one.result.ranked[0]
    lines = word_lines(notice(one, shipped_templates()).word)
    assert any(first.name in line for line in lines)
    assert str(first.final) in lines


@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_slip_explains_the_score_by_printed_numbers(scheme: str) -> None:
    """The last line of the calculation ends in the final score, or says that a total is only for reference."""
    one = scored(scheme)
    writer = SlipWriter(one)
    for person in one.result.staff:
        told = writer.names(person)["计算"]
        assert any(line.rstrip("。").endswith(str(person.final)) for line in told) == (
            person.final is not None
        )


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_scheme_is_told_in_words(scheme: str) -> None:
    """Every indicator with its method, every reviewer."""
    told = explain_scheme(shipped(scheme))
    for indicator in shipped(scheme).indicators:
        assert indicator.name in told
    for reviewer in shipped(scheme).reviewers:
        assert reviewer.name in told
