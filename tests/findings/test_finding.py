"""One thing that is wrong, in one place, in one sentence from the catalogue."""

from __future__ import annotations

from string import Formatter

import pytest

from appraisal.findings.finding import CATALOGUE, finding, has_errors
from appraisal.findings.kind import Kind

SENTENCES = [pytest.param(kind, id=code) for code, kind in CATALOGUE.items()]


@pytest.mark.parametrize("kind", SENTENCES)
def test_every_kind_says_what_is_seen_and_what_to_do(kind: Kind) -> None:
    """Both are sentences, and every gap has a name to fill it by."""
    assert kind.message.endswith(("。", "？", "”", "}"))
    assert kind.remedy.endswith(("。", "}"))
    gaps = [gap for text in (kind.message, kind.remedy) for _, gap, _, _ in Formatter().parse(text)]
    assert all(gap is None or gap.isidentifier() for gap in gaps)


@pytest.mark.parametrize(
    ("sheet", "cell", "place"),
    [("考核数据", "C7", "考核数据!C7"), ("考核数据", None, "考核数据"), (None, None, "")],
)
def test_the_place_is_said_as_a_person_would(sheet: str | None, cell: str | None, place: str) -> None:
    assert finding("workbook.unsafe_xml", sheet=sheet, cell=cell).place == place


def test_a_sentence_of_ours_keeps_its_end() -> None:
    """The end is what to do next."""
    sentence = "这一天早于考核月份的最后一天。" * 8 + "“仍要办理”选“是”。"
    assert finding("act.refused", sentence=sentence).message == sentence


def test_what_a_stranger_typed_is_quoted_short_and_on_one_line() -> None:
    """However long it is, and whatever is in it."""
    told = finding("submission.two_for_one_period", group="甲\n店" * 100, period="2026-11", files="a、b")
    assert told.message.isprintable()
    assert "甲␣店" in told.message
    assert "…" in told.message


def test_a_gap_that_is_not_filled_is_a_mistake_of_ours() -> None:
    """It must not reach a manager as a sentence with a hole."""
    with pytest.raises(KeyError):
        finding("submission.two_for_one_period")


def test_a_warning_alone_does_not_send_a_workbook_back() -> None:
    warning, error = finding("sheet.hidden", name="自评"), finding("workbook.unsafe_xml")
    assert not has_errors([warning])
    assert has_errors([warning, error])
