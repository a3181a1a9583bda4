"""What HR wrote into the notice before it was issued stands in everything that is made of it afterwards."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import docx
import pytest

from appraisal.intake.hr_acts import Act
from appraisal.pipeline.hr_acts import PerformedAct
from appraisal.publish.notice.words import changed_words, read_notice
from appraisal.scheme.forms.hr_acts import ActKind, OutcomeDecision
from appraisal.scheme.forms.submission import CORRECTION, CORRECTION_REASON, SUBMISSION_KIND
from appraisal.scheme.model.outcome_rules import OutcomeType
from tests.builders.submissions import NOVEMBER
from tests.builders.workspaces import DECEMBER_7, Place, scores, verified, workbook
from tests.libreoffice import saved_as_word
from tests.publish.documents import edited, word_lines

FOLDER = "旗舰店/2026-11"
NOTICE = f"{FOLDER}/旗舰店_2026-11_考核通报"
IN_ORDER, OTHERS = scores([1, 2, 3, 4, 5, 6]), scores([2, 1, 3, 4, 5, 6])
SETTINGS = 'document_number = "绩通〔{年}〕{月}号"\n'

TITLE = "关于十一月客服之星的通报"
CAUSE = ("大促期间新人多，流程不熟。", "十二月起每周带教一次。")
PRAISE = "员工一连续三个月响应最快。"


@pytest.fixture
def place(tmp_path: Path) -> Place:
    place = Place(tmp_path, settings=SETTINGS, hr=True)
    place.take(workbook(cells=IN_ORDER))
    return place


def hr_writes(place: Place, path: str = f"{NOTICE}.docx") -> None:
    """As in Word: types over what stands there, and presses Enter in the middle of the cause."""
    file = place.workspace.outbox / path
    document = docx.Document(io.BytesIO(file.read_bytes()))
    for paragraph in document.paragraphs:
        if paragraph.text.startswith("关于2026年11月"):
            paragraph.runs[0].text = TITLE
        elif paragraph.text.startswith("原因："):
            paragraph.runs[0].text = f"原因：{CAUSE[0]}"
            paragraph._p.addnext(docx.Document().add_paragraph(CAUSE[1])._p)
        elif paragraph.text.startswith("【可在这里表扬"):
            paragraph.runs[0].text = PRAISE
        elif paragraph.text.startswith("绩通"):
            paragraph.runs[0].text = "人事〔2026〕88号"
        elif paragraph.text.startswith("抄送："):
            paragraph.runs[0].text = "抄送：总经理、财务。"
    document.save(str(file))


def issue(place: Place) -> PerformedAct:
    return place.act(Act(ActKind.ISSUE, NOVEMBER, "旗舰店", DECEMBER_7, "李经理", ""))


def lines(place: Place, path: str) -> list[str]:
    return word_lines((place.workspace.outbox / path).read_bytes())


def page(place: Place, path: str) -> str:
    return (place.workspace.outbox / path).read_text("utf-8")


STAYS = (
    f"您改过的 outbox/{NOTICE}.docx 原样留着，不再是最新的；"
    "最新的是旁边名称带版次的那一份，末尾写“已下发”的是正式下发的。"
)
WRITTEN = [TITLE, f"原因：{CAUSE[0]}", CAUSE[1], PRAISE, "人事〔2026〕88号", "抄送：总经理、财务。"]


def test_what_hr_wrote_is_issued_and_the_draft_stays_as_hr_left_it(place: Place) -> None:
    hr_writes(place)
    hers = (place.workspace.outbox / f"{NOTICE}.docx").read_bytes()

    done = issue(place)

    assert (place.workspace.outbox / f"{NOTICE}.docx").read_bytes() == hers
    told = lines(place, f"{NOTICE}_第1版_已下发.docx")
    assert [one for one in WRITTEN if one not in told] == []
    assert not any("请人事补充" in one or "可在这里表扬" in one for one in told)
    shown = page(place, f"{NOTICE}.html")
    assert [one for one in WRITTEN if one not in shown] == []
    (said,) = done.warnings
    assert said == f"{STAYS}里面写的文号、标题、表扬、原因、抄送已带入新的通报。"
    with place.ledger() as ledger, ledger.reading() as transaction:
        month = transaction.months.get("旗舰店", NOVEMBER)
        assert month is not None
        assert month.document_number == "人事〔2026〕88号"


def test_a_later_edition_and_the_combined_notice_say_it_too(place: Place) -> None:
    place.take(workbook(group="专卖店", cells=OTHERS), "专卖店.xlsx")
    hr_writes(place)
    issue(place)
    combined = page(place, "人事/2026-11/合并通报.html")
    assert [one for one in (*CAUSE, PRAISE, TITLE, "人事〔2026〕88号", "总经理") if one not in combined] == []

    labels = {SUBMISSION_KIND: CORRECTION, CORRECTION_REASON: "响应时间导错"}
    place.take(workbook(cells=OTHERS, labels=labels), "更正.xlsx")
    place.act(
        Act(ActKind.APPROVE_CORRECTION, NOVEMBER, "旗舰店", DECEMBER_7, "李经理", "", "人事〔2026〕99号")
    )

    told = lines(place, f"{NOTICE}_第2版_已下发.docx")
    assert f"{TITLE}（更正）" in told
    assert f"原因：{CAUSE[0]}" in told
    assert "人事〔2026〕99号" in told
    assert "抄送：总经理、财务。" in told


def test_a_workbook_handed_in_again_loses_nothing_that_hr_wrote(place: Place) -> None:
    hr_writes(place)
    report = place.take(workbook(cells=OTHERS), "重报.xlsx")
    assert "已带入新的通报" in report.note
    told = lines(place, f"{NOTICE}_第2版.docx")
    assert f"原因：{CAUSE[0]}" in told
    issue(place)
    shown = page(place, f"{NOTICE}.html")
    assert [one for one in WRITTEN if one not in shown] == []


def test_what_hr_changed_elsewhere_is_said_loudly(place: Place) -> None:
    file = place.workspace.outbox / f"{NOTICE}.docx"
    file.write_bytes(edited(file.read_bytes(), "申诉期间不影响整改", "申诉期间整改照常"))
    (said,) = issue(place).warnings
    assert said == f"{STAYS}请注意：别处的改动没有带入，要保留的请抄到新的通报里。"
    assert any("申诉期间整改照常" in line for line in lines(place, f"{NOTICE}.docx"))
    assert not any("申诉期间整改照常" in line for line in lines(place, f"{NOTICE}_第1版_已下发.docx"))


def test_a_file_that_is_no_notice_any_more_stops_nothing(place: Place) -> None:
    (place.workspace.outbox / f"{NOTICE}.docx").write_bytes(b"PK broken")
    (said,) = issue(place).warnings
    assert "读不出来" in said


def test_a_notice_that_nobody_edited_says_nothing(place: Place) -> None:
    done = issue(place)
    assert done.warnings == ()
    told = lines(place, f"{NOTICE}.docx")
    assert not any("请人事补充" in one or one.startswith("原因") for one in told), (
        "an issued notice has no gaps"
    )
    assert not any("可在这里表扬" in one for one in told)


@pytest.mark.libreoffice
def test_the_places_survive_libreoffice(place: Place) -> None:
    """Saved by it, nothing counts as changed; what is typed there is found."""
    file = place.workspace.outbox / f"{NOTICE}.docx"
    ours = file.read_bytes()
    saved = saved_as_word(ours)
    before, after = read_notice(ours), read_notice(saved)
    assert before is not None
    assert after is not None
    assert (after.words, after.other_text) == (before.words, before.other_text)
    assert set(before.words) == {"文号", "标题", "表扬", "原因", "抄送"}
    typed = edited(saved, "【请人事补充】", CAUSE[0])
    found = read_notice(typed)
    assert found is not None
    assert changed_words(found.words, before.words) == {"原因": (CAUSE[0],)}
    assert changed_words(before.words, {}).keys() == {"文号", "标题", "抄送"}, "what is asked for is not hers"


def test_a_notice_is_read_within_bounds() -> None:
    """A zip that is none, a part that is none, a bomb."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/document.xml", b" " * (65 << 20))
    assert [read_notice(content) for content in (b"", b"PK", packed.getvalue())] == [None] * 3


def test_a_decision_is_told_beside_the_notice_that_hr_has_edited(tmp_path: Path) -> None:
    """After the issue too: her file stays, and what she wrote into it is carried on."""
    place = Place(tmp_path, settings=SETTINGS, hr=True)
    place.take(workbook(cells=IN_ORDER | {("考核数据", "KF006", "平均响应时间"): 45}))
    issue(place)
    hr_writes(place)
    hers = (place.workspace.outbox / f"{NOTICE}.docx").read_bytes()
    decision = Act(
        ActKind.DECIDE, NOVEMBER, "旗舰店", DECEMBER_7, "李经理", "研究",
        staff="KF005", outcome=OutcomeType.DEDUCT, decision=OutcomeDecision.APPLY,
    )  # fmt: skip
    done = place.act(decision)
    assert (place.workspace.outbox / f"{NOTICE}.docx").read_bytes() == hers
    told = lines(place, f"{NOTICE}_第1版_已下发.docx")
    assert [one for one in (TITLE, "抄送：总经理、财务。") if one not in told] == []
    assert any("提成调整经研究决定（2026年12月7日）" in one for one in told)
    assert any("已带入新的通报" in one for one in done.warnings)
    assert not [one for one in verified(place) if not one.is_same and one.revision]

    issued = (place.workspace.outbox / f"{NOTICE}_第1版_已下发.docx").read_bytes()
    place.act(replace(decision, on=date(2026, 12, 8), reason="复议", decision=OutcomeDecision.WAIVE))
    papers = place.files(FOLDER)
    name = f"{NOTICE.rpartition('/')[2]}_第1版_已下发.docx"
    assert papers[f"历史版次/第1版_第2次裁定前/{name}"] == issued, "what hung out is kept"
    assert papers[name] != issued
