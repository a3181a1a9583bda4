# ruff: noqa: T201 - the figures are what the long plays are run for
"""Case 57, and 56 with it: the program stops, or is refused, at every change in turn, and starts again.

Each scene is played once undisturbed. Then it is played again for every single change of a file or of
the ledger: stopped before it, in its middle and after it, or refused by the system. After a normal
restart the workspace is the same as the undisturbed one, byte for byte: inbox, outbox, archive, and
every row of the ledger, so money and outcomes are counted once and nothing half done lies about.

Reading and appraising are remembered, so that hundreds of passes take a minute. Each scene plays a
sixteenth of its instants, and each scene another one: most changes come in all of them. Played with
`-m soak -s`, which prints figures: every instant, what the system may refuse an act of HR, refusals for want of rights
and by a disk that became read-only, each paper of the outbox open in another program, and all of it on
PostgreSQL.
"""

from __future__ import annotations

import errno
import os
import shutil
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from appraisal.intake.hr_acts import Act
from appraisal.ledger import ledger
from appraisal.ledger.errors import ActRefused, LedgerError
from appraisal.ledger.ledger import open_ledger
from appraisal.period import Period
from appraisal.pipeline.context import RunContext, open_context
from appraisal.pipeline.hr_acts import perform
from appraisal.pipeline.reports import BrokenOff
from appraisal.pipeline.run import take_all
from appraisal.pipeline.setup import Setup
from appraisal.scheme.forms.hr_acts import ActKind, OutcomeDecision
from appraisal.scheme.forms.submission import CORRECTION, CORRECTION_REASON, SUBMISSION_KIND
from appraisal.scheme.model.outcome_rules import OutcomeType
from appraisal.workspace.files import REAL_FILES, Files
from appraisal.workspace.inbox import observe_inbox
from appraisal.workspace.paths import Workspace
from tests.builders.faults import Died, Fate, FatedFiles, FatedLedger, LockedFiles, Moment
from tests.builders.other_forms import filled_appeal, filled_register
from tests.builders.remembered import InlineExecutor, InlineSandbox, quickly
from tests.builders.submissions import staff_name
from tests.builders.whole_state import contents, differences, rows
from tests.builders.workspaces import Place, scores, workbook
from tests.ledger.postgres import Server, running_server

NOVEMBER, DAY = Period(2026, 11), date(2026, 12, 8)
MTIME = 1_780_000_000
GOOD = [1, 2, 3, 4]


def month(order: list[int], group: str = "旗舰店", **labels: object) -> bytes:
    return workbook(group=group, staff=4, cells=scores(order, staff=4), labels=labels)


@dataclass(frozen=True)
class Scene:
    """What lies ready (made from what was made before), and what is done then: a pass, or an act of HR.

    One of `step` instants is played outside the soak.
    """

    drops: dict[str, Callable[[Path], bytes]]
    act: ActKind | None = None
    said: dict[str, Any] = field(default_factory=dict)
    step: int = 16


def paper(root: Path, name: str) -> bytes:
    return (root / "outbox" / "旗舰店" / "2026-11" / name).read_bytes()


def appeal(root: Path) -> bytes:
    return filled_appeal(paper(root, f"申诉/KF002_{staff_name(2)}_申诉表.xlsx"), staff_name(2))


def register(root: Path) -> bytes:
    signed = {"签收情况": "已签收", "送达日期": DAY, "签收日期": DAY}
    return filled_register(paper(root, "签收/签收登记.xlsx"), {("KF001", "绩效单"): signed})


TIED = {("考核数据", "KF003", "平均响应时间"): 35}
"""KF003 and KF004 share the last place."""

FEW = 32
SCENES = {
    "first month and a faulty one": Scene(
        {
            "旗舰店.xlsx": lambda _: month(GOOD),
            "专卖店.xlsx": lambda _: workbook(
                group="专卖店", staff=4, cells={("考核数据", "KF002", "付款人数"): None}
            ),
        }
    ),
    "second revision and the faulty one put right": Scene(
        {
            "旗舰店 改.xlsx": lambda _: workbook(staff=4, cells=scores([2, 1, 3, 4], staff=4) | TIED),
            "专卖店_退回.xlsx": lambda _: month(GOOD, "专卖店"),
        }
    ),
    "notice issued": Scene({}, ActKind.ISSUE),
    "appeal comes back": Scene({"我的申诉.xlsx": appeal}, step=FEW),
    "signatures come back": Scene({"签收.xlsx": register}, step=FEW),
    "tie decided": Scene(
        {},
        ActKind.DECIDE,
        {"staff": "KF003", "outcome": OutcomeType.DEDUCT, "decision": OutcomeDecision.APPLY},
        step=FEW,
    ),
    "correction handed in": Scene(
        {
            "更正.xlsx": lambda _: month(
                [1, 2, 4, 3], **{SUBMISSION_KIND: CORRECTION, CORRECTION_REASON: "响应时间导错"}
            )
        }
    ),
    "correction approved": Scene({}, ActKind.APPROVE_CORRECTION),
    "month withdrawn": Scene({}, ActKind.WITHDRAW),
}


@pytest.fixture(scope="module")
def quick() -> Iterator[None]:
    """No waiting for the disk."""
    with quickly():
        yield


@dataclass
class Ledgers:
    """Where the ledger of a workspace is: in its state, so that a copy of the folder has a copy of it."""

    def url(self, root: Path) -> str:
        return Workspace(root).default_ledger

    def copy(self, source: Path, target: Path) -> None:
        """Make the ledger of `target` what that of `source` is; the folders are copied already."""
        ledger._checked.clear()  # a copy is another file


@dataclass
class PostgresLedgers(Ledgers):
    """In a database of a real PostgreSQL for each workspace."""

    server: Server
    _urls: dict[Path, str] = field(default_factory=dict)

    def url(self, root: Path) -> str:
        if root not in self._urls:
            self._urls[root] = self.server.new_database()
        return self._urls[root]

    def copy(self, source: Path, target: Path) -> None:
        self.server.copy(self.url(source), self.url(target))


@dataclass
class Stage:
    """The workspace before each scene, and after it was played undisturbed."""

    root: Path
    setup: Setup
    ledgers: Ledgers
    executor: Executor = field(default_factory=InlineExecutor)

    def before(self, name: str) -> Path:
        return self.root / f"before {name}"

    def after(self, name: str) -> Path:
        return self.root / f"after {name}"

    def copy(self, source: Path, target: Path) -> None:
        shutil.copytree(source, target)
        self.ledgers.copy(source, target)

    def again(self, name: str) -> Path:
        """A fresh copy of the workspace before the scene."""
        root = self.root / "now" / "工作区"
        shutil.rmtree(root.parent, ignore_errors=True)
        self.copy(self.before(name), root)
        return root

    def play(self, root: Path, scene: Scene, files: Files = REAL_FILES, fate: Fate | None = None) -> None:
        """The scene's pass or act, with what lies in the inbox already."""
        if scene.act is None:
            self.take(root, files, fate)
            return
        act = Act(scene.act, NOVEMBER, "旗舰店", DAY, "李经理", "按制度", **scene.said)
        with self.opened(root, files, fate) as context:
            perform(context, act)

    def take(self, root: Path, files: Files = REAL_FILES, fate: Fate | None = None) -> None:
        """One pass."""
        found = observe_inbox(Workspace(root).inbox, wait=lambda _: None)
        with self.opened(root, files, fate) as context:
            take_all(context, found)

    def opened(self, root: Path, files: Files, fate: Fate | None) -> AbstractContextManager[RunContext]:
        """The workspace; a fate rules every change of a file and of the ledger."""
        real = open_ledger(self.ledgers.url(root))
        return open_context(
            Workspace(root),
            self.setup,
            today=DAY,
            ledger=real if fate is None else FatedLedger(real, fate),
            executor=self.executor,
            sandbox=InlineSandbox(),
            files=files if fate is None else FatedFiles(fate),
        )

    def start_again(self, root: Path, scene: Scene) -> None:
        """As people do: the act once more, which says so if it is done, and a pass."""
        if scene.act is not None:
            with suppress(ActRefused):
                self.play(root, scene)
        self.take(root)

    def changes_of(self, name: str) -> list[str]:
        """Every change of the scene, counted."""
        fate = Fate()
        self.play(self.again(name), SCENES[name], fate=fate)
        return fate.changes

    def must_be_as_undisturbed(self, root: Path, name: str, where: object, may_lack: str = "") -> None:
        wanted = contents(self.after(name))
        assert differences(contents(root), wanted) in ([], [may_lack]), where
        assert rows(self.ledgers.url(root)) == rows(self.ledgers.url(self.after(name))), where


def made_ready(root: Path, ledgers: Ledgers) -> Stage:
    """All scenes, played one after the other."""
    place = Place(root / "first", hr=True)
    stage = Stage(root, place.setup, ledgers)
    current = root / "play" / "工作区"
    shutil.copytree(place.root, current)
    for name, scene in SCENES.items():
        for file, content in scene.drops.items():
            path = current / "inbox" / file
            path.write_bytes(content(current))
            os.utime(path, (MTIME, MTIME))
        stage.copy(current, stage.before(name))
        stage.play(current, scene)
        stage.take(current)
        stage.copy(current, stage.after(name))
    return stage


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory, quick: None) -> Stage:
    return made_ready(tmp_path_factory.mktemp("stage"), Ledgers())


@pytest.fixture(scope="module")
def postgres_stage(tmp_path_factory: pytest.TempPathFactory, quick: None) -> Iterator[Stage]:
    with running_server() as server:
        yield made_ready(tmp_path_factory.mktemp("postgres"), PostgresLedgers(server))


def instants(changes: list[str]) -> list[tuple[int, Moment]]:
    """Before each change, in the middle of those that have one, and after the last: after any other is before the next."""
    before = [(turn, Moment.BEFORE) for turn in range(1, len(changes) + 1)]
    halves = [
        (turn, Moment.DURING)
        for turn, what in enumerate(changes, 1)
        if what.startswith(("write", "store", "ledger"))
    ]
    return [*before, *halves, (len(changes), Moment.AFTER)]


@contextmanager
def figures(what: str, count: int) -> Iterator[None]:
    """For docs/reliability.md: how many instants, in which time."""
    started = time.monotonic()
    yield
    print(f"\n{what}: {count} instants, {time.monotonic() - started:.0f} s")


def part_outside_the_soak(name: str, every: list[Any]) -> list[Any]:
    """Each scene another sixteenth, or less."""
    step = SCENES[name].step
    return every[list(SCENES).index(name) % step :: step]


def whole_of(_name: str, every: list[Any]) -> list[Any]:
    return every


PartOf = Callable[[str, list[Any]], list[Any]]


HOW_MUCH = pytest.mark.parametrize(
    "part_of",
    [part_outside_the_soak, pytest.param(whole_of, marks=[pytest.mark.soak, pytest.mark.timeout(3600)])],
)


def receipt_in(what: str) -> str:
    """The receipt that the system refused to have written: a courtesy and no verdict, it may be missing afterwards."""
    return f"inbox/{what.removeprefix('write ')}" if "回执" in what else ""


def stopped_at(
    instants_played: list[tuple[int, Moment]], changes: list[str], name: str, stage: Stage
) -> None:
    with figures(f"stopped, {type(stage.ledgers).__name__}, {name}", len(instants_played)):
        for turn, moment in instants_played:
            root = stage.again(name)
            with pytest.raises(Died):
                stage.play(root, SCENES[name], fate=Fate(turn, moment))
            stage.start_again(root, SCENES[name])
            stage.must_be_as_undisturbed(root, name, (turn, changes[turn - 1], moment))


@HOW_MUCH
@pytest.mark.parametrize("name", SCENES)
def test_stopped_at_any_change_it_ends_in_the_same_place_after_a_restart(
    name: str, part_of: PartOf, stage: Stage
) -> None:
    """Before, in the middle of, and after every change of a file or of the ledger."""
    changes = stage.changes_of(name)
    stopped_at(part_of(name, instants(changes)), changes, name, stage)


@pytest.mark.soak
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("name", SCENES)
def test_on_postgresql_it_ends_in_the_same_place_too(name: str, postgres_stage: Stage) -> None:
    """A real server keeps the ledger; what its transactions undo is what SQLite's undo."""
    changes = postgres_stage.changes_of(name)
    stopped_at(instants(changes), changes, name, postgres_stage)


TOLD = OSError, LedgerError, ActRefused, BrokenOff
"""What a refusal may end in; anything else is a mistake of ours."""


@HOW_MUCH
@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=[pytest.mark.soak] if scene.act or scene.step == FEW else [])
        for name, scene in SCENES.items()
    ],
)
@pytest.mark.parametrize(
    "number",
    [errno.ENOSPC, *(pytest.param(one, marks=pytest.mark.soak) for one in (errno.EACCES, errno.EROFS))],
    ids=errno.errorcode.get,
)
def test_refused_at_any_change_nothing_is_lost_and_the_next_pass_ends_in_the_same_place(
    name: str, number: int, part_of: PartOf, stage: Stage
) -> None:
    """A full disk, a locked file, a disk that became read-only: told as what it is, and done the next time."""
    changes = stage.changes_of(name)
    played = part_of(name, list(enumerate(changes, 1)))
    with figures(f"{errno.errorcode[number]}, {name}", len(played)):
        for turn, what in played:
            root = stage.again(name)
            with suppress(*TOLD):
                stage.play(root, SCENES[name], fate=Fate(turn, Moment.REFUSED, number))
            stage.start_again(root, SCENES[name])
            stage.must_be_as_undisturbed(root, name, (turn, what), may_lack=receipt_in(what))


RESULT = "outbox/旗舰店/2026-11/旗舰店_2026-11_考核结果.xlsx"
LATER_SCENES = [name for name in SCENES if name != "first month and a faulty one"]


def papers(root: Path) -> list[str]:
    """Every file and folder that people may have open, or locked, in inbox and outbox; and both as a whole."""
    found = [path.relative_to(root).as_posix() for path in (root / "outbox").rglob("*") if path.is_file()]
    return ["inbox", "outbox", "outbox/人事", *sorted(found)]


@pytest.mark.parametrize("name", LATER_SCENES[:2])
def test_what_somebody_has_open_is_done_once_it_is_closed(name: str, stage: Stage) -> None:
    """Excel on Windows lets nobody replace, move or delete a workbook that it shows."""
    open_during(RESULT, name, stage)


@pytest.mark.soak
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("name", LATER_SCENES)
def test_whatever_somebody_has_open_is_done_once_it_is_closed(name: str, stage: Stage) -> None:
    """Each paper in turn, then HR's folder, the whole outbox, the whole inbox."""
    every = papers(stage.before(name))
    with figures(f"open elsewhere, {name}", len(every)):
        for locked in every:
            open_during(locked, name, stage)


def open_during(locked: str, name: str, stage: Stage) -> None:
    root = stage.again(name)
    dropped = SCENES[name].drops
    with suppress(*TOLD):
        stage.play(root, SCENES[name], files=LockedFiles(root / locked))
    archived = {path.read_bytes() for path in (root / "state" / "archive").iterdir()}
    for file in dropped:
        content = (stage.before(name) / "inbox" / file).read_bytes()
        assert content in archived, (locked, file)
    stage.start_again(root, SCENES[name])
    stage.must_be_as_undisturbed(root, name, locked)
