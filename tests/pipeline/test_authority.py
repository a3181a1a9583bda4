"""Whose word a dropped file is: HR's acts are taken from HR's own folder, whatever other folders look like."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from appraisal.admin.init import lay_out
from appraisal.pipeline.reports import FileReport, Status
from appraisal.workspace.files import REAL_FILES
from tests.builders.other_forms import ISSUE, filled_acts
from tests.builders.workspaces import DECEMBER_7, Place, workbook

ONLY_LIKE = [
    "\u2f08事",
    "人事 ",
    " 人事",
    "人\u200b事",
    "人事\u3000",
    "\ufeff人事",
    "人 事",
    "人\u00a0事",
    "人\u3164事",
    "人\u2800事",
    "人事\ufe0f",
    "\u202e人事",
    "人亊",
    "【人事】",
    "人事.",
]
SHEET = filled_acts(ISSUE | {"日期": DECEMBER_7})


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """A group's month, published and not issued yet."""
    place = Place(tmp_path)
    place.take(workbook())
    return place


def codes(report: FileReport) -> list[str]:
    return [one.code for one in report.findings if one.is_error]


def is_issued(place: Place) -> bool:
    with place.ledger() as ledger, ledger.reading() as transaction:
        return transaction.acts.find(group="旗舰店") != ()


@pytest.mark.skipif(os.name != "posix", reason="Windows tells some of these apart from no other")
def test_a_folder_that_only_looks_like_hrs_has_no_authority(place: Place) -> None:
    """With the true one beside it: each sheet comes back, and says why; nothing is issued."""
    lay_out(place.workspace, REAL_FILES)
    for at, folder in enumerate(ONLY_LIKE):
        place.drop(f"{folder}/{at}.xlsx", SHEET)

    reports = place.run().files

    assert len(reports) == len(ONLY_LIKE)
    assert {(one.status, *codes(one)) for one in reports} == {(Status.RETURNED, "act.lookalike_folder")}
    assert all(one.outputs[0].startswith("outbox/退回/") for one in reports)
    assert not is_issued(place)

    assert place.take(SHEET, "人事/办理.xlsx").status is Status.ACCEPTED
    assert is_issued(place)


@pytest.mark.parametrize("settings", ["", "acts_from_inbox = true\n"])
@pytest.mark.parametrize("folder", ["旗舰店/", "\u2f08事/", "入事/"])
def test_without_hrs_folder_no_other_takes_its_place(tmp_path: Path, folder: str, settings: str) -> None:
    place = Place(tmp_path, settings=settings)
    place.take(workbook())

    assert codes(place.take(SHEET, f"{folder}办理.xlsx")) == ["act.no_hr_folder"]
    assert not is_issued(place)


def test_without_hrs_folder_the_inbox_itself_serves_only_where_settings_say_so(place: Place) -> None:
    assert codes(place.take(SHEET, "办理.xlsx")) == ["act.no_hr_folder"]

    trusting = Place(place.root, settings="acts_from_inbox = true\n")
    assert trusting.take(SHEET, "办理.xlsx").status is Status.ACCEPTED


@pytest.mark.skipif(os.name != "posix", reason="making links takes rights on Windows")
@pytest.mark.parametrize("settings", ["", "acts_from_inbox = true\n"])
def test_a_link_in_the_place_of_hrs_folder_has_no_authority(tmp_path: Path, settings: str) -> None:
    """Neither what it leads to, nor the inbox in its stead."""
    place = Place(tmp_path, settings=settings)
    place.take(workbook())
    place.drop("旗舰店/办理.xlsx", SHEET)
    (place.workspace.inbox / "人事").symlink_to(place.workspace.inbox / "旗舰店")
    place.drop("又一份.xlsx", SHEET)

    reports = place.run().files

    assert [codes(one) for one in reports] == [["act.wrong_folder"], ["act.wrong_folder"]]
    assert not is_issued(place)


def test_hr_may_keep_order_in_its_folder(place: Place) -> None:
    """The first level says whose it is."""
    assert place.take(SHEET, "人事/2026/11月/办理.xlsx").status is Status.ACCEPTED


def test_a_new_workspace_has_hrs_folder(tmp_path: Path) -> None:
    place = Place(tmp_path)
    lay_out(place.workspace, REAL_FILES)

    assert (place.workspace.inbox / "人事").is_dir()
    assert "acts_from_inbox = false" in (tmp_path / "settings.toml").read_text("utf-8")


@pytest.mark.parametrize("group", ["人事", "人 事", "\u2f08事", "退 回", "回执"])
def test_no_group_may_be_named_like_a_folder_of_ours(tmp_path: Path, group: str) -> None:
    """Its papers would lie where people trust HR's."""
    report = Place(tmp_path).take(workbook(group=group))

    assert codes(report) == ["group.reserved"]
    assert report.outputs[0].startswith("outbox/退回/")


def test_a_workbook_in_hrs_folder_or_one_like_it_comes_back(tmp_path: Path) -> None:
    place = Place(tmp_path)
    place.drop("人事/甲.xlsx", workbook(group="甲组"))
    place.drop("人\u200b事/乙.xlsx", workbook(group="乙组"))

    assert {tuple(codes(one)) for one in place.run().files} == {("group.wrong_folder",)}
