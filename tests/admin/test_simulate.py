"""`simulate`: past months under other rules, side by side with what was published."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from appraisal.cli.app import main
from appraisal.period import Period
from tests.builders.workspaces import Place, scores, workbook

RULES = (Path(__file__).parents[2] / "rules" / "online_shop.yaml").read_text("utf-8")
SEPTEMBER = Period(2026, 9)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """Three months, and KF006 last in each."""
    place = Place(tmp_path_factory.mktemp("w"))
    for back in range(3):
        cells = scores([1, 2, 3, 4, 5, 6])
        place.take(workbook(period=SEPTEMBER.shifted(back), cells=cells), f"{back}.xlsx")
    return place


def simulated(
    place: Place, rules: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> list[dict[str, Any]]:
    file = tmp_path / "rules.yaml"
    file.write_text(rules, "utf-8")
    capsys.readouterr()
    assert main(["simulate", "--rules", str(file), "--workspace", str(place.root), "--json"]) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_the_same_rules_move_nobody(place: Place, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Streaks included: the tried-out months look back on each other."""
    months = simulated(place, RULES, tmp_path, capsys)

    assert [one["period"] for one in months] == ["2026-09", "2026-10", "2026-11"]
    for month in months:
        assert month["obstacle"] is None
        assert all(one["published"] == one["simulated"] for one in month["staff"])
    last = next(one for one in months[-1]["staff"] if one["id"] == "KF006")
    assert "调岗" in last["simulated"]["outcomes"]


def test_other_rules_show_who_would_have_stood_where_and_what_money_moves(
    place: Place, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Slow answers rewarded, and the first given 300: the order turns round."""
    faster = '["<=20: 10", "<=25: 9", "<=30: 8", "<=40: 6", "<=50: 4", "<=60: 2", "else: 0"]'
    slower = '[">=70: 10", ">=55: 8", ">=45: 6", ">=35: 4", ">=28: 3", ">=22: 2", "else: 0"]'
    assert faster in RULES
    assert "when: first, do: reward, amount: 100" in RULES
    rules = RULES.replace(faster, slower).replace("do: reward, amount: 100", "do: reward, amount: 300")

    month = simulated(place, rules, tmp_path, capsys)[0]

    assert month["staff"][0]["id"] == "KF006"
    assert month["staff"][0]["published"]["rank"] == 6
    assert month["staff"][0]["simulated"]["rank"] == 1
    assert month["money"] == {
        "published": {"reward": "100.00", "deduct": "100.00"},
        "simulated": {"reward": "300.00", "deduct": "100.00"},
    }


def test_rules_that_ask_for_figures_nobody_reported_say_so(
    place: Place, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing is guessed about a month that lacks a column."""
    rules = RULES.replace("平均响应时间", "首次响应时间")

    for month in simulated(place, rules, tmp_path, capsys):
        assert "首次响应时间" in month["obstacle"]
        assert month["staff"] == []


def test_it_is_told_as_a_table_and_writes_nothing(
    place: Place, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Only whoever moves is listed; the sums come last."""
    before = sorted(path for path in place.root.rglob("*") if "ledger" not in path.name)
    file = tmp_path / "rules.yaml"
    file.write_text(RULES.replace("do: reward, amount: 100", "do: reward, amount: 300"), "utf-8")
    capsys.readouterr()

    assert main(["simulate", "--rules", str(file), "--workspace", str(place.root)]) == 0

    told = capsys.readouterr().out
    assert "奖励100元 → 奖励300元" in told
    assert "其余5人的名次和结果不变。" in told
    assert told.splitlines()[-1].startswith("合计：奖励 300.00 → 900.00 元")
    assert sorted(path for path in place.root.rglob("*") if "ledger" not in path.name) == before


def test_rules_of_a_scheme_that_was_never_used_say_so(
    place: Place, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One sentence and exit code 2."""
    file = tmp_path / "rules.yaml"
    file.write_text(RULES.replace("scheme: online-shop", "scheme: other-shop"), "utf-8")
    capsys.readouterr()

    assert main(["simulate", "--rules", str(file), "--workspace", str(place.root)]) == 2
    assert "other-shop" in capsys.readouterr().err
