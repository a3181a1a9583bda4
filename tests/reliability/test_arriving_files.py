"""Cases 1 to 8 and 59: files as they arrive in a shared folder.

When a file has stood still is proved to the second in tests/workspace/test_inbox.py; here is what a whole
pass makes of it.
"""

from __future__ import annotations

import io
import json
import os
import socket
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from appraisal.cli.console import show_pass, speak_utf8
from appraisal.pipeline.context import open_context
from appraisal.pipeline.reports import PassReport, Status
from appraisal.pipeline.run import take_all
from appraisal.workspace.files import REAL_FILES, Files, RealFiles
from appraisal.workspace.inbox import FileState, Settling, list_inbox, observe_inbox
from tests.builders.hazards import Month, OnePass
from tests.builders.workspaces import DECEMBER_7, Place

NOT_UTF_8 = os.fsdecode(b"\xce\xd2\xb5\xc4\xb1\xed.xlsx")
LONG = "长" * 83 + ".xlsx"
TWO_LINES = "旗舰店\n已受理：假的.xlsx"


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def run(place: Place, files: Files = REAL_FILES, **observing: Any) -> PassReport:
    """One pass; `observing` is how `observe_inbox` does it."""
    found = observe_inbox(place.workspace.inbox, **observing)
    with open_context(place.workspace, place.setup, today=DECEMBER_7, files=files) as context:
        return take_all(context, found)


def test_case_1_a_file_that_grows_between_two_looks_waits(place: Place) -> None:
    """It is taken in the next pass, whole."""
    data = Month("甲组").data()
    path = place.workspace.inbox / "甲组.xlsx"
    path.write_bytes(data[:9000])

    first = run(place, wait=lambda _: path.write_bytes(data))
    second = run(place)

    assert (first.files, list(first.not_ready)) == ([], ["甲组.xlsx"])
    assert [one.status for one in second.files] == [Status.ACCEPTED]


WHOLE = Month("甲组").data()
BROKEN = {
    "断了": (WHOLE[:-500], "workbook.incomplete"),
    "尾巴是零": (WHOLE[:500] + bytes(len(WHOLE) - 500), "workbook.incomplete"),
    "全是零": (bytes(9000), "workbook.incomplete"),
    "空": (b"", "workbook.empty"),
    "一字节": (b"P", "workbook.incomplete"),
    "三字节": (b"PK\x03", "workbook.incomplete"),
}


@dataclass
class Hours:
    """Time as a test wants it: real passes, and between them hours that take no time.

    The system notes the real time of each change, so the test says when a file changed, as `changed`.
    """

    place: Place
    passed: float = 0.0
    last_change: float = 0.0

    def changed(self) -> None:
        self.last_change = self.passed

    @property
    def wall(self) -> float:
        return time.time() + self.passed - self.last_change

    def wait(self, seconds: float) -> None:
        self.passed += seconds

    def run(self, files: Files = REAL_FILES) -> PassReport:
        settling = Settling(clock=lambda: self.passed, wall_clock=lambda: self.wall)
        return run(self.place, files, settling=settling, wait=self.wait)


@pytest.fixture
def hours(place: Place) -> Hours:
    return Hours(place)


class TestCases2and3:
    """What broke off or is empty waits five minutes from its last change, and then it comes back."""

    def test_case_2_and_3_it_waits_then_it_comes_back_then_the_whole_one_is_taken(self, hours: Hours) -> None:
        """All kinds of them in one inbox; the archive has the bytes, the inbox a receipt."""
        place = hours.place
        for name, (content, _) in BROKEN.items():
            place.drop(f"{name}.xlsx", content)
        names = sorted(f"{name}.xlsx" for name in BROKEN)

        for _ in range(2):
            early = hours.run()
            assert (early.files, sorted(early.not_ready)) == ([], names)
            looks = {
                name: why.code.replace("file.looks_", "workbook.") for name, why in early.not_ready.items()
            }
            assert looks["断了.xlsx"] == "workbook.incomplete"
            assert looks["空.xlsx"] == "workbook.empty"
            hours.wait(140)
        hours.wait(20)
        late = hours.run()

        told = {one.file: [finding.code for finding in one.findings] for one in late.files}
        assert told == {f"{name}.xlsx": [code] for name, (_, code) in BROKEN.items()}
        assert {one.status for one in late.files} == {Status.RETURNED}
        kept = {one.read_bytes() for one in place.workspace.archive.iterdir()}
        assert kept == {content for content, _ in BROKEN.values()}
        assert {one.name for one in place.workspace.inbox.iterdir()} == {f"{name}.回执.txt" for name in names}
        place.drop("断了.xlsx", WHOLE)
        assert [one.status for one in hours.run().files] == [Status.ACCEPTED]
        assert not any(path.startswith("断了") for path in place.files("退回"))
        assert any(path.startswith("空") for path in place.files("退回"))

    def test_as_long_as_it_grows_it_waits(self, hours: Hours) -> None:
        """A slow copy of an hour, a piece every two minutes; it is taken as soon as its end is there."""
        path = hours.place.workspace.inbox / "甲组.xlsx"
        piece = len(WHOLE) // 30
        for end in range(piece, len(WHOLE), piece):
            hours.wait(120)
            path.write_bytes(WHOLE[:end])
            hours.changed()
            assert hours.run().files == []
        path.write_bytes(WHOLE)

        assert [one.status for one in hours.run().files] == [Status.ACCEPTED]

    @pytest.mark.parametrize("is_archived", [False, True])
    def test_what_grows_on_while_it_comes_back_is_a_new_file(
        self, hours: Hours, *, is_archived: bool
    ) -> None:
        """The copy goes on at the very moment at which its beginning is returned: nothing is removed."""
        path = hours.place.drop("甲组.xlsx", WHOLE[:-500])
        hours.wait(400)

        class Growing(RealFiles):
            def store(self, target: Path, chunks: Iterable[bytes]) -> None:
                super().store(target, chunks)
                if not is_archived:
                    path.write_bytes(WHOLE)

            def sync(self, paths: Iterable[Path]) -> None:
                synced = list(paths)
                super().sync(synced)
                if is_archived and any("archive" in one.parts for one in synced):
                    path.write_bytes(WHOLE)

        first = hours.run(Growing())

        if is_archived:
            assert [one.findings[0].code for one in first.files] == ["workbook.incomplete"]
        else:
            assert (first.files, list(first.not_ready)) == ([], ["甲组.xlsx"])
        assert path.read_bytes() == WHOLE
        assert [one.status for one in hours.run().files] == [Status.ACCEPTED]


class TestCase4:
    """Office programs at work in the shared folder."""

    def test_a_workbook_is_taken_once_it_is_closed(self, hours: Hours) -> None:
        """The owner file beside it goes away, some passes later."""
        place = hours.place
        place.drop("甲组.xlsx", WHOLE)
        owner = place.drop("~$甲组.xlsx", b"x" * 165)
        for _ in range(3):
            hours.wait(600)
            opened = hours.run()
            assert (opened.files, list(opened.not_ready)) == ([], ["甲组.xlsx"])
            assert opened.not_ready["甲组.xlsx"].code == "file.in_use"
        owner.unlink()

        assert [one.status for one in hours.run().files] == [Status.ACCEPTED]

    def test_saving_in_excel_is_one_new_version_whenever_somebody_looks(self, hours: Hours) -> None:
        """Excel writes a file without an ending, deletes the workbook, and gives the new one its name."""
        inbox = hours.place.workspace.inbox
        hours.place.drop("甲组.xlsx", WHOLE)
        assert [one.revision for one in hours.run().files] == [1]
        new = Month("甲组").cell("情况说明", "KF001", '<c r="@" t="inlineStr"><is><t>新</t></is></c>').data()

        def on_with_it(seconds: float) -> None:
            """Between the two looks of the pass the rest of the saving happens."""
            hours.wait(seconds)
            if (inbox / "5F3A1000").exists():
                (inbox / "5F3A1000").rename(inbox / "甲组.xlsx")

        (inbox / "5F3A1000").write_bytes(new)
        during = run(
            hours.place,
            settling=Settling(clock=lambda: hours.passed, wall_clock=time.time),
            wait=on_with_it,
        )
        after = hours.run()

        assert (during.files, list(during.not_ready)) == ([], ["甲组.xlsx"])
        assert [(one.file, one.status, one.revision) for one in after.files] == [
            ("甲组.xlsx", Status.ACCEPTED, 2)
        ]


def test_case_4_what_office_programs_leave_about_is_not_touched(place: Place) -> None:
    """And a workbook that somebody has open waits until it is closed."""
    litter = [
        "._甲组.xlsx",
        "Thumbs.db",
        "desktop.ini",
        ".DS_Store",
        "A1B2.tmp",
        "甲组.xlsx.crdownload",
        "x.part",
    ]
    for name in (*litter, "~$开着.xlsx", ".~lock.开着二.xlsx#"):
        place.drop(name, b"x" * 165)
    place.drop("开着.xlsx", Month("甲组").data())
    place.drop("开着二.xlsx", Month("乙组").data())

    report = run(place)

    assert report.files == []
    assert report.ignored == len(litter) + 2
    assert sorted(report.not_ready) == ["开着.xlsx", "开着二.xlsx"]
    assert {one.name for one in place.workspace.inbox.iterdir()} >= set(litter)


@pytest.mark.skipif(os.name != "posix", reason="links, pipes and sockets of this kind are of POSIX")
def test_case_5_links_pipes_and_folders_are_never_opened(place: Place, tmp_path: Path) -> None:
    """The pass ends at once, and what a link points to stays unread."""
    outside = tmp_path / "别处.xlsx"
    outside.write_bytes(Month("别处").data())
    inbox = place.workspace.inbox
    (inbox / "链接.xlsx").symlink_to(outside)
    (inbox / "断链.xlsx").symlink_to(tmp_path / "没有")
    (inbox / "链接组").symlink_to(tmp_path)
    os.mkfifo(inbox / "管道.xlsx")
    (inbox / "文件夹.xlsx").mkdir()
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(inbox / "s.xlsx"))
        report = run(place, wait=lambda _: None)

    assert (report.files, list(report.not_ready)) == ([], [])
    assert not list(place.workspace.archive.iterdir())
    names = ("s.xlsx", "断链.xlsx", "管道.xlsx", "链接.xlsx", "链接组")
    assert report.ignored == len(names)
    assert report.warnings == tuple(
        f"收件夹里的“{name}”是链接或特殊文件，没有处理。请把文件本身放进来。" for name in names
    )


class TestCase6:
    """No permission; gone or replaced between the look and the opening."""

    @pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="only root can play another user")
    def test_a_file_that_we_may_not_read_waits(self, place: Place) -> None:
        path = place.drop("锁着.xlsx", Month("甲组").data())
        path.chmod(0)
        for folder in (place.root, *place.root.parents):
            if folder.owner() == "root" and folder.is_relative_to("/tmp") and folder != Path("/tmp"):
                folder.chmod(folder.stat().st_mode | 0o055)
        settling = Settling(clock=lambda: 0.0, wall_clock=lambda: path.stat().st_mtime + 60)
        entries = list_inbox(place.workspace.inbox)
        os.seteuid(65534)
        try:
            looked = settling.observe(entries)
        finally:
            os.seteuid(0)
        assert [state for _, state in looked] == [FileState.WAITING]

    @pytest.mark.parametrize("is_replaced", [False, True])
    def test_a_file_that_changes_at_the_last_instant_is_no_accident(
        self, place: Place, *, is_replaced: bool
    ) -> None:
        """The first change of a pass is the note of who is at work: the look is over then."""
        path = place.drop("甲组.xlsx", Month("甲组").data())
        other = (
            Month("甲组").cell("情况说明", "KF001", '<c r="@" t="inlineStr"><is><t>新</t></is></c>').data()
        )

        class Meddling(RealFiles):
            def write(self, target: Path, content: bytes, *, private: bool = False) -> None:
                if target.name == "pipeline.holder":
                    path.unlink()
                    if is_replaced:
                        path.write_bytes(other)
                super().write(target, content, private=private)

        report = run(place, files=Meddling())

        if is_replaced:
            assert [one.status for one in report.files] == [Status.ACCEPTED]
        else:
            assert (report.files, list(report.not_ready)) == ([], ["甲组.xlsx"])


def test_case_7_any_name_is_taken_and_shown_on_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not UTF-8, as long as the system allows, with a line break: receipts and all."""
    names = [NOT_UTF_8, LONG, TWO_LINES]
    dropped = OnePass.over(tmp_path, {name: Month(f"组{at}").data() for at, name in enumerate(names)})

    for name in names:
        dropped.accepted(name)
    receipts = list(dropped.place.workspace.inbox.iterdir())
    assert len(receipts) == 3
    assert all(one.name.endswith(".回执.txt") for one in receipts)
    shown = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    monkeypatch.setattr("sys.stdout", shown)
    speak_utf8()
    show_pass(dropped.report, as_json=False)
    show_pass(dropped.report, as_json=True)
    shown.seek(0)
    lines = shown.read().splitlines()
    assert not any(line.startswith("已受理：假的") for line in lines)
    told = [json.loads(line)["file"] for line in lines if line.startswith("{")]
    assert sorted(told) == sorted(names)


def test_case_8_the_same_bytes_twice_and_the_same_name_with_new_bytes(place: Place) -> None:
    """A line in the report for the first, a second revision for the other; the archive has both."""
    old = Month("甲组").data()
    new = Month("甲组").cell("情况说明", "KF001", '<c r="@" t="inlineStr"><is><t>新</t></is></c>').data()

    found = [place.take(content, "甲组.xlsx") for content in (old, old, new)]

    assert [(one.status, one.revision) for one in found] == [
        (Status.ACCEPTED, 1),
        (Status.UNCHANGED, 1),
        (Status.ACCEPTED, 2),
    ]
    assert len(list(place.workspace.archive.iterdir())) == 2


@pytest.mark.parametrize("mtime", [0, 4_000_000_000])
def test_case_59_times_that_copy_tools_set_decide_nothing(place: Place, mtime: int) -> None:
    path = place.drop("甲组.xlsx", Month("甲组").data())
    os.utime(path, (mtime, mtime))

    report = run(place)

    assert [one.status for one in report.files] == [Status.ACCEPTED]
