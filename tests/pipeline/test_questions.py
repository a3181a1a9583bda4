"""status, history and template --self: what HR asks, and what the command line answers."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from appraisal.cli.app import main
from appraisal.intake.hr_acts import Act
from appraisal.scheme.forms.hr_acts import ActKind
from tests.builders.submissions import NOVEMBER, staff_id, staff_name
from tests.builders.workspaces import Place, scores, workbook

ROSTER = "工号,姓名,考核组,考核方案,入职日期\n" + "".join(
    f"{staff_id(number)},{staff_name(number)},{group},online-shop,2020-01-01\n"
    for group, numbers in (("旗舰店", range(1, 7)), ("二店", range(7, 9)))
    for number in numbers
)


@pytest.fixture
def shop(tmp_path: Path) -> Place:
    """旗舰店 has its November issued, its two last tied; 二店 has handed in nothing."""
    place = Place(tmp_path, roster=ROSTER)
    tied = scores([1, 2, 3, 4, 5, 6]) | {("考核数据", "KF006", "平均响应时间"): 45}
    assert place.take(workbook(cells=tied)).status.value == "accepted"
    place.act(Act(ActKind.ISSUE, NOVEMBER, "旗舰店", date(2026, 12, 8), "李经理", "审定"))
    return place


def asked(place: Place, capsys: pytest.CaptureFixture[str], *words: str) -> str:
    capsys.readouterr()
    assert main([*words, "--workspace", str(place.root)]) == 0
    return capsys.readouterr().out


def test_status_says_who_owes_what(shop: Place, capsys: pytest.CaptureFixture[str]) -> None:
    """Groups, plans with their days, and what HR has still to decide; late ones from the day after."""
    told = asked(shop, capsys, "status", "2026-11", "--date", "2026-12-16")
    assert "2026年11月：应报送2个考核组，已报送1个。" in told
    assert "旗舰店  已下发（第1版）  12月7日报送\n" in told
    assert "二店  尚未报送" in told
    assert "整改方案：2份，其中逾期2份。" in told
    assert (
        f"  {staff_name(6)}（KF006）\n"
        "    2026-11 整改方案  2026年12月15日（星期二）前交  逾期1天\n"
        "    2026-11 面谈记录  未收到\n"
        "    2026-11 待研究确定  提成调整100元\n"
    ) in told
    assert "待研究确定的结果：2项" in told
    in_time = asked(shop, capsys, "status", "2026-11", "--date", "2026-12-15")
    assert "整改方案：2份，其中逾期0份。" in in_time


def test_status_answers_programs_too(shop: Place, capsys: pytest.CaptureFixture[str]) -> None:
    """One object, without names or scores; without a period it is the month that people are busy with."""
    told = json.loads(asked(shop, capsys, "status", "--date", "2026-12-12", "--json"))
    assert told["period"] == "2026-11"
    assert told["groups"] == [
        {
            "group": "旗舰店",
            "state": "issued",
            "revision": 1,
            "handed_in": "2026-12-07",
            "days_late": 0,
        },
        {"group": "二店", "state": "missing", "revision": None, "handed_in": None, "days_late": 0},
    ]
    assert {(one["staff"], one["due"], one["overdue"]) for one in told["plans"]} == {
        ("KF005", "2026-12-15", False),
        ("KF006", "2026-12-15", False),
    }
    assert {one["type"] for one in told["held"]} == {"deduct"}


def test_status_of_one_group_or_one_person(shop: Place, capsys: pytest.CaptureFixture[str]) -> None:
    """What is not theirs is left out; a name that nobody has is asked for."""
    words = ("status", "11月", "--date", "2026-12-16")
    told = asked(shop, capsys, *words, "--person", staff_name(6))
    assert f"{staff_name(6)}（KF006）" in told
    assert staff_name(5) not in told
    assert "二店" not in told
    told = asked(shop, capsys, *words, "--group", "二店")
    assert told.splitlines() == [
        "2026年11月：应报送1个考核组，已报送0个。",
        "二店  尚未报送",
        "没有到期或待办的事项。",
    ]
    assert main([*words, "--person", "没有这人", "--workspace", str(shop.root)]) == 2


def test_an_empty_workspace_has_nothing_open(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = asked(Place(tmp_path), capsys, "status", "2026-11")
    assert told.splitlines() == ["2026年11月：应报送0个考核组，已报送0个。", "没有到期或待办的事项。"]


def test_history_tells_a_persons_months(shop: Place, capsys: pytest.CaptureFixture[str]) -> None:
    """Score, place of how many, what followed; one object a month for programs."""
    told = asked(shop, capsys, "history", "KF001")
    assert told.startswith(f"{staff_name(1)}（KF001）\n  2026-11  旗舰店  ")
    assert "第1名（参评6人）；奖励100元" in told
    assert "第一名1次，末位0次" in told
    month = json.loads(asked(shop, capsys, "history", "KF006", "--json"))
    assert (month["period"], month["rank"], month["of"]) == ("2026-11", 5, 6)
    assert {(one["type"], one["state"]) for one in month["outcomes"]} == {
        ("deduct", "hold"),
        ("rectification", "due"),
    }
    assert told == asked(shop, capsys, "history", staff_name(1))
    assert "还没有" in asked(shop, capsys, "history", "KF008")
    assert main(["history", "KF099", "--workspace", str(shop.root)]) == 2
    assert "没有“KF099”，是不是“KF0" in capsys.readouterr().err


def test_each_person_gets_a_self_assessment(shop: Place, capsys: pytest.CaptureFixture[str]) -> None:
    """Everybody of the group, by name; without the group it is refused."""
    out = shop.root / "自评表"
    words = ("template", "online-shop", "--self", "--period", "2026-11", "--out", str(out))
    asked(shop, capsys, *words, "--group", "二店")
    assert {staff_name(number) in path.name for number in (7, 8) for path in out.iterdir()} == {True, False}
    assert len(list(out.iterdir())) == 2
    assert main([*words, "--workspace", str(shop.root)]) == 2
    assert "--group" in capsys.readouterr().err


def test_a_month_of_transfer_is_one_month(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Appraised in one group and named in the other: two lines, one month."""
    place = Place(tmp_path)
    moved = {
        ("考核数据", "KF001", "参评情况"): "当月调动",
        ("考核数据", "KF001", "情况说明"): "11月16日调入二店",
    }
    for group, cells in (("旗舰店", moved), ("二店", {})):
        report = place.take(workbook(group=group, cells=scores([1, 2, 3, 4, 5, 6]) | cells), f"{group}.xlsx")
        assert report.status.value == "accepted", report.findings
    told = asked(place, capsys, "history", "KF001")
    assert told.count("\n  2026-11  ") == 2
    assert "共1个月，参与排名1个月" in told


def test_a_file_is_returned_on_the_day_of_the_date_option(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """HR's list says the same day as the receipt."""
    place = Place(tmp_path)
    place.drop("旗舰店.xlsx", workbook(cells={("考核数据", "KF002", "付款人数"): None}))
    assert main(["run", "--workspace", str(place.root), "--date", "2026-12-04"]) == 1
    with place.ledger() as ledger, ledger.reading() as books:
        (claim,) = books.journal.returned(NOVEMBER)
    assert claim.received_at.date() == date(2026, 12, 4)
