"""申诉: the form comes with the slip, is entered when it comes back, answered by HR, and followed by what was decided."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from openpyxl.styles import Font

from appraisal.hr.facts import PeriodFacts
from appraisal.hr.letters import appeal_answer
from appraisal.hr.person import months_recorded, past_of, person_meant, personal_record
from appraisal.hr.personal_workbook import personal_workbook
from appraisal.hr.status import status_of
from appraisal.intake.hr_acts import Act
from appraisal.intake.plans_and_appeals import AppealReading, read_appeal
from appraisal.ledger.errors import ActRefused
from appraisal.ledger.records import Appeal, AppealState
from appraisal.pipeline.reports import Status
from appraisal.publish.forms.personal import appeal_workbook
from appraisal.scheme.forms import personal
from appraisal.scheme.forms.hr_acts import ActKind, AppealDecision
from appraisal.scheme.forms.submission import META
from appraisal.validation.other_forms import AppealOnRecord, Surroundings, check_appeal
from appraisal.workspace.settings import Settings
from tests.builders.months import month
from tests.builders.other_forms import APPEALED, DECIDE, filled_acts, filled_appeal, filled_register, raw_of
from tests.builders.submissions import NOVEMBER, staff_name
from tests.builders.workbooks import label_cell, opened, saved
from tests.builders.workspaces import Place, scores, workbook
from tests.hr.hr_shop import table
from tests.publish.documents import word_lines

GROUP, FOLDER = "旗舰店", "旗舰店/2026-11"
FORM = f"申诉/KF002_{staff_name(2)}_申诉表.xlsx"
FILED, LETTER = FORM.replace(".xlsx", "_已提交.xlsx"), FORM.replace("申诉表.xlsx", "申诉答复书.docx")
ISSUED, LAST_DAY, AFTER = date(2026, 12, 8), date(2026, 12, 11), date(2026, 12, 14)
ISSUE = Act(ActKind.ISSUE, NOVEMBER, GROUP, ISSUED, "李经理", "定稿")
ANSWER = DECIDE | {
    "事项": "申诉决定",
    "工号": "KF002",
    "裁定事项": None,
    "裁定结果": "更正",
    "日期": date(2026, 12, 15),
    "原因": "查工单 GZ1107，故障两小时属实",
}


def status(place: Place, today: date) -> str:
    with place.ledger() as ledger, ledger.reading() as books:
        facts = PeriodFacts(books, NOVEMBER, today, place.setup.roster, place.setup.settings)
        return "\n".join(status_of(facts).in_words())


def register(place: Place) -> dict[str, object]:
    (row,) = table(place.files("人事/2026-11")["申诉登记.xlsx"])
    return row


def test_from_the_form_to_the_correction(tmp_path: Path) -> None:
    """What lacked a signature counts by the day on which it first came; who is right gets a corrected notice."""
    place = Place(tmp_path, hr=True)
    place.take(workbook(cells=scores([1, 2, 3, 4, 5, 6])))
    assert FORM not in place.files(FOLDER), "a draft is nothing to object to"
    place.act(ISSUE)
    form = place.files(FOLDER)[FORM]

    unsigned = place.take(filled_appeal(form, None), "我的申诉.xlsx", LAST_DAY)
    assert unsigned.status is Status.RETURNED
    assert [one.code for one in unsigned.findings] == ["cell.missing"]

    content = filled_appeal(form, staff_name(2))
    taken = place.take(content, "我的申诉.xlsx", AFTER)
    assert (taken.status, taken.findings) == (Status.ACCEPTED, ())
    assert "2026年12月21日（星期一）前书面答复" in taken.receipt()
    files = place.files(FOLDER)
    assert files[FILED] == content
    assert FORM not in files
    assert place.take(content, "再放一次.xlsx", AFTER).status is Status.UNCHANGED
    assert "申诉：1份，待答复1份" in status(place, AFTER)
    assert "待答复，逾期1天" in status(place, date(2026, 12, 22))
    row = register(place)
    assert str(row["申诉事项和理由"]).endswith(f"，认为应为38秒；{APPEALED[personal.GROUNDS]}")
    assert (row["收到日期"].date(), row["情况"]) == (LAST_DAY, "待答复")

    (place.root / "inbox" / "人事").mkdir()
    done = place.take(filled_acts(ANSWER), "人事/办理单.xlsx", date(2026, 12, 15))
    assert done.status is Status.ACCEPTED, done.findings
    assert "请店长报来更正的上报表" in done.receipt()
    told = "\n".join(word_lines(place.files(FOLDER)[LETTER]))
    for said in (staff_name(2), "GZ1107", "故障两小时属实", "更正", "以随后下发的更正通报为准"):
        assert said in told
    assert register(place)["情况"] == "已决定更正，等更正报送或重算"
    assert "申诉：1份，等更正报送或重算1份。" in status(place, date(2026, 12, 15))
    the_answer_is_signed_for(place)

    quicker = scores([2, 1, 3, 4, 5, 6])
    labels = {"报送性质": "更正报送", "更正原因": "申诉查实"}
    place.take(workbook(cells=quicker, labels=labels), "更正.xlsx", date(2026, 12, 16))
    place.act(Act(ActKind.APPROVE_CORRECTION, NOVEMBER, GROUP, date(2026, 12, 17), "李经理", "申诉查实"))
    assert "已决定更正，见第2版" in status(place, date(2026, 12, 17))
    files = place.files(FOLDER)
    assert FORM in files, "the new result may be objected to"
    assert files[f"历史版次/第1版/{FILED}"] == content
    with place.ledger() as ledger, ledger.reading() as books:
        person = person_meant(books, None, "KF002")
        past = "\n".join(past_of(books, person).in_words())
        settings, months = place.setup.settings, months_recorded(books, person, since=None, until=None)
        record = personal_record(PeriodFacts(books, NOVEMBER, AFTER, None, settings), person, months)
    assert "申诉：2026-12-11收到，第1版，平均响应时间；已决定更正" in past
    (row,) = table(personal_workbook(record), "申诉")
    assert (row["情况"], row["复核情况"]) == ("已决定更正，见第2版", ANSWER["原因"])

    with pytest.raises(ActRefused, match="KF003 没有可以答复的申诉"):
        place.act(
            Act(
                ActKind.ANSWER,
                NOVEMBER,
                GROUP,
                AFTER,
                "李",
                "无",
                staff="KF003",
                answer=AppealDecision.MAINTAIN,
            )
        )


def the_answer_is_signed_for(place: Place) -> None:
    """It is expected by itself, in a list and a register of its own; the month's register goes on waiting."""
    files = place.files(FOLDER)
    assert "申诉答复书" in "\n".join(word_lines(files["签收/补充签收表.docx"]))
    assert f"申诉答复书未送：{staff_name(2)}" in unsigned(place)
    day = date(2026, 12, 15)
    entry = {"签收情况": "已签收", "送达日期": day, "签收日期": day}
    content = filled_register(files["签收/补充签收登记.xlsx"], {("KF002", "申诉答复书"): entry})
    assert place.take(content, "签收.xlsx", day).status is Status.ACCEPTED
    assert "申诉答复书" not in unsigned(place)
    registers = {name for name in place.files(FOLDER) if "签收登记" in name}
    assert registers == {"签收/签收登记.xlsx", "签收/补充签收登记_已登记.xlsx"}


def unsigned(place: Place) -> str:
    (row,) = table(place.files("人事/2026-11")["签收情况.xlsx"])
    return str(row["未签的人"])


# ------------------------------------------------------------------------------ the form by itself


@pytest.fixture(scope="module")
def form() -> bytes:
    """马梦瑶's (KF011), of revision 1."""
    return appeal_workbook(month(), "KF011")


def reading(content: bytes) -> AppealReading:
    return read_appeal(raw_of(content), roster=None)


def test_only_the_rows_that_were_written_in_are_objected_to(form: bytes) -> None:
    """With what the papers say of them; the total and what follows are items too, and what the person asks for."""
    rows = {"平均响应时间": APPEALED, "结果运用": {personal.GROUNDS: "并列，不是单独末位"}}
    read = reading(filled_appeal(form, "马梦瑶", rows=rows, request="重新核定"))
    assert (read.findings, read.revision, read.staff) == ((), 1, "KF011")
    assert [(one.item, one.shown, one.wanted) for one in read.items] == [
        ("平均响应时间", "42.1秒，得4分（标准分10分）", "38秒"),
        ("结果运用", "提成调整−100元；12月10日前交整改方案", ""),
    ]
    assert read.in_words["结果运用"].endswith("；并列，不是单独末位；希望：重新核定")


@pytest.mark.parametrize(
    ("signed", "rows", "codes"),
    [
        ("马梦瑶", {}, ["appeal.empty"]),
        ("马梦瑶", {"平均响应时间": {personal.WANTED: "38秒"}}, ["cell.missing"]),
        ("王店长", None, ["appeal.signed_by_other"]),
    ],
)
def test_what_an_appeal_lacks(form: bytes, signed: str, rows: dict | None, codes: list[str]) -> None:
    """Something to object to, grounds, and the person's own signature."""
    assert [one.code for one in reading(filled_appeal(form, signed, rows=rows)).findings] == codes


def test_a_row_that_is_struck_out_counts_and_is_told_once(form: bytes) -> None:
    """As on every other form."""
    book = opened(filled_appeal(form, "马梦瑶"))
    sheet = book[personal.APPEAL_SHEET]
    for cell in sheet[label_cell(sheet, "平均响应时间").row]:
        cell.font = Font(strike=True)
    read = reading(saved(book))
    assert [one.code for one in read.findings] == ["row.struck"]
    assert [one.item for one in read.items] == ["平均响应时间"]


def test_a_form_without_its_hidden_sheet_is_still_an_appeal(form: bytes) -> None:
    """It says by its labels whose it is, and against which revision."""
    book = opened(filled_appeal(form, "马梦瑶"))
    del book[META]
    read = reading(saved(book))
    assert (read.findings, read.group, read.period, read.staff) == ((), GROUP, NOVEMBER, "KF011")
    assert read.revision == 1


def test_an_answer_can_be_opened_whatever_was_typed() -> None:
    """A control character would make the whole Word file unreadable."""
    items = {"综合得分与名次": "故\x01障\n两小时"}
    appeal = Appeal(GROUP, NOVEMBER, "KF002", 1, LAST_DAY, AppealState.CORRECTED, LAST_DAY, "", items)
    act = Act(ActKind.ANSWER, NOVEMBER, GROUP, AFTER, "李", "属实", answer=AppealDecision.CORRECT)
    assert any("故␣障 两小时" in line for line in word_lines(appeal_answer(appeal, act, Settings())))


@pytest.mark.parametrize(
    ("record", "today", "codes"),
    [
        (AppealOnRecord(LAST_DAY, 1, 1), LAST_DAY, []),
        (AppealOnRecord(LAST_DAY, 1, 1), AFTER, ["appeal.late"]),
        (AppealOnRecord(LAST_DAY, 1, 1, came_on=LAST_DAY), AFTER, []),
        (AppealOnRecord(LAST_DAY, 1, 2), LAST_DAY, ["appeal.former_revision"]),
        (AppealOnRecord(LAST_DAY, 1, 1, LAST_DAY, LAST_DAY), LAST_DAY, ["appeal.replaces"]),
        (AppealOnRecord(LAST_DAY, 1, 1, LAST_DAY, LAST_DAY, AFTER), AFTER, ["appeal.answered_before"]),
        (AppealOnRecord(), LAST_DAY, ["appeal.not_issued"]),
        (AppealOnRecord(is_withdrawn=True), LAST_DAY, ["appeal.withdrawn"]),
    ],
)
def test_what_the_ledger_has_against_it(
    form: bytes, record: AppealOnRecord, today: date, codes: list[str]
) -> None:
    """What is late is taken, and told; what is answered or has no result to it is not."""
    read = reading(filled_appeal(form, "马梦瑶"))
    found = check_appeal(read, record, Surroundings(None, None, today))
    assert [one.code for one in found] == codes
