"""汇总.xlsx: the groups of a month side by side, and everybody in them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from appraisal.ledger.records import RevisionKind
from tests.builders.submissions import NOVEMBER
from tests.hr.hr_shop import FLAGSHIP, SECOND, Shop, above, alike, day_of_issue, opened, roster, table

NAME = "汇总.xlsx"


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    with opened(tmp_path) as one:
        yield one


def test_a_group_shows_how_many_took_part_and_what_they_came_to(shop: Shop) -> None:
    """应参评 counts everybody in the workbook, the scores only those with a place."""
    result = shop.month(last="KF012", statuses={"KF005": "试用期"})
    shop.issue()
    row = table(shop.documents()[NAME])[0]
    finals = [one.final for one in result.ranked if one.final is not None]
    assert (row["考核组"], row["状态"], row["版次"]) == (FLAGSHIP, "已下发", "第1版")
    assert (row["应参评"], row["实际参评"]) == (12, 11)
    assert (row["最高"], row["最低"]) == (float(max(finals)), float(min(finals)))
    assert (row["第一名"], row["末位"]) == (result.ranked[0].name, result.person("KF012").name)
    assert row["下发日期"].date() == day_of_issue(NOVEMBER)


def test_the_average_stands_beside_last_months(shop: Shop) -> None:
    shop.month(period=NOVEMBER.shifted(-1))
    shop.month(last="KF012")
    row = table(shop.documents()[NAME])[0]
    assert row["较上月"] == pytest.approx(row["平均得分"] - row["上月平均"])
    assert row["较上月"] < 0


def test_without_a_last_month_there_is_no_change(shop: Shop) -> None:
    """Missing is not 0."""
    shop.month()
    row = table(shop.documents()[NAME])[0]
    assert (row["上月平均"], row["较上月"]) == ("—", "—")


def test_every_group_of_the_roster_has_a_line_in_the_rosters_order(tmp_path: Path) -> None:
    """Also one that has not handed in, and one whose month was withdrawn."""
    with opened(tmp_path, people=roster(旗舰店=12, 二店=8, 三店=6)) as shop:
        shop.month(SECOND, staff=8)
        shop.month("三店", staff=6)
        shop.withdraw("三店")
        rows = table(shop.documents()[NAME])
    assert [(one["考核组"], one["状态"]) for one in rows[:3]] == [
        (FLAGSHIP, "未报送"),
        (SECOND, "未下发"),
        ("三店", "已撤回"),
    ]
    assert rows[0]["平均得分"] == "—"


def test_totals_weigh_the_averages_by_the_people_ranked(shop: Shop) -> None:
    shop.month(last="KF012")
    shop.month(SECOND, staff=8, last="KF003")
    first, second, total = table(shop.documents()[NAME])
    assert total["考核组"] == "合计（2组）"
    assert total["应参评"] == 20
    weighted = (first["平均得分"] * 12 + second["平均得分"] * 8) / 20
    assert total["平均得分"] == pytest.approx(weighted, abs=0.005)
    assert total["最高"] == max(first["最高"], second["最高"])


def test_tied_last_people_are_named_together(shop: Shop) -> None:
    tied = shop.month(SECOND, staff=8, last="KF003", cells=alike("KF004", "KF003", people=8))
    names = [one.name for one in tied.ranked if one.rank == 7]
    assert len(names) == 2
    assert table(shop.documents()[NAME])[1]["末位"] == "、".join(names) + "（并列）"


def test_everybody_has_a_line_with_points_by_category_and_what_follows(shop: Shop) -> None:
    """The ranked by rank, then the others with their reason; employee numbers are text."""
    result = shop.month(last="KF012", statuses={"KF005": "试用期"})
    shop.issue()
    rows = table(shop.documents()[NAME], "人员明细")
    assert [one["工号"] for one in rows[:11]] == [one.id for one in result.ranked]
    first, last, other = rows[0], rows[10], rows[11]
    assert (first["服务类"], first["管理类"]) == tuple(map(float, result.ranked[0].sections.values()))
    assert first["结果"] == "奖励100元"
    assert last["结果"].startswith("提成调整−100元；12月15日前交整改方案")
    assert (other["姓名"], other["名次"], other["综合得分"], other["备注"]) == ("陈佳琪", "—", "—", "试用期")
    assert rows[12]["考核组"] == "共12人，参与排名11人"


def test_rank_changes_are_numbers_that_show_as_arrows(shop: Shop) -> None:
    shop.month(period=NOVEMBER.shifted(-1), last="KF001")
    shop.month()
    rows = {one["工号"]: one for one in table(shop.documents()[NAME], "人员明细")[:12]}
    assert rows["KF001"]["较上月"] == 12 - rows["KF001"]["名次"]
    assert rows["KF001"]["较上月"] > 0


def test_beside_a_correction_it_is_said_whose_day_of_issue_that_is(shop: Shop) -> None:
    """The first notice's: the correction bears its own."""
    shop.month(last="KF012")
    shop.issue()
    assert "首次下发的日期" not in above(shop.documents()[NAME])
    shop.month(last="KF011", kind=RevisionKind.CORRECTION, on=date(2026, 12, 18))
    assert "“下发日期”是首次下发的日期；更正的日期见更正通报。" in above(shop.documents()[NAME])
    assert table(shop.documents()[NAME])[0]["下发日期"].date() == date(2026, 12, 8)


def test_a_trial_moves_no_money_and_says_nothing_of_it(tmp_path: Path) -> None:
    with opened(tmp_path, trial=True) as shop:
        shop.month(last="KF012")
        rows = table(shop.documents()[NAME], "人员明细")
    assert {one["结果"] for one in rows[:12]} == {None}


def test_documents_of_an_empty_ledger_say_that_there_is_nothing(tmp_path: Path) -> None:
    with opened(tmp_path, people=roster()) as shop:
        documents = shop.documents(today=date(2026, 12, 20))
    assert table(documents[NAME])[0]["考核组"] == "本月还没有考核组。"
    assert table(documents["整改跟踪.xlsx"])[0]["考核组"] == "本月没有需要提交的整改方案。"
    assert table(documents["连续末位.xlsx"])[0]["考核组"] == "目前没有需要关注的人员。"
