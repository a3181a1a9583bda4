"""人事/<period>/ over the days: what is no longer so goes, what HR keeps stays, and overdue things show by themselves."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from appraisal.intake.hr_acts import Act
from appraisal.pipeline.run import run_once
from appraisal.scheme.forms.hr_acts import ActKind
from appraisal.workspace.files import RealFiles
from tests.builders.submissions import NOVEMBER, staff_id, staff_name
from tests.builders.workspaces import DECEMBER_7, Place, scores, workbook
from tests.hr.hr_shop import above, table

ISSUED, DUE, LATER = date(2026, 12, 8), date(2026, 12, 15), date(2026, 12, 18)
HR = "人事/2026-11"
TRACKER, MISSING = "整改跟踪.xlsx", "未报送名单.xlsx"


def issued(place: Place) -> Place:
    place.take(workbook(cells=scores([1, 2, 3, 4, 5, 6])))
    place.act(Act(ActKind.ISSUE, NOVEMBER, "旗舰店", ISSUED, "李经理", "定稿"))
    return place


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path, hr=True)


def states(place: Place) -> dict[object, object]:
    return {one["工号"]: one["状态"] for one in table(place.files(HR)[TRACKER])}


def test_what_is_no_longer_so_is_taken_away_and_what_hr_keeps_stays(place: Place) -> None:
    """A group withdrawn: the combined notice of two groups goes; 定稿 and HR's edited list are left."""
    place.drop("一.xlsx", workbook())
    place.drop("二.xlsx", workbook(group="二店"))
    place.run()
    folder = place.workspace.outbox / HR
    assert {"合并通报.docx", "合并通报.html"} <= set(place.files(HR))
    (folder / "定稿").mkdir()
    (folder / "定稿" / "合并通报.docx").write_bytes(b"final")
    (folder / "汇总.xlsx").write_bytes(b"HR's")

    place.act(Act(ActKind.WITHDRAW, NOVEMBER, "二店", ISSUED, "李经理", "报错了组"))

    after = place.files(HR)
    assert not {"合并通报.docx", "合并通报.html"} & after.keys()
    assert after["定稿/合并通报.docx"] == b"final"
    assert after["汇总.xlsx"] == b"HR's"
    assert "二店" not in {row["考核组"] for row in table(after["汇总_新.xlsx"], "人员明细")}


def test_a_combined_notice_that_hr_edited_stays_when_it_no_longer_holds(place: Place) -> None:
    """It is HR's now; its unedited twin goes."""
    place.drop("一.xlsx", workbook())
    place.drop("二.xlsx", workbook(group="二店"))
    place.run()
    (place.workspace.outbox / HR / "合并通报.docx").write_bytes(b"HR's")

    place.act(Act(ActKind.WITHDRAW, NOVEMBER, "二店", ISSUED, "李经理", "报错了组"))

    after = place.files(HR)
    assert after["合并通报.docx"] == b"HR's"
    assert "合并通报.html" not in after


def test_a_plan_becomes_overdue_in_hrs_tracker_though_nothing_is_dropped(place: Place) -> None:
    """Up to the deadline nothing is written; the first pass after it says 逾期."""
    issued(place)
    before = place.files(HR)
    place.run(DUE)
    assert place.files(HR) == before

    place.run(LATER)

    assert states(place) == {"KF005": "逾期", "KF006": "逾期"}
    assert "12月18日" in above(place.files(HR)[TRACKER])


def test_a_second_pass_of_the_same_day_writes_nothing(place: Place) -> None:
    """HR may have the list open."""
    issued(place).run(LATER)
    path = place.workspace.outbox / HR / TRACKER
    written = path.stat().st_mtime_ns

    place.run(LATER)

    assert path.stat().st_mtime_ns == written


def test_days_late_of_a_missing_group_grow_with_the_calendar(tmp_path: Path) -> None:
    """二店 is on the roster and has not handed in by 7 December."""
    people = [f"{staff_id(at)},{staff_name(at)},旗舰店,online-shop,2024-03-01" for at in range(1, 7)]
    roster = "\n".join(
        ["工号,姓名,考核组,考核方案,入职日期", *people, "EK01,周舟,二店,online-shop,2024-03-01"]
    )
    place = Place(tmp_path, roster=roster + "\n", hr=True)
    place.take(workbook())
    (first,) = table(place.files(HR)[MISSING])

    place.run(LATER)

    (second,) = table(place.files(HR)[MISSING])
    assert first["考核组"] == second["考核组"] == "二店"
    assert first["逾期天数"] != second["逾期天数"] == (LATER - date(2026, 12, 7)).days


def test_where_nothing_is_waited_for_the_calendar_changes_nothing(place: Place) -> None:
    """Everything has come: the folder of a finished month stays as it is."""
    place.take(workbook())
    before = place.files(HR)

    place.run(LATER)

    assert place.files(HR) == before


def test_a_mistake_of_ours_in_hrs_papers_costs_neither_the_months_nor_the_note(place: Place) -> None:
    """The month is accepted and HR's folder told of; the next pass writes it."""

    class Breaking(RealFiles):
        def write(self, path: Path, content: bytes, *, private: bool = False) -> None:
            if place.workspace.outbox / HR in path.parents:
                raise ZeroDivisionError
            super().write(path, content, private=private)

    place.drop("上报表.xlsx", workbook(cells=scores([1, 2, 3, 4, 5, 6])))
    (report,) = run_once(place.workspace, place.setup, today=DECEMBER_7, files=Breaking()).files
    assert report.status == "accepted"
    assert list((place.workspace.state / "errors").glob("*.log"))
    assert TRACKER not in place.files(HR)

    place.run()

    assert TRACKER in place.files(HR)


def test_a_month_that_nobody_has_handed_in_is_listed_from_its_deadline_on(place: Place) -> None:
    """December is due on 5 January, a working day is waited for, and then HR's list names the group."""
    issued(place)
    place.run(date(2027, 1, 5))
    assert not place.files("人事/2026-12")

    place.run(date(2027, 1, 11))

    (group,) = table(place.files("人事/2026-12")[MISSING])
    assert group["考核组"] == "旗舰店"
