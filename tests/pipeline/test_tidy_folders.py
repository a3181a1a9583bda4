"""Receipts, returned papers and folders go when nobody needs them any more."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from appraisal.intake.hr_acts import Act
from appraisal.period import Period
from appraisal.pipeline.reports import Status
from appraisal.scheme.forms.hr_acts import ActKind
from appraisal.scheme.forms.submission import GROUP
from tests.builders.other_forms import filled_self
from tests.builders.submissions import NOVEMBER, staff_id, staff_name
from tests.builders.workbooks import label_cell, opened, saved
from tests.builders.workspaces import Place, workbook

FAULTY = {("考核数据", "KF001", "付款人数"): None}
ROSTER = "工号,姓名,考核组,考核方案,入职日期\n" + "".join(
    f"{staff_id(number)},{staff_name(number)},旗舰店,online-shop,2020-01-01\n" for number in range(1, 7)
)


def receipts(place: Place) -> list[str]:
    roots = (place.workspace.inbox, place.workspace.outbox)
    return sorted(
        path.relative_to(place.root).as_posix() for root in roots for path in root.rglob("*.回执.txt")
    )


def empty_folders(place: Place) -> list[str]:
    folders = (path for path in place.workspace.outbox.rglob("*") if path.is_dir())
    return [path.name for path in folders if not any(path.iterdir())]


def close(
    place: Place, group: str | None = None, period: Period = NOVEMBER, on: date = date(2026, 12, 20)
) -> None:
    is_forced = period != NOVEMBER  # nobody hands in another month here
    place.act(Act(ActKind.CLOSE, period, group, on, "李经理", "月结", is_forced=is_forced))


@pytest.mark.parametrize("where", ["inbox", "outbox"])
def test_a_file_has_one_receipt_the_newest_until_its_month_is_closed(tmp_path: Path, where: str) -> None:
    """Returned, put right and dropped again under its returned name: one text, which says 已受理; then none."""
    place = Place(tmp_path, settings=f'receipts = "{where}"\n')
    place.take(workbook(cells=FAULTY), "旗舰店/上报表.xlsx")
    place.take(workbook(), "旗舰店/上报表_退回.xlsx")
    (receipt,) = receipts(place)
    assert receipt.endswith("旗舰店/上报表.xlsx.回执.txt")
    assert "退回" not in (place.root / receipt).read_text("utf-8-sig")

    close(place)
    assert receipts(place) == []
    assert (place.workspace.inbox / "旗舰店").is_dir()
    assert empty_folders(place) == []


def test_the_receipt_of_a_later_months_file_of_the_same_name_stays(tmp_path: Path) -> None:
    place = Place(tmp_path)
    place.take(workbook())
    place.take(workbook(period=Period(2026, 12)), today=date(2027, 1, 6))
    close(place)
    assert receipts(place) == ["inbox/上报表.xlsx.回执.txt"]


def test_the_receipt_of_what_came_after_the_closing_goes_when_the_next_month_is_closed(
    tmp_path: Path,
) -> None:
    place = Place(tmp_path)
    place.take(workbook())
    place.take(workbook(group="二店"), "二.xlsx")
    close(place, "旗舰店")
    place.take(workbook(), "又一份.xlsx", date(2026, 12, 21))
    assert receipts(place) == ["inbox/二.xlsx.回执.txt", "inbox/又一份.xlsx.回执.txt"]
    close(place, None, Period(2026, 12), date(2027, 1, 20))
    assert receipts(place) == ["inbox/二.xlsx.回执.txt"], "the other group's month is still open"


def test_closing_one_group_leaves_the_receipts_of_the_others(tmp_path: Path) -> None:
    place = Place(tmp_path)
    place.take(workbook(), "一.xlsx")
    place.take(workbook(group="二店"), "二.xlsx")
    close(place, "旗舰店")
    assert receipts(place) == ["inbox/二.xlsx.回执.txt"]


def test_papers_of_a_file_that_was_first_dropped_elsewhere_go_when_it_is_accepted(tmp_path: Path) -> None:
    """A group that nobody knows: it came back to where nobody's papers lie, and is handed in where it belongs."""
    place = Place(tmp_path, roster=ROSTER)
    book = opened(workbook())
    label_cell(book["考核数据"], GROUP).offset(column=1).value = "旗舰"
    first = place.take(saved(book), "旗舰店_2026-11_考核上报表.xlsx")
    assert first.outputs[0].startswith("outbox/退回/")
    report = place.take(workbook(), "旗舰店/旗舰店_2026-11_考核上报表_退回.xlsx")
    assert report.status is Status.ACCEPTED, report.findings
    assert place.files("退回") == {}
    assert empty_folders(place) == []
    assert not (place.workspace.outbox / "退回").exists()


def test_a_persons_form_that_came_back_stays_open_when_the_manager_hands_in_and_goes_with_its_own(
    tmp_path: Path,
) -> None:
    """The month's workbook puts nothing right of it; the form itself does, whatever it is called then."""
    place = Place(tmp_path, settings='self_forms = "allowed"\n')
    place.take(filled_self({"报表整体质量": None}), "张三的自评.xlsx")
    place.take(workbook())
    assert "张三的自评_退回.html" in place.files("旗舰店/退回")
    place.take(filled_self({"报表整体质量": 4, "报表上交及时性": 5, "报表数据真实性": 6}), "自评改好.xlsx")
    assert "张三的自评_退回.html" not in place.files("旗舰店/退回")


@pytest.mark.parametrize("where", ["inbox", "outbox"])
def test_the_receipt_of_a_returned_file_goes_with_its_papers(tmp_path: Path, where: str) -> None:
    """Whatever the corrected file is called; not where it tells of another file of the same name by then."""
    place = Place(tmp_path, settings=f'receipts = "{where}"\n')
    place.take(workbook(cells=FAULTY), "七.xlsx")
    place.take(workbook(cells=FAULTY | {("考核数据", "KF002", "付款人数"): None}), "八.xlsx")
    place.take(workbook(group="二店"), "八.xlsx")
    assert len(receipts(place)) == 2
    place.take(workbook(), "旗舰店/七_改.xlsx")

    assert place.files("旗舰店/退回") == {}
    assert [path.rpartition("/")[2] for path in receipts(place)] == [
        "八.xlsx.回执.txt",
        "七_改.xlsx.回执.txt",
    ]


def test_a_file_that_cannot_be_opened_goes_back_beside_a_good_one_and_goes_with_the_next(
    tmp_path: Path,
) -> None:
    """Nothing that this pass gave back is taken away by it; a later 上报表 puts it right, receipt and all."""
    place = Place(tmp_path)
    place.drop("旗舰店/坏.xlsx", b"PK no workbook")
    place.drop("旗舰店/好.xlsx", workbook())
    place.run()
    assert set(place.files("旗舰店/退回")) == {"坏_退回.html", "坏_退回.json"}
    place.take(workbook(cells=FAULTY | {("考核数据", "KF001", "付款人数"): 77}), "旗舰店/更好.xlsx")
    assert place.files("旗舰店/退回") == {}
    assert receipts(place) == ["inbox/旗舰店/好.xlsx.回执.txt", "inbox/旗舰店/更好.xlsx.回执.txt"]


def test_what_somebody_wrote_into_a_returned_paper_stays_where_it_is(tmp_path: Path) -> None:
    place = Place(tmp_path)
    place.take(workbook(cells=FAULTY))
    path = place.workspace.outbox / "旗舰店/退回/上报表_退回.html"
    path.write_text("自己记的", "utf-8")
    place.take(workbook())
    assert place.files("旗舰店/退回") == {"上报表_退回.html": "自己记的".encode()}


def test_a_withdrawn_month_leaves_no_empty_folders(tmp_path: Path) -> None:
    place = Place(tmp_path)
    place.take(workbook())
    place.act(Act(ActKind.WITHDRAW, NOVEMBER, "旗舰店", date(2026, 12, 9), "李经理", "数据有误"))
    assert empty_folders(place) == []
    assert "result.json" in "".join(place.files("旗舰店/2026-11/历史版次/第1版"))
