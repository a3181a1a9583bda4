"""One scheme that uses every part of the grammar, from the blank to the papers, by the commands people type.

Every scoring method, 类别 with weights, three reviewers of whom one counts nothing, a stand-in, values
relative to the group, small samples, a month of its own, grades, ties broken and paid, guards, caps.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from appraisal.cli.app import main
from appraisal.pipeline.reports import Status
from appraisal.scheme.describe.explain import explain_scheme
from appraisal.scheme.forms.submission import submission_form
from appraisal.scheme.methods import METHODS
from tests.builders.schemes import EVERYTHING_TEXT, scheme_of
from tests.builders.submissions import staff_id, staff_name
from tests.builders.workbooks import fill_rows, label_cell, opened, saved
from tests.builders.workspaces import Place
from tests.hr.hr_shop import lines
from tests.libreoffice import poisoned, recalculated
from tests.publish.result_cells import differences

DATA = (
    "接待人数",
    "询单人数",
    "付款人数",
    "销售额",
    "目标",
    "响应时间",
    "投诉数",
    "差错数",
    "重大投诉数",
    "当月提成",
)
FIGURES = (
    (500, 200, 112, 110000, 100000, 25, 0, 0, 0, 800),
    (500, 200, 100, 100000, 100000, 30, 2, 1, 0, 800),
    (500, 200, 96, 100000, 100000, 30, 2, 1, 0, 800),
    (60, 20, 5, 90000, 100000, 40, 1, 5, 0, 800),
    (500, 200, 100, 100000, 100000, 30, 2, 1, 1, 800),
    (500, 200, 100, 100000, 100000, 30, 2, 1, 1, 20),
)
MARKS = {  # 沟通 by 自评, 同事 and 店长; 报表 and 加减分 by 店长
    "自评": (5, 4, 4, 4, 4, 4),
    "同事": (5, 4, 4, None, 4, 4),
    "店长": (4, 4, 4, 3, 4, 4),
}
REPORT, ADDED = (9, 8, 8, 5, 8, 8), (2, 0, 0, -1, 0, 0)


def rows_of(sheet: str) -> list[dict[str, Any]]:
    """What is typed into a sheet, one row for each person."""
    rows: list[dict[str, Any]] = []
    for at in range(6):
        if sheet == "业务数据":
            rows.append(dict(zip(DATA, map(Decimal, FIGURES[at]), strict=True)))
            continue
        mark = MARKS[sheet][at]
        row: dict[str, Any] = {"沟通": mark}
        evidence = ["沟通：11月3日的记录"] if mark == 5 else []
        if sheet == "同事":
            row["同事情况"] = "本人已评" if mark else "逾期未评"
        if sheet == "店长":
            row |= {"报表": Decimal(REPORT[at]), "加减分": Decimal(ADDED[at])}
            evidence += ["加减分：11月8日的记录"] if ADDED[at] else []
        rows.append(row | {"评分依据": "；".join(evidence) or None})
    return rows


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """rules check, template, six people filled in, one run."""
    root = tmp_path_factory.mktemp("everything")
    people = "".join(f"{staff_id(at)},{staff_name(at)},试验组,everything,2020-01-01\n" for at in range(1, 7))
    (root / "rules").mkdir()
    (root / "rules" / "everything.yaml").write_text(EVERYTHING_TEXT, "utf-8")
    place = Place(root, roster=f"工号,姓名,考核组,考核方案,入职日期\n{people}", hr=True)
    where = ["--workspace", str(root)]
    assert main(["rules", "check", *where]) == 0
    blank = ["template", "everything", "--group", "试验组", "--period", "2026-11", "--out", str(root / "表")]
    assert main([*blank, *where]) == 0
    book, form = (
        opened((root / "表" / "试验组_2026-11_考核上报表.xlsx").read_bytes()),
        submission_form(scheme_of(EVERYTHING_TEXT)),
    )
    for name, value in (("店长", "陈店长"), ("数据来源软件", "赤兔"), ("导出日期", date(2026, 12, 6))):
        found = label_cell(book["业务数据"], name)
        book["业务数据"].cell(found.row, found.column + 1).value = value
    for sheet in form.sheets:
        fill_rows(book[sheet.name], sheet, rows_of(sheet.name))
    report = place.take(saved(book), "试验组.xlsx")
    assert report.status is Status.ACCEPTED, [one.message for one in report.findings]
    return place


@pytest.fixture(scope="module")
def result(place: Place) -> dict[str, Any]:
    return place.result("试验组")


def person(result: dict[str, Any], number: int) -> dict[str, Any]:
    return next(one for one in result["staff"] if one["id"] == staff_id(number))


def points(result: dict[str, Any], number: int, indicator: str, reviewer: str = "店长") -> str:
    return str(person(result, number)["indicators"][indicator]["points"][reviewer])


def test_the_scheme_uses_every_method() -> None:
    """A method that comes later belongs in here too."""
    scheme = scheme_of(EVERYTHING_TEXT)
    assert {one.method.key for one in scheme.indicators} == set(METHODS)


def test_the_first_is_the_worked_example(result: dict[str, Any]) -> None:
    """业绩 40 + 28 + 30 = 98; 服务 同事 87 of 90, 店长 92; 0.6·98 + 0.4·96.67 = 97.47, 95.60; then 2 on top."""
    told = [points(result, 1, name) for name in ("转化率", "完成率", "相对销售额", "投诉率", "差错", "响应")]
    assert told == ["40.00", "28.00", "30.00", "30.00", "20.00", "17.00"]
    assert (points(result, 1, "沟通", "同事"), points(result, 1, "沟通")) == ("20.00", "16.00")
    one = person(result, 1)
    assert (one["reviewers"]["同事"], one["reviewers"]["店长"]) == ("97.47", "95.60")
    assert one["final"] == "98.16"  # 0.3·97.47 + 0.7·95.60 = 96.16


def test_small_samples_are_counted_or_left_out_and_the_stand_in_counts(result: dict[str, Any]) -> None:
    """One complaint among 60 costs ten points; 20 inquiries are too few to divide; 店长's 3 stands for 同事's."""
    assert points(result, 4, "投诉率") == "20.00"
    assert person(result, 4)["indicators"]["转化率"]["applicable"] is False
    assert points(result, 4, "沟通", "同事") == points(result, 4, "沟通") == "12.00"
    assert points(result, 4, "差错") == "0.00"


def test_equal_scores_are_ordered_and_a_veto_limits(result: dict[str, Any]) -> None:
    """50 % before 48 % at 74.75 each; 59 for the two with a grave complaint, on one place."""
    assert [person(result, at)["final"] for at in (2, 3, 5, 6)] == ["74.75", "74.75", "59.00", "59.00"]
    assert [person(result, at)["rank"] for at in (1, 2, 3)] == [1, 2, 3]
    assert person(result, 5)["rank"] == person(result, 6)["rank"]


def test_what_follows_is_each_rule_with_its_guard_its_tie_and_its_cap(result: dict[str, Any]) -> None:
    """The first by place and by grade; both last, the one as far as the commission goes; plans under 80."""
    told = [(one["staff"], one["type"], one["amount"], one["state"]) for one in result["outcomes"]]
    assert told == [
        ("KF001", "reward", "100.00", "due"),
        ("KF001", "reward", "200.00", "due"),
        ("KF005", "deduct", "50.00", "due"),
        ("KF006", "deduct", "20.00", "due"),
        ("KF005", "rectification", None, "due"),
        ("KF006", "rectification", None, "due"),
    ]


def test_hr_gets_the_money_and_the_factors(place: Place) -> None:
    """Each reward in a line of its own; grades by score."""
    hr = place.files("人事/2026-11")
    money = [(one["工号"], one["金额"]) for one in lines(hr["奖励与提成调整明细.csv"])]
    assert money == [
        ("KF001", "100.00"),
        ("KF001", "200.00"),
        ("KF005", "-50.00"),
        ("KF006", "-20.00"),
    ]
    grades = {one["工号"]: (one["等级"], one["绩效系数"]) for one in lines(hr["等级与绩效系数.csv"])}
    assert grades["KF001"] == ("A", "1.2")
    assert grades["KF005"] == ("C", "0.8")


def test_slip_and_notice_explain_it(place: Place) -> None:
    """In words, with the numbers as printed."""
    papers = place.files("试验组/2026-11")
    slip = papers["绩效单/KF004_赵晓雯.html"].decode()
    assert "样本不足100，按次数计：投诉数1" in slip
    assert "综合得分 ＝ " in slip
    assert "重大投诉：最高59" in papers["绩效单/KF005_陈佳琪.html"].decode()
    notice = papers["试验组_2026-11_考核通报.html"].decode()
    assert "张三综合得分等级为A，奖励200元" in notice


def test_the_document_to_sign_tells_every_part() -> None:
    """What was agreed, in words."""
    told = explain_scheme(scheme_of(EVERYTHING_TEXT))
    for words in (
        "大促月", "≥55.00%", "样本", "比例计分", "五级评分", "加减分", "单项否决", "60%", "同分的依次比较转化率、沟通",
        "综合得分不少于60", "每人都按规定执行", "绩效系数", "只供参考",
    ):  # fmt: skip
        assert words in told, words


@pytest.mark.libreoffice
def test_libreoffice_comes_to_the_same_in_every_cell(place: Place) -> None:
    """Every stored value poisoned first."""
    workbook = place.files("试验组/2026-11")["试验组_2026-11_考核结果.xlsx"]
    assert differences(workbook, recalculated(poisoned(workbook))) == []
