"""自评表, 整改方案 and 人事办理单 dropped into the inbox: told by their content, whatever their names."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from appraisal.intake.hr_acts import Act
from appraisal.ledger.ledger import open_ledger
from appraisal.period import Period
from appraisal.pipeline.reports import FileReport, Status
from appraisal.pipeline.run import run_once
from appraisal.publish.forms.for_hr import acts_workbook
from appraisal.scheme.forms.hr_acts import ActKind
from tests.builders.other_forms import ISSUE, filled_acts, filled_self
from tests.builders.workspaces import DECEMBER_7, Forgetful, Place, scores, workbook
from tests.ledger.postgres import is_wanted, running_server

NOVEMBER = Period(2026, 11)
MARKS = {"报表上交及时性": 6, "报表数据真实性": 7.5, "报表整体质量": 5}
WITHOUT_OWN = {("自评", "KF001", name): None for name in (*MARKS, "自评情况")}
ALLOWED = 'self_forms = "allowed"\n'
DECEMBER_8 = date(2026, 12, 8)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path, settings=ALLOWED)


def codes(report: FileReport) -> list[str]:
    return [one.code for one in report.findings if one.is_error]


def own_marks(place: Place) -> dict[str, str]:
    person = next(one for one in place.result()["staff"] if one["id"] == "KF001")
    return {name: person["indicators"][name]["points"]["自评"] for name in MARKS}


OWN_MARKS = {"报表上交及时性": "6.00", "报表数据真实性": "7.50", "报表整体质量": "5.00"}


# ------------------------------------------------------------------------------------------ 自评表


def test_a_form_waits_for_the_managers_workbook_and_goes_into_it(place: Place) -> None:
    """The manager left 张三's own marks open; 张三 had given them."""
    waiting = place.take(filled_self(MARKS), "我的.xlsx")
    report = place.take(workbook(cells=WITHOUT_OWN))

    assert (waiting.status, waiting.group, waiting.period) == (Status.WAITING, "旗舰店", NOVEMBER)
    assert report.status is Status.ACCEPTED, report.findings
    assert own_marks(place) == OWN_MARKS
    assert [one["role"] for one in place.result()["inputs"]["files"]] == ["manager", "self"]


def test_form_and_workbook_in_one_pass_need_no_second(place: Place) -> None:
    """In whatever order their names stand."""
    place.drop("a.xlsx", workbook(cells=WITHOUT_OWN))
    place.drop("b.xlsx", filled_self(MARKS))

    report = place.run()

    assert [one.status for one in report.files] == [Status.ACCEPTED, Status.ACCEPTED]
    assert place.result()["revision"] == 1
    assert own_marks(place) == OWN_MARKS


def test_a_mistake_of_ours_with_one_form_costs_the_others_nothing(place: Place) -> None:
    """It stays in the inbox and is taken once the mistake is mended."""
    copied = {("自评", "KF001", name): mark for name, mark in MARKS.items()}
    place.drop("a.xlsx", filled_self(MARKS))
    place.drop("b.xlsx", workbook(cells=copied))
    statuses = {one.file: one.status for one in place.run(sandbox=Forgetful("a.xlsx")).files}
    (mended,) = place.run().files

    assert statuses == {"a.xlsx": Status.FAILED, "b.xlsx": Status.ACCEPTED}
    assert (mended.file, mended.status) == ("a.xlsx", Status.ACCEPTED)


def test_a_form_after_the_workbook_makes_the_next_revision(place: Place) -> None:
    """Before the issue: the marks agree, and 张三's own words take the place of what was copied."""
    copied = {("自评", "KF001", name): mark for name, mark in MARKS.items()}
    place.take(workbook(cells=copied))
    report = place.take(filled_self({**MARKS, "工作任务完成情况": "带教新人两名"}), "自评.xlsx")

    assert report.status is Status.ACCEPTED, report.findings
    assert report.revision == 2 == place.result()["revision"]
    assert own_marks(place) == OWN_MARKS


def test_a_form_that_says_what_the_workbook_says_changes_nothing(place: Place) -> None:
    """No revision is made for nothing."""
    copied = {("自评", "KF001", name): mark for name, mark in MARKS.items()}
    place.take(workbook(cells=copied))

    report = place.take(filled_self(MARKS), "自评.xlsx")

    assert (report.status, report.revision) == (Status.ACCEPTED, 1)


def test_a_form_that_contradicts_the_workbook_sends_the_workbook_back(place: Place) -> None:
    """Both marks are shown to the manager; the month stays as it is, the form is kept."""
    place.take(workbook())
    report = place.take(filled_self(MARKS), "自评.xlsx")

    assert report.status is Status.WAITING
    assert "请店长核对" in report.note
    assert place.result()["revision"] == 1
    page = place.files("旗舰店/退回")["上报表_退回.html"].decode()
    assert "本人自评表填的是 7.5" in page

    again = place.take(workbook(cells=WITHOUT_OWN), "上报表_退回.xlsx")
    assert again.revision == 2
    assert own_marks(place) == OWN_MARKS
    assert place.files("旗舰店/退回") == {}


def test_a_form_after_the_issue_waits_for_a_correction(place: Place) -> None:
    """An issued month never changes by itself."""
    place.take(workbook())
    place.act(Act(ActKind.ISSUE, NOVEMBER, "旗舰店", DECEMBER_8, "刘芳", "定稿"))
    report = place.take(filled_self(MARKS), "自评.xlsx", DECEMBER_8)

    assert report.status is Status.WAITING
    assert "更正报送" in report.note
    assert place.result()["revision"] == 1


def test_a_form_again_is_unchanged_and_a_former_one_comes_back(place: Place) -> None:
    """The person's last word counts until they say otherwise in a new one."""
    first, second = filled_self(MARKS), filled_self({**MARKS, "报表整体质量": 4})
    place.take(first, "自评.xlsx")
    assert place.take(first, "自评2.xlsx").status is Status.UNCHANGED
    assert place.take(second, "自评.xlsx").status is Status.WAITING
    assert codes(place.take(first, "自评.xlsx")) == ["self.superseded"]


def test_a_second_form_is_shown_to_both_and_to_the_manager(place: Place) -> None:
    """Perhaps somebody else dropped it in 张三's name: the receipts say what was taken, and of which other."""
    first = place.take(filled_self(MARKS), "旗舰店/我的.xlsx")
    assert "收下的内容：" in first.note
    assert "报表整体质量 5" in first.note

    second = place.take(filled_self({**MARKS, "报表整体质量": 1}), "旗舰店/另一份.xlsx")

    assert [one.code for one in second.findings] == ["self.replaces"]
    assert "旗舰店/我的.xlsx" in second.findings[0].message
    assert "报表整体质量 1" in second.note
    receipt = place.workspace.inbox / "旗舰店" / "我的.xlsx.回执.txt"
    assert "又收到一份内容不同的自评表（旗舰店/另一份.xlsx）" in receipt.read_text("utf-8-sig")
    page = (place.workspace.outbox / "旗舰店" / "退回" / "我的_退回.html").read_text("utf-8")
    assert "请店长向本人核实" in page

    report = place.take(workbook(cells=WITHOUT_OWN))
    assert "self.several" in [one.code for one in report.findings]
    assert place.files("旗舰店/退回") == {}


def test_a_form_from_another_groups_folder_is_refused(place: Place) -> None:
    assert codes(place.take(filled_self(MARKS), "别的店/我的.xlsx")) == ["group.wrong_folder"]
    with place.ledger() as ledger, ledger.reading() as transaction:
        assert transaction.self_forms.ever("旗舰店", NOVEMBER) == ()


def test_two_forms_of_one_person_in_one_pass_both_come_back(place: Place) -> None:
    """Nobody can know which is meant."""
    place.drop("a.xlsx", filled_self(MARKS))
    place.drop("b.xlsx", filled_self({**MARKS, "报表整体质量": 4}))

    assert [codes(one) for one in place.run().files] == [["self.two_at_once"]] * 2


def test_without_self_forms_a_form_comes_back_with_the_reason(tmp_path: Path) -> None:
    """`self_forms = "off"`, the default."""
    assert codes(Place(tmp_path).take(filled_self(MARKS), "自评.xlsx")) == ["self.not_used"]


# --------------------------------------------------------------------------------------- 人事办理单

ISSUED_ON_8 = {**ISSUE, "日期": DECEMBER_8}
CLOSED = {**ISSUED_ON_8, "事项": "关账", "文号": None}


def acts(place: Place, *rows: Mapping[str, Any], name: str = "人事/办理.xlsx") -> FileReport:
    return place.take(filled_acts(*rows), name, DECEMBER_8)


def test_hrs_sheet_is_carried_out_in_the_order_of_its_rows(place: Place) -> None:
    """下发, then 关账; the receipt says what was done, the ledger by whom and why."""
    place.take(workbook(cells=scores([1, 2, 3, 4, 5, 6])))

    report = acts(place, ISSUED_ON_8, CLOSED)

    assert report.status is Status.ACCEPTED, report.findings
    assert "下发：旗舰店 2026-11，已办理" in report.note
    assert "关账" in report.note
    assert place.result()["issued"] == "2026-12-08"
    with place.ledger() as ledger, ledger.reading() as books:
        done = books.acts.find(group="旗舰店")
        lines = books.outcomes.lines_of_month("旗舰店", NOVEMBER)
    assert [(one.kind, one.by, one.reason) for one in done] == [
        (ActKind.ISSUE, "刘芳", "通报已经审定"),
        (ActKind.CLOSE, "刘芳", "通报已经审定"),
    ]
    assert sum(line.amount for line in lines) == Decimal(0)


def test_a_row_that_cannot_be_done_sends_the_sheet_back_and_nothing_is_done(place: Place) -> None:
    """The first row was right; the second asks for a correction that nobody handed in."""
    place.take(workbook())

    report = acts(place, ISSUED_ON_8, {**ISSUED_ON_8, "事项": "同意更正"})

    assert report.status is Status.RETURNED
    assert codes(report) == ["act.refused"]
    assert place.result()["issued"] == DECEMBER_7.isoformat()
    with place.ledger() as ledger, ledger.reading() as books:
        assert books.acts.find(group="旗舰店") == ()
    assert "办理_退回.xlsx" in place.files("人事/退回")

    assert acts(place, ISSUED_ON_8).status is Status.ACCEPTED
    assert place.files("人事/退回") == {}


def test_the_same_sheet_again_does_nothing(place: Place) -> None:
    """A sheet is carried out once."""
    place.take(workbook())
    sheet = filled_acts(ISSUED_ON_8)
    place.take(sheet, "人事/办理.xlsx", DECEMBER_8)

    assert place.take(sheet, "人事/又一次.xlsx", DECEMBER_8).status is Status.UNCHANGED


@pytest.mark.parametrize("name", ["办理.xlsx", "旗舰店/办理.xlsx"])
def test_where_hr_has_a_folder_a_sheet_from_elsewhere_comes_back(place: Place, name: str) -> None:
    """A manager cannot issue a month by dropping HR's sheet."""
    place.take(workbook())
    (place.workspace.inbox / "人事").mkdir()

    assert codes(acts(place, ISSUED_ON_8, name=name)) == ["act.wrong_folder"]


def test_a_month_may_be_dropped_and_issued_in_one_pass(place: Place) -> None:
    """HR's sheet is taken last, whatever its name."""
    place.drop("人事/0.xlsx", filled_acts(ISSUED_ON_8))
    place.drop("上报表.xlsx", workbook())

    report = place.run(DECEMBER_8)

    assert {one.status for one in report.files} == {Status.ACCEPTED}
    assert place.result()["issued"] == "2026-12-08"


# -------------------------------------------------------------------------------------- HR's folder


def test_hrs_folder_is_written_with_the_month_and_left_alone_where_hr_wrote(place: Place) -> None:
    """An edited list is never overwritten; 定稿 is HR's own; what is the same is not written again."""
    place.hr = True
    place.take(workbook())
    folder = place.workspace.outbox / "人事" / "2026-11"
    assert {"汇总.xlsx", "奖励与提成调整明细.csv", "整改跟踪.xlsx", "连续末位.xlsx", "未报送名单.xlsx"} <= {
        path.name for path in folder.iterdir()
    }
    (folder / "汇总.xlsx").write_bytes(b"HR's")
    (folder / "定稿").mkdir()
    (folder / "定稿" / "汇总.xlsx").write_bytes(b"final")
    page = place.workspace.outbox / "人事" / "页面" / "旗舰店.html"
    page.write_bytes(b"HR's")

    place.take(workbook(cells={("考核数据", "KF001", "付款人数"): 440}))

    assert (folder / "汇总.xlsx").read_bytes() == b"HR's"
    assert (folder / "定稿" / "汇总.xlsx").read_bytes() == b"final"
    assert (folder / "汇总_新.xlsx").exists()
    place.run(DECEMBER_8)
    assert page.read_bytes() == b"HR's"
    assert page.with_name("旗舰店_新.html").exists(), "on the next day too"


def test_a_blank_of_hrs_sheet_lies_in_hrs_folder(place: Place) -> None:
    """Every act that is a command can also be asked for on it."""
    place.hr = True
    place.take(workbook())

    assert place.files("人事")["人事办理单.xlsx"] == acts_workbook(("旗舰店",))


def test_the_whole_pass_runs_on_postgresql(place: Place) -> None:
    """The same month, its issue and its money, with `--ledger postgresql+psycopg://…`."""
    if not is_wanted():
        pytest.skip("no PostgreSQL on this machine; CI has one")
    with running_server() as server:
        url = server.new_database()
        place.drop("上报表.xlsx", workbook(cells=scores([1, 2, 3, 4, 5, 6])))
        place.drop("人事/办理.xlsx", filled_acts(ISSUED_ON_8))
        (place.workspace.state / "ledger.db").unlink(missing_ok=True)
        report = run_once(place.workspace, place.setup, today=DECEMBER_8, ledger_url=url)
        with open_ledger(url) as ledger, ledger.reading() as books:
            lines = books.outcomes.lines_of_month("旗舰店", NOVEMBER)

    assert {one.status for one in report.files} == {Status.ACCEPTED}
    assert sorted(line.amount for line in lines) == [Decimal(-100), Decimal(100)]
    assert not (place.workspace.state / "ledger.db").exists()
