"""Watching while things go wrong around it: it says what is the matter, goes on, and recovers by itself."""

from __future__ import annotations

import errno
import hashlib
import json
import logging
import os
import shutil
import signal
import sqlite3
import stat
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from appraisal.cli.app import main
from appraisal.pipeline.log import QUIET, log_to, written
from appraisal.pipeline.reports import Status
from appraisal.pipeline.run import run_once
from appraisal.workspace.files import RealFiles
from appraisal.workspace.inbox import BELIEVED_AFTER, InboxConnection
from tests.builders.submissions import NOVEMBER
from tests.builders.watching import QUICK, Program, health, statuses, wait_for, warnings, watching
from tests.builders.workspaces import DECEMBER_7, Forgetful, Place, workbook


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


class TestLedger:
    """Somebody else has the ledger."""

    def test_a_locked_ledger_is_waited_for(self, place: Place) -> None:
        """A backup program holds it: told once, the file stays, and it is taken as soon as the lock is gone."""
        url = f"{place.workspace.default_ledger}?timeout=0.05"
        with watching(place, pace=replace(QUICK, failed=0.05), ledger_url=url) as told:
            with closing(sqlite3.connect(place.workspace.state / "ledger.db", isolation_level=None)) as other:
                other.execute("BEGIN IMMEDIATE")
                place.drop("一.xlsx", workbook())
                assert wait_for(lambda: "台账" in (health(place)["outage"] or ""))
                time.sleep(0.2)  # more attempts
                assert statuses(told) == []
                assert (place.workspace.inbox / "一.xlsx").exists()
                assert health(place)["failures"] == 1
            assert wait_for(lambda: statuses(told) == [Status.ACCEPTED])
            assert wait_for(lambda: health(place)["outage"] is None and health(place)["failures"] == 0)
        assert sum("台账" in one for one in warnings(told)) == 1


class TestSetup:
    """Somebody breaks what it is set up with, and mends it."""

    def test_it_goes_on_with_what_it_had_until_it_is_mended(self, place: Place) -> None:
        """Settings, roster and rules in turn; each is told by its file, and what is handed in meanwhile is done."""
        rules = place.root / "rules"
        shutil.copytree(Path(__file__).parents[2] / "rules", rules)
        whole = (rules / "online_shop.yaml").read_bytes()
        good = 'company = "星河"'.encode()
        broken = [
            ("settings.toml", 'company = "没有关引号'.encode(), good, "settings.toml"),
            ("settings.toml", b"\xff\xfe\x00", good, "settings.toml"),
            ("roster.csv", "工号,姓名\nKF001".encode(), None, "roster.csv"),
            (
                "rules/online_shop.yaml",
                whole.replace(b"points: 16", b"points: x", 1),
                whole,
                "online_shop.yaml:",
            ),
            (
                "rules/online_shop.yaml",
                whole.replace(b"do: reward, amount: 100", b"do: reward, amount: 500"),
                whole,
                "第1版的版本号没有变，内容变了",
            ),
        ]
        with watching(place) as told:
            for at, (file, bad, mended, says) in enumerate(broken):
                (place.root / file).write_bytes(bad)
                assert wait_for(lambda says=says: says in (health(place)["setup"] or ""))
                assert "沿用原来的设置" in health(place)["setup"]
                assert health(place)["outage"] is None
                if at == 0:
                    place.drop("一.xlsx", workbook())
                    assert wait_for(lambda: statuses(told) == [Status.ACCEPTED])
                if mended is None:
                    (place.root / file).unlink()
                else:
                    (place.root / file).write_bytes(mended)
                assert wait_for(lambda: health(place)["setup"] is None)
            place.drop("二.xlsx", workbook(group="专卖店"))
            assert wait_for(lambda: statuses(told) == [Status.ACCEPTED] * 2)
        assert sum("已经改好" in one for one in warnings(told)) == len(broken)
        assert "星河" in place.files("专卖店/2026-11")["专卖店_2026-11_考核通报.html"].decode()


class TestDisk:
    """The disk is full, for a while."""

    def test_it_waits_for_room_and_says_so(self, place: Place) -> None:
        full = [False]

        class Filling(RealFiles):
            def write(self, path: Path, content: bytes, *, private: bool = False) -> None:
                if full[0]:
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
                super().write(path, content, private=private)

        with watching(place, files=Filling()) as told:
            before = health(place)["alive"]
            full[0] = True
            place.drop("一.xlsx", workbook())
            assert wait_for(lambda: statuses(told) == [Status.FAILED])
            assert "磁盘已满" in next(file for one in told for file in one.files).findings[0].message
            assert (place.workspace.inbox / "一.xlsx").exists()
            assert health(place)["alive"] >= before  # the last one stands, whole
            full[0] = False
            assert wait_for(lambda: Status.ACCEPTED in statuses(told))
            assert wait_for(lambda: health(place)["failures"] == 0)


class TestOurOwnMistakes:
    """Something in a pass breaks that nobody thought of."""

    def test_one_file_that_breaks_a_pass_does_not_keep_the_others_waiting(self, place: Place) -> None:
        """It stays and is tried again; its trace is kept once; then it is taken like any other."""
        is_mended = [False]

        odd, is_mended = workbook(group="甲店"), [False]

        class Breaking(RealFiles):
            def move(self, source: Path, target: Path) -> None:
                if target.stem == hashlib.sha256(odd).hexdigest() and not is_mended[0]:
                    raise RuntimeError("nobody thought of this")
                super().move(source, target)

        place.drop("怪.xlsx", odd)
        place.drop("好.xlsx", workbook(group="乙店"))
        with watching(place, files=Breaking()) as told:
            assert wait_for(lambda: statuses(told) == [Status.ACCEPTED])
            assert "内部错误" in health(place)["outage"]
            assert (place.workspace.inbox / "怪.xlsx").exists()
            (trace,) = (place.workspace.state / "errors").iterdir()
            assert trace.stem in health(place)["outage"]
            assert "nobody thought of this" in trace.read_text("utf-8")
            assert stat.S_IMODE(trace.stat().st_mode) == 0o600
            is_mended[0] = True
            assert wait_for(lambda: statuses(told) == [Status.ACCEPTED] * 2)
            assert wait_for(lambda: health(place)["outage"] is None)
        assert sum("内部错误" in one for one in warnings(told)) == 1

    def test_in_a_single_pass_a_mistake_with_one_file_costs_the_others_nothing(self, place: Place) -> None:
        place.drop("怪.xlsx", workbook(group="甲店"))
        place.drop("好.xlsx", workbook(group="乙店"))

        report = place.run(sandbox=Forgetful("怪.xlsx"))

        assert {one.file: one.status for one in report.files} == {
            "怪.xlsx": Status.FAILED,
            "好.xlsx": Status.ACCEPTED,
        }
        assert (place.workspace.inbox / "怪.xlsx").exists()
        assert [one.status for one in place.run().files] == [Status.ACCEPTED]


class TestInbox:
    """The share drops out, and comes back."""

    def test_an_empty_mount_in_its_place_is_an_outage_and_nothing_is_taken_for_deleted(
        self, place: Place
    ) -> None:
        """Files that waited are there again when the share is: they are taken then."""
        inbox, away = place.workspace.inbox, place.root / "share"
        place.drop("一.xlsx", workbook())
        place.drop("~$一.xlsx", b"x" * 165)
        with watching(place, pace=replace(QUICK, rescan=0.05)) as told:
            assert wait_for(lambda: health(place)["queue"] == 1)
            inbox.rename(away)
            inbox.mkdir()
            assert wait_for(lambda: "共享盘" in (health(place)["outage"] or ""))
            passes = health(place)["passes"]
            time.sleep(0.2)  # several more looks
            assert health(place)["passes"] == passes
            inbox.rmdir()
            away.rename(inbox)
            (inbox / "~$一.xlsx").unlink()
            assert wait_for(lambda: statuses(told) == [Status.ACCEPTED])
            assert wait_for(lambda: health(place)["outage"] is None)
        assert sum("共享盘" in one for one in warnings(told)) == 1

    def test_what_people_took_back_themselves_is_believed_after_a_while(self) -> None:
        """The same folder, empty: a minute later that is how it is. Another folder is never believed."""
        root = InboxConnection()
        assert not root.has_dropped_out((1, 7), 0.0, is_empty=False)
        root.is_left_with_things = True
        assert root.has_dropped_out((1, 7), 5.0, is_empty=True)
        assert root.has_dropped_out((1, 7), 4.9 + BELIEVED_AFTER, is_empty=True)
        assert not root.has_dropped_out((1, 7), 5.0 + BELIEVED_AFTER, is_empty=True)
        assert root.has_dropped_out((2, 2), 5000.0, is_empty=True)
        assert root.has_dropped_out((2, 2), 9000.0, is_empty=True)
        assert not root.has_dropped_out((2, 2), 9001.0, is_empty=False)

    def test_a_single_pass_says_that_the_inbox_was_gone(self, place: Place) -> None:
        """It makes the folder again; that nothing lies in it is no proof that nothing was handed in."""
        place.take(workbook())
        shutil.rmtree(place.workspace.inbox)

        gone, there = (run_once(place.workspace, place.setup, today=DECEMBER_7) for _ in range(2))

        assert any("检查共享盘" in one for one in gone.warnings)
        assert there.warnings == ()


@pytest.mark.skipif(os.name != "posix", reason="Windows has no signals to send")
class TestSignals:
    """Real processes, told to stop in the middle of a pass."""

    @pytest.mark.parametrize(
        "number",
        [signal.SIGINT, signal.SIGTERM],
        ids=["Ctrl-C in a terminal", "SIGTERM to all of its processes"],
    )
    def test_watch_ends_what_is_under_way_and_leaves_the_rest(
        self, place: Place, number: signal.Signals
    ) -> None:
        """Exit code 0, a last word, no traceback, no process left; whatever is left is done the next time."""
        groups = [f"店{at}" for at in range(4)]
        for group in groups:
            place.drop(f"{group}.xlsx", workbook(group=group, staff=4))
        program = Program.started(place, "watch")
        try:
            assert wait_for(lambda: any(place.workspace.archive.glob("*.xlsx")))
            os.killpg(program.process.pid, number)
            code, out, err = program.ended()
        finally:
            program.process.kill()

        assert (code, err) == (0, "")
        assert out.rstrip().endswith("已停止。")
        assert wait_for(lambda: not processes_of(program.process.pid))
        assert datetime.fromisoformat(health(place)["stopped"])
        place.run()
        assert all((place.workspace.outbox / group / "2026-11" / "result.json").is_file() for group in groups)
        with place.ledger() as ledger, ledger.reading() as books:
            months = [books.months.get(group, period) for group in groups for period in [NOVEMBER]]
        assert [month.revision for month in months if month] == [1] * len(groups)
        assert not list(place.root.rglob(".*.tmp"))

    def test_run_stopped_by_ctrl_c_says_so_in_a_word(self, place: Place) -> None:
        """Exit code 2, no traceback, no process left; the next run does it all."""
        groups = [f"店{at}" for at in range(9)]  # enough for a pool of processes
        for group in groups:
            place.drop(f"{group}.xlsx", workbook(group=group, staff=4))
        program = Program.started(place, "run")
        try:
            assert wait_for(lambda: any(place.workspace.archive.glob("*.xlsx")))
            os.killpg(program.process.pid, signal.SIGINT)
            code, _, err = program.ended()
        finally:
            program.process.kill()

        assert code == 2
        assert "Traceback" not in err
        assert err.rstrip().endswith("已中断。")
        assert wait_for(lambda: not processes_of(program.process.pid))
        assert {one.status for one in place.run().files} == {Status.ACCEPTED}
        assert all((place.workspace.outbox / group / "2026-11" / "result.json").is_file() for group in groups)


def processes_of(session: int) -> list[str]:
    """What still runs, or waits to be collected, in a session, by /proc."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            name, _, rest = path.read_text("utf-8", "replace").rpartition(") ")
        except OSError:
            continue
        if int(rest.split()[3]) == session:
            found.append(name)
    return found


class TestHealth:
    """What `status` makes of the health file."""

    @pytest.fixture
    def status(self, place: Place, capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
        def asked(**told: object) -> str:
            place.workspace.made()
            path = place.workspace.state / "health.json"
            if told:
                path.write_text(json.dumps(told, ensure_ascii=False), "utf-8")
            capsys.readouterr()
            assert main(["status", "--workspace", str(place.root), "--date", str(DECEMBER_7)]) == 0
            return capsys.readouterr().out

        return asked

    def test_it_says_that_nobody_watches_any_more(self, status: Callable[..., str]) -> None:
        """Never started: nothing. At work: nothing. Silent, stopped, stuck: one sentence, first of all."""
        now = datetime.now().astimezone()
        silent = written(now - QUIET - timedelta(seconds=5))

        assert "守候" not in status()
        assert "守候" not in status(alive=written(now), stopped=None, outage=None, setup=None)
        assert status(alive=silent, stopped=None).startswith(
            f"守候（watch）没有在运行：{silent[:16].replace('T', ' ')}"
        )
        assert status(alive=silent, stopped=silent).startswith("守候（watch）已于")
        assert status(alive=written(now), stopped=None, outage="磁盘已满。", setup=None).startswith(
            "守候（watch）在运行，但有问题：磁盘已满。"
        )
        assert "守候" not in status(started="一年前")

    def test_a_watch_that_was_killed_is_told_from_one_that_stopped(
        self, place: Place, status: Callable[..., str]
    ) -> None:
        """The file of one that is at work is a few seconds old; a stopped one says when."""
        with watching(place):
            told = health(place)
            assert datetime.now().astimezone() - datetime.fromisoformat(told["alive"]) < QUIET
            assert told["stopped"] is None
            assert "守候" not in status()
        assert health(place)["stopped"]
        assert "停止" in status()


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Path]:
    logger = logging.getLogger("appraisal")
    before = list(logger.handlers)
    log_to(tmp_path / "log")
    yield tmp_path / "log"
    for handler in [one for one in logger.handlers if one not in before]:
        logger.removeHandler(handler)
        handler.close()


@pytest.mark.skipif(os.name != "posix", reason="Windows keeps rights in access lists, not in modes")
def test_while_it_works_everything_in_the_state_is_for_its_owner_alone(place: Place, log: Path) -> None:
    """Ledger with its -wal and -shm, lock, holder, health, log, archive, notes: though the system would let all read."""
    shutil.rmtree(place.workspace.state)
    previous = os.umask(0)
    try:
        with watching(place) as told:
            place.drop("好.xlsx", workbook())
            place.drop("坏.xlsx", b"%PDF-1.7")
            assert wait_for(lambda: len(statuses(told)) == 2)
            state = [place.workspace.state, *place.workspace.state.rglob("*"), *log.rglob("*")]
            modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in state if path.exists()}
    finally:
        os.umask(previous)

    assert {
        "ledger.db-wal",
        "ledger.db-shm",
        "pipeline.lock",
        "pipeline.holder",
        "health.json",
        "pipeline.log",
    } <= set(modes)
    assert {name: oct(mode) for name, mode in modes.items() if mode & 0o077} == {}


class TestLog:
    """The log of a watching program."""

    @pytest.mark.skipif(os.name != "posix", reason="Windows keeps rights in access lists, not in modes")
    def test_it_is_for_its_owner_alone_and_never_grows_beyond_ten_files(self, log: Path) -> None:
        previous = os.umask(0)
        try:
            for _ in range(120):
                logging.getLogger("appraisal.pipeline.watch").error("x" * 100_000)
        finally:
            os.umask(previous)

        files = sorted(one.name for one in log.iterdir())
        assert files == ["pipeline.log", *(f"pipeline.log.{n}" for n in range(1, 10))]
        assert all(one.stat().st_size <= 1_000_000 for one in log.iterdir())
        assert {stat.S_IMODE(one.stat().st_mode) for one in log.iterdir()} == {0o600}
        assert stat.S_IMODE(log.stat().st_mode) == 0o700

    def test_a_log_that_cannot_be_written_shows_nobody_a_traceback(
        self, log: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (handler,) = [one for one in logging.getLogger("appraisal").handlers if hasattr(one, "baseFilename")]
        with Path("/dev/full").open("w") as full:
            handler.setStream(full).close()  # type: ignore[attr-defined]
            logging.getLogger("appraisal.pipeline.watch").error("x" * 100_000)
            handler.setStream(None)  # type: ignore[attr-defined]
        assert capsys.readouterr().err == ""
