"""Issuing without a surprise: days that can be meant, one act for all groups, a wrong date put right."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from appraisal.cli.app import main
from appraisal.intake.hr_acts import Act
from appraisal.ledger.errors import ActRefused
from appraisal.ledger.records import GroupMonth
from appraisal.period import Period
from appraisal.pipeline.context import open_context
from appraisal.pipeline.hr_acts import PerformedAct, perform
from appraisal.pipeline.reports import FileReport, Status
from appraisal.scheme.forms.hr_acts import ACTS, ActKind, OutcomeDecision
from appraisal.scheme.model.outcome_rules import OutcomeType
from tests.builders.other_forms import ISSUE, acts_place, filled_acts
from tests.builders.submissions import NOVEMBER
from tests.builders.workspaces import DECEMBER_7, Place, scores, workbook

IN_ORDER = scores([1, 2, 3, 4, 5, 6])
DECEMBER_8, DECEMBER_9 = date(2026, 12, 8), date(2026, 12, 9)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """旗舰店 has handed in November."""
    place = Place(tmp_path)
    place.take(workbook(cells=IN_ORDER))
    return place


def act(kind: ActKind, on: date = DECEMBER_8, group: str | None = "旗舰店", **more: Any) -> Act:
    return Act(kind, NOVEMBER, group, on, "李经理", more.pop("reason", ""), **more)


def done(place: Place, asked: Act, today: date = DECEMBER_9) -> PerformedAct:
    with open_context(place.workspace, place.setup, today=today) as context:
        return perform(context, asked)


def refusal(place: Place, asked: Act, today: date = DECEMBER_9) -> str:
    with pytest.raises(ActRefused) as refused:
        done(place, asked, today)
    return str(refused.value)


def month(place: Place, group: str = "旗舰店") -> GroupMonth:
    with place.ledger() as ledger, ledger.reading() as transaction:
        found = transaction.months.get(group, NOVEMBER)
    assert found is not None
    return found


def paid(place: Place) -> dict[tuple[str, str], Decimal]:
    """What each month of payment moves for each person, where it is not 0."""
    with place.ledger() as ledger, ledger.reading() as transaction:
        lines = transaction.outcomes.lines_of_month("旗舰店", NOVEMBER)
    sums: dict[tuple[str, str], Decimal] = {}
    for line in lines:
        sums[str(line.paid_in), line.key.staff] = (
            sums.get((str(line.paid_in), line.key.staff), Decimal(0)) + line.amount
        )
    return {which: amount for which, amount in sums.items() if amount}


def sheet(place: Place, *rows: Mapping[str, Any], today: date = DECEMBER_9) -> FileReport:
    return place.take(filled_acts(*rows), "人事/办理.xlsx", today)


# ------------------------------------------------------------------------------- days that can be meant


@pytest.mark.parametrize(
    ("on", "why"),
    [
        (date(2026, 11, 30), "2026-11-30 才结束，2026-11-30 还不能下发"),
        (date(2026, 12, 6), "2026-12-07 才受理"),
        (date(2026, 12, 17), "超过5个工作日"),
    ],
)
def test_the_verb_and_the_sheet_refuse_the_same_days_and_both_can_be_told_to(
    place: Place, on: date, why: str
) -> None:
    row = {**ISSUE, "日期": on}

    assert why in refusal(place, act(ActKind.ISSUE, on))
    returned = sheet(place, row)
    assert returned.status is Status.RETURNED
    assert why in "".join(one.message for one in returned.findings)

    assert "要写明原因" in refusal(place, act(ActKind.ISSUE, on, is_forced=True))
    forced = sheet(place, {**row, "仍要办理": "是", "原因": "公司统一日期"})
    assert forced.status is Status.ACCEPTED, forced.findings
    assert month(place).issued_on == on


def test_a_working_week_ahead_is_near_enough(place: Place) -> None:
    """The notice bears the day on which it will hang out."""
    done(place, act(ActKind.ISSUE, date(2026, 12, 16)))
    assert month(place).issued_on == date(2026, 12, 16)


def test_a_wrong_date_is_put_right_and_the_money_goes_where_it_belongs(place: Place) -> None:
    done(place, act(ActKind.ISSUE, date(2027, 12, 8), is_forced=True, reason="手误", document_number="12号"))
    assert paid(place) == {("2027-12", "KF001"): Decimal(100), ("2027-12", "KF006"): Decimal(-100)}

    assert "还没有下发" not in refusal(place, act(ActKind.ISSUE, DECEMBER_9)), "a second 下发 tells the way"
    done(place, act(ActKind.REISSUE, DECEMBER_8, reason="年份写错"))

    assert (month(place).issued_on, month(place).document_number) == (DECEMBER_8, "12号")
    assert paid(place) == {("2026-12", "KF001"): Decimal(100), ("2026-12", "KF006"): Decimal(-100)}
    result = place.result()
    assert (result["revision"], result["issued"]) == (1, "2026-12-08")
    assert {one["due"] for one in result["outcomes"] if one["type"] == "rectification"} == {"2026-12-15"}
    folder = place.workspace.outbox / "旗舰店/2026-11"
    assert "2026年12月8日" in (folder / "旗舰店_2026-11_考核通报.html").read_text("utf-8")
    done(place, act(ActKind.WITHDRAW, DECEMBER_9, reason="报错组"))  # the wrong year orders nothing any more


def test_a_date_that_somebody_relies_on_stays(place: Place) -> None:
    """Money of a former month of payment, a closed month, a month that is not issued."""
    assert "还没有下发" in refusal(place, act(ActKind.REISSUE, reason="写错"))
    done(place, act(ActKind.ISSUE))
    january = date(2027, 1, 5)
    assert "已列入 2026-12 发放" in refusal(
        place, act(ActKind.REISSUE, january, reason="写错"), today=january
    )
    done(place, act(ActKind.CLOSE, DECEMBER_9))
    assert "已经关账" in refusal(place, act(ActKind.REISSUE, DECEMBER_9, reason="写错"))
    assert (month(place).state.value, month(place).is_issued) == ("closed", True)
    (on_the_sheet,) = (one.meaning for one in ACTS if one.kind is ActKind.REISSUE)
    ruled_out = ("更正", "重算", "裁定", "整改方案", "申诉", "已到下个发放月", "发放月已关账", "先重新开放")
    assert [one for one in ruled_out if one not in on_the_sheet] == []


# ------------------------------------------------------------------------------------ all groups at once


def test_every_group_is_issued_and_closed_by_one_row(tmp_path: Path) -> None:
    place = Place(tmp_path)
    for group in ("旗舰店", "专卖店"):
        place.drop(f"{group}.xlsx", workbook(group=group, cells=IN_ORDER))
    place.run()

    every = {**ISSUE, "考核组": "全部", "日期": DECEMBER_8, "原因": None}
    report = sheet(place, every, {**every, "事项": "关账", "文号": None})

    assert report.status is Status.ACCEPTED, report.findings
    states = [
        (month(place, group).state.value, month(place, group).is_issued) for group in ("旗舰店", "专卖店")
    ]
    assert states == [("closed", True)] * 2
    assert "下发：专卖店 2026-11，已办理" in report.note
    assert "下发：旗舰店 2026-11，已办理" in report.note
    assert "也在用" not in report.note, "one row for every group may bear one number"


def test_a_number_that_another_groups_notice_bears_is_told_and_not_refused(place: Place) -> None:
    place.take(workbook(group="专卖店", cells=IN_ORDER))
    done(place, act(ActKind.ISSUE, group="专卖店", document_number="12号"))
    told = done(place, act(ActKind.ISSUE, document_number="12号")).warnings
    assert ["文号“12号”，专卖店这个月的通报也在用，请核对" in one for one in told] == [True]
    assert month(place).document_number == "12号"
    assert done(place, act(ActKind.REISSUE, document_number="13号", reason="文号写错")).warnings == ()


def test_who_has_not_handed_in_is_neither_left_out_nor_shut_out_unnoticed(place: Place) -> None:
    """October's group 专卖店 owes November too."""
    place.take(workbook(group="专卖店", period=Period(2026, 10), cells=IN_ORDER), today=DECEMBER_7)

    for kind in (ActKind.ISSUE, ActKind.CLOSE):
        assert "还有专卖店没有报送" in refusal(place, act(kind, group=None))
    assert "还没有报送" not in done(place, act(ActKind.CLOSE)).in_words(), "its own group has handed in"
    done(place, act(ActKind.REOPEN, reason="再等"))
    done(place, act(ActKind.CLOSE, group=None, is_forced=True, reason="专卖店停业"))
    assert month(place).state.value == "closed"


def test_a_month_that_is_not_over_is_not_closed(place: Place) -> None:
    early = date(2026, 11, 30)
    assert "才结束" in refusal(place, act(ActKind.CLOSE, early), today=early)


# ----------------------------------------------------------------------------- what people may write


def test_all_mistakes_of_a_sheet_are_told_at_once(place: Place) -> None:
    """A cell that is missing, a day that cannot be meant, and what only the ledger knows."""
    rows = (
        {**ISSUE, "经办人": None, "日期": DECEMBER_8},
        {**ISSUE, "事项": "改下发日期", "日期": date(2027, 12, 8)},
        {**ISSUE, "考核组": "三店", "日期": DECEMBER_8},
        {**ISSUE, "考核组": "四店", "事项": "撤回", "日期": None, "文号": None, "原因": None},
    )
    report = sheet(place, *rows)
    assert report.status is Status.RETURNED
    assert {(one.code, f"{one.sheet}!{one.cell}") for one in report.findings} == {
        ("cell.missing", acts_place("经办人")),
        ("act.in_future", acts_place("日期", 1)),
        ("act.refused", acts_place("事项", 2)),
        ("cell.missing", acts_place("日期", 3)),
        ("cell.missing", acts_place("原因", 3)),
        ("act.refused", acts_place("事项", 3)),
    }


def test_what_is_undone_has_its_ground_by_command_as_on_the_sheet(place: Place) -> None:
    """It is printed on 撤回通知 and beside the money that is taken back; a first decision needs none."""
    done(place, act(ActKind.ISSUE))
    for kind in (ActKind.REISSUE, ActKind.WITHDRAW, ActKind.REOPEN, ActKind.RESCORE, ActKind.ANSWER):
        assert "要写明原因" in refusal(place, act(kind))
    undone = {**ISSUE, "日期": DECEMBER_9, "文号": None, "原因": None}
    report = sheet(place, *({**undone, "事项": one} for one in ("撤回", "重新开放")))
    assert [one.message for one in report.findings if one.is_error] == ["“原因”没有填写。"] * 2
    decision = {"事项": "裁定", "工号": "KF006", "裁定事项": "提成调整", "裁定结果": "执行"}
    report = sheet(place, {**undone, **decision})
    assert "原因" not in "".join(one.message for one in report.findings)


def test_a_person_is_known_by_a_name_that_nobody_else_has(tmp_path: Path) -> None:
    place = Place(tmp_path)
    cells = scores([1, 2, 3, 4, 5, 6]) | {
        ("考核数据", "KF006", "平均响应时间"): scores([5])["考核数据", "KF005", "平均响应时间"],
        ("考核数据", "KF005", "平均响应时间"): scores([5])["考核数据", "KF005", "平均响应时间"],
    }
    place.take(workbook(cells=cells))
    held = next(one for one in place.result()["outcomes"] if one["state"] == "hold")
    name = next(one["name"] for one in place.result()["staff"] if one["id"] == held["staff"])
    asked = act(
        ActKind.DECIDE,
        staff=name,
        outcome=OutcomeType(held["type"]),
        decision=OutcomeDecision.WAIVE,
        reason="并列",
    )
    done(place, asked)
    with place.ledger() as ledger, ledger.reading() as transaction:
        (kept,) = [one for one in transaction.acts.find(period=NOVEMBER) if one.kind is ActKind.DECIDE]
        assert kept.staff == held["staff"]


def test_the_verbs_know_the_words_of_the_sheet(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    """下发 is issue; what is dated beyond a working week from anything known is asked about."""
    place.hr = True
    place.run()
    where = ["--workspace", str(place.root)]
    assert main(["下发", "全部", "2026-11", "--date", "2027-12-08", *where]) == 2
    assert "超过5个工作日" in capsys.readouterr().err
    assert main(["下发", "旗建店", "2026-11", "--date", "2026-12-08", *where]) == 2
    assert "没有考核组“旗建店”" in (told := capsys.readouterr().err)
    assert "现有：旗舰店。" in told
    assert main(["下发", "全部", "2026-11", "--date", "2026-12-08", *where]) == 0
    assert main(["下发", "旗舰店", "2026-11", "--date", "2026-12-09", *where]) == 2
    assert "改下发日期" in capsys.readouterr().err
    again = ["issue", "旗舰店", "2026-11", "--again", "--date", "2026-12-09", *where]
    assert main(again) == 2
    assert "原因" in capsys.readouterr().err
    assert main([*again, "--reason", "写错"]) == 0
    assert main(["关账", "2026-11", "--date", "2026-12-09", *where]) == 0
    assert main(["status", "2026-11", "--date", "2026-12-09", *where]) == 0
    assert "已关账（已下发）" in capsys.readouterr().out
