"""After a month: the blank for the next one lies there, and last month's data are noticed."""

from __future__ import annotations

import io
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from appraisal.admin.demo import FilledMonth, filled_in
from appraisal.period import Period
from appraisal.pipeline.blanks import blank_for
from appraisal.pipeline.reports import FileReport, Status
from appraisal.scheme.forms.submission import EXPORTED_ON, SOURCE_SOFTWARE, STAFF_ID
from tests.builders.submissions import NOVEMBER, filled, staff_id, staff_name
from tests.builders.workspaces import Place, scores, workbook

DECEMBER = Period(2026, 12)
BLANKS = "旗舰店/下月空白表"
OF_DECEMBER = "旗舰店_2026-12_考核上报表.xlsx"
SAME = "data.same_as_last_month"


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def take(place: Place, period: Period, **options: Any) -> FileReport:
    after = period.shifted(1)
    report = place.take(workbook(period=period, **options), today=date(after.year, after.month, 8))
    assert report.status is Status.ACCEPTED, report.findings
    return report


def typed(content: bytes) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
    """What stands in 考核数据: the value right of each label, and each person's row by header."""
    sheet = load_workbook(io.BytesIO(content))["考核数据"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    at = next(number for number, row in enumerate(rows) if row[0] == "工号")
    labels = {str(name): value for row in rows[:at] for name, value in pairwise(row) if name is not None}
    headers = [str(header).split("\n")[0] for header in rows[at]]
    people = [dict(zip(headers, row, strict=True)) for row in rows[at + 1 :]]
    return labels, {str(one["工号"]): one for one in people if str(one["工号"]).startswith("KF")}


def test_the_blank_for_the_next_month_lies_there_with_people_targets_and_manager(place: Place) -> None:
    """What seldom changes is filled in; what is counted anew each month is left empty."""
    take(place, NOVEMBER, cells={("考核数据", "KF002", "个人月目标"): 88000})

    blanks = place.files(BLANKS)
    assert list(blanks) == [OF_DECEMBER]
    labels, people = typed(blanks[OF_DECEMBER])
    before, former = typed(workbook())
    assert labels["考核月份"] == "2026-12"
    assert labels["店长"] == before["店长"] is not None
    assert labels["导出日期"] is None
    assert list(people) == [staff_id(number) for number in range(1, 7)]
    assert people["KF002"]["个人月目标"] == 88000
    assert people["KF003"]["个人月目标"] == former["KF003"]["个人月目标"]
    assert {one["接待人数"] for one in people.values()} == {None}


def test_the_blank_filled_in_is_taken_for_the_next_month(place: Place) -> None:
    """The manager fills what is left and drops it: a month without anything to ask about."""
    take(place, NOVEMBER)
    blank = place.files(BLANKS)[OF_DECEMBER]
    month = filled(period=DECEMBER, staff=6, cells=scores([1, 2, 3, 4, 5, 6]))
    rows = {sheet: {str(row[STAFF_ID]): dict(row) for row in rows} for sheet, rows in month.rows.items()}
    for row in rows["考核数据"].values():
        del row["个人月目标"]
    labels = {name: month.labels[name] for name in (SOURCE_SOFTWARE, EXPORTED_ON)}

    report = place.take(filled_in(blank, month.form, FilledMonth(labels, rows)), today=date(2027, 1, 8))

    assert (report.status, report.period) == (Status.ACCEPTED, DECEMBER), report.findings
    assert SAME not in [one.code for one in report.findings]


def test_the_people_of_the_blank_are_those_of_next_months_roster(tmp_path: Path) -> None:
    """Whoever leaves in November is not in December's; whoever comes is, without a target."""
    people = [f"{staff_id(n)},{staff_name(n)},旗舰店,online-shop,2024-01-01," for n in range(1, 6)]
    people += [
        f"{staff_id(6)},{staff_name(6)},旗舰店,online-shop,2024-01-01,2026-11-30",
        "KF020,新来的,旗舰店,online-shop,2026-12-01,",
    ]
    place = Place(tmp_path, roster="\n".join(["工号,姓名,考核组,考核方案,入职日期,离职日期", *people]))
    take(place, NOVEMBER)

    _, there = typed(place.files(BLANKS)[OF_DECEMBER])
    assert list(there) == ["KF001", "KF002", "KF003", "KF004", "KF005", "KF020"]
    assert there["KF020"]["个人月目标"] is None


def test_who_leaves_comes_or_moves_in_the_month_is_not_put_down_as_appraised(tmp_path: Path) -> None:
    """With the roster's date; a target is not carried over, or they would count as people with data."""
    headers = "工号,姓名,考核组,考核方案,入职日期,入组日期,离组日期,离职日期"
    whose = {n: f"{staff_id(n)},{staff_name(n)},旗舰店,online-shop,2024-01-01" for n in range(1, 7)}
    whose = {n: f"{line},,,{'2026-12-09' if n == 5 else ''}" for n, line in whose.items() if n < 6}
    whose[6] = f"{staff_id(6)},{staff_name(6)},旗舰店,online-shop,2024-01-01,,2026-12-15,"
    moved = f"{staff_id(6)},{staff_name(6)},二店,online-shop,2024-01-01,2026-12-16,,"
    new = "KF020,新来的,旗舰店,online-shop,2026-12-25,,,"
    place = Place(tmp_path, roster="\n".join([headers, *whose.values(), moved, new]))
    take(place, NOVEMBER)

    _, there = typed(place.files(BLANKS)[OF_DECEMBER])
    told = {who: (one["参评情况"], one["情况说明"], one["个人月目标"]) for who, one in there.items()}
    assert told["KF005"] == ("已离职", "花名册：2026-12-09 离职", None)
    assert told["KF006"] == ("当月调动", "花名册：2026-12-16 从“旗舰店”调到“二店”", None)
    assert told["KF020"] == ("入职不满一个月", "花名册：2026-12-25 入职", None)
    assert {told[staff_id(n)][:2] for n in range(1, 5)} == {("参评", None)}
    blank = blank_for("online-shop", place.setup, group="二店", period=DECEMBER, today=date(2027, 1, 4))
    _, there = typed(blank.content)
    assert there["KF006"]["参评情况"] == "参评"


def test_only_the_latest_month_leaves_a_blank_and_an_edited_one_is_kept(place: Place) -> None:
    """A month that comes late brings no blank back; what the manager began in its place stays."""
    take(place, DECEMBER)
    january = place.files(BLANKS)
    take(place, NOVEMBER)
    assert place.files(BLANKS) == january
    assert list(january) == ["旗舰店_2027-01_考核上报表.xlsx"]

    begun = place.workspace.outbox / BLANKS / "旗舰店_2027-01_考核上报表.xlsx"
    begun.write_bytes(b"begun by the manager")
    take(place, Period(2027, 1))
    assert place.files(BLANKS)[begun.name] == b"begun by the manager"
    assert set(place.files(BLANKS)) == {begun.name, "旗舰店_2027-02_考核上报表.xlsx"}


def test_data_equal_to_last_months_are_noticed_and_other_data_are_not(place: Place) -> None:
    """The month is accepted all the same; report and receipt say that it looks like last month's file."""
    assert SAME not in [one.code for one in take(place, NOVEMBER).findings]

    report = take(place, DECEMBER)

    (told,) = [one for one in report.findings if one.code == SAME]
    assert "2026-11" in told.message
    assert "100%" in told.message
    receipt = (place.workspace.inbox / "上报表.xlsx.回执.txt").read_text("utf-8-sig")
    assert "2026-11 完全相同" in receipt
    other = take(place, Period(2027, 1), cells=scores([1, 2, 3, 4, 5, 6]))
    assert SAME not in [one.code for one in other.findings]
