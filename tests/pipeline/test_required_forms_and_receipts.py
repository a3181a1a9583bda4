"""`self_forms = "required"`, corrections with forms that wait, and where receipts lie."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from appraisal.intake.hr_acts import Act
from appraisal.pipeline.reports import FileReport, Status
from appraisal.scheme.forms.hr_acts import ActKind
from appraisal.scheme.forms.submission import CORRECTION, CORRECTION_REASON, SUBMISSION_KIND
from tests.builders.other_forms import filled_self
from tests.builders.submissions import NOVEMBER, staff_id
from tests.builders.workspaces import Place, workbook

MARKS = {"报表上交及时性": 6, "报表数据真实性": 7.5, "报表整体质量": 5}
OWN_MARKS = {"报表上交及时性": "6.00", "报表数据真实性": "7.50", "报表整体质量": "5.00"}
REQUIRED = 'self_forms = "required"\n'
EVERYBODY = tuple(map(staff_id, range(1, 7)))
DECEMBER_8 = date(2026, 12, 8)


def open_marks(*staff: str) -> dict[tuple[str, str, str], None]:
    """Cells that leave the people's own marks, words and 自评情况 open."""
    return {("自评", one, name): None for one in staff for name in (*MARKS, "自评情况")}


def marks(place: Place, staff: str, reviewer: str = "自评") -> dict[str, str]:
    """The marks of a person, as they count; the manager's stand in for those of one who gave none."""
    person = next(one for one in place.result()["staff"] if one["id"] == staff)
    return {name: person["indicators"][name]["points"][reviewer] for name in MARKS}


def told(report: FileReport, code: str) -> list[str]:
    """The messages of the findings of this kind."""
    return [one.message for one in report.findings if one.code == code]


# ------------------------------------------------------------------------------------------ required


def test_who_must_give_a_form_and_did_not_counts_as_absent_and_is_named(tmp_path: Path) -> None:
    """Five of six gave none: each is named; the one who did is scored by the form."""
    place = Place(tmp_path, settings=REQUIRED)
    place.drop("a.xlsx", filled_self(MARKS))
    place.drop("b.xlsx", workbook(cells=open_marks(*EVERYBODY)))

    own, report = place.run().files

    assert (own.status, report.status) == (Status.ACCEPTED, Status.ACCEPTED), report.findings
    absent = told(report, "self.absent")
    assert len(absent) == 5
    assert all(f"（{staff}）" in one for staff, one in zip(EVERYBODY[1:], absent, strict=True))
    assert marks(place, "KF001") == OWN_MARKS
    assert marks(place, "KF002") == marks(place, "KF002", "店长")


def test_marks_that_the_manager_typed_for_somebody_without_a_form_come_back(tmp_path: Path) -> None:
    """The mark is not the person's own word; the cell is named, nothing is scored."""
    place = Place(tmp_path, settings=REQUIRED)
    place.drop("a.xlsx", filled_self(MARKS))
    place.drop("b.xlsx", workbook(cells=open_marks(*EVERYBODY[:5])))

    _, report = place.run().files

    assert report.status is Status.RETURNED
    (missing,) = (one for one in report.findings if one.is_error)
    assert (missing.code, missing.sheet) == ("self.form_missing", "自评")
    assert missing.cell
    assert "（KF006）" in missing.message
    assert not (place.workspace.outbox / "旗舰店" / "2026-11").exists()


def test_a_form_that_comes_after_its_person_counted_as_absent_is_put_in(tmp_path: Path) -> None:
    """Before the issue: the next revision has the person's own marks."""
    place = Place(tmp_path, settings=REQUIRED)
    place.take(workbook(cells=open_marks(*EVERYBODY)))
    assert marks(place, "KF001") == marks(place, "KF001", "店长") != OWN_MARKS

    report = place.take(filled_self(MARKS), "自评.xlsx")

    assert (report.status, report.revision) == (Status.ACCEPTED, 2), report.findings
    assert marks(place, "KF001") == OWN_MARKS


# ----------------------------------------------------------------------------------------- corrections


def test_a_form_after_the_issue_counts_with_the_correction_that_hr_agrees_to(tmp_path: Path) -> None:
    """It waits, the correction takes it in, and nothing changes before HR's consent."""
    place = Place(tmp_path, settings='self_forms = "allowed"\n', hr=True)
    place.take(workbook())
    place.act(Act(ActKind.ISSUE, NOVEMBER, "旗舰店", DECEMBER_8, "刘芳", "定稿"))
    before = marks(place, "KF001")
    assert place.take(filled_self(MARKS), "自评.xlsx", DECEMBER_8).status is Status.WAITING

    labels = {SUBMISSION_KIND: CORRECTION, CORRECTION_REASON: "补录本人自评"}
    correction = place.take(workbook(cells=open_marks("KF001"), labels=labels), today=DECEMBER_8)
    assert correction.status is Status.WAITING, correction.findings
    assert marks(place, "KF001") == before

    done = place.act(Act(ActKind.APPROVE_CORRECTION, NOVEMBER, "旗舰店", date(2026, 12, 9), "刘芳", "同意"))

    assert done.revision == 2
    assert marks(place, "KF001") == OWN_MARKS
    assert [one["role"] for one in place.result()["inputs"]["files"]] == ["manager", "self"]


# -------------------------------------------------------------------------------------------- receipts


def receipts(place: Place) -> set[str]:
    """Every receipt below inbox and outbox, by its path in the workspace."""
    roots = (place.workspace.inbox, place.workspace.outbox)
    return {path.relative_to(place.root).as_posix() for root in roots for path in root.rglob("*回执*.txt")}


@pytest.mark.parametrize(
    ("setting", "where"),
    [("inbox", "inbox/旗舰店"), ("outbox", "outbox/回执/旗舰店"), ("off", None)],
)
def test_receipts_lie_where_the_settings_say(tmp_path: Path, setting: str, where: str | None) -> None:
    """Beside the dropped file, in the outbox in the same folders, or nowhere; the file is taken all the same."""
    place = Place(tmp_path, settings=f'receipts = "{setting}"\n')
    report = place.take(workbook(), "旗舰店/上报表.xlsx")

    assert report.status is Status.ACCEPTED
    assert not (place.workspace.inbox / "旗舰店" / "上报表.xlsx").exists()
    found = receipts(place)
    assert found == ({f"{where}/上报表.xlsx.回执.txt"} if where else set())
    for path in found:
        assert "旗舰店" in (place.root / path).read_text("utf-8-sig")


def test_receipts_in_the_outbox_tell_what_came_back_too(tmp_path: Path) -> None:
    """Where the inbox may only be read, people still learn it."""
    place = Place(tmp_path, settings='receipts = "outbox"\n')
    place.take(workbook(cells={("考核数据", "KF001", "付款人数"): None}))

    (path,) = receipts(place)
    assert path.startswith("outbox/回执/")
    assert "退回" in (place.root / path).read_text("utf-8-sig")
