"""Whole passes over files that behave as on Windows, where no machine of that kind is at hand."""

from __future__ import annotations

from pathlib import Path

from appraisal.pipeline.reports import FileReport, Status
from appraisal.pipeline.run import run_once
from tests.builders.faults import LikeWindows
from tests.builders.submissions import staff_id, staff_name
from tests.builders.workspaces import DECEMBER_7, Place, workbook

CHANGED = {("考核数据", "KF001", "平均响应时间"): 15}


def told(report: FileReport) -> str:
    return "".join(one.message for one in report.findings)


def run(place: Place, files: LikeWindows) -> dict[str, FileReport]:
    report = run_once(place.workspace, place.setup, today=DECEMBER_7, files=files)
    return {one.file: one for one in report.files}


def test_a_result_that_somebody_has_open_is_replaced_once_it_is_closed(tmp_path: Path) -> None:
    """Nothing is lost and nothing is half there meanwhile; the others of the pass go on."""
    place, files = Place(tmp_path), LikeWindows()
    place.drop("甲.xlsx", workbook(group="甲店", staff=4))
    run(place, files)
    result = place.workspace.outbox / "甲店" / "2026-11" / "甲店_2026-11_考核结果.xlsx"
    before = result.read_bytes()
    files.open_elsewhere.add(result)

    place.drop("甲.xlsx", workbook(group="甲店", staff=4, cells=CHANGED))
    place.drop("乙.xlsx", workbook(group="乙店", staff=4))
    reports = run(place, files)

    assert reports["乙.xlsx"].status is Status.ACCEPTED
    assert reports["甲.xlsx"].status is Status.FAILED
    assert "文件正被别的程序打开" in told(reports["甲.xlsx"])
    assert result.read_bytes() == before
    assert (place.workspace.inbox / "甲.xlsx").exists()

    files.open_elsewhere.clear()
    assert run(place, files)["甲.xlsx"].status is Status.ACCEPTED
    assert place.result("甲店")["revision"] == 2
    assert files.clashes == []


def test_a_group_in_other_letters_never_gets_into_the_groups_own_folder(tmp_path: Path) -> None:
    """The roster says how it is written; the same names there and here are the same files."""
    people = "".join(f"{staff_id(at)},{staff_name(at)},Shop,online-shop,2024-01-01\n" for at in range(1, 5))
    place, files = Place(tmp_path, roster=f"工号,姓名,考核组,考核方案,入职日期\n{people}"), LikeWindows()
    place.drop("a.xlsx", workbook(group="Shop", staff=4))
    assert run(place, files)["a.xlsx"].status is Status.ACCEPTED

    place.drop("b.xlsx", workbook(group="SHOP", staff=4))
    assert run(place, files)["b.xlsx"].status is Status.RETURNED
    assert files.clashes == []


def test_a_path_that_windows_would_not_take_is_told_as_such(tmp_path: Path) -> None:
    """Deep down in a share, with a group's name of forty characters: that one waits, the others go on."""
    deep = tmp_path
    while len(str(deep)) < 150:
        deep /= "share" * 2
    place, files, long = Place(deep), LikeWindows(), "星河" * 20
    place.drop("长.xlsx", workbook(group=long, staff=4))
    place.drop("甲.xlsx", workbook(group="甲店", staff=4))

    reports = run(place, files)

    assert reports["甲.xlsx"].status is Status.ACCEPTED
    assert reports["长.xlsx"].status is Status.FAILED
    assert "文件名或路径太长" in told(reports["长.xlsx"])
    assert (place.workspace.inbox / "长.xlsx").exists()
