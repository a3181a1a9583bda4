"""Folders in the inbox: whatever people lay into them is taken, returned, or told as not looked into."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from appraisal.intake.roster_file import RosterError, load_roster
from appraisal.period import Period
from appraisal.pipeline.reports import Status
from tests.builders.hazards import OnePass
from tests.builders.submissions import staff_name
from tests.builders.workspaces import Place, workbook

ROSTER = "工号,姓名,考核组,考核方案,入职日期\n" + "".join(
    f"KF{number:03},{staff_name(number)},A组,online-shop,2020-01-01\n" for number in range(1, 5)
)


def month(number: int, group: str = "A组") -> bytes:
    return workbook(group=group, staff=4, period=Period(2026, number))


def test_a_months_folder_inside_the_groups_is_looked_into(tmp_path: Path) -> None:
    """The first level says whose it is; below it people keep order as they like. The receipt lies beside."""
    dropped = OnePass.over(
        tmp_path,
        {
            "A组/2026-10/十月.xlsx": month(10),
            "A组/2026/2026-11/十一月.xlsx": month(11),
            "别的店/2026-11/放错了.xlsx": month(9),
        },
    )

    dropped.accepted("A组/2026-10/十月.xlsx")
    dropped.accepted("A组/2026/2026-11/十一月.xlsx")
    assert dropped.returned("别的店/2026-11/放错了.xlsx") == ["group.wrong_folder"]
    inbox = dropped.place.workspace.inbox
    assert (inbox / "A组/2026-10/十月.xlsx.回执.txt").is_file()
    assert dropped.place.take(month(10), "A组/2026-10/十月.xlsx").status is Status.UNCHANGED


@pytest.mark.skipif(os.name != "posix", reason="Windows tells no two of these apart")
@pytest.mark.parametrize("roster", ["", ROSTER], ids=["no roster", "roster"])
def test_letter_case_width_and_spaces_make_no_other_folder(tmp_path: Path, roster: str) -> None:
    folders = ["a组", "Ａ组", "A组 ", " A 组"]
    dropped = OnePass.over(
        tmp_path, {f"{folder}/x.xlsx": month(8 + at) for at, folder in enumerate(folders)}, roster=roster
    )

    for folder in folders:
        assert dropped.accepted(f"{folder}/x.xlsx").group == "A组"
    assert {path.name for path in dropped.place.workspace.outbox.iterdir()} == {
        "A组",
        "人事",
        ".ledger_mark.json",
    }


def test_a_folder_of_no_group_holds_nothing_that_is_not_answered(tmp_path: Path) -> None:
    """With a roster: its files come back with where they belong, or what they really are."""
    dropped = OnePass.over(
        tmp_path,
        {"2026-11/x.xlsx": month(11), "临时/y.xlsx": b"%PDF-1.7", "a组/z.xlsx": b"%PDF-1.7"},
        roster=ROSTER,
    )

    assert dropped.returned("2026-11/x.xlsx") == ["group.wrong_folder"]
    assert "请放入本组的文件夹，或直接放在收件夹里" in dropped.said("2026-11/x.xlsx")
    assert dropped.returned("临时/y.xlsx") == ["workbook.not_xlsx"]
    assert dropped.of("临时/y.xlsx").outputs[0].startswith("outbox/退回/")
    assert dropped.returned("a组/z.xlsx") == ["workbook.not_xlsx"]
    assert dropped.of("a组/z.xlsx").outputs[0].startswith("outbox/A组/退回/")


@pytest.mark.skipif(os.name != "posix", reason="Windows keeps rights in access lists, not in modes")
def test_what_is_not_looked_into_is_told(tmp_path: Path) -> None:
    """Each in one sentence; a network drive's own folders are passed over in silence."""
    place = Place(tmp_path)
    place.drop("A组/1/2/3/4/太深.xlsx", month(11))
    place.drop("#recycle/A组/删了的.xlsx", month(10))
    (place.workspace.inbox / "链\n接").symlink_to(tmp_path)

    report = place.run()

    assert report.files == []
    assert report.warnings == (
        "收件夹里的“A组/1/2/3/4”放得太深，里面的文件没有看。请放在本组的文件夹里。",
        "收件夹里的“链␣接”是链接或特殊文件，没有处理。请把文件本身放进来。",
    )


def test_a_roster_whose_groups_differ_in_letter_case_alone_is_refused(tmp_path: Path) -> None:
    """In one folder's name they would be one."""
    extra = f"KF009,{staff_name(9)},a组,online-shop,2020-01-01\n"
    (tmp_path / "roster.csv").write_text(ROSTER + extra, "utf-8")
    with pytest.raises(RosterError, match="只差大小写或空格"):
        load_roster(tmp_path)
