"""One pass from inbox to outbox, as a store manager and HR meet it."""

from __future__ import annotations

import hashlib
import json
import os
import re
import time
import zipfile
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest

from appraisal.intake.hr_acts import Act
from appraisal.period import Period
from appraisal.pipeline.reports import Status
from appraisal.scheme.forms.hr_acts import ActKind
from tests.builders.workbooks import opened
from tests.builders.workspaces import DECEMBER_7, Place, scores, workbook

FOLDER = "旗舰店/2026-11"


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path / "工作区")


def test_a_good_workbook_becomes_results_notice_slips_and_plans(place: Place) -> None:
    """Everything that the README promises lies in the month's folder, result.json among it."""
    report = place.take(workbook())

    assert report.status is Status.ACCEPTED
    assert (report.group, report.period, report.revision) == ("旗舰店", Period(2026, 11), 1)
    names = set(place.files(FOLDER))
    assert {
        "旗舰店_2026-11_考核结果.xlsx",
        "旗舰店_2026-11_考核通报.docx",
        "旗舰店_2026-11_考核通报.html",
        "绩效单/绩效单_打印合集.docx",
        "result.json",
    } <= names
    assert sum(name.startswith("绩效单/KF") for name in names) == 6
    assert sum(name.startswith("整改方案/") and name.endswith("_整改方案.xlsx") for name in names) == 2
    assert set(report.outputs) == {f"outbox/{FOLDER}/{name}" for name in names}


def test_the_worked_example_of_the_scheme_comes_out(place: Place) -> None:
    """KF001 is the scheme's own example: 自评 81.00, 店长 77.00, final 78.20."""
    place.take(workbook())

    person = next(one for one in place.result()["staff"] if one["id"] == "KF001")

    assert person["reviewers"] == {"自评": "81.00", "店长": "77.00"}
    assert person["final"] == "78.20"
    assert person["indicators"]["咨询转化率"] == {
        "value": "0.5400",
        "applicable": True,
        "points": {"自评": "12.00", "店长": "12.00"},
    }


def test_result_json_keeps_its_contract(place: Place) -> None:
    """All keys in their order; decimals as strings; the dropped bytes and the rule file by hash."""
    content = workbook()
    place.take(content)

    result = place.result()

    assert list(result) == [
        "scheme", "version", "group", "period", "revision", "issued", "staff", "outcomes", "inputs",
    ]  # fmt: skip
    assert result["issued"] == "2026-12-07"
    assert result["inputs"]["files"] == [{"role": "manager", "sha256": hashlib.sha256(content).hexdigest()}]
    kinds = [(one["type"], one["amount"], one["due"], one["state"]) for one in result["outcomes"]]
    assert kinds == [
        ("reward", "100.00", None, "due"),
        ("deduct", "100.00", None, "due"),
        ("rectification", None, "2026-12-14", "due"),
        ("rectification", None, "2026-12-14", "due"),
    ]


def test_the_dropped_bytes_are_archived_and_the_inbox_is_emptied(place: Place) -> None:
    """The archive has the file byte for byte; a receipt of two lines lies where it lay."""
    content = workbook()
    place.take(content, "十一月.xlsx")

    archived = place.workspace.archive / f"{hashlib.sha256(content).hexdigest()}.xlsx"
    assert archived.read_bytes() == content
    assert [path.name for path in place.workspace.inbox.iterdir()] == ["十一月.xlsx.回执.txt"]
    receipt = (place.workspace.inbox / "十一月.xlsx.回执.txt").read_text("utf-8-sig")
    assert len(receipt.splitlines()) == 2
    assert "已受理" in receipt


@pytest.mark.skipif(os.name != "posix", reason="Windows keeps rights in access lists, not in modes")
def test_the_state_is_for_its_owner_alone(place: Place) -> None:
    """Scores are personal: folders 0700, files 0600."""
    place.take(workbook())

    state = place.workspace.state
    assert state.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o077 for path in place.workspace.archive.iterdir()} == {0}
    assert (state / "ledger.db").stat().st_mode & 0o077 == 0


FAULTS = {
    ("考核数据", "KF002", "付款人数"): "延迟统计",
    ("考核数据", "KF003", "平均响应时间"): 0.4,
    ("考核数据", "KF004", "有责投诉数"): None,
    ("考核数据", "KF005", "有效订单数"): 99999,
    ("店长评分", "KF002", "报表数据真实性"): 9,
}


def test_a_faulty_workbook_comes_back_with_everything_that_is_wrong_at_once(place: Place) -> None:
    """A text, a value out of range, a blank, a broken relation and a mark too high: five findings, five cells."""
    report = place.take(workbook(cells=FAULTS), "十一月.xlsx")

    assert report.status is Status.RETURNED
    assert [one.code for one in report.findings if one.is_error] == [
        "cell.not_a_number",
        "cell.out_of_range",
        "cell.missing",
        "row.check",
        "cell.too_many_points",
    ]
    assert all(one.sheet and one.cell for one in report.findings if one.is_error)
    assert set(place.files("旗舰店/退回")) == {f"十一月_退回{end}" for end in (".xlsx", ".html", ".json")}
    assert not (place.workspace.outbox / FOLDER).exists()


def test_a_returned_workbook_put_right_is_accepted_and_clears_the_returned_files(place: Place) -> None:
    """The manager corrects the returned file itself; its marks do not matter."""
    report = place.take(workbook(cells={("考核数据", "KF004", "有责投诉数"): None}), "十一月.xlsx")
    (finding,) = [one for one in report.findings if one.is_error]
    book = opened(place.files("旗舰店/退回")["十一月_退回.xlsx"])
    book[finding.sheet][finding.cell].value = 0
    out = BytesIO()
    book.save(out)

    again = place.take(out.getvalue(), "十一月_退回.xlsx")

    assert again.status is Status.ACCEPTED, again.findings
    assert place.files("旗舰店/退回") == {}


def test_hrs_page_is_there_from_the_first_file_that_goes_back(place: Place) -> None:
    """Before anything is taken there is already something to look after."""
    place.hr = True
    report = place.take(workbook(cells={("考核数据", "KF002", "付款人数"): "延迟统计"}))
    assert report.status is Status.RETURNED

    assert "已退回" in place.files("人事")["index.html"].decode()


def test_the_same_bytes_again_change_nothing(place: Place) -> None:
    """unchanged, no new file, no changed file; HR's page says the new day."""
    place.hr = True
    content = workbook()
    place.take(content)
    before = place.files("")

    report = place.take(content, "又一次.xlsx", date(2026, 12, 9))

    assert (report.status, report.revision) == (Status.UNCHANGED, 1)
    after = place.files("")
    assert after.keys() == before.keys()
    assert {name for name in after if after[name] != before[name]} == {"人事/index.html"}


def test_the_same_bytes_under_two_names_in_one_pass_count_once(place: Place) -> None:
    """The first is accepted, the second is unchanged."""
    content = workbook()
    place.drop("一.xlsx", content)
    place.drop("二.xlsx", content)

    report = place.run()

    assert sorted(one.status for one in report.files) == [Status.ACCEPTED, Status.UNCHANGED]


def saved_again(content: bytes) -> bytes:
    """Other bytes that say the same, as a program leaves them that saved without a change."""
    book = opened(content)
    book["考核数据"].column_dimensions["A"].width = 21
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def test_the_same_content_saved_again_changes_nothing(place: Place) -> None:
    """unchanged, before the notice is issued and after; the newer bytes lie in the archive."""
    content = workbook()
    place.take(content)
    again = saved_again(content)
    assert again != content

    report = place.take(again)

    assert (report.status, report.revision) == (Status.UNCHANGED, 1)
    assert (place.workspace.archive / f"{hashlib.sha256(again).hexdigest()}.xlsx").exists()
    place.act(Act(ActKind.ISSUE, Period(2026, 11), "旗舰店", DECEMBER_7, "人事", "审阅完毕"))
    assert place.take(again).status is Status.UNCHANGED


def test_two_files_that_differ_in_bytes_alone_count_once(place: Place) -> None:
    """The first is accepted, the second is unchanged; nobody need choose."""
    content = workbook()
    place.drop("一.xlsx", content)
    place.drop("二.xlsx", saved_again(content))

    report = place.run()

    assert sorted(one.status for one in report.files) == [Status.ACCEPTED, Status.UNCHANGED]


def test_two_different_files_for_one_month_in_one_pass_both_come_back(place: Place) -> None:
    """Nobody can know which is meant."""
    place.drop("一.xlsx", workbook())
    place.drop("二.xlsx", workbook(cells={("考核数据", "KF001", "付款人数"): 431}))

    report = place.run()

    assert [one.status for one in report.files] == [Status.RETURNED, Status.RETURNED]
    assert {one.code for file in report.files for one in file.findings if one.is_error} == {
        "submission.two_for_one_period"
    }


def test_other_bytes_before_the_notice_is_issued_are_the_next_revision(place: Place) -> None:
    """The former set lies whole in 历史版次, byte for byte."""
    place.take(workbook())
    first = place.files(FOLDER)

    report = place.take(workbook(cells={("考核数据", "KF001", "付款人数"): 440}))

    assert report.revision == 2
    former = place.files(f"{FOLDER}/历史版次/第1版")
    assert former == first
    assert place.result()["revision"] == 2


def test_bytes_of_a_superseded_revision_come_back(place: Place) -> None:
    """Going back to old figures must be said, not slipped in."""
    first = workbook()
    place.take(first)
    place.take(workbook(cells={("考核数据", "KF001", "付款人数"): 440}))

    report = place.take(first)

    assert report.status is Status.RETURNED
    assert [one.code for one in report.findings if one.is_error] == ["submission.duplicate"]


def test_a_notice_that_hr_edited_is_never_overwritten_or_moved(place: Place) -> None:
    """The new notice is written beside it, with its revision in the name."""
    place.take(workbook())
    notice = place.workspace.outbox / FOLDER / "旗舰店_2026-11_考核通报.docx"
    notice.write_bytes(b"edited by HR")

    place.take(workbook(cells={("考核数据", "KF001", "付款人数"): 440}))

    assert notice.read_bytes() == b"edited by HR"
    beside = notice.with_name("旗舰店_2026-11_考核通报_第2版.docx")
    assert zipfile.is_zipfile(beside)


def test_two_runs_give_identical_bytes(tmp_path: Path) -> None:
    """The same inputs, rules, templates and date, some seconds apart, in two workspaces."""
    one, two = Place(tmp_path / "a", hr=True), Place(tmp_path / "b", hr=True)
    one.drop("上报表.xlsx", workbook())
    two.drop("上报表.xlsx", workbook())
    one.run(executor=None)
    time.sleep(2.1)  # zip files and documents carry times of two seconds' grain
    two.run(executor=None)

    assert one.files("") == two.files("")


def test_a_workbook_for_another_group_in_a_groups_folder_comes_back(place: Place) -> None:
    """inbox/<组>/ is that group's authority."""
    report = place.take(workbook(), "专卖店/十一月.xlsx")

    assert report.status is Status.RETURNED
    assert "group.wrong_folder" in {one.code for one in report.findings}


def test_names_that_look_like_code_come_out_literally_everywhere(place: Place) -> None:
    """`A&B <1>`, `{{7*7}}`, `=1+1` are people's names here, in every paper."""
    names = {"KF001": "A&B <1>", "KF002": "{{7*7}}", "KF003": "=1+1", "KF004": "</w:t>x"}
    cells = {
        (sheet, staff, "姓名"): name
        for staff, name in names.items()
        for sheet in ("考核数据", "自评", "店长评分")
    }
    report = place.take(workbook(cells=cells))

    assert report.status is Status.ACCEPTED, report.findings
    assert {one["name"] for one in place.result()["staff"]} >= set(names.values())
    page = place.files(FOLDER)["旗舰店_2026-11_考核通报.html"].decode()
    assert "A&amp;B &lt;1&gt;" in page
    assert "{{7*7}}" in page
    with zipfile.ZipFile(BytesIO(place.files(FOLDER)["旗舰店_2026-11_考核结果.xlsx"])) as book:
        sheets = b"".join(book.read(name) for name in book.namelist() if "worksheets/sheet" in name)
    assert b"<f>1+1</f>" not in sheets


def test_a_group_of_three_is_ranked_but_nothing_follows(place: Place) -> None:
    """Under four ranked people the scheme's outcomes do not apply."""
    place.take(workbook(staff=3, cells=scores([1, 2, 3], staff=3)))

    result = place.result()
    assert [one["rank"] for one in result["staff"]] == [1, 2, 3]
    assert result["outcomes"] == []


def test_json_of_a_report_has_the_contracts_keys(place: Place) -> None:
    """One object per file for programs."""
    report = place.take(workbook(cells=FAULTS), "十一月.xlsx")

    told = json.loads(json.dumps(report.as_json(), ensure_ascii=False))

    assert list(told) == ["file", "status", "group", "period", "revision", "findings", "outputs"]
    assert told["status"] == "returned"
    assert set(told["findings"][0]) == {"code", "severity", "sheet", "cell", "message"}


def test_a_file_that_is_still_arriving_waits_for_the_next_pass(place: Place) -> None:
    """Half a zip is left alone, and it is told at once that it looks broken off, for programs too."""
    content = workbook()
    path = place.drop("十一月.xlsx", content[: len(content) // 2])

    report = place.run()

    assert report.files == []
    [waiting] = report.waiting
    told = waiting.as_json()
    assert (told["file"], told["status"]) == ("十一月.xlsx", "settling")
    assert [one.code for one in waiting.findings] == ["file.looks_incomplete"]
    assert re.search("看起来没有复制完整，等到 [0-9]{2}:[0-9]{2}。", waiting.findings[0].message)
    assert report.exit_code == 0
    assert path.exists()


def test_unwritable_results_leave_the_input_where_it_is(place: Place) -> None:
    """A folder where a paper should go stands for anything that the outbox refuses."""
    obstacle = place.workspace.outbox / FOLDER / "旗舰店_2026-11_考核结果.xlsx"
    obstacle.mkdir(parents=True)
    place.drop("十一月.xlsx", workbook())

    (failed,) = place.run().files
    obstacle.rmdir()
    (report,) = place.run().files

    assert failed.status is Status.FAILED
    assert [one.code for one in failed.findings if one.is_error] == ["submission.not_placed"]
    assert report.status is Status.ACCEPTED


def test_a_month_that_cannot_be_placed_costs_the_others_nothing(place: Place) -> None:
    """Months are placed together; the one in whose way something stands waits alone."""
    obstacle = place.workspace.outbox / FOLDER / "旗舰店_2026-11_考核结果.xlsx"
    obstacle.mkdir(parents=True)
    place.drop("十月.xlsx", workbook(period=Period(2026, 10)))
    place.drop("十一月.xlsx", workbook())
    place.drop("专营店.xlsx", workbook(group="专营店"))

    reports = {one.file: one.status for one in place.run().files}
    obstacle.rmdir()
    (report,) = place.run().files

    assert reports == {
        "十月.xlsx": Status.ACCEPTED,
        "十一月.xlsx": Status.FAILED,
        "专营店.xlsx": Status.ACCEPTED,
    }
    assert (report.file, report.status) == ("十一月.xlsx", Status.ACCEPTED)


def test_months_need_no_roster_and_no_settings(tmp_path: Path) -> None:
    """An empty folder is a workspace; missing names print as 【…】."""
    place = Place(tmp_path)
    place.take(workbook())

    assert "【公司名称】" in place.files(FOLDER)["旗舰店_2026-11_考核通报.html"].decode()
    assert DECEMBER_7.isoformat() == place.result()["issued"]


def test_what_came_back_of_another_month_stays_when_a_month_is_accepted(place: Place) -> None:
    """October is still to be put right; November's acceptance is no reason to take its papers away."""
    october = workbook(period=Period(2026, 10), cells={("考核数据", "KF004", "有责投诉数"): None})
    place.drop("十月.xlsx", october)
    place.drop("十一月.xlsx", workbook())

    place.run()

    assert set(place.files("旗舰店/退回")) == {f"十月_退回{end}" for end in (".xlsx", ".html", ".json")}
    place.take(workbook(period=Period(2026, 10)), "十月.xlsx")
    assert place.files("旗舰店/退回") == {}


def test_two_faulty_files_of_one_name_do_not_take_each_others_place(place: Place) -> None:
    """Managers with folders of their own call their files alike; each finds the papers of theirs."""
    faulty = {("考核数据", "KF004", "有责投诉数"): None}
    place.drop("旗舰店/上报表.xlsx", workbook(cells=faulty))
    place.drop("上报表.xlsx", workbook(cells=faulty, staff=5))
    place.drop("专卖店/上报表.xlsx", b"%PDF-1.7")

    report = place.run()

    outputs = [one.outputs for one in report.files]
    assert len({path for paths in outputs for path in paths}) == 3 + 3 + 2
    assert all((place.root / path).is_file() for paths in outputs for path in paths)
    assert set(place.files("专卖店/退回")) == {"上报表_退回.html", "上报表_退回.json"}
    again = place.take(
        workbook(cells={**faulty, ("考核数据", "KF003", "付款人数"): None}), "上报表_退回.xlsx"
    )
    assert [path for path in again.outputs if path.endswith(".html")] == [
        "outbox/旗舰店/退回/上报表_退回.html"
    ]
