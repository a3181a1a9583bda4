"""Everything measured in one run, side by side, as a table.

    python benchmarks/run.py            all of it: about eleven minutes on two idle cores
    python benchmarks/run.py --quick    smaller sizes, to see that it works: about two minutes
    python benchmarks/run.py pipeline --workbooks 100 --staff 30      one part alone

Parts: many (pipeline, floor, peer and hand over the same files), growth, large, waiting. Inputs are made
anew each time from one seed, in a temporary folder, and leave with it.
"""

from __future__ import annotations

import argparse
import itertools
import json
import math
import os
import pickle
import platform
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.full_ledger import fill
from benchmarks.inputs import TODAY, drop_workbooks
from benchmarks.measuring import Cost, cost_of, python
from benchmarks.ready_values import record
from benchmarks.waiting import warm_pass, watched

_RECORDED = 10
_BY_HAND = 10
_TIMES = 5


@dataclass(frozen=True)
class Sizes:
    """How many workbooks of how many people each part takes."""

    workbooks: int
    staff: int
    few: int
    many: int
    people: tuple[int, ...]
    ignored: int
    results: int


FULL = Sizes(
    workbooks=500, staff=30, few=100, many=1000, people=(200, 2000, 20_000), ignored=1000, results=100_000
)
QUICK = Sizes(workbooks=60, staff=30, few=20, many=100, people=(200, 1000), ignored=1000, results=100_000)


def say(*cells: object) -> None:
    """A row of the table, at once."""
    print("| " + " | ".join(map(str, cells)) + " |", flush=True)


def title(*cells: str) -> None:
    print()
    say(*cells)
    say(*("---" for _ in cells))


def workspace(folder: Path, *, workbooks: int, staff: int) -> Path:
    """A workspace with filled workbooks that have lain in its inbox for an hour."""
    inbox = folder / "inbox"
    inbox.mkdir(parents=True)
    drop_workbooks(inbox, workbooks=workbooks, staff=staff)
    hour_ago = time.time() - 3600
    for file in inbox.iterdir():
        os.utime(file, (hour_ago, hour_ago))
    return folder


def pipeline(folder: Path) -> Cost:
    """One pass over the workspace, as anybody would start it."""
    command = [sys.executable, "pipeline.py", "run", "--json", "--workspace", folder, "--date", TODAY]
    cost = cost_of(command)
    files = [json.loads(line) for line in cost.output.splitlines()]
    assert files
    assert all(file["status"] == "accepted" for file in files), "the pinned inputs are all well filled"
    return cost


def many(folder: Path, sizes: Sizes) -> None:
    """The pipeline, the floor, the peer and hand work over the same files."""
    count = sizes.workbooks
    place = workspace(folder / "many", workbooks=count, staff=sizes.staff)
    kept = _kept(place, folder / "files")
    title(
        f"{count} workbooks x {sizes.staff} people",
        "CPU ms a workbook",
        "wall ms a workbook",
        "wall s",
        "MB, largest process",
    )
    ours = pipeline(place)
    _line("pipeline", ours, ours.cpu, count)
    recorded = folder / "recorded"
    recorded.write_bytes(pickle.dumps(record(sorted(kept.iterdir())[:_RECORDED], place)))
    plain = {}
    for name in ("floor", "peer"):
        plain[name] = cost_of(python(f"benchmarks.{name}", kept, recorded, folder / name))
        _line(name, plain[name], float(plain[name].output), count)
    hand = cost_of(python("benchmarks.hand", place / "outbox", min(_BY_HAND, count)))
    _line(f"hand (LibreOffice, {min(_BY_HAND, count)} of them)", hand, hand.cpu, min(_BY_HAND, count))
    title("ratio", "measured", "wanted")
    say("CPU: pipeline / floor", f"{ours.cpu / float(plain['floor'].output):.2f}", "<= 0.60")
    say("wall: peer / pipeline", f"{plain['peer'].wall / ours.wall:.1f}", ">= 5")
    say("memory of the coordinator, MB", f"{ours.coordinator:.0f}", "<= 400")
    say("memory of the largest worker, MB", f"{ours.worker:.0f}", "<= 400")


def _kept(place: Path, kept: Path) -> Path:
    """The dropped files once more, for who comes after the pipeline."""
    kept.mkdir()
    for file in (place / "inbox").iterdir():
        (kept / file.name).write_bytes(file.read_bytes())
    return kept


def _line(name: str, cost: Cost, cpu: float, count: int) -> None:
    peak = max(cost.coordinator, cost.worker)
    say(name, f"{cpu / count * 1e3:.0f}", f"{cost.wall / count * 1e3:.0f}", f"{cost.wall:.1f}", f"{peak:.0f}")


def growth(folder: Path, sizes: Sizes) -> None:
    """What a workbook costs among few and among many."""
    title("workbooks", "CPU ms a workbook", "wall ms a workbook", "coordinator MB", "worker MB")
    each = []
    for count in (sizes.few, sizes.many):
        cost = pipeline(workspace(folder / f"growth{count}", workbooks=count, staff=sizes.staff))
        each.append(cost.cpu / count)
        say(
            count,
            f"{each[-1] * 1e3:.0f}",
            f"{cost.wall / count * 1e3:.0f}",
            f"{cost.coordinator:.0f}",
            f"{cost.worker:.0f}",
        )
    title("ratio", "measured", "wanted")
    say(f"CPU a workbook: {sizes.many} / {sizes.few}", f"{each[1] / each[0]:.2f}", "<= 1.10")


def large(folder: Path, sizes: Sizes) -> None:
    """One workbook with more and more people; what a pass over one workbook of five takes anyway is taken off."""
    start = pipeline(workspace(folder / "start", workbooks=1, staff=5)).cpu
    title("people in one workbook", "CPU s", "wall s", "coordinator MB", "worker MB")
    seconds = []
    for people in sizes.people:
        cost = pipeline(workspace(folder / f"large{people}", workbooks=1, staff=people))
        seconds.append(cost.cpu - start)
        say(people, f"{cost.cpu:.1f}", f"{cost.wall:.1f}", f"{cost.coordinator:.0f}", f"{cost.worker:.0f}")
    slope = math.log(seconds[-1] / seconds[0]) / math.log(sizes.people[-1] / sizes.people[0])
    title("ratio", "measured", "wanted")
    say(f"log-log slope, {sizes.people[0]} to {sizes.people[-1]} people", f"{slope:.2f}", "<= 1.10")
    say("memory, MB", f"{max(cost.coordinator, cost.worker):.0f}", "<= 1500")


LIBRARIES = (
    "import pandas, pandera.pandas, xlsxwriter, docxtpl, jinja2.sandbox, sqlalchemy, pydantic, holidays, pebble,"
    " typer, defusedxml.ElementTree, yaml"
)
"""What a pass over one workbook needs; in a new workspace also what makes a ledger."""
LIBRARIES_AT_FIRST = f"{LIBRARIES}, alembic.operations"


def waiting(folder: Path, sizes: Sizes) -> None:
    """What a person waits for."""
    title("what a person waits for", "measured", "wanted")
    helped = _best(5, lambda: cost_of([sys.executable, "pipeline.py", "--help"]).wall)
    say("--help, s", f"{helped:.2f}", "<= 0.25")
    _cold(folder, sizes)
    used = _used(folder / "used", sizes)
    ready = sorted((workspace(folder / "ready", workbooks=6, staff=sizes.staff) / "inbox").iterdir())[2:]
    say("watch, warm: verdict after settling, s", f"{watched(folder / 'watched', ready):.2f}", "<= 0.50")
    results = fill(used / "state" / "ledger.db", results=sizes.results)
    say(f"the same, {results} results in the ledger, s", f"{watched(used, ready):.2f}", "<= 0.50")
    each, listing = warm_pass(used, sizes.ignored)
    say(f"listing and stat-ing {sizes.ignored} ignored files, ms", f"{listing * 1e3:.1f}", "")
    say(f"warm pass over them, {results} results in the ledger, ms", f"{each * 1e3:.1f}", "")
    say("warm pass / listing them", f"{each / listing:.1f}", "<= 3.0")


def _cold(folder: Path, sizes: Sizes) -> None:
    """A process of its own for one workbook: in a workspace at work, and the very first in a new one."""
    place = workspace(folder / "floor1", workbooks=1, staff=sizes.staff)
    kept = _kept(place, folder / "files1")
    pipeline(place)
    recorded = folder / "recorded1"
    recorded.write_bytes(pickle.dumps(record(list(kept.iterdir()), place)))
    floor = float(cost_of(python("benchmarks.floor", kept, recorded, folder / "floor1out")).output)
    say("floor for one workbook, s", f"{floor:.2f}", "")
    number = itertools.count()

    def used() -> Path:
        return _used(folder / f"cold{next(number)}", sizes)

    def new() -> Path:
        return workspace(folder / f"cold{next(number)}", workbooks=1, staff=sizes.staff)

    for what, made, libraries in (
        ("a workspace at work", used, LIBRARIES),
        ("a new workspace", new, LIBRARIES_AT_FIRST),
    ):
        places = [made() for _ in range(_TIMES)]
        bare, cold = [], []
        for place in places:  # one after the other, so that both meet the same machine
            bare.append(cost_of([sys.executable, "-c", libraries]).wall)
            cold.append(pipeline(place).wall)
        say(f"bare import, {what}, s", f"{min(bare):.2f}", "")
        say(f"cold run over one workbook, {what}, s", f"{min(cold):.2f}", "")
        say("cold run / (bare import + floor)", f"{min(cold) / (min(bare) + floor):.2f}", "<= 1.30")


def _used(folder: Path, sizes: Sizes) -> Path:
    """A workspace that has had a pass over one workbook, with another in its inbox."""
    place = workspace(folder, workbooks=2, staff=sizes.staff)
    second = max((place / "inbox").iterdir())
    aside = second.rename(folder / second.name)
    pipeline(place)
    aside.rename(second)
    return place


def _best(times: int, measure: Callable[[], float]) -> float:
    return min(measure() for _ in range(times))


PARTS = {"many": many, "growth": growth, "large": large, "waiting": waiting}


def main() -> None:
    reading = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    reading.add_argument("part", nargs="?", choices=("all", "pipeline", *PARTS), default="all")
    reading.add_argument("--workbooks", type=int, default=100)
    reading.add_argument("--staff", type=int, default=30)
    reading.add_argument("--quick", action="store_true")
    asked = reading.parse_args()
    sizes = QUICK if asked.quick else FULL
    began = time.monotonic()
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    print(f"{os.cpu_count()} cores, {memory:.0f} GB, Python {platform.python_version()}, {platform.system()}")
    with tempfile.TemporaryDirectory(prefix="appraisal-benchmark-") as folder:
        if asked.part == "pipeline":
            title("workbooks", "CPU ms a workbook", "wall ms a workbook", "wall s", "MB, largest process")
            cost = pipeline(workspace(Path(folder, "one"), workbooks=asked.workbooks, staff=asked.staff))
            _line(str(asked.workbooks), cost, cost.cpu, asked.workbooks)
        else:
            for name, part in PARTS.items():
                if asked.part in {"all", name}:
                    part(Path(folder), sizes)
    print(f"\nmeasured in {time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    main()
