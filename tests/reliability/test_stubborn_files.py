"""What the system does not let us do in one folder stops nobody else, and is told once."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from appraisal.ledger.records import Step
from appraisal.pipeline.reports import PassReport, Status, unseen_warnings
from appraisal.pipeline.run import run_once
from appraisal.workspace.files import RealFiles
from appraisal.workspace.inbox import is_gone, list_inbox
from tests.builders.hazards import Month
from tests.builders.submissions import NOVEMBER
from tests.builders.watching import QUICK, health, statuses, wait_for, watching
from tests.builders.workspaces import DECEMBER_7, Place

NOBODY = 65534
NOT_UTF_8 = os.fsdecode(b"\xce\xd2\xb5\xc4\xb1\xed")
FAULTY = Month("旗舰店").cell("付款人数", "KF001", '<c r="@" t="e"><v>#N/A</v></c>').data()


class Holding(RealFiles):
    """Somebody has the files of the inbox open, as on Windows: they can be read and not removed."""

    def remove(self, path: Path, *, inside: Path | None = None) -> None:
        if "inbox" in path.parts:
            raise PermissionError(errno.EACCES, "open elsewhere")
        super().remove(path, inside=inside)


def run(place: Place, *, is_held: bool) -> PassReport:
    files = Holding() if is_held else RealFiles()
    return run_once(place.workspace, place.setup, today=DECEMBER_7, files=files)


def everything_below(folder: Path) -> dict[Path, tuple[int, bytes]]:
    return {
        path: (path.stat().st_mtime_ns, path.read_bytes()) for path in folder.rglob("[!.]*") if path.is_file()
    }


@pytest.mark.parametrize(
    ("content", "status"),
    [(FAULTY, Status.RETURNED), (Month("旗舰店").data(), Status.ACCEPTED), (b"%PDF-1.7", Status.RETURNED)],
    ids=["faulty", "good", "no workbook"],
)
def test_a_file_that_cannot_be_removed_is_answered_once(
    tmp_path: Path, content: bytes, status: Status
) -> None:
    """Once it can be, it goes without another word."""
    place = Place(tmp_path)
    path = place.drop("旗舰店/表.xlsx", content)

    (first,) = run(place, is_held=True).files
    assert first.status is status
    assert "没能从收件夹移走" in first.note
    before = everything_below(place.workspace.outbox) | everything_below(place.workspace.inbox)
    for _ in range(2):
        report = run(place, is_held=True)
        assert (report.files, report.exit_code) == ([], 0)
    assert everything_below(place.workspace.outbox) | everything_below(place.workspace.inbox) == before

    assert run(place, is_held=False).files == []
    assert not path.exists()
    with place.ledger() as ledger, ledger.reading() as transaction:
        assert transaction.journal.unfinished() == ()
    assert place.take(content, "旗舰店/表.xlsx").status in {
        Status.RETURNED,
        Status.UNCHANGED,
    }  # handed in anew


def test_while_one_watches_it_is_answered_once_too(tmp_path: Path) -> None:
    """However often the watch tries to remove it; what else is handed in is done."""
    place = Place(tmp_path)
    with watching(place, files=Holding(), pace=replace(QUICK, failed=0.02)) as told:
        place.drop("旗舰店/表.xlsx", FAULTY)
        assert wait_for(lambda: statuses(told) == [Status.RETURNED])
        before, passes = everything_below(place.workspace.outbox / "旗舰店"), health(place)["passes"]
        assert wait_for(lambda: health(place)["passes"] > passes + 2)
        place.drop("甲.xlsx", b"%PDF-1.7")
        assert wait_for(lambda: len(statuses(told)) > 1)
    assert statuses(told) == [Status.RETURNED] * 2
    assert [file.file for report in told for file in report.files] == ["旗舰店/表.xlsx", "甲.xlsx"]
    assert everything_below(place.workspace.outbox / "旗舰店") == before


def test_a_file_put_in_the_place_of_one_that_could_not_be_removed_is_new(tmp_path: Path) -> None:
    place = Place(tmp_path)
    place.drop("表.xlsx", FAULTY)
    run(place, is_held=True)

    place.drop("表.xlsx", Month("旗舰店").data())

    assert [one.status for one in run(place, is_held=False).files] == [Status.ACCEPTED]


@pytest.mark.skipif(os.name != "posix", reason="names are text on Windows")
@pytest.mark.parametrize("content", [FAULTY, b"%PDF-1.7"], ids=["faulty", "no workbook"])
def test_a_faulty_file_of_any_name_gets_its_answer(tmp_path: Path, content: bytes) -> None:
    """Receipt, page, list for machines and ledger; the folder's name may be as odd."""
    place = Place(tmp_path)
    place.drop(f"{NOT_UTF_8}/{NOT_UTF_8}.xlsx", content)
    place.drop("甲.xlsx", Month("甲组").data())

    reports = run(place, is_held=False)

    (answer,) = [one for one in reports.files if one.file != "甲.xlsx"]
    assert answer.status is Status.RETURNED
    assert [Path(path).suffix for path in answer.outputs][-2:] == [".html", ".json"]
    assert all("␣ҵı␣" in (place.root / path).read_text("utf-8") for path in answer.outputs[-2:])
    (receipt,) = (place.workspace.inbox / NOT_UTF_8).iterdir()
    assert receipt.read_text("utf-8-sig").startswith("2026-12-07 已退回")
    with place.ledger() as ledger, ledger.reading() as transaction:
        assert transaction.journal.unfinished() == ()
        assert {one.step for one in transaction.journal.returned(NOVEMBER)} == {Step.CLEARED}


@contextmanager
def as_somebody(root: Path) -> Iterator[None]:
    """Modes apply to them, and the inbox is theirs."""
    for path in (root, *root.rglob("*")):
        os.chown(path, NOBODY, NOBODY, follow_symlinks=False)
    for folder in root.parents:
        if folder != Path("/tmp") and folder.is_relative_to("/tmp"):
            folder.chmod(folder.stat().st_mode | 0o055)
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="only root can play another user")
@pytest.mark.parametrize("mode", [0o000, 0o444, 0o300], ids=["closed", "names only", "no names"])
def test_a_folder_that_we_may_not_look_into_stops_nobody_else(tmp_path: Path, mode: int) -> None:
    """It is told, what lies elsewhere is seen, and nothing in it is taken for gone."""
    place = Place(tmp_path)
    hidden = place.drop("甲组/表.xlsx", FAULTY)
    seen = place.drop("乙组/表.xlsx", FAULTY)
    with as_somebody(place.workspace.inbox):
        hidden.parent.chmod(mode)
        listing = list_inbox(place.workspace.inbox)
        is_hidden_gone = is_gone(hidden)
        hidden.parent.chmod(0o755)

    assert [one.path for one in listing.entries if one.is_file] == [seen]
    told = unseen_warnings(listing.unseen, place.workspace.inbox)
    assert len(told) == 1
    assert told[0].startswith("收件夹里的“甲组")
    assert "打不开" in told[0]
    assert not is_hidden_gone


def test_a_claim_whose_folder_cannot_be_looked_into_stays_open(tmp_path: Path) -> None:
    """An earlier pass could not remove the file; its claim is closed once it is known to be gone."""
    place = Place(tmp_path)
    path = place.drop("甲组/表.xlsx", FAULTY)
    run(place, is_held=True)
    aside = path.parent.rename(tmp_path / "aside")
    path.parent.symlink_to(path.parent)  # a loop: the system will not look into it, whoever asks

    place.drop("乙组/表.xlsx", Month("乙组").data())
    assert [one.status for one in run(place, is_held=False).files] == [Status.ACCEPTED]

    path.parent.unlink()
    aside.rename(path.parent)
    assert run(place, is_held=False).files == []
    assert not path.exists()
