"""One scheme that uses every part of the grammar, from the blank to the papers, by the commands people type.

Every scoring method, 类别 with weights, three reviewers of whom one counts nothing, a stand-in, values
relative to the group, small samples, a month of its own, grades, ties broken and paid, guards, caps.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from appraisal.commands import main
from appraisal.scheme.explain import explain_scheme
from appraisal.scheme.forms import submission_form
from appraisal.scheme.methods import METHODS
from appraisal.verdicts import Status
from tests.builders.schemes import scheme_of
from tests.builders.submissions import staff_id, staff_name
from tests.builders.workbooks import fill_rows, label_cell, opened, saved
from tests.builders.workspaces import Place
from tests.office import poisoned, recalculated
from tests.publish.hr_shop import lines
from tests.publish.result_cells import differences

RULES = """
scheme: everything
name: 全部写法的试验方案
version: 1
effective_from: 2026-01-01
purpose: [每一种写法都用上]
scope: 试验组
tables:
  业务数据:
    fields:
      - {name: 接待人数, type: count}
      - {name: 询单人数, type: count}
      - {name: 付款人数, type: count}
      - {name: 销售额, type: money, unit: 元}
      - {name: 目标, type: money, unit: 元, between: [1, 1000000], carried: true}
      - {name: 响应时间, type: duration, unit: 秒, between: [1, 600], weighted_by: 接待人数}
      - {name: 投诉数, type: count}
      - {name: 差错数, type: count}
      - {name: 重大投诉数, type: count}
    checks:
      - {that: 付款人数 <= 询单人数, say: 付款的不能多于询单的}
sections:
  - name: 业绩
    weight: 60%
    indicators:
      - {name: 转化率, points: 40, meaning: 付款, value: 付款人数 / 询单人数, unit: percent, min_denominator: 30,
         bands: [">=60%: 40", ">=50%: 30", "else: 10"]}
      - {name: 完成率, points: 30, meaning: 目标, value: 销售额 / 目标, unit: percent,
         linear: {at: 100%, gives: 24, per: 5%, change: 2, floor: 6}}
      - {name: 相对销售额, points: 30, meaning: 与全组平均比, value: 销售额 / mean(销售额), unit: ratio,
         bands: [">=1.1: 30", ">=0.9: 20", "else: 10"]}
  - name: 服务
    weight: 40%
    sections:
      - name: 数据
        indicators:
          - name: 投诉率
            points: 30
            meaning: 投诉占接待
            value: 投诉数 / 接待人数
            unit: percent
            bands: ["<=0%: 30", "<=1%: 20", "else: 0"]
            small_sample: {under: 100, value: 投诉数, deduct: {each: 10}}
          - {name: 差错, points: 20, meaning: 差错, value: 差错数, unit: count, deduct: {each: 4, void_from: 4}}
          - {name: 响应, points: 20, meaning: 响应, value: 响应时间, unit: duration,
             linear: {at: 30, gives: 16, per: 5, change: 1, better: lower}}
      - name: 评价
        indicators:
          - name: 沟通
            points: 20
            meaning: 沟通
            rating: {anchors: {"5": 顾客从不重复, "3": 问一次就明白, "1": 多次误解}}
          - {name: 报表, points: 10, meaning: 报表, by: [店长], judged: {anchors: [按实际]}}
  - name: 另计
    indicators:
      - {name: 加减分, meaning: 加减, by: [店长], adjust: {most: 5, least: -5, anchors: [表扬加1分]}}
      - {name: 重大投诉, meaning: 否决, value: 重大投诉数, unit: count, veto: {from: 1, at_most: 59}}
reviewers:
  - {name: 自评, weight: 0%, focus: 参考}
  - {name: 同事, weight: 30%, focus: 协作, if_absent: 店长}
  - {name: 店长, weight: 70%, focus: 全部}
ranking: {ties: dense, minimum_points: 50, break_by: [转化率, 沟通]}
grades:
  - {name: A, from: 90, factor: 1.2}
  - {name: B, from: 60, factor: 1}
  - {name: C, factor: 0.8}
outcomes:
  minimum: 3
  rules:
    - {when: first, do: reward, amount: 100, only_if: final >= 60}
    - {when: grade A, do: reward, amount: 200, clause: A级另奖200元}
    - {when: last, do: deduct, amount: 50, from: 当月提成, unless: final >= 85, if_tied: each}
    - {when: bottom 2, do: rectification, within: 7 days, only_if: final < 80}
    - {when: last 3 months running, do: consider_transfer}
overrides:
  - name: 大促月
    from: 2026-11
    until: 2026-11
    indicators:
      转化率: {target: 45%, bands: [">=55%: 40", ">=45%: 30", "else: 10"]}
"""

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
    (root / "rules" / "everything.yaml").write_text(RULES, "utf-8")
    place = Place(root, roster="工号,姓名,考核组,考核方案,入职日期\n" + people)
    where = ["--workspace", str(root)]
    assert main(["rules", "check", *where]) == 0
    blank = ["template", "everything", "--group", "试验组", "--period", "2026-11", "--out", str(root / "表")]
    assert main([*blank, *where]) == 0
    book, form = (
        opened((root / "表" / "试验组_2026-11_考核上报表.xlsx").read_bytes()),
        submission_form(scheme_of(RULES)),
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
    scheme = scheme_of(RULES)
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
    """Both rewards in one line; grades by score."""
    hr = place.files("人事/2026-11")
    money = [(one["工号"], one["金额"]) for one in lines(hr["奖励与提成调整明细.csv"])]
    assert money == [("KF001", "300.00"), ("KF005", "-50.00"), ("KF006", "-20.00")]
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
    told = explain_scheme(scheme_of(RULES))
    for words in (
        "大促月", "≥55.00%", "样本", "比例计分", "五级评分", "加减分", "单项否决", "60%", "同分的依次比较转化率、沟通",
        "综合得分不少于60", "每人都按规定执行", "绩效系数", "只供参考",
    ):  # fmt: skip
        assert words in told, words


@pytest.mark.office
def test_libreoffice_comes_to_the_same_in_every_cell(place: Place) -> None:
    """Every stored value poisoned first."""
    workbook = place.files("试验组/2026-11")["试验组_2026-11_考核结果.xlsx"]
    assert differences(workbook, recalculated(poisoned(workbook))) == []
