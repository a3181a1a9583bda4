"""A manager without Excel fills in the workbook with LibreOffice, and it is taken like any other."""

from __future__ import annotations

from pathlib import Path

import pytest

from appraisal.pipeline.reports import Status
from tests.builders.workspaces import Place, workbook
from tests.libreoffice import recalculated


@pytest.mark.libreoffice
def test_a_workbook_saved_by_libreoffice_is_accepted_and_comes_to_the_same(tmp_path: Path) -> None:
    """The same places, scores and money as from the workbook as it was handed out."""
    ours, theirs = Place(tmp_path / "ours"), Place(tmp_path / "theirs")
    ours.take(workbook())

    report = theirs.take(recalculated(workbook()))

    assert report.status is Status.ACCEPTED, report.findings
    assert theirs.result()["staff"] == ours.result()["staff"]
    assert theirs.result()["outcomes"] == ours.result()["outcomes"]


@pytest.mark.libreoffice
def test_a_wrong_cell_saved_by_libreoffice_comes_back_marked(tmp_path: Path) -> None:
    """Its address is the one that the manager sees."""
    faulty = recalculated(workbook(cells={("考核数据", "KF002", "付款人数"): "延迟统计"}))

    report = Place(tmp_path).take(faulty)

    assert report.status is Status.RETURNED
    assert [(one.sheet, one.cell) for one in report.findings if one.is_error] == [("考核数据", "K10")]
