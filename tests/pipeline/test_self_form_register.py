"""自评登记.xlsx and `status`: whose self-assessment of the month has not come, told before the deadline."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from urllib.parse import quote

import pytest

from appraisal.cli.app import main
from appraisal.hr.facts import PeriodFacts
from appraisal.hr.self_forms import ExpectedSelfForm, expected_self_forms
from appraisal.period import Period
from appraisal.workspace.settings import SelfFormPolicy
from tests.builders.other_forms import filled_self
from tests.builders.submissions import NOVEMBER, staff_id, staff_name
from tests.builders.workspaces import Place, workbook
from tests.hr.hr_shop import above, table

MARKS = {"报表上交及时性": 6, "报表数据真实性": 7.5, "报表整体质量": 5}
ROSTER = "工号,姓名,考核组,考核方案,入职日期\n" + "".join(
    f"{staff_id(number)},{staff_name(number)},旗舰店,online-shop,{joined}\n"
    for number, joined in ((1, "2020-01-01"), (2, "2020-01-01"), (3, "2026-11-20"))
)
BEFORE, AFTER = date(2026, 12, 2), date(2026, 12, 5)
REGISTER = "自评登记.xlsx"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """KF001's form has come on 2 December, KF002's is due by the 4th, KF003 was not there the whole month."""
    place = Place(
        tmp_path_factory.mktemp("shop"), settings='self_forms = "required"\n', roster=ROSTER, hr=True
    )
    assert place.take(filled_self(MARKS), "自评.xlsx", BEFORE).status.value in {"accepted", "waiting"}
    return place


def forms(
    shop: Place,
    today: date = BEFORE,
    policy: SelfFormPolicy = SelfFormPolicy.REQUIRED,
    period: Period = NOVEMBER,
) -> list[ExpectedSelfForm]:
    settings = replace(shop.setup.settings, self_forms=policy)
    with shop.ledger() as ledger, ledger.reading() as books:
        facts = PeriodFacts(books, period, today, shop.setup.roster, settings)
        return list(expected_self_forms(facts, shop.setup.rulebook))


def test_hr_sees_before_the_deadline_whose_form_has_not_come(
    shop: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    """In HR's folder at once, and on each new day though nothing comes; the same by `status`."""
    document = shop.files("人事/2026-11")[REGISTER]
    assert "应交2份，已收到1份，还在等1份" in above(document)
    assert "提交截止：2026年12月4日（星期五）" in above(document)
    assert [(row["工号"], row["情况"], row["逾期天数"]) for row in table(document)] == [
        ("KF001", "已收到", "—"),
        ("KF002", "未收到", "—"),
        ("KF003", "不用交", "—"),
    ]

    pages = {name: one.decode() for name, one in shop.files("人事").items() if name.endswith(".html")}
    assert (
        f"2026-11的自评表应于2026年12月4日（星期五）前交，还在等1份：{staff_name(2)}（KF002）"
        in pages["index.html"]
    )
    assert quote("2026-11/自评登记.xlsx") in pages["index.html"]
    assert quote("../2026-11/自评登记.xlsx") in pages["页面/旗舰店.html"]

    shop.run(AFTER)

    assert "自评逾期" in shop.files("人事")["index.html"].decode()
    rows = {row["工号"]: row for row in table(shop.files("人事/2026-11")[REGISTER])}
    assert (rows["KF002"]["情况"], rows["KF002"]["逾期天数"]) == ("逾期未交", 1)
    capsys.readouterr()
    assert main(["status", "2026-11", "--date", str(AFTER), "--workspace", str(shop.root)]) == 0
    told = capsys.readouterr().out
    assert "自评表：已收到1份，还在等1份，2026年12月4日（星期五）前交。" in told
    assert f"  {staff_name(2)}（KF002）\n    2026-11 自评表  逾期未交，逾期1天\n" in told


def test_where_forms_are_only_allowed_a_group_that_uses_none_owes_none(shop: Place) -> None:
    assert len(forms(shop, policy=SelfFormPolicy.ALLOWED)) == 3, "one has come"
    assert forms(shop, policy=SelfFormPolicy.OFF) == []


def test_a_form_counts_as_late_from_the_day_after(shop: Place) -> None:
    """One that came late stays so; one whose month was taken without it is waited for no more."""
    form = forms(shop)[1]
    assert [form.days_late(day) for day in (date(2026, 12, 4), AFTER)] == [0, 1]
    assert replace(form, received_on=date(2026, 12, 7)).days_late(date(2027, 1, 1)) == 3
    taken = replace(form, is_over=True)
    assert (taken.is_open, taken.in_words(AFTER)) == (False, "未交，上报表已报送")


def test_a_form_that_went_back_is_not_told_as_none(shop: Place) -> None:
    """Its person has handed in, and has to put it right."""
    said = MARKS | {"报表上交及时性": 9, "本人签名": staff_name(2)}
    faulty = filled_self(said, staff_id="KF002", name=staff_name(2))
    assert shop.take(faulty, "二.xlsx", AFTER).status.value == "returned"
    assert [one.in_words(AFTER) for one in forms(shop, AFTER)] == ["已收到", "已退回，等本人改正", "不用交"]


def test_a_month_that_did_without_asks_nobody_afterwards(tmp_path: Path) -> None:
    """Forms became a duty when it was taken already: its register would blame everybody."""
    place = Place(tmp_path, roster="".join(ROSTER.splitlines(keepends=True)[:3]))
    assert place.take(workbook(staff=2)).status.value == "accepted"
    assert forms(place) == []
    assert len(forms(place, period=NOVEMBER.shifted(1))) == 2
