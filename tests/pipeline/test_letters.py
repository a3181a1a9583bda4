"""What HR decides or takes back leaves a letter: 决定书 for the person, 撤回通知 for the group."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from appraisal.intake.hr_acts import Act
from appraisal.ledger.errors import ActRefused
from appraisal.scheme.forms.hr_acts import ActKind, OutcomeDecision
from appraisal.scheme.forms.submission import CORRECTION, CORRECTION_REASON, SUBMISSION_KIND
from appraisal.scheme.model.outcome_rules import OutcomeType
from tests.builders.submissions import NOVEMBER
from tests.builders.workspaces import Place, scores, verified, workbook
from tests.libreoffice import as_pdf, page_count
from tests.publish.documents import word_lines

GROUP, FOLDER = "旗舰店", "旗舰店/2026-11"
TIED = {("考核数据", "KF006", "平均响应时间"): 45}
"""KF005 and KF006 share the last place."""


def act(kind: ActKind, day: int, reason: str = "", **more: object) -> Act:
    return Act(kind, NOVEMBER, GROUP, date(2026, 12, day), "李经理", reason, **more)  # type: ignore[arg-type]


ISSUE = act(ActKind.ISSUE, 8, document_number="绩〔2026〕11号")


def decide(staff: str, decision: OutcomeDecision, day: int = 10, reason: str = "店务会议研究") -> Act:
    return act(ActKind.DECIDE, day, reason, staff=staff, outcome=OutcomeType.DEDUCT, decision=decision)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    one = Place(tmp_path, 'company = "星河"\nappeals_to = "人事部刘女士"', hr=True)
    one.take(workbook(cells=scores([1, 2, 3, 4, 5, 6]) | TIED))
    return one


def letter(place: Place, name: str) -> str:
    return "\n".join(word_lines(place.files(FOLDER)[name]))


def letters(place: Place) -> list[str]:
    return sorted(name for name in place.files(FOLDER) if name.startswith("决定书/"))


def money(place: Place, staff: str) -> list[tuple[str, str, str]]:
    """状态, 金额 and 依据 of the person's lines in the monthly list."""
    content = place.files("人事/2026-11")["奖励与提成调整明细.csv"].decode("utf-8-sig")
    rows = csv.DictReader(io.StringIO(content))
    return [(row["状态"], row["金额"], row["依据"]) for row in rows if row["工号"] == staff]


APPLIED = "决定书/KF005_陈佳琪_提成调整_决定书.docx"


def test_who_is_decided_about_gets_a_letter_of_one_page(place: Place) -> None:
    place.act(ISSUE)
    done = place.act(decide("KF005", OutcomeDecision.APPLY))
    place.act(decide("KF006", OutcomeDecision.WAIVE))

    applied, waived = letters(place)
    assert f"outbox/{FOLDER}/{applied}" in done.outputs
    told = letter(place, applied)
    for said in (
        "2人并列综合排名最后一名，待研究确定",
        "执行",
        "提成减少100元",
        "2026年12月",
        "店务会议研究",
        "李经理",
        "人事部刘女士",
    ):
        assert said in told
    assert "不执行" in letter(place, waived)
    assert "不涉及（原为100元）" in letter(place, waived)
    assert page_count(as_pdf(place.files(FOLDER)[applied], ".docx")) == 1
    assert letter(place, "签收/补充签收表.docx").count("决定书") == 2, "both sign for theirs"


def test_the_list_of_money_says_what_was_decided_and_on_which_ground(place: Place) -> None:
    place.act(ISSUE)
    place.act(decide("KF005", OutcomeDecision.APPLY))
    place.act(decide("KF006", OutcomeDecision.WAIVE))
    tied = "2人并列综合排名最后一名"
    assert money(place, "KF005") == [
        ("执行", "-100.00", f"{tied}；裁定执行：店务会议研究（李经理，2026-12-10）")
    ]
    assert money(place, "KF006") == [
        ("不执行", "-100.00", f"{tied}；裁定不执行：店务会议研究（李经理，2026-12-10）")
    ]


def test_a_decision_before_the_issue_is_told_with_it(place: Place) -> None:
    place.act(decide("KF005", OutcomeDecision.APPLY, day=7))
    assert letters(place) == []
    place.act(ISSUE)
    assert letters(place) == [APPLIED]
    assert money(place, "KF005")[0][2].endswith("裁定执行：店务会议研究（李经理，2026-12-07）")


def test_a_second_decision_needs_a_reason_and_both_are_kept(place: Place) -> None:
    """What was taken is given back by a reversal of its own."""
    place.act(ISSUE)
    place.act(decide("KF005", OutcomeDecision.APPLY))
    with pytest.raises(ActRefused, match="已经这样裁定，不用再办"):
        place.act(decide("KF005", OutcomeDecision.APPLY))
    with pytest.raises(ActRefused, match="已于 2026-12-10 裁定执行；再次裁定要写明原因"):
        place.act(decide("KF005", OutcomeDecision.WAIVE, day=11, reason=""))
    place.act(decide("KF005", OutcomeDecision.WAIVE, day=11, reason="本人申诉成立"))

    second = APPLIED.replace("决定书.docx", "决定书_第2次.docx")
    assert letters(place) == [APPLIED, second]
    assert "2026-12-10：执行" in letter(place, second)
    assert "已记入的100元冲回" in letter(place, second)
    assert [(state, amount) for state, amount, _ in money(place, "KF005")] == [
        ("已撤销", "-100.00"),
        ("冲回", "100.00"),
    ]
    assert money(place, "KF005")[1][2] == "裁定不执行：本人申诉成立"


def test_a_month_that_was_told_is_withdrawn_with_a_notice(place: Place) -> None:
    place.act(ISSUE)
    place.act(act(ActKind.WITHDRAW, 12, "报错了月份"))
    told = letter(place, f"{GROUP}_2026-11_撤回通知.docx")
    for said in (
        "绩〔2026〕11号",
        "报错了月份",
        "已记入的1笔全部冲回，随2026年12月的工资办理",
        "不再要求提交",
    ):
        assert said in told


def test_a_draft_is_withdrawn_without_one(place: Place) -> None:
    place.act(act(ActKind.WITHDRAW, 12, "报错了月份"))
    assert not [name for name in place.files(FOLDER) if "撤回通知" in name]


def test_a_prompt_about_a_transfer_leaves_no_letter(place: Place) -> None:
    """That is for manager and HR alone."""
    place.act(ISSUE)
    with pytest.raises(ActRefused):
        place.act(replace(decide("KF005", OutcomeDecision.WAIVE), outcome=OutcomeType.CONSIDER_TRANSFER))
    assert letters(place) == []


# ------------------------------------------------------------------------ what the papers say after a decision

NOTICE = f"{GROUP}_2026-11_考核通报"


def notices(place: Place, folder: str = FOLDER, name: str = NOTICE) -> tuple[str, str]:
    """The Word file and the page."""
    papers = place.files(folder)
    return "\n".join(word_lines(papers[f"{name}.docx"])), papers[f"{name}.html"].decode()


def test_after_a_decision_the_papers_of_the_month_say_it(tmp_path: Path) -> None:
    """Notice, combined notice and slips; what people had read lies in 历史版次, and the money is taken once."""
    place = Place(tmp_path, 'company = "星河"', hr=True)
    place.take(workbook(cells=scores([1, 2, 3, 4, 5, 6]) | TIED))
    place.take(workbook(group="专卖店", cells=scores([1, 2, 3, 4, 5, 6])), "专卖店.xlsx")
    place.act(ISSUE)
    before, result = place.files(FOLDER), place.result()
    assert "综合排名末位并列，提成调整待研究确定" in notices(place)[0]

    done = place.act(decide("KF005", OutcomeDecision.APPLY))
    place.act(decide("KF006", OutcomeDecision.WAIVE))

    told = "综合排名末位并列，提成调整经研究决定（2026年12月10日），结果另行通知本人。"
    for said in (*notices(place), *notices(place, "人事/2026-11", "合并通报")):
        assert told in said
        assert "待研究确定" not in said
    assert "本通报已按2026年12月10日的研究决定更新，此前印发的以本件为准。" in notices(place)[0]
    papers = place.files(FOLDER)
    slips = {name.split("/")[1][:5]: papers[name].decode() for name in papers if name.startswith("绩效单/KF")}
    assert "经研究决定，当月提成减少100元" in slips["KF005"]
    assert "经研究决定，不作提成调整" in slips["KF006"]
    assert f"outbox/{FOLDER}/{NOTICE}.docx" in done.outputs
    assert papers[f"历史版次/第1版_第1次裁定前/{NOTICE}.docx"] == before[f"{NOTICE}.docx"]
    assert not [name for name in papers if name.startswith("历史版次") and "KF001" in name], (
        "only what changed"
    )
    assert place.result() == result, "result.json tells the month as at issue"
    assert [(state, amount) for state, amount, _ in money(place, "KF005")] == [("执行", "-100.00")]
    assert [one for one in verified(place) if not one.is_same] == []


def test_decisions_that_stand_are_told_by_a_correction_and_their_letters_made_again(place: Place) -> None:
    """The money stays as it was decided: the same people are tied for the same place."""
    place.act(ISSUE)
    place.act(decide("KF005", OutcomeDecision.APPLY))
    labels = {SUBMISSION_KIND: CORRECTION, CORRECTION_REASON: "响应时间导错"}
    place.take(workbook(cells=scores([2, 1, 3, 4, 5, 6]) | TIED, labels=labels), today=date(2026, 12, 11))
    place.act(act(ActKind.APPROVE_CORRECTION, 11))
    assert letters(place) == [APPLIED]
    assert "提成调整经研究决定（2026年12月10日），其余待研究确定" in notices(place)[1]
    assert [state for state, _, _ in money(place, "KF005")] == ["执行"]
    assert [one for one in verified(place) if not one.is_same] == []
