"""Case 56: the system will not take what we write. The step fails, the file stays, the next pass does it."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable
from pathlib import Path

import pytest

from appraisal.pipeline.reports import Status
from appraisal.pipeline.run import run_once
from appraisal.workspace.files import RealFiles
from tests.builders.workspaces import DECEMBER_7, Place, workbook


class FullDisk(RealFiles):
    """Nothing more can be written below a folder."""

    def __init__(self, folder: Path, reason: int = errno.ENOSPC) -> None:
        self._folder = folder
        self._reason = reason

    def _must_have_room(self, path: Path) -> None:
        if path.is_relative_to(self._folder):
            raise OSError(self._reason, os.strerror(self._reason), str(path))

    def write(self, path: Path, content: bytes, *, private: bool = False) -> None:
        self._must_have_room(path)
        super().write(path, content, private=private)

    def store(self, path: Path, chunks: Iterable[bytes]) -> None:
        self._must_have_room(path)
        super().store(path, chunks)


@pytest.mark.parametrize(
    ("where", "reason", "code", "words"),
    [
        ("outbox", errno.ENOSPC, "submission.not_placed", "磁盘已满"),
        ("outbox", errno.EACCES, "submission.not_placed", "正被别的程序打开"),
        ("outbox", errno.EROFS, "submission.not_placed", "只读"),
        ("state/archive", errno.ENOSPC, "submission.not_archived", "磁盘已满"),
    ],
)
def test_case_56_a_full_or_locked_disk_fails_the_step_and_loses_nothing(
    tmp_path: Path, where: str, reason: int, code: str, words: str
) -> None:
    """A good file and a faulty one: both stay, both are told why, both are done when there is room again."""
    place = Place(tmp_path)
    place.drop("好.xlsx", workbook(group="甲店", staff=4))
    place.drop("坏.xlsx", b"%PDF-1.7")

    failed = run_once(
        place.workspace, place.setup, today=DECEMBER_7, files=FullDisk(tmp_path / where, reason)
    )

    assert failed.exit_code == 1
    assert [one.status for one in failed.files] == [Status.FAILED] * 2
    assert {one.findings[-1].code for one in failed.files} == {code}
    assert all(words in one.findings[-1].message for one in failed.files)
    assert {"好.xlsx", "坏.xlsx"} <= {one.name for one in place.workspace.inbox.iterdir()}
    done = place.run()
    assert {one.file: one.status for one in done.files} == {
        "好.xlsx": Status.ACCEPTED,
        "坏.xlsx": Status.RETURNED,
    }
    assert not {"好.xlsx", "坏.xlsx"} & {one.name for one in place.workspace.inbox.iterdir()}
