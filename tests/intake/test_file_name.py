"""The name of a workbook's file as a witness, where its hidden sheet was taken away."""

from __future__ import annotations

from pathlib import Path

import pytest

from appraisal.intake.submission_reader import group_in_name, period_in_name
from appraisal.period import Period
from appraisal.pipeline.reports import FileReport, Status
from tests.builders.submissions import staff_name
from tests.builders.workbooks import opened, saved
from tests.builders.workspaces import Place, workbook

ROSTER = "工号,姓名,考核组,考核方案,入职日期\n" + "".join(
    f"KF{number:03},{staff_name(number)},{group},online-shop,2020-01-01\n"
    for group, numbers in (("旗舰店", range(1, 5)), ("二店", range(5, 9)))
    for number in numbers
)


@pytest.mark.parametrize(
    ("name", "month"),
    [
        ("旗舰店_2026-11_考核上报表.xlsx", Period(2026, 11)),
        ("2026年3月.xlsx", Period(2026, 3)),
        ("202611.xlsx", Period(2026, 11)),
        ("旗舰店2026.07版.xlsx", Period(2026, 7)),
        ("导出2026-11-05.xlsx", None),
        ("20261105.xlsx", None),
        ("2026-10和2026-11.xlsx", None),
        ("上报表.xlsx", None),
        ("2026-13.xlsx", None),
        ("a202611b" + "0" * 56 + ".xlsx", None),
    ],
)
def test_the_month_in_a_name(name: str, month: Period | None) -> None:
    assert period_in_name(name) == month


@pytest.mark.parametrize(
    ("name", "group"),
    [
        ("旗舰店_2026-11.xlsx", "旗舰店"),
        ("旗 舰 店.xlsx", "旗舰店"),
        ("十一店.xlsx", "十一店"),
        ("旗舰店和一店.xlsx", None),
        ("上报表.xlsx", None),
    ],
)
def test_the_group_in_a_name(name: str, group: str | None) -> None:
    assert group_in_name(name, ["旗舰店", "一店", "十一店", "店"]) == group


def codes(report: FileReport) -> list[str]:
    return [one.code for one in report.findings if one.is_error]


def without_meta(month: bytes) -> bytes:
    book = opened(month)
    del book["_meta"]
    return saved(book)


def test_without_its_hidden_sheet_a_workbook_is_not_taken_for_another_month_than_its_name_says(
    tmp_path: Path,
) -> None:
    place, month = Place(tmp_path), workbook(staff=4)

    assert codes(place.take(without_meta(month), "旗舰店_2026-10_考核上报表.xlsx")) == ["period.file_name"]
    assert place.take(without_meta(month), "旗舰店_2026-11_考核上报表.xlsx").status is Status.ACCEPTED


def test_with_its_hidden_sheet_the_name_decides_nothing(tmp_path: Path) -> None:
    assert Place(tmp_path).take(workbook(staff=4), "旗舰店_2026-10.xlsx").status is Status.ACCEPTED


def test_without_its_hidden_sheet_the_group_is_held_against_name_folder_and_roster(tmp_path: Path) -> None:
    place, month = Place(tmp_path, roster=ROSTER), without_meta(workbook(staff=4))

    assert codes(place.take(month, "二店_2026-11.xlsx")) == ["group.file_name"]
    assert codes(place.take(month, "二店/上报表.xlsx")) == ["group.wrong_folder"]
    other = codes(place.take(without_meta(workbook(staff=4, group="二店")), "上报表.xlsx"))
    assert set(other) == {"staff.two_groups", "staff.missing"}
    assert place.take(month, "旗舰店_2026-11.xlsx").status is Status.ACCEPTED
