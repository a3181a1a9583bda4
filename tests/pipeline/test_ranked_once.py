"""One person, one group, one month: whoever changed groups in mid-month is ranked in one of them."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from appraisal.ledger.errors import ActRefused
from appraisal.ledger.records import Act
from appraisal.period import Period
from appraisal.pipeline.reports import FileReport, Status
from appraisal.scheme.forms.hr_acts import ActKind
from tests.builders.submissions import NOVEMBER, staff_name
from tests.builders.workspaces import Place, workbook

MOVED = "KF001"
HEADER = "工号,姓名,考核组,考核方案,入职日期,入组日期,离组日期\n"
ROSTER = HEADER + "".join(
    f"KF{number:03},{staff_name(number)},{group},online-shop,2020-01-01,{since},{until}\n"
    for group, since, until in (("甲组", "", "2026-11-15"), ("乙组", "2026-11-16", ""))
    for number in range(1, 5)
)
ELSEWHERE = ["staff.ranked_elsewhere"] * 4
NOT_RANKED = {f"KF{number:03}": "当月调动" for number in range(1, 5)}


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path, roster=ROSTER)


def month(group: str, *, is_ranked: bool = True, **options: Any) -> bytes:
    """Everybody moved from 甲组 to 乙组 on the 16th; each of them lists the four."""
    return workbook(group=group, staff=4, statuses={} if is_ranked else NOT_RANKED, **options)


def codes(report: FileReport) -> list[str]:
    return [one.code for one in report.findings if one.is_error]


def test_the_second_groups_workbook_comes_back(place: Place) -> None:
    """Whichever came first stands; the other says who, where, and what to do."""
    assert place.take(month("甲组"), "甲.xlsx").status is Status.ACCEPTED

    second = place.take(month("乙组"), "乙.xlsx")

    assert codes(second) == ELSEWHERE
    assert "已经在“甲组”参加排名" in second.findings[0].message
    assert second.findings[0].place.startswith("考核数据!")
    assert place.take(month("乙组", is_ranked=False), "乙.xlsx").status is Status.ACCEPTED


def test_in_one_pass_only_one_of_the_two_is_accepted(place: Place) -> None:
    place.drop("1.xlsx", month("甲组"))
    place.drop("2.xlsx", month("乙组"))

    statuses = sorted(one.status for one in place.run().files)

    assert statuses == [Status.ACCEPTED, Status.RETURNED]


def test_the_same_group_may_hand_in_again_and_other_months_are_free(place: Place) -> None:
    place.take(month("甲组"), "甲.xlsx")

    again = place.take(month("甲组", cells={("考核数据", MOVED, "付款人数"): 440}), "甲.xlsx")
    december = place.take(month("乙组", period=Period(2026, 12)), "乙.xlsx", date(2027, 1, 4))

    assert (again.status, again.revision) == (Status.ACCEPTED, 2)
    assert december.status is Status.ACCEPTED, december.findings


def test_a_withdrawn_month_ranks_nobody(place: Place) -> None:
    place.take(month("甲组"), "甲.xlsx")
    place.act(act(ActKind.WITHDRAW, "甲组"))

    assert place.take(month("乙组"), "乙.xlsx").status is Status.ACCEPTED


def test_a_correction_cannot_rank_them_anew(place: Place) -> None:
    """It waited; meanwhile the other group's month came in by which they are ranked."""
    place.take(month("甲组", is_ranked=False), "甲.xlsx")
    place.act(act(ActKind.ISSUE, "甲组"))
    correction = month("甲组", labels={"报送性质": "更正报送", "更正原因": "应由本组排名"})
    assert place.take(correction, "甲.xlsx").status is Status.WAITING
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
