"""A file is taken when it stood still and is whole; all told by an injected clock."""

from __future__ import annotations

import math
import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from appraisal.workspace.inbox import (
    Content,
    FileState,
    InboxListing,
    NotReady,
    Settling,
    Unseen,
    content_of,
    is_ignored,
    list_inbox,
    not_ready_in,
)
from tests.intake.builders import Book

GOOD = Book().data()
LONG_AGO = 1_000_000_000


class Clock:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.now = 50.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    (tmp_path / "inbox").mkdir()
    return tmp_path / "inbox"


@pytest.fixture
def watch(inbox: Path, clock: Clock) -> Callable[[float], dict[str, str]]:
    """Let seconds pass, look at the inbox, and say each file's state by name."""
    settling = Settling(clock=clock)

    def look(seconds: float = 0) -> dict[str, str]:
        clock.now += seconds
        return states(settling, list_inbox(inbox))

    return look


def states(settling: Settling, listing: InboxListing) -> dict[str, str]:
    """Each name's state."""
    looked = {entry.path.name: str(state) for entry, state in settling.observe(listing)}
    return {**looked, **{name: "ignored" for _, name in listing.ignored}}


def single_pass(inbox: Path, clock: Clock, wall: float) -> Callable[[float], dict[str, str]]:
    settling = Settling(clock=clock, wall_clock=lambda: wall)

    def look(seconds: float = 0) -> dict[str, str]:
        clock.now += seconds
        return states(settling, list_inbox(inbox))

    return look


class TestStandingStill:
    def test_a_whole_file_is_ready_at_the_second_look(self, inbox: Path, watch):
        """Not at the first, and not before two seconds have passed."""
        (inbox / "a.xlsx").write_bytes(GOOD)
        assert watch() == {"a.xlsx": "waiting"}
        assert watch(1.9) == {"a.xlsx": "waiting"}
        assert watch(0.1) == {"a.xlsx": "ready"}

    def test_a_growing_file_waits_until_it_has_stood_still(self, inbox: Path, watch):
        """Case 1: each change starts the wait again."""
        path = inbox / "a.xlsx"
        path.write_bytes(GOOD[:100])
        watch()
        path.write_bytes(GOOD)
        assert watch(5) == {"a.xlsx": "waiting"}
        assert watch(2) == {"a.xlsx": "ready"}

    def test_a_change_of_time_alone_starts_the_wait_again(self, inbox: Path, watch):
        """Room was made for the whole file first; the bytes are still coming."""
        path = inbox / "a.xlsx"
        path.write_bytes(GOOD)
        watch()
        os.utime(path, ns=(LONG_AGO, LONG_AGO))
        assert watch(5) == {"a.xlsx": "waiting"}

    @pytest.mark.parametrize("mtime", [0, LONG_AGO, 4_000_000_000 * 10**9])
    def test_a_time_of_change_in_the_past_or_the_future_does_not_matter(self, mtime: int, inbox: Path, watch):
        """Case 59."""
        (inbox / "a.xlsx").write_bytes(GOOD)
        os.utime(inbox / "a.xlsx", ns=(mtime, mtime))
        watch()
        assert watch(2) == {"a.xlsx": "ready"}

    def test_a_file_that_went_and_came_back_starts_anew(self, inbox: Path, watch):
        """Excel saves by deleting and renaming: what comes back is a new file."""
        path = inbox / "a.xlsx"
        path.write_bytes(GOOD)
        watch()
        path.rename(inbox / "b.bin")
        watch(2)
        (inbox / "b.bin").rename(path)
        assert watch(2) == {"a.xlsx": "waiting"}

    def test_files_that_are_no_workbook_settle_too(self, inbox: Path, watch):
        """The pre-flight says what they are."""
        (inbox / "a.csv").write_bytes("工号,姓名".encode())
        watch()
        assert watch(2) == {"a.csv": "ready"}

    def test_it_tells_when_the_next_file_can_be_ready(self, inbox: Path, clock: Clock):
        """So a watcher need not wait for its next look by the clock."""
        settling = Settling(clock=clock)
        settling.observe(list_inbox(inbox))
        assert settling.seconds_left == math.inf
        (inbox / "a.xlsx").write_bytes(GOOD)
        settling.observe(list_inbox(inbox))
        clock.now += 0.5
        (inbox / "b.xlsx").write_bytes(GOOD)
        settling.observe(list_inbox(inbox))
        assert settling.seconds_left == 1.5
        clock.now += 1.75
        assert settling.seconds_left == 0  # overdue: no look has told yet that it is ready
        settling.observe(list_inbox(inbox))
        assert settling.seconds_left == 0.25


class TestNotWhole:
    @pytest.mark.parametrize("content", [b"", b"P"])
    def test_an_empty_file_is_given_up_after_all_patience(self, content: bytes, inbox: Path, watch):
        """Case 3."""
        (inbox / "a.xlsx").write_bytes(content)
        watch()
        assert watch(299) == {"a.xlsx": "looks_empty"}
        assert watch(1) == {"a.xlsx": "empty"}

    @pytest.mark.parametrize("content", [GOOD[:-30], GOOD[:200] + bytes(len(GOOD) - 200), bytes(5000)])
    def test_a_broken_off_copy_is_given_up_after_all_patience(self, content: bytes, inbox: Path, watch):
        """Case 2: truncated, or a tail of zeros, or room made and never filled."""
        (inbox / "a.xlsx").write_bytes(content)
        watch()
        assert watch(2) == {"a.xlsx": "looks_incomplete"}
        assert watch(297) == {"a.xlsx": "looks_incomplete"}
        assert watch(1) == {"a.xlsx": "incomplete"}

    def test_until_when_a_broken_off_copy_waits_is_known(self, inbox: Path, clock: Clock):
        """From its last change on; whoever dropped it hears of it at once."""
        (inbox / "a.xlsx").write_bytes(GOOD[:-30])
        settling = Settling(clock=clock)
        settling.observe(list_inbox(inbox))
        clock.now += 100
        looked = settling.observe(list_inbox(inbox))
        [(name, why)] = not_ready_in(inbox, looked, settling).items()
        assert (name, why) == ("a.xlsx", NotReady(FileState.LOOKS_INCOMPLETE, 200))

    def test_a_copy_that_goes_on_late_is_still_taken(self, inbox: Path, watch):
        path = inbox / "a.xlsx"
        path.write_bytes(GOOD[:100])
        watch()
        watch(200)
        path.write_bytes(GOOD)
        watch(1)
        assert watch(2) == {"a.xlsx": "ready"}

    def test_what_lies_behind_the_end_is_left_to_the_pre_flight(self, tmp_path: Path):
        (tmp_path / "a").write_bytes(GOOD + b"more")
        assert content_of(tmp_path / "a") is Content.WHOLE


class TestInUse:
    @pytest.mark.parametrize("owner", ["~$上报表.xlsx", "~$表.xlsx", ".~lock.上报表.xlsx#", "~$上报表.XLSX"])
    def test_a_file_that_somebody_has_open_waits(self, owner: str, inbox: Path, watch):
        """Case 4: Excel, WPS and LibreOffice note it beside the file."""
        (inbox / "上报表.xlsx").write_bytes(GOOD)
        (inbox / owner).write_bytes(b"x" * 165)
        watch()
        assert watch(1000) == {"上报表.xlsx": "in_use", owner: "ignored"}
        (inbox / owner).unlink()
        assert watch() == {"上报表.xlsx": "ready"}

    def test_an_owner_file_in_another_folder_says_nothing(self, inbox: Path, watch):
        (inbox / "旗舰店").mkdir()
        (inbox / "旗舰店" / "a.xlsx").write_bytes(GOOD)
        (inbox / "~$a.xlsx").write_bytes(b"x")
        watch()
        assert watch(2)["a.xlsx"] == "ready"


class TestIgnored:
    @pytest.mark.parametrize(
        "name",
        ["~$a.xlsx", ".~lock.a.xlsx#", "._a.xlsx", "Thumbs.db", "desktop.ini", "Desktop.INI", ".DS_Store", "a.tmp",
         "A.TMP", "a.xlsx.crdownload", "a.part", "a.xlsx.回执.txt", ".gitkeep", ".换\n行.tmp"],
    )  # fmt: skip
    def test_nobodys_submissions_are_ignored(self, name: str):
        """Case 4."""
        assert is_ignored(name)

    @pytest.mark.parametrize(
        "name", ["a.xlsx", "a.csv", "回执.txt", "tmp.xlsx", "~a.xlsx", "a.XLSX", "无后缀", "换\n行.xlsx"]
    )
    def test_everything_else_is_somebodys(self, name: str):
        assert not is_ignored(name)

    def test_links_pipes_and_folders_are_never_opened(self, inbox: Path, watch):
        """Case 5, and at once."""
        (inbox / "folder.xlsx").mkdir()
        (inbox / "link.xlsx").symlink_to("/etc/passwd")
        (inbox / "broken.xlsx").symlink_to("nowhere")
        os.mkfifo(inbox / "pipe.xlsx")
        watch()
        assert set(watch(1000).values()) == {"ignored"}

    def test_a_pipe_put_in_the_place_of_a_file_does_not_block(self, inbox: Path):
        os.mkfifo(inbox / "a.xlsx")
        with pytest.raises(OSError, match="plain"):
            content_of(inbox / "a.xlsx")


class TestSinglePass:
    def test_an_old_whole_file_is_ready_at_the_first_look(self, inbox: Path, clock: Clock):
        (inbox / "a.xlsx").write_bytes(GOOD)
        os.utime(inbox / "a.xlsx", (1000, 1000))
        assert single_pass(inbox, clock, wall=1002)() == {"a.xlsx": "ready"}

    @pytest.mark.parametrize("mtime", [1001, 9_999_999])
    def test_a_fresh_file_or_one_from_the_future_needs_a_second_look(
        self, mtime: int, inbox: Path, clock: Clock
    ):
        """Case 59: it is not blocked, only looked at again."""
        (inbox / "a.xlsx").write_bytes(GOOD)
        os.utime(inbox / "a.xlsx", (mtime, mtime))
        look = single_pass(inbox, clock, wall=1002)
        assert look() == {"a.xlsx": "waiting"}
        assert look(2) == {"a.xlsx": "ready"}

    @pytest.mark.parametrize(("content", "state"), [(b"", "empty"), (GOOD[:-5], "incomplete")])
    def test_an_old_broken_file_is_given_up_at_the_second_look(
        self, content: bytes, state: str, inbox: Path, clock: Clock
    ):
        """A pass every night must not wait for it for ever; one look more guards against slow copies."""
        (inbox / "a.xlsx").write_bytes(content)
        look = single_pass(inbox, clock, wall=int(time.time()) + 302)
        assert look() == {"a.xlsx": f"looks_{state}"}
        assert look(2) == {"a.xlsx": state}

    def test_a_younger_broken_file_keeps_waiting(self, inbox: Path, clock: Clock):
        """Whatever time of change the copying program gave it: it came here a moment ago."""
        (inbox / "a.xlsx").write_bytes(b"")
        os.utime(inbox / "a.xlsx", (1000, 1000))
        look = single_pass(inbox, clock, wall=int(time.time()) + 290)
        look()
        assert look(2) == {"a.xlsx": "looks_empty"}


class TestListing:
    def test_folders_are_listed_as_deep_as_people_keep_order(self, inbox: Path):
        """A file further down is not seen, and that is said; a network drive's own folders are nobody's."""
        names = ["b.xlsx", "旗舰店/a.xlsx", "旗舰店/2026/11月/更正/c.xlsx"]
        unseen = [
            "旗舰店/2026/11月/更正/再/d.xlsx",
            ".trash/e.xlsx",
            "#recycle/f.xlsx",
            "旗舰店/@eaDir/g.xlsx",
        ]
        for name in (*names, *unseen):
            (inbox / name).parent.mkdir(parents=True, exist_ok=True)
            (inbox / name).write_bytes(b"x")
        listing = list_inbox(inbox)
        files = [str(entry.path.relative_to(inbox)) for entry in listing.entries if entry.is_file]
        assert sorted(files) == sorted(names)
        assert listing.unseen == ((inbox / "旗舰店/2026/11月/更正/再", Unseen.TOO_DEEP),)

    def test_a_link_to_a_folder_is_not_followed_and_that_is_said(self, inbox: Path, tmp_path: Path):
        (tmp_path / "elsewhere").mkdir()
        (tmp_path / "elsewhere" / "a.xlsx").write_bytes(b"x")
        (inbox / "旗舰店").symlink_to(tmp_path / "elsewhere")
        listing = list_inbox(inbox)
        assert [(entry.path.name, entry.is_file) for entry in listing.entries] == [("旗舰店", False)]
        assert listing.unseen == ((inbox / "旗舰店", Unseen.NO_FILE),)

    def test_names_that_are_no_utf_8_are_listed(self, inbox: Path, watch):
        """Case 7."""
        name = os.fsdecode(b"\xff\xfe.xlsx")
        (inbox / name).write_bytes(GOOD)
        watch()
        assert watch(2) == {name: FileState.READY.value}
