"""One person, one group, one month: whoever is ranked in a group is ranked in no other, whatever the roster says later.

The roster alone tells of moves that it knows; these moves HR enters after the first group's workbook has come.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from appraisal.intake.hr_acts import Act
from appraisal.ledger.errors import ActRefused
from appraisal.period import Period
from appraisal.pipeline.reports import FileReport, Status
from appraisal.scheme.forms.hr_acts import ActKind
from tests.builders.submissions import NOVEMBER, staff_name
from tests.builders.workspaces import Place, workbook

MOVED = "KF001"
HEADER = "工号,姓名,考核组,考核方案,入职日期\n"


def roster_of(group: str) -> str:
    """The four belong to this group, from the beginning."""
    people = (
        f"KF{number:03},{staff_name(number)},{group},online-shop,2020-01-01\n" for number in range(1, 5)
    )
    other = "乙组" if group == "甲组" else "甲组"
    return HEADER + "".join(people) + f"KF009,{staff_name(9)},{other},online-shop,2027-06-01\n"


ELSEWHERE = ["staff.ranked_elsewhere"] * 4
NOT_RANKED = {f"KF{number:03}": "当月调动" for number in range(1, 5)}


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path, roster=roster_of("甲组"))


def moved_to(place: Place, group: str) -> Place:
    """The same workspace, after HR has entered the four under that group."""
    return Place(place.root, roster=roster_of(group), hr=place.hr)


def month(group: str, *, is_ranked: bool = True, **options: Any) -> bytes:
    """The four in that group's workbook."""
    return workbook(group=group, staff=4, statuses={} if is_ranked else NOT_RANKED, **options)


def codes(report: FileReport) -> list[str]:
    return [one.code for one in report.findings if one.is_error]


def test_the_second_groups_workbook_comes_back(place: Place) -> None:
    """Whichever came first stands; the other says who, where, and what to do."""
    assert place.take(month("甲组"), "甲.xlsx").status is Status.ACCEPTED

    place = moved_to(place, "乙组")
    second = place.take(month("乙组"), "乙.xlsx")

    assert codes(second) == ELSEWHERE
    assert "已经在“甲组”参加排名" in second.findings[0].message
    assert second.findings[0].place.startswith("考核数据!")
    assert place.take(month("乙组", is_ranked=False), "乙.xlsx").status is Status.ACCEPTED


def test_the_same_group_may_hand_in_again_and_other_months_are_free(place: Place) -> None:
    place.take(month("甲组"), "甲.xlsx")

    again = place.take(month("甲组", cells={("考核数据", MOVED, "付款人数"): 440}), "甲.xlsx")
    december = moved_to(place, "乙组").take(
        month("乙组", period=Period(2026, 12)), "乙.xlsx", date(2027, 1, 7)
    )

    assert (again.status, again.revision) == (Status.ACCEPTED, 2)
    assert december.status is Status.ACCEPTED, december.findings


def test_a_withdrawn_month_ranks_nobody(place: Place) -> None:
    place.take(month("甲组"), "甲.xlsx")
    place.act(act(ActKind.WITHDRAW, "甲组"))

    assert moved_to(place, "乙组").take(month("乙组"), "乙.xlsx").status is Status.ACCEPTED


def test_a_correction_cannot_rank_them_anew(place: Place) -> None:
    """It waited; meanwhile the other group's month came in by which they are ranked."""
    place.hr = True
    place.take(month("甲组", is_ranked=False), "甲.xlsx")
    place.act(act(ActKind.ISSUE, "甲组"))
    correction = month("甲组", labels={"报送性质": "更正报送", "更正原因": "应由本组排名"})
    assert place.take(correction, "甲.xlsx").status is Status.WAITING
    place = moved_to(place, "乙组")
    assert place.take(month("乙组"), "乙.xlsx").status is Status.ACCEPTED

    with pytest.raises(ActRefused, match="已经在“乙组”参加排名"):
        place.act(act(ActKind.APPROVE_CORRECTION, "甲组"))


def test_without_a_roster_the_ids_are_each_groups_own(tmp_path: Path) -> None:
    place = Place(tmp_path)
    place.drop("1.xlsx", month("甲组"))
    place.drop("2.xlsx", month("乙组"))

    assert {one.status for one in place.run().files} == {Status.ACCEPTED}


def act(kind: ActKind, group: str) -> Act:
    return Act(kind=kind, group=group, period=NOVEMBER, on=date(2026, 12, 7), by="刘芳", reason="已经审定")
