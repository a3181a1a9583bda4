"""Every shipped scheme from blank workbook to notice: read, scored, recalculated, told.

A filled sample of each lies under tests/samples/, what it came to under tests/golden/schemes/. After
looking at both, approve a change:

    UPDATE_GOLDEN=1 python -m pytest tests/schemes/test_every_scheme.py
"""

from __future__ import annotations

import json
import os
from functools import cache
from pathlib import Path

import pytest

from appraisal.findings import has_errors
from appraisal.intake.submission import Submission
from appraisal.intake.submissions import read_file
from appraisal.publish.blank_workbook import blank_file_name, blank_workbook
from appraisal.publish.month import Month
from appraisal.publish.notice import notice_docx
from appraisal.publish.result_workbook import result_workbook
from appraisal.publish.slip_context import SlipWriter
from appraisal.scheme.explain import explain_scheme
from appraisal.scoring.result_json import Inputs, result_as_json
from appraisal.settings import Settings
from appraisal.validation.tables import validate_chunk
from tests.builders.months import month
from tests.builders.samples import sample_workbook, shipped, shipped_rules
from tests.office import poisoned, recalculated_all
from tests.publish.documents import shipped as shipped_templates
from tests.publish.documents import word_lines
from tests.publish.result_cells import differences

ROOT = Path(__file__).parents[2]
SAMPLES, GOLDEN = ROOT / "tests" / "samples", ROOT / "tests" / "golden" / "schemes"
SCHEMES = shipped_rules().ids

if "UPDATE_GOLDEN" in os.environ:
    for name in SCHEMES:
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
    return month(read(scheme), scheme=shipped(scheme))


@cache
def recalculated() -> dict[str, tuple[bytes, bytes]]:
    """Each scheme's result workbook as made and as LibreOffice computes it, in one start."""
    made = {name: result_workbook(scored(name)) for name in SCHEMES}
    after = recalculated_all([poisoned(one) for one in made.values()])
    return {name: (one, other) for (name, one), other in zip(made.items(), after, strict=True)}


def as_golden(scheme: str) -> str:
    result = result_as_json(scored(scheme).result, Inputs((), "", ""))
    return json.dumps(result, ensure_ascii=False, indent=1) + "\n"


if "UPDATE_GOLDEN" in os.environ:
    for name in SCHEMES:
        (GOLDEN / f"{name}.json").write_text(as_golden(name), "utf-8", newline="\n")


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_committed_blank_is_todays(scheme: str) -> None:
    """What HR hands out is what the rule file says: python pipeline.py template SCHEME --out templates/workbooks"""
    blank = blank_workbook(
        shipped(scheme), group=None, period=None, staff=(), settings=Settings(), handin=None
    )
    committed = ROOT / "templates" / "workbooks" / blank_file_name(shipped(scheme), None, None)
    assert committed.read_bytes() == blank


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_filled_blank_is_read_as_valid(scheme: str) -> None:
    """The sample holds for its scheme, cell by cell."""
    assert read(scheme).scheme == scheme
    [findings] = validate_chunk([read(scheme)], shipped(scheme))
    assert not has_errors(findings), [one.message for one in findings]


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_result_is_the_approved_one(scheme: str) -> None:
    """Values, points, totals, places and what follows."""
    assert as_golden(scheme) == (GOLDEN / f"{scheme}.json").read_text("utf-8")


@pytest.mark.parametrize("scheme", SCHEMES)
def test_everybody_has_a_place_and_scores_differ(scheme: str) -> None:
    """The sample is worth looking at."""
    result = scored(scheme).result
    assert len(result.ranked) == len(result.staff)
    assert len({one.final for one in result.staff}) > 2


@pytest.mark.office
@pytest.mark.parametrize("scheme", SCHEMES)
def test_libreoffice_comes_to_the_same_in_every_cell(scheme: str) -> None:
    """With every stored value poisoned before."""
    assert differences(*recalculated()[scheme]) == []


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_notice_names_the_first(scheme: str) -> None:
    """From the shipped template, in Word."""
    one = scored(scheme)
    first = one.result.ranked[0]
    lines = word_lines(notice_docx(one, shipped_templates()))
    assert any(first.name in line for line in lines)
    assert str(first.final) in lines


@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_slip_explains_the_score_by_printed_numbers(scheme: str) -> None:
    """The last line of the calculation ends in the final score, or says that a total is only for reference."""
    one = scored(scheme)
    writer = SlipWriter(one)
    for person in one.result.staff:
        assert any(line.rstrip("。").endswith(str(person.final)) for line in writer.names(person)["计算"])


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_scheme_is_told_in_words(scheme: str) -> None:
    """Every indicator with its method, every reviewer."""
    told = explain_scheme(shipped(scheme))
    for indicator in shipped(scheme).indicators:
        assert indicator.name in told
    for reviewer in shipped(scheme).reviewers:
        assert reviewer.name in told
