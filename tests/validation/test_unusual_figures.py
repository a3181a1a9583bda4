"""Figures unlike the person's own months before, or the group's: told with what was there, and seldom in vain."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import pytest

from appraisal.admin.demo import lay_out_earlier
from appraisal.findings.finding import Finding
from appraisal.findings.kind import Severity
from appraisal.intake.submission import Submission
from appraisal.period import Period
from appraisal.scheme.model.scheme import Scheme
from appraisal.validation.unusual_figures import EarlierMonth, comparable_figures, unusual_figures
from appraisal.workspace.paths import Workspace
from tests.builders.samples import sample, shipped
from tests.builders.schemes import SHOP_TEXT, changed, scheme_of
from tests.builders.submissions import NOVEMBER, RULES, online_shop, read_file, rulebook, staff_id, submission

DATA = "考核数据"
AMOUNT, SECONDS = "订单总金额", "平均响应时间"
Cells = Mapping[tuple[str, str, str], Any]


def before(*months: Submission, scheme: Scheme | None = None) -> list[EarlierMonth]:
    """The months before November, the latest first."""
    return [
        EarlierMonth(NOVEMBER.shifted(-at), comparable_figures(one, scheme or online_shop()))
        for at, one in enumerate(months, 1)
    ]


def a_little_up(number: int, percent: int) -> dict[tuple[str, str, str], Any]:
    """One person's figures, so many percent higher than usual."""
    usual = comparable_figures(submission(), online_shop())[staff_id(number)]
    return {
        (DATA, staff_id(number), name): (value * (100 + percent) / 100).quantize(Decimal(1))
        for name, value in usual.items()
    }


def everybody(percent: int, staff: int = 12) -> dict[tuple[str, str, str], Any]:
    return {place: value for n in range(1, staff + 1) for place, value in a_little_up(n, percent).items()}


USUAL = before(*(submission(cells=everybody(percent)) for percent in (4, -7, 2)))


def told(cells: Cells, earlier: list[EarlierMonth] = USUAL, **more: Any) -> list[Finding]:
    """What is said of a month with these cells."""
    scheme = more.pop("scheme", online_shop())
    found = list(unusual_figures(submission(scheme=scheme, cells=cells, **more), scheme, earlier))
    assert all(one.severity is Severity.WARNING for one in found)
    return found


def november(name: str, value: str | int, number: int = 2) -> dict[tuple[str, str, str], Any]:
    return {(DATA, staff_id(number), name): Decimal(value)}


@pytest.mark.parametrize(
    ("name", "times", "guess"),
    [
        (AMOUNT, "10", "像是多打了一位"),
        (AMOUNT, "0.1", "像是少打了一位"),
        (AMOUNT, "100", "像是按分填的"),
        (AMOUNT, "0.0001", "像是按万元填的"),
        ("接待人数", "100", "像是小数点错了位"),
        (SECONDS, "60", "像是多乘了一次60"),
        (SECONDS, str(1 / Decimal(60)), "像是按分钟填的"),
    ],
)
def test_a_slip_is_told_with_what_was_there_before(name: str, times: str, guess: str) -> None:
    usual = comparable_figures(submission(), online_shop())["KF002"][name]
    (found,) = told(november(name, f"{usual * Decimal(times):.2f}"))
    assert found.code == "data.unlike_own"
    assert re.fullmatch(r"[A-Z]\d+", found.cell or "")
    assert guess in found.message
    assert "（2026-10）" in found.message
    assert f"“{name}”" in found.message


def test_the_sentence_names_the_cell_its_value_the_person_and_the_months_before() -> None:
    (found,) = told(november(AMOUNT, "5.37"))
    assert found.place == "考核数据!N10"
    assert found.message == (
        "“订单总金额”是 5.37元，王敏（KF002）以前是 55,811元（2026-10）、49,908元（2026-09）等，"
        "相差约10,000倍，像是按万元填的。"
    )


def test_a_whole_column_is_told_once() -> None:
    """The group's export was in 万元."""
    usual = comparable_figures(submission(), online_shop())
    cells = {
        (DATA, staff, AMOUNT): (own[AMOUNT] / 10_000).quantize(Decimal("0.01"))
        for staff, own in usual.items()
    }
    (found,) = told(cells)
    assert found.code == "data.column_unlike_before"
    assert "有12人的数和以前相差约10,000倍，像是按万元填的" in found.message


def test_who_has_no_months_of_their_own_is_held_against_the_group() -> None:
    """A first month too: one in 万元 among others in 元."""
    (found,) = told(november(AMOUNT, "6.81"), earlier=[])
    assert found.code == "data.unlike_group"
    assert "像是按万元填的" in found.message
    assert (
        told(november(AMOUNT, "6.81"), earlier=[], staff=4) == []
    )  # three others are too few to compare with


def test_figures_that_stand_in_each_others_place_are_told_as_changed_about() -> None:
    """And not as two that are too high and too low."""
    cells = november(SECONDS, 1066) | november("接待人数", 30)
    (found,) = told(cells)
    assert found.code == "data.cells_swapped"
    assert "“接待人数”是 30、“平均响应时间”是 1,066秒" in found.message


def test_two_columns_changed_about_are_told_once() -> None:
    usual = comparable_figures(submission(), online_shop())
    cells = {(DATA, staff, SECONDS): own["接待人数"] for staff, own in usual.items()}
    cells |= {(DATA, staff, "接待人数"): own[SECONDS] for staff, own in usual.items()}
    (found,) = told(cells)
    assert found.code == "data.columns_swapped"
    assert "“接待人数”和“平均响应时间”这两列像是填颠倒了，有12人" in found.message


def test_the_sheet_of_any_month_before_is_told_with_that_month() -> None:
    """Not only of the last one."""
    (found,) = told(everybody(-7))
    assert (found.code, "2026-09" in found.message) == ("data.same_as_last_month", True)


def test_a_leap_that_is_ordinary_in_the_group_is_not_told_of_a_newcomer() -> None:
    """The first month was a short one."""
    few = {place: (value / 9).quantize(Decimal(1)) for place, value in a_little_up(2, 0).items()}
    assert told({}, earlier=before(submission(cells=everybody(5) | few))) == []


def test_small_numbers_may_leap_and_zeros_and_absent_people_are_left_alone() -> None:
    usual = before(*(submission(cells=everybody(up) | november("有责投诉数", 1)) for up in (3, 6, 9)))
    assert told(november("有责投诉数", 12), usual) == []
    assert told(november("有责投诉数", 0), usual) == []
    assert told(november(AMOUNT, 9), statuses={"KF002": "出勤不足一半"}, keep_data={"KF002"}) == []


def test_the_thresholds_stand_in_the_rule_file() -> None:
    """How far is far, with how many months, and from which size on."""
    triple = november("接待人数", 3200)
    assert told(triple) == []
    strict = scheme_of(changed(("sections:\n", "plausibility: {own: 2.5}\nsections:\n")))
    assert [one.code for one in told(triple, scheme=strict)] == ["data.unlike_own"]
    larger = scheme_of(changed(("sections:\n", "plausibility: {own: 2.5, smallest: 5000}\nsections:\n")))
    assert told(triple, scheme=larger) == []


def test_percentages_are_measured_as_people_see_them() -> None:
    """0.45% in the place of 45%."""
    field = "      - {name: 好评率, type: percent, required: false}\n      - {name: 有责投诉数"
    scheme = scheme_of(SHOP_TEXT.replace("      - {name: 有责投诉数", field))
    usual = before(
        *(
            submission(scheme=scheme, cells=everybody(up) | november("好评率", f"0.4{up}"))
            for up in (3, 6, 9)
        ),
        scheme=scheme,
    )
    (found,) = told(november("好评率", "0.0045"), usual, scheme=scheme)
    assert "“好评率”是 0.45%，王敏（KF002）以前是 43%" in found.message
    assert "像是百分号写错了" in found.message


# ----------------------------------------------------------------------- seldom in vain


TOLD_OF_SAMPLES = {"service-department": [(cell, "data.unlike_group") for cell in ("G14", "H14")]}
"""25 ratings where the others have 1,200: a sample so small is asked about."""


@pytest.mark.parametrize("file", sorted(RULES.glob("*.yaml")), ids=lambda path: path.stem)
def test_the_samples_of_all_schemes_give_no_warning(file: Path) -> None:
    """With a single exception, and rightly; who was there for a few days only is none."""
    scheme = scheme_of(file.read_text("utf-8"))
    one = sample(scheme.scheme)
    found = [(told.cell, told.code) for told in unusual_figures(one, shipped(scheme.scheme), ())]
    assert found == TOLD_OF_SAMPLES.get(scheme.scheme, [])


@pytest.mark.slow
def test_a_year_of_the_demo_gives_no_warning(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path).made()
    earlier: list[EarlierMonth] = []
    for month in range(1, 8):  # then its ups and downs come again
        period = Period(2026, month)
        lay_out_earlier(workspace, period)
        (path,) = workspace.inbox.glob(f"*{period}*.xlsx")
        one = read_file(path.read_bytes(), path.name, "a" * 64, rulebook(), None).submission
        assert one is not None
        assert unusual_figures(one, online_shop(), earlier) == (), period
        earlier.insert(0, EarlierMonth(period, comparable_figures(one, online_shop())))


SEASON = {2: 0.6, 6: 1.6, 11: 2.5, 12: 1.2}
"""Spring festival, 618, 双11."""


def a_month(random: Random, skills: Mapping[int, float], month: int) -> dict[tuple[str, str, str], Any]:
    """Figures as uneven as those of shops: volume by season, refunds that a single order can double."""
    cells: dict[tuple[str, str, str], Any] = {}
    for number, skill in skills.items():
        received = int(1100 * SEASON.get(month, 1) * skill * random.lognormvariate(0, 0.2))
        inquired = int(received * random.uniform(0.6, 0.7))
        ordered = int(inquired * random.uniform(0.5, 0.7))
        paid = int(ordered * random.uniform(0.82, 0.97))
        amount = paid * random.randint(150, 240)
        figures = {
            "接待人数": received,
            "询单人数": inquired,
            "询单流失人数": inquired - ordered,
            SECONDS: round(random.lognormvariate(3.4, 0.3) * SEASON.get(month, 1) ** 0.5, 1),
            "下单人数": ordered,
            "付款人数": paid,
            "已付款订单数": paid + 30,
            "有效订单数": int((paid + 30) * random.uniform(0.85, 0.99)),
            AMOUNT: amount,
            "个人月目标": int(90 * SEASON.get(month, 1) * skill) * 1000,
            "成功退款金额": int(amount * random.lognormvariate(-3.2, 0.35)),
            "有责投诉数": random.randint(0, 12),
            "责任异常订单数": random.randint(0, 12),
        }
        cells |= {(DATA, staff_id(number), name): Decimal(str(value)) for name, value in figures.items()}
    return cells


@pytest.mark.slow
def test_ten_years_of_uneven_months_give_almost_no_warning() -> None:
    """Seasons, part-timers, somebody new in August; and a slip of 100 or more in them is always told."""
    random, warnings, missed = Random(20), 0, []
    for _ in range(10):
        skills = {number: random.choice((0.5, 0.8, 1, 1, 1.2)) for number in range(1, 9)}
        earlier: list[EarlierMonth] = []
        for month in range(1, 13):
            skills |= {9: 0.9} if month == 8 else {}
            cells, more = (
                a_month(random, skills, month),
                {"staff": len(skills), "period": Period(2026, month)},
            )
            one = submission(cells=cells, **more)
            warnings += len(unusual_figures(one, online_shop(), earlier[:6]))
            if earlier:
                place, times = (DATA, staff_id(random.randint(1, 8)), AMOUNT), random.choice((100, 10_000))
                slip = submission(cells=cells | {place: cells[place] / times}, **more)
                found = unusual_figures(slip, online_shop(), earlier[:6])
                missed += [] if any("订单总金额" in told.message for told in found) else [(month, place)]
            earlier.insert(0, EarlierMonth(Period(2026, month), comparable_figures(one, online_shop())))
    assert warnings <= 1
    assert missed == []
