# ruff: noqa: T201 - the figures are what the long play is run for
"""Case 57 with real processes: kill -9 at chance instants, of the program itself or of one that it started.

A pass, a watch and three acts of HR are each played once undisturbed. Then the same is begun from the
same workspace, and at an instant drawn by lot somebody kills: the program, one of its workers, or the
server that forks them. After a normal restart the workspace must be the undisturbed one, byte for byte,
and every row of the ledger with it. A few kills are in the suite, two dozen more with `-m soak -s`.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import psutil
import pytest

from appraisal.intake.hr_acts import Act
from appraisal.scheme.forms.hr_acts import ActKind
from appraisal.scheme.forms.submission import CORRECTION, CORRECTION_REASON, SUBMISSION_KIND
from tests.builders.process_figures import temporary_files
from tests.builders.submissions import NOVEMBER
from tests.builders.whole_state import contents, differences, rows
from tests.builders.workspaces import DECEMBER_7, Place, scores, workbook

pytestmark = pytest.mark.skipif(os.name != "posix", reason="kill -9 is of POSIX")

PROGRAM = Path(__file__).parents[2] / "pipeline.py"
GROUP = "旗舰店"
PLAYS = ("run", "watch", "issue", "approve", "withdraw")
PROGRAM_ITSELF, A_WORKER, THE_FORK_SERVER = VICTIMS = ("program", "worker", "fork server")
NOBODY = "nobody: it had ended before"


def command(root: Path, verb: str) -> list[str]:
    month = [] if verb in {"run", "watch"} else [GROUP, "2026-11", "--reason", "按制度", "--by", "李经理"]
    return [sys.executable, str(PROGRAM), verb, *month, "--workspace", str(root), "--date", "2026-12-07"]


def to_its_end(root: Path, verb: str) -> tuple[int, str, float]:
    """Play it undisturbed, a watch until the inbox is empty: exit code, what it warned of, seconds at work."""
    with subprocess.Popen(command(root, verb), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        wait_until_at_work(root, process)
        started = time.monotonic()
        if verb == "watch":
            try:
                assert becomes_true(lambda: not dropped(root), within=120)
            finally:
                process.send_signal(signal.SIGTERM)
        _, told = process.communicate(timeout=120)
        return process.returncode, told.decode(), time.monotonic() - started


def wait_until_at_work(root: Path, process: subprocess.Popen[bytes]) -> None:
    holder = root / "state" / "pipeline.holder"
    becomes_true(lambda: holder.exists() or process.poll() is not None, within=60)


def dropped(root: Path) -> list[Path]:
    return list((root / "inbox").glob("*.xlsx"))


def becomes_true(what, within: float) -> bool:
    until = time.monotonic() + within
    while not what():
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True


@dataclass
class Stage:
    """The workspace before each play, after it, and how long it works."""

    root: Path
    seconds: dict[str, float] = field(default_factory=dict)

    def before(self, verb: str) -> Path:
        return self.root / f"before {verb}"

    def after(self, verb: str) -> Path:
        """Played and followed by a pass, once."""
        root = self.root / f"after {verb}"
        if not root.exists():
            shutil.copytree(self.before(verb), root)
            exit_code, told, self.seconds[verb] = to_its_end(root, verb)
            assert exit_code in {0, 1}, told
            to_its_end(root, "run")
        return root


@cache
def files() -> dict[str, bytes]:
    """Made once: openpyxl notes the time in each workbook that it saves."""
    good = {f"{group}.xlsx": workbook(group=group, staff=4) for group in ("甲店", "乙店", "丙店")}
    gap = {("考核数据", "KF002", "付款人数"): None}
    return good | {"丁店.xlsx": workbook(group="丁店", staff=4, cells=gap), "坏.xlsx": b"%PDF-1.7"}


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Stage:
    """What lies ready: five files; a month handed in; the same issued, with a correction that waits."""
    stage = Stage(tmp_path_factory.mktemp("stage"))
    ready = Place(stage.root / "files", hr=True)
    for name, content in files().items():
        ready.drop(name, content)
    for verb in ("run", "watch"):
        shutil.copytree(ready.root, stage.before(verb))
    office = Place(stage.root / "office", hr=True)
    office.take(workbook(group=GROUP, staff=4, cells=scores([1, 2, 3, 4], staff=4)))
    shutil.copytree(office.root, stage.before("issue"))
    office.act(Act(ActKind.ISSUE, NOVEMBER, GROUP, DECEMBER_7, "李经理", "按制度"))
    shutil.copytree(office.root, stage.before("withdraw"))
    labels = {SUBMISSION_KIND: CORRECTION, CORRECTION_REASON: "响应时间导错"}
    office.take(workbook(group=GROUP, staff=4, cells=scores([1, 2, 4, 3], staff=4), labels=labels))
    shutil.copytree(office.root, stage.before("approve"))
    return stage


def family(process: subprocess.Popen[bytes]) -> Iterator[psutil.Process]:
    """Those that the program started to read files: the fork server, then its workers."""
    for child in psutil.Process(process.pid).children():
        if "forkserver" in " ".join(child.cmdline()):
            yield child
            yield from child.children()


def killed(stage: Stage, verb: str, victim: str, chance: random.Random) -> tuple[Path, str]:
    """Begin the play and kill the victim at a chance instant; the workspace as it then lies, and who died."""
    root = stage.root / "now"
    shutil.rmtree(root, ignore_errors=True)
    shutil.copytree(stage.before(verb), root)
    stage.after(verb)
    process = subprocess.Popen(command(root, verb), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    assert process.stderr is not None
    try:
        wait_until_at_work(root, process)
        time.sleep(chance.uniform(0, 0.8) * stage.seconds[verb])
        others: list[psutil.Process] = []
        if victim != PROGRAM_ITSELF and process.poll() is None:
            becomes_true(lambda: process.poll() is not None or len(list(family(process))) > 1, within=20)
            others = list(family(process)) if process.poll() is None else []
        if others:
            (chance.choice(others[1:]) if victim == A_WORKER and others[1:] else others[0]).kill()
            if verb == "watch":
                assert becomes_true(lambda: not dropped(root), within=120)
                process.send_signal(signal.SIGTERM)
            _, error = process.communicate(timeout=120)
            assert process.returncode in {0, 1}, error.decode()
            return root, victim
        was_at_work = process.poll() is None
        children = list(family(process)) if was_at_work else []
        process.kill()
        process.wait()
        assert psutil.wait_procs(children, timeout=40)[1] == [], "its workers outlived it"
        return root, PROGRAM_ITSELF if was_at_work else NOBODY
    finally:
        process.kill()
        process.wait()
        process.stderr.close()


def ends_as_undisturbed(stage: Stage, root: Path, verb: str) -> None:
    """The play once more, as people do, which says so if it is done; then a pass."""
    _, told, _ = to_its_end(root, verb)
    assert "Traceback" not in told
    exit_code, told, _ = to_its_end(root, "run")
    assert exit_code in {0, 1}, told
    wanted = stage.after(verb)
    assert differences(contents(root), contents(wanted)) == []
    assert rows(ledger(root)) == rows(ledger(wanted))
    assert list(temporary_files(root)) == []
    assert not (root / "state" / "pipeline.holder").exists()


def ledger(root: Path) -> str:
    return f"sqlite:///{root / 'state' / 'ledger.db'}"


@pytest.mark.parametrize(
    ("verb", "victim"),
    [("run", PROGRAM_ITSELF), ("run", THE_FORK_SERVER)],
)
def test_killed_at_a_chance_instant_it_ends_as_if_undisturbed(verb: str, victim: str, stage: Stage) -> None:
    root, _ = killed(stage, verb, victim, random.Random(f"{verb} {victim}"))
    ends_as_undisturbed(stage, root, verb)


@pytest.mark.soak
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("verb", PLAYS)
def test_killed_again_and_again_it_ends_as_if_undisturbed(verb: str, stage: Stage) -> None:
    """Three times the program, twice a worker, once the fork server, for each play that has them."""
    chance, died = random.Random(verb), []
    for victim in (*[PROGRAM_ITSELF] * 3, *[A_WORKER] * 2, THE_FORK_SERVER):
        for _ in range(4):  # a withdrawal opens no file, and so has no readers to be killed
            root, who = killed(stage, verb, victim, chance)
            if who != NOBODY:
                break
        died.append(who)
        ends_as_undisturbed(stage, root, verb)
    print(f"\n{verb}: {', '.join(died)}")
