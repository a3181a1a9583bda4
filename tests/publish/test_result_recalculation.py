"""A real LibreOffice calculates the result workbook anew and comes to the pipeline's own numbers.

Every stored value is poisoned first: what agrees afterwards was calculated from 考核数据 and 评分标准.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import cache

import pytest

from appraisal.publish.month import Month
from appraisal.publish.result.layout import FIRST, FIRST_RANKED
from appraisal.publish.result.workbook import arrange, result_workbook
from appraisal.scheme.model.scheme import Scheme
from appraisal.scoring.results import History, PersonMonth
from tests.builders.months import last_month, month
from tests.builders.schemes import (
    MARK,
    month_of_finals,
    month_of_values,
    one_mark_scheme,
    one_value_scheme,
    scheme_of,
)
from tests.builders.schemes import changed as changed_text
from tests.builders.submissions import NOVEMBER, staff_id
from tests.libreoffice import WRONG, poisoned, recalculated_all
from tests.publish.result_cells import Place, changed, column, differences, formulas, stored

pytestmark = pytest.mark.libreoffice

DATA, RANKING = "考核数据", "综合排名"
AS_PUBLISHED, CHANGED, TRIAL = "与正式发布结果一致", "标准已改动，仅供试算，不得作为依据", "试算"


def of_finals(*finals: str, ranking: str = "{}") -> Month:
    scheme = one_mark_scheme(ranking=ranking)
    return month(month_of_finals(*finals, scheme=scheme), scheme=scheme)


def of_values(scheme: Scheme, *rows: Mapping[str, str | None], **options: object) -> Month:
    return month(month_of_values(scheme, *rows, **options), scheme=scheme)


def shop(*replacements: tuple[str, str]) -> Scheme:
    return scheme_of(changed_text(*replacements))


def renamed(**names: str) -> Month:
    """The shop's month with other names for some people, on all three sheets."""
    cells = {
        (sheet, person, "姓名"): name
        for person, name in names.items()
        for sheet in ("考核数据", "自评", "店长评分")
    }
    return month(cells=cells)


def figures(person: str, **values: int | None) -> dict[tuple[str, str, str], Decimal | None]:
    """Changed figures of one person."""
    return {(DATA, person, name): None if value is None else Decimal(value) for name, value in values.items()}


THREE_REVIEWERS = """
scheme: three
name: 三方评分
version: 1
effective_from: 2020-01-01
purpose: [试验]
scope: 试验组
tables:
  考核数据:
    fields:
      - {name: 通话数, type: count}
      - {name: 差错数, type: count, required: false}
  质检数据:
    fields:
      - {name: 质检分, type: number}
sections:
  - name: 数据
    indicators:
      - {name: 差错率, points: 30, meaning: 差错, value: (差错数 ?? 0) / 通话数, unit: percent,
         bands: ["<=1%: 30", "<=2.5%: 20.5", "else: 0"]}
    sections:
      - name: 质检
        indicators:
          - {name: 质检水平, points: 30, meaning: 与全组比, value: 质检分 / mean(质检分), unit: ratio,
             bands: [">=1.1: 30", ">=0.9: 21.5", "else: 10"]}
          - {name: 差错次数, points: 10, meaning: 次数, value: 差错数 ?? 0, unit: count, deduct: {each: 3, void_from: 4}}
  - name: 评价
    indicators:
      - {name: 态度, points: 30, meaning: 态度, judged: {anchors: [按实际]}}
reviewers:
  - {name: 本人, weight: 12.5%, focus: 自述, if_absent: 主管}
  - {name: 同事, weight: 27.5%, focus: 协作, if_absent: 主管}
  - {name: 主管, weight: 60%, focus: 全部}
ranking: {minimum_points: 50, break_by: [质检水平, 差错次数, 态度]}
"""


def three_reviewers() -> Month:
    scheme = scheme_of(THREE_REVIEWERS)
    errors = [0, 1, 2, 5, None, 0, 3, 0]
    cells: dict[tuple[str, str, str], object] = {}
    for at, count in enumerate(errors, 1):
        person = staff_id(at)
        cells[DATA, person, "通话数"] = Decimal(120 if at != 6 else 0)
        cells[DATA, person, "差错数"] = None if count is None else Decimal(count)
        cells["质检数据", person, "质检分"] = Decimal(70 + at * 3)
        cells["同事", person, "态度"] = Decimal("20.5")
    cells |= {("本人", staff_id(2), "本人情况"): "逾期未评", ("本人", staff_id(2), "态度"): None}
    return month(scheme=scheme, staff=len(errors), cells=cells, statuses={staff_id(8): "试用期"})


def long_history() -> History:
    """Some people have all five months, some only a few, one has none; the group misses one average."""
    people = {
        staff_id(number): tuple(
            PersonMonth(
                NOVEMBER.shifted(-back),
                number if number != 4 else None,
                12,
                Decimal(60 + back * number),
                False,
            )
            for back in range(min(number, 5), 0, -1)
        )
        for number in range(1, 12)
    }
    averages = {NOVEMBER.shifted(-back): Decimal("70.15") + back for back in (1, 2, 4, 5)}
    return History(people=people, group_averages=averages)


SMALL = {"询单人数": 20, "询单流失人数": 8, "下单人数": 12, "付款人数": 11}
SHARES = [
    {"甲": "30", "乙": "100"},
    {"甲": "45", "乙": "90"},
    {"甲": "9", "乙": "10"},
    {"甲": "8", "乙": None},
]
BANDS = 'bands: [">=80%: 100", ">=40%: 60", "else: 20"]'

MONTHS = {
    "an ordinary month": month,
    "a month with a last month": lambda: month(history=last_month(12)),
    "a month with gaps in its history": lambda: month(history=long_history()),
    "ties": lambda: of_finals("90", "90", "80", "80", "80", "70", "60"),
    "ties in dense places": lambda: of_finals("70", "90", "80", "90", "80", "70", ranking="{ties: dense}"),
    "everybody level": lambda: of_finals("80", "80", "80", "80", "80"),
    "ties broken by indicators": lambda: month(
        scheme=shop(
            ("ties: competition", "ties: competition, break_by: [报表整体质量, 平均响应时间, 订单总金额]")
        ),
        staff=30,
    ),
    "dense places with broken ties": three_reviewers,
    "people who do not take part": lambda: month(
        statuses={"KF002": "试用期", "KF007": "当月调动", "KF009": "已离职"}, keep_data={"KF007"}
    ),
    "somebody is marked but has no figures": lambda: month(
        statuses={"KF004": "试用期"},
        cells={
            ("店长评分", "KF004", name): Decimal(5)
            for name in ("报表上交及时性", "报表数据真实性", "报表整体质量")
        }
        | {
            ("自评", "KF004", name): Decimal(5)
            for name in ("报表上交及时性", "报表数据真实性", "报表整体质量")
        },
    ),
    "too few points": lambda: month(
        scheme=shop(("minimum_points: 60", "minimum_points: 85.5")), cells=figures("KF003", **SMALL)
    ),
    "samples that are too small": lambda: month(cells=figures("KF003", **SMALL) | figures("KF008", **SMALL)),
    "nothing to divide by": lambda: month(
        cells=figures(
            "KF005",
            接待人数=0,
            询单人数=0,
            询单流失人数=0,
            下单人数=0,
            付款人数=0,
            已付款订单数=0,
            有效订单数=0,
            订单总金额=0,
            成功退款金额=0,
            有责投诉数=0,
            责任异常订单数=0,
        )
    ),
    "absent reviewers": lambda: month(absent={"KF001", "KF003", "KF012"}),
    "everybody absent": lambda: month(absent={staff_id(at) for at in range(1, 13)}),
    "a group of one": lambda: month(staff=1),
    "a group of two": lambda: month(staff=2),
    "a group of three": lambda: month(staff=3, absent={"KF002"}),
    "nobody ranked": lambda: month(
        staff=3, statuses={staff_id(at): "试用期" for at in (1, 2, 3)}, keep_data={"KF002"}
    ),
    "nobody has figures": lambda: month(staff=2, statuses={staff_id(at): "试用期" for at in (1, 2)}),
    "no price of the shop": lambda: month(labels={"店铺客单价": None}),
    "names that look like something else": lambda: renamed(
        KF001="=1+1", KF002="A&B <1>", KF003="{{7*7}}", KF004="-2", KF005='"甲"', KF006="007"
    ),
    "points deducted": lambda: of_values(
        one_value_scheme("deduct: {each: 2.5, void_from: 4}", value="甲", unit="count"),
        *({"甲": str(count)} for count in (0, 1, 2, 3, 4, 9)),
    ),
    "half points deducted": lambda: of_values(
        one_value_scheme("deduct: {each: 0.15}", value="甲", unit="number", points="60", numerator="number"),
        *({"甲": count} for count in ("0", "0.1", "33.3", "401.5")),
    ),
    "shares of the group": lambda: of_values(
        one_value_scheme(BANDS, value="甲 / (乙 ?? max(乙)) * min(甲) / mean(甲)"), *SHARES
    ),
    "a figure that is always there": lambda: month(
        month_of_values(
            scheme := one_value_scheme(BANDS, value="1 - (乙 ?? 20) / 100"),
            *SHARES,
            statuses={"KF001": "试用期"},
        ),
        scheme=scheme,
    ),
    "three reviewers": three_reviewers,
}


@cache
def workbook(name: str) -> bytes:
    return result_workbook(MONTHS[name]())


@cache
def calculated() -> dict[str, bytes]:
    """All months, calculated in one start of LibreOffice."""
    return dict(zip(MONTHS, recalculated_all([poisoned(workbook(name)) for name in MONTHS]), strict=True))


@pytest.mark.parametrize("name", MONTHS)
def test_every_formula_comes_to_the_number_that_is_stored(name: str):
    """Whatever the month, what Excel would show is what the pipeline published, cell by cell."""
    assert differences(workbook(name), calculated()[name]) == []


def test_the_poison_reaches_every_formula():
    """Without calculating, not one formula cell of a poisoned workbook would agree."""
    ours = workbook("an ordinary month")
    spoilt = poisoned(ours)
    values = stored(spoilt)
    assert len(differences(ours, spoilt)) == len(formulas(ours)) > 700
    assert all(values[place] == float(WRONG) for place in formulas(ours))


# ------------------------------------------------------------------------ trying something else


def standard_cell(reference: str) -> Place:
    sheet, _, cell = reference.replace("$", "").partition("!")
    return sheet, cell


def trial(
    base: Month, other: Month, *edits: tuple[Place | str, object]
) -> tuple[Month, Month, dict[Place, object]]:
    """A month, what a person types into its workbook, and the month that the pipeline would make of it."""
    return base, other, {standard_cell(at) if isinstance(at, str) else at: value for at, value in edits}


def typed(person: int, name: str) -> Place:
    """The cell of 考核数据 with a figure of the n-th person of the shop."""
    return DATA, f"{SHOP.data.fields[name].letters}{FIRST + person - 1}"


def marked(person: int, reviewer: str, name: str) -> Place:
    return DATA, f"{SHOP.data.marks[reviewer, name].letters}{FIRST + person - 1}"


SHOP = arrange(month())
LINES, WEIGHTS = SHOP.standard.lines, SHOP.standard.weights
DENSE = arrange(of_finals("70", "90", "80", "90", "80", "70", ranking="{ties: dense}"))

TRIALS = {
    "thresholds": lambda: trial(
        month(),
        month(
            scheme=shop(
                (">=60%: 16", ">=58%: 16"),
                (">=55%: 14", ">=46.5%: 14"),
                ('">=50%: 12", ">=45%: 9"', '">=41%: 9"'),
            )
        ),
        (LINES["咨询转化率"][0].threshold, 0.58),
        (LINES["咨询转化率"][1].threshold, 0.465),
        (LINES["咨询转化率"][2].threshold, 0.41),
        (LINES["咨询转化率"][2].points, 9),
        (LINES["咨询转化率"][3].threshold, 0.41),
    ),
    "points of a band": lambda: trial(
        month(), month(scheme=shop((">=55%: 14", ">=55%: 12.5"))), (LINES["咨询转化率"][1].points, 12.5)
    ),
    "weights": lambda: trial(
        month(),
        month(scheme=shop(("weight: 30%", "weight: 55.5%"), ("weight: 70%", "weight: 44.5%"))),
        (WEIGHTS["自评"], 0.555),
        (WEIGHTS["店长"], 0.445),
    ),
    "the smallest sample": lambda: trial(
        month(),
        month(scheme=shop(("min_denominator: 30", "min_denominator: 700"))),
        (SHOP.standard.minimum["咨询转化率"], 700),
    ),
    "the fewest points": lambda: trial(
        month(cells=figures("KF003", **SMALL)),
        month(scheme=shop(("minimum_points: 60", "minimum_points: 85")), cells=figures("KF003", **SMALL)),
        (SHOP.standard.minimum_points, 85),
    ),
    "a figure": lambda: trial(
        month(), month(cells=figures("KF005", 付款人数=200)), (typed(5, "付款人数"), 200)
    ),
    "a missing figure": lambda: trial(
        month(),
        month(cells=figures("KF005", 平均响应时间=None)),
        (typed(5, "平均响应时间"), None),
    ),
    "a mark": lambda: trial(
        month(),
        month(cells={("店长评分", "KF008", "报表数据真实性"): Decimal(0)}),
        (marked(8, "店长", "报表数据真实性"), 0),
    ),
    "somebody no longer takes part": lambda: trial(
        month(),
        month(statuses={"KF001": "当月调动"}, keep_data={"KF001"}),
        ((DATA, f"{SHOP.data.participation.letters}{FIRST}"), "当月调动"),
    ),
    "an absent reviewer": lambda: trial(
        month(),
        month(absent={"KF001"}),
        ((DATA, f"{SHOP.data.statuses['自评'].letters}{FIRST}"), "逾期未评"),
    ),
    "the price of the shop": lambda: trial(
        month(), month(labels={"店铺客单价": None}), (SHOP.data.group_fields["店铺客单价"], None)
    ),
    "dense places": lambda: trial(
        of_finals("70", "90", "80", "90", "80", "70", ranking="{ties: dense}"),
        of_finals("70", "90", "80", "95", "60", "70", ranking="{ties: dense}"),
        ((DATA, f"{DENSE.data.marks['店长', MARK].letters}{FIRST + 3}"), 95),
        ((DATA, f"{DENSE.data.marks['店长', MARK].letters}{FIRST + 4}"), 60),
    ),
}


GRADED = shop(
    (
        "outcomes:",
        "grades: [{name: A, from: 70, factor: 1.2}, {name: B, factor: 0.8}]\noutcomes:",
    )
)
DEDUCTED = shop(
    ("from: 当月提成", "from: 个人奖金"),
    (
        "      - {name: 询单人数",
        "      - {name: 个人奖金, type: money}\n      - {name: 询单人数",
    ),
)
BONUS = arrange(month(scheme=DEDUCTED)).data.fields["个人奖金"]
GRADED_PLACES = arrange(month(scheme=GRADED))

WATCHED = {
    "the start of a grade": lambda: trial(
        month(scheme=GRADED), month(scheme=GRADED), (GRADED_PLACES.standard.grades["A"].threshold, 60)
    ),
    "a factor": lambda: trial(
        month(scheme=GRADED), month(scheme=GRADED), (GRADED_PLACES.standard.grades["A"].points, 1.3)
    ),
    "the field that a deduction is taken from": lambda: trial(
        month(scheme=DEDUCTED), month(scheme=DEDUCTED), ((DATA, f"{BONUS.letters}{FIRST + 2}"), 30)
    ),
}
"""What moves nobody's score or place, and grade, factor or money all the same."""


@cache
def tried() -> dict[str, dict[Place, object]]:
    """What each changed workbook comes to, calculated in one start of LibreOffice."""
    every = TRIALS | WATCHED
    trials = [make() for make in every.values()]
    typed_into = [changed(result_workbook(base), edits) for base, _, edits in trials]
    return dict(zip(every, map(stored, recalculated_all(typed_into)), strict=True))


def listed(cells: Mapping[Place, object], people: int) -> list[tuple[object, ...]]:
    """名次, 工号, 综合得分 of every line of 综合排名."""
    return [
        tuple(cells.get((RANKING, f"{letter}{row}")) for letter in "ACD")
        for row in range(FIRST_RANKED, FIRST_RANKED + people)
    ]


def published(one: Month) -> list[tuple[object, ...]]:
    """The same three as the pipeline publishes them."""
    return [
        (person.rank or "—", person.id, "不适用" if person.final is None else float(person.final))
        for person in (*one.result.ranked, *one.result.not_ranked)
    ]


@pytest.mark.parametrize("name", TRIALS)
def test_a_trial_ranks_as_the_pipeline_would(name: str):
    """Whoever changes a threshold, weight, figure or mark sees the ranking that would be published."""
    base, other, _ = TRIALS[name]()
    assert published(other) != published(base), "the trial changes nothing and proves nothing"
    assert listed(tried()[name], len(base.result.staff)) == published(other)


def test_a_trial_is_marked_and_shows_no_results():
    """A changed standard is never taken for what was published."""
    before, after = stored(calculated()["an ordinary month"]), tried()["thresholds"]
    last = FIRST_RANKED + 11
    assert before[RANKING, "B3"] == AS_PUBLISHED
    assert "奖励100元" in column(before, RANKING, "J", FIRST_RANKED, last)
    assert after[RANKING, "B3"] == CHANGED
    assert set(column(after, RANKING, "J", FIRST_RANKED, last)) == {TRIAL}


@pytest.mark.parametrize("name", WATCHED)
def test_what_moves_grade_factor_or_money_is_marked_too(name: str):
    base, _, _ = WATCHED[name]()
    cells = tried()[name]
    assert listed(cells, len(base.result.staff)) == published(base)
    assert cells[RANKING, "B3"] == CHANGED


def test_leaving_the_ranking_by_a_trial_is_explained():
    """Who no longer counts moves below the others, with the reason."""
    cells = tried()["the fewest points"]
    last = FIRST_RANKED + 11
    assert cells[RANKING, f"C{last}"] == "KF003"
    assert cells[RANKING, f"K{last}"] == "不参与排名：可计分指标不足（可计80分，少于85分）。"
