"""Watching: the same pass again and again, woken by events, decided by looks."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from appraisal.cli.app import main
from appraisal.intake.hr_acts import Act
from appraisal.pipeline.reports import PassReport, Status
from appraisal.scheme.forms.hr_acts import ActKind
from appraisal.workspace.lock import WorkspaceInUseError
from tests.builders.submissions import NOVEMBER
from tests.builders.watching import QUICK, command, health, statuses, wait_for, watching
from tests.builders.workspaces import Place, workbook
from tests.hr.hr_shop import table

PROGRAM = Path(__file__).parents[2]


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def test_files_are_taken_as_they_come(place: Place) -> None:
    """One, then another, without a restart; health tells of both."""
    with watching(place) as told:
        place.drop("一.xlsx", workbook())
        assert wait_for(lambda: statuses(told) == [Status.ACCEPTED])
        place.drop("二.xlsx", workbook(cells={("考核数据", "KF001", "付款人数"): None}))
        assert wait_for(lambda: statuses(told) == [Status.ACCEPTED, Status.RETURNED])
        assert wait_for(
            lambda: json.loads((place.workspace.state / "health.json").read_text("utf-8"))["files"] == 2
        )


def test_a_copy_that_broke_off_is_told_at_once_and_once(place: Place) -> None:
    """Not only when it comes back after all patience; `status` says so meanwhile."""
    moment = [0.0]
    with watching(place, clock=lambda: moment[-1]) as told:
        place.drop("十一月.xlsx", workbook()[:9000])
        passes = health(place)["passes"]
        assert wait_for(lambda: health(place)["passes"] > passes + 2)
        moment.append(10.0)
        assert wait_for(lambda: bool(settling(told)))
        passes = health(place)["passes"]
        assert wait_for(lambda: health(place)["passes"] > passes + 2)
    assert settling(told) == [("十一月.xlsx", "file.looks_incomplete")]


def settling(told: list[PassReport]) -> list[tuple[str, str]]:
    return [(one.file, one.findings[0].code) for report in told for one in report.waiting]


def test_status_says_what_waits_in_the_inbox(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    """For people and for programs."""
    place.drop("十一月.xlsx", b"")
    words = ["status", "2026-11", "--workspace", str(place.root), "--date", "2026-12-07"]
    assert main(words) == 0
    assert "收件夹里还没有处理：十一月.xlsx" in capsys.readouterr().out
    assert main([*words, "--json"]) == 0
    [waiting] = json.loads(capsys.readouterr().out)["inbox"]
    assert (waiting["file"], waiting["status"]) == ("十一月.xlsx", "settling")


def test_hrs_folder_keeps_up_with_the_calendar(place: Place) -> None:
    """A day after the deadline the tracker says so, though nothing was dropped."""
    place.take(workbook())
    place.act(Act(ActKind.ISSUE, NOVEMBER, "旗舰店", date(2026, 12, 8), "李经理", "定稿"))
    tracker = place.workspace.outbox / "人事" / "2026-11" / "整改跟踪.xlsx"
    days = [date(2026, 12, 9)]
    with watching(place, lambda: days[-1]):
        before = tracker.read_bytes()
        days.append(date(2026, 12, 16))
        assert wait_for(lambda: tracker.read_bytes() != before)


def test_hrs_folder_waits_until_nothing_comes_any_more(place: Place) -> None:
    """It is about every group: who drops the next file must not wait for it. At a halt it is up to date."""
    overview = place.workspace.outbox / "人事" / "2026-11" / "汇总.xlsx"
    with watching(place, pace=replace(QUICK, quiet=300)) as told:
        place.drop("一.xlsx", workbook())
        assert wait_for(lambda: Status.ACCEPTED in statuses(told))
        place.drop("二.xlsx", workbook(group="二店"))
        assert wait_for(lambda: statuses(told) == [Status.ACCEPTED] * 2)
        assert not overview.exists()
    assert {"旗舰店", "二店"} <= {row["考核组"] for row in table(overview.read_bytes(), "人员明细")}


def test_hrs_folder_does_not_wait_for_ever(place: Place) -> None:
    """Where files come all day it is made anew every so often all the same."""
    overview = place.workspace.outbox / "人事" / "2026-11" / "汇总.xlsx"
    with watching(place, pace=replace(QUICK, quiet=300, latest=0.2)):
        place.drop("一.xlsx", workbook())
        assert wait_for(overview.exists)


def test_a_vanished_inbox_is_an_outage_and_not_an_end(place: Place) -> None:
    """It is reported once, and work goes on when the folder is back."""
    with watching(place) as told:
        shutil.rmtree(place.workspace.inbox)
        assert wait_for(lambda: any("收件夹打不开" in one for report in told for one in report.warnings))
        place.workspace.inbox.mkdir()
        place.drop("一.xlsx", workbook())
        assert wait_for(lambda: Status.ACCEPTED in statuses(told))
    assert sum("收件夹打不开" in one for report in told for one in report.warnings) == 1


def test_a_changed_rule_file_is_used_from_the_next_look_on(place: Place) -> None:
    """Somebody saves a rule file of the workspace: no restart is needed."""
    rules = place.root / "rules"
    shutil.copytree(PROGRAM / "rules", rules)
    with watching(place) as told:
        text = (
            (rules / "online_shop.yaml")
            .read_text("utf-8")
            .replace("amount: 100, clause", "amount: 150, clause")
        )
        (rules / "online_shop.yaml").write_text(text, "utf-8")
        place.drop("一.xlsx", workbook())
        assert wait_for(lambda: Status.ACCEPTED in statuses(told))
    assert {one["amount"] for one in place.result()["outcomes"] if one["type"] == "reward"} == {"150.00"}


def test_a_second_pipeline_is_told_who_is_at_work(place: Place) -> None:
    """The lock is the workspace's; the sentence names host and process."""
    with watching(place), pytest.raises(WorkspaceInUseError, match=f"进程{os.getpid()}"):
        place.run()


@pytest.mark.skipif(os.name != "posix", reason="Windows has no SIGTERM to send")
def test_sigterm_stops_it_cleanly(place: Place) -> None:
    """As systemd would: the process ends by itself, with exit code 0 and a last word."""
    watch = command("watch", "--workspace", str(place.root))
    process = subprocess.Popen(watch, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        assert wait_for((place.workspace.state / "health.json").exists)
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=30)
    finally:
        process.kill()
    assert process.returncode == 0, err.decode()
    assert "已停止" in out.decode()


def test_the_log_holds_no_names_and_no_scores(place: Place) -> None:
    """Which month, which verdict, which kinds of finding: JSON lines, nothing personal."""
    watch = command("watch", "--workspace", str(place.root), "--date", "2026-12-07")
    place.drop("一.xlsx", workbook())
    process = subprocess.Popen(watch, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    log = place.workspace.state / "log" / "pipeline.log"
    try:
        assert wait_for(lambda: log.exists() and '"status"' in log.read_text("utf-8"))
    finally:
        process.terminate()
        process.wait(30)
    lines = [json.loads(line) for line in log.read_text("utf-8").splitlines()]
    (file,) = [line for line in lines if line["message"] == "file"]
    assert (file["status"], file["period"], file["revision"]) == ("accepted", "2026-11", 1)
    assert "张三" not in log.read_text("utf-8")
