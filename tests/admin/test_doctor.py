"""`doctor`: what is set up and what is missing, told without changing anything."""

from __future__ import annotations

import json
import os
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest

from appraisal.admin.doctor import _schedule, examine
from appraisal.admin.machine import CheckState
from appraisal.cli.app import main
from appraisal.workspace.paths import Workspace
from tests.builders.workspaces import Place

BEIJING = datetime(2026, 12, 7, 9, tzinfo=timezone(timedelta(hours=8)))


def states(root: Path, now: datetime = BEIJING) -> dict[str, tuple[CheckState, str]]:
    """Each matter's last check."""
    checks = examine(Workspace(root), now=now, today=date(2026, 11, 7), ledger_url=None)
    return {one.matter: (one.state, one.message) for one in checks}


def test_a_workspace_at_work_is_good(tmp_path: Path) -> None:
    """Settings with the company's names, and a roster: nothing to note but that nobody runs it yet."""
    settings = "\n".join(f'{one} = "某某"' for one in ("company", "signature", "policy", "appeals_to"))
    roster = "工号,姓名,考核组,考核方案,入职日期\nKF001,张三,旗舰店,online-shop,2024-01-01\n"
    place = Place(tmp_path, settings, roster)
    (place.workspace.inbox / "人事").mkdir()

    found = states(place.root)

    assert [matter for matter, (state, _) in found.items() if state is not CheckState.GOOD] == ["定时"]
    assert found["花名册"][1] == "1人，考核组：旗舰店。"


@pytest.mark.parametrize(
    ("file", "content", "matter", "told"),
    [
        ("settings.toml", "company = 3", "设置", "company"),
        ("roster.csv", "甲,乙", "花名册", "roster.csv"),
        ("roster.csv", "工号,姓名,考核组,考核方案,入职日期\n1,张三,甲,nope,2024-01-01\n", "花名册", "nope"),
        ("rules/a.yaml", "scheme: [", "规则", "a.yaml:1:10"),
        ("templates/notice.html.j2", "{{ 没有 }}", "模板", "notice.html.j2"),
        ("templates/slip.html.j2", "<main>｛｛ 公司 ｝｝", "模板", "第1行：“｛｛ 公司 ｝｝”不是标签"),
        ("state/ledger.db", "no database at all, but long enough to be looked at" * 20, "台账", "台账"),
    ],
)
def test_what_would_stop_a_pass_is_named(
    tmp_path: Path, file: str, content: str, matter: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """One line says what to put right, and the exit code is that of a pass that cannot run."""
    path = tmp_path / file
    path.parent.mkdir(exist_ok=True)
    path.write_text(content, "utf-8")

    assert main(["doctor", "--workspace", str(tmp_path), "--json"]) == 2

    checks = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [one["check"] for one in checks if one["state"] == "wrong"] == [matter]
    assert told in next(one["message"] for one in checks if one["check"] == matter)


def test_what_only_reads_badly_is_noted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """No names, no roster: it runs all the same."""
    assert main(["doctor", "--workspace", str(tmp_path)]) == 0

    told = capsys.readouterr().out
    assert "注意  设置：没有 settings.toml" in told
    assert "注意  花名册：没有 roster.xlsx" in told


def test_a_missing_folder_of_hr_s_is_noted(tmp_path: Path) -> None:
    """Without it nobody but whoever may drop files anywhere can ask for an act."""
    state, told = states(Place(tmp_path).root)["人事办理"]
    assert state is CheckState.NOTE
    assert "没有“人事”文件夹" in told


@pytest.mark.skipif(os.name != "posix", reason="Windows keeps rights in access lists, not in modes")
def test_a_folder_of_hr_s_that_all_may_write_into_is_noted(tmp_path: Path) -> None:
    """Whoever may write there may issue."""
    place = Place(tmp_path)
    (place.workspace.inbox / "人事").mkdir()
    (place.workspace.inbox / "人事").chmod(0o777)
    assert "谁都能写入" in states(place.root)["人事办理"][1]


@pytest.mark.parametrize(
    ("health", "run_on", "state", "told"),
    [
        ({}, None, CheckState.NOTE, "还没有运行过"),
        ({"alive": "2026-12-07T08:59:00+08:00"}, None, CheckState.GOOD, "守候（watch）在运行"),
        ({"alive": "2026-12-07T08:59:00+08:00", "outage": "磁盘已满。"}, None, CheckState.NOTE, "磁盘已满"),
        ({}, BEIJING - timedelta(hours=3), CheckState.GOOD, "最近一次运行在 2026-12-07 06:00"),
        ({}, BEIJING - timedelta(days=3), CheckState.NOTE, "2026-12-04 09:00 以后没有运行过"),
    ],
    ids=["new", "watched", "watched in trouble", "run today", "forgotten"],
)
def test_whether_anybody_looks_at_the_inbox(
    tmp_path: Path, health: dict[str, str], run_on: datetime | None, state: CheckState, told: str
) -> None:
    """A workspace that nobody runs is quiet and useless."""
    folder = Workspace(tmp_path).made().state
    if health:
        (folder / "health.json").write_text(json.dumps(health), "utf-8")
    if run_on:
        (folder / "ledger_mark.json").touch()
        os.utime(folder / "ledger_mark.json", (run_on.timestamp(), run_on.timestamp()))

    check = _schedule(Workspace(tmp_path), BEIJING)

    assert check.state is state
    assert told in check.message


def test_a_clock_that_is_not_chinas_is_noted(tmp_path: Path) -> None:
    """Deadlines are days in China."""
    assert states(tmp_path, datetime(2026, 12, 7, 9, tzinfo=UTC))["时钟"][0] is CheckState.NOTE
    assert states(tmp_path, BEIJING.replace(year=2000))["时钟"][0] is CheckState.WRONG


def test_looking_changes_nothing(tmp_path: Path) -> None:
    """Not even a folder is made."""
    list(examine(Workspace(tmp_path), now=BEIJING, today=date(2026, 11, 7), ledger_url=None))
    assert list(tmp_path.iterdir()) == []


def test_a_workspace_that_is_not_there_says_how_to_make_it(tmp_path: Path) -> None:
    state, message = states(tmp_path / "没有")["工作区"]
    assert state is CheckState.WRONG
    assert "init" in message
