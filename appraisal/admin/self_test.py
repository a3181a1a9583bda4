"""`doctor --self-test`: the demo on this machine, cut off in its last pass and taken up again, against the shipped one.

An administrator runs it where we have never been: another system, a network drive, an odd locale. Every paper must
say what it says with us. `self_test.json` has a digest of each; `tools/build_self_test.py` makes it anew.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from appraisal.admin.demo import DEMO_DAY, DEMO_GROUP, DEMO_PERIOD, begin_demo, last_pass
from appraisal.admin.machine import CheckState, SetupCheck, good, note, wrong
from appraisal.errors import AppraisalError
from appraisal.pipeline.run import no_progress
from appraisal.pipeline.workbooks import Progress
from appraisal.workspace.names import month_folder
from appraisal.workspace.paths import Workspace, sha256_of

SHIPPED = Path(__file__).with_name("self_test.json")
_MATTER = "自检"
_LONGEST = 120.0
"""Seconds that the pass which is cut off may take to its first paper."""
_SHOWN = 5
_SEND_IN = "先不要正式使用：请把 {} 整个文件夹和 doctor 的输出发给程序的维护者。"


@dataclass(frozen=True, slots=True)
class SelfTest:
    """What came of it: the digest of each paper, and whether the pass was cut off before its end."""

    papers: Mapping[str, str]
    was_cut_off: bool

    def differing(self, shipped: Mapping[str, str]) -> list[str]:
        """The papers that are there in one alone, or say something else."""
        return sorted(
            name for name in self.papers.keys() | shipped.keys() if self.papers.get(name) != shipped.get(name)
        )


def self_test(folder: Path, progress: Progress = no_progress) -> SetupCheck:
    """Run it in a new folder inside `folder`; it stays there only where something differs, to be looked at."""
    workspace = Workspace(Path(tempfile.mkdtemp(prefix="自检-", dir=folder)))
    try:
        tested = run_self_test(workspace, progress)
    except (AppraisalError, OSError) as error:
        return wrong(_MATTER, f"示例没有跑完（{error}）。{_SEND_IN.format(workspace.root)}")
    check = compared_with_shipped(tested, json.loads(SHIPPED.read_text("utf-8")), workspace.root)
    if check.state is not CheckState.WRONG:
        shutil.rmtree(workspace.root, ignore_errors=True)
    return check


def compared_with_shipped(tested: SelfTest, shipped: Mapping[str, str], folder: Path) -> SetupCheck:
    """What to tell the administrator; `folder` is where the papers lie."""
    if differing := tested.differing(shipped):
        more = "等" if len(differing) > _SHOWN else ""
        return wrong(
            _MATTER,
            f"{len(differing)}个文件与随程序附带的结果不同：{'、'.join(differing[:_SHOWN])}{more}。"
            f"{_SEND_IN.format(folder)}",
        )
    same = f"示例的三个月都跑了一遍，{len(tested.papers)}个文件的数字和文字都与附带的一致。"
    if tested.was_cut_off:
        return good(_MATTER, f"{same}最后一遍在途中强行结束过，接着做完了。")
    return note(_MATTER, f"{same}最后一遍没来得及强行结束，请再执行一次。")


def run_self_test(workspace: Workspace, progress: Progress = no_progress) -> SelfTest:
    """The demo, its last pass killed while it writes the month's papers and begun once more."""
    begin_demo(workspace, progress)
    was_cut_off = _cut_off(workspace)
    last_pass(workspace, progress)
    return SelfTest(digests(workspace), was_cut_off)


def _cut_off(workspace: Workspace) -> bool:
    """Run the pass as a program of its own and kill it at its first paper; whether it was still at work."""
    papers = workspace.outbox / month_folder(DEMO_GROUP, DEMO_PERIOD)
    package = Path(__file__).resolve().parents[1]
    command = [sys.executable, "-m", package.name, "run", "--workspace", str(workspace.root)]
    with subprocess.Popen(  # noqa: S603 - this program itself
        [*command, "--date", DEMO_DAY.isoformat()],
        cwd=package.parent,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as program:
        until = time.monotonic() + _LONGEST
        while program.poll() is None and not papers.is_dir() and time.monotonic() < until:
            time.sleep(0.005)
        was_at_work = program.poll() is None
        program.kill()
    return was_at_work


def digests(workspace: Workspace) -> dict[str, str]:
    """The digest of each paper and receipt, by its path in the workspace, in the order of paths.

    How the dropped workbooks were compressed differs from machine to machine, and with it their hashes: where a
    paper names one, the hash does not count.
    """
    hashes = [path.stem.encode() for path in sorted(workspace.archive.iterdir())]
    papers = (path for place in (workspace.inbox, workspace.outbox) for path in place.rglob("[!.]*"))
    return {
        path.relative_to(workspace.root).as_posix(): _digest(path, hashes)
        for path in sorted(papers, key=lambda path: path.as_posix())
        if path.is_file()
    }


def _digest(path: Path, hashes: list[bytes]) -> str:
    content = _content(path)
    for sha256 in hashes:
        content = content.replace(sha256, b"")
    return sha256_of(content)[:16]


def _content(path: Path) -> bytes:
    """The bytes; of an Office document those of its parts, as they are before compression."""
    with suppress(zipfile.BadZipFile), zipfile.ZipFile(path) as package:
        return b"".join(name.encode() + package.read(name) for name in sorted(package.namelist()))
    return path.read_bytes()
