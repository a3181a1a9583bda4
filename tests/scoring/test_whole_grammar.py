"""Scores where reviewers carry different parts, points come on top, one count limits all, or samples are small.

Every month here is also recalculated by LibreOffice, in one start.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from typing import Any

import pytest

from appraisal.publish.month import Month
from appraisal.publish.result.workbook import result_workbook
from appraisal.publish.slips import SlipWriter
from appraisal.scheme.describe.explain import explain_scheme
from appraisal.scheme.rulebook import Rulebook
from appraisal.scoring.results import StaffResult
from tests.builders.months import month
from tests.builders.samples import shipped
from tests.builders.schemes import scheme_of
from tests.builders.submissions import NOVEMBER, staff_id
from tests.libreoffice import poisoned, recalculated_all
from tests.publish.result_cells import differences, stored

D = Decimal
SPLIT = "online-shop-focus-split"


def text(sections: str, reviewers: str, more: str = "") -> str:
    return f"""
scheme: grammar
name: 试验
version: 1
effective_from: 2020-01-01
purpose: [试验]
scope: 试验组
tables:
  数据:
    fields:
      - {{name: 投诉数, type: count}}
      - {{name: 接待数, type: count}}
sections:
{sections}
reviewers:
{reviewers}
{more}
"""


COMPLAINTS = """
  - name: 数据
    indicators:
      - name: 投诉率
        points: 40
        meaning: 投诉
        value: 投诉数 / 接待数
        unit: percent
        bands: ["<=0%: 40", "<=1%: 20", "else: 0"]
        small_sample: {under: 100, value: 投诉数, deduct: {each: 10}}
      - {name: 态度, points: 60, meaning: 态度, judged: {anchors: [按实际]}}
  - name: 另计
    indicators:
      - {name: 加减, meaning: 加减, by: [店长], adjust: {most: 5, least: -5, anchors: [按实际]}}
      - {name: 重大, meaning: 否决, value: 投诉数, unit: count, veto: {from: 4, at_most: 59.5}}
"""
TWO = "  - {name: 自评, weight: 30%, focus: 态度, if_absent: 店长}\n  - {name: 店长, weight: 70%, focus: 态度}\n"
THREE = """  - {name: 自评, weight: 0%, focus: 参考}
  - {name: 同事, weight: 40%, focus: 态度}
  - {name: 店长, weight: 60%, focus: 全部}
"""
GRADES = "grades: [{name: A, from: 90, factor: 1.2}, {name: B, from: 60, factor: 1}, {name: C, factor: 0.5}]"


def figures(*people: tuple[int, int]) -> dict[tuple[str, str, str], Any]:
    cells: dict[tuple[str, str, str], Any] = {}
    for at, (complaints, received) in enumerate(people, 1):
        cells["数据", staff_id(at), "投诉数"] = D(complaints)
        cells["数据", staff_id(at), "接待数"] = D(received)
    return cells


def marks(sheet: str, name: str, *given: str | None) -> dict[tuple[str, str, str], Any]:
    return {
        (sheet, staff_id(at), name): None if mark is None else D(mark) for at, mark in enumerate(given, 1)
    }


@cache
def on_top() -> Month:
    """Four people: 1 of 40 complaints; none; 4 of 500 and so a limit; one of 500 and 5 off."""
    cells = figures((1, 40), (0, 500), (4, 500), (1, 500))
    cells |= marks("自评", "态度", "60", "60", "60", "50") | marks("店长", "态度", "50", "60", "60", "50")
    cells |= marks("店长", "加减", "0", "2.5", "5", "-5")
    cells |= {("店长", staff_id(at), "评分依据"): "记录" for at in (2, 3, 4)}
    scheme = scheme_of(text(COMPLAINTS, TWO, GRADES))
    return month(scheme=scheme, staff=4, cells=cells)


@cache
def three_reviewers() -> Month:
    """A reviewer for reference, one who shares an indicator, and the manager who alone judges another."""
    sections = COMPLAINTS.replace("态度, judged", "态度, by: [自评, 同事, 店长], judged").replace(
        "- {name: 态度, points: 60",
        "- {name: 纪律, points: 20, meaning: 纪律, by: [店长], rating: {anchors: {'5': 好, '3': 中, '1': 差}}}\n"
        "      - {name: 态度, points: 40",
    )
    cells = figures((0, 500), (2, 500), (1, 40), (0, 0))
    cells |= marks("自评", "态度", "40", "40", "40", "40") | marks("同事", "态度", "30", "20", "35.5", "20")
    cells |= marks("店长", "态度", "35", "25", "30", "20") | marks("店长", "纪律", "5", "4", "3", "2")
    cells |= marks("店长", "加减", "0", "0", "0", "0") | {("店长", staff_id(1), "评分依据"): "记录"}
    return month(scheme=scheme_of(text(sections, THREE)), staff=4, cells=cells)


@cache
def split(*, absent: bool = False) -> Month:
    """DOMAIN 2.1 C for KF001: self 95; the form 77, ability 82, cooperation 80, service 84."""
    cells: dict[tuple[str, str, str], Any] = {}
    given = {
        "任务完成情况": ("自评", "95"),
        "业务能力": ("店长评分", "82"),
        "协作配合": ("店长评分", "80"),
        "服务表现": ("店长评分", "84"),
        "报表上交及时性": ("店长评分", "5"),
        "报表数据真实性": ("店长评分", "6"),
        "报表整体质量": ("店长评分", "4"),
    }
    for name, (sheet, mark) in given.items():
        cells[sheet, "KF001", name] = D(mark)
    if absent:
        cells["自评", "KF001", "任务完成情况"] = None
    return month(scheme=shipped(SPLIT), staff=5, cells=cells, absent={"KF001"} if absent else set())


@cache
def apart() -> Month:
    """The manager carries the figures alone, and nobody came to the second person."""
    sections = COMPLAINTS.replace("meaning: 投诉\n", "meaning: 投诉\n        by: [店长]\n")
    sections = sections.replace("态度, judged", "态度, by: [自评], judged")
    reviewers = "  - {name: 自评, weight: 30%, focus: 态度}\n  - {name: 店长, weight: 70%, focus: 数据}\n"
    cells = figures((0, 500), (0, 0)) | marks("自评", "态度", "40", "50")
    cells |= marks("店长", "加减", "0", "0")
    return month(scheme=scheme_of(text(sections, reviewers)), staff=2, cells=cells)


MONTHS = {
    "apart": apart,
    "on top": on_top,
    "three": three_reviewers,
    "split": split,
    "absent": lambda: split(absent=True),
}


@cache
def recalculated() -> Mapping[str, tuple[bytes, bytes]]:
    made = {name: result_workbook(one()) for name, one in MONTHS.items()}
    after = recalculated_all([poisoned(one) for one in made.values()])
    return {name: (made[name], other) for name, other in zip(made, after, strict=True)}


@pytest.mark.libreoffice
@pytest.mark.parametrize("name", MONTHS)
def test_the_workbook_computes_the_same(name: str) -> None:
    """Weights, parts, additions, limits, counts and grades are living formulas."""
    assert differences(*recalculated()[name]) == []


def person(one: Month, number: int = 1) -> StaffResult:
    return one.result.person(staff_id(number))


# ------------------------------------------------------------------------------- each his own part


def test_split_by_focus_is_the_worked_example() -> None:
    """0.60·77 + 0.15·82 + 0.10·80 + 0.15·84 = 79.10; 0.3·95 + 0.7·79.10 = 83.87."""
    one = person(split())
    assert one.parts["店长"] == {
        "工作绩效": D("77.00"),
        "工作能力": D("82.00"),
        "工作协作性": D("80.00"),
        "服务性": D("84.00"),
    }
    assert (one.reviewers["自评"], one.reviewers["店长"], one.final) == (D("95.00"), D("79.10"), D("83.87"))


def test_a_reviewer_marks_only_what_stands_on_the_self_form() -> None:
    """The self sheet asks one mark, the manager's the rest."""
    assert set(person(split()).indicators["任务完成情况"].points) == {"自评"}
    assert set(person(split()).indicators["咨询转化率"].points) == {"店长"}


def test_where_they_share_no_mark_the_manager_s_total_stands_in() -> None:
    """自评 never came: 79.10 for both."""
    one = person(split(absent=True))
    assert one.reviewers == {"自评": D("79.10"), "店长": D("79.10")}
    assert one.final == D("79.10")
    assert not one.indicators["任务完成情况"].applicable
    assert one.ranked


def test_the_slip_shows_the_parts_and_their_weights() -> None:
    """Every printed number is computed from printed numbers."""
    lines = SlipWriter(split()).names(person(split()))["计算"]
    assert "店长合计 ＝ 77.00×60% ＋ 82.00×15% ＋ 80.00×10% ＋ 84.00×15% ＝ 79.10" in lines
    assert lines[-1] == "综合得分 ＝ 95.00×30% ＋ 79.10×70% ＝ 83.87"


def test_a_reviewer_without_weight_is_for_reference() -> None:
    """自评 40 of 40 changes nothing; 同事 carries 投诉率 and 态度, 店长 also 纪律."""
    one = person(three_reviewers())
    assert one.reviewers["自评"] == D("100.00")
    assert one.reviewers["同事"] == D("87.50")  # (40 + 30) of 80
    assert one.reviewers["店长"] == D("95.00")  # 40 + 20 + 35
    assert one.final == D("92.00")


def test_what_could_not_be_judged_takes_its_weight_along() -> None:
    """Nobody was received: 店长 20·2/5 + 20 of 60, 同事 20 of 40; 40 % of 50 and 60 % of 60 can count."""
    one = person(three_reviewers(), 4)
    assert one.reviewers["店长"] == D("46.67")
    assert one.reviewers["同事"] == D("50.00")
    assert one.final == D("48.00")
    assert one.reason == "可计分指标不足（可计56分，少于60分）"


def test_who_has_no_total_is_named_with_what_is_missing() -> None:
    """The figures are there, only nothing of the manager's form applies."""
    one = person(apart(), 2)
    assert (one.final, one.reviewers["自评"]) == (None, D("83.33"))
    assert one.reason == "店长没有合计：所评的投诉率都不适用"


def test_every_text_says_the_same_of_what_can_be_judged() -> None:
    """可计分: where reviewers carry different parts by their weights, else the sum of 标准分."""
    weighed = "可计分（每位考核人所评的适用指标占其全部标准分的百分比，按考核人权重相加，满分100）"
    for one, words in ((three_reviewers(), weighed), (on_top(), "可计分指标的标准分合计")):
        told = "\n".join(str(value) for value in stored(result_workbook(one)).values())
        assert f"{words}少于此数的，只计分、不参与排名。" in told
        assert f"{words}不足60分的，不参与排名。" in explain_scheme(one.scheme)


# ------------------------------------------------------------------------- small samples, on top, limits


def test_one_complaint_among_forty_is_counted_not_divided() -> None:
    """Not 2.5 % and no points, but one complaint and ten points less."""
    result = person(on_top()).indicators["投诉率"]
    assert (result.value, result.by_count, result.points["店长"]) == (D(1), True, D("30.00"))


def test_the_slip_says_that_the_sample_was_small() -> None:
    """In the words of the calculation."""
    [row] = [
        row for row in SlipWriter(on_top()).names(person(on_top()))["数据指标"] if row["指标"] == "投诉率"
    ]
    assert row["怎么算"] == "样本不足100，按次数计：投诉数1"
    assert row["得分"] == "30"


def test_points_on_top_may_go_over_the_hundred() -> None:
    """100 and 2.5."""
    assert person(on_top(), 2).final == D("102.50")


def test_a_veto_limits_the_score_whatever_was_added() -> None:
    """80 by weight and 5 on top, but four complaints: 59.5 at most; the slip says how."""
    one = person(on_top(), 3)
    assert one.final == D("59.50")
    assert SlipWriter(on_top()).names(one)["计算"][-1] == (
        "综合得分 ＝ 80.00×30% ＋ 80.00×70% ＝ 80.00；加减+5.00；重大：最高59.50，综合得分 ＝ 59.50"
    )


def test_points_may_be_taken_off() -> None:
    """20 + 50 of 100 for both, less 5."""
    assert person(on_top(), 4).final == D("65.00")


def test_grades_are_printed_with_their_factor() -> None:
    """On the slip of who is ranked."""
    told = SlipWriter(on_top()).names(person(on_top(), 2))["说明"]
    assert told == ["综合得分等级为A，绩效系数1.2，绩效工资由财务按系数核定。"]


# ----------------------------------------------------------------------------------- a month of its own

OVERRIDE = """
overrides:
  - name: 大促月
    from: 2026-11
    until: 2026-11
    indicators:
      投诉率: {target: 1%, bands: ["<=1%: 40", "else: 0"]}
"""


def test_a_month_of_its_own_is_scored_by_its_own_bands_and_ends() -> None:
    """1 of 500 complaints: 40 points in November, 20 in the months around it."""
    scheme = scheme_of(text(COMPLAINTS, TWO, OVERRIDE))
    book = Rulebook((scheme,))
    points = {}
    for period in (NOVEMBER.shifted(-1), NOVEMBER, NOVEMBER.shifted(1)):
        in_force = book.in_force("grammar", period)
        assert in_force is not None
        one = month(scheme=in_force, staff=1, cells=figures((1, 500)), period=period)
        points[str(period)] = person(one).indicators["投诉率"].points["店长"]
    assert points == {"2026-10": D("20.00"), "2026-11": D("40.00"), "2026-12": D("20.00")}
