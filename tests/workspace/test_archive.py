"""The archive has every dropped file, byte for byte, whatever the shared folder does meanwhile."""

from __future__ import annotations

import hashlib
import os
import stat
from pathlib import Path

import pytest

from appraisal.workspace.archive import TryAgainLater, archive_file, remove_unchanged
from appraisal.workspace.files import REAL_FILES


@pytest.fixture
def dropped(tmp_path: Path) -> Path:
    path = tmp_path / "inbox" / "旗舰店_2026-11.xlsx"
    path.parent.mkdir()
    path.write_bytes(b"PK first version")
    return path


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    return tmp_path / "state" / "archive"


def test_a_claimed_file_lies_in_the_archive_under_its_hash(dropped: Path, archive: Path):
    """Byte for byte, with size and time of last change; the dropped file is untouched."""
    copy = archive_file(dropped, dropped.parent, archive, REAL_FILES)
    assert copy.sha256 == hashlib.sha256(b"PK first version").hexdigest()
    assert copy.path == archive / f"{copy.sha256}.xlsx"
    assert copy.path.read_bytes() == dropped.read_bytes() == b"PK first version"
    assert (copy.size, copy.mtime_ns) == (16, dropped.stat().st_mtime_ns)
    assert list(archive.iterdir()) == [copy.path]


def test_the_same_bytes_twice_are_kept_once(dropped: Path, archive: Path):
    """Case 8: a second drop is no second file."""
    first = archive_file(dropped, dropped.parent, archive, REAL_FILES)
    os.utime(dropped, ns=(1, 1))
    second = archive_file(dropped, dropped.parent, archive, REAL_FILES)
    assert second.path == first.path
    assert list(archive.iterdir()) == [first.path]


def test_the_same_name_with_other_bytes_is_another_file(dropped: Path, archive: Path):
    """Case 8: both versions are kept."""
    first = archive_file(dropped, dropped.parent, archive, REAL_FILES)
    dropped.write_bytes(b"PK second version")
    second = archive_file(dropped, dropped.parent, archive, REAL_FILES)
    assert {one.path.read_bytes() for one in (first, second)} == {
        b"PK first version",
        b"PK second version",
    }


@pytest.mark.skipif(os.name != "posix", reason="Windows has no such rights")
def test_nobody_else_may_read_the_archive(dropped: Path, archive: Path):
    """Scores are personal data: folder 0700, files 0600, even where the folder was wider before."""
    archive.mkdir(parents=True, mode=0o755)
    copy = archive_file(dropped, dropped.parent, archive, REAL_FILES)
    assert stat.S_IMODE(archive.stat().st_mode) == 0o700
    assert stat.S_IMODE(copy.path.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("name", "ending"),
    [
        ("a.XLSX", ".xlsx"),
        ("a", ".bin"),
        ("a.表", ".bin"),
        ("a.x y", ".bin"),
        ("a.muchtoolong", ".bin"),
        ("a.", ".bin"),
    ],
)
def test_only_a_plain_ending_is_taken_over(name: str, ending: str, tmp_path: Path, archive: Path):
    """Names come from outside; the archive's own are ours."""
    path = tmp_path / name
    path.write_bytes(b"x")
    assert archive_file(path, path.parent, archive, REAL_FILES).path.suffix == ending


@pytest.mark.parametrize("name", ["换\n行.xlsx", "长" * 83 + ".xlsx", os.fsdecode(b"\xff\xfe.xlsx")])
def test_any_name_that_the_folder_allows_is_claimed(name: str, tmp_path: Path, archive: Path):
    """Case 7: a newline, 254 bytes of Chinese, a name that is no UTF-8."""
    path = tmp_path / name
    path.write_bytes(b"x")
    assert archive_file(path, path.parent, archive, REAL_FILES).size == 1


def test_a_file_that_vanished_is_tried_again_later(tmp_path: Path, archive: Path):
    """Case 6."""
    with pytest.raises(TryAgainLater, match="tried again"):
        archive_file(tmp_path / "gone.xlsx", tmp_path, archive, REAL_FILES)


def test_a_link_is_not_followed(dropped: Path, archive: Path):
    """Case 5: whatever it points at."""
    link = dropped.with_name("link.xlsx")
    link.symlink_to(dropped)
    broken = dropped.with_name("broken.xlsx")
    broken.symlink_to("nowhere")
    for path in (link, broken):
        with pytest.raises(TryAgainLater):
            archive_file(path, path.parent, archive, REAL_FILES)
    assert list(archive.iterdir()) == []


def test_a_folder_that_became_a_link_is_not_followed(dropped: Path, tmp_path: Path, archive: Path):
    """Put there after the look, so that we read for somebody what they may not read themselves."""
    inbox = tmp_path / "shared"
    (inbox / "旗舰店" / "2026-11").mkdir(parents=True)
    inside = inbox / "旗舰店" / "2026-11" / dropped.name
    inside.write_bytes(b"PK mine")
    assert archive_file(inside, inbox, archive, REAL_FILES).size == 7
    inside.unlink()
    inside.parent.rmdir()
    inside.parent.symlink_to(dropped.parent)
    assert inside.read_bytes() == dropped.read_bytes()
    with pytest.raises(TryAgainLater):
        archive_file(inside, inbox, archive, REAL_FILES)


def test_a_pipe_or_a_folder_does_not_block(dropped: Path, archive: Path):
    """Case 5: a pipe without a writer would be waited for for ever."""
    pipe, folder = dropped.with_name("pipe.xlsx"), dropped.with_name("folder.xlsx")
    os.mkfifo(pipe)
    folder.mkdir()
    for path in (pipe, folder, Path("/dev/null")):
        with pytest.raises(TryAgainLater):
            archive_file(path, path.parent, archive, REAL_FILES)


def test_a_file_that_changes_while_it_is_copied_is_tried_again_later(
    dropped: Path, archive: Path, monkeypatch
):
    """Nothing half is kept."""
    read = os.read

    def read_and_append(handle: int, size: int) -> bytes:
        chunk = read(handle, size)
        if chunk == b"PK first version":
            with dropped.open("ab") as file:
                file.write(b"!")
        return chunk

    monkeypatch.setattr(os, "read", read_and_append)
    with pytest.raises(TryAgainLater, match="changed"):
        archive_file(dropped, dropped.parent, archive, REAL_FILES)
    assert list(archive.iterdir()) == []


def test_trouble_with_the_archive_is_not_the_files_fault(dropped: Path, tmp_path: Path):
    """Case 56: a full or missing disk needs a person, not another try in silence."""
    (tmp_path / "state").write_bytes(b"a file where the folder should be")
    with pytest.raises(OSError, match="state") as trouble:
        archive_file(dropped, dropped.parent, tmp_path / "state" / "archive", REAL_FILES)
    assert not isinstance(trouble.value, TryAgainLater)


def test_a_claimed_file_is_removed_from_the_inbox(dropped: Path, archive: Path):
    copy = archive_file(dropped, dropped.parent, archive, REAL_FILES)
    assert remove_unchanged(dropped, dropped.parent, copy, REAL_FILES)
    assert not dropped.exists()
    assert remove_unchanged(dropped, dropped.parent, copy, REAL_FILES)  # already gone is as good


def test_a_newer_version_is_not_removed_with_the_old_one(dropped: Path, archive: Path):
    """Between claiming and removing, somebody dropped a correction."""
    copy = archive_file(dropped, dropped.parent, archive, REAL_FILES)
    dropped.write_bytes(b"PK second version, longer")
    assert not remove_unchanged(dropped, dropped.parent, copy, REAL_FILES)
    assert dropped.exists()
