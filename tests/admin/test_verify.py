"""`verify`: an edited paper is told from one that cannot be made again."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from appraisal.cli.app import main
from appraisal.intake.hr_acts import Act
from appraisal.pipeline.reports import Status
from appraisal.scheme.forms.hr_acts import ActKind
from appraisal.scheme.forms.submission import CORRECTION, CORRECTION_REASON, SUBMISSION_KIND
from tests.builders.submissions import NOVEMBER
from tests.builders.workspaces import Place, workbook

FOLDER = "旗舰店/2026-11"


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """A month published by a workspace with rules, settings and a notice of its own."""
    place = Place(tmp_path_factory.mktemp("published") / "工作区", 'company = "星河"', hr=True)
    shipped = Path(__file__).parents[2]
    for name in ("rules/online_shop.yaml", "templates/notice.html.j2"):
        own = place.root / name
        own.parent.mkdir()
        own.write_bytes((shipped / name).read_bytes())
    place.take(workbook())
    return place


@pytest.fixture
def place(published: Place, tmp_path: Path) -> Place:
    return published.copied_to(tmp_path / "工作区")


def verified(place: Place, capsys: pytest.CaptureFixture[str], *more: str) -> tuple[int, dict[str, Any]]:
    """Exit code and the one month's object; HR's lists come after it."""
    capsys.readouterr()
    code = main(["verify", "--workspace", str(place.root), "--json", *more])
    month, *_lists = capsys.readouterr().out.splitlines()
    return code, json.loads(month)


def verified_lists(place: Place, capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[str, Any]]:
    """The same of HR's lists of the month."""
    capsys.readouterr()
    code = main(["verify", "--workspace", str(place.root), "--json", str(place.workspace.outbox / "人事")])
    (lists,) = capsys.readouterr().out.splitlines()
    return code, json.loads(lists)


def issue(place: Place) -> None:
    place.act(Act(ActKind.ISSUE, NOVEMBER, "旗舰店", date(2026, 12, 8), "李", ""))


def change_ledger(place: Place, statement: str) -> None:
    """Somebody with a database tool."""
    with closing(sqlite3.connect(place.workspace.state / "ledger.db")) as ledger, ledger:
        assert ledger.execute(statement).rowcount == 1


def states(month: dict[str, Any]) -> dict[str, str]:
    """What is not the same, by file."""
    return {one["file"]: one["state"] for one in month["papers"] if one["state"] != "same"}


def test_an_untouched_month_is_the_same_whatever_was_set_up_since(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is made again with the rules, settings and templates of then, byte for byte; today's may be broken."""
    (place.root / "settings.toml").write_text("company = 没有写完", "utf-8")
    (place.root / "templates" / "notice.html.j2").write_text("{{ 标题 }}", "utf-8")
    rules = place.root / "rules" / "online_shop.yaml"
    rules.write_text(rules.read_text("utf-8").replace(">=60%: 16", ">=61%: 16"), "utf-8")

    code, month = verified(place, capsys)

    assert (code, month["same"], month["obstacle"], month["differences"]) == (0, True, None, [])
    assert len(month["papers"]) == len(place.files(FOLDER))


def test_an_edited_and_a_missing_paper_are_named(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever raised a score in the published workbook is found."""
    folder = place.workspace.outbox / FOLDER
    result = folder / "result.json"
    result.write_text(result.read_text("utf-8").replace("78.20", "99.90"), "utf-8")
    (folder / "旗舰店_2026-11_考核通报.html").unlink()

    code, month = verified(place, capsys, str(folder))

    assert code == 1
    assert states(month) == {
        f"outbox/{FOLDER}/result.json": "edited",
        f"outbox/{FOLDER}/旗舰店_2026-11_考核通报.html": "missing",
    }
    assert month["differences"] == []


def written_by_another_program(place: Place, name: str, content: bytes) -> None:
    """It lies there as it was placed, and nobody edited it."""
    (place.workspace.outbox / FOLDER / name).write_bytes(content)
    digest = hashlib.sha256(content).hexdigest()
    change_ledger(place, f"UPDATE placed_files SET sha256 = '{digest}' WHERE path = '{FOLDER}/{name}'")


def test_a_month_that_comes_out_otherwise_says_whose_places_moved(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    """A program that computes differently shows itself, and nobody is accused of editing."""
    with place.ledger() as ledger, ledger.writing() as transaction:
        ((_, current),) = transaction.months.all_current()
        result = transaction.months.result("旗舰店", NOVEMBER)
        assert result is not None
        staff = tuple(
            replace(person, final=Decimal("80.20")) if person.id == "KF001" else person
            for person in result.staff
        )
        transaction.months.put_back(replace(result, staff=staff), current.provenance)
    written_by_another_program(place, "result.json", b"{}")

    code, month = verified(place, capsys)

    assert code == 1
    assert states(month) == {f"outbox/{FOLDER}/result.json": "unreproducible"}
    assert month["differences"] == ["张三（KF001）：80.20分 第1名 → 78.20分 第1名"]


def test_a_paper_of_another_build_is_told_from_other_figures(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    """The program had the same version, computed the same, and wrote a paper otherwise."""
    written_by_another_program(place, "旗舰店_2026-11_考核通报.html", b"other")

    code, month = verified(place, capsys)

    assert code == 1
    assert states(month) == {f"outbox/{FOLDER}/旗舰店_2026-11_考核通报.html": "unreproducible"}
    (told,) = month["differences"]
    assert told.startswith("重算的得分、名次、结果和金额都和当时一样")


def test_without_the_dropped_bytes_nothing_can_be_recomputed(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    """It says what is lacking; the papers are still held against the ledger's hashes."""
    for path in place.workspace.archive.iterdir():
        path.unlink()

    code, month = verified(place, capsys)

    assert code == 1
    assert "存档里没有当时的上报表" in month["obstacle"]
    assert states(month) == {}


def test_verifying_writes_nothing(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    """Not into the outbox, not beside it."""
    before = {path: path.stat().st_mtime_ns for path in place.workspace.outbox.rglob("*")}
    verified(place, capsys)
    assert {path: path.stat().st_mtime_ns for path in place.workspace.outbox.rglob("*")} == before


@pytest.mark.parametrize("where", ["nothing published", "elsewhere"])
def test_where_there_is_nothing_to_verify_it_says_so(
    tmp_path: Path, where: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """One sentence and exit code 2."""
    place = Place(tmp_path / "w", hr=True)
    if where == "elsewhere":
        place.take(workbook())
    capsys.readouterr()

    assert main(["verify", "--workspace", str(place.root), str(tmp_path / "x")]) == 2

    told = capsys.readouterr()
    assert told.out == ""
    assert len(told.err.splitlines()) == 1


def test_where_the_ledger_is_lost_it_leads_to_restore(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    """A new run would be refused: what was published is there."""
    for path in place.workspace.state.glob("ledger.db*"):
        path.unlink()

    assert main(["verify", "--workspace", str(place.root)]) == 2

    assert "restore" in capsys.readouterr().err


def test_an_issued_and_corrected_month_is_made_again_as_it_is(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its date, number, 更正通报 and the revision before it, whole in 历史版次."""
    day = date(2026, 12, 8)
    place.act(Act(ActKind.ISSUE, NOVEMBER, "旗舰店", day, "李", "", document_number="绩〔2026〕11号"))
    labels = {SUBMISSION_KIND: CORRECTION, CORRECTION_REASON: "付款人数导错"}
    corrected = workbook(cells={("考核数据", "KF001", "付款人数"): 300}, labels=labels)
    assert place.take(corrected, "更正.xlsx").status is Status.WAITING
    place.act(Act(ActKind.APPROVE_CORRECTION, NOVEMBER, "旗舰店", date(2026, 12, 10), "李", ""))

    code, month = verified(place, capsys)

    assert (code, states(month), month["differences"]) == (0, {}, [])
    assert month["revision"] == 2
    assert any("历史版次/第1版/" in one["file"] for one in month["papers"])


def test_hrs_lists_are_held_against_the_ledger(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    """As they were placed they are clean; a list that somebody edited is named, with the line that differs."""
    issue(place)
    code, lists = verified_lists(place, capsys)
    assert (code, lists["group"], lists["revision"], lists["differences"]) == (0, "人事", None, [])
    money = place.workspace.outbox / "人事" / "2026-11" / "奖励与提成调整明细.csv"
    money.write_bytes(money.read_bytes().replace(b",100.00,", b",1000.00,"))

    code, lists = verified_lists(place, capsys)

    assert code == 1
    assert states(lists) == {"outbox/人事/2026-11/奖励与提成调整明细.csv": "edited"}
    (told,) = lists["differences"]
    paid = "（2026-12-08 记，2026-12 发放）"
    assert told == f"旗舰店 KF001 奖励 第1笔：台账记 100.00 元{paid}，明细记 1000.00 元{paid}"


def test_the_list_of_what_is_paid_is_watched_too(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    issue(place)
    paid = place.workspace.outbox / "人事" / "发放" / "2026-12.csv"
    paid.write_bytes(paid.read_bytes().replace(b",100.00,", b",1000.00,"))
    (place.workspace.outbox / "人事" / "年度" / "2026.xlsx").unlink()
    code, lists = verified_lists(place, capsys)
    assert code == 1
    assert states(lists) == {
        "outbox/人事/发放/2026-12.csv": "edited",
        "outbox/人事/年度/2026.xlsx": "missing",
    }
    told = "发放/2026-12.csv 2026-11/旗舰店/KF001/reward 第1笔：台账记 100.00，清单记 1000.00"
    assert lists["differences"] == [told]


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("UPDATE money_lines SET amount = 90000 WHERE staff = 'KF001'", "与第1版的结果不符"),
        ("UPDATE money_lines SET paid_in = '2027-06' WHERE staff = 'KF001'", "与第1版的结果不符"),
        ("DELETE FROM money_lines WHERE staff = 'KF001'", "台账的记录与现行结果相差 100.00 元"),
        ("UPDATE outcomes SET amount = 90000 WHERE staff = 'KF001'", "台账里是 900.00 元，结果是 100.00 元"),
        (
            "UPDATE outcomes SET state = 'reversed', decision = 'waive' WHERE staff = 'KF001'",
            "台账里有裁定，却没有这次办理",
        ),
    ],
)
def test_a_row_of_the_ledger_that_somebody_changed_is_noticed(
    place: Place, capsys: pytest.CaptureFixture[str], statement: str, told: str
) -> None:
    """Money lines follow from results and decisions."""
    issue(place)
    change_ledger(place, statement)
    code, month = verified(place, capsys)
    assert code == 1
    assert any(told in sentence for sentence in month["differences"]), month["differences"]


def test_a_withdrawn_months_money_is_looked_at_too(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    issue(place)
    place.act(Act(ActKind.WITHDRAW, NOVEMBER, "旗舰店", date(2026, 12, 9), "李", "报错月份"))
    assert verified_lists(place, capsys)[0] == 0
    change_ledger(place, "DELETE FROM money_lines WHERE staff = 'KF001' AND reverses = 1")
    code, lists = verified_lists(place, capsys)
    assert code == 1
    assert any("相差 -100.00 元" in sentence for sentence in lists["differences"])
