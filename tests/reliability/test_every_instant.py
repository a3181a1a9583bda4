"""Case 57, and 56 with it: the program stops, or is refused, at every change in turn, and starts again.

Each scene is played once undisturbed. Then it is played again for every single change of a file or of
the ledger: stopped before it, in its middle and after it, or refused by the system. After a normal
restart the workspace is the same as the undisturbed one, byte for byte: inbox, outbox, archive, and
every row of the ledger, so money and outcomes are counted once and nothing half done lies about.

Reading, appraising and HR's papers are remembered, so that hundreds of passes take a minute; what the
system may refuse an act of HR, and refusals for want of rights, are played with `-m soak`.
"""

from __future__ import annotations

import errno
import os
import pickle
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, ClassVar, Self

import pytest

from appraisal import hr_desk, month_making, passes
from appraisal.files import REAL_FILES, Files
from appraisal.ledger import engine, ledger
from appraisal.ledger.errors import ActRefused, LedgerError
from appraisal.ledger.records import Act, ActKind
from appraisal.scheme.forms import CORRECTION, CORRECTION_REASON, SUBMISSION_KIND
from appraisal.scheme.period import Period
from appraisal.set_up import Setup
from appraisal.workspace import Workspace
from tests.builders.faults import Died, Fate, Moment, under
from tests.builders.workspaces import Place, scores, workbook

NOVEMBER, DAY = Period(2026, 11), date(2026, 12, 8)
MTIME = 1_780_000_000
GOOD = [1, 2, 3, 4]


def month(order: list[int], group: str = "旗舰店", **labels: object) -> bytes:
    return workbook(group=group, staff=4, cells=scores(order, staff=4), labels=labels)


@dataclass(frozen=True)
class Scene:
    """What lies ready, and what is done then: a pass, or an act of HR."""

    drops: dict[str, Callable[[], bytes]]
    act: ActKind | None = None


SCENES = {
    "first month and a faulty one": Scene(
        {
            "旗舰店.xlsx": lambda: month(GOOD),
            "专卖店.xlsx": lambda: workbook(
                group="专卖店", staff=4, cells={("考核数据", "KF002", "付款人数"): None}
            ),
        }
    ),
    "second revision and the faulty one put right": Scene(
        {
            "旗舰店 改.xlsx": lambda: month([2, 1, 3, 4]),
            "专卖店_退回.xlsx": lambda: month(GOOD, "专卖店"),
        }
    ),
    "notice issued": Scene({}, ActKind.ISSUE),
    "correction handed in": Scene(
        {
            "更正.xlsx": lambda: month(
                [1, 2, 4, 3], **{SUBMISSION_KIND: CORRECTION, CORRECTION_REASON: "响应时间导错"}
            )
        }
    ),
    "correction approved": Scene({}, ActKind.APPROVE_CORRECTION),
    "month withdrawn": Scene({}, ActKind.WITHDRAW),
}


class InlineSandbox:
    """Reads in this process, each file once: what is tested here is not the reading."""

    _known: ClassVar[dict[str, bytes]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def submit(self, function: Callable[..., Any], /, *arguments: Any) -> Future[Any]:
        told = [
            one.name if isinstance(one, Path) else repr(one)
            for one in arguments
            if not isinstance(one, Setup)
        ]
        key = f"{function.__qualname__}{told}"
        if key not in self._known:
            self._known[key] = pickle.dumps(function(*arguments))
        future: Future[Any] = Future()
        future.set_result(pickle.loads(self._known[key]))
        return future


@pytest.fixture(scope="module")
def quick() -> Iterator[None]:
    """No worker processes, no waiting for the disk, nothing appraised twice."""
    real, appraised = month_making.appraise, dict[bytes, bytes]()

    def remembered(tasks: Any, context: Any) -> Any:
        key = pickle.dumps((tasks, context.scheme.version, context.settings))
        if key not in appraised:
            appraised[key] = pickle.dumps(real(tasks, context))
        return pickle.loads(appraised[key])

    real_hr, hr_papers = hr_desk.hr_documents, dict[str, Any]()

    def remembered_hr(books: Any, *others: Any, period: Period, today: date) -> Any:
        key = repr((period, today, rows_of(books.documents._connection.connection)))
        if key not in hr_papers:
            hr_papers[key] = real_hr(books, *others, period=period, today=today)
        return hr_papers[key]

    set_up = engine._set_up_sqlite

    def set_up_quickly(connection: sqlite3.Connection, record: object) -> None:
        set_up(connection, record)
        connection.execute("PRAGMA synchronous = OFF")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passes, "Sandbox", InlineSandbox)
        patch.setattr(month_making, "appraise", remembered)
        patch.setattr(hr_desk, "hr_documents", remembered_hr)
        patch.setattr(os, "fsync", lambda _handle: None)
        patch.setattr(engine, "_set_up_sqlite", set_up_quickly)
        yield


def play(root: Path, scene: Scene, setup: Setup, files: Files = REAL_FILES) -> None:
    """The scene's pass or act, with what lies in the inbox already."""
    workspace = Workspace(root)
    if scene.act is None:
        passes.run_once(workspace, setup, today=DAY, wait=lambda _: None, files=files)
        return
    act = Act(scene.act, NOVEMBER, "旗舰店", DAY, "李经理", "按制度")
    passes.perform(workspace, setup, act, today=DAY, files=files)


def start_again(root: Path, scene: Scene, setup: Setup) -> None:
    """As people do: the act once more, which says so if it is done, and a pass."""
    if scene.act is not None:
        with suppress(ActRefused):
            play(root, scene, setup)
    passes.run_once(Workspace(root), setup, today=DAY, wait=lambda _: None)


def contents(root: Path) -> dict[str, bytes]:
    """Every file of inbox, outbox and archive; of the rest of the state only the names."""
    files = {path.relative_to(root).as_posix(): path for path in root.rglob("*") if path.is_file()}
    kept = {name: path.read_bytes() for name, path in files.items() if not name.startswith("state/")}
    kept |= {name: path.read_bytes() for name, path in files.items() if name.startswith("state/archive/")}
    return {name: b"" for name in files if not name.startswith("state/ledger.db-")} | kept


def rows(root: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every row of the workspace's ledger."""
    with closing(sqlite3.connect(root / "state" / "ledger.db")) as database:
        return rows_of(database)


def rows_of(database: Any) -> dict[str, list[tuple[object, ...]]]:
    """Every row but for numbers and times that only say when it was written."""
    cursor = database.cursor()
    tables = cursor.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    found: dict[str, list[tuple[object, ...]]] = {}
    for (table,) in tables:
        columns = [one[1] for one in cursor.execute(f"PRAGMA table_info({table})")]
        kept = [one for one in columns if one not in {"id", "received_at"}]
        found[table] = sorted(cursor.execute(f"SELECT {', '.join(kept)} FROM {table}"), key=repr)
    return found


def differences(found: dict[str, bytes], wanted: dict[str, bytes]) -> list[str]:
    """The names of files that are there in one alone, or with other bytes."""
    return sorted(name for name in found.keys() | wanted.keys() if found.get(name) != wanted.get(name))


@dataclass
class Stage:
    """The workspace before each scene, and after it was played undisturbed."""

    root: Path
    setup: Setup

    def before(self, name: str) -> Path:
        return self.root / f"before {name}"

    def after(self, name: str) -> Path:
        return self.root / f"after {name}"

    def again(self, name: str) -> Path:
        """A fresh copy of the workspace before the scene."""
        root = self.root / "now" / "工作区"
        shutil.rmtree(root.parent, ignore_errors=True)
        shutil.copytree(self.before(name), root)
        ledger._checked.clear()  # a copy is another file
        return root


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory, quick: None) -> Stage:
    """All scenes, played one after the other."""
    tmp_path = tmp_path_factory.mktemp("stage")
    place = Place(tmp_path / "first")
    stage = Stage(tmp_path, place.setup)
    current = tmp_path / "play" / "工作区"
    shutil.copytree(place.root, current)
    for name, scene in SCENES.items():
        for file, content in scene.drops.items():
            path = current / "inbox" / file
            path.write_bytes(content())
            os.utime(path, (MTIME, MTIME))
        shutil.copytree(current, stage.before(name))
        play(current, scene, stage.setup)
        passes.run_once(Workspace(current), stage.setup, today=DAY, wait=lambda _: None)
        shutil.copytree(current, stage.after(name))
    return stage


def changes_of(stage: Stage, name: str, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    fate = Fate()
    with under(fate, monkeypatch) as files:
        play(stage.again(name), SCENES[name], stage.setup, files)
    return fate.changes


def instants(changes: list[str]) -> list[tuple[int, Moment]]:
    """Before each change, in the middle of those that have one, and after the last: after any other is before the next."""
    before = [(turn, Moment.BEFORE) for turn in range(1, len(changes) + 1)]
    halves = [
        (turn, Moment.DURING)
        for turn, what in enumerate(changes, 1)
        if what.startswith(("write", "store", "ledger"))
    ]
    return [*before, *halves, (len(changes), Moment.AFTER)]


@pytest.mark.parametrize("name", SCENES)
def test_stopped_at_any_change_it_ends_in_the_same_place_after_a_restart(
    name: str, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before, in the middle of, and after every change of a file or of the ledger."""
    changes = changes_of(stage, name, monkeypatch)
    wanted, wanted_rows = contents(stage.after(name)), rows(stage.after(name))
    for turn, moment in instants(changes):
        root = stage.again(name)
        with under(Fate(turn, moment), monkeypatch) as files, pytest.raises(Died):
            play(root, SCENES[name], stage.setup, files)
        start_again(root, SCENES[name], stage.setup)
        where = (turn, changes[turn - 1], moment)
        assert differences(contents(root), wanted) == [], where
        assert rows(root) == wanted_rows, where


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=[pytest.mark.soak] if scene.act else []) for name, scene in SCENES.items()],
)
@pytest.mark.parametrize("number", [errno.ENOSPC, pytest.param(errno.EACCES, marks=pytest.mark.soak)])
def test_refused_at_any_change_nothing_is_lost_and_the_next_pass_ends_in_the_same_place(
    name: str, number: int, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk, a locked file: told as what it is, and done the next time."""
    changes = changes_of(stage, name, monkeypatch)
    wanted, wanted_rows = contents(stage.after(name)), rows(stage.after(name))
    for turn, what in enumerate(changes, 1):
        root = stage.again(name)
        told = suppress(OSError, LedgerError, ActRefused)
        with under(Fate(turn, Moment.REFUSED, number), monkeypatch) as files, told:
            play(root, SCENES[name], stage.setup, files)
        start_again(root, SCENES[name], stage.setup)
        may_lack = (
            [f"inbox/{what.removeprefix('write ')}"] if "回执" in what else []
        )  # a courtesy, no verdict
        assert differences(contents(root), wanted) in ([], may_lack), (turn, what)
        assert rows(root) == wanted_rows, (turn, what)
