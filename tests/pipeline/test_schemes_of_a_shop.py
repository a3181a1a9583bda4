"""Several versions of a scheme, and several schemes in one shop: each month and group by its own."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from appraisal.handing_out import blank_for
from appraisal.scheme.forms import submission_form
from appraisal.scheme.loading import RulesError
from appraisal.scheme.period import Period
from appraisal.verdicts import Status
from tests.builders.schemes import (
    MARK,
    SHOP_TEXT,
    changed,
    one_mark_scheme,
    one_mark_text,
)
from tests.builders.submissions import staff_id, staff_name
from tests.builders.workbooks import fill_rows, label_cell, opened, saved
from tests.builders.workspaces import DECEMBER_7, Place, workbook

OCTOBER, NOVEMBER = Period(2026, 10), Period(2026, 11)
SECOND = changed(
    ("version: 1", "version: 2"),
    ("2020-06-07", "2026-11-01"),
    ('">=50%: 12"', '">=50%: 13"'),
    ("do: reward, amount: 100", "do: reward, amount: 200"),
)


def shop(tmp_path: Path, *, roster: str = "", **rules: str) -> Place:
    """A workspace with these rule files."""
    place = Place(tmp_path, roster=roster)
    (tmp_path / "rules").mkdir()
    for name, text in rules.items():
        (tmp_path / "rules" / f"{name}.yaml").write_text(text, "utf-8")
    return place


def told(place: Place, period: Period) -> tuple[int, str, str]:
    """Version, KF001's points for 咨询转化率 (54 %), and the reward, of one published month."""
    result = place.result(period=period)
    person = next(one for one in result["staff"] if one["id"] == "KF001")
    (reward,) = [one["amount"] for one in result["outcomes"] if one["type"] == "reward"]
    return result["version"], person["indicators"]["咨询转化率"]["points"]["店长"], reward


def test_each_month_is_scored_by_the_version_of_its_time(tmp_path: Path) -> None:
    """The blank of November serves for October too: the version follows the month, not the file."""
    place = shop(tmp_path, first=SHOP_TEXT, second=SECOND)
    assert place.take(workbook(period=OCTOBER), today=date(2026, 11, 6)).status is Status.ACCEPTED
    assert place.take(workbook(period=NOVEMBER)).status is Status.ACCEPTED
    assert told(place, OCTOBER) == (1, "12.00", "100.00")
    assert told(place, NOVEMBER) == (2, "13.00", "200.00")


def test_a_month_dropped_years_later_is_still_scored_by_the_version_of_its_time(tmp_path: Path) -> None:
    """Also when later versions have long been in force."""
    third = changed(
        ("version: 1", "version: 3"), ("2020-06-07", "2028-01-01"), ("amount: 100", "amount: 300")
    )
    place = shop(tmp_path, first=SHOP_TEXT, second=SECOND, third=third)
    place.take(workbook(period=NOVEMBER))
    report = place.take(workbook(period=OCTOBER), today=date(2029, 5, 7))
    assert report.status is Status.ACCEPTED, report.findings
    assert told(place, OCTOBER) == (1, "12.00", "100.00")


def test_a_month_before_the_first_version_comes_back(tmp_path: Path) -> None:
    """No version, no score: the finding says from when the scheme counts."""
    place = shop(tmp_path, second=SECOND)
    report = place.take(workbook(period=OCTOBER))
    assert report.status is Status.RETURNED
    assert "scheme.not_in_force" in [one.code for one in report.findings]


@pytest.mark.parametrize("since", ["2020-06-07", "2020-06-20", "2020-07-01"])
def test_versions_that_begin_in_one_month_stop_everything(tmp_path: Path, since: str) -> None:
    """Nobody could say which counts; both files are named."""
    place = shop(
        tmp_path, first=SHOP_TEXT, second=changed(("version: 1", "version: 2"), ("2020-06-07", since))
    )
    with pytest.raises(RulesError, match=r"first\.yaml 和 second\.yaml 都从 2020-07 起考核"):
        place.run()


def test_the_same_file_twice_stops_everything(tmp_path: Path) -> None:
    """A copy that somebody forgot to change."""
    with pytest.raises(RulesError, match=r"copy\.yaml 和 first\.yaml"):
        shop(tmp_path, first=SHOP_TEXT, copy=SHOP_TEXT).run()


# ------------------------------------------------------------------------------- several schemes

ROSTER = "工号,姓名,考核组,考核方案,入职日期\n" + "".join(
    f"{staff_id(at)},{staff_name(at)},{group},{scheme},2020-01-01\n"
    for group, scheme, numbers in (
        ("旗舰店", "online-shop", range(1, 7)),
        ("售后组", "one-mark", range(11, 17)),
    )
    for at in numbers
)


def marked(place: Place, marks: list[int]) -> bytes:
    """The blank that is handed out to 售后组, with 店长's marks typed in."""
    handed_out = blank_for("one-mark", place.setup, group="售后组", period=NOVEMBER, today=DECEMBER_7)
    book = opened(handed_out.content)
    form = submission_form(one_mark_scheme())
    for name, value in (("店长", "陈店长"), ("数据来源软件", "其他"), ("导出日期", date(2026, 12, 6))):
        found = label_cell(book["人员"], name)
        book["人员"].cell(found.row, found.column + 1).value = value
    fill_rows(book["店长"], form.sheet("店长"), [{MARK: mark} for mark in marks])
    return saved(book)


def test_one_run_serves_groups_of_different_schemes(tmp_path: Path) -> None:
    """The roster says which group is appraised by which scheme."""
    place = shop(tmp_path, roster=ROSTER, shop=SHOP_TEXT, marks=one_mark_text())
    place.drop("旗舰店.xlsx", workbook())
    place.drop("售后组.xlsx", marked(place, [90, 85, 80, 75, 70, 65]))
    report = place.run()
    assert [one.status for one in report.files] == [Status.ACCEPTED] * 2, [
        one.findings for one in report.files
    ]
    results = {group: place.result(group) for group in ("旗舰店", "售后组")}
    assert {group: one["scheme"] for group, one in results.items()} == {
        "旗舰店": "online-shop",
        "售后组": "one-mark",
    }
    assert [one["final"] for one in results["售后组"]["staff"]] == [
        f"{mark}.00" for mark in (90, 85, 80, 75, 70, 65)
    ]


def test_a_form_of_another_scheme_comes_back(tmp_path: Path) -> None:
    """The group is told which scheme is its own."""
    swapped = ROSTER.replace("旗舰店,online-shop", "旗舰店,one-mark")
    place = shop(tmp_path, roster=swapped, shop=SHOP_TEXT, marks=one_mark_text())
    report = place.take(workbook())
    assert report.status is Status.RETURNED
    assert "scheme.mismatch" in [one.code for one in report.findings]
