"""One whole result workbook, part by part, against the parts that were looked at and approved.

The parts lie under tests/golden/result_workbook/, their XML broken into lines so that a change reads
as a change. After looking at the new workbook in a spreadsheet, approve it:

    UPDATE_GOLDEN=1 python -m pytest tests/publish/test_result_golden.py
"""

from __future__ import annotations

import io
import os
import shutil
import zipfile
from functools import cache
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from appraisal.publish.result.workbook import result_workbook
from tests.builders.months import last_month, month

GOLDEN = Path(__file__).parents[1] / "golden" / "result_workbook"
UPDATE = "UPDATE_GOLDEN" in os.environ


@cache
def made() -> dict[str, str]:
    """The parts of today's workbook: five people, one not ranked, one self-review missing."""
    one = month(staff=5, statuses={"KF002": "试用期"}, absent={"KF003"}, history=last_month(5))
    with zipfile.ZipFile(io.BytesIO(result_workbook(one))) as package:
        return {name: in_lines(package.read(name)) for name in package.namelist()}


def in_lines(xml: bytes) -> str:
    """The same XML, one element a line."""
    tree = ET.fromstring(xml)
    ET.indent(tree, " ")
    return ET.tostring(tree, encoding="unicode") + "\n"


def approved() -> list[str]:
    return sorted(path.relative_to(GOLDEN).as_posix() for path in GOLDEN.rglob("*") if path.is_file())


if UPDATE:
    shutil.rmtree(GOLDEN, ignore_errors=True)
    for part, text in made().items():
        (GOLDEN / part).parent.mkdir(parents=True, exist_ok=True)
        (GOLDEN / part).write_text(text, "utf-8", newline="\n")


def test_the_workbook_has_exactly_the_approved_parts():
    """No part appears or disappears unnoticed."""
    assert sorted(made()) == approved()


@pytest.mark.parametrize("part", approved())
def test_every_part_is_as_approved(part: str):
    """Cells, formulas, formats, charts and print set-up are what somebody looked at."""
    assert made().get(part) == (GOLDEN / part).read_text("utf-8")
