"""The roster goes out to Excel and comes back through HR's folder of the inbox."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from appraisal.cli.app import main
from appraisal.intake.roster import Contacts
from appraisal.intake.roster_file import load_roster
from appraisal.pipeline.reports import Status
from appraisal.publish.forms.for_hr import roster_workbook
from tests.builders.workspaces import Place

ROSTER = "工号,姓名,考核组,考核方案,入职日期\nKF001,张三,旗舰店,online-shop,2025-03-03\n"


@pytest.fixture
def place(tmp_path: Path) -> Place:
    (tmp_path / "inbox" / "人事").mkdir(parents=True)
    return Place(tmp_path, roster=ROSTER)


def changed(place: Place) -> bytes:
    (one,) = place.setup.roster.members
    return roster_workbook([replace(one, contacts=Contacts(mail="zhang@example.com"))])


def test_hr_drops_a_changed_roster_and_is_told_what_it_changes(place: Place):
    """The former one stays, byte for byte; the same one again changes nothing."""
    report = place.take(changed(place), "人事/花名册.xlsx")
    assert report.status is Status.ACCEPTED
    assert "张三（KF001，旗舰店）：邮箱 空 → zhang@example.com。" in report.note
    assert load_roster(place.root).find("KF001").contacts.mail == "zhang@example.com"
    assert not (place.root / "roster.csv").exists()
    (kept,) = report.outputs
    assert (place.root / kept).read_text("utf-8") == ROSTER


def test_nobody_else_changes_the_roster(place: Place):
    """It comes back, as it does with a mistake in it."""
    assert place.take(changed(place), "花名册.xlsx").status is Status.RETURNED
    wrong = roster_workbook([replace(place.setup.roster.members[0], contacts=Contacts(mail="x"))])
    report = place.take(wrong, "人事/花名册.xlsx")
    assert [one.code for one in report.findings] == ["roster.mistake"]
    assert (place.root / "roster.csv").read_text("utf-8") == ROSTER


def test_the_verbs_take_it_out_and_in(place: Place, capsys: pytest.CaptureFixture[str]):
    """`--dry-run` only tells."""
    workspace = ["--workspace", str(place.root)]
    assert main(["roster", "export", "--out", str(place.root), *workspace]) == 0
    assert main(["roster", "export", "--out", str(place.root / "现在的.xlsx"), *workspace]) == 0
    assert (place.root / "现在的.xlsx").read_bytes() == (place.root / "花名册.xlsx").read_bytes()
    assert load_roster(place.root) == place.setup.roster
    file = place.root / "改.xlsx"
    file.write_bytes(changed(place))
    assert main(["roster", "import", str(file), "--dry-run", *workspace]) == 0
    assert (place.root / "roster.csv").exists()
    assert main(["roster", "import", str(file), *workspace]) == 0
    assert capsys.readouterr().out.count("邮箱 空 → zhang@example.com") == 2
    assert load_roster(place.root).find("KF001").contacts.mail == "zhang@example.com"
