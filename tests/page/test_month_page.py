"""What HR's page says of a month, and when a page is made anew."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from appraisal.hr.acknowledgements import acknowledgement_sheets, unsigned_before
from appraisal.hr.facts import PeriodFacts
from appraisal.ledger.delivery_records import Channel, DeliveryKey, DeliveryState, SentPaper
from appraisal.ledger.records import Appeal, AppealState
from appraisal.page.charts import bands_of, trend_chart
from appraisal.page.month_page import MonthFigures, MonthPage, month_page
from appraisal.page.pages import GROUP_PAGES, INDEX, group_page_name, hr_pages, is_up_to_date
from appraisal.period import Period
from appraisal.publish.slips import spark_line
from appraisal.scheme.forms.acknowledgement import AcknowledgedPaper
from appraisal.scheme.forms.hr_acts import ActKind
from tests.builders.submissions import NOVEMBER
from tests.hr.hr_shop import FLAGSHIP, SECOND, Shop, alike, opened, roster
from tests.publish.documents import shipped

OCTOBER = Period(2026, 10)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    """The flagship issued October and handed November in; of the second shop nothing has come."""
    with opened(tmp_path) as one:
        one.roster = roster(旗舰店=12, 二店=4)
        one.month(FLAGSHIP, OCTOBER, last="KF012")
        one.issue(FLAGSHIP, OCTOBER)
        one.month(FLAGSHIP, last="KF012")
        yield one


def page_of(shop: Shop, day: date = date(2026, 12, 9)) -> MonthPage:
    with shop.ledger.reading() as books:
        return month_page(PeriodFacts(books, NOVEMBER, day, shop.roster, shop.settings))


def written(shop: Shop, page: MonthPage, folder: Path) -> dict[str, str]:
    """The pages that had to be made, by name; they lie in the folder afterwards."""
    made = dict(
        hr_pages(
            page, shop.settings, shipped(), is_current=lambda name, mark: is_up_to_date(folder / name, mark)
        )
    )
    for name, content in made.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return {name: content.decode() for name, content in made.items()}


def test_what_needs_attention_comes_most_urgent_first(shop: Shop) -> None:
    """Missing, then overdue, then what HR is to do."""
    told = [(one.kind, one.group) for one in page_of(shop).attention]

    assert told[0] == ("未报送", SECOND)
    assert {("已逾期", FLAGSHIP), ("待下发", FLAGSHIP)} <= set(told)
    assert told.index(("已逾期", FLAGSHIP)) < told.index(("待下发", FLAGSHIP))


def test_appeals_and_messages_that_did_not_arrive_wait_for_hr(shop: Shop, tmp_path: Path) -> None:
    """An answer that is late, and a message of which nobody knows whether it went; what arrived is no news."""
    appeal = Appeal(
        group=FLAGSHIP,
        period=OCTOBER,
        staff="KF002",
        revision=1,
        appeal_by=date(2026, 11, 20),
        state=AppealState.RECEIVED,
        came_on=date(2026, 11, 19),
        sha256="0" * 64,
        items={"平均响应时间": "当日系统故障"},
        complete_on=date(2026, 11, 19),
        answer_by=date(2026, 12, 1),
    )
    now = datetime(2026, 12, 9, 9, 0, tzinfo=UTC)
    with shop.ledger.writing() as books:
        books.appeals.put(appeal)
        for staff, state in (("KF001", DeliveryState.SENT), ("KF002", DeliveryState.UNSURE)):
            key = DeliveryKey(FLAGSHIP, NOVEMBER, 1, SentPaper.SLIP, staff)
            books.deliveries.make(key, Channel.MAIL, f"{staff}@example.com", f"{staff}.eml", now)
            sent = books.deliveries.of_month(FLAGSHIP, NOVEMBER)[-1]
            books.deliveries.end(sent.id, state, "没有等到答复", now)

    page = page_of(shop)

    (late,) = [one for one in page.attention if one.kind == "申诉逾期"]
    assert "KF002" in late.text
    assert "待答复，逾期8天" in late.text
    (lost,) = [one for one in page.attention if one.kind == "未送达"]
    assert lost.text == "绩效单（邮件）发给王敏（KF002）：不确定，没有等到答复"
    assert lost.link == "2026-11/签收情况.xlsx"
    urgent = [one.is_urgent for one in page.attention]
    assert urgent == sorted(urgent, reverse=True), "what waits for a decision stands below what is lost"
    with shop.ledger.reading() as books:
        sheets = acknowledgement_sheets(
            PeriodFacts(books, NOVEMBER, date(2026, 12, 9), shop.roster, shop.settings)
        )
    assert [one.name for one in sheets] == ["没有发到"]
    assert [row[1:3] for row in sheets[0].rows] == [["王敏（KF002）", 1]]
    assert "平均响应时间" in written(shop, page, tmp_path)[INDEX]


def test_an_issued_month_shows_how_far_each_slip_has_come(shop: Shop, tmp_path: Path) -> None:
    """Before the issue nothing is signed for; after it everybody's slip and two plans are, or are not."""
    assert page_of(shop).groups[0].people[0].signed == ""
    shop.issue(FLAGSHIP, NOVEMBER)
    key = DeliveryKey(FLAGSHIP, NOVEMBER, 1, SentPaper.SLIP, "KF001")
    now = datetime(2026, 12, 9, 9, 0, tzinfo=UTC)
    with shop.ledger.writing() as books:
        made = books.deliveries.make(key, Channel.MAIL, "a@example.com", "a.eml", now)
        books.deliveries.end(made, DeliveryState.SENT, "", now)

    page = page_of(shop)

    assert page.acknowledged[-1] == (FLAGSHIP, "2026-11", "14", "0", "0", "14")
    signed = {one.staff: one.signed for one in page.groups[0].people}
    assert (signed["KF001"], signed["KF002"]) == ("绩效单已发送", "绩效单未送")
    assert "<td>绩效单已发送</td>" in written(shop, page, tmp_path)[group_page_name(FLAGSHIP)]
    shop.withdraw()
    assert page_of(shop).acknowledged[-1] == (FLAGSHIP, "2026-11", "1", "0", "0", "1"), (
        "whoever got the slip gets a 撤回通知"
    )
    with shop.ledger.reading() as books:
        december = PeriodFacts(books, NOVEMBER.shifted(1), date(2027, 1, 11), shop.roster, shop.settings)
        (waits,) = [one for one in unsigned_before(december) if one.period == NOVEMBER]
    assert [(one.staff, one.paper) for one, _ in waits.missing] == [("KF001", AcknowledgedPaper.WITHDRAWAL)]


def test_what_an_earlier_month_left_open_is_not_lost_sight_of(tmp_path: Path) -> None:
    """A tie that waits for HR, a month not issued, one that never came, papers not signed for: until they are settled."""
    september = OCTOBER.shifted(-1)
    with opened(tmp_path) as shop:
        shop.month(SECOND, september, staff=8)
        shop.month(FLAGSHIP, september, last="KF012", cells=alike("KF011", "KF012", people=12))
        shop.issue(FLAGSHIP, september)
        shop.month(FLAGSHIP, OCTOBER)
        shop.issue(FLAGSHIP, OCTOBER)
        shop.month(FLAGSHIP)

        page = page_of(shop)

        told = [(one.kind, one.group, one.text, one.link) for one in page.attention]
        assert [one for one in told if one[0] == "未报送"] == [
            ("未报送", SECOND, "2026年11月尚未报送", "2026-11/未报送名单.xlsx"),
            ("未报送", SECOND, "2026-10 尚未报送", "2026-10/未报送名单.xlsx"),
        ]
        held = [one for one in told if one[0] == "待裁定"]
        assert [one[3] for one in held] == ["2026-09/奖励与提成调整明细.xlsx"] * 2
        assert all("2026-09的提成调整" in one[2] for one in held)
        not_issued = [one[1:3] for one in told if one[0] == "待下发"]
        assert not_issued == [(SECOND, "2026-09 尚未下发"), (FLAGSHIP, "第1版已算好，尚未下发")]
        assert [one[:2] for one in page.acknowledged] == [(FLAGSHIP, "2026-09"), (FLAGSHIP, "2026-10")]
        index = written(shop, page, tmp_path)[INDEX]
        assert '<a href="2026-09/签收情况.xlsx">2026-09</a>' in index

        shop.withdraw(FLAGSHIP, OCTOBER)
        withdrawn = [one for one in page_of(shop).attention if "已撤回" in one.text]
        assert [(one.kind, one.group, one.text) for one in withdrawn] == [
            ("未报送", FLAGSHIP, "2026-10 已撤回，等待重新报送")
        ]
        with shop.ledger.writing() as books:
            books.acts.close(shop.act(ActKind.CLOSE, FLAGSHIP, september))
            books.acts.close(shop.act(ActKind.CLOSE, SECOND, september))
        page = page_of(shop)
        assert page.acknowledged == (), "HR has done with it, or taken it back"
        assert "2026-09 尚未下发" not in {one.text for one in page.attention}
        assert [one.kind for one in page.attention].count("待裁定") == 2, "money is waited for all the same"


def test_before_the_issue_no_deadline_is_certain(shop: Shop) -> None:
    last = page_of(shop).groups[0].people[-1]
    assert last.follows.endswith("12月15日（暂定）前交整改方案")
    shop.issue(FLAGSHIP, NOVEMBER)
    assert "12月15日前交整改方案" in page_of(shop).groups[0].people[-1].follows


def test_every_group_stands_there_whether_it_handed_in_or_not(shop: Shop) -> None:
    groups = {one.group: (one.state, one.now.ranked) for one in page_of(shop).groups}

    assert groups == {FLAGSHIP: ("未下发", 12), SECOND: ("尚未报送", 0)}


def test_people_stand_by_rank_with_their_movement_and_months(shop: Shop) -> None:
    people = page_of(shop).groups[0].people

    assert [one.rank for one in people] == sorted(one.rank for one in people if one.rank)
    last = people[-1]
    assert (last.staff, last.change) == ("KF012", 0)
    assert last.months[-2:] == (last.final, last.final)
    assert last.months[:-2] == (None,) * 10


def test_the_streak_is_the_watch_lists(shop: Shop) -> None:
    assert [(row[0], row[2]) for row in page_of(shop).watched] == [(FLAGSHIP, "2个月")]


def test_money_stands_by_month_of_payment(shop: Shop) -> None:
    """October's was issued in November; what is not issued is not there."""
    money = page_of(shop).money

    assert [(one.paid_in, one.lines, one.rewards, one.deductions) for one in money] == [
        (Period(2026, 11), 2, Decimal(100), Decimal(-100))
    ]


def test_only_what_changed_is_made_anew(shop: Shop, tmp_path: Path) -> None:
    """A second pass writes nothing; another day only the index; another group's month not the flagship's page."""
    folder = tmp_path / "pages"
    flagship, second = group_page_name(FLAGSHIP), group_page_name(SECOND)

    assert list(written(shop, page_of(shop), folder)) == [flagship, second, INDEX]
    assert written(shop, page_of(shop), folder) == {}
    assert list(written(shop, page_of(shop, date(2026, 12, 10)), folder)) == [INDEX]
    shop.month(SECOND, staff=4)
    assert list(written(shop, page_of(shop, date(2026, 12, 10)), folder)) == [second, INDEX]


def test_the_index_of_two_hundred_groups_opens_at_once(shop: Shop) -> None:
    """30 people each, and of every group a plan that is late, one that waits, and papers of three months not signed for."""
    page = page_of(shop)
    group = page.groups[0]
    crowd = replace(group, people=(group.people * 3)[:30], attention=())
    page = replace(
        page,
        groups=tuple(replace(crowd, group=f"旗舰店{number:03}") for number in range(200)),
        attention=page.attention * 150,
        plans=page.plans[:2] * 200,
        acknowledged=page.acknowledged[:1] * 800,
    )

    ((name, index),) = hr_pages(
        page, shop.settings, shipped(), is_current=lambda name, _: name.startswith(GROUP_PAGES)
    )

    assert name == INDEX
    assert len(index) < 1_500_000


def test_names_are_text_and_nothing_else(shop: Shop, tmp_path: Path) -> None:
    """A name that looks like a tag is shown as it is typed."""
    page = page_of(shop)
    flagship = page.groups[0]
    evil = replace(flagship.people[0], name='<img src=x onerror="alert(1)">')
    page = replace(page, groups=(replace(flagship, people=(evil, *flagship.people[1:])), *page.groups[1:]))

    for content in written(shop, page, tmp_path).values():
        assert "<img" not in content
    assert "&lt;img" in (tmp_path / INDEX).read_text("utf-8")


def test_the_same_month_gives_the_same_bytes(shop: Shop, tmp_path: Path) -> None:
    assert written(shop, page_of(shop), tmp_path / "a") == written(shop, page_of(shop), tmp_path / "b")


def test_a_chart_runs_nothing_and_fetches_nothing() -> None:
    trend = [
        MonthFigures(NOVEMBER.shifted(back), 3, Decimal(70), Decimal(90), Decimal(55)) for back in (-1, 0)
    ]

    drawn = trend_chart([MonthFigures(NOVEMBER, 0, None, None, None)] * 10 + trend)

    assert "组平均" in drawn
    assert "<script" not in drawn
    assert "<!--" not in drawn
    assert "href" not in drawn


@pytest.mark.parametrize(
    ("finals", "bands"),
    [
        (["80.00", "84.99", "85.00"], [("80–85", 2), ("85–90", 1)]),
        (
            ["100.00", "12.50"],
            [("60以下", 1), *((f"{low}–{low + 5}", 0) for low in range(60, 100, 5)), ("100–105", 1)],
        ),
        ([], []),
    ],
)
def test_bands_hold_everybody_once(finals: list[str], bands: list[tuple[str, int]]) -> None:
    """A band begins with its lower end; who is far below stands in the first one."""
    assert bands_of([Decimal(one) for one in finals]) == bands


def test_a_gap_in_a_small_line_is_a_gap() -> None:
    assert spark_line([Decimal(70), Decimal(71), None, Decimal(72), Decimal(73)]).count("<polyline") == 2
    assert spark_line([None, Decimal(70)]) == ""


@pytest.mark.parametrize("months", [2, 3, 12])
def test_a_small_line_is_as_long_as_its_months(months: int) -> None:
    """A young shop's two months are as far apart as an old shop's."""
    line = spark_line([None] * (12 - months) + [Decimal(70 + month) for month in range(months)])

    xs = [int(one.partition(",")[0]) for one in line.partition('points="')[2].partition('"')[0].split()]
    assert xs == [2 + 8 * at for at in range(months)]
    assert f'width="{xs[-1] + 2}"' in line
