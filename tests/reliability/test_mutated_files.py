"""Laws over good files with bytes changed at random: each is refused with a finding, or read as it stands.

tests/fuzz/fuzz_readers.py looks at the same promises for as long as one lets it, led by coverage.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from appraisal.findings.finding import Finding, has_errors
from appraisal.intake.exports.rows import read_export
from appraisal.intake.read_any import read_paper
from appraisal.intake.submission import Reading
from appraisal.pipeline.reports import Status
from appraisal.publish.templates.engine import TemplateError
from appraisal.publish.templates.word_safety import refuse_unsafe
from appraisal.scheme.forms.submission import submission_form
from appraisal.xlsx.grid import RawWorkbook
from appraisal.xlsx.package import Package, inspect
from appraisal.xlsx.reader import read_workbook
from tests.builders.dressed_by_lot import dressed_export, dressed_form
from tests.builders.dressed_month import dressed_month
from tests.builders.exports import CHITU, csv_export
from tests.builders.hazards import Month, OnePass
from tests.builders.mutated import parts_of, with_part_changed, zipped
from tests.builders.second_reader import contradictions
from tests.builders.submissions import NOVEMBER, online_shop, rulebook

TEMPLATES = Path(__file__).parents[2] / "templates"
WORDS = (b"<", b">", b'"', b"/", b"<v>", b"</c>", b'<c r="B9"><v>1</v></c>', b' r="A1"', b' t="s"', b' t="e"', b"&#0;",
         b"99999", b"-1", b"1e999", "张三".encode(), b"\xff\xfe", b"\x00", b"<!DOCTYPE x>", b"../", b",", b"\n")  # fmt: skip


@dataclass(frozen=True)
class Edit:
    """At a share of the length, so many bytes give way to others."""

    at: float
    gone: int
    put: bytes

    def __call__(self, content: bytes) -> bytes:
        place = int(self.at * len(content))
        return content[:place] + self.put + content[place + self.gone :]


EDITS = st.lists(
    st.builds(
        Edit,
        st.floats(0, 1),
        st.integers(0, 12),
        st.one_of(st.sampled_from(WORDS), st.binary(max_size=3), st.just(b"")),
    ),
    min_size=1,
    max_size=4,
)


@cache
def good() -> bytes:
    """A month of four people, without what only says how it looks."""
    return zipped({name: part for name, part in Month("店").parts.items() if "theme" not in name})


def edited(content: bytes, edits: list[Edit]) -> bytes:
    for edit in edits:
        content = edit(content)
    return content


@given(st.integers(0, 30), EDITS)
def test_a_changed_part_is_refused_or_read_as_openpyxl_reads_it(which: int, edits: list[Edit]) -> None:
    """Never another person's value, never a blank where a number stands, never an exception."""
    data = with_part_changed(good(), which, lambda part: edited(part, edits))
    raw = read_workbook(data)
    if isinstance(raw, RawWorkbook):
        assert contradictions(data, raw) == []
    else:
        assert raw
        assert all(isinstance(one, Finding) and one.message for one in raw)
    read_paper(data, file="x.xlsx", sha256="0" * 64, rulebook=rulebook(), roster=None)


@given(st.integers(0, 2**32), st.integers(0, 30), st.one_of(st.just([]), EDITS))
def test_a_dressed_month_has_a_submission_or_errors(seed: int, which: int, edits: list[Edit]) -> None:
    """Formats, runs, formulas and merges by lot, then bytes changed: one verdict, told in words."""
    data = with_part_changed(dressed_month("店", Random(seed)), which, lambda part: edited(part, edits))
    reading = read_paper(data, file="x.xlsx", sha256="0" * 64, rulebook=rulebook(), roster=None)
    assert isinstance(reading, Reading)
    assert (reading.submission is None) == has_errors(reading.findings)
    assert all(one.message and one.remedy for one in reading.findings)


@given(st.integers(0, 2**32), st.integers(0, 30), st.one_of(st.just([]), EDITS))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_dressed_export_makes_its_import_raise(
    tmp_path: Path, seed: int, which: int, edits: list[Edit]
) -> None:
    file = tmp_path / "x.xlsx"
    data = dressed_export(Random(seed)).data()
    file.write_bytes(with_part_changed(data, which, lambda part: edited(part, edits)))
    reading = read_export(file, submission_form(online_shop()), NOVEMBER)
    assert all(one.message for one in reading.findings)


@pytest.mark.filterwarnings("ignore:Cell .* is marked as a date")
def test_every_dressed_file_of_a_pass_gets_one_verdict(tmp_path: Path) -> None:
    """What comes back opens in another reader, marked or byte for byte."""
    months = {f"甲{seed}组.xlsx": dressed_month(f"甲{seed}组", Random(seed)) for seed in range(10)}
    forms = {f"乙{seed}.xlsx": dressed_form(Random(seed)).data() for seed in range(3)}
    dropped = OnePass.over(tmp_path, months | forms)
    found = {name: dropped.of(name) for name in (*months, *forms)}
    assert {one.status for one in found.values()} <= {Status.ACCEPTED, Status.RETURNED}
    workbooks = [
        dropped.place.root / path for one in found.values() for path in one.outputs if path.endswith(".xlsx")
    ]
    assert workbooks
    for path in workbooks:
        openpyxl.load_workbook(path)


@given(EDITS)
def test_what_passes_the_pre_flight_is_what_zipfile_unpacks(edits: list[Edit]) -> None:
    """Bytes of the container itself are changed: its directory, its headers, its sizes."""
    data = edited(Month("店").data(), edits)
    package = inspect(data)
    if isinstance(package, Package):
        parts = parts_of(data)
        assert parts is not None
        assert all(parts[sheet.part] == sheet.xml for sheet in package.sheets)
    else:
        assert package


@given(EDITS, st.sampled_from(["utf-8-sig", "gb18030", "utf-16"]))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_changed_export_makes_its_import_raise(tmp_path: Path, edits: list[Edit], encoding: str) -> None:
    file = csv_export(tmp_path / "x.csv", CHITU, encoding=encoding)
    file.write_bytes(edited(file.read_bytes(), edits))
    reading = read_export(file, submission_form(online_shop()), NOVEMBER)
    assert all(one.message for one in reading.findings)


@pytest.mark.parametrize("where", ["in its parts", "in the packed bytes"])
@given(which=st.integers(0, 30), edits=EDITS)
def test_no_changed_word_template_makes_the_look_at_it_raise(
    where: str, which: int, edits: list[Edit]
) -> None:
    """What it must not hold is told; what is damaged is called damaged."""
    content = (TEMPLATES / "notice.docx").read_bytes()
    inside = where == "in its parts"
    changed = (
        with_part_changed(content, which, lambda part: edited(part, edits))
        if inside
        else edited(content, edits)
    )
    with contextlib.suppress(TemplateError):
        refuse_unsafe("notice.docx", changed)
