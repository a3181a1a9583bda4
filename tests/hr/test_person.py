"""Which person is meant, and what a record of one says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from appraisal.hr.facts import PeriodFacts
from appraisal.hr.person import (
    KnownPerson,
    PersonalRecord,
    PersonError,
    middle_half,
    months_recorded,
    person_meant,
    personal_record,
)
from appraisal.hr.personal_workbook import personal_lists, personal_workbook
from appraisal.intake.roster import Roster
from appraisal.ledger.records import RevisionKind
from appraisal.period import Period
from tests.builders.submissions import NOVEMBER, staff_name
from tests.builders.workbooks import opened as opened_workbook
from tests.hr.hr_shop import FLAGSHIP, SECOND, Shop, lists, opened, poor, roster, table

OCTOBER = Period(2026, 10)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """旗舰店 issued October and handed November in."""
    with opened(tmp_path_factory.mktemp("shop")) as one:
        one.month(FLAGSHIP, OCTOBER, last="KF012")
        one.issue(FLAGSHIP, OCTOBER)
        one.month(FLAGSHIP, last="KF012")
        yield one


def meant(shop: Shop, typed: str, *, people: Roster | None = None, group: str | None = None) -> KnownPerson:
    with shop.ledger.reading() as books:
        return person_meant(books, people, typed, group)


def record_of(shop: Shop, typed: str, **span: Period | None) -> PersonalRecord:
    with shop.ledger.reading() as books:
        person = person_meant(books, shop.roster, typed, FLAGSHIP)
        months = months_recorded(books, person, **{"since": None, "until": None} | span)
        facts = PeriodFacts(books, Period(2026, 12), date(2026, 12, 20), shop.roster, shop.settings)
        return personal_record(facts, person, months)


def test_a_person_is_meant_by_id_or_by_name(shop: Shop) -> None:
    """However it is spelled; the roster's people too, who have no month yet."""
    assert meant(shop, "kf012") == meant(shop, f" {staff_name(12)}")
    newcomer = replace(roster(旗舰店=1).members[0], id="KF099", name="新来的")
    assert meant(shop, "新来的", people=Roster((newcomer,))).staff == "KF099"


def test_two_of_one_name_are_listed_and_asked_for(shop: Shop) -> None:
    twin = replace(roster(二店=1).members[0], id="KF077", name=staff_name(12))
    with pytest.raises(PersonError) as refused:
        meant(shop, staff_name(12), people=Roster((twin,)))
    assert str(refused.value) == (
        f"“{staff_name(12)}”有2位：{staff_name(12)}（KF012）在旗舰店、{staff_name(12)}（KF077）在二店。请写工号。"
    )


def test_without_a_roster_an_id_of_two_groups_is_asked_for(tmp_path: Path) -> None:
    """Both were there in November: they are two people, whatever they are called."""
    with opened(tmp_path) as shop:
        shop.month(FLAGSHIP, staff=4)
        shop.month(SECOND, staff=4)
        with pytest.raises(PersonError, match="请用 --group 写明考核组"):
            meant(shop, "KF001")
        assert meant(shop, "KF001", group=SECOND).groups == (SECOND,)
        assert set(meant(shop, "KF001", people=roster(旗舰店=4)).groups) == {FLAGSHIP, SECOND}


def test_nobody_is_guessed(shop: Shop) -> None:
    with pytest.raises(PersonError, match="没有“KF0O1”，是不是“KF0"):
        meant(shop, "KF0O1")
    with pytest.raises(PersonError, match="没有考核组“旗舰”，是不是“旗舰店”"):
        meant(shop, "KF001", group="旗舰")


def test_a_record_says_months_losses_money_and_plans(shop: Shop) -> None:
    """Only what there is something of; the month's own figures stand as they were published."""
    sheets = {one.name: one for one in personal_lists(record_of(shop, "KF012"))}

    assert list(sheets) == ["各月得分与名次", "失分最多的指标", "奖励与提成调整", "整改与面谈", "送达签收"]
    assert [(row[0], row[6], row[7]) for row in sheets["各月得分与名次"].rows] == [
        ("2026-10", 12, 12),
        ("2026-11", 12, 12),
    ]
    assert [(row[0], row[3]) for row in sheets["奖励与提成调整"].rows] == [("2026-10", Decimal(-100))]
    assert [(row[0], row[2]) for row in sheets["整改与面谈"].rows] == [
        ("2026-10", "逾期"),
        ("2026-11", "待提交"),
    ]


def test_a_plan_that_a_correction_no_longer_asks_for_stays_in_the_record(tmp_path: Path) -> None:
    """With its last day of then: 免于整改, as the notice of the correction says."""
    with opened(tmp_path) as shop:
        shop.month(last="KF012")
        shop.issue()
        shop.month(last="KF010", cells=poor("KF011"), kind=RevisionKind.CORRECTION, on=date(2026, 12, 18))
        sheets = {one.name: one for one in personal_lists(record_of(shop, "KF012"))}
    (plan,) = sheets["整改与面谈"].rows
    assert plan[:3] == ["2026-11", date(2026, 12, 15), "免于整改"]


def test_a_record_is_one_sheet_of_lists_under_one_another(shop: Shop) -> None:
    """The line of the months stands in the room between the first two."""
    document = personal_workbook(record_of(shop, "KF012"))
    assert lists(document) == ["个人绩效档案", "失分最多的指标", "奖励与提成调整", "整改与面谈", "送达签收"]
    assert [row["状态"] for row in table(document, "整改与面谈")] == ["逾期", "待提交"]
    (sheet,) = opened_workbook(document).worksheets
    (chart,) = sheet._charts
    next_list = next(cell.row for cell in sheet["A"] if cell.value == "失分最多的指标")
    assert len(table(document)) + 5 < chart.anchor._from.row < chart.anchor.to.row < next_list
    assert chart.anchor.to.col < sheet.max_column
    assert len(sheet.row_breaks.brk) <= 1, "two pages at most"


def test_a_record_keeps_to_the_months_asked_for(shop: Shop) -> None:
    assert [str(one.month.period) for one in record_of(shop, "KF012", since=NOVEMBER).months] == ["2026-11"]
    assert record_of(shop, "KF012", until=Period(2026, 9)).months == ()


@pytest.mark.parametrize(
    ("finals", "half"),
    [
        (["90.10", "80.20", "70.30"], None),
        (["90.10", "80.20", "70.30", "60.40"], (67, 83)),
    ],
)
def test_the_middle_half_is_nobodys_score(finals: list[str], half: tuple[int, int] | None) -> None:
    """Whole points, and nothing where too few were ranked."""
    assert middle_half([Decimal(one) for one in finals]) == half


def test_other_peoples_names_are_withheld(shop: Shop) -> None:
    """A name that is part of the person's own stays in it."""
    withheld = record_of(shop, "KF012").withheld
    assert withheld(f"{staff_name(12)}与{staff_name(3)}一同") == f"{staff_name(12)}与某同事一同"
