"""人事/年度/<YYYY>.xlsx: groups, people and months of a year, its quarters, and charts that show the movement."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest

from appraisal.hr.facts import PeriodFacts
from appraisal.hr.year import year_of, year_workbook
from appraisal.period import Period
from appraisal.publish.excel.charts import axis_around
from tests.builders.submissions import NOVEMBER
from tests.builders.workbooks import opened as opened_workbook
from tests.hr.hr_shop import FLAGSHIP, SECOND, Shop, opened, table


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """旗舰店 from October to December, KF012 last but for November, when it was not ranked; 二店 late in November."""
    with opened(tmp_path_factory.mktemp("shop")) as one:
        for month, statuses in ((10, {}), (11, {"KF012": "试用期"}), (12, {})):
            last = None if statuses else "KF012"
            one.month(FLAGSHIP, Period(2026, month), last=last, statuses=statuses)
        one.month(SECOND, NOVEMBER, staff=8, on=date(2026, 12, 10))
        one.month(FLAGSHIP, Period(2025, 12))
        yield one


@pytest.fixture(scope="module")
def written(shop: Shop) -> bytes:
    with shop.ledger.reading() as books:
        facts = PeriodFacts(books, Period(2026, 12), date(2027, 1, 8), shop.roster, shop.settings)
        return year_workbook(year_of(facts))


def test_every_group_has_a_line_of_months_and_quarters(shop: Shop, written: bytes) -> None:
    """In the roster's order; a month that it has not is empty, for a dash would be drawn as 0."""
    flagship, second = table(written, "各组")
    assert (flagship["考核组"], second["考核组"]) == (FLAGSHIP, SECOND)
    assert flagship["9月"] is None
    months = [Decimal(str(flagship[f"{month}月"])) for month in (10, 11, 12)]
    assert Decimal(str(flagship["四季度"])) == round(sum(months) / 3, 2)
    assert (flagship["一季度"], flagship["年度"]) == ("—", flagship["四季度"])
    assert second["年度"] == second["11月"]


def test_people_are_counted_by_the_months_in_which_they_were_ranked(written: bytes) -> None:
    """A month without a place counts for nothing and stands empty."""
    rows = {one["工号"]: one for one in table(written, "人员")[:12]}
    last = rows["KF012"]
    assert (last["10月"], last["11月"]) == (last["12月"], None)
    assert (last["排名月数"], last["平均得分"], last["末位次数"]) == (2, last["10月"], 2)
    assert (last["四季度"], last["三季度"]) == (last["10月"], "—")
    assert rows["KF001"]["第一名次数"] == 3


def test_each_months_hand_in_stands_beside_its_figures(written: bytes) -> None:
    rows = {(one["考核组"], one["考核月份"]): one for one in table(written, "各组各月")}
    late = rows[SECOND, "2026-11"]
    assert (late["实际参评"], late["报送日期"].date(), late["迟报天数"]) == (8, date(2026, 12, 10), 3)
    assert (FLAGSHIP, "2025-12") not in rows


def test_few_months_stand_below_the_chart_and_leave_its_columns_alone(written: bytes) -> None:
    """People are too wide for A4."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        groups, people = opened_workbook(written).worksheets
    (chart,) = groups._charts
    assert {one.val.numRef.f.split("!")[1] for one in chart.series} == {"$B$4:$M$4", "$B$5:$M$5"}
    assert chart.anchor._from.row + 16 < next(one.row for one in groups["A"] if one.value == "各组各月")
    assert (groups.page_setup.paperSize, people.page_setup.paperSize) == (9, 8)


def test_the_chart_shows_every_group_on_an_axis_around_its_figures(written: bytes) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        book = opened_workbook(written)
    (chart,) = book["各组"]._charts
    figures = [
        one[f"{month}月"] for one in table(written, "各组") for month in (10, 11, 12) if one[f"{month}月"]
    ]
    assert len(chart.series) == 2
    assert chart.y_axis.scaling.min <= min(figures) <= max(figures) <= chart.y_axis.scaling.max
    assert chart.y_axis.scaling.max - chart.y_axis.scaling.min <= 15


@pytest.mark.parametrize(
    ("figures", "axis"),
    [
        (["71.20", "73.90"], (65, 75)),
        (["60.00"], (55, 65)),
        (["99.50", "82.00"], (80, 100)),
        (["104.00"], (95, 105)),
        (["0.00"], (0, 10)),
        ([], (0, 100)),
    ],
)
def test_an_axis_ends_near_the_figures(figures: list[str], axis: tuple[int, int]) -> None:
    assert axis_around([Decimal(one) for one in figures]) == axis


def test_a_year_without_months_says_so(shop: Shop) -> None:
    with shop.ledger.reading() as books:
        facts = PeriodFacts(books, Period(2030, 12), date(2031, 1, 8), shop.roster, shop.settings)
        assert table(year_workbook(year_of(facts)), "各组")[0]["考核组"] == "今年还没有考核结果。"
