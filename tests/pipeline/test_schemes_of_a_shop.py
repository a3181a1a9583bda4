"""Several versions of a scheme, and several schemes in one shop: each month and group by its own."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from typing import Any, cast

import openpyxl
import pytest

from appraisal.cli.app import main
from appraisal.intake.hr_acts import Act
from appraisal.period import Period
from appraisal.pipeline.blanks import blank_for
from appraisal.pipeline.reports import Status
from appraisal.scheme.forms.hr_acts import ActKind
from appraisal.scheme.forms.submission import submission_form
from appraisal.scheme.rulebook import RulesError
from tests.builders.schemes import MARK, SHOP_TEXT, changed, one_mark_scheme, one_mark_text
from tests.builders.submissions import staff_id, staff_name
from tests.builders.workbooks import fill_rows, label_cell, opened, saved
from tests.builders.workspaces import Place, workbook
from tests.hr.hr_shop import lines, table

SAMPLES, GOLDEN = Path(__file__).parents[1] / "samples", Path(__file__).parents[1] / "golden" / "schemes"

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
    place = shop(tmp_path, first=changed(("2020-06-07", "2026-11-01")))
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


def test_a_version_that_is_not_there_any_more_stops_everything(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its months would be scored by the one before it; nothing is opened, both files are named, exit code 2."""
    third = changed(("version: 1", "version: 3"), ("2020-06-07", "2028-01-01"))
    place = shop(tmp_path, first=SHOP_TEXT, third=third)
    waiting = place.drop("旗舰店.xlsx", workbook())
    assert main(["run", "--workspace", str(tmp_path)]) == 2
    told = capsys.readouterr().err
    assert "third.yaml:8:1: version: first.yaml 和 third.yaml 之间缺少第2版" in told
    assert waiting.exists()


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
    handed_out = blank_for("one-mark", place.setup, group="售后组", period=NOVEMBER)
    book = opened(handed_out.content)
    form = submission_form(one_mark_scheme())
    found = label_cell(book["人员"], "店长")
    book["人员"].cell(found.row, found.column + 1).value = "陈店长"
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


SHIPPED = {
    "网店客服组": "online-shop",
    "客服专员组": "service-agent",
    "大客户组": "account-manager",
    "客户档案组": "customer-records",
    "前台组": "competence-six",
    "各班组": "service-department",
}


def of_group(sample: Path, group: str, at: int) -> bytes:
    """A committed sample as the month of a group with people of its own: 201, 202 … of the second group."""
    book = openpyxl.load_workbook(sample)
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value == "旗舰店":
                    cell.value = group
                elif isinstance(cell.value, str):
                    cell.value = re.sub(r"^KF0(\d\d)$", rf"{at}\1", cell.value)
    return saved(book)


@pytest.fixture(scope="module")
def whole_shop(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """Six groups under six of the schemes that come with the program, all dropped at once, run once."""
    people = "".join(
        f"{at}{one['id'][-2:]},{one['name']},{group},{scheme},2020-01-01\n"
        for at, (group, scheme) in enumerate(SHIPPED.items(), 1)
        for one in approved(scheme)["staff"]
    )
    place = Place(
        tmp_path_factory.mktemp("shop"), roster=f"工号,姓名,考核组,考核方案,入职日期\n{people}", hr=True
    )
    for at, (group, scheme) in enumerate(SHIPPED.items(), 1):
        place.drop(f"{group}.xlsx", of_group(SAMPLES / f"{scheme}.xlsx", group, at))
    report = place.run()
    told = {
        one.file: [finding.message for finding in one.findings if finding.is_error] for one in report.files
    }
    assert {one.status for one in report.files} == {Status.ACCEPTED}, told
    return place


def approved(scheme: str) -> dict[str, Any]:
    """What the sample of a scheme comes to, as it was looked at and committed."""
    return cast("dict[str, Any]", json.loads((GOLDEN / scheme / "result.json").read_text("utf-8")))


@pytest.mark.parametrize(("group", "scheme"), SHIPPED.items())
def test_each_group_of_a_shop_gets_what_its_own_scheme_gives(
    whole_shop: Place, group: str, scheme: str
) -> None:
    """The approved scores and outcomes of the sample, as if it had been alone."""
    result = whole_shop.result(group)
    alone = approved(scheme)
    assert result["scheme"] == scheme
    for key in ("name", "final", "rank", "reviewers", "indicators"):
        assert [one[key] for one in result["staff"]] == [one[key] for one in alone["staff"]]
    moving = ("reward", "deduct", "rectification")  # the sample's earlier months are not in this ledger
    kinds = [
        [(one["type"], one["amount"]) for one in told["outcomes"] if one["type"] in moving]
        for told in (result, alone)
    ]
    assert kinds[0] == kinds[1]


def test_hr_has_all_schemes_of_a_shop_in_one_folder(whole_shop: Place) -> None:
    """Overview, money, plans; grades and factors of the one scheme that has them."""
    hr = whole_shop.files("人事/2026-11")
    assert [one["考核组"] for one in table(hr["汇总.xlsx"])][: len(SHIPPED)] == list(SHIPPED)
    assert {one["考核组"] for one in table(hr["汇总.xlsx"], "人员明细")} >= set(SHIPPED)
    money = [(one["考核组"], one["金额"], one["依据"]) for one in table(hr["奖励与提成调整明细.xlsx"])]
    assert ("大客户组", 500, "综合得分等级为A") in money
    assert ("网店客服组", -100, "2人并列综合排名最后一名，待研究确定") in money
    assert ("客服专员组", 200, "综合排名第一名") in money
    grades = table(hr["奖励与提成调整明细.xlsx"], "等级与绩效系数")
    assert {one["考核组"] for one in grades} == {"大客户组"}
    told = [(one["姓名"], one["综合得分"], one["等级"], one["绩效系数"], one["另有奖励"]) for one in grades]
    assert told[:2] == [("王敏", 105, "A", 1.2, 500), ("张三", 94.5, "A", 1.2, 500)]
    assert {one["状态"] for one in grades} == {"待下发"}
    assert lines(hr["等级与绩效系数.csv"])[0]["绩效系数"] == "1.2"


def test_the_notice_of_a_scheme_with_grades_has_a_column_for_them(whole_shop: Place) -> None:
    """Between score and change; the factor is between HR and the person."""
    notice = whole_shop.files("大客户组/2026-11")["大客户组_2026-11_考核通报.html"].decode()
    header = re.findall("<th>([^<]*)</th>", notice)
    assert header[:5] == ["名次", "姓名", "综合得分", "等级", "较上月"]
    assert "系数" not in notice
    assert "等级" not in whole_shop.files("网店客服组/2026-11")["网店客服组_2026-11_考核通报.html"].decode()


def test_factors_are_in_force_once_the_month_is_issued(whole_shop: Place) -> None:
    """Finance reckons with nothing that may still change."""
    whole_shop.act(Act(ActKind.ISSUE, NOVEMBER, "大客户组", date(2026, 12, 8), "李经理", "定稿"))
    hr = whole_shop.files("人事/2026-11")
    assert {one["状态"] for one in lines(hr["等级与绩效系数.csv"])} == {"执行"}
    rewards = [one for one in lines(hr["奖励与提成调整明细.csv"]) if one["考核组"] == "大客户组"]
    assert {(one["金额"], one["状态"]) for one in rewards} == {("500.00", "执行")}


def test_a_form_of_another_scheme_comes_back(tmp_path: Path) -> None:
    """The group is told which scheme is its own."""
    swapped = ROSTER.replace("旗舰店,online-shop", "旗舰店,one-mark")
    place = shop(tmp_path, roster=swapped, shop=SHOP_TEXT, marks=one_mark_text())
    report = place.take(workbook())
    assert report.status is Status.RETURNED
    assert "scheme.mismatch" in [one.code for one in report.findings]
